//! Likelihood-ratio tests of a model against one that it contains.

use nalgebra::{Cholesky, DMatrix, DVector};

use crate::arithmetic::distribution::chi_squared_p_value;
use crate::arithmetic::kernel::{add_scaled, dot};
use crate::data::design::Design;
use crate::data::formula::{Term, contains};
use crate::error::{Error, Result};
use crate::fit::{Fit, LikelihoodRatio, Method};
use crate::inference::hypothesis::term_name;
use crate::likelihood::firth;

/// Part of a column (in standard deviations) that the larger model may leave unexplained.
const TOLERANCE: f64 = 1e-6;

impl Fit {
    /// Tests this model against a `smaller` one fitted to the same rows: twice the difference of the
    /// log-likelihoods. The smaller model's columns must be combinations of this one's; their names and units, and
    /// the base outcome, do not matter. Whatever covariance was chosen, the test rests on the likelihood.
    ///
    /// # Errors
    /// [`Error::NotNested`]: other rows, weights or outcomes, columns that this model does not contain, as many
    /// parameters, or a fit that does not maximise the likelihood.
    pub fn likelihood_ratio_against(&self, smaller: &Fit) -> Result<LikelihoodRatio> {
        let wrong = |problem: &str| Error::NotNested {
            problem: problem.to_owned(),
        };
        if self.method() != Method::MaximumLikelihood || smaller.method() != Method::MaximumLikelihood {
            return Err(wrong("a bias-reduced fit does not maximise the likelihood"));
        }
        let (frame, other) = (self.design().frame(), smaller.design().frame());
        if frame.probability_weights.is_some() || other.probability_weights.is_some() {
            return Err(wrong(
                "with probability weights there is no likelihood to compare; test with Wald",
            ));
        }
        if frame.row_indices() != other.row_indices() {
            return Err(wrong(&format!(
                "they use other rows ({} and {}): fit both to the rows complete for the larger",
                frame.rows(),
                other.rows()
            )));
        }
        if frame.weights != other.weights {
            return Err(wrong("their weights differ"));
        }
        if frame.outcome.levels != other.outcome.levels || frame.outcome.codes != other.outcome.codes {
            return Err(wrong("their outcomes differ"));
        }
        if self.parameters() <= smaller.parameters() {
            return Err(wrong(&format!(
                "the larger model has {} parameters, the smaller {}",
                self.parameters(),
                smaller.parameters()
            )));
        }
        if let Some(term) = outside(self.design(), smaller.design()) {
            return Err(wrong(&format!(
                "the larger model does not contain the smaller one's `{term}`"
            )));
        }
        Ok(ratio(
            self.loglik() - smaller.loglik(),
            self.parameters() - smaller.parameters(),
        ))
    }

    /// Tests each term of the formula that no other term contains (`a` is in `a:b`), by fitting the model without it
    /// (R's `drop1`). Of a bias-reduced fit, the penalised likelihood with the term's coefficients held at zero.
    ///
    /// # Errors
    /// As [`Design::fit`], of the smaller models.
    pub fn likelihood_ratio_by_term(&self) -> Result<Vec<(String, LikelihoodRatio)>> {
        let design = self.design();
        let terms = design.frame().formula.terms();
        let alone = |term: &Term| {
            let others = || terms.iter().filter(|other| other.len() > term.len());
            !others().any(|other| contains(other, term))
        };
        let positions = (0..terms.len()).filter(|position| alone(&terms[*position]));
        let test = |position: usize| {
            let test = match self.penalised_loglik() {
                None => {
                    let mut frame = design.frame().clone();
                    frame.formula = frame.formula.without(position);
                    self.likelihood_ratio_against(&frame.design()?.fit_with(self.separation)?)?
                }
                Some(penalised) => {
                    let dropped: Vec<usize> = design.columns_of_term(position).collect();
                    let free = |column: usize| !dropped.contains(&column);
                    let mut start = self.parameters.clone();
                    for (parameter, value) in start.iter_mut().enumerate() {
                        if !free(parameter % design.recipes.len()) {
                            *value = 0.0;
                        }
                    }
                    let found = firth::maximise(design, &design.sample, start, &free)?;
                    let df = dropped.len() * (design.outcomes().len() - 1);
                    ratio(penalised - found.maximum.evaluation.loglik - found.penalty, df)
                }
            };
            Ok((term_name(&terms[position]), test))
        };
        positions.map(test).collect()
    }
}

