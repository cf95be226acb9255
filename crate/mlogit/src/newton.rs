//! Newton's method with step control.

use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

use crate::likelihood::{Evaluation, Workspace};
use crate::separation::{self, Separated};
use crate::{Design, Error, Result, limit};

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
        let factor = match Cholesky::new(here.information.clone()) {
            Some(factor) => factor,
            None => {
                // Information goes singular on the way where probabilities run to 0 and 1: separation, if a step
                // proves it.
                separated = judge(design, &last_step).or(separated);
                match &separated {
                    None => return Err(Error::Singular),
                    Some(separated) if separation == Separation::Refuse => return Err(refused(separated)),
                    Some(_) => damped(design, &here.information).ok_or(Error::Singular)?,
                }
            }
        };
        let step = factor.solve(&DVector::from_column_slice(&here.gradient));
        let decrement = step.dot(&DVector::from_column_slice(&here.gradient));
        last_step = step.as_slice().to_vec();
        if iteration >= SUSPECT_SEPARATION {
            // Where the likelihood is flat to the last digit, steps no longer show what they showed before.
            separated = judge(design, &last_step).or(separated);
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
            let factor = match &separated {
                None => Cholesky::new(here.information.clone()),
                Some(_) => damped(design, &here.information),
            };
            let factor = factor.ok_or(Error::Singular)?;
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

/// The information with a little added for every parameter: directions of which nothing is known stay where they
/// are, and the others hardly notice.
fn damped(design: &Design, information: &DMatrix<f64>) -> Option<Cholesky<f64, Dyn>> {
    let little = limit::NOTHING * design.total_weight() / design.rows() as f64;
    let size = information.nrows();
    Cholesky::new(information + DMatrix::from_diagonal_element(size, size, little))
}

/// What a step sends to infinity, if there was a step.
fn judge(design: &Design, step: &[f64]) -> Option<Separated> {
    if step.is_empty() {
        return None;
    }
    separation::judge(design, step)
}

fn refused(separated: &Separated) -> Error {
    Error::Separation {
        directions: separated.named.clone(),
    }
}
