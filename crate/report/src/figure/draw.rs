//! Draws a figure with any pen.

use super::frame::{Frame, SMALL, TEXT, dotted, lines, offset, ticks};
use super::layout::{self, BESIDE_ROWS, FROM, HEADING, RUG, SWATCH};
use super::marks;
use super::pen::{Anchor, BOLD, Color, Pen, Type, balanced, shortened, width, wrap};
use super::{Aside, Axis, Figure, Format, Marks, Panel, Part, Point, Role, Series, Theme, sorted};
use crate::words::points;

/// CSS pixels.
const TITLE: f64 = 17.0;
/// Opacity of an interval's band.
const BAND: f64 = 0.15;
/// From a line of words to the next.
const LINE: f64 = 15.0;

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
    // A picture by itself has no notes beside it that a number could lead to.
    let alone = credit.is_some().then(|| Figure {
        asides: Vec::new(),
        ..figure.clone()
    });
    let figure = alone.as_ref().unwrap_or(figure);
    let entries = layout::legend(figure, width);
    let marks = figure.panels.first().map_or(&Marks::Bars, |panel| &panel.marks);
    legend(pen, &entries, marks, (0.0, top), theme);
    let alike = layout::alike(figure);
    let frames: Vec<Frame<'_>> = layout::frames(figure, width, top).collect();
    for (panel, frame) in figure.panels.iter().zip(&frames) {
        impossible(pen, figure, panel, frame, theme);
        horizontal(pen, figure, frame, theme);
        match &panel.marks {
            Marks::Curves => {
                vertical(pen, figure, frame, theme);
                rug(pen, figure, panel, frame, theme);
                curves(pen, panel, frame, theme);
                match figure.differences.as_ref().and_then(|one| one.points.first()) {
                    Some(change) if figure.panels.len() == 1 => {
                        ends(pen, figure, panel, change, frame, theme)
                    }
                    _ if entries.is_empty() => labels(pen, panel, frame, theme),
                    _ => {}
                }
            }
            Marks::Rows(rows) => self::rows(pen, figure, panel, rows, frame, theme),
            Marks::Bars => {
                vertical(pen, figure, frame, theme);
                bars(pen, panel, frame, theme);
            }
            Marks::Dots => {
                vertical(pen, figure, frame, theme);
                dots(pen, panel, frame, theme);
            }
            Marks::Sorted(sorted) => {
                vertical(pen, figure, frame, theme);
                sorted::draw(pen, sorted, panel, frame, theme);
            }
        }
        if figure.panels.len() > 1 {
            let at = (frame.heading, frame.outer.1 + 9.0);
            pen.text(&panel.title, at, Anchor::Left, bold(TEXT, theme.ink()));
        }
        if !alike {
            let (left, right) = (frame.heading - 4.0, frame.outer.0 + frame.size.0);
            let entries = layout::entries(&panel.series, right - left);
            legend(
                pen,
                &entries,
                &panel.marks,
                (left, frame.outer.1 + HEADING),
                theme,
            );
        }
    }
    differences(pen, figure, &frames, width, theme);
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

/// Dots, lines or squares with words, from a corner on.
fn legend(
    pen: &mut dyn Pen,
    entries: &[(f64, f64, &Series)],
    marks: &Marks,
    corner: (f64, f64),
    theme: Theme,
) {
    for (left, below, series) in entries {
        let (left, y) = (corner.0 + left, corner.1 + below + 9.0);
        marks::swatch(pen, (left, y), series.role, marks, theme);
        pen.text(
            &series.label,
            (left + SWATCH, y),
            Anchor::Left,
            plain(SMALL, theme.ink()),
        );
    }
}

const fn plain(size: f64, color: Color) -> Type {
    Type {
        size,
        color,
        bold: false,
    }
}

const fn bold(size: f64, color: Color) -> Type {
    Type {
        size,
        color,
        bold: true,
    }
}

