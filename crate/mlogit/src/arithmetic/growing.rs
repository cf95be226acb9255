//! A Cholesky factor that grows by one column at a time: what each column adds to those before it.

use crate::arithmetic::kernel::{add_scaled, dot};

/// `L`, with `LL'` the inner products of the columns so far.
#[derive(Debug, Default)]
pub(crate) struct Growing {
    /// As long as their number, the pivot last.
    rows: Vec<Vec<f64>>,
}

impl Growing {
    /// The row of a column that is not there yet, but for its pivot, from its inner products with those that are; and what
    /// they leave of its `square`.
    #[inline(never)]
    pub(crate) fn reduce(&self, products: impl Iterator<Item = f64>, square: f64) -> (Vec<f64>, f64) {
        let mut row = Vec::with_capacity(self.rows.len() + 1);
        for (other, product) in self.rows.iter().zip(products) {
            let (before, pivot) = (&other[..row.len()], other[row.len()]);
            row.push((product - dot(before, &row)) / pivot);
        }
        let left = square - dot(&row, &row);
        (row, left)
    }

    /// Takes a column up, with its row and what is left of its square.
    pub(crate) fn push(&mut self, mut row: Vec<f64>, left: f64) {
        row.push(left.sqrt());
        self.rows.push(row);
    }

    /// The combination of the columns that is nearest to another one, from its inner products with them.
    pub(crate) fn combination(&self, products: impl Iterator<Item = f64>) -> Vec<f64> {
        let (mut x, _) = self.reduce(products, 0.0);
        for (k, row) in self.rows.iter().enumerate().rev() {
            x[k] /= row[k];
            let (before, from) = x.split_at_mut(k);
            add_scaled(before, -from[0], &row[..k]);
        }
        x
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Columns of three rows, the last of which is twice the first less the second.
    const COLUMNS: [[f64; 3]; 3] = [[1.0, 2.0, -1.0], [0.5, 1.0, 4.0], [1.5, 3.0, -6.0]];

    fn product(a: usize, b: usize) -> f64 {
        COLUMNS[a].iter().zip(COLUMNS[b]).map(|(x, y)| x * y).sum()
    }

    fn of_first(count: usize) -> Growing {
        let mut growing = Growing::default();
        for k in 0..count {
            let (row, left) = growing.reduce((0..k).map(|j| product(k, j)), product(k, k));
            growing.push(row, left);
        }
        growing
    }

    #[test]
    fn what_is_left_of_a_column_is_its_distance_from_those_before_it() {
        let (_, left) = of_first(1).reduce(std::iter::once(product(1, 0)), product(1, 1));
        // The second column less its projection on the first.
        let along = product(1, 0) / product(0, 0);
        let distance: f64 = COLUMNS[1]
            .iter()
            .zip(COLUMNS[0])
            .map(|(y, x)| (y - along * x) * (y - along * x))
            .sum();
        assert!((left - distance).abs() < 1e-12, "{left} {distance}");
        let (_, left) = of_first(2).reduce([product(2, 0), product(2, 1)].into_iter(), product(2, 2));
        assert!(left.abs() < 1e-12, "{left}");
    }

    #[test]
    fn the_combination_is_found() {
        let found = of_first(2).combination([product(2, 0), product(2, 1)].into_iter());
        assert!(
            (found[0] - 2.0).abs() < 1e-12 && (found[1] + 1.0).abs() < 1e-12,
            "{found:?}"
        );
    }
}
