//! Figure 4: effect of democracy, and of other autocracy, against personalist rule, as trade dependence goes from
//! its minimum to its maximum.

use report::figure::{
    Axis, DIFFERENCES, Figure, Format, Marks, Panel, Point, Role, Scale, Series, cut_off, rug,
};
use report::results::{Comparison, Value};
use report::words::{capital, points, share};

use crate::error::Result;
use crate::exhibits::{about, imputed_too, method};
use crate::fitting::fitted::Fitted;
use crate::study::thesis::{REGIME, STUDY};
use crate::study::words::level_label;

/// Makes the figure: a version for each model that uses the regime, and one with all of them; nothing where none
/// does.
///
/// # Errors
/// [`crate::Error::Model`] where a fit lacks a variable of the study.
pub fn figures(fitted: &[Fitted]) -> Result<Vec<Figure>> {
    let models: Vec<&Fitted> = fitted
        .iter()
        .filter(|one| one.model.explanation.key == REGIME.key)
        .collect();
    let Some(first) = models.first() else {
        return Ok(Vec::new());
    };
    let scale = first.model.scale;
    let effects: Vec<Effects> = models.iter().map(|one| effects(one)).collect::<Result<_>>()?;
    let mut figures: Vec<Figure> = effects
        .iter()
        .map(|one| {
            let dependence = one.fitted.model.dependence;
            figure(dependence.key, dependence.label, scale, std::slice::from_ref(one))
        })
        .collect();
    let named = effects.into_iter().map(|mut one| {
        for panel in &mut one.panels {
            panel.title = format!("{}, {}", panel.title, one.fitted.model.dependence.short);
        }
        one
    });
    figures.push(figure("all", "All models", scale, &named.collect::<Vec<_>>()));
    Ok(figures)
}

/// What a model says of every group of regimes.
struct Effects<'a> {
    fitted: &'a Fitted,
    /// Dependence of its episodes.
    observed: Vec<f64>,
    panels: Vec<Panel>,
}

fn figure(version: &str, label: &str, scale: Scale, effects: &[Effects<'_>]) -> Figure {
    let models: Vec<&Fitted> = effects.iter().map(|one| one.fitted).collect();
    let models = models.as_slice();
    let right = effects
        .iter()
        .flat_map(|one| &one.observed)
        .copied()
        .fold(scale.of(0.001), f64::max);
    let mut panels = Vec::new();
    for one in effects {
        let rug = rug(&one.observed, 0.0, right);
        panels.extend(one.panels.iter().map(|panel| Panel {
            rug: rug.clone(),
            ..panel.clone()
        }));
    }
    let all = version == "all";
    Figure {
        number: 4,
        version: version.to_owned(),
        version_label: label.to_owned(),
        title: if all { all_title(&panels) } else { title(&panels, scale) },
        subtitle: "Difference in the probability of concession, against a personalist target, as trade dependence rises"
            .to_owned(),
        note: format!(
            "{}. The axis runs from the smallest to the largest dependence observed; bars on it show where the \
             episodes are (square-root scale): far from them the curve is the model’s word alone.{}{}",
            capital(&method(models)),
            imputed_too(models.iter().copied()),
            cut_off(&panels, DIFFERENCES)
        ),
        summary: panels.iter().map(|panel| summary(panel, scale)).collect::<Vec<_>>().join(" "),
        x: Axis {
            title: match scale {
                Scale::Log | Scale::Log100 | Scale::Log10000 => "Trade dependence (logarithmic scale)",
                Scale::Root => "Trade dependence (square-root scale)",
                Scale::Share => "Trade dependence",
            }
            .to_owned(),
            min: 0.0,
            max: right,
            format: Format::Share(scale),
            ends: None,
        },
        y: Axis::around("Percentage points", Format::Points, 0.1, DIFFERENCES, &panels),
        columns: 2,
        panels,
        about: about::models(
            "Average difference in the probability of concession if every episode’s target were a democracy, or an \
             autocracy of another kind, in place of a personalist regime, at each level of trade dependence.",
            models,
        ),
    }
}

fn effects(fitted: &Fitted) -> Result<Effects<'_>> {
    let observed = fitted.estimate.values(fitted.model.term())?;
    let panel = |level: &str, role| Panel {
        title: format!("{} against personalist", level_label(level)),
        marks: Marks::Curves,
        series: vec![Series {
            label: String::new(),
            role,
            points: curve(&fitted.along, fitted.model.term(), level),
        }],
        rug: Vec::new(),
    };
    let panels = vec![
        panel("democracy", Role::Third),
        panel("nonpersonalist", Role::Second),
    ];
    Ok(Effects {
        fitted,
        observed,
        panels,
    })
}

