//! The specification curve: the main result under every combination of choices, in order, with the choices beneath.

use mlogit::order::{self, quantile};
use report::figure::{
    Axis, DIFFERENCES, Entry, Figure, Format, Frame, Marks, Panel, Point, Reading, Role, Series, Sorted,
    Strip, cut_off, frames, places,
};
use report::words::{percent, points, thousands};

use super::multiverse::about;
use crate::error::Result;
use crate::findings::effect::MainEffect;
use crate::findings::multiverse::dimensions::{DIMENSIONS, described};
use crate::findings::multiverse::outcome::Outcome;
use crate::findings::multiverse::summary::Summary;
use crate::findings::multiverse::{Multiverse, Only, is_study};
use crate::specification::Specification;
use crate::study::Model;

/// Columns of the curve and of the strips, where there are as many combinations.
const COLUMNS: usize = 180;
const STRIP_COLUMNS: usize = 90;

/// The combinations with an ordinary estimate, from the lowest difference to the highest, with the intervals of the study's
/// standard errors. Those in which a control predicts an outcome without error are not on it.
#[derive(Debug, Clone)]
pub struct Curve {
    only: Option<Only>,
    tried: usize,
    /// Position among all combinations, and what came of it.
    sorted: Vec<(usize, MainEffect)>,
}

/// A combination of the curve.
#[derive(Debug, Clone)]
pub struct Picked {
    /// What is specified.
    pub specification: Specification,
    /// The model.
    pub model: Model,
}

impl Curve {
    /// Puts outcomes in order; those that are not there yet are left out, as are those that `only` is not about.
    #[must_use]
    pub fn new(multiverse: &Multiverse, outcomes: &[Option<Outcome>], only: Option<Only>) -> Self {
        let outcomes = multiverse.only(outcomes, only);
        let found = outcomes.iter().enumerate();
        let mut sorted: Vec<(usize, MainEffect)> = found
            .filter_map(|(position, outcome)| Some((position, outcome.as_ref()?.ordinary()?.effect(0))))
            .collect();
        // Ties keep the order of the combinations, so that the same outcomes always give the same curve.
        order::by(&mut sorted, |(_, a), (_, b)| a.estimate.total_cmp(&b.estimate));
        Curve {
            only,
            tried: outcomes.iter().flatten().count(),
            sorted,
        }
    }

