//! Covariances, tests, margins and the bias-reduced fit against numbers from R: `reference/inference.R` makes the
//! data and the numbers, with packages nnet, VGAM, sandwich, car and numDeriv.

// The helpers of a test may fail it.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{Agreement, fit, table};
use mlogit::{
    At, Clusters, Column, Comparison, Covariance, Effect, Fit, Formula, Frame, FrameBuilder, Interval,
    Prediction, Table,
};
use serde_json::Value;

const FORMULA: &str = "y ~ x * z + g * x + d";

fn data() -> Table {
    table(include_str!("reference/inference.csv"))
}

fn reference() -> Value {
    serde_json::from_str(include_str!("reference/inference.json")).unwrap()
}

fn model() -> Fit {
    fit(&data(), FORMULA, "a")
}

/// Estimates or standard errors of all coefficients, in the reference's order.
fn check_all(
    fit: &Fit,
    names: &Value,
    expected: &Value,
    tolerance: f64,
    number: impl Fn(&mlogit::Coefficient) -> f64,
) -> f64 {
    let mut agreement = Agreement::default();
    let terms: Vec<&str> = names
        .as_array()
        .unwrap()
        .iter()
        .map(|term| term.as_str().unwrap())
        .collect();
    let pairs = ["b", "c"]
        .iter()
        .flat_map(|outcome| terms.iter().map(move |term| (*outcome, *term)));
    for ((outcome, term), expected) in pairs.zip(expected.as_array().unwrap()) {
        let found = fit.coefficient(outcome, term).unwrap();
        agreement.check(&format!("{outcome}, {term}"), number(&found), expected, tolerance);
    }
    agreement.worst()
}

#[test]
fn covariances() {
    let (fit, table, reference) = (model(), data(), reference());
    let terms = &reference["terms"];
    let worst = check_all(&fit, terms, &reference["estimate"], 1e-10, |one| one.estimate);
    println!("coefficients agree to {worst:.1e}");
    let clusters = |columns: &[&str]| Clusters::new(&table, columns).unwrap();
    for (key, covariance) in [
        ("observed", Covariance::Observed),
        ("hc0", Covariance::Hc0),
        ("hc1", Covariance::Hc1),
        ("robust", Covariance::Robust),
        ("cluster", Covariance::Cluster(clusters(&["school"]))),
        (
            "cluster_uncorrected",
            Covariance::Cluster(clusters(&["school"]).uncorrected()),
        ),
        ("dyad", Covariance::Cluster(clusters(&["school", "g"]))),
    ] {
        let fit = fit.with_covariance(&covariance).unwrap();
        let worst = check_all(&fit, terms, &reference["covariances"][key], 1e-9, |one| {
            one.std_error
        });
        println!("{covariance}: standard errors agree to {worst:.1e}");
    }
}

#[test]
fn covariances_with_weights() {
    let (table, reference) = (data(), reference());
    let terms = &reference["terms"];
    let frame = FrameBuilder::new()
        .weights("w")
        .build(&table, &Formula::parse(FORMULA).unwrap())
        .unwrap();
    let fit = frame.design().unwrap().fit().unwrap();
    let reference = &reference["weighted"];
    check_all(&fit, terms, &reference["estimate"], 1e-10, |one| one.estimate);
    let clusters = Covariance::Cluster(Clusters::new(&table, &["school"]).unwrap());
    for (key, covariance) in [
        ("hc0", Covariance::Hc0),
        ("hc1", Covariance::Hc1),
        ("cluster", clusters),
    ] {
        let fit = fit.with_covariance(&covariance).unwrap();
        let worst = check_all(&fit, terms, &reference[key], 1e-9, |one| one.std_error);
        println!("weighted, {covariance}: standard errors agree to {worst:.1e}");
    }
}

