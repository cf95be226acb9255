//! Counts that must hold of the derived table.

use super::Error;
use super::episodes::{Episode, Value};
use super::facts::Fact;

/// Known of the published sources by other means than this tool.
const EPISODES: usize = 861;
const OUTCOMES: [(&str, usize); 3] = [("concession", 183), ("imposition", 423), ("standoff", 183)];
const ONES: [(&str, usize); 3] = [("multiple", 235), ("multiple_any", 352), ("multiple_years", 587)];
const FACTS: [(&str, usize); 2] = [("threats", 1053), ("threats_by_usa", 548)];
const PRESENT: [(&str, usize); 4] = [
    ("outcome", 861 - 72),
    ("trade_share", 767),
    ("personalist_index", 618),
    ("comtrade_import_share", 447),
];

/// Checks the counts of the episodes.
pub(super) fn counts(episodes: &[Episode]) -> Result<(), Error> {
    holds("episodes".to_owned(), episodes.len(), EPISODES)?;
    for (level, expected) in OUTCOMES {
        let found = with(episodes, "outcome", &level.into());
        holds(format!("episodes that end in {level}"), found, expected)?;
    }
    for (column, expected) in ONES {
        let found = with(episodes, column, &true.into());
        holds(format!("episodes with 1 in {column}"), found, expected)?;
    }
    for (column, expected) in PRESENT {
        holds(
            format!("episodes with a value of {column}"),
            present(episodes, column),
            expected,
        )?;
    }
    Ok(())
}

/// Checks the facts: that each has a value, and those that are known.
pub(super) fn facts(facts: &[Fact]) -> Result<(), Error> {
    let empty = facts.iter().filter(|fact| fact.value == Value::Missing).count();
    holds("facts without a value".to_owned(), empty, 0)?;
    for (name, expected) in FACTS {
        let found = facts
            .iter()
            .find(|fact| fact.name == name)
            .and_then(|fact| match fact.value {
                Value::Integer(count) => usize::try_from(count).ok(),
                _ => None,
            });
        holds(name.to_owned(), found.unwrap_or_default(), expected)?;
    }
    Ok(())
}

fn holds(what: String, found: usize, expected: usize) -> Result<(), Error> {
    if found == expected {
        return Ok(());
    }
    Err(Error::Count {
        what,
        found,
        expected,
    })
}

/// How many of `episodes` have `value` in `column`.
pub(super) fn with(episodes: &[Episode], column: &str, value: &Value) -> usize {
    episodes
        .iter()
        .filter(|episode| episode.value(column) == value)
        .count()
}

/// How many of `episodes` have a value of `column`.
pub(super) fn present(episodes: &[Episode], column: &str) -> usize {
    episodes
        .iter()
        .filter(|episode| *episode.value(column) != Value::Missing)
        .count()
}

#[cfg(test)]
mod tests {
    use super::super::testing::assert_says;
    use super::*;

    #[test]
    fn a_wrong_count_says_both_numbers() {
        assert_says(counts(&[]), &["episodes", "0", "861"]);
        assert_says(facts(&[]), &["threats", "0", "1053"]);
    }

    #[test]
    fn a_fact_has_a_value() {
        let fact = Fact {
            name: "iraq_trade_1980",
            value: Value::Missing,
            unit: "",
            description: "",
            sources: "",
        };
        assert_says(facts(&[fact]), &["facts without a value", "1", "0"]);
    }
}
