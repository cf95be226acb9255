//! Linear dependence among the columns of a design matrix.

use nalgebra::{Cholesky, DMatrix, DVector};

use crate::kernel::{self, BLOCK, Strip};
use crate::sample::{Labels, Rows, width};
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
/// Returns the Gram matrix of the columns, by rows.
///
/// # Errors
/// [`Error::Collinear`] with the first dependent term and the terms that determine it, [`Error::Constant`] where
/// that is the intercept alone.
pub(crate) fn check(design: &Design, rows: Rows<'_>, weight: &dyn Fn(usize) -> f64) -> Result<Vec<f64>> {
    let columns = design.recipes.len();
    let gram = gram(design, rows);
    let total = gram[0];
    let product = |a: &[f64], b: &[f64]| -> f64 {
        let terms = a.iter().zip(b).enumerate();
        terms.map(|(row, (x, y))| weight(row) * x * y).sum::<f64>() / total
    };
    let mut factor = DMatrix::<f64>::zeros(columns, columns);
    for k in 0..columns {
        let square = gram[k * columns + k] / total;
        let mut pivot = square;
        for j in 0..k {
            let mut value = gram[k * columns + j] / total;
            for i in 0..j {
                value -= factor[(k, i)] * factor[(j, i)];
            }
            factor[(k, j)] = value / factor[(j, j)];
            pivot -= factor[(k, j)] * factor[(k, j)];
        }
        if pivot < SUSPICIOUS * square {
            let before = Cholesky::pack_dirty(factor.view((0, 0), (k, k)).into_owned());
            let (left, combination) = residual(design, k, &before, &product);
            if left < TOLERANCE * square.sqrt() {
                let recipe = &design.recipes[k];
                let takes_part = |j: &usize| *j > 0 && combination[*j].abs() > TAKES_PART;
                let others: Vec<String> = (0..k)
                    .filter(takes_part)
                    .map(|j| design.recipes[j].name.clone())
                    .collect();
                if others.is_empty() {
                    return Err(Error::Constant {
                        term: recipe.name.clone(),
                        value: recipe.mean + recipe.scale * combination[0],
                    });
                }
                return Err(Error::Collinear {
                    term: recipe.name.clone(),
                    others,
                });
            }
            pivot = pivot.max(left * left);
        }
        factor[(k, k)] = pivot.sqrt();
    }
    Ok(gram)
}

/// Weighted inner products of all columns, by rows.
fn gram(design: &Design, rows: Rows<'_>) -> Vec<f64> {
    const EMPTY: Strip = [0.0; BLOCK];
    let (columns, width) = (design.recipes.len(), width(design));
    let (mut room, mut labels) = (vec![EMPTY; width], Labels::EMPTY);
    let mut totals = vec![0.0; width * width];
    let mut scaled = [EMPTY; 2];
    for index in 0..rows.blocks() {
        let (strips, labels) = rows.block(index, &mut room, &mut labels);
        let totals = totals.chunks_exact_mut(2 * width);
        for ((pair, strips_of_pair), totals) in strips.as_chunks::<2>().0.iter().enumerate().zip(totals) {
            for (scaled, strip) in scaled.iter_mut().zip(strips_of_pair) {
                kernel::scale(&labels.weights, strip, scaled);
            }
            kernel::add_products(&scaled, strips, 2 * pair + 2, width, totals);
        }
    }
    let entry = |k: usize, m: usize| totals[k.max(m) * width + k.min(m)];
    (0..columns)
        .flat_map(|k| (0..columns).map(move |m| (k, m)))
        .map(|(k, m)| entry(k, m))
        .collect()
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
