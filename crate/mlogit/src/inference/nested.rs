//! Likelihood-ratio tests of a model against one that it contains.

use nalgebra::{Cholesky, DMatrix, DVector};

use crate::arithmetic::distribution::chi_squared_p_value;
use crate::arithmetic::kernel::{add_scaled, dot};
use crate::data::design::Design;
use crate::data::formula::contains;
use crate::error::{Error, Result};
use crate::fit::{Fit, LikelihoodRatio, Method};
use crate::inference::hypothesis::{Restriction, term_name};
use crate::inference::wald::WaldTest;
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
        if self.method() != Method::MaximumLikelihood || smaller.method() != Method::MaximumLikelihood {
            return Err(not_nested("a bias-reduced fit does not maximise the likelihood"));
        }
        let (frame, other) = (self.design().frame(), smaller.design().frame());
        if frame.probability_weights.is_some() || other.probability_weights.is_some() {
            return Err(not_nested(
                "with probability weights there is no likelihood to compare; test with Wald",
            ));
        }
        self.contains(smaller)?;
        Ok(ratio(
            self.loglik() - smaller.loglik(),
            self.parameters() - smaller.parameters(),
        ))
    }

    /// Tests this model against a `smaller` one fitted to the same rows: that all coefficients are 0 of the columns that the
    /// smaller model lacks (Wald), with this model's covariance. For robust and clustered covariances and probability
    /// weights, which leave no likelihood ratio with a known distribution.
    ///
    /// # Errors
    /// [`Error::NotNested`] as [`Fit::likelihood_ratio_against`], and where the smaller model has a column that this one has
    /// under another name only; [`Error::Hypothesis`] as [`Fit::test_restrictions`].
    pub fn wald_against(&self, smaller: &Fit) -> Result<WaldTest> {
        self.contains(smaller)?;
        let (columns, fewer): (Vec<&str>, Vec<&str>) = (
            self.design().terms().collect(),
            smaller.design().terms().collect(),
        );
        if let Some(other) = fewer.iter().find(|term| !columns.contains(term)) {
            return Err(not_nested(&format!(
                "the smaller model's `{other}` is no column of the larger by its own name"
            )));
        }
        let more = || columns.iter().filter(|term| !fewer.contains(term));
        let equations = self.equations();
        let restrictions: Vec<Restriction> = equations
            .flat_map(|outcome| more().map(move |term| Restriction::new().plus(1.0, outcome, term)))
            .collect();
        self.test_restrictions(&restrictions)
    }

    /// Refuses a model that is not contained in this one.
    fn contains(&self, smaller: &Fit) -> Result<()> {
        let (frame, other) = (self.design().frame(), smaller.design().frame());
        if frame.row_indices() != other.row_indices() {
            return Err(not_nested(&format!(
                "they use other rows ({} and {}): fit both to the rows complete for the larger",
                frame.rows(),
                other.rows()
            )));
        }
        if frame.weights != other.weights {
            return Err(not_nested("their weights differ"));
        }
        if frame.outcome.levels != other.outcome.levels || frame.outcome.codes != other.outcome.codes {
            return Err(not_nested("their outcomes differ"));
        }
        if self.parameters() <= smaller.parameters() {
            return Err(not_nested(&format!(
                "the larger model has {} parameters, the smaller {}",
                self.parameters(),
                smaller.parameters()
            )));
        }
        match outside(self.design(), smaller.design()) {
            None => Ok(()),
            Some(term) => Err(not_nested(&format!(
                "the larger model does not contain the smaller one's `{term}`"
            ))),
        }
    }

    /// Positions of the terms of the formula that no other term contains.
    fn terms_alone(&self) -> impl Iterator<Item = usize> + '_ {
        let terms = self.design().frame().formula.terms();
        let alone = |position: &usize| {
            let term = &terms[*position];
            let mut others = terms.iter().filter(|other| other.len() > term.len());
            !others.any(|other| contains(other, term))
        };
        (0..terms.len()).filter(alone)
    }

    /// Tests each term of the formula that no other term contains, with the covariance that the fit was given (Wald); the
    /// error of [`Fit::test_term`] where it is of too low a rank for a term.
    pub fn wald_by_term(&self) -> Vec<(String, Result<WaldTest>)> {
        let terms = self.design().frame().formula.terms();
        let test = |position: usize| {
            let name = term_name(&terms[position]);
            let test = self.test_term(&name, None);
            (name, test)
        };
        self.terms_alone().map(test).collect()
    }

    /// Tests each term of the formula that no other term contains (`a` is in `a:b`), by fitting the model without it
    /// (R's `drop1`). Of a bias-reduced fit, the penalised likelihood with the term's coefficients held at zero.
    ///
    /// # Errors
    /// As [`Design::fit`], of the smaller models.
    pub fn likelihood_ratio_by_term(&self) -> Result<Vec<(String, LikelihoodRatio)>> {
        let design = self.design();
        let terms = design.frame().formula.terms();
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
        self.terms_alone().map(test).collect()
    }
}

fn not_nested(problem: &str) -> Error {
    Error::NotNested {
        problem: problem.to_owned(),
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
    use crate::fit::clusters::Covariance;
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

    /// Of one column in one equation the test is its z, and of a term it is the term's.
    #[test]
    fn nested_models_are_tested_by_wald_as_well() {
        let table = table();
        let robust = |formula: &str| fit(&table, formula).with_covariance(&Covariance::Robust).unwrap();
        let (large, small) = (robust("y ~ x + z + g"), robust("y ~ x + z"));
        assert_eq!(
            large.wald_against(&small).unwrap(),
            large.test_term("g", None).unwrap()
        );
        let by_term = large.wald_by_term();
        let names: Vec<&str> = by_term.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["x", "z", "g"]);
        assert_eq!(by_term[2].1, large.test_term("g", None));
        assert!(small.wald_against(&large).is_err());
        let squared = robust("y ~ x + z + I(2 * x * z)");
        let message = squared
            .wald_against(&robust("y ~ I(x * z)"))
            .unwrap_err()
            .to_string();
        assert!(message.contains("by its own name"), "{message}");
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
