//! A fitted model: coefficients, covariance, likelihood and the certificate of its convergence.

pub(crate) mod clusters;
pub(crate) mod refit;
pub(crate) mod units;
pub(crate) mod warning;

use std::sync::Arc;

use nalgebra::DMatrix;

use crate::arithmetic::distribution::{chi_squared_p_value, normal_p_value, normal_quantile};
use crate::data::design::Design;
use crate::data::recipe::has_constant;
use crate::error::{Error, Infinite, Result};
use crate::fit::clusters::Covariance;
use crate::fit::units::{raw_covariance, raw_parameters};
use crate::fit::warning::Warning;
use crate::likelihood::firth;
use crate::likelihood::limit::Limit;
use crate::likelihood::loglik::null_start;
use crate::likelihood::newton::{self, Maximum, Separation};

/// Coverage of every interval where no other is asked for.
const LEVEL: f64 = 0.95;

/// Beyond this condition number no digit of the inverse is right: a plateau was reached, not a maximum.
const SINGULAR: f64 = 1.0 / f64::EPSILON;

/// An eigenvalue this small a part of the largest may be below zero by rounding.
const ROUNDING: f64 = 1e-12;

/// What an estimate maximises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Method {
    /// The likelihood.
    #[default]
    MaximumLikelihood,
    /// The likelihood penalised by Jeffreys' prior: [`Design::fit_firth`].
    BiasReduced,
}

impl std::fmt::Display for Method {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Method::MaximumLikelihood => "maximum likelihood",
            Method::BiasReduced => "bias-reduced (Firth)",
        })
    }
}

/// Penalised log-likelihoods at the estimate and with intercepts only.
#[derive(Debug, Clone, Copy, PartialEq)]
struct PenalisedLogliks {
    estimate: f64,
    null: f64,
}

/// A fitted multinomial logit.
#[derive(Debug, Clone)]
pub struct Fit {
    pub(crate) design: Arc<Design>,
    /// Standardised parameters, `terms` x `equations`, column-major.
    pub(crate) parameters: Vec<f64>,
    /// Inverse of the information of the standardised parameters.
    pub(crate) inverse_information: DMatrix<f64>,
    /// Covariance of the standardised parameters, as `kind` says.
    pub(crate) covariance: DMatrix<f64>,
    kind: Covariance,
    level: f64,
    pub(crate) separation: Separation,
    /// Parameters in the units of the data.
    pub(crate) raw: Vec<f64>,
    /// Covariance of the parameters in the units of the data.
    raw_covariance: DMatrix<f64>,
    loglik: f64,
    loglik_null: f64,
    /// Of a bias-reduced fit.
    penalised: Option<PenalisedLogliks>,
    certificate: Certificate,
    /// The coefficients without a finite estimate.
    infinite: Vec<Infinite>,
}

/// One coefficient with its Wald statistics.
#[derive(Debug, Clone, PartialEq)]
pub struct Coefficient {
    /// The outcome whose equation it belongs to.
    pub outcome: String,
    /// The term.
    pub term: String,
    /// Change of the log odds of the outcome against the base outcome for one unit of the term; infinite, and its
    /// standard error not a number, where it has no finite estimate ([`Separation::Limit`]); not a number either
    /// where nothing is known of it once others are infinite.
    pub estimate: f64,
    /// Its standard error, from the covariance chosen with [`Fit::with_covariance`].
    pub std_error: f64,
    /// Estimate by standard error.
    pub statistic: f64,
    /// Two-sided, from the standard normal distribution.
    pub p_value: f64,
    /// Lower end of the Wald interval, of 95 % coverage unless [`Fit::with_level`] says otherwise.
    pub conf_low: f64,
    /// Upper end of the Wald interval.
    pub conf_high: f64,
}

/// Likelihood-ratio test against the model with intercepts only.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LikelihoodRatio {
    /// Twice the difference of the log-likelihoods.
    pub statistic: f64,
    /// Number of parameters besides the intercepts.
    pub df: usize,
    /// From the chi-squared distribution.
    pub p_value: f64,
}

