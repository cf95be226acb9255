//! Simultaneous bands: intervals that cover all of several quantities at once.
//!
//! The band is as wide as `c` standard errors everywhere, `c` being the quantile of the largest absolute standardised
//! quantity in their joint normal distribution ("sup-t": Montiel Olea & Plagborg-Moller 2019, Journal of Applied
//! Econometrics 34(1)). A pointwise interval has the normal quantile in its place and covers each of them alone.

use nalgebra::DMatrix;

use crate::arithmetic::distribution::{chi_squared_p_value, normal_quantile};
use crate::arithmetic::order;
use crate::arithmetic::random::Random;
use crate::quantity::draws::factor;

/// The sup-t critical value of quantities with this joint `covariance` (row by row), from seeded draws; it is the same
/// on every platform. What has no variance takes no part; 0 where nothing has any.
pub fn sup_t(covariance: &[Vec<f64>], level: f64, draws: usize, seed: u64) -> f64 {
    let varies = |at: &usize| covariance[*at][*at] > 0.0;
    let kept: Vec<usize> = (0..covariance.len()).filter(varies).collect();
    let size = kept.len();
    if size == 0 || draws == 0 {
        return 0.0;
    }
    let correlation = DMatrix::from_fn(size, size, |a, b| {
        let (a, b) = (kept[a], kept[b]);
        covariance[a][b] / (covariance[a][a] * covariance[b][b]).sqrt()
    });
    let factor = factor(&correlation);
    let one = |a: usize, normals: &[f64]| (0..=a).map(|b| factor[(a, b)] * normals[b]).sum::<f64>();
    quantile(size, size, one, level, draws, seed)
}

/// The same of estimates that are one `common` estimate and something of their own each: those without one part of the
/// data each, for instance. `common` is the variance of the estimate from all of it. An efficient estimate does not
/// covary with what a less efficient one differs from it by (Hausman 1978), and what disjoint parts are left out of has
/// nothing in common but the whole; so the covariance of any two is `common`, and their own variances are `variances`,
/// taken as `common` where they are smaller.
pub fn sup_t_around(common: f64, variances: &[f64], level: f64, draws: usize, seed: u64) -> f64 {
    if common.is_nan() || common <= 0.0 || variances.is_empty() || draws == 0 {
        return 0.0;
    }
    let share = |variance: &f64| common / variance.max(common);
    let weights: Vec<(f64, f64)> = variances
        .iter()
        .map(share)
        .map(|share| (share.sqrt(), (1.0 - share).sqrt()))
        .collect();
    let one = |a: usize, normals: &[f64]| weights[a].0 * normals[0] + weights[a].1 * normals[a + 1];
    quantile(weights.len(), weights.len() + 1, one, level, draws, seed)
}

/// The quantile of the largest absolute of `size` quantities, each of which is made from `normals` normal numbers.
fn quantile(
    size: usize,
    normals: usize,
    one: impl Fn(usize, &[f64]) -> f64,
    level: f64,
    draws: usize,
    seed: u64,
) -> f64 {
    let mut random = Random::new(seed, 0);
    let mut drawn = vec![0.0; normals];
    let mut largest: Vec<f64> = (0..draws)
        .map(|_| {
            random.normals(&mut drawn);
            (0..size).map(|a| one(a, &drawn).abs()).fold(0.0, f64::max)
        })
        .collect();
    order::ascending(&mut largest);
    order::quantile_of_sorted(&largest, level)
}

/// The distribution of the largest absolute value of several standard normal quantities.
///
/// A normal vector of rank `r` has a direction and, independent of it, a length whose square is chi-squared with `r`
/// degrees of freedom. Directions are drawn, lengths are integrated exactly: a quantity alone has the normal quantile to the
/// last digit, and few quantities have it to three or four.
#[derive(Debug, Clone)]
pub(crate) struct Largest {
    rank: usize,
    /// For each direction the largest absolute quantity of a vector of length 1.
    of_directions: Vec<f64>,
}

