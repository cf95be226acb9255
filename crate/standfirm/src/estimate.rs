//! A model's estimates: one fit, or several on completed data that are pooled.

use mlogit::{At, Fit};

use crate::Result;
use crate::report::{Comparison, Prediction};

/// A fitted model of the study.
#[derive(Debug, Clone)]
pub struct Estimate {
    fit: Fit,
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
        Estimate { fit }
    }

    /// The fit.
    #[must_use]
    pub fn fit(&self) -> &Fit {
        &self.fit
    }

    /// Averaged predictions at `settings`, and the differences of `pairs` of them.
    ///
    /// # Errors
    /// [`crate::Error::Model`] where a setting names a variable or level that the model lacks.
    pub fn predict(&self, settings: &[At], pairs: &[Pair]) -> Result<Predicted> {
        let predictions = self.fit.predictions(settings.iter().cloned())?;
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
}
