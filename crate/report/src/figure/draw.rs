//! Draws a figure with any pen.

use super::frame::{Frame, SMALL, TEXT, dotted, offset, ticks};
use super::layout::{self, HEADING, RUG, SWATCH};
use super::pen::{Anchor, BOLD, Pen, Type, balanced, width, wrap};
use super::{Figure, Marks, Panel, Point, Role, Series, Theme, sorted};

/// CSS pixels.
const TITLE: f64 = 17.0;
/// Opacity of an interval's band.
const BAND: f64 = 0.17;

/// Draws a figure, `width` CSS pixels wide: without captions, [`super::height`] high, where a page sets them as text;
/// or with title, subtitle, note and a credit in the picture, [`height_with_captions`] high.
pub fn draw(figure: &Figure, pen: &mut dyn Pen, width: f64, theme: Theme, credit: Option<&str>) {
    let tall = match credit {
        Some(credit) => height_with_captions(figure, width, credit),
        None => layout::height(figure, width),
    };
    pen.rectangle((0.0, 0.0), (width, tall), theme.paper());
    let top = match credit {
        Some(_) => captions(pen, figure, width, theme),
        None => 0.0,
    };
    let entries = layout::legend(figure, width);
    legend(pen, &entries, (0.0, top), theme);
    let alike = layout::alike(figure);
    for (panel, frame) in figure.panels.iter().zip(layout::frames(figure, width, top)) {
        horizontal(pen, figure, &frame, theme);
        match &panel.marks {
            Marks::Curves => {
                vertical(pen, figure, &frame, theme);
                rug(pen, panel, &frame, theme);
                curves(pen, panel, &frame, theme);
                if entries.is_empty() {
                    labels(pen, panel, &frame, theme);
                }
            }
            Marks::Rows(rows) => self::rows(pen, panel, rows, &frame, theme),
            Marks::Bars => {
                vertical(pen, figure, &frame, theme);
                bars(pen, panel, &frame, theme);
            }
            Marks::Dots => {
                vertical(pen, figure, &frame, theme);
                dots(pen, panel, &frame, theme);
            }
            Marks::Sorted(sorted) => {
                vertical(pen, figure, &frame, theme);
                sorted::draw(pen, sorted, panel, &frame, theme);
            }
        }
        if figure.panels.len() > 1 {
            let font = Type {
                size: TEXT,
                color: theme.ink(),
                bold: true,
            };
            pen.text(
                &panel.title,
                (frame.heading, frame.outer.1 + 9.0),
                Anchor::Left,
                font,
            );
        }
        if !alike {
            let (left, right) = (frame.heading - 4.0, frame.outer.0 + frame.size.0);
            let entries = layout::entries(&panel.series, right - left);
            legend(pen, &entries, (left, frame.outer.1 + HEADING), theme);
        }
    }
    if let Some(credit) = credit {
        note(pen, figure, width, theme, credit);
    }
}

/// Height of a figure drawn with captions.
#[must_use]
pub fn height_with_captions(figure: &Figure, width: f64, credit: &str) -> f64 {
    layout::height(figure, width) + caption_height(figure, width, credit)
}

/// Height that title, subtitle, note and credit take.
fn caption_height(figure: &Figure, width: f64, credit: &str) -> f64 {
    let room = width - 8.0;
    let lines = |text: &str, size: f64| wrap(text, size, room).len() as f64 * size * 1.35;
    let title = wrap(&figure.title, TITLE, room / BOLD).len() as f64 * TITLE * 1.35;
    18.0 + title
        + lines(&figure.subtitle, TEXT)
        + 10.0
        + lines(&figure.note, SMALL)
        + lines(credit, SMALL)
        + 14.0
}

/// Writes title and subtitle; returns where they end.
fn captions(pen: &mut dyn Pen, figure: &Figure, width: f64, theme: Theme) -> f64 {
    let room = width - 8.0;
    let mut y = 18.0;
    for (text, size, color, bold) in [
        (&figure.title, TITLE, theme.ink(), true),
        (&figure.subtitle, TEXT, theme.muted(), false),
    ] {
        let lines = if bold {
            balanced(text, size, room / BOLD)
        } else {
            wrap(text, size, room)
        };
        for line in lines {
            pen.text(&line, (4.0, y), Anchor::Left, Type { size, color, bold });
            y += size * 1.35;
        }
    }
    y + 6.0
}

fn note(pen: &mut dyn Pen, figure: &Figure, width: f64, theme: Theme, credit: &str) {
    let font = Type {
        size: SMALL,
        color: theme.muted(),
        bold: false,
    };
    let room = width - 8.0;
    let mut lines = wrap(&figure.note, SMALL, room);
    lines.extend(wrap(credit, SMALL, room));
    let bottom = height_with_captions(figure, width, credit);
    for (line, text) in lines.iter().enumerate() {
        let below = (lines.len() - line) as f64 * SMALL * 1.35;
        pen.text(text, (4.0, bottom - below), Anchor::Left, font);
    }
}

