//! What several drawings have in common: dots whose shape says what they stand for, dashes, hatching, words on a chart.

use super::pen::{Anchor, Color, Pen, Type};
use super::{Marks, Role, Theme};

/// Half the width of a round dot.
pub(super) const DOT_RADIUS: f64 = 4.0;
/// A hollow dot's edge.
const EDGE: f64 = 1.6;
/// Drawn and left out of a dashed line, and of a dotted one.
const DASHES: (f64, f64) = (6.0, 4.0);
const DOTS: (f64, f64) = (1.5, 2.5);
/// From one line of a hatching to the next, along the axis.
const HATCH: f64 = 8.0;

/// What a dot looks like, beside its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Circle,
    Diamond,
    Square,
}

const fn shape(role: Role) -> Shape {
    match role {
        Role::Second => Shape::Diamond,
        Role::Third => Shape::Square,
        _ => Shape::Circle,
    }
}

/// Whether a line is dashed.
pub(super) const fn dashed(role: Role) -> bool {
    matches!(role, Role::Reference)
}

/// A series' dot; hollow where its interval includes none.
pub(super) fn dot(pen: &mut dyn Pen, at: (f64, f64), role: Role, hollow: bool, theme: Theme) {
    filled(pen, at, shape(role), DOT_RADIUS, theme.series(role));
    if hollow {
        filled(pen, at, shape(role), DOT_RADIUS - EDGE, theme.paper());
    }
}

fn filled(pen: &mut dyn Pen, (x, y): (f64, f64), shape: Shape, radius: f64, color: Color) {
    match shape {
        Shape::Circle => pen.dot((x, y), radius, color),
        Shape::Diamond => {
            let half = radius * 1.25;
            pen.polygon(
                &[(x - half, y), (x, y - half), (x + half, y), (x, y + half)],
                color,
            );
        }
        Shape::Square => {
            let half = radius * 0.9;
            pen.rectangle((x - half, y - half), (x + half, y + half), color);
        }
    }
}

/// What stands for a series in a legend, about 12 CSS pixels wide.
pub(super) fn swatch(pen: &mut dyn Pen, (left, y): (f64, f64), role: Role, marks: &Marks, theme: Theme) {
    let color = theme.series(role);
    match marks {
        Marks::Bars | Marks::Sorted(_) => pen.rectangle((left, y - 5.0), (left + 10.0, y + 5.0), color),
        Marks::Curves => {
            let (from, to) = ((left - 1.0, y), (left + 12.0, y));
            if dashed(role) {
                pen.path(&[from, (left + 4.0, y)], color, 2.5);
                pen.path(&[(left + 7.0, y), to], color, 2.5);
            } else {
                pen.path(&[from, to], color, 2.5);
            }
        }
        Marks::Rows(_) | Marks::Dots if role == Role::Together => {
            pen.path(&[(left + 5.0, y - 6.0), (left + 5.0, y + 6.0)], color, 1.5);
        }
        Marks::Rows(_) | Marks::Dots => dot(pen, (left + 5.0, y), role, false, theme),
    }
}

/// A dashed line through points.
pub(super) fn dashes(pen: &mut dyn Pen, points: &[(f64, f64)], color: Color, width: f64) {
    broken(pen, points, color, width, DASHES);
}

/// A dotted one.
pub(super) fn dotted(pen: &mut dyn Pen, points: &[(f64, f64)], color: Color, width: f64) {
    broken(pen, points, color, width, DOTS);
}

fn broken(pen: &mut dyn Pen, points: &[(f64, f64)], color: Color, width: f64, (on, off): (f64, f64)) {
    let mut piece: Vec<(f64, f64)> = points.first().copied().into_iter().collect();
    let (mut drawn, mut left) = (true, on);
    for pair in points.windows(2) {
        let [from, to] = pair else { continue };
        let length = libm::hypot(to.0 - from.0, to.1 - from.1);
        let mut done = 0.0;
        while length - done > left {
            done += left;
            let share = done / length;
            let here = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
            if drawn {
                piece.push(here);
                pen.path(&piece, color, width);
            }
            drawn = !drawn;
            left = if drawn { on } else { off };
            piece = vec![here];
        }
        left -= length - done;
        if drawn {
            piece.push(*to);
        }
    }
    if drawn && piece.len() > 1 {
        pen.path(&piece, color, width);
    }
}

/// Fine lines across a part of a chart where nothing can be.
pub(super) fn hatch(pen: &mut dyn Pen, (left, top): (f64, f64), (right, bottom): (f64, f64), color: Color) {
    let tall = bottom - top;
    if tall <= 0.0 || right <= left {
        return;
    }
    let mut foot = left - tall + HATCH / 2.0;
    while foot < right {
        // Up to the right from the lower edge, cut off at both sides.
        let (low, high) = ((left - foot).max(0.0), tall.min(right - foot));
        if high > low {
            pen.path(
                &[(foot + low, bottom - low), (foot + high, bottom - high)],
                color,
                1.0,
            );
        }
        foot += HATCH;
    }
}

/// Words on a chart, apart from the lines that they stand on.
pub(super) fn words(pen: &mut dyn Pen, text: &str, at: (f64, f64), anchor: Anchor, font: Type, theme: Theme) {
    pen.halo(text, at, anchor, font, theme.paper());
    pen.text(text, at, anchor, font);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keeps the lines it is asked for.
    #[derive(Default)]
    struct Lines(Vec<Vec<(f64, f64)>>);

    impl Pen for Lines {
        fn rectangle(&mut self, _: (f64, f64), _: (f64, f64), _: Color) {}
        fn path(&mut self, points: &[(f64, f64)], _: Color, _: f64) {
            self.0.push(points.to_vec());
        }
        fn polygon(&mut self, _: &[(f64, f64)], _: Color) {}
        fn dot(&mut self, _: (f64, f64), _: f64, _: Color) {}
        fn text(&mut self, _: &str, _: (f64, f64), _: Anchor, _: Type) {}
    }

    fn length(line: &[(f64, f64)]) -> f64 {
        line.windows(2)
            .map(|two| libm::hypot(two[1].0 - two[0].0, two[1].1 - two[0].1))
            .sum()
    }

    #[test]
    fn dashes_go_round_corners() {
        let mut lines = Lines::default();
        dashes(
            &mut lines,
            &[(0.0, 0.0), (9.0, 0.0), (13.0, 0.0), (13.0, 20.0)],
            Theme::Light.ink(),
            1.0,
        );
        let drawn: Vec<f64> = lines.0.iter().map(|line| length(line)).collect();
        assert_eq!(drawn, [6.0, 6.0, 6.0, 3.0]);
        // The second begins four after the first has ended, and turns the corner.
        assert_eq!(lines.0[1], [(10.0, 0.0), (13.0, 0.0), (13.0, 3.0)]);
    }

    #[test]
    fn hatching_stays_within_its_part() {
        let mut lines = Lines::default();
        hatch(&mut lines, (10.0, 20.0), (110.0, 60.0), Theme::Light.grid());
        assert!(lines.0.len() > 12);
        for (x, y) in lines.0.iter().flatten() {
            assert!(
                (10.0..=110.0).contains(x) && (20.0..=60.0).contains(y),
                "{x}, {y}"
            );
        }
    }
}
