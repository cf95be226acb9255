//! Figure 4: effect of personalist rule, against democracy and against other autocracy, as trade dependence goes from
//! its minimum to its maximum.

use report::figure::{
    Axis, DIFFERENCES, Figure, Format, Marks, Panel, Point, Role, Scale, Series, cut_off, rug,
};
use report::results::{Comparison, Value};
use report::words::{capital, points, share, within};

use crate::error::Result;
use crate::exhibits::finding::{difference, supported, with_support};
use crate::exhibits::{abbreviations, about, imputed_too, method};
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
        title: if all {
            all_title(&panels)
        } else {
            title(&panels, scale)
        },
        subtitle:
            "Difference in the probability of concession, personalist minus others, as trade dependence rises"
                .to_owned(),
        note: format!(
            "{}. The axis runs from the smallest to the largest dependence observed; bars on it show where the \
             episodes are (square-root scale): far from them the curve is the model’s word alone. The narrow band covers each \
             level of dependence by itself in 95 of 100 samples, the wide one all levels at once (sup-t, 10,000 draws); titles \
             go by the wide one.{}{}{}{}{}",
            capital(&method(models)),
            if scale.share(right) > 1.0 { ABOVE_ALL } else { "" },
            abbreviations(models),
            imputed_too(models.iter().copied()),
            cut_off(&panels, DIFFERENCES),
            supported(models)
        ),
        summary: panels
            .iter()
            .map(|panel| summary(panel, scale))
            .collect::<Vec<_>>()
            .join(" "),
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
        differences: None,
        asides: Vec::new(),
        about: with_support(
            about::models(
                "Average difference in the probability of concession if every episode’s target were a personalist regime in place \
             of a democracy, or of an autocracy of another kind, at each level of trade dependence.",
                models,
            ),
            models,
        ),
    }
}

fn effects(fitted: &Fitted) -> Result<Effects<'_>> {
    let observed = fitted.estimate.values(fitted.model.term())?;
    let panel = |level: &str, role| {
        let found = curve(fitted, level);
        let series = |label: &str, role, points| Series {
            label: label.to_owned(),
            role,
            points,
        };
        Panel {
            title: format!("{AGAINST}{}", level_label(level).to_ascii_lowercase()),
            marks: Marks::Curves,
            series: vec![
                series(
                    "each level by itself",
                    role,
                    found.iter().map(|(point, _)| *point).collect(),
                ),
                series("all levels at once", Role::Rest, banded(fitted, level, &found)),
            ],
            rug: Vec::new(),
        }
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

/// Why a share of trade can be of more than all of it.
const ABOVE_ALL: &str =
    " A share can exceed 100%, as figures for pairs of states and for all trade of one are separate series.";

/// Where the first part of a panel's title ends.
const AGAINST: &str = "Personalist against ";

/// The curve with the band that covers all of it at once, never narrower than the pointwise intervals.
fn banded(fitted: &Fitted, level: &str, curve: &[(Point, f64)]) -> Vec<Point> {
    let reach = fitted.bands.iter().find(|(known, _)| known == level);
    let reach = reach.map_or(0.0, |(_, reach)| *reach);
    let wider = |(point, std_error): &(Point, f64)| Point {
        low: point.low.min(point.estimate - reach * std_error),
        high: point.high.max(point.estimate + reach * std_error),
        ..*point
    };
    curve.iter().map(wider).collect()
}

/// Personalist minus others along dependence, with standard errors.
fn curve(fitted: &Fitted, level: &str) -> Vec<(Point, f64)> {
    let level = Value::Level(level.to_owned());
    let (variable, dependence) = (fitted.model.explanation.variable, fitted.model.term());
    let of_level = |one: &&Comparison| one.outcome == STUDY.focus && one.to.get(variable) == Some(&level);
    fitted
        .along
        .iter()
        .filter(of_level)
        .filter_map(|one| match one.at.get(dependence)? {
            Value::Number(x) => {
                let point = Point {
                    x: *x,
                    estimate: -one.estimate,
                    low: -one.conf_high,
                    high: -one.conf_low,
                };
                Some((point, one.std_error))
            }
            Value::Level(_) => None,
        })
        .collect()
}

/// The part of the axis where the whole of the band that covers all levels at once lies on one side of zero.
fn apart(panel: &Panel, side: fn(&Point) -> bool) -> Option<(f64, f64)> {
    let mut apart = panel
        .series
        .last()?
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
    let found = match found.as_slice() {
        [] => "At no level of dependence can personalists be told from democracies or other autocracies, all levels taken \
               together"
            .to_owned(),
        // After the first they go on within a sentence.
        [first, rest @ ..] => {
            let rest = rest.iter().map(|part| within(part));
            let all: Vec<String> = std::iter::once(first.clone()).chain(rest).collect();
            let apart = if all.len() == panels.len() {
                ""
            } else {
                "; elsewhere they cannot be told apart"
            };
            format!("{} (by simultaneous bands){apart}", all.join("; "))
        }
    };
    format!("{found}{}", at_most(panels))
}

/// Where a regime can be told from personalists, if anywhere.
fn significant(panel: &Panel, scale: Scale) -> Option<String> {
    let share = |value| share(scale.share(value));
    let at =
        |(from, to): (f64, f64)| format!("where dependence is between {} and {}", share(from), share(to));
    let others = panel.title.strip_prefix(AGAINST).unwrap_or_default();
    let less = apart(panel, below).map(|range| format!("less often {}", at(range)));
    let more = apart(panel, above).map(|range| format!("more often {}", at(range)));
    let parts: Vec<String> = [less, more].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| {
        format!(
            "Against {others}, personalists concede significantly {}",
            parts.join(", ")
        )
    })
}

/// The differences at the largest dependence observed, with their simultaneous intervals.
fn at_most(panels: &[Panel]) -> String {
    let end = |panel: &Panel| {
        let point = panel.series.last()?.points.last()?;
        let others = panel.title.strip_prefix(AGAINST).unwrap_or_default();
        Some(format!(
            "{} against {others}",
            difference(point.estimate, point.low, point.high)
        ))
    };
    let ends: Vec<String> = panels.iter().filter_map(end).collect();
    format!("; at the largest, {}", ends.join(", "))
}

fn all_title(panels: &[Panel]) -> String {
    let count = |side| panels.iter().filter(|panel| apart(panel, side).is_some()).count();
    let (more, less, all) = (count(above), count(below), panels.len());
    // The first model has the first two panels.
    let first = at_most(panels.get(..2).unwrap_or_default());
    match (more, less) {
        (0, 0) => format!(
            "At no level of dependence can personalists be told from others, in any model, all levels taken together{first}"
        ),
        _ => format!(
            "In {less} of {all} comparisons personalists concede significantly less often than others at some level of \
             dependence, in {more} significantly more often (by simultaneous bands){first}"
        ),
    }
}

fn summary(panel: &Panel, scale: Scale) -> String {
    let share = |value| share(scale.share(value));
    let Some(series) = panel.series.last() else {
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
        "{}: {} at the smallest dependence observed, {} at the largest, with simultaneous intervals; significantly positive \
         {}, significantly negative {}.",
        panel.title,
        end(series.points.first()),
        end(series.points.last()),
        range(above),
        range(below)
    )
}
