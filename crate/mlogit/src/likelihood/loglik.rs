//! Log-likelihood of the multinomial logit with its gradient and information.
//!
//! For row `i` with weight `w`, observed outcome `y` and probabilities `p_j = exp(x'b_j) / sum_l exp(x'b_l)`,
//! base outcome at `b = 0`: log-likelihood `w log p_y`, gradient of `b_j`: `w (1[y = j] - p_j) x`, information
//! of `(b_j, b_l)`: `w p_j (1[j = l] - p_l) x x'` (McFadden 1974).
//!
//! Rows are taken in blocks that stay in the first-level cache. The information's blocks for all pairs of
//! outcomes are summed in one sweep over each block of rows, lower triangles only ([`crate::kernel`]).

use wide::f64x2;

use crate::arithmetic::elementary;
use crate::arithmetic::kernel::{self, BLOCK, Coarse, Rows, Strip, add_scaled};
use crate::arithmetic::sample::{Labels, Sample};
use crate::data::design::Design;
use crate::likelihood::probability::{Softmax, curvatures, pairs};

/// Log-likelihood and gradient at a point; parameters run equation by equation.
#[derive(Debug, Clone)]
pub(crate) struct Evaluation {
    pub(crate) loglik: f64,
    pub(crate) gradient: Vec<f64>,
}

/// Buffers of one evaluation, reused from one to the next.
#[derive(Debug)]
pub(crate) struct Workspace {
    columns: usize,
    equations: usize,
    softmax: Softmax,
    /// Linear predictor of the outcome observed.
    seen: Strip,
    /// For each equation and the base outcome: weighted residuals.
    residual: Vec<Strip>,
    /// For each pair of equations: weights of the information's blocks.
    curvature: Vec<Strip>,
    /// For each pair: the same times a column.
    scaled: Vec<Strip>,
    coarse: InSinglePrecision,
    /// `columns` x `pairs` x `columns`.
    products: Vec<f64>,
}

/// Columns, curvatures and their products once more.
#[derive(Debug)]
struct InSinglePrecision {
    columns: Vec<Coarse>,
    curvature: Vec<Coarse>,
    scaled: Vec<Coarse>,
}

/// How exact an information matrix is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Precision {
    Double,
    /// Good to about six digits, in half the time: enough to find the way to the maximum, where it is well conditioned.
    Single,
}

impl Workspace {
    pub(crate) fn new(design: &Design) -> Self {
        let outcomes = design.outcomes().len();
        let (columns, pairs) = (design.recipes.len(), pairs(outcomes - 1));
        Workspace {
            columns,
            equations: outcomes - 1,
            softmax: Softmax::new(outcomes),
            seen: Strip::ZERO,
            residual: vec![Strip::ZERO; outcomes],
            curvature: vec![Strip::ZERO; pairs],
            scaled: vec![Strip::ZERO; pairs],
            coarse: InSinglePrecision {
                columns: vec![Coarse::ZERO; columns],
                curvature: vec![Coarse::ZERO; pairs],
                scaled: vec![Coarse::ZERO; pairs],
            },
            products: vec![0.0; columns * pairs * columns],
        }
    }

    /// Number of parameters.
    pub(crate) fn parameters(&self) -> usize {
        self.columns * self.equations
    }

    /// Log-likelihood and gradient at `parameters` (`columns` x `equations`, column-major).
    pub(crate) fn evaluate(&mut self, sample: &Sample, parameters: &[f64]) -> Evaluation {
        self.sweep(sample, parameters, None)
    }

    /// The same, and the information beside them, by rows.
    pub(crate) fn evaluate_with_information(
        &mut self,
        sample: &Sample,
        parameters: &[f64],
        precision: Precision,
    ) -> (Evaluation, Vec<f64>) {
        self.products.fill(0.0);
        let evaluation = self.sweep(sample, parameters, Some(precision));
        (evaluation, self.information())
    }

    /// `sum w s s'` of the scores `s` of the rows, by rows: the information's blocks with the products of residuals
    /// for weights.
    pub(crate) fn score_products(&mut self, sample: &Sample, parameters: &[f64]) -> Vec<f64> {
        self.products.fill(0.0);
        for (columns, labels) in sample.blocks() {
            self.softmax.probabilities(columns, parameters);
            let ones = &Strip::filled(1.0);
            residuals(ones, &labels.observed, &self.softmax.strips, &mut self.residual);
            let mut curvature = self.curvature.iter_mut();
            for (j, first) in self.residual[..self.equations].iter().enumerate() {
                for (second, curvature) in self.residual[..=j].iter().zip(&mut curvature) {
                    let rows = labels
                        .weights
                        .lanes()
                        .iter()
                        .zip(first.lanes())
                        .zip(second.lanes());
                    for (into, ((weight, first), second)) in curvature.lanes_mut().iter_mut().zip(rows) {
                        *into = *weight * *first * *second;
                    }
                }
            }
            self.add_information(columns, labels.rows, Precision::Double);
        }
        self.information()
    }

