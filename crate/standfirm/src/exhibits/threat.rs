//! What a model makes of one threat, as a figure.

use mlogit::Table;
use report::figure::{Axis, Figure, Marks, Panel, Point, Role, Series};
use report::results::{Comparison, Prediction};
use report::words::{capital, percent};
use serde::Serialize;

use super::about;
use crate::error::Result;
use crate::exhibits::finding::{beyond, difference};
use crate::findings::threat::ThreatId;
use crate::findings::threat::answer::{ThreatReport, answer};
use crate::fitting::fitted::Fitted;
use crate::specification::Specification;
use crate::study::thesis::STUDY;

/// What a model makes of a threat, with a figure of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct ThreatExhibit {
    /// What it makes of it.
    #[serde(flatten)]
    pub report: ThreatReport,
    /// The probabilities of all outcomes, as it was and as it is changed.
    pub figure: Figure,
}

/// What a fitted model makes of a threat, with changes as [`crate::findings::threat::answer::changes`] reads them.
///
/// # Errors
/// As [`answer`].
pub fn exhibit(
    specification: &Specification,
    fitted: &Fitted,
    episodes: &Table,
    which: ThreatId,
    changes: &str,
) -> Result<ThreatExhibit> {
    let report = answer(specification, fitted, episodes, which, changes)?;
    let changed = (!report.differences.is_empty()).then_some(report.changed.as_slice());
    let figure = figure(
        &report.title,
        report.happened.as_deref(),
        fitted,
        &report.as_it_was,
        changed,
        &report.differences,
    );
    Ok(ThreatExhibit { report, figure })
}

/// The probabilities of all outcomes, as it was and as it is changed.
fn figure(
    title: &str,
    happened: Option<&str>,
    fitted: &Fitted,
    before: &[Prediction],
    after: Option<&[Prediction]>,
    differences: &[Comparison],
) -> Figure {
    let rows: Vec<String> = before.iter().map(|one| capital(&one.outcome)).collect();
    let points = |predictions: &[Prediction]| {
        let point = |(row, one): (usize, &Prediction)| Point::of(row as f64, one);
        predictions.iter().enumerate().map(point).collect()
    };
    let mut series = vec![Series {
        label: "As it was".to_owned(),
        role: Role::Actual,
        points: points(before),
    }];
    if let Some(after) = after {
        series.insert(
            0,
            Series {
                label: "As you changed it".to_owned(),
                role: Role::Chosen,
                points: points(after),
            },
        );
    }
    let in_words = |predictions: &[Prediction]| {
        let one = |one: &Prediction| {
            format!(
                "{} {} ({} to {})",
                one.outcome,
                percent(one.estimate),
                percent(one.conf_low),
                percent(one.conf_high)
            )
        };
        predictions.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    let focus = |predictions: &[Prediction]| {
        let found = predictions.iter().find(|one| one.outcome == STUDY.focus);
        found.map_or_else(String::new, |one| percent(one.estimate))
    };
    let finding = match after {
        Some(after) => {
            let mut all = differences.iter();
            let one = all.find(|one| one.outcome == STUDY.focus);
            let one = one.map_or_else(String::new, |one| {
                format!(": {}", difference(one.estimate, one.conf_low, one.conf_high))
            });
            format!(
                "{title}: the chance of concession is {} as changed, {} as it was{one}",
                focus(after),
                focus(before)
            )
        }
        None => format!(
            "{title}: the model puts the chance of concession at {}",
            focus(before)
        ),
    };
    let ended = happened.map_or_else(String::new, |outcome| format!(" It ended in {outcome}."));
    let summary = match after {
        Some(after) => format!(
            "As changed: {}. As it was: {}.{ended}",
            in_words(after),
            in_words(before)
        ),
        None => format!("As it was: {}.{ended}", in_words(before)),
    };
    let panels = vec![Panel {
        title: String::new(),
        marks: Marks::Rows(rows),
        series,
        rug: Vec::new(),
    }];
    Figure {
        number: 0,
        version: "threat".to_owned(),
        version_label: fitted.model.label(),
        title: finding,
        subtitle: format!("Probability of each outcome. {}", fitted.model.label()),
        note: format!(
            "What is unknown of the threat is averaged over the episodes of the model. 95% intervals.{ended}{}",
            beyond(&panels)
        ),
        summary,
        x: Axis::probabilities(&panels),
        y: Axis::rows(),
        columns: 1,
        panels,
        differences: None,
        asides: Vec::new(),
        about: about::models("What one model makes of one threat of sanctions.", &[fitted]),
    }
}
