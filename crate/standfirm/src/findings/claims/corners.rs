//! The four corners of the study's argument: personalists and others, without trade and at high dependence.
//!
//! A difference between two corners has its standard error from the model; that of a difference of differences follows
//! from those of all six: 2 cov(a − b, c − d) = var(a − d) + var(b − c) − var(a − c) − var(b − d), which is true of
//! pooled and of simulated variances as well.

use mlogit::At;

use crate::error::Result;
use crate::findings::rules::Measured;
use crate::fitting::fitted::Fitted;
use crate::study::Values;
use crate::study::thesis::STUDY;

/// Others, by the index.
pub(super) const INDEX_0: &str = "Index 0";
/// Kinds of targets by the index, personalist first, as the checks name them.
const BY_INDEX: [(&str, f64); 2] = [("Index 1", 1.0), (INDEX_0, 0.0)];

/// Average probabilities of concession in the corners, through their differences.
pub(super) struct Corners {
    /// Personalist first.
    kinds: Vec<&'static str>,
    /// By pair of corners, the first minus the second.
    differences: Vec<((usize, usize), Difference)>,
}

/// A difference of probabilities, or of such differences.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Difference {
    estimate: f64,
    std_error: f64,
    /// The interval's ends.
    low: f64,
    high: f64,
}

impl Difference {
    pub(super) fn measured(&self) -> Measured {
        Measured {
            estimate: self.estimate,
            low: self.low,
            high: self.high,
        }
    }

    fn reversed(self) -> Self {
        Difference {
            estimate: -self.estimate,
            std_error: self.std_error,
            low: -self.high,
            high: -self.low,
        }
    }

    fn variance(self) -> f64 {
        self.std_error * self.std_error
    }
}

impl Corners {
    pub(super) fn new(fitted: &Fitted) -> Result<Self> {
        let model = &fitted.model;
        let variable = model.explanation.variable;
        let at = |dependence: f64| At::observed().with(model.term(), dependence);
        let (mut kinds, mut settings) = (Vec::new(), Vec::new());
        for dependence in [fitted.report.high_dependence, 0.0] {
            match model.explanation.values {
                Values::UnitInterval { .. } => {
                    kinds = BY_INDEX.iter().map(|(kind, _)| *kind).collect();
                    settings.extend(BY_INDEX.map(|(_, index)| at(dependence).with(variable, index)));
                }
                Values::Levels(levels) => {
                    kinds = levels.to_vec();
                    settings.extend(levels.iter().map(|level| at(dependence).with(variable, *level)));
                }
            }
        }
        let count = settings.len();
        let pairs: Vec<_> = (0..count)
            .flat_map(|to| (to + 1..count).map(move |from| (from, to)))
            .collect();
        let comparisons = fitted.estimate.predict(&settings, &pairs)?.comparisons;
        let focus = comparisons.iter().filter(|one| one.outcome == STUDY.focus);
        let differences = pairs.iter().zip(focus).map(|(&(from, to), one)| {
            let difference = Difference {
                estimate: one.estimate,
                std_error: one.std_error,
                low: one.conf_low,
                high: one.conf_high,
            };
            ((to, from), difference)
        });
        Ok(Corners {
            kinds,
            differences: differences.collect(),
        })
    }

    /// The kinds of targets, and whether they are personalist.
    pub(super) fn kinds(&self) -> impl Iterator<Item = (&'static str, bool)> {
        self.kinds
            .iter()
            .enumerate()
            .map(|(position, kind)| (*kind, position == 0))
    }

    /// Probability in one corner minus that in another.
    fn difference(&self, a: usize, b: usize) -> Option<Difference> {
        let known = |a, b| {
            let found = self.differences.iter().find(|(pair, _)| *pair == (a, b));
            found.map(|(_, difference)| *difference)
        };
        known(a, b).or_else(|| known(b, a).map(Difference::reversed))
    }

    /// The corner of a kind at high dependence, and without trade.
    fn corner(&self, kind: &str) -> Option<(usize, usize)> {
        let position = self.kinds.iter().position(|known| *known == kind)?;
        Some((position, position + self.kinds.len()))
    }

    /// One kind minus another at high dependence.
    pub(super) fn at_high(&self, kind: &str, other: &str) -> Option<Difference> {
        self.difference(self.corner(kind)?.0, self.corner(other)?.0)
    }

