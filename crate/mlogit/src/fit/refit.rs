//! The same model fitted again and again with other weights: bootstrap, leaving out, reweighting.

use std::sync::Arc;

use crate::arithmetic::cholesky::Cholesky;
use crate::arithmetic::kernel::{BLOCK, blocks};
use crate::arithmetic::sample::Sample;
use crate::data::design::Design;
use crate::data::rank;
use crate::error::{Error, Result};
use crate::fit::units::raw_parameters;
use crate::fit::{Fit, Method};
use crate::likelihood::firth;
use crate::likelihood::kept::Kept;
use crate::likelihood::loglik::null_start;
use crate::likelihood::loglik::{Precision, Workspace};
use crate::likelihood::newton::{self, Maximum, Search, Separation, Start};
use crate::likelihood::probability::{Shape, Softmax};

/// Square of a pivot, relative to the diagonal, below which the columns are looked at again: some may be
/// dependent on the rows that have weight.
const SUSPICIOUS: f64 = 1e-9;

/// Fits a model again with other frequency weights on the same rows: each time from the estimate of the first fit and
/// in the same buffers, and by the same method. What separates outcomes is met as in the first fit.
///
/// A row of weight 0 takes no part, so that leaving out a row, a cluster or a fold is to give it weight 0.
///
/// ```
/// # use mlogit::{Column, Formula, Frame, Table};
/// # fn main() -> Result<(), mlogit::Error> {
/// # let mut table = Table::new();
/// # let modes = ["bus", "car", "bike", "bus", "car", "bike", "bus", "car", "bus", "bike", "car", "bike"];
/// # table.insert("choice", Column::text(modes.repeat(2)))?;
/// # table.insert("distance", Column::number((0..24).map(|row| f64::from(row * row % 17))))?;
/// let fit = Frame::new(&table, &Formula::parse("choice ~ distance")?)?.design()?.fit()?;
/// let mut refitter = fit.refitter();
/// let rows = fit.design().rows();
/// for left_out in 0..rows {
///     let weights: Vec<f64> = (0..rows).map(|row| f64::from(row != left_out)).collect();
///     let refit = refitter.refit(&weights)?;
///     // How far the row moves a coefficient, and how the model without it predicts the row.
///     let moves = fit.coefficient("car", "distance")?.estimate - refit.estimate("car", "distance")?;
///     let probabilities = refit.probabilities(left_out);
///     assert!(moves.is_finite() && probabilities.iter().sum::<f64>() > 0.999);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Refitter {
    design: Arc<Design>,
    method: Method,
    separation: Separation,
    /// Where to begin: the first fit's estimate.
    start: Vec<f64>,
    /// Factor of the information there; none where some coefficients are infinite.
    factor: Option<Cholesky>,
    workspace: Workspace,
    sample: Sample,
}

/// The estimate of a model with other weights.
#[derive(Debug, Clone)]
pub struct Refit {
    design: Arc<Design>,
    /// Standardised as for the first fit.
    parameters: Vec<f64>,
    raw: Vec<f64>,
    loglik: f64,
    iterations: usize,
    gradient_norm: f64,
}

impl Fit {
    /// To fit the same model with other weights; see [`Refitter`].
    pub fn refitter(&self) -> Refitter {
        let design = Arc::clone(&self.design);
        let mut workspace = Workspace::new(&design);
        // At the limit of separated outcomes there is nowhere to start from.
        let finite = !self.has_infinite();
        let start = if finite {
            self.parameters.clone()
        } else {
            null_start(&design)
        };
        let factor = (finite && self.method() == Method::MaximumLikelihood).then(|| {
            let (_, information) =
                workspace.evaluate_with_information(&design.sample, &start, Precision::Double);
            Cholesky::new(start.len(), information)
        });
        Refitter {
            design,
            method: self.method(),
            separation: self.separation,
            start,
            factor: factor.flatten(),
            workspace,
            sample: Sample::default(),
        }
    }
}

impl Refitter {
    /// The estimate with `weights`, one for each row of the design ([`Design::rows`]), in place of the weights of the
    /// first fit.
    ///
    /// # Errors
    /// [`Error::Weight`] where there are more or fewer weights than rows, one is negative or not finite, or all are
    /// zero; [`Error::Collinear`] and [`Error::Constant`] where terms are dependent on the rows that have weight;
    /// otherwise as [`Design::fit`].
    pub fn refit(&mut self, weights: &[f64]) -> Result<Refit> {
        let maximum = self.maximise(weights, false)?;
        let separated = maximum.separated.unwrap_or_default();
        Ok(Refit {
            design: Arc::clone(&self.design),
            raw: raw_parameters(&self.design, &maximum.parameters, &separated),
            parameters: maximum.parameters,
            loglik: maximum.evaluation.loglik,
            iterations: maximum.iterations,
            gradient_norm: newton::norm(&maximum.evaluation.gradient),
        })
    }

