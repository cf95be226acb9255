//! The study as a whole, on the bundled episodes.
#![allow(clippy::expect_used, reason = "tests")]

mod common;

use common::golden;
use report::figure::{self, Figure};
use report::results::Value;
use standfirm::findings::claims::report::Verdict;
use standfirm::findings::rules::Finding;
use standfirm::fitting::fitted::{Estimates, Fitted, Part, fit_all};
use standfirm::replicate::replication;
use standfirm::study::thesis::STUDY;
use standfirm::{Specification, article};

fn estimates() -> Estimates {
    let estimates = fit_all(&Specification::default(), Part::All).expect("the episodes are read");
    assert_eq!(estimates.refusals, [], "the study's models fit its episodes");
    estimates
}

fn fitted() -> Vec<Fitted> {
    estimates().fitted
}

#[test]
fn every_model_is_reported_under_its_key() {
    let json = serde_json::to_value(replication(&estimates()).unwrap()).unwrap();
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

/// Made by other software from the same definitions, read by someone else.
#[test]
fn episodes_likelihoods_and_probabilities_are_those_of_an_independent_rebuild() {
    let fitted = fitted();
    let expected = [
        ("index:trade_share", 503.0, -433.074_263),
        ("index:import_share", 505.0, -433.505_159),
        ("index:trade_gdp", 525.0, -454.372_709),
        ("index:comtrade_import_share", 312.0, -262.368_658),
        ("regime:trade_share", 677.0, -622.246_486),
        ("regime:import_share", 679.0, -623.415_142),
        ("regime:trade_gdp", 704.0, -648.967_032),
        ("regime:comtrade_import_share", 392.0, -341.871_366),
    ];
    for (key, n, loglik) in expected {
        let one = fitted.iter().find(|one| one.model.key() == key).unwrap();
        let fit = one.estimate.fit();
        assert_eq!(fit.n(), n, "{key}");
        assert!((fit.loglik() - loglik).abs() < 1e-6, "{key}: {}", fit.loglik());
    }
    let first = &fitted[0].report;
    let concession: Vec<f64> = first
        .predictions
        .iter()
        .filter(|one| one.outcome == STUDY.focus)
        .map(|one| one.estimate)
        .collect();
    // At high dependence, the index from 0 to 1 in 20 steps.
    for (step, expected) in [(0, 0.332), (10, 0.203), (20, 0.115)] {
        let found = concession[step];
        assert!((found - expected).abs() < 5e-4, "step {step}: {found}");
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

#[test]
fn hypotheses_are_tested_in_every_model_at_both_levels() {
    let fitted = fitted();
    let tests = standfirm::findings::hypotheses::test(&fitted);
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

#[test]
fn verdicts_follow_from_their_checks() {
    let claims = standfirm::findings::claims::judge(&fitted(), &standfirm::episodes().unwrap()).unwrap();
    for claim in &claims {
        assert!(!claim.checks.is_empty(), "claim {} is checked nowhere", claim.key);
        let count = |finding| {
            claim
                .checks
                .iter()
                .filter(|check| check.finding == finding)
                .count()
        };
        assert_eq!(
            (claim.holds, claim.contradicted),
            (count(Finding::Holds), count(Finding::Contradicted)),
            "claim {}",
            claim.key
        );
        assert_eq!(claim.verdict, Verdict::of(&claim.checks), "claim {}", claim.key);
    }
    let keys: String = claims.iter().map(|claim| claim.key.as_str()).collect();
    assert_eq!(keys, "abcdoepgfhrqsijkmxuvnw");
}

#[test]
fn cases_are_the_episodes_the_study_tells() {
    let cases = replication(&estimates()).unwrap().cases;
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

#[test]
fn figures_can_be_read_where_they_are_drawn() {
    let figures = article::all_figures(&estimates()).unwrap();
    let names: std::collections::BTreeSet<&str> = figures.iter().map(|(name, _)| name.as_str()).collect();
    let known = [
        "case-1987080701",
        "case-1993043002",
        "case-1993052501",
        "figure-1",
        "figure-2",
        "figure-3",
        "figure-4",
        "hypotheses",
    ];
    assert_eq!(names.into_iter().collect::<Vec<_>>(), known);
    for (name, figure) in &figures {
        for width in [320.0, 390.0, 800.0] {
            let height = figure::height(figure, width);
            let reading = figure::read(figure, width, width * 0.6, height * 0.4);
            let reading = reading.unwrap_or_else(|| panic!("{name} has nothing to read"));
            assert!(!reading.entries.is_empty());
            for entry in reading.entries.iter().filter_map(|entry| entry.dot) {
                assert!((0.0..=width).contains(&entry.0) && (0.0..=height).contains(&entry.1));
            }
        }
        assert!(figure::read(figure, 800.0, -5.0, 10.0).is_none());
    }
}

#[test]
fn figures_are_the_ones_that_were_looked_at() {
    let looked_at = |name: &str, figure: &Figure| {
        matches!(
            (name, figure.version.as_str()),
            ("figure-1" | "figure-3" | "hypotheses", _)
                | ("figure-2", "trade_share" | "all")
                | ("figure-4", "trade_share")
                | ("case-1987080701", "outcomes" | "regime")
        )
    };
    let mut figures = article::all_figures(&estimates()).unwrap();
    figures.retain(|(name, figure)| looked_at(name, figure));
    assert_eq!(figures.len(), 8);
    for (name, figure) in &figures {
        golden(figure, &format!("{name}-{}", figure.version));
    }
}
