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
//! `I^-1` times the gradient of the penalised likelihood, halved where that would fall.

use nalgebra::{DMatrix, DVector};

use crate::cholesky::Cholesky;
use crate::likelihood::{Evaluation, Workspace};
use crate::newton::{self, Maximum};
use crate::probability::{BLOCK, Shape, add_scaled, blocks, dot, probabilities};
use crate::sample::Rows;
use crate::{Design, Error, Result};

/// Scoring converges linearly: it takes more steps than Newton's method, but hardly ever more than these.
const MOST_ITERATIONS: usize = 1_000;
const MOST_HALVINGS: usize = 30;
/// Converged where a further step would gain less than this; its root is about the error in standard errors.
const TOLERANCE: f64 = 1e-23;
/// Rounding may keep the gain of a step above the tolerance; below this it is then small enough.
const ROUNDING: f64 = 1e-16;

/// The maximum of the penalised likelihood.
#[derive(Debug)]
pub(crate) struct Penalised {
    /// Its evaluation holds the gradient of the penalised likelihood.
    pub(crate) maximum: Maximum,
    /// `log det I / 2` at the maximum, in the units of the data.
    pub(crate) penalty: f64,
}

/// Which parameters are estimated; the others stay at their start.
pub(crate) type Free<'a> = &'a dyn Fn(usize) -> bool;

/// Maximises the penalised likelihood over the parameters whose column is free.
///
/// # Errors
/// [`Error::NoConvergence`], [`Error::Singular`].
pub(crate) fn maximise(design: &Design, start: Vec<f64>, free: Free<'_>) -> Result<Penalised> {
    let shape = Shape::of(design);
    let free: Vec<usize> = (0..shape.parameters())
        .filter(|position| free(position % shape.columns))
        .collect();
    let mut workspace = Workspace::new(design);
    let mut parameters = start;
    let mut here = Point::new(design, &mut workspace, &parameters).ok_or(Error::Singular)?;
    let mut least = f64::INFINITY;
    for iteration in 1..=MOST_ITERATIONS {
        let step = here.step(&free).ok_or(Error::Singular)?;
        let gain: f64 = step
            .iter()
            .zip(&here.evaluation.gradient)
            .map(|(step, slope)| step * slope)
            .sum();
        if gain <= TOLERANCE || (gain <= ROUNDING && gain >= least) {
            let scales: f64 = design.recipes.iter().map(|recipe| libm::log(recipe.scale)).sum();
            return Ok(Penalised {
                penalty: here.penalty + shape.equations() as f64 * scales,
                maximum: Maximum {
                    parameters,
                    evaluation: here.evaluation,
                    factor: here.factor,
                    iterations: iteration,
                    separated: None,
                },
            });
        }
        least = least.min(gain);
        let rounding = 1e-12 * (1.0 + here.value().abs());
        let mut length = 1.0;
        let mut halvings = 0;
        (parameters, here) = loop {
            let mut next = parameters.clone();
            add_scaled(&mut next, length, &step);
            if let Some(there) = Point::new(design, &mut workspace, &next)
                && there.value() >= here.value() - rounding
            {
                break (next, there);
            }
            halvings += 1;
            if halvings > MOST_HALVINGS {
                return Err(not_converged(iteration, &here));
            }
            length /= 2.0;
        };
    }
    Err(not_converged(MOST_ITERATIONS, &here))
}

fn not_converged(iterations: usize, at: &Point) -> Error {
    Error::NoConvergence {
        iterations,
        gradient: newton::norm(&at.evaluation.gradient),
    }
}

/// The penalised likelihood at a point.
struct Point {
    /// The likelihood's, with the gradient of the penalised likelihood.
    evaluation: Evaluation,
    factor: Cholesky,
    penalty: f64,
}

impl Point {
    /// `None` where the information is singular or the likelihood not finite.
    fn new(design: &Design, workspace: &mut Workspace, parameters: &[f64]) -> Option<Self> {
        let (mut slope, information) = workspace.slope_and_information(Rows::All(design), parameters);
        if !slope.loglik.is_finite() {
            return None;
        }
        let size = parameters.len();
        let factor = Cholesky::new(size, information.clone())?;
        let penalty = factor.pivots().map(libm::log).sum();
        let of_penalty = penalty_gradient(design, parameters, &factor.inverse());
        add_scaled(&mut slope.gradient, 1.0, &of_penalty);
        Some(Point {
            evaluation: Evaluation {
                loglik: slope.loglik,
                gradient: slope.gradient,
                information: DMatrix::from_vec(size, size, information),
            },
            factor,
            penalty,
        })
    }

    fn value(&self) -> f64 {
        self.evaluation.loglik + self.penalty
    }

