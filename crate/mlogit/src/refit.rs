//! The same model fitted again and again with other weights: bootstrap, jackknife, reweighting.

use nalgebra::{DMatrix, DVector};

use crate::cholesky::Cholesky;
use crate::fit::unstandardise;
use crate::likelihood::Workspace;
use crate::newton::{self, Kept, Maximum, Search, Start};
use crate::sample::{Rows, Sample};
use crate::{Design, Error, Fit, Method, Result, firth, rank};

/// Square of a pivot, relative to the diagonal, below which the columns are looked at again: some may be
/// dependent on the rows that have weight.
const SUSPICIOUS: f64 = 1e-9;

/// Fits a model again with other frequency weights on the same rows, each time from the estimate of the first
/// fit and in the same buffers. It maximises what the first fit did ([`Fit::method`]), and where outcomes are
/// separated it does what that was asked to ([`crate::Separation`]).
///
/// ```
/// # use mlogit::{Column, Formula, Frame, Table};
/// # fn main() -> Result<(), mlogit::Error> {
/// # let mut table = Table::new();
/// # table.insert("choice", Column::text(["bus", "car", "bus", "bike", "car", "bike", "bus", "car"]))?;
/// # table.insert("distance", Column::number([3.0, 9.0, 5.0, 1.0, 4.0, 6.0, 2.0, 7.0]))?;
/// let fit = Frame::new(&table, &Formula::parse("choice ~ distance")?)?.design()?.fit()?;
/// let mut refitter = fit.refitter();
/// // What would one more row like each of them change?
/// for row in 0..fit.design().rows() {
///     let mut weights = vec![1.0; fit.design().rows()];
///     weights[row] = 2.0;
///     let refit = refitter.refit(&weights)?;
///     assert!(refit.estimate("car", "distance")?.is_finite());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Refitter<'a> {
    fit: &'a Fit,
    search: Likelihood,
    /// Takes standardised parameters to the units of the data.
    back: DMatrix<f64>,
}

/// What is maximised, and what is kept from one time to the next.
#[derive(Debug)]
enum Likelihood {
    Plain(Box<Buffers>),
    /// The design whose weights are replaced.
    Penalised(Box<Design>),
}

#[derive(Debug)]
struct Buffers {
    /// Factor of the information of the first fit.
    factor: Option<Cholesky>,
    workspace: Workspace,
    sample: Sample,
}

/// The estimate of a model with other weights.
#[derive(Debug, Clone)]
pub struct Refit<'a> {
    fit: &'a Fit,
    raw: Vec<f64>,
    loglik: f64,
    iterations: usize,
    gradient_norm: f64,
}

impl Fit {
    /// To fit the same model with other weights; see [`Refitter`].
    pub fn refitter(&self) -> Refitter<'_> {
        Refitter::new(self)
    }
}

impl<'a> Refitter<'a> {
    pub(crate) fn new(fit: &'a Fit) -> Self {
        let design = fit.design();
        let search = match fit.method() {
            Method::MaximumLikelihood => {
                let mut workspace = Workspace::new(design);
                let (_, information) = workspace.slope_and_information(Rows::All(design), &fit.parameters);
                Likelihood::Plain(Box::new(Buffers {
                    factor: Cholesky::new(fit.parameters.len(), information),
                    workspace,
                    sample: Sample::default(),
                }))
            }
            Method::BiasReduced => Likelihood::Penalised(Box::new(design.clone())),
        };
        Refitter {
            fit,
            search,
            back: unstandardise(design),
        }
    }

    /// The estimate with `weights`, one for each row of the design, in place of the weights of the first fit. A
    /// row of weight 0 takes no part.
    ///
    /// # Errors
    /// [`Error::Weight`] where there are more or fewer weights than rows, or one is negative or not finite;
    /// [`Error::Collinear`] where terms are dependent on the rows that have weight; otherwise as
    /// [`crate::Design::fit`].
    pub fn refit(&mut self, weights: &[f64]) -> Result<Refit<'a>> {
        let maximum = self.maximise(weights)?;
        let mut raw = (&self.back * DVector::from_column_slice(&maximum.parameters))
            .as_slice()
            .to_vec();
        for (position, infinity) in maximum.separated.unwrap_or_default().parameters {
            raw[position] = infinity;
        }
        Ok(Refit {
            fit: self.fit,
            raw,
            loglik: maximum.evaluation.loglik,
            iterations: maximum.iterations,
            gradient_norm: newton::norm(&maximum.evaluation.gradient),
        })
    }

    /// The same, with standardised parameters.
    pub(crate) fn maximise(&mut self, weights: &[f64]) -> Result<Maximum> {
        check(weights, self.fit.design().rows())?;
        let maximum = match &mut self.search {
            Likelihood::Plain(buffers) => buffers.maximise(self.fit, weights)?,
            Likelihood::Penalised(design) => {
                design.frame.weights = weights.to_vec();
                firth::maximise(design, self.fit.parameters.clone(), &|_| true)?.maximum
            }
        };
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

impl Buffers {
    fn maximise(&mut self, fit: &Fit, weights: &[f64]) -> Result<Maximum> {
        let design = fit.design();
        self.sample.gather(design, weights.iter().copied().enumerate());
        let rows = Rows::Chosen(&self.sample);
        let search = Search {
            design,
            rows,
            workspace: &mut self.workspace,
            separation: fit.separation,
            information: false,
        };
        // Weights of another total have an information larger by as much.
        let times = self.sample.total_weight() / design.total_weight();
        let kept = self.factor.clone().map(|factor| Kept::like(factor.scaled(times)));
        let found = search.maximise(Start {
            parameters: fit.parameters.clone(),
            kept,
        });
        // A factor of the first fit's information says nothing of terms that are dependent on these rows.
        let sound = found.as_ref().is_ok_and(|maximum| {
            !maximum.evaluation.information.is_empty() && maximum.factor.least_pivot() > SUSPICIOUS
        });
        if !sound {
            rank::check(design, rows, &|row| weights[row])?;
        }
        found
    }
}

impl Refit<'_> {
    /// The coefficient of `term` in the equation of `outcome`.
    ///
    /// # Errors
    /// [`Error::UnknownCoefficient`].
    pub fn estimate(&self, outcome: &str, term: &str) -> Result<f64> {
        Ok(self.raw[self.fit.position((outcome, term))?])
    }

    /// Every coefficient with its outcome and term, in the order of [`Fit::coefficients`].
    pub fn estimates(&self) -> impl Iterator<Item = (&str, &str, f64)> {
        self.fit
            .positions()
            .map(|(outcome, term, position)| (outcome, term, self.raw[position]))
    }

    /// Log-likelihood at the estimate, with the new weights; without penalty, as [`Fit::loglik`].
    pub fn loglik(&self) -> f64 {
        self.loglik
    }

    /// Steps taken from the first fit's estimate.
    pub fn iterations(&self) -> usize {
        self.iterations
    }

    /// Largest absolute component of the gradient of what is maximised, columns standardised as for the first fit.
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
        return Err(weight(
            None,
            format!("there are {} for {rows} rows", weights.len()),
        ));
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
