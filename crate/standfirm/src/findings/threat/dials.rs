//! What can be changed of a threat, and where that lies outside the data.

use mlogit::{At, order};
use report::results::Value;
use report::words::capital;
use serde::Serialize;

use super::{Known, SHARE, Threat, has};
use crate::data::variables::{Variable, VariableKind, variable};
use crate::error::Result;
use crate::findings::outside::{Outside, range};
use crate::fitting::fitted::Fitted;
use crate::study::Values;
use crate::study::words::{label, level_label};

/// ... and their dependence by no more than this part of the range among the episodes.
const ALIKE_DEPENDENCE: f64 = 0.15;
/// What a variable of a threat takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum DialKind {
    /// A share from 0 to 1.
    Share,
    /// 0 or 1.
    Yes,
    /// A number within a range.
    Number,
    /// One of some levels.
    Level,
}

/// Episodes are alike where their personalist indices are no further apart ...
const ALIKE_INDEX: f64 = 0.25;
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
    /// What it takes.
    pub kind: DialKind,
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

impl Dial {
    /// Whether it can have a value.
    pub(super) fn check(&self, value: &Value) -> Result<(), String> {
        match (self.kind, value) {
            (DialKind::Level, Value::Level(level)) if self.levels.iter().any(|(known, _)| known == level) => {
                Ok(())
            }
            (DialKind::Level, _) => {
                let known: Vec<&str> = self.levels.iter().map(|(level, _)| level.as_str()).collect();
                Err(format!("give one of {}", known.join(", ")))
            }
            (DialKind::Yes, Value::Number(number)) if *number == 0.0 || *number == 1.0 => Ok(()),
            (DialKind::Yes, _) => Err("give 0 or 1".to_owned()),
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
pub(super) fn dials(threat: &Threat<'_>, fitted: &Fitted) -> Result<Vec<Dial>> {
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
            let observed = range(&fitted.estimate.values(name)?);
            let as_share = |value: f64| model.scale.share(value);
            dials.push(Dial {
                name: SHARE.to_owned(),
                label: model.dependence.label.to_owned(),
                help: format!("{}.", capital(model.dependence.definition)),
                kind: DialKind::Share,
                range: (0.0, 1.0_f64.max(as_share(observed.1))),
                sample: (as_share(observed.0), as_share(observed.1)),
                levels: Vec::new(),
                then: then.map(|known| match known.value {
                    Value::Number(value) => Known {
                        value: Value::Number(as_share(value)),
                        ..known
                    },
                    Value::Level(_) => known,
                }),
                changed: None,
            });
            continue;
        }
        let levels = match about.map(|about| about.kind) {
            Some(VariableKind::Category { levels }) => levels
                .iter()
                .filter(|level| has(frame, name, &Value::Level((**level).to_owned())))
                .map(|level| ((*level).to_owned(), level_label(level).to_owned()))
                .collect(),
            _ => Vec::new(),
        };
        let (kind, sample) = if levels.is_empty() {
            let sample = range(&fitted.estimate.values(name)?);
            let yes = about.is_some_and(Variable::is_indicator);
            (if yes { DialKind::Yes } else { DialKind::Number }, sample)
        } else {
            (DialKind::Level, (0.0, 0.0))
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

/// Episodes that are like the threat, and where it lies outside the data.
pub(super) fn outside(fitted: &Fitted, dials: &[Dial], at: Option<&At>) -> Result<(Alike, Vec<String>)> {
    let mut warnings = Vec::new();
    for dial in dials {
        let Some(Value::Number(value)) = dial.now() else {
            continue;
        };
        let is_share = dial.kind == DialKind::Share;
        let name = if is_share {
            "Trade dependence of"
        } else {
            dial.label.as_str()
        };
        let found = Outside::new(name.to_owned(), *value, dial.sample, is_share);
        warnings.extend(found.map(|one| format!("{}.", one.words())));
    }
    let alike = alike(fitted, dials)?;
    if alike.episodes == Some(0) {
        warnings.push(format!(
            "No episode of this model has such {}: the answer is the model’s word alone.",
            alike.such()
        ));
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

/// How many episodes of a model are like a threat in regime and dependence, as far as either is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Alike {
    /// Episodes; nothing where neither is known, as then all of them would be.
    pub episodes: Option<usize>,
    /// Whether the regime is known.
    pub regime: bool,
    /// Whether the dependence is.
    pub dependence: bool,
}

impl Alike {
    /// What a threat is like its episodes in.
    fn such(self) -> &'static str {
        match (self.regime, self.dependence) {
            (true, false) => "a regime",
            (false, true) => "dependence",
            _ => "a regime together with such dependence",
        }
    }

    /// The same in a sentence.
    #[must_use]
    pub fn sentence(self) -> String {
        let Some(count) = self.episodes else {
            return "Neither its regime nor its dependence is known, so nobody can say which episodes are like it.".to_owned();
        };
        let (like, unknown) = match (self.regime, self.dependence) {
            (true, false) => ("regime", "; its dependence is not known"),
            (false, true) => ("dependence", "; its regime is not known"),
            _ => ("regime and dependence", ""),
        };
        let (episodes, are) = if count == 1 {
            ("episode", "is")
        } else {
            ("episodes", "are")
        };
        format!("{count} {episodes} of this model {are} like it in {like}{unknown}.")
    }
}

/// How many episodes of the model are like the threat in what is known of it.
fn alike(fitted: &Fitted, dials: &[Dial]) -> Result<Alike> {
    let (model, frame) = (&fitted.model, fitted.estimate.fit().design().frame());
    let now = |name: &str| dials.iter().find(|dial| dial.name == name).and_then(Dial::now);
    let regime_known = now(model.explanation.variable).is_some();
    let dependence_known = now(SHARE).is_some();
    let dependence = frame.number(model.term())?;
    let span = range(dependence);
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
    let count = (0..frame.rows())
        .filter(|row| close(*row) && regime(*row))
        .count();
    Ok(Alike {
        episodes: (regime_known || dependence_known).then_some(count),
        regime: regime_known,
        dependence: dependence_known,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn episodes_are_like_a_threat_only_in_what_is_known_of_it() {
        let alike = |episodes, regime, dependence| {
            Alike {
                episodes,
                regime,
                dependence,
            }
            .sentence()
        };
        assert_eq!(
            alike(Some(12), true, true),
            "12 episodes of this model are like it in regime and dependence."
        );
        assert_eq!(
            alike(Some(1), true, false),
            "1 episode of this model is like it in regime; its dependence is not known."
        );
        assert_eq!(
            alike(Some(0), false, true),
            "0 episodes of this model are like it in dependence; its regime is not known."
        );
        assert!(alike(None, false, false).starts_with("Neither its regime nor its dependence is known"));
    }
}
