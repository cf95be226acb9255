//! A fitted model: coefficients, covariance, likelihood and the certificate of its convergence.

use nalgebra::DMatrix;

use crate::distribution::{chi_squared_p_value, normal_p_value, normal_quantile};
use crate::error::Infinite;
use crate::newton::{self, Maximum, Separation};
use crate::{Design, Error, Result};

/// Coverage of every interval.
const LEVEL: f64 = 0.95;

/// A multinomial logit fitted by maximum likelihood.
#[derive(Debug, Clone)]
pub struct Fit {
    pub(crate) design: Design,
    /// Standardised parameters, `terms` x `equations`, column-major.
    pub(crate) parameters: Vec<f64>,
    /// Covariance of the standardised parameters.
    pub(crate) covariance: DMatrix<f64>,
    /// Parameters in the units of the data.
    raw: Vec<f64>,
    /// Covariance of the parameters in the units of the data.
    raw_covariance: DMatrix<f64>,
    loglik: f64,
    loglik_null: f64,
    certificate: Certificate,
    /// The coefficients without a finite estimate.
    infinite: Vec<Infinite>,
}

/// One coefficient with its Wald statistics.
#[derive(Debug, Clone, PartialEq)]
pub struct Coefficient {
    /// The outcome whose equation it belongs to.
    pub outcome: String,
    /// The term.
    pub term: String,
    /// Change of the log odds of the outcome against the base outcome for one unit of the term; infinite, and its
    /// standard error not a number, where it has no finite estimate ([`Separation::Limit`]).
    pub estimate: f64,
    /// Its standard error, from the inverse of the observed information.
    pub std_error: f64,
    /// Estimate by standard error.
    pub statistic: f64,
    /// Two-sided, from the standard normal distribution.
    pub p_value: f64,
    /// Lower end of the 95 % Wald interval.
    pub conf_low: f64,
    /// Upper end of the 95 % Wald interval.
    pub conf_high: f64,
}

/// Likelihood-ratio test against the model with intercepts only.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LikelihoodRatio {
    /// Twice the difference of the log-likelihoods.
    pub statistic: f64,
    /// Number of parameters besides the intercepts.
    pub df: usize,
    /// From the chi-squared distribution.
    pub p_value: f64,
}

/// How the maximum was reached and how well it is determined.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Certificate {
    /// Newton steps taken.
    pub iterations: usize,
    /// Largest absolute component of the gradient at the estimate, columns standardised.
    pub gradient_norm: f64,
    /// Condition number (1-norm) of the information at the estimate, columns standardised.
    pub condition: f64,
}

/// What a reader of an estimate should know, though it stands.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Warning {
    /// A coefficient without a finite estimate; the others are their limits ([`Separation::Limit`]).
    Separation(Infinite),
    /// Weights that are no whole numbers: standard errors take them as numbers of rows all the same.
    FractionalWeights,
    /// The information is nearly singular.
    IllConditioned {
        /// Its condition number, columns standardised.
        condition: f64,
    },
    /// Few rows per parameter.
    FewRows {
        /// Rows of the rarest outcome.
        rows: f64,
        /// The rarest outcome.
        outcome: String,
        /// Parameters in each equation.
        terms: usize,
    },
}

impl std::fmt::Display for Warning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Warning::Separation(infinite) => {
                write!(f, "separation: {infinite}; the other estimates are their limits")
            }
            Warning::FractionalWeights => {
                write!(
                    f,
                    "some weights are no whole numbers; standard errors count them as numbers of rows"
                )
            }
            Warning::IllConditioned { condition } => {
                write!(
                    f,
                    "the information matrix is nearly singular (condition number {condition:.1e}); some terms are hardly told apart"
                )
            }
            Warning::FewRows { rows, outcome, terms } => {
                write!(
                    f,
                    "outcome `{outcome}` has {rows} rows for {terms} parameters in each equation; estimates may be biased away from zero"
                )
            }
        }
    }
}

