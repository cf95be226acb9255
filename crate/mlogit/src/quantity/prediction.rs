//! Predictions: probabilities averaged over the observed covariates, or at their means, or row by row.
//!
//! The average of `p_j` over the rows, every row with the variables of an [`At`] at its values and the others as
//! observed (Stata's `margins, at()`, marginaleffects' `avg_predictions`), or `p_j` at the means ([`At::means`]).

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
                .map(|(outcome, (estimate, statistics))| Difference {
                    outcome: outcome.clone(),
                    estimate,
                    std_error: statistics.std_error,
                    statistic: statistics.statistic,
                    p_value: statistics.p_value,
                    conf_low: statistics.conf_low,
                    conf_high: statistics.conf_high,
                })
                .collect(),
        )
    }

    /// Estimate and standard error of each of [`Predictions::difference`].
    pub fn difference_estimates(&self, a: usize, b: usize) -> Option<impl Iterator<Item = (f64, f64)> + '_> {
        let differences = self.differences(a, b)?;
        Some(differences.map(|(estimate, statistics)| (estimate, statistics.std_error)))
    }

    /// Outcome by outcome.
    fn differences(&self, a: usize, b: usize) -> Option<impl Iterator<Item = (f64, Statistics)> + '_> {
        let (high, low) = (self.0.averages.get(a)?, self.0.averages.get(b)?);
        Some((0..high.values.len()).map(move |j| {
            let estimate = high.values[j] - low.values[j];
            let std_error = delta(self.0.fit, &(high.jacobian.column(j) - low.jacobian.column(j)));
            let of_draws: Option<Vec<f64>> = self.0.drawn.as_ref().map(|drawn| {
                let pairs = drawn[a][j].iter().zip(&drawn[b][j]);
                pairs.map(|(high, low)| high - low).collect()
            });
            let source = of_draws.as_deref().map_or(self.0.source(), Source::Draws);
            (
                estimate,
                statistics(self.0.fit, Range::Difference, estimate, std_error, source),
            )
        }))
    }
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
}
