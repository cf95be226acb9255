//! Where the parts of a figure go, in CSS pixels.

use super::pen::width;
use super::{Axis, Figure, Format, Marks, Panel, Role, Series, sorted};
use crate::multiverse::thousands;

/// Size of labels in the figure.
pub(super) const TEXT: f64 = 13.0;
/// Size of tick labels and notes.
pub(super) const SMALL: f64 = 12.0;
/// Height of the strip of bars that shows where the episodes are.
pub(super) const RUG: f64 = 20.0;
/// Least height of a row of dots.
const ROW: f64 = 34.0;
/// The same where each row has one dot, beside a line through all rows.
const RANK: f64 = 22.0;
/// Room for a row's name above its dots.
const ABOVE: f64 = 15.0;
/// How far below each other the dots of a row lie.
const DOT: f64 = 11.0;
/// Panels that would be narrower go below each other.
const NARROWEST_PANEL: f64 = 240.0;
/// Height of a line of the legend.
const LEGEND: f64 = 26.0;
/// Width of an entry's square, with the gap behind it.
pub(super) const SWATCH: f64 = 15.0;
/// Room above the strip of bars, between it and the data.
const RUG_GAP: f64 = 6.0;
/// Room below a panel for ticks and their values.
pub(super) const FOOT: f64 = 28.0;
/// Room below that for the axis' title, in the lowest panels.
pub(super) const AXIS_TITLE: f64 = 22.0;
/// Room between panels above each other.
const GAP: f64 = 20.0;

/// Height of a figure drawn `width` wide without captions, both in CSS pixels.
#[must_use]
pub fn height(figure: &Figure, width: f64) -> f64 {
    let grid = Grid::new(figure, width);
    let rows = figure.panels.len().div_ceil(grid.columns) as f64;
    legend_height(figure, width) + rows * (grid.tall + GAP) - GAP + AXIS_TITLE
}

/// Height that the legend takes.
pub(super) fn legend_height(figure: &Figure, width: f64) -> f64 {
    legend(figure, width)
        .last()
        .map_or(0.0, |(_, top, _)| top + LEGEND)
}

/// The legend of the whole figure. Curves in a single panel have none: they are labelled where they are; nor do panels
/// that show different things, each of which has its own.
pub(super) fn legend(figure: &Figure, room: f64) -> Vec<(f64, f64, &Series)> {
    match figure.panels.as_slice() {
        [
            Panel {
                marks: Marks::Curves, ..
            },
        ] => Vec::new(),
        [first, ..] if alike(figure) => entries(&first.series, room),
        _ => Vec::new(),
    }
}

/// Whether all panels show the same series.
pub(super) fn alike(figure: &Figure) -> bool {
    let labels =
        |panel: &Panel| -> Vec<String> { panel.series.iter().map(|one| one.label.clone()).collect() };
    let all: Vec<Vec<String>> = figure.panels.iter().map(labels).collect();
    all.windows(2).all(|two| two.first() == two.last())
}

