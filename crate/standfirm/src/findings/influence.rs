//! Influence: what becomes of a model's main result without each target, sender, year or episode.
//!
//! Every number comes from fitting the model again to what is left: nothing is
//! approximated. What counts as high dependence stays as it is in the whole sample, so that the same question is
//! asked every time; probabilities are averaged over the episodes that are left.

use std::collections::BTreeMap;

use mlogit::order;
use mlogit::{Column, Fit, Table, sup_t_around};
use report::words::{points, share, trimmed};
use serde::{Deserialize, Serialize};

use crate::data::variables;
use crate::error::{Error, Result};
use crate::findings::effect::{self, MainEffect, WIDE};
use crate::findings::outside::{self, Outside};
use crate::specification::controls::Omitted;
use crate::specification::prepared::Prepared;
use crate::specification::{Base, Specification};
use crate::study::thesis::STUDY;
use crate::study::words::{label, level_label};
use crate::study::{Model, Values};

/// One in ten episodes reaches high dependence in the whole sample. Where fewer than this part of what is left does,
/// the result is an extrapolation.
const FEW: f64 = 0.05;

/// Draws that the width of simultaneous intervals comes from, and their seed.
const BAND_DRAWS: usize = 10_000;
const BAND_SEED: u64 = 2_005;

/// What is left out, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// All threats against a state.
    Target,
    /// All threats by a state.
    Sender,
    /// All threats that began in a year.
    Year,
    /// A single threat.
    Episode,
}

impl By {
    /// Each of them.
    pub const ALL: [Self; 4] = [Self::Target, Self::Sender, Self::Year, Self::Episode];

    /// A short name, for arguments.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Target => "target",
            Self::Sender => "sender",
            Self::Year => "year",
            Self::Episode => "episode",
        }
    }

    /// What is called `key`.
    ///
    /// # Errors
    /// [`Error::Unknown`], which lists what there is.
    pub fn find(key: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|by| by.key() == key)
            .ok_or_else(|| Error::Unknown {
                kind: "unit to leave out",
                name: key.to_owned(),
                known: Self::ALL.map(|by| by.key().to_owned()).to_vec(),
            })
    }

    /// Column that says which of them an episode belongs to.
    fn column(self) -> &'static str {
        match self {
            Self::Target => "target",
            Self::Sender => "sender",
            Self::Year => "year",
            Self::Episode => "caseid",
        }
    }
}

/// A model's main result without each target, sender, year or episode.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Influence {
    /// The model's key.
    pub model: String,
    /// Words for the model.
    pub label: String,
    /// What is left out.
    pub by: By,
    /// Episodes in the whole sample.
    pub n: usize,
    /// Dependence that counts as high throughout, on the model's scale.
    pub high_dependence: f64,
    /// The interaction's term, in the equation of concession.
    pub interaction: String,
    /// What the effect compares, in words.
    pub effect: String,
    /// The result in the whole sample.
    pub whole: Found,
    /// How many standard errors an interval of the effect must reach to either side for the intervals without each to hold
    /// all at once: see [`mlogit::sup_t_around`]. A pointwise interval has 1.96.
    #[serde(default)]
    pub reach: f64,
    /// The result without each: the one that moves it most comes first, by the effect for targets, senders and years,
    /// by the interaction for episodes. Where there is no result it comes last.
    pub left_out: Vec<LeftOut>,
}

/// A model's main result.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// Coefficient of the interaction.
    pub interaction: f64,
    /// Its standard error.
    pub interaction_std_error: f64,
    /// Personalist minus other at high dependence.
    pub effect: MainEffect,
}

/// The result without some episodes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeftOut {
    /// What was left out: a state's code, a year, or an episode's `caseid`.
    pub key: u64,
    /// Words for it.
    pub label: String,
    /// Of an episode, what it was: how it ended, regime and dependence.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// Episodes left out.
    pub episodes: usize,
    /// The result without them; `None` where there is none.
    pub found: Option<Found>,
    /// Interaction without them minus interaction in the whole sample.
    pub interaction_change: Option<f64>,
    /// The main effect without them minus effect in the whole sample.
    pub effect_change: Option<f64>,
    /// How many of the episodes that are left reach the dependence that counts as high.
    pub at_high: usize,
    /// What to know when reading the result, or why there is none.
    pub remarks: Vec<String>,
}

/// Fits a model again without each target, sender, year or episode.
///
/// # Errors
/// [`Error::Imputed`] for a model of imputed values, whose completed tables have other values without each episode;
/// else why the model cannot be estimated on the whole sample.
pub fn influence(
    specification: &Specification,
    model: &Model,
    episodes: &Table,
    by: By,
) -> Result<Influence> {
    let mut leaving = Leaving::new(specification, model, episodes, by)?;
    while leaving.step()? {}
    Ok(leaving.influence())
}

