//! Predictions: probabilities averaged over the observed covariates, some of them held at given values.
//!
//! The average of `p_j` over the rows, every row with the variables of an [`At`] at its values and the others as
//! observed (Stata's `margins, at()`, marginaleffects' `avg_predictions`); standard errors by the delta method.

use nalgebra::{DMatrix, DVector};

use crate::design::Fixed;
use crate::distribution::{normal_p_value, normal_quantile};
use crate::likelihood::{BLOCK, add_scaled, dot, softmax};
use crate::separation::equation;
use crate::{Fit, Result};

/// A value a variable is held at.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Of a numeric variable.
    Number(f64),
    /// Level of a categorical variable.
    Level(String),
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Number(number) => write!(f, "{number}"),
            Value::Level(level) => f.write_str(level),
        }
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Value::Number(number)
    }
}

impl From<&str> for Value {
    fn from(level: &str) -> Self {
        Value::Level(level.to_owned())
    }
}

/// Variables held at values; the others stay as observed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct At {
    values: Vec<(String, Value)>,
}

impl At {
    /// Every variable as observed.
    pub fn observed() -> Self {
        Self::default()
    }

    /// The same with `variable` held at `value`; the last value given to a variable holds.
    pub fn with(mut self, variable: &str, value: impl Into<Value>) -> Self {
        self.values.retain(|(known, _)| known != variable);
        self.values.push((variable.to_owned(), value.into()));
        self
    }

    /// The variables held and their values.
    pub fn values(&self) -> &[(String, Value)] {
        &self.values
    }
}

/// A probability with its standard error and 95 % interval.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// What was held.
    pub at: At,
    /// The outcome.
    pub outcome: String,
    /// Average probability of the outcome.
    pub estimate: f64,
    /// By the delta method.
    pub std_error: f64,
    /// Lower end of the interval; not cut off at 0.
    pub conf_low: f64,
    /// Upper end of the interval; not cut off at 1.
    pub conf_high: f64,
}

/// The difference of two predictions of an outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The outcome.
    pub outcome: String,
    /// Difference of the average probabilities.
    pub estimate: f64,
    /// By the delta method, from the joint covariance of the two.
    pub std_error: f64,
    /// Estimate by standard error.
    pub statistic: f64,
    /// Two-sided, from the standard normal distribution.
    pub p_value: f64,
    /// Lower end of the 95 % interval.
    pub conf_low: f64,
    /// Upper end of the 95 % interval.
    pub conf_high: f64,
}

/// Averaged probabilities of all outcomes at several settings, with what is needed for their joint covariance.
#[derive(Debug, Clone)]
pub struct Predictions<'a> {
    fit: &'a Fit,
    at: Vec<At>,
    averages: Vec<Average>,
}

/// Average probabilities at one setting and their derivatives.
#[derive(Debug, Clone)]
struct Average {
    /// One for each outcome.
    probabilities: Vec<f64>,
    /// `parameters` x `outcomes`.
    jacobian: DMatrix<f64>,
}

impl Fit {
    /// Average probabilities of every outcome at each setting.
    ///
    /// # Errors
    /// [`crate::Error::UnknownVariable`], [`crate::Error::UnknownLevel`], [`crate::Error::Value`].
    pub fn predictions(&self, at: impl IntoIterator<Item = At>) -> Result<Predictions<'_>> {
        let at: Vec<At> = at.into_iter().collect();
        let averages = at
            .iter()
            .map(|at| Ok(average(self, &self.design.fix(at)?)))
            .collect::<Result<_>>()?;
        Ok(Predictions {
            fit: self,
            at,
            averages,
        })
    }
}

