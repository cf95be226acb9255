//! What a threat can be chosen from: every episode, every sender, every target.

use mlogit::{Table, order};
use report::results::Value;
use serde::Serialize;

use super::cell;
use crate::data::variables::variable;
use crate::error::{Error, Result};
use crate::study::thesis::STUDY;

/// An episode in a list to choose from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct EpisodeEntry {
    /// Its key.
    pub caseid: u64,
    /// Sender, target and year.
    pub title: String,
    /// What it was about, and how it ended.
    pub detail: String,
}

/// A state that threatened or was threatened.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "Country"))]
pub struct State {
    /// COW code.
    pub code: u16,
    /// Its name.
    pub name: String,
}

/// What a threat can be chosen from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Threats {
    /// Every episode, in order of time.
    pub episodes: Vec<EpisodeEntry>,
    /// Every sender, by name.
    pub senders: Vec<State>,
    /// Every target, by name.
    pub targets: Vec<State>,
    /// First and last year.
    pub years: (u16, u16),
}

/// Lists the episodes and the states.
///
/// # Errors
/// None for a table of the study.
pub fn threats(episodes: &Table) -> Result<Threats> {
    let ids = episodes.numbers("caseid")?;
    let mut entries = Vec::with_capacity(ids.len());
    let text = |name: &str, row: usize| -> Result<Option<String>> {
        Ok(match cell(episodes.column(name)?, row) {
            Some(Value::Level(level)) => Some(level),
            Some(Value::Number(number)) => Some(number.to_string()),
            None => None,
        })
    };
    for (row, caseid) in ids.iter().enumerate() {
        let issue = text("issue1", row)?.and_then(|code| {
            let known = variable("issue1")?
                .meanings
                .iter()
                .find(|(value, _)| *value == code)?;
            Some(known.1.to_owned())
        });
        let outcome = text("outcome", row)?.unwrap_or_else(|| "outcome not known".to_owned());
        let part = |name| Ok::<_, Error>(text(name, row)?.unwrap_or_default());
        entries.push(EpisodeEntry {
            caseid: *caseid as u64,
            title: format!(
                "{} against {}, {}",
                part("sender_name")?,
                part("target_name")?,
                part("year")?
            ),
            detail: [issue.unwrap_or_default(), outcome]
                .into_iter()
                .filter(|one| !one.is_empty())
                .collect::<Vec<_>>()
                .join(", "),
        });
    }
    Ok(Threats {
        episodes: entries,
        senders: states(episodes, "sender", "sender_name")?,
        targets: states(episodes, "target", "target_name")?,
        years: STUDY.years,
    })
}

fn states(episodes: &Table, codes: &str, names: &str) -> Result<Vec<State>> {
    let mut states: Vec<State> = Vec::new();
    for (row, code) in episodes.numbers(codes)?.iter().enumerate() {
        let code = *code as u16;
        if let (false, Some(Value::Level(name))) = (
            states.iter().any(|state| state.code == code),
            cell(episodes.column(names)?, row),
        ) {
            states.push(State { code, name });
        }
    }
    order::by(&mut states, |a, b| a.name.cmp(&b.name));
    Ok(states)
}
