//! Bias-reduced estimates: maximum likelihood penalised by Jeffreys' prior.
//!
//! Maximises `l(b) + log det I(b) / 2` (Firth 1993, Biometrika 80(1); for multinomial logits Kosmidis & Firth
//! 2011, Biometrika 98(3)). That takes out the first-order bias of the estimates, and they are finite whether or
//! not the outcomes are separated (Heinze & Schemper 2002, Statistics in Medicine 21(16)). The model is a full
//! exponential family, so that the penalty, mean bias reduction and adjusted scores (R
//! `brglm2::brmultinom(type = "AS_mean")`) are one and the same, whichever the base outcome.
//!
//! The gradient of the penalty by the coefficients of outcome `l`, with `h_jk = x' (I^-1)_jk x` of a row, is the
//! sum over rows of `w x p_l [h_ll - sum_j p_j h_jj - 2 (h p)_l + 2 p'h p] / 2`. Steps are those of Fisher scoring,
//! `I^-1` times the gradient of the penalised likelihood, shortened where they go to and fro, halved where it would fall.

use nalgebra::DMatrix;

use crate::arithmetic::cholesky::Cholesky;
use crate::arithmetic::kernel::{self, BLOCK, Strip, add_scaled, dot};
use crate::arithmetic::sample::Sample;
use crate::data::design::Design;
use crate::error::{Error, Result};
use crate::likelihood::loglik::{Evaluation, Precision, Workspace};
use crate::likelihood::newton::{self, Maximum};
use crate::likelihood::probability::{Shape, Softmax};

/// Scoring converges linearly: it takes more steps than Newton's method, but hardly ever more than these.
const MOST_ITERATIONS: usize = 1_000;
const MOST_HALVINGS: usize = 30;
/// Steps that take each other back are shortened to this part at most.
const SHORTEST: f64 = 0.1;
/// Converged where a further step would gain less than this; its root is about the error in standard errors.
const TOLERANCE: f64 = 1e-23;
/// Rounding may keep the gain of a step above the tolerance; below this it is then small enough.
const ROUNDING: f64 = 1e-16;

/// The maximum of the penalised likelihood.
#[derive(Debug)]
pub(crate) struct Penalised {
    /// Its gradient is that of the penalised likelihood, its log-likelihood the likelihood's own.
    pub(crate) maximum: Maximum,
    /// `log det I / 2` at the maximum, in the units of the data.
    pub(crate) penalty: f64,
}

/// Which parameters are estimated; the others stay at their start.
pub(crate) type Free<'a> = &'a dyn Fn(usize) -> bool;

/// Maximises the penalised likelihood of the rows of `sample` over the parameters whose column is free.
///
/// # Errors
/// [`Error::NoConvergence`], [`Error::Singular`].
pub(crate) fn maximise(
    design: &Design,
    sample: &Sample,
    start: Vec<f64>,
    free: Free<'_>,
) -> Result<Penalised> {
    let columns = Shape::of(design).columns;
    let free: Vec<usize> = (0..start.len())
        .filter(|position| free(position % columns))
        .collect();
    let mut likelihood = PenalisedLikelihood {
        design,
        sample,
        workspace: Workspace::new(design),
    };
    let mut here = likelihood.at(start).ok_or(Error::Singular)?;
    let mut least = f64::INFINITY;
    // The step before, and how much of it was taken.
    let mut before: Option<(Vec<f64>, f64)> = None;
    for iteration in 1..=MOST_ITERATIONS {
        let step = here.step(&free).ok_or(Error::Singular)?;
        let gain = dot(&step, &here.evaluation.gradient);
        if gain <= TOLERANCE || (gain <= ROUNDING && gain >= least) {
            return Ok(here.penalised(design, iteration));
        }
        least = least.min(gain);
        let length = before.map_or(1.0, |(last, taken)| shortened(&step, &last, taken));
        let found = likelihood.search_along(&here, &step, length);
        let (there, length) = found.ok_or_else(|| not_converged(iteration, &here))?;
        here = there;
        before = Some((step, length));
    }
    Err(not_converged(MOST_ITERATIONS, &here))
}

