//! Words for terms, variables and levels of the study's models.

use report::figure::Scale;

use super::term_of_scale;
use crate::data::variables::variable;

/// Words for dependence on each scale.
const SCALES: [(Scale, &str); 5] = [
    (Scale::Log, "Trade dependence (log)"),
    (Scale::Log100, "Trade dependence (log, factor 100)"),
    (Scale::Log10000, "Trade dependence (log, factor 10,000)"),
    (Scale::Root, "Trade dependence (square root)"),
    (Scale::Share, "Trade dependence (share)"),
];

/// Words for a term of a model: labels of its variables, `x[level]` as "x: level".
#[must_use]
pub fn label(term: &str) -> String {
    let one = |piece: &str| {
        let (name, level) = match piece.strip_suffix(']').and_then(|open| open.split_once('[')) {
            Some((name, level)) => (name, Some(level)),
            None => (piece, None),
        };
        let words = match name {
            "(Intercept)" => "Intercept",
            name => match SCALES.iter().find(|(scale, _)| term_of_scale(*scale) == name) {
                Some((_, words)) => words,
                None => variable(name).map_or(name, |variable| variable.label),
            },
        };
        level.map_or_else(
            || words.to_owned(),
            |level| format!("{words}: {}", level_label(level).to_ascii_lowercase()),
        )
    };
    term.split(':').map(one).collect::<Vec<_>>().join(" × ")
}

/// Words for a group of regimes.
#[must_use]
pub fn level_label(level: &str) -> &str {
    match level {
        "personalist" => "Personalist",
        "nonpersonalist" => "Other autocracies",
        "democracy" => "Democracies",
        "unknown" => "Not coded",
        level => level,
    }
}