#[test]
fn tests() {
    let (fit, table, reference) = (model(), data(), reference());
    let clusters = Clusters::new(&table, &["school"]).unwrap();
    let clustered = fit.with_covariance(&Covariance::Cluster(clusters)).unwrap();
    let mut wald = Agreement::default();
    for (hypothesis, expected) in reference["tests"].as_object().unwrap() {
        for (fit, expected) in [(&fit, &expected["observed"]), (&clustered, &expected["cluster"])] {
            let found = fit.test(hypothesis).unwrap();
            wald.check(hypothesis, found.statistic, &expected[0], 1e-8);
            assert_eq!(Some(found.df as u64), expected[1].as_u64());
            wald.check(hypothesis, found.p_value, &expected[2], 1e-7);
        }
    }
    let mut lr = Agreement::default();
    let by_term = fit.likelihood_ratio_by_term().unwrap();
    assert_eq!(by_term.len(), 3);
    for (term, found) in by_term {
        let expected = &reference["lr"][&term];
        lr.check(&term, found.statistic, &expected[0], 1e-10);
        assert_eq!(Some(found.df as u64), expected[1].as_u64());
        lr.check(&term, found.p_value, &expected[2], 1e-8);
    }
    let mut hausman = Agreement::default();
    for (outcome, expected) in reference["hausman"].as_object().unwrap() {
        let found = fit.hausman_mcfadden(outcome).unwrap();
        hausman.check(outcome, found.statistic, expected, 1e-6);
    }
    println!(
        "Wald tests agree to {:.1e}, likelihood ratios to {:.1e}, Hausman-McFadden to {:.1e}",
        wald.worst(),
        lr.worst(),
        hausman.worst()
    );
}

fn of_predictions(found: impl Iterator<Item = Prediction>) -> Vec<(f64, f64)> {
    found.map(|one| (one.estimate, one.std_error)).collect()
}

fn of_effects(found: impl Iterator<Item = Effect>) -> Vec<(f64, f64)> {
    found.map(|one| (one.estimate, one.std_error)).collect()
}

#[test]
fn margins() {
    let (fit, table, reference) = (model(), data(), reference());
    let held = || At::observed().with("z", 0.5).with("g", "q");
    let predicted = |at: At| of_predictions(fit.predictions([at]).unwrap().iter());
    let sloped = |variable: &str, at: At| of_effects(fit.slopes([variable], &at).unwrap().iter());
    let compared =
        |comparison: Comparison, at: At| of_effects(fit.comparisons([comparison], &at).unwrap().iter());
    let clusters = Clusters::new(&table, &["school"]).unwrap();
    let clustered = fit.with_covariance(&Covariance::Cluster(clusters)).unwrap();
    let from_0_to_2 = || Comparison::of("x").between(0.0, 2.0);
    let levels = sloped("g", At::observed());
    let found = [
        ("predictions, observed", predicted(At::observed())),
        ("predictions, z = 0.5, g = q", predicted(held())),
        (
            "predictions, z = 0.5, g = q, clustered",
            of_predictions(clustered.predictions([held()]).unwrap().iter()),
        ),
        ("predictions, means", predicted(At::means())),
        (
            "predictions, means, x = 2, g = r",
            predicted(At::means().with("x", 2.0).with("g", "r")),
        ),
        ("slopes, x", sloped("x", At::observed())),
        ("slopes, z", sloped("z", At::observed())),
        ("slopes, d", sloped("d", At::observed())),
        ("slopes, x, z = 0.5, g = q", sloped("x", held())),
        ("slopes, x, means", sloped("x", At::means())),
        ("slopes, g, q", levels[..3].to_vec()),
        ("slopes, g, r", levels[3..].to_vec()),
        ("comparisons, x", compared(Comparison::of("x"), At::observed())),
        ("comparisons, x = 0 : 2", compared(from_0_to_2(), At::observed())),
        (
            "comparisons, x = 0 : 2, ratio",
            compared(from_0_to_2().ratio(), At::observed()),
        ),
        (
            "comparisons, x = 0 : 2, ln ratio",
            compared(from_0_to_2().ln_ratio(), At::observed()),
        ),
        (
            "comparisons, x, means",
            compared(Comparison::of("x"), At::means()),
        ),
    ];
    let expected = reference["margins"].as_object().unwrap();
    assert_eq!(found.len(), expected.len());
    let (mut estimates, mut errors) = (Agreement::default(), Agreement::default());
    for (what, found) in found {
        assert_eq!(found.len(), 3, "{what}");
        for (j, (estimate, std_error)) in found.into_iter().enumerate() {
            estimates.check(what, estimate, &expected[what]["estimate"][j], 1e-10);
            errors.check(what, std_error, &expected[what]["std_error"][j], 1e-8);
        }
    }
    println!(
        "margins agree to {:.1e}, their standard errors to {:.1e}",
        estimates.worst(),
        errors.worst()
    );

    let mut others = Agreement::default();
    let plain = common::fit(&table, "y ~ x + z", "a");
    for (j, slope) in plain.slopes(["x"], &At::observed()).unwrap().iter().enumerate() {
        others.check("VGAM's margeff", slope.estimate, &reference["margeff_x"][j], 1e-9);
    }
    let bounded = fit
        .predictions([held()])
        .unwrap()
        .with_interval(&Interval::Logit)
        .unwrap();
    for (j, one) in bounded.iter().enumerate() {
        others.check(
            "logit scale",
            one.conf_low,
            &reference["bounded"]["conf_low"][j],
            1e-8,
        );
        others.check(
            "logit scale",
            one.conf_high,
            &reference["bounded"]["conf_high"][j],
            1e-8,
        );
    }
    println!(
        "VGAM's margeff and intervals on the logit scale agree to {:.1e}",
        others.worst()
    );
}

