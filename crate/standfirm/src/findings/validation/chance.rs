//! What hangs on chance or on convention: which clusters came together, what a forecast near zero is scored as, and what is
//! right without knowing anything.

use mlogit::order;

use crate::findings::validation::results::{
    EpisodeForecast, FLOOR, FloorEffect, Repeat, ScoreDifference, Spread,
};
use crate::findings::validation::scores::mean;
use crate::study::thesis::STUDY;

/// Other floors, beside [`FLOOR`].
const FLOORS: [f64; 4] = [1e-2, 1e-4, FLOOR, 1e-9];

/// Each difference over all ways to make the folds; none where there was but one.
pub(super) fn spreads(repeats: &[Repeat]) -> Vec<Spread> {
    let Some(first) = repeats.first().filter(|_| repeats.len() > 1) else {
        return Vec::new();
    };
    let spread = |like: &ScoreDifference| {
        let same = |one: &&ScoreDifference| one.score == like.score && one.against == like.against;
        let all = repeats
            .iter()
            .flat_map(|repeat| repeat.differences.iter().filter(same));
        let all: Vec<&ScoreDifference> = all.collect();
        let estimates: Vec<f64> = all.iter().map(|one| one.estimate).collect();
        let count = |holds: fn(&ScoreDifference) -> bool| all.iter().filter(|one| holds(one)).count();
        Spread {
            against: like.against,
            score: like.score,
            repeats: all.len(),
            median: order::quantile(&estimates, 0.5),
            low: order::quantile(&estimates, 0.025),
            high: order::quantile(&estimates, 0.975),
            better: count(|one| one.estimate < 0.0),
            surely_better: count(|one| one.conf_high < 0.0),
            surely_worse: count(|one| one.conf_low > 0.0),
        }
    };
    first.differences.iter().map(spread).collect()
}

/// What other floors make of the log scores, and leaving out what lies below the floor.
pub(super) fn floors(episodes: &[EpisodeForecast]) -> Vec<FloorEffect> {
    let effect = |floor: Option<f64>| {
        let kept = |one: &&EpisodeForecast| floor.is_some() || one.model[one.outcome] >= FLOOR;
        let kept: Vec<&EpisodeForecast> = episodes.iter().filter(kept).collect();
        let score = |of: fn(&EpisodeForecast) -> &[f64]| {
            let each = kept.iter().map(|one| {
                let chance = of(one)[one.outcome];
                -libm::log(chance.max(floor.unwrap_or(FLOOR)))
            });
            mean(&each.collect::<Vec<f64>>())
        };
        let model = score(|one| &one.model);
        FloorEffect {
            floor,
            against_without_regime: model - score(|one| &one.without_regime),
            against_shares: model - score(|one| &one.shares),
        }
    };
    FLOORS.into_iter().map(Some).chain([None]).map(effect).collect()
}

/// The outcome that most episodes ended in, and how many did: what is right so often knows nothing.
pub(super) fn commonest(episodes: &[EpisodeForecast]) -> (usize, usize) {
    let count = |outcome: usize| episodes.iter().filter(|one| one.outcome == outcome).count();
    let counts = (0..STUDY.outcomes.len()).map(|outcome| (outcome, count(outcome)));
    // The first of several that are as common.
    counts.rev().max_by_key(|(_, count)| *count).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::validation::results::{Forecast, ScoreKind};

    fn forecast(outcome: usize, model: f64, without: f64, share: f64) -> EpisodeForecast {
        let row = |chance: f64| {
            let mut row = vec![(1.0 - chance) / 2.0; 3];
            row[outcome] = chance;
            row
        };
        EpisodeForecast {
            caseid: 1,
            fold: 0,
            outcome,
            model: row(model),
            without_regime: row(without),
            shares: row(share),
        }
    }

    #[test]
    fn floors_are_what_they_are_by_hand() {
        let episodes = [forecast(0, 0.5, 0.25, 0.25), forecast(1, 1e-8, 0.5, 0.5)];
        let found = floors(&episodes);
        let at = |floor: Option<f64>| *found.iter().find(|one| one.floor == floor).unwrap();
        // ln 2 is gained on the first, ln(0.5 / floor) lost on the second, half of each.
        for floor in [1e-2, 1e-4, 1e-6] {
            let by_hand = (libm::log(0.5 / floor) - libm::log(2.0)) / 2.0;
            assert!((at(Some(floor)).against_shares - by_hand).abs() < 1e-12);
            assert!((at(Some(floor)).against_without_regime - by_hand).abs() < 1e-12);
        }
        let below = (libm::log(0.5 / 1e-8) - libm::log(2.0)) / 2.0;
        assert!(
            (at(Some(1e-9)).against_shares - below).abs() < 1e-12,
            "nothing lies below that floor"
        );
        assert!(
            (at(None).against_shares + libm::log(2.0)).abs() < 1e-12,
            "the second is left out"
        );
        assert_eq!(commonest(&episodes), (0, 1), "the first of several");
        assert_eq!(commonest(&[forecast(2, 0.1, 0.1, 0.1)]), (2, 1));
    }

    #[test]
    fn a_spread_counts_the_ways_to_make_folds() {
        let repeat = |seed: u64, estimate: f64| {
            let difference = |score| ScoreDifference {
                against: Forecast::WithoutRegime,
                score,
                estimate,
                std_error: 0.01,
                p_value: 0.5,
                conf_low: estimate - 0.02,
                conf_high: estimate + 0.02,
            };
            Repeat {
                seed,
                n: 10,
                accuracy: 0.5,
                floored: 0,
                differences: vec![difference(ScoreKind::Log), difference(ScoreKind::Brier)],
            }
        };
        let repeats: Vec<Repeat> = [-0.05, -0.01, 0.01, 0.03, 0.04].map(|one| repeat(1, one)).into();
        let found = spreads(&repeats);
        assert_eq!(found.len(), 2);
        let log = found[0];
        assert_eq!(
            (log.repeats, log.better, log.surely_better, log.surely_worse),
            (5, 2, 1, 2)
        );
        assert_eq!(log.median, 0.01);
        // Quantiles as R has them: 0.025 * 4 of the way from the first to the second.
        assert!(
            (log.low - (-0.05 + 0.1 * 0.04)).abs() < 1e-12 && (log.high - (0.04 - 0.1 * 0.01)).abs() < 1e-12
        );
        assert!(spreads(&repeats[..1]).is_empty());
    }
}
