//! A model's estimates: one fit, or several on completed data that are pooled.

use mlogit::pooling::Pooled;
use mlogit::{At, Bootstrap, Clusters, Difference, Draws, Fit, Interval, Predictions, Resampling, sup_t};
use report::results::{Comparison, ImputationReport, ModelReport, Predicted};

use crate::error::Result;
use crate::fitting::pooled;
use crate::specification::method::Method;

/// Draws of a simulation.
const DRAWS: usize = 1_000;
/// Resamples of a bootstrap.
pub(crate) const RESAMPLES: usize = 2_000;
/// Both for each completed table, where values were imputed: they all count together, and within a table they only
/// give a variance, which is averaged over the tables.
const DRAWS_OF_EACH: usize = 50;
const RESAMPLES_OF_EACH: usize = 100;
/// Seed of both.
const SEED: u64 = 2_005;
/// Draws that the width of simultaneous bands comes from.
const BAND_DRAWS: usize = 10_000;

/// A fitted model of the study.
#[derive(Debug, Clone)]
pub struct Estimate {
    method: Method,
    fit: Fit,
    /// The fits to the other completed tables, where values were imputed.
    others: Vec<Fit>,
    /// Draws of the coefficients of each fit, where the method takes intervals from them.
    draws: Vec<Draws>,
    /// Whether clusters of episodes are what a bootstrap draws.
    clustered: bool,
    imputation: Option<ImputationReport>,
}

/// An estimate whose model is being fitted to resamples.
#[derive(Debug)]
pub struct Drawing {
    estimate: Estimate,
    /// One for each fit.
    resamplings: Vec<Resampling>,
    /// The first that is not done.
    at: usize,
}

impl Drawing {
    /// Fits the model to one more resample; `false` where none is left, at once where the method needs none.
    pub fn step(&mut self) -> bool {
        while let Some(resampling) = self.resamplings.get_mut(self.at) {
            if resampling.step() {
                return true;
            }
            self.at += 1;
        }
        false
    }

    /// How many resamples are done with, and of how many.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        let parts = self.resamplings.iter().map(Resampling::progress);
        parts.fold((0, 0), |(done, of), (some, all)| (done + some, of + all))
    }

    /// The estimate with its draws.
    ///
    /// # Errors
    /// [`crate::error::Error::Model`] where fewer than two resamples of a fit could be fitted.
    pub fn finish(self) -> Result<Estimate> {
        let mut estimate = self.estimate;
        for resampling in self.resamplings {
            estimate.draws.push(resampling.finish()?);
        }
        Ok(estimate)
    }
}

/// Two settings to compare: their positions, the second minus the first.
pub type Pair = (usize, usize);

/// A weighted sum of settings: their positions and weights.
pub type Sum = Vec<(usize, f64)>;

/// A weighted sum of probabilities with its statistics.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Combined {
    /// The sum.
    pub estimate: f64,
    /// As the method has it.
    pub std_error: f64,
    /// Two-sided.
    pub p_value: f64,
    /// Lower end of the 95% interval.
    pub conf_low: f64,
    /// Upper end of the 95% interval.
    pub conf_high: f64,
}

impl From<Difference> for Combined {
    fn from(found: Difference) -> Self {
        Combined {
            estimate: found.estimate,
            std_error: found.std_error,
            p_value: found.p_value,
            conf_low: found.conf_low,
            conf_high: found.conf_high,
        }
    }
}

impl From<Pooled> for Combined {
    fn from(found: Pooled) -> Self {
        Combined {
            estimate: found.estimate,
            std_error: found.std_error,
            p_value: found.p_value,
            conf_low: found.conf_low,
            conf_high: found.conf_high,
        }
    }
}

impl Estimate {
    /// Of one fit.
    #[must_use]
    pub fn new(fit: Fit) -> Self {
        Estimate {
            method: Method::default(),
            fit,
            others: Vec::new(),
            draws: Vec::new(),
            clustered: false,
            imputation: None,
        }
    }

    /// Of fits to completed tables, the first apart; everything is pooled by Rubin's rules.
    #[must_use]
    pub fn imputed(fit: Fit, others: Vec<Fit>, imputation: ImputationReport) -> Self {
        Estimate {
            method: Method::default(),
            fit,
            others,
            draws: Vec::new(),
            clustered: false,
            imputation: Some(imputation),
        }
    }

    /// The same with predictions made by another method; a bootstrap draws `clusters` where there are some.
    ///
    /// # Errors
    /// [`crate::error::Error::Model`] where coefficients cannot be drawn.
    pub fn with_method(self, method: Method, clusters: Option<&Clusters>) -> Result<Self> {
        let mut drawing = self.drawing(method, clusters)?;
        while drawing.step() {}
        drawing.finish()
    }

