//! Rubin's rules against R's mice: on data of its own, and on the shared reference where that is present.

// The exceptions for tests in clippy.toml do not reach helper functions.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::io::Write as _;
use std::path::PathBuf;

use mlogit::pooling::{Pooled, pool, pool_wald};
use serde_json::Value;

fn numbers(value: &Value) -> Vec<f64> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|number| number.as_f64().unwrap())
        .collect()
}

fn rows(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().unwrap().iter().map(numbers).collect()
}

fn close(what: &str, found: f64, expected: f64, tolerance: f64) {
    let off = (found - expected).abs() / expected.abs().max(1.0);
    assert!(off < tolerance, "{what}: {found} is not {expected}");
}

fn check(pooled: &[Pooled], reference: &Value) {
    type Field = (&'static str, fn(&Pooled) -> f64);
    let fields: [Field; 12] = [
        ("estimate", |pooled| pooled.estimate),
        ("within", |pooled| pooled.within),
        ("between", |pooled| pooled.between),
        ("total", |pooled| pooled.total),
        ("riv", |pooled| pooled.relative_increase),
        ("lambda", |pooled| pooled.lambda),
        ("fmi", |pooled| pooled.fmi),
        ("df", |pooled| pooled.df),
        ("statistic", |pooled| pooled.statistic),
        ("p_value", |pooled| pooled.p_value),
        ("conf_low", |pooled| pooled.conf_low),
        ("conf_high", |pooled| pooled.conf_high),
    ];
    for (name, field) in fields {
        for (pooled, expected) in pooled.iter().zip(numbers(&reference[name])) {
            close(name, field(pooled), expected, 1e-10);
        }
    }
}

#[test]
fn agrees_with_mice_and_mitml() {
    let reference: Value = serde_json::from_str(include_str!("reference/pooling.json")).unwrap();
    let (estimates, covariances) = (rows(&reference["estimates"]), rows(&reference["covariances"]));
    let size = estimates[0].len();
    let complete = reference["complete_df"].as_f64().unwrap();
    let pooled = |df: f64| -> Vec<Pooled> {
        let one = |k: usize| {
            let estimates: Vec<f64> = estimates.iter().map(|one| one[k]).collect();
            let variances: Vec<f64> = covariances.iter().map(|one| one[k * size + k]).collect();
            pool(&estimates, &variances, df).unwrap()
        };
        (0..size).map(one).collect()
    };
    check(&pooled(complete), &reference["pooled"]);
    check(&pooled(f64::INFINITY), &reference["pooled_infinite"]);

    for (name, df) in [
        ("wald", complete),
        ("wald_infinite", f64::INFINITY),
        ("wald_two", complete),
    ] {
        let expected = &reference[name];
        let terms: Vec<usize> = numbers(&expected["terms"])
            .iter()
            .map(|term| *term as usize)
            .collect();
        let some: Vec<Vec<f64>> = estimates
            .iter()
            .map(|one| terms.iter().map(|&k| one[k]).collect())
            .collect();
        let blocks: Vec<Vec<f64>> = covariances
            .iter()
            .map(|one| {
                terms
                    .iter()
                    .flat_map(|&a| terms.iter().map(move |&b| one[a * size + b]))
                    .collect()
            })
            .collect();
        let test = pool_wald(&some, &blocks, df).unwrap();
        assert_eq!(test.df1, terms.len());
        let number = |field: &str| expected[field].as_f64().unwrap();
        close(name, test.statistic, number("statistic"), 1e-10);
        close(name, test.df2, number("df2"), 1e-10);
        close(name, test.relative_increase, number("relative_increase"), 1e-10);
        close(name, test.p_value, number("p_value"), 1e-10);
    }
}

#[test]
fn agrees_with_the_shared_reference() {
    let folder = std::env::var_os("STANDFIRM_REFERENCE").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference"),
        PathBuf::from,
    );
    let Ok(text) = std::fs::read_to_string(folder.join("mi_pooling.json")) else {
        // Past the capture of the test's own output: a skipped test is to be seen.
        writeln!(
            std::io::stderr(),
            "pooling, shared reference ... skipped: no sources"
        )
        .unwrap();
        return;
    };
    let reference: Value = serde_json::from_str(&text).unwrap();
    let list = |name: &str| numbers(&reference[name]);
    let coefficients = rows(&reference["per_imputation_coef"]);
    let complete = reference["n"].as_f64().unwrap() - reference["k_params"].as_f64().unwrap();
    let terms: Vec<&str> = reference["terms"]
        .as_array()
        .unwrap()
        .iter()
        .map(|term| term.as_str().unwrap())
        .collect();

    // From the estimates of the reference's own fits. It gives no variances but their mean.
    for (k, name) in terms.iter().enumerate() {
        let estimates: Vec<f64> = coefficients.iter().map(|one| one[k]).collect();
        let pooled = pool(&estimates, &vec![list("within")[k]; estimates.len()], complete).unwrap();
        for (found, field) in [
            (pooled.estimate, "estimate"),
            (pooled.within, "within"),
            (pooled.between, "between"),
            (pooled.total, "total_var"),
            (pooled.std_error, "se"),
            (pooled.relative_increase, "riv"),
            (pooled.lambda, "lambda"),
            (pooled.fmi, "fmi_mice"),
            (pooled.df, "df_barnard_rubin"),
            (pooled.df_rubin, "df_rubin1987"),
        ] {
            close(name, found, list(field)[k], 1e-8);
        }
    }

    // From the completed data, fitted here: the reference's fits (nnet) end 1e-7 or so short of the maximum.
    let fits: Vec<mlogit::Fit> = reference["csv"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| fit(&folder.join(name.as_str().unwrap())))
        .collect();
    for (k, name) in terms.iter().enumerate() {
        let (outcome, term) = name.split_once(':').unwrap();
        let fitted: Vec<mlogit::Coefficient> = fits
            .iter()
            .map(|fit| fit.coefficient(outcome, term).unwrap())
            .collect();
        let estimates: Vec<f64> = fitted.iter().map(|one| one.estimate).collect();
        let variances: Vec<f64> = fitted.iter().map(|one| one.std_error * one.std_error).collect();
        let pooled = pool(&estimates, &variances, complete).unwrap();
        close(name, pooled.estimate, list("estimate")[k], 1e-6);
        close(name, pooled.std_error, list("se")[k], 1e-6);
        close(name, pooled.fmi, list("fmi_mice")[k], 1e-6);
    }
}

