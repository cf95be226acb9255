//! The two hypotheses: how much more often personalists concede than others, without trade, where dependence is high, and
//! how much that changes from one to the other, in every model.

use std::collections::BTreeMap;

use report::figure::{Axis, DIFFERENCES, Figure, Format, Marks, Panel, Point, Role, Series, cut_off};
use report::grid::{Body, Cell, Column, Grid, Row};
use report::words::{capital, p_value, percent};

use crate::exhibits::finding::{difference, supported, with_support};
use crate::exhibits::{abbreviations, about, high_words, measures, method};
use crate::findings::contrasts::label as contrast_label;
use crate::findings::hypotheses::{Contrast, Hypothesis, HypothesisReport, INDEX_CONTRAST, contrasts};
use crate::findings::rules::Finding;
use crate::fitting::estimate::Combined;
use crate::fitting::fitted::Fitted;

/// Who is compared with personalists.
const OTHERS: [(&str, &str, Role); 3] = [
    (INDEX_CONTRAST, "Index 1 against 0", Role::Compared),
    (
        "nonpersonalist",
        "Personalist against other autocracies",
        Role::Second,
    ),
    ("democracy", "Personalist against democracies", Role::Third),
];

/// Makes the figure; `None` where there is no model.
#[must_use]
pub fn figure(fitted: &[Fitted]) -> Option<Figure> {
    let models: Vec<&Fitted> = fitted.iter().collect();
    models.first()?;
    let rows = measures(fitted);
    let without = tests(fitted, &rows, |_| 0.0);
    let high = tests(fitted, &rows, |one| one.report.high_dependence);
    let second = changes(fitted, &rows);
    let panels = vec![
        panel("No trade (H1a)", &rows, &without),
        panel("High dependence (H1b)", &rows, &high),
        panel("Second difference", &rows, &second),
    ];
    let below = second.iter().filter(|(.., one)| one.high < 0.0).count();
    let (as_in_1a, as_in_1b) = (outside(&without), below_zero(&high));
    let main = second.first().map_or_else(String::new, |(_, others, one)| {
        let words = difference(one.estimate, one.low, one.high);
        let doubt = if one.low <= 0.0 && one.high >= 0.0 {
            ", an interval that includes zero"
        } else {
            ""
        };
        let first = models.first().map_or("", |one| one.model.dependence.short);
        format!("{words}{doubt} ({}, {first})", contrast_label(others))
    });
    let mut about = about::models(
        "Difference of the average probability of concession between regimes, personalist minus others, at no and at high \
         trade dependence, everything else as it was; and its change from one to the other, which is the test of the study’s \
         argument.",
        &models,
    );
    about.push(("Intervals".to_owned(), capital(&method(&models))));
    let about = with_support(about, &models);
    Some(Figure {
        number: 0,
        version: "all".to_owned(),
        version_label: "All models".to_owned(),
        title: format!(
            "From no to high dependence, personalists minus others change by {main}; the interval lies below 0 in {below} of \
             {} comparisons",
            second.len()
        ),
        subtitle: "How much more often personalists concede than others, without trade, at high dependence, and the change"
            .to_owned(),
        note: format!(
            "Of {} intervals each, {as_in_1a} without trade exclude zero, and {as_in_1b} at high dependence ({} of a \
             model’s episodes) lie below it.{}{}{}",
            high.len(),
            high_words(&models),
            abbreviations(&models),
            cut_off(&panels, DIFFERENCES),
            supported(&models)
        ),
        summary: panels
            .iter()
            .map(|panel| panel.described(Format::Points))
            .collect::<Vec<_>>()
            .join(" "),
        x: Axis::around("Percentage points", Format::Points, 0.1, DIFFERENCES, &panels),
        y: Axis::rows(),
        columns: 3,
        panels,
        differences: None,
        asides: Vec::new(),
        about,
    })
}

/// A difference of a model, personalist minus others: its row, who the others are, the difference.
type Tested = (usize, String, Point);

/// Every contrast of every model at a dependence.
fn tests(fitted: &[Fitted], rows: &[&str], dependence: impl Fn(&Fitted) -> f64) -> Vec<Tested> {
    let of = |one: &Fitted| {
        let row = row(one, rows);
        let contrasts = contrasts(one, dependence(one)).into_iter();
        let tested = move |contrast: Contrast| {
            let point = Point {
                x: row as f64,
                estimate: -contrast.estimate,
                low: -contrast.conf_high,
                high: -contrast.conf_low,
            };
            (row, contrast.others, point)
        };
        contrasts.map(tested).collect::<Vec<_>>()
    };
    fitted.iter().flat_map(of).collect()
}

