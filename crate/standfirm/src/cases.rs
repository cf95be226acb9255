//! The episodes that the study tells: what the data have of them, and what each model makes of them.

use mlogit::{At, Table};
use serde::Serialize;

use crate::replicate::Fitted;
use crate::report::{Prediction, Value};
use crate::study::{Case, STUDY, Values};
use crate::threat::{Threat, Which};
use crate::{Result, Specification};

/// A case with what the data and the models say of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CaseReport {
    /// Its key in the episode table.
    pub caseid: u64,
    /// Words for it.
    pub title: String,
    /// What the study says of it, retold.
    pub story: String,
    /// How the episode was found.
    pub identified: String,
    /// What the episode table has of it: variable and value, without what is missing.
    pub facts: Vec<(String, Value)>,
    /// What happened: the outcome.
    pub happened: String,
    /// What each model makes of it.
    pub models: Vec<CaseModel>,
}

/// One model's probabilities for a case.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CaseModel {
    /// The model's key.
    pub model: String,
    /// Variables of the model that are missing for the case; the probabilities average over their observed
    /// values.
    pub unknown: Vec<String>,
    /// Probability of every outcome, everything known of the case held.
    pub as_it_was: Vec<Prediction>,
    /// Probability of concession with regime or dependence changed, everything else held.
    pub swapped: Vec<Swap>,
}

/// A case with one thing changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Swap {
    /// What is changed, in words.
    pub change: String,
    /// Probability of concession.
    pub prediction: Prediction,
}

/// Reports the study's cases.
///
/// # Errors
/// [`crate::Error::Unknown`] where a case is not in the table; [`crate::Error::Model`].
pub fn report(specification: &Specification, fitted: &[Fitted], episodes: &Table) -> Result<Vec<CaseReport>> {
    STUDY
        .cases
        .iter()
        .map(|case| one(specification, case, fitted, episodes))
        .collect()
}

fn one(
    specification: &Specification,
    case: &Case,
    fitted: &[Fitted],
    episodes: &Table,
) -> Result<CaseReport> {
    let threat = Threat::new(episodes, Which::Episode(case.caseid))?;
    Ok(CaseReport {
        caseid: case.caseid,
        title: case.title.to_owned(),
        story: case.story.to_owned(),
        identified: case.identified.to_owned(),
        facts: threat.facts()?,
        happened: threat
            .happened(specification)?
            .unwrap_or_else(|| "unknown".to_owned()),
        models: fitted
            .iter()
            .map(|fitted| model(fitted, &threat))
            .collect::<Result<_>>()?,
    })
}

fn model(fitted: &Fitted, threat: &Threat<'_>) -> Result<CaseModel> {
    let explanation = fitted.model.explanation;
    let (as_it_was, unknown) = threat.at(fitted)?;

    let mut changes: Vec<(String, At)> = Vec::new();
    let mut change = |words: String, at: At| {
        if at != as_it_was {
            changes.push((words, at));
        }
    };
    match explanation.values {
        Values::UnitInterval { .. } => {
            for index in [0.0, 1.0] {
                change(
                    format!("personalist index {index}"),
                    as_it_was.clone().with(explanation.variable, index),
                );
            }
        }
        Values::Levels(levels) => {
            for level in levels {
                change(
                    format!("regime {level}"),
                    as_it_was.clone().with(explanation.variable, *level),
                );
            }
        }
    }
    let (dependence, high) = (fitted.model.term(), fitted.report.high_dependence);
    change("no trade".to_owned(), as_it_was.clone().with(dependence, 0.0));
    change(
        "high dependence".to_owned(),
        as_it_was.clone().with(dependence, high),
    );

    let settings: Vec<At> = std::iter::once(as_it_was.clone())
        .chain(changes.iter().map(|(_, at)| at.clone()))
        .collect();
    let predicted = fitted.estimate.predict(&settings, &[])?.predictions;
    let outcomes = fitted.report.model.outcomes.len();
    let mut by_setting = predicted.chunks(outcomes.max(1)).map(<[Prediction]>::to_vec);
    let as_it_was = by_setting.next().unwrap_or_default();
    let swapped = changes
        .into_iter()
        .zip(by_setting)
        .filter_map(|((change, _), predictions)| {
            let prediction = predictions
                .into_iter()
                .find(|prediction| prediction.outcome == STUDY.focus)?;
            Some(Swap { change, prediction })
        });
    Ok(CaseModel {
        model: fitted.model.key(),
        unknown,
        as_it_was,
        swapped: swapped.collect(),
    })
}
