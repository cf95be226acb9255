//! Counts that must hold of the derived table.

use super::Error;
use super::episodes::{Episode, Value};

/// Known of the published sources by other means than this tool.
const EPISODES: usize = 861;
const OUTCOMES: [(&str, usize); 3] = [("concession", 183), ("imposition", 423), ("standoff", 183)];
const PRESENT: [(&str, usize); 4] = [
    ("outcome", 861 - 72),
    ("trade_share", 767),
    ("personalist_index", 618),
    ("comtrade_import_share", 447),
];

/// Checks the counts.
pub(super) fn counts(episodes: &[Episode]) -> Result<(), Error> {
    let holds = |what: String, found, expected| {
        if found == expected {
            Ok(())
        } else {
            Err(Error::Count {
                what,
                found,
                expected,
            })
        }
    };
    holds("episodes".to_owned(), episodes.len(), EPISODES)?;
    for (level, expected) in OUTCOMES {
        let level_value = Value::from(level);
        let found = episodes
            .iter()
            .filter(|episode| *episode.value("outcome") == level_value)
            .count();
        holds(format!("episodes that end in {level}"), found, expected)?;
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
    }
}
