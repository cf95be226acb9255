//! GDP, from Anders, Fariss and Markowitz.

use std::collections::HashMap;
use std::path::Path;

use super::codes::{Coding, code_in};
use super::table::Table;
use super::{Code, Error, Year};

const FILE: &str = "anders_fariss_markowitz_gdp.csv";

/// Natural logarithm of GDP by country-year, dollars as the source has them.
pub(super) struct Gdp(HashMap<(Code, Year), Option<f64>>);

impl Gdp {
    pub(super) fn read(dir: &Path) -> Result<Self, Error> {
        Self::from_table(Table::csv(dir, FILE)?)
    }

    pub(super) fn from_table(table: Table) -> Result<Self, Error> {
        let mut gdp = HashMap::new();
        for row in table.select(["ccode", "year", "wbgdp2011est"])? {
            let row = row?;
            let [code, year, ln_gdp] = row.cells();
            year.insert(&mut gdp, (code.key()?, year.key()?), ln_gdp.number()?)?;
        }
        Ok(Self(gdp))
    }

    /// ln GDP of `country` in `year`.
    pub(super) fn ln(&self, country: Code, year: Year) -> Option<f64> {
        *self.0.get(&(code_in(Coding::Gdp, country, year), year))?
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_says, table};
    use super::*;

    #[test]
    fn united_germany_is_found_under_260() {
        let gdp = Gdp::from_table(table(FILE, "ccode,year,wbgdp2011est\n260,1995,28.5\n2,1995,\n")).unwrap();
        assert_eq!(gdp.ln(255, 1995), Some(28.5));
        assert_eq!(gdp.ln(2, 1995), None, "missing is not 0");
        assert_eq!(gdp.ln(2, 1996), None);
    }

    #[test]
    fn a_country_year_occurs_once() {
        let result = Gdp::from_table(table(FILE, "ccode,year,wbgdp2011est\n2,1995,29\n2,1995,29\n"));
        assert_says(result, &[FILE, "row 3", "year", "(2, 1995)"]);
    }
}