/// How much of a step to take after `taken` of the step before. Scoring may go to and fro about the maximum, each time by
/// almost as much: how much of the last step this one takes back says what part of it would have ended at the maximum.
fn shortened(step: &[f64], last: &[f64], taken: f64) -> f64 {
    let kept = dot(step, last) / dot(last, last);
    if kept < 1.0 {
        (taken / (1.0 - kept)).clamp(SHORTEST, 1.0)
    } else {
        1.0
    }
}

fn not_converged(iterations: usize, at: &Point) -> Error {
    Error::NoConvergence {
        iterations,
        gradient: newton::norm(&at.evaluation.gradient),
    }
}

/// The penalised likelihood of some rows.
struct PenalisedLikelihood<'a> {
    design: &'a Design,
    sample: &'a Sample,
    workspace: Workspace,
}

impl PenalisedLikelihood<'_> {
    /// `None` where the information is singular or the likelihood not finite.
    fn at(&mut self, parameters: Vec<f64>) -> Option<Point> {
        let (mut evaluation, information) =
            self.workspace
                .evaluate_with_information(self.sample, &parameters, Precision::Double);
        if !evaluation.loglik.is_finite() {
            return None;
        }
        let factor = Cholesky::new(parameters.len(), information.clone())?;
        let penalty = factor.pivots().map(libm::log).sum();
        let shape = Shape::of(self.design);
        let of_penalty = penalty_gradient(shape, self.sample, &parameters, &factor.inverse());
        add_scaled(&mut evaluation.gradient, 1.0, &of_penalty);
        Some(Point {
            parameters,
            evaluation,
            information,
            factor,
            penalty,
        })
    }

    /// The first point along a step, taken at `length` and then halved, where the penalised likelihood has not fallen,
    /// and the length there; `None` where there is none.
    fn search_along(&mut self, from: &Point, step: &[f64], length: f64) -> Option<(Point, f64)> {
        let rounding = 1e-12 * (1.0 + from.value().abs());
        let mut length = length;
        for _ in 0..=MOST_HALVINGS {
            let mut next = from.parameters.clone();
            add_scaled(&mut next, length, step);
            if let Some(there) = self.at(next)
                && there.value() >= from.value() - rounding
            {
                return Some((there, length));
            }
            length /= 2.0;
        }
        None
    }
}

/// The penalised likelihood at a point.
struct Point {
    parameters: Vec<f64>,
    /// The likelihood, with the gradient of the penalised likelihood.
    evaluation: Evaluation,
    /// Of the likelihood, by rows.
    information: Vec<f64>,
    factor: Cholesky,
    penalty: f64,
}

impl Point {
    /// The point as the maximum, its penalty in the units of the data.
    fn penalised(self, design: &Design, iterations: usize) -> Penalised {
        let scales: f64 = design.recipes.iter().map(|recipe| libm::log(recipe.scale)).sum();
        Penalised {
            penalty: self.penalty + Shape::of(design).equations() as f64 * scales,
            maximum: Maximum {
                parameters: self.parameters,
                evaluation: self.evaluation,
                information: self.information,
                factor: self.factor,
                iterations,
                separated: None,
            },
        }
    }

    fn value(&self) -> f64 {
        self.evaluation.loglik + self.penalty
    }

    /// The scoring step; zero for what is not free.
    fn step(&self, free: &[usize]) -> Option<Vec<f64>> {
        let gradient = &self.evaluation.gradient;
        let size = gradient.len();
        if free.len() == size {
            return Some(self.factor.solve(gradient));
        }
        let rows = free.iter().map(|a| &self.information[a * size..(a + 1) * size]);
        let part = rows.flat_map(|row| free.iter().map(|b| row[*b])).collect();
        let of_part: Vec<f64> = free.iter().map(|a| gradient[*a]).collect();
        let solved = Cholesky::new(free.len(), part)?.solve(&of_part);
        let mut step = vec![0.0; size];
        for (position, value) in free.iter().zip(solved) {
            step[*position] = value;
        }
        Some(step)
    }
}

