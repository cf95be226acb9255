//! Reads exact values off a drawn figure.

use serde::Serialize;

use super::layout::{frames, trimmed};
use super::{Figure, Point, Role};

/// What a figure shows at a horizontal position.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reading {
    /// Position in CSS pixels.
    pub x: f64,
    /// Upper end of the data's area in CSS pixels.
    pub top: f64,
    /// Lower end of the data's area in CSS pixels.
    pub bottom: f64,
    /// The horizontal axis and its value, in words.
    pub at: String,
    /// One for each series.
    pub entries: Vec<Entry>,
}

/// A series' value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// The series.
    pub label: String,
    /// What it stands for.
    pub role: Role,
    /// Vertical position in CSS pixels.
    pub y: f64,
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
    let value = frame.value(x);
    let distance = |point: &&Point| (point.x - value).abs();
    let nearest = |points: &'_ [Point]| {
        points
            .iter()
            .min_by(|a, b| distance(a).total_cmp(&distance(b)))
            .copied()
    };
    let entries: Vec<(Entry, f64)> = panel
        .series
        .iter()
        .filter_map(|series| {
            let point = nearest(&series.points)?;
            let percent = |value: f64| format!("{:.1}", value * 100.0).replace('-', "−");
            let (estimate, low, high) = (percent(point.estimate), percent(point.low), percent(point.high));
            let text = format!("{estimate}% ({low} to {high})");
            let (label, role) = (series.label.clone(), series.role);
            Some((
                Entry {
                    label,
                    role,
                    y: frame.y(point.estimate),
                    text,
                },
                point.x,
            ))
        })
        .collect();
    let at = entries.first()?.1;
    Some(Reading {
        x: frame.x(at),
        top: frame.top,
        bottom: frame.bottom,
        at: format!("{} {}", figure.x.title, trimmed(at)),
        entries: entries.into_iter().map(|(entry, _)| entry).collect(),
    })
}
