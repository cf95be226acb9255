//! Linear dependence among the columns of a design matrix.

use nalgebra::{Cholesky, DMatrix, DVector};

use crate::{Design, Error, Result};

/// A column is dependent where what the others leave of it is smaller than this part of it (R's `lm` uses the
/// same).
const TOLERANCE: f64 = 1e-7;
/// The Gram matrix squares that part. Above this it can be trusted; below, the residual itself is looked at.
const SUSPICIOUS: f64 = 1e-6;
/// The smallest coefficient (of standardised columns) that counts as taking part in a dependence.
const TAKES_PART: f64 = 1e-5;

/// Checks that each column adds something to those before it.
///
/// A Cholesky factor is grown column by column. It alone would be no rank check: it succeeds on dependent
/// columns as often as not. So a small pivot only raises suspicion, and the column's residual on the columns
/// before it, computed from the data, decides.
///
/// # Errors
/// [`Error::Collinear`] with the first dependent term and the terms that determine it.
pub(crate) fn check(design: &Design) -> Result<()> {
    let columns = design.recipes.len();
    let total = design.total_weight();
    let product = |a: &[f64], b: &[f64]| -> f64 {
        let terms = a
            .iter()
            .zip(b)
            .enumerate()
            .map(|(row, (x, y))| design.weight(row) * x * y);
        terms.sum::<f64>() / total
    };
    let mut factor = DMatrix::<f64>::zeros(columns, columns);
    for k in 0..columns {
        let mut pivot = product(design.column(k), design.column(k));
        for j in 0..k {
            let mut value = product(design.column(k), design.column(j));
            for i in 0..j {
                value -= factor[(k, i)] * factor[(j, i)];
            }
            factor[(k, j)] = value / factor[(j, j)];
            pivot -= factor[(k, j)] * factor[(k, j)];
        }
        if pivot < SUSPICIOUS {
            let before = Cholesky::pack_dirty(factor.view((0, 0), (k, k)).into_owned());
            let (left, combination) = residual(design, k, &before, &product);
            if left < TOLERANCE {
                let takes_part = |j: &usize| *j > 0 && combination[*j].abs() > TAKES_PART;
                let others = (0..k)
                    .filter(takes_part)
                    .map(|j| design.recipes[j].name.clone())
                    .collect();
                return Err(Error::Collinear {
                    term: design.recipes[k].name.clone(),
                    others,
                });
            }
            pivot = pivot.max(left * left);
        }
        factor[(k, k)] = pivot.sqrt();
    }
    Ok(())
}

/// What the columns before `k` leave of it (root mean square) and the combination of them that does.
fn residual(
    design: &Design,
    k: usize,
    before: &Cholesky<f64, nalgebra::Dyn>,
    product: &dyn Fn(&[f64], &[f64]) -> f64,
) -> (f64, DVector<f64>) {
    let mut left = design.column(k).to_vec();
    let mut combination = DVector::zeros(k);
    // The second round takes out what rounding left in the first.
    for _ in 0..2 {
        let step = before.solve(&DVector::from_fn(k, |j, _| product(design.column(j), &left)));
        for j in 0..k {
            for (cell, value) in left.iter_mut().zip(design.column(j)) {
                *cell -= step[j] * value;
            }
        }
        combination += step;
    }
    (product(&left, &left).sqrt(), combination)
}
