//! Figures: what they show, as data, and how they are drawn.
//!
//! A [`Figure`] is drawn by [`draw()`] with any [`Pen`]: a pure function of the figure, a size and a theme, so that the
//! same code draws a page's canvas, an SVG and a PNG. What stands in it (titles, labels, which series matter) is up to
//! whoever makes it.

mod backend;
mod draw;
mod frame;
mod layout;
mod marks;
mod numbers;
mod pen;
#[cfg(feature = "png")]
pub mod png;
mod read;
mod scale;
mod sorted;
mod svg;
mod theme;

use serde::{Deserialize, Serialize};

use crate::about::About;
use crate::results::Prediction;

pub use backend::BackendPen;
pub use draw::{draw, height_with_captions};
pub use frame::Frame;
pub use layout::{frames, height};
pub use numbers::numbers;
pub use pen::{Anchor, Color, FAMILY, Pen, Type};
pub use read::{Entry, Reading, read};
pub use scale::Scale;
pub use sorted::places;
pub use svg::svg;
pub use theme::Theme;

/// Everything a drawing needs to know, in the units of the data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Figure {
    /// Its number where it appears; 0 where it has none.
    pub number: u8,
    /// Which of the figure's versions.
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
    /// The differences that its title speaks of, beside the panels.
    #[serde(default)]
    pub differences: Option<Differences>,
    /// What a newcomer may ask about its parts.
    #[serde(default)]
    pub asides: Vec<Aside>,
    /// What is shown, by which model, from how many rows, from which sources.
    #[serde(default)]
    pub about: About,
}

/// Differences beside what they are differences of: one for each row of the last panel, at the row's position, or one
/// between the ends of a single panel's first curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Differences {
    /// What they are.
    pub title: String,
    /// From what they are taken.
    pub from: String,
    /// Each with its interval.
    pub points: Vec<Point>,
}

/// A note on a part of a figure, for who does not know what it is. Its number stands in the drawing where there is room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Aside {
    /// Its number on the page.
    pub number: u8,
    /// What it is about.
    pub on: Part,
    /// A word or two for it.
    pub label: String,
    /// What it explains: how its text begins.
    pub title: String,
    /// What there is to know.
    pub text: String,
}

/// A part of a figure that a note can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "FigurePart"))]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The label of the first series.
    Series,
    /// The interval of a difference.
    Interval,
    /// The part of an axis where no probability lies.
    Impossible,
    /// The strip of bars on the axis.
    Strip,
    /// The last row.
    LastRow,
    /// The figure as a whole.
    Whole,
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
    /// A share on some scale, written as the share.
    Share(Scale),
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
    /// How many of the rows behind it lie in each of equally wide parts of the horizontal axis; empty
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
    /// The choice that it is an option of, where it is the first of them.
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
    /// What is compared.
    Compared,
    /// What it is compared with.
    Reference,
    /// The first of several groups.
    First,
    /// The second.
    Second,
    /// The third.
    Third,
    /// What belongs to none of the groups.
    Rest,
    /// An interval that lies below zero.
    Below,
    /// An interval that includes zero.
    Undecided,
    /// An interval that lies above zero.
    Above,
    /// What the reader chose or changed.
    Chosen,
    /// All together: where rows leave something out, a line through all of them. The last of its panel's series.
    Together,
    /// As things were, beside how they might have been.
    Actual,
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
    #[must_use]
    pub fn around<'a>(
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
    #[must_use]
    pub fn probabilities(panels: &[Panel]) -> Self {
        Axis::around("Probability", Format::Percent, 0.1, PROBABILITIES, panels)
    }

    /// The vertical axis of rows, which have names in place of values.
    #[must_use]
    pub fn rows() -> Self {
        Axis {
            title: String::new(),
            min: 0.0,
            max: 1.0,
            format: Format::Number,
            ends: None,
        }
    }
}

impl Figure {
    /// A text with the number of the note on a part, where there is one.
    fn noted(&self, text: &str, on: Part) -> String {
        match self.asides.iter().find(|aside| aside.on == on) {
            Some(aside) => format!("{text}{}", superscript(aside.number)),
            None => text.to_owned(),
        }
    }
}

/// A number in small raised digits.
fn superscript(number: u8) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let digits = number.to_string();
    digits
        .bytes()
        .filter_map(|digit| DIGITS.get(usize::from(digit - b'0')))
        .collect()
}

impl Point {
    /// Whether its interval includes zero: a difference that cannot be told from none.
    #[must_use]
    pub fn includes_zero(&self) -> bool {
        self.low <= 0.0 && self.high >= 0.0
    }

    /// A prediction with its interval.
    #[must_use]
    pub fn of(x: f64, prediction: &Prediction) -> Self {
        Point {
            x,
            estimate: prediction.estimate,
            low: prediction.conf_low,
            high: prediction.conf_high,
        }
    }
}

impl Panel {
    /// Its rows in a sentence, values written as `format` has them.
    #[must_use]
    pub fn described(&self, format: Format) -> String {
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
pub const PROBABILITIES: (f64, f64) = (-0.2, 1.0);
/// Differences of probabilities.
pub const DIFFERENCES: (f64, f64) = (-0.8, 0.8);

/// Parts of an axis in which values are counted.
const RUG_BINS: usize = 40;

/// How many of `values` lie in each part of an axis.
#[must_use]
pub fn rug(values: &[f64], min: f64, max: f64) -> Vec<u32> {
    let mut bins = vec![0; RUG_BINS];
    for value in values {
        let position = (value - min) / (max - min) * RUG_BINS as f64;
        bins[(position.max(0.0) as usize).min(RUG_BINS - 1)] += 1;
    }
    bins
}

/// What a note says where intervals go beyond what is shown.
#[must_use]
pub fn cut_off(panels: &[Panel], range: (f64, f64)) -> &'static str {
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
