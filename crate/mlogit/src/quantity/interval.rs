//! Intervals of quantities: by the delta method, on a scale that keeps them within bounds, or from draws.

use nalgebra::DVector;

use crate::arithmetic::distribution::normal_p_value;
use crate::arithmetic::kernel::dot;
use crate::arithmetic::order;
use crate::fit::Fit;
use crate::quantity::draws::Draws;

/// How standard errors and intervals of predictions, comparisons and slopes are made.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub enum Interval<'a> {
    /// Delta method: `g'Vg` with the gradient `g` of the quantity and the covariance `V` of the coefficients; the
    /// interval is symmetric and may leave the range of the quantity.
    #[default]
    Delta,
    /// Delta method on a scale without bounds, and back: a probability on the logit scale, a difference of
    /// probabilities on that of `atanh`, a ratio on the log scale. Intervals stay within 0 and 1, -1 and 1, above
    /// 0. Slopes have no bounds and stay as with [`Interval::Delta`]; so does a probability that is 0 or 1 to nine
    /// digits, its interval cut off at the bound. The standard error is that of the delta method.
    Logit,
    /// Standard deviation and percentiles of draws: [`Fit::simulate`], [`Fit::bootstrap`]. The estimate stays the
    /// value at the coefficients' estimate.
    Draws(&'a Draws),
}

/// The range that a quantity cannot leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Range {
    /// Between 0 and 1.
    Probability,
    /// Between -1 and 1.
    Difference,
    /// Above 0; nothing changes at 1.
    Ratio,
    Unbounded,
}

/// An estimate with what is made of its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Statistics {
    pub(crate) std_error: f64,
    pub(crate) statistic: f64,
    pub(crate) p_value: f64,
    pub(crate) conf_low: f64,
    pub(crate) conf_high: f64,
}

/// Which of the three, where draws are already evaluated.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Source<'a> {
    Delta,
    Logit,
    /// The values of the quantity in each draw.
    Draws(&'a [f64]),
}

/// Standard error of a quantity by the delta method.
pub(crate) fn delta(fit: &Fit, gradient: &DVector<f64>) -> f64 {
    let gradient = gradient.as_slice();
    let columns = fit
        .covariance
        .as_slice()
        .chunks_exact(gradient.len())
        .zip(gradient);
    let parts = columns.map(|(column, along)| along * dot(column, gradient));
    parts.sum::<f64>().max(0.0).sqrt()
}

/// The statistics of an estimate; `std_error` is that of the delta method.
pub(crate) fn statistics(
    fit: &Fit,
    range: Range,
    estimate: f64,
    std_error: f64,
    source: Source<'_>,
) -> Statistics {
    let reach = fit.quantile();
    let (std_error, conf_low, conf_high) = match source {
        Source::Delta => (
            std_error,
            estimate - reach * std_error,
            estimate + reach * std_error,
        ),
        Source::Logit => {
            let (low, high) = bounded(range, estimate, std_error, reach);
            (std_error, low, high)
        }
        Source::Draws(draws) => {
            let tail = (1.0 - fit.level()) / 2.0;
            let mut sorted = draws.to_vec();
            order::ascending(&mut sorted);
            (
                deviation(draws),
                order::quantile_of_sorted(&sorted, tail),
                order::quantile_of_sorted(&sorted, 1.0 - tail),
            )
        }
    };
    // Of a ratio the test is whether it is 1, on the log scale.
    let (distance, spread) = match range {
        Range::Ratio => (libm::log(estimate), std_error / estimate),
        _ => (estimate, std_error),
    };
    // What does not vary at all, such as the difference of something with itself, is no evidence.
    let statistic = if spread > 0.0 { distance / spread } else { 0.0 };
    Statistics {
        std_error,
        statistic,
        p_value: normal_p_value(statistic),
        conf_low,
        conf_high,
    }
}

/// An interval of a probability that stays within 0 and 1: symmetric on the logit scale, `half` being half the width of the
/// symmetric one ([`Interval::Logit`]).
pub fn bounded_probability(estimate: f64, half: f64) -> (f64, f64) {
    bounded(Range::Probability, estimate, half, 1.0)
}