fn penalty_gradient(shape: Shape, sample: &Sample, parameters: &[f64], inverse: &DMatrix<f64>) -> Vec<f64> {
    let (equations, width) = (shape.equations(), shape.columns);
    let mut gradient = vec![0.0; parameters.len()];
    let mut softmax = Softmax::new(shape.outcomes);
    // h_jk for each pair of equations.
    let mut leverage = vec![Strip::ZERO; equations * equations];
    let mut along = vec![Strip::ZERO; width];
    let mut coefficients = vec![0.0; width * width];
    let mut weights = vec![Strip::ZERO; equations];
    for (columns, labels) in sample.blocks() {
        softmax.probabilities(columns, parameters);
        for j in 0..equations {
            for l in 0..=j {
                for (k, row) in coefficients.chunks_exact_mut(width).enumerate() {
                    row.copy_from_slice(
                        &inverse.column(j * width + k).as_slice()[l * width..(l + 1) * width],
                    );
                }
                kernel::predict(columns, &coefficients, &mut along);
                let mut sum = Strip::ZERO;
                for (column, along) in columns.iter().zip(&along) {
                    let rows = column.lanes().iter().zip(along.lanes());
                    for (sum, (value, along)) in sum.lanes_mut().iter_mut().zip(rows) {
                        *sum += *value * *along;
                    }
                }
                leverage[j * equations + l] = sum;
                leverage[l * equations + j] = sum;
            }
        }
        for (l, weight) in weights.iter_mut().enumerate() {
            for row in 0..BLOCK {
                let p = |j: usize| softmax.strips[j][row];
                let h = |j: usize, k: usize| leverage[j * equations + k][row];
                let hp = |j: usize| (0..equations).map(|k| h(j, k) * p(k)).sum::<f64>();
                let diagonal: f64 = (0..equations).map(|j| p(j) * h(j, j)).sum();
                let quadratic: f64 = (0..equations).map(|j| p(j) * hp(j)).sum();
                let bracket = h(l, l) - diagonal - 2.0 * hp(l) + 2.0 * quadratic;
                weight[row] = labels.weights[row] * p(l) * bracket / 2.0;
            }
        }
        kernel::add_products(&weights, columns, labels.rows, width, &mut gradient);
    }
    gradient
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::formula::Formula;
    use crate::data::frame::{Frame, FrameBuilder};
    use crate::data::table::{Column, Table};
    use crate::fit::{Fit, Method};
    use crate::quantity::draws::Bootstrap;
    use crate::testing::{fit_expanded, generated, separated, table, uniform};

    fn frame(table: &Table, formula: &str) -> Frame {
        Frame::new(table, &Formula::parse(formula).unwrap()).unwrap()
    }

    /// With nothing but intercepts there is nothing to test: both penalised likelihoods are the same one.
    #[test]
    fn intercepts_are_their_own_null_model() {
        let test = frame(&table(), "y ~ 1")
            .design()
            .unwrap()
            .fit_firth()
            .unwrap()
            .likelihood_ratio();
        assert!(test.statistic.abs() < 1e-9, "{test:?}");
    }

    /// Small tables in which an outcome is rare: scoring steps too far at times, or to and fro about the maximum.
    #[test]
    fn steps_that_go_too_far_are_shortened() {
        for seed in 0..400 {
            let mut next = uniform(seed);
            let rows = 8 + (next() * 8.0) as usize;
            let scale = libm::exp(4.0 * next());
            let x: Vec<f64> = (0..rows)
                .map(|_| libm::exp(scale.min(6.0) * (next() - 0.5)))
                .collect();
            let y: Vec<&str> = (0..rows)
                .map(|row| {
                    if row < 2 || next() < 0.15 {
                        ["a", "b"][row % 2]
                    } else {
                        "a"
                    }
                })
                .collect();
            let mut table = Table::new();
            table.insert("x", Column::number(x)).unwrap();
            table.insert("y", Column::text(y)).unwrap();
            let fit = frame(&table, "y ~ x").design().unwrap().fit_firth();
            let iterations = fit.map(|fit| fit.certificate().iterations);
            assert!(matches!(iterations, Ok(..300)), "seed {seed}: {iterations:?}");
        }
    }

    #[test]
    fn gradient_is_that_of_the_penalty() {
        let fit = generated("y ~ x + g").fit;
        let design = fit.design();
        let mut likelihood = PenalisedLikelihood {
            design,
            sample: &design.sample,
            workspace: Workspace::new(design),
        };
        let here: Vec<f64> = fit.parameters.iter().map(|value| value * 0.7 + 0.1).collect();
        let point = likelihood.at(here.clone()).unwrap();
        for position in 0..here.len() {
            let step = 1e-5;
            let mut value = |by: f64| {
                let mut moved = here.clone();
                moved[position] += by;
                likelihood.at(moved).unwrap().value()
            };
            let slope = (value(step) - value(-step)) / (2.0 * step);
            let analytic = point.evaluation.gradient[position];
            assert!(
                (slope - analytic).abs() < 1e-5 * (1.0 + analytic.abs()),
                "{slope} is not {analytic}"
            );
        }
    }

    /// Saturated: one number per cell, where Jeffreys' prior adds a half to every count of two outcomes.
    #[test]
    fn two_outcomes_without_covariates_gain_half_a_count_each() {
        let mut table = Table::new();
        table
            .insert("y", Column::text(["a", "b", "b", "b", "b", "b"]))
            .unwrap();
        let fit = frame(&table, "y ~ 1").design().unwrap().fit_firth().unwrap();
        let found = fit.coefficient("b", "(Intercept)").unwrap().estimate;
        assert!((found - libm::log(5.5 / 1.5)).abs() < 1e-12, "{found}");
    }

    #[test]
    fn base_scale_and_weights_do_not_matter() {
        let table = table();
        let plain = frame(&table, "y ~ x + d").design().unwrap().fit_firth().unwrap();
        assert_eq!(plain.method(), Method::BiasReduced);
        let other = FrameBuilder::new()
            .base("c")
            .build(&table, &Formula::parse("y ~ x + d").unwrap())
            .unwrap();
        let other = other.design().unwrap().fit_firth().unwrap();
        let of = |outcome: &str, fit: &Fit| fit.coefficient(outcome, "x").unwrap().estimate;
        let difference = of("b", &plain) - of("c", &plain) - of("b", &other);
        assert!(difference.abs() < 1e-11, "{difference:e}");
        assert!((plain.penalised_loglik().unwrap() - other.penalised_loglik().unwrap()).abs() < 1e-9);

        let mut moved = table.clone();
        let x = table.numbers("x").unwrap();
        moved
            .insert("u", Column::number(x.iter().map(|x| 1e6 * x + 3e7)))
            .unwrap();
        let moved = frame(&moved, "y ~ u + d").design().unwrap().fit_firth().unwrap();
        let scaled = moved.coefficient("b", "u").unwrap().estimate * 1e6;
        assert!((scaled / of("b", &plain) - 1.0).abs() < 1e-9);

        let weighted = FrameBuilder::new()
            .weights("w")
            .build(&table, &Formula::parse("y ~ x + d").unwrap());
        let weighted = weighted.unwrap().design().unwrap().fit_firth().unwrap();
        let (expanded, _) = fit_expanded(&table, "y ~ x + d", "w");
        let expanded = frame(&expanded, "y ~ x + d")
            .design()
            .unwrap()
            .fit_firth()
            .unwrap();
        for (a, b) in weighted.coefficients().zip(expanded.coefficients()) {
            assert!(
                (a.estimate - b.estimate).abs() < 1e-10 && (a.std_error / b.std_error - 1.0).abs() < 1e-9
            );
        }
        let lr = plain.likelihood_ratio();
        assert!(lr.statistic > 10.0 && lr.df == 4);
    }

    #[test]
    fn separated_outcomes_have_estimates() {
        let table = separated();
        let refused = frame(&table, "never ~ x + d")
            .design()
            .unwrap()
            .fit()
            .unwrap_err();
        assert!(matches!(refused, Error::Separation { .. }));
        assert!(refused.to_string().ends_with("or use a bias-reduced fit"));
        let fit = frame(&table, "never ~ x + d")
            .design()
            .unwrap()
            .fit_firth()
            .unwrap();
        let d = fit.coefficient("c", "d").unwrap();
        assert!(
            d.estimate < -2.0 && d.estimate > -10.0 && d.std_error > 0.5 && d.std_error < 5.0,
            "{d:?}"
        );
        assert!(fit.certificate().gradient_norm < 1e-9);
        // Resamples of a bias-reduced fit are bias-reduced fits: none fails.
        let draws = fit.bootstrap(&Bootstrap::pairs(20, 1)).unwrap();
        assert_eq!(draws.len(), 20);
    }
}