    /// Calls `visit` with the columns of each block and the weighted residuals of each equation.
    pub(crate) fn each_residual(
        &mut self,
        sample: &Sample,
        parameters: &[f64],
        mut visit: impl FnMut(&[Strip], &[Strip]),
    ) {
        for (columns, labels) in sample.blocks() {
            self.softmax.probabilities(columns, parameters);
            let (weights, observed) = (&labels.weights, &labels.observed);
            residuals(weights, observed, &self.softmax.strips, &mut self.residual);
            visit(columns, &self.residual[..self.equations]);
        }
    }

    fn sweep(&mut self, sample: &Sample, parameters: &[f64], information: Option<Precision>) -> Evaluation {
        let mut loglik = 0.0;
        let mut gradient = vec![0.0; parameters.len()];
        for (columns, labels) in sample.blocks() {
            loglik += self.probabilities(columns, labels, parameters);
            let residual = &self.residual[..self.equations];
            kernel::add_products(residual, columns, labels.rows, self.columns, &mut gradient);
            if let Some(precision) = information {
                curvatures(&labels.weights, &self.softmax.strips, &mut self.curvature);
                self.add_information(columns, labels.rows, precision);
            }
        }
        Evaluation { loglik, gradient }
    }

    /// Adds a block's part, weighted by `curvature`, to the products.
    fn add_information(&mut self, columns: &[Strip], rows: usize, precision: Precision) {
        let Workspace {
            curvature,
            scaled,
            coarse,
            products,
            ..
        } = self;
        match precision {
            Precision::Double => add_weighted(columns, curvature, rows, scaled, products),
            Precision::Single => {
                let round = |from: &[Strip], into: &mut [Coarse]| {
                    for (into, strip) in into.iter_mut().zip(from) {
                        *into = Coarse::of(strip);
                    }
                };
                round(columns, &mut coarse.columns);
                round(curvature, &mut coarse.curvature);
                let InSinglePrecision {
                    columns,
                    curvature,
                    scaled,
                } = coarse;
                add_weighted(columns, curvature, rows, scaled, products);
            }
        }
    }

    /// Probabilities and weighted residuals of a block; returns its log-likelihood.
    fn probabilities(&mut self, columns: &[Strip], labels: &Labels, parameters: &[f64]) -> f64 {
        let Workspace {
            softmax,
            seen,
            residual,
            ..
        } = self;
        softmax.predict(columns, parameters);
        for ((row, seen), &observed) in seen.iter_mut().enumerate().zip(&labels.observed) {
            *seen = softmax.strips[observed as usize][row];
        }
        softmax.normalise();
        let mut loglik = f64x2::ZERO;
        let sums = softmax.taken_out.lanes().iter().zip(softmax.sum.lanes());
        let rows = labels.weights.lanes().iter().zip(seen.lanes()).zip(sums);
        for ((weight, seen), (taken_out, sum)) in rows {
            loglik += *weight * (*seen - (*taken_out + elementary::ln(*sum)));
        }
        residuals(&labels.weights, &labels.observed, &softmax.strips, residual);
        kernel::sum(loglik)
    }

    fn information(&self) -> Vec<f64> {
        let (columns, pairs) = (self.columns, self.curvature.len());
        let size = columns * self.equations;
        let mut information = vec![0.0; size * size];
        for (k, products) in self.products.chunks_exact(pairs * columns).enumerate() {
            let mut products = products.chunks_exact(columns);
            for j in 0..self.equations {
                for (l, products) in (0..=j).zip(&mut products) {
                    for (m, &value) in products[..=k].iter().enumerate() {
                        for (a, b) in [
                            (j * columns + k, l * columns + m),
                            (j * columns + m, l * columns + k),
                        ] {
                            information[a * size + b] = value;
                            information[b * size + a] = value;
                        }
                    }
                }
            }
        }
        information
    }
}

/// Adds to `products`, for each column and each weight, the products with the columns up to that one.
fn add_weighted<R: Rows>(columns: &[R], weights: &[R], rows: usize, scaled: &mut [R], products: &mut [f64]) {
    let totals = products.chunks_exact_mut(weights.len() * columns.len());
    for ((k, column), totals) in columns.iter().enumerate().zip(totals) {
        for (scaled, weight) in scaled.iter_mut().zip(weights) {
            kernel::scale(weight, column, scaled);
        }
        kernel::add_products(scaled, columns, rows, k + 1, totals);
    }
}

