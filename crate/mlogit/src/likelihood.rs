//! Log-likelihood of the multinomial logit with its gradient and information.
//!
//! For row `i` with weight `w`, observed outcome `y` and probabilities `p_j = exp(x'b_j) / sum_l exp(x'b_l)`,
//! base outcome at `b = 0`: log-likelihood `w log p_y`, gradient of `b_j`: `w (1[y = j] - p_j) x`, information
//! of `(b_j, b_l)`: `w p_j (1[j = l] - p_l) x x'` (McFadden 1974).
//!
//! Rows are taken in blocks that stay in the first-level cache. The information's blocks for all pairs of
//! outcomes are summed in one sweep over each block of rows, lower triangles only ([`crate::kernel`]).

use nalgebra::DMatrix;
use wide::f64x2;

use crate::kernel::{self, BLOCK, Strip, lanes, set_lanes};
use crate::probability::add_scaled;
use crate::sample::{Labels, Rows, width};
use crate::{Design, elementary};

/// Log-likelihood and gradient at a point; parameters run equation by equation.
#[derive(Debug, Clone)]
pub(crate) struct Slope {
    pub(crate) loglik: f64,
    pub(crate) gradient: Vec<f64>,
}

/// Log-likelihood, gradient and (negative) Hessian; parameters run equation by equation.
#[derive(Debug, Clone)]
pub(crate) struct Evaluation {
    pub(crate) loglik: f64,
    pub(crate) gradient: Vec<f64>,
    pub(crate) information: DMatrix<f64>,
}

/// Buffers of one evaluation, reused from one to the next.
#[derive(Debug)]
pub(crate) struct Workspace {
    terms: usize,
    equations: usize,
    /// Strips of a block: `terms`, filled up with empty ones.
    width: usize,
    block: Vec<Strip>,
    labels: Labels,
    /// For each equation, and zeros for the base outcome: linear predictors, then probabilities.
    eta: Vec<Strip>,
    /// For each equation and the base outcome: weighted residuals.
    residual: Vec<Strip>,
    /// For each pair of equations: weights of the information's blocks.
    curvature: Vec<Strip>,
    /// For each pair: the same times a column.
    scaled: Vec<Strip>,
    /// `equations` x `width`.
    gradient: Vec<f64>,
    /// `terms` x `pairs` x `width`.
    products: Vec<f64>,
}

impl Workspace {
    pub(crate) fn new(design: &Design) -> Self {
        let equations = design.outcomes().len() - 1;
        let pairs = equations * (equations + 1) / 2;
        let (terms, width) = (design.recipes.len(), width(design));
        const EMPTY: Strip = [0.0; BLOCK];
        Workspace {
            terms,
            equations,
            width,
            block: vec![EMPTY; width],
            labels: Labels::EMPTY,
            eta: vec![EMPTY; equations + 1],
            residual: vec![EMPTY; equations + 1],
            curvature: vec![EMPTY; pairs],
            scaled: vec![EMPTY; pairs],
            gradient: vec![0.0; equations * width],
            products: vec![0.0; terms * pairs * width],
        }
    }

    /// Number of parameters.
    pub(crate) fn parameters(&self) -> usize {
        self.terms * self.equations
    }

    /// Log-likelihood and gradient at `parameters` (`terms` x `equations`, column-major).
    pub(crate) fn slope(&mut self, rows: Rows<'_>, parameters: &[f64]) -> Slope {
        self.sweep::<false>(rows, parameters)
    }

    /// The same, and the information beside them, by rows.
    pub(crate) fn slope_and_information(&mut self, rows: Rows<'_>, parameters: &[f64]) -> (Slope, Vec<f64>) {
        let slope = self.sweep::<true>(rows, parameters);
        (slope, self.information())
    }

    fn sweep<const INFORMATION: bool>(&mut self, rows: Rows<'_>, parameters: &[f64]) -> Slope {
        let Workspace {
            terms,
            equations,
            width,
            block,
            labels,
            eta,
            residual,
            curvature,
            scaled,
            gradient,
            products,
        } = self;
        let mut loglik = 0.0;
        gradient.fill(0.0);
        if INFORMATION {
            products.fill(0.0);
        }
        for index in 0..rows.blocks() {
            let (columns, labels) = rows.block(index, block, labels);
            kernel::predict(columns, parameters, *terms, &mut eta[..*equations]);
            eta[*equations] = [0.0; BLOCK];
            loglik += probabilities(labels, eta, residual);
            kernel::add_products(&residual[..*equations], columns, *terms, *width, gradient);
            if INFORMATION {
                curvatures(labels, &eta[..*equations], curvature);
                let totals = products.chunks_exact_mut(curvature.len() * *width);
                for ((k, column), totals) in columns.iter().enumerate().zip(totals) {
                    for (scaled, curvature) in scaled.iter_mut().zip(curvature.iter()) {
                        kernel::scale(curvature, column, scaled);
                    }
                    kernel::add_products(scaled, columns, k + 1, *width, totals);
                }
            }
        }
        let gradient = gradient.chunks_exact(*width);
        Slope {
            loglik,
            gradient: gradient
                .flat_map(|equation| &equation[..*terms])
                .copied()
                .collect(),
        }
    }

