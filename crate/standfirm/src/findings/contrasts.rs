//! Personalist targets compared with each kind of others: the difference of average probabilities of concession,
//! personalist minus others, at a level of dependence; and how much it changes with dependence.

use mlogit::{At, Fit, Predictions};
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::findings::effect::MainEffect;
use crate::findings::hypotheses::INDEX_CONTRAST;
use crate::study::thesis::STUDY;
use crate::study::words::level_label;
use crate::study::{Model, Values};

/// Personalist minus others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// Who the others are: a regime, or the index at 0 against the index at 1.
    pub others: String,
    /// The difference.
    #[serde(flatten)]
    pub effect: MainEffect,
}

/// Settings with a personalist target, then with each of the others, at a level of dependence.
fn settings(model: &Model, dependence: f64) -> Vec<At> {
    let at = At::observed().with(model.term(), dependence);
    let variable = model.explanation.variable;
    match model.explanation.values {
        Values::UnitInterval { .. } => [1.0, 0.0].map(|index| at.clone().with(variable, index)).into(),
        // The first level is the personalist one.
        Values::Levels(levels) => levels
            .iter()
            .map(|level| at.clone().with(variable, *level))
            .collect(),
    }
}

/// Who the others are, in the order of [`settings`].
fn others(model: &Model) -> Vec<String> {
    match model.explanation.values {
        Values::UnitInterval { .. } => vec![INDEX_CONTRAST.to_owned()],
        Values::Levels(levels) => levels.iter().skip(1).map(|level| (*level).to_owned()).collect(),
    }
}

/// The contrasts of a fitted model at a level of dependence, by the delta method.
///
/// # Errors
/// [`crate::error::Error::Model`] where the fit is of another model.
pub fn contrasts(model: &Model, fit: &Fit, dependence: f64) -> Result<Vec<Compared>> {
    let predictions = fit.predictions(settings(model, dependence))?;
    Ok(combined(model, &predictions, |other| {
        vec![(0, 1.0), (other, -1.0)]
    }))
}

/// How much each contrast changes from one level of dependence to another: the second difference, by the delta method
/// from the joint covariance of its four probabilities.
///
/// # Errors
/// As [`contrasts`].
pub fn changes(model: &Model, fit: &Fit, from: f64, to: f64) -> Result<Vec<Compared>> {
    let mut all = settings(model, to);
    let count = all.len();
    all.extend(settings(model, from));
    let predictions = fit.predictions(all)?;
    Ok(combined(model, &predictions, |other| {
        vec![(0, 1.0), (other, -1.0), (count, -1.0), (count + other, 1.0)]
    }))
}

fn combined(
    model: &Model,
    predictions: &Predictions<'_>,
    parts: impl Fn(usize) -> Vec<(usize, f64)>,
) -> Vec<Compared> {
    let contrast = |(others, position): (String, usize)| {
        let combination = predictions.combination(&parts(position))?;
        let found = combination.into_iter().find(|one| one.outcome == STUDY.focus)?;
        Some(Compared {
            others,
            effect: found.into(),
        })
    };
    others(model).into_iter().zip(1..).filter_map(contrast).collect()
}

impl Compared {
    /// Who is compared, in words.
    #[must_use]
    pub fn label(&self) -> String {
        label(&self.others)
    }
}

/// Who is compared, in words, by who the others are.
#[must_use]
pub fn label(others: &str) -> String {
    if others == INDEX_CONTRAST {
        "index 1 against index 0".to_owned()
    } else {
        format!("personalist against {}", level_label(others).to_ascii_lowercase())
    }
}
