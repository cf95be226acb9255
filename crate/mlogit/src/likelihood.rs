//! Log-likelihood of the multinomial logit with its gradient and information.
//!
//! For row `i` with weight `w`, observed outcome `y` and probabilities `p_j = exp(x'b_j) / sum_l exp(x'b_l)`,
//! base outcome at `b = 0`: log-likelihood `w log p_y`, gradient of `b_j`: `w (1[y = j] - p_j) x`, information
//! of `(b_j, b_l)`: `w p_j (1[j = l] - p_l) x x'` (McFadden 1974).
//!
//! Rows are taken in blocks that stay in the first-level cache. The information's blocks for all pairs of
//! outcomes are summed in one sweep over each block of rows, lower triangles only.

use nalgebra::DMatrix;

use crate::Design;
use crate::separation::equation;

/// Rows taken at a time: 26 columns of them fill most of a 32 kB cache.
pub(crate) const BLOCK: usize = 128;

/// Log-likelihood, gradient and (negative) Hessian at a point; parameters run equation by equation.
#[derive(Debug, Clone)]
pub(crate) struct Evaluation {
    pub(crate) loglik: f64,
    pub(crate) gradient: Vec<f64>,
    pub(crate) information: DMatrix<f64>,
}

/// Buffers of one evaluation, reused from one to the next.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// `equations` x `BLOCK`: linear predictors, then probabilities.
    eta: Vec<f64>,
    /// `equations` x `BLOCK`: weighted residuals.
    residual: Vec<f64>,
    /// `pairs` x `BLOCK`: weights of the information's blocks.
    curvature: Vec<f64>,
    /// `pairs` x `BLOCK`: the same times a column.
    scaled: Vec<f64>,
    /// `pairs` x packed lower triangle.
    packed: Vec<f64>,
}

impl Workspace {
    pub(crate) fn new(design: &Design) -> Self {
        let equations = design.outcomes().len() - 1;
        let pairs = equations * (equations + 1) / 2;
        let columns = design.recipes.len();
        Workspace {
            eta: vec![0.0; equations * BLOCK],
            residual: vec![0.0; equations * BLOCK],
            curvature: vec![0.0; pairs * BLOCK],
            scaled: vec![0.0; pairs * BLOCK],
            packed: vec![0.0; pairs * columns * (columns + 1) / 2],
        }
    }

    /// Evaluates the model at `parameters` (`terms` x `equations`, column-major).
    pub(crate) fn evaluate(&mut self, design: &Design, parameters: &[f64]) -> Evaluation {
        let columns = design.recipes.len();
        let equations = design.outcomes().len() - 1;
        let mut loglik = 0.0;
        let mut gradient = vec![0.0; parameters.len()];
        self.packed.fill(0.0);
        for from in (0..design.rows()).step_by(BLOCK) {
            let rows = BLOCK.min(design.rows() - from);
            linear_predictors(design, parameters, from, rows, &mut self.eta);
            loglik += self.probabilities(design, from, rows);
            for j in 0..equations {
                let residual = &self.residual[j * BLOCK..j * BLOCK + rows];
                for k in 0..columns {
                    gradient[j * columns + k] += dot(residual, &design.column(k)[from..from + rows]);
                }
            }
            self.add_information(design, from, rows);
        }
        Evaluation {
            loglik,
            gradient,
            information: self.unpack(columns, equations),
        }
    }

    /// Turns the linear predictors of a block into probabilities, residuals and curvature weights; returns the
    /// block's log-likelihood.
    fn probabilities(&mut self, design: &Design, from: usize, rows: usize) -> f64 {
        let equations = design.outcomes().len() - 1;
        let outcome = &design.frame.outcome;
        let mut loglik = 0.0;
        for row in 0..rows {
            let weight = design.weight(from + row);
            let observed = equation(outcome.codes[from + row] as usize, outcome.base);
            let eta = |j: usize| j * BLOCK + row;
            let observed_eta = observed.map_or(0.0, |j| self.eta[eta(j)]);
            let log_sum = softmax(&mut self.eta, equations, row);
            loglik += weight * (observed_eta - log_sum);
            let mut pair = 0;
            for j in 0..equations {
                let p = self.eta[eta(j)];
                let hit = f64::from(u8::from(observed == Some(j)));
                self.residual[eta(j)] = weight * (hit - p);
                for l in 0..=j {
                    let same = f64::from(u8::from(j == l));
                    self.curvature[pair * BLOCK + row] = weight * p * (same - self.eta[eta(l)]);
                    pair += 1;
                }
            }
        }
        loglik
    }

