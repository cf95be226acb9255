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

use std::collections::BTreeMap;

use mlogit::{Fit, Formula, FrameBuilder, Separation, Table, normal_p_value, order};
use report::words::signed;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::findings::effect::WIDE;
use crate::findings::shuffle::{random, shuffle};
use crate::specification::Specification;
use crate::specification::controls::{self, leaving_out};
use crate::specification::options::{Options as _, options};
use crate::study::thesis::STUDY;
use crate::study::{Control, Model};

/// Number of folds where there are as many clusters.
pub const FOLDS: usize = 10;
/// Seed of the folds: the first and the last year of the episodes.
pub const SEED: u64 = 19_452_005;
/// How often folds are made anew: which clusters come together is chance, and the scores differ by it.
pub const REPEATS: usize = 50;
/// A verdict holds where it does in this part of all ways to make the folds.
const NEARLY_ALL: f64 = 0.95;
/// Bins of a calibration plot.
const BINS: usize = 10;
/// No forecast of what happens is below this: the logarithm of zero says nothing. How often it would be is counted.
pub const FLOOR: f64 = 1e-6;

options! {
    /// What folds are made of.
    FoldUnit {
        /// All threats against a state.
        #[default]
        Target = "target", "target", "All threats against a state are forecast together.";
        /// All threats by a state.
        Sender = "sender", "sender", "All threats by a state are forecast together; one made more than half of them.";
        /// All threats between two states.
        Dyad = "dyad", "sender and target", "All threats by one state against another are forecast together.";
    }
}

impl FoldUnit {
    /// What is called `key`.
    ///
    /// # Errors
    /// [`Error::Unknown`], which lists what there is.
    pub fn find(key: &str) -> Result<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|one| one.picked().key == key)
            .ok_or_else(|| Error::Unknown {
                kind: "cluster",
                name: key.to_owned(),
                known: Self::ALL.iter().map(|one| one.picked().key.to_owned()).collect(),
            })
    }
}

/// A forecast that is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Forecast {
    /// The model's.
    Model,
    /// That of the model without regime type.
    WithoutRegime,
    /// The shares of the outcomes.
    Shares,
}

impl Forecast {
    /// Each of them.
    pub const ALL: [Self; 3] = [Self::Model, Self::WithoutRegime, Self::Shares];

    /// Words for it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Model => "the model",
            Self::WithoutRegime => "without regime type",
            Self::Shares => "outcome shares only",
        }
    }
}

/// How well a model forecasts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Validation {
    /// The model's key.
    pub model: String,
    /// Words for the model.
    pub label: String,
    /// What folds are made of.
    pub clusters: String,
    /// Number of folds.
    pub folds: usize,
    /// Seed of the folds.
    pub seed: u64,
    /// Episodes forecast.
    pub n: usize,
    /// Clusters they belong to.
    pub groups: usize,
    /// Episodes of the model that could not be forecast, as only their own fold knows a regime of theirs.
    pub unforecast: usize,
    /// Outcomes, in the order of every list here.
    pub outcomes: Vec<String>,
    /// Made from all episodes.
    pub in_sample: Scores,
    /// Made from the other folds.
    pub cross_validated: Scores,
    /// What other floors of the log score make of the cross-validated differences.
    #[serde(default)]
    pub floors: Vec<FloorEffect>,
    /// The outcome that most of the episodes ended in, by its position, and how many did.
    #[serde(default)]
    pub commonest: (usize, usize),
    /// The cross-validated differences over all ways to make the folds; none where they were made once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spreads: Vec<Spread>,
    /// Each way to make the folds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repeats: Vec<Repeat>,
    /// Each episode's forecasts from the other folds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub episodes: Vec<EpisodeForecast>,
}

/// The scores of all forecasts, made in one way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scores {
    /// Each forecast's.
    pub forecasts: Vec<Score>,
    /// The model's score minus another forecast's: below zero the model is better.
    pub differences: Vec<ScoreDifference>,
}

/// A forecast's scores.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Which forecast.
    pub forecast: Forecast,
    /// Mean of `-ln p` of what happened.
    pub log: f64,
    /// Mean of the sum of squared differences.
    pub brier: f64,
    /// Share of episodes that end in the likeliest outcome.
    pub accuracy: f64,
    /// Episodes whose outcome had a probability below [`FLOOR`], and was given that.
    pub floored: usize,
    /// Episodes by what happened and what was likeliest.
    pub confusion: Vec<Vec<usize>>,
    /// For each outcome its bins, from the least likely to the likeliest.
    pub calibration: Vec<Vec<Bin>>,
}

