//! Newton's method with step control.
//!
//! A sweep over the rows costs little for the gradient and much for the information, so the factor of the
//! information is kept for as long as steps with it still shrink the error fast (chord steps), and renewed where
//! they do not. Steps with a kept factor converge to the same maximum, the gradient being always the current one:
//! what is kept decides how fast it is reached, not where it is.

use nalgebra::DMatrix;

use crate::cholesky::Cholesky;
use crate::likelihood::{self, Evaluation, Slope, Workspace};
use crate::sample::{Rows, Sample};
use crate::separation::{self, Separated};
use crate::{Design, Error, Result};

const MOST_ITERATIONS: usize = 60;
/// A step is tried at full length and then halved this often.
const MOST_HALVINGS: usize = 30;
/// Converged where a further step would gain less log-likelihood than this. The error of the estimate, in
/// standard errors, is then about its square root, and the last step squares that again.
const TOLERANCE: f64 = 1e-14;
/// The same for steps with a kept factor, whose error shrinks by a factor and not by squares: the error left
/// after the step, in standard errors.
const CHORD_TOLERANCE: f64 = 1e-13;
/// A kept factor is renewed where a step leaves more of the error than this.
const CHORD_RATE: f64 = 0.1;
/// How far from the estimate, in standard errors, the information for its covariance may be taken: as far as
/// that moves standard errors by less than a billionth of themselves.
const NEAR: f64 = 1e-9;
/// A start from some of the rows takes this many, or this many for each parameter if that is more, and is worth
/// while where there are this many times as many in all.
const LEAST_SAMPLE: usize = 4096;
const SAMPLE_OF_EACH: usize = 40;
const WORTH_SAMPLING: usize = 5;
/// Steps tend to a direction of separation slowly; ordinary problems have converged by then.
const SUSPECT_SEPARATION: usize = 8;

/// Where a search begins.
#[derive(Debug)]
pub(crate) struct Start {
    /// Standardised parameters, `terms` x `equations`, column-major.
    pub(crate) parameters: Vec<f64>,
    /// What is known of the information there.
    pub(crate) kept: Option<Kept>,
}

/// The maximum and how it was reached.
#[derive(Debug)]
pub(crate) struct Maximum {
    /// Standardised parameters, `terms` x `equations`, column-major.
    pub(crate) parameters: Vec<f64>,
    /// Its information is that within [`NEAR`] of the maximum where it was asked for.
    pub(crate) evaluation: Evaluation,
    /// A factor of the information at the maximum, or near it where the information was not asked for.
    pub(crate) factor: Cholesky,
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

/// A search for the maximum of the likelihood over some rows.
pub(crate) struct Search<'a> {
    pub(crate) design: &'a Design,
    pub(crate) rows: Rows<'a>,
    pub(crate) workspace: &'a mut Workspace,
    pub(crate) separation: Separation,
    /// Whether the information at the maximum is wanted, for the covariance.
    pub(crate) information: bool,
}

/// A factor of the information and what is known of its age.
#[derive(Debug)]
pub(crate) struct Kept {
    factor: Cholesky,
    /// By rows; empty where it is the information of other rows.
    information: Vec<f64>,
    /// Standard errors walked since; infinite where it is the information of other rows.
    walked: f64,
    /// Decrement of the last step with it.
    last: f64,
}

impl Kept {
    /// The information at the present point.
    pub(crate) fn here(information: Vec<f64>, size: usize) -> Option<Self> {
        Some(Kept {
            factor: Cholesky::new(size, information.clone())?,
            information,
            walked: 0.0,
            last: f64::INFINITY,
        })
    }

    /// The information of other, similar rows.
    pub(crate) fn like(factor: Cholesky) -> Self {
        Kept {
            factor,
            information: Vec::new(),
            walked: f64::INFINITY,
            last: f64::INFINITY,
        }
    }
}

/// Maximises the likelihood of a design from `start`: standardised parameters at which all slopes are zero.
///
/// Where there are many rows, some of them are fitted first: their estimate is a better start.
///
/// # Errors
/// As [`Search::maximise`].
pub(crate) fn maximise(design: &Design, start: Vec<f64>, separation: Separation) -> Result<Maximum> {
    let mut workspace = Workspace::new(design);
    let start = warm_start(design, &start, &mut workspace).unwrap_or_else(|| {
        // Without slopes all rows have the same probabilities, and the Gram matrix of the columns gives the
        // information.
        let information = likelihood::information_without_slopes(design, &start);
        let kept = Kept::here(information, start.len());
        let parameters = start;
        Start { parameters, kept }
    });
    let search = Search {
        design,
        rows: Rows::All(design),
        workspace: &mut workspace,
        separation,
        information: true,
    };
    search.maximise(start)
}

