//! The Hausman-McFadden test of independence of irrelevant alternatives.

use nalgebra::{DMatrix, DVector};

use crate::arithmetic::distribution::chi_squared_p_value;
use crate::data::design::Design;
use crate::error::{Error, Result};
use crate::fit::units::unstandardise;
use crate::fit::{Fit, Method};
use crate::likelihood::probability::Shape;

/// A Hausman-McFadden test of independence of irrelevant alternatives.
///
/// Under the model, an outcome can be left out with all its rows, and the coefficients of the others stay what
/// they are. The test compares them (Hausman & McFadden 1984, Econometrica 52(5)):
/// `(b_r - b_f)' (V_r - V_f)^-1 (b_r - b_f)`, `r` the restricted and `f` the full estimate of the coefficients
/// both have, chi-squared with as many degrees of freedom as these. `V_r - V_f` is positive definite only in the
/// limit of many rows; where it is not, the statistic can come out negative, and is reported as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct HausmanTest {
    /// The outcome that was left out.
    pub dropped: String,
    /// The statistic; may be negative.
    pub statistic: f64,
    /// Number of coefficients compared.
    pub df: usize,
    /// From the chi-squared distribution; 1 where the statistic is negative.
    pub p_value: f64,
    /// Whether the difference of the covariances is positive definite, as the distribution presupposes.
    pub positive_definite: bool,
}

impl HausmanTest {
    /// What to know when reading the test; nothing where all is as it should be.
    pub fn note(&self) -> Option<&'static str> {
        if self.statistic < 0.0 {
            Some(
                "the statistic is negative, which the test's distribution does not allow: the data say too little for the test; Hausman and McFadden take it as no evidence against independence",
            )
        } else if !self.positive_definite {
            Some("the difference of the covariances is not positive definite: the p-value is not reliable")
        } else {
            None
        }
    }
}

impl Fit {
    /// The Hausman-McFadden test that leaves out one outcome. All coefficients are compared, intercepts included;
    /// both covariances are inverses of the information, whatever covariance the fit was given.
    ///
    /// # Errors
    /// [`Error::Hausman`] with the reason: fewer than three outcomes, no such outcome, no maximum-likelihood fit, a
    /// coefficient without finite estimate, a model that cannot be fitted without the outcome.
    pub fn hausman_mcfadden(&self, dropped: &str) -> Result<HausmanTest> {
        let wrong = |problem: String| Error::Hausman {
            outcome: dropped.to_owned(),
            problem,
        };
        let design = self.design();
        let outcomes = design.outcomes();
        let Some(position) = outcomes.iter().position(|known| known == dropped) else {
            return Err(wrong(format!(
                "no such outcome; there are {}",
                outcomes.join(", ")
            )));
        };
        if outcomes.len() < 3 {
            return Err(wrong("at least three outcomes are needed".to_owned()));
        }
        if design.frame.probability_weights.is_some() {
            return Err(wrong(
                "probability weights leave no information to compare".to_owned(),
            ));
        }
        if self.method() != Method::MaximumLikelihood || self.has_infinite() {
            return Err(wrong(
                "a maximum-likelihood fit with finite estimates is needed".to_owned(),
            ));
        }
        let restricted = design
            .frame()
            .without_outcome(position)
            .design()
            .and_then(Design::fit)
            .map_err(|error| wrong(format!("the model cannot be fitted without it: {error}")))?;

        let from_full = to_remaining(design, position, restricted.design());
        let full = &from_full * DVector::from_column_slice(&self.parameters);
        let full_covariance = &from_full * &self.inverse_information * from_full.transpose();
        let from_restricted = restandardise(design, restricted.design());
        let distance = &from_restricted * DVector::from_column_slice(&restricted.parameters) - full;
        let difference = &from_restricted * &restricted.inverse_information * from_restricted.transpose()
            - full_covariance;
        let df = distance.len();
        let positive_definite = nalgebra::Cholesky::new(difference.clone()).is_some();
        let statistic = difference
            .lu()
            .solve(&distance)
            .map(|solved| distance.dot(&solved))
            .filter(|statistic| statistic.is_finite())
            .ok_or_else(|| wrong("the difference of the covariances is singular".to_owned()))?;
        Ok(HausmanTest {
            dropped: dropped.to_owned(),
            statistic,
            df,
            p_value: chi_squared_p_value(statistic, df),
            positive_definite,
        })
    }
}

