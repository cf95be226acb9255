//! Everything the page shows, in one value.

use serde::Serialize;

use crate::Result;
use crate::figure::{self, Figure};
use crate::replicate::{Replication, replicate, reports};
use crate::table::{self, CoefficientTable};

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Article {
    /// The main result in one sentence.
    pub headline: String,
    /// The study's models by key.
    pub models: Replication,
    /// The figures, by number.
    pub figures: Vec<Figure>,
    /// The tables, by number.
    pub tables: Vec<CoefficientTable>,
}

/// Fits the study's models and makes everything the page shows of them.
///
/// # Errors
/// As [`replicate`].
pub fn article() -> Result<Article> {
    let fitted = replicate()?;
    Ok(Article {
        headline: figure::two::headline(&fitted)?,
        models: reports(&fitted),
        figures: vec![figure::two::figure(&fitted)?],
        tables: vec![table::coefficients(1, &fitted)],
    })
}