/// For each outcome `w (1[y = j] - p_j)`.
fn residuals(weights: &Strip, observed: &[u32; BLOCK], probabilities: &[Strip], into: &mut [Strip]) {
    for (residual, probability) in into.iter_mut().zip(probabilities) {
        let rows = weights.lanes().iter().zip(probability.lanes());
        for (into, (weight, probability)) in residual.lanes_mut().iter_mut().zip(rows) {
            *into = -(*weight * *probability);
        }
    }
    for ((row, weight), &observed) in weights.iter().enumerate().zip(observed) {
        into[observed as usize][row] += weight;
    }
}

/// The maximum of the model with intercepts only.
pub(crate) fn null_start(design: &Design) -> Vec<f64> {
    let counts = design.counts();
    let base = design.frame.outcome.base;
    let mut start = Vec::with_capacity((counts.len() - 1) * design.recipes.len());
    for (_, count) in counts.iter().enumerate().filter(|(outcome, _)| *outcome != base) {
        let mut slopes = design.recipes.len();
        if design.has_intercept() {
            start.push(libm::log(count / counts[base]));
            slopes -= 1;
        }
        start.extend(std::iter::repeat_n(0.0, slopes));
    }
    start
}

/// The information where all slopes are zero, by rows: the Gram matrix of the columns times
/// `p_j (1[j = l] - p_l)` for each pair of equations.
pub(crate) fn information_without_slopes(design: &Design, parameters: &[f64]) -> Vec<f64> {
    let columns = design.recipes.len();
    let odds: Vec<f64> = parameters
        .iter()
        .step_by(columns)
        // Without an intercept every outcome is as likely.
        .map(|b| {
            if design.has_intercept() {
                libm::exp(*b)
            } else {
                1.0
            }
        })
        .collect();
    let sum = 1.0 + odds.iter().sum::<f64>();
    let size = parameters.len();
    let mut information = vec![0.0; size * size];
    for (j, p) in odds.iter().map(|odds| odds / sum).enumerate() {
        for (l, q) in odds.iter().map(|odds| odds / sum).enumerate() {
            let curvature = p * (f64::from(u8::from(j == l)) - q);
            for (k, row) in design.gram.chunks_exact(columns).enumerate() {
                let into = &mut information[(j * columns + k) * size + l * columns..][..columns];
                add_scaled(into, curvature, row);
            }
        }
    }
    information
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::generated;

    /// The log-likelihood row by row from libm's functions, and its derivatives by central differences.
    #[test]
    fn gradient_and_information_are_derivatives() {
        let fit = generated("y ~ x * z + g").fit;
        let design = fit.design();
        let mut workspace = Workspace::new(design);
        let here: Vec<f64> = fit.parameters.iter().map(|value| value * 0.7 + 0.1).collect();
        let (evaluation, information) =
            workspace.evaluate_with_information(&design.sample, &here, Precision::Double);
        let columns = design.recipes.len();
        let mut loglik = 0.0;
        for row in 0..design.rows() {
            let eta = |coefficients: &[f64]| -> f64 {
                let terms = coefficients.iter().enumerate();
                terms.map(|(k, b)| b * design.value(row, k)).sum()
            };
            let mut etas: Vec<f64> = here.chunks_exact(columns).map(eta).collect();
            etas.insert(design.frame.outcome.base, 0.0);
            let sum: f64 = etas.iter().map(|eta| libm::exp(*eta)).sum();
            loglik += etas[design.frame.outcome.codes[row] as usize] - libm::log(sum);
        }
        assert!(
            (evaluation.loglik / loglik - 1.0).abs() < 1e-14,
            "{} {loglik}",
            evaluation.loglik
        );
        let step = 1e-5;
        let size = here.len();
        for a in 0..size {
            let mut moved = |by: f64| {
                let mut there = here.clone();
                there[a] += by;
                workspace.evaluate(&design.sample, &there)
            };
            let (up, down) = (moved(step), moved(-step));
            let quotient = (up.loglik - down.loglik) / (2.0 * step);
            assert!((quotient - evaluation.gradient[a]).abs() < 1e-5);
            for b in 0..size {
                let quotient = (down.gradient[b] - up.gradient[b]) / (2.0 * step);
                assert!((quotient - information[a * size + b]).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn without_slopes_the_gram_matrix_gives_the_information() {
        let fit = generated("y ~ x + g").fit;
        let design = fit.design();
        let start = null_start(design);
        let (_, information) =
            Workspace::new(design).evaluate_with_information(&design.sample, &start, Precision::Double);
        for (a, b) in information.iter().zip(information_without_slopes(design, &start)) {
            assert!((a - b).abs() < 1e-11, "{a} is not {b}");
        }
    }
}