/// The same, one after the other: for work that is watched.
#[derive(Debug)]
pub struct Leaving {
    whole: FullSample,
    by: By,
    /// What is to be left out: keys with rows, in the order of the keys.
    groups: Vec<(u64, Vec<usize>)>,
    left_out: Vec<LeftOut>,
}

impl Leaving {
    /// With nothing left out yet.
    ///
    /// # Errors
    /// As [`influence`].
    pub fn new(specification: &Specification, model: &Model, episodes: &Table, by: By) -> Result<Self> {
        if model.dependence.imputed {
            return Err(Error::Imputed { key: model.key() });
        }
        let whole = FullSample::new(specification, model, episodes)?;
        let groups = whole.groups(by)?.into_iter().collect();
        Ok(Leaving {
            whole,
            by,
            groups,
            left_out: Vec::new(),
        })
    }

    /// Fits the model without the next; `false` where none is left.
    ///
    /// # Errors
    /// None but where the table is not that of the study: a model that cannot be estimated has a remark.
    pub fn step(&mut self) -> Result<bool> {
        let Some((key, rows)) = self.groups.get(self.left_out.len()) else {
            return Ok(false);
        };
        self.left_out.push(self.whole.without(self.by, *key, rows)?);
        Ok(true)
    }

    /// How many are done with, and of how many.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        (self.left_out.len(), self.groups.len())
    }

    /// What was found so far.
    #[must_use]
    pub fn influence(&self) -> Influence {
        let moved = |one: &LeftOut| {
            let change = match self.by {
                By::Episode => one.interaction_change,
                _ => one.effect_change,
            };
            change.map_or(1.0, |change| -change.abs())
        };
        let (whole, model) = (&self.whole, &self.whole.model);
        let mut left_out = self.left_out.clone();
        order::by(&mut left_out, |a, b| moved(a).total_cmp(&moved(b)));
        Influence {
            model: model.key(),
            label: model.label(),
            by: self.by,
            n: whole.table.rows(),
            high_dependence: whole.high,
            interaction: effect::interaction(model),
            effect: effect::label(model).to_owned(),
            reach: reach(&whole.found, &left_out),
            whole: whole.found,
            left_out,
        }
    }
}

/// How far simultaneous intervals reach, never less far than pointwise ones.
fn reach(whole: &Found, left_out: &[LeftOut]) -> f64 {
    let variance = |found: &Found| found.effect.std_error * found.effect.std_error;
    let each = left_out.iter().filter_map(|one| one.found.as_ref()).map(variance);
    let each: Vec<f64> = each.collect();
    sup_t_around(variance(whole), &each, 0.95, BAND_DRAWS, BAND_SEED).max(WIDE)
}

/// A model fitted to all its episodes.
#[derive(Debug)]
struct FullSample {
    specification: Specification,
    model: Model,
    /// The episodes the model uses, with the columns it needs.
    table: Table,
    names: Names,
    /// Dependence in each row.
    dependence: Vec<f64>,
    high: f64,
    found: Found,
    /// Controls left out of the whole already.
    omitted: Vec<String>,
}

/// Names of states for the episodes the model uses.
#[derive(Debug)]
struct Names {
    senders: Column,
    targets: Column,
}

impl FullSample {
    fn new(specification: &Specification, model: &Model, episodes: &Table) -> Result<Self> {
        // The interaction is that of concession against the study's base outcome, whichever the reader's.
        let specification = Specification {
            base: Base::default(),
            ..specification.clone()
        };
        let prepared = specification.prepare(model, episodes)?;
        let fit = prepared.fit()?;
        let sample = specification.sample(episodes)?;
        let used = fit.design().frame().row_indices().iter().map(|row| sample[*row]);
        let rows: Vec<usize> = used.collect();
        let dependence = fit.design().frame().number(model.term())?.to_vec();
        let high = model.high.of(&dependence);
        let mut table = Table::new();
        for name in needed(&specification, model, episodes)? {
            table.insert(name.clone(), episodes.column(&name)?.select(&rows))?;
        }
        let found = found(model, &fit, high)?;
        Ok(FullSample {
            specification,
            model: *model,
            table,
            names: Names {
                senders: episodes.column("sender_name")?.select(&rows),
                targets: episodes.column("target_name")?.select(&rows),
            },
            dependence,
            high,
            found,
            omitted: omitted(&prepared).map(|(variable, _)| variable).collect(),
        })
    }