fn ratio(difference: f64, df: usize) -> LikelihoodRatio {
    let statistic = 2.0 * difference;
    LikelihoodRatio {
        statistic,
        df,
        p_value: chi_squared_p_value(statistic, df),
    }
}

/// The first column of `smaller` that is no combination of the columns of `larger`.
fn outside<'a>(larger: &Design, smaller: &'a Design) -> Option<&'a str> {
    let width = larger.recipes.len();
    let rows = larger.rows() as f64;
    let columns: Vec<Vec<f64>> = (0..width).map(|k| larger.column(k)).collect();
    let gram = DMatrix::from_fn(width, width, |a, b| dot(&columns[a], &columns[b]) / rows);
    let factor = Cholesky::new(gram)?;
    let leaves = |k: &usize| {
        let mut left = smaller.column(*k);
        // The second round takes out what rounding left in the first.
        for _ in 0..2 {
            let products = DVector::from_fn(width, |j, _| dot(&columns[j], &left) / rows);
            for (column, factor) in columns.iter().zip(&factor.solve(&products)) {
                add_scaled(&mut left, -factor, column);
            }
        }
        (dot(&left, &left) / rows).sqrt() > TOLERANCE
    };
    let column = (0..smaller.recipes.len()).find(leaves)?;
    Some(&smaller.recipes[column].name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::formula::Formula;
    use crate::data::frame::Frame;
    use crate::testing::{fit, fit_weighted, fit_with_base, table};

    #[test]
    fn nested_models_are_told_from_others() {
        let table = table();
        let large = fit(&table, "y ~ x * z + g");
        let small = fit_with_base(&table, "y ~ x + z", "c");
        let test = large.likelihood_ratio_against(&small).unwrap();
        assert_eq!(test.df, 6);
        assert!((test.statistic - 2.0 * (large.loglik() - small.loglik())).abs() < 1e-12);
        let message = |a: &Fit, b: &Fit| a.likelihood_ratio_against(b).unwrap_err().to_string();
        assert!(message(&large, &fit(&table, "y ~ d")).contains("does not contain the smaller one's `d`"));
        assert!(message(&small, &large).contains("parameters"));
        assert!(message(&large, &fit(&table, "y ~ x + gaps2")).contains("other rows (300 and 270)"));
        assert!(message(&large, &fit_weighted(&table, "y ~ x", "w")).contains("weights differ"));
    }

    #[test]
    fn terms_are_tested_by_refit() {
        let table = table();
        let model = fit(&table, "y ~ x * z + g");
        let tests = model.likelihood_ratio_by_term().unwrap();
        let names: Vec<&str> = tests.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["g", "x:z"], "the others are in x:z");
        let small = fit(&table, "y ~ x * z");
        assert_eq!(tests[0].1, model.likelihood_ratio_against(&small).unwrap());
        let wald = model.test_term("g", None).unwrap();
        assert!((tests[0].1.statistic / wald.statistic - 1.0).abs() < 0.1);

        let formula = Formula::parse("y ~ x * z + g").unwrap();
        let firth = Frame::new(&table, &formula)
            .unwrap()
            .design()
            .unwrap()
            .fit_firth()
            .unwrap();
        for (a, b) in firth.likelihood_ratio_by_term().unwrap().iter().zip(&tests) {
            assert_eq!((&a.0, a.1.df), (&b.0, b.1.df));
            assert!(
                (a.1.statistic - b.1.statistic).abs() < 0.1 * b.1.statistic + 0.2,
                "{a:?} is not {b:?}"
            );
        }
        assert!(firth.likelihood_ratio_against(&small).is_err());
    }
}
