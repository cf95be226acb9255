//! Second differences, other covariances, simultaneous bands and randomization tests beside statsmodels and numpy:
//! `tests/reference/inference.py` made the numbers.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::path::Path;

use mlogit::normal_quantile;
use serde_json::Value;
use standfirm::findings::effect::MainEffect;
use standfirm::findings::hypotheses::{self, Hypothesis, INDEX_CONTRAST};
use standfirm::findings::influence::{By, influence};
use standfirm::findings::randomization::{Dealt, SEED, randomize};
use standfirm::findings::robustness::robustness;
use standfirm::fitting::fitted::fit;
use standfirm::session::{Progress, Session};
use standfirm::{Specification, episodes};

fn reference() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/inference.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The reference's name of who personalist targets are compared with.
fn key(others: &str) -> &str {
    if others == INDEX_CONTRAST { "index" } else { others }
}

fn close(ours: f64, theirs: &Value, within: f64, what: &str) {
    let theirs = theirs
        .as_f64()
        .unwrap_or_else(|| panic!("{what}: no reference number"));
    assert!((ours - theirs).abs() < within, "{what}: {ours} and {theirs}");
}

#[test]
fn contrasts_and_second_differences_have_the_errors_of_other_software() {
    let (specification, episodes) = (Specification::default(), episodes().unwrap());
    for (model, theirs) in reference().as_object().unwrap() {
        let found = robustness(&specification, &specification.find(model).unwrap(), &episodes).unwrap();
        close(found.high_dependence, &theirs["high"], 1e-12, model);
        let mut compared = 0;
        for one in &found.errors {
            if theirs["contrasts"]["index"]["change"].get(&one.errors).is_none()
                && theirs["contrasts"]["democracy"]["change"]
                    .get(&one.errors)
                    .is_none()
            {
                continue;
            }
            for (what, ours) in [("at_high", &one.at_high), ("change", &one.changes)] {
                for contrast in ours {
                    let theirs = &theirs["contrasts"][key(&contrast.others)][what];
                    let about = format!("{model} {what} {} {}", contrast.others, one.errors);
                    close(contrast.effect.estimate, &theirs["estimate"], 1e-8, &about);
                    close(contrast.effect.std_error, &theirs[&one.errors], 1e-7, &about);
                    compared += 1;
                }
            }
        }
        // Four kinds of errors; both differences of every contrast.
        assert_eq!(compared, 4 * 2 * theirs["contrasts"].as_object().unwrap().len());
    }
}

#[test]
fn hypotheses_have_the_second_difference_and_bands_their_width() {
    let (specification, episodes) = (Specification::default(), episodes().unwrap());
    for (key_of_model, theirs) in reference().as_object().unwrap() {
        let fitted = fit(
            &specification,
            &specification.find(key_of_model).unwrap(),
            &episodes,
        )
        .unwrap();
        for (level, reach) in &fitted.bands {
            close(*reach, &theirs["contrasts"][level]["sup_t"], 0.04, level);
        }
        assert_eq!(fitted.bands.is_empty(), key_of_model.starts_with("index"));
        let reports = hypotheses::test(&[fitted]);
        for report in reports.iter().filter(|one| one.hypothesis == Hypothesis::H1b) {
            let theirs = &theirs["contrasts"][key(&report.contrast)]["change"];
            let MainEffect {
                estimate, std_error, ..
            } = report.second_difference.unwrap();
            close(estimate, &theirs["estimate"], 1e-8, &report.contrast);
            close(std_error, &theirs["observed"], 1e-7, &report.contrast);
            // (1.96 + 0.84) standard errors.
            let support = report.support.unwrap();
            assert!((support.detectable - 2.801_585_218 * report.std_error).abs() < 1e-8);
            assert!(
                support.conceded <= support.personalist_at_high
                    && support.personalist_at_high <= support.at_high
            );
            // One in ten episodes reaches the 90th percentile.
            assert!(
                (60..80).contains(&support.at_high) || (45..60).contains(&support.at_high),
                "{support:?}"
            );
        }
        assert!(
            reports
                .iter()
                .all(|one| one.second_difference.is_some() == (one.hypothesis == Hypothesis::H1b))
        );
    }
}