    /// The scoring step; zero for what is not free.
    fn step(&self, free: &[usize]) -> Option<Vec<f64>> {
        let gradient = &self.evaluation.gradient;
        if free.len() == gradient.len() {
            return Some(self.factor.solve(gradient));
        }
        let information = &self.evaluation.information;
        let part = DMatrix::from_fn(free.len(), free.len(), |a, b| information[(free[a], free[b])]);
        let of_part = DVector::from_fn(free.len(), |a, _| gradient[free[a]]);
        let solved = nalgebra::Cholesky::new(part)?.solve(&of_part);
        let mut step = vec![0.0; gradient.len()];
        for (position, value) in free.iter().zip(solved.iter()) {
            step[*position] = *value;
        }
        Some(step)
    }
}

fn penalty_gradient(design: &Design, parameters: &[f64], inverse: &DMatrix<f64>) -> Vec<f64> {
    let shape = Shape::of(design);
    let (equations, width) = (shape.equations(), shape.columns);
    let mut gradient = vec![0.0; parameters.len()];
    let mut probability = vec![0.0; shape.outcomes * BLOCK];
    // h_jk for each pair of equations, with stride BLOCK.
    let mut leverage = vec![0.0; equations * equations * BLOCK];
    for (from, rows) in blocks(design.rows()) {
        let columns: Vec<&[f64]> = (0..width).map(|k| &design.column(k)[from..from + rows]).collect();
        probabilities(shape, parameters, &columns, &mut probability);
        for j in 0..equations {
            for l in 0..=j {
                let mut sum = [0.0; BLOCK];
                for (k, column) in columns.iter().enumerate() {
                    let mut product = [0.0; BLOCK];
                    for (m, other) in columns.iter().enumerate() {
                        let factor = inverse[(j * width + k, l * width + m)];
                        add_scaled(&mut product[..rows], factor, other);
                    }
                    for ((cell, value), product) in sum.iter_mut().zip(*column).zip(&product) {
                        *cell += value * product;
                    }
                }
                for at in [j * equations + l, l * equations + j] {
                    leverage[at * BLOCK..at * BLOCK + rows].copy_from_slice(&sum[..rows]);
                }
            }
        }
        let mut weight = [0.0; BLOCK];
        for l in 0..equations {
            for (row, weight) in weight[..rows].iter_mut().enumerate() {
                let p = |j: usize| probability[shape.outcome(j) * BLOCK + row];
                let h = |j: usize, k: usize| leverage[(j * equations + k) * BLOCK + row];
                let hp = |j: usize| (0..equations).map(|k| h(j, k) * p(k)).sum::<f64>();
                let diagonal: f64 = (0..equations).map(|j| p(j) * h(j, j)).sum();
                let quadratic: f64 = (0..equations).map(|j| p(j) * hp(j)).sum();
                let bracket = h(l, l) - diagonal - 2.0 * hp(l) + 2.0 * quadratic;
                *weight = design.weight(from + row) * p(l) * bracket / 2.0;
            }
            for (k, column) in columns.iter().enumerate() {
                gradient[l * width + k] += dot(&weight[..rows], column);
            }
        }
    }
    gradient
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{fit_expanded, generated, table};
    use crate::{Column, Formula, Frame, FrameBuilder, Method, Table};

    fn frame(table: &Table, formula: &str) -> Frame {
        Frame::new(table, &Formula::parse(formula).unwrap()).unwrap()
    }

    #[test]
    fn gradient_is_that_of_the_penalty() {
        let fit = generated("y ~ x + g").fit;
        let design = fit.design();
        let mut workspace = Workspace::new(design);
        let here: Vec<f64> = fit.parameters.iter().map(|value| value * 0.7 + 0.1).collect();
        let point = Point::new(design, &mut workspace, &here).unwrap();
        for position in 0..here.len() {
            let step = 1e-5;
            let mut value = |by: f64| {
                let mut moved = here.clone();
                moved[position] += by;
                Point::new(design, &mut workspace, &moved).unwrap().value()
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
        let of = |outcome: &str, fit: &crate::Fit| fit.coefficient(outcome, "x").unwrap().estimate;
        let difference = of("b", &plain) - of("c", &plain) - of("b", &other);
        assert!(difference.abs() < 1e-11, "{difference:e}");
        assert!((plain.penalised_loglik().unwrap() - other.penalised_loglik().unwrap()).abs() < 1e-9);

        let mut moved = table.clone();
        let Column::Number(x) = table.column("x").unwrap() else {
            panic!("x is a number")
        };
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
        let mut table = table();
        let y: Vec<String> = {
            let (Column::Text(y), Column::Number(d)) =
                (table.column("y").unwrap(), table.column("d").unwrap())
            else {
                panic!("y is text, d a number")
            };
            (0..table.rows())
                .map(|row| {
                    if d[row] == 1.0 && y.get(row) == Some("c") {
                        "a"
                    } else {
                        y.get(row).unwrap()
                    }
                    .to_owned()
                })
                .collect()
        };
        table.insert("never", Column::text(&y)).unwrap();
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
        let draws = fit.bootstrap(&crate::Bootstrap::pairs(20, 1)).unwrap();
        assert_eq!(draws.len(), 20);
    }
}
