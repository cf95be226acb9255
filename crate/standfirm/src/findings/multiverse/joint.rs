//! The joint test of the multiverse: how often do random regimes give combinations that say as much, taken together?
//!
//! All combinations are fitted to the same threats, so that their number is no evidence: one chance moves thousands of
//! them at once. What they say as a whole (their median, and the shares of them below zero and told from zero) is compared
//! with what they say once the regimes of the targets are dealt out anew, time after time; a p-value is
//! (1 + draws that say as much) / (1 + draws) (Simonsohn, Simmons & Nelson 2020; Phipson & Smyth 2010).
//!
//! Every combination of a thousand draws would take hours. So fits are drawn by lot, seeded, before anything is looked at,
//! each with every alternative of what counts as high dependence, and both sides of the comparison are of these: the test
//! is as good whatever their number, but it is of their median and not of that of all.
//!
//! Regimes are dealt out for all combinations at once. Every measure of them keeps the episodes in which it is known, so
//! that a combination is of the same threats in each draw; a combination that cannot be estimated there does not count
//! there.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use mlogit::Table;
use mlogit::order::quantile;
use report::words::{percent, points};
use serde::Serialize;

use crate::error::Result;
use crate::findings::dealing::{Dealt, drawn_out, exchanged, histories};
use crate::findings::effect::MainEffect;
use crate::findings::multiverse::dimensions::DIMENSIONS;
use crate::findings::multiverse::{Multiverse, judge};
use crate::findings::shuffle::{random, shuffle};

/// Fits drawn by lot.
pub const FITS: usize = 300;
/// The stream that they are drawn from; draws of regimes have the first ones.
const CHOOSING: u64 = u64::MAX;
/// As far from nothing as it was, to rounding.
const AS_FAR: f64 = 1.0 - 1e-9;

/// What combinations say as a whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Overall {
    /// Combinations with an ordinary estimate.
    pub models: usize,
    /// Median effect.
    pub median: f64,
    /// Share of them below zero.
    pub negative: f64,
    /// Share of them whose 95% interval, by the study's standard errors, lies below zero.
    pub below: f64,
    /// ... and above zero.
    pub above: f64,
}

impl Overall {
    /// Numbers that it is passed on as.
    pub const WIDTH: usize = 5;

    fn of(effects: &[MainEffect]) -> Self {
        let share = |holds: fn(&MainEffect) -> bool| {
            let count = effects.iter().filter(|one| holds(one)).count();
            count as f64 / effects.len() as f64
        };
        let estimates: Vec<f64> = effects.iter().map(|one| one.estimate).collect();
        Overall {
            models: effects.len(),
            median: quantile(&estimates, 0.5),
            negative: share(|one| one.estimate < 0.0),
            below: share(|one| one.conf_high < 0.0),
            above: share(|one| one.conf_low > 0.0),
        }
    }

    /// As numbers, to be passed between workers.
    #[must_use]
    pub fn numbers(&self) -> [f64; Self::WIDTH] {
        [
            self.models as f64,
            self.median,
            self.negative,
            self.below,
            self.above,
        ]
    }

    /// From those numbers; `None` where they are not what [`Overall::numbers`] gives of at least one model.
    #[must_use]
    pub fn from_numbers(numbers: &[f64]) -> Option<Self> {
        let &[models, median, negative, below, above] = numbers else {
            return None;
        };
        (models > 0.0 && median.is_finite()).then_some(Overall {
            models: models as usize,
            median,
            negative,
            below,
            above,
        })
    }
}

/// A number that combinations are summed up in.
struct Statistic {
    key: &'static str,
    label: &'static str,
    value: fn(&Overall) -> f64,
    /// How far it is from where it would be if regime made no difference, to either side.
    distance: fn(&Overall) -> f64,
    words: fn(f64) -> String,
}

