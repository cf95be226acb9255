//! A threat by itself: what is known of it, what a model expects of it, and what if something were otherwise.
//!
//! A threat is an episode of the table, or made of a sender, a target and a year, with what the episodes know of those:
//! the regimes and the sizes of states in that year or the nearest within [`NEAREST`] years, trade and power of the
//! pair, the sender's last success. What nobody knows is averaged over the episodes of the model.

use mlogit::order;
use mlogit::{At, Column, Frame, Table};
use serde::{Deserialize, Serialize};

use crate::figure::{Axis, Figure, Marks, Panel, Point, Role, Series};
use crate::replicate::{Fitted, fit};
use crate::report::{Comparison, Prediction, Value};
use crate::study::{Model, STUDY, Values, label, level_label};
use crate::variables::{Kind, variable};
use crate::{Error, Result, Specification};

/// What is known of a state is used for a threat up to so many years away.
pub const NEAREST: u16 = 5;
/// The name of dependence among the variables of a threat, as a share.
pub const SHARE: &str = "dependence";
/// Changes that a text may list.
const MOST_CHANGES: usize = 40;
/// Episodes are alike where their personalist indices are no further apart ...
const ALIKE_INDEX: f64 = 0.25;
/// ... and their dependence by no more than this part of the range among the episodes.
const ALIKE_DEPENDENCE: f64 = 0.15;

/// Which threat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
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

impl Which {
    /// Reads `1987080701`, or sender, target and year as `2-95-1987`.
    ///
    /// # Errors
    /// [`Error::Choice`].
    pub fn read(text: &str) -> Result<Self> {
        let parts: Vec<&str> = text.split('-').collect();
        let read = match parts.as_slice() {
            [caseid] => caseid.parse().ok().map(Which::Episode),
            [sender, target, year] => {
                sender
                    .parse()
                    .ok()
                    .zip(target.parse().ok())
                    .and_then(|(sender, target)| {
                        let year = year
                            .parse()
                            .ok()
                            .filter(|year| (STUDY.years.0..=STUDY.years.1).contains(year))?;
                        Some(Which::Made { sender, target, year })
                    })
            }
            _ => None,
        };
        read.ok_or_else(|| Error::Choice {
            key: "threat",
            value: text.chars().take(40).collect(),
            problem: "give an episode such as 1987080701, or sender, target and year such as 2-95-1987"
                .to_owned(),
        })
    }
}

impl std::fmt::Display for Which {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Which::Episode(caseid) => write!(f, "{caseid}"),
            Which::Made { sender, target, year } => write!(f, "{sender}-{target}-{year}"),
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
    which: Which,
    /// Of an episode.
    row: Option<usize>,
}

impl<'a> Threat<'a> {
    /// Finds a threat.
    ///
    /// # Errors
    /// [`Error::Unknown`] where there is no such episode, sender or target.
    pub fn new(episodes: &'a Table, which: Which) -> Result<Self> {
        let unknown = |kind, name: String| Error::Unknown {
            kind,
            name,
            known: Vec::new(),
        };
        let among = |column: &str, code: f64| -> Result<Option<usize>> {
            Ok(numbers(episodes, column)?.iter().position(|known| *known == code))
        };
        let row = match which {
            Which::Episode(caseid) => {
                let row = among("caseid", caseid as f64)?;
                Some(row.ok_or_else(|| unknown("episode", caseid.to_string()))?)
            }
            Which::Made { sender, target, .. } => {
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
        for name in self.episodes.names() {
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
                let row = numbers(self.episodes, codes)?
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
            (Which::Made { sender, target, year }, _) => {
                (f64::from(sender), f64::from(target), f64::from(year))
            }
            (Which::Episode(_), row) => {
                let row = row.unwrap_or_default();
                let value = |column: &str| -> Result<f64> { Ok(numbers(self.episodes, column)?[row]) };
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
            "past_success" => self.past_success(sender, year),
            "cinc_ratio" => self.nearest_of(name, &[("sender", sender), ("target", target)], nearest),
            // Capitals do not move.
            "ln_distance" => {
                let one = self.nearest_of(name, &[("sender", sender), ("target", target)], None)?;
                let other = self.nearest_of(name, &[("sender", target), ("target", sender)], None)?;
                Ok(one.or(other).map(|known| Known { of: None, ..known }))
            }
            "s_gdp" | "t_gdp" => {
                self.state(["s_gdp", "t_gdp"], if name == "s_gdp" { sender } else { target })
            }
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
        let all = numbers(self.episodes, "year")?;
        let year = self.parties()?.2;
        let codes = among
            .iter()
            .map(|(name, code)| Ok((numbers(self.episodes, name)?, *code)))
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
        let (senders, years) = (numbers(self.episodes, "sender")?, numbers(self.episodes, "year")?);
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
                Some(known) => at = hold(at, name, &known.value),
                None => unknown.push(name.to_owned()),
            }
        }
        Ok((at, unknown))
    }
}

/// Whether a model knows a value: a level that none of its episodes has says nothing to it.
fn has(frame: &Frame, name: &str, value: &Value) -> bool {
    match value {
        Value::Number(_) => true,
        Value::Level(level) => frame
            .category(name)
            .is_ok_and(|mut levels| levels.any(|known| known == level)),
    }
}

fn hold(at: At, name: &str, value: &Value) -> At {
    match value {
        Value::Number(number) => at.with(name, *number),
        Value::Level(level) => at.with(name, level.as_str()),
    }
}

fn cell(column: &Column, row: usize) -> Option<Value> {
    match column {
        Column::Number(values) => values
            .get(row)
            .filter(|value| !value.is_nan())
            .map(|value| Value::Number(*value)),
        Column::Text(text) => text.get(row).map(|level| Value::Level(level.to_owned())),
    }
}

fn numbers<'a>(table: &'a Table, name: &str) -> Result<&'a [f64]> {
    crate::specification::numbers(table, name)
}