    /// Number of combinations on the curve.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sorted.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sorted.is_empty()
    }

    /// The figure.
    ///
    /// # Errors
    /// As [`Multiverse::combination`].
    pub fn figure(&self, multiverse: &Multiverse) -> Result<Figure> {
        let columns = self.columns(COLUMNS);
        let panel = Panel {
            title: String::new(),
            series: self.series(multiverse, &columns)?,
            marks: Marks::Sorted(Sorted {
                weights: CLASSES.map(|(_, _, holds)| self.weights(&columns, holds)).into(),
                columns: columns.len(),
                strips: self.strips(multiverse),
            }),
            rug: Vec::new(),
        };
        let panels = vec![panel];
        let share = |holds: fn(&MainEffect) -> bool| {
            let count = self.sorted.iter().filter(|(_, effect)| holds(effect)).count();
            percent(count as f64 / self.len().max(1) as f64)
        };
        let (below_zero, below, above) = (
            share(|effect| effect.estimate < 0.0),
            share(|effect| effect.conf_high < 0.0),
            share(|effect| effect.conf_low > 0.0),
        );
        let all = thousands(self.len());
        let estimates = self.estimates(|_| true);
        let end = |part: f64| points(quantile(&estimates, part));
        let median = end(0.5);
        let only = self.only.map_or_else(String::new, |only| {
            let dimension = &DIMENSIONS[only.dimension];
            format!(
                ", where “{}” is “{}”",
                dimension.label, dimension.alternatives[only.alternative].label
            )
        });
        let mut figure = Figure {
            number: 0,
            version: "all".to_owned(),
            version_label: String::new(),
            title: format!(
                "{below_zero} of {all} models find personalists less likely to concede, {below} with an interval below zero; \
                 their median difference is {median} points [{} to {} in 19 of 20]",
                end(0.025),
                end(0.975)
            ),
            subtitle: format!(
                "Difference in the probability of concession at high trade dependence, personalist minus other, in \
                 percentage points: every combination of defensible choices{only}, from the lowest to the highest"
            ),
            note: format!(
                "Each column stands for about {} models: the line for their median difference, the band for the middle of \
                 their 95% intervals. Below, where along the curve each choice was made: faint where never, of one middling \
                 grey where everywhere alike, strong where twice as often as in all models or more. At the right, the median \
                 difference with that choice. The study’s own choice comes first. Intervals by observed information; models in which a \
                 control predicts an outcome without error are set apart.{}",
                self.len().div_ceil(columns.len().max(1)),
                cut_off(&panels, DIFFERENCES)
            ),
            summary: format!(
                "A curve of {all} differences from {} to {} points, their median {}. {below_zero} are below zero; {below} \
                 have an interval below zero, {above} one above.",
                self.sorted
                    .first()
                    .map_or_else(String::new, |one| points(one.1.estimate)),
                self.sorted
                    .last()
                    .map_or_else(String::new, |one| points(one.1.estimate)),
                median,
            ),
            x: Axis {
                title: "Models, from the lowest difference to the highest".to_owned(),
                min: 0.0,
                max: self.len().max(1) as f64,
                format: Format::Count,
                ends: None,
            },
            y: Axis::around("Percentage points", Format::Points, 0.2, DIFFERENCES, &panels),
            columns: 1,
            panels,
            differences: None,
            asides: Vec::new(),
            about: about(),
        };
        if self.is_empty() {
            figure.title = "None of these models has been fitted yet, or none can be".to_owned();
            figure.summary.clone_from(&figure.title);
            figure.note.clear();
            (figure.y.min, figure.y.max) = DIFFERENCES;
        }
        Ok(figure)
    }

    /// What the curve says as a whole.
    #[must_use]
    pub fn summary(&self, multiverse: &Multiverse, outcomes: &[Option<Outcome>]) -> Summary {
        multiverse.summary(&multiverse.only(outcomes, self.only))
    }

    /// Combinations that were tried, those that could not be estimated included.
    #[must_use]
    pub fn tried(&self) -> usize {
        self.tried
    }

    /// The combination in a place of the curve.
    ///
    /// # Errors
    /// As [`Multiverse::combination`].
    pub fn pick(&self, multiverse: &Multiverse, place: usize) -> Result<Picked> {
        let position = self.sorted.get(place).map_or(usize::MAX, |one| one.0);
        let (specification, model) = multiverse.specified(multiverse.combination(position)?)?;
        Ok(Picked { specification, model })
    }

    /// The place of the curve at a horizontal position of `figure`, drawn `width` CSS pixels wide; none above or below
    /// what is drawn.
    #[must_use]
    pub fn place(&self, figure: &Figure, width: f64, x: f64) -> Option<usize> {
        let frame = frames(figure, width, 0.0).next()?;
        let last = self.len().checked_sub(1)?;
        Some((frame.value(x).floor().max(0.0) as usize).min(last))
    }

    /// What there is to say of the combination in a place of the curve, with where it and its choices are in `figure`,
    /// drawn `width` CSS pixels wide.
    #[must_use]
    pub fn read(
        &self,
        multiverse: &Multiverse,
        figure: &Figure,
        width: f64,
        place: usize,
    ) -> Option<Reading> {
        let frame = frames(figure, width, 0.0).next()?;
        let (position, effect) = self.sorted.get(place)?;
        let combination = described(multiverse.combination(*position).ok()?);
        let x = frame.x(place as f64 + 0.5);
        let interval = frame
            .y
            .format
            .interval(effect.estimate, effect.conf_low, effect.conf_high);
        let mut entries = vec![Entry {
            label: String::new(),
            role: CLASSES.iter().find(|(_, _, holds)| holds(effect))?.1,
            dot: Some((x, frame.y(effect.estimate.clamp(frame.y.min, frame.y.max)))),
            text: interval,
        }];
        let chosen = chosen(&combination);
        let dots: Vec<f64> = strip_places(figure, &frame).collect();
        for (dimension, (one, alternative)) in DIMENSIONS.iter().zip(&combination).enumerate() {
            entries.push(Entry {
                label: one.label.to_owned(),
                role: Role::Actual,
                dot: dots.get(chosen[dimension]).map(|y| (x, *y)),
                text: one.alternatives[*alternative].label.to_owned(),
            });
        }
        Some(Reading {
            from: (x, frame.top),
            to: (x, dots.last().copied().unwrap_or(frame.bottom)),
            at: format!("Model {} of {}", thousands(place + 1), thousands(self.len())),
            entries,
        })
    }

    fn estimates(&self, holds: impl Fn(usize) -> bool) -> Vec<f64> {
        let held = self.sorted.iter().filter(|(position, _)| holds(*position));
        held.map(|(_, effect)| effect.estimate).collect()
    }

    /// As many places in each as can be.
    fn columns(&self, most: usize) -> Vec<&[(usize, MainEffect)]> {
        let (count, columns) = (self.len(), self.len().min(most));
        let edge = |column: usize| column * count / columns.max(1);
        (0..columns)
            .map(|column| &self.sorted[edge(column)..edge(column + 1)])
            .collect()
    }

    /// The middle of a column on the horizontal axis.
    fn middle(&self, column: usize, columns: usize) -> f64 {
        (column as f64 + 0.5) * self.len() as f64 / columns as f64
    }

    fn series(&self, multiverse: &Multiverse, columns: &[&[(usize, MainEffect)]]) -> Result<Vec<Series>> {
        let median = |of: &[&MainEffect], end: fn(&MainEffect) -> f64| {
            quantile(&of.iter().map(|effect| end(effect)).collect::<Vec<_>>(), 0.5)
        };
        let point = |column: usize, effects: &[&MainEffect]| Point {
            x: self.middle(column, columns.len()),
            estimate: median(effects, |effect| effect.estimate),
            low: median(effects, |effect| effect.conf_low),
            high: median(effects, |effect| effect.conf_high),
        };
        let of = |label: &str, role: Role, holds: fn(&MainEffect) -> bool| Series {
            label: label.to_owned(),
            role,
            points: columns
                .iter()
                .enumerate()
                .filter_map(|(column, members)| {
                    let held: Vec<&MainEffect> = members
                        .iter()
                        .map(|one| &one.1)
                        .filter(|one| holds(one))
                        .collect();
                    (!held.is_empty()).then(|| point(column, &held))
                })
                .collect(),
        };
        let mut series: Vec<Series> = CLASSES.map(|(label, role, holds)| of(label, role, holds)).into();
        let mut own = Series {
            label: "the study’s own models".to_owned(),
            role: Role::Compared,
            points: Vec::new(),
        };
        for (place, (position, effect)) in self.sorted.iter().enumerate() {
            if is_study(multiverse.combination(*position)?) {
                own.points.push(Point {
                    x: place as f64 + 0.5,
                    estimate: effect.estimate,
                    low: effect.conf_low,
                    high: effect.conf_high,
                });
            }
        }
        series.push(own);
        series.push(of("", Role::Together, |_| true));
        Ok(series)
    }

    /// Which part of each column is of a kind, where any is.
    fn weights(&self, columns: &[&[(usize, MainEffect)]], holds: fn(&MainEffect) -> bool) -> Vec<f64> {
        let weights = columns.iter().map(|members| {
            let held = members.iter().filter(|(_, effect)| holds(effect)).count();
            held as f64 / members.len() as f64
        });
        weights.filter(|weight| *weight > 0.0).collect()
    }

    fn strips(&self, multiverse: &Multiverse) -> Vec<Strip> {
        let combinations: Vec<_> = multiverse
            .combinations()
            .iter()
            .map(|one| described(one))
            .collect();
        let columns = self.columns(STRIP_COLUMNS);
        let mut strips = Vec::new();
        for (dimension, one) in DIMENSIONS.iter().enumerate() {
            for (alternative, way) in one.alternatives.iter().enumerate() {
                let made = |position: usize| combinations[position][dimension] == alternative;
                let estimates = self.estimates(made);
                let overall = estimates.len() as f64 / self.len().max(1) as f64;
                let shares = columns.iter().map(|members| {
                    let with = members.iter().filter(|(position, _)| made(*position)).count();
                    with as f64 / members.len() as f64 / overall
                });
                strips.push(Strip {
                    heading: if alternative == 0 {
                        one.label.to_owned()
                    } else {
                        String::new()
                    },
                    label: way.label.to_owned(),
                    shares: if estimates.is_empty() {
                        Vec::new()
                    } else {
                        shares.collect()
                    },
                    median: (!estimates.is_empty()).then(|| quantile(&estimates, 0.5)),
                });
            }
        }
        strips
    }
}

type IntervalClass = (&'static str, Role, fn(&MainEffect) -> bool);

/// Kinds of intervals.
const CLASSES: [IntervalClass; 3] = [
    ("95% interval below 0", Role::Below, |effect| {
        effect.conf_high < 0.0
    }),
    ("includes 0", Role::Undecided, |effect| {
        effect.conf_low <= 0.0 && effect.conf_high >= 0.0
    }),
    ("above 0", Role::Above, |effect| effect.conf_low > 0.0),
];

/// The strip of each choice of a combination.
fn chosen(combination: &[usize]) -> Vec<usize> {
    let mut before = 0;
    let strips = DIMENSIONS
        .iter()
        .zip(combination)
        .map(|(dimension, alternative)| {
            let strip = before + alternative;
            before += dimension.alternatives.len();
            strip
        });
    strips.collect()
}

fn strip_places(figure: &Figure, frame: &Frame<'_>) -> impl Iterator<Item = f64> {
    let strips = figure.panels.iter().filter_map(|panel| match &panel.marks {
        Marks::Sorted(sorted) => Some(places(sorted, frame).map(|(_, y)| y)),
        _ => None,
    });
    strips.flatten().collect::<Vec<_>>().into_iter()
}