static STATISTICS: [Statistic; 3] = [
    Statistic {
        key: "median",
        label: "Median difference",
        value: |one| one.median,
        distance: |one| one.median.abs(),
        words: |value| format!("{} points", points(value)),
    },
    Statistic {
        key: "negative",
        label: "Share below 0",
        value: |one| one.negative,
        distance: |one| (one.negative - 0.5).abs(),
        words: percent,
    },
    Statistic {
        key: "apart",
        label: "Share of intervals on one side of 0, the larger",
        value: |one| one.below.max(one.above),
        distance: |one| one.below.max(one.above),
        words: percent,
    },
];

/// The joint test, before and while regimes are dealt out.
#[derive(Debug)]
pub struct Joint {
    multiverse: Multiverse,
    episodes: Table,
    dealt: Dealt,
    seed: u64,
    /// The combinations of each fit.
    fits: Vec<Vec<usize>>,
    measures: Vec<Measure>,
    /// Those who exchange regimes among each other: rows, or targets.
    groups: Vec<Vec<usize>>,
}

/// A measure of the regimes of targets.
#[derive(Debug)]
struct Measure {
    variable: &'static str,
    /// By target, the rows in which it is known.
    histories: Vec<Vec<usize>>,
}

impl Joint {
    /// With `fits` of the multiverse drawn by lot, of which there are never more than all.
    ///
    /// # Errors
    /// Where the table is not that of the study.
    pub fn new(
        multiverse: Multiverse,
        episodes: Table,
        dealt: Dealt,
        fits: usize,
        seed: u64,
    ) -> Result<Self> {
        // The combinations of a piece of work have the same measure.
        let mut variables: Vec<&'static str> = Vec::new();
        for first in (0..multiverse.pieces()).filter_map(|piece| multiverse.piece(piece).next()) {
            let (_, model) = multiverse.specified(multiverse.combination(first)?)?;
            if !variables.contains(&model.explanation.variable) {
                variables.push(model.explanation.variable);
            }
        }
        let rows: Vec<usize> = (0..episodes.rows()).collect();
        let targets = histories(&episodes, &rows)?;
        let measure = |variable| {
            let column = episodes.column(variable)?;
            let known = |history: &Vec<usize>| -> Vec<usize> {
                let rows = history.iter().copied();
                rows.filter(|row| !column.is_missing(*row)).collect()
            };
            Ok(Measure {
                variable,
                histories: targets.iter().map(known).collect(),
            })
        };
        let measures = variables.into_iter().map(measure).collect::<Result<Vec<_>>>()?;
        let groups = match dealt {
            Dealt::Episodes => {
                let of = |row: &usize| -> Vec<bool> {
                    let known = |one: &Measure| one.histories.iter().any(|history| history.contains(row));
                    measures.iter().map(known).collect()
                };
                alike(rows.iter().map(of))
            }
            Dealt::Histories => {
                let of = |target: usize| -> Vec<bool> {
                    let known = |one: &Measure| !one.histories[target].is_empty();
                    measures.iter().map(known).collect()
                };
                alike((0..targets.len()).map(of))
            }
        };
        Ok(Joint {
            fits: drawn_by_lot(&multiverse, fits, seed),
            multiverse,
            episodes,
            dealt,
            seed,
            measures,
            groups,
        })
    }

    /// What was dealt out.
    #[must_use]
    pub fn dealt(&self) -> Dealt {
        self.dealt
    }

