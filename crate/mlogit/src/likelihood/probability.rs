//! Probabilities of every outcome, a block of rows at a time.
//!
//! `p_j = exp(x'b_j) / sum_l exp(x'b_l)`, the base outcome at `b = 0` (McFadden 1974). The likelihood, and what is
//! built on probabilities (covariances, predictions, slopes), goes through this module.

use wide::f64x2;

use crate::arithmetic::elementary;
use crate::arithmetic::kernel::{self, Strip};
use crate::data::design::{Design, equation};

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

    /// Where an outcome's strip is: equation by equation, the base outcome last.
    pub(crate) fn strip(self, outcome: usize) -> usize {
        self.equation(outcome).unwrap_or(self.equations())
    }
}

/// Exponentials of linear predictors up to this can be added by the thousand without overflow.
const FAR: f64 = 600.0;

/// Linear predictors on a block of rows, whose sum of exponentials is known.
#[derive(Debug)]
pub(crate) struct Softmax {
    /// Equation by equation, the base outcome last: linear predictors, then probabilities.
    pub(crate) strips: Vec<Strip>,
    /// Taken out of each row's predictors first: the largest where it is so large that sums could overflow, else 0.
    pub(crate) taken_out: Strip,
    /// Sum of the exponentials of what is left.
    pub(crate) sum: Strip,
}

impl Softmax {
    pub(crate) fn new(outcomes: usize) -> Self {
        Softmax {
            strips: vec![Strip::ZERO; outcomes],
            taken_out: Strip::ZERO,
            sum: Strip::ZERO,
        }
    }

    /// Linear predictors at `parameters`, which run equation by equation.
    pub(crate) fn predict(&mut self, columns: &[Strip], parameters: &[f64]) {
        if let Some((base, equations)) = self.strips.split_last_mut() {
            kernel::predict(columns, parameters, equations);
            *base = Strip::ZERO;
        }
    }

    /// Turns linear predictors into probabilities.
    pub(crate) fn normalise(&mut self) {
        let Softmax {
            strips,
            taken_out,
            sum,
        } = self;
        let Some((base, equations)) = strips.split_last_mut() else {
            return;
        };
        *taken_out = Strip::filled(FAR);
        for eta in equations.iter() {
            for (most, eta) in taken_out.lanes_mut().iter_mut().zip(eta.lanes()) {
                *most = eta.simd_gt(*most).select(*eta, *most);
            }
        }
        let mut far = f64x2::ZERO;
        for most in taken_out.lanes_mut() {
            *most = most.simd_gt(f64x2::splat(FAR)).select(*most, f64x2::ZERO);
            far += *most;
        }
        *base = Strip::filled(1.0);
        if kernel::sum(far) > 0.0 {
            for (base, taken_out) in base.lanes_mut().iter_mut().zip(taken_out.lanes()) {
                *base = elementary::exp(-*taken_out);
            }
        }
        *sum = *base;
        for eta in equations.iter_mut() {
            let rows = eta.lanes_mut().iter_mut().zip(taken_out.lanes());
            for ((eta, taken_out), sum) in rows.zip(sum.lanes_mut()) {
                *eta = elementary::exp(*eta - *taken_out);
                *sum += *eta;
            }
        }
        let mut reciprocal = Strip::ZERO;
        for (reciprocal, sum) in reciprocal.lanes_mut().iter_mut().zip(sum.lanes()) {
            *reciprocal = f64x2::splat(1.0) / *sum;
        }
        for eta in strips.iter_mut() {
            for (eta, reciprocal) in eta.lanes_mut().iter_mut().zip(reciprocal.lanes()) {
                *eta *= *reciprocal;
            }
        }
    }

    /// Probabilities of all outcomes at `parameters`.
    pub(crate) fn probabilities(&mut self, columns: &[Strip], parameters: &[f64]) -> &[Strip] {
        self.predict(columns, parameters);
        self.normalise();
        &self.strips
    }
}

/// For each pair of equations, in the order (0, 0), (1, 0), (1, 1), (2, 0), ...: `w p_j (1[j = l] - p_l)`, the weights
/// of the information's blocks and of the derivatives of probabilities.
pub(crate) fn curvatures(weights: &Strip, probabilities: &[Strip], curvature: &mut [Strip]) {
    let mut curvature = curvature.iter_mut();
    let equations = &probabilities[..probabilities.len() - 1];
    for (j, p) in equations.iter().enumerate() {
        for ((l, q), curvature) in equations[..=j].iter().enumerate().zip(&mut curvature) {
            let same = f64x2::splat(f64::from(u8::from(j == l)));
            let rows = weights.lanes().iter().zip(p.lanes()).zip(q.lanes());
            for (into, ((weight, p), q)) in curvature.lanes_mut().iter_mut().zip(rows) {
                *into = *weight * *p * (same - *q);
            }
        }
    }
}

/// Number of pairs of equations.
pub(crate) fn pairs(equations: usize) -> usize {
    equations * (equations + 1) / 2
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
            assert_eq!(shape.strip(shape.outcome(equation)), equation);
        }
        assert_eq!((shape.equation(1), shape.strip(1)), (None, 3));
    }

    #[test]
    fn probabilities_sum_to_one_without_overflow() {
        let (mut ones, mut x) = (Strip::ZERO, Strip::ZERO);
        ones[..3].copy_from_slice(&[1.0; 3]);
        x[..3].copy_from_slice(&[1000.0, -1000.0, 0.3]);
        let mut softmax = Softmax::new(3);
        let found = softmax.probabilities(&[ones, x], &[0.0, 1.0, 0.5, -1.0]);
        for row in 0..3 {
            let sum: f64 = found.iter().map(|strip| strip[row]).sum();
            assert!((sum - 1.0).abs() < 4.0 * f64::EPSILON);
        }
        assert_eq!((found[0][0], found[1][1]), (1.0, 1.0));
        assert!(found[2][0] < 1e-300);
    }
}
