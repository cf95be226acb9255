//! A factor of the information, kept from one step to the next.

use crate::arithmetic::cholesky::Cholesky;
use crate::arithmetic::kernel::{add_scaled, dot};
use crate::likelihood::loglik::Slope;

/// A factor of the information, what is known of its age, and what steps with it have taught.
///
/// Where the gradient changed otherwise along a step than the factor says, the next steps take account of that: the
/// update of Broyden, Fletcher, Goldfarb and Shanno, applied as by Nocedal (1980, Mathematics of Computation 35(151)).
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) factor: Cholesky,
    /// By rows; empty where it is in single precision, or of other rows.
    pub(crate) information: Vec<f64>,
    /// Standard errors walked since; infinite where it is the information of other rows.
    pub(crate) walked: f64,
    /// Decrement of the last step with it.
    pub(crate) last: f64,
    lessons: Vec<Lesson>,
}

/// A step, and how much less gradient there was after it.
#[derive(Debug)]
struct Lesson {
    step: Vec<f64>,
    change: Vec<f64>,
    /// Of the two.
    product: f64,
}

impl Kept {
    /// The information where the search is.
    pub(crate) fn here(factor: Cholesky, information: Vec<f64>) -> Self {
        Kept {
            factor,
            information,
            walked: 0.0,
            last: f64::INFINITY,
            lessons: Vec::new(),
        }
    }

    /// The information of other, similar rows.
    pub(crate) fn like(factor: Cholesky) -> Self {
        Kept {
            walked: f64::INFINITY,
            ..Kept::here(factor, Vec::new())
        }
    }

    /// The step to where the gradient vanishes, as far as is known.
    pub(crate) fn step(&self, gradient: &[f64]) -> Vec<f64> {
        let mut left = gradient.to_vec();
        let mut lengths = vec![0.0; self.lessons.len()];
        for (length, lesson) in lengths.iter_mut().zip(&self.lessons).rev() {
            *length = dot(&lesson.step, &left) / lesson.product;
            add_scaled(&mut left, -*length, &lesson.change);
        }
        let mut step = self.factor.solve(&left);
        for (length, lesson) in lengths.iter().zip(&self.lessons) {
            let already = dot(&lesson.change, &step) / lesson.product;
            add_scaled(&mut step, length - already, &lesson.step);
        }
        step
    }

    /// Learns from a step that was taken.
    pub(crate) fn learn(&mut self, step: Vec<f64>, before: &Slope, after: &Slope) {
        let mut change = before.gradient.clone();
        add_scaled(&mut change, -1.0, &after.gradient);
        let product = dot(&step, &change);
        // Of a concave function it is positive, but for rounding.
        if product > 0.0 {
            self.lessons.push(Lesson {
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
            Kept::like(Cholesky::new(3, vec![1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]).unwrap());
        let information = [[2.0, 0.5, 0.0], [0.5, 3.0, 0.2], [0.0, 0.2, 0.5]];
        let slope = |at: &[f64]| Slope {
            loglik: 0.0,
            gradient: information.map(|row| 1.0 - dot(&row, at)).to_vec(),
        };
        let mut at = vec![0.0; 3];
        for _ in 0..10 {
            let before = slope(&at);
            let step = kept.step(&before.gradient);
            add_scaled(&mut at, 1.0, &step);
            let after = slope(&at);
            kept.learn(step.clone(), &before, &after);
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
            slope(&at).gradient.iter().all(|value| value.abs() < 1e-12),
            "{at:?}"
        );
    }
}