    /// Fits drawn by lot, and combinations among them.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        (self.fits.len(), self.fits.iter().map(Vec::len).sum())
    }

    /// What the combinations say with regimes as they were.
    ///
    /// # Errors
    /// Where the table is not that of the study.
    pub fn as_it_was(&self) -> Result<Overall> {
        self.overall(&self.episodes)
    }

    /// What they say with regimes dealt out; a draw has random numbers of its own, whatever was drawn before.
    ///
    /// # Errors
    /// As [`Joint::as_it_was`].
    pub fn draw(&self, draw: u64) -> Result<Overall> {
        self.overall(&self.dealt_out(draw)?)
    }

    fn overall(&self, episodes: &Table) -> Result<Overall> {
        let mut effects = Vec::new();
        for fit in &self.fits {
            let specified = fit
                .iter()
                .map(|position| self.multiverse.specified(self.multiverse.combination(*position)?))
                .collect::<Result<Vec<_>>>()?;
            effects.extend(judge::effects(&specified, episodes)?);
        }
        Ok(Overall::of(&effects))
    }

    /// The episodes with the regimes of targets dealt out.
    fn dealt_out(&self, draw: u64) -> Result<Table> {
        let (rows, mut random) = (self.episodes.rows(), random(self.seed, draw));
        let from: Vec<Vec<usize>> = match self.dealt {
            Dealt::Episodes => vec![exchanged(&self.groups, rows, &mut random); self.measures.len()],
            Dealt::Histories => {
                let targets = self.measures.first().map_or(0, |one| one.histories.len());
                let givers = exchanged(&self.groups, targets, &mut random);
                let each = self.measures.iter();
                each.map(|one| drawn_out(&one.histories, &givers, rows)).collect()
            }
        };
        let mut table = Table::new();
        for name in self.episodes.names() {
            let column = self.episodes.column(name)?;
            let measure = self.measures.iter().position(|one| one.variable == name);
            let column = measure.map_or_else(|| column.clone(), |measure| column.select(&from[measure]));
            table.insert(name.as_str(), column)?;
        }
        Ok(table)
    }

    /// How often random regimes say as much as the regimes that were.
    #[must_use]
    pub fn test(&self, as_it_was: &Overall, draws: &[Overall]) -> JointTest {
        let (fits, models) = self.size();
        // Where no combination can be estimated there is nothing to compare.
        let draws: Vec<Overall> = draws.iter().copied().filter(|one| one.models > 0).collect();
        JointTest {
            dealt: self.dealt.key(),
            draws: draws.len(),
            seed: self.seed,
            fits,
            models,
            of: self.multiverse.len(),
            estimated: as_it_was.models,
            statistics: STATISTICS.iter().map(|one| one.test(as_it_was, &draws)).collect(),
        }
    }
}

/// Positions of those that are alike.
fn alike(patterns: impl Iterator<Item = Vec<bool>>) -> Vec<Vec<usize>> {
    let mut groups = BTreeMap::<Vec<bool>, Vec<usize>>::new();
    for (position, pattern) in patterns.enumerate() {
        groups.entry(pattern).or_default().push(position);
    }
    groups.into_values().collect()
}

/// The combinations of some fits, in their order: those that differ in what counts as high dependence alone share one.
fn drawn_by_lot(multiverse: &Multiverse, fits: usize, seed: u64) -> Vec<Vec<usize>> {
    let last = DIMENSIONS.len() - 1;
    let positions: Vec<usize> = (0..multiverse.len()).collect();
    let combinations = multiverse.combinations();
    let together = positions.chunk_by(|a, b| combinations[*a][..last] == combinations[*b][..last]);
    let mut all: Vec<Vec<usize>> = together.map(<[usize]>::to_vec).collect();
    shuffle(&mut all, &mut random(seed, CHOOSING));
    all.truncate(fits);
    all.sort_unstable();
    all
}

/// How many combinations there are in so many fits: each has as many as there are ways to count dependence as high.
#[must_use]
pub fn models(multiverse: &Multiverse, fits: usize) -> usize {
    let of_each = DIMENSIONS.last().map_or(1, |high| high.alternatives.len());
    multiverse.len().min(fits * of_each)
}

/// What random regimes make of the multiverse.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct JointTest {
    /// What was dealt out: the key of a [`Dealt`].
    pub dealt: &'static str,
    /// How often.
    pub draws: usize,
    /// Seed of the draws, and of the lot.
    pub seed: u64,
    /// Fits drawn by lot.
    pub fits: usize,
    /// Combinations among them.
    pub models: usize,
    /// Combinations in all.
    pub of: usize,
    /// Of those drawn, how many have an ordinary estimate with regimes as they were.
    pub estimated: usize,
    /// The tests.
    pub statistics: Vec<JointStatistic>,
}

