//! Draws of missing values from their conditional distribution.

use nalgebra::{Cholesky, DMatrix};

use crate::arithmetic::random::Random;
use crate::imputation::data::{Data, Part, Pattern};
use crate::imputation::normal::Normal;

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
    pub(super) fn draw(&self, row: &[f64], random: &mut Random, draw: &mut Vec<f64>) -> bool {
        let size = self.bounds.len();
        let mean: Vec<f64> = (0..size)
            .map(|a| {
                let mut mean = self.weights[(0, a)];
                for (b, &column) in self.pattern.observed.iter().enumerate() {
                    mean += self.weights[(b + 1, a)] * row[column];
                }
                mean
            })
            .collect();
        let mut error = vec![0.0; size];
        for _ in 0..self.max_redraws.max(1) {
            random.normals(&mut error);
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
    pub(super) fn level(&self, dummies: impl Iterator<Item = f64> + Clone, random: &mut Random) -> usize {
        let clipped = dummies.map(|dummy| dummy.clamp(0.0, 1.0));
        let sum = clipped.clone().sum::<f64>().max(1.0);
        let mut left = random.uniform();
        for (position, probability) in clipped.enumerate() {
            left -= probability / sum;
            if left < 0.0 {
                return position + 1;
            }
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imputation::data::ImputationKind;

    #[test]
    fn levels_occur_as_often_as_their_dummies_say() {
        let part = Part {
            name: "g".to_owned(),
            kind: ImputationKind::Nominal,
            imputed: true,
            levels: Vec::new(),
            labels: Vec::new(),
            columns: Vec::new(),
            missing: Vec::new(),
        };
        let mut random = Random::new(3, 0);
        let mut shares = |dummies: [f64; 2]| -> [f64; 3] {
            let mut counts = [0.0; 3];
            for _ in 0..20_000 {
                counts[part.level(dummies.into_iter(), &mut random)] += 1.0 / 20_000.0;
            }
            counts
        };
        for (dummies, expected) in [
            ([0.2, 0.3], [0.5, 0.2, 0.3]),
            ([-0.4, 0.1], [0.9, 0.0, 0.1]),
            // Cut off at 1, and divided by the sum of 1.25.
            ([2.0, 0.25], [0.0, 0.8, 0.2]),
        ] {
            for (found, expected) in shares(dummies).into_iter().zip(expected) {
                assert!(
                    (found - expected).abs() < 0.015,
                    "{dummies:?}: {found}, not {expected}"
                );
            }
        }
    }
}
