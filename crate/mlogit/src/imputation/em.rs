//! Maximum likelihood of the multivariate normal with values missing, by EM.
//!
//! Dempster, Laird & Rubin (1977); the E step by patterns of missing values from sufficient statistics is
//! Schafer's (1997, ch. 5): an iteration costs the same for a thousand rows as for a million.

use nalgebra::{DMatrix, DVector};

use crate::arithmetic::growing::Growing;
use crate::arithmetic::kernel::{add_scaled, dot};
use crate::imputation::data::{Data, Pattern};
use crate::imputation::normal::Normal;

/// A column of which the others leave less than this part of its variance is determined by them.
const COLLINEAR: f64 = 1e-6;
/// Where they leave less than this, EM goes on: what looks like little left may be on its way to nothing ...
const SUSPICIOUS: f64 = 1e-3;
/// ... to this part of the tolerance.
const FURTHER: f64 = 1e-4;
/// Where EM does not converge, the ridge prior grows by this part of the rows ...
const RIDGE_STEP: f64 = 0.01;
/// ... and by no more than this; both are Amelia's.
const RIDGE_MOST: f64 = 0.05 + 1e-9;
/// The smallest coefficient (standardised) that counts as taking part in a dependence.
const TAKES_PART: f64 = 1e-3;

/// When to stop, and the ridge prior.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stop {
    pub(super) tolerance: f64,
    pub(super) max_iterations: usize,
    /// Rows' worth of prior belief in independence.
    pub(super) ridge: f64,
}

/// The parameters EM ended at and the way there.
#[derive(Debug, Clone)]
pub(super) struct Estimate {
    pub(super) normal: Normal,
    /// Largest absolute change of a parameter, iteration by iteration.
    pub(super) changes: Vec<f64>,
    /// The ridge prior it ended with.
    pub(super) ridge: f64,
}

/// Why EM gave no estimate.
#[derive(Debug)]
pub(super) enum Failure {
    /// A column that others determine: its position and theirs.
    Collinear(usize, Vec<usize>),
    /// Change left after the last iteration.
    NotConverged(f64),
}

/// Sufficient statistics of (weighted) rows, pattern by pattern.
#[derive(Debug)]
pub(super) struct SufficientStatistics<'a> {
    width: usize,
    total: f64,
    /// For each pattern its weight and the cross products of (1, observed).
    patterns: Vec<(&'a Pattern, f64, DMatrix<f64>)>,
    /// Cross products of (1, columns), observed with observed; lower triangle.
    observed: DMatrix<f64>,
}

impl<'a> SufficientStatistics<'a> {
    /// Of the rows of `data`, each counted as often as `counts` says.
    pub(super) fn new(data: &'a Data, counts: &[u32]) -> Self {
        let width = data.width();
        let mut statistics = SufficientStatistics {
            width,
            total: counts.iter().map(|count| f64::from(*count)).sum(),
            patterns: Vec::with_capacity(data.patterns.len()),
            observed: DMatrix::zeros(width + 1, width + 1),
        };
        for pattern in &data.patterns {
            let size = pattern.observed.len() + 1;
            let mut products = DMatrix::<f64>::zeros(size, size);
            let mut row = vec![1.0; size];
            for &position in pattern.rows.iter().filter(|row| counts[**row] > 0) {
                let values = data.row(position);
                for (cell, &column) in row[1..].iter_mut().zip(&pattern.observed) {
                    *cell = values[column];
                }
                let count = f64::from(counts[position]);
                for (b, column) in products.as_mut_slice().chunks_exact_mut(size).enumerate() {
                    add_scaled(&mut column[b..], count * row[b], &row[b..]);
                }
            }
            products.fill_upper_triangle_with_lower_triangle();
            let weight = products[(0, 0)];
            if weight == 0.0 {
                continue;
            }
            for b in 0..size {
                for a in b..size {
                    statistics.observed[(place(pattern, a), place(pattern, b))] += products[(a, b)];
                }
            }
            statistics.patterns.push((pattern, weight, products));
        }
        statistics
    }

    /// The maximum likelihood estimate from `start`.
    pub(super) fn estimate(&self, start: Normal, stop: Stop) -> Result<Estimate, Failure> {
        self.estimate_watched(start, stop, |_| {})
    }

    /// The same, showing every iteration's parameters to `watch`.
    pub(super) fn estimate_watched(
        &self,
        start: Normal,
        stop: Stop,
        mut watch: impl FnMut(&Normal),
    ) -> Result<Estimate, Failure> {
        let mut normal = start;
        let mut changes = Vec::new();
        let mut ridge = stop.ridge;
        let mut left = stop.max_iterations;
        let complete = self
            .patterns
            .iter()
            .all(|(pattern, ..)| pattern.missing.is_empty());
        loop {
            let next = self.step(&normal, ridge)?;
            let change = next.distance(&normal);
            normal = next;
            watch(&normal);
            changes.push(change);
            let converged = change <= stop.tolerance && determined(&normal, SUSPICIOUS).is_none();
            if converged || change <= FURTHER * stop.tolerance || complete {
                break;
            }
            left -= 1;
            if left == 0 || !change.is_finite() {
                collinear(&normal)?;
                ridge += RIDGE_STEP * self.total;
                if ridge - stop.ridge > RIDGE_MOST * self.total || !change.is_finite() {
                    return Err(Failure::NotConverged(change));
                }
                left = stop.max_iterations;
            }
        }
        collinear(&normal)?;
        Ok(Estimate {
            normal,
            changes,
            ridge,
        })
    }