/// An episode in a list to choose from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "Episode"))]
pub struct Entry {
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
    pub episodes: Vec<Entry>,
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
    let ids = numbers(episodes, "caseid")?;
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
        entries.push(Entry {
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
    for (row, code) in numbers(episodes, codes)?.iter().enumerate() {
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

/// A variable of a threat, as it was and as it is changed, for a page to build a control from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Dial {
    /// Its name; dependence is [`SHARE`].
    pub name: String,
    /// Words for it.
    pub label: String,
    /// What it means.
    pub help: String,
    /// `number`, `share` (a fraction), `yes` (0 or 1) or `level`.
    pub kind: &'static str,
    /// Smallest and largest value to offer.
    pub range: (f64, f64),
    /// Smallest and largest value among the episodes of the model.
    pub sample: (f64, f64),
    /// The levels there are, with words.
    pub levels: Vec<(String, String)>,
    /// What is known; nothing where the model averages over its episodes.
    pub then: Option<Known>,
    /// As it is changed, where it is.
    pub changed: Option<Value>,
}

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
    pub alike: usize,
    /// Where the threat, as changed, lies outside the data.
    pub warnings: Vec<String>,
    /// Changes that could not be read.
    pub ignored: Vec<String>,
    /// Both as a figure.
    pub figure: Figure,
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
        let short = || part.chars().take(40).collect::<String>();
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
pub fn report(
    specification: &Specification,
    fitted: &Fitted,
    episodes: &Table,
    which: Which,
    text: &str,
) -> Result<ThreatReport> {
    let threat = Threat::new(episodes, which)?;
    let (as_it_was, mut unknown) = threat.at(fitted)?;
    let mut dials = dials(&threat, fitted)?;
    let (changes, mut ignored) = changes(text);
    let mut changed = as_it_was.clone();
    for change in changes {
        let Some(dial) = dials.iter_mut().find(|dial| dial.name == change.name) else {
            ignored.push(format!(
                "the model has no variable `{}`",
                change.name.chars().take(40).collect::<String>()
            ));
            continue;
        };
        if let Err(problem) = dial.check(&change.value) {
            ignored.push(format!("{}: {problem}", dial.name));
            continue;
        }
        let (name, value) = match (&change.value, dial.kind) {
            (Value::Number(share), "share") => {
                (fitted.model.term(), Value::Number(fitted.model.scale.of(*share)))
            }
            (value, _) => (dial.name.as_str(), value.clone()),
        };
        changed = hold(changed, name, &value);
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
    let figure = figure(
        &title,
        happened.as_deref(),
        fitted,
        before,
        (!same).then_some(after),
    );
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
        warnings,
        ignored,
        figure,
    })
}

impl Dial {
    /// Whether it can have a value.
    fn check(&self, value: &Value) -> Result<(), String> {
        match (self.kind, value) {
            ("level", Value::Level(level)) if self.levels.iter().any(|(known, _)| known == level) => Ok(()),
            ("level", _) => {
                let known: Vec<&str> = self.levels.iter().map(|(level, _)| level.as_str()).collect();
                Err(format!("give one of {}", known.join(", ")))
            }
            ("yes", Value::Number(number)) if *number == 0.0 || *number == 1.0 => Ok(()),
            ("yes", _) => Err("give 0 or 1".to_owned()),
            (_, Value::Number(number)) if (self.range.0..=self.range.1).contains(number) => Ok(()),
            _ => Err(format!("give a number from {} to {}", self.range.0, self.range.1)),
        }
    }

    /// The value it has now.
    fn now(&self) -> Option<&Value> {
        self.changed
            .as_ref()
            .or(self.then.as_ref().map(|known| &known.value))
    }
}

/// The variables of a model, those that the study is about first.
fn dials(threat: &Threat<'_>, fitted: &Fitted) -> Result<Vec<Dial>> {
    let model = &fitted.model;
    let frame = fitted.estimate.fit().design().frame();
    let names: Vec<&str> = frame.variables().collect();
    let mut dials = Vec::with_capacity(names.len());
    for name in names {
        let then = threat
            .known(model, name)?
            .filter(|known| has(frame, name, &known.value));
        let about = variable(name);
        if name == model.term() {
            let observed = ends(&fitted.estimate.values(name)?);
            let share = |value: f64| model.scale.share(value);
            dials.push(Dial {
                name: SHARE.to_owned(),
                label: model.dependence.label.to_owned(),
                help: format!("{}.", capital(model.dependence.definition)),
                kind: "share",
                range: (0.0, 1.0_f64.max(share(observed.1))),
                sample: (share(observed.0), share(observed.1)),
                levels: Vec::new(),
                then: then.map(|known| match known.value {
                    Value::Number(value) => Known {
                        value: Value::Number(share(value)),
                        ..known
                    },
                    Value::Level(_) => known,
                }),
                changed: None,
            });
            continue;
        }
        let levels = match about.map(|about| about.kind) {
            Some(Kind::Category { levels }) => levels
                .iter()
                .filter(|level| has(frame, name, &Value::Level((**level).to_owned())))
                .map(|level| ((*level).to_owned(), level_label(level).to_owned()))
                .collect(),
            _ => Vec::new(),
        };
        let (kind, sample) = if levels.is_empty() {
            let sample = ends(&fitted.estimate.values(name)?);
            let yes = about.is_some_and(crate::variables::Variable::is_indicator);
            (if yes { "yes" } else { "number" }, sample)
        } else {
            ("level", (0.0, 0.0))
        };
        let room = (sample.1 - sample.0) / 4.0;
        let range = match about {
            Some(about) => (
                about.min.unwrap_or(sample.0 - room),
                about.max.unwrap_or(sample.1 + room),
            ),
            None => sample,
        };
        dials.push(Dial {
            name: name.to_owned(),
            label: label(name),
            help: about.map_or("", |about| about.description).to_owned(),
            kind,
            range,
            sample,
            levels,
            then,
            changed: None,
        });
    }
    order::by_key(&mut dials, |dial| match dial.name.as_str() {
        name if name == model.explanation.variable => 0,
        SHARE => 1,
        _ => 2,
    });
    Ok(dials)
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn ends(values: &[f64]) -> (f64, f64) {
    values
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(*value), high.max(*value))
        })
}