/// Where an axis has room for intervals that no probability can reach, that part is hatched.
fn impossible(pen: &mut dyn Pen, figure: &Figure, panel: &Panel, frame: &Frame<'_>, theme: Theme) {
    let below = |axis: &Axis| axis.format == Format::Percent && axis.min < 0.0;
    match panel.marks {
        Marks::Curves if below(frame.y) => {
            let top = frame.y(0.0);
            marks::hatch(pen, (frame.left, top), (frame.right, frame.bottom), theme.grid());
        }
        Marks::Rows(_) if below(frame.x) => {
            let right = frame.x(0.0);
            marks::hatch(pen, (frame.left, frame.top), (right, frame.bottom), theme.grid());
            if frame.labelled && frame.titled && !frame.stacked {
                let words = figure.noted("Below 0%", Part::Impossible);
                let at = (frame.left - 8.0, frame.axis + 16.0);
                pen.text(&words, at, Anchor::Right, plain(SMALL, theme.muted()));
            }
        }
        _ => {}
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
    if layout::titled(figure) {
        let at = (frame.outer.0 + 4.0, frame.top - 18.0);
        pen.text(&figure.y.title, at, Anchor::Left, small);
    }
}

/// The horizontal axis: ticks, their values, and the axis' title below.
fn horizontal(pen: &mut dyn Pen, figure: &Figure, frame: &Frame<'_>, theme: Theme) {
    let small = plain(SMALL, theme.muted());
    let labels = frame.axis + 16.0;
    let format = figure.x.format;
    let between = match &figure.x.ends {
        Some((first, last)) => {
            let (min, max) = (format.tick(figure.x.min), format.tick(figure.x.max));
            let words = (format!("{min}, {first}"), format!("{last}, {max}"));
            let room = frame.right - frame.left - 16.0;
            let (first, last) = if width(&words.0, SMALL) + width(&words.1, SMALL) <= room {
                words
            } else {
                (min, max)
            };
            pen.text(&first, (frame.left, labels), Anchor::Left, small);
            pen.text(&last, (frame.right, labels), Anchor::Right, small);
            frame.wide
        }
        None => {
            for tick in frame.ticks() {
                let x = frame.x(tick);
                pen.path(&[(x, frame.axis), (x, frame.axis + 4.0)], theme.zero(), 1.0);
                pen.text(&format.tick(tick), (x, labels), Anchor::Centre, small);
            }
            false
        }
    };
    if frame.titled {
        let y = if between { labels } else { labels + 18.0 };
        let at = ((frame.left + frame.right) / 2.0, y);
        pen.text(&figure.x.title, at, Anchor::Centre, plain(SMALL, theme.ink()));
    }
}

/// A strip of bars on the axis, below the data: how many values lie where, on a square-root scale so that few can be seen
/// beside many.
fn rug(pen: &mut dyn Pen, figure: &Figure, panel: &Panel, frame: &Frame<'_>, theme: Theme) {
    let most = panel.rug.iter().copied().max().unwrap_or_default();
    if most == 0 {
        return;
    }
    let foot = frame.axis;
    let step = (frame.right - frame.left) / panel.rug.len() as f64;
    for (position, &count) in panel.rug.iter().enumerate().filter(|(_, count)| **count > 0) {
        let tall = (f64::from(count) / f64::from(most)).sqrt() * RUG;
        let left = frame.left + position as f64 * step;
        let color = theme.zero().mix(0.7);
        pen.rectangle((left, foot - tall.max(1.5)), (left + step - 1.0, foot), color);
    }
    pen.path(&[(frame.left, foot), (frame.right, foot)], theme.zero(), 1.0);
    let words = figure.asides.iter().find(|aside| aside.on == Part::Strip);
    if let (Some(Aside { label, .. }), true, 1) = (words, frame.wide, figure.panels.len()) {
        let words = figure.noted(label, Part::Strip);
        let at = (frame.right + 9.0, foot - 6.0);
        pen.text(&words, at, Anchor::Left, plain(SMALL, theme.muted()));
    }
}

fn curves(pen: &mut dyn Pen, panel: &Panel, frame: &Frame<'_>, theme: Theme) {
    for series in panel.series.iter().rev() {
        band(pen, series, frame, theme);
    }
    for series in panel.series.iter().rev() {
        let at = |point: &Point| (frame.x(point.x), frame.y(point.estimate));
        let points: Vec<_> = series.points.iter().map(at).collect();
        let color = theme.series(series.role);
        if marks::dashed(series.role) {
            marks::dashes(pen, &points, color, 2.2);
        } else {
            pen.path(&points, color, 2.6);
        }
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
            if marks::dashed(series.role) {
                marks::dotted(pen, &points, color.mix(0.7), 1.0);
            } else {
                pen.path(&points, color.mix(0.5), 1.0);
            }
        }
    }
}