/// A critical value, and the standard error that drawing gives it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Critical {
    pub(crate) value: f64,
    pub(crate) std_error: f64,
}

impl Largest {
    /// Of quantities with this joint `covariance` (row by row). What has no variance takes no part; `None` where nothing
    /// has any.
    pub(crate) fn new(covariance: &[Vec<f64>], directions: usize, seed: u64) -> Option<Self> {
        let varies = |at: &usize| covariance[*at][*at] > 0.0;
        let kept: Vec<usize> = (0..covariance.len()).filter(varies).collect();
        let size = kept.len();
        if size == 0 || directions == 0 {
            return None;
        }
        let correlation = DMatrix::from_fn(size, size, |a, b| {
            let (a, b) = (kept[a], kept[b]);
            covariance[a][b] / (covariance[a][a] * covariance[b][b]).sqrt()
        });
        let factor = factor(&correlation);
        let columns: Vec<usize> = (0..size)
            .filter(|column| factor[(*column, *column)] != 0.0)
            .collect();
        let rank = columns.len();
        let mut random = Random::new(seed, 0);
        let mut normals = vec![0.0; rank];
        let of_directions = (0..directions).map(|_| {
            random.normals(&mut normals);
            let length = normals.iter().map(|value| value * value).sum::<f64>().sqrt();
            let one = |row: usize| {
                let parts = columns.iter().zip(&normals);
                parts
                    .map(|(column, normal)| factor[(row, *column)] * normal)
                    .sum::<f64>()
            };
            (0..size).map(|row| one(row).abs()).fold(0.0, f64::max) / length
        });
        Some(Largest {
            rank,
            of_directions: of_directions.collect(),
        })
    }

    /// The probability that the largest absolute quantity exceeds `bound`, and the variance of what it is the mean of.
    fn beyond(&self, bound: f64) -> (f64, f64) {
        let count = self.of_directions.len() as f64;
        let (mut sum, mut squares) = (0.0, 0.0);
        for largest in &self.of_directions {
            let ratio = bound / largest;
            let p = chi_squared_p_value(ratio * ratio, self.rank);
            (sum, squares) = (sum + p, squares + p * p);
        }
        let mean = sum / count;
        (mean, (squares / count - mean * mean).max(0.0))
    }

    /// The probability that the largest absolute quantity is as far from zero as `statistic`: its p-value in the family.
    pub(crate) fn p_value(&self, statistic: f64) -> f64 {
        if statistic.is_nan() {
            return statistic;
        }
        self.beyond(statistic.abs()).0
    }

