//! A model's estimates: one fit, or several on completed data that are pooled.

use mlogit::{At, Bootstrap, Clusters, Draws, Fit, Interval, Predictions};

use crate::Result;
use crate::pooled;
use crate::report::{Comparison, ImputationReport, ModelReport, Prediction};
use crate::specification::{Options as _, options};

options! {
    /// How predictions and their intervals are made.
    Method {
        /// Averages over the observed values of the other covariates, delta method: what the study did.
        #[default]
        Observed = "observed", "averaged over the episodes, delta method", "What the study did.";
        /// At the means of the other covariates, delta method.
        Means = "means", "at the means, delta method", "For an episode that is average in everything else.";
        /// At the means of the other covariates, simulated from the coefficients' distribution.
        Simulation = "simulation", "at the means, simulated",
            "Intervals from 1,000 draws of the coefficients (King, Tomz and Wittenberg).";
        /// Averages over the episodes, models refitted to resampled episodes.
        Bootstrap = "bootstrap", "averaged over the episodes, bootstrap",
            "Intervals from refits to 200 resamples of the episodes, or of their clusters where standard errors are clustered. Takes seconds.";
    }
}

/// Draws of a simulation, resamples of a bootstrap, and their seed.
const DRAWS: usize = 1_000;
const RESAMPLES: usize = 200;
/// Both for each completed table, where values were imputed: they all count together, and within a table they only
/// give a variance, which is averaged over the tables.
const DRAWS_OF_EACH: usize = 50;
const RESAMPLES_OF_EACH: usize = 20;
const SEED: u64 = 2_005;

impl Method {
    /// A short name, for arguments and addresses.
    #[must_use]
    pub fn key(self) -> &'static str {
        self.picked().key
    }

    /// The method called `key`.
    ///
    /// # Errors
    /// [`crate::Error::Unknown`], which lists the methods.
    pub fn find(key: &str) -> Result<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|method| method.key() == key)
            .ok_or_else(|| crate::Error::Unknown {
                kind: "method of prediction",
                name: key.to_owned(),
                known: Self::ALL.iter().map(|method| method.key().to_owned()).collect(),
            })
    }

    /// Words for a choice.
    #[must_use]
    pub fn label(self) -> &'static str {
        self.picked().label
    }

    /// Words for a note.
    fn note(self, clustered: bool) -> &'static str {
        match self {
            Self::Observed => {
                "averaged over the episodes, everything else as observed; 95% intervals by the delta method"
            }
            Self::Means => "everything else at its mean; 95% intervals by the delta method",
            Self::Simulation => {
                "everything else at its mean; 95% intervals from 1,000 draws of the coefficients (King, Tomz and \
                 Wittenberg)"
            }
            Self::Bootstrap if clustered => {
                "averaged over the episodes, everything else as observed; 95% intervals from refits to 200 resamples \
                 of clusters of episodes"
            }
            Self::Bootstrap => {
                "averaged over the episodes, everything else as observed; 95% intervals from refits to 200 resamples \
                 of the episodes"
            }
        }
    }
}

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

/// Predictions at several settings and differences between some of them.
#[derive(Debug, Clone)]
pub struct Predicted {
    /// Setting by setting, outcome by outcome.
    pub predictions: Vec<Prediction>,
    /// Pair by pair, outcome by outcome.
    pub comparisons: Vec<Comparison>,
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
    /// [`crate::Error::Model`] where coefficients cannot be drawn.
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
    /// [`crate::Error::Model`] where the model lacks the variable, or it is categorical.
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
    /// [`crate::Error::Model`] where fits cannot be pooled.
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
    /// [`crate::Error::Model`] where a setting names a variable or level that the model lacks.
    pub fn predict(&self, settings: &[At], pairs: &[Pair]) -> Result<Predicted> {
        let place = |at: &At| match self.method {
            Method::Observed | Method::Bootstrap => at.clone(),
            Method::Means | Method::Simulation => at.clone().at_means(),
        };
        let settings: Vec<At> = settings.iter().map(place).collect();
        let first = predictions(&self.fit, self.draws.first(), &settings)?;
        let predicted = Predicted::new(&first, &settings, pairs);
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

impl Predicted {
    fn new(predictions: &Predictions<'_>, settings: &[At], pairs: &[Pair]) -> Self {
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
