//! Predictions: probabilities averaged over the observed covariates, or at their means, or row by row.
//!
//! The average of `p_j` over the rows, every row with the variables of an [`At`] at its values and the others as
//! observed (Stata's `margins, at()`, marginaleffects' `avg_predictions`), or `p_j` at the means ([`At::means`]).

use nalgebra::DVector;

use crate::arithmetic::kernel::dot;
use crate::error::Result;
use crate::fit::Fit;
use crate::quantity::interval::{Interval, Range, Source, Statistics, delta, statistics};
use crate::quantity::setting::{At, Setting};
use crate::quantity::{Place, Quantity, WithJacobian};

/// A probability with its standard error and interval.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// What was held.
    pub at: At,
    /// The outcome.
    pub outcome: String,
    /// Probability of the outcome.
    pub estimate: f64,
    /// Standard error, as the [`Interval`] says; by the delta method unless another is chosen.
    pub std_error: f64,
    /// Lower end of the interval; below 0 it is not cut off unless the [`Interval`] stays within bounds.
    pub conf_low: f64,
    /// Upper end of the interval; above 1 it is not cut off unless the [`Interval`] stays within bounds.
    pub conf_high: f64,
}

/// The difference of two predictions of an outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The outcome.
    pub outcome: String,
    /// Difference of the probabilities.
    pub estimate: f64,
    /// From the joint distribution of the two.
    pub std_error: f64,
    /// Estimate by standard error.
    pub statistic: f64,
    /// Two-sided, from the standard normal distribution.
    pub p_value: f64,
    /// Lower end of the interval.
    pub conf_low: f64,
    /// Upper end of the interval.
    pub conf_high: f64,
}

/// Quantities evaluated at a fit, with what is needed for their joint covariance.
#[derive(Debug, Clone)]
pub(crate) struct Evaluated<'a> {
    pub(crate) fit: &'a Fit,
    pub(crate) quantities: Vec<Quantity>,
    pub(crate) averages: Vec<WithJacobian>,
    bounded: bool,
    /// For each quantity and outcome the values in each draw.
    drawn: Option<Vec<Vec<Vec<f64>>>>,
}

impl<'a> Evaluated<'a> {
    pub(crate) fn new(fit: &'a Fit, quantities: Vec<Quantity>) -> Self {
        let design = fit.design();
        let mut place = Place::new(design, &design.frame.weights, &fit.parameters);
        Evaluated {
            fit,
            averages: quantities
                .iter()
                .map(|quantity| quantity.average(&mut place))
                .collect(),
            quantities,
            bounded: false,
            drawn: None,
        }
    }