/// Episodes of similar forecast probability.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// Number of episodes.
    pub n: usize,
    /// Mean of their forecast probabilities.
    pub forecast: f64,
    /// Share of them in which the outcome came about.
    pub observed: f64,
    /// Lower end of its 95% interval (Wilson 1927).
    pub conf_low: f64,
    /// Upper end of its 95% interval.
    pub conf_high: f64,
}

/// The model's mean score minus that of another forecast.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ScoreDifference {
    /// The other forecast.
    pub against: Forecast,
    /// Which score.
    pub score: ScoreKind,
    /// Difference of the means.
    pub estimate: f64,
    /// Clustered as the folds are.
    pub std_error: f64,
    /// Two-sided, standard normal.
    pub p_value: f64,
    /// Lower end of the 95% interval.
    pub conf_low: f64,
    /// Upper end of the 95% interval.
    pub conf_high: f64,
}

/// A score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScoreKind {
    /// Mean of `-ln p`.
    Log,
    /// Mean of the sum of squared differences.
    Brier,
}

/// An episode's forecasts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EpisodeForecast {
    /// The episode.
    pub caseid: u64,
    /// Its fold, from 0.
    pub fold: usize,
    /// What happened: the outcome's position.
    pub outcome: usize,
    /// Probabilities by the model.
    pub model: Vec<f64>,
    /// Probabilities by the model without regime type.
    pub without_regime: Vec<f64>,
    /// Shares of the outcomes.
    pub shares: Vec<f64>,
}

/// What came of one way to make the folds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Repeat {
    /// Seed of these folds.
    pub seed: u64,
    /// Episodes forecast.
    pub n: usize,
    /// Of these, how often what the model held likeliest came true.
    pub accuracy: f64,
    /// Episodes whose outcome the model gave a probability below [`FLOOR`].
    pub floored: usize,
    /// The cross-validated differences.
    pub differences: Vec<ScoreDifference>,
}

/// A difference of scores over all ways to make the folds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// The other forecast.
    pub against: Forecast,
    /// Which score.
    pub score: ScoreKind,
    /// Ways to make the folds.
    pub repeats: usize,
    /// The median difference: below zero the model is better.
    pub median: f64,
    /// One way in forty gives less.
    pub low: f64,
    /// One way in forty gives more.
    pub high: f64,
    /// In how many the model is better.
    pub better: usize,
    /// In how many it is better beyond chance: the interval lies below zero.
    pub surely_better: usize,
    /// In how many it is worse beyond chance.
    pub surely_worse: usize,
}

/// What the log score makes of another [`FLOOR`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FloorEffect {
    /// No forecast of what happens is below this; none where the episodes below [`FLOOR`] are left out instead.
    pub floor: Option<f64>,
    /// The model's log score minus that of the model without regime type.
    pub against_without_regime: f64,
    /// The model's log score minus that of the outcome shares.
    pub against_shares: f64,
}

/// Other floors, beside [`FLOOR`].
const FLOORS: [f64; 4] = [1e-2, 1e-4, FLOOR, 1e-9];

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
        let clusters_there = groups.iter().collect::<std::collections::BTreeSet<_>>().len();
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
        let scores = |from: &[Option<Rows>]| {
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
                .collect::<std::collections::BTreeSet<_>>()
                .len(),
            unforecast: all.len() - usable.len(),
            outcomes: STUDY.outcomes.iter().map(|one| (*one).to_owned()).collect(),
            in_sample: scores(in_sample),
            cross_validated: scores(&cross),
            floors: floors(&episodes),
            commonest: commonest(&episodes),
            spreads: Vec::new(),
            repeats: Vec::new(),
            episodes,
        })
    }
}

