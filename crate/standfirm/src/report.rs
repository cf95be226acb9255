//! Results as the command line prints them and the page receives them: plain data with names.

use serde::{Deserialize, Serialize};

/// A fitted model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelReport {
    /// Number of observations (the sum of the weights).
    #[serde(serialize_with = "whole_or_real")]
    pub n: f64,
    /// Levels of the outcome.
    pub outcomes: Vec<String>,
    /// The base outcome.
    pub base: String,
    /// Observations of each outcome, in the order of `outcomes`.
    #[serde(serialize_with = "whole_or_real_each")]
    pub counts: Vec<f64>,
    /// Rows left out because a variable is missing, by variable.
    pub dropped: Vec<Dropped>,
    /// Log-likelihood.
    pub loglik: f64,
    /// Log-likelihood with intercepts only.
    pub loglik_null: f64,
    /// Likelihood-ratio test against intercepts only.
    pub lr: LikelihoodRatio,
    /// Akaike's information criterion.
    pub aic: f64,
    /// Schwarz's information criterion.
    pub bic: f64,
    /// McFadden's R2.
    pub mcfadden_r2: f64,
    /// Whether the maximum was reached; where it was not there is an error instead of a report.
    pub converged: bool,
    /// Newton steps taken.
    pub iterations: usize,
    /// Largest absolute component of the gradient at the estimate, columns standardised.
    pub gradient_norm: f64,
    /// Condition number of the information at the estimate, columns standardised.
    pub condition: f64,
    /// Every coefficient, equation by equation.
    pub coefficients: Vec<Coefficient>,
    /// What to know when reading the estimates.
    pub warnings: Vec<String>,
}

/// Rows left out because of one variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// The variable.
    pub variable: String,
    /// Rows in which it is missing.
    pub rows: usize,
    /// Rows in which nothing else is missing.
    pub alone: usize,
}

/// A likelihood-ratio test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LikelihoodRatio {
    /// Twice the difference of the log-likelihoods.
    pub statistic: f64,
    /// Degrees of freedom.
    pub df: usize,
    /// From the chi-squared distribution.
    pub p_value: f64,
}

/// A coefficient.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Coefficient {
    /// The outcome whose equation it belongs to.
    pub outcome: String,
    /// The term.
    pub term: String,
    /// Log of the relative risk ratio for one unit of the term.
    pub estimate: f64,
    /// Standard error.
    pub std_error: f64,
    /// Estimate by standard error.
    pub statistic: f64,
    /// Two-sided, standard normal; Student's t where the estimate is pooled.
    pub p_value: f64,
    /// Lower end of the 95% interval.
    pub conf_low: f64,
    /// Upper end of the 95% interval.
    pub conf_high: f64,
    /// Where the estimate is pooled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pooling: Option<Pooling>,
}

/// A model of the study with its predictions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StudyReport {
    /// Table of the study, from 1.
    pub table: u8,
    /// Number in the table, from 1.
    pub number: u8,
    /// Words for the model.
    pub label: String,
    /// Its formula.
    pub formula: String,
    /// Column that the formula's `ln_dependence` stands for.
    pub dependence: String,
    /// `ln_dependence` that counts as high: the 90th percentile of the estimation sample; where values were imputed,
    /// of all completed samples together.
    pub high_dependence: f64,
    /// The fit.
    #[serde(flatten)]
    pub model: ModelReport,
    /// What was imputed and how, where anything was. Estimates are then pooled, and their statistics from Student's
    /// t; log-likelihood, likelihood ratio, AIC, BIC and R2 are means over the completed tables, and the
    /// likelihood ratio's p-value is that of [`ImputationReport::wald`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imputation: Option<ImputationReport>,
    /// Average probabilities at high and at no dependence.
    pub predictions: Vec<Prediction>,
    /// Differences of average probabilities between regimes, at high and at no dependence.
    pub comparisons: Vec<Comparison>,
}

/// Multiple imputation of a model's variables.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImputationReport {
    /// Number of imputations.
    pub m: usize,
    /// Seed of the random numbers.
    pub seed: u64,
    /// Whether dependence alone was imputed.
    pub dependence_only: bool,
    /// Episodes that took part.
    pub rows: usize,
    /// The variables with values imputed.
    pub variables: Vec<ImputedVariable>,
    /// EM iterations, imputation by imputation.
    pub iterations: Vec<usize>,
    /// Pooled test of all terms; none where a coefficient has no finite estimate.
    pub wald: Option<Wald>,
}

/// A variable with values imputed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImputedVariable {
    /// The variable.
    pub variable: String,
    /// Episodes in which it is missing.
    pub missing: usize,
    /// How often, in all imputations, an episode's draw never came within bounds and was set to the bound.
    pub clamped: usize,
}

/// The pooled Wald test D1 of Li, Raghunathan and Rubin.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Wald {
    /// The statistic.
    pub statistic: f64,
    /// Number of coefficients tested.
    pub df1: usize,
    /// Degrees of freedom of the denominator (Reiter 2007).
    pub df2: f64,
    /// From Fisher's F.
    pub p_value: f64,
}

/// What imputing adds to a pooled estimate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Pooling {
    /// Degrees of freedom (Barnard & Rubin 1999).
    pub df: f64,
    /// Fraction of missing information.
    pub fmi: f64,
    /// Part of the variance that is due to missing values.
    pub lambda: f64,
}

