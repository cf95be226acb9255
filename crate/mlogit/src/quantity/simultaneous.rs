//! Simultaneous bands: intervals that cover all of several quantities at once.
//!
//! The band is as wide as `c` standard errors everywhere, `c` being the quantile of the largest absolute standardised
//! quantity in their joint normal distribution ("sup-t": Montiel Olea & Plagborg-Moller 2019, Journal of Applied
//! Econometrics 34(1)). A pointwise interval has the normal quantile in its place and covers each of them alone.

use nalgebra::DMatrix;

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
    let mut random = Random::new(seed, 0);
    let mut normals = vec![0.0; size];
    let mut largest: Vec<f64> = (0..draws)
        .map(|_| {
            random.normals(&mut normals);
            let one = |a: usize| (0..=a).map(|b| factor[(a, b)] * normals[b]).sum::<f64>().abs();
            (0..size).map(one).fold(0.0, f64::max)
        })
        .collect();
    order::ascending(&mut largest);
    order::quantile_of_sorted(&largest, level)
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
