//! The rules of the ledger's claims, as functions of numbers: the ledger applies them to the study's models, the
//! multiverse to each of its specifications.
//!
//! A rule tells what the data say against a claim from what they do not say at all. It *holds* where the estimate is
//! what the study claims, or, where the claim is that something can be told from something else, the interval says so;
//! it is *contradicted* where the 95% interval excludes what the study claims; otherwise the data leave it
//! *undecided*.

use mlogit::order::quantile;
use serde::Serialize;

use crate::study::thesis::LEVEL;

/// What the data say to a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// It is as the study claims.
    Holds,
    /// The interval excludes what the study claims.
    Contradicted,
    /// Neither: what the study claims is possible, and so is something else.
    Undecided,
}

impl Finding {
    /// Of several things that are claimed together: contradicted where one is, undecided where one is and none is
    /// contradicted.
    pub(crate) fn all(findings: impl IntoIterator<Item = Finding>) -> Self {
        findings
            .into_iter()
            .fold(Finding::Holds, |so_far, one| match (so_far, one) {
                (Finding::Contradicted, _) | (_, Finding::Contradicted) => Finding::Contradicted,
                (Finding::Undecided, _) | (_, Finding::Undecided) => Finding::Undecided,
                _ => Finding::Holds,
            })
    }
}

/// A probability, or a difference of probabilities, with its 95% interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Measured {
    pub(crate) estimate: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Measured {
    /// Of what could not be measured nothing holds and nothing is contradicted.
    pub(crate) const NOTHING: Self = Measured {
        estimate: f64::NAN,
        low: f64::NAN,
        high: f64::NAN,
    };

    /// The same seen from the other side: b − a for a − b.
    pub(crate) fn reversed(self) -> Self {
        Measured {
            estimate: -self.estimate,
            low: -self.high,
            high: -self.low,
        }
    }

    /// Half of the interval's width.
    fn half_width(self) -> f64 {
        (self.high - self.low) / 2.0
    }
}

/// Whether a difference is above zero, below, or cannot be told from it: 1, -1, 0.
pub(crate) fn sign(estimate: f64, p_value: f64) -> i8 {
    match p_value < LEVEL {
        true if estimate > 0.0 => 1,
        true => -1,
        false => 0,
    }
}

/// That a probability lies between two values: the estimate does, or the interval excludes them all.
pub(crate) fn lies_between(one: Measured, (least, most): (f64, f64)) -> Finding {
    if (least..=most).contains(&one.estimate) {
        Finding::Holds
    } else if one.high < least || one.low > most {
        Finding::Contradicted
    } else {
        Finding::Undecided
    }
}

/// That a number is above zero: the interval lies above it, or below it.
pub(crate) fn above_zero(one: Measured) -> Finding {
    if one.low > 0.0 {
        Finding::Holds
    } else if one.high < 0.0 {
        Finding::Contradicted
    } else {
        Finding::Undecided
    }
}

/// That a number cannot be told from zero: the interval includes zero, or excludes it. A wide interval passes as well as
/// a number near zero: this is for what the study itself says of its intervals, not for a claim of no difference.
pub(crate) fn not_told_from_zero(one: Measured) -> Finding {
    if one.low <= 0.0 && one.high >= 0.0 {
        Finding::Holds
    } else if one.low > 0.0 || one.high < 0.0 {
        Finding::Contradicted
    } else {
        Finding::Undecided
    }
}

/// Differences of less than this many percentage points count as none.
pub(crate) const MARGIN: f64 = 0.1;

/// That there is no difference (h, o, p): the whole interval lies within the margin around zero, which it includes, or it
/// excludes zero.
pub(crate) fn no_difference(one: Measured) -> Finding {
    match not_told_from_zero(one) {
        Finding::Holds if one.low < -MARGIN || one.high > MARGIN => Finding::Undecided,
        finding => finding,
    }
}

/// (a) Where the probability should begin, at index 0, and where end, at index 1.
const FROM: (f64, f64) = (0.2, 0.4);
const TO: (f64, f64) = (f64::NEG_INFINITY, 0.1);

/// (a) Between 0.2 and 0.4 at index 0, and at most 0.1 at index 1.
pub(crate) fn falls_to_zero(first: Measured, last: Measured) -> Finding {
    Finding::all([lies_between(first, FROM), lies_between(last, TO)])
}

/// (b) Above this index no interval may lie above 0.
pub(crate) const HALF: f64 = 0.5;

/// (c) What is left after a fall by 60%.
const LEFT: f64 = 0.4;

