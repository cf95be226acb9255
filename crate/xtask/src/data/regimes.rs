//! Political regimes, from Geddes, Wright and Frantz (GWF).

use std::collections::HashMap;
use std::path::Path;

use super::codes::{Coding, code_in};
use super::table::{Cell, Table};
use super::{Code, Error, Year};

const FILE: &str = "GWF_AllPoliticalRegimes.csv";

/// What rules a country.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Regime {
    Democracy,
    Personalist,
    Nonpersonalist,
}

impl Regime {
    /// The level's name in the table.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Democracy => "democracy",
            Self::Personalist => "personalist",
            Self::Nonpersonalist => "nonpersonalist",
        }
    }
}

struct CountryYear {
    regime: Option<Regime>,
    /// What the file calls it, if it is an autocracy.
    autocracy: Option<String>,
    spell: String,
}

/// Regimes by country-year.
pub(super) struct Regimes(HashMap<(Code, Year), CountryYear>);

impl Regimes {
    pub(super) fn read(dir: &Path) -> Result<Self, Error> {
        Self::from_table(Table::csv(dir, FILE)?)
    }

    pub(super) fn from_table(table: Table) -> Result<Self, Error> {
        let mut regimes = HashMap::new();
        for row in table.select([
            "cowcode",
            "year",
            "gwf_casename",
            "gwf_regimetype",
            "gwf_nonautocracy",
        ])? {
            let row = row?;
            let [code, year, spell, autocracy, nonautocracy] = row.cells();
            let value = CountryYear {
                regime: classify(autocracy, nonautocracy)?,
                autocracy: (autocracy.text != "NA").then(|| autocracy.text.to_owned()),
                spell: spell.text.to_owned(),
            };
            year.insert(&mut regimes, (code.key()?, year.key()?), value)?;
        }
        Ok(Self(regimes))
    }

    /// The regime of `country` in `year`.
    pub(super) fn regime(&self, country: Code, year: Year) -> Option<Regime> {
        self.at(country, year)?.regime
    }

    /// The regime of `country` in `year`, what is neither a personalist nor another autocracy being a democracy.
    pub(super) fn or_democracy(&self, country: Code, year: Year) -> Regime {
        self.regime(country, year).unwrap_or(Regime::Democracy)
    }

    /// The name of the spell of rule that `year` belongs to, unique within a country.
    pub(super) fn spell(&self, country: Code, year: Year) -> Option<&str> {
        Some(&self.at(country, year)?.spell)
    }

    /// What the source calls the autocracy of `country` in `year`.
    pub(super) fn autocracy(&self, country: Code, year: Year) -> Option<&str> {
        self.at(country, year)?.autocracy.as_deref()
    }

    /// How many years before `year` belong to the same spell of rule.
    pub(super) fn years_before(&self, country: Code, year: Year) -> Option<Year> {
        let spell = self.spell(country, year)?;
        let years = (0..year).rev();
        let before = years.take_while(|&past| self.spell(country, past) == Some(spell));
        Some(before.map(|_| 1).sum())
    }

    fn at(&self, country: Code, year: Year) -> Option<&CountryYear> {
        self.0.get(&(code_in(Coding::Gwf, country, year), year))
    }
}

/// The file says "NA" for "does not apply": an autocracy has no kind of non-autocracy, and the other way round.
fn classify(autocracy: Cell<'_>, nonautocracy: Cell<'_>) -> Result<Option<Regime>, Error> {
    match (autocracy.text, nonautocracy.text) {
        ("NA", "democracy") => Ok(Some(Regime::Democracy)),
        (
            "NA",
            "provisional" | "foreign-occupied" | "warlord" | "warlord/foreign-occupied" | "not-independent",
        ) => Ok(None),
        ("NA" | "", _) => Err(nonautocracy.is_not("a kind of country without an autocracy")),
        (kind, "NA") if kind.contains("personal") => Ok(Some(Regime::Personalist)),
        (_, "NA") => Ok(Some(Regime::Nonpersonalist)),
        _ => Err(nonautocracy.is_not("NA, as it must be for an autocracy")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_says, table};
    use super::*;

    fn read(rows: &str) -> Result<Regimes, Error> {
        let text = format!("cowcode,year,gwf_casename,gwf_regimetype,gwf_nonautocracy\n{rows}");
        Regimes::from_table(table(FILE, &text))
    }

    #[test]
    fn personal_hybrids_are_personalist() {
        let regimes = read(
            "1,1990,A,personal,NA\n2,1990,B,party-military-personal,NA\n3,1990,C,party-military,NA\n\
             4,1990,D,NA,democracy\n5,1990,E,NA,warlord/foreign-occupied\n",
        )
        .unwrap();
        let regime = |code| regimes.regime(code, 1990);
        assert_eq!(regime(1), Some(Regime::Personalist));
        assert_eq!(regime(2), Some(Regime::Personalist));
        assert_eq!(regime(3), Some(Regime::Nonpersonalist));
        assert_eq!(regime(4), Some(Regime::Democracy));
        assert_eq!(regime(5), None, "ruled by nobody in particular");
        assert_eq!(regime(6), None, "not covered");
        let or_democracy = |code| regimes.or_democracy(code, 1990);
        assert_eq!(or_democracy(3), Regime::Nonpersonalist);
        assert_eq!(or_democracy(5), Regime::Democracy);
        assert_eq!(or_democracy(6), Regime::Democracy);
        assert_eq!(regimes.spell(2, 1990), Some("B"));
        assert_eq!(regimes.autocracy(2, 1990), Some("party-military-personal"));
        assert_eq!(regimes.autocracy(4, 1990), None);
    }

    #[test]
    fn west_germany_is_found_under_255() {
        let regimes = read("255,1970,Germany 49-NA,NA,democracy\n").unwrap();
        assert_eq!(regimes.regime(260, 1970), Some(Regime::Democracy));
    }

    #[test]
    fn an_unknown_kind_is_an_error() {
        assert_says(
            read("1,1990,A,NA,theocracy\n"),
            &[FILE, "row 2", "gwf_nonautocracy", "theocracy"],
        );
        assert_says(
            read("1,1990,A,party,democracy\n"),
            &[FILE, "row 2", "gwf_nonautocracy", "democracy"],
        );
    }

    #[test]
    fn a_country_year_occurs_once() {
        assert_says(
            read("1,1990,A,party,NA\n1,1990,A,party,NA\n"),
            &[FILE, "row 3", "year", "(1, 1990)"],
        );
    }
}