/// The estimate from a few thousand rows, with the information scaled up to all of them; `None` where there are
/// not many more rows than that, or those rows have no estimate.
fn warm_start(design: &Design, start: &[f64], workspace: &mut Workspace) -> Option<Start> {
    let size = LEAST_SAMPLE.max(start.len() * SAMPLE_OF_EACH);
    let rows = design.rows();
    if rows < size * WORTH_SAMPLING {
        return None;
    }
    // One row from each of as many stretches of equal length, so that it does not matter how rows are sorted.
    let row = |i: usize| {
        let (from, to) = (i * rows / size, (i + 1) * rows / size);
        let hash = (i as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        from + (hash % (to - from) as u64) as usize
    };
    let mut sample = Sample::default();
    sample.gather(design, (0..size).map(row).map(|row| (row, design.weight(row))));
    let search = Search {
        design,
        rows: Rows::Chosen(&sample),
        workspace,
        separation: Separation::Refuse,
        information: false,
    };
    let begin = Start {
        parameters: start.to_vec(),
        kept: None,
    };
    let maximum = search.maximise(begin).ok()?;
    let times = design.total_weight() / sample.total_weight();
    Some(Start {
        parameters: maximum.parameters,
        kept: Some(Kept::like(maximum.factor.scaled(times))),
    })
}

impl Search<'_> {
    /// Maximises the likelihood from `start`.
    ///
    /// # Errors
    /// [`Error::Separation`] where that is refused, [`Error::NoConvergence`], [`Error::Singular`].
    pub(crate) fn maximise(mut self, start: Start) -> Result<Maximum> {
        let mut parameters = start.parameters;
        let mut last_step = Vec::new();
        let (mut here, mut kept) = match start.kept {
            Some(kept) => (self.workspace.slope(self.rows, &parameters), kept),
            None => self.renew(&parameters, &last_step)?,
        };
        // How much of a step's square a Newton step leaves, both in standard errors.
        let mut curvature = 0.1;
        let mut separated = None;
        for iteration in 1..=MOST_ITERATIONS {
            let mut step = kept.factor.solve(&here.gradient);
            let mut decrement = inner(&step, &here.gradient);
            if kept.walked > 0.0 && decrement >= CHORD_RATE * CHORD_RATE * kept.last {
                (here, kept) = self.renew(&parameters, &last_step)?;
                step = kept.factor.solve(&here.gradient);
                decrement = inner(&step, &here.gradient);
            }
            let fresh = kept.walked == 0.0;
            last_step = step;
            if fresh && iteration >= SUSPECT_SEPARATION {
                separated = separation::judge(self.design, self.rows, &last_step);
                if let Some(separated) = separated
                    .as_ref()
                    .filter(|_| self.separation == Separation::Refuse)
                {
                    return Err(refused(separated));
                }
            }

            let size = decrement.max(0.0).sqrt();
            let left = if fresh {
                curvature * decrement
            } else if kept.last.is_finite() {
                size * (decrement / kept.last).sqrt()
            } else {
                size
            };
            let converged = if fresh {
                decrement / 2.0 < TOLERANCE * (1.0 + here.loglik.abs() / 1e3)
            } else {
                left < CHORD_TOLERANCE
            };
            let walked = kept.walked + size;
            let renewed = if converged || left < NEAR {
                // The last factor there will be.
                self.information && walked > NEAR
            } else {
                // The next step with this factor would leave too much.
                curvature * walked >= CHORD_RATE
            };

            let rounding = 1e-12 * (1.0 + here.loglik.abs());
            let mut length = 1.0;
            let mut halvings = 0;
            let (next, there, information) = loop {
                let next: Vec<f64> = parameters
                    .iter()
                    .zip(&last_step)
                    .map(|(parameter, step)| parameter + length * step)
                    .collect();
                let (there, information) = if renewed && halvings == 0 {
                    let (slope, information) = self.workspace.slope_and_information(self.rows, &next);
                    (slope, Some(information))
                } else {
                    (self.workspace.slope(self.rows, &next), None)
                };
                if there.loglik.is_finite() && there.loglik >= here.loglik - rounding {
                    break (next, there, information);
                }
                halvings += 1;
                if halvings > MOST_HALVINGS {
                    return Err(not_converged(iteration, &here));
                }
                length /= 2.0;
            };
            (parameters, here) = (next, there);
            kept.walked = walked;
            kept.last = if halvings == 0 { decrement } else { 0.0 };
            if let Some(information) = information {
                kept = self.keep(information, &last_step)?;
                if fresh && !converged {
                    let step = kept.factor.solve(&here.gradient);
                    curvature = inner(&step, &here.gradient).max(0.0).sqrt() / decrement;
                }
            }
            if converged {
                if self.information && kept.walked > 2.0 * NEAR {
                    (here, kept) = self.renew(&parameters, &last_step)?;
                }
                let size = if kept.information.is_empty() {
                    0
                } else {
                    parameters.len()
                };
                return Ok(Maximum {
                    parameters,
                    evaluation: Evaluation {
                        loglik: here.loglik,
                        gradient: here.gradient,
                        information: DMatrix::from_vec(size, size, kept.information),
                    },
                    factor: kept.factor,
                    iterations: iteration,
                    separated,
                });
            }
        }
        Err(separated
            .as_ref()
            .map_or_else(|| not_converged(MOST_ITERATIONS, &here), refused))
    }

    /// Evaluates everything at `parameters`.
    fn renew(&mut self, parameters: &[f64], last_step: &[f64]) -> Result<(Slope, Kept)> {
        let (slope, information) = self.workspace.slope_and_information(self.rows, parameters);
        Ok((slope, self.keep(information, last_step)?))
    }

    /// An information matrix goes singular on the way where probabilities run to 0 and 1: separation, if the
    /// last step proves it.
    fn keep(&self, information: Vec<f64>, last_step: &[f64]) -> Result<Kept> {
        let size = self.workspace.parameters();
        Kept::here(information, size).ok_or_else(|| {
            let separated = if last_step.is_empty() {
                None
            } else {
                separation::judge(self.design, self.rows, last_step)
            };
            separated.as_ref().map_or(Error::Singular, refused)
        })
    }
}

fn inner(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Largest absolute component of a gradient.
pub(crate) fn norm(gradient: &[f64]) -> f64 {
    gradient.iter().fold(0.0, |most, value| most.max(value.abs()))
}

fn not_converged(iterations: usize, at: &Slope) -> Error {
    Error::NoConvergence {
        iterations,
        gradient: norm(&at.gradient),
    }
}

fn refused(separated: &Separated) -> Error {
    Error::Separation {
        directions: separated.named.clone(),
    }
}
