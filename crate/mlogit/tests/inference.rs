//! Covariances, tests, margins and the bias-reduced fit against numbers from R: `reference/inference.R` makes the
//! data and the numbers, with packages nnet, VGAM, sandwich, car and numDeriv.

// The helpers of a test may fail it.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{Agreement, fit, table};
use mlogit::{
    At, Clusters, Column, Comparison, Covariance, Effect, Fit, Formula, Frame, FrameBuilder, Interval,
    Prediction, Table, TwoWay,
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
fn a_covariance_matrix_has_the_coefficients_in_the_order_asked_for() {
    let fit = model();
    let names: Vec<(String, String)> = fit
        .coefficients()
        .map(|coefficient| (coefficient.outcome, coefficient.term))
        .collect();
    let asked: Vec<(&str, &str)> = names.iter().rev().take(3).map(|(a, b)| (&**a, &**b)).collect();
    let matrix = fit.covariances(&asked).unwrap();
    assert_eq!(matrix.len(), 9);
    for (a, row) in matrix.chunks(3).enumerate() {
        for (b, cell) in row.iter().enumerate() {
            assert_eq!(*cell, fit.covariance(asked[a], asked[b]).unwrap());
        }
        let coefficient = fit.coefficient(asked[a].0, asked[a].1).unwrap();
        assert!((row[a].sqrt() - coefficient.std_error).abs() < 1e-12);
    }
    assert!(fit.covariances(&[("b", "nonsense")]).is_err());
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
    let (y, g) = (data.text("y").unwrap(), data.text("g").unwrap());
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

/// What follows from estimates and standard errors by arithmetic alone.
#[test]
fn intervals_and_criteria_follow_from_estimates() {
    let fit = model();
    for (level, quantile) in [(0.95, 1.959_963_984_540_054), (0.9, 1.644_853_626_951_472_2)] {
        let fit = fit.with_level(level).unwrap();
        for one in fit.coefficients() {
            let reach = quantile * one.std_error;
            assert!((one.conf_low - (one.estimate - reach)).abs() < 1e-12 * reach.max(1.0));
            assert!((one.conf_high - (one.estimate + reach)).abs() < 1e-12 * reach.max(1.0));
            assert!((one.statistic * one.std_error - one.estimate).abs() < 1e-12);
        }
    }
    let (k, n) = (fit.parameters() as f64, fit.n());
    assert!((fit.aic() - (2.0 * k - 2.0 * fit.loglik())).abs() < 1e-10);
    assert!((fit.bic() - (libm::log(n) * k - 2.0 * fit.loglik())).abs() < 1e-10);
    assert!((fit.likelihood_ratio().statistic - 2.0 * (fit.loglik() - fit.loglik_null())).abs() < 1e-10);
}

/// Numbers may stand on either side of a hypothesis.
#[test]
fn hypotheses_are_equations() {
    let fit = model();
    let plain = fit.test("b: x = 2").unwrap();
    for same in [
        "b: x + 1 = 3",
        "b: x - 1 = 1",
        "2 = b: x",
        "3 - b: x = 1",
        "b: 2 * x = 4",
    ] {
        let test = fit.test(same).unwrap_or_else(|error| panic!("{same}: {error}"));
        assert!(
            (test.statistic - plain.statistic).abs() < 1e-9 * plain.statistic,
            "{same}"
        );
    }
    // Something less itself is nothing, for certain: no evidence against it.
    let predictions = fit.predictions([At::observed()]).unwrap();
    for difference in predictions.difference(0, 0).unwrap() {
        assert_eq!(
            (difference.estimate, difference.statistic, difference.p_value),
            (0.0, 0.0, 1.0)
        );
    }
}

/// Fifty outcomes are the most there may be, 2,000 columns too; a frame gives its numbers back.
#[test]
fn limits_are_where_they_are_said_to_be() {
    let outcomes = |count: usize| {
        let mut table = Table::new();
        let rows = 0..(3 * count);
        table
            .insert(
                "y",
                Column::text(rows.clone().map(|row| format!("o{}", row % count))),
            )
            .unwrap();
        table
            .insert("x", Column::number(rows.map(|row| row as f64)))
            .unwrap();
        Frame::new(&table, &Formula::parse("y ~ x").unwrap())
    };
    let frame = outcomes(50).unwrap();
    assert_eq!(frame.number("x").unwrap().len(), 150);
    assert_eq!(frame.number("x").unwrap()[7], 7.0);
    assert!(matches!(
        outcomes(51),
        Err(mlogit::Error::TooManyOutcomes {
            found: 51,
            most: 50,
            ..
        })
    ));

    let crossed = |levels: usize| {
        let mut table = Table::new();
        let rows = 0..levels * levels;
        table
            .insert("y", Column::text(rows.clone().map(|row| ["p", "q"][row % 2])))
            .unwrap();
        table
            .insert(
                "a",
                Column::text(rows.clone().map(|row| format!("a{}", row % levels))),
            )
            .unwrap();
        table
            .insert("b", Column::text(rows.map(|row| format!("b{}", row / levels))))
            .unwrap();
        let frame = Frame::new(&table, &Formula::parse("y ~ a * b").unwrap()).unwrap();
        frame.design()
    };
    // An intercept, 59 and 59 levels beside the first of each, and their products.
    let error = crossed(60).unwrap_err();
    assert!(
        matches!(
            error,
            mlogit::Error::TooManyColumns {
                found: 3_600,
                most: 2_000
            }
        ),
        "{error}"
    );
    assert!(!matches!(crossed(10), Err(mlogit::Error::TooManyColumns { .. })));
}

/// `reference/weights.R` makes these numbers, with package sandwich.
#[test]
fn probability_weights_and_two_ways() {
    let reference: Value = serde_json::from_str(include_str!("reference/weights.json")).unwrap();
    let mut table = data();
    let band: Vec<f64> = table
        .numbers("x")
        .unwrap()
        .iter()
        .map(|x| (x * 10.0).round_ties_even())
        .collect();
    table.insert("band", Column::number(band)).unwrap();
    let formula = Formula::parse("y ~ x + z + d").unwrap();
    let frame = FrameBuilder::new().probability_weights("w");
    let weighted = frame
        .build(&table, &formula)
        .unwrap()
        .design()
        .unwrap()
        .fit()
        .unwrap();
    let weighted = weighted.with_covariance(&Covariance::Robust).unwrap();
    let two_way = TwoWay::new(&table, "school", "band").unwrap();
    let two_way = fit(&table, "y ~ x + z + d", "a")
        .with_covariance(&Covariance::TwoWay(two_way))
        .unwrap();
    let mut agreement = Agreement::default();
    let numbers = |key: &str| reference[key].as_array().unwrap().iter();
    for (found, (estimate, se)) in weighted
        .coefficients()
        .zip(numbers("estimate").zip(numbers("probability")))
    {
        agreement.check(&found.term, found.estimate, estimate, 1e-9);
        agreement.check(&found.term, found.std_error, se, 1e-9);
    }
    for (found, se) in two_way.coefficients().zip(numbers("two_way")) {
        agreement.check(&found.term, found.std_error, se, 1e-9);
    }
    println!("weights and two ways agree to {:.1e}", agreement.worst());
}
