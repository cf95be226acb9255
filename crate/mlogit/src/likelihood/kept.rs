//! A factor of the information, kept from one step to the next.

use crate::arithmetic::cholesky::Cholesky;
use crate::arithmetic::kernel::{add_scaled, dot};
use crate::likelihood::loglik::Evaluation;

/// A factor of the information, what is known of its age, and what steps with it have shown.
///
/// Where the gradient changed otherwise along a step than the factor says, the next steps take account of that: the
/// update of Broyden, Fletcher, Goldfarb and Shanno, applied as by Nocedal (1980, Mathematics of Computation 35(151)).
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) factor: Cholesky,
    /// By rows; empty where it is in single precision, or of other rows.
    pub(crate) information: Vec<f64>,
    /// How far the search has gone since, in standard errors; infinite where it is the information of other rows.
    pub(crate) distance: f64,
    /// Decrement of the last step with it.
    pub(crate) last_decrement: f64,
    corrections: Vec<Correction>,
}

/// A step, and how much less gradient there was after it.
#[derive(Debug)]
struct Correction {
    step: Vec<f64>,
    change: Vec<f64>,
    /// Of the two.
    product: f64,
}

impl Kept {
    /// The information where the search is.
    pub(crate) fn new(factor: Cholesky, information: Vec<f64>) -> Self {
        Kept {
            factor,
            information,
            distance: 0.0,
            last_decrement: f64::INFINITY,
            corrections: Vec::new(),
        }
    }

    /// The information of other, similar rows.
    pub(crate) fn of_other_rows(factor: Cholesky) -> Self {
        Kept {
            distance: f64::INFINITY,
            ..Kept::new(factor, Vec::new())
        }
    }

    /// Whether the information is that of the place where the search is.
    pub(crate) fn is_exact(&self) -> bool {
        self.distance == 0.0
    }

    /// The step to where the gradient vanishes, as far as is known.
    pub(crate) fn step(&self, gradient: &[f64]) -> Vec<f64> {
        let mut left = gradient.to_vec();
        let mut lengths = vec![0.0; self.corrections.len()];
        for (length, correction) in lengths.iter_mut().zip(&self.corrections).rev() {
            *length = dot(&correction.step, &left) / correction.product;
            add_scaled(&mut left, -*length, &correction.change);
        }
        let mut step = self.factor.solve(&left);
        for (length, correction) in lengths.iter().zip(&self.corrections) {
            let already = dot(&correction.change, &step) / correction.product;
            add_scaled(&mut step, length - already, &correction.step);
        }
        step
    }

    /// Takes account of how the gradient changed along a step that was taken.
    pub(crate) fn update(&mut self, step: Vec<f64>, before: &Evaluation, after: &Evaluation) {
        let mut change = before.gradient.clone();
        add_scaled(&mut change, -1.0, &after.gradient);
        let product = dot(&step, &change);
        // Of a concave function it is positive, but for rounding.
        if product > 0.0 {
            self.corrections.push(Correction {
                step,
                change,
                product,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A quadratic whose information is twice, thrice and half of what was kept, in directions that are mixed.
    #[test]
    fn what_a_step_has_shown_is_known_from_then_on() {
        let mut kept =
            Kept::of_other_rows(Cholesky::new(3, vec![1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]).unwrap());
        let information = [[2.0, 0.5, 0.0], [0.5, 3.0, 0.2], [0.0, 0.2, 0.5]];
        let evaluate = |at: &[f64]| Evaluation {
            loglik: 0.0,
            gradient: information.map(|row| 1.0 - dot(&row, at)).to_vec(),
        };
        let mut at = vec![0.0; 3];
        for _ in 0..10 {
            let before = evaluate(&at);
            let step = kept.step(&before.gradient);
            add_scaled(&mut at, 1.0, &step);
            let after = evaluate(&at);
            kept.update(step.clone(), &before, &after);
            let mut change = before.gradient.clone();
            add_scaled(&mut change, -1.0, &after.gradient);
            let again = kept.step(&change);
            assert!(
                again.iter().zip(&step).all(|(a, b)| (a - b).abs() < 1e-12),
                "{again:?} {step:?}"
            );
        }
        // Ten steps with what was kept at first would run away.
        assert!(
            evaluate(&at).gradient.iter().all(|value| value.abs() < 1e-12),
            "{at:?}"
        );
    }
}