/// How the maximum was reached and how well it is determined.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Certificate {
    /// Newton steps taken.
    pub iterations: usize,
    /// Largest absolute component of the gradient at the estimate, columns standardised.
    pub gradient_norm: f64,
    /// Condition number (1-norm) of the information at the estimate, columns standardised.
    pub condition: f64,
}

impl Design {
    /// Fits the model by maximum likelihood.
    ///
    /// # Errors
    /// [`Error::Separation`], [`Error::NoConvergence`], [`Error::Singular`].
    pub fn fit(self) -> Result<Fit> {
        self.fit_with(Separation::Refuse)
    }

    /// The same, with a choice of what to do where some coefficients have no finite estimate.
    ///
    /// # Errors
    /// As [`Design::fit`]; with [`Separation::Limit`], [`Error::Separation`] only where the limit was not reached.
    pub fn fit_with(self, separation: Separation) -> Result<Fit> {
        Fit::new(self, separation)
    }

    /// Fits the model by maximum likelihood penalised with Jeffreys' prior (Firth): less biased in small samples,
    /// and finite where the outcomes are separated.
    ///
    /// Maximises `l(b) + log det I(b) / 2` (Firth 1993, Biometrika 80(1); for multinomial logits Kosmidis & Firth
    /// 2011, Biometrika 98(3); for separation Heinze & Schemper 2002, Statistics in Medicine 21(16)). In this model
    /// the penalty, mean bias reduction and adjusted scores (R `brglm2::brmultinom(type = "AS_mean")`) are one and
    /// the same, whichever the base outcome.
    ///
    /// Standard errors come from the information at that estimate, as R's brglm2 has them. Where coefficients are
    /// large and few rows speak of them, the penalised likelihood is far from quadratic, and a likelihood-ratio
    /// test says more than a standard error.
    ///
    /// # Errors
    /// [`Error::NoConvergence`], [`Error::Singular`]; [`Error::Weight`] with probability weights, of which there is no
    /// information to take the penalty from.
    pub fn fit_firth(self) -> Result<Fit> {
        if let Some(column) = &self.frame.probability_weights {
            return Err(Error::Weight {
                column: column.clone(),
                row: None,
                problem: "probability weights leave no likelihood to penalise".to_owned(),
            });
        }
        Fit::bias_reduced(self)
    }
}

impl Fit {
    /// Fits `design` by maximum likelihood.
    pub(crate) fn new(design: Design, separation: Separation) -> Result<Self> {
        let start = null_start(&design);
        let maximum = newton::maximise(&design, start, separation)?;
        Self::at(design, maximum, separation)
    }

    /// Fits `design` by penalised maximum likelihood.
    pub(crate) fn bias_reduced(design: Design) -> Result<Self> {
        let start = null_start(&design);
        let found = firth::maximise(&design, &design.sample, start.clone(), &|_| true)?;
        let intercept = |column| column == 0 && design.has_intercept();
        let null = firth::maximise(&design, &design.sample, start, &intercept)?;
        let estimate = found.maximum.evaluation.loglik + found.penalty;
        let fit = Self::at(design, found.maximum, Separation::Refuse)?;
        Ok(Fit {
            penalised: Some(PenalisedLogliks {
                estimate,
                null: null.maximum.evaluation.loglik + null.penalty,
            }),
            ..fit
        })
    }

