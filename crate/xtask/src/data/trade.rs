//! Trade dependence, from COW.

use std::collections::HashMap;
use std::path::Path;

use super::gdp::Gdp;
use super::table::Table;
use super::{Code, Error, Year};

const DYADIC: &str = "cow_trade_dyadic.csv.gz";
const NATIONAL: &str = "cow_trade_national.csv";

/// Trade by directed pair of states and year, and by state and year. Current US$ million.
pub(super) struct Trade {
    dyads: HashMap<(Code, Code, Year), Dyad>,
    national: NationalTrade,
}

/// A state's trade with all others by year. Current US$ million.
pub(super) struct NationalTrade(HashMap<(Code, Year), Totals>);

#[derive(Clone, Copy)]
struct Dyad {
    /// Imports of the first state from the second.
    first_imports: Option<f64>,
    /// Imports of the second state from the first.
    second_imports: Option<f64>,
}

struct Totals {
    imports: Option<f64>,
    exports: Option<f64>,
}

impl Trade {
    pub(super) fn read(dir: &Path) -> Result<Self, Error> {
        Self::from_tables(Table::csv_gz(dir, DYADIC)?, Table::csv(dir, NATIONAL)?)
    }

    fn from_tables(dyadic: Table, national: Table) -> Result<Self, Error> {
        let mut dyads = HashMap::new();
        for row in dyadic.select(["ccode1", "ccode2", "year", "flow1", "flow2"])? {
            let row = row?;
            let [first, second, year, flow1, flow2] = row.cells();
            let key = (first.key()?, second.key()?, year.key()?);
            let value = Dyad {
                first_imports: flow1.number()?,
                second_imports: flow2.number()?,
            };
            year.insert(&mut dyads, key, value)?;
        }
        Ok(Self {
            dyads,
            national: NationalTrade::from_table(national)?,
        })
    }

    /// Trade with the sender, both directions, over the target's total imports and exports.
    pub(super) fn trade_share(&self, sender: Code, target: Code, year: Year) -> Option<f64> {
        ratio(
            self.volume(sender, target, year)?,
            self.national.total(target, year)?,
        )
    }

    /// The target's imports from the sender over its total imports.
    pub(super) fn import_share(&self, sender: Code, target: Code, year: Year) -> Option<f64> {
        ratio(
            self.dyads.get(&(sender, target, year))?.second_imports?,
            self.national.imports(target, year)?,
        )
    }

    /// Trade with the sender, both directions, over the target's GDP.
    pub(super) fn trade_gdp(&self, sender: Code, target: Code, year: Year, gdp: &Gdp) -> Option<f64> {
        ratio(
            self.volume(sender, target, year)? * 1e6,
            libm::exp(gdp.ln(target, year)?),
        )
    }

    fn volume(&self, sender: Code, target: Code, year: Year) -> Option<f64> {
        let dyad = self.dyads.get(&(sender, target, year))?;
        Some(dyad.first_imports? + dyad.second_imports?)
    }
}

impl NationalTrade {
    pub(super) fn read(dir: &Path) -> Result<Self, Error> {
        Self::from_table(Table::csv(dir, NATIONAL)?)
    }

    pub(super) fn from_table(table: Table) -> Result<Self, Error> {
        let mut totals = HashMap::new();
        for row in table.select(["ccode", "year", "imports", "exports"])? {
            let row = row?;
            let [code, year, imports, exports] = row.cells();
            let value = Totals {
                imports: imports.number()?,
                exports: exports.number()?,
            };
            year.insert(&mut totals, (code.key()?, year.key()?), value)?;
        }
        Ok(Self(totals))
    }

    /// What `country` imports in `year`.
    fn imports(&self, country: Code, year: Year) -> Option<f64> {
        self.0.get(&(country, year))?.imports
    }

    /// What `country` imports and exports in `year`.
    pub(super) fn total(&self, country: Code, year: Year) -> Option<f64> {
        let totals = self.0.get(&(country, year))?;
        Some(totals.imports? + totals.exports?)
    }
}

/// A share of nothing is unknown, not 0.
fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_says, table};
    use super::*;

    const HEADER: &str = "ccode1,ccode2,year,flow1,flow2\n";

    fn trade() -> Trade {
        // The USA (2) buys 10 from Cuba (40) and sells it 30; with the Bahamas (31) nothing is known.
        let dyadic = format!(
            "{HEADER}2,40,1990,10,30\n40,2,1990,30,10\n2,31,1990,,\n2,20,1990,0,0\n2,41,1990,5,5\n2,42,1990,,3\n"
        );
        let national =
            "ccode,year,imports,exports\n40,1990,60,20\n31,1990,7,7\n20,1990,50,\n41,1990,0,0\n42,1990,6,6\n";
        Trade::from_tables(table(DYADIC, &dyadic), table(NATIONAL, national)).unwrap()
    }

    #[test]
    fn shares_are_the_targets() {
        let trade = trade();
        assert_eq!(trade.trade_share(2, 40, 1990), Some(40.0 / 80.0));
        assert_eq!(trade.import_share(2, 40, 1990), Some(30.0 / 60.0));
        let gdp = Gdp::from_table(table("gdp", "ccode,year,wbgdp2011est\n40,1990,20\n")).unwrap();
        assert_eq!(trade.trade_gdp(2, 40, 1990, &gdp), Some(40e6 / libm::exp(20.0)));
        assert_eq!(trade.trade_gdp(2, 41, 1990, &gdp), None);
    }

    #[test]
    fn missing_is_not_zero() {
        let trade = trade();
        assert_eq!(trade.trade_share(2, 31, 1990), None, "no flow");
        assert_eq!(trade.trade_share(2, 20, 1990), None, "no exports");
        assert_eq!(trade.import_share(2, 20, 1990), Some(0.0), "no trade, known");
        assert_eq!(trade.trade_share(2, 40, 1991), None, "no such year");
        assert_eq!(trade.trade_share(2, 42, 1990), None, "one flow of two");
        assert_eq!(
            trade.import_share(2, 42, 1990),
            Some(0.5),
            "the one flow it needs"
        );
    }

    #[test]
    fn zero_totals_give_no_share() {
        assert_eq!(trade().trade_share(2, 41, 1990), None);
        assert_eq!(trade().import_share(2, 41, 1990), None);
    }

    #[test]
    fn a_dyad_year_occurs_once() {
        let dyadic = format!("{HEADER}2,40,1990,10,30\n2,40,1990,10,30\n");
        let result = Trade::from_tables(
            table(DYADIC, &dyadic),
            table(NATIONAL, "ccode,year,imports,exports\n"),
        );
        assert_says(result, &[DYADIC, "row 3", "year", "(2, 40, 1990)"]);
    }
}