/// Direct labels where each curve is highest, above its band, and above each other where they would meet.
fn labels(pen: &mut dyn Pen, panel: &Panel, frame: &Frame<'_>, theme: Theme) {
    let mut taken: Vec<(f64, f64, f64)> = Vec::new();
    let middle = (frame.left + frame.right) / 2.0;
    for series in panel.series.iter().filter(|series| !series.label.is_empty()) {
        let highest = series.points.iter().max_by(|a, b| a.high.total_cmp(&b.high));
        let Some(point) = highest else { continue };
        let size = width(&series.label, TEXT) * BOLD;
        let x = frame.x(point.x);
        let from = if x < middle { x + 6.0 } else { x - 6.0 - size };
        let from = from.clamp(frame.left + 2.0, (frame.right - size).max(frame.left + 2.0));
        let mut y = (frame.y(point.high) - 8.0).max(frame.top + 7.0);
        let meets = |y: f64, other: &(f64, f64, f64)| {
            from < other.1 + 4.0 && other.0 < from + size + 4.0 && (y - other.2).abs() < LINE
        };
        while let Some(other) = taken.iter().find(|other| meets(y, other)) {
            y = other.2 + LINE;
        }
        taken.push((from, from + size, y));
        let font = bold(TEXT, theme.name(series.role));
        marks::words(pen, &series.label, (from, y), Anchor::Left, font, theme);
    }
}

/// The values at both ends of each curve, and how much the first one changes between them.
fn ends(pen: &mut dyn Pen, figure: &Figure, panel: &Panel, change: &Point, frame: &Frame<'_>, theme: Theme) {
    let format = figure.y.format;
    let at = |point: &Point| {
        (
            frame.x(point.x),
            frame.y(point.estimate.clamp(frame.y.min, frame.y.max)),
        )
    };
    // From the upper curve to the lower: words above the dot, but below it where those of another are there.
    let mut firsts: Vec<Label<'_>> = Vec::new();
    let mut lasts: Vec<(&Series, &Point, (f64, f64))> = Vec::new();
    for (position, series) in panel.series.iter().enumerate() {
        let (Some(first), Some(last)) = (series.points.first(), series.points.last()) else {
            continue;
        };
        for point in [first, last] {
            marks::dot(pen, at(point), series.role, false, theme);
        }
        let label = match position {
            0 if frame.wide => figure.noted(&series.label, Part::Series),
            _ => series.label.clone(),
        };
        let (x, y) = at(first);
        let end = |words: &str| x + 9.0 + width(words, TEXT) * BOLD;
        let words = format!("{}  {label}", format.tick(first.estimate));
        // Which curve it is matters more than where it begins.
        let words = if end(&words) > frame.right - 24.0 {
            label
        } else {
            words
        };
        let right = end(&words);
        // A curve that rises goes through words above it.
        let under = series.points.iter().filter(|point| frame.x(point.x) <= right);
        let highest = under.map(|point| at(point).1).fold(y, f64::min);
        let mut line = if highest < y - 20.0 { y + 12.0 } else { y - 12.0 };
        while firsts.iter().any(|(.., other)| (other - line).abs() < LINE) {
            line = if line < y { y + 12.0 } else { line + LINE };
        }
        firsts.push((series, (right, y), line));
        let font = bold(TEXT, theme.name(series.role));
        marks::words(pen, &words, (x + 9.0, line), Anchor::Left, font, theme);
        lasts.push((series, last, at(last)));
    }
    lasts.sort_by(|a, b| a.2.1.total_cmp(&b.2.1));
    let mut above = f64::NEG_INFINITY;
    let heights: Vec<f64> = lasts
        .iter()
        .map(|(.., (_, y))| {
            above = y.max(above + LINE);
            above
        })
        .collect();
    for ((series, last, (x, _)), y) in lasts.iter().zip(heights) {
        let font = bold(TEXT, theme.name(series.role));
        let text = format.tick(last.estimate);
        marks::words(pen, &text, (x + 9.0, y), Anchor::Left, font, theme);
    }
    if let Some(last) = panel.series.first().and_then(|one| one.points.last()) {
        arrow(pen, figure, change, &firsts, at(last).1, frame, theme);
    }
    if let (Some(_), true) = (
        figure.asides.iter().find(|one| one.on == Part::Impossible),
        frame.y.min < -0.04,
    ) {
        let words = if frame.wide {
            figure.noted("Below 0%: not possible", Part::Impossible)
        } else {
            "Below 0%: not possible".to_owned()
        };
        let font = plain(SMALL, theme.muted());
        marks::words(
            pen,
            &words,
            (frame.left + 9.0, frame.bottom - 11.0),
            Anchor::Left,
            font,
            theme,
        );
    }
}