    /// The fit at a maximum.
    pub(crate) fn at(design: Design, maximum: Maximum, separation: Separation) -> Result<Self> {
        let Maximum {
            parameters,
            evaluation,
            information,
            factor,
            iterations,
            separated,
        } = maximum;
        let information = DMatrix::from_vec(parameters.len(), parameters.len(), information);
        let counts = design.counts();
        let mut separated = separated.unwrap_or_default();
        let inverse_information = if separated.parameters.is_empty() {
            factor.inverse()
        } else {
            let limit = Limit::new(
                &information,
                design.total_weight() / design.rows() as f64,
                &separated.moving(),
            );
            separated.add_unknown(&design, &limit.unknown);
            limit.covariance
        };
        let certificate = Certificate {
            iterations,
            gradient_norm: newton::norm(&evaluation.gradient),
            condition: one_norm(&information) * one_norm(&inverse_information),
        };
        if certificate.condition.is_nan() || certificate.condition > SINGULAR {
            return Err(Error::Singular);
        }
        let total: f64 = counts.iter().sum();
        // A refit may give no weight to an outcome.
        let seen = counts.iter().filter(|count| **count > 0.0);
        let loglik_null = if has_constant(&design.frame) {
            seen.map(|count| count * libm::log(count / total)).sum()
        } else {
            -total * libm::log(counts.len() as f64)
        };
        let raw = raw_parameters(&design, &parameters, &separated);
        let (loglik, infinite) = (evaluation.loglik, separated.named);
        let covariance = inverse_information.clone();
        Ok(Fit {
            raw_covariance: raw_covariance(&design, &covariance, &raw),
            design: Arc::new(design),
            parameters,
            inverse_information,
            covariance,
            kind: Covariance::Observed,
            level: LEVEL,
            separation,
            raw,
            loglik,
            loglik_null,
            penalised: None,
            certificate,
            infinite,
        })
    }

    /// The same estimates with another covariance of the standardised parameters, estimated as `kind` says.
    pub(crate) fn with_covariance_of(&self, kind: &Covariance, covariance: DMatrix<f64>) -> Fit {
        Fit {
            raw_covariance: raw_covariance(&self.design, &covariance, &self.raw),
            covariance,
            kind: kind.clone(),
            ..self.clone()
        }
    }

    /// The same fit with intervals of another coverage than 0.95.
    ///
    /// # Errors
    /// [`Error::Level`] unless `level` lies between 0 and 1.
    pub fn with_level(&self, level: f64) -> Result<Fit> {
        if !(level > 0.0 && level < 1.0) {
            return Err(Error::Level { level });
        }
        Ok(Fit {
            level,
            ..self.clone()
        })
    }

    /// How the covariance of the coefficients was estimated.
    pub fn covariance_kind(&self) -> &Covariance {
        &self.kind
    }

    /// Whether some coefficient has no finite estimate.
    pub(crate) fn has_infinite(&self) -> bool {
        !self.infinite.is_empty()
    }

    /// Coverage of the intervals.
    pub fn level(&self) -> f64 {
        self.level
    }

    /// The quantile of the standard normal distribution that intervals reach to.
    pub(crate) fn quantile(&self) -> f64 {
        normal_quantile(0.5 + self.level / 2.0)
    }

    /// The design it was fitted to.
    pub fn design(&self) -> &Design {
        &self.design
    }