#[test]
fn bias_reduced() {
    let (data, reference) = (data(), reference());
    let reference = &reference["firth"];
    let (Column::Text(y), Column::Text(g)) = (data.column("y").unwrap(), data.column("g").unwrap()) else {
        panic!("outcome and group are text")
    };
    let separated = |row: &usize| g.get(*row) == Some("r") && y.get(*row) == Some("c");
    let kept: Vec<usize> = (0..120).filter(|row| !separated(row)).collect();
    let mut small = Table::new();
    for name in data.names() {
        let column = match data.column(name).unwrap() {
            Column::Number(values) => Column::number(kept.iter().map(|&row| values[row])),
            Column::Text(text) => Column::text_or_missing(kept.iter().map(|&row| text.get(row))),
        };
        small.insert(name.clone(), column).unwrap();
    }
    let frame = Frame::new(&small, &Formula::parse("y ~ x + g").unwrap()).unwrap();
    assert_eq!(Some(frame.rows() as u64), reference["rows"].as_u64());
    let fit = frame.design().unwrap().fit_firth().unwrap();
    // The reference's own derivatives are numerical.
    let estimates = check_all(&fit, &reference["terms"], &reference["estimate"], 1e-7, |one| {
        one.estimate
    });
    let errors = check_all(&fit, &reference["terms"], &reference["std_error"], 1e-7, |one| {
        one.std_error
    });
    let mut likelihoods = Agreement::default();
    likelihoods.check(
        "penalised",
        fit.penalised_loglik().unwrap(),
        &reference["penalised_loglik"],
        1e-12,
    );
    let (_, lr) = fit
        .likelihood_ratio_by_term()
        .unwrap()
        .into_iter()
        .find(|(term, _)| term == "x")
        .unwrap();
    likelihoods.check("ratio", lr.statistic, &reference["lr_x"], 1e-9);
    println!(
        "bias-reduced: coefficients agree to {estimates:.1e}, standard errors to {errors:.1e}, likelihoods to {:.1e}",
        likelihoods.worst()
    );
}
