//! A model's estimates: one fit, or several on completed data that are pooled.

use mlogit::{At, Bootstrap, Clusters, Draws, Fit, Interval, Predictions};
use report::results::{Comparison, ImputationReport, ModelReport, Predicted};

use crate::error::Result;
use crate::fitting::pooled;
use crate::specification::method::Method;

/// Draws of a simulation, resamples of a bootstrap, and their seed.
const DRAWS: usize = 1_000;
const RESAMPLES: usize = 200;
/// Both for each completed table, where values were imputed: they all count together, and within a table they only
/// give a variance, which is averaged over the tables.
const DRAWS_OF_EACH: usize = 50;
const RESAMPLES_OF_EACH: usize = 20;
const SEED: u64 = 2_005;

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

/// Two settings to compare: their positions, the second minus the first.
pub type Pair = (usize, usize);

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
        let (simulated, resamples) = if self.others.is_empty() {
            (DRAWS, RESAMPLES)
        } else {
            (DRAWS_OF_EACH, RESAMPLES_OF_EACH)
        };
        let bootstrap = match clusters {
            Some(clusters) => Bootstrap::clusters(resamples, SEED, clusters.clone()),
            None => Bootstrap::pairs(resamples, SEED),
        };
        let draws = match method {
            Method::Observed | Method::Means => Vec::new(),
            Method::Simulation => self
                .fits()
                .map(|fit| fit.simulate(simulated, SEED))
                .collect::<mlogit::Result<_>>()?,
            Method::Bootstrap => self
                .fits()
                .map(|fit| fit.bootstrap(&bootstrap))
                .collect::<mlogit::Result<_>>()?,
        };
        Ok(Estimate {
            method,
            draws,
            clustered: clusters.is_some(),
            ..self
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
        let place = |at: &At| match self.method {
            Method::Observed | Method::Bootstrap => at.clone(),
            Method::Means | Method::Simulation => at.clone().at_means(),
        };
        let settings: Vec<At> = settings.iter().map(place).collect();
        let first = predictions(&self.fit, self.draws.first(), &settings)?;
        let predicted = predicted(&first, &settings, pairs);
        if self.others.is_empty() {
            return Ok(predicted);
        }
        let mut all = vec![estimates(&first, pairs)];
        for (fit, position) in self.others.iter().zip(1..) {
            all.push(estimates(
                &predictions(fit, self.draws.get(position), &settings)?,
                pairs,
            ));
        }
        pooled::predicted(predicted, &all, pooled::complete_df(&self.fit))
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

fn predictions<'a>(fit: &'a Fit, draws: Option<&Draws>, settings: &[At]) -> Result<Predictions<'a>> {
    let predictions = fit.predictions(settings.iter().cloned())?;
    Ok(match draws {
        Some(draws) => predictions.with_interval(&Interval::Draws(draws))?,
        None => predictions,
    })
}

/// Estimates with their standard errors: of predictions, then of comparisons, as in [`Predicted`].
fn estimates(predictions: &Predictions<'_>, pairs: &[Pair]) -> Vec<(f64, f64)> {
    let differences = pairs
        .iter()
        .filter_map(|&(from, to)| predictions.difference_estimates(to, from));
    predictions.estimates().chain(differences.flatten()).collect()
}
