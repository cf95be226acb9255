//! Every kind of figure, of made-up journeys, as a person has looked at it: its picture on a page and on a phone, what is
//! read off it, its numbers. `STANDFIRM_BLESS=1 cargo test -p report` writes all of it anew; look at the pictures before
//! committing.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod common;

use std::fmt::Write;

use common::golden;
use report::figure::{
    Aside, Axis, DIFFERENCES, Differences, Figure, Format, Marks, Panel, Part, Point, Role, Scale, Series,
    Sorted, Strip, Theme, cut_off, height, height_with_captions, numbers, read, rug, svg,
};
use report::grid::FileFormat;

/// CSS pixels: beside margin notes, and on a small phone.
const WIDTHS: [f64; 2] = [744.0, 300.0];
const SHARES: (f64, f64) = (-0.2, 1.0);

fn point(x: f64, estimate: f64, half: f64) -> Point {
    Point {
        x,
        estimate,
        low: estimate - half,
        high: estimate + half,
    }
}

fn series(label: &str, role: Role, points: impl IntoIterator<Item = Point>) -> Series {
    Series {
        label: label.to_owned(),
        role,
        points: points.into_iter().collect(),
    }
}

fn panel(title: &str, marks: Marks, series: Vec<Series>) -> Panel {
    Panel {
        title: title.to_owned(),
        marks,
        series,
        rug: Vec::new(),
    }
}

fn names<const N: usize>(names: [&str; N]) -> Vec<String> {
    names.map(str::to_owned).to_vec()
}

fn kilometres() -> Axis {
    Axis {
        title: "Kilometres".to_owned(),
        min: 0.0,
        max: 20.0,
        format: Format::Number,
        ends: None,
    }
}

fn figure(title: &str, x: Axis, y: Axis, panels: Vec<Panel>) -> Figure {
    Figure {
        number: 3,
        version: "all".to_owned(),
        version_label: "All journeys".to_owned(),
        title: title.to_owned(),
        subtitle: "Made-up journeys of a town".to_owned(),
        note: format!("400 journeys; 95% intervals.{}", cut_off(&panels, SHARES)),
        summary: String::new(),
        x,
        y,
        columns: 3,
        panels,
        differences: None,
        asides: Vec::new(),
        about: Vec::new(),
    }
}

/// A line of shares that falls or rises with the way.
fn along(from: f64, to: f64, half: f64) -> Vec<Point> {
    let share = |step: u8| from + (to - from) * f64::from(step) / 8.0;
    (0..=8)
        .map(|step| {
            point(
                2.5 * f64::from(step),
                share(step),
                half * (1.0 + f64::from(step) / 4.0),
            )
        })
        .collect()
}

/// One panel of curves, with values at their ends, the difference of the ends, a strip and notes.
fn curve() -> Figure {
    let lengths: Vec<f64> = (0..90_u16).map(|n| f64::from(n * n) / 405.0).collect();
    let panels = vec![Panel {
        rug: rug(&lengths, 0.0, 20.0),
        ..panel(
            "",
            Marks::Curves,
            vec![
                series("In rain", Role::Compared, along(0.62, 0.04, 0.07)),
                series("Dry", Role::Reference, along(0.71, 0.33, 0.05)),
            ],
        )
    }];
    let aside = |number, on, label: &str| Aside {
        number,
        on,
        label: label.to_owned(),
        title: format!("{label}."),
        text: "What there is to know.".to_owned(),
    };
    Figure {
        differences: Some(Differences {
            title: "Difference".to_owned(),
            from: "from no way at all".to_owned(),
            points: vec![point(0.0, -0.58, 0.11)],
        }),
        asides: vec![
            aside(1, Part::Series, "Rain"),
            aside(2, Part::Interval, "95% interval"),
            aside(3, Part::Impossible, "Below 0%"),
            aside(14, Part::Strip, "Journeys"),
        ],
        x: Axis {
            ends: Some(("at the door".to_owned(), "far away".to_owned())),
            ..kilometres()
        },
        ..figure(
            "The further, the fewer ride in rain",
            kilometres(),
            Axis::probabilities(&panels),
            panels,
        )
    }
}

