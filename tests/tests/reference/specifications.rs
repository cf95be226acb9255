//! The study under other choices, against statsmodels' numbers in `specifications.statsmodels.json`.

use report::results::Value;
use serde::Deserialize;
use standfirm::Specification;
use standfirm::fitting::fitted::fit;

use crate::results::{Coefficient, relative};

#[derive(Deserialize)]
struct Reference {
    cases: Vec<Case>,
}

/// One model of a specification.
#[derive(Deserialize)]
struct Case {
    specification: String,
    model: String,
    n: f64,
    loglik: f64,
    /// Dependence that counts as high.
    high: f64,
    coefficients: Vec<Coefficient>,
    predictions: Vec<Prediction>,
}

/// The average probability of an outcome at high dependence.
#[derive(Deserialize)]
struct Prediction {
    /// Value of the index, or the regime.
    at: Value,
    outcome: String,
    estimate: f64,
    std_error: f64,
}

/// Largest differences allowed: with room for another platform's rounding.
const LIMIT: f64 = 1e-10;

#[test]
fn other_choices_agree_with_statsmodels() {
    let path = super::folder().join("specifications.statsmodels.json");
    let reference: Reference = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let episodes = standfirm::episodes().unwrap();
    assert!(reference.cases.len() >= 20);
    for case in &reference.cases {
        let name = format!("{}, {}", case.specification, case.model);
        let read = Specification::read(&case.specification);
        assert!(read.ignored.is_empty(), "{name}: {:?}", read.ignored);
        let specification = read.specification;
        let model = specification
            .models()
            .find(|model| model.key() == case.model)
            .unwrap();
        let fitted = fit(&specification, &model, &episodes).unwrap();
        let report = &fitted.report;

        assert_eq!(report.model.n, case.n, "{name}");
        let mut most = (report.model.loglik - case.loglik).abs();
        most = most.max(relative(report.high_dependence, case.high));
        assert_eq!(report.model.coefficients.len(), case.coefficients.len(), "{name}");
        for expected in &case.coefficients {
            let found = report
                .model
                .coefficients
                .iter()
                .find(|found| found.outcome == expected.outcome && found.term == expected.term)
                .unwrap_or_else(|| panic!("{name}: no {} for {}", expected.term, expected.outcome));
            // In standard errors, since an estimate may be close to zero.
            let off = (found.estimate - expected.estimate).abs() / expected.std_error;
            most = most.max(off).max(relative(found.std_error, expected.std_error));
        }
        for expected in &case.predictions {
            let found = report.predictions.iter().find(|found| {
                found.outcome == expected.outcome
                    && found.at.get(model.term()) == Some(&Value::Number(report.high_dependence))
                    && found.at.get(model.explanation.variable) == Some(&expected.at)
            });
            let found = found.unwrap_or_else(|| panic!("{name}: no prediction at {:?}", expected.at));
            most = most
                .max((found.estimate - expected.estimate).abs())
                .max(relative(found.std_error, expected.std_error));
        }
        println!("| {most:.0e} | {name} |");
        assert!(most < LIMIT, "{name}: {most:e}");
    }
}