    /// The same as a fit of its own, with covariance, tests and predictions; these take averages with the new weights.
    /// It costs more than twice as much as [`Refitter::refit`].
    ///
    /// # Errors
    /// As [`Refitter::refit`], and [`Error::Singular`].
    pub fn fit(&mut self, weights: &[f64]) -> Result<Fit> {
        if self.method == Method::BiasReduced {
            return Fit::bias_reduced(self.design.with_weights(weights)?);
        }
        let maximum = self.maximise(weights, true)?;
        Fit::at(self.design.with_weights(weights)?, maximum, self.separation)
    }

    /// The maximum, and the information there if it is wanted.
    pub(crate) fn maximise(&mut self, weights: &[f64], information: bool) -> Result<Maximum> {
        let design = &*self.design;
        check(weights, design.rows())?;
        let rows = weights.iter().copied().enumerate();
        self.sample.gather(&design.sample, rows);
        let found = match self.method {
            Method::MaximumLikelihood => {
                // Weights of another total have an information larger by as much.
                let times = self.sample.total_weight() / design.total_weight();
                let factor = self.factor.clone();
                let search = Search {
                    design,
                    sample: &self.sample,
                    workspace: &mut self.workspace,
                    separation: self.separation,
                    information,
                    separated: None,
                    exact: false,
                };
                search.maximise(Start {
                    parameters: self.start.clone(),
                    kept: factor.map(|factor| Kept::of_other_rows(factor.scaled(times))),
                })
            }
            Method::BiasReduced => firth::maximise(design, &self.sample, self.start.clone(), &|_| true)
                .map(|penalised| penalised.maximum),
        };
        let sound =
            |maximum: &Maximum| maximum.separated.is_some() || maximum.factor.least_pivot() > SUSPICIOUS;
        if !found.as_ref().is_ok_and(sound) {
            rank::check(&design.recipes, &self.sample)?;
        }
        let maximum = found?;
        // The pivots bound the condition number from below: beyond this, a plateau was reached, not a maximum.
        let (least, most) = maximum
            .factor
            .pivots()
            .fold((f64::INFINITY, 0.0_f64), |(least, most), pivot| {
                (least.min(pivot), most.max(pivot))
            });
        if maximum.separated.is_none() && least / most < f64::EPSILON.sqrt() {
            return Err(Error::Singular);
        }
        Ok(maximum)
    }
}

impl Refit {
    /// The coefficient of `term` in the equation of `outcome`; infinite or not a number as
    /// [`crate::Coefficient::estimate`] is.
    ///
    /// # Errors
    /// [`Error::UnknownCoefficient`].
    pub fn estimate(&self, outcome: &str, term: &str) -> Result<f64> {
        Ok(self.raw[self.design.position((outcome, term))?])
    }

    /// Every coefficient with its outcome and term, in the order of [`Fit::coefficients`].
    pub fn estimates(&self) -> impl Iterator<Item = (&str, &str, f64)> {
        let named = self.design.positions();
        named.map(|(outcome, term, position)| (outcome, term, self.raw[position]))
    }

    /// Probabilities of all outcomes, in the order of [`Design::outcomes`], in a row of the design; it may have had
    /// weight 0.
    pub fn probabilities(&self, row: usize) -> Vec<f64> {
        let shape = Shape::of(&self.design);
        let mut softmax = Softmax::new(shape.outcomes);
        let block = self.design.sample.block(row / BLOCK);
        let strips = softmax.probabilities(block, &self.parameters);
        let of = |outcome| strips[shape.strip(outcome)][row % BLOCK];
        (0..shape.outcomes).map(of).collect()
    }

    /// The same of every row, one after another.
    pub fn all_probabilities(&self) -> Vec<f64> {
        let shape = Shape::of(&self.design);
        let mut softmax = Softmax::new(shape.outcomes);
        let mut all = Vec::with_capacity(self.design.rows() * shape.outcomes);
        for (index, (_, rows)) in blocks(self.design.rows()).enumerate() {
            let strips = softmax.probabilities(self.design.sample.block(index), &self.parameters);
            let row = |row: usize| (0..shape.outcomes).map(move |outcome| (outcome, row));
            let cells = (0..rows).flat_map(row);
            all.extend(cells.map(|(outcome, row)| strips[shape.strip(outcome)][row]));
        }
        all
    }

    /// Log-likelihood at the estimate, with the new weights.
    pub fn loglik(&self) -> f64 {
        self.loglik
    }

    /// Steps taken from the first fit's estimate.
    pub fn iterations(&self) -> usize {
        self.iterations
    }

    /// Largest absolute component of the gradient at the estimate, columns standardised as for the first fit.
    pub fn gradient_norm(&self) -> f64 {
        self.gradient_norm
    }
}

fn check(weights: &[f64], rows: usize) -> Result<()> {
    let weight = |row, problem: String| Error::Weight {
        column: "of the refit".to_owned(),
        row,
        problem,
    };
    if weights.len() != rows {
        let problem = format!("there are {} for {rows} rows", weights.len());
        return Err(weight(None, problem));
    }
    if let Some(row) = weights.iter().position(|w| !(*w >= 0.0 && w.is_finite())) {
        let problem = format!("{} is not a finite number from 0 up", weights[row]);
        return Err(weight(Some(row + 1), problem));
    }
    if weights.iter().all(|weight| *weight == 0.0) {
        return Err(weight(None, "all are 0".to_owned()));
    }
    Ok(())
}
