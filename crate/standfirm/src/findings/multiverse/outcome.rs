//! What comes of one combination.

use mlogit::normal_p_value;
use serde::Serialize;

use crate::error::Error;
use crate::findings::effect::{MainEffect, WIDE};
use crate::findings::multiverse::dimensions::ERRORS;

/// What came of a combination.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// Episodes that were used.
    pub n: usize,
    /// Personalist minus other, where it could be estimated.
    pub estimate: Option<Estimated>,
    /// Why it could not.
    pub reason: Option<Reason>,
    /// Which of [`JUDGED`] could be judged, as bits.
    pub judged: u32,
    /// Which of them hold, as bits.
    pub holds: u32,
}

/// Personalist minus other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimated {
    /// The difference.
    pub estimate: f64,
    /// Its standard error by each of [`ERRORS`].
    pub std_errors: [f64; ERRORS.len()],
    /// Whether a control predicts an outcome without error: its coefficient has no finite estimate, and this is no ordinary
    /// one.
    pub separated: bool,
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

impl Estimated {
    const NONE: Self = Estimated {
        estimate: f64::NAN,
        std_errors: [f64::NAN; ERRORS.len()],
        separated: false,
    };

    /// The difference with its interval by one of [`ERRORS`]; no number where there are not so many.
    #[must_use]
    pub fn effect(&self, errors: usize) -> MainEffect {
        let (estimate, std_error) = (
            self.estimate,
            self.std_errors.get(errors).copied().unwrap_or(f64::NAN),
        );
        MainEffect {
            estimate,
            std_error,
            p_value: normal_p_value(estimate / std_error),
            conf_low: estimate - WIDE * std_error,
            conf_high: estimate + WIDE * std_error,
        }
    }
}

impl Outcome {
    /// Numbers that an outcome is passed on as.
    pub const WIDTH: usize = 6 + ERRORS.len();

    /// Personalist minus other, with its interval by the study's standard errors. Those that a control separates are among
    /// them: see [`Outcome::ordinary`].
    #[must_use]
    pub fn effect(&self) -> Option<MainEffect> {
        self.estimate.map(|one| one.effect(0))
    }

    /// The estimate, where every coefficient has a finite one.
    #[must_use]
    pub fn ordinary(&self) -> Option<Estimated> {
        self.estimate.filter(|one| !one.separated)
    }

    /// As numbers, to be passed between workers.
    #[must_use]
    pub fn numbers(&self) -> [f64; Self::WIDTH] {
        let Estimated {
            estimate,
            std_errors: [observed, robust, target, dyad],
            separated,
        } = self.estimate.unwrap_or(Estimated::NONE);
        let reason = self
            .reason
            .and_then(|reason| Reason::ALL.iter().position(|known| *known == reason));
        [
            self.n as f64,
            estimate,
            observed,
            robust,
            target,
            dyad,
            f64::from(u8::from(separated)),
            reason.map_or(-1.0, |position| position as f64),
            f64::from(self.judged),
            f64::from(self.holds),
        ]
    }

    /// From those numbers; `None` where they are not what [`Outcome::numbers`] gives.
    #[must_use]
    pub fn from_numbers(numbers: &[f64]) -> Option<Self> {
        let &[
            n,
            estimate,
            observed,
            robust,
            target,
            dyad,
            separated,
            reason,
            judged,
            holds,
        ] = numbers
        else {
            return None;
        };
        let reason = if reason < 0.0 {
            None
        } else {
            Some(*Reason::ALL.get(reason as usize)?)
        };
        let estimated = estimate.is_finite() && observed.is_finite();
        let whole = n.is_finite() && estimated != reason.is_some();
        whole.then_some(Outcome {
            n: n as usize,
            estimate: estimated.then_some(Estimated {
                estimate,
                std_errors: [observed, robust, target, dyad],
                separated: separated == 1.0,
            }),
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
