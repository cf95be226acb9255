//! The main result without each target, sender, year or episode: those that move it most, beside the result of all.

use report::figure::{Axis, Figure, Format, Marks, Panel, Point, Role, Series, cut_off};
use report::grid::{Body, Cell, Column, Grid, Row};
use report::words::points;

use crate::exhibits::about::{About, CITATION};
use crate::exhibits::finding::difference;
use crate::findings::effect::WIDE;
use crate::findings::influence::{By, Found, Influence, LeftOut};
use crate::study::words::label;

/// Rows of the figure: of groups of episodes, and of episodes.
const GROUPS: usize = 20;
const EPISODES: usize = 10;
/// Differences of probabilities, without as many threats as one sender made.
const DIFFERENCES: (f64, f64) = (-1.0, 1.0);
/// Coefficients of an interaction.
const COEFFICIENTS: (f64, f64) = (-20.0, 20.0);

/// Makes the figure.
#[must_use]
pub fn figure(found: &Influence) -> Figure {
    let unit = found.by.key();
    let shown = shown(found);
    let panels = vec![panel(found, &shown)];
    let (title, format, step, range) = if of_episodes(found) {
        (
            "Coefficient of the interaction",
            Format::Number,
            0.5,
            COEFFICIENTS,
        )
    } else {
        (
            "Difference in the probability of concession, points",
            Format::Points,
            0.1,
            DIFFERENCES,
        )
    };
    Figure {
        number: 0,
        version: unit.to_owned(),
        version_label: format!("each {unit}"),
        title: title_of(found),
        subtitle: subtitle(found, shown.len()),
        note: note(found, cut_off(&panels, range)),
        summary: found.sentences(),
        x: Axis::around(title, format, step, range, &panels),
        y: Axis::rows(),
        columns: 1,
        panels,
        differences: None,
        asides: Vec::new(),
        about: about(found),
    }
}

fn of_episodes(found: &Influence) -> bool {
    found.by == By::Episode
}

/// What moves the result most, as much of it as there is room for.
fn shown(found: &Influence) -> Vec<(&LeftOut, Found)> {
    let most = if of_episodes(found) { EPISODES } else { GROUPS };
    let found = found.left_out.iter();
    found
        .filter_map(|one| Some((one, one.found?)))
        .take(most)
        .collect()
}

/// A row for each of them, and a line through all rows for the result of all.
fn panel(found: &Influence, shown: &[(&LeftOut, Found)]) -> Panel {
    let episodes = of_episodes(found);
    let point = |row: usize, found: &Found| {
        let (estimate, low, high) = if episodes {
            interaction(found)
        } else {
            (
                found.effect.estimate,
                found.effect.conf_low,
                found.effect.conf_high,
            )
        };
        Point {
            x: row as f64,
            estimate,
            low,
            high,
        }
    };
    let rows = shown.iter().map(|(one, _)| {
        if episodes {
            one.label.clone()
        } else {
            format!("{} ({})", one.label, one.episodes)
        }
    });
    let of = |label: String, role, found: &dyn Fn(usize) -> Found| Series {
        label,
        role,
        points: (0..shown.len()).map(|row| point(row, &found(row))).collect(),
    };
    Panel {
        title: String::new(),
        marks: Marks::Rows(rows.collect()),
        series: vec![
            of(
                format!("without the {}", found.by.key()),
                Role::Compared,
                &|row| shown[row].1,
            ),
            of("with all".to_owned(), Role::Together, &|_| found.whole),
        ],
        rug: Vec::new(),
    }
}

fn subtitle(found: &Influence, rows: usize) -> String {
    let unit = found.by.key();
    if of_episodes(found) {
        format!(
            "Interaction of regime and dependence, in the equation of concession, without one {unit}: the {rows} that move \
             it most. {}",
            found.label
        )
    } else {
        format!(
            "Difference in the probability of concession at high dependence, {}, without all threats of one {unit}: the \
             {rows} that move it most. {}",
            found.effect, found.label
        )
    }
}

fn note(found: &Influence, cut: &str) -> String {
    let groups = if of_episodes(found) {
        String::new()
    } else {
        format!(
            "In brackets, how many threats are left out. Intervals that hold for all at once, by which the title goes, \
             are {:.2} in place of 1.96 standard errors wide to either side (sup-t); the table has them. ",
            found.reach
        )
    };
    format!(
        "{} episodes, the model fitted again without each {}; 95% intervals of each by itself. {groups}What counts as high \
         dependence stays what it is in all episodes.{cut}",
        found.n,
        found.by.key()
    )
}

/// Coefficient with its 95% interval.
fn interaction(found: &Found) -> (f64, f64, f64) {
    let wide = WIDE * found.interaction_std_error;
    (
        found.interaction,
        found.interaction - wide,
        found.interaction + wide,
    )
}

