//! The study under other choices, on the bundled episodes.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod common;

use common::specified;
use standfirm::fitting::fitted::{Part, fit_all};
use standfirm::replicate::replication;
use standfirm::specification::choices::{CHOICES, ChoiceKind};
use standfirm::{Error, Specification};

/// Whatever is chosen, one choice at a time: each model is reported or refused, and everything follows.
#[test]
fn every_choice_gives_models_or_reasons() {
    for choice in &CHOICES {
        let values: Vec<String> = match choice.kind {
            ChoiceKind::One(options) => options().iter().map(|option| option.key.to_owned()).collect(),
            ChoiceKind::Without(options) => {
                let one = options().into_iter().map(|option| option.key.to_owned());
                one.chain(["all".to_owned()]).collect()
            }
            ChoiceKind::Years(..) => ["1945-1945", "1945-1989", "1990-2005", "2005-2005"]
                .map(str::to_owned)
                .to_vec(),
            ChoiceKind::Number(..) => Vec::new(),
        };
        for value in values.iter().filter(|value| *value != "bootstrap") {
            let specification = Specification::default().with(choice.key, value).unwrap();
            let estimates = fit_all(&specification, Part::CompleteCases).unwrap();
            assert_eq!(
                estimates.fitted.len() + estimates.refusals.len(),
                8,
                "{specification}"
            );
            for refusal in &estimates.refusals {
                assert!(refusal.reason.len() > 20, "{specification}: {refusal:?}");
            }
            let replication = replication(&estimates).unwrap();
            for (key, report) in &replication.models {
                assert!(report.high_dependence > 0.0, "{specification}, {key}");
                let numbers = report
                    .predictions
                    .iter()
                    .flat_map(|one| [one.estimate, one.conf_low, one.conf_high]);
                assert!(numbers.into_iter().all(f64::is_finite), "{specification}, {key}");
            }
        }
    }
}

#[test]
fn what_a_sample_cannot_tell_is_left_out_and_said() {
    let estimates = fit_all(&specified("senders=usa"), Part::All).unwrap();
    assert_eq!(estimates.fitted.len(), 10);
    for one in &estimates.fitted {
        let omitted: Vec<&str> = one
            .report
            .omitted
            .iter()
            .map(|one| one.variable.as_str())
            .collect();
        assert_eq!(omitted, ["sender_usa", "sender_regime"]);
        assert!(!one.report.formula.contains("sender_"), "{}", one.report.formula);
    }
}

#[test]
fn models_that_cannot_be_estimated_say_why() {
    let reason = |text: &str, key: &str| {
        let specification = specified(text);
        let model = specification.models().find(|model| model.key() == key).unwrap();
        standfirm::fitting::fitted::fit(&specification, &model, &standfirm::episodes().unwrap()).unwrap_err()
    };
    let comtrade = "index:comtrade_import_share";
    assert!(matches!(
        reason("years=1990-1999", comtrade),
        Error::FewTargets {
            found: 4,
            episodes: 182,
            least: 5,
            ..
        }
    ));
    assert!(matches!(
        reason("years=1945-1945&senders=others", "regime:trade_share"),
        Error::EmptySample
    ));
    assert!(matches!(
        reason("years=1945-1950", "regime:trade_share"),
        Error::UnseenOutcome { .. } | Error::FewTargets { .. }
    ));
    let separated = reason("issues=security&senders=others", "index:trade_share");
    assert!(matches!(separated, Error::Separated { .. }));
    assert_eq!(
        separated.to_string(),
        "separation: no finite estimate of Personalist index × Trade dependence (log) for concession; choose a larger \
         sample, or leave out controls"
    );
    assert!(matches!(
        reason("years=2001-2005", "index:trade_share"),
        Error::Model(_)
    ));
}

