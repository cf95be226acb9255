//! A model's estimates: one fit, or several on completed data that are pooled.

use mlogit::{At, Fit};

use crate::Result;
use crate::pooled;
use crate::report::{Comparison, ImputationReport, ModelReport, Prediction};

/// A fitted model of the study.
#[derive(Debug, Clone)]
pub struct Estimate {
    fit: Fit,
    /// The fits to the other completed tables, where values were imputed.
    others: Vec<Fit>,
    imputation: Option<ImputationReport>,
}

/// Predictions at several settings and differences between some of them.
#[derive(Debug, Clone, Default)]
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
            fit,
            others: Vec::new(),
            imputation: None,
        }
    }

    /// Of fits to completed tables, the first apart; everything is pooled by Rubin's rules.
    #[must_use]
    pub fn imputed(fit: Fit, others: Vec<Fit>, imputation: ImputationReport) -> Self {
        Estimate {
            fit,
            others,
            imputation: Some(imputation),
        }
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
            pooled::model(&self.fits().collect::<Vec<_>>())
        }
    }

    /// Averaged predictions at `settings`, and the differences of `pairs` of them.
    ///
    /// # Errors
    /// [`crate::Error::Model`] where a setting names a variable or level that the model lacks.
    pub fn predict(&self, settings: &[At], pairs: &[Pair]) -> Result<Predicted> {
        let first = predict(&self.fit, settings, pairs)?;
        if self.others.is_empty() {
            return Ok(first);
        }
        let mut all = vec![first];
        for fit in &self.others {
            all.push(predict(fit, settings, pairs)?);
        }
        pooled::predicted(&all, pooled::complete_df(&self.fit))
    }
}

fn predict(fit: &Fit, settings: &[At], pairs: &[Pair]) -> Result<Predicted> {
    let predictions = fit.predictions(settings.iter().cloned())?;
    let mut comparisons = Vec::new();
    for &(from, to) in pairs {
        for difference in predictions.difference(to, from).unwrap_or_default() {
            comparisons.push(Comparison::new(&settings[from], &settings[to], difference));
        }
    }
    Ok(Predicted {
        predictions: predictions.iter().map(Into::into).collect(),
        comparisons,
    })
}
