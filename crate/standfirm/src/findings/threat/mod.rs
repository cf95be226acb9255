//! A threat by itself: what is known of it, what a model expects of it, and what if something were otherwise.
//!
//! A threat is an episode of the table, or made of a sender, a target and a year, with what the episodes know of those:
//! the regimes and the sizes of states in that year or the nearest within [`NEAREST`] years, trade and power of the
//! pair, the sender's last success. What nobody knows is averaged over the episodes of the model.

pub mod answer;
pub mod dials;
pub mod list;

use mlogit::{At, Column, Frame, Table};
use report::results::Value;
use report::words::clipped;
use serde::Serialize;

use crate::data::variables::VARIABLES;
use crate::error::{Error, Result};
use crate::findings::outside::{Outside, outside};
use crate::fitting::fitted::Fitted;
use crate::specification::Specification;
use crate::study::Model;
use crate::study::thesis::STUDY;

/// What is known of a state is used for a threat up to so many years away.
pub const NEAREST: u16 = 5;
/// The name of dependence among the variables of a threat, as a share.
pub const SHARE: &str = "dependence";

/// Which threat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThreatId {
    /// An episode, by its `caseid`.
    Episode(u64),
    /// Made of two states (COW codes) and a year.
    Made {
        /// Who threatens.
        sender: u16,
        /// Who is threatened.
        target: u16,
        /// When.
        year: u16,
    },
}

impl ThreatId {
    /// Reads `1987080701`, or sender, target and year as `2-95-1987`.
    ///
    /// # Errors
    /// [`Error::Choice`], which says what is wrong with it: among others, that a state does not threaten itself.
    pub fn read(text: &str) -> Result<Self> {
        let parts: Vec<&str> = text.split('-').collect();
        let read = match parts.as_slice() {
            [caseid] => caseid.parse().ok().map(ThreatId::Episode),
            [sender, target, year] => Self::made(sender, target, year),
            _ => None,
        };
        let problem = match read {
            None => {
                "give an episode such as 1987080701, or sender, target and year such as 2-95-1987".to_owned()
            }
            Some(ThreatId::Made { sender, target, .. }) if sender == target => {
                "a state does not threaten itself: give another sender or target".to_owned()
            }
            Some(ThreatId::Made { year, .. }) if !(STUDY.years.0..=STUDY.years.1).contains(&year) => {
                format!("give a year from {} to {}", STUDY.years.0, STUDY.years.1)
            }
            Some(read) => return Ok(read),
        };
        Err(Error::Choice {
            key: "threat",
            value: clipped(text),
            problem,
        })
    }

    fn made(sender: &str, target: &str, year: &str) -> Option<Self> {
        Some(ThreatId::Made {
            sender: sender.parse().ok()?,
            target: target.parse().ok()?,
            year: year.parse().ok()?,
        })
    }
}

impl std::fmt::Display for ThreatId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ThreatId::Episode(caseid) => write!(f, "{caseid}"),
            ThreatId::Made { sender, target, year } => write!(f, "{sender}-{target}-{year}"),
        }
    }
}

/// A value that is known of a threat.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Known {
    /// The value.
    pub value: Value,
    /// The year it is of, where that is not the threat's.
    pub of: Option<u16>,
}

/// A threat, with the table that knows of it.
#[derive(Debug, Clone, Copy)]
pub struct Threat<'a> {
    episodes: &'a Table,
    which: ThreatId,
    /// Of an episode.
    row: Option<usize>,
}

impl<'a> Threat<'a> {
    /// Finds a threat.
    ///
    /// # Errors
    /// [`Error::Unknown`] where there is no such episode, sender or target.
    pub fn new(episodes: &'a Table, which: ThreatId) -> Result<Self> {
        let unknown = |kind, name: String| Error::Unknown {
            kind,
            name,
            known: Vec::new(),
        };
        let among = |column: &str, code: f64| -> Result<Option<usize>> {
            Ok(episodes.numbers(column)?.iter().position(|known| *known == code))
        };
        let row = match which {
            ThreatId::Episode(caseid) => {
                let row = among("caseid", caseid as f64)?;
                Some(row.ok_or_else(|| unknown("episode", caseid.to_string()))?)
            }
            ThreatId::Made { sender, target, .. } => {
                for (column, kind, code) in [("sender", "sender", sender), ("target", "target", target)] {
                    among(column, f64::from(code))?.ok_or_else(|| unknown(kind, code.to_string()))?;
                }
                None
            }
        };
        Ok(Threat { episodes, which, row })
    }

    /// What the table has in one of its columns, where the threat is an episode.
    fn cell(&self, column: &str) -> Result<Option<Value>> {
        Ok(match self.row {
            Some(row) => cell(self.episodes.column(column)?, row),
            None => None,
        })
    }

