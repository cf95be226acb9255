//! Cholesky factor of an information matrix, in place and row by row.

use nalgebra::DMatrix;

use crate::arithmetic::kernel::{add_scaled, dot};

/// An upper triangle `U` with `U'U` the matrix factored.
#[derive(Debug, Clone)]
pub(crate) struct Cholesky {
    size: usize,
    /// Row-major; what lies below the diagonal has no meaning.
    upper: Vec<f64>,
}

impl Cholesky {
    /// Factors a symmetric matrix given by rows, of which the upper triangle is read; `None` where it is not
    /// positive definite as far as rounding lets one see.
    ///
    /// Each row that is finished is taken out of all below it at once: sums that wait for no other sum.
    pub(crate) fn new(size: usize, matrix: Vec<f64>) -> Option<Self> {
        let mut upper = matrix;
        for k in 0..size {
            let (row, below) = upper[k * size..].split_at_mut(size);
            let pivot = row[k];
            if !(pivot > 0.0 && pivot.is_finite()) {
                return None;
            }
            let root = pivot.sqrt();
            row[k] = root;
            row[k + 1..].iter_mut().for_each(|value| *value /= root);
            for (i, into) in (k + 1..).zip(below.chunks_exact_mut(size)) {
                add_scaled(&mut into[i..], -row[i], &row[i..]);
            }
        }
        Some(Cholesky { size, upper })
    }

    /// The factor of `times` the matrix.
    pub(crate) fn scaled(mut self, times: f64) -> Self {
        let root = times.sqrt();
        self.upper.iter_mut().for_each(|value| *value *= root);
        self
    }

    /// Solves `matrix * x = right`.
    pub(crate) fn solve(&self, right: &[f64]) -> Vec<f64> {
        let mut x = right.to_vec();
        for i in 0..self.size {
            let row = self.row(i);
            x[i] /= row[0];
            let (before, after) = x.split_at_mut(i + 1);
            add_scaled(after, -before[i], &row[1..]);
        }
        for i in (0..self.size).rev() {
            let row = self.row(i);
            x[i] = (x[i] - dot(&row[1..], &x[i + 1..])) / row[0];
        }
        x
    }

    /// The inverse of the matrix: `U^-1 U^-T`.
    pub(crate) fn inverse(&self) -> DMatrix<f64> {
        let size = self.size;
        let mut root = vec![0.0; size * size];
        for i in (0..size).rev() {
            let (pivot, row) = (self.row(i)[0], &self.row(i)[1..]);
            let (before, after) = root.split_at_mut((i + 1) * size);
            let into = &mut before[i * size..];
            into[i] = 1.0 / pivot;
            for ((j, below), value) in (i + 1..).zip(after.chunks_exact(size)).zip(row) {
                add_scaled(&mut into[j..], -value / pivot, &below[j..]);
            }
        }
        let mut inverse = DMatrix::zeros(size, size);
        for (a, left) in root.chunks_exact(size).enumerate() {
            for (b, right) in root.chunks_exact(size).enumerate().skip(a) {
                let value = dot(&left[b..], &right[b..]);
                inverse[(a, b)] = value;
                inverse[(b, a)] = value;
            }
        }
        inverse
    }

    /// The smallest square of a pivot relative to the diagonal of the matrix: near zero where some parameters
    /// are hardly told apart from those before them.
    pub(crate) fn least_pivot(&self) -> f64 {
        let mut diagonal = vec![0.0; self.size];
        for i in 0..self.size {
            for (sum, value) in diagonal[i..].iter_mut().zip(self.row(i)) {
                *sum += value * value;
            }
        }
        let parts = self.pivots().zip(diagonal);
        parts.fold(1.0, |least, (pivot, diagonal)| {
            least.min(pivot * pivot / diagonal)
        })
    }

    /// The diagonal of `U`.
    pub(crate) fn pivots(&self) -> impl Iterator<Item = f64> {
        (0..self.size).map(|i| self.row(i)[0])
    }

    /// From the diagonal on.
    fn row(&self, i: usize) -> &[f64] {
        &self.upper[i * self.size + i..(i + 1) * self.size]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(size: usize) -> DMatrix<f64> {
        let root = DMatrix::from_fn(size, size + 3, |i, j| ((i * 7 + j * 11) % 13) as f64 / 13.0 - 0.4);
        &root * root.transpose() + DMatrix::identity(size, size)
    }

    #[test]
    fn solves_and_inverts() {
        for size in [1, 2, 5, 12, 31] {
            let matrix = matrix(size);
            let factor = Cholesky::new(size, matrix.as_slice().to_vec()).unwrap();
            let right: Vec<f64> = (0..size).map(|i| i as f64 - 2.5).collect();
            let solution = nalgebra::DVector::from_vec(factor.solve(&right));
            let left = &matrix * solution - nalgebra::DVector::from_column_slice(&right);
            assert!(left.amax() < 1e-11, "{left}");
            let four = nalgebra::DVector::from_vec(factor.clone().scaled(4.0).solve(&right));
            let fourth = nalgebra::DVector::from_vec(factor.solve(&right)) / 4.0;
            assert!(
                (four - &fourth).amax() <= 1e-12 * fourth.amax(),
                "of four times the matrix"
            );
            let identity = &matrix * factor.inverse();
            assert!((identity - DMatrix::identity(size, size)).amax() < 1e-11);
        }
    }

    #[test]
    fn what_is_not_positive_definite_is_refused() {
        assert!(Cholesky::new(2, vec![1.0, 2.0, 2.0, 1.0]).is_none());
        assert!(Cholesky::new(2, vec![1.0, 0.0, 0.0, f64::NAN]).is_none());
        // The second column keeps 4 of its 5 when the first is taken out.
        let most = Cholesky::new(2, vec![4.0, 2.0, 2.0, 5.0]).unwrap();
        assert_eq!(most.least_pivot(), 0.8);
        assert_eq!(most.pivots().collect::<Vec<_>>(), [2.0, 2.0]);
        let nearly = Cholesky::new(2, vec![1.0, 1.0, 1.0, 1.0 + 1e-12]).unwrap();
        assert!(nearly.least_pivot() < 2e-12);
    }
}