    /// The same resample after resample, where the method needs any.
    ///
    /// # Errors
    /// As [`Estimate::with_method`].
    pub fn drawing(self, method: Method, clusters: Option<&Clusters>) -> Result<Drawing> {
        let (simulated, resamples) = if self.others.is_empty() {
            (DRAWS, RESAMPLES)
        } else {
            (DRAWS_OF_EACH, RESAMPLES_OF_EACH)
        };
        let bootstrap = match clusters {
            Some(clusters) => Bootstrap::clusters(resamples, SEED, clusters.clone()),
            None => Bootstrap::pairs(resamples, SEED),
        };
        let (mut draws, mut resamplings) = (Vec::new(), Vec::new());
        for fit in self.fits() {
            match method {
                Method::Observed | Method::Bounded | Method::Means => {}
                Method::Simulation => draws.push(fit.simulate(simulated, SEED)?),
                Method::Bootstrap => resamplings.push(fit.resampling(&bootstrap)?),
            }
        }
        Ok(Drawing {
            estimate: Estimate {
                method,
                draws,
                clustered: clusters.is_some(),
                ..self
            },
            resamplings,
            at: 0,
        })
    }

    /// How predictions are made.
    #[must_use]
    pub fn method(&self) -> Method {
        self.method
    }

    /// How predictions are made, for a note.
    pub(crate) fn note(&self) -> &'static str {
        self.method.note(self.clustered)
    }

    /// How many resamples of a bootstrap could not be fitted, of how many.
    #[must_use]
    pub fn failures(&self) -> (usize, usize) {
        let failed: usize = self.draws.iter().map(|draws| draws.failures().len()).sum();
        (failed, failed + self.draws.iter().map(Draws::len).sum::<usize>())
    }

    /// In how many resamples of a bootstrap outcomes are separated, so that some coefficients have no finite estimate.
    #[must_use]
    pub fn separated(&self) -> usize {
        self.draws.iter().map(Draws::separated).sum()
    }

    /// The fit; where values were imputed, that to the first completed table.
    #[must_use]
    pub fn fit(&self) -> &Fit {
        &self.fit
    }

    /// Every fit: one for each completed table.
    pub fn fits(&self) -> impl Iterator<Item = &Fit> + Clone {
        std::iter::once(&self.fit).chain(&self.others)
    }

    /// What was imputed and how, where anything was.
    #[must_use]
    pub fn imputation(&self) -> Option<&ImputationReport> {
        self.imputation.as_ref()
    }

    /// Values of a numeric variable on the estimation sample; where values were imputed, on all completed samples
    /// together.
    ///
    /// # Errors
    /// [`crate::error::Error::Model`] where the model lacks the variable, or it is categorical.
    pub fn values(&self, variable: &str) -> Result<Vec<f64>> {
        let mut values = Vec::new();
        for fit in self.fits() {
            values.extend_from_slice(fit.design().frame().number(variable)?);
        }
        Ok(values)
    }

    /// The fit's report, pooled where values were imputed.
    ///
    /// # Errors
    /// [`crate::error::Error::Model`] where fits cannot be pooled.
    pub fn model(&self) -> Result<ModelReport> {
        if self.others.is_empty() {
            Ok(ModelReport::from(&self.fit))
        } else {
            let test = self.imputation.as_ref().and_then(|report| report.wald.as_ref());
            pooled::model(&self.fits().collect::<Vec<_>>(), test)
        }
    }

    /// Averaged predictions at `settings`, and the differences of `pairs` of them.
    ///
    /// # Errors
    /// [`crate::error::Error::Model`] where a setting names a variable or level that the model lacks.
    pub fn predict(&self, settings: &[At], pairs: &[Pair]) -> Result<Predicted> {
        let settings = self.placed(settings);
        let first = self.predictions(0, &self.fit, &settings)?;
        let predicted = predicted(&first, &settings, pairs);
        if self.others.is_empty() {
            return Ok(predicted);
        }
        let mut all = vec![estimates(&first, pairs)];
        for (fit, position) in self.others.iter().zip(1..) {
            all.push(estimates(&self.predictions(position, fit, &settings)?, pairs));
        }
        let bounded = self.method == Method::Bounded;
        pooled::predicted(predicted, &all, pooled::complete_df(&self.fit), bounded)
    }

    /// Weighted sums of predictions of an outcome, such as the difference of two differences; each has the positions of
    /// settings with their weights.
    ///
    /// # Errors
    /// As [`Estimate::predict`].
    pub fn combine(&self, settings: &[At], sums: &[Sum], outcome: &str) -> Result<Vec<Combined>> {
        let settings = self.placed(settings);
        let mut all: Vec<Vec<Combined>> = Vec::new();
        for (position, fit) in self.fits().enumerate() {
            let predictions = self.predictions(position, fit, &settings)?;
            let one = |sum: &Sum| {
                let mut outcomes = predictions.combination(sum)?.into_iter();
                outcomes.find(|one| one.outcome == outcome).map(Combined::from)
            };
            all.push(sums.iter().filter_map(one).collect());
        }
        if self.others.is_empty() {
            return Ok(all.swap_remove(0));
        }
        let df = pooled::complete_df(&self.fit);
        let pooled = |position: usize| {
            let each = all.iter().filter_map(|one| one.get(position));
            let each: Vec<(f64, f64)> = each.map(|one| (one.estimate, one.std_error)).collect();
            Ok(Combined::from(pooled::rubin(&each, df)?))
        };
        (0..sums.len()).map(pooled).collect()
    }

    /// For each group of pairs, how many standard errors a band must reach to either side to cover the differences of all of
    /// them in an outcome at once in 95 of 100 samples: see [`mlogit::sup_t`]. Their correlation is always that of the
    /// delta method, which takes no time; the standard errors that it multiplies are the method's.
    ///
    /// # Errors
    /// As [`Estimate::predict`].
    pub fn simultaneous(&self, settings: &[At], groups: &[Vec<Pair>], outcome: &str) -> Result<Vec<f64>> {
        let settings = self.placed(settings);
        let turned = groups
            .iter()
            .map(|pairs| pairs.iter().map(|(from, to)| (*to, *from)).collect());
        let turned: Vec<Vec<Pair>> = turned.collect();
        let mut found = vec![(Vec::new(), Vec::new()); groups.len()];
        for fit in self.fits() {
            let predictions = fit.predictions(settings.iter().cloned())?;
            for (pairs, (covariances, differences)) in turned.iter().zip(&mut found) {
                covariances.extend(predictions.difference_covariance(pairs, outcome));
                let estimate = |pair: &Pair| {
                    let all = predictions.difference(pair.0, pair.1)?;
                    all.into_iter()
                        .find(|one| one.outcome == outcome)
                        .map(|one| one.estimate)
                };
                differences.push(pairs.iter().filter_map(estimate).collect::<Vec<f64>>());
            }
        }
        let reach = |(covariances, differences): &(Vec<_>, Vec<_>)| {
            sup_t(
                &pooled::covariance(covariances, differences),
                0.95,
                BAND_DRAWS,
                SEED,
            )
        };
        Ok(found.iter().map(reach).collect())
    }

    /// Where settings leave the other covariates, as the method has it.
    fn placed(&self, settings: &[At]) -> Vec<At> {
        let place = |at: &At| match self.method {
            Method::Observed | Method::Bounded | Method::Bootstrap => at.clone(),
            Method::Means | Method::Simulation => at.clone().at_means(),
        };
        settings.iter().map(place).collect()
    }

    /// Predictions by the fit in this position.
    fn predictions<'a>(&'a self, position: usize, fit: &'a Fit, settings: &[At]) -> Result<Predictions<'a>> {
        let predictions = fit.predictions(settings.iter().cloned())?;
        Ok(match (self.draws.get(position), self.method) {
            (Some(draws), _) => predictions.with_interval(&Interval::Draws(draws))?,
            (None, Method::Bounded) => predictions.with_interval(&Interval::Logit)?,
            (None, _) => predictions,
        })
    }
}

fn predicted(predictions: &Predictions<'_>, settings: &[At], pairs: &[Pair]) -> Predicted {
    let mut comparisons = Vec::new();
    for &(from, to) in pairs {
        for difference in predictions.difference(to, from).unwrap_or_default() {
            comparisons.push(Comparison::new(&settings[from], &settings[to], difference));
        }
    }
    Predicted {
        predictions: predictions.iter().map(Into::into).collect(),
        comparisons,
    }
}

/// Estimates with their standard errors: of predictions, then of comparisons, as in [`Predicted`].
fn estimates(predictions: &Predictions<'_>, pairs: &[Pair]) -> Vec<(f64, f64)> {
    let differences = pairs
        .iter()
        .filter_map(|&(from, to)| predictions.difference_estimates(to, from));
    predictions.estimates().chain(differences.flatten()).collect()
}