/// Squares with words, from a corner on.
fn legend(pen: &mut dyn Pen, entries: &[(f64, f64, &Series)], corner: (f64, f64), theme: Theme) {
    for (left, below, series) in entries {
        let (left, y) = (corner.0 + left, corner.1 + below + 9.0);
        pen.rectangle((left, y - 5.0), (left + 10.0, y + 5.0), theme.series(series.role));
        let font = Type {
            size: SMALL,
            color: theme.ink(),
            bold: false,
        };
        pen.text(&series.label, (left + SWATCH, y), Anchor::Left, font);
    }
}

/// The vertical axis: lines across, their values, and the axis' title above.
fn vertical(pen: &mut dyn Pen, figure: &Figure, frame: &Frame<'_>, theme: Theme) {
    let small = Type {
        size: SMALL,
        color: theme.muted(),
        bold: false,
    };
    for tick in ticks(&figure.y, 6) {
        let y = frame.y(tick);
        let color = if tick.abs() < 1e-9 {
            theme.zero()
        } else {
            theme.grid()
        };
        pen.path(&[(frame.left, y), (frame.right, y)], color, 1.0);
        pen.text(
            &figure.y.format.tick(tick),
            (frame.left - 8.0, y),
            Anchor::Right,
            small,
        );
    }
    pen.text(
        &figure.y.title,
        (frame.outer.0 + 4.0, frame.top - 18.0),
        Anchor::Left,
        small,
    )
}

/// The horizontal axis: ticks, their values, and the axis' title below.
fn horizontal(pen: &mut dyn Pen, figure: &Figure, frame: &Frame<'_>, theme: Theme) {
    let small = Type {
        size: SMALL,
        color: theme.muted(),
        bold: false,
    };
    let labels = frame.axis + 16.0;
    for tick in frame.ticks() {
        let x = frame.x(tick);
        pen.path(&[(x, frame.axis), (x, frame.axis + 4.0)], theme.zero(), 1.0);
        let number = figure.x.format.tick(tick);
        match &figure.x.ends {
            Some((first, _)) if tick == figure.x.min => {
                pen.text(
                    &format!("{number} · {first}"),
                    (x - 3.0, labels),
                    Anchor::Left,
                    small,
                );
            }
            Some((_, last)) if tick == figure.x.max => {
                pen.text(
                    &format!("{last} · {number}"),
                    (x + 3.0, labels),
                    Anchor::Right,
                    small,
                );
            }
            _ => pen.text(&number, (x, labels), Anchor::Centre, small),
        }
    }
    if !frame.titled {
        return;
    }
    let ink = Type {
        size: SMALL,
        color: theme.ink(),
        bold: false,
    };
    pen.text(
        &figure.x.title,
        ((frame.left + frame.right) / 2.0, labels + 18.0),
        Anchor::Centre,
        ink,
    )
}

/// A strip of bars on the axis, below the data: how many values lie where, on a square-root scale so that few can be seen
/// beside many.
fn rug(pen: &mut dyn Pen, panel: &Panel, frame: &Frame<'_>, theme: Theme) {
    let most = panel.rug.iter().copied().max().unwrap_or_default();
    if most == 0 {
        return;
    }
    let foot = frame.axis;
    let step = (frame.right - frame.left) / panel.rug.len() as f64;
    for (position, &count) in panel.rug.iter().enumerate().filter(|(_, count)| **count > 0) {
        let tall = (f64::from(count) / f64::from(most)).sqrt() * RUG;
        let left = frame.left + position as f64 * step;
        let color = theme.zero().mix(0.6);
        pen.rectangle((left, foot - tall.max(1.5)), (left + step - 1.0, foot), color);
    }
    pen.path(&[(frame.left, foot), (frame.right, foot)], theme.grid(), 1.0)
}

fn curves(pen: &mut dyn Pen, panel: &Panel, frame: &Frame<'_>, theme: Theme) {
    for series in panel.series.iter().rev() {
        band(pen, series, frame, theme);
    }
    for series in panel.series.iter().rev() {
        let at = |point: &Point| (frame.x(point.x), frame.y(point.estimate));
        let points: Vec<_> = series.points.iter().map(at).collect();
        pen.path(&points, theme.series(series.role), 2.5);
    }
}

