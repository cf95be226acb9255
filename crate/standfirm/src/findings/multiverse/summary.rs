//! What a multiverse says as a whole.

use std::cmp::Reverse;

use mlogit::order::{self, quantile};
use report::words::{percent, points, thousands};
use serde::Serialize;

use crate::findings::claims::claims;
use crate::findings::effect::MainEffect;
use crate::findings::multiverse::Multiverse;
use crate::findings::multiverse::dimensions::{DIMENSIONS, ERRORS};
use crate::findings::multiverse::judge::JUDGED;
use crate::findings::multiverse::outcome::{Estimated, Outcome, Reason};

/// What a multiverse says as a whole. Combinations that are not there yet do not count.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// Combinations that were tried.
    pub tried: usize,
    /// Of those, how many could be estimated: every share below is of these.
    pub estimated: usize,
    /// Those set apart, in which a control predicts an outcome without error and has no finite estimate.
    pub separated: Separated,
    /// Why the others could not, the most frequent reason first.
    pub refused: Vec<ReasonCount>,
    /// Median effect: personalist minus other at high dependence.
    pub median: f64,
    /// The effect of the study's own first model.
    pub study: Option<f64>,
    /// Share of the estimated with the sign the study claims: below 0.
    pub negative: f64,
    /// Share of the estimated whose 95% interval, by the study's standard errors, lies below 0.
    pub significantly_negative: f64,
    /// Share of the estimated whose 95% interval, by the study's standard errors, lies above 0.
    pub significantly_positive: f64,
    /// The same two shares by each kind of standard errors, the study's first.
    pub intervals: Vec<IntervalShares>,
    /// For each claim, in how many combinations it holds.
    pub claims: Vec<ClaimShare>,
    /// What each choice moves, the one that moves most first.
    pub moves: Vec<DimensionMoves>,
    /// All of this in sentences.
    pub sentences: Vec<String>,
}

/// What is set apart from the estimated.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Separated {
    /// Combinations.
    pub combinations: usize,
    /// Share of them below 0.
    pub negative: f64,
    /// Share of them whose 95% interval lies below 0.
    pub significantly_negative: f64,
    /// Share of them whose 95% interval lies above 0.
    pub significantly_positive: f64,
}

/// How often intervals of a kind exclude 0.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IntervalShares {
    /// Key of the standard errors.
    pub key: &'static str,
    /// Words for them.
    pub label: &'static str,
    /// Share of the estimated whose 95% interval lies below 0.
    pub below: f64,
    /// Share of the estimated whose 95% interval lies above 0.
    pub above: f64,
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
        let ordinary: Vec<Estimated> = tried().filter_map(Outcome::ordinary).collect();
        let apart: Vec<Estimated> = tried()
            .filter_map(|one| one.estimate)
            .filter(|one| one.separated)
            .collect();
        let effects: Vec<f64> = ordinary.iter().map(|one| one.estimate).collect();
        let estimated = effects.len();
        let intervals: Vec<IntervalShares> = ERRORS
            .iter()
            .enumerate()
            .map(|(errors, (key, label))| IntervalShares {
                key,
                label,
                below: share(&ordinary, |one| one.effect(errors).conf_high < 0.0),
                above: share(&ordinary, |one| one.effect(errors).conf_low > 0.0),
            })
            .collect();
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
            separated: Separated {
                combinations: apart.len(),
                negative: share(&apart, |one| one.estimate < 0.0),
                significantly_negative: share(&apart, below),
                significantly_positive: share(&apart, above),
            },
            negative: share(&ordinary, |one| one.estimate < 0.0),
            significantly_negative: share(&ordinary, below),
            significantly_positive: share(&ordinary, above),
            intervals,
            claims: claim_shares(outcomes),
            moves: self.moves(outcomes),
            sentences: Vec::new(),
        };
        summary.sentences = summary.in_sentences();
        summary
    }

    /// What each choice moves: every two combinations that differ in it alone are compared.
    fn moves(&self, outcomes: &[Option<Outcome>]) -> Vec<DimensionMoves> {
        let effect = |position: usize| {
            let outcome = outcomes.get(position).copied().flatten()?;
            Some(outcome.ordinary()?.effect(0))
        };
        let decided = |effect: &MainEffect| effect.conf_low > 0.0 || effect.conf_high < 0.0;
        let mut moves: Vec<DimensionMoves> = DIMENSIONS
            .iter()
            .enumerate()
            .map(|(dimension, one)| {
                let (mut sum, mut pairs, mut changes) = (0.0, 0_usize, 0_usize);
                for (position, combination) in self.combinations().iter().enumerate() {
                    let Some(here) = effect(position) else { continue };
                    for alternative in combination[dimension] + 1..one.alternatives.len() {
                        let beside = self.beside(combination, dimension, alternative);
                        let Some(there) = beside.and_then(effect) else {
                            continue;
                        };
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

/// Share of the estimates of which something holds; no number of none.
fn share(of: &[Estimated], holds: impl Fn(&Estimated) -> bool) -> f64 {
    of.iter().filter(|one| holds(one)).count() as f64 / of.len() as f64
}

/// Whether an interval by the study's standard errors lies below 0.
fn below(one: &Estimated) -> bool {
    one.effect(0).conf_high < 0.0
}

/// Whether it lies above 0.
fn above(one: &Estimated) -> bool {
    one.effect(0).conf_low > 0.0
}

fn claim_shares(outcomes: &[Option<Outcome>]) -> Vec<ClaimShare> {
    JUDGED
        .iter()
        .enumerate()
        .filter_map(|(bit, key)| {
            let (key, claim) = claims().find(|(known, _)| known == key)?;
            let with = |bits: fn(&Outcome) -> u32| {
                let ordinary = outcomes.iter().flatten().filter(|one| one.ordinary().is_some());
                ordinary.filter(|one| bits(one) >> bit & 1 == 1).count()
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
            "Of {} combinations with an ordinary estimate, {} find personalists less likely to concede at high \
             dependence; the median difference is {} points. The shares describe these models and are no probabilities: \
             the choices are no sample of anything, and the models are fitted to the same threats.",
            thousands(self.estimated),
            percent(self.negative),
            points(self.median),
        )];
        let kinds: Vec<String> = self
            .intervals
            .iter()
            .map(|one| {
                format!(
                    "{} below and {} above ({})",
                    percent(one.below),
                    percent(one.above),
                    one.label
                )
            })
            .collect();
        sentences.push(format!(
            "The 95% interval lies below 0, as the study has it, or above 0 in these parts of them, by kind of standard \
             errors: {}.",
            kinds.join("; ")
        ));
        if self.separated.combinations > 0 {
            sentences.push(format!(
                "Set apart are another {}, in which a control predicts an outcome without error, so that its coefficient has \
                 no finite estimate and intervals take it as known: {} of them lie below 0, {} with the interval.",
                thousands(self.separated.combinations),
                percent(self.separated.negative),
                percent(self.separated.significantly_negative),
            ));
        }
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
        let refused = self.tried - self.estimated - self.separated.combinations;
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