/// The words where a curve begins: the curve, their right end with the curve's own height there, and the height of their
/// line.
type Label<'a> = (&'a Series, (f64, f64), f64);

/// From where the first curve begins to where it ends, with the difference: at the right where there is room for it.
fn arrow(
    pen: &mut dyn Pen,
    figure: &Figure,
    change: &Point,
    labels: &[Label<'_>],
    to: f64,
    frame: &Frame<'_>,
    theme: Theme,
) {
    let Some((series, (words, from), _)) = labels.first() else {
        return;
    };
    let (words, from) = (*words, *from);
    let color = theme.series(series.role);
    let x = if frame.wide {
        frame.right + 46.0
    } else {
        frame.right - 27.0
    };
    let beyond = if frame.wide { 4.0 } else { 0.0 };
    if words + 6.0 < x {
        marks::dotted(pen, &[(words + 6.0, from), (x + beyond, from)], color, 1.2);
    }
    let down = if to > from { 1.0 } else { -1.0 };
    if (to - from).abs() > 8.0 {
        pen.path(&[(x, from + 2.0 * down), (x, to)], color, 1.8);
        pen.path(
            &[(x - 4.0, to - 5.0 * down), (x, to), (x + 4.0, to - 5.0 * down)],
            color,
            1.8,
        );
    }
    let estimate = format!("{} points", points(change.estimate));
    let interval = format!("{} to {}", points(change.low), points(change.high));
    if frame.wide {
        let middle = ((from + to) / 2.0).clamp(frame.top + LINE, frame.bottom - LINE);
        let interval = figure.noted(&interval, Part::Interval);
        let (upper, lower) = ((x + 10.0, middle - 8.0), (x + 10.0, middle + 8.0));
        pen.text(&estimate, upper, Anchor::Left, bold(TEXT, color));
        pen.text(&interval, lower, Anchor::Left, plain(SMALL, color));
    } else {
        let middle = (frame.left + frame.right) / 2.0;
        let interval = format!("95% interval {interval}");
        // As high as no label of a curve is in the way of either line.
        let mut line = frame.top + 12.0;
        let in_the_way = |line: f64| {
            let near = line - LINE..=line + 2.0 * LINE;
            labels.iter().any(|(.., label)| near.contains(label))
        };
        while in_the_way(line) && line < frame.bottom - 60.0 {
            line += LINE / 3.0;
        }
        marks::words(
            pen,
            &estimate,
            (middle, line),
            Anchor::Centre,
            bold(TEXT, color),
            theme,
        );
        marks::words(
            pen,
            &interval,
            (middle, line + LINE),
            Anchor::Centre,
            plain(SMALL, color),
            theme,
        );
    }
}

/// Whether what lies along an axis are differences, which can be told from none or not.
fn of_differences(axis: &Axis) -> bool {
    axis.format == Format::Points || axis.format == Format::Number && axis.min < 0.0
}

/// A dot with its interval for each series, series below each other within a row.
fn rows(pen: &mut dyn Pen, figure: &Figure, panel: &Panel, rows: &[String], frame: &Frame<'_>, theme: Theme) {
    let count = dotted(&panel.series);
    let ranked = count < panel.series.len();
    if !ranked && !frame.stacked {
        // Between rows, through all panels.
        for row in 1..rows.len() {
            let y = frame.row(row as f64 - 0.5);
            pen.path(
                &[(frame.outer.0, y), (frame.outer.0 + frame.size.0, y)],
                theme.grid(),
                1.0,
            );
        }
    }
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
    for (row, label) in rows.iter().enumerate().filter(|_| frame.labelled) {
        let last = row + 1 == rows.len();
        let label = match last {
            true if !frame.stacked => figure.noted(label, Part::LastRow),
            _ => label.clone(),
        };
        names(pen, &label, row, (count, ranked), frame, theme);
    }
    let hollow = of_differences(frame.x);
    for (position, series) in panel.series.iter().enumerate() {
        let color = theme.series(series.role);
        if series.role == Role::Together {
            continue;
        }
        for point in &series.points {
            let y = frame.row(point.x) + offset(position, count);
            let end = |value: f64| frame.x(value.clamp(frame.x.min, frame.x.max));
            pen.path(&[(end(point.low), y), (end(point.high), y)], color, 1.8);
            let hollow = hollow && point.includes_zero();
            marks::dot(pen, (end(point.estimate), y), series.role, hollow, theme);
        }
    }
}

/// What a row is called: beside its dots, in two lines where it has two parts, or above them.
fn names(
    pen: &mut dyn Pen,
    label: &str,
    row: usize,
    (count, ranked): (usize, bool),
    frame: &Frame<'_>,
    theme: Theme,
) {
    let middle = frame.row(row as f64);
    let ink = plain(SMALL, theme.ink());
    if frame.stacked {
        let at = (4.0, frame.above(row as f64, count));
        // The whole name is read off the figure, and stands in its table.
        let label = shortened(label, SMALL, frame.right - at.0);
        marks::words(pen, &label, at, Anchor::Left, ink, theme);
        return;
    }
    let parts: Vec<&str> = if ranked {
        vec![label]
    } else {
        lines(label).collect()
    };
    match parts.as_slice() {
        [first, second] => {
            pen.text(first, (frame.outer.0 + 4.0, middle - 8.0), Anchor::Left, ink);
            let at = (frame.outer.0 + 4.0, middle + 8.0);
            pen.text(second, at, Anchor::Left, plain(SMALL, theme.muted()));
        }
        _ => pen.text(label, (frame.left - 8.0, middle), Anchor::Right, ink),
    }
}

/// The differences of rows: at the right, or in the line of their names as far as there is room.
fn differences(pen: &mut dyn Pen, figure: &Figure, frames: &[Frame<'_>], wide: f64, theme: Theme) {
    let (Some(all), Some(last)) = (&figure.differences, frames.last()) else {
        return;
    };
    let Some((rows, count)) = figure.panels.last().and_then(|panel| match &panel.marks {
        Marks::Rows(rows) => Some((rows, dotted(&panel.series))),
        _ => None,
    }) else {
        return;
    };
    let words = |point: &Point| {
        let interval = format!("{} to {}", points(point.low), points(point.high));
        (format!("{} points", points(point.estimate)), interval)
    };
    if !last.stacked {
        let right = wide - 2.0;
        let heading = last.outer.1 + 9.0;
        pen.text(
            &all.title,
            (right, heading),
            Anchor::Right,
            bold(TEXT, theme.ink()),
        );
        pen.text(
            &all.from,
            (right, heading + FROM),
            Anchor::Right,
            plain(SMALL, theme.muted()),
        );
        for row in 1..rows.len() {
            let y = last.row(row as f64 - 0.5);
            pen.path(&[(wide - BESIDE_ROWS, y), (wide, y)], theme.grid(), 1.0);
        }
        for point in &all.points {
            let (estimate, interval) = words(point);
            let y = last.row(point.x);
            pen.text(
                &estimate,
                (right, y - 8.0),
                Anchor::Right,
                bold(SMALL, theme.ink()),
            );
            pen.text(
                &interval,
                (right, y + 8.0),
                Anchor::Right,
                plain(SMALL, theme.muted()),
            );
        }
        return;
    }
    // Beside the heading of the panel that they are of.
    let words_of_all = format!("{} {}", all.title, all.from);
    let heading = figure
        .panels
        .last()
        .map_or(0.0, |panel| width(&panel.title, TEXT) * BOLD);
    if heading + 16.0 + width(&words_of_all, SMALL) <= last.right {
        let at = (last.right, last.outer.1 + 9.0);
        pen.text(&words_of_all, at, Anchor::Right, plain(SMALL, theme.muted()));
    }
    for point in &all.points {
        let name = rows.get(point.x as usize).map_or(0.0, |name| width(name, SMALL));
        let room = last.right - name - 16.0;
        let (estimate, interval) = words(point);
        let both = format!("{estimate} ({interval})");
        let text = [both, estimate]
            .into_iter()
            .find(|text| width(text, SMALL) <= room);
        if let Some(text) = text {
            let at = (last.right, last.above(point.x, count));
            marks::words(pen, &text, at, Anchor::Right, plain(SMALL, theme.muted()), theme);
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
