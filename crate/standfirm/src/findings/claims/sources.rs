//! Claims about the sources, checked on the episodes and on what the data tool counted in the source files.

use mlogit::Table;
use report::words::{percent, thousands, trimmed};

use crate::data::facts;
use crate::error::Result;
use crate::findings::claims::report::Check;
use crate::findings::rules;
use crate::study::thesis::{COMTRADE_IMPORT_SHARE, INDEX, STUDY};

/// Taiwan's code in the Correlates of War.
const TAIWAN: f64 = 713.0;
/// The study has it that Comtrade begins no earlier.
const COMTRADE_BEGINS: f64 = 1960.0;
/// What Iraq's trade lost from 1980 to 1996 in the study's words, in millions of dollars.
const IRAQ_LOST: f64 = 38_500.0;
const GUATEMALA_YEARS: f64 = 7.0;

/// Part of a whole, both counted.
fn part(about: &str, (part, whole): (f64, f64)) -> Check {
    let text = format!(
        "{part} of {}, {}",
        thousands(whole as usize),
        percent(part / whole)
    );
    Check::new(
        about,
        rules::more_than_half(part, whole),
        text,
        &[("count", part), ("of", whole), ("share", part / whole)],
    )
}

/// How many threats come from the United States: of all in TIES, and of the episodes.
pub(super) fn us_share(episodes: &Table) -> Result<Vec<Check>> {
    let all = (facts::number("threats_by_usa")?, facts::number("threats")?);
    let usa = episodes.numbers("sender_usa")?;
    let by_usa = usa.iter().filter(|value| **value == 1.0).count();
    Ok(vec![
        part("All threats in TIES", all),
        part(
            "Threats by one state against another",
            (by_usa as f64, usa.len() as f64),
        ),
    ])
}

/// Whom the sanctions of the United States are against.
pub(super) fn us_sanctions() -> Result<Vec<Check>> {
    let counts = |of: &str| -> Result<(f64, f64)> {
        let coded = facts::number(&format!("{of}_coded"))?;
        Ok((facts::number(&format!("{of}_autocracies"))?, coded))
    };
    Ok(vec![
        part(
            "Sanctions in force at the end of 2005",
            counts("usa_sanctions_2005")?,
        ),
        part("All sanctions, 1945 to 2005", counts("usa_sanctions")?),
    ])
}

/// How personalist Panama was: by its index, and by its regime type.
pub(super) fn panama(episodes: &Table) -> Result<Vec<Check>> {
    let (ids, index) = (episodes.numbers("caseid")?, episodes.numbers(INDEX.variable)?);
    let Some(case) = STUDY.cases.first() else {
        return Ok(Vec::new());
    };
    let found = ids.iter().zip(index).find(|(id, _)| **id == case.caseid as f64);
    let index = found.map_or(f64::NAN, |(_, index)| *index);
    let regime = facts::text("panama_regime_1987")?;
    Ok(vec![
        full_index(index),
        Check::new(
            "Regime type (Geddes, Wright and Frantz)",
            rules::counted(regime == "military-personal"),
            regime.to_owned(),
            &[],
        ),
    ])
}

fn full_index(index: f64) -> Check {
    let (text, values) = if index.is_nan() {
        ("missing".to_owned(), Vec::new())
    } else {
        (
            format!("the index is {index}"),
            vec![("personalist_index", index)],
        )
    };
    Check::new("Personalist index", rules::counted(index == 1.0), text, &values)
}

/// What Guatemala's regime was in 1993, and for how long it had been.
pub(super) fn guatemala() -> Result<Vec<Check>> {
    let regime = facts::text("guatemala_regime_1993")?;
    let years = facts::number("guatemala_regime_years_before_1993")?;
    Ok(vec![
        Check::new(
            "Regime type (Geddes, Wright and Frantz)",
            rules::counted(regime == "indirect military"),
            regime.to_owned(),
            &[],
        ),
        Check::new(
            "Years before 1993",
            rules::counted(years == GUATEMALA_YEARS),
            format!("{years} years of the same rule"),
            &[("years", years)],
        ),
    ])
}

/// What Iraq's trade lost.
pub(super) fn iraq() -> Result<Vec<Check>> {
    let (before, after) = (
        facts::number("iraq_trade_1980")?,
        facts::number("iraq_trade_1996")?,
    );
    Ok(vec![loss(before, after)])
}

fn loss(before: f64, after: f64) -> Check {
    let billions = |millions: f64| trimmed(millions / 1000.0);
    let text = format!(
        "from {} to {} billion dollars: {} billion less",
        billions(before),
        billions(after),
        billions(before - after)
    );
    Check::new(
        "Correlates of War",
        rules::is_about(before - after, IRAQ_LOST),
        text,
        &[("before", before), ("after", after), ("loss", before - after)],
    )
}

/// When Comtrade begins, and whether it knows Taiwan.
pub(super) fn comtrade(episodes: &Table) -> Result<Vec<Check>> {
    let shares = episodes.numbers(COMTRADE_IMPORT_SHARE.share)?;
    let years = episodes.numbers("year")?;
    let (senders, targets) = (episodes.numbers("sender")?, episodes.numbers("target")?);
    let known = |row: &usize| !shares[*row].is_nan();
    // Shares are those of the year before.
    let first = (0..shares.len())
        .filter(known)
        .map(|row| years[row] - 1.0)
        .fold(f64::INFINITY, f64::min);
    let taiwan: Vec<usize> = (0..shares.len())
        .filter(|row| senders[*row] == TAIWAN || targets[*row] == TAIWAN)
        .collect();
    Ok(vec![
        begins(first),
        unknown(taiwan.iter().copied().filter(known).count(), taiwan.len()),
    ])
}

