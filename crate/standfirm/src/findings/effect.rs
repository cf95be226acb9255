//! The study's question put to a model as one number: how much likelier a personalist target concedes than another.
//!
//! Personalist means index 1 against index 0, or a personalist regime against a democracy (or another autocracy, where that is
//! chosen); the number is the
//! difference of the average probabilities of concession, everything else as observed. If the study is right, it is
//! negative where dependence is high.

use mlogit::{At, Difference, Fit};
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::findings::rules;
use crate::fitting::estimate::Combined;
use crate::study::contrast::Against;
use crate::study::thesis::STUDY;
use crate::study::{Model, Values};

/// The standard normal's quantile of 95% intervals.
pub const WIDE: f64 = 1.959_963_984_540_054;

/// A difference of average probabilities of concession, personalist minus other.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MainEffect {
    /// The difference.
    pub estimate: f64,
    /// By the delta method, from the covariance chosen.
    pub std_error: f64,
    /// Two-sided.
    pub p_value: f64,
    /// Lower end of the 95% interval.
    pub conf_low: f64,
    /// Upper end of the 95% interval.
    pub conf_high: f64,
}

impl From<Difference> for MainEffect {
    fn from(difference: Difference) -> Self {
        MainEffect {
            estimate: difference.estimate,
            std_error: difference.std_error,
            p_value: difference.p_value,
            conf_low: difference.conf_low,
            conf_high: difference.conf_high,
        }
    }
}

impl From<Combined> for MainEffect {
    fn from(combined: Combined) -> Self {
        MainEffect {
            estimate: combined.estimate,
            std_error: combined.std_error,
            p_value: combined.p_value,
            conf_low: combined.conf_low,
            conf_high: combined.conf_high,
        }
    }
}

impl MainEffect {
    /// Whether it is above zero, below, or cannot be told from it: 1, -1, 0.
    #[must_use]
    pub fn sign(&self) -> i8 {
        rules::sign(self.estimate, self.p_value)
    }
}

/// Settings in which the target is not personalist and personalist, at a level of dependence.
pub(crate) fn settings(model: &Model, dependence: f64) -> [At; 2] {
    let at = At::observed().with(model.term(), dependence);
    let variable = model.explanation.variable;
    match model.explanation.values {
        Values::UnitInterval { .. } => [0.0, 1.0].map(|index| at.clone().with(variable, index)),
        // The first level is that with which others are compared: personalist.
        Values::Levels(levels) => {
            let other = model.against.level();
            [other, levels.first().copied().unwrap_or(other)].map(|level| at.clone().with(variable, level))
        }
    }
}

/// The effect in a fitted model at a level of dependence.
///
/// # Errors
/// [`crate::Error::Model`] where the fit is of another model.
pub fn effect(model: &Model, fit: &Fit, dependence: f64) -> Result<MainEffect> {
    let predictions = fit.predictions(settings(model, dependence))?;
    let differences = predictions.difference(1, 0).unwrap_or_default();
    let found = differences.into_iter().find(|one| one.outcome == STUDY.focus);
    found.map(MainEffect::from).ok_or_else(|| {
        mlogit::Error::UnknownCoefficient {
            outcome: STUDY.focus.to_owned(),
            term: model.explanation.variable.to_owned(),
        }
        .into()
    })
}

/// What is compared, in words.
#[must_use]
pub fn label(model: &Model) -> &'static str {
    match model.explanation.values {
        Values::UnitInterval { .. } => "index 1 against index 0",
        Values::Levels(_) => match model.against {
            Against::Democracies => "personalist against democracy",
            Against::Autocracies => "personalist against other autocracies",
        },
    }
}

/// The term by which the effect depends on dependence.
#[must_use]
pub fn interaction(model: &Model) -> String {
    let variable = model.explanation.variable;
    match model.explanation.values {
        Values::UnitInterval { .. } => format!("{variable}:{}", model.term()),
        Values::Levels(_) => format!("{variable}[{}]:{}", model.against.level(), model.term()),
    }
}
