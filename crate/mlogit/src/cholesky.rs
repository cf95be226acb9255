//! Cholesky factor of an information matrix, in place and row by row.

use nalgebra::DMatrix;

use crate::kernel::{add_scaled, dot};

/// A lower triangle `L` with `L L'` the matrix factored.
#[derive(Debug, Clone)]
pub(crate) struct Cholesky {
    size: usize,
    /// Row-major; what lies above the diagonal has no meaning.
    lower: Vec<f64>,
}

impl Cholesky {
    /// Factors a symmetric matrix given by rows, of which the lower triangle is read; `None` where it is not
    /// positive definite as far as rounding lets one see.
    pub(crate) fn new(size: usize, matrix: Vec<f64>) -> Option<Self> {
        let mut lower = matrix;
        for i in 0..size {
            let (before, row) = lower.split_at_mut(i * size);
            for (j, above) in before.chunks_exact(size).enumerate() {
                row[j] = (row[j] - dot(&row[..j], &above[..j])) / above[j];
            }
            let pivot = row[i] - dot(&row[..i], &row[..i]);
            if !(pivot > 0.0 && pivot.is_finite()) {
                return None;
            }
            row[i] = pivot.sqrt();
        }
        Some(Cholesky { size, lower })
    }

    /// The factor of `times` the matrix.
    pub(crate) fn scaled(mut self, times: f64) -> Self {
        let root = times.sqrt();
        self.lower.iter_mut().for_each(|value| *value *= root);
        self
    }

    /// Solves `matrix * x = right`.
    pub(crate) fn solve(&self, right: &[f64]) -> Vec<f64> {
        let mut x = right.to_vec();
        for i in 0..self.size {
            let row = self.row(i);
            x[i] = (x[i] - dot(&row[..i], &x[..i])) / row[i];
        }
        for i in (0..self.size).rev() {
            let row = self.row(i);
            let (before, at) = x.split_at_mut(i);
            at[0] /= row[i];
            add_scaled(before, -at[0], row);
        }
        x
    }

    /// The inverse of the matrix: `L^-T L^-1`.
    pub(crate) fn inverse(&self) -> DMatrix<f64> {
        let size = self.size;
        let mut root = vec![0.0; size * size];
        for i in 0..size {
            let row = self.row(i);
            let (before, into) = root.split_at_mut(i * size);
            for (j, above) in before.chunks_exact(size).enumerate() {
                add_scaled(&mut into[..=j], -row[j] / row[i], above);
            }
            into[i] = 1.0 / row[i];
        }
        let mut inverse = vec![0.0; size * size];
        for (i, row) in root.chunks_exact(size).enumerate() {
            for (a, into) in inverse.chunks_exact_mut(size).enumerate().take(i + 1) {
                add_scaled(&mut into[..=a], row[a], row);
            }
        }
        for a in 0..size {
            for b in 0..a {
                inverse[b * size + a] = inverse[a * size + b];
            }
        }
        DMatrix::from_vec(size, size, inverse)
    }

    /// The smallest square of a pivot relative to the diagonal of the matrix: near zero where some parameters
    /// are hardly told apart from those before them.
    pub(crate) fn least_pivot(&self) -> f64 {
        let part = |i: usize| {
            let row = &self.row(i)[..=i];
            row[i] * row[i] / dot(row, row)
        };
        (0..self.size).map(part).fold(1.0, f64::min)
    }

    /// The diagonal of `L`.
    pub(crate) fn pivots(&self) -> impl Iterator<Item = f64> {
        (0..self.size).map(|i| self.row(i)[i])
    }

    fn row(&self, i: usize) -> &[f64] {
        &self.lower[i * self.size..(i + 1) * self.size]
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
            let left = &matrix * solution - nalgebra::DVector::from_vec(right);
            assert!(left.amax() < 1e-11, "{left}");
            let identity = &matrix * factor.inverse();
            assert!((identity - DMatrix::identity(size, size)).amax() < 1e-11);
        }
    }

    #[test]
    fn what_is_not_positive_definite_is_refused() {
        assert!(Cholesky::new(2, vec![1.0, 2.0, 2.0, 1.0]).is_none());
        assert!(Cholesky::new(2, vec![1.0, 0.0, 0.0, f64::NAN]).is_none());
        let nearly = Cholesky::new(2, vec![1.0, 1.0, 1.0, 1.0 + 1e-12]).unwrap();
        assert!(nearly.least_pivot() < 2e-12);
    }
}
