//! The choices as data: their names, their values, and words for both.

use report::words::quoted;
use serde::Serialize;

use super::options::{Options, Picked};
use super::readings;
use crate::data::variables;
use crate::specification::Specification;
use crate::specification::method::Method;
use crate::study::contrast::{Against, High};
use crate::study::thesis::STUDY;

/// A choice of a [`Specification`].
#[derive(Clone, Copy)]
pub struct Choice {
    /// Its name, for arguments and addresses.
    pub key: &'static str,
    /// Words for it.
    pub label: &'static str,
    /// What it is about.
    pub help: &'static str,
    /// The heading it goes under.
    pub group: &'static str,
    /// What its values are.
    pub kind: ChoiceKind,
    pub(super) get: fn(&Specification) -> String,
    pub(super) set: fn(&mut Specification, &str) -> Result<(), Wrong>,
}

/// What the values of a choice are.
#[derive(Clone, Copy)]
pub enum ChoiceKind {
    /// One of these.
    One(fn() -> Vec<Picked>),
    /// Those that are left out of these, separated by commas.
    Without(fn() -> Vec<Picked>),
    /// Two years, `1960-1999`, within bounds.
    Years(u16, u16),
    /// A whole number within bounds.
    Number(u64, u64),
}

/// What is wrong with a choice's value, in words; whatever of it could be read is set.
pub(super) type Wrong = String;

/// A choice among the options of a type, which a field of a specification has: key, label, help, heading, field and type.
macro_rules! one_of {
    ($key:literal, $label:literal, $help:literal, $group:literal, $($field:ident).+: $options:ty) => {
        Choice {
            key: $key,
            label: $label,
            help: $help,
            group: $group,
            kind: ChoiceKind::One(all::<$options>),
            get: |one| name(one.$($field).+),
            set: |one, value| pick(&mut one.$($field).+, value),
        }
    };
}

/// Every choice, in the order in which they are shown and written.
pub static CHOICES: [Choice; 24] = [
    one_of!(
        "outcome",
        "Outcome coding",
        "What counts as a concession.",
        "Outcome",
        outcome: super::Outcome
    ),
    one_of!(
        "base",
        "Base outcome",
        "Coefficients compare with this outcome. Probabilities do not depend on it.",
        "Outcome",
        base: super::Base
    ),
    one_of!(
        "scale",
        "Scale of dependence",
        "How a share of trade enters the models.",
        "Trade dependence",
        scale: super::Scale
    ),
    one_of!(
        "lag",
        "Year of dependence",
        "For the Correlates of War measures.",
        "Trade dependence",
        lag: super::Lag
    ),
    one_of!(
        "high",
        "High dependence",
        "At which dependence the study’s question is asked, among the episodes that a model uses.",
        "Trade dependence",
        high: High
    ),
    one_of!(
        "index",
        "Personalist index",
        "Its source ends in 1999, and lacks some states; the episodes go on to 2005.",
        "Regime",
        index: super::Index
    ),
    one_of!(
        "regimes",
        "Regimes not coded",
        "Of targets, where regime types explain, and of senders.",
        "Regime",
        readings.regimes: readings::Regimes
    ),
    one_of!(
        "against",
        "Contrast",
        "Whom personalists are compared with, where one number is wanted and regime types explain.",
        "Regime",
        against: Against
    ),
    Choice {
        key: "without",
        label: "Controls",
        help: "What is held constant beside regime and dependence.",
        group: "Controls",
        kind: ChoiceKind::Without(controls),
        get: |one| {
            let known = STUDY.controls.iter().map(|control| control.variable);
            known
                .filter(|variable| one.without.contains(variable))
                .collect::<Vec<_>>()
                .join(",")
        },
        set: without,
    },
    one_of!(
        "sizes",
        "GDP and distance",
        "How they enter the models.",
        "Controls",
        readings.sizes: readings::Sizes
    ),
    one_of!(
        "cinc",
        "Capabilities",
        "How those of sender and target are compared.",
        "Controls",
        readings.capabilities: readings::Capabilities
    ),
    one_of!(
        "coldwar",
        "After the Cold War",
        "The study does not say when the Cold War ended.",
        "Controls",
        readings.cold_war: readings::ColdWar
    ),
    one_of!(
        "security",
        "Security issues",
        "Which issues are of security.",
        "Controls",
        readings.security: readings::Security
    ),
    one_of!(
        "economic",
        "Economic issues",
        "Which issues are economic.",
        "Controls",
        readings.economic: readings::Economic
    ),
    one_of!(
        "gaps",
        "Kind of sanction not coded",
        "What a threat is of which no kind is coded.",
        "Controls",
        readings.gaps: readings::Gaps
    ),
    one_of!(
        "multiple",
        "Other sanctions in force",
        "Which count as such.",
        "Controls",
        readings.multiple: readings::Multiple
    ),
    Choice {
        key: "years",
        label: "Years",
        help: "Threats that began in these years.",
        group: "Sample",
        kind: ChoiceKind::Years(STUDY.years.0, STUDY.years.1),
        get: |one| format!("{}-{}", one.years.0, one.years.1),
        set: years,
    },
    one_of!(
        "senders",
        "Senders",
        "Whose threats take part.",
        "Sample",
        senders: super::Senders
    ),
    one_of!(
        "issues",
        "Issues",
        "Threats over what take part.",
        "Sample",
        issues: super::Issues
    ),
    one_of!(
        "errors",
        "Standard errors",
        "How the covariance of the coefficients is estimated.",
        "Uncertainty",
        errors: super::Errors
    ),
    one_of!(
        "method",
        "Predictions and intervals",
        "Where probabilities are evaluated, and where their intervals come from.",
        "Uncertainty",
        method: Method
    ),
    Choice {
        key: "impute",
        label: "What is imputed",
        help: "In the models with imputed dependence.",
        group: "Imputation",
        kind: ChoiceKind::One(imputed),
        get: |one| {
            IMPUTED[usize::from(!one.imputation.dependence_only)]
                .key
                .to_owned()
        },
        set: |one, value| {
            let position = IMPUTED.iter().position(|known| known.key == value);
            one.imputation.dependence_only = position.ok_or_else(|| there_are(&IMPUTED))? == 0;
            Ok(())
        },
    },
    Choice {
        key: "m",
        label: "Imputations",
        help: "How many completed tables.",
        group: "Imputation",
        kind: ChoiceKind::Number(2, MOST_IMPUTATIONS),
        get: |one| one.imputation.m.to_string(),
        set: |one, value| {
            one.imputation.m = number(value, 2, MOST_IMPUTATIONS)? as usize;
            Ok(())
        },
    },
    Choice {
        key: "seed",
        label: "Seed",
        help: "Of the imputations’ random numbers: another seed, other draws.",
        group: "Imputation",
        kind: ChoiceKind::Number(0, MOST_SEED),
        get: |one| one.imputation.seed.to_string(),
        set: |one, value| {
            one.imputation.seed = number(value, 0, MOST_SEED)?;
            Ok(())
        },
    },
];