/// Episodes that are like the threat, and where it lies outside the data.
fn outside(fitted: &Fitted, dials: &[Dial], at: Option<&At>) -> Result<(usize, Vec<String>)> {
    let mut warnings = Vec::new();
    for dial in dials {
        let Some(Value::Number(value)) = dial.now() else {
            continue;
        };
        let rounding = 1e-9 * (dial.sample.1 - dial.sample.0).abs();
        let (low, high) = (dial.sample.0 - rounding, dial.sample.1 + rounding);
        let side = if *value < low { "smallest" } else { "largest" };
        if !(low..=high).contains(value) {
            let end = if *value < low {
                dial.sample.0
            } else {
                dial.sample.1
            };
            let words = |value: f64| match dial.kind {
                "share" => crate::figure::share(value),
                _ => format!("{}", (value * 100.0).round() / 100.0),
            };
            warnings.push(format!(
                "{} of {} is outside the data: the {side} among the episodes of this model is {}.",
                dial.label,
                words(*value),
                words(end)
            ));
        }
    }
    let alike = alike(fitted, dials)?;
    if alike == 0 {
        warnings.push(
            "No episode of this model has such a regime together with such dependence: the answer is the model’s word \
             alone."
                .to_owned(),
        );
    }
    if let Some(at) = at {
        // Where values are imputed, the first completed table stands for all.
        let leverage = fitted.estimate.fit().design().leverage(at)?;
        if leverage.here > leverage.largest * (1.0 + 1e-9) {
            warnings.push(format!(
                "All in all this combination is further from the data than any episode of the model (leverage {:.2}, \
                 the largest among the episodes is {:.2}).",
                leverage.here, leverage.largest
            ));
        }
    }
    Ok((alike, warnings))
}

