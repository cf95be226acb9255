//! Draws many estimates in order, with strips beneath that say where along them each option was chosen.

use mlogit::order;

use super::frame::{AXIS_TITLE, FOOT, Frame, SMALL, widest};
use super::pen::{Anchor, BOLD, Color, Pen, Type};
use super::{Panel, Point, Role, Sorted, Strip, Theme};

/// Narrower drawings have the words above the strips instead of beside them.
const BESIDE: f64 = 600.0;
/// Height of a strip.
const STRIP: f64 = 9.0;
/// From one strip to the next, beside and below their words.
const STEP: (f64, f64) = (15.0, 27.0);
/// Room for a heading.
const HEADING: f64 = 21.0;
/// Room for the medians at the right, and for what they are above them.
const MEDIANS: f64 = 46.0;
/// An interval that includes zero is the rule, and drawn lighter than one that does not.
const LIGHT: f64 = 0.38;
const STRONG: f64 = 0.8;

/// Height of the strips.
pub(super) fn height(sorted: &Sorted, width: f64) -> f64 {
    let headings = sorted.strips.iter().filter(|strip| !strip.heading.is_empty());
    let step = if width < BESIDE { STEP.1 } else { STEP.0 };
    headings.count() as f64 * HEADING + sorted.strips.len() as f64 * step
}

/// Room at the left, where `values` are the widths of the vertical axis' own words, and at the right.
pub(super) fn margins(sorted: &Sorted, width: f64, values: f64) -> (f64, f64) {
    if width < BESIDE {
        return (values, 18.0);
    }
    let labels: Vec<&str> = sorted.strips.iter().map(|strip| strip.label.as_str()).collect();
    let headings: Vec<&str> = sorted.strips.iter().map(|strip| strip.heading.as_str()).collect();
    let widest = widest(&labels).max(widest(&headings) * BOLD);
    (values.max(widest + 12.0), MEDIANS)
}

/// The middle of each strip, in CSS pixels from the top.
pub fn places<'a>(sorted: &'a Sorted, frame: &Frame<'_>) -> impl Iterator<Item = (&'a Strip, f64)> + use<'a> {
    let narrow = narrow(frame);
    let mut y = frame.axis + FOOT + AXIS_TITLE;
    sorted.strips.iter().map(move |strip| {
        if !strip.heading.is_empty() {
            y += HEADING;
        }
        y += if narrow { STEP.1 } else { STEP.0 };
        (strip, y - STRIP / 2.0 - if narrow { 1.0 } else { 2.0 })
    })
}

fn narrow(frame: &Frame<'_>) -> bool {
    frame.size.0 < BESIDE
}

pub(super) fn draw(pen: &mut dyn Pen, sorted: &Sorted, panel: &Panel, frame: &Frame<'_>, theme: Theme) {
    let [kinds @ .., marked, line] = panel.series.as_slice() else {
        return;
    };
    let step = (frame.x.max - frame.x.min) / sorted.columns.max(1) as f64;
    for column in 0..sorted.columns {
        let middle = frame.x.min + (column as f64 + 0.5) * step;
        let intervals = kinds.iter().zip(&sorted.weights).filter_map(|(kind, weights)| {
            let at = kind
                .points
                .iter()
                .position(|point| (point.x - middle).abs() < step / 2.0)?;
            let full = if kind.role == Role::Undecided {
                LIGHT
            } else {
                STRONG
            };
            Some((
                kind.points.get(at)?,
                theme.series(kind.role),
                full * weights.get(at)?,
            ))
        });
        let intervals: Vec<(&Point, Color, f64)> = intervals.collect();
        // The light ones below the others.
        let light = |one: &&(&Point, Color, f64)| one.1 == theme.series(Role::Undecided);
        let above = intervals.iter().filter(|one| !light(one));
        let intervals: Vec<_> = intervals.iter().filter(light).chain(above).copied().collect();
        let sides = (frame.x(middle - step / 2.0), frame.x(middle + step / 2.0));
        intervals_of(pen, &intervals, sides, frame, theme);
    }
    let zero = frame.y(0.0);
    pen.path(&[(frame.left, zero), (frame.right, zero)], theme.zero(), 1.0);
    let at = |point: &Point| {
        let shown = point.estimate.clamp(frame.y.min, frame.y.max);
        (frame.x(point.x), frame.y(shown))
    };
    let points: Vec<_> = line.points.iter().map(at).collect();
    pen.path(&points, theme.ink(), 2.0);
    for point in &marked.points {
        pen.dot(at(point), 5.5, theme.paper());
        pen.dot(at(point), 4.0, theme.series(marked.role));
    }
    strips(pen, sorted, frame, theme);
}