    /// A kind at high dependence minus the same without trade.
    pub(super) fn rise(&self, kind: &str) -> Option<Difference> {
        let (high, none) = self.corner(kind)?;
        self.difference(high, none)
    }

    /// How much more a kind rises than personalists do.
    pub(super) fn second_difference(&self, kind: &str) -> Option<Difference> {
        let (high, none) = self.corner(kind)?;
        let (personalist_high, personalist_none) = self.corner(self.kinds.first()?)?;
        let variance = |a, b| self.difference(a, b).map(Difference::variance);
        let over_at_high = self.difference(high, personalist_high)?;
        let over_at_none = self.difference(none, personalist_none)?;
        let twice_together = variance(high, personalist_none)? + variance(personalist_high, none)?
            - variance(high, none)?
            - variance(personalist_high, personalist_none)?;
        let variance = over_at_high.variance() + over_at_none.variance() - twice_together;
        let std_error = libm::sqrt(variance.max(0.0));
        let estimate = over_at_high.estimate - over_at_none.estimate;
        // As many standard errors as the model's own intervals have.
        let half_width = std_error * (over_at_high.high - over_at_high.low) / (2.0 * over_at_high.std_error);
        Some(Difference {
            estimate,
            std_error,
            low: estimate - half_width,
            high: estimate + half_width,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Corners that are independent of each other: each pair's variance is the sum of two.
    fn corners(kinds: &[&'static str], chances: &[f64], variances: &[f64]) -> Corners {
        let count = chances.len();
        let mut differences = Vec::new();
        for a in 0..count {
            for b in a + 1..count {
                let estimate = chances[a] - chances[b];
                let std_error = libm::sqrt(variances[a] + variances[b]);
                let difference = Difference {
                    estimate,
                    std_error,
                    low: estimate - 2.0 * std_error,
                    high: estimate + 2.0 * std_error,
                };
                differences.push(((a, b), difference));
            }
        }
        Corners {
            kinds: kinds.to_vec(),
            differences,
        }
    }

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-12, "{a} and {b}");
    }

    #[test]
    fn variances_of_independent_corners_add_up() {
        let variances = [0.01, 0.02, 0.03, 0.04];
        let corners = corners(
            &["personalist", "democracy"],
            &[0.15, 0.35, 0.1, 0.05],
            &variances,
        );
        let one = corners.second_difference("democracy").unwrap();
        // (0.35 − 0.15) − (0.05 − 0.1)
        close(one.estimate, 0.25);
        close(one.std_error, libm::sqrt(0.1));
        close(one.low, 0.25 - 2.0 * libm::sqrt(0.1));
        close(one.high, 0.25 + 2.0 * libm::sqrt(0.1));
    }

    #[test]
    fn what_corners_share_does_not_count_twice() {
        // Each kind is the same number at both levels, so that nothing varies between them.
        let mut corners = corners(&["personalist", "democracy"], &[0.1, 0.3, 0.1, 0.3], &[0.0; 4]);
        for ((a, b), difference) in &mut corners.differences {
            // Personalists 0.01, democracies 0.03, wholly together within a kind.
            let same_kind = (*a % 2) == (*b % 2);
            difference.std_error = if same_kind { 0.0 } else { 0.2 };
            (difference.low, difference.high) = (difference.estimate - 0.4, difference.estimate + 0.4);
        }
        let one = corners.second_difference("democracy").unwrap();
        close(one.estimate, 0.0);
        close(one.std_error, 0.0);
    }

    #[test]
    fn rises_and_differences_have_their_direction() {
        let kinds = ["personalist", "nonpersonalist", "democracy"];
        let corners = corners(&kinds, &[0.15, 0.3, 0.4, 0.14, 0.1, 0.05], &[0.01; 6]);
        close(corners.rise("democracy").unwrap().estimate, 0.35);
        close(corners.rise("personalist").unwrap().estimate, 0.01);
        let alike = corners.at_high("nonpersonalist", "democracy").unwrap();
        close(alike.estimate, -0.1);
        let other = corners.at_high("democracy", "nonpersonalist").unwrap();
        assert_eq!(other.measured(), alike.measured().reversed());
        assert!(corners.rise("monarchy").is_none() && corners.second_difference("monarchy").is_none());
        let personalist: Vec<_> = corners.kinds().filter(|(_, is)| *is).collect();
        assert_eq!(personalist, [("personalist", true)]);
    }
}