fn fit(path: &std::path::Path) -> mlogit::Fit {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let mut table = mlogit::Table::new();
    for (k, name) in names.iter().enumerate() {
        let values = records.iter().map(|record| record[k].parse().unwrap());
        table.insert(name, mlogit::Column::number(values)).unwrap();
    }
    let formula = mlogit::Formula::parse("y ~ x1 + x2 + x3 + x16 + x17").unwrap();
    mlogit::Frame::new(&table, &formula)
        .unwrap()
        .design()
        .unwrap()
        .fit()
        .unwrap()
}

/// Few analyses of few quantities have denominator degrees of freedom of their own: k (m - 1) is 2 here, and r is 3/4,
/// so that they are 2 (1 + 1/2) (1 + 4/3)^2 / 2.
#[test]
fn few_analyses_of_two_quantities_by_hand() {
    let identity = vec![1.0, 0.0, 0.0, 1.0];
    let test = pool_wald(
        &[vec![1.0, 0.0], vec![0.0, 1.0]],
        &[identity.clone(), identity],
        f64::INFINITY,
    )
    .unwrap();
    close("r", test.relative_increase, 0.75, 1e-14);
    close("D1", test.statistic, 1.0 / 7.0, 1e-14);
    close("df2", test.df2, 49.0 / 6.0, 1e-14);
}

#[test]
fn nothing_between_is_no_missing_information() {
    let pooled = pool(&[2.0, 2.0, 2.0], &[1.0, 1.0, 1.0], 100.0).unwrap();
    assert_eq!((pooled.between, pooled.lambda, pooled.total), (0.0, 0.0, 1.0));
    assert!(pooled.df_rubin.is_infinite());
    close("df", pooled.df, 101.0 / 103.0 * 100.0, 1e-14);
    let nothing = pool(&[0.0, 0.0], &[0.0, 0.0], 100.0).unwrap();
    assert_eq!(
        (nothing.statistic, nothing.p_value, nothing.conf_low),
        (0.0, 1.0, 0.0)
    );
}

#[test]
fn an_infinite_estimate_stays_so_and_nothing_is_known_of_it() {
    let separated = pool(&[f64::NEG_INFINITY, -20.0], &[f64::NAN, 4.0], 100.0).unwrap();
    assert_eq!(separated.estimate, f64::NEG_INFINITY);
    assert!(separated.std_error.is_nan() && separated.p_value.is_nan() && separated.fmi.is_nan());
}

#[test]
fn mistakes_are_named() {
    let message =
        |estimates: &[f64], variances: &[f64], df| pool(estimates, variances, df).unwrap_err().to_string();
    assert_eq!(
        message(&[1.0], &[1.0], 10.0),
        "pooling: 1 analyses; at least 2 are needed"
    );
    assert_eq!(
        message(&[1.0, 2.0], &[1.0], 10.0),
        "pooling: 2 estimates, but 1 variances"
    );
    assert_eq!(
        message(&[1.0, 2.0], &[1.0, -1.0], 10.0),
        "pooling: a variance of -1"
    );
    assert_eq!(
        message(&[1.0, 2.0], &[1.0, 1.0], 0.0),
        "pooling: 0 complete-data degrees of freedom"
    );
}
