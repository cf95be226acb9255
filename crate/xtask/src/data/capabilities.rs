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

    /// The sender's share of the two states' capabilities.
    pub(super) fn ratio(&self, sender: Code, target: Code, year: Year) -> Option<f64> {
        let (sender, target) = self.both(sender, target, year)?;
        Some(sender / (sender + target)).filter(|ratio| ratio.is_finite())
    }

    /// ln(sender / target).
    pub(super) fn ln_ratio(&self, sender: Code, target: Code, year: Year) -> Option<f64> {
        let (sender, target) = self.both(sender, target, year)?;
        Some(libm::log(sender / target)).filter(|ratio| ratio.is_finite())
    }

    fn both(&self, sender: Code, target: Code, year: Year) -> Option<(f64, f64)> {
        let cinc = |code| *self.0.get(&(code_in(Coding::Cow, code, year), year))?;
        Some((cinc(sender)?, cinc(target)?))
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
        assert_eq!(capabilities.ratio(2, 40, 1990), Some(0.3 / (0.3 + 0.1)));
        assert_eq!(capabilities.ln_ratio(2, 40, 1990), Some(libm::log(0.3 / 0.1)));
        assert_eq!(capabilities.ratio(2, 20, 1990), None);
        assert_eq!(capabilities.ratio(2, 40, 1991), None);
        assert_eq!(capabilities.ratio(2, 31, 1990), Some(1.0));
        assert_eq!(
            capabilities.ln_ratio(2, 31, 1990),
            None,
            "no logarithm of a ratio to nothing"
        );
    }

    #[test]
    fn a_country_year_occurs_once() {
        let result = Capabilities::from_table(table(FILE, "ccode,year,cinc\n2,1990,0.3\n2,1990,0.3\n"));
        assert_says(result, &[FILE, "row 3", "year"]);
    }
}