/// A legend's entries with their left end and upper edge, in as many lines as it takes.
pub(super) fn entries(series: &[Series], room: f64) -> Vec<(f64, f64, &Series)> {
    let mut entries = Vec::new();
    let (mut left, mut top) = (4.0, 0.0);
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

/// How the panels share the width, and how high each is without its axis' title.
struct Grid {
    columns: usize,
    /// Room for the names of rows, which panels beside each other share.
    labels: f64,
    wide: f64,
    tall: f64,
    /// Of which below the horizontal axis and its words.
    strips: f64,
    /// Room above a panel's data.
    head: f64,
    /// Height of a row of dots.
    row: f64,
}

impl Grid {
    fn new(figure: &Figure, width: f64) -> Self {
        let columns = columns(figure, width);
        let labels = match figure.panels.first().map(|panel| &panel.marks) {
            Some(Marks::Rows(rows)) if !stacked(figure, width) => widest(rows) + 12.0,
            _ => 0.0,
        };
        let strips = match figure.panels.first().map(|panel| &panel.marks) {
            Some(Marks::Sorted(sorted)) => AXIS_TITLE + sorted::height(sorted, width),
            _ => 0.0,
        };
        let wide = (width - labels) / columns as f64;
        let series = figure.panels.iter().map(|panel| dotted(&panel.series)).max();
        let ranked = figure
            .panels
            .iter()
            .any(|panel| dotted(&panel.series) < panel.series.len());
        let row = match series.unwrap_or_default() {
            _ if ranked => RANK,
            series => ROW.max((series as f64 + 1.0) * DOT),
        };
        let row = if stacked(figure, width) { row + ABOVE } else { row };
        let share = |of: f64, least: f64, most: f64| (wide * of).clamp(least, most).round();
        let data = match figure.panels.first().map(|panel| &panel.marks) {
            Some(Marks::Rows(rows)) => rows.len() as f64 * row,
            Some(Marks::Bars) => share(0.38, 190.0, 300.0),
            Some(Marks::Sorted(_)) => share(0.36, 220.0, 320.0),
            Some(Marks::Dots) => share(0.9, 200.0, 300.0),
            _ if figure.panels.len() > 1 => share(0.6, 190.0, 220.0),
            _ => share(0.46, 200.0, 340.0),
        };
        let rug = if figure.panels.iter().any(|panel| !panel.rug.is_empty()) {
            RUG_GAP + RUG
        } else {
            0.0
        };
        let head = head(figure, wide);
        Grid {
            columns,
            labels,
            wide,
            tall: head + data + rug + FOOT + strips,
            strips,
            head,
            row,
        }
    }
}

/// Width of the widest label.
pub(super) fn widest<T: AsRef<str>>(labels: &[T]) -> f64 {
    labels
        .iter()
        .map(|label| width(label.as_ref(), SMALL))
        .fold(0.0, f64::max)
}

/// How many series have dots in rows.
pub(super) fn dotted(series: &[Series]) -> usize {
    series.iter().filter(|one| one.role != Role::Whole).count()
}

/// Whether the names of rows are above their dots, as they would leave too little room beside them.
fn stacked(figure: &Figure, width: f64) -> bool {
    matches!(figure.panels.as_slice(), [Panel { marks: Marks::Rows(rows), .. }] if widest(rows) > 0.45 * width)
}

/// How far below the middle of its row a series lies.
pub(super) fn offset(position: usize, series: usize) -> f64 {
    (position as f64 - (series as f64 - 1.0) / 2.0) * DOT
}

/// Room for a panel's heading.
pub(super) const HEADING: f64 = 20.0;

/// Room above a panel's data for its heading, its legend and the vertical axis' title.
fn head(figure: &Figure, wide: f64) -> f64 {
    let heading = if figure.panels.len() > 1 { HEADING } else { 0.0 };
    let legend = if alike(figure) {
        0.0
    } else {
        let lowest = |panel: &Panel| {
            entries(&panel.series, wide)
                .last()
                .map_or(0.0, |(_, top, _)| top + LEGEND)
        };
        figure.panels.iter().map(lowest).fold(0.0, f64::max)
    };
    let title = if figure.y.title.is_empty() { 8.0 } else { 30.0 };
    heading + legend + title
}

fn columns(figure: &Figure, width: f64) -> usize {
    ((width / NARROWEST_PANEL) as usize).clamp(1, figure.columns.clamp(1, figure.panels.len().max(1)))
}

/// Where a panel's data go.
pub(super) struct Frame<'a> {
    /// Upper left corner of the panel with its axes and labels.
    pub(super) outer: (f64, f64),
    /// Size of the panel with its axes, labels and the room below.
    pub(super) size: (f64, f64),
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
    /// Left end of the panel's heading.
    pub(super) heading: f64,
    /// Where the horizontal axis is: below the data, or below the strip of bars under them.
    pub(super) axis: f64,
    /// Whether the names of rows are written at the left of this panel.
    pub(super) labelled: bool,
    /// Whether the horizontal axis' title is written below this panel.
    pub(super) titled: bool,
    pub(super) x: &'a Axis,
    pub(super) y: &'a Axis,
    row: f64,
    /// Whether the names of rows are above their dots.
    pub(super) stacked: bool,
}

