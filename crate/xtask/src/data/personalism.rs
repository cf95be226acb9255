//! The personalist index, from Weeks.

use std::collections::HashMap;
use std::path::Path;

use super::regimes::{Regime, Regimes};
use super::states::States;
use super::table::Table;
use super::{Code, Error, Year};

const FILE: &str = "weeks.csv";

/// The source's years.
const FIRST_YEAR: Year = 1946;
const LAST_YEAR: Year = 1999;

/// How personalist a regime is, 0 to 1, by country-year; 0 for democracies.
pub(super) struct Personalism(HashMap<(Code, Year), Option<f64>>);

impl Personalism {
    pub(super) fn read(dir: &Path, states: &States) -> Result<Self, Error> {
        Self::from_table(Table::csv(dir, FILE)?, states)
    }

    /// Of a country-year listed twice (Yemen 1990) the first row counts. Junk rows give themselves away by a
    /// code that no state bears (189, 190, 848): two of them hold values that would pass as an index of 0.
    fn from_table(table: Table, states: &States) -> Result<Self, Error> {
        let mut index = HashMap::new();
        for row in table.select(["cowcode", "year", "persrat_1a"])? {
            let row = row?;
            let [code, year, value] = row.cells();
            let country = code.key()?;
            if states.name(country).is_none() {
                continue;
            }
            let valid = value.number()?.filter(|value| (0.0..=1.0).contains(value));
            index.entry((country, year.key()?)).or_insert(valid);
        }
        Ok(Self(index))
    }

    /// The index of `country` in `year`.
    pub(super) fn index(&self, country: Code, year: Year) -> Option<f64> {
        *self.0.get(&(country, year))?
    }

    /// The index, 0 in every year of a democracy, whether the source has a value or not.
    pub(super) fn zero_in_democracies(&self, country: Code, year: Year, regimes: &Regimes) -> Option<f64> {
        if regimes.regime(country, year) == Some(Regime::Democracy) {
            return Some(0.0);
        }
        self.index(country, year)
    }

    /// The index, carried on past the source's last year: 0 for a democracy, and for an autocracy the last
    /// value of the spell of rule that `year` belongs to.
    pub(super) fn carried(&self, country: Code, year: Year, regimes: &Regimes) -> Option<f64> {
        if year <= LAST_YEAR {
            return self.index(country, year);
        }
        if regimes.regime(country, year)? == Regime::Democracy {
            return Some(0.0);
        }
        let spell = regimes.spell(country, year);
        (FIRST_YEAR..=LAST_YEAR)
            .rev()
            .filter(|&past| regimes.spell(country, past) == spell)
            .find_map(|past| self.index(country, past))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_says, table};
    use super::*;

    fn read(rows: &str) -> Result<Personalism, Error> {
        let states =
            States::from_table(table("states", "ccode,statenme\n1,A\n2,B\n3,C\n4,D\n678,Yemen\n")).unwrap();
        Personalism::from_table(table(FILE, &format!("cowcode,year,persrat_1a\n{rows}")), &states)
    }

    #[test]
    fn junk_is_missing_and_the_first_of_two_counts() {
        let index =
            read("1,1990,1.04e34\n2,1990,-0.1\n3,1990,1.0\n678,1990,0.5\n678,1990,0.75\n4,1990,\n189,1990,2.4e-34\n").unwrap();
        assert_eq!(index.index(1, 1990), None);
        assert_eq!(index.index(2, 1990), None);
        assert_eq!(index.index(3, 1990), Some(1.0));
        assert_eq!(index.index(678, 1990), Some(0.5));
        assert_eq!(index.index(4, 1990), None);
        assert_eq!(index.index(189, 1990), None, "no such state");
    }

    #[test]
    fn the_index_is_carried_within_a_spell_only() {
        let regimes = Regimes::from_table(table(
            "gwf",
            "cowcode,year,gwf_casename,gwf_regimetype,gwf_nonautocracy\n\
             1,1998,Old,party,NA\n1,1999,Old,party,NA\n1,2000,Old,party,NA\n1,2001,New,party,NA\n\
             2,1999,Free,NA,democracy\n2,2000,Free,NA,democracy\n\
             3,1999,Before,party,NA\n3,2000,Nobody,NA,provisional\n",
        ))
        .unwrap();
        let index = read("1,1998,0.25\n1,1999,\n2,1999,0\n3,1999,0.5\n").unwrap();
        assert_eq!(index.carried(1, 1998, &regimes), Some(0.25));
        assert_eq!(
            index.carried(1, 1999, &regimes),
            None,
            "within the source nothing is filled"
        );
        assert_eq!(
            index.carried(1, 2000, &regimes),
            Some(0.25),
            "the last valid value"
        );
        assert_eq!(index.carried(1, 2001, &regimes), None, "a new spell");
        assert_eq!(index.carried(2, 2000, &regimes), Some(0.0));
        assert_eq!(
            index.carried(3, 2000, &regimes),
            None,
            "neither democracy nor autocracy"
        );
        assert_eq!(index.carried(9, 2000, &regimes), None);
    }

    #[test]
    fn a_democracy_has_the_index_zero_whatever_the_source_says() {
        let regimes = Regimes::from_table(table(
            "gwf",
            "cowcode,year,gwf_casename,gwf_regimetype,gwf_nonautocracy\n\
             1,1990,Free,NA,democracy\n1,1991,Free,NA,democracy\n1,2003,Free,NA,democracy\n2,1990,One,party,NA\n\
             3,1990,Nobody,NA,provisional\n",
        ))
        .unwrap();
        let index = read("1,1990,0.5\n1,1991,\n2,1990,0.25\n3,1990,0.75\n4,1990,1\n").unwrap();
        let zero = |country, year| index.zero_in_democracies(country, year, &regimes);
        assert_eq!(zero(1, 1990), Some(0.0), "another value");
        assert_eq!(zero(1, 1991), Some(0.0), "no value");
        assert_eq!(zero(1, 2003), Some(0.0), "after the source");
        assert_eq!(zero(2, 1990), Some(0.25), "an autocracy");
        assert_eq!(zero(3, 1990), Some(0.75), "neither");
        assert_eq!(zero(4, 1990), Some(1.0), "not in GWF");
        assert_eq!(zero(2, 2003), None);
    }

    #[test]
    fn a_word_is_not_an_index() {
        assert_says(read("1,1990,high\n"), &[FILE, "row 2", "persrat_1a", "high"]);
    }
}