/// Two samples of random regimes, made by different random numbers, give about the same p-value.
#[test]
fn randomization_agrees_with_other_draws() {
    let (specification, episodes) = (Specification::default(), episodes().unwrap());
    let model = specification.find("index:trade_share").unwrap();
    let found = randomize(&specification, &model, &episodes, Dealt::Episodes, 299, SEED).unwrap();
    assert_eq!((found.draws, found.failed), (299, 0));
    let one = &found.contrasts[0];
    let theirs = &reference()["index:trade_share"]["contrasts"]["index"]["randomization_p"];
    // Of 299 and 999 draws about 0.03, four standard deviations of the difference.
    close(one.randomization_p, theirs, 0.05, "randomization");
    assert!(
        one.effect.p_value < one.randomization_p,
        "Wald's test promises too much here"
    );
}

/// Intervals without each target that hold all at once are wider than each by itself, and less wide than were they
/// independent.
#[test]
fn intervals_without_each_target_hold_at_once() {
    let (specification, episodes) = (Specification::default(), episodes().unwrap());
    let model = specification.find("index:trade_share").unwrap();
    let found = influence(&specification, &model, &episodes, By::Target).unwrap();
    let all: Vec<_> = found.left_out.iter().filter_map(|one| one.found).collect();
    // Sidak's value of as many independent ones.
    let independent = normal_quantile((1.0 + libm::pow(0.95, 1.0 / all.len() as f64)) / 2.0);
    assert!(
        found.reach > 1.96 && found.reach < independent,
        "{} {independent}",
        found.reach
    );
    let by_hand = all
        .iter()
        .filter(|one| one.effect.estimate.abs() > found.reach * one.effect.std_error);
    assert_eq!(found.told_apart(), (by_hand.count(), all.len()));
    let pointwise = all.iter().filter(|one| one.effect.sign() != 0).count();
    assert!(found.told_apart().0 <= pointwise);
    let (low, high) = found.simultaneous(&all[0]);
    assert!(low < all[0].effect.conf_low && high > all[0].effect.conf_high);
}

#[test]
fn a_session_deals_out_in_steps() {
    let (specification, episodes) = (Specification::default(), episodes().unwrap());
    let mut session = Session::new().unwrap();
    let mut step = |model: &str| session.randomize_next("", model, "histories").unwrap();
    let steps: Vec<Progress> = (0..3).map(|_| step("regime:trade_share")).collect();
    assert_eq!(
        steps.iter().map(|step| step.done).collect::<Vec<_>>(),
        [12, 24, 36]
    );
    assert!(steps.iter().all(|step| step.of == 999));
    // Another model begins anew.
    assert_eq!(step("index:trade_share"), Progress { done: 12, of: 999 });
    assert!(session.randomize_next("", "regime:trade_share", "years").is_err());
    assert!(
        session
            .randomize_next("", "index:comtrade_mi", "episodes")
            .is_err()
    );
    let model = specification.find("regime:trade_share").unwrap();
    let found = randomize(&specification, &model, &episodes, Dealt::Histories, 12, SEED).unwrap();
    let grid = standfirm::exhibits::randomization::grid(&found);
    let rows = &grid.bodies[0].rows;
    assert!(rows.len() == 2 && rows.iter().all(|row| row.cells.len() == grid.columns.len()));
    assert!(grid.title.contains("by randomization"), "{}", grid.title);
    for which in ["errors", "senders"] {
        let shown = session.robustness("", "regime:trade_share", which).unwrap();
        let grid = &shown.grids[0];
        let rows = || grid.bodies.iter().flat_map(|body| &body.rows);
        assert!(rows().count() >= 2 && rows().all(|row| row.cells.len() == grid.columns.len()));
    }
    assert!(session.robustness("", "regime:trade_share", "nothing").is_err());
}