/// A number that combinations are summed up in, with what random regimes make of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct JointStatistic {
    /// A short name.
    pub key: &'static str,
    /// Words for it.
    pub label: &'static str,
    /// With regimes as they were.
    pub as_it_was: f64,
    /// One draw in forty gives less.
    pub low: f64,
    /// The median of the draws.
    pub middle: f64,
    /// One draw in forty gives more.
    pub high: f64,
    /// Draws that are as far from no difference, to either side.
    pub as_far: usize,
    /// (1 + as far) / (1 + draws).
    pub p_value: f64,
    /// Standard error of the p-value, for there are so many draws and no more: sqrt(p (1 − p) / draws).
    pub monte_carlo_error: f64,
    /// The number and its range in words.
    #[serde(skip)]
    pub words: [String; 2],
}

impl Statistic {
    fn test(&self, as_it_was: &Overall, draws: &[Overall]) -> JointStatistic {
        let values: Vec<f64> = draws.iter().map(self.value).collect();
        let far = (self.distance)(as_it_was) * AS_FAR;
        // What was no number is no evidence.
        let is_far = |one: &&Overall| (self.distance)(one).partial_cmp(&far).is_none_or(Ordering::is_ge);
        let as_far = draws.iter().filter(is_far).count();
        let p_value = (1 + as_far) as f64 / (1 + draws.len()) as f64;
        let [low, middle, high] = [0.025, 0.5, 0.975].map(|part| quantile(&values, part));
        let value = (self.value)(as_it_was);
        JointStatistic {
            key: self.key,
            label: self.label,
            as_it_was: value,
            low,
            middle,
            high,
            as_far,
            p_value,
            monte_carlo_error: (p_value * (1.0 - p_value) / draws.len() as f64).sqrt(),
            words: [
                (self.words)(value),
                format!("{} to {}", (self.words)(low), (self.words)(high)),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::episodes::episodes;

    fn joint(dealt: Dealt, fits: usize) -> Joint {
        Joint::new(Multiverse::new().unwrap(), episodes().unwrap(), dealt, fits, 7).unwrap()
    }

    fn overall(median: f64, negative: f64, below: f64, above: f64) -> Overall {
        Overall {
            models: 10,
            median,
            negative,
            below,
            above,
        }
    }

    #[test]
    fn fits_are_drawn_whole_and_once() {
        let joint = joint(Dealt::Episodes, 40);
        assert_eq!(joint.size(), (40, 200));
        assert_eq!(models(&joint.multiverse, 40), 200);
        assert_eq!(models(&joint.multiverse, usize::MAX / 5), 63_000);
        let mut all = joint.fits.concat();
        all.dedup();
        assert_eq!(all.len(), 200);
        assert!(all.is_sorted());
        let last = DIMENSIONS.len() - 1;
        for fit in &joint.fits {
            let rest = |position: &usize| joint.multiverse.combinations()[*position][..last].to_vec();
            assert!(fit.iter().all(|position| rest(position) == rest(&fit[0])));
        }
        let other = drawn_by_lot(&joint.multiverse, 40, 8);
        assert_ne!(other, joint.fits);
        assert_eq!(drawn_by_lot(&joint.multiverse, usize::MAX, 8).len(), 63_000 / 5);
    }

    /// As the multiverse itself has them, of the same combinations.
    #[test]
    fn as_it_was_is_what_the_multiverse_says() {
        let joint = joint(Dealt::Episodes, 6);
        let mut effects = Vec::new();
        for piece in 0..joint.multiverse.pieces() {
            let range = joint.multiverse.piece(piece);
            if !joint
                .fits
                .iter()
                .flatten()
                .any(|position| range.contains(position))
            {
                continue;
            }
            let outcomes = joint.multiverse.run(piece, &joint.episodes).unwrap();
            for (position, outcome) in range.zip(outcomes) {
                if joint.fits.iter().flatten().any(|one| *one == position) {
                    effects.extend(outcome.ordinary().map(|one| one.effect(0)));
                }
            }
        }
        assert!(effects.len() > 5);
        let (found, by_hand) = (joint.as_it_was().unwrap(), Overall::of(&effects));
        assert_eq!(found.models, by_hand.models);
        for (a, b) in found.numbers().iter().zip(by_hand.numbers()) {
            assert!((a - b).abs() < 1e-12, "{found:?} is not {by_hand:?}");
        }
        assert_eq!(Overall::from_numbers(&found.numbers()), Some(found));
        assert_eq!(Overall::from_numbers(&[0.0, f64::NAN, 0.0, 0.0, 0.0]), None);
    }

    /// Every measure keeps its episodes, and what is dealt out are regimes that there were, to all measures alike.
    #[test]
    fn measures_stay_known_where_they_were() {
        for dealt in [Dealt::Episodes, Dealt::Histories] {
            let joint = joint(dealt, 1);
            let variables: Vec<&str> = joint.measures.iter().map(|one| one.variable).collect();
            assert_eq!(
                variables,
                [
                    "personalist_index",
                    "personalist_index_carried",
                    "target_regime",
                    "target_regime_rest_democracy"
                ]
            );
            let table = joint.dealt_out(0).unwrap();
            assert_eq!(table.names(), joint.episodes.names());
            for name in table.names() {
                let (before, after) = (joint.episodes.column(name).unwrap(), table.column(name).unwrap());
                let missing = |row: &usize| before.is_missing(*row) == after.is_missing(*row);
                assert!((0..table.rows()).all(|row| missing(&row)), "{name}, {dealt:?}");
                let same = format!("{before:?}") == format!("{after:?}");
                assert_eq!(same, !variables.contains(&name.as_str()), "{name}, {dealt:?}");
            }
            if dealt == Dealt::Episodes {
                let sum = |table: &Table| -> f64 {
                    let index = table.numbers("personalist_index").unwrap();
                    index.iter().filter(|value| !value.is_nan()).sum()
                };
                assert!((sum(&table) - sum(&joint.episodes)).abs() < 1e-9);
                // An index and a regime that go together do so still.
                let pairs = |table: &Table| -> BTreeMap<String, usize> {
                    let (index, regime) = (
                        table.numbers("personalist_index").unwrap(),
                        table.text("target_regime").unwrap(),
                    );
                    let mut pairs = BTreeMap::new();
                    for (row, index) in index.iter().enumerate() {
                        *pairs.entry(format!("{index} {:?}", regime.get(row))).or_default() += 1;
                    }
                    pairs
                };
                assert_eq!(pairs(&table), pairs(&joint.episodes));
            }
            assert_ne!(
                format!("{:?}", joint.dealt_out(0).unwrap()),
                format!("{:?}", joint.dealt_out(1).unwrap())
            );
        }
    }

    #[test]
    fn a_p_value_counts_what_is_as_far_to_either_side() {
        let joint = joint(Dealt::Histories, 1);
        let was = overall(-0.2, 0.9, 0.3, 0.0);
        let draws = [
            overall(0.25, 0.05, 0.0, 0.4),
            overall(-0.2, 0.9, 0.3, 0.0),
            overall(0.1, 0.3, 0.1, 0.2),
            overall(-0.1, 0.7, 0.2, 0.1),
        ];
        let test = joint.test(&was, &draws);
        let counts: Vec<usize> = test.statistics.iter().map(|one| one.as_far).collect();
        assert_eq!(counts, [2, 2, 2]);
        let median = &test.statistics[0];
        assert_eq!(median.p_value, 3.0 / 5.0);
        assert!((median.monte_carlo_error - (0.6_f64 * 0.4 / 4.0).sqrt()).abs() < 1e-15);
        assert_eq!((median.as_it_was, test.statistics[2].as_it_was), (-0.2, 0.3));
        assert_eq!((test.draws, test.fits, test.models, test.of), (4, 1, 5, 63_000));
        // Further than any draw: the least there can be.
        let far = joint.test(&overall(-0.3, 1.0, 0.5, 0.0), &draws);
        assert!(far.statistics.iter().all(|one| one.p_value == 1.0 / 5.0));
    }
}
