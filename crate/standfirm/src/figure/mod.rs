//! Figures: what they show, as data, and how they are drawn.
//!
//! A [`Figure`] is made from fitted models by the module named after its number in the study, and drawn by
//! [`draw()`] with any [`Pen`]: a pure function of the figure, a size and a theme, so that the same
//! code draws the page's canvas, the SVG and the PNG.

pub mod case;
pub mod curve;
mod draw;
pub mod four;
mod grid;
pub mod hypotheses;
pub mod imputation;
pub mod influence;
mod layout;
pub mod one;
mod pen;
pub mod prediction;
mod read;
mod sorted;
mod svg;
mod theme;
pub mod three;
pub mod two;

use std::iter::once;

use serde::{Deserialize, Serialize};

use crate::about::About;
use crate::replicate::Fitted;
use crate::report::Prediction;
use crate::specification::Scale;

pub use draw::{draw, height_with_captions};
pub use grid::grid;
pub use layout::height;
pub(crate) use layout::trimmed;
pub use pen::{Anchor, Color, FAMILY, Pen, Type};
pub use read::{Entry, Reading, read};
pub use svg::svg;
pub use theme::Theme;

/// Everything a drawing needs to know, in the units of the data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Figure {
    /// Its number in the study.
    pub number: u8,
    /// Which of the figure's versions: a model's dependence key, or `all`.
    pub version: String,
    /// Words for the version.
    pub version_label: String,
    /// The finding, as computed.
    pub title: String,
    /// What is shown.
    pub subtitle: String,
    /// What a reader needs to read it rightly.
    pub note: String,
    /// The same in a few sentences, for those who do not see it.
    pub summary: String,
    /// Horizontal axis, shared by all panels.
    pub x: Axis,
    /// Vertical axis, shared by all panels.
    pub y: Axis,
    /// As many columns of panels as there is room for, but no more than this.
    pub columns: usize,
    /// Small multiples.
    pub panels: Vec<Panel>,
    /// What is shown, by which model, from how many episodes, from which sources.
    #[serde(default)]
    pub about: About,
}

/// An axis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Axis {
    /// In words.
    pub title: String,
    /// Smallest value shown.
    pub min: f64,
    /// Largest value shown.
    pub max: f64,
    /// How its values are written.
    pub format: Format,
    /// What the smallest and the largest value mean, where the numbers alone do not say.
    pub ends: Option<(String, String)>,
}

/// How the values of an axis are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "AxisFormat"))]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// A number as it is.
    Number,
    /// A whole number, its thousands apart.
    Count,
    /// A probability: 0.3 is 30%.
    Percent,
    /// A difference of probabilities: 0.3 is +30, in percentage points.
    Points,
    /// ln(1 + 1000 × share), written as the share.
    Dependence,
    /// The square root of a share, written as the share.
    DependenceRoot,
    /// A share as it is.
    DependenceShare,
}

/// One of a figure's small multiples.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Panel {
    /// Its heading.
    pub title: String,
    /// What its points are drawn as.
    pub marks: Marks,
    /// The first is the one the figure is about and is drawn last.
    pub series: Vec<Series>,
    /// How many of the episodes the model was fitted to lie in each of equally wide parts of the horizontal axis; empty
    /// where that would say nothing.
    pub rug: Vec<u32>,
}

/// What a panel's points are drawn as.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Marks {
    /// Curves with bands.
    Curves,
    /// A dot with its interval in each of these rows, a point's `x` being the position of its row.
    Rows(Vec<String>),
    /// Bars on each other, the first series at the bottom.
    Bars,
    /// Dots with their intervals, beside the line on which both axes have the same value.
    Dots,
    /// Many estimates in order, with what was chosen for them beneath.
    Sorted(Sorted),
}

/// Many estimates in order, in columns of as many each. The last series is their line of medians, the one before it what
/// is marked on it; the others are kinds of estimates, each with the medians of its intervals' ends in every column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Sorted {
    /// For each kind, which part of its column each point stands for.
    pub weights: Vec<Vec<f64>>,
    /// Number of columns.
    pub columns: usize,
    /// What was chosen.
    pub strips: Vec<Strip>,
}