impl Fit {
    /// Fits `design` by maximum likelihood.
    pub(crate) fn new(design: Design, separation: Separation) -> Result<Self> {
        let counts = counts(&design);
        let start = start(&design, &counts);
        let Maximum {
            parameters,
            evaluation,
            factor,
            iterations,
            separated,
        } = newton::maximise(&design, start, separation)?;
        let covariance = factor.inverse();
        let certificate = Certificate {
            iterations,
            gradient_norm: newton::norm(&evaluation.gradient),
            condition: one_norm(&evaluation.information) * one_norm(&covariance),
        };
        let total: f64 = counts.iter().sum();
        let loglik_null = counts.iter().map(|count| count * libm::log(count / total)).sum();
        let back = unstandardise(&design);
        let mut raw = (&back * nalgebra::DVector::from_column_slice(&parameters))
            .as_slice()
            .to_vec();
        let mut raw_covariance = &back * &covariance * back.transpose();
        let separated = separated.unwrap_or_default();
        for (position, infinity) in separated.parameters {
            raw[position] = infinity;
            raw_covariance.row_mut(position).fill(f64::NAN);
            raw_covariance.column_mut(position).fill(f64::NAN);
        }
        let (loglik, infinite) = (evaluation.loglik, separated.named);
        Ok(Fit {
            design,
            parameters,
            covariance,
            raw,
            raw_covariance,
            loglik,
            loglik_null,
            certificate,
            infinite,
        })
    }

    /// The design it was fitted to.
    pub fn design(&self) -> &Design {
        &self.design
    }

    /// Every coefficient, equation by equation in the order of the outcomes.
    pub fn coefficients(&self) -> impl Iterator<Item = Coefficient> + '_ {
        let quantile = normal_quantile(0.5 + LEVEL / 2.0);
        self.positions().map(move |(outcome, term, position)| {
            let estimate = self.raw[position];
            let std_error = self.raw_covariance[(position, position)].sqrt();
            let statistic = estimate / std_error;
            Coefficient {
                outcome: outcome.to_owned(),
                term: term.to_owned(),
                estimate,
                std_error,
                statistic,
                p_value: normal_p_value(statistic),
                conf_low: estimate - quantile * std_error,
                conf_high: estimate + quantile * std_error,
            }
        })
    }

    /// The coefficient of `term` in the equation of `outcome`.
    ///
    /// # Errors
    /// [`Error::UnknownCoefficient`].
    pub fn coefficient(&self, outcome: &str, term: &str) -> Result<Coefficient> {
        self.coefficients()
            .find(|coefficient| coefficient.outcome == outcome && coefficient.term == term)
            .ok_or_else(|| unknown(outcome, term))
    }

    /// Covariance of two coefficients, each addressed by (outcome, term).
    ///
    /// # Errors
    /// [`Error::UnknownCoefficient`].
    pub fn covariance(&self, a: (&str, &str), b: (&str, &str)) -> Result<f64> {
        Ok(self.raw_covariance[(self.position(a)?, self.position(b)?)])
    }

    /// Number of observations: the sum of the weights.
    pub fn n(&self) -> f64 {
        self.design.total_weight()
    }

    /// Observations of each outcome, in the order of [`Design::outcomes`].
    pub fn counts(&self) -> Vec<f64> {
        counts(&self.design)
    }

    /// Log-likelihood at the estimate.
    pub fn loglik(&self) -> f64 {
        self.loglik
    }

    /// Log-likelihood of the model with intercepts only.
    pub fn loglik_null(&self) -> f64 {
        self.loglik_null
    }

    /// Number of parameters, all equations together.
    pub fn parameters(&self) -> usize {
        self.parameters.len()
    }

    /// Akaike's information criterion, `2 k - 2 loglik`.
    pub fn aic(&self) -> f64 {
        2.0 * self.parameters() as f64 - 2.0 * self.loglik
    }

    /// Schwarz's information criterion, `k ln n - 2 loglik`.
    pub fn bic(&self) -> f64 {
        self.parameters() as f64 * libm::log(self.n()) - 2.0 * self.loglik
    }

    /// McFadden's R2, `1 - loglik / loglik_null`.
    pub fn mcfadden_r2(&self) -> f64 {
        1.0 - self.loglik / self.loglik_null
    }

    /// Likelihood-ratio test against intercepts only.
    pub fn likelihood_ratio(&self) -> LikelihoodRatio {
        let statistic = 2.0 * (self.loglik - self.loglik_null);
        let df = self.parameters() - (self.design.outcomes().len() - 1);
        LikelihoodRatio {
            statistic,
            df,
            p_value: chi_squared_p_value(statistic, df),
        }
    }

    /// How the maximum was reached.
    pub fn certificate(&self) -> Certificate {
        self.certificate
    }

    /// What to know when reading the estimates.
    pub fn warnings(&self) -> Vec<Warning> {
        let mut warnings: Vec<Warning> = self.infinite.iter().cloned().map(Warning::Separation).collect();
        if self.design.frame.fractional_weights {
            warnings.push(Warning::FractionalWeights);
        }
        // Towards the limit of a separated fit the information is singular by its nature.
        if self.infinite.is_empty() && self.certificate.condition > 1e10 {
            warnings.push(Warning::IllConditioned {
                condition: self.certificate.condition,
            });
        }
        let terms = self.design.recipes.len();
        let rarest = self
            .counts()
            .into_iter()
            .zip(self.design.outcomes())
            .min_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((rows, outcome)) = rarest.filter(|(rows, _)| *rows < terms as f64) {
            warnings.push(Warning::FewRows {
                rows,
                outcome: outcome.clone(),
                terms,
            });
        }
        warnings
    }

    /// Each coefficient's outcome, term and position.
    pub(crate) fn positions(&self) -> impl Iterator<Item = (&str, &str, usize)> {
        let base = self.design.frame.outcome.base;
        let outcomes = self
            .design
            .outcomes()
            .iter()
            .enumerate()
            .filter(move |(outcome, _)| *outcome != base);
        let columns = self.design.recipes.len();
        outcomes.enumerate().flat_map(move |(j, (_, outcome))| {
            self.design
                .terms()
                .enumerate()
                .map(move |(k, term)| (outcome.as_str(), term, j * columns + k))
        })
    }

    pub(crate) fn position(&self, (outcome, term): (&str, &str)) -> Result<usize> {
        self.positions()
            .find(|known| known.0 == outcome && known.1 == term)
            .map(|known| known.2)
            .ok_or_else(|| unknown(outcome, term))
    }
}

