//! The episodes that the study tells: what the data have of them, and what each model makes of them.

use mlogit::{At, Table};
use report::results::{Prediction, Value};
use serde::Serialize;

use crate::error::Result;
use crate::findings::threat::{Threat, ThreatId};
use crate::fitting::fitted::Fitted;
use crate::specification::Specification;
use crate::study::thesis::STUDY;
use crate::study::{Case, Values};

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
    /// The same for figures.
    #[serde(skip)]
    pub(crate) to: Change,
    /// Probability of concession.
    pub prediction: Prediction,
}

/// What a case is changed to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Change {
    /// The personalist index.
    Index(f64),
    /// The regime.
    Regime(&'static str),
    /// No trade at all.
    NoTrade,
    /// As much dependence as one episode in ten exceeds.
    HighDependence,
}

impl Change {
    fn words(self) -> String {
        match self {
            Change::Index(index) => format!("personalist index {index}"),
            Change::Regime(level) => format!("regime {level}"),
            Change::NoTrade => "no trade".to_owned(),
            Change::HighDependence => "high dependence".to_owned(),
        }
    }
}

/// Reports the study's cases.
///
/// # Errors
/// [`crate::Error::Unknown`] where a case is not in the table; [`crate::Error::Model`].
pub fn report(specification: &Specification, fitted: &[Fitted], episodes: &Table) -> Result<Vec<CaseReport>> {
    let one = |case: &Case| {
        let threat = Threat::new(episodes, ThreatId::Episode(case.caseid))?;
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
    };
    STUDY.cases.iter().map(one).collect()
}

fn model(fitted: &Fitted, threat: &Threat<'_>) -> Result<CaseModel> {
    let explanation = fitted.model.explanation;
    let (as_it_was, unknown) = threat.at(fitted)?;

    let (explained, dependence) = (explanation.variable, fitted.model.term());
    let mut changes: Vec<(Change, At)> = match explanation.values {
        Values::UnitInterval { .. } => [0.0, 1.0]
            .map(|index| (Change::Index(index), as_it_was.clone().with(explained, index)))
            .into(),
        Values::Levels(levels) => levels
            .iter()
            .map(|level| (Change::Regime(level), as_it_was.clone().with(explained, *level)))
            .collect(),
    };
    for (change, value) in [
        (Change::NoTrade, 0.0),
        (Change::HighDependence, fitted.report.high_dependence),
    ] {
        changes.push((change, as_it_was.clone().with(dependence, value)));
    }

    let settings: Vec<At> = std::iter::once(as_it_was.clone())
        .chain(changes.iter().map(|(_, at)| at.clone()))
        .collect();
    let predicted = fitted.estimate.predict(&settings, &[])?.predictions;
    let outcomes = fitted.report.model.outcomes.len();
    let mut by_setting = predicted.chunks(outcomes.max(1)).map(<[Prediction]>::to_vec);
    let as_it_was = by_setting.next().unwrap_or_default();
    let was = as_it_was.iter().find(|one| one.outcome == STUDY.focus);
    let was = was.map(|one| (one.estimate, one.std_error));
    let swapped = changes
        .into_iter()
        .zip(by_setting)
        .filter_map(|((change, _), predictions)| {
            let prediction = predictions
                .into_iter()
                .find(|prediction| prediction.outcome == STUDY.focus)?;
            // What was so already is no change.
            let same = was == Some((prediction.estimate, prediction.std_error));
            (!same).then(|| Swap {
                change: change.words(),
                to: change,
                prediction,
            })
        });
    Ok(CaseModel {
        model: fitted.model.key(),
        unknown,
        as_it_was,
        swapped: swapped.collect(),
    })
}