/// Where along a sorted curve an option was chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Strip {
    /// The choice that it is an option of, where it is the first of them, which is the study's.
    pub heading: String,
    /// The option.
    pub label: String,
    /// Median estimate where it was chosen; none where it never was.
    pub median: Option<f64>,
    /// How often it was chosen in each column against how often in all: 1 is as often. None where it never was.
    pub shares: Vec<f64>,
}

/// Points of one kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Series {
    /// Direct label, or entry of the legend.
    pub label: String,
    /// What it stands for, which decides its colour.
    pub role: Role,
    /// From left to right, or from top to bottom.
    pub points: Vec<Point>,
}

/// What a series stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// High trade dependence.
    HighDependence,
    /// No trade.
    NoDependence,
    /// Personalist regimes.
    Personalist,
    /// Other autocracies.
    Nonpersonalist,
    /// Democracies.
    Democracy,
    /// Not coded.
    Unknown,
    /// An interval that lies below zero.
    Below,
    /// An interval that includes zero.
    Untold,
    /// An interval that lies above zero.
    Above,
    /// What the study itself chose.
    Study,
    /// All together: where rows leave something out, a line through all of them. The last of its panel's series.
    Whole,
    /// As things were, beside how they might have been.
    AsItWas,
}

/// An estimate with its 95% interval; a count has none, and both ends are the count.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Point {
    /// Horizontal position.
    pub x: f64,
    /// Estimate.
    pub estimate: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

impl Axis {
    /// An axis that holds every interval of `panels` and zero as far as it lies within `range`, its ends on
    /// multiples of `step`.
    fn around<'a>(
        title: &str,
        format: Format,
        step: f64,
        range: (f64, f64),
        panels: impl IntoIterator<Item = &'a Panel>,
    ) -> Self {
        let points = panels
            .into_iter()
            .flat_map(|panel| &panel.series)
            .flat_map(|series| &series.points);
        let (low, high) = points.fold((0.0_f64, 0.0_f64), |(low, high), point| {
            (low.min(point.low), high.max(point.high))
        });
        let (low, high) = (low.max(range.0), high.min(range.1));
        let (min, max) = ((low / step).floor() * step, (high / step).ceil() * step);
        // Where there is nothing to show there is an axis all the same.
        let max = max.max(min + step);
        Axis {
            title: title.to_owned(),
            min,
            max,
            format,
            ends: None,
        }
    }
}

impl Axis {
    /// An axis of the probabilities of outcomes.
    pub(crate) fn probabilities(panels: &[Panel]) -> Self {
        Axis::around("Probability", Format::Percent, 0.1, PROBABILITIES, panels)
    }

    /// The vertical axis of rows, which have names in place of values.
    pub(crate) fn rows() -> Self {
        Axis {
            title: String::new(),
            min: 0.0,
            max: 1.0,
            format: Format::Number,
            ends: None,
        }
    }
}

impl Point {
    /// A prediction with its interval.
    pub(crate) fn of(x: f64, prediction: &Prediction) -> Self {
        Point {
            x,
            estimate: prediction.estimate,
            low: prediction.conf_low,
            high: prediction.conf_high,
        }
    }
}

/// The measures of dependence that models have, each once: rows of a figure.
fn measures<'a>(models: impl IntoIterator<Item = &'a Fitted>) -> Vec<&'static str> {
    let mut measures = Vec::new();
    for one in models {
        if !measures.contains(&one.model.dependence.short) {
            measures.push(one.model.dependence.short);
        }
    }
    measures
}

impl Panel {
    /// Its rows in a sentence, values written as `format` has them.
    fn told(&self, format: Format) -> String {
        let Marks::Rows(rows) = &self.marks else {
            return String::new();
        };
        let of = |series: &Series| {
            let points = series.points.iter().filter_map(|point| {
                let row = rows.get(point.x as usize)?;
                let [estimate, low, high] =
                    [point.estimate, point.low, point.high].map(|value| format.tick(value));
                Some(format!("{row} {estimate} ({low} to {high})"))
            });
            let points = points.collect::<Vec<_>>().join(", ");
            format!("{}: {points}", series.label.to_ascii_lowercase())
        };
        let series: Vec<String> = self.series.iter().map(of).collect();
        format!("{}; {}.", self.title, series.join("; "))
    }
}

