//! Material capabilities, from COW.

use std::collections::HashMap;
use std::path::Path;

use super::codes::{Coding, code_in};
use super::table::Table;
use super::{Code, Error, Year};

const FILE: &str = "cow_nmc.csv";

/// CINC, the share of the world's material capabilities, by country-year.
pub(super) struct Capabilities(HashMap<(Code, Year), Option<f64>>);

impl Capabilities {
    pub(super) fn read(dir: &Path) -> Result<Self, Error> {
        Self::from_table(Table::csv(dir, FILE)?)
    }

    fn from_table(table: Table) -> Result<Self, Error> {
        let mut cinc = HashMap::new();
        for row in table.select(["ccode", "year", "cinc"])? {
            let row = row?;
            let [code, year, value] = row.cells();
            year.insert(&mut cinc, (code.key()?, year.key()?), value.number()?)?;
        }
        Ok(Self(cinc))
    }

    /// The sender's capabilities over the target's; unknown where either has none.
    pub(super) fn ratio(&self, sender: Code, target: Code, year: Year) -> Option<f64> {
        let cinc = |code| *self.0.get(&(code_in(Coding::Cow, code, year), year))?;
        let (sender, target): (f64, f64) = (cinc(sender)?, cinc(target)?);
        (sender > 0.0 && target > 0.0).then(|| sender / target)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_says, table};
    use super::*;

    #[test]
    fn ratio_needs_both_states() {
        let capabilities = Capabilities::from_table(table(
            FILE,
            "ccode,year,cinc\n2,1990,0.3\n40,1990,0.1\n31,1990,0\n20,1990,\n",
        ))
        .unwrap();
        assert_eq!(capabilities.ratio(2, 40, 1990), Some(0.3 / 0.1));
        assert_eq!(capabilities.ratio(2, 20, 1990), None);
        assert_eq!(capabilities.ratio(2, 40, 1991), None);
        assert_eq!(capabilities.ratio(2, 31, 1990), None, "no ratio to nothing");
        assert_eq!(capabilities.ratio(31, 2, 1990), None, "nor of nothing");
    }

    #[test]
    fn a_country_year_occurs_once() {
        let result = Capabilities::from_table(table(FILE, "ccode,year,cinc\n2,1990,0.3\n2,1990,0.3\n"));
        assert_says(result, &[FILE, "row 3", "year"]);
    }
}
