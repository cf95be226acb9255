//! Where a panel's data go, and the round values along its axes, in CSS pixels.

use super::pen::width;
use super::{Axis, Format, Role, Series};
use crate::words::{percent, points, share, thousands, trimmed};

/// Size of labels in the figure.
pub(super) const TEXT: f64 = 12.0;
/// Size of tick labels and notes.
pub(super) const SMALL: f64 = 11.5;
/// Room below a panel for ticks and their values.
pub(super) const FOOT: f64 = 28.0;
/// Room below that for the axis' title, in the lowest panels.
pub(super) const AXIS_TITLE: f64 = 22.0;
/// How far below each other the dots of a row lie.
pub(super) const DOT: f64 = 12.0;
/// Room for a row's name above its dots.
pub(super) const ABOVE: f64 = 15.0;

/// The parts of a row's name that go below each other where it is beside its dots.
pub(super) fn lines(name: &str) -> impl Iterator<Item = &str> {
    name.splitn(2, ", ")
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
    series.iter().filter(|one| one.role != Role::Together).count()
}

/// How far below the middle of its row a series lies.
pub(super) fn offset(position: usize, series: usize) -> f64 {
    (position as f64 - (series as f64 - 1.0) / 2.0) * DOT
}

/// Where a panel's data go.
#[derive(Debug)]
pub struct Frame<'a> {
    /// Upper left corner of the panel with its axes and labels.
    pub outer: (f64, f64),
    /// Size of the panel with its axes, labels and the room below.
    pub size: (f64, f64),
    /// Left end of the data.
    pub left: f64,
    /// Right end of the data.
    pub right: f64,
    /// Upper end of the data.
    pub top: f64,
    /// Lower end of the data.
    pub bottom: f64,
    /// Left end of the panel's heading.
    pub heading: f64,
    /// Where the horizontal axis is: below the data, or below the strip of bars under them.
    pub axis: f64,
    /// Whether the names of rows are written at the left of this panel.
    pub labelled: bool,
    /// Whether the horizontal axis' title is written below this panel.
    pub titled: bool,
    /// Horizontal axis.
    pub x: &'a Axis,
    /// Vertical axis.
    pub y: &'a Axis,
    pub(super) row: f64,
    /// Whether the names of rows are above their dots.
    pub stacked: bool,
    /// Whether there is room for words at the right of the data.
    pub wide: bool,
}

impl Frame<'_> {
    /// As many round values along the horizontal axis as there is room for.
    #[must_use]
    pub fn ticks(&self) -> Vec<f64> {
        // The words at the ends of an axis take all of its room.
        if self.x.ends.is_some() {
            return vec![self.x.min, self.x.max];
        }
        let room = if self.x.format == Format::Count {
            64.0
        } else {
            30.0
        };
        ticks(self.x, ((self.right - self.left) / room).clamp(3.0, 9.0) as usize)
    }

    /// Where a value lies along the horizontal axis.
    #[must_use]
    pub fn x(&self, value: f64) -> f64 {
        self.left + (value - self.x.min) / (self.x.max - self.x.min) * (self.right - self.left)
    }

    /// Where a value lies along the vertical axis.
    #[must_use]
    pub fn y(&self, value: f64) -> f64 {
        self.bottom - (value - self.y.min) / (self.y.max - self.y.min) * (self.bottom - self.top)
    }

    /// The value at a horizontal position.
    #[must_use]
    pub fn value(&self, x: f64) -> f64 {
        self.x.min + (x - self.left) / (self.right - self.left) * (self.x.max - self.x.min)
    }

    /// The middle of a row.
    #[must_use]
    pub fn row(&self, row: f64) -> f64 {
        let below = if self.stacked { ABOVE / 2.0 } else { 0.0 };
        self.top + (row + 0.5) * self.row + below
    }

    /// Where the name of a row is, above the first of its dots, of so many series.
    pub(super) fn above(&self, row: f64, series: usize) -> f64 {
        self.row(row) + offset(0, series) - ABOVE
    }

    /// The row at a vertical position, of `rows`.
    #[must_use]
    pub fn row_at(&self, y: f64, rows: usize) -> f64 {
        ((y - self.top) / self.row)
            .floor()
            .clamp(0.0, rows.saturating_sub(1) as f64)
    }
}

/// Round values along an axis; of probabilities no impossible ones, though intervals may reach there.
pub(super) fn ticks(axis: &Axis, most: usize) -> Vec<f64> {
    let below = usize::from(axis.format == Format::Percent && axis.min < 0.0);
    let mut ticks = all_ticks(axis, most + below);
    if axis.format == Format::Percent {
        ticks.retain(|tick| (-1e-9..=1.0 + 1e-9).contains(tick));
    }
    ticks
}

fn all_ticks(axis: &Axis, most: usize) -> Vec<f64> {
    match axis.format {
        Format::Share(scale) if !scale.ticks().is_empty() => scale
            .ticks()
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
    #[must_use]
    pub fn tick(self, value: f64) -> String {
        match self {
            Format::Number => trimmed(value),
            Format::Count => thousands(value.max(0.0) as usize),
            Format::Percent => percent(value),
            Format::Share(scale) => share(scale.share(value)),
            Format::Points if value.abs() < 0.005 => "0".to_owned(),
            Format::Points => points(value),
        }
    }

    /// An estimate with its interval, to one decimal.
    #[must_use]
    pub fn interval(self, estimate: f64, low: f64, high: f64) -> String {
        let number = |value: f64| format!("{:.1}", value * 100.0).replace('-', "−");
        match self {
            Format::Number if low < high => {
                format!("{} ({} to {})", trimmed(estimate), trimmed(low), trimmed(high))
            }
            Format::Number | Format::Count | Format::Share(_) => self.tick(estimate),
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
