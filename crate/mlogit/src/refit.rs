//! Refits of a model with other weights, started from its estimate.

use crate::newton::{self, Separation};
use crate::{Design, Error, Fit, Method, Result, firth};

/// A model to be fitted again and again with other weights on the same rows.
#[derive(Debug)]
pub(crate) struct Refit {
    design: Design,
    start: Vec<f64>,
    separation: Separation,
    method: Method,
}

impl Refit {
    pub(crate) fn new(fit: &Fit) -> Self {
        Refit {
            design: fit.design().clone(),
            start: fit.parameters.clone(),
            separation: fit.separation,
            method: fit.method(),
        }
    }

    /// The estimate with these frequency weights, standardised as the original fit's; a row of weight 0 takes no
    /// part.
    ///
    /// # Errors
    /// As [`Design::fit`].
    pub(crate) fn estimate(&mut self, weights: Vec<f64>) -> Result<Vec<f64>> {
        self.design.frame.weights = weights;
        let start = self.start.clone();
        let maximum = match self.method {
            Method::MaximumLikelihood => newton::maximise(&self.design, start, self.separation)?,
            Method::BiasReduced => firth::maximise(&self.design, start, &|_| true)?.maximum,
        };
        // The pivots bound the condition number from below: beyond this, a plateau was reached, not a maximum.
        let pivots = maximum.factor.l_dirty().diagonal();
        if maximum.separated.is_none() && pivots.min() / pivots.max() < f64::EPSILON.sqrt() {
            return Err(Error::Singular);
        }
        Ok(maximum.parameters)
    }
}
