//! Probabilities of every outcome, a block of rows at a time.
//!
//! `p_j = exp(x'b_j) / sum_l exp(x'b_l)`, the base outcome at `b = 0` (McFadden 1974). What is built on them
//! (covariances, predictions, slopes) goes through this module row block by row block.

use crate::Design;
pub(crate) use crate::kernel::BLOCK;
use crate::separation::equation;

/// Which outcome has which equation, and how many parameters each.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) outcomes: usize,
    pub(crate) base: usize,
    pub(crate) columns: usize,
}

impl Shape {
    pub(crate) fn of(design: &Design) -> Self {
        Shape {
            outcomes: design.outcomes().len(),
            base: design.frame.outcome.base,
            columns: design.recipes.len(),
        }
    }

    pub(crate) fn equations(self) -> usize {
        self.outcomes - 1
    }

    pub(crate) fn parameters(self) -> usize {
        self.columns * self.equations()
    }

    /// The equation of an outcome; the base outcome has none.
    pub(crate) fn equation(self, outcome: usize) -> Option<usize> {
        equation(outcome, self.base)
    }

    /// The outcome of an equation.
    pub(crate) fn outcome(self, equation: usize) -> usize {
        equation + usize::from(equation >= self.base)
    }
}

/// Starts of the blocks of `rows` rows, with their lengths.
pub(crate) fn blocks(rows: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..rows)
        .step_by(BLOCK)
        .map(move |from| (from, BLOCK.min(rows - from)))
}

/// Writes the probabilities of all outcomes, outcome by outcome with stride [`BLOCK`], for the rows that
/// `columns` (standardised) hold. `parameters` run equation by equation.
pub(crate) fn probabilities(shape: Shape, parameters: &[f64], columns: &[&[f64]], into: &mut [f64]) {
    let rows = columns.first().map_or(0, |column| column.len());
    for outcome in 0..shape.outcomes {
        let eta = &mut into[outcome * BLOCK..outcome * BLOCK + rows];
        eta.fill(0.0);
        if let Some(j) = shape.equation(outcome) {
            for (column, &parameter) in columns.iter().zip(&parameters[j * shape.columns..]) {
                add_scaled(eta, parameter, column);
            }
        }
    }
    for row in 0..rows {
        let at = |outcome: usize| outcome * BLOCK + row;
        let largest =
            (0..shape.outcomes).fold(f64::NEG_INFINITY, |most, outcome| most.max(into[at(outcome)]));
        let mut sum = 0.0;
        for outcome in 0..shape.outcomes {
            let value = libm::exp(into[at(outcome)] - largest);
            into[at(outcome)] = value;
            sum += value;
        }
        for outcome in 0..shape.outcomes {
            into[at(outcome)] /= sum;
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_and_equations_match() {
        let shape = Shape {
            outcomes: 4,
            base: 1,
            columns: 2,
        };
        for equation in 0..3 {
            assert_eq!(shape.equation(shape.outcome(equation)), Some(equation));
        }
        assert_eq!(shape.equation(1), None);
    }

    #[test]
    fn probabilities_sum_to_one_without_overflow() {
        let shape = Shape {
            outcomes: 3,
            base: 0,
            columns: 2,
        };
        let mut into = vec![0.0; 3 * BLOCK];
        let columns: [&[f64]; 2] = [&[1.0, 1.0], &[1000.0, -1000.0]];
        probabilities(shape, &[0.0, 1.0, 0.5, -1.0], &columns, &mut into);
        for row in 0..2 {
            let sum: f64 = (0..3).map(|outcome| into[outcome * BLOCK + row]).sum();
            assert_eq!(sum, 1.0);
        }
        assert_eq!((into[BLOCK], into[2 * BLOCK + 1]), (1.0, 1.0));
    }
}