/// Many more take long, and change nothing.
const MOST_IMPUTATIONS: u64 = 100;
/// The largest whole number below which JavaScript knows each.
const MOST_SEED: u64 = (1 << 53) - 1;

const IMPUTED: [Picked; 2] = [
    Picked {
        key: "dependence",
        label: "dependence only",
        help: "As the study has it. Episodes in which another variable is missing are left out.",
        group: None,
    },
    Picked {
        key: "all",
        label: "every variable of the model",
        help: "Every episode with a known outcome takes part; the index is 0 for democracies and imputed for autocracies, ratios of \
               capabilities are imputed as logarithms.",
        group: None,
    },
];

fn imputed() -> Vec<Picked> {
    IMPUTED.to_vec()
}

fn all<T: Options>() -> Vec<Picked> {
    T::ALL.iter().map(|one| one.picked()).collect()
}

fn name(option: impl Options) -> String {
    option.picked().key.to_owned()
}

fn pick<T: Options>(into: &mut T, value: &str) -> Result<(), Wrong> {
    let found = T::ALL.iter().find(|one| one.picked().key == value);
    *into = *found.ok_or_else(|| there_are(&all::<T>()))?;
    Ok(())
}

fn there_are(options: &[Picked]) -> Wrong {
    let known: Vec<&str> = options.iter().map(|option| option.key).collect();
    format!("give one of {}", known.join(", "))
}

fn number(value: &str, least: u64, most: u64) -> Result<u64, Wrong> {
    let number = value
        .parse()
        .ok()
        .filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| format!("give a whole number from {least} to {most}"))
}

fn years(one: &mut Specification, value: &str) -> Result<(), Wrong> {
    let (least, most) = STUDY.years;
    let year = |text: &str| text.parse().ok().filter(|year| (least..=most).contains(year));
    let both = value
        .split_once('-')
        .and_then(|(first, last)| Some((year(first)?, year(last)?)));
    one.years = both.filter(|(first, last)| first <= last).ok_or_else(|| {
        format!("give two years such as 1960-1999, from {least} to {most}, the earlier one first")
    })?;
    Ok(())
}

fn controls() -> Vec<Picked> {
    let control = |control: &crate::study::Control| {
        let variable = variables::variable(control.variable);
        Picked {
            key: control.variable,
            label: variable.map_or(control.variable, |variable| variable.label),
            help: variable.map_or("", |variable| variable.description),
            group: Some(control.group.label()),
        }
    };
    STUDY.controls.iter().map(control).collect()
}