/// The frames of a figure's panels, drawn `width` wide below `top`.
pub(super) fn frames(figure: &Figure, width: f64, top: f64) -> impl Iterator<Item = Frame<'_>> {
    let grid = Grid::new(figure, width);
    let top = top + legend_height(figure, width);
    let values: Vec<String> = ticks(&figure.y, 6)
        .iter()
        .map(|tick| figure.y.format.tick(*tick))
        .collect();
    let values = widest(&values) + 12.0;
    // Half of the last value lies beyond the end of the axis.
    let beyond = match figure.x.ends {
        Some(_) => 0.0,
        None => {
            let values: Vec<String> = ticks(&figure.x, 9)
                .iter()
                .map(|tick| figure.x.format.tick(*tick))
                .collect();
            widest(&values) / 2.0
        }
    };
    let count = figure.panels.len();
    figure.panels.iter().enumerate().map(move |(position, panel)| {
        let (column, row) = (position % grid.columns, position / grid.columns);
        let rows = matches!(panel.marks, Marks::Rows(_));
        let start = column as f64 * grid.wide;
        // The first and the last value of panels beside each other need room between them.
        let (left, margin) = match rows {
            true if grid.columns > 1 => (grid.labels + start, 2.0 * beyond + 18.0),
            true => (grid.labels.max(14.0), 14_f64.max(beyond + 2.0)),
            false => match &panel.marks {
                Marks::Sorted(sorted) => sorted::margins(sorted, width, values),
                _ => (start + values, 14_f64.max(beyond + 2.0)),
            },
        };
        let outer = (
            if column == 0 { 0.0 } else { grid.labels + start },
            top + row as f64 * (grid.tall + GAP),
        );
        let right = grid.labels + start + grid.wide;
        let axis = outer.1 + grid.tall - FOOT - grid.strips;
        Frame {
            outer,
            size: (right - outer.0, grid.tall + GAP),
            left,
            right: right - margin,
            top: outer.1 + grid.head,
            bottom: if panel.rug.is_empty() {
                axis
            } else {
                axis - RUG - RUG_GAP
            },
            // Beside each other, rows have their heading above the data.
            heading: if rows && grid.columns > 1 {
                left
            } else {
                outer.0 + 4.0
            },
            axis,
            labelled: column == 0,
            titled: position + grid.columns >= count,
            x: &figure.x,
            y: &figure.y,
            row: grid.row,
            stacked: stacked(figure, width),
        }
    })
}

impl Frame<'_> {
    /// As many round values along the horizontal axis as there is room for.
    pub(super) fn ticks(&self) -> Vec<f64> {
        // The words at the ends of an axis need the room of their neighbours.
        let most = match self.x.ends {
            Some(_) => 5,
            None => {
                let room = if self.x.format == Format::Count {
                    64.0
                } else {
                    32.0
                };
                ((self.right - self.left) / room).clamp(3.0, 9.0) as usize
            }
        };
        ticks(self.x, most)
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
        let below = if self.stacked { ABOVE / 2.0 } else { 0.0 };
        self.top + (row + 0.5) * self.row + below
    }

    /// The row at a vertical position, of `rows`.
    pub(super) fn row_at(&self, y: f64, rows: usize) -> f64 {
        ((y - self.top) / self.row)
            .floor()
            .clamp(0.0, rows.saturating_sub(1) as f64)
    }
}

