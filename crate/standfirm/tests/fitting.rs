//! Models of the study as they are fitted to the bundled episodes.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

mod common;

use common::{fitted, specified};
use standfirm::study::thesis::STUDY;

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

/// Resamples are refits: their spread is about the delta method's standard error.
#[test]
fn bootstrapped_intervals_are_about_those_of_the_delta_method() {
    let episodes = standfirm::episodes().unwrap();
    let widths = |text: &str| {
        let specification = specified(text);
        let model = specification
            .models()
            .find(|model| model.key() == "regime:trade_share")
            .unwrap();
        let fitted = standfirm::fitting::fitted::fit(&specification, &model, &episodes).unwrap();
        let all = fitted.report.predictions.into_iter();
        all.map(|one| (one.estimate, one.conf_high - one.conf_low))
            .collect::<Vec<_>>()
    };
    let (delta, bootstrap) = (widths("method=observed"), widths("method=bootstrap"));
    for ((estimate, width), (same, resampled)) in delta.iter().zip(&bootstrap) {
        assert_eq!(estimate, same);
        assert!((0.6..1.7).contains(&(resampled / width)), "{width} {resampled}");
    }
    assert_ne!(
        bootstrap,
        widths("method=bootstrap&errors=target"),
        "clusters are resampled where errors are clustered"
    );
}

/// Resamples without a personalist sender who carried out a threat, or the like, may have no estimate.
#[test]
fn resamples_that_cannot_be_fitted_are_counted_and_told() {
    let specification = specified("method=bootstrap&gaps=missing");
    let model = specification.find("index:comtrade_import_share").unwrap();
    let episodes = standfirm::episodes().unwrap();
    let fitted = standfirm::fitting::fitted::fit(&specification, &model, &episodes).unwrap();
    let (failed, asked) = fitted.estimate.failures();
    assert!(
        failed > 0 && failed < 200 && asked == 2_000,
        "{failed} of {asked}"
    );
    let figure = &standfirm::exhibits::two::figures(&[fitted]).unwrap()[0];
    let told = format!("{failed} of 2000 of which could not be fitted and are left out");
    assert!(figure.note.contains(&told), "{}", figure.note);
}