/// An average probability.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// Variables held at values; the others are as observed.
    pub at: At,
    /// The outcome.
    pub outcome: String,
    /// Probability, averaged over the observed values of what is not held.
    pub estimate: f64,
    /// By the delta method.
    pub std_error: f64,
    /// Lower end of the 95% interval; not cut off at 0.
    pub conf_low: f64,
    /// Upper end of the 95% interval; not cut off at 1.
    pub conf_high: f64,
    /// Where the estimate is pooled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pooling: Option<Pooling>,
}

/// A difference of average probabilities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The variables that differ, and their values in the setting that is taken away.
    pub from: At,
    /// Their values in the other setting.
    pub to: At,
    /// Variables held at the same values in both.
    pub at: At,
    /// The outcome.
    pub outcome: String,
    /// Probability at `to` minus probability at `from`.
    pub estimate: f64,
    /// By the delta method, from the joint covariance of both.
    pub std_error: f64,
    /// Estimate by standard error.
    pub statistic: f64,
    /// Two-sided.
    pub p_value: f64,
    /// Lower end of the 95% interval.
    pub conf_low: f64,
    /// Upper end of the 95% interval.
    pub conf_high: f64,
    /// Where the estimate is pooled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pooling: Option<Pooling>,
}

impl Comparison {
    /// The difference between two settings.
    pub(crate) fn new(from: &mlogit::At, to: &mlogit::At, difference: mlogit::Difference) -> Self {
        let (mut from, mut to) = (values(from), values(to));
        let at: At = from
            .iter()
            .filter(|(name, value)| to.get(*name) == Some(*value))
            .map(cloned)
            .collect();
        from.retain(|name, _| !at.contains_key(name));
        to.retain(|name, _| !at.contains_key(name));
        let mlogit::Difference {
            outcome,
            estimate,
            std_error,
            statistic,
            p_value,
            conf_low,
            conf_high,
        } = difference;
        Comparison {
            from,
            to,
            at,
            outcome,
            estimate,
            std_error,
            statistic,
            p_value,
            conf_low,
            conf_high,
            pooling: None,
        }
    }
}

fn cloned((name, value): (&String, &Value)) -> (String, Value) {
    (name.clone(), value.clone())
}

fn values(at: &mlogit::At) -> At {
    at.values()
        .iter()
        .map(|(name, value)| (name.clone(), value.clone().into()))
        .collect()
}

/// Values that variables are held at, by name.
pub type At = std::collections::BTreeMap<String, Value>;

/// A number or a level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// Of a numeric variable.
    Number(f64),
    /// Of a categorical variable.
    Level(String),
}

impl From<&mlogit::Fit> for ModelReport {
    fn from(fit: &mlogit::Fit) -> Self {
        let (design, lr, certificate) = (fit.design(), fit.likelihood_ratio(), fit.certificate());
        let dropped = design.frame().dropped().iter().map(|cause| Dropped {
            variable: cause.variable.clone(),
            rows: cause.rows,
            alone: cause.alone,
        });
        ModelReport {
            n: fit.n(),
            outcomes: design.outcomes().to_vec(),
            base: design.base().to_owned(),
            counts: fit.counts(),
            dropped: dropped.collect(),
            loglik: fit.loglik(),
            loglik_null: fit.loglik_null(),
            lr: LikelihoodRatio {
                statistic: lr.statistic,
                df: lr.df,
                p_value: lr.p_value,
            },
            aic: fit.aic(),
            bic: fit.bic(),
            mcfadden_r2: fit.mcfadden_r2(),
            converged: true,
            iterations: certificate.iterations,
            gradient_norm: certificate.gradient_norm,
            condition: certificate.condition,
            coefficients: fit.coefficients().map(Coefficient::from).collect(),
            warnings: fit.warnings().iter().map(ToString::to_string).collect(),
        }
    }
}

impl From<mlogit::Coefficient> for Coefficient {
    fn from(coefficient: mlogit::Coefficient) -> Self {
        let mlogit::Coefficient {
            outcome,
            term,
            estimate,
            std_error,
            statistic,
            p_value,
            conf_low,
            conf_high,
        } = coefficient;
        Coefficient {
            outcome,
            term,
            estimate,
            std_error,
            statistic,
            p_value,
            conf_low,
            conf_high,
            pooling: None,
        }
    }
}

impl From<mlogit::Prediction> for Prediction {
    fn from(prediction: mlogit::Prediction) -> Self {
        let mlogit::Prediction {
            at,
            outcome,
            estimate,
            std_error,
            conf_low,
            conf_high,
        } = prediction;
        let at = values(&at);
        Prediction {
            at,
            outcome,
            estimate,
            std_error,
            conf_low,
            conf_high,
            pooling: None,
        }
    }
}

impl From<mlogit::Value> for Value {
    fn from(value: mlogit::Value) -> Self {
        match value {
            mlogit::Value::Number(number) => Value::Number(number),
            mlogit::Value::Level(level) => Value::Level(level),
        }
    }
}

/// Counts are whole numbers unless weights are not: 615, not 615.0.
fn whole_or_real<S: serde::Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    if value.fract() == 0.0 && *value < 1e15 {
        serializer.serialize_u64(*value as u64)
    } else {
        serializer.serialize_f64(*value)
    }
}

fn whole_or_real_each<S: serde::Serializer>(values: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
    struct Count(f64);
    impl Serialize for Count {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            whole_or_real(&self.0, serializer)
        }
    }
    serializer.collect_seq(values.iter().map(|value| Count(*value)))
}
