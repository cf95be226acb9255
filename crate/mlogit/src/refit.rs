//! Refits of a model with other weights, started from its estimate.

use crate::newton::{self, Separation};
use crate::{Design, Fit, Result};

/// A model to be fitted again and again with other weights on the same rows.
#[derive(Debug)]
pub(crate) struct Refit {
    design: Design,
    start: Vec<f64>,
    separation: Separation,
}

impl Refit {
    pub(crate) fn new(fit: &Fit) -> Self {
        Refit {
            design: fit.design().clone(),
            start: fit.parameters.clone(),
            separation: fit.separation,
        }
    }

    /// The estimate with these frequency weights, standardised as the original fit's; a row of weight 0 takes no
    /// part.
    ///
    /// # Errors
    /// As [`Design::fit`].
    pub(crate) fn estimate(&mut self, weights: Vec<f64>) -> Result<Vec<f64>> {
        self.design.frame.weights = weights;
        let maximum = newton::maximise(&self.design, self.start.clone(), self.separation)?;
        Ok(maximum.parameters)
    }
}
