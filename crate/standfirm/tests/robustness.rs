//! Influence and validation beside brute-force refits in statsmodels and scores by scikit-learn:
//! `tests/reference/robustness.py` made the numbers.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

use std::path::Path;

use serde_json::Value;
use standfirm::influence::{By, influence};
use standfirm::validation::{Clusters, FOLDS, Forecast, SEED, Scores, validate};
use standfirm::{Specification, episodes};

fn reference(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/reference")
        .join(name);
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn close(ours: f64, theirs: &Value, within: f64, what: &str) {
    let theirs = theirs
        .as_f64()
        .unwrap_or_else(|| panic!("{what}: no reference number"));
    assert!((ours - theirs).abs() < within, "{what}: {ours} and {theirs}");
}

#[test]
fn influence_is_that_of_refits_from_scratch() {
    let reference = reference("influence.json");
    let specification = Specification::default();
    let episodes = episodes().unwrap();
    for (key, theirs) in reference.as_object().unwrap() {
        let model = specification.find(key).unwrap();
        for by in By::ALL {
            // The refits without each episode are many: those of one model will do.
            if by == By::Episode && key.starts_with("regime") {
                continue;
            }
            let ours = influence(&specification, &model, &episodes, by).unwrap();
            close(ours.high_dependence, &theirs["high"], 1e-12, key);
            close(ours.whole.interaction, &theirs["whole"]["interaction"], 1e-9, key);
            close(ours.whole.effect.estimate, &theirs["whole"]["effect"], 1e-10, key);
            let refits = theirs["left_out"][by.key()].as_object().unwrap();
            assert_eq!(ours.left_out.len(), refits.len(), "{key} {by:?}");
            for one in &ours.left_out {
                let refit = &refits[&one.key.to_string()];
                let what = format!("{key} without {} {}", by.key(), one.label);
                let found = one.found.unwrap();
                close(found.interaction, &refit["interaction"], 1e-8, &what);
                close(found.effect.estimate, &refit["effect"], 1e-9, &what);
            }
        }
    }
}

#[test]
fn what_moves_a_result_most_comes_first_and_has_a_name() {
    let specification = Specification::default();
    let model = specification.find("index:trade_share").unwrap();
    let episodes = episodes().unwrap();
    let senders = influence(&specification, &model, &episodes, By::Sender).unwrap();
    let first = &senders.left_out[0];
    assert_eq!(first.label, "United States of America");
    // The indicator of the United States is then constant, and hardly anyone left depends as much.
    assert!(
        first
            .remarks
            .iter()
            .any(|remark| remark.contains("extrapolation"))
    );
    assert!(first.remarks.len() >= 2, "{:?}", first.remarks);
    let moved = |at: usize| senders.left_out[at].effect_change.unwrap().abs();
    assert!((1..senders.left_out.len()).all(|at| moved(at - 1) >= moved(at)));
    let single = influence(&specification, &model, &episodes, By::Episode).unwrap();
    assert_eq!(single.left_out.len(), single.n);
    assert!(single.left_out[0].label.contains(" against "));
    let imputed = specification.find("index:comtrade_mi").unwrap();
    assert!(influence(&specification, &imputed, &episodes, By::Year).is_err());
}

fn check(ours: &Scores, theirs: &Value, what: &str) {
    for score in &ours.forecasts {
        let key = match score.forecast {
            Forecast::Model => "model",
            Forecast::WithoutRegime => "without_regime",
            Forecast::Shares => "shares",
        };
        let theirs = &theirs["scores"][key];
        close(score.log, &theirs["log"], 1e-8, what);
        close(score.brier, &theirs["brier"], 1e-8, what);
        close(score.accuracy, &theirs["accuracy"], 1e-12, what);
        assert_eq!(
            serde_json::to_value(&score.confusion).unwrap(),
            theirs["confusion"],
            "{what} {key}"
        );
    }
    let differences = theirs["differences"].as_array().unwrap();
    assert_eq!(ours.differences.len(), differences.len());
    for (ours, theirs) in ours.differences.iter().zip(differences) {
        assert_eq!(serde_json::to_value(ours.against).unwrap(), theirs["against"]);
        assert_eq!(serde_json::to_value(ours.score).unwrap(), theirs["score"]);
        close(ours.estimate, &theirs["estimate"], 1e-8, what);
        close(ours.std_error, &theirs["std_error"], 1e-8, what);
    }
}

#[test]
fn scores_are_those_of_other_software_on_the_same_folds() {
    let reference = reference("validation.json");
    let specification = Specification::default();
    let episodes = episodes().unwrap();
    for (key, theirs) in reference.as_object().unwrap() {
        let model = specification.find(key).unwrap();
        let clusters = Clusters::find(theirs["clusters"].as_str().unwrap()).unwrap();
        let ours = validate(&specification, &model, &episodes, clusters, FOLDS, SEED).unwrap();
        assert_eq!(ours.n as u64, theirs["n"].as_u64().unwrap());
        for one in &ours.episodes {
            let fold = &theirs["folds"][one.caseid.to_string()];
            assert_eq!(one.fold as u64, fold.as_u64().unwrap(), "the folds have changed");
        }
        check(&ours.in_sample, &theirs["in_sample"], &format!("{key} in sample"));
        check(
            &ours.cross_validated,
            &theirs["cross_validated"],
            &format!("{key} cross-validated"),
        );
    }
}

#[test]
fn another_seed_makes_other_folds_and_too_many_are_refused() {
    let specification = Specification::default();
    let episodes = episodes().unwrap();
    let model = specification.find("index:trade_share").unwrap();
    let run = |folds, seed| validate(&specification, &model, &episodes, Clusters::Target, folds, seed);
    let (first, again, other) = (run(5, 1).unwrap(), run(5, 1).unwrap(), run(5, 2).unwrap());
    assert_eq!(first, again);
    assert_ne!(first.episodes, other.episodes);
    assert_eq!(first.in_sample, other.in_sample);
    assert!(run(1_000, 1).unwrap_err().to_string().contains("1000 folds"));
    assert!(run(1, 1).is_err());
}