fn curve(comparisons: &[Comparison], dependence: &str, level: &str) -> Vec<Point> {
    let level = Value::Level(level.to_owned());
    comparisons
        .iter()
        .filter(|one| one.outcome == STUDY.focus && one.to.get(REGIME.variable) == Some(&level))
        .filter_map(|one| match one.at.get(dependence)? {
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

/// The part of the axis where the whole interval of a curve lies on one side of zero.
fn apart(panel: &Panel, side: fn(&Point) -> bool) -> Option<(f64, f64)> {
    let mut apart = panel
        .series
        .first()?
        .points
        .iter()
        .filter(|point| side(point))
        .map(|point| point.x);
    let first = apart.next()?;
    Some((first, apart.next_back().unwrap_or(first)))
}

fn above(point: &Point) -> bool {
    point.low > 0.0
}

fn below(point: &Point) -> bool {
    point.high < 0.0
}

fn title(panels: &[Panel], scale: Scale) -> String {
    let found: Vec<String> = panels
        .iter()
        .filter_map(|panel| significant(panel, scale))
        .collect();
    match found.as_slice() {
        [] => "At no level of dependence can democracies or other autocracies be told from personalists"
            .to_owned(),
        parts if parts.len() == panels.len() => parts.join("; "),
        parts => format!("{}; elsewhere they cannot be told apart", parts.join("; ")),
    }
}

/// Where a regime can be told from personalists, if anywhere.
fn significant(panel: &Panel, scale: Scale) -> Option<String> {
    let share = |value| share(scale.share(value));
    let at = |(from, to): (f64, f64)| format!("where dependence is {} to {}", share(from), share(to));
    let more = apart(panel, above).map(|range| format!("more often than personalists {}", at(range)));
    let less = apart(panel, below).map(|range| format!("less often than personalists {}", at(range)));
    let parts: Vec<String> = [more, less].into_iter().flatten().collect();
    let who = panel.title.split(" against").next().unwrap_or_default();
    (!parts.is_empty()).then(|| format!("{who} concede significantly {}", parts.join(", ")))
}

fn all_title(panels: &[Panel]) -> String {
    let count = |side| panels.iter().filter(|panel| apart(panel, side).is_some()).count();
    let (more, less, all) = (count(above), count(below), panels.len());
    match (more, less) {
        (0, 0) => "At no level of dependence can others be told from personalists, in any model".to_owned(),
        (0, some) => format!(
            "At no level of dependence do others concede significantly more often than personalists; in {some} of \
             {all} comparisons they concede significantly less often at some level"
        ),
        (some, _) => format!(
            "In {some} of {all} comparisons others concede significantly more often than personalists at some level \
             of dependence, in {less} significantly less often"
        ),
    }
}

fn summary(panel: &Panel, scale: Scale) -> String {
    let share = |value| share(scale.share(value));
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
    let range = |side| {
        apart(panel, side).map_or_else(
            || "nowhere".to_owned(),
            |(from, to)| format!("from {} to {}", share(from), share(to)),
        )
    };
    format!(
        "{}: {} at the smallest dependence observed, {} at the largest; significantly positive {}, significantly \
         negative {}.",
        panel.title,
        end(series.points.first()),
        end(series.points.last()),
        range(above),
        range(below)
    )
}
