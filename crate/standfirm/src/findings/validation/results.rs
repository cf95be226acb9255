//! What a validation finds, as plain data.

use serde::{Deserialize, Serialize};

/// No forecast of what happens is below this: the logarithm of zero says nothing. How often it would be is counted.
pub const FLOOR: f64 = 1e-6;

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
