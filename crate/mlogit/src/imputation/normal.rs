//! The multivariate normal: its parameters and the conditional distribution of some columns given others.

use nalgebra::{Cholesky, DMatrix, DVector};

use super::data::Pattern;

/// Mean and covariance of the standardised columns.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Normal {
    pub(super) mean: DVector<f64>,
    pub(super) covariance: DMatrix<f64>,
}

/// The missing columns of a pattern given the observed: `missing = weights (1, observed) + error`.
#[derive(Debug)]
pub(super) struct Conditional {
    /// `missing` x (1 + `observed`).
    pub(super) weights: DMatrix<f64>,
    /// Covariance of the error, `missing` x `missing`.
    pub(super) covariance: DMatrix<f64>,
}

impl Normal {
    /// Inverse of the covariance; `None` where it is singular.
    pub(super) fn precision(&self) -> Option<DMatrix<f64>> {
        Some(Cholesky::new(self.covariance.clone())?.inverse())
    }

    /// The conditional distribution in a pattern. With `P` the precision, the missing (m) given the observed (o)
    /// have covariance `P_mm^-1` and mean `mean_m - P_mm^-1 P_mo (x_o - mean_o)`: one inversion serves every
    /// pattern, and each costs only as much as it has columns missing.
    pub(super) fn conditional(&self, precision: &DMatrix<f64>, pattern: &Pattern) -> Option<Conditional> {
        let (observed, missing) = (&pattern.observed, &pattern.missing);
        let square = DMatrix::from_fn(missing.len(), missing.len(), |a, b| {
            precision[(missing[a], missing[b])]
        });
        let covariance = Cholesky::new(square)?.inverse();
        let across = DMatrix::from_fn(missing.len(), observed.len(), |a, b| {
            precision[(missing[a], observed[b])]
        });
        let mut weights = DMatrix::zeros(missing.len(), 1 + observed.len());
        weights
            .columns_mut(1, observed.len())
            .gemm(-1.0, &covariance, &across, 0.0);
        for (a, &column) in missing.iter().enumerate() {
            let mut constant = self.mean[column];
            for (b, &other) in observed.iter().enumerate() {
                constant -= weights[(a, 1 + b)] * self.mean[other];
            }
            weights[(a, 0)] = constant;
        }
        Some(Conditional { weights, covariance })
    }

    /// Largest absolute difference of a parameter.
    pub(super) fn distance(&self, other: &Normal) -> f64 {
        let means = self.mean.iter().zip(&other.mean);
        let covariances = self.covariance.iter().zip(&other.covariance);
        means
            .chain(covariances)
            .fold(0.0, |most, (a, b)| most.max((a - b).abs()))
    }
}
