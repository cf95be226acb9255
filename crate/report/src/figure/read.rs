//! Reads exact values off a drawn figure.

use serde::Serialize;

use super::frame::{Frame, dotted, offset};
use super::layout::frames;
use super::{Figure, Marks, Panel, Point, Role, Series};

/// What a figure shows at a point.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Reading {
    /// Where the values are: a vertical line, or for rows a horizontal one, in CSS pixels.
    pub from: (f64, f64),
    /// Its other end.
    pub to: (f64, f64),
    /// What is read, in words.
    pub at: String,
    /// One for each series.
    pub entries: Vec<Entry>,
}

/// A series' value.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "ReadingEntry"))]
pub struct Entry {
    /// The series.
    pub label: String,
    /// What it stands for.
    pub role: Role,
    /// Where the value is, in CSS pixels; none for a bar.
    pub dot: Option<(f64, f64)>,
    /// Estimate with its interval, in words.
    pub text: String,
}

/// What `figure`, drawn `width` CSS pixels wide without captions, shows nearest to a point; `None` where the
/// point is on none of its panels.
#[must_use]
pub fn read(figure: &Figure, width: f64, x: f64, y: f64) -> Option<Reading> {
    let inside = |from: f64, size: f64, value: f64| (from..from + size).contains(&value);
    let (panel, frame) = figure
        .panels
        .iter()
        .zip(frames(figure, width, 0.0))
        .find(|(_, frame)| {
            inside(frame.outer.0, frame.size.0, x) && inside(frame.outer.1, frame.size.1, y)
        })?;
    let mut reading = match &panel.marks {
        Marks::Rows(rows) => row(panel, rows, &frame, y)?,
        Marks::Sorted(_) => column(panel, panel.series.last().map(std::slice::from_ref)?, &frame, x)?,
        _ => column(panel, &panel.series, &frame, x)?,
    };
    if figure.panels.len() > 1 {
        reading.at = format!("{}: {}", panel.title, reading.at);
    }
    Some(reading)
}

/// The values at the horizontal position nearest to `x`.
fn column(panel: &Panel, series: &[Series], frame: &Frame<'_>, x: f64) -> Option<Reading> {
    let value = frame.value(x);
    let distance = |point: &&Point| (point.x - value).abs();
    let nearest = |series: &Series| -> Option<Point> {
        let points = series.points.iter();
        points.min_by(|a, b| distance(a).total_cmp(&distance(b))).copied()
    };
    let at = nearest(series.first()?)?.x;
    let entries = series.iter().filter_map(|series| {
        let point = match panel.marks {
            // Each forecast has its own.
            Marks::Dots => nearest(series)?,
            _ => *series.points.iter().find(|point| point.x == at)?,
        };
        let dot = (panel.marks != Marks::Bars).then(|| (frame.x(point.x), frame.y(point.estimate)));
        let text = frame.y.format.interval(point.estimate, point.low, point.high);
        Some(Entry {
            label: series.label.clone(),
            role: series.role,
            dot,
            text,
        })
    });
    Some(Reading {
        from: (frame.x(at), frame.top),
        to: (frame.x(at), frame.bottom),
        at: format!("{} {}", frame.x.title, frame.x.format.tick(at)),
        entries: entries.collect(),
    })
}

/// The values in the row nearest to `y`.
fn row(panel: &Panel, rows: &[String], frame: &Frame<'_>, y: f64) -> Option<Reading> {
    let row = frame.row_at(y, rows.len());
    let count = dotted(&panel.series);
    let entries = panel.series.iter().enumerate().filter_map(|(position, series)| {
        let point = series.points.iter().find(|point| point.x == row)?;
        let y = frame.row(row) + offset(position, count);
        let dot = (series.role != Role::Together).then(|| (frame.x(point.estimate), y));
        let text = frame.x.format.interval(point.estimate, point.low, point.high);
        Some(Entry {
            label: series.label.clone(),
            role: series.role,
            dot,
            text,
        })
    });
    Some(Reading {
        from: (frame.left, frame.row(row)),
        to: (frame.right, frame.row(row)),
        at: rows.get(row as usize)?.clone(),
        entries: entries.collect(),
    })
}
