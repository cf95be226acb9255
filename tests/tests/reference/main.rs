//! Results against other software's: R's and statsmodels' numbers in `tests/reference`, where the scripts that
//! made them are, and published cases where their folder is present.
//!
//! `cargo test -p standfirm-tests --test reference -- --nocapture` prints how closely each model agrees.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

mod published;
mod results;
mod specifications;

use std::path::{Path, PathBuf};

use mlogit::{At, Column, Design, Error, Fit, Formula, FrameBuilder, Separation, Table};
use results::{Agreement, Coefficient, Difference, Model, Prediction, Reference, Results, Setting, same};
use serde_json::Value as Json;
use standfirm::Specification;
use standfirm::fitting::fitted::{StudyReport, fit};
use standfirm::study::thesis::STUDY;

/// What holds, with room for another platform's rounding. R's standard errors of predictions carry the error of
/// its numerical derivatives.
const WITH_R: Agreement = Agreement {
    loglik: 1e-11,
    estimate: 1e-11,
    std_error: 1e-12,
    probability: 1e-13,
    delta: 1e-8,
};
const WITH_STATSMODELS: Agreement = Agreement {
    delta: 1e-12,
    ..WITH_R
};
/// In the study a few episodes have capability ratios thousands of times the median, and R's numerical derivatives of averaged
/// probabilities lose digits by them, which statsmodels' complex steps do not.
const WITH_R_ON_EPISODES: Agreement = Agreement {
    delta: 1e-7,
    ..WITH_R
};
/// In `units` an interaction all but repeats a main effect, and rounding weighs a million times as much in
/// standard errors. R's, from a QR decomposition, are the exact ones.
const IN_UNITS: f64 = 1e-9;

const SETS: [&str; 6] = ["study", "separated", "weighted", "units", "binary", "ten"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("reference")
}

fn read(set: &str, software: &str) -> Reference {
    let path = folder().join(format!("{set}.{software}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn table(path: &Path) -> Table {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let file = readers::read(&bytes, &readers::Options::default()).unwrap();
    file.into_whole_table().unwrap().0
}

fn numbers<'a>(table: &'a Table, name: &str) -> &'a [f64] {
    let Column::Number(values) = table.column(name).unwrap() else {
        panic!("`{name}` is not a column of numbers")
    };
    values
}

/// The design of a model of a reference file, by the estimator alone.
fn design(model: &Model) -> mlogit::Result<Design> {
    let mut table = table(&folder().join(&model.data));
    if let Some(column) = &model.dependence {
        let column = table.column(column)?.clone();
        table.insert("ln_dependence", column)?;
    }
    let mut frame = FrameBuilder::new().base(&model.base);
    if let Some(weights) = &model.weights {
        frame = frame.weights(weights);
    }
    frame.build(&table, &Formula::parse(&model.formula)?)?.design()
}

fn at(setting: &Setting) -> At {
    setting
        .iter()
        .fold(At::observed(), |at, (name, value)| match value {
            Json::String(level) => at.with(name, level.as_str()),
            value => at.with(name, value.as_f64().unwrap()),
        })
}

/// Our results, with the predictions and differences that `reference` has.
fn ours(fit: &Fit, reference: &Model) -> Results {
    let Model {
        results, separated, ..
    } = reference;
    let coefficients = fit.coefficients().map(|one| Coefficient {
        outcome: one.outcome,
        term: one.term,
        estimate: one.estimate,
        std_error: one.std_error,
    });
    let predictions = results.predictions.iter().map(|one| {
        let predictions = fit.predictions([at(&one.at)]).unwrap();
        let found = predictions
            .iter()
            .find(|found| found.outcome == one.outcome)
            .unwrap();
        Prediction {
            estimate: found.estimate,
            std_error: found.std_error,
            ..one.clone()
        }
    });
    let differences = results.differences.iter().map(|one| {
        let both = fit.predictions([at(&one.a), at(&one.b)]).unwrap();
        let differences = both.difference(0, 1).unwrap();
        let found = differences
            .iter()
            .find(|found| found.outcome == one.outcome)
            .unwrap();
        Difference {
            estimate: found.estimate,
            std_error: found.std_error,
            statistic: found.statistic,
            p_value: found.p_value,
            ..one.clone()
        }
    });
    let ours = Results {
        n: fit.n(),
        loglik: fit.loglik(),
        loglik_null: fit.loglik_null(),
        aic: Some(fit.aic()),
        bic: Some(fit.bic()),
        coefficients: coefficients.collect(),
        predictions: predictions.collect(),
        differences: differences.collect(),
    };
    finite(ours, separated)
}