    /// One iteration: expected cross products given the observed values, and the parameters they give.
    fn step(&self, normal: &Normal, ridge: f64) -> Result<Normal, Failure> {
        let width = self.width;
        let singular = || match collinear(normal) {
            Err(failure) => failure,
            Ok(()) => Failure::NotConverged(f64::NAN),
        };
        let precision = normal.precision().ok_or_else(singular)?;
        let mut products = self.observed.clone();
        for (pattern, weight, observed) in &self.patterns {
            if pattern.missing.is_empty() {
                continue;
            }
            let conditional = normal.conditional(&precision, pattern).ok_or_else(singular)?;
            let weights = &conditional.weights;
            let size = observed.nrows();
            let mut across = vec![0.0; size];
            for (a, &column) in pattern.missing.iter().enumerate() {
                across.fill(0.0);
                let columns = observed.as_slice().chunks_exact(size);
                for (column, weight) in columns.zip(weights.column(a).as_slice()) {
                    add_scaled(&mut across, *weight, column);
                }
                for (b, value) in across.iter().enumerate() {
                    products[sorted(column + 1, place(pattern, b))] += value;
                }
                for (b, &other) in pattern.missing[..=a].iter().enumerate() {
                    let explained = dot(&across, weights.column(b).as_slice());
                    products[(column + 1, other + 1)] += explained + weight * conditional.covariance[(a, b)];
                }
            }
        }
        let mean = DVector::from_fn(width, |a, _| products[(a + 1, 0)] / self.total);
        let about = |a: usize, b: usize| products[sorted(a + 1, b + 1)] - self.total * mean[a] * mean[b];
        let covariance = if ridge > 0.0 {
            // The mode under an inverse-Wishart prior of independence, as Amelia's `empri`.
            let total = self.total + ridge + width as f64 + 2.0;
            DMatrix::from_fn(width, width, |a, b| {
                (about(a, b) + if a == b { ridge } else { 0.0 }) / total
            })
        } else {
            DMatrix::from_fn(width, width, |a, b| about(a, b) / self.total)
        };
        Ok(Normal { mean, covariance })
    }

    /// Parameters to start at: those of the rows without missing values where there are enough of them, else
    /// uncorrelated columns of mean 0 and variance 1.
    pub(super) fn start(&self) -> Normal {
        let width = self.width;
        let complete = self
            .patterns
            .iter()
            .find(|(pattern, ..)| pattern.missing.is_empty());
        if let Some((_, weight, products)) = complete.filter(|(_, weight, _)| *weight > width as f64) {
            let mean = DVector::from_fn(width, |a, _| products[(a + 1, 0)] / weight);
            let covariance = DMatrix::from_fn(width, width, |a, b| {
                products[(a + 1, b + 1)] / weight - mean[a] * mean[b]
            });
            let normal = Normal { mean, covariance };
            if collinear(&normal).is_ok() {
                return normal;
            }
        }
        Normal {
            mean: DVector::zeros(width),
            covariance: DMatrix::identity(width, width),
        }
    }
}

/// Position in the cross products of column `b` of a pattern's.
fn place(pattern: &Pattern, b: usize) -> usize {
    if b == 0 { 0 } else { pattern.observed[b - 1] + 1 }
}

fn sorted(a: usize, b: usize) -> (usize, usize) {
    if a < b { (b, a) } else { (a, b) }
}

fn collinear(normal: &Normal) -> Result<(), Failure> {
    match determined(normal, COLLINEAR) {
        Some((column, others)) => Err(Failure::Collinear(column, others)),
        None => Ok(()),
    }
}

/// The first column of which those before it leave no more than a `part` of its variance, and those that take part
/// in its linear combination.
fn determined(normal: &Normal, part: f64) -> Option<(usize, Vec<usize>)> {
    let covariance = &normal.covariance;
    let mut growing = Growing::default();
    for k in 0..covariance.nrows() {
        let products = || covariance.column(k).into_iter().take(k).copied();
        let (row, pivot) = growing.reduce(products(), covariance[(k, k)]);
        if pivot.is_nan() || pivot <= part * covariance[(k, k)] {
            let combination = growing.combination(products());
            let others = (0..k).filter(|j| combination[*j].abs() > TAKES_PART).collect();
            return Some((k, others));
        }
        growing.push(row, pivot);
    }
    None
}