/// A band, cut off where the axis ends.
fn band(pen: &mut dyn Pen, series: &Series, frame: &Frame<'_>, theme: Theme) {
    let color = theme.series(series.role);
    let edge = |end: fn(&Point) -> f64| -> Vec<(f64, f64, bool)> {
        let at = |point: &Point| {
            let value = end(point);
            let shown = value.clamp(frame.y.min, frame.y.max);
            (frame.x(point.x), frame.y(shown), value == shown)
        };
        series.points.iter().map(at).collect()
    };
    let (lower, upper) = (edge(|point| point.low), edge(|point| point.high));
    let outline: Vec<_> = lower
        .iter()
        .chain(upper.iter().rev())
        .map(|&(x, y, _)| (x, y))
        .collect();
    pen.polygon(&outline, color.mix(BAND));
    for edge in [lower, upper] {
        for inside in edge.split(|(_, _, inside)| !inside) {
            let points: Vec<_> = inside.iter().map(|&(x, y, _)| (x, y)).collect();
            pen.path(&points, color.mix(0.5), 1.0);
        }
    }
}

/// Direct labels at the left end, each above the band of its curve.
fn labels(pen: &mut dyn Pen, panel: &Panel, frame: &Frame<'_>, theme: Theme) {
    for series in panel.series.iter().filter(|series| !series.label.is_empty()) {
        let right = frame.left + 6.0 + width(&series.label, TEXT) * BOLD;
        let covered = series.points.iter().filter(|point| frame.x(point.x) <= right);
        let top = covered
            .map(|point| frame.y(point.high))
            .fold(f64::INFINITY, f64::min);
        let font = Type {
            size: TEXT,
            color: theme.series(series.role),
            bold: true,
        };
        pen.text(&series.label, (frame.left + 6.0, top - 10.0), Anchor::Left, font);
    }
}

/// A dot with its interval for each series, series below each other within a row.
fn rows(pen: &mut dyn Pen, panel: &Panel, rows: &[String], frame: &Frame<'_>, theme: Theme) {
    for tick in frame.ticks() {
        let x = frame.x(tick);
        let color = if tick.abs() < 1e-9 {
            theme.zero()
        } else {
            theme.grid()
        };
        pen.path(&[(x, frame.top), (x, frame.bottom)], color, 1.0);
    }
    for series in panel.series.iter().filter(|one| one.role == Role::Together) {
        if let Some(point) = series.points.first() {
            let x = frame.x(point.estimate);
            pen.path(
                &[(x, frame.top), (x, frame.bottom)],
                theme.series(series.role),
                1.5,
            );
        }
    }
    let small = Type {
        size: SMALL,
        color: theme.ink(),
        bold: false,
    };
    for (row, label) in rows.iter().enumerate().filter(|_| frame.labelled) {
        let middle = frame.row(row as f64);
        if frame.stacked {
            // Lines that run through all rows go behind the words.
            let end = 4.0 + width(label, SMALL);
            pen.rectangle((4.0, middle - 22.0), (end, middle - 8.0), theme.paper());
            pen.text(label, (4.0, middle - 15.0), Anchor::Left, small);
        } else {
            pen.text(label, (frame.left - 8.0, middle), Anchor::Right, small);
        }
    }
    let count = dotted(&panel.series);
    for (position, series) in panel.series.iter().enumerate() {
        let color = theme.series(series.role);
        if series.role == Role::Together {
            continue;
        }
        for point in &series.points {
            let y = frame.row(point.x) + offset(position, count);
            let end = |value: f64| frame.x(value.clamp(frame.x.min, frame.x.max));
            pen.path(&[(end(point.low), y), (end(point.high), y)], color.mix(0.75), 2.0);
            pen.dot((frame.x(point.estimate), y), 4.0, color);
        }
    }
}

/// Dots with intervals up and down, and the diagonal.
fn dots(pen: &mut dyn Pen, panel: &Panel, frame: &Frame<'_>, theme: Theme) {
    let (from, to) = (frame.x.min.max(frame.y.min), frame.x.max.min(frame.y.max));
    let diagonal = [(frame.x(from), frame.y(from)), (frame.x(to), frame.y(to))];
    pen.path(&diagonal, theme.zero(), 1.0);
    for series in panel.series.iter().rev() {
        let color = theme.series(series.role);
        for point in &series.points {
            let x = frame.x(point.x);
            pen.path(
                &[(x, frame.y(point.low)), (x, frame.y(point.high))],
                color.mix(0.55),
                1.5,
            );
            pen.dot((x, frame.y(point.estimate)), 4.0, color);
        }
    }
}

fn bars(pen: &mut dyn Pen, panel: &Panel, frame: &Frame<'_>, theme: Theme) {
    let bars = panel
        .series
        .iter()
        .map(|series| series.points.len())
        .max()
        .unwrap_or_default();
    let step = (frame.right - frame.left) / (frame.x.max - frame.x.min);
    let mut foot = vec![0.0; bars];
    for series in &panel.series {
        for (point, foot) in series.points.iter().zip(&mut foot) {
            let (low, high) = (*foot, *foot + point.estimate);
            let x = frame.x(point.x);
            let corner = (x - step * 0.4, frame.y(high));
            pen.rectangle(corner, (x + step * 0.4, frame.y(low)), theme.series(series.role));
            *foot = high;
        }
    }
}
