//! Where the parts of a figure go, in CSS pixels.

use plotters::coord::ranged1d::Ranged;
use plotters::coord::types::RangedCoordf64;

use super::pen::width;
use super::{Axis, Figure, Panel};

/// Size of labels in the figure.
pub(super) const TEXT: f64 = 13.0;
/// Size of tick labels and notes.
pub(super) const SMALL: f64 = 12.0;
/// Height of the strip of bars that shows where the episodes are.
pub(super) const RUG: f64 = 22.0;
/// Panels that would be narrower are stacked.
const NARROWEST_PANEL: f64 = 300.0;

/// Height of a figure drawn `width` wide without captions, both in CSS pixels.
#[must_use]
pub fn height(figure: &Figure, width: f64) -> f64 {
    let columns = columns(figure, width);
    let rows = figure.panels.len().div_ceil(columns);
    rows as f64 * panel_height(width / columns as f64)
}

fn panel_height(width: f64) -> f64 {
    (width * 0.62).clamp(300.0, 440.0).round()
}

fn columns(figure: &Figure, width: f64) -> usize {
    ((width / NARROWEST_PANEL) as usize).clamp(1, figure.panels.len().max(1))
}

/// Where a panel's data go.
pub(super) struct Frame<'a> {
    /// Upper left corner of the panel with its axes and labels.
    pub(super) outer: (f64, f64),
    /// Size of the panel with its axes and labels.
    pub(super) size: (f64, f64),
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
    pub(super) x: &'a Axis,
    pub(super) y: &'a Axis,
}

/// The frames of a figure's panels, drawn `width` wide below `top`.
pub(super) fn frames(figure: &Figure, width: f64, top: f64) -> impl Iterator<Item = Frame<'_>> {
    let columns = columns(figure, width);
    let size = (width / columns as f64, panel_height(width / columns as f64));
    figure.panels.iter().enumerate().map(move |(position, panel)| {
        let (column, row) = (position % columns, position / columns);
        Frame::new(
            figure,
            panel,
            (column as f64 * size.0, top + row as f64 * size.1),
            size,
        )
    })
}

impl<'a> Frame<'a> {
    fn new(figure: &'a Figure, panel: &Panel, outer: (f64, f64), size: (f64, f64)) -> Self {
        let ticks = ticks(&figure.y, 6)
            .into_iter()
            .map(|tick| width(&percent(tick), SMALL));
        let head = if figure.panels.len() > 1 { 44.0 } else { 30.0 };
        let rug = if panel.rug.is_empty() { 0.0 } else { RUG + 6.0 };
        Frame {
            outer,
            size,
            left: outer.0 + ticks.fold(0.0, f64::max) + 12.0,
            right: outer.0 + size.0 - 14.0,
            top: outer.1 + head,
            bottom: outer.1 + size.1 - 58.0 - rug,
            x: &figure.x,
            y: &figure.y,
        }
    }

    pub(super) fn x(&self, value: f64) -> f64 {
        self.left + (value - self.x.min) / (self.x.max - self.x.min) * (self.right - self.left)
    }

    pub(super) fn y(&self, value: f64) -> f64 {
        self.bottom - (value - self.y.min) / (self.y.max - self.y.min) * (self.bottom - self.top)
    }

    /// The value at a horizontal position.
    pub(super) fn value(&self, x: f64) -> f64 {
        self.x.min + (x - self.left) / (self.right - self.left) * (self.x.max - self.x.min)
    }
}

pub(super) fn ticks(axis: &Axis, most: usize) -> Vec<f64> {
    RangedCoordf64::from(axis.min..axis.max).key_points(most)
}

/// A probability as a tick label: 0.3 is 30%.
pub(super) fn percent(value: f64) -> String {
    let value = (value * 100.0).round();
    // -0 is 0, and a minus sign is a minus sign.
    if value < 0.0 {
        format!("−{}%", -value)
    } else {
        format!("{}%", value.abs())
    }
}

/// A number without trailing zeros.
pub(super) fn trimmed(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" {
        "0".to_owned()
    } else {
        text.replace('-', "−")
    }
}