    /// The rows of each group, by its key.
    fn groups(&self, by: By) -> Result<BTreeMap<u64, Vec<usize>>> {
        let mut groups = BTreeMap::<u64, Vec<usize>>::new();
        for (row, key) in self.table.numbers(by.column())?.iter().enumerate() {
            groups.entry(*key as u64).or_default().push(row);
        }
        Ok(groups)
    }

    /// The model without some rows.
    fn without(&self, by: By, key: u64, rows: &[usize]) -> Result<LeftOut> {
        let mut left_out = LeftOut {
            key,
            label: self.label(by, rows.first().copied().unwrap_or_default())?,
            detail: match (by, rows) {
                (By::Episode, [row]) => self.detail(*row)?,
                _ => String::new(),
            },
            episodes: rows.len(),
            at_high: self.at_high(rows),
            found: None,
            interaction_change: None,
            effect_change: None,
            remarks: Vec::new(),
        };
        match self.refit(rows) {
            Ok((found, remarks)) => {
                left_out.found = Some(found);
                left_out.interaction_change = Some(found.interaction - self.found.interaction);
                left_out.effect_change = Some(found.effect.estimate - self.found.effect.estimate);
                left_out.remarks = remarks;
                let left = self.dependence.len() - rows.len();
                if (left_out.at_high as f64) < FEW * left as f64 {
                    left_out.remarks.push(format!(
                        "only {} of the {left} threats left reach that dependence: the result is an extrapolation",
                        left_out.at_high
                    ));
                }
            }
            Err(error) => left_out.remarks = vec![error.to_string()],
        }
        Ok(left_out)
    }

    /// How many rows but these reach high dependence.
    fn at_high(&self, without: &[usize]) -> usize {
        let reach = |row: &usize| self.dependence[*row] >= self.high;
        (0..self.dependence.len()).filter(reach).count() - without.iter().filter(|row| reach(row)).count()
    }

    fn refit(&self, without: &[usize]) -> Result<(Found, Vec<String>)> {
        let mut without = without.iter().copied().peekable();
        let kept = (0..self.table.rows()).filter(|row| without.next_if_eq(row).is_none());
        let kept: Vec<usize> = kept.collect();
        let mut table = Table::new();
        for name in self.table.names() {
            table.insert(name.clone(), self.table.column(name)?.select(&kept))?;
        }
        let prepared = self.specification.prepare(&self.model, &table)?;
        let fit = prepared.fit()?;
        let new = omitted(&prepared).filter(|(variable, _)| !self.omitted.contains(variable));
        let remarks = new.map(|(variable, reason)| format!("without {}: {reason}", label(&variable)));
        let mut remarks: Vec<String> = remarks.collect();
        let observed = |name: &str| Ok(fit.design().frame().number(name)?.to_vec());
        let outside = outside::compared(&self.model, &[self.high], observed)?;
        remarks.extend(outside.iter().map(Outside::words));
        Ok((found(&self.model, &fit, self.high)?, remarks))
    }

    /// Words for the group that a row belongs to.
    fn label(&self, by: By, row: usize) -> Result<String> {
        let name = |column: &Column| match column {
            Column::Text(text) => text.get(row).unwrap_or_default().to_owned(),
            Column::Number(_) => String::new(),
        };
        let (sender, target) = (name(&self.names.senders), name(&self.names.targets));
        let year = self.table.numbers("year")?[row];
        Ok(match by {
            By::Target => target,
            By::Sender => sender,
            By::Year => year.to_string(),
            By::Episode => format!("{year}, {sender} against {target}"),
        })
    }
}

impl FullSample {
    /// What an episode was.
    fn detail(&self, row: usize) -> Result<String> {
        let words = |name: &str| -> Result<String> {
            Ok(match self.table.column(name)? {
                Column::Text(text) => text.get(row).unwrap_or_default().to_owned(),
                Column::Number(values) => trimmed(values[row]),
            })
        };
        let variable = self.model.explanation.variable;
        let dependence = self.model.scale.share(self.dependence[row]);
        let regime = match self.model.explanation.values {
            Values::UnitInterval { .. } => format!("index {}", words(variable)?),
            Values::Levels(_) => level_label(&words(variable)?).to_owned(),
        };
        Ok(format!(
            "{}; {regime}; dependence {}",
            words(self.specification.outcome.column())?,
            share(dependence)
        ))
    }
}

fn omitted(prepared: &Prepared) -> impl Iterator<Item = (String, String)> + '_ {
    let both = |one: &Omitted| (one.variable.clone(), one.reason.clone());
    prepared.omitted().iter().map(both)
}