    /// What the table has of an episode: variable and value, without what is missing.
    ///
    /// # Errors
    /// None for a table of the study.
    pub fn facts(&self) -> Result<Vec<(String, Value)>> {
        let mut facts = Vec::new();
        // Of what is made from the table's columns there is nothing to tell beside them.
        for name in self.episodes.names().iter().take(VARIABLES.len()) {
            facts.extend(self.cell(name)?.map(|value| (name.clone(), value)));
        }
        Ok(facts)
    }

    /// How an episode ended.
    ///
    /// # Errors
    /// As [`Threat::facts`].
    pub fn happened(&self, specification: &Specification) -> Result<Option<String>> {
        Ok(match self.cell(specification.outcome.column())? {
            Some(Value::Level(level)) => Some(level),
            _ => None,
        })
    }

    /// Sender, target and year, in words.
    ///
    /// # Errors
    /// As [`Threat::facts`].
    pub fn title(&self) -> Result<String> {
        let (sender, target, year) = self.parties()?;
        let name = |code: f64| -> Result<String> {
            for (codes, names) in [("sender", "sender_name"), ("target", "target_name")] {
                let row = self
                    .episodes
                    .numbers(codes)?
                    .iter()
                    .position(|known| *known == code);
                if let Some(Value::Level(name)) =
                    row.and_then(|row| cell(self.episodes.column(names).ok()?, row))
                {
                    return Ok(name);
                }
            }
            Ok(code.to_string())
        };
        Ok(format!("{} against {}, {year}", name(sender)?, name(target)?))
    }

    fn parties(&self) -> Result<(f64, f64, f64)> {
        Ok(match (self.which, self.row) {
            (ThreatId::Made { sender, target, year }, _) => {
                (f64::from(sender), f64::from(target), f64::from(year))
            }
            (ThreatId::Episode(_), row) => {
                let row = row.unwrap_or_default();
                let value = |column: &str| -> Result<f64> { Ok(self.episodes.numbers(column)?[row]) };
                (value("sender")?, value("target")?, value("year")?)
            }
        })
    }

    /// What is known of a variable of a model.
    ///
    /// # Errors
    /// [`Error::Model`] where the table lacks the column.
    pub fn known(&self, model: &Model, name: &str) -> Result<Option<Known>> {
        let dependence = name == model.term();
        if let Some(row) = self.row {
            let value = if dependence {
                cell(&model.values(self.episodes)?, row)
            } else {
                cell(self.episodes.column(name)?, row)
            };
            return Ok(value.map(|value| Known { value, of: None }));
        }
        let (sender, target, year) = self.parties()?;
        let indicator = |holds: bool| {
            let value = Value::Number(f64::from(u8::from(holds)));
            Ok(Some(Known { value, of: None }))
        };
        let nearest = Some(NEAREST);
        match name {
            _ if dependence => self.nearest(
                &model.values(self.episodes)?,
                &[("sender", sender), ("target", target)],
                nearest,
            ),
            "sender_usa" => indicator(sender == 2.0),
            "post_coldwar" => indicator(year >= 1990.0),
            "post_coldwar_1991" => indicator(year >= 1991.0),
            "post_coldwar_1992" => indicator(year >= 1992.0),
            "past_success" => self.past_success(sender, year),
            "cinc_ratio" | "ln_cinc_ratio" | "cinc_share" => {
                self.nearest_of(name, &[("sender", sender), ("target", target)], nearest)
            }
            // Capitals do not move.
            "ln_distance" | "distance" => {
                let one = self.nearest_of(name, &[("sender", sender), ("target", target)], None)?;
                let other = self.nearest_of(name, &[("sender", target), ("target", sender)], None)?;
                Ok(one.or(other).map(|known| Known { of: None, ..known }))
            }
            "s_gdp" | "t_gdp" => {
                self.state(["s_gdp", "t_gdp"], if name == "s_gdp" { sender } else { target })
            }
            "s_gdp_level" | "t_gdp_level" => self.state(
                ["s_gdp_level", "t_gdp_level"],
                if name == "s_gdp_level" { sender } else { target },
            ),
            "sender_regime_rest_democracy" | "target_regime_rest_democracy" => self.state(
                ["sender_regime_rest_democracy", "target_regime_rest_democracy"],
                if name.starts_with("sender") {
                    sender
                } else {
                    target
                },
            ),
            "sender_regime" | "target_regime" => self.state(
                ["sender_regime", "target_regime"],
                if name == "sender_regime" { sender } else { target },
            ),
            name if name.starts_with("personalist_index") => {
                self.nearest_of(name, &[("target", target)], nearest)
            }
            // What the threat is about and what it threatens is nobody's but its own.
            _ => Ok(None),
        }
    }

