//! The multiverse: the study's question put to every combination of choices that can be defended.
//!
//! The choices are data ([`DIMENSIONS`]). Each combination is fitted and asked for one [`effect`](crate::effect): how
//! much likelier a personalist target concedes than another where dependence is high (the 90th percentile of the
//! episodes it uses), averaged over the observed values; and each claim of the ledger that can be judged within one
//! combination is judged by the ledger's own rule. A combination that cannot be estimated keeps its place, with the
//! reason.
//!
//! Work comes in pieces of which every result depends on nothing else, so that any number of workers gives the same
//! bits in the same order. (Specification curves: Simonsohn, Simmons & Nelson 2020, Nature Human Behaviour 4;
//! multiverses: Steegen, Tuerlinckx, Gelman & Vanpaemel 2016, Perspectives on Psychological Science 11.)
//!
//! ```
//! use standfirm::multiverse::Multiverse;
//!
//! # fn main() -> standfirm::Result<()> {
//! let multiverse = Multiverse::new()?;
//! let episodes = standfirm::episodes()?;
//! let outcomes = multiverse.run(0, &episodes)?;
//! assert_eq!(outcomes.len(), multiverse.piece(0).len());
//! // The first of all is the study's own first model.
//! assert!(outcomes[0].effect().is_some_and(|effect| effect.estimate < 0.0));
//! # Ok(())
//! # }
//! ```

mod dimensions;
mod judge;
mod summary;
mod table;

use std::ops::Range;

use mlogit::{Table, normal_p_value};
use serde::Serialize;

pub use dimensions::{Alternative, DIMENSIONS, Dimension};
pub use judge::JUDGED;
pub use summary::{ClaimShare, DimensionMoves, ReasonCount, Summary, thousands};
pub use table::{about, choices, csv, keys};

use crate::effect::Effect;
use crate::study::Model;
use crate::{Error, Result, Specification};
use dimensions::CELLS;

/// The standard normal's quantile of 95% intervals.
pub(crate) const WIDE: f64 = 1.959_963_984_540_054;

/// A combination of alternatives: the position of one in each dimension.
pub type Combination = Vec<usize>;

/// Every combination of the study's choices, in one order.
#[derive(Debug, Clone)]
pub struct Multiverse {
    combinations: Vec<Combination>,
    /// Where each piece of work begins, and where the last ends.
    edges: Vec<usize>,
}

/// A choice made in one way, to look at the combinations that make it so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Only {
    /// Position of the dimension.
    pub dimension: usize,
    /// Position of the alternative in it.
    pub alternative: usize,
}

impl Only {
    /// Each of them, with its key (`sample.usa`) and words for it.
    pub fn all() -> impl Iterator<Item = (Self, String, String)> {
        DIMENSIONS.iter().enumerate().flat_map(|(dimension, one)| {
            one.alternatives
                .iter()
                .enumerate()
                .map(move |(alternative, way)| {
                    let only = Only {
                        dimension,
                        alternative,
                    };
                    (
                        only,
                        format!("{}.{}", one.key, way.key),
                        format!("{}: {}", one.label, way.label),
                    )
                })
        })
    }

    /// The one with this key; all combinations where there is none of it.
    #[must_use]
    pub fn find(key: &str) -> Option<Self> {
        Self::all()
            .find(|(_, known, _)| known == key)
            .map(|(only, ..)| only)
    }
}

/// What came of a combination.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// Episodes that were used.
    pub n: usize,
    /// Personalist minus other, where it could be estimated.
    pub estimate: Option<(f64, f64)>,
    /// Why it could not.
    pub reason: Option<Reason>,
    /// Which of [`JUDGED`] could be judged, as bits.
    pub judged: u32,
    /// Which of them hold, as bits.
    pub holds: u32,
}

/// Why a combination cannot be estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Too few targets of a kind that is compared.
    FewTargets,
    /// Regime or dependence predict an outcome without error.
    Separated,
    /// An outcome that no episode has.
    UnseenOutcome,
    /// Fewer episodes than coefficients, or none.
    FewEpisodes,
    /// Terms that cannot be told apart.
    Collinear,
    /// The maximum was not found.
    NotConverged,
    /// Something else.
    Other,
}

impl Reason {
    /// Each of them.
    pub const ALL: [Self; 7] = [
        Self::FewTargets,
        Self::Separated,
        Self::UnseenOutcome,
        Self::FewEpisodes,
        Self::Collinear,
        Self::NotConverged,
        Self::Other,
    ];