/// Each difference over all ways to make the folds; none where there was but one.
fn spreads(repeats: &[Repeat]) -> Vec<Spread> {
    let Some(first) = repeats.first().filter(|_| repeats.len() > 1) else {
        return Vec::new();
    };
    let spread = |like: &ScoreDifference| {
        let same = |one: &&ScoreDifference| one.score == like.score && one.against == like.against;
        let all = repeats
            .iter()
            .flat_map(|repeat| repeat.differences.iter().filter(same));
        let all: Vec<&ScoreDifference> = all.collect();
        let estimates: Vec<f64> = all.iter().map(|one| one.estimate).collect();
        let count = |holds: fn(&ScoreDifference) -> bool| all.iter().filter(|one| holds(one)).count();
        Spread {
            against: like.against,
            score: like.score,
            repeats: all.len(),
            median: order::quantile(&estimates, 0.5),
            low: order::quantile(&estimates, 0.025),
            high: order::quantile(&estimates, 0.975),
            better: count(|one| one.estimate < 0.0),
            surely_better: count(|one| one.conf_high < 0.0),
            surely_worse: count(|one| one.conf_low > 0.0),
        }
    };
    first.differences.iter().map(spread).collect()
}

/// What other floors make of the log scores, and leaving out what lies below the floor.
fn floors(episodes: &[EpisodeForecast]) -> Vec<FloorEffect> {
    let effect = |floor: Option<f64>| {
        let kept = |one: &&EpisodeForecast| floor.is_some() || one.model[one.outcome] >= FLOOR;
        let kept: Vec<&EpisodeForecast> = episodes.iter().filter(kept).collect();
        let score = |of: fn(&EpisodeForecast) -> &[f64]| {
            let each = kept.iter().map(|one| {
                let chance = of(one)[one.outcome];
                -libm::log(chance.max(floor.unwrap_or(FLOOR)))
            });
            mean(&each.collect::<Vec<f64>>())
        };
        let model = score(|one| &one.model);
        FloorEffect {
            floor,
            against_without_regime: model - score(|one| &one.without_regime),
            against_shares: model - score(|one| &one.shares),
        }
    };
    FLOORS.into_iter().map(Some).chain([None]).map(effect).collect()
}

/// The outcome that most episodes ended in, and how many did: what is right so often knows nothing.
fn commonest(episodes: &[EpisodeForecast]) -> (usize, usize) {
    let count = |outcome: usize| episodes.iter().filter(|one| one.outcome == outcome).count();
    let counts = (0..STUDY.outcomes.len()).map(|outcome| (outcome, count(outcome)));
    // The first of several that are as common.
    counts.rev().max_by_key(|(_, count)| *count).unwrap_or_default()
}

/// The probabilities of a row by each of [`Forecast::ALL`].
type Rows = [Vec<f64>; 3];

/// A model, and the episodes it can use.
#[derive(Debug)]
struct Task {
    table: Table,
    base: &'static str,
    outcome: &'static str,
    /// Terms of the model that are always there, with and without regime type.
    with_regime: String,
    without_regime: String,
    controls: Vec<&'static Control>,
    /// For each row the position of its outcome in the study's.
    outcomes: Vec<usize>,
    caseids: Vec<u64>,
}

impl Task {
    fn new(specification: &Specification, model: &Model, episodes: &Table) -> Result<Self> {
        let prepared = specification.prepare(model, episodes)?;
        let fit = prepared.fit()?;
        let rows = fit.design().frame().row_indices();
        let mut table = Table::new();
        for name in prepared.table().names() {
            table.insert(name.clone(), prepared.table().column(name)?.select(rows))?;
        }
        let omitted = |control: &&Control| {
            prepared
                .omitted()
                .iter()
                .any(|one| one.variable == control.variable)
        };
        let outcome = specification.outcome.column();
        let levels = table.text(outcome)?;
        let position = |row: usize| {
            let level = levels.get(row)?;
            STUDY.outcomes.iter().position(|known| *known == level)
        };
        Ok(Task {
            outcomes: (0..table.rows()).filter_map(position).collect(),
            caseids: whole_numbers(&table, "caseid")?,
            base: prepared.base(),
            outcome,
            with_regime: format!("{} * {}", model.explanation.term, model.term()),
            without_regime: model.term().to_owned(),
            controls: controls::chosen(specification)
                .into_iter()
                .filter(|control| !omitted(control))
                .collect(),
            table,
        })
    }