/// Takes the full model's standardised parameters to those of the remaining outcomes against the restricted
/// model's base, still in the full model's standardised columns.
fn to_remaining(design: &Design, dropped: usize, restricted: &Design) -> DMatrix<f64> {
    let (full, rest) = (Shape::of(design), Shape::of(restricted));
    // Positions of the remaining outcomes in the full model.
    let in_full = |outcome: usize| outcome + usize::from(outcome >= dropped);
    let base = full.equation(in_full(rest.base));
    let mut matrix = DMatrix::zeros(rest.parameters(), full.parameters());
    for j in 0..rest.equations() {
        let own = full.equation(in_full(rest.outcome(j)));
        for k in 0..full.columns {
            let row = j * rest.columns + k;
            if let Some(own) = own {
                matrix[(row, own * full.columns + k)] += 1.0;
            }
            if let Some(base) = base {
                matrix[(row, base * full.columns + k)] -= 1.0;
            }
        }
    }
    matrix
}

/// Takes parameters of the restricted design's standardised columns to the full design's.
fn restandardise(design: &Design, restricted: &Design) -> DMatrix<f64> {
    let columns = design.recipes.len();
    let mut forward = DMatrix::zeros(columns, columns);
    for (k, recipe) in design.recipes.iter().enumerate() {
        forward[(k, k)] = recipe.scale;
        // Without an intercept nothing is centred.
        if k > 0 && design.has_intercept() {
            forward[(0, k)] = recipe.mean;
        }
    }
    let equations = Shape::of(restricted).equations();
    DMatrix::<f64>::identity(equations, equations).kronecker(&forward) * unstandardise(restricted)
}

#[cfg(test)]
mod tests {
    use crate::data::table::Column;
    use crate::testing::{fit, fit_with_base, table};

    #[test]
    fn two_outcomes_have_no_alternative_to_leave_out() {
        let mut table = table();
        let two = |row: usize| if row.is_multiple_of(3) { "p" } else { "q" };
        table
            .insert("two", Column::text((0..table.rows()).map(two)))
            .unwrap();
        let error = fit(&table, "two ~ x").hausman_mcfadden("p").unwrap_err();
        assert!(
            error.to_string().contains("at least three outcomes are needed"),
            "{error}"
        );
    }

    #[test]
    fn the_test_does_not_depend_on_the_base() {
        let table = table();
        let first = fit(&table, "y ~ x + z");
        for dropped in ["a", "b", "c"] {
            let one = first.hausman_mcfadden(dropped).unwrap();
            assert_eq!((one.df, one.dropped.as_str()), (3, dropped));
            assert_eq!(
                one.note().is_some(),
                one.statistic < 0.0 || !one.positive_definite
            );
            for base in ["b", "c"] {
                let other = fit_with_base(&table, "y ~ x + z", base)
                    .hausman_mcfadden(dropped)
                    .unwrap();
                assert!(
                    (one.statistic - other.statistic).abs() < 1e-6 * (1.0 + one.statistic.abs()),
                    "{one:?} is not {other:?}"
                );
            }
        }
    }

    #[test]
    fn what_cannot_be_tested_is_refused() {
        let fit = fit(&table(), "y ~ x");
        let message = fit.hausman_mcfadden("q").unwrap_err().to_string();
        assert_eq!(
            message,
            "Hausman-McFadden test without `q`: no such outcome; there are a, b, c"
        );
    }
}
