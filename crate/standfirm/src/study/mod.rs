//! What a study is made of: outcomes, controls, explanations, measures of dependence, models, cases.
//!
//! [`thesis`] is the one study there is, as a value of these types; [`contrast`] says between what its models are asked for a
//! difference; [`words`] has labels for what they contain.

pub mod contrast;
pub mod thesis;
pub mod words;

use mlogit::{Column, Table};
use report::figure::Scale;

use self::contrast::{Against, High};
use crate::error::Result;

/// A study: one outcome, several explanations of it, several measures of what they depend on.
#[derive(Debug, Clone, Copy)]
pub struct Study {
    /// The outcomes that a threat can have.
    pub outcomes: &'static [&'static str],
    /// The outcome that figures and claims are about.
    pub focus: &'static str,
    /// What every model holds constant.
    pub controls: &'static [Control],
    /// First and last year of the episodes.
    pub years: (u16, u16),
    /// The models, in the order of the tables.
    pub models: &'static [Model],
    /// The episodes the study tells at length.
    pub cases: &'static [Case],
}

/// A variable that models hold constant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Control {
    /// Column of the episode table.
    pub variable: &'static str,
    /// The term as a formula has it.
    pub term: &'static str,
    /// What it belongs to, as people argue about controls.
    pub group: ControlGroup,
}

/// Controls that belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ControlGroup {
    /// How rich both sides are.
    Economic,
    /// How strong and how far apart they are.
    Power,
    /// What the threat is about.
    Issue,
    /// What is threatened.
    Sanction,
    /// When it happens, and what happened before.
    History,
    /// Who threatens.
    Sender,
}

impl ControlGroup {
    /// A short name, for arguments and addresses.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Economic => "economic",
            Self::Power => "power",
            Self::Issue => "issue",
            Self::Sanction => "sanction",
            Self::History => "history",
            Self::Sender => "sender",
        }
    }

    /// Words for it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Economic => "Economic size",
            Self::Power => "Power and distance",
            Self::Issue => "Issue",
            Self::Sanction => "Kind of sanction",
            Self::History => "History",
            Self::Sender => "Sender",
        }
    }
}

/// An episode the study tells at length.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// Its `caseid` in the episode table.
    pub caseid: u64,
    /// Words for it.
    pub title: &'static str,
    /// What the study says of it, retold.
    pub story: &'static str,
    /// How the episode was found, and where it differs from the study's account.
    pub identified: &'static str,
}

/// A model: an explanation interacted with a measure of trade dependence.
#[derive(Debug, Clone, Copy)]
pub struct Model {
    /// The scale that dependence enters on.
    pub scale: Scale,
    /// Whether dependence is that of the year before, where there is such a measure.
    pub lagged: bool,
    /// What counts as high dependence.
    pub high: High,
    /// The regime that personalists are contrasted with, where one number is wanted and the explanation is the regime.
    pub against: Against,
    /// Table it belongs to, from 1.
    pub table: u8,
    /// Its number in the table, from 1.
    pub number: u8,
    /// What explains the outcome.
    pub explanation: &'static Explanation,
    /// What the explanation is interacted with.
    pub dependence: &'static Dependence,
}

/// What explains the outcome.
#[derive(Debug, Clone, Copy)]
pub struct Explanation {
    /// First half of a model's key.
    pub key: &'static str,
    /// Column of the episode table.
    pub variable: &'static str,
    /// The term as a formula has it.
    pub term: &'static str,
    /// Words for a title.
    pub label: &'static str,
    /// Values that predictions are made at.
    pub values: Values,
    /// The study's figure of it along dependence or along its own values.
    pub figure: u8,
    /// The study's table of its models.
    pub table: u8,
}

/// Values of an explanation that predictions are made at.
#[derive(Debug, Clone, Copy)]
pub enum Values {
    /// From 0 to 1 in equal steps.
    UnitInterval {
        /// Number of steps.
        steps: u8,
    },
    /// Levels, the one that the others are compared with first.
    Levels(&'static [&'static str]),
}

/// A measure of how much the target trades with the sender.
#[derive(Debug, Clone, Copy)]
pub struct Dependence {
    /// Second half of a model's key.
    pub key: &'static str,
    /// Column with the share.
    pub share: &'static str,
    /// Column with the share of the year before, where that is another one.
    pub lag: Option<&'static str>,
    /// Words for a title.
    pub label: &'static str,
    /// A word or two, for the rows of a figure.
    pub short: &'static str,
    /// What is measured, and by whom: a row's name.
    pub named: &'static str,
    /// What the share is of what, in words.
    pub definition: &'static str,
    /// Whether missing values are imputed: see [`crate::fitting::imputation`].
    pub imputed: bool,
}

impl Model {
    /// The model's key, such as `index:trade_share`.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}:{}", self.explanation.key, self.dependence.key)
    }

    /// Words for it.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{}, {}", self.explanation.label, self.dependence.label)
    }

    /// The name that dependence has as a term, which is the same for every measure so that models can be read side
    /// by side.
    #[must_use]
    pub fn term(&self) -> &'static str {
        term_of_scale(self.scale)
    }

    /// Column of the episode table with the share.
    #[must_use]
    pub fn share(&self) -> &'static str {
        self.dependence
            .lag
            .filter(|_| self.lagged)
            .unwrap_or(self.dependence.share)
    }

    /// What dependence is made of, in words: a column of the episode table, or a function of one.
    #[must_use]
    pub fn column(&self) -> String {
        match self.scale {
            Scale::Log => format!("ln_{}", self.share()),
            Scale::Log100 | Scale::Log10000 => format!("ln(1 + {} * {})", self.scale.factor(), self.share()),
            Scale::Root => format!("sqrt({})", self.share()),
            Scale::Share => self.share().to_owned(),
        }
    }

    /// Dependence in every episode, on its scale.
    ///
    /// # Errors
    /// [`crate::error::Error::Model`] where the table lacks the column.
    pub fn values(&self, episodes: &Table) -> Result<Column> {
        Ok(match (self.scale, episodes.column(self.share())?) {
            // The table has the logarithm itself.
            (Scale::Log, _) => episodes.column(&self.column())?.clone(),
            (scale, Column::Number(shares)) => Column::number(shares.iter().map(|share| scale.of(*share))),
            (_, column) => column.clone(),
        })
    }
}

/// The name that dependence on a scale has as a term of a formula.
#[must_use]
pub const fn term_of_scale(scale: Scale) -> &'static str {
    match scale {
        Scale::Log => "ln_dependence",
        Scale::Log100 => "ln100_dependence",
        Scale::Log10000 => "ln10000_dependence",
        Scale::Root => "sqrt_dependence",
        Scale::Share => "dependence",
    }
}
