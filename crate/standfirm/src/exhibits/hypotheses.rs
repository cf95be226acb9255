//! The two hypotheses: how much more often others concede than personalists, without trade and where dependence is
//! high, in every model.

use std::collections::BTreeMap;

use report::figure::{Axis, DIFFERENCES, Figure, Format, Marks, Panel, Point, Role, Series, cut_off};
use report::grid::{Body, Cell, Column, Grid, Row};

use crate::exhibits::{about, measures, method};
use crate::findings::hypotheses::{Contrast, Hypothesis, HypothesisReport, INDEX_CONTRAST, contrasts};
use crate::findings::rules::Finding;
use crate::fitting::fitted::Fitted;

/// Who is compared with personalists.
const OTHERS: [(&str, &str, Role); 3] = [
    (INDEX_CONTRAST, "Index 0 against 1", Role::First),
    (
        "nonpersonalist",
        "Other autocracies against personalist",
        Role::Second,
    ),
    ("democracy", "Democracies against personalist", Role::Third),
];

/// Makes the figure; `None` where there is no model.
#[must_use]
pub fn figure(fitted: &[Fitted]) -> Option<Figure> {
    let models: Vec<&Fitted> = fitted.iter().collect();
    models.first()?;
    let rows = measures(fitted);
    let without = tests(fitted, &rows, |_| 0.0);
    let high = tests(fitted, &rows, |one| one.report.high_dependence);
    let found = |tests: &[(usize, String, Contrast)], hypothesis, finding| {
        let same = tests
            .iter()
            .filter(|(_, _, one)| one.finding(hypothesis) == finding);
        same.count()
    };
    let none = |finding| found(&without, Hypothesis::H1a, finding);
    let more = found(&high, Hypothesis::H1b, Finding::Holds);
    let panels = vec![
        panel("No trade (H1a: no difference)", &rows, &without),
        panel("High dependence (H1b: others more often)", &rows, &high),
    ];
    let count = |some: usize, all: usize| match some {
        0 => format!("none of {all} comparisons"),
        some if some == all => format!("all {all} comparisons"),
        some => format!("{some} of {all} comparisons"),
    };
    Some(Figure {
        number: 0,
        version: "all".to_owned(),
        version_label: "All models".to_owned(),
        title: format!(
            "Without trade others concede as often, within 10 points, in {}, and {} {} undecided; where dependence is \
             high they concede more often, beyond chance, in {}",
            count(none(Finding::Holds), without.len()),
            none(Finding::Undecided),
            if none(Finding::Undecided) == 1 {
                "is"
            } else {
                "are"
            },
            count(more, high.len())
        ),
        subtitle: "How much more often others concede than personalists".to_owned(),
        note: format!(
            "Differences of average probabilities of concession, {}. High dependence is the 90th percentile of a model’s \
             episodes.{}",
            method(&models),
            cut_off(&panels, DIFFERENCES)
        ),
        summary: panels
            .iter()
            .map(|panel| panel.described(Format::Points))
            .collect::<Vec<_>>()
            .join(" "),
        x: Axis::around("Percentage points", Format::Points, 0.1, DIFFERENCES, &panels),
        y: Axis::rows(),
        columns: 2,
        panels,
        about: about::models(
            "Difference of the average probability of concession between regimes, at no and at high trade dependence, \
             everything else as it was.",
            &models,
        ),
    })
}

/// Every contrast of every model at a dependence: its row, who is compared, the difference.
fn tests(
    fitted: &[Fitted],
    rows: &[&str],
    dependence: impl Fn(&Fitted) -> f64,
) -> Vec<(usize, String, Contrast)> {
    let of = |one: &Fitted| {
        let row = rows.iter().position(|row| *row == one.model.dependence.short);
        let contrasts = contrasts(one, dependence(one)).into_iter();
        contrasts
            .map(move |contrast| (row.unwrap_or_default(), contrast.others.clone(), contrast))
            .collect::<Vec<_>>()
    };
    fitted.iter().flat_map(of).collect()
}

fn panel(title: &str, rows: &[&str], tests: &[(usize, String, Contrast)]) -> Panel {
    let series = OTHERS.map(|(key, label, role)| Series {
        label: label.to_owned(),
        role,
        points: tests
            .iter()
            .filter(|(_, others, _)| others == key)
            .map(|(row, _, contrast)| Point {
                x: *row as f64,
                estimate: contrast.estimate,
                low: contrast.conf_low,
                high: contrast.conf_high,
            })
            .collect(),
    });
    Panel {
        title: title.to_owned(),
        marks: Marks::Rows(rows.iter().map(|row| (*row).to_owned()).collect()),
        series: series
            .into_iter()
            .filter(|series| !series.points.is_empty())
            .collect(),
        rug: Vec::new(),
    }
}

/// The tests as a table, in percentage points; `labels` has words for models and contrasts.
#[must_use]
pub fn grid(reports: &[HypothesisReport], labels: &BTreeMap<String, String>) -> Grid {
    let words = |name: &str| labels.get(name).map_or(name, String::as_str).to_owned();
    let difference = |label: &str, below: &str| Column {
        label: label.to_owned(),
        below: below.to_owned(),
        values: ["difference", "95% from", "95% to", "p"]
            .map(str::to_owned)
            .to_vec(),
    };
    let verdict = Column {
        label: "Verdict".to_owned(),
        ..Column::default()
    };
    let cells = |one: &HypothesisReport| {
        let text = Format::Points.interval(one.estimate, one.conf_low, one.conf_high);
        let verdict = match one.finding {
            Finding::Holds => "holds",
            Finding::Contradicted => "contradicted",
            Finding::Undecided => "undecided",
        };
        [
            Cell {
                below: format!("p = {:.3}", one.p_value),
                ..Cell::numbers(text, &[one.estimate, one.conf_low, one.conf_high, one.p_value])
            },
            Cell::text(verdict),
        ]
    };
    let mut bodies: Vec<Body> = Vec::new();
    for first in reports.iter().filter(|one| one.hypothesis == Hypothesis::H1a) {
        let second = reports.iter().find(|one| {
            one.hypothesis == Hypothesis::H1b && one.model == first.model && one.contrast == first.contrast
        });
        let row = Row {
            label: words(&first.model),
            value: None,
            cells: [Some(first), second]
                .into_iter()
                .flatten()
                .flat_map(cells)
                .collect(),
        };
        let title = words(&first.contrast);
        match bodies.iter_mut().find(|body| body.title == title) {
            Some(body) => body.rows.push(row),
            None => bodies.push(Body {
                title,
                rows: vec![row],
            }),
        }
    }
    Grid {
        title: "How much more often others concede than personalists, in percentage points".to_owned(),
        head: "Contrast and model".to_owned(),
        groups: Vec::new(),
        columns: vec![
            difference("No trade", "H1a: no difference"),
            verdict.clone(),
            difference("High dependence", "H1b: others more often"),
            verdict,
        ],
        bodies,
        notes: vec![
            "Differences of average probabilities of concession with 95% intervals (delta method).".to_owned(),
            "No difference holds where the whole interval lies within 10 points to either side and includes 0, and is \
             contradicted where the interval excludes 0. More often holds where the interval lies above 0, and is \
             contradicted where it lies below. All else is undecided."
                .to_owned(),
        ],
    }
}
