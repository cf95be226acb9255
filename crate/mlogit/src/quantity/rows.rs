//! Predictions, slopes and comparisons of each row by itself.

use crate::arithmetic::kernel::blocks;
use crate::error::Result;
use crate::fit::Fit;
use crate::quantity::effect::{Comparison, Label, quantities_along};
use crate::quantity::interval::{Interval, Range, Source, delta, statistics};
use crate::quantity::setting::{At, Setting};
use crate::quantity::{Place, Quantity};

/// A quantity of one row for one outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct RowEstimate<'a> {
    /// Position of the row in the table, from 0; 0 where the quantity is taken at the means.
    pub row: usize,
    /// The outcome.
    pub outcome: &'a str,
    /// The quantity.
    pub estimate: f64,
    /// Its standard error.
    pub std_error: f64,
    /// Lower end of its interval.
    pub conf_low: f64,
    /// Upper end of its interval.
    pub conf_high: f64,
}

/// The slopes or comparisons of every row.
#[derive(Debug, Clone, PartialEq)]
pub struct RowEffects<'a> {
    /// The variable.
    pub variable: String,
    /// What was compared, as in [`crate::Effect`].
    pub contrast: String,
    /// Row by row, each outcome.
    pub rows: Vec<RowEstimate<'a>>,
}

impl Fit {
    /// Probabilities of every outcome in every row, with the variables of `at` held.
    ///
    /// # Errors
    /// As [`Fit::predictions`].
    pub fn predictions_by_row(&self, at: &At, interval: &Interval<'_>) -> Result<Vec<RowEstimate<'_>>> {
        let quantity = Quantity::Probability(Setting::new(self.design(), at)?);
        self.by_row(&quantity, Range::Probability, interval)
    }

    /// Slopes along a variable in every row, with the variables of `at` held; of a categorical variable the changes
    /// from its base level to each other.
    ///
    /// # Errors
    /// As [`Fit::slopes`].
    pub fn slopes_by_row(
        &self,
        variable: &str,
        at: &At,
        interval: &Interval<'_>,
    ) -> Result<Vec<RowEffects<'_>>> {
        let setting = Setting::new(self.design(), at)?;
        let quantities = quantities_along(self, variable, &setting)?;
        quantities
            .into_iter()
            .map(|one| self.effect_by_row(one, interval))
            .collect()
    }

