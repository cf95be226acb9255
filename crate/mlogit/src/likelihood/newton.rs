//! Newton's method with step control.
//!
//! A sweep over the rows costs little for the gradient and much for the information, so the factor of the
//! information is kept for as long as steps with it still shrink the error fast, and renewed where they do not; on
//! the way single precision is enough for it. Steps with such a factor converge to the same maximum, the gradient
//! being always the current and exact one: what is kept decides how fast it is reached, not where it is. The
//! information at the maximum, from which covariances come, is exact too.

use crate::arithmetic::cholesky::Cholesky;
use crate::arithmetic::kernel::dot;
use crate::arithmetic::sample::Sample;
use crate::data::design::Design;
use crate::error::{Error, Result};
use crate::likelihood::kept::Kept;
use crate::likelihood::limit;
use crate::likelihood::loglik::{self, Evaluation, Precision, Workspace};
use crate::likelihood::separation::{self, Separated};

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
const CHORD_RATE: f64 = 0.2;
/// A factor is renewed before a step with it would leave more than this.
const STALE: f64 = 0.1;
/// Least square of a pivot, relative to the diagonal, of an information matrix in single precision.
const WELL_CONDITIONED: f64 = 1e-3;
/// How far from the estimate, in standard errors, the information for its covariance may be taken: standard errors
/// then move by about as small a part of themselves.
const NEAR: f64 = 1e-12;
/// A start from some of the rows takes this many, or this many for each parameter if that is more, and is worth
/// while where there are this many times as many in all.
const LEAST_SAMPLE: usize = 4096;
const SAMPLE_OF_EACH: usize = 40;
const WORTH_SAMPLING: usize = 5;
/// Steps tend to a direction of separation slowly; ordinary problems have converged by then. From then on every
/// step is Newton's own.
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
    pub(crate) evaluation: Evaluation,
    /// That within [`NEAR`] of the maximum, by rows, where it was wanted.
    pub(crate) information: Vec<f64>,
    /// A factor of the information at the maximum, or near it where the information was not wanted.
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
        let information = loglik::information_without_slopes(design, &start);
        let factor = Cholesky::new(start.len(), information.clone());
        Start {
            parameters: start,
            kept: factor.map(|factor| Kept::new(factor, information)),
        }
    });
    Search {
        design,
        sample: &design.sample,
        workspace: &mut workspace,
        separation,
        information: true,
        separated: None,
        exact: false,
    }
    .maximise(start)
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
    let chosen = (0..size).map(row).map(|row| (row, design.weight(row)));
    sample.gather(&design.sample, chosen);
    let search = Search {
        design,
        sample: &sample,
        workspace,
        separation: Separation::Refuse,
        information: false,
        separated: None,
        exact: false,
    };
    let begin = Start {
        parameters: start.to_vec(),
        kept: None,
    };
    let maximum = search.maximise(begin).ok()?;
    let times = design.total_weight() / sample.total_weight();
    Some(Start {
        parameters: maximum.parameters,
        kept: Some(Kept::of_other_rows(maximum.factor.scaled(times))),
    })
}

/// A search for the maximum of the likelihood of some rows.
pub(crate) struct Search<'a> {
    pub(crate) design: &'a Design,
    pub(crate) sample: &'a Sample,
    pub(crate) workspace: &'a mut Workspace,
    pub(crate) separation: Separation,
    /// Whether the information at the maximum is wanted, for the covariance.
    pub(crate) information: bool,
    /// What steps have shown to run to infinity.
    pub(crate) separated: Option<Separated>,
    /// Whether single precision has turned out not to be enough.
    pub(crate) exact: bool,
}

/// Where a search has come to.
#[derive(Debug)]
struct Progress {
    parameters: Vec<f64>,
    evaluation: Evaluation,
    kept: Kept,
    /// That of the step before; empty at the start.
    last_direction: Vec<f64>,
    /// How much of a step's square a Newton step leaves, both in standard errors.
    curvature: f64,
    newton_steps: usize,
}

/// A step to be taken.
#[derive(Debug)]
struct Step {
    direction: Vec<f64>,
    /// Its squared length in standard errors, about twice what it gains.
    decrement: f64,
    /// How far from the information's place it leads, in standard errors.
    distance: f64,
    /// Whether it is Newton's own, with the information of the place it starts from.
    newton: bool,
    /// Whether it ends at the maximum.
    converged: bool,
    /// How exactly the information is evaluated where it ends, if it is.
    renews: Option<Precision>,
}

/// The place that a step has led to.
#[derive(Debug)]
struct Arrival {
    parameters: Vec<f64>,
    evaluation: Evaluation,
    /// If it was evaluated, and how exactly.
    information: Option<(Vec<f64>, Precision)>,
    /// The part of the step that was taken.
    length: f64,
}

