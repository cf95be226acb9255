//! The main contrasts beside what random regimes make of them.

use report::figure::Format;
use report::grid::{Body, Cell, Column, Grid, Row};
use report::words::{capital, p_value};

use crate::exhibits::about::{About, CITATION};
use crate::findings::contrasts::label;
use crate::findings::dealing::Dealt;
use crate::findings::randomization::{Randomization, Randomized};

/// What was dealt out, in words.
fn dealt(found: &Randomization) -> &'static str {
    match Dealt::find(&found.dealt) {
        Ok(Dealt::Histories) => "each target gets the regimes of another in their order",
        _ => "each episode gets the regime of another",
    }
}

/// The contrasts with both p-values.
#[must_use]
pub fn grid(found: &Randomization) -> Grid {
    let column = |label: &str, below: &str, values: &[&str]| Column {
        label: label.to_owned(),
        below: below.to_owned(),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    };
    let row = |one: &Randomized| {
        let effect = one.effect;
        Row {
            label: capital(&label(&one.others)),
            value: None,
            cells: vec![
                Cell::points(
                    Format::Points.interval(effect.estimate, effect.conf_low, effect.conf_high),
                    &[effect.estimate, effect.conf_low, effect.conf_high],
                    &[],
                ),
                Cell::numbers(format!("{:.2}", one.t).replace('-', "−"), &[one.t]),
                Cell::numbers(p_value(effect.p_value), &[effect.p_value]),
                Cell::numbers(p_value(one.randomization_p), &[one.randomization_p]),
                Cell::numbers(format!("{:.2}", one.critical_t), &[one.critical_t]),
                Cell::numbers(format!("{:.1}%", one.wald_size * 100.0), &[one.wald_size]),
            ],
        }
    };
    Grid {
        title: title(found),
        head: "Contrast at high dependence".to_owned(),
        groups: Vec::new(),
        columns: vec![
            column("Difference", "points", &["points", "95% from", "95% to"]),
            column("t", "", &["t"]),
            column("Wald’s test", "", &["p"]),
            column("Randomization", "", &["p"]),
            column("5% exceed", "|t|, 1.96 in Wald’s test", &["critical t"]),
            column("Wald’s test is wrong", "5% if it were right", &["share"]),
        ],
        bodies: vec![Body {
            title: String::new(),
            rows: found.contrasts.iter().map(row).collect(),
        }],
        notes: vec![note(found)],
    }
}

fn title(found: &Randomization) -> String {
    let agree = found.contrasts.iter().filter(|one| one.agree()).count();
    let all = found.contrasts.len();
    let parts: Vec<String> = found
        .contrasts
        .iter()
        .map(|one| {
            let (wald, randomized) = (p_value(one.effect.p_value), p_value(one.randomization_p));
            format!(
                "{} {} ({wald} by Wald’s test, {randomized} by randomization)",
                label(&one.others),
                Format::Points.interval(one.effect.estimate, one.effect.conf_low, one.effect.conf_high)
            )
        })
        .collect();
    let doubt = if agree == all {
        ""
    } else {
        ". The two tests disagree"
    };
    format!("At high dependence {}{doubt}", parts.join("; "))
}

fn note(found: &Randomization) -> String {
    format!(
        "{}, {} episodes against {} targets. Regimes are dealt out {} times: {}. A p-value by randomization is the share of \
         draws in which |t| is at least as large as it was, this one counted in. Seed {}.",
        found.label,
        found.n,
        found.targets,
        found.draws,
        dealt(found),
        found.seed
    )
}

/// The same in sentences.
#[must_use]
pub fn sentences(found: &Randomization) -> Vec<String> {
    found.sentences()
}

/// What a reader may ask.
#[must_use]
pub fn about(found: &Randomization) -> About {
    [
        (
            "Shown",
            "Whether the difference could have come about by chance, without an assumption about its distribution: were \
             regime of no importance, any other order of the regimes would have been as likely. The model is fitted anew to \
             each, and |t| of the contrast at high dependence is compared."
                .to_owned(),
        ),
        (
            "Dealt out",
            "Regimes of single episodes, within those that the model uses; or whole histories: targets exchange the regimes of \
             all their episodes, in their order, drawn out or shortened to as many episodes as the other has."
                .to_owned(),
        ),
        ("Model", format!("{}, as specified in the builder", found.label)),
        ("Source", CITATION.to_owned()),
    ]
    .map(|(term, words)| (term.to_owned(), words))
    .into()
}
