//! The episodes that the study tells: what the data have of them, and what each model makes of them.

use mlogit::{At, Table};
use report::results::{Comparison, Prediction, Value};
use serde::Serialize;

use crate::error::Result;
use crate::findings::effect::MainEffect;
use crate::findings::outside::{Outside, outside};
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
    /// What is known of the case that no episode of the model comes up to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub outside: Vec<Outside>,
    /// Probability of every outcome, everything known of the case held.
    pub as_it_was: Vec<Prediction>,
    /// Probability of concession with regime or dependence changed, everything else held.
    pub swapped: Vec<Swap>,
    /// Probability of concession were the case personalist minus were it not: index 1 and 0, or a personalist regime and the
    /// one it is contrasted with.
    pub personalist: Option<MainEffect>,
    /// Probability of concession at high dependence minus without trade.
    pub dependent: Option<MainEffect>,
}

/// A case with one thing changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Swap {
    /// What is changed, in words.
    pub change: String,
    /// The same for figures.
    #[serde(skip)]
    pub(crate) to: Change,
    /// What it is changed to, where no episode of the model comes up to that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outside: Option<Outside>,
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
    let position = |wanted: Change| {
        let found = changes.iter().position(|(change, _)| *change == wanted);
        // As it was comes first.
        found.map(|position| position + 1)
    };
    let regimes = match explanation.values {
        Values::UnitInterval { .. } => [0.0, 1.0].map(|index| position(Change::Index(index))),
        Values::Levels(levels) => [Some(fitted.model.against.level()), levels.first().copied()]
            .map(|level| position(Change::Regime(level?))),
    };
    let dependences = [Change::NoTrade, Change::HighDependence].map(position);
    let pairs: Vec<(usize, usize)> = [regimes, dependences]
        .into_iter()
        .filter_map(|[from, to]| from.zip(to))
        .collect();
    let report::results::Predicted {
        predictions: predicted,
        comparisons,
    } = fitted.estimate.predict(&settings, &pairs)?;
    let mut differences = comparisons
        .iter()
        .filter(|one| one.outcome == STUDY.focus)
        .map(effect);
    let outcomes = fitted.report.model.outcomes.len();
    let mut by_setting = predicted.chunks(outcomes.max(1)).map(<[Prediction]>::to_vec);
    let as_it_was = by_setting.next().unwrap_or_default();
    let was = as_it_was.iter().find(|one| one.outcome == STUDY.focus);
    let was = was.map(|one| (one.estimate, one.std_error));
    let beyond: Vec<Option<Outside>> = changes
        .iter()
        .map(|(change, _)| beyond(fitted, *change))
        .collect::<Result<_>>()?;
    let swapped = changes.into_iter().zip(beyond).zip(by_setting).filter_map(
        |(((change, _), outside), predictions)| {
            let prediction = predictions
                .into_iter()
                .find(|prediction| prediction.outcome == STUDY.focus)?;
            // What was so already is no change.
            let same = was == Some((prediction.estimate, prediction.std_error));
            (!same).then(|| Swap {
                change: change.words(),
                to: change,
                outside,
                prediction,
            })
        },
    );
    Ok(CaseModel {
        model: fitted.model.key(),
        unknown,
        outside: threat.outside(fitted)?,
        as_it_was,
        swapped: swapped.collect(),
        personalist: differences.next(),
        dependent: differences.next(),
    })
}

/// What a case is changed to, where no episode of a model comes up to that.
fn beyond(fitted: &Fitted, to: Change) -> Result<Option<Outside>> {
    let (model, high) = (&fitted.model, fitted.report.high_dependence);
    let (variable, value) = match to {
        Change::Index(index) => (model.explanation.variable, index),
        Change::NoTrade => (model.term(), 0.0),
        Change::HighDependence => (model.term(), high),
        // A model without any of its regimes is not estimated.
        Change::Regime(_) => return Ok(None),
    };
    Ok(outside(
        model,
        variable,
        value,
        &fitted.estimate.values(variable)?,
    ))
}

fn effect(comparison: &Comparison) -> MainEffect {
    MainEffect {
        estimate: comparison.estimate,
        std_error: comparison.std_error,
        p_value: comparison.p_value,
        conf_low: comparison.conf_low,
        conf_high: comparison.conf_high,
    }
}