/// Panels of curves beside each other, with one legend; and where nothing is known of the values' places.
fn curves() -> Figure {
    let of = |title: &str, shift: f64| {
        panel(
            title,
            Marks::Curves,
            vec![
                series("Bike", Role::First, along(0.5 - shift, 0.1, 0.05)),
                series("Bus", Role::Second, along(0.3, 0.3 + shift, 0.06)),
                series("Car", Role::Third, along(0.2, 0.6, 0.04)),
            ],
        )
    };
    let panels = vec![
        of("Weekdays", 0.0),
        of("Saturdays", 0.2),
        of("Sundays", 0.3),
        of("Holidays", 0.4),
    ];
    figure(
        "Cars win where the way is long",
        kilometres(),
        Axis::probabilities(&panels),
        panels,
    )
}

/// Rows whose panels share their names, with differences beside them.
fn rows() -> Figure {
    let rows = names([
        "To work, all ages",
        "To school, under 18",
        "To the market, all ages",
    ]);
    let of = |title: &str, shift: f64| {
        let dots = |base: f64, half| {
            (0..3_u8).map(move |row| point(f64::from(row), base + shift * f64::from(row), half))
        };
        panel(
            title,
            Marks::Rows(rows.clone()),
            vec![
                series("Bike", Role::First, dots(0.15, 0.2)),
                series("Bus", Role::Second, dots(0.4, 0.1)),
                series("Car", Role::Third, dots(0.55, 0.15)),
            ],
        )
    };
    let panels = vec![of("Dry", 0.02), of("In rain", 0.1)];
    Figure {
        differences: Some(Differences {
            title: "Difference".to_owned(),
            from: "of bike and car".to_owned(),
            points: vec![
                point(0.0, -0.4, 0.3),
                point(1.0, -0.3, 0.2),
                point(2.0, -0.05, 0.2),
            ],
        }),
        ..figure(
            "In rain fewer ride",
            Axis::around("Share of journeys", Format::Percent, 0.2, SHARES, &panels),
            Axis::rows(),
            panels,
        )
    }
}

/// Rows with names so long that they stand above their dots on a phone; hollow dots where an interval includes none.
fn long_rows() -> Figure {
    let rows = names([
        "Living within five minutes of a stop with a bus every ten minutes",
        "Living anywhere else in the town or the villages around it",
    ]);
    let panels = vec![panel(
        "Differences",
        Marks::Rows(rows),
        vec![
            series("", Role::Below, [point(0.0, -0.31, 0.1)]),
            series("", Role::Undecided, [point(1.0, 0.04, 0.12)]),
        ],
    )];
    figure(
        "A stop nearby makes a difference",
        Axis::around("Percentage points", Format::Points, 0.2, DIFFERENCES, &panels),
        Axis::rows(),
        panels,
    )
}

/// One dot in each row, beside a line through all of them.
fn ranked() -> Figure {
    let rows = names(["Without Ann", "Without Ben", "Without Cleo", "Without Dov"]);
    let dots = [-0.2, -0.1, 0.0, 0.15].into_iter().enumerate();
    let panels = vec![panel(
        "",
        Marks::Rows(rows),
        vec![
            series(
                "Without one",
                Role::Compared,
                dots.map(|(row, x)| point(row as f64, x, 0.12)),
            ),
            series(
                "All",
                Role::Together,
                (0..4_u8).map(|row| point(f64::from(row), -0.04, 0.1)),
            ),
        ],
    )];
    figure(
        "No one person decides",
        Axis::around("Percentage points", Format::Points, 0.1, DIFFERENCES, &panels),
        Axis::rows(),
        panels,
    )
}

/// Counts on each other.
fn bars() -> Figure {
    let years = |base: u32| {
        (0..12_u32).map(move |year| {
            let count = f64::from(base + year * year % 7);
            Point {
                x: f64::from(1990 + year),
                estimate: count,
                low: count,
                high: count,
            }
        })
    };
    let panels = vec![panel(
        "",
        Marks::Bars,
        vec![
            series("Bike", Role::First, years(3)),
            series("Bus", Role::Second, years(5)),
            series("Car", Role::Third, years(8)),
            series("On foot", Role::Rest, years(1)),
        ],
    )];
    let axis = |title: &str, min, max, format| Axis {
        title: title.to_owned(),
        min,
        max,
        format,
        ends: None,
    };
    figure(
        "Journeys over twelve years",
        axis("Year", 1989.5, 2001.5, Format::Number),
        axis("Journeys", 0.0, 40.0, Format::Count),
        panels,
    )
}