/// (c) A fall by more than 60%: `last` is less than 40% of `first`, or surely is not. `fall` is the difference of the
/// two, which tells how they vary together.
pub(crate) fn falls_by_sixty(first: Measured, last: Measured, fall: Measured) -> Finding {
    let (from, to, difference) = (first.half_width(), last.half_width(), fall.half_width());
    // var(last − first) = var(last) + var(first) − 2 cov(first, last), and half widths are in proportion to standard
    // errors.
    let together = (to * to + from * from - difference * difference) / 2.0;
    let variance = to * to + LEFT * LEFT * from * from - 2.0 * LEFT * together;
    let half_width = libm::sqrt(variance.max(0.0));
    let estimate = last.estimate - LEFT * first.estimate;
    let too_much = Measured {
        estimate,
        low: estimate - half_width,
        high: estimate + half_width,
    };
    lies_between(too_much, (f64::NEG_INFINITY, 0.0))
}

/// (c) Whether two intervals overlap, which the study says of its own.
pub(crate) fn overlap(first: Measured, last: Measured) -> bool {
    first.low <= last.high && last.low <= first.high
}

/// (d) Where democracies and other autocracies should lie.
pub(crate) const OTHERS: (f64, f64) = (0.2, 0.4);
/// (e) Where personalists should lie.
pub(crate) const PERSONALISTS: (f64, f64) = (0.1, 0.2);

/// (d) Within the range, and told from 0.
pub(crate) fn differs_within(one: Measured, range: (f64, f64)) -> Finding {
    Finding::all([lies_between(one, range), above_zero(one)])
}

/// (g) Positive at the largest dependence, and not yet at the smallest; others minus personalists.
pub(crate) fn turns_positive(smallest: Measured, largest: Measured) -> Finding {
    match above_zero(smallest) {
        Finding::Holds => Finding::Contradicted,
        Finding::Contradicted | Finding::Undecided => above_zero(largest),
    }
}

/// (i, j, k) The claim, the control it is about, and whether that raises the probability of concession.
pub(crate) const CONTROLS: [(&str, &str, bool); 3] = [
    ("i", "cinc_ratio", true),
    ("j", "is_security", false),
    ("k", "past_success", true),
];

/// (i, j, k) In the direction claimed, and told from 0.
pub(crate) fn moves(one: Measured, raises: bool) -> Finding {
    above_zero(if raises { one } else { one.reversed() })
}

/// (i, j, k) Between which values a control moves: an indicator from 0 to 1, a measure from its 10th to its 90th
/// percentile.
pub(crate) fn ends(observed: &[f64]) -> (f64, f64) {
    if observed.iter().all(|value| *value == 0.0 || *value == 1.0) {
        (0.0, 1.0)
    } else {
        (quantile(observed, 0.1), quantile(observed, 0.9))
    }
}

/// (m, x) More than half, of things that are counted and not estimated.
pub(crate) fn more_than_half(part: f64, whole: f64) -> Finding {
    counted(part / whole > 0.5)
}

/// A number that has an interval of nothing is as claimed, or is not.
pub(crate) fn counted(as_claimed: bool) -> Finding {
    if as_claimed {
        Finding::Holds
    } else {
        Finding::Contradicted
    }
}

/// (v) How far a number may be from the study's, as a share of that.
const CLOSE: f64 = 0.1;

/// (v) Within a tenth of the study's number.
pub(crate) fn is_about(number: f64, study: f64) -> Finding {
    counted((number - study).abs() <= CLOSE * study.abs())
}

#[cfg(test)]
mod tests {
    use super::Finding::{Contradicted, Holds, Undecided};
    use super::*;

    fn measured(estimate: f64, low: f64, high: f64) -> Measured {
        Measured { estimate, low, high }
    }

    /// An estimate in the middle of its interval.
    fn about(estimate: f64, half_width: f64) -> Measured {
        measured(estimate, estimate - half_width, estimate + half_width)
    }

    #[test]
    fn of_several_findings_the_worst_counts() {
        assert_eq!(Finding::all([]), Holds);
        assert_eq!(Finding::all([Holds, Holds]), Holds);
        assert_eq!(Finding::all([Holds, Undecided]), Undecided);
        assert_eq!(Finding::all([Undecided, Holds]), Undecided);
        assert_eq!(Finding::all([Undecided, Contradicted, Holds]), Contradicted);
        assert_eq!(Finding::all([Contradicted, Undecided]), Contradicted);
    }

