//! Standardised parameters and their covariance, taken back to the units of the data.

use nalgebra::DMatrix;

use crate::data::design::Design;
use crate::likelihood::separation::Separated;

/// The matrix that takes standardised parameters back to the units of the data: slopes are divided by the
/// column's scale, and the intercept gives up what centring put into it.
pub(crate) fn unstandardise(design: &Design) -> DMatrix<f64> {
    let columns = design.recipes.len();
    let equations = design.outcomes().len() - 1;
    let mut back = DMatrix::zeros(columns * equations, columns * equations);
    for j in 0..equations {
        let intercept = j * columns;
        if design.has_intercept() {
            back[(intercept, intercept)] = 1.0;
        }
        for (k, recipe) in design.slopes() {
            back[(intercept + k, intercept + k)] = 1.0 / recipe.scale;
            if design.has_intercept() {
                back[(intercept, intercept + k)] = -recipe.mean / recipe.scale;
            }
        }
    }
    back
}

/// Parameters in the units of the data.
pub(crate) fn raw_parameters(design: &Design, parameters: &[f64], separated: &Separated) -> Vec<f64> {
    let mut raw = parameters.to_vec();
    raw.chunks_exact_mut(design.recipes.len())
        .for_each(|equation| to_raw(design, equation));
    for (position, infinity) in &separated.parameters {
        raw[*position] = *infinity;
    }
    raw
}

/// [`unstandardise`] on one equation.
fn to_raw(design: &Design, equation: &mut [f64]) {
    let mut shift = 0.0;
    for (k, recipe) in design.slopes() {
        equation[k] /= recipe.scale;
        shift += equation[k] * recipe.mean;
    }
    if design.has_intercept() {
        equation[0] -= shift;
    }
}

/// The covariance in the units of the data; not a number for coefficients without an estimate.
pub(crate) fn raw_covariance(design: &Design, covariance: &DMatrix<f64>, raw: &[f64]) -> DMatrix<f64> {
    let columns = design.recipes.len();
    let mut raw_covariance = covariance.clone();
    // Columns, then rows.
    for _ in 0..2 {
        for equation in raw_covariance.as_mut_slice().chunks_exact_mut(columns) {
            to_raw(design, equation);
        }
        raw_covariance.transpose_mut();
    }
    for (position, _) in raw.iter().enumerate().filter(|(_, value)| !value.is_finite()) {
        raw_covariance.row_mut(position).fill(f64::NAN);
        raw_covariance.column_mut(position).fill(f64::NAN);
    }
    raw_covariance
}