impl Search<'_> {
    /// Maximises the likelihood from `start`.
    ///
    /// # Errors
    /// [`Error::Separation`] where that is refused, [`Error::NoConvergence`], [`Error::Singular`].
    pub(crate) fn maximise(mut self, start: Start) -> Result<Maximum> {
        let mut progress = self.begin(start)?;
        for iteration in 1..=MOST_ITERATIONS {
            let (direction, decrement) = self.direction(&mut progress)?;
            let step = self.plan(&mut progress, direction, decrement)?;
            let Some(arrival) = self.search_along(&progress, &step) else {
                return Err(not_converged(iteration, &progress.evaluation));
            };
            let converged = step.converged;
            self.arrive(&mut progress, step, arrival)?;
            if converged {
                return self.finish(progress, iteration);
            }
        }
        Err(self
            .separated
            .as_ref()
            .map_or_else(|| not_converged(MOST_ITERATIONS, &progress.evaluation), refused))
    }

    /// The likelihood at the start, and a factor of the information there.
    fn begin(&mut self, start: Start) -> Result<Progress> {
        let Start { parameters, kept } = start;
        let (evaluation, kept) = match kept {
            Some(kept) => (self.workspace.evaluate(self.sample, &parameters), kept),
            None => self.renew(&parameters, &[], Precision::Single)?,
        };
        Ok(Progress {
            parameters,
            evaluation,
            kept,
            last_direction: Vec::new(),
            curvature: 0.1,
            newton_steps: 0,
        })
    }

    /// Where to go from here, with its decrement. The factor is renewed where the last step with it left too much.
    fn direction(&mut self, progress: &mut Progress) -> Result<(Vec<f64>, f64)> {
        let direction = progress.kept.step(&progress.evaluation.gradient);
        let decrement = dot(&direction, &progress.evaluation.gradient);
        let kept = &progress.kept;
        let left_too_much = decrement >= CHORD_RATE * CHORD_RATE * kept.last_decrement;
        if kept.is_exact() || !left_too_much {
            return Ok((direction, decrement));
        }
        let renewed = self.renew(&progress.parameters, &progress.last_direction, Precision::Single)?;
        (progress.evaluation, progress.kept) = renewed;
        let direction = progress.kept.factor.solve(&progress.evaluation.gradient);
        let decrement = dot(&direction, &progress.evaluation.gradient);
        Ok((direction, decrement))
    }

    /// Whether a step is the last, and whether the information is evaluated where it ends.
    fn plan(&mut self, progress: &mut Progress, direction: Vec<f64>, decrement: f64) -> Result<Step> {
        let newton = progress.kept.is_exact();
        progress.newton_steps += usize::from(newton);
        let suspect = progress.newton_steps >= SUSPECT_SEPARATION;
        if newton && suspect {
            self.check_separation(&direction)?;
        }
        let kept = &progress.kept;
        let length = decrement.max(0.0).sqrt();
        let left = if newton {
            progress.curvature * decrement
        } else if kept.last_decrement.is_finite() {
            length * (decrement / kept.last_decrement).sqrt()
        } else {
            length
        };
        let converged = if newton {
            decrement / 2.0 < TOLERANCE * (1.0 + progress.evaluation.loglik.abs() / 1e3)
        } else {
            left < CHORD_TOLERANCE
        };
        let distance = kept.distance + length;
        let last = converged || left < NEAR;
        let renews = if suspect {
            true
        } else if last {
            self.information && (distance > NEAR || kept.information.is_empty())
        } else {
            // The next step with this factor would leave too much.
            progress.curvature * distance >= STALE
        };
        Ok(Step {
            direction,
            decrement,
            distance,
            newton,
            converged,
            renews: renews.then(|| self.precision(suspect || last)),
        })
    }

    /// The first place along a step, taken at full length and then halved, where the likelihood has not fallen;
    /// `None` where there is none.
    fn search_along(&mut self, from: &Progress, step: &Step) -> Option<Arrival> {
        let rounding = 1e-12 * (1.0 + from.evaluation.loglik.abs());
        let mut length = 1.0;
        for halvings in 0..=MOST_HALVINGS {
            let parameters: Vec<f64> = from
                .parameters
                .iter()
                .zip(&step.direction)
                .map(|(parameter, direction)| parameter + length * direction)
                .collect();
            let (evaluation, information) = match step.renews.filter(|_| halvings == 0) {
                Some(precision) => {
                    let (evaluation, information) =
                        self.workspace
                            .evaluate_with_information(self.sample, &parameters, precision);
                    (evaluation, Some((information, precision)))
                }
                None => (self.workspace.evaluate(self.sample, &parameters), None),
            };
            if evaluation.loglik.is_finite() && evaluation.loglik >= from.evaluation.loglik - rounding {
                return Some(Arrival {
                    parameters,
                    evaluation,
                    information,
                    length,
                });
            }
            length /= 2.0;
        }
        None
    }

    /// Goes to where a step ends, and takes account of what was seen on the way.
    fn arrive(&mut self, progress: &mut Progress, step: Step, arrival: Arrival) -> Result<()> {
        let Arrival {
            parameters,
            evaluation,
            information,
            length,
        } = arrival;
        if information.is_none() {
            let taken = step.direction.iter().map(|part| length * part).collect();
            progress.kept.update(taken, &progress.evaluation, &evaluation);
        }
        progress.parameters = parameters;
        progress.evaluation = evaluation;
        progress.kept.distance = step.distance;
        // A step that was cut short says nothing of how much the next one should leave.
        progress.kept.last_decrement = if length == 1.0 { step.decrement } else { 0.0 };
        if let Some((information, precision)) = information {
            progress.kept = self.keep(&progress.parameters, information, precision, &step.direction)?;
            if step.newton && !step.converged {
                let gradient = &progress.evaluation.gradient;
                let left = progress.kept.factor.solve(gradient);
                progress.curvature = dot(&left, gradient).max(0.0).sqrt() / step.decrement;
            }
        }
        progress.last_direction = step.direction;
        Ok(())
    }

    /// The maximum, once a step has converged there.
    fn finish(mut self, progress: Progress, iterations: usize) -> Result<Maximum> {
        let Progress {
            parameters,
            mut evaluation,
            mut kept,
            last_direction,
            ..
        } = progress;
        if self.information && (kept.distance > 2.0 * NEAR || kept.information.is_empty()) {
            (evaluation, kept) = self.renew(&parameters, &last_direction, Precision::Double)?;
        }
        let factor = match &self.separated {
            Some(_) if self.information => self.damped(&kept.information)?,
            _ => kept.factor,
        };
        Ok(Maximum {
            parameters,
            evaluation,
            information: kept.information,
            factor,
            iterations,
            separated: self.separated,
        })
    }

    /// Evaluates everything at `parameters`.
    fn renew(
        &mut self,
        parameters: &[f64],
        last_step: &[f64],
        precision: Precision,
    ) -> Result<(Evaluation, Kept)> {
        let precision = self.precision(precision == Precision::Double);
        let (evaluation, information) =
            self.workspace
                .evaluate_with_information(self.sample, parameters, precision);
        Ok((
            evaluation,
            self.keep(parameters, information, precision, last_step)?,
        ))
    }

    fn precision(&self, exact: bool) -> Precision {
        if exact || self.exact || self.separated.is_some() {
            Precision::Double
        } else {
            Precision::Single
        }
    }

    /// Factors an information matrix. It goes singular on the way where probabilities run to 0 and 1: separation, if
    /// the last step proves it.
    fn keep(
        &mut self,
        parameters: &[f64],
        information: Vec<f64>,
        precision: Precision,
        last_step: &[f64],
    ) -> Result<Kept> {
        let size = self.workspace.parameters();
        if precision == Precision::Single {
            let factor = Cholesky::new(size, information);
            if let Some(factor) = factor.filter(|factor| factor.least_pivot() > WELL_CONDITIONED) {
                return Ok(Kept::new(factor, Vec::new()));
            }
            self.exact = true;
            let (_, kept) = self.renew(parameters, last_step, Precision::Double)?;
            return Ok(kept);
        }
        let factor = match Cholesky::new(size, information.clone()) {
            Some(factor) => factor,
            None => {
                if !last_step.is_empty() {
                    self.check_separation(last_step)?;
                }
                if self.separated.is_none() {
                    return Err(Error::Singular);
                }
                self.damped(&information)?
            }
        };
        Ok(Kept::new(factor, information))
    }

    /// A factor of the information with a little added for every parameter: directions of which nothing is known stay
    /// where they are, and the others hardly notice.
    fn damped(&self, information: &[f64]) -> Result<Cholesky> {
        let size = self.workspace.parameters();
        let little = limit::NOTHING * self.sample.total_weight() / self.design.rows() as f64;
        let mut damped = information.to_vec();
        let diagonal = damped.iter_mut().step_by(size + 1);
        diagonal.for_each(|cell| *cell += little);
        Cholesky::new(size, damped).ok_or(Error::Singular)
    }

    /// Asks every row whether a step runs to infinity. Where the likelihood is flat to the last digit, steps no
    /// longer show what they showed before.
    fn check_separation(&mut self, step: &[f64]) -> Result<()> {
        if let Some(separated) = separation::find(self.design, self.sample, step) {
            if self.separation == Separation::Refuse {
                return Err(refused(&separated));
            }
            self.separated = Some(separated);
        }
        Ok(())
    }
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

fn refused(separated: &Separated) -> Error {
    Error::Separation {
        directions: separated.named.clone(),
    }
}
