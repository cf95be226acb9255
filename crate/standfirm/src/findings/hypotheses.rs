//! The study's two hypotheses as tests, in every model.
//!
//! H1a: where there is no trade, personalist targets concede as often as others. H1b: where trade dependence is
//! high, they concede less often. Both are about the difference of average probabilities of concession, others
//! minus personalist, with everything else as observed.

use report::figure::Scale;
use report::results::{Comparison, Value};
use serde::Serialize;

use crate::findings::effect::MainEffect;
use crate::findings::rules::{self, Finding, Measured};
use crate::findings::support::Support;
use crate::fitting::fitted::Fitted;
use crate::study::Values;
use crate::study::thesis::STUDY;

/// A hypothesis tested on one contrast of one model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HypothesisReport {
    /// `H1a` or `H1b`.
    pub hypothesis: Hypothesis,
    /// The model's key.
    pub model: String,
    /// Who is compared with personalist targets: a regime, or the index at 0 with the index at 1.
    pub contrast: String,
    /// Dependence at which they are compared, as ln(1 + 1000 x share) whatever scale the model has.
    pub ln_dependence: f64,
    /// Others minus personalist: difference of the average probabilities of concession.
    pub estimate: f64,
    /// By the delta method.
    pub std_error: f64,
    /// Two-sided.
    pub p_value: f64,
    /// Lower end of the 95% interval.
    pub conf_low: f64,
    /// Upper end of the 95% interval.
    pub conf_high: f64,
    /// What the data say to the hypothesis. H1a: there is no difference, which an interval within 10 points around zero
    /// shows, and one that excludes zero contradicts. H1b: the interval lies above zero.
    pub finding: Finding,
    /// Where dependence is high: the second difference, which is the test of the study's argument. How much the
    /// difference, personalist minus others, changes from no to high dependence; below 0 if the study is right. Its
    /// standard error comes from the joint covariance of the four probabilities.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second_difference: Option<MainEffect>,
    /// What supports the number where dependence is high.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub support: Option<Support>,
}

/// A hypothesis of the study.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Hypothesis {
    /// No difference without trade.
    H1a,
    /// Personalists concede less where dependence is high.
    H1b,
}

/// Tests both hypotheses in every model.
#[must_use]
pub fn test(fitted: &[Fitted]) -> Vec<HypothesisReport> {
    let mut reports = Vec::new();
    for hypothesis in [Hypothesis::H1a, Hypothesis::H1b] {
        for one in fitted {
            let dependence = match hypothesis {
                Hypothesis::H1a => 0.0,
                Hypothesis::H1b => one.report.high_dependence,
            };
            let comparisons = contrasts(one, dependence);
            let mut found: Vec<HypothesisReport> = comparisons
                .into_iter()
                .map(|contrast| report(hypothesis, one, dependence, contrast))
                .collect();
            if hypothesis == Hypothesis::H1b {
                for (report, change) in found.iter_mut().zip(&one.changes) {
                    report.second_difference = Some(MainEffect::from(*change));
                    report.support = Support::of(one, report.std_error);
                }
            }
            reports.extend(found);
        }
    }
    reports
}

/// The index at 0 compared with the index at 1.
pub const INDEX_CONTRAST: &str = "Index 0 against 1";

/// Others minus personalist targets: who the others are, and the difference.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Contrast {
    pub(crate) others: String,
    pub(crate) estimate: f64,
    pub(crate) std_error: f64,
    pub(crate) p_value: f64,
    pub(crate) conf_low: f64,
    pub(crate) conf_high: f64,
}

impl Contrast {
    /// The difference with its interval.
    pub(crate) fn measured(&self) -> Measured {
        Measured {
            estimate: self.estimate,
            low: self.conf_low,
            high: self.conf_high,
        }
    }

    /// What it says to a hypothesis.
    pub(crate) fn finding(&self, hypothesis: Hypothesis) -> Finding {
        match hypothesis {
            Hypothesis::H1a => rules::no_difference(self.measured()),
            Hypothesis::H1b => rules::above_zero(self.measured()),
        }
    }
}

/// The contrasts of a model in the outcome in focus at a level of dependence.
pub(crate) fn contrasts(fitted: &Fitted, dependence: f64) -> Vec<Contrast> {
    contrasts_of(&fitted.report.comparisons, fitted, dependence)
}

/// The same from other comparisons that the model gives.
pub(crate) fn contrasts_of(comparisons: &[Comparison], fitted: &Fitted, dependence: f64) -> Vec<Contrast> {
    let explanation = fitted.model.explanation;
    let here = |comparison: &&Comparison| {
        comparison.outcome == STUDY.focus
            && comparison.at.get(fitted.model.term()) == Some(&Value::Number(dependence))
            && comparison.to.contains_key(explanation.variable)
    };
    let contrast = |comparison: &Comparison| {
        let Comparison {
            estimate,
            std_error,
            p_value,
            conf_low,
            conf_high,
            ..
        } = *comparison;
        match (explanation.values, comparison.to.get(explanation.variable)) {
            // Index 1 minus 0 is personalist minus others.
            (Values::UnitInterval { .. }, _) => Contrast {
                others: INDEX_CONTRAST.to_owned(),
                estimate: -estimate,
                std_error,
                p_value,
                conf_low: -conf_high,
                conf_high: -conf_low,
            },
            (Values::Levels(_), level) => Contrast {
                others: match level {
                    Some(Value::Level(level)) => level.clone(),
                    _ => String::new(),
                },
                estimate,
                std_error,
                p_value,
                conf_low,
                conf_high,
            },
        }
    };
    comparisons.iter().filter(here).map(contrast).collect()
}

fn report(hypothesis: Hypothesis, fitted: &Fitted, dependence: f64, contrast: Contrast) -> HypothesisReport {
    let finding = contrast.finding(hypothesis);
    HypothesisReport {
        hypothesis,
        model: fitted.model.key(),
        contrast: contrast.others,
        ln_dependence: match fitted.model.scale {
            Scale::Log => dependence,
            scale => Scale::Log.of(scale.share(dependence)),
        },
        estimate: contrast.estimate,
        std_error: contrast.std_error,
        p_value: contrast.p_value,
        conf_low: contrast.conf_low,
        conf_high: contrast.conf_high,
        finding,
        second_difference: None,
        support: None,
    }
}