fn title_of(found: &Influence) -> String {
    let unit = found.by.key();
    let results = || {
        let all = found.left_out.iter();
        all.filter_map(|one| Some((one, one.found?)))
    };
    if found.by == By::Episode {
        let Some((first, without)) = results().next() else {
            return "No model could be estimated without one of its episodes".to_owned();
        };
        let interval = |found: &Found| {
            let (estimate, low, high) = interaction(found);
            format!(
                "{} [{} to {}]",
                number(estimate, 2),
                number(low, 2),
                number(high, 2)
            )
        };
        return format!(
            "{} is {}; without the episode that moves it most, {}, it is {}",
            label(&found.interaction),
            interval(&found.whole),
            first.label,
            interval(&without),
        );
    }
    let by =
        |a: &(&LeftOut, Found), b: &(&LeftOut, Found)| a.1.effect.estimate.total_cmp(&b.1.effect.estimate);
    let (Some(lowest), Some(highest)) = (results().min_by(by), results().max_by(by)) else {
        return format!("No model could be estimated without one {unit}");
    };
    let (apart, all) = found.told_apart();
    let whole = found.whole.effect;
    format!(
        "Without one {unit} the difference of {} lies between {} (without {}) and {} (without {}); all {unit}s taken together, \
         it can be told from zero in {apart} of {all} models",
        difference(whole.estimate, whole.conf_low, whole.conf_high),
        points(lowest.1.effect.estimate),
        lowest.0.label,
        points(highest.1.effect.estimate),
        highest.0.label,
    )
}

fn about(found: &Influence) -> About {
    [
        (
            "Shown",
            format!(
                "What becomes of the main result without each {}: the model is fitted again to the episodes that are left, \
                 nothing is approximated. Whoever moves the difference most comes first; of single episodes, whoever moves \
                 the interaction most.",
                found.by.key()
            ),
        ),
        ("Model", format!("{}, as specified in the builder", found.label)),
        ("Interaction", format!("{}, in the equation of concession", found.interaction)),
        ("Difference", found.effect.clone()),
        ("Source", CITATION.to_owned()),
    ]
    .map(|(term, words)| (term.to_owned(), words))
    .into()
}

fn number(value: f64, digits: usize) -> String {
    format!("{value:.digits$}").replace('-', "−")
}

/// What there is to know in sentences: of episodes, also what those were that move the interaction most.
#[must_use]
pub fn sentences(found: &Influence) -> Vec<String> {
    let mut sentences = vec![found.sentences()];
    if found.by == By::Episode {
        sentences.extend(found.left_out.iter().take(EPISODES).filter_map(|one| {
            let change = number(one.interaction_change?, 3);
            Some(format!(
                "{} ({}) moves the interaction by {change} when it is left out.",
                one.label, one.detail
            ))
        }));
    }
    sentences
}

/// Every target, sender, year or episode, with the result without it.
#[must_use]
pub fn grid(found: &Influence) -> Grid {
    let episodes = found.by == By::Episode;
    let numbers = |label: &str, values: &[&str]| Column {
        label: label.to_owned(),
        below: String::new(),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    };
    let cells = |result: Option<&Found>, change: Option<(f64, f64)>| -> Vec<Cell> {
        let Some(result) = result else {
            return vec![
                Cell::text("none"),
                Cell::default(),
                Cell::default(),
                Cell::text("none"),
                Cell::default(),
            ];
        };
        let effect = &result.effect;
        vec![
            Cell::points(
                Format::Points.interval(effect.estimate, effect.conf_low, effect.conf_high),
                &[effect.estimate, effect.conf_low, effect.conf_high],
                &[],
            ),
            change.map_or_else(Cell::default, |_| {
                let (low, high) = found.simultaneous(result);
                Cell::points(
                    format!("{} to {}", number(low * 100.0, 1), number(high * 100.0, 1)),
                    &[low, high],
                    &[],
                )
            }),
            change.map_or_else(Cell::default, |(effect, _)| {
                Cell::points(number(effect * 100.0, 1), &[effect], &[])
            }),
            Cell::numbers(
                number(result.interaction, 3),
                &[result.interaction, result.interaction_std_error],
            ),
            change.map_or_else(Cell::default, |(_, interaction)| {
                Cell::numbers(number(interaction, 3), &[interaction])
            }),
        ]
    };
    let remarked = found.left_out.iter().any(|one| !one.remarks.is_empty());
    let row = |one: &LeftOut| {
        let mut all = vec![if episodes {
            Cell::text(one.detail.clone())
        } else {
            Cell::numbers(one.episodes.to_string(), &[one.episodes as f64])
        }];
        all.extend(cells(
            one.found.as_ref(),
            one.effect_change.zip(one.interaction_change),
        ));
        if remarked {
            all.push(Cell::text(one.remarks.join("; ")));
        }
        Row {
            label: one.label.clone(),
            value: None,
            cells: all,
        }
    };
    let mut whole = vec![Cell::default()];
    whole.extend(cells(Some(&found.whole), None));
    if remarked {
        whole.push(Cell::default());
    }
    let mut rows = vec![Row {
        label: "none, all episodes".to_owned(),
        value: None,
        cells: whole,
    }];
    rows.extend(found.left_out.iter().map(row));
    let mut columns = vec![
        if episodes {
            numbers("What it was", &[])
        } else {
            numbers("Threats", &["count"])
        },
        numbers("Difference", &["points", "95% from", "95% to"]),
        numbers("Interval for all at once", &["95% from", "95% to"]),
        numbers("Change of the difference", &["points"]),
        numbers("Interaction", &["coefficient", "standard error"]),
        numbers("Change of the interaction", &["coefficient"]),
    ];
    if remarked {
        columns.push(numbers("To know", &[]));
    }
    Grid {
        title: title_of(found),
        head: format!("Without this {}", found.by.key()),
        columns,
        bodies: vec![Body {
            title: String::new(),
            rows,
        }],
        notes: vec![found.label.clone()],
        ..Grid::default()
    }
}