fn unknown(outcome: &str, term: &str) -> Error {
    Error::UnknownCoefficient {
        outcome: outcome.to_owned(),
        term: term.to_owned(),
    }
}

fn counts(design: &Design) -> Vec<f64> {
    let mut counts = vec![0.0; design.outcomes().len()];
    for (row, &code) in design.frame.outcome.codes.iter().enumerate() {
        counts[code as usize] += design.weight(row);
    }
    counts
}

/// The maximum of the model with intercepts only.
fn start(design: &Design, counts: &[f64]) -> Vec<f64> {
    let base = design.frame.outcome.base;
    let mut start = Vec::with_capacity((counts.len() - 1) * design.recipes.len());
    for (_, count) in counts.iter().enumerate().filter(|(outcome, _)| *outcome != base) {
        start.push(libm::log(count / counts[base]));
        start.extend(std::iter::repeat_n(0.0, design.recipes.len() - 1));
    }
    start
}

/// The matrix that takes standardised parameters back to the units of the data: slopes are divided by the
/// column's scale, and the intercept gives up what centring put into it.
pub(crate) fn unstandardise(design: &Design) -> DMatrix<f64> {
    let columns = design.recipes.len();
    let equations = design.outcomes().len() - 1;
    let mut back = DMatrix::zeros(columns * equations, columns * equations);
    for j in 0..equations {
        let intercept = j * columns;
        back[(intercept, intercept)] = 1.0;
        for (k, recipe) in design.recipes.iter().enumerate().skip(1) {
            back[(intercept + k, intercept + k)] = 1.0 / recipe.scale;
            back[(intercept, intercept + k)] = -recipe.mean / recipe.scale;
        }
    }
    back
}

/// Largest sum of absolute values in a column.
fn one_norm(matrix: &DMatrix<f64>) -> f64 {
    matrix
        .column_iter()
        .map(|column| column.iter().map(|value| value.abs()).sum())
        .fold(0.0, f64::max)
}