    #[test]
    fn what_could_not_be_measured_decides_nothing() {
        let nothing = Measured::NOTHING;
        assert_eq!(lies_between(nothing, OTHERS), Undecided);
        assert_eq!(above_zero(nothing), Undecided);
        assert_eq!(not_told_from_zero(nothing), Undecided);
        assert_eq!(no_difference(nothing), Undecided);
        assert_eq!(falls_by_sixty(nothing, nothing, nothing), Undecided);
        assert_eq!(moves(nothing, false), Undecided);
    }

    #[test]
    fn a_sign_needs_significance() {
        assert_eq!(
            [(0.1, 0.04), (-0.1, 0.04), (0.1, 0.05), (-0.1, 0.06)].map(|(estimate, p)| sign(estimate, p)),
            [1, -1, 0, 0]
        );
    }

    #[test]
    fn a_range_holds_by_the_estimate_and_is_contradicted_by_the_interval() {
        let range = (0.2, 0.4);
        assert_eq!(lies_between(about(0.2, 0.3), range), Holds);
        assert_eq!(lies_between(about(0.4, 0.3), range), Holds);
        assert_eq!(lies_between(about(0.19, 0.01), range), Undecided);
        assert_eq!(lies_between(measured(0.18, 0.1, 0.199), range), Contradicted);
        assert_eq!(lies_between(about(0.41, 0.02), range), Undecided);
        assert_eq!(lies_between(measured(0.45, 0.401, 0.5), range), Contradicted);
        // An interval that touches the range does not exclude it.
        assert_eq!(lies_between(measured(0.15, 0.1, 0.2), range), Undecided);
        assert_eq!(lies_between(measured(0.45, 0.4, 0.5), range), Undecided);
    }

    #[test]
    fn above_zero_is_where_the_whole_interval_is() {
        assert_eq!(above_zero(measured(0.2, 0.001, 0.4)), Holds);
        assert_eq!(above_zero(measured(0.2, 0.0, 0.4)), Undecided);
        assert_eq!(above_zero(measured(-0.2, -0.4, 0.0)), Undecided);
        assert_eq!(above_zero(measured(-0.2, -0.4, -0.001)), Contradicted);
    }

    #[test]
    fn what_cannot_be_told_from_zero_has_it_in_its_interval() {
        assert_eq!(not_told_from_zero(measured(0.1, 0.0, 0.2)), Holds);
        assert_eq!(not_told_from_zero(measured(-0.1, -0.2, 0.0)), Holds);
        assert_eq!(not_told_from_zero(measured(0.1, 0.001, 0.2)), Contradicted);
        assert_eq!(not_told_from_zero(measured(-0.1, -0.2, -0.001)), Contradicted);
    }

    #[test]
    fn no_difference_takes_an_interval_within_ten_points_around_zero() {
        assert_eq!(no_difference(measured(0.0, -0.1, 0.1)), Holds);
        assert_eq!(no_difference(measured(0.0, -0.101, 0.09)), Undecided);
        assert_eq!(no_difference(measured(0.0, -0.09, 0.101)), Undecided);
        assert_eq!(no_difference(about(0.0, 0.5)), Undecided);
        // However small a difference is, it is one where the interval excludes 0.
        assert_eq!(no_difference(measured(0.03, 0.01, 0.05)), Contradicted);
        assert_eq!(no_difference(measured(-0.3, -0.5, -0.1)), Contradicted);
    }

    #[test]
    fn a_is_about_both_ends() {
        let last = about(0.05, 0.1);
        assert_eq!(falls_to_zero(about(0.3, 0.1), last), Holds);
        assert_eq!(falls_to_zero(about(0.2, 0.1), about(0.1, 0.1)), Holds);
        assert_eq!(falls_to_zero(about(0.41, 0.05), last), Undecided);
        assert_eq!(falls_to_zero(about(0.3, 0.1), about(0.11, 0.1)), Undecided);
        assert_eq!(falls_to_zero(about(0.3, 0.1), about(0.25, 0.1)), Contradicted);
        assert_eq!(falls_to_zero(about(0.1, 0.05), last), Contradicted);
        // Below nothing is nearly nothing.
        assert_eq!(falls_to_zero(about(0.3, 0.1), about(-0.01, 0.001)), Holds);
    }