    /// Words for it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::FewTargets => "too few targets of a kind that is compared",
            Self::Separated => "regime or dependence predict an outcome without error",
            Self::UnseenOutcome => "an outcome that no threat ended in",
            Self::FewEpisodes => "fewer threats than coefficients",
            Self::Collinear => "terms that cannot be told apart",
            Self::NotConverged => "no maximum found",
            Self::Other => "another reason",
        }
    }

    fn of(error: &Error) -> Self {
        use mlogit::Error as Model;
        match error {
            Error::FewTargets { .. } => Self::FewTargets,
            Error::Separated { .. } | Error::Model(Model::Separation { .. }) => Self::Separated,
            Error::UnseenOutcome { .. } | Error::Model(Model::OneOutcome { .. }) => Self::UnseenOutcome,
            Error::EmptySample | Error::Model(Model::NoCompleteRow { .. } | Model::TooFewRows { .. }) => {
                Self::FewEpisodes
            }
            Error::Model(Model::Collinear { .. } | Model::Constant { .. } | Model::OneLevel { .. }) => {
                Self::Collinear
            }
            Error::Model(Model::NoConvergence { .. } | Model::Singular) => Self::NotConverged,
            _ => Self::Other,
        }
    }
}

impl Outcome {
    /// Numbers that an outcome is passed on as.
    pub const WIDTH: usize = 6;

    /// Personalist minus other, with its interval.
    #[must_use]
    pub fn effect(&self) -> Option<Effect> {
        let (estimate, std_error) = self.estimate?;
        Some(Effect {
            estimate,
            std_error,
            p_value: normal_p_value(estimate / std_error),
            conf_low: estimate - WIDE * std_error,
            conf_high: estimate + WIDE * std_error,
        })
    }

    /// As numbers, to be passed between workers.
    #[must_use]
    pub fn numbers(&self) -> [f64; Self::WIDTH] {
        let (estimate, std_error) = self.estimate.unwrap_or((f64::NAN, f64::NAN));
        let reason = self
            .reason
            .and_then(|reason| Reason::ALL.iter().position(|known| *known == reason));
        [
            self.n as f64,
            estimate,
            std_error,
            reason.map_or(-1.0, |position| position as f64),
            f64::from(self.judged),
            f64::from(self.holds),
        ]
    }

    /// From those numbers; `None` where they are not what [`Outcome::numbers`] gives.
    #[must_use]
    pub fn from_numbers(numbers: &[f64]) -> Option<Self> {
        let &[n, estimate, std_error, reason, judged, holds] = numbers else {
            return None;
        };
        let reason = if reason < 0.0 {
            None
        } else {
            Some(*Reason::ALL.get(reason as usize)?)
        };
        let estimated = estimate.is_finite() && std_error.is_finite();
        let whole = n.is_finite() && estimated != reason.is_some();
        whole.then_some(Outcome {
            n: n as usize,
            estimate: estimated.then_some((estimate, std_error)),
            reason,
            judged: judged as u32,
            holds: holds as u32,
        })
    }

    fn refused(n: usize, error: &Error) -> Self {
        Outcome {
            n,
            estimate: None,
            reason: Some(Reason::of(error)),
            judged: 0,
            holds: 0,
        }
    }
}

impl Multiverse {
    /// Every combination of [`DIMENSIONS`] that makes sense.
    ///
    /// # Errors
    /// Where an alternative sets what there is not: never for the dimensions this was built with.
    pub fn new() -> Result<Self> {
        let mut multiverse = Multiverse {
            combinations: Vec::new(),
            edges: Vec::new(),
        };
        let mut at = vec![0; DIMENSIONS.len()];
        loop {
            // A measure without a year before is in no other way the same model.
            let (specification, model) = multiverse.meant(&at)?;
            let twice =
                specification.lag != crate::specification::Lag::default() && model.dependence.lag.is_none();
            if !twice {
                let last = multiverse.combinations.last();
                if last.is_none_or(|last| last[..CELLS] != at[..CELLS]) {
                    multiverse.edges.push(multiverse.combinations.len());
                }
                multiverse.combinations.push(at.clone());
            }
            // The last dimension varies fastest.
            let next = (0..at.len())
                .rev()
                .find(|dimension| at[*dimension] + 1 < DIMENSIONS[*dimension].alternatives.len());
            let Some(dimension) = next else { break };
            at[dimension] += 1;
            at[dimension + 1..].fill(0);
        }
        multiverse.edges.push(multiverse.combinations.len());
        Ok(multiverse)
    }

