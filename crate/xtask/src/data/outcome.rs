//! What a threat ended in.

use super::ties::Case;

/// The three ways a threat can end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The target yields before any sanction is imposed.
    Concession,
    /// The sender imposes sanctions.
    Imposition,
    /// Neither.
    Standoff,
}

impl Outcome {
    /// The level's name in the table.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Concession => "concession",
            Self::Imposition => "imposition",
            Self::Standoff => "standoff",
        }
    }
}

/// Where a settlement negotiated before any imposition belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Settlement {
    /// It is a concession.
    Concession,
    /// The strict reading: neither side yielded.
    Standoff,
}

/// The outcome of `case`. The final outcome wins where it contradicts the imposition.
pub(super) fn outcome(case: &Case, settlement: Settlement) -> Option<Outcome> {
    match (case.finaloutcome, settlement) {
        (Some(1 | 2), _) | (Some(5), Settlement::Concession) => Some(Outcome::Concession),
        (Some(3 | 4), _) | (Some(5), Settlement::Standoff) => Some(Outcome::Standoff),
        (Some(_), _) => Some(Outcome::Imposition),
        (None, _) => case.imposition.then_some(Outcome::Imposition),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(finaloutcome: Option<u8>, imposition: bool) -> Option<Outcome> {
        outcome(
            &Case {
                finaloutcome,
                imposition,
                ..Case::default()
            },
            Settlement::Concession,
        )
    }

    #[test]
    fn every_code() {
        use Outcome::{Concession, Imposition, Standoff};
        let expected = [
            Concession, Concession, Standoff, Standoff, Concession, Imposition, Imposition, Imposition,
            Imposition, Imposition,
        ];
        for (code, expected) in (1..).zip(expected) {
            assert_eq!(of(Some(code), code > 5), Some(expected), "{code}");
        }
    }

    #[test]
    fn the_final_outcome_wins_over_a_contradicting_imposition() {
        assert_eq!(of(Some(3), true), Some(Outcome::Standoff));
        assert_eq!(of(Some(7), false), Some(Outcome::Imposition));
    }

    #[test]
    fn without_a_final_outcome_only_an_imposition_is_known() {
        assert_eq!(of(None, true), Some(Outcome::Imposition));
        assert_eq!(of(None, false), None);
    }

    #[test]
    fn strictly_a_settlement_is_a_standoff() {
        let strict = |code| {
            outcome(
                &Case {
                    finaloutcome: Some(code),
                    ..Case::default()
                },
                Settlement::Standoff,
            )
        };
        assert_eq!(strict(5), Some(Outcome::Standoff));
        assert_eq!(strict(2), Some(Outcome::Concession));
        assert_eq!(strict(10), Some(Outcome::Imposition));
    }
}