    /// What the largest absolute quantity exceeds with the probability `1 - level`.
    pub(crate) fn critical(&self, level: f64) -> Critical {
        const STEPS: usize = 60;
        let tail = 1.0 - level;
        // One quantity alone has the least, twice as many as directions of length 1 would be far beyond the most.
        let (mut low, mut high) = (0.0, normal_quantile(1.0 - tail / 2.0));
        while self.beyond(high).0 > tail {
            (low, high) = (high, 1.25 * high);
        }
        for _ in 0..STEPS {
            let middle = f64::midpoint(low, high);
            if high - low < 1e-9 {
                break;
            }
            if self.beyond(middle).0 > tail {
                low = middle;
            } else {
                high = middle;
            }
        }
        let step = 1e-3 * high;
        let slope = (self.beyond(high - step).0 - self.beyond(high + step).0) / (2.0 * step);
        let spread = (self.beyond(high).1 / self.of_directions.len() as f64).sqrt();
        Critical {
            value: high,
            std_error: spread / slope,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diagonal(variances: &[f64]) -> Vec<Vec<f64>> {
        let size = variances.len();
        let cell = |a: usize, b: usize| if a == b { variances[a] } else { 0.0 };
        (0..size)
            .map(|a| (0..size).map(|b| cell(a, b)).collect())
            .collect()
    }

    /// Of independent quantities the value is known: `c` with `(2 Phi(c) - 1)^k = 0.95`.
    #[test]
    fn independent_quantities_have_sidak_s_value() {
        for (count, value) in [(1, 1.959_964), (2, 2.236_477), (5, 2.568_763), (17, 2.966_439)] {
            let covariance = diagonal(&(0..count).map(|k| f64::from(k + 1)).collect::<Vec<_>>());
            let found = sup_t(&covariance, 0.95, 40_000, 1);
            assert!((found - value).abs() < 0.03, "{count}: {found}");
        }
    }

    /// The same without simulation error where there is one, and with little where there are few.
    #[test]
    fn directions_find_sidak_s_value_as_well() {
        for (count, value, within) in [
            (1, 1.959_963_985, 1e-8),
            (2, 2.236_477, 4e-3),
            (5, 2.568_763, 6e-3),
            (17, 2.966_439, 1e-2),
        ] {
            let covariance = diagonal(&(0..count).map(|k| f64::from(k + 1)).collect::<Vec<_>>());
            let largest = Largest::new(&covariance, 20_000, 1).unwrap();
            let critical = largest.critical(0.95);
            let off = (critical.value - value).abs();
            assert!(off < within, "{count}: {critical:?}");
            assert!(off < 4.0 * critical.std_error + 1e-8, "{count}: {critical:?}");
            // An interval excludes zero exactly where p is below 1 - level.
            assert!((largest.p_value(critical.value) - 0.05).abs() < 1e-8);
            assert!(largest.p_value(-1.01 * critical.value) < 0.05);
        }
        let together = vec![vec![4.0, -2.0, 0.0], vec![-2.0, 1.0, 0.0], vec![0.0, 0.0, 0.0]];
        let one = Largest::new(&together, 100, 1).unwrap();
        assert!((one.critical(0.9).value - 1.644_853_627).abs() < 1e-8);
        assert!(Largest::new(&diagonal(&[0.0]), 100, 1).is_none());
    }

    /// What is common to all, and something of its own each, is a joint covariance like any other.
    #[test]
    fn estimates_around_a_common_one_have_its_variance_in_common() {
        let variances = [1.1, 1.5, 2.0, 4.0];
        let cell = |a: usize, b: usize| if a == b { variances[a] } else { 1.0 };
        let joint: Vec<Vec<f64>> = (0..4).map(|a| (0..4).map(|b| cell(a, b)).collect()).collect();
        let (around, explicit) = (
            sup_t_around(1.0, &variances, 0.95, 40_000, 1),
            sup_t(&joint, 0.95, 40_000, 2),
        );
        assert!((around - explicit).abs() < 0.03, "{around} {explicit}");
        // Without anything of their own they are one.
        assert!((sup_t_around(1.0, &[1.0, 0.9, 1.0], 0.95, 40_000, 1) - 1.96).abs() < 0.03);
        assert_eq!(sup_t_around(0.0, &variances, 0.95, 100, 1), 0.0);
        assert_eq!(sup_t_around(f64::NAN, &variances, 0.95, 100, 1), 0.0);
    }

    /// What moves together is as one; what does not vary takes no part.
    #[test]
    fn dependent_quantities_are_as_one() {
        let together = vec![vec![4.0, 2.0], vec![2.0, 1.0]];
        assert!((sup_t(&together, 0.95, 40_000, 1) - 1.96).abs() < 0.03);
        let constant = sup_t(&diagonal(&[1.0, 0.0]), 0.9, 40_000, 2);
        assert!((constant - 1.645).abs() < 0.03, "{constant}");
        assert_eq!(sup_t(&diagonal(&[0.0]), 0.95, 100, 1), 0.0);
        assert_eq!(
            sup_t(&diagonal(&[1.0, 2.0]), 0.95, 100, 7),
            sup_t(&diagonal(&[1.0, 2.0]), 0.95, 100, 7)
        );
    }
}