    /// Every coefficient, equation by equation in the order of the outcomes.
    pub fn coefficients(&self) -> impl Iterator<Item = Coefficient> + '_ {
        self.positions()
            .map(|(outcome, term, position)| self.coefficient_at(outcome, term, position))
    }

    fn coefficient_at(&self, outcome: &str, term: &str, position: usize) -> Coefficient {
        let quantile = self.quantile();
        let estimate = self.raw[position];
        let std_error = self.raw_covariance[(position, position)].sqrt();
        let statistic = estimate / std_error;
        Coefficient {
            outcome: outcome.to_owned(),
            term: term.to_owned(),
            estimate,
            std_error,
            statistic,
            p_value: normal_p_value(statistic),
            conf_low: estimate - quantile * std_error,
            conf_high: estimate + quantile * std_error,
        }
    }

    /// The coefficient of `term` in the equation of `outcome`.
    ///
    /// # Errors
    /// [`Error::UnknownCoefficient`].
    pub fn coefficient(&self, outcome: &str, term: &str) -> Result<Coefficient> {
        let position = self.position((outcome, term))?;
        Ok(self.coefficient_at(outcome, term, position))
    }

    /// Covariance of two coefficients, each addressed by (outcome, term).
    ///
    /// # Errors
    /// [`Error::UnknownCoefficient`].
    pub fn covariance(&self, a: (&str, &str), b: (&str, &str)) -> Result<f64> {
        Ok(self.raw_covariance[(self.position(a)?, self.position(b)?)])
    }

    /// Covariances of `k` coefficients, each addressed by (outcome, term): `k` x `k`, flat, in their order.
    ///
    /// # Errors
    /// [`Error::UnknownCoefficient`].
    pub fn covariances(&self, coefficients: &[(&str, &str)]) -> Result<Vec<f64>> {
        let of = |one: &(&str, &str)| self.position(*one);
        let positions = coefficients.iter().map(of).collect::<Result<Vec<usize>>>()?;
        let row = |&a: &usize| positions.iter().map(move |&b| self.raw_covariance[(a, b)]);
        Ok(positions.iter().flat_map(row).collect())
    }

    /// Number of observations: the sum of the weights; with probability weights, the number of rows.
    pub fn n(&self) -> f64 {
        match self.design.frame.probability_weights {
            Some(_) => self.design.rows() as f64,
            None => self.design.total_weight(),
        }
    }

    /// Observations of each outcome, in the order of [`Design::outcomes`].
    pub fn counts(&self) -> Vec<f64> {
        self.design.counts()
    }

    /// Log-likelihood at the estimate, without penalty; so are the criteria and R2 made from it.
    pub fn loglik(&self) -> f64 {
        self.loglik
    }

    /// What the estimate maximises.
    pub fn method(&self) -> Method {
        match self.penalised {
            None => Method::MaximumLikelihood,
            Some(_) => Method::BiasReduced,
        }
    }

    /// Of a bias-reduced fit, what was maximised: the log-likelihood plus half the log determinant of the
    /// information in the units of the data. It depends on those units, its differences between models of the same
    /// columns do not.
    pub fn penalised_loglik(&self) -> Option<f64> {
        self.penalised.map(|penalised| penalised.estimate)
    }

    /// Log-likelihood of the model with intercepts only; where the model has no constant, of one in which every outcome
    /// is as likely.
    pub fn loglik_null(&self) -> f64 {
        self.loglik_null
    }

    /// Number of parameters, all equations together.
    pub fn parameters(&self) -> usize {
        self.parameters.len()
    }

    /// Akaike's information criterion, `2 k - 2 loglik`.
    pub fn aic(&self) -> f64 {
        2.0 * self.parameters() as f64 - 2.0 * self.loglik
    }

    /// Schwarz's information criterion, `k ln n - 2 loglik`.
    pub fn bic(&self) -> f64 {
        self.parameters() as f64 * libm::log(self.n()) - 2.0 * self.loglik
    }

    /// McFadden's R2, `1 - loglik / loglik_null`.
    pub fn mcfadden_r2(&self) -> f64 {
        1.0 - self.loglik / self.loglik_null
    }

    /// Likelihood-ratio test against intercepts only (without a constant, against outcomes that are all as likely); of a bias-reduced fit the penalised one, in which the other
    /// coefficients are held at zero (Heinze & Schemper 2002, Statistics in Medicine 21(16)).
    pub fn likelihood_ratio(&self) -> LikelihoodRatio {
        let statistic = match self.penalised {
            None => 2.0 * (self.loglik - self.loglik_null),
            Some(penalised) => 2.0 * (penalised.estimate - penalised.null),
        };
        let constant = match self.penalised {
            None => has_constant(&self.design.frame),
            Some(_) => self.design.has_intercept(),
        };
        let df = self.parameters() - usize::from(constant) * (self.design.outcomes().len() - 1);
        LikelihoodRatio {
            statistic,
            df,
            p_value: chi_squared_p_value(statistic, df),
        }
    }

    /// How the maximum was reached.
    pub fn certificate(&self) -> Certificate {
        self.certificate
    }

    /// What to know when reading the estimates.
    pub fn warnings(&self) -> Vec<Warning> {
        let mut warnings: Vec<Warning> = self.infinite.iter().cloned().map(Warning::Separation).collect();
        warnings.extend(self.design.frame.notes.iter().cloned().map(Warning::from));
        match (&self.design.frame.probability_weights, &self.kind) {
            (Some(column), Covariance::Observed) => warnings.push(Warning::ProbabilityWeights {
                column: column.clone(),
            }),
            (None, _) if self.design.frame.fractional_weights => warnings.push(Warning::FractionalWeights),
            _ => {}
        }
        // Towards the limit of a separated fit the information is singular by its nature.
        if self.infinite.is_empty() && self.certificate.condition > 1e10 {
            warnings.push(Warning::IllConditioned {
                condition: self.certificate.condition,
            });
        }
        let counts = self
            .kind
            .clusters()
            .into_iter()
            .map(|clusters| clusters.count(&self.design));
        if let Some(clusters) = counts.flatten().min().filter(|count| *count <= self.parameters()) {
            warnings.push(Warning::FewClusters {
                clusters,
                parameters: self.parameters(),
            });
        }
        if matches!(self.kind, Covariance::TwoWay(_)) {
            let spread = self.covariance.clone().symmetric_eigenvalues();
            if spread.min() < -ROUNDING * spread.max() {
                warnings.push(Warning::NotPositive);
            }
        }
        let terms = self.design.recipes.len();
        let rarest = self
            .counts()
            .into_iter()
            .zip(self.design.outcomes())
            .min_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((rows, outcome)) = rarest.filter(|(rows, _)| *rows < terms as f64) {
            warnings.push(Warning::FewRows {
                rows,
                outcome: outcome.clone(),
                terms,
            });
        }
        warnings
    }

    pub(crate) fn positions(&self) -> impl Iterator<Item = (&str, &str, usize)> {
        self.design.positions()
    }

    pub(crate) fn position(&self, coefficient: (&str, &str)) -> Result<usize> {
        self.design.position(coefficient)
    }
}

