//! Whether regime type helps to predict: forecasts with and without it, their calibration and what they held likeliest.

use report::figure::{Axis, Figure, Format, Marks, Panel, Point, Role, Series, cut_off};
use report::grid::{Body, Cell, Column, Grid, Group, Row};
use report::words::{capital, percent, signed};

use crate::exhibits::about::{About, CITATION};
use crate::findings::validation::results::{Forecast, Score, ScoreKind, Scores, Validation};

/// Forecasts that are shares apart in the figures, with the colours of theirs.
const COMPARED: [(Forecast, &str, Role); 2] = [
    (Forecast::Model, "with regime type", Role::Compared),
    (Forecast::WithoutRegime, "without regime type", Role::Reference),
];
/// Differences of scores that are shown.
const SCORES: (f64, f64) = (-0.3, 0.3);
const PROBABILITIES: (f64, f64) = (0.0, 1.0);

/// The figures: the differences of the scores, then the calibration of cross-validated forecasts.
#[must_use]
pub fn figures(found: &Validation) -> Vec<Figure> {
    vec![scores(found), calibration(found)]
}

fn of(scores: &Scores, forecast: Forecast) -> Option<&Score> {
    scores.forecasts.iter().find(|one| one.forecast == forecast)
}

/// What folds are made of, in words.
fn unit(found: &Validation) -> &str {
    match found.clusters.as_str() {
        "target" => "targets",
        "sender" => "senders",
        _ => "pairs of states",
    }
}

fn note(found: &Validation) -> String {
    let lost = match found.unforecast {
        0 => String::new(),
        some => format!(" {some} more could not be forecast: only their own fold knows a regime of theirs."),
    };
    format!(
        "{} episodes. Cross-validated in {} folds of whole {} ({} of them), seed {}{}.{lost}",
        found.n,
        found.folds,
        unit(found),
        found.groups,
        found.seed,
        match found.repeats.len() {
            0 | 1 => String::new(),
            some => format!(
                "; folds are made {some} times, details are of the first. Cross-validated differences are the median over \
                 these ways, and their bars hold 19 of 20"
            ),
        }
    )
}

fn figure(found: &Validation, version: &str, label: &str, panels: Vec<Panel>, axes: (Axis, Axis)) -> Figure {
    Figure {
        number: 0,
        version: version.to_owned(),
        version_label: label.to_owned(),
        title: found.answer(),
        subtitle: String::new(),
        note: note(found),
        summary: found.sentences(),
        x: axes.0,
        y: axes.1,
        columns: 3,
        panels,
        differences: None,
        asides: Vec::new(),
        about: about(found),
    }
}

/// How much worse the model scores than the same model without regime type.
fn scores(found: &Validation) -> Figure {
    let kinds = [
        ("Log score, in sample", &found.in_sample, ScoreKind::Log),
        (
            "Log score, cross-validated",
            &found.cross_validated,
            ScoreKind::Log,
        ),
        ("Brier score, in sample", &found.in_sample, ScoreKind::Brier),
        (
            "Brier score, cross-validated",
            &found.cross_validated,
            ScoreKind::Brier,
        ),
    ];
    let against = |forecast: Forecast, label: &str, role| Series {
        label: label.to_owned(),
        role,
        points: kinds
            .iter()
            .enumerate()
            .filter_map(|(row, (_, scores, kind))| {
                let mut differences = scores.differences.iter();
                let one = differences.find(|one| one.against == forecast && one.score == *kind)?;
                let cross = std::ptr::eq(*scores, &found.cross_validated);
                let (estimate, low, high) = match found.spread(*kind, forecast).filter(|_| cross) {
                    Some(spread) => (spread.median, spread.low, spread.high),
                    None => (one.estimate, one.conf_low, one.conf_high),
                };
                Some(Point {
                    x: row as f64,
                    estimate,
                    low,
                    high,
                })
            })
            .collect(),
    };
    let panels = vec![Panel {
        title: String::new(),
        marks: Marks::Rows(kinds.iter().map(|(label, ..)| (*label).to_owned()).collect()),
        series: vec![
            against(
                Forecast::WithoutRegime,
                "against the model without regime type",
                Role::Compared,
            ),
            against(
                Forecast::Shares,
                "against the shares of the outcomes alone",
                Role::Rest,
            ),
        ],
        rug: Vec::new(),
    }];
    let x = Axis::around(
        "Difference of the scores: below 0 the model forecasts better",
        Format::Number,
        0.05,
        SCORES,
        &panels,
    );
    let cut = cut_off(&panels, SCORES);
    let mut figure = figure(
        found,
        "scores",
        "differences of scores",
        panels,
        (x, Axis::rows()),
    );
    figure.subtitle = format!(
        "Score of the model with regime type minus the score of another forecast: the lower, the better. 95% intervals. {}",
        found.label
    );
    figure.note.push_str(cut);
    figure
}

/// What was forecast against how often it happened, by outcome.
fn calibration(found: &Validation) -> Figure {
    let panel = |(outcome, name): (usize, &String)| Panel {
        title: capital(name),
        marks: Marks::Dots,
        series: COMPARED
            .into_iter()
            .filter_map(|(forecast, label, role)| {
                let bins = of(&found.cross_validated, forecast)?.calibration.get(outcome)?;
                let points = bins.iter().map(|bin| Point {
                    x: bin.forecast,
                    estimate: bin.observed,
                    low: bin.conf_low,
                    high: bin.conf_high,
                });
                Some(Series {
                    label: label.to_owned(),
                    role,
                    points: points.collect(),
                })
            })
            .collect(),
        rug: Vec::new(),
    };
    let panels: Vec<Panel> = found.outcomes.iter().enumerate().map(panel).collect();
    let axis = |title: &str| Axis {
        title: title.to_owned(),
        min: PROBABILITIES.0,
        max: PROBABILITIES.1,
        format: Format::Percent,
        ends: None,
    };
    let axes = (axis("Forecast probability"), axis("Share in which it happened"));
    let mut figure = figure(found, "calibration", "calibration", panels, axes);
    figure.subtitle = format!(
        "How often each outcome happened where it was given such a probability, in tenths of the episodes; forecasts that \
         are right lie on the line. {}",
        found.label
    );
    figure
}

