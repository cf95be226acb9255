//! What a multiverse says as a whole.

use std::cmp::Reverse;

use mlogit::order::{self, quantile};
use report::words::{percent, points, thousands};
use serde::Serialize;

use crate::findings::claims::claims;
use crate::findings::effect::MainEffect;
use crate::findings::multiverse::Multiverse;
use crate::findings::multiverse::dimensions::DIMENSIONS;
use crate::findings::multiverse::judge::JUDGED;
use crate::findings::multiverse::outcome::{Outcome, Reason};

/// What a multiverse says as a whole. Combinations that are not there yet do not count.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// Combinations that were tried.
    pub tried: usize,
    /// Of those, how many could be estimated.
    pub estimated: usize,
    /// Why the others could not, the most frequent reason first.
    pub refused: Vec<ReasonCount>,
    /// Median effect: personalist minus other at high dependence.
    pub median: f64,
    /// The effect of the study's own first model.
    pub study: Option<f64>,
    /// Share of the estimated with the sign the study claims: below 0.
    pub negative: f64,
    /// Share of the estimated whose 95% interval lies below 0.
    pub significantly_negative: f64,
    /// Share of the estimated whose 95% interval lies above 0.
    pub significantly_positive: f64,
    /// For each claim, in how many combinations it holds.
    pub claims: Vec<ClaimShare>,
    /// What each choice moves, the one that moves most first.
    pub moves: Vec<DimensionMoves>,
    /// All of this in sentences.
    pub sentences: Vec<String>,
}

/// A reason, and how often it is one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReasonCount {
    /// The reason.
    pub reason: Reason,
    /// Words for it.
    pub label: &'static str,
    /// Combinations that cannot be estimated for it.
    pub combinations: usize,
}

/// A claim of the ledger in the multiverse.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClaimShare {
    /// Its key in the ledger.
    pub key: &'static str,
    /// The claim.
    pub claim: &'static str,
    /// Combinations in which it can be judged.
    pub judged: usize,
    /// Of those, in how many it holds.
    pub holds: usize,
}

/// What a choice moves.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DimensionMoves {
    /// The dimension's key.
    pub key: &'static str,
    /// Words for it.
    pub label: &'static str,
    /// Mean absolute difference of the effect between two combinations that differ in this choice alone.
    pub mean_change: f64,
    /// Such pairs, both estimated.
    pub pairs: usize,
    /// Share of the pairs in which one interval excludes 0 and the other does not.
    pub verdict_changes: f64,
}

impl Multiverse {
    /// Sums up outcomes, in the order of the combinations; `None` for those that are not there yet.
    #[must_use]
    pub fn summary(&self, outcomes: &[Option<Outcome>]) -> Summary {
        let tried = || outcomes.iter().flatten();
        let mut effects: Vec<f64> = Vec::new();
        let (mut below, mut above) = (0, 0);
        for effect in tried().filter_map(Outcome::effect) {
            effects.push(effect.estimate);
            below += usize::from(effect.conf_high < 0.0);
            above += usize::from(effect.conf_low > 0.0);
        }
        let negative = effects.iter().filter(|effect| **effect < 0.0).count();
        let estimated = effects.len();
        let share = |count: usize| count as f64 / estimated as f64;
        let mut refused: Vec<ReasonCount> = Reason::ALL
            .into_iter()
            .map(|reason| ReasonCount {
                reason,
                label: reason.label(),
                combinations: tried().filter(|one| one.reason == Some(reason)).count(),
            })
            .filter(|one| one.combinations > 0)
            .collect();
        order::by_key(&mut refused, |one| Reverse(one.combinations));
        let study = outcomes.first().copied().flatten().and_then(|one| one.effect());
        let mut summary = Summary {
            tried: tried().count(),
            estimated,
            refused,
            median: quantile(&effects, 0.5),
            study: study.map(|effect| effect.estimate),
            negative: share(negative),
            significantly_negative: share(below),
            significantly_positive: share(above),
            claims: claim_shares(outcomes),
            moves: self.moves(outcomes),
            sentences: Vec::new(),
        };
        summary.sentences = summary.in_sentences();
        summary
    }

    /// What each choice moves: every two combinations that differ in it alone are compared.
    fn moves(&self, outcomes: &[Option<Outcome>]) -> Vec<DimensionMoves> {
        let effect = |position: usize| outcomes.get(position).copied().flatten()?.effect();
        let decided = |effect: &MainEffect| effect.conf_low > 0.0 || effect.conf_high < 0.0;
        let mut moves: Vec<DimensionMoves> = DIMENSIONS
            .iter()
            .enumerate()
            .map(|(dimension, one)| {
                let (mut sum, mut pairs, mut changes) = (0.0, 0_usize, 0_usize);
                for (position, combination) in self.combinations().iter().enumerate() {
                    let Some(here) = effect(position) else { continue };
                    let mut other = combination.clone();
                    for alternative in combination[dimension] + 1..one.alternatives.len() {
                        other[dimension] = alternative;
                        // Combinations stand in the order of their numbers.
                        let there = self.combinations().binary_search(&other).ok().and_then(effect);
                        let Some(there) = there else { continue };
                        sum += (here.estimate - there.estimate).abs();
                        pairs += 1;
                        changes += usize::from(decided(&here) != decided(&there));
                    }
                }
                DimensionMoves {
                    key: one.key,
                    label: one.label,
                    mean_change: sum / pairs as f64,
                    pairs,
                    verdict_changes: changes as f64 / pairs as f64,
                }
            })
            .collect();
        moves.retain(|one| one.pairs > 0);
        order::by(&mut moves, |a, b| b.mean_change.total_cmp(&a.mean_change));
        moves
    }
}

fn claim_shares(outcomes: &[Option<Outcome>]) -> Vec<ClaimShare> {
    JUDGED
        .iter()
        .enumerate()
        .filter_map(|(bit, key)| {
            let (key, claim) = claims().find(|(known, _)| known == key)?;
            let with = |bits: fn(&Outcome) -> u32| {
                let set = outcomes.iter().flatten().filter(|one| bits(one) >> bit & 1 == 1);
                set.count()
            };
            Some(ClaimShare {
                key,
                claim,
                judged: with(|one| one.judged),
                holds: with(|one| one.holds),
            })
        })
        .collect()
}

impl Summary {
    fn in_sentences(&self) -> Vec<String> {
        if self.estimated == 0 {
            return vec!["No combination could be estimated.".to_owned()];
        }
        let mut sentences = vec![format!(
            "Of {} combinations that could be estimated, {} find personalists less likely to concede at high \
             dependence; the median difference is {} points.",
            thousands(self.estimated),
            percent(self.negative),
            points(self.median),
        )];
        sentences.push(format!(
            "In {} the 95% interval lies below 0, as the study has it; in {} it lies above 0.",
            percent(self.significantly_negative),
            percent(self.significantly_positive),
        ));
        if let [first, second, ..] = self.moves.as_slice() {
            sentences.push(format!(
                "The choice that moves the difference most is “{}”: altered alone, it changes the difference by {:.0} \
                 points on average. Next comes “{}”, with {:.0}.",
                first.label,
                first.mean_change * 100.0,
                second.label,
                second.mean_change * 100.0,
            ));
        }
        let refused = self.tried - self.estimated;
        if refused > 0 {
            let reasons: Vec<String> = self
                .refused
                .iter()
                .map(|one| format!("{} ({})", one.label, thousands(one.combinations)))
                .collect();
            sentences.push(format!(
                "Another {} could not be estimated: {}.",
                thousands(refused),
                reasons.join(", ")
            ));
        }
        sentences
    }
}
