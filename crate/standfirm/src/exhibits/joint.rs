//! The multiverse as a whole beside what random regimes make of it.

use report::grid::{Body, Cell, Column, Grid, Row};
use report::words::{p_value, thousands};

use crate::exhibits::about::{About, CITATION};
use crate::findings::dealing::Dealt;
use crate::findings::multiverse::joint::{JointStatistic, JointTest};

/// What was dealt out, in words.
fn dealt(found: &JointTest) -> &'static str {
    match Dealt::find(found.dealt) {
        Ok(Dealt::Histories) => "each target gets the regimes of another in their order",
        _ => "each episode gets the regime of another",
    }
}

/// What the models say as a whole, with the p-value of each number.
#[must_use]
pub fn grid(found: &JointTest) -> Grid {
    let column = |label: &str, below: &str, values: &[&str]| Column {
        label: label.to_owned(),
        below: below.to_owned(),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    };
    let row = |one: &JointStatistic| {
        let [as_it_was, random] = &one.words;
        Row {
            label: one.label.to_owned(),
            value: None,
            cells: vec![
                Cell::numbers(as_it_was.clone(), &[one.as_it_was]),
                Cell::numbers(random.clone(), &[one.low, one.middle, one.high]),
                Cell::numbers(thousands(one.as_far), &[one.as_far as f64]),
                Cell::numbers(p_value(one.p_value), &[one.p_value]),
                Cell::numbers(format!("{:.3}", one.monte_carlo_error), &[one.monte_carlo_error]),
            ],
        }
    };
    Grid {
        title: title(found),
        head: "All models together".to_owned(),
        groups: Vec::new(),
        columns: vec![
            column("As it was", "", &["value"]),
            column(
                "Random regimes",
                "19 draws in 20",
                &["one in forty below", "median", "one in forty above"],
            ),
            column("As far from none", "draws", &["draws"]),
            column("Joint test", "", &["p"]),
            column("Its error", "more draws, less", &["Monte Carlo error of p"]),
        ],
        bodies: vec![Body {
            title: String::new(),
            rows: found.statistics.iter().map(row).collect(),
        }],
        notes: vec![note(found)],
    }
}

fn title(found: &JointTest) -> String {
    let told = |key: &str| {
        let one = found.statistics.iter().find(|one| one.key == key);
        one.map_or_else(String::new, |one| {
            format!("{} ({})", one.words[0], p_value(one.p_value))
        })
    };
    format!(
        "Taken together: a median difference of {}, below 0 in {}, by {} draws of random regimes",
        told("median"),
        told("negative"),
        thousands(found.draws)
    )
}

fn note(found: &JointTest) -> String {
    format!(
        "{} models of {}: {} fits drawn by lot, each at every dependence that may count as high; {} have an ordinary estimate. \
         Regimes are dealt out {} times: {}. Seed {}.",
        thousands(found.models),
        thousands(found.of),
        thousands(found.fits),
        thousands(found.estimated),
        thousands(found.draws),
        dealt(found),
        found.seed
    )
}

/// The same in sentences, one for each number.
#[must_use]
pub fn sentences(found: &JointTest) -> Vec<String> {
    let one = |one: &JointStatistic| {
        format!(
            "{}: {}; with random regimes {} in 19 draws of 20, and as far from no difference in {} of {} ({}, give or take \
             {:.3}).",
            one.label,
            one.words[0],
            one.words[1],
            thousands(one.as_far),
            thousands(found.draws),
            p_value(one.p_value),
            one.monte_carlo_error
        )
    };
    found.statistics.iter().map(one).collect()
}

/// What a reader may ask.
#[must_use]
pub fn about() -> About {
    [
        (
            "Shown",
            "Whether the models, taken together, say more than they would by chance. They are fitted to the same threats, so \
             that one chance moves thousands of them, and their number is no evidence. Regimes are dealt out at random, all \
             models fitted anew, and what they say as a whole compared.",
        ),
        (
            "Joint test",
            "(1 + draws as far from no difference, to either side) / (1 + draws). The median is compared by its distance from \
             0, the share below 0 by its distance from one half. Intervals are those of the study’s standard errors. The error \
             of a p-value, sqrt(p (1 − p) / draws), says how much another seed would change it.",
        ),
        (
            "Drawn by lot",
            "Every model, hundreds of times over, would take hours. So some fits are drawn by lot, by the seed and before \
             anything is looked at, and both sides of the comparison are of these. The test is as good whatever their number; \
             it is of their median, which need not be that of all. The command line takes as many as one likes \
             (standfirm randomize --multiverse --fits 12600).",
        ),
        (
            "Dealt out",
            "For all models at once, and so that every measure of regimes is known where it was: each model keeps its threats. \
             Either regimes of single episodes, among those of which the same measures are known; or whole histories among \
             targets of that kind, in their order, drawn out or shortened. Models that cannot be estimated in a draw, or in \
             which a control predicts an outcome without error, do not count in it.",
        ),
        ("Source", CITATION),
    ]
    .map(|(term, words)| (term.to_owned(), words.to_owned()))
    .into()
}