/// The second differences of every model.
fn changes(fitted: &[Fitted], rows: &[&str]) -> Vec<Tested> {
    let of = |one: &Fitted| {
        let row = row(one, rows);
        let others = contrasts(one, one.report.high_dependence).into_iter();
        let pairs = others.zip(one.changes.clone());
        let tested = move |(contrast, change): (Contrast, Combined)| {
            let point = Point {
                x: row as f64,
                estimate: change.estimate,
                low: change.conf_low,
                high: change.conf_high,
            };
            (row, contrast.others, point)
        };
        pairs.map(tested).collect::<Vec<_>>()
    };
    fitted.iter().flat_map(of).collect()
}

fn row(one: &Fitted, rows: &[&str]) -> usize {
    let row = rows.iter().position(|row| *row == one.model.dependence.named);
    row.unwrap_or_default()
}

/// How many intervals exclude no difference.
fn outside(tests: &[Tested]) -> usize {
    let excludes = |point: &Point| point.low > 0.0 || point.high < 0.0;
    tests.iter().filter(|(.., point)| excludes(point)).count()
}

fn below_zero(tests: &[Tested]) -> usize {
    tests.iter().filter(|(.., point)| point.high < 0.0).count()
}

fn panel(title: &str, rows: &[&str], tests: &[Tested]) -> Panel {
    let series = OTHERS.map(|(key, label, role)| Series {
        label: label.to_owned(),
        role,
        points: tests
            .iter()
            .filter(|(_, others, _)| others == key)
            .map(|(.., point)| *point)
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

/// The tests as a table, in percentage points; `labels` has words for models.
#[must_use]
pub fn grid(reports: &[HypothesisReport], labels: &BTreeMap<String, String>) -> Grid {
    let words = |name: &str| labels.get(name).map_or(name, String::as_str).to_owned();
    let column = |label: &str, below: &str| Column {
        label: label.to_owned(),
        below: below.to_owned(),
        values: ["points", "95% from", "95% to", "p"].map(str::to_owned).to_vec(),
    };
    let verdict = Column {
        label: "Verdict".to_owned(),
        ..Column::default()
    };
    let numbers = |estimate: f64, low: f64, high: f64, p: f64| Cell {
        below: p_value(p),
        ..Cell::points(
            Format::Points.interval(estimate, low, high),
            &[estimate, low, high],
            &[p],
        )
    };
    let cells = |one: &HypothesisReport| {
        let verdict = match one.finding {
            Finding::Holds => "holds",
            Finding::Contradicted => "contradicted",
            Finding::Undecided => "undecided",
        };
        let mut cells = vec![
            numbers(-one.estimate, -one.conf_high, -one.conf_low, one.p_value),
            Cell::text(verdict),
        ];
        cells.extend(
            one.second_difference
                .map(|second| numbers(second.estimate, second.conf_low, second.conf_high, second.p_value)),
        );
        cells.extend(one.support.as_ref().map(|support| Cell {
            below: format!("{} points", percent(support.detectable).replace('%', "")),
            ..Cell::numbers(
                format!("{} of {}", support.personalist_at_high, support.at_high),
                &[
                    support.personalist_at_high as f64,
                    support.at_high as f64,
                    100.0 * support.detectable,
                ],
            )
        }));
        cells
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
        let title = capital(&contrast_label(&first.contrast));
        match bodies.iter_mut().find(|body| body.title == title) {
            Some(body) => body.rows.push(row),
            None => bodies.push(Body {
                title,
                rows: vec![row],
            }),
        }
    }
    Grid {
        title: "How much more often personalists concede than others, in percentage points".to_owned(),
        head: "Contrast and model".to_owned(),
        groups: Vec::new(),
        columns: vec![
            column("No trade", "H1a: no difference"),
            verdict.clone(),
            column("High dependence", "H1b: personalists less often"),
            verdict,
            column("From no to high", "second difference"),
            Column {
                label: "Personalist at high".to_owned(),
                below: "smallest difference found at 80% power".to_owned(),
                values: ["personalist", "episodes", "smallest difference in points"].map(str::to_owned).to_vec(),
            },
        ],
        bodies,
        notes: vec![
            "Differences of average probabilities of concession, personalist minus others, with 95% intervals (delta \
             method). The second difference, from no to high dependence, is the test of the study’s argument. Personalist \
             episodes are counted at or above high dependence; the smallest difference is the one that a test at 5% would find \
             in 80 of 100 samples."
                .to_owned(),
            "No difference holds where the whole interval lies within 10 points to either side and includes 0, and is \
             contradicted where the interval excludes 0. More often holds where the interval lies above 0, and is \
             contradicted where it lies below. All else is undecided."
                .to_owned(),
        ],
    }
}
