//! Figures: what they show, as data, and how they are drawn.
//!
//! A [`Figure`] is made from fitted models by the module named after its number in the study, and drawn by
//! [`draw`] onto any plotters backend: a pure function of the figure, a size and a theme, so that the same
//! code draws the page's canvas, the SVG and the PNG.

mod draw;
mod layout;
mod pen;
mod read;
mod svg;
mod theme;
pub mod two;

use serde::{Deserialize, Serialize};

pub use draw::draw;
pub use layout::height;
pub use read::{Entry, Reading, read};
pub use svg::svg;
pub use theme::Theme;

/// Everything a drawing needs to know, in the units of the data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Its number in the study.
    pub number: u8,
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
    /// One for each model.
    pub panels: Vec<Panel>,
}

/// An axis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Axis {
    /// In words.
    pub title: String,
    /// Smallest value shown.
    pub min: f64,
    /// Largest value shown.
    pub max: f64,
    /// What the smallest and the largest value mean, where the numbers alone do not say.
    pub ends: Option<(String, String)>,
}

/// One model's part of a figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Panel {
    /// Words for the model.
    pub title: String,
    /// Curves with their intervals; the first is the one the figure is about and is drawn last.
    pub series: Vec<Series>,
    /// Horizontal positions of the episodes the model was fitted to.
    pub rug: Vec<f64>,
}

/// A curve with its intervals.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// Direct label.
    pub label: String,
    /// What it stands for, which decides its colour.
    pub role: Role,
    /// From left to right.
    pub points: Vec<Point>,
}

/// What a series stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// High trade dependence.
    HighDependence,
    /// No trade.
    NoDependence,
}

/// An estimate with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
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
