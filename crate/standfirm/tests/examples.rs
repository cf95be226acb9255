//! The example says what the study's own functions say.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use report::words::percent;
use standfirm::Specification;
use standfirm::fitting::fitted::fit;

#[path = "../examples/one_model.rs"]
#[allow(dead_code, reason = "its main, which only prints")]
mod one_model;

#[test]
fn one_model_prints_every_probability_and_both_tests() {
    let printed = one_model::report().unwrap();
    let specification = Specification::default();
    let model = specification.find("regime:trade_share").unwrap();
    let fitted = fit(&specification, &model, &standfirm::episodes().unwrap()).unwrap();
    let study = printed.split("\n\n").next().unwrap();
    let expected = fitted
        .report
        .predictions
        .iter()
        .filter(|one| one.outcome == "concession");
    let found: Vec<&str> = study
        .lines()
        .filter(|line| line.contains("target_regime"))
        .collect();
    let expected: Vec<String> = expected.map(|one| percent(one.estimate)).collect();
    assert_eq!(found.len(), expected.len());
    for (line, percent) in found.iter().zip(&expected) {
        assert!(line.ends_with(&format!(": {percent}")), "{line}");
    }
    assert_eq!(study.matches("H1a").count(), 2);
    assert_eq!(study.matches("H1b").count(), 2);
    assert!(printed.contains("Without the United States"));
}
