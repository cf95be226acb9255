//! What a fitted model makes of a threat, as it was and with changes.

use mlogit::Table;
use report::results::{Comparison, Prediction, Value};
use report::words::clipped;
use serde::{Deserialize, Serialize};

use super::dials::{Alike, Dial, DialKind, dials, outside};
use super::{Threat, ThreatId, with_value};
use crate::error::Result;
use crate::fitting::fitted::{Fitted, fit};
use crate::specification::Specification;

/// Changes that a text may list.
const MOST_CHANGES: usize = 40;

/// What a model makes of a threat.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct ThreatReport {
    /// The threat, as an address has it.
    pub threat: String,
    /// Sender, target and year.
    pub title: String,
    /// How it ended, where that is known.
    pub happened: Option<String>,
    /// What the table has of an episode.
    pub facts: Vec<(String, Value)>,
    /// The model's key.
    pub model: String,
    /// Words for the model.
    pub model_label: String,
    /// Its variables, the ones the study is about first.
    pub dials: Vec<Dial>,
    /// Probability of every outcome with what is known.
    pub as_it_was: Vec<Prediction>,
    /// The same with the changes.
    pub changed: Vec<Prediction>,
    /// Their differences; empty where nothing is changed.
    pub differences: Vec<Comparison>,
    /// Episodes of the model that are like the threat in regime and dependence, as changed.
    pub alike: Alike,
    /// The same in a sentence.
    pub alike_words: String,
    /// Where the threat, as changed, lies outside the data.
    pub warnings: Vec<String>,
    /// Changes that could not be read.
    pub ignored: Vec<String>,
}

/// A change of a variable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The variable.
    pub name: String,
    /// Its value.
    pub value: Value,
}

/// Reads changes such as `personalist_index:0,dependence:0.2,target_regime:democracy`; what cannot be read is told.
#[must_use]
pub fn changes(text: &str) -> (Vec<Change>, Vec<String>) {
    let (mut changes, mut ignored) = (Vec::new(), Vec::new());
    for part in text
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .take(MOST_CHANGES)
    {
        let short = || clipped(part);
        match part.split_once([':', '=']) {
            Some((name, value)) if !name.is_empty() && !value.is_empty() && part.len() < 200 => {
                let value = match value.trim().parse::<f64>() {
                    Ok(number) if number.is_finite() => Value::Number(number),
                    Ok(_) => {
                        ignored.push(format!("`{}`: give a finite number", short()));
                        continue;
                    }
                    Err(_) => Value::Level(value.trim().to_owned()),
                };
                changes.push(Change {
                    name: name.trim().to_owned(),
                    value,
                });
            }
            _ => ignored.push(format!(
                "`{}`: give a variable and its value, such as dependence:0.2",
                short()
            )),
        }
    }
    (changes, ignored)
}

/// Fits a model as specified, for threats to be put to.
///
/// # Errors
/// [`Error::Unknown`] where the study has no such model; why it cannot be estimated as specified.
pub fn model(specification: &Specification, key: &str, episodes: &Table) -> Result<Fitted> {
    let model = specification.find(key)?;
    fit(specification, &model, episodes)
}

/// What a fitted model makes of a threat, with changes as [`changes`] reads them.
///
/// # Errors
/// As [`Threat::new`], and [`Error::Model`].
pub fn answer(
    specification: &Specification,
    fitted: &Fitted,
    episodes: &Table,
    which: ThreatId,
    text: &str,
) -> Result<ThreatReport> {
    let threat = Threat::new(episodes, which)?;
    let (as_it_was, mut unknown) = threat.at(fitted)?;
    let mut dials = dials(&threat, fitted)?;
    let (changes, mut ignored) = changes(text);
    let mut changed = as_it_was.clone();
    for change in changes {
        let Some(dial) = dials.iter_mut().find(|dial| dial.name == change.name) else {
            ignored.push(format!("the model has no variable `{}`", clipped(&change.name)));
            continue;
        };
        if let Err(problem) = dial.check(&change.value) {
            ignored.push(format!("{}: {problem}", dial.name));
            continue;
        }
        let (name, value) = match (&change.value, dial.kind) {
            (Value::Number(share), DialKind::Share) => {
                (fitted.model.term(), Value::Number(fitted.model.scale.of(*share)))
            }
            (value, _) => (dial.name.as_str(), value.clone()),
        };
        changed = with_value(changed, name, &value);
        unknown.retain(|known| known != name);
        dial.changed = Some(change.value);
    }

    let same = changed == as_it_was;
    let settings = if same {
        vec![as_it_was]
    } else {
        vec![as_it_was, changed]
    };
    let pairs: &[(usize, usize)] = if same { &[] } else { &[(0, 1)] };
    let predicted = fitted.estimate.predict(&settings, pairs)?;
    let outcomes = fitted.report.model.outcomes.len();
    let (before, after) = predicted
        .predictions
        .split_at(outcomes.min(predicted.predictions.len()));
    let after = if same { before } else { after };
    let (title, happened) = (threat.title()?, threat.happened(specification)?);
    let (alike, warnings) = outside(fitted, &dials, settings.last())?;
    Ok(ThreatReport {
        threat: which.to_string(),
        title,
        happened,
        facts: threat.facts()?,
        model: fitted.model.key(),
        model_label: fitted.model.label(),
        dials,
        as_it_was: before.to_vec(),
        changed: after.to_vec(),
        differences: predicted.comparisons,
        alike,
        alike_words: alike.sentence(),
        warnings,
        ignored,
    })
}
