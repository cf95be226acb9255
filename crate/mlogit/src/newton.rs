//! Newton's method with step control.

use nalgebra::{Cholesky, DVector, Dyn};

use crate::likelihood::{Evaluation, Workspace};
use crate::separation::{self, Separated};
use crate::{Design, Error, Result};

const MOST_ITERATIONS: usize = 60;
/// A step is tried at full length and then halved this often.
const MOST_HALVINGS: usize = 30;
/// Converged where a further step would gain less log-likelihood than this. The error of the estimate, in
/// standard errors, is then about its square root, and the last step squares that again.
const TOLERANCE: f64 = 1e-14;
/// Steps tend to a direction of separation slowly; ordinary problems have converged by then.
const SUSPECT_SEPARATION: usize = 8;

/// The maximum and how it was reached.
#[derive(Debug)]
pub(crate) struct Maximum {
    /// Standardised parameters, `terms` x `equations`, column-major.
    pub(crate) parameters: Vec<f64>,
    pub(crate) evaluation: Evaluation,
    /// Factor of the information at the maximum.
    pub(crate) factor: Cholesky<f64, Dyn>,
    pub(crate) iterations: usize,
    /// Parameters that have no finite estimate; the others are at their limits.
    pub(crate) separated: Option<Separated>,
}

/// What to do where some coefficients have no finite estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Separation {
    /// End with [`Error::Separation`].
    #[default]
    Refuse,
    /// Go on to the limit: the likelihood has a supremum, the other coefficients and all probabilities have
    /// limits, and those are the estimates.
    Limit,
}

/// Maximises the likelihood from `start` (standardised).
///
/// # Errors
/// [`Error::Separation`] where that is refused, [`Error::NoConvergence`], [`Error::Singular`].
pub(crate) fn maximise(design: &Design, start: Vec<f64>, separation: Separation) -> Result<Maximum> {
    let mut workspace = Workspace::new(design);
    let mut parameters = start;
    let mut here = workspace.evaluate(design, &parameters);
    let mut last_step = Vec::new();
    let mut separated = None;
    for iteration in 1..=MOST_ITERATIONS {
        let Some(factor) = Cholesky::new(here.information.clone()) else {
            return Err(not_identified(design, &last_step));
        };
        let step = factor.solve(&DVector::from_column_slice(&here.gradient));
        let decrement = step.dot(&DVector::from_column_slice(&here.gradient));
        last_step = step.as_slice().to_vec();
        if iteration >= SUSPECT_SEPARATION {
            separated = separation::judge(design, &last_step);
            if let Some(separated) = separated.as_ref().filter(|_| separation == Separation::Refuse) {
                return Err(refused(separated));
            }
        }

        let converged = decrement / 2.0 < TOLERANCE * (1.0 + here.loglik.abs() / 1e3);
        let rounding = 1e-12 * (1.0 + here.loglik.abs());
        let mut length = 1.0;
        let mut halvings = 0;
        let (next, there) = loop {
            let next: Vec<f64> = parameters
                .iter()
                .zip(&last_step)
                .map(|(parameter, step)| parameter + length * step)
                .collect();
            let there = workspace.evaluate(design, &next);
            if there.loglik.is_finite() && there.loglik >= here.loglik - rounding {
                break (next, there);
            }
            halvings += 1;
            if halvings > MOST_HALVINGS {
                return Err(not_converged(iteration, &here));
            }
            length /= 2.0;
        };
        (parameters, here) = (next, there);
        if converged {
            let factor = Cholesky::new(here.information.clone()).ok_or(Error::Singular)?;
            return Ok(Maximum {
                parameters,
                evaluation: here,
                factor,
                iterations: iteration,
                separated,
            });
        }
    }
    Err(separated
        .as_ref()
        .map_or_else(|| not_converged(MOST_ITERATIONS, &here), refused))
}

/// Largest absolute component of a gradient.
pub(crate) fn norm(gradient: &[f64]) -> f64 {
    gradient.iter().fold(0.0, |most, value| most.max(value.abs()))
}

fn not_converged(iterations: usize, at: &Evaluation) -> Error {
    Error::NoConvergence {
        iterations,
        gradient: norm(&at.gradient),
    }
}

/// An information matrix goes singular on the way where probabilities run to 0 and 1: separation, if the last
/// step proves it.
fn not_identified(design: &Design, last_step: &[f64]) -> Error {
    let separated = if last_step.is_empty() {
        None
    } else {
        separation::judge(design, last_step)
    };
    separated.as_ref().map_or(Error::Singular, refused)
}

fn refused(separated: &Separated) -> Error {
    Error::Separation {
        directions: separated.named.clone(),
    }
}