fn about(found: &Validation) -> About {
    [
        (
            "Shown",
            "Forecasts of the same episodes by the model, by the same model without regime type and its interaction, and by \
             the shares of the outcomes alone. In sample, each is made from all episodes; cross-validated, from those of the \
             other folds, so that nothing of an episode’s own cluster is known."
                .to_owned(),
        ),
        (
            "Scores",
            "Log score: the mean of −ln p of what happened. Brier score: the mean over episodes of the sum over outcomes of \
             (p − happened)², from 0 to 2. Of both, less is better. Intervals of differences are clustered as the folds are."
                .to_owned(),
        ),
        (
            "Calibration",
            "Wilson’s intervals of the share in which an outcome happened.".to_owned(),
        ),
        ("Model", format!("{}, as specified in the builder", found.label)),
        ("Source", CITATION.to_owned()),
    ]
    .map(|(term, words)| (term.to_owned(), words))
    .into()
}

/// All scores, with their differences.
#[must_use]
pub fn grid(found: &Validation) -> Grid {
    let body = |label: &str, scores: &Scores| Body {
        title: label.to_owned(),
        rows: scores.forecasts.iter().map(|score| row(scores, score)).collect(),
    };
    let column = |label: &str, values: &[&str]| Column {
        label: label.to_owned(),
        below: String::new(),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    };
    let difference = || column("The model minus it", &["estimate", "95% from", "95% to"]);
    Grid {
        title: found.answer(),
        head: "Forecast".to_owned(),
        columns: vec![
            column("Log score", &["score"]),
            difference(),
            column("Brier score", &["score"]),
            difference(),
            column("Likeliest came true", &["share"]),
        ],
        bodies: vec![
            body("In sample", &found.in_sample),
            body("Cross-validated", &found.cross_validated),
        ],
        notes: vec![format!(
            "{} The table is of the first folds, with intervals clustered as they are.",
            note(found)
        )],
        ..Grid::default()
    }
}

fn row(scores: &Scores, score: &Score) -> Row {
    let difference = |kind: ScoreKind| {
        let mut all = scores.differences.iter();
        let found = all.find(|one| one.against == score.forecast && one.score == kind);
        found.map_or_else(Cell::default, |one| {
            Cell::numbers(
                format!(
                    "{} ({} to {})",
                    signed(one.estimate),
                    signed(one.conf_low),
                    signed(one.conf_high)
                ),
                &[one.estimate, one.conf_low, one.conf_high],
            )
        })
    };
    let number = |value: f64| Cell::numbers(format!("{value:.3}"), &[value]);
    Row {
        label: capital(score.forecast.label()),
        value: None,
        cells: vec![
            number(score.log),
            difference(ScoreKind::Log),
            number(score.brier),
            difference(ScoreKind::Brier),
            Cell::numbers(percent(score.accuracy), &[score.accuracy]),
        ],
    }
}

/// What happened, by what was held likeliest, with and without regime type.
#[must_use]
pub fn confusion(found: &Validation) -> Grid {
    let forecasts = COMPARED
        .iter()
        .filter_map(|(forecast, label, _)| Some((of(&found.cross_validated, *forecast)?, *label)));
    let forecasts: Vec<(&Score, &str)> = forecasts.collect();
    let rows = found.outcomes.iter().enumerate().map(|(happened, outcome)| Row {
        label: capital(outcome),
        value: None,
        cells: forecasts
            .iter()
            .filter_map(|(score, _)| score.confusion.get(happened))
            .flatten()
            .map(|count| Cell::numbers(count.to_string(), &[*count as f64]))
            .collect(),
    });
    let right = |score: &Score| {
        let all: usize = score.confusion.iter().flatten().sum();
        let right = score
            .confusion
            .iter()
            .enumerate()
            .filter_map(|(at, row)| row.get(at));
        (right.sum::<usize>(), all)
    };
    let shares: Vec<String> = forecasts
        .iter()
        .map(|(score, label)| {
            let (right, all) = right(score);
            format!("in {right} of {all} episodes {label}")
        })
        .collect();
    Grid {
        title: format!(
            "What was held likeliest came true {}; always saying {} would have been right in {} of {}",
            shares.join(" and "),
            found.outcomes.get(found.commonest.0).map_or("", String::as_str),
            found.commonest.1,
            found.n
        ),
        head: "What happened".to_owned(),
        groups: forecasts
            .iter()
            .map(|(_, label)| Group {
                label: format!("held likeliest {label}"),
                columns: found.outcomes.len(),
            })
            .collect(),
        columns: forecasts
            .iter()
            .flat_map(|_| &found.outcomes)
            .map(|outcome| Column {
                label: outcome.clone(),
                below: String::new(),
                values: vec!["count".to_owned()],
            })
            .collect(),
        bodies: vec![Body {
            title: String::new(),
            rows: rows.collect(),
        }],
        notes: vec![note(found)],
    }
}