/// How many episodes of the model are like the threat in regime and dependence; all of them where neither is known.
fn alike(fitted: &Fitted, dials: &[Dial]) -> Result<usize> {
    let (model, frame) = (&fitted.model, fitted.estimate.fit().design().frame());
    let now = |name: &str| dials.iter().find(|dial| dial.name == name).and_then(Dial::now);
    let dependence = frame.number(model.term())?;
    let span = ends(dependence);
    let close = |row: usize| match now(SHARE) {
        Some(Value::Number(share)) => {
            (dependence[row] - model.scale.of(*share)).abs() <= ALIKE_DEPENDENCE * (span.1 - span.0)
        }
        _ => true,
    };
    let regime: Box<dyn Fn(usize) -> bool> = match (model.explanation.values, now(model.explanation.variable))
    {
        (Values::UnitInterval { .. }, Some(Value::Number(index))) => {
            let indices = frame.number(model.explanation.variable)?;
            Box::new(move |row| (indices[row] - index).abs() <= ALIKE_INDEX)
        }
        (Values::Levels(_), Some(Value::Level(level))) => {
            let levels: Vec<&str> = frame.category(model.explanation.variable)?.collect();
            Box::new(move |row| levels[row] == level)
        }
        _ => Box::new(|_| true),
    };
    Ok((0..frame.rows())
        .filter(|row| close(*row) && regime(*row))
        .count())
}

/// The probabilities of all outcomes, as it was and as it is changed.
fn figure(
    title: &str,
    happened: Option<&str>,
    fitted: &Fitted,
    before: &[Prediction],
    after: Option<&[Prediction]>,
) -> Figure {
    let rows: Vec<String> = before.iter().map(|one| capital(&one.outcome)).collect();
    let points = |predictions: &[Prediction]| {
        let point = |(row, one): (usize, &Prediction)| Point::of(row as f64, one);
        predictions.iter().enumerate().map(point).collect()
    };
    let mut series = vec![Series {
        label: "As it was".to_owned(),
        role: if after.is_some() {
            Role::NoDependence
        } else {
            Role::HighDependence
        },
        points: points(before),
    }];
    if let Some(after) = after {
        series.insert(
            0,
            Series {
                label: "As you changed it".to_owned(),
                role: Role::HighDependence,
                points: points(after),
            },
        );
    }
    let told = |predictions: &[Prediction]| {
        let one = |one: &Prediction| {
            format!(
                "{} {} ({} to {})",
                one.outcome,
                crate::figure::percent(one.estimate),
                crate::figure::percent(one.conf_low),
                crate::figure::percent(one.conf_high)
            )
        };
        predictions.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    let focus = |predictions: &[Prediction]| {
        let found = predictions.iter().find(|one| one.outcome == STUDY.focus);
        found.map_or_else(String::new, |one| crate::figure::percent(one.estimate))
    };
    let finding = match after {
        Some(after) => format!(
            "{title}: the chance of concession is {} as changed, {} as it was",
            focus(after),
            focus(before)
        ),
        None => format!(
            "{title}: the model puts the chance of concession at {}",
            focus(before)
        ),
    };
    let ended = happened.map_or_else(String::new, |outcome| format!(" It ended in {outcome}."));
    let summary = match after {
        Some(after) => format!("As changed: {}. As it was: {}.{ended}", told(after), told(before)),
        None => format!("As it was: {}.{ended}", told(before)),
    };
    let panels = vec![Panel {
        title: String::new(),
        marks: Marks::Rows(rows),
        series,
        rug: Vec::new(),
    }];
    Figure {
        number: 0,
        version: "threat".to_owned(),
        version_label: fitted.model.label(),
        title: finding,
        subtitle: format!("Probability of each outcome. {}", fitted.model.label()),
        note: format!(
            "What is unknown of the threat is averaged over the episodes of the model. 95% intervals.{ended}"
        ),
        summary,
        x: Axis::probabilities(&panels),
        y: Axis::rows(),
        columns: 1,
        panels,
        about: crate::about::models("What one model makes of one threat of sanctions.", &[fitted]),
    }
}