/// Leaves out controls, by variable or by group; `none` leaves out none.
fn without(one: &mut Specification, value: &str) -> Result<(), Wrong> {
    let mut unknown = Vec::new();
    let mut without = std::collections::BTreeSet::new();
    for name in value
        .split(',')
        .filter(|name| !name.is_empty() && *name != "none")
    {
        let before = without.len();
        let named = STUDY
            .controls
            .iter()
            .filter(|control| name == "all" || control.variable == name || control.group.key() == name)
            .map(|control| control.variable);
        let mut any = false;
        for variable in named {
            without.insert(variable);
            any = true;
        }
        if !any && without.len() == before {
            unknown.push(quoted(name));
        }
    }
    one.without = without;
    if unknown.is_empty() {
        return Ok(());
    }
    let known: Vec<&str> = STUDY.controls.iter().map(|control| control.variable).collect();
    Err(format!(
        "there is no control {}; there are {}, and the groups economic, power, issue, sanction, history, sender",
        unknown.join(", "),
        known.join(", ")
    ))
}

/// The choice called `key`.
#[must_use]
pub fn choice(key: &str) -> Option<&'static Choice> {
    CHOICES.iter().find(|choice| choice.key == key)
}

impl std::fmt::Debug for Choice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Choice")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

impl Choice {
    /// The values there are, where they can be listed.
    #[must_use]
    pub fn options(&self) -> Vec<Picked> {
        match self.kind {
            ChoiceKind::One(options) | ChoiceKind::Without(options) => options(),
            ChoiceKind::Years(..) | ChoiceKind::Number(..) => Vec::new(),
        }
    }

    /// The value that a specification has, as an address has it.
    #[must_use]
    pub fn value(&self, specification: &Specification) -> String {
        (self.get)(specification)
    }

    /// That value in words.
    #[must_use]
    pub fn words(&self, specification: &Specification) -> String {
        let value = self.value(specification);
        let options = self.options();
        let label = |key: &str| {
            let known = options.iter().find(|option| option.key == key);
            known.map_or_else(|| key.to_owned(), |option| option.label.to_owned())
        };
        match self.kind {
            ChoiceKind::One(_) => label(&value),
            ChoiceKind::Without(_) if value.is_empty() => "all of them".to_owned(),
            ChoiceKind::Without(_) if value.split(',').count() == options.len() => "none".to_owned(),
            ChoiceKind::Without(_) => {
                let labels: Vec<String> = value.split(',').map(label).collect();
                format!("without {}", labels.join(", "))
            }
            ChoiceKind::Years(..) => value.replace('-', " to "),
            ChoiceKind::Number(..) => value,
        }
    }
}

/// A heading with its choices, for a page to build its controls from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct GroupReport {
    /// The heading.
    pub label: &'static str,
    /// Its choices.
    pub choices: Vec<ChoiceReport>,
}

/// A choice, for a page to build a control from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct ChoiceReport {
    /// Its name in addresses.
    pub key: &'static str,
    /// Words for it.
    pub label: &'static str,
    /// What it is about.
    pub help: &'static str,
    /// `one` of the options; those of the options that are left out (`without`), separated by commas; two `years`,
    /// as `1960-1999`; a whole `number`.
    pub kind: &'static str,
    /// The study's value.
    pub default: String,
    /// The values there are, where they can be listed.
    pub options: Vec<Picked>,
    /// The smallest number or year.
    pub min: Option<u64>,
    /// The largest number or year.
    pub max: Option<u64>,
}

/// Every choice under its heading, as data.
#[must_use]
pub fn choices() -> Vec<GroupReport> {
    let study = Specification::default();
    let mut groups: Vec<GroupReport> = Vec::new();
    for choice in &CHOICES {
        let (kind, bounds) = match choice.kind {
            ChoiceKind::One(_) => ("one", None),
            ChoiceKind::Without(_) => ("without", None),
            ChoiceKind::Years(least, most) => ("years", Some((u64::from(least), u64::from(most)))),
            ChoiceKind::Number(least, most) => ("number", Some((least, most))),
        };
        let report = ChoiceReport {
            key: choice.key,
            label: choice.label,
            help: choice.help,
            kind,
            default: choice.value(&study),
            options: choice.options(),
            min: bounds.map(|bounds| bounds.0),
            max: bounds.map(|bounds| bounds.1),
        };
        match groups.iter_mut().find(|group| group.label == choice.group) {
            Some(group) => group.choices.push(report),
            None => groups.push(GroupReport {
                label: choice.group,
                choices: vec![report],
            }),
        }
    }
    groups
}