    fn under<'b>(&self, fit: &'b Fit) -> Evaluated<'b> {
        Evaluated {
            fit,
            quantities: self.quantities.clone(),
            averages: self.averages.clone(),
            bounded: false,
            drawn: None,
        }
    }

    /// These quantities and others of the same fit, by the delta method.
    pub(crate) fn and(mut self, others: Evaluated<'a>) -> Self {
        self.quantities.extend(others.quantities);
        self.averages.extend(others.averages);
        self.drawn = match (self.drawn, others.drawn) {
            (Some(mut drawn), Some(others)) => {
                drawn.extend(others);
                Some(drawn)
            }
            _ => None,
        };
        self
    }

    /// The joint covariance `G'VG` of every quantity and outcome, quantity by quantity; `None` where intervals are not made
    /// by the delta method.
    pub(crate) fn covariance(&self) -> Option<Vec<Vec<f64>>> {
        if self.bounded || self.drawn.is_some() {
            return None;
        }
        let gradients: Vec<DVector<f64>> = self
            .averages
            .iter()
            .flat_map(|average| average.jacobian.column_iter().map(|column| column.into_owned()))
            .collect();
        let spread: Vec<DVector<f64>> = gradients.iter().map(|one| &self.fit.covariance * one).collect();
        Some(products(&gradients, &spread, |a, b| {
            dot(a.as_slice(), b.as_slice())
        }))
    }

    pub(crate) fn set_interval(&mut self, interval: &Interval<'_>) -> Result<()> {
        self.bounded = matches!(interval, Interval::Logit);
        self.drawn = None;
        if let Interval::Draws(draws) = interval {
            draws.check(self.fit)?;
            let design = self.fit.design();
            let outcomes = design.outcomes().len();
            let mut drawn = vec![vec![Vec::with_capacity(draws.len()); outcomes]; self.quantities.len()];
            draws.each(|weights, parameters| {
                let mut place = Place::new(design, weights, parameters);
                for (quantity, drawn) in self.quantities.iter().zip(&mut drawn) {
                    let values = quantity.values(&mut place);
                    for (drawn, value) in drawn.iter_mut().zip(values) {
                        drawn.push(value);
                    }
                }
            });
            self.drawn = Some(drawn);
        }
        Ok(())
    }

    /// Estimate and statistics of a quantity for an outcome.
    pub(crate) fn statistics(&self, quantity: usize, outcome: usize, range: Range) -> (f64, Statistics) {
        let average = &self.averages[quantity];
        let estimate = average.values[outcome];
        let std_error = delta(self.fit, &average.jacobian.column(outcome).into_owned());
        let source = match &self.drawn {
            Some(drawn) => Source::Draws(&drawn[quantity][outcome]),
            None => self.source(),
        };
        (estimate, statistics(self.fit, range, estimate, std_error, source))
    }

    fn source(&self) -> Source<'_> {
        if self.bounded {
            Source::Logit
        } else {
            Source::Delta
        }
    }
}

/// Probabilities of all outcomes at several settings.
#[derive(Debug, Clone)]
pub struct Predictions<'a>(Evaluated<'a>);

impl Fit {
    /// Probabilities at each of several settings: averages over the rows, or at the means.
    ///
    /// # Errors
    /// [`crate::Error::UnknownVariable`], [`crate::Error::UnknownLevel`], [`crate::Error::Value`] (of the wrong
    /// kind or not finite).
    pub fn predictions(&self, at: impl IntoIterator<Item = At>) -> Result<Predictions<'_>> {
        let quantities = at
            .into_iter()
            .map(|at| Setting::new(self.design(), &at).map(Quantity::Probability))
            .collect::<Result<_>>()?;
        Ok(Predictions(Evaluated::new(self, quantities)))
    }
}

