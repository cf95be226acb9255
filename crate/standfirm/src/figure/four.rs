//! Figure 4: effect of democracy, and of other autocracy, against personalist rule, as trade dependence goes from
//! its minimum to its maximum.

use super::{Axis, Figure, Format, Marks, Panel, Point, Role, Series, points};
use crate::Result;
use crate::replicate::{Fitted, settings};
use crate::report::{Comparison, Value};
use crate::study::{DEPENDENCE, LEVEL, REGIME, STUDY, level_label};

/// Steps along the axis.
const STEPS: u32 = 24;

/// Makes the figure: a version for each model that uses the regime, and one with all of them.
///
/// # Errors
/// [`crate::Error::Model`] where a fit lacks a variable of the study.
pub fn figures(fitted: &[Fitted]) -> Result<Vec<Figure>> {
    let models: Vec<&Fitted> = fitted
        .iter()
        .filter(|one| one.model.explanation.key == REGIME.key)
        .collect();
    let panels: Vec<Vec<Panel>> = models.iter().map(|one| panels(one)).collect::<Result<_>>()?;
    let mut figures: Vec<Figure> = models
        .iter()
        .zip(&panels)
        .map(|(one, panels)| {
            let dependence = one.model.dependence;
            figure(dependence.key, dependence.label, panels.clone())
        })
        .collect();
    let named = models.iter().zip(panels).flat_map(|(one, panels)| {
        panels.into_iter().map(|panel| {
            let title = format!("{}, {}", panel.title, one.model.dependence.short);
            Panel { title, ..panel }
        })
    });
    figures.push(figure("all", "All models", named.collect()));
    Ok(figures)
}

fn figure(version: &str, label: &str, panels: Vec<Panel>) -> Figure {
    let right = panels
        .iter()
        .flat_map(|panel| &panel.rug)
        .copied()
        .fold(1.0, f64::max);
    let all = version == "all";
    Figure {
        number: 4,
        version: version.to_owned(),
        version_label: label.to_owned(),
        title: if all { all_title(&panels) } else { title(&panels) },
        subtitle: "Difference in the probability of concession, against a personalist target, as trade dependence rises"
            .to_owned(),
        note: "Average over the episodes, everything else as observed; bands are 95% intervals (delta method). The \
               axis runs from the smallest to the largest dependence observed; bars below it show where the episodes \
               are (square-root scale): far from them the curve is the model’s word alone."
            .to_owned(),
        summary: panels.iter().map(summary).collect::<Vec<_>>().join(" "),
        x: Axis {
            title: "ln(1 + 1000 × trade dependence)".to_owned(),
            min: 0.0,
            max: right,
            format: Format::Number,
            ends: None,
        },
        y: Axis::around("Percentage points", Format::Points, 0.1, &panels),
        columns: 2,
        panels,
    }
}

fn panels(fitted: &Fitted) -> Result<Vec<Panel>> {
    let observed = fitted.estimate.fit().design().frame().number(DEPENDENCE)?;
    let low = observed.iter().copied().fold(f64::INFINITY, f64::min);
    let high = observed.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let step = |step: u32| low + (high - low) * f64::from(step) / f64::from(STEPS);
    let dependences: Vec<f64> = (0..=STEPS).map(step).collect();
    let (settings, pairs) = settings(fitted.model, &dependences);
    let comparisons = fitted.estimate.predict(&settings, &pairs)?.comparisons;
    let panel = |level: &str, role| Panel {
        title: format!("{} against personalist", level_label(level)),
        marks: Marks::Curves,
        series: vec![Series {
            label: String::new(),
            role,
            points: curve(&comparisons, level),
        }],
        rug: observed.to_vec(),
    };
    Ok(vec![
        panel("democracy", Role::Democracy),
        panel("nonpersonalist", Role::Nonpersonalist),
    ])
}

fn curve(comparisons: &[Comparison], level: &str) -> Vec<Point> {
    let level = Value::Level(level.to_owned());
    comparisons
        .iter()
        .filter(|one| one.outcome == STUDY.focus && one.to.get(REGIME.variable) == Some(&level))
        .filter_map(|one| match one.at.get(DEPENDENCE)? {
            Value::Number(x) => Some(Point {
                x: *x,
                estimate: one.estimate,
                low: one.conf_low,
                high: one.conf_high,
            }),
            Value::Level(_) => None,
        })
        .collect()
}

/// The part of the axis where a curve's interval lies above zero.
fn positive(panel: &Panel) -> Option<(f64, f64)> {
    let mut above = panel
        .series
        .first()?
        .points
        .iter()
        .filter(|point| point.low > 0.0)
        .map(|point| point.x);
    let first = above.next()?;
    Some((first, above.next_back().unwrap_or(first)))
}

fn title(panels: &[Panel]) -> String {
    let one = |panel: &Panel| {
        let who = if panel.title.starts_with("Democra") {
            "democracies"
        } else {
            "other autocracies"
        };
        match positive(panel) {
            Some((from, _)) => format!("{who} concede more often than personalists from {from:.1} on"),
            None => format!("{who} cannot be told from personalists at any dependence"),
        }
    };
    let parts: Vec<String> = panels.iter().map(one).collect();
    let sentence = parts.join("; ");
    let mut letters = sentence.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn all_title(panels: &[Panel]) -> String {
    let apart = panels.iter().filter(|panel| positive(panel).is_some()).count();
    format!(
        "The effect against personalists is positive and significant somewhere along dependence in {apart} of {} \
         comparisons",
        panels.len()
    )
}

fn summary(panel: &Panel) -> String {
    let Some(series) = panel.series.first() else {
        return String::new();
    };
    let end = |point: Option<&Point>| {
        point.map_or_else(String::new, |point| {
            format!(
                "{} points ({} to {})",
                points(point.estimate),
                points(point.low),
                points(point.high)
            )
        })
    };
    format!(
        "{}: {} at the smallest dependence observed, {} at the largest; significant at the {} level {}.",
        panel.title,
        end(series.points.first()),
        end(series.points.last()),
        LEVEL,
        positive(panel).map_or_else(
            || "nowhere".to_owned(),
            |(from, to)| format!("from {from:.1} to {to:.1}")
        )
    )
}
