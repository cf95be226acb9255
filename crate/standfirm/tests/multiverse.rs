//! The multiverse beside statsmodels: `tests/reference/multiverse.py` made the numbers.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use standfirm::episodes;
use standfirm::multiverse::{DIMENSIONS, JUDGED, Multiverse, Outcome, is_study};

fn reference() -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/multiverse.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The outcomes of some pieces of work, the others missing.
fn run(multiverse: &Multiverse, pieces: impl IntoIterator<Item = usize>) -> Vec<Option<Outcome>> {
    let episodes = episodes().unwrap();
    let mut outcomes = vec![None; multiverse.len()];
    for piece in pieces {
        let found = multiverse.run(piece, &episodes).unwrap();
        for (position, outcome) in multiverse.piece(piece).zip(found) {
            outcomes[position] = Some(outcome);
        }
    }
    outcomes
}

fn piece_of(multiverse: &Multiverse, position: usize) -> usize {
    let holds = |piece: &usize| multiverse.piece(*piece).contains(&position);
    (0..multiverse.pieces()).find(holds).unwrap()
}

#[test]
fn effects_and_standard_errors_are_those_of_other_software() {
    let multiverse = Multiverse::new().unwrap();
    let reference = reference();
    let position = |one: &Value| one["position"].as_u64().unwrap() as usize;
    // Every second will do: together they still have every alternative of every dimension.
    let some: Vec<&Value> = reference.iter().step_by(2).collect();
    let pieces: BTreeSet<usize> = some
        .iter()
        .map(|one| piece_of(&multiverse, position(one)))
        .collect();
    let outcomes = run(&multiverse, pieces);
    for one in some {
        let at = position(one);
        let what = format!("{at}: {:?}", multiverse.words(&multiverse.combinations()[at]));
        let ours = outcomes[at].unwrap();
        assert_eq!(ours.n as u64, one["n"].as_u64().unwrap(), "{what}");
        let effect = ours
            .effect()
            .unwrap_or_else(|| panic!("{what}: {:?}", ours.reason));
        let (estimate, std_error) = (
            one["estimate"].as_f64().unwrap(),
            one["std_error"].as_f64().unwrap(),
        );
        assert!(
            (effect.estimate - estimate).abs() < 1e-10,
            "{what}: {} and {estimate}",
            effect.estimate
        );
        let within = if one["separated"] == true { 1e-3 } else { 1e-9 };
        let apart = (effect.std_error / std_error - 1.0).abs();
        assert!(
            apart < within,
            "{what}: standard errors {} and {std_error}",
            effect.std_error
        );
    }
}

#[test]
fn the_combinations_are_all_there_once_and_begin_with_the_study() {
    let multiverse = Multiverse::new().unwrap();
    assert!(is_study(&multiverse.combinations()[0]));
    let different: BTreeSet<_> = multiverse.combinations().iter().collect();
    assert_eq!(different.len(), multiverse.len());
    // All combinations but those in which Comtrade's shares, of the year before in any case, would come twice.
    let all: usize = DIMENSIONS.iter().map(|one| one.alternatives.len()).product();
    assert_eq!(multiverse.len(), all - all / 8);
    let pieces: usize = (0..multiverse.pieces())
        .map(|piece| multiverse.piece(piece).len())
        .sum();
    assert_eq!(pieces, multiverse.len());
    assert!(multiverse.piece(multiverse.pieces()).is_empty());
    assert!(multiverse.combination(multiverse.len()).is_err());
}

#[test]
fn what_a_piece_finds_depends_on_nothing_else() {
    let multiverse = Multiverse::new().unwrap();
    let episodes = episodes().unwrap();
    let last = multiverse.pieces() - 1;
    let alone = multiverse.run(last, &episodes).unwrap();
    multiverse.run(0, &episodes).unwrap();
    assert_eq!(multiverse.run(last, &episodes).unwrap(), alone);
    for outcome in alone {
        assert_eq!(Outcome::from_numbers(&outcome.numbers()), Some(outcome));
    }
    assert_eq!(Outcome::from_numbers(&[1.0, 2.0]), None);
    assert_eq!(
        Outcome::from_numbers(&[400.0, f64::NAN, f64::NAN, 99.0, 0.0, 0.0]),
        None
    );
}

#[test]
fn the_summary_counts_what_was_found() {
    let multiverse = Multiverse::new().unwrap();
    let outcomes = run(&multiverse, [0, 30]);
    let summary = multiverse.summary(&outcomes);
    let found: Vec<Outcome> = outcomes.iter().copied().flatten().collect();
    let effects: Vec<_> = found.iter().filter_map(Outcome::effect).collect();
    assert_eq!((summary.tried, summary.estimated), (found.len(), effects.len()));
    let share = |count: usize| count as f64 / effects.len() as f64;
    assert_eq!(
        summary.negative,
        share(effects.iter().filter(|one| one.estimate < 0.0).count())
    );
    let below = effects.iter().filter(|one| one.conf_high < 0.0).count();
    assert_eq!(summary.significantly_negative, share(below));
    let refused: usize = summary.refused.iter().map(|one| one.combinations).sum();
    assert_eq!(refused, summary.tried - summary.estimated);
    for claim in &summary.claims {
        let bit = JUDGED.iter().position(|key| *key == claim.key).unwrap();
        let with = |bits: u32| bits >> bit & 1 == 1;
        assert_eq!(claim.holds, found.iter().filter(|one| with(one.holds)).count());
        assert!(claim.holds <= claim.judged && claim.judged <= summary.estimated);
    }
    // Within a piece, only three choices vary; two pieces may differ in more than one of the others.
    let moved = |key: &str| summary.moves.iter().find(|one| one.key == key).unwrap();
    assert!(moved("controls").mean_change > 0.0 && moved("scale").pairs > 0);
    // Standard errors move intervals, never the difference itself.
    assert_eq!(moved("errors").mean_change, 0.0);
    assert!(!summary.sentences.is_empty());
}
