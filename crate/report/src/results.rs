//! Results as the command line prints them and the page receives them: plain data with names.

use mlogit::order;
use serde::{Deserialize, Serialize};

/// A fitted model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelReport {
    /// Number of observations: the sum of the weights, or of rows where weights are probability weights.
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
    /// Log-likelihood with intercepts only; where the model has no constant, with outcomes that are all as likely.
    pub loglik_null: f64,
    /// Likelihood-ratio test against intercepts only.
    pub lr: LikelihoodRatio,
    /// Why the likelihood ratio has no known distribution, where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lr_note: Option<String>,
    /// Wald test of the same with the covariance of the coefficients, in its place; none where that is of too low a rank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wald: Option<Test>,
    /// Whether the likelihoods are pseudo-likelihoods, those of probability weights: their size means nothing, and neither
    /// do criteria and ratios made from them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pseudo_likelihood: bool,
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
    /// What was maximised, in words.
    #[serde(default)]
    pub method: String,
    /// Penalised log-likelihood, of a bias-reduced fit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loglik_penalised: Option<f64>,
    /// How the standard errors were made, in words.
    #[serde(default)]
    pub vcov: String,
    /// Coverage of the intervals.
    #[serde(default)]
    pub level: f64,
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
    /// Lower end of the interval.
    pub conf_low: f64,
    /// Upper end of the interval.
    pub conf_high: f64,
    /// Where the estimate is pooled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pooling: Option<Pooling>,
}

/// A fitted model with what was asked of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FitReport {
    /// The fit.
    #[serde(flatten)]
    pub model: ModelReport,
    /// How well the maximum was reached and is determined.
    pub certificate: Certificate,
    /// How the intervals of predictions, slopes and comparisons were made.
    pub interval: Interval,
    /// Probabilities at the settings asked for.
    pub predictions: Vec<Prediction>,
    /// Slopes along the variables.
    pub slopes: Vec<Effect>,
    /// Comparisons.
    pub comparisons: Vec<Effect>,
    /// Tests.
    pub tests: Vec<Test>,
    /// Tests that were asked for and cannot be had; others of their kind can.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<RefusedTest>,
    /// What p-values and intervals allow for, where slopes or comparisons are read together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub families: Vec<Family>,
    /// The rows that a condition chose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selection: Option<Selected>,
}

/// The rows that a condition chose, and those that it left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selected {
    /// The condition.
    #[serde(rename = "where")]
    pub condition: String,
    /// How many rows it chose.
    pub rows: usize,
    /// Of so many.
    pub of: usize,
    /// Columns that are missing in rows where the condition is neither true nor false; such rows are left out.
    pub unknown: Vec<Unknown>,
    /// The rows left out, from 1: first and last of each run of them.
    pub left_out: Vec<[usize; 2]>,
}

/// Rows in which a condition is neither true nor false because a column is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unknown {
    /// The column.
    pub variable: String,
    /// How many rows.
    pub rows: usize,
}

impl Selected {
    /// What a condition chose of a table with `of` rows.
    #[must_use]
    pub fn new(condition: &mlogit::Condition, selection: &mlogit::Selection, of: usize) -> Self {
        let mut left_out: Vec<[usize; 2]> = Vec::new();
        let mut next = 0;
        for row in selection.rows.iter().copied().chain([of]) {
            if row > next {
                left_out.push([next + 1, row]);
            }
            next = row + 1;
        }
        let unknown = selection.unknown.iter().map(|(variable, rows)| Unknown {
            variable: variable.clone(),
            rows: *rows,
        });
        Selected {
            condition: condition.to_string(),
            rows: selection.rows.len(),
            of,
            unknown: unknown.collect(),
            left_out,
        }
    }
}

/// In a sentence: how many rows, which are left out, and why where it is for a missing value.
impl std::fmt::Display for Selected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const MOST: usize = 6;
        write!(f, "where {}: {} of {} rows", self.condition, self.rows, self.of)?;
        if self.left_out.is_empty() {
            return Ok(());
        }
        let run = |[first, last]: &[usize; 2]| match last - first {
            0 => first.to_string(),
            1 => format!("{first}, {last}"),
            _ => format!("{first} to {last}"),
        };
        let runs: Vec<String> = self.left_out.iter().take(MOST).map(run).collect();
        write!(f, "; left out: {}", runs.join(", "))?;
        if self.left_out.len() > MOST {
            f.write_str(" and others")?;
        }
        for one in &self.unknown {
            write!(f, "; in {} of them `{}` is missing", one.rows, one.variable)?;
        }
        Ok(())
    }
}