    /// A comparison in every row, with the variables of `at` held. A ratio here is one of the row's probabilities,
    /// not of averages.
    ///
    /// # Errors
    /// As [`Fit::comparisons`].
    pub fn comparisons_by_row(
        &self,
        comparison: &Comparison,
        at: &At,
        interval: &Interval<'_>,
    ) -> Result<Vec<RowEffects<'_>>> {
        let setting = Setting::new(self.design(), at)?;
        let quantities = comparison.quantities(self, &setting)?;
        quantities
            .into_iter()
            .map(|one| self.effect_by_row(one, interval))
            .collect()
    }

    fn effect_by_row(
        &self,
        (label, quantity): (Label, Quantity),
        interval: &Interval<'_>,
    ) -> Result<RowEffects<'_>> {
        Ok(RowEffects {
            rows: self.by_row(&quantity, label.range, interval)?,
            variable: label.variable,
            contrast: label.contrast,
        })
    }

    fn by_row(
        &self,
        quantity: &Quantity,
        range: Range,
        interval: &Interval<'_>,
    ) -> Result<Vec<RowEstimate<'_>>> {
        let design = self.design();
        let outcomes = design.outcomes();
        let indices = if quantity.setting().at().is_at_means() {
            &[0]
        } else {
            design.frame().row_indices()
        };
        let mut all = Vec::with_capacity(indices.len() * outcomes.len());
        let estimate = |row: usize, j: usize, estimate: f64, std_error: f64, source: Source<'_>| {
            let found = statistics(self, range, estimate, std_error, source);
            RowEstimate {
                row,
                outcome: outcomes[j].as_str(),
                estimate,
                std_error: found.std_error,
                conf_low: found.conf_low,
                conf_high: found.conf_high,
            }
        };
        let Interval::Draws(draws) = interval else {
            let source = if matches!(interval, Interval::Logit) {
                Source::Logit
            } else {
                Source::Delta
            };
            quantity.each_row(design, &self.parameters, &mut |row, values, jacobian| {
                for (j, value) in values.iter().enumerate() {
                    let std_error = delta(self, &jacobian.column(j).into_owned());
                    all.push(estimate(indices[row], j, *value, std_error, source));
                }
            });
            return Ok(all);
        };
        draws.check(self)?;
        for (from, rows) in blocks(indices.len()) {
            let mut drawn = vec![Vec::with_capacity(draws.len()); rows * outcomes.len()];
            draws.each(|weights, parameters| {
                let values = quantity.block_values(&mut Place::new(design, weights, parameters), from, rows);
                drawn
                    .iter_mut()
                    .zip(values)
                    .for_each(|(drawn, value)| drawn.push(value));
            });
            let mut place = Place::new(design, &design.frame.weights, &self.parameters);
            let values = quantity.block_values(&mut place, from, rows);
            for (position, (value, drawn)) in values.iter().zip(&drawn).enumerate() {
                let (row, j) = (from + position / outcomes.len(), position % outcomes.len());
                all.push(estimate(indices[row], j, *value, f64::NAN, Source::Draws(drawn)));
            }
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::generated;

    #[test]
    fn rows_average_to_the_average() {
        let fit = generated("y ~ x * z + g").fit;
        let at = At::observed().with("z", 0.2);
        let rows = fit.predictions_by_row(&at, &Interval::Logit).unwrap();
        assert_eq!(rows.len(), 900);
        assert!(rows.iter().all(|row| row.conf_low > 0.0 && row.conf_high < 1.0));
        let mean = |outcome: &str| {
            rows.iter()
                .filter(|row| row.outcome == outcome)
                .map(|row| row.estimate)
                .sum::<f64>()
                / 300.0
        };
        for prediction in fit.predictions([at.clone()]).unwrap().iter() {
            assert!((prediction.estimate - mean(&prediction.outcome)).abs() < 1e-14);
        }
        let slopes = fit.slopes_by_row("g", &at, &Interval::Delta).unwrap();
        let contrasts: Vec<&str> = slopes.iter().map(|one| one.contrast.as_str()).collect();
        assert_eq!(contrasts, ["q - p", "r - p"]);
        for (j, effect) in fit.slopes(["g"], &at).unwrap().iter().enumerate() {
            let of_rows = slopes[j / 3].rows.iter().skip(j % 3).step_by(3);
            let mean = of_rows.map(|row| row.estimate).sum::<f64>() / 300.0;
            assert!((effect.estimate - mean).abs() < 1e-14);
        }
        let ratios = fit
            .comparisons_by_row(&Comparison::of("x").ratio(), &at, &Interval::Delta)
            .unwrap();
        assert!(ratios[0].rows.iter().all(|row| row.estimate > 0.0));
    }

    #[test]
    fn simulated_rows_agree_with_the_delta_method() {
        let fit = generated("y ~ x").fit;
        let draws = fit.simulate(400, 1).unwrap();
        let delta = fit.predictions_by_row(&At::observed(), &Interval::Delta).unwrap();
        let drawn = fit
            .predictions_by_row(&At::observed(), &Interval::Draws(&draws))
            .unwrap();
        for (a, b) in delta.iter().zip(&drawn) {
            assert_eq!((a.row, a.outcome, a.estimate), (b.row, b.outcome, b.estimate));
            assert!(
                (a.std_error / b.std_error - 1.0).abs() < 0.15,
                "{a:?} is not {b:?}"
            );
        }
        let means = fit
            .predictions_by_row(&At::means(), &Interval::Draws(&draws))
            .unwrap();
        assert_eq!(means.len(), 3);
    }
}
