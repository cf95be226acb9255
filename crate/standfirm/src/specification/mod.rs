//! What is estimated, as one value: the study's own choices, or a reader's.
//!
//! A [`Specification`] says how the outcome is coded, on which scale and of which year dependence is, what is held
//! constant, which episodes take part, and how uncertainty is reckoned. Its default is the study. Every choice has a
//! name and a finite list of values ([`choices`]), which the page's controls, the command line, addresses and the
//! multiverse all read.
//!
//! ```
//! use standfirm::Specification;
//!
//! # fn main() -> standfirm::Result<()> {
//! // As an address has it, with what could not be read:
//! let read = Specification::read("scale=root&years=1960-1999&colour=red");
//! assert_eq!(read.specification.to_string(), "scale=root&years=1960-1999");
//! assert_eq!(read.ignored.len(), 1);
//!
//! // One choice at a time:
//! let strict = Specification::default().with("outcome", "strict")?;
//! assert_eq!(strict.to_string(), "outcome=strict");
//!
//! // One model of it, on episodes that are read once:
//! let episodes = standfirm::episodes()?;
//! let model = strict.models().next().expect("the study has models");
//! let fit = strict.prepare(&model, &episodes)?.fit()?;
//! assert!(fit.n() > 400.0);
//! # Ok(())
//! # }
//! ```
//!
//! # Many specifications
//!
//! [`Specification::prepare`] copies no more than the columns of one model (some 20 of 861 rows, a hundredth of the
//! time of the fit that follows), so that [`episodes`](crate::episodes()) can be read once for thousands of
//! specifications. [`Prepared`] is what a model is fitted to: a table whose rows are those of the sample, with the
//! columns `caseid`, `year`, `sender` and `target` beside those of the formula.

pub mod choices;
pub mod controls;
pub mod fragment;
pub mod method;
pub mod options;
pub mod prepared;
pub mod readings;

use std::collections::BTreeSet;

use mlogit::{Clusters, Covariance, Table};
use report::figure::Scale;

use self::options::{Options, Picked, options};
use crate::error::Result;
use crate::specification::method::Method;
use crate::specification::readings::{Readings, Regimes};
use crate::study::contrast::{Against, High};
use crate::study::thesis::{
    INDEX, INDEX_CARRIED, INDEX_DEMOCRACY_ZERO, REGIME, REGIME_REST_DEMOCRACY, STUDY,
};
use crate::study::{Explanation, Model};

/// What is estimated, and how. The default is the study's own.
#[derive(Debug, Clone, PartialEq)]
pub struct Specification {
    /// How outcomes are coded.
    pub outcome: Outcome,
    /// The outcome that the others are estimated against.
    pub base: Base,
    /// The scale that dependence enters on.
    pub scale: Scale,
    /// The year that dependence is of.
    pub lag: Lag,
    /// What counts as high dependence.
    pub high: High,
    /// What the personalist index is where its source has none.
    pub index: Index,
    /// The regime that personalists are contrasted with, where one number is wanted.
    pub against: Against,
    /// How the controls are read.
    pub readings: Readings,
    /// Controls of the study that are left out, by variable.
    pub without: BTreeSet<&'static str>,
    /// First and last year of the episodes.
    pub years: (u16, u16),
    /// Whose threats.
    pub senders: Senders,
    /// Threats over what.
    pub issues: Issues,
    /// How the covariance of the coefficients is estimated.
    pub errors: Errors,
    /// How predictions and their intervals are made.
    pub method: Method,
    /// How missing values are imputed, in the models that do so.
    pub imputation: ImputationOptions,
}

impl Default for Specification {
    fn default() -> Self {
        Specification {
            outcome: Outcome::default(),
            base: Base::default(),
            scale: Scale::default(),
            lag: Lag::default(),
            high: High::default(),
            index: Index::default(),
            against: Against::default(),
            readings: Readings::default(),
            without: BTreeSet::new(),
            years: STUDY.years,
            senders: Senders::default(),
            issues: Issues::default(),
            errors: Errors::default(),
            method: Method::default(),
            imputation: ImputationOptions::default(),
        }
    }
}

/// How values are imputed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImputationOptions {
    /// Number of imputations.
    pub m: usize,
    /// Seed of the random numbers.
    pub seed: u64,
    /// Whether dependence alone is imputed: episodes in which another variable of the model is missing are then left out.
    pub dependence_only: bool,
}

impl Default for ImputationOptions {
    /// As the study has it: 20 imputations of trade. The seed is the first and the last year of the episodes.
    fn default() -> Self {
        ImputationOptions {
            m: 20,
            seed: 19_452_005,
            dependence_only: true,
        }
    }
}

options! {
    /// How outcomes are coded.
    Outcome {
        /// A negotiated settlement before sanctions is a concession.
        #[default]
        Standard = "standard", "settlement is a concession",
            "A settlement negotiated before any sanction counts as a concession, as in the study.";
        /// It is a standoff.
        Strict = "strict", "settlement is a standoff",
            "Only partial or complete acquiescence is a concession; a negotiated settlement is a standoff.";
    }
}