    /// Number of combinations.
    #[must_use]
    pub fn len(&self) -> usize {
        self.combinations.len()
    }

    /// Whether there is none; never so.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.combinations.is_empty()
    }

    /// Number of pieces of work.
    #[must_use]
    pub fn pieces(&self) -> usize {
        self.edges.len() - 1
    }

    /// Positions of a piece's combinations; empty where there is no such piece.
    #[must_use]
    pub fn piece(&self, piece: usize) -> Range<usize> {
        match self.edges.get(piece..piece + 2) {
            Some([from, to]) => *from..*to,
            _ => 0..0,
        }
    }

    /// The combinations, in their order.
    #[must_use]
    pub fn combinations(&self) -> &[Combination] {
        &self.combinations
    }

    /// The combination in the `position`th place.
    ///
    /// # Errors
    /// [`Error::Unknown`] where there are not so many.
    pub fn combination(&self, position: usize) -> Result<&[usize]> {
        let found = self.combinations.get(position).map(Vec::as_slice);
        found.ok_or_else(|| Error::Unknown {
            kind: "combination",
            name: position.to_string(),
            known: vec![format!("0 to {}", self.len() - 1)],
        })
    }

    /// The same outcomes, but only those in which a choice was made as said; the others are missing.
    #[must_use]
    pub fn only(&self, outcomes: &[Option<Outcome>], only: Option<Only>) -> Vec<Option<Outcome>> {
        let made = |combination: &Combination| {
            only.is_none_or(|one| combination.get(one.dimension) == Some(&one.alternative))
        };
        let pairs = self.combinations.iter().zip(outcomes);
        pairs
            .map(|(combination, outcome)| outcome.filter(|_| made(combination)))
            .collect()
    }

    /// What a combination means: a specification, and the model of the study.
    ///
    /// # Errors
    /// As [`Multiverse::new`].
    pub fn meant(&self, combination: &[usize]) -> Result<(Specification, Model)> {
        let mut specification = Specification::default();
        let (mut explanation, mut dependence) = ("", "");
        for (dimension, position) in DIMENSIONS.iter().zip(combination) {
            for (key, value) in dimension.alternatives[*position].sets {
                match *key {
                    "explanation" => explanation = value,
                    "dependence" => dependence = value,
                    key => specification = specification.with(key, value)?,
                }
            }
        }
        let model = specification.find(&format!("{explanation}:{dependence}"))?;
        Ok((specification, model))
    }

    /// A combination in words, one for each dimension.
    #[must_use]
    pub fn words(&self, combination: &[usize]) -> Vec<(&'static str, &'static str)> {
        let pairs = DIMENSIONS.iter().zip(combination);
        pairs
            .map(|(dimension, position)| (dimension.label, dimension.alternatives[*position].label))
            .collect()
    }

    /// Fits the combinations of a piece.
    ///
    /// # Errors
    /// Where the table is not that of the study; a combination that cannot be estimated is an [`Outcome`], no error.
    pub fn run(&self, piece: usize, episodes: &Table) -> Result<Vec<Outcome>> {
        let range = self.piece(piece);
        let mut outcomes = Vec::with_capacity(range.len());
        // Combinations that differ in their standard errors alone share a fit.
        let errors = DIMENSIONS.len() - 1;
        for group in self.combinations[range].chunk_by(|a, b| a[..errors] == b[..errors]) {
            let specified = group
                .iter()
                .map(|combination| self.meant(combination))
                .collect::<Result<Vec<_>>>()?;
            outcomes.extend(judge::judge(&specified, episodes)?);
        }
        Ok(outcomes)
    }
}

/// Whether the study itself made these choices: the index as it came or regime types, any of its measures, all else the
/// first there is.
#[must_use]
pub fn is_study(combination: &[usize]) -> bool {
    let pairs = DIMENSIONS.iter().zip(combination);
    let mut own = pairs.map(|(dimension, position)| match dimension.key {
        "measure" => true,
        "regime" => dimension.alternatives[*position].key != "carried",
        _ => *position == 0,
    });
    own.all(|own| own)
}

const _: () = assert!(CELLS < DIMENSIONS.len());
