//! What the study says of its sources beyond the episodes of the table: one number or word for each such sentence.
//!
//! The table has only threats by one state against another. A claim about all of TIES, about a country's whole trade,
//! or about a kind of regime that the table does not tell apart, is held against these.

use std::path::Path;

use super::episodes::Value;
use super::history::{Day, in_force};
use super::regimes::{Regime, Regimes};
use super::ties::{self, Case};
use super::trade::NationalTrade;
use super::{Code, Error, Year};

const USA: Code = 2;
const GUATEMALA: Code = 90;
const PANAMA: Code = 95;
const IRAQ: Code = 645;

/// The last day that TIES's episodes start on or before.
const LAST_DAY: Day = (2005, 12, 31);

/// One fact: a row of `facts.csv`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fact {
    /// How code asks for it.
    pub(super) name: &'static str,
    /// What it is.
    pub(super) value: Value,
    /// What it is measured in.
    pub(super) unit: &'static str,
    /// What it says and how it is made.
    pub(super) description: &'static str,
    /// Key of the source it is made from, as in [`standfirm::variables::SOURCES`]; several are separated by a space.
    pub(super) sources: &'static str,
}

/// Reads the source files in the folder `dir` and derives every fact.
pub(super) fn read(dir: &Path) -> Result<Vec<Fact>, Error> {
    Ok(facts(
        &ties::read(dir)?,
        &Regimes::read(dir)?,
        &NationalTrade::read(dir)?,
    ))
}

fn facts(cases: &[Case], regimes: &Regimes, trade: &NationalTrade) -> Vec<Fact> {
    let mut facts = threats(cases).to_vec();
    facts.extend(american_sanctions(cases, regimes));
    facts.extend(iraq(trade));
    facts.extend(examples(regimes));
    facts
}

/// How many threats there are, and how many are by the United States.
fn threats(cases: &[Case]) -> [Fact; 2] {
    let threats = || cases.iter().filter(|case| case.threat);
    [
        Fact {
            name: "threats",
            value: count(threats()),
            unit: "episodes",
            description: "Episodes of TIES with a threat, whoever threatens whom: institutions and episodes without a \
                          primary sender too.",
            sources: "ties",
        },
        Fact {
            name: "threats_by_usa",
            value: count(threats().filter(|case| case.primarysender == Some(USA))),
            unit: "episodes",
            description: "Those of `threats` whose primary sender is the United States.",
            sources: "ties",
        },
    ]
}

/// The regimes that the sanctions of the United States are against: all in TIES, and those that outlast its years.
fn american_sanctions(cases: &[Case], regimes: &Regimes) -> [Fact; 6] {
    let imposed = || {
        cases
            .iter()
            .filter(|case| case.imposition && case.primarysender == Some(USA))
    };
    let targets: Vec<_> = imposed()
        .map(|case| regimes.regime(case.targetstate, case.startyear))
        .collect();
    let last: Vec<_> = imposed()
        .filter(|case| in_force(case, LAST_DAY))
        .map(|case| regimes.regime(case.targetstate, LAST_DAY.0))
        .collect();
    let fact = |name, value, description| Fact {
        name,
        value,
        unit: "episodes",
        description,
        sources: "ties gwf",
    };
    [
        Fact {
            sources: "ties",
            ..fact(
                "usa_sanctions",
                count(&targets),
                "Episodes of TIES in which the United States is the primary sender and imposed sanctions, threatened \
                 before or not.",
            )
        },
        fact(
            "usa_sanctions_coded",
            count(coded(&targets)),
            "Those of `usa_sanctions` whose target GWF codes as democracy or autocracy in the year the episode starts.",
        ),
        fact(
            "usa_sanctions_autocracies",
            count(autocracies(&targets)),
            "Those of `usa_sanctions` whose target GWF codes as autocracy in the year the episode starts.",
        ),
        Fact {
            sources: "ties",
            ..fact(
                "usa_sanctions_2005",
                count(&last),
                "Those of `usa_sanctions` known to be in force on 31 December 2005: imposed by then, and ended after it \
                 or still on as of a later day. Dates as for the column `multiple`.",
            )
        },
        fact(
            "usa_sanctions_2005_coded",
            count(coded(&last)),
            "Those of `usa_sanctions_2005` whose target GWF codes as democracy or autocracy in 2005.",
        ),
        fact(
            "usa_sanctions_2005_autocracies",
            count(autocracies(&last)),
            "Those of `usa_sanctions_2005` whose target GWF codes as autocracy in 2005.",
        ),
    ]
}

/// What Iraq traded before and under sanctions.
fn iraq(trade: &NationalTrade) -> [Fact; 2] {
    let fact = |name, year, description| Fact {
        name,
        value: trade.total(IRAQ, year).into(),
        unit: "current US$ million",
        description,
        sources: "cow-trade",
    };
    [
        fact(
            "iraq_trade_1980",
            1980,
            "Iraq's total imports and exports in 1980.",
        ),
        fact(
            "iraq_trade_1996",
            1996,
            "Iraq's total imports and exports in 1996.",
        ),
    ]
}

