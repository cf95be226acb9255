//! Fit and prediction: how well a model tells what a threat ends in, and whether regime type helps it to.
//!
//! Three forecasts of the same episodes are compared: the model's; those of the same model without regime type and its
//! interaction (dependence and the controls stay); and the shares of the outcomes. In sample each is made from all
//! episodes; cross-validated, from those of the other folds, and folds are made of whole clusters (all threats
//! against a target, by a sender, or between two states), so that nothing of a forecast's own cluster is known.
//!
//! Log score: the mean of `-ln p` of what happened (Good 1952). Brier score: the mean over episodes of the sum over
//! outcomes of `(p - happened)^2`, from 0 to 2 (Brier 1950). Of both, less is better. The difference between two
//! forecasts is one of means over the same episodes; its standard error is clustered as the folds are:
//! `sqrt(G / (G - 1) sum_g (sum_{i in g} (d_i - d))^2) / n`.

mod chance;
pub mod folds;
mod forecasts;
pub mod results;
mod scores;
mod verdict;

use std::collections::BTreeSet;

use mlogit::Table;

use crate::error::{Error, Result};
use crate::findings::validation::chance::{commonest, floors, spreads};
use crate::findings::validation::folds::{FoldUnit, assign, groups};
use crate::findings::validation::forecasts::{Rows, Task};
use crate::findings::validation::results::{EpisodeForecast, Repeat, Validation};
use crate::findings::validation::scores::scores;
use crate::specification::Specification;
use crate::specification::options::Options as _;
use crate::study::Model;
use crate::study::thesis::STUDY;

/// Number of folds where there are as many clusters.
pub const FOLDS: usize = 10;
/// Seed of the folds: the first and the last year of the episodes.
pub const SEED: u64 = 19_452_005;
/// How often folds are made anew: which clusters come together is chance, and the scores differ by it.
pub const REPEATS: usize = 50;

/// Scores a model's forecasts, with the folds made in one way.
///
/// # Errors
/// [`Error::Imputed`] for a model of imputed values; [`Error::FewClusters`]; else why the model cannot be estimated.
pub fn validate(
    specification: &Specification,
    model: &Model,
    episodes: &Table,
    clusters: FoldUnit,
    folds: usize,
    seed: u64,
) -> Result<Validation> {
    Validating::new(specification, model, episodes, clusters, folds, seed, 1)?.with_seed(seed)
}

/// Scores a model's forecasts over and over, each time with other folds: for work that is watched.
#[derive(Debug)]
pub struct Validating {
    task: Task,
    model: Model,
    clusters: FoldUnit,
    /// The cluster of each row.
    groups: Vec<u64>,
    in_sample: Vec<Option<Rows>>,
    folds: usize,
    seed: u64,
    wanted: usize,
    first: Option<Validation>,
    repeats: Vec<Repeat>,
}

impl Validating {
    /// With no folds made yet; `repeats` times they will be, with seeds from `seed` up.
    ///
    /// # Errors
    /// As [`validate`].
    pub fn new(
        specification: &Specification,
        model: &Model,
        episodes: &Table,
        clusters: FoldUnit,
        folds: usize,
        seed: u64,
        repeats: usize,
    ) -> Result<Self> {
        if model.dependence.imputed {
            return Err(Error::Imputed { key: model.key() });
        }
        let task = Task::new(specification, model, episodes)?;
        let groups = groups(&task.table, clusters)?;
        let all: Vec<usize> = (0..task.table.rows()).collect();
        let clusters_there = groups.iter().collect::<BTreeSet<_>>().len();
        if folds < 2 || clusters_there < folds {
            return Err(Error::FewClusters {
                clusters: clusters_there,
                folds,
            });
        }
        Ok(Validating {
            in_sample: task.forecast(&all, &all)?,
            task,
            model: *model,
            clusters,
            groups,
            folds,
            seed,
            wanted: repeats,
            first: None,
            repeats: Vec::new(),
        })
    }

