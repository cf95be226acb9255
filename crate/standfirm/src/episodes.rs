//! The bundled episode table.

use mlogit::Table;

use crate::Result;

/// The table as the data tool wrote it, compiled into the program.
const EPISODES: &[u8] = include_bytes!("../../../data/episodes.csv");

/// The 861 threats of sanctions, one row each; [`crate::variables`] says what the columns mean.
///
/// # Errors
/// As [`crate::csv::read`]; none for the table this was built with.
pub fn episodes() -> Result<Table> {
    crate::csv::read(EPISODES)
}