/// Probabilities lie between 0 and 1. Intervals by the delta method need not; they are shown a little beyond.
const PROBABILITIES: (f64, f64) = (-0.2, 1.0);
/// Differences of probabilities.
const DIFFERENCES: (f64, f64) = (-0.8, 0.8);

/// Parts of an axis in which episodes are counted.
const RUG_BINS: usize = 40;

/// How many of `values` lie in each part of an axis.
fn rug(values: &[f64], min: f64, max: f64) -> Vec<u32> {
    let mut bins = vec![0; RUG_BINS];
    for value in values {
        let position = (value - min) / (max - min) * RUG_BINS as f64;
        bins[(position.max(0.0) as usize).min(RUG_BINS - 1)] += 1;
    }
    bins
}

/// With a capital letter.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        once(first.to_ascii_uppercase()).chain(letters).collect()
    })
}

/// How the models' predictions and intervals are made, and what of it failed.
fn method(models: &[&Fitted]) -> String {
    let Some(first) = models.first() else {
        return String::new();
    };
    let (failed, asked) = models.iter().fold((0, 0), |(failed, asked), one| {
        let (some, all) = one.estimate.failures();
        (failed + some, asked + all)
    });
    let note = first.estimate.note();
    match failed {
        0 => note.to_owned(),
        _ => format!("{note}, {failed} of {asked} of which could not be fitted and are left out"),
    }
}

/// What a note says where episodes with imputed values are shown.
fn imputed_too<'a>(fitted: impl IntoIterator<Item = &'a Fitted>) -> &'static str {
    if fitted.into_iter().any(|one| one.model.dependence.imputed) {
        " Where values are imputed, those of all completed tables are shown."
    } else {
        ""
    }
}

/// What a note says where intervals go beyond what is shown.
fn cut_off(panels: &[Panel], range: (f64, f64)) -> &'static str {
    let mut points = panels
        .iter()
        .flat_map(|panel| &panel.series)
        .flat_map(|series| &series.points);
    let beyond = points.any(|point| point.low < range.0 || point.high > range.1);
    if beyond {
        " Intervals that go beyond the axis are cut off there."
    } else {
        ""
    }
}

/// A probability in a sentence: 0.291 is 29%.
pub(crate) fn percent(probability: f64) -> String {
    let rounded = (probability * 100.0).round();
    if rounded < 0.0 {
        format!("−{}%", -rounded)
    } else {
        format!("{}%", rounded.abs())
    }
}

impl Format {
    /// That of dependence on a scale.
    const fn dependence(scale: Scale) -> Self {
        match scale {
            Scale::Log => Format::Dependence,
            Scale::Root => Format::DependenceRoot,
            Scale::Share => Format::DependenceShare,
        }
    }

    /// The scale, of dependence.
    const fn scale(self) -> Option<Scale> {
        match self {
            Format::Dependence => Some(Scale::Log),
            Format::DependenceRoot => Some(Scale::Root),
            Format::DependenceShare => Some(Scale::Share),
            Format::Number | Format::Count | Format::Percent | Format::Points => None,
        }
    }
}

/// A share in a sentence: to a tenth of a percent below 10%.
pub(crate) fn share(share: f64) -> String {
    let percent = share * 100.0;
    let digits = usize::from(percent < 9.95 && (percent - percent.round()).abs() > 0.04);
    format!("{percent:.digits$}%")
}

/// A difference of probabilities in a sentence: 0.123 is +12 points.
#[must_use]
pub fn points(difference: f64) -> String {
    let rounded = (difference * 100.0).round();
    if rounded < 0.0 {
        format!("−{}", -rounded)
    } else {
        format!("+{}", rounded.abs())
    }
}