fn begins(first: f64) -> Check {
    Check::new(
        "First year",
        rules::counted(first >= COMTRADE_BEGINS),
        format!("the first share is of {first}"),
        &[("first_year", first)],
    )
}

fn unknown(known: usize, threats: usize) -> Check {
    Check::new(
        "Taiwan",
        rules::counted(known == 0),
        format!("{known} of {threats} threats by or against Taiwan have a share"),
        &[("known", known as f64), ("threats", threats as f64)],
    )
}

#[cfg(test)]
mod tests {
    use mlogit::Column;

    use super::*;
    use crate::data::episodes::episodes;
    use crate::findings::rules::Finding::{Contradicted, Holds};

    fn findings(checks: &[Check]) -> Vec<rules::Finding> {
        checks.iter().map(|check| check.finding).collect()
    }

    fn table(columns: &[(&str, &[f64])]) -> Table {
        let mut table = Table::new();
        for (name, values) in columns {
            table
                .insert(*name, Column::number(values.iter().copied()))
                .unwrap();
        }
        table
    }

    #[test]
    fn the_share_of_the_united_states_is_one_of_all_threats() {
        let checks = us_share(&table(&[("sender_usa", &[1.0, 0.0, 0.0, 1.0, 0.0])])).unwrap();
        assert_eq!(findings(&checks), [Holds, Contradicted]);
        assert_eq!(checks[0].text, "548 of 1,053, 52%");
        assert_eq!(checks[1].text, "2 of 5, 40%");
        assert_eq!((checks[1].values["share"], checks[1].values["of"]), (0.4, 5.0));
        let most = us_share(&table(&[("sender_usa", &[1.0, 0.0, 1.0])])).unwrap();
        assert_eq!(findings(&most), [Holds, Holds]);
    }

    #[test]
    fn sanctions_are_counted_where_the_regime_is_known() {
        let checks = us_sanctions().unwrap();
        assert_eq!(findings(&checks), [Contradicted, Contradicted]);
        assert_eq!(
            [&checks[0].text, &checks[1].text],
            ["11 of 54, 20%", "137 of 354, 39%"]
        );
    }

    #[test]
    fn panama_is_fully_personalist_or_is_not() {
        let of = |index: f64| {
            let caseid = STUDY.cases[0].caseid as f64;
            findings(
                &panama(&table(&[
                    ("caseid", &[1.0, caseid]),
                    (INDEX.variable, &[1.0, index]),
                ]))
                .unwrap(),
            )
        };
        assert_eq!(of(1.0), [Holds, Holds]);
        assert_eq!(of(0.99), [Contradicted, Holds]);
        assert_eq!(of(f64::NAN), [Contradicted, Holds]);
        assert_eq!(full_index(f64::NAN).text, "missing");
    }

    #[test]
    fn guatemala_has_been_ruled_by_its_army_for_seven_years() {
        let checks = guatemala().unwrap();
        assert_eq!(findings(&checks), [Holds, Holds]);
        assert_eq!(checks[1].values["years"], 7.0);
    }

    #[test]
    fn what_iraq_lost_is_what_it_had_without_what_it_kept() {
        let check = loss(40_000.0, 1_000.0);
        assert_eq!((check.finding, check.values["loss"]), (Holds, 39_000.0));
        assert_eq!(check.text, "from 40 to 1 billion dollars: 39 billion less");
        assert_eq!(loss(40_000.0, 6_000.0).finding, Contradicted);
        assert_eq!(loss(44_000.0, 1_000.0).finding, Contradicted);
        let found = iraq().unwrap();
        assert!((found[0].values["loss"] - 39_273.6).abs() < 0.1, "{found:?}");
    }

    #[test]
    fn comtrade_begins_late_and_does_not_know_taiwan() {
        assert_eq!(findings(&comtrade(&episodes().unwrap()).unwrap()), [Holds, Holds]);
        let made = |shares: &[f64]| {
            let table = table(&[
                (COMTRADE_IMPORT_SHARE.share, shares),
                ("year", &[1960.0, 1961.0, 1970.0, 1980.0]),
                ("sender", &[2.0, 2.0, TAIWAN, 2.0]),
                ("target", &[20.0, 20.0, 2.0, TAIWAN]),
            ]);
            comtrade(&table).unwrap()
        };
        let nan = f64::NAN;
        assert_eq!(findings(&made(&[nan, 0.1, nan, nan])), [Holds, Holds]);
        assert_eq!(findings(&made(&[0.1, 0.1, nan, nan])), [Contradicted, Holds]);
        assert_eq!(findings(&made(&[nan, 0.1, 0.2, nan])), [Holds, Contradicted]);
        assert_eq!(
            made(&[nan, 0.1, nan, 0.2])[1].text,
            "1 of 2 threats by or against Taiwan have a share"
        );
    }
}