/// The base outcome is a matter of words: probabilities do not depend on it.
#[test]
fn probabilities_do_not_depend_on_the_base_outcome() {
    let predictions = |text: &str| {
        let estimates = fit_all(&specified(text), Part::CompleteCases).unwrap();
        let of = |one: &standfirm::fitting::fitted::Fitted| {
            let predictions = one.report.predictions.iter();
            let mut all: Vec<(String, f64)> = predictions
                .map(|one| (format!("{:?} {}", one.at, one.outcome), one.estimate))
                .collect();
            all.sort_by(|a, b| a.0.cmp(&b.0));
            all
        };
        estimates.fitted.iter().map(of).collect::<Vec<_>>()
    };
    let study = predictions("");
    for base in ["base=imposition", "base=concession"] {
        for (a, b) in study.iter().flatten().zip(predictions(base).iter().flatten()) {
            assert_eq!(a.0, b.0);
            assert!((a.1 - b.1).abs() < 1e-10, "{base}: {a:?} {b:?}");
        }
    }
}

/// The readings that this rebuild began with can still be chosen, and still give what they gave.
#[test]
fn the_former_readings_give_the_former_results() {
    let specification = specified("cinc=share&gaps=missing&multiple=years");
    let model = specification.find("index:trade_share").unwrap();
    let episodes = standfirm::episodes().unwrap();
    let fitted = standfirm::fitting::fitted::fit(&specification, &model, &episodes).unwrap();
    assert_eq!(fitted.report.model.n, 449.0);
    let formula = &fitted.report.formula;
    for name in [
        "cinc_share",
        "financial_coded",
        "targeted_coded",
        "multiple_years",
    ] {
        assert!(formula.contains(name), "{formula}");
    }
    let concession: Vec<f64> = fitted
        .report
        .predictions
        .iter()
        .filter(|one| one.outcome == "concession")
        .map(|one| one.estimate)
        .collect();
    // At high dependence, the index at 0 and at 1.
    assert!((concession[0] - 0.29).abs() < 0.005, "{}", concession[0]);
    assert!((concession[20] - 0.17).abs() < 0.005, "{}", concession[20]);
}

#[test]
fn what_counts_as_high_is_asked_for_and_told() {
    let episodes = standfirm::episodes().unwrap();
    let mut known = Vec::new();
    for (key, words) in [
        ("p90", "the 90th percentile"),
        ("p75", "the 75th percentile"),
        ("p95", "the 95th percentile"),
        ("max", "the largest value"),
        ("sd", "the mean plus one standard deviation"),
    ] {
        let specification = Specification::default().with("high", key).unwrap();
        let model = specification.find("index:trade_share").unwrap();
        let fitted = standfirm::fitting::fitted::fit(&specification, &model, &episodes).unwrap();
        let dependence = fitted.estimate.values(model.term()).unwrap();
        assert_eq!(fitted.report.high_dependence, model.high.of(&dependence));
        let figure = &standfirm::exhibits::two::figures(std::slice::from_ref(&fitted)).unwrap()[0];
        let told = format!("High dependence is {words} of the episodes");
        assert!(figure.note.contains(&told), "{}", figure.note);
        assert!(!known.contains(&fitted.report.high_dependence), "{key}");
        known.push(fitted.report.high_dependence);
    }
}

/// The one number of a model of regimes is that of the regime chosen.
#[test]
fn personalists_are_contrasted_with_whom_one_chooses() {
    let episodes = standfirm::episodes().unwrap();
    let effect = |text: &str, level: &str| {
        let specification = specified(text);
        let model = specification.find("regime:trade_share").unwrap();
        let fitted = standfirm::fitting::fitted::fit(&specification, &model, &episodes).unwrap();
        let high = fitted.report.high_dependence;
        let effect = standfirm::findings::effect::effect(&model, fitted.estimate.fit(), high).unwrap();
        let at = |regime: &str| {
            let found = fitted.report.predictions.iter().find(|one| {
                let at = format!("{:?}", one.at);
                one.outcome == "concession" && at.contains(&format!("\"{regime}\""))
            });
            found.unwrap().estimate
        };
        assert!(
            (effect.estimate - (at("personalist") - at(level))).abs() < 1e-12,
            "{text}"
        );
        effect.estimate
    };
    assert_ne!(
        effect("", "democracy"),
        effect("against=nonpersonalist", "nonpersonalist")
    );
}