/// Shares that were foretold beside those that came.
fn dots() -> Figure {
    let of = |title: &str, off: f64| {
        let bins = (1..=5_u8).map(move |bin| point(f64::from(bin) / 6.0, f64::from(bin) / 6.0 + off, 0.08));
        let others = (1..=4_u8).map(move |bin| point(f64::from(bin) / 5.0, f64::from(bin) / 5.0 - off, 0.06));
        panel(
            title,
            Marks::Dots,
            vec![
                series("With rain", Role::Compared, bins),
                series("Without", Role::Reference, others),
            ],
        )
    };
    let share = |title: &str| Axis {
        title: title.to_owned(),
        min: 0.0,
        max: 1.0,
        format: Format::Percent,
        ends: None,
    };
    let panels = vec![of("Bike", 0.05), of("Bus", -0.04), of("Car", 0.0)];
    figure("Forecasts come true", share("Foretold"), share("Came"), panels)
}

/// Many estimates in order, with what was chosen for each.
fn sorted() -> Figure {
    let columns = 20;
    let middle = |column: u8| f64::from(column) + 0.5;
    let line: Vec<Point> = (0..20)
        .map(|column| point(middle(column), -0.3 + 0.03 * f64::from(column), 0.0))
        .collect();
    let kind = |from: u8, to: u8| {
        line[usize::from(from)..usize::from(to)]
            .iter()
            .map(|at| point(at.x, at.estimate, 0.14))
    };
    let strip = |heading: &str, label: &str, median, shares: Vec<f64>| Strip {
        heading: heading.to_owned(),
        label: label.to_owned(),
        median,
        shares,
    };
    let rising = |step: f64| {
        (0..20_u8)
            .map(|column| step * f64::from(column))
            .collect::<Vec<f64>>()
    };
    let curve = Sorted {
        weights: vec![vec![1.0; 7], vec![0.8; 12], vec![0.5; 6]],
        columns,
        strips: vec![
            strip("Rain", "any", Some(-0.12), rising(0.1)),
            strip("", "over a millimetre", Some(0.05), rising(0.02)),
            strip("Sample", "all", Some(-0.03), vec![1.0; 20]),
            strip("", "weekdays", None, Vec::new()),
        ],
    };
    let panels = vec![panel(
        "",
        Marks::Sorted(curve),
        vec![
            series("Below 0", Role::Below, kind(0, 7)),
            series("Includes 0", Role::Undecided, kind(5, 17)),
            series("Above 0", Role::Above, kind(14, 20)),
            series("Chosen", Role::Chosen, [point(8.5, -0.045, 0.1)]),
            series("Median", Role::Together, line.clone()),
        ],
    )];
    let x = Axis {
        title: "Models".to_owned(),
        min: 0.0,
        max: 20.0,
        format: Format::Count,
        ends: None,
    };
    figure(
        "Most models say less than nothing",
        x,
        Axis::around("Percentage points", Format::Points, 0.2, DIFFERENCES, &panels),
        panels,
    )
}

/// A share on a scale, its axis written in shares.
fn share() -> Figure {
    let at = |share: f64, estimate| point(Scale::Log.of(share), estimate, 0.1);
    let panels = vec![panel(
        "",
        Marks::Curves,
        vec![
            series(
                "Bike",
                Role::Compared,
                [at(0.0, 0.1), at(0.01, 0.2), at(0.1, 0.4), at(0.5, 0.88)],
            ),
            // Their labels would meet that of the first.
            series("Bus", Role::Reference, [at(0.0, 0.3), at(0.1, 0.5), at(0.5, 0.8)]),
            series("Car", Role::Rest, [at(0.0, 0.4), at(0.1, 0.3), at(0.5, 0.2)]),
        ],
    )];
    let x = Axis {
        title: "Share of hilly streets".to_owned(),
        min: 0.0,
        max: Scale::Log.of(0.5),
        format: Format::Share(Scale::Log),
        ends: None,
    };
    figure("Hills matter", x, Axis::probabilities(&panels), panels)
}

