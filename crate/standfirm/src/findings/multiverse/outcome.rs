//! What comes of one combination.

use mlogit::normal_p_value;
use serde::Serialize;

use crate::error::Error;
use crate::findings::effect::{MainEffect, WIDE};

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
    pub fn effect(&self) -> Option<MainEffect> {
        let (estimate, std_error) = self.estimate?;
        Some(MainEffect {
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

    pub(super) fn refused(n: usize, error: &Error) -> Self {
        Outcome {
            n,
            estimate: None,
            reason: Some(Reason::of(error)),
            judged: 0,
            holds: 0,
        }
    }
}
