//! The rules of the ledger's claims, as functions of numbers: the ledger applies them to the study's models, the
//! multiverse to each of its specifications.

use mlogit::order::quantile;

use crate::study::thesis::LEVEL;

/// A probability with its 95% interval.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chance {
    pub(crate) estimate: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

/// A difference of probabilities.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gap {
    pub(crate) estimate: f64,
    pub(crate) p_value: f64,
}

impl Gap {
    pub(crate) fn positive(self) -> bool {
        self.estimate > 0.0 && self.p_value < LEVEL
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

/// (a) Between 0.2 and 0.4 at index 0, and at most 0.1 at index 1.
pub(crate) fn falls_to_zero(first: Chance, last: Chance) -> bool {
    (0.2..=0.4).contains(&first.estimate) && last.estimate <= 0.1
}

/// (b) Above this index no interval may lie above 0.
pub(crate) const HALF: f64 = 0.5;

/// (b) The interval includes 0.
pub(crate) fn includes_zero(one: Chance) -> bool {
    one.low <= 0.0 && one.high >= 0.0
}

/// (c) Less than 40% of what it was, and the intervals overlap.
pub(crate) fn falls_by_sixty(first: Chance, last: Chance) -> bool {
    1.0 - last.estimate / first.estimate > 0.6 && overlap(first, last)
}

pub(crate) fn overlap(first: Chance, last: Chance) -> bool {
    first.low <= last.high && last.low <= first.high
}

/// (d) Where democracies and other autocracies should lie, told from 0.
pub(crate) const OTHERS: (f64, f64) = (0.2, 0.4);
/// (e) Where personalists should lie, not told from 0.
pub(crate) const PERSONALISTS: (f64, f64) = (0.1, 0.2);

/// (d, e) Within the range, and the interval lies above 0, or does not.
pub(crate) fn lies_within(one: Chance, range: (f64, f64), above_zero: bool) -> bool {
    (range.0..=range.1).contains(&one.estimate) && (one.low > 0.0) == above_zero
}

/// (g) Positive and significant at the largest dependence, and not at the smallest; others minus personalists.
pub(crate) fn turns_positive(smallest: Gap, largest: Gap) -> bool {
    largest.positive() && !smallest.positive()
}

/// (h) Not significant.
pub(crate) fn no_difference(gap: Gap) -> bool {
    gap.p_value >= LEVEL
}

/// (i, j, k) The claim, the control it is about, and whether that raises the probability of concession.
pub(crate) const CONTROLS: [(&str, &str, bool); 3] = [
    ("i", "cinc_ratio", true),
    ("j", "is_security", false),
    ("k", "past_success", true),
];

/// (i, j, k) Significant and in the direction claimed.
pub(crate) fn moves(gap: Gap, raises: bool) -> bool {
    (gap.estimate > 0.0) == raises && gap.p_value < LEVEL
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

/// (l) Below 0.
pub(crate) fn is_negative(coefficient: f64) -> bool {
    coefficient < 0.0
}