fn all() -> [(&'static str, Figure); 9] {
    [
        ("curve", curve()),
        ("curves", curves()),
        ("rows", rows()),
        ("long-rows", long_rows()),
        ("ranked", ranked()),
        ("bars", bars()),
        ("dots", dots()),
        ("sorted", sorted()),
        ("share", share()),
    ]
}

#[test]
fn pictures_are_those_that_a_person_has_looked_at() {
    for (name, figure) in all() {
        for width in WIDTHS {
            golden(
                &format!("{name}-{width}.svg"),
                &svg(&figure, width, Theme::Light, None),
            );
        }
    }
    let credit =
        "Made-up numbers, which nobody has to believe, drawn to see whether a long credit finds its place.";
    golden("rows-alone.svg", &svg(&rows(), 744.0, Theme::Dark, Some(credit)));
    golden(
        "curve-alone.svg",
        &svg(&curve(), 300.0, Theme::Light, Some(credit)),
    );
}

/// Points over the whole figure, at distances that meet neither its rows nor its columns.
#[test]
fn what_is_read_is_what_is_drawn() {
    for (name, figure) in all() {
        let mut text = String::new();
        for width in WIDTHS {
            let tall = height(&figure, width);
            writeln!(
                text,
                "{width} wide: {tall} high, {} with captions",
                height_with_captions(&figure, width, "Credit.")
            )
            .unwrap();
            for (across, down) in [(0.3, 0.2), (0.45, 0.4), (0.6, 0.55), (0.8, 0.7), (0.97, 0.93)] {
                let Some(reading) = read(&figure, width, across * width, down * tall) else {
                    writeln!(text, "{across} {down}: nothing").unwrap();
                    continue;
                };
                let ends = [reading.from, reading.to].map(|(x, y)| format!("{x:.3} {y:.3}"));
                writeln!(text, "{across} {down}: {} [{}]", reading.at, ends.join(" to ")).unwrap();
                for entry in reading.entries {
                    let dot = entry.dot.map(|(x, y)| format!("{x:.3} {y:.3}"));
                    writeln!(text, "    {} {} {dot:?}", entry.label, entry.text).unwrap();
                }
            }
        }
        for panel in &figure.panels {
            writeln!(text, "{}", panel.described(figure.x.format)).unwrap();
        }
        text.push_str(&FileFormat::Csv.write(&numbers(&figure), "Credit."));
        golden(&format!("{name}.txt"), &text);
    }
}

#[test]
fn an_axis_holds_what_is_shown_and_no_more_than_may_be() {
    let of = |estimate, half| {
        [panel(
            "",
            Marks::Curves,
            vec![series("", Role::First, [point(1.0, estimate, half)])],
        )]
    };
    let ends = |estimate, half| {
        let axis = Axis::around("", Format::Percent, 0.25, (-0.5, 1.0), &of(estimate, half));
        (axis.min, axis.max)
    };
    assert_eq!(ends(0.4, 0.2), (0.0, 0.75));
    assert_eq!(ends(-0.3, 0.1), (-0.5, 0.0));
    assert_eq!(ends(0.5, 3.0), (-0.5, 1.0));
    assert_eq!(ends(0.0, 0.0), (0.0, 0.25));
    // An interval that ends where the axis does is not cut off.
    assert_eq!(cut_off(&of(0.5, 0.5), (0.0, 1.0)), "");
    assert!(cut_off(&of(0.5, 0.51), (0.0, 1.0)).contains("cut off"));
    assert!(cut_off(&of(0.2, 0.3), (0.0, 1.0)).contains("cut off"));
}

#[test]
fn a_strip_counts_what_lies_where() {
    let bins = rug(&[2.0, 2.1, 4.99, 5.9, 6.0, 9.0, 1.0], 2.0, 6.0);
    assert_eq!(bins.len(), 40);
    let filled: Vec<(usize, u32)> = bins
        .iter()
        .copied()
        .enumerate()
        .filter(|(_, count)| *count > 0)
        .collect();
    // What lies beyond an end is counted there.
    assert_eq!(filled, [(0, 2), (1, 1), (29, 1), (39, 3)]);
}