/// Largest sum of absolute values in a column.
fn one_norm(matrix: &DMatrix<f64>) -> f64 {
    matrix
        .column_iter()
        .map(|column| column.iter().map(|value| value.abs()).sum())
        .fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::formula::Formula;
    use crate::data::frame::FrameBuilder;
    use crate::data::table::Column;
    use crate::quantity::setting::At;
    use crate::testing::{fit, generated, table};

    #[test]
    fn the_condition_number_is_of_the_one_norm() {
        assert_eq!(
            one_norm(&DMatrix::from_row_slice(2, 2, &[1.0, -2.0, 3.0, 4.0])),
            6.0
        );
        // Of one equation and its intercept alone the information is a number.
        let mut two = table();
        let answer = |row: usize| if row.is_multiple_of(3) { "yes" } else { "no" };
        two.insert("answer", Column::text((0..300).map(answer))).unwrap();
        let condition = fit(&two, "answer ~ 1").certificate().condition;
        assert!((condition - 1.0).abs() < 1e-12, "{condition}");
        // A column a thousandth of which is not another's: about the square of that, as a matrix of two would have it.
        let other = generated("y ~ x + z").fit;
        let number = |name: &str| other.design().frame().number(name).unwrap().iter();
        let near = number("x").zip(number("z")).map(|(x, z)| x + 1e-3 * z);
        two.insert("near", Column::number(near)).unwrap();
        let condition = fit(&two, "answer ~ x + near").certificate().condition;
        assert!(condition > 1e6 && condition < 1e9, "{condition}");
    }

    #[test]
    fn an_ordinary_fit_has_nothing_to_warn_of() {
        let fit = generated("y ~ x + g").fit;
        assert_eq!(fit.warnings(), []);
        let weighted = |column: &str| {
            let mut table = table();
            table
                .insert(
                    "half",
                    Column::number((0..300).map(|row| 1.0 + f64::from(row % 2) / 2.0)),
                )
                .unwrap();
            let frame = FrameBuilder::new().weights(column);
            let frame = frame.build(&table, &Formula::parse("y ~ x").unwrap()).unwrap();
            frame.design().unwrap().fit().unwrap().warnings()
        };
        assert_eq!(weighted("w"), []);
        assert_eq!(weighted("half"), [Warning::FractionalWeights]);
    }

    #[test]
    fn intervals_reach_as_far_up_as_down() {
        let fit = generated("y ~ x + g").fit;
        for one in fit.predictions([At::observed()]).unwrap().iter() {
            let reach = 1.959_963_984_540_054 * one.std_error;
            assert!((one.conf_low - (one.estimate - reach)).abs() < 1e-14);
            assert!((one.conf_high - (one.estimate + reach)).abs() < 1e-14);
        }
    }
}