/// The kinds of autocracy of the study's examples.
fn examples(regimes: &Regimes) -> [Fact; 3] {
    const PANAMA_YEAR: Year = 1987;
    const GUATEMALA_YEAR: Year = 1993;
    let fact = |name, value, unit, description| Fact {
        name,
        value,
        unit,
        description,
        sources: "gwf",
    };
    [
        fact(
            "panama_regime_1987",
            regimes.autocracy(PANAMA, PANAMA_YEAR).into(),
            "",
            "What GWF calls Panama's regime in 1987 (`gwf_regimetype`).",
        ),
        fact(
            "guatemala_regime_1993",
            regimes.autocracy(GUATEMALA, GUATEMALA_YEAR).into(),
            "",
            "What GWF calls Guatemala's regime in 1993 (`gwf_regimetype`).",
        ),
        fact(
            "guatemala_regime_years_before_1993",
            regimes.years_before(GUATEMALA, GUATEMALA_YEAR).into(),
            "years",
            "Years before 1993 that GWF codes as the same spell of rule in Guatemala (`gwf_casename`) as 1993.",
        ),
    ]
}

fn count<T>(of: impl IntoIterator<Item = T>) -> Value {
    Value::Integer(of.into_iter().map(|_| 1).sum())
}

fn coded(targets: &[Option<Regime>]) -> impl Iterator<Item = &Regime> {
    targets.iter().flatten()
}

fn autocracies(targets: &[Option<Regime>]) -> impl Iterator<Item = &Regime> {
    coded(targets).filter(|regime| **regime != Regime::Democracy)
}

#[cfg(test)]
mod tests {
    use super::super::testing::table;
    use super::*;

    /// An episode of the United States that started and was imposed in 2000.
    fn case(targetstate: Code) -> Case {
        Case {
            startyear: 2000,
            primarysender: Some(USA),
            targetstate,
            threat: true,
            imposition: true,
            ..Case::default()
        }
    }

    fn regimes() -> Regimes {
        Regimes::from_table(table(
            "gwf",
            "cowcode,year,gwf_casename,gwf_regimetype,gwf_nonautocracy\n\
             40,2000,A,personal,NA\n40,2005,A,NA,democracy\n41,2000,B,NA,democracy\n41,2005,B,party,NA\n\
             42,2000,C,NA,provisional\n\
             95,1987,Panama 82-89,military-personal,NA\n\
             90,1990,Guatemala 70-85,military,NA\n90,1991,Guatemala 85-95,indirect military,NA\n\
             90,1992,Guatemala 85-95,indirect military,NA\n90,1993,Guatemala 85-95,indirect military,NA\n\
             90,1994,Guatemala 85-95,indirect military,NA\n",
        ))
        .unwrap()
    }

    fn trade() -> NationalTrade {
        NationalTrade::from_table(table(
            "national",
            "ccode,year,imports,exports\n645,1980,10,30\n645,1996,1,\n",
        ))
        .unwrap()
    }

    fn value(cases: &[Case], name: &str) -> Value {
        let facts = facts(cases, &regimes(), &trade());
        let fact = facts.into_iter().find(|fact| fact.name == name).unwrap();
        fact.value
    }

    #[test]
    fn names_are_unique_and_sources_known() {
        let facts = facts(&[], &regimes(), &trade());
        let mut names: Vec<_> = facts.iter().map(|fact| fact.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), facts.len());
        for fact in facts {
            for key in fact.sources.split(' ') {
                assert!(
                    standfirm::data::variables::source(key).is_some(),
                    "{}: no source {key}",
                    fact.name
                );
            }
        }
    }

    #[test]
    fn every_threat_counts_but_only_primary_senders_own_it() {
        let cases = [
            case(40),
            Case {
                primarysender: Some(1000),
                ..case(40)
            },
            Case {
                primarysender: None,
                ..case(40)
            },
            Case {
                threat: false,
                ..case(40)
            },
        ];
        assert_eq!(value(&cases, "threats"), Value::Integer(3));
        assert_eq!(value(&cases, "threats_by_usa"), Value::Integer(1));
    }

    #[test]
    fn sanctions_are_counted_by_the_regime_of_their_time() {
        let until = |targetstate, endyear| Case {
            endyear: Some(endyear),
            ..case(targetstate)
        };
        let cases = [
            until(40, 2001),
            until(40, 2006),
            until(41, 2006),
            until(42, 2006),
            Case {
                imposition: false,
                ..until(40, 2006)
            },
            Case {
                primarysender: Some(200),
                ..until(40, 2006)
            },
        ];
        for (name, expected) in [
            ("usa_sanctions", 4),
            ("usa_sanctions_coded", 3),
            ("usa_sanctions_autocracies", 2),
            ("usa_sanctions_2005", 3),
            ("usa_sanctions_2005_coded", 2),
            ("usa_sanctions_2005_autocracies", 1),
        ] {
            assert_eq!(value(&cases, name), Value::Integer(expected), "{name}");
        }
    }

    #[test]
    fn trade_needs_both_directions() {
        assert_eq!(value(&[], "iraq_trade_1980"), Value::Number(40.0));
        assert_eq!(value(&[], "iraq_trade_1996"), Value::Missing);
    }

    #[test]
    fn a_spell_of_rule_has_years_before() {
        assert_eq!(value(&[], "panama_regime_1987"), "military-personal".into());
        assert_eq!(value(&[], "guatemala_regime_1993"), "indirect military".into());
        assert_eq!(
            value(&[], "guatemala_regime_years_before_1993"),
            Value::Integer(2)
        );
    }
}