/// The intervals of a column over each other, each as opaque as the part of the column that it stands for.
fn intervals_of(
    pen: &mut dyn Pen,
    intervals: &[(&Point, Color, f64)],
    (left, right): (f64, f64),
    frame: &Frame<'_>,
    theme: Theme,
) {
    let shown = |value: f64| value.clamp(frame.y.min, frame.y.max);
    let mut ends: Vec<f64> = intervals
        .iter()
        .flat_map(|(point, ..)| [shown(point.low), shown(point.high)])
        .collect();
    order::ascending(&mut ends);
    for pair in ends.windows(2) {
        let [low, high] = pair else { continue };
        let middle = (low + high) / 2.0;
        let mut color = theme.paper();
        let mut covered = false;
        for (point, own, opacity) in intervals {
            if high > low && point.low <= middle && middle <= point.high {
                color = own.over(color, *opacity);
                covered = true;
            }
        }
        if covered {
            // A little over the next column, which is drawn after it: no seam is left between them.
            let right = (right + 0.5).min(frame.right);
            pen.rectangle((left, frame.y(*high)), (right, frame.y(*low)), color);
        }
    }
}

fn strips(pen: &mut dyn Pen, sorted: &Sorted, frame: &Frame<'_>, theme: Theme) {
    let narrow = narrow(frame);
    let type_of = |color, bold| Type {
        size: SMALL,
        color,
        bold,
    };
    let muted = type_of(theme.muted(), false);
    // Where the words of a strip are: beside it, or above.
    let words = |y: f64| if narrow { y - STRIP / 2.0 - 8.0 } else { y };
    for (position, (strip, y)) in places(sorted, frame).enumerate() {
        let first = !strip.heading.is_empty();
        if first {
            let above = words(y) - HEADING + if narrow { 2.0 } else { 4.0 };
            let (x, anchor) = if narrow {
                (frame.left, Anchor::Left)
            } else {
                (frame.left - 8.0, Anchor::Right)
            };
            pen.text(&strip.heading, (x, above), anchor, type_of(theme.ink(), true));
            if position == 0 {
                pen.text(
                    "median",
                    (frame.size.0 + frame.outer.0 - 4.0, above),
                    Anchor::Right,
                    muted,
                );
            }
        }
        let label = type_of(if first { theme.ink() } else { theme.muted() }, false);
        if narrow {
            pen.text(&strip.label, (frame.left, words(y)), Anchor::Left, label);
        } else {
            pen.text(&strip.label, (frame.left - 8.0, y), Anchor::Right, label);
        }
        if let Some(median) = strip.median {
            let text = frame.y.format.tick(median);
            pen.text(
                &text,
                (frame.size.0 + frame.outer.0 - 4.0, words(y)),
                Anchor::Right,
                label,
            );
        }
        let (top, bottom) = (y - STRIP / 2.0, y + STRIP / 2.0);
        pen.rectangle((frame.left, top), (frame.right, bottom), theme.grid());
        let step = (frame.right - frame.left) / strip.shares.len().max(1) as f64;
        // Columns that look the same are one rectangle.
        let mut column = 0;
        for run in strip.shares.chunk_by(|a, b| level(*a) == level(*b)) {
            let from = frame.left + column as f64 * step;
            column += run.len();
            let to = (frame.left + column as f64 * step + 0.5).min(frame.right);
            let level = run.first().map_or(0, |share| level(*share));
            if level > 0 {
                let color = theme
                    .ink()
                    .over(theme.grid(), DARKEST * f64::from(level) / f64::from(LEVELS));
                pen.rectangle((from, top), (to, bottom), color);
            }
        }
    }
}

/// Shades of a strip: from never to twice as often as in all, or more.
const LEVELS: u8 = 12;
const DARKEST: f64 = 0.85;

fn level(share: f64) -> u8 {
    (share * 0.5 * f64::from(LEVELS))
        .round()
        .clamp(0.0, f64::from(LEVELS)) as u8
}