    /// Probabilities of `rows` by each forecast, made from the rows `from`; `None` where one of them has a level
    /// that those lack.
    fn forecast(&self, from: &[usize], rows: &[usize]) -> Result<Vec<Option<Rows>>> {
        let (known, wanted) = (select(&self.table, from)?, select(&self.table, rows)?);
        let mut made = Vec::new();
        for terms in [&self.with_regime, &self.without_regime] {
            let fit = self.fit(&known, terms)?;
            let order: Vec<Option<usize>> = STUDY
                .outcomes
                .iter()
                .map(|outcome| fit.design().outcomes().iter().position(|known| known == outcome))
                .collect();
            // An outcome that none of the rows has, has no chance.
            let in_order =
                |row: Vec<f64>| -> Vec<f64> { order.iter().map(|at| at.map_or(0.0, |at| row[at])).collect() };
            let probabilities = fit.probabilities(&wanted)?;
            made.push(
                probabilities
                    .into_iter()
                    .map(|row| row.map(in_order))
                    .collect::<Vec<_>>(),
            );
        }
        let mut shares = vec![0.0; STUDY.outcomes.len()];
        for row in from {
            shares[self.outcomes[*row]] += 1.0 / from.len() as f64;
        }
        let pairs = made.swap_remove(0).into_iter().zip(made.swap_remove(0));
        Ok(pairs.map(|(a, b)| Some([a?, b?, shares.clone()])).collect())
    }

    /// The model of `terms` and those of the controls that these episodes can tell the effect of.
    fn fit(&self, table: &Table, terms: &str) -> Result<Fit> {
        let mut controls = self.controls.clone();
        Ok(leaving_out(&mut controls, &mut Vec::new(), |controls| {
            let formula = Formula::parse(&controls::formula(self.outcome, terms, controls))?;
            FrameBuilder::new()
                .base(self.base)
                .build(table, &formula)?
                .design()?
                .fit_with(Separation::Limit)
        })?)
    }
}

fn select(table: &Table, rows: &[usize]) -> Result<Table> {
    let mut selected = Table::new();
    for name in table.names() {
        selected.insert(name.clone(), table.column(name)?.select(rows))?;
    }
    Ok(selected)
}

fn whole_numbers(table: &Table, name: &str) -> Result<Vec<u64>> {
    Ok(table.numbers(name)?.iter().map(|number| *number as u64).collect())
}

/// The cluster that each row belongs to, by its states' codes.
fn groups(table: &Table, clusters: FoldUnit) -> Result<Vec<u64>> {
    let codes = |name: &str| whole_numbers(table, name);
    Ok(match clusters {
        FoldUnit::Target => codes("target")?,
        FoldUnit::Sender => codes("sender")?,
        FoldUnit::Dyad => {
            let pairs = codes("sender")?.into_iter().zip(codes("target")?);
            pairs.map(|(sender, target)| sender * 1_000 + target).collect()
        }
    })
}

/// Gives each cluster a fold: shuffled, they go one by one to the fold that has fewest episodes so far.
fn assign(groups: &[u64], folds: usize, seed: u64) -> BTreeMap<u64, usize> {
    let mut sizes = BTreeMap::<u64, usize>::new();
    for group in groups {
        *sizes.entry(*group).or_default() += 1;
    }
    let mut order: Vec<u64> = sizes.keys().copied().collect();
    shuffle(&mut order, &mut random(seed, 0));
    let mut full = vec![0; folds];
    let mut fold_of = BTreeMap::new();
    for group in order {
        let fold = (0..folds).min_by_key(|fold| full[*fold]).unwrap_or_default();
        full[fold] += sizes[&group];
        fold_of.insert(group, fold);
    }
    fold_of
}

fn scores(rows: &[&Rows], outcomes: &[usize], groups: &[u64]) -> Scores {
    let forecasts = [0, 1, 2].map(|which| rows.iter().map(|row| row[which].as_slice()).collect::<Vec<_>>());
    let each = |score: fn(&[f64], usize) -> f64| {
        forecasts.each_ref().map(|forecast| {
            let scores = forecast.iter().zip(outcomes);
            scores
                .map(|(row, outcome)| score(row, *outcome))
                .collect::<Vec<f64>>()
        })
    };
    let (log, brier) = (each(log_score), each(brier_score));
    let mut differences = Vec::new();
    for (score, of) in [(ScoreKind::Log, &log), (ScoreKind::Brier, &brier)] {
        for (which, against) in Forecast::ALL.into_iter().enumerate().skip(1) {
            differences.push(difference(score, against, &of[0], &of[which], groups));
        }
    }
    Scores {
        forecasts: Forecast::ALL
            .into_iter()
            .enumerate()
            .map(|(which, forecast)| score(forecast, &forecasts[which], outcomes, &log[which], &brier[which]))
            .collect(),
        differences,
    }
}

fn log_score(row: &[f64], outcome: usize) -> f64 {
    -libm::log(row[outcome].max(FLOOR))
}