impl Predictions<'_> {
    /// The same with the covariance and the coverage of another version of their fit
    /// ([`Fit::with_covariance`], [`Fit::with_level`]), by the delta method; nothing is evaluated anew. `None` where
    /// that is another fit.
    pub fn under<'b>(&self, fit: &'b Fit) -> Option<Predictions<'b>> {
        let same = std::ptr::eq(self.0.fit.design(), fit.design()) && self.0.fit.parameters == fit.parameters;
        same.then(|| Predictions(self.0.under(fit)))
    }

    /// The same with standard errors and intervals made in another way than by the delta method.
    ///
    /// # Errors
    /// [`crate::Error::Draws`] for draws of another fit.
    pub fn with_interval(mut self, interval: &Interval<'_>) -> Result<Self> {
        self.0.set_interval(interval)?;
        Ok(self)
    }

    /// Every prediction: for each setting, in the order given, each outcome.
    pub fn iter(&self) -> impl Iterator<Item = Prediction> + '_ {
        let outcomes = self.0.fit.design().outcomes();
        (0..self.0.quantities.len()).flat_map(move |setting| {
            outcomes.iter().enumerate().map(move |(j, outcome)| {
                let (estimate, statistics) = self.0.statistics(setting, j, Range::Probability);
                Prediction {
                    at: self.0.quantities[setting].setting().at().clone(),
                    outcome: outcome.clone(),
                    estimate,
                    std_error: statistics.std_error,
                    conf_low: statistics.conf_low,
                    conf_high: statistics.conf_high,
                }
            })
        })
    }

    /// Estimate and standard error of every prediction, in the order of [`Predictions::iter`].
    pub fn estimates(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        let outcomes = self.0.fit.design().outcomes().len();
        (0..self.0.quantities.len() * outcomes).map(move |at| {
            let (estimate, statistics) = self
                .0
                .statistics(at / outcomes, at % outcomes, Range::Probability);
            (estimate, statistics.std_error)
        })
    }

    /// Setting `a` minus setting `b` (their positions in the order given), one difference for each outcome;
    /// `None` where there is no such setting.
    pub fn difference(&self, a: usize, b: usize) -> Option<Vec<Difference>> {
        let outcomes = self.0.fit.design().outcomes().iter();
        let differences = outcomes.zip(self.differences(a, b)?);
        Some(
            differences
                .map(|(outcome, (estimate, statistics))| Difference::new(outcome, estimate, &statistics))
                .collect(),
        )
    }

    /// Estimate and standard error of each of [`Predictions::difference`].
    pub fn difference_estimates(&self, a: usize, b: usize) -> Option<impl Iterator<Item = (f64, f64)> + '_> {
        let differences = self.differences(a, b)?;
        Some(differences.map(|(estimate, statistics)| (estimate, statistics.std_error)))
    }

    /// A weighted sum of settings (positions in the order given, each with its weight), one for each outcome: a
    /// difference of differences has the weights 1, -1, -1 and 1. Intervals have no bounds. `None` where there is no such
    /// setting.
    pub fn combination(&self, parts: &[(usize, f64)]) -> Option<Vec<Difference>> {
        let outcomes = self.0.fit.design().outcomes().iter();
        let combined = outcomes.zip(self.combined(parts.to_vec(), Range::Unbounded)?);
        Some(
            combined
                .map(|(outcome, (estimate, statistics))| Difference::new(outcome, estimate, &statistics))
                .collect(),
        )
    }

    /// Estimate and standard error of each of [`Predictions::combination`].
    pub fn combination_estimates(
        &self,
        parts: &[(usize, f64)],
    ) -> Option<impl Iterator<Item = (f64, f64)> + '_> {
        let combined = self.combined(parts.to_vec(), Range::Unbounded)?;
        Some(combined.map(|(estimate, statistics)| (estimate, statistics.std_error)))
    }

    /// The joint covariance of the differences of several pairs of settings (each the first minus the second) in one
    /// outcome, row by row: `G'VG` with their gradients `G`, or that of the draws. `None` where there is no such setting
    /// or outcome.
    pub fn difference_covariance(&self, pairs: &[(usize, usize)], outcome: &str) -> Option<Vec<Vec<f64>>> {
        let mut outcomes = self.0.fit.design().outcomes().iter();
        let j = outcomes.position(|known| known == outcome)?;
        let known = |at: &usize| *at < self.0.averages.len();
        if !pairs.iter().all(|(a, b)| known(a) && known(b)) {
            return None;
        }
        if let Some(drawn) = &self.0.drawn {
            let of = |(a, b): &(usize, usize)| -> Vec<f64> {
                let pairs = drawn[*a][j].iter().zip(&drawn[*b][j]);
                centred(pairs.map(|(high, low)| high - low).collect())
            };
            let differences: Vec<Vec<f64>> = pairs.iter().map(of).collect();
            let count = differences.first().map_or(0, Vec::len) as f64;
            return Some(products(&differences, &differences, |a, b| {
                dot(a, b) / (count - 1.0)
            }));
        }
        let covariance = &self.0.fit.covariance;
        let gradient = |(a, b): &(usize, usize)| {
            self.0.averages[*a].jacobian.column(j) - self.0.averages[*b].jacobian.column(j)
        };
        let gradients: Vec<DVector<f64>> = pairs.iter().map(gradient).collect();
        let spread: Vec<DVector<f64>> = gradients.iter().map(|one| covariance * one).collect();
        Some(products(&gradients, &spread, |a, b| {
            dot(a.as_slice(), b.as_slice())
        }))
    }

    /// Outcome by outcome.
    fn differences(&self, a: usize, b: usize) -> Option<impl Iterator<Item = (f64, Statistics)> + '_> {
        self.combined(vec![(a, 1.0), (b, -1.0)], Range::Difference)
    }

    /// Outcome by outcome.
    fn combined(
        &self,
        parts: Vec<(usize, f64)>,
        range: Range,
    ) -> Option<impl Iterator<Item = (f64, Statistics)> + '_> {
        let known = |(at, _): &(usize, f64)| *at < self.0.averages.len();
        if parts.is_empty() || !parts.iter().all(known) {
            return None;
        }
        let outcomes = self.0.fit.design().outcomes().len();
        Some((0..outcomes).map(move |j| {
            let averages = |(at, weight): &(usize, f64)| (&self.0.averages[*at], *weight);
            let estimate = parts
                .iter()
                .map(averages)
                .fold(0.0, |sum, (one, weight)| sum + weight * one.values[j]);
            let zero = DVector::zeros(self.0.fit.parameters.len());
            let gradient = parts
                .iter()
                .map(averages)
                .fold(zero, |sum, (one, weight)| sum + one.jacobian.column(j) * weight);
            let of_draws: Option<Vec<f64>> = self.0.drawn.as_ref().map(|drawn| {
                let draws = drawn[0][j].len();
                let draw = |draw: usize| {
                    let parts = parts.iter();
                    parts.fold(0.0, |sum, (at, weight)| sum + weight * drawn[*at][j][draw])
                };
                (0..draws).map(draw).collect()
            });
            let source = of_draws.as_deref().map_or(self.0.source(), Source::Draws);
            let std_error = delta(self.0.fit, &gradient);
            (
                estimate,
                statistics(self.0.fit, range, estimate, std_error, source),
            )
        }))
    }
}