options! {
    /// The outcome that the others are estimated against.
    Base {
        /// The study's.
        #[default]
        Standoff = "standoff", "standoff", "Neither side moves.";
        /// Sanctions.
        Imposition = "imposition", "imposition", "Sanctions are imposed.";
        /// The target gives way.
        Concession = "concession", "concession", "The target concedes to the threat.";
    }
}

impl Options for Scale {
    const ALL: &'static [Self] = &[Self::Log, Self::Log100, Self::Log10000, Self::Root, Self::Share];

    fn picked(self) -> Picked {
        let (key, label, help) = match self {
            Self::Log => (
                "log",
                "logarithm",
                "ln(1 + 1000 × share): twice the trade counts about the same wherever one starts.",
            ),
            Self::Log100 => (
                "log100",
                "logarithm, factor 100",
                "ln(1 + 100 × share): below a percent, more trade counts for less than under the study’s logarithm.",
            ),
            Self::Log10000 => (
                "log10000",
                "logarithm, factor 10,000",
                "ln(1 + 10,000 × share): below a tenth of a percent, more trade counts for more.",
            ),
            Self::Root => (
                "root",
                "square root",
                "Between the two others: small shares are told apart, large ones less so.",
            ),
            Self::Share => (
                "share",
                "share as it is",
                "A percentage point counts the same wherever one starts.",
            ),
        };
        Picked {
            key,
            label,
            help,
            group: None,
        }
    }
}

impl Options for High {
    const ALL: &'static [Self] = &[Self::P90, Self::P75, Self::P95, Self::Most, Self::Deviation];

    fn picked(self) -> Picked {
        let (key, label, help) = match self {
            Self::P90 => ("p90", "90th percentile", "One episode in ten depends more."),
            Self::P75 => ("p75", "75th percentile", "One episode in four depends more."),
            Self::P95 => ("p95", "95th percentile", "One episode in twenty depends more."),
            Self::Most => (
                "max",
                "maximum",
                "The episode that depends most: few are anywhere near.",
            ),
            Self::Deviation => (
                "sd",
                "mean + 1 standard deviation",
                "On the scale of dependence; with some distributions no episode depends as much.",
            ),
        };
        Picked {
            key,
            label,
            help,
            group: None,
        }
    }
}

impl Options for Against {
    const ALL: &'static [Self] = &[Self::Democracies, Self::Autocracies];

    fn picked(self) -> Picked {
        let (key, label, help) = match self {
            Self::Democracies => ("democracy", "democracies", "Most of the targets."),
            Self::Autocracies => (
                "nonpersonalist",
                "other autocracies",
                "The study’s argument: what sets personalists apart is not that they are autocracies.",
            ),
        };
        Picked {
            key,
            label,
            help,
            group: None,
        }
    }
}

options! {
    /// The year that dependence is of.
    Lag {
        /// The year of the threat.
        #[default]
        Same = "0", "year of the threat", "UN Comtrade’s share is of the year before in any case.";
        /// The year before.
        Before = "1", "year before the threat", "So that the threat cannot have moved the trade itself.";
    }
}

options! {
    /// What the personalist index is where its source has none.
    Index {
        /// In 1999, as its source does.
        #[default]
        Source = "weeks", "to 1999, as its source", "Threats of 2000 to 2005 are left out where the index is needed.";
        /// Carried on.
        Carried = "carried", "carried past 1999",
            "After 1999 democracies have index 0, and autocracies keep the last value of the same regime.";
        /// 0 in every democracy.
        Democracies = "democracy", "0 in every democracy",
            "Wherever Geddes, Wright and Frantz say democracy, after 1999 too; autocracies as in its source.";
    }
}

options! {
    /// Whose threats.
    Senders {
        /// Of every sender.
        #[default]
        All = "all", "every sender", "";
        /// Of the United States alone.
        Usa = "usa", "the United States only", "They make more than half of all threats.";
        /// Of all others.
        Others = "others", "without the United States", "";
    }
}

options! {
    /// Threats over what.
    Issues {
        /// Over anything.
        #[default]
        All = "all", "every issue", "";
        /// Over security.
        Security = "security", "security", "Territory, alliances, weapons, military behaviour and the like.";
        /// Over economic policy.
        Economic = "economic", "economic policy", "Trade practices and economic reform.";
        /// Over human rights.
        Rights = "rights", "human rights", "Few episodes: many models cannot be estimated.";
    }
}

