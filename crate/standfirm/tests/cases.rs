//! The three cases, on the bundled episodes.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

mod common;

use common::estimates;
use report::results::Value;
use standfirm::replicate::replication;
use standfirm::study::thesis::STUDY;

#[test]
fn cases_are_the_episodes_the_study_tells() {
    let cases = replication(estimates()).unwrap().cases;
    let happened: Vec<(&str, &str)> = cases
        .iter()
        .map(|case| (case.title.as_str(), case.happened.as_str()))
        .collect();
    assert_eq!(
        happened,
        [
            ("Panama, 1987", "imposition"),
            ("Guatemala, 1993", "concession"),
            ("Japan’s construction market, 1993", "concession")
        ]
    );
    let targets = ["Panama", "Guatemala", "Japan"];
    for (case, target) in cases.iter().zip(targets) {
        assert!(
            case.facts
                .contains(&("target_name".to_owned(), Value::Level(target.to_owned())))
        );
        assert_eq!(case.models.len(), STUDY.models.len());
        for model in &case.models {
            let sum: f64 = model.as_it_was.iter().map(|one| one.estimate).sum();
            assert!((sum - 1.0).abs() < 1e-12);
        }
    }
}
