//! Chosen rows, families of slopes and nested models against numbers from R: `reference/families.R` makes them, with packages
//! nnet, mvtnorm and sandwich.

// The helpers of a test may fail it.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{Agreement, fit, table};
use mlogit::{Adjustment, At, Condition, Covariance, Table};
use serde_json::Value;

const CONDITION: &str = "(x >= -1 & !(school in (3, 7))) | g == 'q' & z < x";

fn reference() -> Value {
    serde_json::from_str(include_str!("reference/families.json")).unwrap()
}

fn data() -> Table {
    table(include_str!("reference/inference.csv"))
}

fn chosen() -> Table {
    let data = data();
    let selection = Condition::parse(CONDITION).unwrap().select(&data).unwrap();
    data.select(&selection.rows)
}

#[test]
fn conditions_choose_the_rows_that_subset_does() {
    let selection = Condition::parse(CONDITION).unwrap().select(&data()).unwrap();
    let rows: Vec<u64> = selection.rows.iter().map(|row| *row as u64 + 1).collect();
    let expected = reference()["rows"].as_array().unwrap().clone();
    assert!(rows.len() > 100 && rows.len() < 400);
    assert_eq!(rows.into_iter().map(Value::from).collect::<Vec<_>>(), expected);
}

#[test]
fn families_of_slopes() {
    let (reference, fit) = (reference(), fit(&chosen(), "y ~ x + z + d", "a"));
    let mut agreement = Agreement::default();
    agreement.check("log-likelihood", fit.loglik(), &reference["loglik"], 1e-10);
    let effects = fit.slopes(["x", "z", "d"], &At::observed()).unwrap();
    let slopes: Vec<_> = effects.iter().collect();
    for (at, slope) in slopes.iter().enumerate() {
        let what = format!("{} {}", slope.variable, slope.outcome);
        agreement.check(&what, slope.estimate, &reference["estimate"][at], 1e-9);
        agreement.check(&what, slope.std_error, &reference["std_error"][at], 1e-7);
    }
    for (adjustment, key, tolerance) in [
        (Adjustment::Bonferroni, "bonferroni", 1e-5),
        (Adjustment::Holm, "holm", 1e-5),
        // Both are simulated: a difference of 0.003 in p, where numbers below 0.001 are compared absolutely.
        (Adjustment::SupT, "single_step", f64::INFINITY),
    ] {
        let family = effects.family(adjustment, 1).unwrap();
        for (at, (one, slope)) in family.adjusted.iter().zip(&slopes).enumerate() {
            let expected = reference[key][at].as_f64().unwrap();
            assert!(
                (one.p_value - expected).abs() < 3e-3,
                "{key} {slope:?}: {} is not {expected}",
                one.p_value
            );
            if tolerance.is_finite() {
                agreement.check(key, one.p_value, &reference[key][at], tolerance);
            }
            if let Some(critical) = family.critical {
                assert!((one.conf_low - slope.estimate + critical * slope.std_error).abs() < 1e-12);
            }
        }
        let (key, within) = match adjustment {
            Adjustment::SupT => ("critical", 4.0 * family.critical_error.unwrap() + 1e-3),
            _ => ("bonferroni_critical", 1e-9),
        };
        if let Some(critical) = family.critical {
            let expected = reference[key].as_f64().unwrap();
            assert!(
                (critical - expected).abs() < within,
                "{key}: {critical} is not {expected}, give or take {within}"
            );
        }
    }
}

#[test]
fn nested_models() {
    let (reference, table) = (reference(), chosen());
    let (large, small) = (fit(&table, "y ~ x + z + d", "a"), fit(&table, "y ~ x", "a"));
    let mut agreement = Agreement::default();
    let ratio = large.likelihood_ratio_against(&small).unwrap();
    assert_eq!(ratio.df, 4);
    agreement.check(
        "likelihood ratio",
        ratio.statistic,
        &reference["likelihood_ratio"],
        1e-9,
    );
    let wald = large
        .with_covariance(&Covariance::Robust)
        .unwrap()
        .wald_against(&small)
        .unwrap();
    assert_eq!(wald.df, 4);
    agreement.check("Wald", wald.statistic, &reference["wald"], 1e-8);
    println!("nested models agree to {:.1e}", agreement.worst());
}