/// Round values along an axis.
pub(super) fn ticks(axis: &Axis, most: usize) -> Vec<f64> {
    let shares: &[f64] = match axis.format {
        Format::Dependence => &[0.0, 0.001, 0.01, 0.1, 1.0],
        Format::DependenceRoot => &[0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0],
        _ => &[],
    };
    match axis.format.scale() {
        Some(scale) if !shares.is_empty() => shares
            .iter()
            .map(|share| scale.of(*share))
            .filter(|tick| (axis.min..=axis.max).contains(tick))
            .collect(),
        _ => round_values(axis.min, axis.max, most),
    }
}

/// The multiples of the smallest step (1, 2 or 5 times a power of ten) of which no more than `most` lie between `min` and
/// `max`.
fn round_values(min: f64, max: f64, most: usize) -> Vec<f64> {
    let mut values = vec![min];
    if !(max > min && (max - min).is_finite()) {
        return values;
    }
    // The step is `digit * power / (10 * fraction)`; a quotient of whole numbers is the number that its digits mean.
    let (mut power, mut fraction) = (1.0, 1.0);
    while power <= max - min {
        power *= 10.0;
    }
    loop {
        for digit in [10.0, 5.0, 2.0] {
            // What an end lacks to a multiple may be the rounding of its last digit.
            let steps = |end: f64| end / digit / power * 10.0 * fraction;
            let (first, last) = ((steps(min) - 1e-9).ceil(), (steps(max) + 1e-9).floor());
            if last - first + 1.0 > most as f64 {
                return values;
            }
            let count = (last - first + 1.0).max(0.0) as u32;
            values = (0..count)
                .map(|step| (first + f64::from(step)) * digit * power / (10.0 * fraction))
                .collect();
        }
        if power > 1.0 {
            power /= 10.0;
        } else {
            fraction *= 10.0;
        }
    }
}

impl Format {
    /// A value as a tick label.
    pub(super) fn tick(self, value: f64) -> String {
        match self {
            Format::Number => trimmed(value),
            Format::Count => thousands(value.max(0.0) as usize),
            Format::Percent => super::percent(value),
            Format::Dependence | Format::DependenceRoot | Format::DependenceShare => {
                super::share(self.scale().map_or(value, |scale| scale.share(value)))
            }
            Format::Points if value.abs() < 0.005 => "0".to_owned(),
            Format::Points => super::points(value),
        }
    }

    /// An estimate with its interval, to one decimal.
    pub(crate) fn interval(self, estimate: f64, low: f64, high: f64) -> String {
        let number = |value: f64| format!("{:.1}", value * 100.0).replace('-', "−");
        match self {
            Format::Number if low < high => {
                format!("{} ({} to {})", trimmed(estimate), trimmed(low), trimmed(high))
            }
            Format::Number
            | Format::Count
            | Format::Dependence
            | Format::DependenceRoot
            | Format::DependenceShare => self.tick(estimate),
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
pub(crate) fn trimmed(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" {
        "0".to_owned()
    } else {
        text.replace('-', "−")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_as_many_as_there_is_room_for() {
        assert_eq!(round_values(0.0, 1.0, 6), [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]);
        assert_eq!(round_values(-0.2, 0.6, 6), [-0.2, 0.0, 0.2, 0.4, 0.6]);
        assert_eq!(round_values(0.0, 0.6, 7), [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6]);
        assert_eq!(
            round_values(1944.4, 2005.6, 9),
            (195..=200).map(|ten| f64::from(ten * 10)).collect::<Vec<_>>()
        );
        assert_eq!(round_values(0.0, 47.0, 6), [0.0, 10.0, 20.0, 30.0, 40.0]);
        assert_eq!(round_values(0.0, 250.0, 5), [0.0, 100.0, 200.0]);
        assert_eq!(round_values(3.0, 3.0, 5), [3.0]);
        assert_eq!(round_values(0.0, f64::INFINITY, 5).len(), 1);
    }
}
