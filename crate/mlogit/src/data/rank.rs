//! Linear dependence among the columns of a design matrix.

use crate::arithmetic::growing::Growing;
use crate::arithmetic::kernel::{self, Strip};
use crate::arithmetic::sample::Sample;
use crate::data::recipe::Recipe;
use crate::error::{Error, Result};

/// A column is dependent where what the others leave of it is smaller than this part of it (R's `lm` uses the
/// same).
const TOLERANCE: f64 = 1e-7;
/// The Gram matrix squares that part. Above this it can be trusted; below, the residual itself is looked at.
const SUSPICIOUS: f64 = 1e-6;
/// The smallest coefficient (of standardised columns) that counts as taking part in a dependence.
const TAKES_PART: f64 = 1e-5;

/// Checks that each column of `sample`, rows of a design with these recipes, adds something to those before it.
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
pub(crate) fn check(recipes: &[Recipe], sample: &Sample) -> Result<Vec<f64>> {
    let columns = recipes.len();
    let gram = gram(sample);
    let total = sample.total_weight();
    let mut growing = Growing::default();
    for k in 0..columns {
        let square = gram[k * columns + k] / total;
        let products = gram[k * columns..].iter().map(|product| product / total);
        let (row, mut pivot) = growing.reduce(products, square);
        if pivot < SUSPICIOUS * square {
            let (left, combination) = residual(sample, k, &growing);
            if left < TOLERANCE * square.sqrt() {
                let recipe = &recipes[k];
                let intercept = |j: usize| recipes[j].pieces.is_empty();
                let takes_part = |j: &usize| !intercept(*j) && combination[*j].abs() > TAKES_PART;
                let others: Vec<String> = (0..k)
                    .filter(takes_part)
                    .map(|j| recipes[j].name.clone())
                    .collect();
                if others.is_empty() && intercept(0) {
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
        growing.push(row, pivot);
    }
    Ok(gram)
}

/// Weighted inner products of all columns, by rows.
fn gram(sample: &Sample) -> Vec<f64> {
    let columns = sample.columns();
    let mut gram = vec![0.0; columns * columns];
    let mut scaled = [Strip::ZERO; 2];
    for (strips, labels) in sample.blocks() {
        // Two rows of the triangle at a time.
        let rows = gram.chunks_mut(2 * columns).zip(strips.chunks(2));
        for (pair, (totals, strips_of_rows)) in rows.enumerate() {
            for (scaled, strip) in scaled.iter_mut().zip(strips_of_rows) {
                kernel::scale(&labels.weights, strip, scaled);
            }
            let taken = strips_of_rows.len();
            kernel::add_products(&scaled[..taken], strips, labels.rows, 2 * pair + taken, totals);
        }
    }
    for k in 0..columns {
        for m in 0..k {
            gram[m * columns + k] = gram[k * columns + m];
        }
    }
    gram
}

/// What the columns before `k` leave of it (root mean square) and the combination of them that does.
fn residual(sample: &Sample, k: usize, before: &Growing) -> (f64, Vec<f64>) {
    let mut left: Vec<Strip> = sample.column(k).copied().collect();
    let mut combination = vec![0.0; k];
    // The second round takes out what rounding left in the first.
    for _ in 0..2 {
        let step = before.combination((0..k).map(|j| product(sample, sample.column(j), &left)));
        for (j, step) in step.iter().enumerate() {
            for (left, strip) in left.iter_mut().zip(sample.column(j)) {
                kernel::add_scaled(&mut left[..], -step, &strip[..]);
            }
        }
        kernel::add_scaled(&mut combination, 1.0, &step);
    }
    (product(sample, left.iter(), &left).sqrt(), combination)
}

/// Weighted mean of the products of two columns.
fn product<'a>(sample: &Sample, a: impl Iterator<Item = &'a Strip>, b: &[Strip]) -> f64 {
    let parts = sample.blocks().zip(a.zip(b));
    let products = parts.map(|((_, labels), (a, b))| {
        let mut weighted = Strip::ZERO;
        kernel::scale(&labels.weights, a, &mut weighted);
        kernel::product(&weighted, b)
    });
    products.sum::<f64>() / sample.total_weight()
}