options! {
    /// How the covariance of the coefficients is estimated.
    Errors {
        /// From the observed information.
        #[default]
        Observed = "observed", "observed information", "The study’s own: right where the model is.";
        /// Robust, without small-sample factor.
        Hc0 = "hc0", "robust (HC0)", "A wrong variance does no harm; no small-sample factor.";
        /// Robust, n/(n-k).
        Hc1 = "hc1", "robust (HC1)", "The same times n/(n − k), k counting the coefficients of all equations.";
        /// Robust, n/(n-1).
        Robust = "robust", "robust, as Stata’s", "The same times n/(n − 1).";
        /// Clustered by target.
        Target = "target", "clustered by target", "Threats against the same state may depend on each other.";
        /// Clustered by sender.
        Sender = "sender", "clustered by sender", "Threats by the same state may depend on each other. Few clusters.";
        /// Clustered by pair.
        Dyad = "dyad", "clustered by sender and target", "Threats within the same pair of states may depend on each other.";
    }
}

impl Outcome {
    /// Column of the episode table.
    #[must_use]
    pub const fn column(self) -> &'static str {
        match self {
            Self::Standard => "outcome",
            Self::Strict => "outcome_strict",
        }
    }
}

impl Specification {
    /// The study's models as this specification has them.
    pub fn models(&self) -> impl Iterator<Item = Model> + '_ {
        STUDY.models.iter().map(|model| self.model(model))
    }

    /// The model with that key, such as `index:trade_share`, as this specification has it.
    ///
    /// # Errors
    /// [`crate::Error::Unknown`], which lists the models.
    pub fn find(&self, key: &str) -> Result<Model> {
        let mut models = self.models();
        models
            .find(|model| model.key() == key)
            .ok_or_else(|| crate::Error::Unknown {
                kind: "model",
                name: key.to_owned(),
                known: self.models().map(|model| model.key()).collect(),
            })
    }

    /// A model of the study as this specification has it.
    #[must_use]
    pub fn model(&self, model: &Model) -> Model {
        Model {
            scale: self.scale,
            lagged: self.lag == Lag::Before,
            high: self.high,
            against: self.against,
            explanation: self.explanation(model.explanation),
            ..*model
        }
    }

    /// What a model's explanation is measured by.
    fn explanation(&self, explanation: &'static Explanation) -> &'static Explanation {
        if explanation.key == INDEX.key {
            match self.index {
                Index::Source => &INDEX,
                Index::Carried => &INDEX_CARRIED,
                Index::Democracies => &INDEX_DEMOCRACY_ZERO,
            }
        } else {
            match self.readings.regimes {
                Regimes::Missing => &REGIME,
                Regimes::Democracy => &REGIME_REST_DEMOCRACY,
            }
        }
    }

    /// The base outcome.
    #[must_use]
    pub fn base(&self) -> &'static str {
        self.base.picked().key
    }

    /// Positions of the episodes that take part, whatever may be missing there.
    ///
    /// # Errors
    /// [`crate::Error::Model`] where the table is not that of the study.
    pub fn sample(&self, episodes: &Table) -> Result<Vec<usize>> {
        let year = episodes.numbers("year")?;
        let usa = episodes.numbers("sender_usa")?;
        let issue = match self.issues {
            Issues::All => None,
            Issues::Security => Some("is_security"),
            Issues::Economic => Some("is_econ"),
            Issues::Rights => Some("is_hrts"),
        };
        let issue = issue.map(|column| self.readings.variable(column));
        let issue = issue.map(|column| episodes.numbers(column)).transpose()?;
        let (first, last) = (f64::from(self.years.0), f64::from(self.years.1));
        let takes_part = |row: &usize| {
            let sender = match self.senders {
                Senders::All => true,
                Senders::Usa => usa[*row] == 1.0,
                Senders::Others => usa[*row] == 0.0,
            };
            sender && (first..=last).contains(&year[*row]) && issue.is_none_or(|issue| issue[*row] == 1.0)
        };
        Ok((0..episodes.rows()).filter(takes_part).collect())
    }

    /// How the covariance is estimated of a model that was fitted to `table`.
    ///
    /// # Errors
    /// [`crate::Error::Model`] where the table lacks the columns of the clusters.
    pub fn covariance(&self, table: &Table) -> Result<Covariance> {
        Ok(match self.errors {
            Errors::Observed => Covariance::Observed,
            Errors::Hc0 => Covariance::Hc0,
            Errors::Hc1 => Covariance::Hc1,
            Errors::Robust => Covariance::Robust,
            Errors::Target | Errors::Sender | Errors::Dyad => match self.clusters(table)? {
                Some(clusters) => Covariance::Cluster(clusters),
                None => Covariance::Observed,
            },
        })
    }

    /// The clusters of the standard errors, where they are clustered; resamples are then of clusters too.
    ///
    /// # Errors
    /// As [`Specification::covariance`].
    pub fn clusters(&self, table: &Table) -> Result<Option<Clusters>> {
        let columns: &[&str] = match self.errors {
            Errors::Target => &["target"],
            Errors::Sender => &["sender"],
            Errors::Dyad => &["sender", "target"],
            _ => return Ok(None),
        };
        Ok(Some(Clusters::new(table, columns)?))
    }
}