    /// What is known of a state, as a sender or as a target; the nearer year counts.
    fn state(&self, [sent, targeted]: [&str; 2], code: f64) -> Result<Option<Known>> {
        let as_sender = self.nearest_of(sent, &[("sender", code)], Some(NEAREST))?;
        let as_target = self.nearest_of(targeted, &[("target", code)], Some(NEAREST))?;
        let year = self.parties()?.2;
        let away = |known: &Known| known.of.map_or(0.0, |of| (f64::from(of) - year).abs());
        Ok(match (as_sender, as_target) {
            (Some(a), Some(b)) => Some(if away(&a) <= away(&b) { a } else { b }),
            (a, b) => a.or(b),
        })
    }

    fn nearest_of(&self, name: &str, among: &[(&str, f64)], years: Option<u16>) -> Result<Option<Known>> {
        self.nearest(self.episodes.column(name)?, among, years)
    }

    /// The value that a column has in the nearest year among episodes with these codes; the earlier of two as near.
    fn nearest(&self, column: &Column, among: &[(&str, f64)], years: Option<u16>) -> Result<Option<Known>> {
        let all = self.episodes.numbers("year")?;
        let year = self.parties()?.2;
        let codes = among
            .iter()
            .map(|(name, code)| Ok((self.episodes.numbers(name)?, *code)))
            .collect::<Result<Vec<_>>>()?;
        let mut best: Option<(f64, usize)> = None;
        for row in 0..self.episodes.rows() {
            let away = (all[row] - year).abs();
            let near = years.is_none_or(|years| away <= f64::from(years));
            let nearer = best.is_none_or(|(known, _)| away < known);
            let one_of = codes.iter().all(|(codes, code)| codes[row] == *code);
            if one_of && near && nearer && !column.is_missing(row) {
                best = Some((away, row));
            }
        }
        Ok(best.and_then(|(away, row)| {
            let value = cell(column, row)?;
            let of = (away > 0.0).then_some(all[row] as u16);
            Some(Known { value, of })
        }))
    }

    /// Whether the sender's last threat before that year ended in concession; 0 before its first.
    fn past_success(&self, sender: f64, year: f64) -> Result<Option<Known>> {
        let (senders, years) = (self.episodes.numbers("sender")?, self.episodes.numbers("year")?);
        let mut before =
            (0..self.episodes.rows()).filter(|row| senders[*row] == sender && years[*row] < year);
        let outcome = self.episodes.column("outcome")?;
        let last = before.next_back().and_then(|row| cell(outcome, row));
        let success = last == Some(Value::Level(STUDY.focus.to_owned()));
        Ok(Some(Known {
            value: Value::Number(f64::from(u8::from(success))),
            of: None,
        }))
    }

    /// The setting of a model that holds what is known of the threat, and the variables of which nothing is.
    ///
    /// # Errors
    /// As [`Threat::known`].
    pub fn at(&self, fitted: &Fitted) -> Result<(At, Vec<String>)> {
        let (mut at, mut unknown) = (At::observed(), Vec::new());
        let frame = fitted.estimate.fit().design().frame();
        for name in frame.variables() {
            match self
                .known(&fitted.model, name)?
                .filter(|known| has(frame, name, &known.value))
            {
                Some(known) => at = with_value(at, name, &known.value),
                None => unknown.push(name.to_owned()),
            }
        }
        Ok((at, unknown))
    }

    /// What is known of the threat that no episode of a model comes up to.
    ///
    /// # Errors
    /// As [`Threat::known`].
    pub fn outside(&self, fitted: &Fitted) -> Result<Vec<Outside>> {
        let mut found = Vec::new();
        for name in fitted.estimate.fit().design().frame().variables() {
            if let Some(Known {
                value: Value::Number(value),
                ..
            }) = self.known(&fitted.model, name)?
            {
                found.extend(outside(
                    &fitted.model,
                    name,
                    value,
                    &fitted.estimate.values(name)?,
                ));
            }
        }
        Ok(found)
    }
}

/// Whether a model knows a value: a level that none of its episodes has says nothing to it.
pub(super) fn has(frame: &Frame, name: &str, value: &Value) -> bool {
    match value {
        Value::Number(_) => true,
        Value::Level(level) => frame
            .category(name)
            .is_ok_and(|mut levels| levels.any(|known| known == level)),
    }
}

pub(super) fn with_value(at: At, name: &str, value: &Value) -> At {
    match value {
        Value::Number(number) => at.with(name, *number),
        Value::Level(level) => at.with(name, level.as_str()),
    }
}

pub(super) fn cell(column: &Column, row: usize) -> Option<Value> {
    match column {
        Column::Number(values) => values
            .get(row)
            .filter(|value| !value.is_nan())
            .map(|value| Value::Number(*value)),
        Column::Text(text) => text.get(row).map(|level| Value::Level(level.to_owned())),
    }
}