    /// Makes the folds once more; `false` where that was done as often as was asked for.
    ///
    /// # Errors
    /// Why the model cannot be estimated on some of the folds.
    pub fn step(&mut self) -> Result<bool> {
        if self.repeats.len() >= self.wanted {
            return Ok(false);
        }
        let seed = self.seed.wrapping_add(self.repeats.len() as u64);
        let found = self.with_seed(seed)?;
        let model = found.cross_validated.forecasts.first();
        self.repeats.push(Repeat {
            seed,
            n: found.n,
            accuracy: model.map_or(f64::NAN, |one| one.accuracy),
            floored: model.map_or(0, |one| one.floored),
            differences: found.cross_validated.differences.clone(),
        });
        self.first.get_or_insert(found);
        Ok(true)
    }

    /// How often folds were made, and of how often.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        (self.repeats.len(), self.wanted)
    }

    /// What was found so far: the first folds in every detail, and the spread over all.
    ///
    /// # Errors
    /// As [`Validating::step`], where none was done.
    pub fn found(&self) -> Result<Validation> {
        let first = match &self.first {
            Some(first) => first.clone(),
            None => self.with_seed(self.seed)?,
        };
        Ok(Validation {
            spreads: spreads(&self.repeats),
            repeats: self.repeats.clone(),
            ..first
        })
    }

    /// Scores with folds of a seed.
    fn with_seed(&self, seed: u64) -> Result<Validation> {
        let Validating {
            task,
            model,
            groups,
            in_sample,
            folds,
            ..
        } = self;
        let folds = *folds;
        let fold_of = assign(groups, folds, seed);
        let folds_of: Vec<usize> = groups.iter().map(|group| fold_of[group]).collect();
        let all: Vec<usize> = (0..task.table.rows()).collect();
        let mut cross = vec![None; all.len()];
        for fold in 0..folds {
            let (held, rest): (Vec<usize>, Vec<usize>) = all.iter().partition(|row| folds_of[**row] == fold);
            if held.is_empty() {
                continue;
            }
            for (row, forecast) in held.iter().zip(task.forecast(&rest, &held)?) {
                cross[*row] = forecast;
            }
        }
        // Both ways of scoring are of the same episodes.
        let usable: Vec<usize> = all.iter().copied().filter(|row| cross[*row].is_some()).collect();
        let scored = |from: &[Option<Rows>]| {
            let rows: Vec<&Rows> = usable.iter().filter_map(|row| from[*row].as_ref()).collect();
            let outcomes: Vec<usize> = usable.iter().map(|row| task.outcomes[*row]).collect();
            let groups: Vec<u64> = usable.iter().map(|row| groups[*row]).collect();
            scores(&rows, &outcomes, &groups)
        };
        let forecasts = usable.iter().filter_map(|&row| {
            let [model, without_regime, shares] = cross[row].clone()?;
            Some(EpisodeForecast {
                caseid: task.caseids[row],
                fold: folds_of[row],
                outcome: task.outcomes[row],
                model,
                without_regime,
                shares,
            })
        });
        let episodes: Vec<EpisodeForecast> = forecasts.collect();
        Ok(Validation {
            model: model.key(),
            label: model.label(),
            clusters: self.clusters.picked().key.to_owned(),
            folds,
            seed,
            n: usable.len(),
            groups: usable
                .iter()
                .map(|row| groups[*row])
                .collect::<BTreeSet<_>>()
                .len(),
            unforecast: all.len() - usable.len(),
            outcomes: STUDY.outcomes.iter().map(|one| (*one).to_owned()).collect(),
            in_sample: scored(in_sample),
            cross_validated: scored(&cross),
            floors: floors(&episodes),
            commonest: commonest(&episodes),
            spreads: Vec::new(),
            repeats: Vec::new(),
            episodes,
        })
    }
}
