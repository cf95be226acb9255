//! Wald tests of terms and of linear hypotheses.

use nalgebra::{Cholesky, DMatrix, DVector};

use crate::arithmetic::distribution::chi_squared_p_value;
use crate::error::{Error, Result};
use crate::fit::Fit;
use crate::fit::units::unstandardise;
use crate::inference::hypothesis::Restriction;

/// A Wald test of hypotheses about coefficients.
///
/// For `R b = r` the statistic is `(R b - r)' (R V R')^-1 (R b - r)`, with the covariance `V` that the fit was given
/// (Stata's `test`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WaldTest {
    /// Chi-squared statistic.
    pub statistic: f64,
    /// Number of restrictions.
    pub df: usize,
    /// From the chi-squared distribution.
    pub p_value: f64,
}

impl Fit {
    /// Tests hypotheses written as [`Fit::hypothesis`] reads them, jointly.
    ///
    /// # Errors
    /// [`Error::Hypothesis`].
    ///
    /// ```
    /// # use mlogit::{Column, Formula, Frame, Table};
    /// # fn main() -> Result<(), mlogit::Error> {
    /// # let mut table = Table::new();
    /// # table.insert("choice", Column::text(["bus", "car", "bus", "bike", "car", "bike", "bus", "car"]))?;
    /// # table.insert("distance", Column::number([3.0, 9.0, 5.0, 1.0, 4.0, 6.0, 2.0, 7.0]))?;
    /// # let fit = Frame::new(&table, &Formula::parse("choice ~ distance")?)?.design()?.fit()?;
    /// let alike = fit.test("bus: distance = car: distance")?;
    /// assert_eq!(alike.df, 1);
    /// let none = fit.test("distance")?;
    /// assert_eq!(none.df, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn test(&self, hypothesis: &str) -> Result<WaldTest> {
        self.wald(hypothesis, &self.hypothesis(hypothesis)?)
    }

    /// Tests that all coefficients of a term are 0, in the equation of `outcome` or of every outcome but the base.
    /// The term is one of the formula, such as a categorical variable, or a column.
    ///
    /// # Errors
    /// [`Error::Hypothesis`].
    pub fn test_term(&self, term: &str, outcome: Option<&str>) -> Result<WaldTest> {
        self.wald(term, &self.without_term(term, outcome)?)
    }

    /// Tests restrictions jointly.
    ///
    /// # Errors
    /// [`Error::Hypothesis`] where they repeat or contradict each other, where the covariance is of too low a rank to
    /// test so many at once (few clusters), or where a coefficient has no finite estimate;
    /// [`Error::UnknownCoefficient`].
    pub fn test_restrictions(&self, restrictions: &[Restriction]) -> Result<WaldTest> {
        self.wald(&format!("{} restrictions", restrictions.len()), restrictions)
    }

    fn wald(&self, text: &str, restrictions: &[Restriction]) -> Result<WaldTest> {
        let wrong = |problem: String| Error::Hypothesis {
            text: text.trim().to_owned(),
            problem,
        };
        let df = restrictions.len();
        if df == 0 {
            return Err(wrong("there is no restriction".to_owned()));
        }
        let mut matrix = DMatrix::<f64>::zeros(df, self.parameters());
        for (row, restriction) in restrictions.iter().enumerate() {
            for addend in &restriction.addends {
                let position = self.position((&addend.outcome, &addend.term))?;
                if self.raw[position].is_infinite() {
                    return Err(wrong(format!(
                        "`{}` has no finite estimate for outcome `{}`",
                        addend.term, addend.outcome
                    )));
                }
                matrix[(row, position)] += addend.factor;
            }
        }
        // In standardised coefficients, so that the units of the variables cost no digits.
        let matrix = matrix * unstandardise(self.design());
        let value = |row: usize| restrictions[row].value;
        let estimate = DVector::from_column_slice(&self.parameters);
        let distance = &matrix * estimate - DVector::from_fn(df, |row, _| value(row));
        let covariance = &matrix * &self.covariance * matrix.transpose();
        let scales = covariance.diagonal().map(f64::sqrt);
        let singular = || {
            wrong(format!(
                "its {df} restrictions are not independent, or the covariance ({}) cannot tell them apart",
                self.covariance_kind()
            ))
        };
        if scales.iter().any(|scale| !scale.is_normal()) {
            return Err(singular());
        }
        let correlation = DMatrix::from_fn(df, df, |a, b| covariance[(a, b)] / (scales[a] * scales[b]));
        let factor = Cholesky::new(correlation).ok_or_else(singular)?;
        if factor.l_dirty().diagonal().iter().any(|pivot| *pivot < 1e-6) {
            return Err(singular());
        }
        let scaled = distance.component_div(&scales);
        let statistic = scaled.dot(&factor.solve(&scaled));
        Ok(WaldTest {
            statistic,
            df,
            p_value: chi_squared_p_value(statistic, df),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::clusters::{Clusters, Covariance};
    use crate::fit::warning::Warning;
    use crate::testing::{Generated, fit_with_base, generated, table};

    #[test]
    fn one_restriction_is_the_square_of_z() {
        let fit = generated("y ~ x + g")
            .fit
            .with_covariance(&Covariance::Hc1)
            .unwrap();
        let z = fit.coefficient("b", "x").unwrap().statistic;
        let test = fit.test("b: x = 0").unwrap();
        assert!((test.statistic / (z * z) - 1.0).abs() < 1e-12);
        assert_eq!((test.df, test), (1, fit.test_term("x", Some("b")).unwrap()));
        let p = fit.coefficient("b", "x").unwrap().p_value;
        assert!((test.p_value - p).abs() < 1e-9);
    }

    #[test]
    fn tests_do_not_depend_on_base_or_wording() {
        let fit = generated("y ~ x + g").fit;
        let other = fit_with_base(&table(), "y ~ x + g", "c");
        let near = |a: WaldTest, b: WaldTest| {
            assert!(
                (a.statistic / b.statistic - 1.0).abs() < 1e-9 && a.df == b.df,
                "{a:?} is not {b:?}"
            );
        };
        near(
            fit.test_term("g", None).unwrap(),
            other.test_term("g", None).unwrap(),
        );
        near(fit.test("b: x = c: x").unwrap(), other.test("b: x").unwrap());
        near(
            fit.test("b: x = 1, c: x = 0").unwrap(),
            fit.test("c: x; b: 2 * x = 2").unwrap(),
        );
        let typed = Restriction::new().plus(1.0, "b", "x").plus(-1.0, "c", "x");
        near(
            fit.test_restrictions(&[typed]).unwrap(),
            fit.test("b: x = c: x").unwrap(),
        );
    }

    #[test]
    fn what_cannot_be_tested_is_refused() {
        let Generated { fit, table } = generated("y ~ x + z + g");
        assert!(
            fit.test("b: x, b: x")
                .unwrap_err()
                .to_string()
                .contains("not independent")
        );
        assert!(
            fit.test_term("w", None)
                .unwrap_err()
                .to_string()
                .contains("no such term")
        );
        assert!(fit.test_term("x", Some("a")).is_err());
        assert!(fit.test_restrictions(&[]).is_err());
        let two = Covariance::Cluster(Clusters::new(&table, &["d"]).unwrap());
        let fit = fit.with_covariance(&two).unwrap();
        assert!(
            fit.test("b: x, b: z, c: x")
                .unwrap_err()
                .to_string()
                .contains("clustered by d")
        );
        assert!(
            fit.warnings()
                .iter()
                .any(|one| matches!(one, Warning::FewClusters { clusters: 2, .. }))
        );
    }
}