/// An interval of a difference of probabilities that stays within -1 and 1, symmetric on the scale of `atanh`.
pub fn bounded_difference(estimate: f64, half: f64) -> (f64, f64) {
    bounded(Range::Difference, estimate, half, 1.0)
}

fn bounded(range: Range, estimate: f64, std_error: f64, reach: f64) -> (f64, f64) {
    /// Closer to its bound, a quantity has no scale without bounds left.
    const AT_BOUND: f64 = 1e-9;
    let (low, high) = (estimate - reach * std_error, estimate + reach * std_error);
    match range {
        Range::Probability => {
            let variance = estimate * (1.0 - estimate);
            if variance.is_nan() || variance <= AT_BOUND {
                return (low.max(0.0), high.min(1.0));
            }
            let logit = libm::log(estimate / (1.0 - estimate));
            let expit = |eta: f64| 1.0 / (1.0 + libm::exp(-eta));
            let half = reach * std_error / variance;
            (expit(logit - half), expit(logit + half))
        }
        Range::Difference => {
            let left = 1.0 - estimate * estimate;
            if left.is_nan() || left <= AT_BOUND {
                return (low.max(-1.0), high.min(1.0));
            }
            let (middle, half) = (libm::atanh(estimate), reach * std_error / left);
            (libm::tanh(middle - half), libm::tanh(middle + half))
        }
        Range::Ratio if estimate > 0.0 => {
            let half = reach * std_error / estimate;
            (estimate * libm::exp(-half), estimate * libm::exp(half))
        }
        Range::Ratio | Range::Unbounded => (low, high),
    }
}

/// Standard deviation, with `n - 1`.
fn deviation(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    (squares / (n - 1.0)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounded_intervals_stay_within_bounds() {
        let reach = 1.96;
        let (low, high) = bounded(Range::Probability, 0.02, 0.02, reach);
        assert!(low > 0.0 && high < 1.0 && low < 0.02 && high > 0.02);
        // By hand: logit(0.02) = -3.8918, less and plus 1.96 * 0.02 / 0.0196 = 2.
        assert!(
            (low - 0.002_754).abs() < 1e-6 && (high - 0.131_037).abs() < 1e-6,
            "{low} {high}"
        );
        // atanh(-0.97) = -2.0923, less and plus 1.96 * 0.05 / (1 - 0.97^2) = 1.6582.
        let (low, high) = bounded(Range::Difference, -0.97, 0.05, reach);
        assert!(
            (low + 0.998_896).abs() < 1e-6 && (high + 0.408_733).abs() < 1e-6,
            "{low} {high}"
        );
        // 0.1, by and times e to the 1.96 * 0.2 / 0.1 = 3.92.
        let (low, high) = bounded(Range::Ratio, 0.1, 0.2, reach);
        assert!(
            (low - 0.001_984).abs() < 1e-6 && (high - 5.040_044).abs() < 1e-6,
            "{low} {high}"
        );
    }

    /// Where there is no scale without bounds, the interval is the symmetric one, cut off.
    #[test]
    fn at_the_bounds_intervals_are_cut_off() {
        let near = |found: (f64, f64), low: f64, high: f64| {
            let off = (found.0 - low).abs().max((found.1 - high).abs());
            assert!(off < 1e-12, "{found:?} is not {low}, {high}");
        };
        near(bounded(Range::Probability, 0.0, 1e-7, 1.96), 0.0, 1.96e-7);
        near(bounded(Range::Probability, 1.0, 0.1, 1.96), 0.804, 1.0);
        near(bounded(Range::Difference, 1.0, 0.1, 1.96), 0.804, 1.0);
        near(bounded(Range::Difference, -1.0, 0.1, 1.96), -1.0, -0.804);
        near(bounded(Range::Ratio, 0.0, 0.1, 1.96), -0.196, 0.196);
        near(bounded(Range::Unbounded, 3.0, 1.0, 1.96), 1.04, 4.96);
        near(bounded(Range::Probability, f64::NAN, 0.1, 1.96), 0.0, 1.0);
    }

    #[test]
    fn deviations_are_those_of_a_sample() {
        // The squares about 2.5 sum to 5, of which a third is the variance.
        assert!((deviation(&[1.0, 2.0, 3.0, 4.0]) - (5.0_f64 / 3.0).sqrt()).abs() < 1e-15);
    }
}