/// Columns of the episode table that a model is prepared from.
fn needed(specification: &Specification, model: &Model, episodes: &Table) -> Result<Vec<String>> {
    let mut needed = vec![specification.outcome.column().to_owned()];
    needed.push(model.explanation.variable.to_owned());
    needed.push(model.share().to_owned());
    needed.extend(["caseid", "year", "sender", "target"].map(str::to_owned));
    for control in STUDY.controls {
        needed.push(control.variable.to_owned());
        needed.push(specification.readings.variable(control.variable).to_owned());
    }
    let logarithm = format!("ln_{}", model.share());
    if variables::variable(&logarithm).is_some() && episodes.column(&logarithm).is_ok() {
        needed.push(logarithm);
    }
    let mut known = std::collections::BTreeSet::new();
    needed.retain(|name| known.insert(name.clone()));
    Ok(needed)
}

fn found(model: &Model, fit: &Fit, high: f64) -> Result<Found> {
    let interaction = fit.coefficient(STUDY.focus, &effect::interaction(model))?;
    Ok(Found {
        interaction: interaction.estimate,
        interaction_std_error: interaction.std_error,
        effect: effect::effect(model, fit, high)?,
    })
}

impl Influence {
    /// The interval of the effect that holds together with all others.
    #[must_use]
    pub fn simultaneous(&self, found: &Found) -> (f64, f64) {
        let MainEffect {
            estimate, std_error, ..
        } = found.effect;
        (
            estimate - self.reach * std_error,
            estimate + self.reach * std_error,
        )
    }

    /// Without how many the difference can be told from zero by intervals that hold all at once, and of how many.
    #[must_use]
    pub fn told_apart(&self) -> (usize, usize) {
        let all = self.left_out.iter().filter_map(|one| one.found);
        let apart = |found: &Found| {
            let (low, high) = self.simultaneous(found);
            low > 0.0 || high < 0.0
        };
        (all.clone().filter(apart).count(), all.count())
    }

    /// What a reader should know, in a few sentences.
    #[must_use]
    pub fn sentences(&self) -> String {
        let effects = || {
            self.left_out
                .iter()
                .filter_map(|one| Some((one, one.found?.effect)))
        };
        let by =
            |a: &(&LeftOut, MainEffect), b: &(&LeftOut, MainEffect)| a.1.estimate.total_cmp(&b.1.estimate);
        let (Some(lowest), Some(highest)) = (effects().min_by(by), effects().max_by(by)) else {
            return "No model could be estimated without any of them.".to_owned();
        };
        let unit = self.by.key();
        let whole = self.whole.effect;
        let mut sentences = format!(
            "With every {unit} the difference is {} points ({} to {}). Without one {unit} it lies between {} points \
             (without {}) and {} points (without {}).",
            points(whole.estimate),
            points(whole.conf_low),
            points(whole.conf_high),
            points(lowest.1.estimate),
            lowest.0.label,
            points(highest.1.estimate),
            highest.0.label,
        );
        let turned = effects().filter(|one| (one.1.estimate > 0.0) != (whole.estimate > 0.0));
        let other = effects().filter(|one| one.1.sign() != whole.sign());
        let mut say = |them: Vec<&str>, what: &str| {
            let text = match them.as_slice() {
                [] => format!(" Leaving out no single {unit} {what}."),
                [one] => format!(" Leaving out one {unit} {what}: {one}."),
                few if few.len() <= 5 => {
                    format!(
                        " Leaving out any of {} {unit}s {what}: {}.",
                        few.len(),
                        few.join("; ")
                    )
                }
                many => format!(" Leaving out any of {} {unit}s {what}.", many.len()),
            };
            sentences.push_str(&text);
        };
        say(turned.map(|one| one.0.label.as_str()).collect(), "turns its sign");
        let what = if whole.sign() == 0 {
            "makes it significant"
        } else {
            "takes its significance away"
        };
        say(other.map(|one| one.0.label.as_str()).collect(), what);
        let (apart, all) = self.told_apart();
        sentences.push_str(&format!(
            " By intervals that hold for all {unit}s at once, {:.2} standard errors to either side, the difference can be told \
             from zero in {apart} of these {all} models.",
            self.reach
        ));
        let remarkable = [lowest.0, highest.0]
            .into_iter()
            .filter(|one| !one.remarks.is_empty());
        for one in remarkable {
            sentences.push_str(&format!(" Without {}: {}.", one.label, one.remarks.join("; ")));
        }
        sentences
    }
}
