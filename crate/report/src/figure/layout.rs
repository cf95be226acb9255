//! Where the parts of a figure go, in CSS pixels.

use super::frame::{ABOVE, AXIS_TITLE, DOT, FOOT, Frame, SMALL, dotted, lines, ticks, widest};
use super::pen::width;
use super::{Figure, Format, Marks, Panel, Series, sorted};

/// Height of the strip of bars that shows where the values are.
pub(super) const RUG: f64 = 20.0;
/// Least height of a row of dots.
const ROW: f64 = 34.0;
/// The same where each row has one dot, beside a line through all rows.
const RANK: f64 = 22.0;
/// Panels that would be narrower go below each other.
const NARROWEST_PANEL: f64 = 240.0;
/// The same of rows, beside their names.
const NARROWEST_ROWS: f64 = 180.0;
/// Height of a line of the legend.
const LEGEND: f64 = 26.0;
/// Width of an entry's square, with the gap behind it.
pub(super) const SWATCH: f64 = 18.0;
/// From this width on there is room for words at the right of the data.
const WIDE: f64 = 560.0;
/// Room for differences at the right of rows.
pub(super) const BESIDE_ROWS: f64 = 112.0;
/// Room at the right of a curve for the value at its end; and for the difference of its ends, too.
const BESIDE_CURVE: (f64, f64) = (38.0, 150.0);
/// Room for what differences are taken from, below the heading.
pub(super) const FROM: f64 = 15.0;
/// Room above the strip of bars, between it and the data.
const RUG_GAP: f64 = 6.0;
/// Room between panels above each other.
const GAP: f64 = 20.0;

/// Height of a figure drawn `width` wide without captions, both in CSS pixels.
#[must_use]
pub fn height(figure: &Figure, width: f64) -> f64 {
    let grid = Grid::new(figure, width);
    let rows = figure.panels.len().div_ceil(grid.columns) as f64;
    legend_height(figure, width) + rows * (grid.tall + GAP) - GAP + axis_title(figure, width)
}

/// Room for the title of the horizontal axis, which stands between the words at its ends where there is room.
fn axis_title(figure: &Figure, width: f64) -> f64 {
    if figure.x.ends.is_some() && width >= WIDE {
        0.0
    } else {
        AXIS_TITLE
    }
}

/// Whether the vertical axis has its title above it: the percent signs say enough beside one panel of curves.
pub(super) fn titled(figure: &Figure) -> bool {
    let plain = figure.y.format == Format::Percent
        && matches!(figure.panels.as_slice(), [one] if one.marks == Marks::Curves);
    !figure.y.title.is_empty() && !plain
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
            Some(Marks::Rows(rows)) if !stacked(figure, width) => name_width(figure, rows) + 12.0,
            _ => 0.0,
        };
        let beside = match (
            &figure.differences,
            figure.panels.first().map(|panel| &panel.marks),
        ) {
            (Some(_), Some(Marks::Rows(_))) if width >= WIDE => BESIDE_ROWS,
            _ => 0.0,
        };
        let strips = match figure.panels.first().map(|panel| &panel.marks) {
            Some(Marks::Sorted(sorted)) => AXIS_TITLE + sorted::height(sorted, width),
            _ => 0.0,
        };
        let wide = (width - labels - beside) / columns as f64;
        let series = figure.panels.iter().map(|panel| dotted(&panel.series)).max();
        let row = match series.unwrap_or_default() {
            _ if ranked(figure) => RANK,
            series => ROW.max((series as f64 + 1.0) * DOT + 4.0),
        };
        let row = if stacked(figure, width) { row + ABOVE } else { row };
        let share = |of: f64, least: f64, most: f64| (wide * of).clamp(least, most).round();
        let data = match figure.panels.first().map(|panel| &panel.marks) {
            Some(Marks::Rows(rows)) => rows.len() as f64 * row,
            Some(Marks::Bars) => share(0.38, 190.0, 300.0),
            Some(Marks::Sorted(_)) => share(0.36, 220.0, 320.0),
            Some(Marks::Dots) => share(0.9, 200.0, 300.0),
            _ if figure.panels.len() > 1 => share(0.6, 190.0, 220.0),
            _ => share(0.38, 225.0, 285.0),
        };
        let rug = if figure.panels.iter().any(|panel| !panel.rug.is_empty()) {
            RUG_GAP + RUG
        } else {
            0.0
        };
        let head = head(figure, wide) + if beside > 0.0 { FROM } else { 0.0 };
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

/// Whether each row has one dot, beside a line through all rows.
fn ranked(figure: &Figure) -> bool {
    figure
        .panels
        .iter()
        .any(|panel| dotted(&panel.series) < panel.series.len())
}

/// Width that the names of rows take beside their dots.
fn name_width(figure: &Figure, rows: &[String]) -> f64 {
    if ranked(figure) {
        return widest(rows);
    }
    let parts: Vec<&str> = rows.iter().flat_map(|row| lines(row)).collect();
    widest(&parts)
}

/// Whether the names of rows are above their dots, as they would leave too little room beside them.
fn stacked(figure: &Figure, width: f64) -> bool {
    match figure.panels.first().map(|panel| &panel.marks) {
        Some(Marks::Rows(rows)) => {
            let narrow = width < WIDE && figure.differences.is_some();
            narrow || name_width(figure, rows) > 0.45 * width
        }
        _ => false,
    }
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
    let title = if titled(figure) { 30.0 } else { 8.0 };
    heading + legend + title
}

fn columns(figure: &Figure, width: f64) -> usize {
    if stacked(figure, width) {
        return 1;
    }
    let room = match figure.panels.first().map(|panel| &panel.marks) {
        Some(Marks::Rows(rows)) => (width - name_width(figure, rows) - 12.0) / NARROWEST_ROWS,
        _ => width / NARROWEST_PANEL,
    };
    (room as usize).clamp(1, figure.columns.clamp(1, figure.panels.len().max(1)))
}

/// The frames of a figure's panels, drawn `width` wide below `top`.
pub fn frames(figure: &Figure, width: f64, top: f64) -> impl Iterator<Item = Frame<'_>> {
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
                Marks::Curves if figure.differences.is_some() && count == 1 => {
                    let (value, all) = BESIDE_CURVE;
                    (start + values, if width >= WIDE { all } else { value })
                }
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
            wide: width >= WIDE,
        }
    })
}