/// Effects that are read together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Family {
    /// `slopes` or `comparisons`: all that are reported under that name, of every outcome and at every setting.
    pub name: String,
    /// How many they are.
    pub size: usize,
    /// `bonferroni`, `holm` or `sup_t`.
    pub adjustment: String,
    /// What p-values and intervals say, in a sentence.
    pub description: String,
    /// How many standard errors intervals reach; Holm's reach differently far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub critical: Option<f64>,
    /// Standard error of `critical`, where it is simulated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub critical_error: Option<f64>,
}

/// An effect as one of its family.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Adjusted {
    /// Two-sided.
    pub p_value: f64,
    /// Lower end of the interval.
    pub conf_low: f64,
    /// Upper end of the interval.
    pub conf_high: f64,
}

/// A test that cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedTest {
    /// As of a [`Test`].
    pub kind: String,
    /// As of a [`Test`].
    pub hypothesis: String,
    /// Why not.
    pub reason: String,
}

/// How the maximum was reached and how well it is determined; columns standardised.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Certificate {
    /// Steps taken.
    pub iterations: usize,
    /// Largest absolute component of the gradient at the estimate.
    pub gradient_norm: f64,
    /// Condition number of the information at the estimate.
    pub condition: f64,
}

/// How intervals were made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// `delta`, `logit`, `simulation` or `bootstrap`.
    pub method: String,
    /// The same in a sentence.
    pub description: String,
    /// Draws asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draws: Option<usize>,
    /// Seed of the draws.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Resamples that could not be fitted and were left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<usize>,
    /// Why the first of them could not be fitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_failure: Option<String>,
}

/// A slope or a comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    /// The variable.
    pub variable: String,
    /// What was compared; `dY/dX` for a derivative.
    pub contrast: String,
    /// Variables held at values.
    pub at: At,
    /// Whether the others stand at their means; else the effect is an average over the observed rows.
    pub at_means: bool,
    /// The outcome.
    pub outcome: String,
    /// Change of its probability.
    pub estimate: f64,
    /// Standard error.
    pub std_error: f64,
    /// Estimate by standard error; for a ratio, its log by the log's standard error.
    pub statistic: f64,
    /// Two-sided, standard normal.
    pub p_value: f64,
    /// Lower end of the interval.
    pub conf_low: f64,
    /// Upper end of the interval.
    pub conf_high: f64,
    /// P-value and interval as one of its family, where one is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adjusted: Option<Adjusted>,
}

/// A test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Test {
    /// `wald`, `likelihood-ratio` or `hausman-mcfadden`.
    pub kind: String,
    /// The hypothesis, the term, or the outcome left out.
    pub hypothesis: String,
    /// Chi-squared statistic; that of Hausman and McFadden may be negative.
    pub statistic: f64,
    /// Degrees of freedom.
    pub df: usize,
    /// From the chi-squared distribution.
    pub p_value: f64,
    /// The covariance that it rests on, where it rests on one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covariance: Option<String>,
    /// What to know when reading it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
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
    /// Imputations in which EM converged only with a ridge prior.
    pub steadied: usize,
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
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Pooling {
    /// Degrees of freedom (Barnard & Rubin 1999).
    pub df: f64,
    /// Fraction of missing information.
    pub fmi: f64,
    /// Part of the variance that is due to missing values.
    pub lambda: f64,
}

/// An average probability.
/// A probability.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Prediction {
    /// Variables held at values.
    pub at: At,
    /// Whether the others stand at their means; else the probability is an average over the observed rows.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "types", ts(as = "Option<bool>", optional))]
    pub at_means: bool,
    /// The outcome.
    pub outcome: String,
    /// Probability.
    pub estimate: f64,
    /// Standard error, by the delta method unless something else was asked for.
    pub std_error: f64,
    /// Lower end of the interval; by the delta method not cut off at 0.
    pub conf_low: f64,
    /// Upper end of the interval; by the delta method not cut off at 1.
    pub conf_high: f64,
    /// Where the estimate is pooled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(optional))]
    pub pooling: Option<Pooling>,
}

/// Predictions at several settings and differences between some of them.
#[derive(Debug, Clone)]
pub struct Predicted {
    /// Setting by setting, outcome by outcome.
    pub predictions: Vec<Prediction>,
    /// Pair by pair, outcome by outcome.
    pub comparisons: Vec<Comparison>,
}

/// A difference of average probabilities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
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
    #[cfg_attr(feature = "types", ts(optional))]
    pub pooling: Option<Pooling>,
}

