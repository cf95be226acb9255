//! The multivariate normal: its parameters and the conditional distribution of some columns given others.

use nalgebra::{DMatrix, DVector};

use crate::arithmetic::kernel::{add_scaled, dot};
use crate::imputation::data::Pattern;

/// Mean and covariance of the standardised columns.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Normal {
    pub(super) mean: DVector<f64>,
    pub(super) covariance: DMatrix<f64>,
}

/// The missing columns of a pattern given the observed: `missing = (1, observed) weights + error`.
#[derive(Debug)]
pub(super) struct Conditional {
    /// (1 + `observed`) x `missing`.
    pub(super) weights: DMatrix<f64>,
    /// Covariance of the error, `missing` x `missing`.
    pub(super) covariance: DMatrix<f64>,
}

impl Normal {
    /// Inverse of the covariance; `None` where it is singular.
    pub(super) fn precision(&self) -> Option<DMatrix<f64>> {
        inverse(self.covariance.clone())
    }

    /// The conditional distribution in a pattern. With `P` the precision, the missing (m) given the observed (o)
    /// have covariance `P_mm^-1` and mean `mean_m - P_mm^-1 P_mo (x_o - mean_o)`: one inversion serves every
    /// pattern, and each costs only as much as it has columns missing.
    pub(super) fn conditional(&self, precision: &DMatrix<f64>, pattern: &Pattern) -> Option<Conditional> {
        let (observed, missing) = (&pattern.observed, &pattern.missing);
        let size = missing.len();
        let square = DMatrix::from_fn(size, size, |a, b| precision[(missing[a], missing[b])]);
        let covariance = inverse(square)?;
        let mut weights = DMatrix::zeros(1 + observed.len(), size);
        let gather = |from: &[f64]| observed.iter().map(|place| from[*place]).collect::<Vec<f64>>();
        for (c, &other) in missing.iter().enumerate() {
            let shared = gather(precision.column(other).as_slice());
            for (a, into) in weights
                .as_mut_slice()
                .chunks_exact_mut(1 + observed.len())
                .enumerate()
            {
                add_scaled(&mut into[1..], -covariance[(c, a)], &shared);
            }
        }
        let mean = gather(self.mean.as_slice());
        for (&column, into) in missing
            .iter()
            .zip(weights.as_mut_slice().chunks_exact_mut(1 + observed.len()))
        {
            into[0] = self.mean[column] - dot(&into[1..], &mean);
        }
        Some(Conditional { weights, covariance })
    }

    /// Largest absolute difference of a parameter.
    #[inline(never)]
    pub(super) fn distance(&self, other: &Normal) -> f64 {
        let means = self.mean.as_slice().iter().zip(other.mean.as_slice());
        let covariances = self.covariance.as_slice().iter().zip(other.covariance.as_slice());
        means
            .chain(covariances)
            .fold(0.0, |most, (a, b)| most.max((a - b).abs()))
    }
}

/// Inverse of a symmetric positive definite matrix by the sweep operator, in place; `None` where a pivot, the
/// variance that columns leave of the next, is not positive. (EM inverts a small matrix some thousand times: without
/// allocations this is several times faster than a factorisation and as many solutions.)
fn inverse(mut matrix: DMatrix<f64>) -> Option<DMatrix<f64>> {
    let size = matrix.nrows();
    let mut pivots = vec![0.0; size];
    for k in 0..size {
        pivots.copy_from_slice(&matrix.as_slice()[k * size..(k + 1) * size]);
        let pivot = std::mem::take(&mut pivots[k]);
        if pivot.is_nan() || pivot <= 0.0 {
            return None;
        }
        for (j, column) in matrix.as_mut_slice().chunks_exact_mut(size).enumerate() {
            if j == k {
                for (cell, value) in column.iter_mut().zip(&pivots) {
                    *cell = -value / pivot;
                }
                column[k] = 1.0 / pivot;
            } else {
                let factor = column[k] / pivot;
                for (cell, value) in column.iter_mut().zip(&pivots) {
                    *cell -= value * factor;
                }
                column[k] = factor;
            }
        }
    }
    Some(matrix)
}