/// The first-order conditions: no gradient is left, and the average of each outcome's probability over the
/// observations is the outcome's share of them.
fn assert_maximum(fit: &Fit) {
    let certificate = fit.certificate();
    assert!(certificate.gradient_norm < 1e-9, "{certificate:?}");
    let shares = fit.counts().into_iter().map(|count| count / fit.n());
    let predictions = fit.predictions([At::observed()]).unwrap();
    for (prediction, share) in predictions.iter().zip(shares) {
        assert!(
            (prediction.estimate - share).abs() < 1e-12,
            "{prediction:?}, share {share}"
        );
    }
}

/// The error names every coefficient without a finite estimate, and only those.
fn assert_separated(error: &Error, separated: &[(String, String)]) {
    let Error::Separation { directions } = error else {
        panic!("not separation: {error}")
    };
    let named = directions.iter().map(|one| (&one.outcome, &one.term));
    assert!(
        named.eq(separated.iter().map(|(outcome, term)| (outcome, term))),
        "{error}; expected {separated:?}"
    );
}

/// Every model of every set, fitted by the estimator, against both; and they against each other.
#[test]
fn every_model_agrees_with_r_and_statsmodels() {
    for set in SETS {
        let (r, statsmodels) = (read(set, "R"), read(set, "statsmodels"));
        println!("{set}: {}; {}", r.software, statsmodels.software);
        for (key, theirs) in &statsmodels.models {
            let model = &r.models[key];
            let with_r = if set == "study" {
                WITH_R_ON_EPISODES
            } else {
                WITH_R
            };
            let limits = |limits: Agreement| match set {
                "units" => Agreement {
                    std_error: IN_UNITS,
                    delta: IN_UNITS.max(limits.delta),
                    ..limits
                },
                _ => limits,
            };
            let fit = design(model).and_then(|design| {
                if model.separated.is_empty() {
                    return design.fit();
                }
                assert_separated(&design.clone().fit().unwrap_err(), &model.separated);
                design.fit_with(Separation::Limit)
            });
            let fit = fit.unwrap_or_else(|error| panic!("{key}: {error}"));
            assert_maximum(&fit);
            for (name, other, with) in [("R", model, with_r), ("statsmodels", theirs, WITH_STATSMODELS)] {
                Agreement::between(&ours(&fit, other), &other.results).check(
                    key,
                    &format!("Standfirm and {name}"),
                    &limits(with),
                );
            }
            Agreement::between(&theirs.results, &model.results).check(
                key,
                "statsmodels and R",
                &limits(with_r),
            );
        }
    }
}

/// Two outcomes are a logistic regression.
#[test]
fn two_outcomes_agree_with_glm() {
    let reference = read("binary", "R");
    let glm = &reference.models["binary:glm"];
    let fit = design(glm).unwrap().fit().unwrap();
    Agreement::between(&ours(&fit, glm), &glm.results).check("binary:glm", "Standfirm and R", &WITH_R);
}