    fn information(&self) -> Vec<f64> {
        let (terms, pairs) = (self.terms, self.curvature.len());
        let size = terms * self.equations;
        let mut information = vec![0.0; size * size];
        for (k, products) in self.products.chunks_exact(pairs * self.width).enumerate() {
            let mut products = products.chunks_exact(self.width);
            for j in 0..self.equations {
                for (l, products) in (0..=j).zip(&mut products) {
                    for (m, &value) in products[..=k].iter().enumerate() {
                        for (a, b) in [(j * terms + k, l * terms + m), (j * terms + m, l * terms + k)] {
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

/// The information where all slopes are zero, by rows: the Gram matrix of the columns times
/// `p_j (1[j = l] - p_l)` for each pair of equations.
pub(crate) fn information_without_slopes(design: &Design, parameters: &[f64]) -> Vec<f64> {
    let terms = design.recipes.len();
    let odds: Vec<f64> = parameters.iter().step_by(terms).map(|b| libm::exp(*b)).collect();
    let sum = 1.0 + odds.iter().sum::<f64>();
    let size = parameters.len();
    let mut information = vec![0.0; size * size];
    for (j, p) in odds.iter().map(|odds| odds / sum).enumerate() {
        for (l, q) in odds.iter().map(|odds| odds / sum).enumerate() {
            let curvature = p * (f64::from(u8::from(j == l)) - q);
            for k in 0..terms {
                let into = &mut information[(j * terms + k) * size + l * terms..][..terms];
                add_scaled(into, curvature, &design.gram[k * terms..(k + 1) * terms]);
            }
        }
    }
    information
}

/// Turns the linear predictors of a block into probabilities and weighted residuals; returns the block's
/// log-likelihood. The largest predictor is taken out first, so nothing overflows. The last strip of `eta` and
/// of `residual` is the base outcome's.
fn probabilities(labels: &Labels, eta: &mut [Strip], residual: &mut [Strip]) -> f64 {
    const EMPTY: Strip = [0.0; BLOCK];
    let Labels { weights, observed } = labels;
    let (mut largest, mut seen, mut sum) = (EMPTY, EMPTY, EMPTY);
    for (row, seen) in seen.iter_mut().enumerate() {
        *seen = eta[observed[row] as usize][row];
    }
    for eta in eta.iter() {
        for i in 0..BLOCK / 2 {
            let (eta, so_far) = (lanes(eta, i), lanes(&largest, i));
            set_lanes(&mut largest, i, eta.simd_gt(so_far).select(eta, so_far));
        }
    }
    for eta in eta.iter_mut() {
        for i in 0..BLOCK / 2 {
            let value = elementary::exp(lanes(eta, i) - lanes(&largest, i));
            set_lanes(eta, i, value);
            let so_far = lanes(&sum, i);
            set_lanes(&mut sum, i, so_far + value);
        }
    }
    let mut loglik = f64x2::ZERO;
    for i in 0..BLOCK / 2 {
        let log_sum = lanes(&largest, i) + elementary::ln(lanes(&sum, i));
        loglik += lanes(weights, i) * (lanes(&seen, i) - log_sum);
        let reciprocal = f64x2::splat(1.0) / lanes(&sum, i);
        set_lanes(&mut sum, i, reciprocal);
    }
    for (eta, residual) in eta.iter_mut().zip(residual.iter_mut()) {
        for i in 0..BLOCK / 2 {
            let probability = lanes(eta, i) * lanes(&sum, i);
            set_lanes(eta, i, probability);
            set_lanes(residual, i, -(lanes(weights, i) * probability));
        }
    }
    for (row, weight) in weights.iter().enumerate() {
        residual[observed[row] as usize][row] += weight;
    }
    let [even, odd] = loglik.to_array();
    even + odd
}

/// Weights of the information's blocks, pair by pair: `w p_j (1[j = l] - p_l)` for `l <= j`.
fn curvatures(labels: &Labels, probabilities: &[Strip], curvature: &mut [Strip]) {
    let mut curvature = curvature.iter_mut();
    for (j, p) in probabilities.iter().enumerate() {
        for ((l, q), curvature) in probabilities[..=j].iter().enumerate().zip(&mut curvature) {
            let same = f64x2::splat(f64::from(u8::from(j == l)));
            for i in 0..BLOCK / 2 {
                let weighted = lanes(&labels.weights, i) * lanes(p, i);
                set_lanes(curvature, i, weighted * (same - lanes(q, i)));
            }
        }
    }
}
