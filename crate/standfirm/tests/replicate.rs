//! What the command line prints of the study, on the bundled episodes.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

mod common;

use common::{estimates, fitted};
use standfirm::replicate::replication;
use standfirm::study::thesis::STUDY;

#[test]
fn every_model_is_reported_under_its_key() {
    let json = serde_json::to_value(replication(estimates()).unwrap()).unwrap();
    for model in STUDY.models {
        let report = &json[model.key()];
        assert_eq!(report["base"], "standoff", "{}", model.key());
        assert_eq!(report["converged"], true);
        assert!(report["n"].is_u64(), "a count is a whole number");
        let counts: u64 = report["counts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|count| count.as_u64().unwrap())
            .sum();
        assert_eq!(report["n"], counts);
        for setting in report["predictions"].as_array().unwrap().chunks(3) {
            let sum: f64 = setting.iter().map(|one| one["estimate"].as_f64().unwrap()).sum();
            assert!(
                (sum - 1.0).abs() < 1e-12,
                "probabilities of {} sum to {sum}",
                setting[0]["at"]
            );
        }
    }
}

#[test]
fn comparisons_are_differences_of_predictions() {
    for one in fitted() {
        let report = &one.report;
        for comparison in &report.comparisons {
            let at = |changed: &report::results::At| {
                let mut at = comparison.at.clone();
                at.extend(changed.clone());
                let same = |p: &&report::results::Prediction| p.at == at && p.outcome == comparison.outcome;
                report.predictions.iter().find(same).map(|p| p.estimate).unwrap()
            };
            let difference = at(&comparison.to) - at(&comparison.from);
            // Pooled, the mean of differences is the difference of means but for rounding.
            assert!((difference - comparison.estimate).abs() < 1e-14);
        }
    }
}
