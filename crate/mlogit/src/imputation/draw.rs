//! Draws of missing values from their conditional distribution.

use nalgebra::{Cholesky, DMatrix};

use super::data::{Data, Part, Pattern};
use super::normal::Normal;
use crate::random::Stream;

/// Draws from the conditional normal of one pattern.
#[derive(Debug)]
pub(super) struct Drawer<'a> {
    pattern: &'a Pattern,
    weights: DMatrix<f64>,
    /// Lower Cholesky factor of the covariance of the error.
    factor: DMatrix<f64>,
    bounds: Vec<(f64, f64)>,
    max_redraws: usize,
}

impl<'a> Drawer<'a> {
    /// `None` where the covariance is singular.
    pub(super) fn new(
        data: &Data,
        normal: &Normal,
        precision: &DMatrix<f64>,
        pattern: &'a Pattern,
        max_redraws: usize,
    ) -> Option<Self> {
        let conditional = normal.conditional(precision, pattern)?;
        Some(Drawer {
            pattern,
            weights: conditional.weights,
            factor: Cholesky::new(conditional.covariance)?.unpack(),
            bounds: pattern
                .missing
                .iter()
                .map(|&column| data.bounds[column])
                .collect(),
            max_redraws,
        })
    }

    /// Draws the missing columns of `row` (standardised) into `draw`, in their order; whether a value was still out of
    /// its bounds after the last redraw, and was set to the bound.
    ///
    /// All the row's missing values are redrawn together until every one is within its bounds: that is a draw
    /// from the truncated joint distribution.
    pub(super) fn draw(&self, row: &[f64], stream: &mut Stream, draw: &mut Vec<f64>) -> bool {
        let size = self.bounds.len();
        let mean: Vec<f64> = (0..size)
            .map(|a| {
                let mut mean = self.weights[(a, 0)];
                for (b, &column) in self.pattern.observed.iter().enumerate() {
                    mean += self.weights[(a, b + 1)] * row[column];
                }
                mean
            })
            .collect();
        let mut error = vec![0.0; size];
        for _ in 0..self.max_redraws.max(1) {
            error.iter_mut().for_each(|error| *error = stream.normal());
            draw.clear();
            draw.extend(
                (0..size).map(|a| (0..=a).fold(mean[a], |value, b| value + self.factor[(a, b)] * error[b])),
            );
            let within = |(value, (low, high)): (&f64, &(f64, f64))| low <= value && value <= high;
            if draw.iter().zip(&self.bounds).all(within) {
                return false;
            }
        }
        for (value, (low, high)) in draw.iter_mut().zip(&self.bounds) {
            *value = value.clamp(*low, *high);
        }
        true
    }
}

impl Part {
    /// The value of a nominal variable drawn from its `dummies` (in the units of the data), as a position in the
    /// levels.
    ///
    /// As Amelia does: dummies are cut off at 0 and 1 and, where they sum to more than 1, divided by their sum; they
    /// are then the probabilities of their levels, and the first level has what is left to 1.
    pub(super) fn level(&self, dummies: impl Iterator<Item = f64> + Clone, stream: &mut Stream) -> usize {
        let clipped = dummies.map(|dummy| dummy.clamp(0.0, 1.0));
        let sum = clipped.clone().sum::<f64>().max(1.0);
        let mut left = stream.uniform();
        for (position, probability) in clipped.enumerate() {
            left -= probability / sum;
            if left < 0.0 {
                return position + 1;
            }
        }
        0
    }
}
