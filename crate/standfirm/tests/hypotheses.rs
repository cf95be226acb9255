//! The two hypotheses, with second differences and bands beside statsmodels: `tests/reference/inference.py` made the
//! numbers.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

mod common;

use common::{close, fitted, reference};
use standfirm::findings::effect::MainEffect;
use standfirm::findings::hypotheses::{self, Hypothesis, INDEX_CONTRAST};
use standfirm::fitting::fitted::fit;
use standfirm::study::thesis::STUDY;
use standfirm::{Specification, episodes};

#[test]
fn hypotheses_are_tested_in_every_model_at_both_levels() {
    let fitted = fitted();
    let tests = standfirm::findings::hypotheses::test(fitted);
    let index = STUDY
        .models
        .iter()
        .filter(|model| model.explanation.key == "index")
        .count();
    let regime = STUDY.models.len() - index;
    assert_eq!(tests.len(), 2 * (index + 2 * regime));
    for test in &tests {
        assert!(test.conf_low < test.estimate && test.estimate < test.conf_high);
        let excludes_zero = test.conf_low > 0.0 || test.conf_high < 0.0;
        assert_eq!(
            excludes_zero,
            test.p_value < 0.05,
            "interval and p-value disagree: {test:?}"
        );
    }
}

/// The reference's name of who personalist targets are compared with.
fn key(others: &str) -> &str {
    if others == INDEX_CONTRAST { "index" } else { others }
}

#[test]
fn hypotheses_have_the_second_difference_and_bands_their_width() {
    let (specification, episodes) = (Specification::default(), episodes().unwrap());
    for (key_of_model, theirs) in reference("inference.json").as_object().unwrap() {
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
            let support = report.support.as_ref().unwrap();
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