    #[test]
    fn c_is_about_sixty_percent_and_not_about_overlap() {
        let first = about(0.3, 0.05);
        let to = |last: f64, half_width: f64| {
            let last = about(last, half_width);
            // Independent of each other.
            let half_width = libm::hypot(first.half_width(), half_width);
            falls_by_sixty(first, last, about(last.estimate - first.estimate, half_width))
        };
        assert_eq!(to(0.119, 0.5), Holds);
        assert_eq!(to(0.119, 0.01), Holds, "intervals far apart");
        // 40% of 0.3 is 0.12, and the interval of what is too much is 0.0283 to either side.
        let half_width = libm::sqrt(0.02 * 0.02 + 0.4 * 0.4 * 0.05 * 0.05);
        assert_eq!(to(0.12 + half_width - 0.001, 0.02), Undecided);
        assert_eq!(to(0.12 + half_width + 0.001, 0.02), Contradicted);
        assert!(overlap(about(0.3, 0.1), about(0.1, 0.1)) && overlap(about(0.1, 0.1), about(0.3, 0.1)));
        assert!(!overlap(about(0.3, 0.09), about(0.1, 0.1)) && !overlap(about(0.1, 0.1), about(0.3, 0.09)));
    }

    #[test]
    fn intervals_that_touch_overlap() {
        let (first, last) = (measured(0.3, 0.2, 0.4), measured(0.1, 0.0, 0.2));
        assert!(overlap(first, last) && overlap(last, first));
    }

    #[test]
    fn c_heeds_that_both_ends_vary_together() {
        // Both of the same half width, and their difference of none: wholly together. What is too much then varies by
        // 1 − 0.4 of either.
        let (first, last) = (about(0.3, 0.1), about(0.17, 0.1));
        assert_eq!(falls_by_sixty(first, last, about(-0.13, 0.0)), Undecided);
        assert_eq!(
            falls_by_sixty(first, about(0.181, 0.1), about(-0.119, 0.0)),
            Contradicted
        );
    }

    #[test]
    fn d_wants_the_range_and_a_difference_from_zero() {
        assert_eq!(differs_within(about(0.3, 0.1), OTHERS), Holds);
        assert_eq!(differs_within(about(0.3, 0.3), OTHERS), Undecided);
        assert_eq!(differs_within(about(0.5, 0.2), OTHERS), Undecided);
        assert_eq!(differs_within(about(0.5, 0.05), OTHERS), Contradicted);
        assert_eq!((OTHERS, PERSONALISTS), ((0.2, 0.4), (0.1, 0.2)));
    }

    #[test]
    fn g_becomes_positive_and_was_not() {
        let (none, plus, minus) = (about(0.0, 0.1), about(0.2, 0.1), about(-0.2, 0.1));
        assert_eq!(turns_positive(none, plus), Holds);
        assert_eq!(turns_positive(minus, plus), Holds);
        assert_eq!(turns_positive(plus, plus), Contradicted);
        assert_eq!(turns_positive(none, minus), Contradicted);
        assert_eq!(turns_positive(none, none), Undecided);
        assert_eq!(turns_positive(plus, none), Contradicted);
    }

    #[test]
    fn a_control_moves_in_the_direction_claimed() {
        let (plus, minus, neither) = (about(0.2, 0.1), about(-0.2, 0.1), about(0.05, 0.1));
        assert_eq!(
            [plus, minus, neither].map(|one| moves(one, true)),
            [Holds, Contradicted, Undecided]
        );
        assert_eq!(
            [plus, minus, neither].map(|one| moves(one, false)),
            [Contradicted, Holds, Undecided]
        );
        let direction = |key: &str| {
            CONTROLS
                .iter()
                .find(|(known, ..)| *known == key)
                .map(|one| (one.1, one.2))
        };
        assert_eq!(direction("i"), Some(("cinc_ratio", true)));
        assert_eq!(direction("j"), Some(("is_security", false)));
        assert_eq!(direction("k"), Some(("past_success", true)));
    }

    #[test]
    fn an_indicator_moves_from_no_to_yes_and_a_measure_between_percentiles() {
        assert_eq!(ends(&[0.0, 1.0, 1.0, 1.0]), (0.0, 1.0));
        assert_eq!(ends(&[1.0, 1.0]), (0.0, 1.0));
        let measure: Vec<f64> = (0..=10).map(f64::from).collect();
        assert_eq!(ends(&measure), (1.0, 9.0));
    }

    #[test]
    fn what_is_counted_is_so_or_is_not() {
        assert_eq!(more_than_half(501.0, 1000.0), Holds);
        assert_eq!(more_than_half(500.0, 1000.0), Contradicted);
        assert_eq!(more_than_half(0.0, 0.0), Contradicted);
        assert_eq!([is_about(110.0, 100.0), is_about(90.0, 100.0)], [Holds; 2]);
        assert_eq!([is_about(110.1, 100.0), is_about(89.9, 100.0)], [Contradicted; 2]);
        assert_eq!(is_about(-100.0, 100.0), Contradicted);
    }
}