    fn add_information(&mut self, design: &Design, from: usize, rows: usize) {
        let columns = design.recipes.len();
        let triangle = columns * (columns + 1) / 2;
        let pairs = self.curvature.len() / BLOCK;
        for k in 0..columns {
            let column = &design.column(k)[from..from + rows];
            for pair in 0..pairs {
                let curvature = &self.curvature[pair * BLOCK..pair * BLOCK + rows];
                let scaled = &mut self.scaled[pair * BLOCK..pair * BLOCK + rows];
                for ((cell, weight), value) in scaled.iter_mut().zip(curvature).zip(column) {
                    *cell = weight * value;
                }
            }
            for m in 0..=k {
                let other = &design.column(m)[from..from + rows];
                for pair in 0..pairs {
                    let scaled = &self.scaled[pair * BLOCK..pair * BLOCK + rows];
                    self.packed[pair * triangle + k * (k + 1) / 2 + m] += dot(scaled, other);
                }
            }
        }
    }

    fn unpack(&self, columns: usize, equations: usize) -> DMatrix<f64> {
        let triangle = columns * (columns + 1) / 2;
        let size = columns * equations;
        let mut information = DMatrix::zeros(size, size);
        let mut pair = 0;
        for j in 0..equations {
            for l in 0..=j {
                for k in 0..columns {
                    for m in 0..=k {
                        let value = self.packed[pair * triangle + k * (k + 1) / 2 + m];
                        for (row, column) in [
                            (j * columns + k, l * columns + m),
                            (j * columns + m, l * columns + k),
                        ] {
                            information[(row, column)] = value;
                            information[(column, row)] = value;
                        }
                    }
                }
                pair += 1;
            }
        }
        information
    }
}

/// Linear predictors of rows `from..from + rows`, equation by equation with stride [`BLOCK`].
pub(crate) fn linear_predictors(
    design: &Design,
    parameters: &[f64],
    from: usize,
    rows: usize,
    eta: &mut [f64],
) {
    let columns = design.recipes.len();
    for (j, coefficients) in parameters.chunks_exact(columns).enumerate() {
        let eta = &mut eta[j * BLOCK..j * BLOCK + rows];
        eta.fill(0.0);
        for (k, &coefficient) in coefficients.iter().enumerate() {
            add_scaled(eta, coefficient, &design.column(k)[from..from + rows]);
        }
    }
}

/// Turns row `row`'s linear predictors into probabilities in place; returns the log of the sum of their
/// exponentials, the base outcome's `exp(0)` included. The largest is taken out first, so nothing overflows.
pub(crate) fn softmax(eta: &mut [f64], equations: usize, row: usize) -> f64 {
    let mut largest = 0.0_f64;
    for j in 0..equations {
        largest = largest.max(eta[j * BLOCK + row]);
    }
    let mut sum = libm::exp(-largest);
    for j in 0..equations {
        let value = libm::exp(eta[j * BLOCK + row] - largest);
        eta[j * BLOCK + row] = value;
        sum += value;
    }
    for j in 0..equations {
        eta[j * BLOCK + row] /= sum;
    }
    largest + libm::log(sum)
}

/// `into += factor * values`.
pub(crate) fn add_scaled(into: &mut [f64], factor: f64, values: &[f64]) {
    for (cell, value) in into.iter_mut().zip(values) {
        *cell += factor * value;
    }
}

/// Inner product, summed in a fixed order over four lanes.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    const LANES: usize = 4;
    let mut lanes = [0.0; LANES];
    let (a_chunks, a_rest) = a.as_chunks::<LANES>();
    let (b_chunks, b_rest) = b.as_chunks::<LANES>();
    for (x, y) in a_chunks.iter().zip(b_chunks) {
        for lane in 0..LANES {
            lanes[lane] += x[lane] * y[lane];
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(x, y)| x * y).sum();
    (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]) + rest
}