/// The models as the study fits and reports them; without those on imputed data, which only the study's own
/// random numbers impute.
#[test]
fn every_complete_case_model_of_the_study_agrees() {
    let episodes = standfirm::episodes().unwrap();
    let models = STUDY.models.iter().filter(|model| !model.dependence.imputed);
    let fitted: Vec<(String, StudyReport)> = models
        .map(|model| {
            let fitted = fit(&Specification::default(), model, &episodes).unwrap();
            (model.key(), fitted.report)
        })
        .collect();
    for (name, with) in [("R", WITH_R_ON_EPISODES), ("statsmodels", WITH_STATSMODELS)] {
        let reference = read("study", name);
        for (key, report) in &fitted {
            let expected = reference
                .models
                .get(key)
                .unwrap_or_else(|| panic!("no reference numbers for {key} from {name}"));
            assert_eq!(expected.formula, report.formula);
            assert_eq!(expected.base, report.model.base);
            assert_eq!(expected.dependence.as_deref(), Some(report.dependence.as_str()));
            Agreement::between(&reported(report, expected), &expected.results).check(
                key,
                &format!("study and {name}"),
                &with,
            );
        }
    }
}

/// What the study reports of a model, with the predictions and differences that `reference` has. It finds what
/// counts as high dependence by itself.
fn reported(report: &StudyReport, reference: &Model) -> Results {
    let setting = |parts: &[&report::results::At]| -> Setting {
        let values = parts.iter().flat_map(|at| at.iter());
        values
            .map(|(name, value)| (name.clone(), serde_json::to_value(value).unwrap()))
            .collect()
    };
    let model = &report.model;
    let coefficients = model.coefficients.iter().map(|one| Coefficient {
        outcome: one.outcome.clone(),
        term: one.term.clone(),
        estimate: one.estimate,
        std_error: one.std_error,
    });
    let predictions = report.predictions.iter().map(|one| Prediction {
        at: setting(&[&one.at]),
        outcome: one.outcome.clone(),
        estimate: one.estimate,
        std_error: one.std_error,
    });
    let differences = report.comparisons.iter().map(|one| Difference {
        a: setting(&[&one.at, &one.to]),
        b: setting(&[&one.at, &one.from]),
        outcome: one.outcome.clone(),
        estimate: one.estimate,
        std_error: one.std_error,
        statistic: one.statistic,
        p_value: one.p_value,
    });
    let (predictions, differences): (Vec<_>, Vec<_>) = (predictions.collect(), differences.collect());
    let predicted = reference.results.predictions.iter().map(|expected| {
        let same = |found: &&Prediction| found.outcome == expected.outcome && same(&found.at, &expected.at);
        let found = predictions.iter().find(same);
        found
            .unwrap_or_else(|| panic!("the study does not report {expected:?}"))
            .clone()
    });
    let differing = reference.results.differences.iter().map(|expected| {
        let same = |found: &&Difference| {
            found.outcome == expected.outcome && same(&found.a, &expected.a) && same(&found.b, &expected.b)
        };
        let found = differences.iter().find(same);
        found
            .unwrap_or_else(|| panic!("the study does not report {expected:?}"))
            .clone()
    });
    finite(
        Results {
            n: model.n,
            loglik: model.loglik,
            loglik_null: model.loglik_null,
            aic: Some(model.aic),
            bic: Some(model.bic),
            coefficients: coefficients.collect(),
            predictions: predicted.collect(),
            differences: differing.collect(),
        },
        &reference.separated,
    )
}

/// Results without the coefficients that have no finite estimate, which must be said to be infinite, and then
/// without information criteria.
fn finite(mut results: Results, separated: &[(String, String)]) -> Results {
    if separated.is_empty() {
        return results;
    }
    results.coefficients.retain(|one| {
        let infinite = separated
            .iter()
            .any(|(outcome, term)| *outcome == one.outcome && *term == one.term);
        assert_eq!(infinite, one.estimate.is_infinite(), "{one:?}");
        assert_eq!(infinite, one.std_error.is_nan(), "{one:?}");
        !infinite
    });
    Results {
        aic: None,
        bic: None,
        ..results
    }
}
