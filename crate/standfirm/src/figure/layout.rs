//! Where the parts of a figure go, in CSS pixels.

use plotters::coord::ranged1d::Ranged;
use plotters::coord::types::RangedCoordf64;

use super::pen::width;
use super::{Axis, Figure, Format, Marks, Panel, Series};

/// Size of labels in the figure.
pub(super) const TEXT: f64 = 13.0;
/// Size of tick labels and notes.
pub(super) const SMALL: f64 = 12.0;
/// Height of the strip of bars that shows where the episodes are.
pub(super) const RUG: f64 = 20.0;
/// Height of a row of dots.
const ROW: f64 = 34.0;
/// Panels that would be narrower go below each other.
const NARROWEST_PANEL: f64 = 240.0;
/// Height of a line of the legend.
const LEGEND: f64 = 26.0;
/// Width of an entry's square, with the gap behind it.
pub(super) const SWATCH: f64 = 15.0;
/// Room below a panel's data for ticks and axis title.
const FOOT: f64 = 52.0;

/// Height of a figure drawn `width` wide without captions, both in CSS pixels.
#[must_use]
pub fn height(figure: &Figure, width: f64) -> f64 {
    let columns = columns(figure, width);
    let rows = figure.panels.len().div_ceil(columns);
    legend_height(figure, width) + rows as f64 * panel_height(figure, width / columns as f64)
}

/// Height that the legend takes.
pub(super) fn legend_height(figure: &Figure, width: f64) -> f64 {
    legend(figure, width)
        .last()
        .map_or(0.0, |(_, top, _)| top + LEGEND)
}

/// The legend's entries with their left end and upper edge, in as many lines as it takes. Curves in a single panel
/// have none: they are labelled where they are.
pub(super) fn legend(figure: &Figure, room: f64) -> Vec<(f64, f64, &Series)> {
    let mut entries = Vec::new();
    if matches!(
        figure.panels.as_slice(),
        [Panel {
            marks: Marks::Curves,
            ..
        }]
    ) {
        return entries;
    }
    let (mut left, mut top) = (4.0, 0.0);
    let series = figure.panels.first().map_or(&[][..], |panel| &panel.series);
    for series in series.iter().filter(|series| !series.label.is_empty()) {
        let size = SWATCH + width(&series.label, SMALL);
        if left + size > room && left > 4.0 {
            (left, top) = (4.0, top + LEGEND * 0.75);
        }
        entries.push((left, top, series));
        left += size + 16.0;
    }
    entries
}

fn panel_height(figure: &Figure, width: f64) -> f64 {
    let curves = |share: f64, least: f64, most: f64| (width * share).clamp(least, most).round();
    match figure.panels.first() {
        Some(Panel {
            marks: Marks::Rows(rows),
            ..
        }) => head(figure) + rows.len() as f64 * ROW + FOOT,
        Some(Panel {
            marks: Marks::Bars, ..
        }) => curves(0.45, 260.0, 380.0),
        _ if figure.panels.len() > 1 => curves(0.75, 290.0, 340.0),
        _ => curves(0.62, 300.0, 440.0),
    }
}

/// Room above a panel's data for its heading and the vertical axis' title.
fn head(figure: &Figure) -> f64 {
    let heading = if figure.panels.len() > 1 { 20.0 } else { 0.0 };
    let title = if figure.y.title.is_empty() { 8.0 } else { 30.0 };
    heading + title
}

fn columns(figure: &Figure, width: f64) -> usize {
    ((width / NARROWEST_PANEL) as usize).clamp(1, figure.columns.clamp(1, figure.panels.len().max(1)))
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
    let size = (
        width / columns as f64,
        panel_height(figure, width / columns as f64),
    );
    let top = top + legend_height(figure, width);
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
        let labels: Vec<f64> = match &panel.marks {
            Marks::Rows(rows) => rows.iter().map(|row| width(row, SMALL)).collect(),
            _ => ticks(&figure.y, 6)
                .iter()
                .map(|tick| width(&figure.y.format.tick(*tick), SMALL))
                .collect(),
        };
        let rug = if panel.rug.is_empty() { 0.0 } else { RUG + 6.0 };
        Frame {
            outer,
            size,
            left: outer.0 + labels.into_iter().fold(0.0, f64::max) + 12.0,
            right: outer.0 + size.0 - 14.0,
            top: outer.1 + head(figure),
            bottom: outer.1 + size.1 - FOOT - rug,
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

    /// The middle of a row.
    pub(super) fn row(&self, row: f64) -> f64 {
        self.top + (row + 0.5) * ROW
    }

    /// The row at a vertical position, of `rows`.
    pub(super) fn row_at(&self, y: f64, rows: usize) -> f64 {
        ((y - self.top) / ROW)
            .floor()
            .clamp(0.0, rows.saturating_sub(1) as f64)
    }
}

/// Round values along an axis.
pub(super) fn ticks(axis: &Axis, most: usize) -> Vec<f64> {
    match axis.format {
        Format::Dependence => {
            let shares = [0.0, 0.001, 0.01, 0.1, 1.0].map(crate::variables::ln_dependence);
            shares
                .into_iter()
                .filter(|tick| (axis.min..=axis.max).contains(tick))
                .collect()
        }
        _ => RangedCoordf64::from(axis.min..axis.max).key_points(most),
    }
}

impl Format {
    /// A value as a tick label.
    pub(super) fn tick(self, value: f64) -> String {
        match self {
            Format::Number => trimmed(value),
            Format::Percent => super::percent(value),
            Format::Dependence => super::share(value),
            Format::Points if value.abs() < 1e-9 => "0".to_owned(),
            Format::Points => super::points(value),
        }
    }

    /// An estimate with its interval, to one decimal.
    pub(crate) fn interval(self, estimate: f64, low: f64, high: f64) -> String {
        let number = |value: f64| format!("{:.1}", value * 100.0).replace('-', "−");
        match self {
            Format::Number | Format::Dependence => trimmed(estimate),
            Format::Percent => format!("{}% ({} to {})", number(estimate), number(low), number(high)),
            Format::Points => {
                let sign = if estimate > 0.0 { "+" } else { "" };
                format!(
                    "{sign}{} points ({} to {})",
                    number(estimate),
                    number(low),
                    number(high)
                )
            }
        }
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