impl Predictions<'_> {
    /// Every prediction, setting by setting, outcomes in the order of [`crate::Design::outcomes`].
    pub fn iter(&self) -> impl Iterator<Item = Prediction> + '_ {
        let quantile = normal_quantile(0.975);
        self.at.iter().zip(&self.averages).flat_map(move |(at, average)| {
            self.fit
                .design
                .outcomes()
                .iter()
                .enumerate()
                .map(move |(j, outcome)| {
                    let estimate = average.probabilities[j];
                    let std_error = self.std_error(&average.jacobian.column(j).into_owned());
                    Prediction {
                        at: at.clone(),
                        outcome: outcome.clone(),
                        estimate,
                        std_error,
                        conf_low: estimate - quantile * std_error,
                        conf_high: estimate + quantile * std_error,
                    }
                })
        })
    }

    /// Setting `a` minus setting `b` (their positions in the order given), one difference for each outcome;
    /// `None` where there is no such setting.
    pub fn difference(&self, a: usize, b: usize) -> Option<Vec<Difference>> {
        let quantile = normal_quantile(0.975);
        let (a, b) = (self.averages.get(a)?, self.averages.get(b)?);
        let one = |(j, outcome): (usize, &String)| {
            let estimate = a.probabilities[j] - b.probabilities[j];
            let std_error = self.std_error(&(a.jacobian.column(j) - b.jacobian.column(j)));
            // A difference of nothing with itself has no statistic, and is no evidence.
            let statistic = if std_error > 0.0 {
                estimate / std_error
            } else {
                0.0
            };
            Difference {
                outcome: outcome.clone(),
                estimate,
                std_error,
                statistic,
                p_value: normal_p_value(statistic),
                conf_low: estimate - quantile * std_error,
                conf_high: estimate + quantile * std_error,
            }
        };
        Some(self.fit.design.outcomes().iter().enumerate().map(one).collect())
    }

    fn std_error(&self, gradient: &DVector<f64>) -> f64 {
        (&self.fit.covariance * gradient).dot(gradient).max(0.0).sqrt()
    }
}

/// Averages probabilities and their derivatives over the rows: `d p_j / d b_l = p_j (1[j = l] - p_l) x`.
fn average(fit: &Fit, fixed: &[Fixed]) -> Average {
    let design = &fit.design;
    let columns = design.recipes.len();
    let base = design.frame.outcome.base;
    let outcomes = design.outcomes().len();
    let equations = outcomes - 1;
    let variables: Vec<usize> = fixed.iter().map(|fixed| fixed.variable).collect();
    let changed = design.involving(&variables);

    let mut probabilities = vec![0.0; outcomes];
    let mut jacobian = DMatrix::zeros(columns * equations, outcomes);
    let mut eta = vec![0.0; equations * BLOCK];
    let mut replaced = vec![0.0; columns * BLOCK];
    let mut slope = vec![0.0; BLOCK];
    for from in (0..design.rows()).step_by(BLOCK) {
        let rows = BLOCK.min(design.rows() - from);
        for (k, _) in changed.iter().enumerate().filter(|(_, changed)| **changed) {
            design.column_at(k, fixed, from, &mut replaced[k * BLOCK..k * BLOCK + rows]);
        }
        let column = |k: usize| {
            if changed[k] {
                &replaced[k * BLOCK..k * BLOCK + rows]
            } else {
                &design.column(k)[from..from + rows]
            }
        };
        eta.fill(0.0);
        for j in 0..equations {
            for k in 0..columns {
                add_scaled(
                    &mut eta[j * BLOCK..j * BLOCK + rows],
                    fit.parameters[j * columns + k],
                    column(k),
                );
            }
        }
        let mut base_probability = [0.0; BLOCK];
        for (row, base_probability) in base_probability[..rows].iter_mut().enumerate() {
            *base_probability = libm::exp(-softmax(&mut eta, equations, row));
        }
        let probability = |outcome: usize| {
            equation(outcome, base).map_or(&base_probability[..rows], |j| &eta[j * BLOCK..j * BLOCK + rows])
        };
        for j in 0..outcomes {
            for (row, p) in probability(j).iter().enumerate() {
                probabilities[j] += design.weight(from + row) * p;
            }
            for l in (0..outcomes).filter(|l| *l != base) {
                let same = f64::from(u8::from(j == l));
                for (row, (p, q)) in probability(j).iter().zip(probability(l)).enumerate() {
                    slope[row] = design.weight(from + row) * p * (same - q);
                }
                let equation = equation(l, base).unwrap_or_default();
                for k in 0..columns {
                    jacobian[(equation * columns + k, j)] += dot(&slope[..rows], column(k));
                }
            }
        }
    }
    let total = design.total_weight();
    probabilities
        .iter_mut()
        .for_each(|probability| *probability /= total);
    jacobian /= total;
    Average {
        probabilities,
        jacobian,
    }
}
