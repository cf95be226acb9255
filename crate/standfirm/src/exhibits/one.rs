//! Figure 1: threats of sanctions in each year, by the regime of the target.

use mlogit::Table;
use report::about::About;
use report::figure::{Axis, Figure, Format, Marks, Panel, Point, Role, Series};
use report::words::percent;

use crate::error::Result;
use crate::exhibits::about;
use crate::study::thesis::REGIME;
use crate::study::words::level_label;

/// The first and the last year of the episodes.
const YEARS: (u32, u32) = (1945, 2005);

/// Makes the figure from the episode table.
///
/// # Errors
/// [`crate::Error::Model`] where the table lacks a column.
pub fn figure(episodes: &Table) -> Result<Figure> {
    let series = series(episodes)?;
    let totals: Vec<f64> = (0..=(YEARS.1 - YEARS.0) as usize)
        .map(|year| series.iter().map(|series| series.points[year].estimate).sum())
        .collect();
    let most = totals.iter().copied().fold(0.0, f64::max);
    let busiest = YEARS.0 + totals.iter().position(|total| *total == most).unwrap_or_default() as u32;
    let all: f64 = series.iter().map(sum).sum();
    let shares = shares(&series, all);
    Ok(Figure {
        number: 1,
        version: "all".to_owned(),
        version_label: "All episodes".to_owned(),
        title: format!(
            "{} of {all} threats were made against democracies; the year with most was {busiest}, with {most} threats",
            series.first().map_or(0.0, sum)
        ),
        subtitle: "Threats of economic sanctions by one state against another, by the target’s regime"
            .to_owned(),
        note: format!(
            "Threats between states in TIES, by the year they began: {shares}. Regimes by Geddes, Wright and Frantz; not \
             coded are mainly small states, occupied ones and those not yet independent."
        ),
        summary: format!(
            "Stacked bars for the years {} to {}. In all {all} threats: {shares}. The largest number in a year is {most}, \
             in {busiest}.",
            YEARS.0, YEARS.1,
        ),
        x: Axis {
            title: "Year".to_owned(),
            min: f64::from(YEARS.0) - 0.5,
            max: f64::from(YEARS.1) + 0.5,
            format: Format::Number,
            ends: None,
        },
        y: Axis {
            title: "Threats in the year".to_owned(),
            min: 0.0,
            max: (most / 10.0).ceil() * 10.0,
            format: Format::Number,
            ends: None,
        },
        columns: 1,
        panels: vec![Panel {
            title: String::new(),
            marks: Marks::Bars,
            series,
            rug: Vec::new(),
        }],
        differences: None,
        asides: Vec::new(),
        about: about_threats(all),
    })
}

/// Threats in every year, a series for each group of regimes.
fn series(episodes: &Table) -> Result<Vec<Series>> {
    let years = episodes.numbers("year")?;
    let regimes = episodes.text(REGIME.variable)?;
    let count = |year: u32, level: &str| {
        let here = |(row, value): &(usize, &f64)| {
            **value == f64::from(year) && regimes.get(*row).unwrap_or("unknown") == level
        };
        years.iter().enumerate().filter(here).count() as f64
    };
    let groups = [
        ("democracy", Role::Third),
        ("nonpersonalist", Role::Second),
        ("personalist", Role::First),
        ("unknown", Role::Rest),
    ];
    let series = groups.map(|(level, role)| Series {
        label: level_label(level).to_owned(),
        role,
        points: (YEARS.0..=YEARS.1)
            .map(|year| {
                let estimate = count(year, level);
                Point {
                    x: f64::from(year),
                    estimate,
                    low: estimate,
                    high: estimate,
                }
            })
            .collect(),
    });
    Ok(series.into())
}

fn sum(series: &Series) -> f64 {
    series.points.iter().map(|point| point.estimate).sum()
}

/// How many threats each group has had, in words.
fn shares(series: &[Series], all: f64) -> String {
    let shares = series.iter().map(|series| {
        let label = series.label.to_ascii_lowercase();
        format!("{label} {} ({})", sum(series), percent(sum(series) / all))
    });
    shares.collect::<Vec<_>>().join(", ")
}

fn about_threats(all: f64) -> About {
    vec![
        (
            "Shown".to_owned(),
            "Threats of sanctions of which both the sender and the target are states, by the year in which they began."
                .to_owned(),
        ),
        ("Episodes".to_owned(), all.to_string()),
        ("Sources".to_owned(), about::sources([REGIME.variable].into_iter())),
    ]
}