impl Difference {
    fn new(outcome: &str, estimate: f64, statistics: &Statistics) -> Self {
        Difference {
            outcome: outcome.to_owned(),
            estimate,
            std_error: statistics.std_error,
            statistic: statistics.statistic,
            p_value: statistics.p_value,
            conf_low: statistics.conf_low,
            conf_high: statistics.conf_high,
        }
    }
}

/// Each of `a` with each of `b`.
fn products<T>(a: &[T], b: &[T], product: impl Fn(&T, &T) -> f64) -> Vec<Vec<f64>> {
    let row = |one: &T| b.iter().map(|other| product(one, other)).collect();
    a.iter().map(row).collect()
}

/// Less their mean.
fn centred(mut values: Vec<f64>) -> Vec<f64> {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values.iter_mut().for_each(|value| *value -= mean);
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::clusters::Covariance;
    use crate::testing::generated;

    #[test]
    fn another_covariance_needs_no_new_evaluation() {
        let fit = generated("y ~ x * g + z").fit;
        let robust = fit.with_covariance(&Covariance::Hc1).unwrap();
        let settings = || [0.0, 1.0].map(|x| At::observed().with("x", x));
        let evaluated = fit.predictions(settings()).unwrap();
        let moved = evaluated.under(&robust).unwrap();
        let anew = robust.predictions(settings()).unwrap();
        assert_eq!(moved.iter().collect::<Vec<_>>(), anew.iter().collect::<Vec<_>>());
        assert_eq!(moved.difference(1, 0), anew.difference(1, 0));
        assert_ne!(moved.difference(1, 0), evaluated.difference(1, 0));
        let numbers: Vec<(f64, f64)> = moved.iter().map(|one| (one.estimate, one.std_error)).collect();
        assert_eq!(moved.estimates().collect::<Vec<_>>(), numbers);
        let differences = moved.difference(1, 0).unwrap();
        let numbers: Vec<(f64, f64)> = differences
            .iter()
            .map(|one| (one.estimate, one.std_error))
            .collect();
        assert_eq!(
            moved.difference_estimates(1, 0).unwrap().collect::<Vec<_>>(),
            numbers
        );
        assert!(moved.difference_estimates(2, 0).is_none());
        assert!(evaluated.under(&generated("y ~ x * g + z").fit).is_none());
    }

    /// A difference of differences, its standard error against the derivative of the whole by finite differences, and
    /// the joint covariance against the variances of sums.
    #[test]
    fn combinations_have_the_variance_of_the_whole() {
        let fit = generated("y ~ x * g + z").fit;
        let settings = || {
            [(0.0, "p"), (0.0, "q"), (1.0, "p"), (1.0, "q")]
                .map(|(x, g)| At::observed().with("x", x).with("g", g))
        };
        let predictions = fit.predictions(settings()).unwrap();
        let parts = [(3, 1.0), (2, -1.0), (1, -1.0), (0, 1.0)];
        let combined = predictions.combination(&parts).unwrap();
        let value = |parameters: &[f64], j: usize| {
            let mut place = Place::new(fit.design(), &fit.design().frame.weights, parameters);
            let sum =
                |(at, weight): &(usize, f64)| weight * predictions.0.quantities[*at].values(&mut place)[j];
            parts.iter().map(sum).sum::<f64>()
        };
        for (j, one) in combined.iter().enumerate() {
            let mut gradient = DVector::zeros(fit.parameters.len());
            for k in 0..gradient.len() {
                let step = 1e-5;
                let moved = |by: f64| {
                    let mut parameters = fit.parameters.clone();
                    parameters[k] += by;
                    value(&parameters, j)
                };
                gradient[k] = (moved(step) - moved(-step)) / (2.0 * step);
            }
            let variance = gradient.dot(&(&fit.covariance * &gradient));
            assert!((one.estimate - value(&fit.parameters, j)).abs() < 1e-14);
            assert!((one.std_error / variance.sqrt() - 1.0).abs() < 1e-7);
            assert!((one.conf_high - one.estimate - 1.959_963_984_540_054 * one.std_error).abs() < 1e-12);
        }
        // The second difference is one difference less another.
        let covariance = predictions.difference_covariance(&[(3, 2), (1, 0)], "b").unwrap();
        let variance = covariance[0][0] + covariance[1][1] - 2.0 * covariance[0][1];
        assert!((variance.sqrt() / combined[1].std_error - 1.0).abs() < 1e-12);
        assert!((covariance[0][1] / covariance[1][0] - 1.0).abs() < 1e-12);
        let alone = predictions.difference(3, 2).unwrap();
        assert!((covariance[0][0].sqrt() / alone[1].std_error - 1.0).abs() < 1e-12);
        assert!(predictions.combination(&[(4, 1.0)]).is_none() && predictions.combination(&[]).is_none());
        assert!(predictions.difference_covariance(&[(4, 0)], "b").is_none());
        assert!(predictions.difference_covariance(&[(1, 0)], "d").is_none());
        // From draws, it is the variance of the draws.
        let draws = fit.simulate(500, 1).unwrap();
        let drawn = predictions
            .clone()
            .with_interval(&Interval::Draws(&draws))
            .unwrap();
        let spread = drawn.difference_covariance(&[(3, 2), (1, 0)], "b").unwrap();
        let second = drawn.combination(&parts).unwrap()[1].std_error;
        let variance = spread[0][0] + spread[1][1] - 2.0 * spread[0][1];
        assert!((variance.sqrt() / second - 1.0).abs() < 1e-12);
        assert!((second / combined[1].std_error - 1.0).abs() < 0.15);
    }
}