fn brier_score(row: &[f64], outcome: usize) -> f64 {
    let part = |(at, p): (usize, &f64)| {
        let missed = p - f64::from(u8::from(at == outcome));
        missed * missed
    };
    row.iter().enumerate().map(part).sum()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn score(forecast: Forecast, rows: &[&[f64]], outcomes: &[usize], log: &[f64], brier: &[f64]) -> Score {
    let count = STUDY.outcomes.len();
    let mut confusion = vec![vec![0; count]; count];
    let mut right = 0;
    for (row, outcome) in rows.iter().zip(outcomes) {
        // The first of several that are as likely.
        let likeliest = (0..count).rev().max_by(|a, b| row[*a].total_cmp(&row[*b]));
        let likeliest = likeliest.unwrap_or_default();
        confusion[*outcome][likeliest] += 1;
        right += usize::from(likeliest == *outcome);
    }
    let happened = rows.iter().zip(outcomes).map(|(row, outcome)| row[*outcome]);
    Score {
        forecast,
        log: mean(log),
        brier: mean(brier),
        accuracy: right as f64 / rows.len() as f64,
        floored: happened.filter(|p| *p < FLOOR).count(),
        confusion,
        calibration: (0..count).map(|outcome| bins(rows, outcomes, outcome)).collect(),
    }
}

/// Episodes in order of their probability of an outcome, in bins as even as can be; equal probabilities keep the
/// order of the episodes.
fn bins(rows: &[&[f64]], outcomes: &[usize], outcome: usize) -> Vec<Bin> {
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order::by(&mut order, |a, b| rows[*a][outcome].total_cmp(&rows[*b][outcome]));
    let edge = |bin: usize| bin * order.len() / BINS;
    (0..BINS)
        .map(|bin| &order[edge(bin)..edge(bin + 1)])
        .filter(|members| !members.is_empty())
        .map(|members| {
            let n = members.len() as f64;
            let hits = members.iter().filter(|row| outcomes[**row] == outcome).count() as f64;
            let (conf_low, conf_high) = wilson(hits, n);
            Bin {
                n: members.len(),
                forecast: members.iter().map(|row| rows[*row][outcome]).sum::<f64>() / n,
                observed: hits / n,
                conf_low,
                conf_high,
            }
        })
        .collect()
}

/// Wilson's 95% interval of a share.
fn wilson(hits: f64, n: f64) -> (f64, f64) {
    let (share, z2) = (hits / n, WIDE * WIDE);
    let middle = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = WIDE / (1.0 + z2 / n) * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

fn difference(
    score: ScoreKind,
    against: Forecast,
    model: &[f64],
    other: &[f64],
    groups: &[u64],
) -> ScoreDifference {
    let differences: Vec<f64> = model.iter().zip(other).map(|(a, b)| a - b).collect();
    let estimate = mean(&differences);
    let mut sums = BTreeMap::<u64, f64>::new();
    for (difference, group) in differences.iter().zip(groups) {
        *sums.entry(*group).or_default() += difference - estimate;
    }
    let count = sums.len() as f64;
    let squares: f64 = sums.values().map(|sum| sum * sum).sum();
    let std_error = (count / (count - 1.0) * squares).sqrt() / differences.len() as f64;
    ScoreDifference {
        against,
        score,
        estimate,
        std_error,
        p_value: normal_p_value(estimate / std_error),
        conf_low: estimate - WIDE * std_error,
        conf_high: estimate + WIDE * std_error,
    }
}

impl Validation {
    fn difference(&self, score: ScoreKind, against: Forecast) -> Option<&ScoreDifference> {
        let mut all = self.cross_validated.differences.iter();
        all.find(|one| one.score == score && one.against == against)
    }

    /// A difference over all ways to make the folds; none where they were made once.
    #[must_use]
    pub fn spread(&self, score: ScoreKind, against: Forecast) -> Option<&Spread> {
        self.spreads
            .iter()
            .find(|one| one.score == score && one.against == against)
    }

    /// Whether regime type helps to predict, by both scores of cross-validated forecasts: in nearly all ways to make the
    /// folds, where there are several.
    #[must_use]
    pub fn verdict(&self) -> &'static str {
        let both = |once: fn(&ScoreDifference) -> bool, often: fn(&Spread) -> usize| {
            [ScoreKind::Log, ScoreKind::Brier].iter().all(|score| {
                match self.spread(*score, Forecast::WithoutRegime) {
                    Some(spread) => often(spread) as f64 >= NEARLY_ALL * spread.repeats as f64,
                    None => self.difference(*score, Forecast::WithoutRegime).is_some_and(once),
                }
            })
        };
        if both(|one| one.conf_high < 0.0, |one| one.surely_better) {
            "Regime type helps to predict"
        } else if both(|one| one.conf_low > 0.0, |one| one.surely_worse) {
            "Regime type makes predictions worse"
        } else {
            "Regime type does not help to predict beyond chance"
        }
    }

    /// The answer with its number, for a title.
    #[must_use]
    pub fn answer(&self) -> String {
        let verdict = self.verdict();
        if let Some(spread) = self.spread(ScoreKind::Log, Forecast::WithoutRegime) {
            return format!(
                "{verdict}: with it the cross-validated log score is {:.3} {} at the median of {} ways to make the folds ({} \
                 to {})",
                spread.median.abs(),
                worse(spread.median),
                spread.repeats,
                signed(spread.low),
                signed(spread.high)
            );
        }
        let Some(log) = self.difference(ScoreKind::Log, Forecast::WithoutRegime) else {
            return verdict.to_owned();
        };
        format!(
            "{verdict}: with it the cross-validated log score is {:.3} {} ({} to {})",
            log.estimate.abs(),
            worse(log.estimate),
            signed(log.conf_low),
            signed(log.conf_high)
        )
    }

    /// Whether regime type helps to predict, in a few sentences.
    #[must_use]
    pub fn sentences(&self) -> String {
        let (Some(log), Some(shares)) = (
            self.difference(ScoreKind::Log, Forecast::WithoutRegime),
            self.difference(ScoreKind::Log, Forecast::Shares),
        ) else {
            return String::new();
        };
        let verdict = self.verdict();
        let unit = match self.clusters.as_str() {
            "dyad" => "pair",
            other => other,
        };
        let first = if self.spreads.is_empty() {
            ""
        } else {
            ", with the first folds"
        };
        let mut text = format!(
            "{verdict}. Forecasting threats of {unit}s it has not seen, the model scores {:.3} {} with regime type than \
             without it{first} (log score; 95% interval of the difference {} to {}), and {:.3} {} than the outcome shares \
             alone.",
            log.estimate.abs(),
            worse(log.estimate),
            signed(log.conf_low),
            signed(log.conf_high),
            shares.estimate.abs(),
            worse(shares.estimate),
        );
        if let Some(spread) = self.spread(ScoreKind::Log, Forecast::WithoutRegime) {
            text.push_str(&format!(
                " Which {unit}s come together is chance: over {} ways to make the folds the difference lies between {} and {} \
                 (in 19 of 20), is worse beyond chance in {} and better beyond chance in {}.",
                spread.repeats,
                signed(spread.low),
                signed(spread.high),
                spread.surely_worse,
                spread.surely_better
            ));
        }
        text.push_str(&self.near_zero());
        text
    }

    /// What the floor of the log score does, where it does anything.
    fn near_zero(&self) -> String {
        let floored = self
            .cross_validated
            .forecasts
            .first()
            .map_or(0, |one| one.floored);
        let at = |floor: Option<f64>| self.floors.iter().find(|one| one.floor == floor);
        let (Some(high), Some(low), Some(without)) = (at(Some(1e-2)), at(Some(1e-9)), at(None)) else {
            return String::new();
        };
        let outcomes = match floored {
            0 => return String::new(),
            1 => "One outcome had a probability of nearly 0 and is".to_owned(),
            some => format!("{some} outcomes had a probability of nearly 0 and are"),
        };
        format!(
            " {outcomes} scored as one in a million. Against the outcome shares that decides much: the model’s difference is {} \
             were they scored as one in a hundred, {} as one in a thousand million, {} without them; against the model without \
             regime type {}, {} and {}.",
            signed(high.against_shares),
            signed(low.against_shares),
            signed(without.against_shares),
            signed(high.against_without_regime),
            signed(low.against_without_regime),
            signed(without.against_without_regime),
        )
    }
}

/// Of a difference of scores, of which less is better.
fn worse(difference: f64) -> &'static str {
    if difference < 0.0 { "better" } else { "worse" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_keep_clusters_together_and_are_even() {
        let groups: Vec<u64> = (0..400_u64).map(|row| row * row % 37).collect();
        let fold_of = assign(&groups, 5, 1);
        let mut sizes = [0; 5];
        for group in &groups {
            sizes[fold_of[group]] += 1;
        }
        assert_eq!(sizes.iter().sum::<usize>(), 400);
        assert!(sizes.iter().all(|size| (60..=100).contains(size)), "{sizes:?}");
        assert_eq!(fold_of, assign(&groups, 5, 1));
        assert_ne!(fold_of, assign(&groups, 5, 2));
    }

    #[test]
    fn scores_are_what_they_are_by_hand() {
        let row = [0.5, 0.3, 0.2];
        assert!((log_score(&row, 1) + libm::log(0.3)).abs() < 1e-15);
        assert!((brier_score(&row, 1) - (0.25 + 0.49 + 0.04)).abs() < 1e-15);
        assert_eq!(log_score(&[0.0, 1.0, 0.0], 0), -libm::log(FLOOR));
    }

    #[test]
    fn wilson_is_r_s() {
        // prop.test(3, 20, correct = FALSE)$conf.int, R 4.2.2.
        let (low, high) = wilson(3.0, 20.0);
        assert!((low - 0.052_368_745_896).abs() < 1e-9 && (high - 0.360_418_864_741).abs() < 1e-9);
        assert_eq!(wilson(0.0, 10.0).0, 0.0);
    }

    fn forecast(outcome: usize, model: f64, without: f64, share: f64) -> EpisodeForecast {
        let row = |chance: f64| {
            let mut row = vec![(1.0 - chance) / 2.0; 3];
            row[outcome] = chance;
            row
        };
        EpisodeForecast {
            caseid: 1,
            fold: 0,
            outcome,
            model: row(model),
            without_regime: row(without),
            shares: row(share),
        }
    }

    #[test]
    fn floors_are_what_they_are_by_hand() {
        let episodes = [forecast(0, 0.5, 0.25, 0.25), forecast(1, 1e-8, 0.5, 0.5)];
        let found = floors(&episodes);
        let at = |floor: Option<f64>| *found.iter().find(|one| one.floor == floor).unwrap();
        // ln 2 is gained on the first, ln(0.5 / floor) lost on the second, half of each.
        for floor in [1e-2, 1e-4, 1e-6] {
            let by_hand = (libm::log(0.5 / floor) - libm::log(2.0)) / 2.0;
            assert!((at(Some(floor)).against_shares - by_hand).abs() < 1e-12);
            assert!((at(Some(floor)).against_without_regime - by_hand).abs() < 1e-12);
        }
        let below = (libm::log(0.5 / 1e-8) - libm::log(2.0)) / 2.0;
        assert!(
            (at(Some(1e-9)).against_shares - below).abs() < 1e-12,
            "nothing lies below that floor"
        );
        assert!(
            (at(None).against_shares + libm::log(2.0)).abs() < 1e-12,
            "the second is left out"
        );
        assert_eq!(commonest(&episodes), (0, 1), "the first of several");
        assert_eq!(commonest(&[forecast(2, 0.1, 0.1, 0.1)]), (2, 1));
    }

    #[test]
    fn a_spread_counts_the_ways_to_make_folds() {
        let repeat = |seed: u64, estimate: f64| {
            let difference = |score| ScoreDifference {
                against: Forecast::WithoutRegime,
                score,
                estimate,
                std_error: 0.01,
                p_value: 0.5,
                conf_low: estimate - 0.02,
                conf_high: estimate + 0.02,
            };
            Repeat {
                seed,
                n: 10,
                accuracy: 0.5,
                floored: 0,
                differences: vec![difference(ScoreKind::Log), difference(ScoreKind::Brier)],
            }
        };
        let repeats: Vec<Repeat> = [-0.05, -0.01, 0.01, 0.03, 0.04].map(|one| repeat(1, one)).into();
        let found = spreads(&repeats);
        assert_eq!(found.len(), 2);
        let log = found[0];
        assert_eq!(
            (log.repeats, log.better, log.surely_better, log.surely_worse),
            (5, 2, 1, 2)
        );
        assert_eq!(log.median, 0.01);
        // Quantiles as R has them: 0.025 * 4 of the way from the first to the second.
        assert!(
            (log.low - (-0.05 + 0.1 * 0.04)).abs() < 1e-12 && (log.high - (0.04 - 0.1 * 0.01)).abs() < 1e-12
        );
        assert!(spreads(&repeats[..1]).is_empty());
    }
}