impl Comparison {
    /// The difference between two settings.
    #[must_use]
    pub fn new(from: &mlogit::At, to: &mlogit::At, difference: mlogit::Difference) -> Self {
        let (mut from, mut to) = (held(from), held(to));
        let same = from.iter().filter(|(name, value)| to.get(*name) == Some(*value));
        let at: At = order::map(same.map(cloned));
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

/// Values that variables are held at, by name.
pub type At = std::collections::BTreeMap<String, Value>;

/// A number or a level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(untagged)]
pub enum Value {
    /// Of a numeric variable.
    Number(f64),
    /// Of a categorical variable.
    Level(String),
}

impl From<mlogit::pooling::Pooled> for Pooling {
    fn from(pooled: mlogit::pooling::Pooled) -> Self {
        Pooling {
            df: pooled.df,
            fmi: pooled.fmi,
            lambda: pooled.lambda,
        }
    }
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
            lr_note: None,
            wald: None,
            pseudo_likelihood: false,
            converged: true,
            iterations: certificate.iterations,
            gradient_norm: certificate.gradient_norm,
            condition: certificate.condition,
            method: fit.method().to_string(),
            loglik_penalised: fit.penalised_loglik(),
            vcov: fit.covariance_kind().to_string(),
            level: fit.level(),
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
        let (at, at_means) = (held(&at), at.is_at_means());
        Prediction {
            at,
            at_means,
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

fn held(at: &mlogit::At) -> At {
    let named = |(name, value): &(String, mlogit::Value)| (name.clone(), value.clone().into());
    order::map(at.values().iter().map(named))
}

impl From<mlogit::Effect> for Effect {
    fn from(effect: mlogit::Effect) -> Self {
        Effect {
            at: held(&effect.at),
            at_means: effect.at.is_at_means(),
            variable: effect.variable,
            contrast: effect.contrast,
            outcome: effect.outcome,
            estimate: effect.estimate,
            std_error: effect.std_error,
            statistic: effect.statistic,
            p_value: effect.p_value,
            conf_low: effect.conf_low,
            conf_high: effect.conf_high,
            adjusted: None,
        }
    }
}

impl From<mlogit::Certificate> for Certificate {
    fn from(certificate: mlogit::Certificate) -> Self {
        Certificate {
            iterations: certificate.iterations,
            gradient_norm: certificate.gradient_norm,
            condition: certificate.condition,
        }
    }
}

impl Test {
    /// A Wald test with the covariance of `fit`.
    pub fn wald(hypothesis: &str, test: &mlogit::WaldTest, fit: &mlogit::Fit) -> Self {
        Test {
            kind: "wald".to_owned(),
            hypothesis: hypothesis.trim().to_owned(),
            statistic: test.statistic,
            df: test.df,
            p_value: test.p_value,
            covariance: Some(fit.covariance_kind().to_string()),
            note: None,
        }
    }

    /// A likelihood-ratio test of a term.
    pub fn likelihood_ratio(term: &str, test: &mlogit::LikelihoodRatio) -> Self {
        Test {
            kind: "likelihood-ratio".to_owned(),
            hypothesis: term.to_owned(),
            statistic: test.statistic,
            df: test.df,
            p_value: test.p_value,
            covariance: None,
            note: None,
        }
    }

    /// A Hausman-McFadden test.
    pub fn hausman_mcfadden(test: &mlogit::HausmanTest) -> Self {
        Test {
            kind: "hausman-mcfadden".to_owned(),
            hypothesis: iia(&test.dropped),
            statistic: test.statistic,
            df: test.df,
            p_value: test.p_value,
            covariance: Some(mlogit::Covariance::Observed.to_string()),
            note: test.note().map(str::to_owned),
        }
    }
}

impl RefusedTest {
    /// A Wald test of a term that cannot be had.
    pub fn wald(term: &str, reason: &mlogit::Error) -> Self {
        let reason = match reason {
            mlogit::Error::Hypothesis { problem, .. } => problem.clone(),
            other => other.to_string(),
        };
        RefusedTest {
            kind: "wald".to_owned(),
            hypothesis: term.to_owned(),
            reason,
        }
    }

    /// A Hausman-McFadden test that cannot be had.
    pub fn hausman_mcfadden(dropped: &str, reason: &mlogit::Error) -> Self {
        let reason = match reason {
            mlogit::Error::Hausman { problem, .. } => problem.clone(),
            other => other.to_string(),
        };
        RefusedTest {
            kind: "hausman-mcfadden".to_owned(),
            hypothesis: iia(dropped),
            reason,
        }
    }
}

fn iia(dropped: &str) -> String {
    format!("IIA, without {dropped}")
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
