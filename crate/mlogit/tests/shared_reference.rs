//! Against the reference cases that are kept outside the project: published Stata output, a Newton solver run to
//! rounding, R. They are read from the folder that `STANDFIRM_REFERENCE` names, or from `shared/reference` beside
//! the project's folder; where there is none, the tests say so and pass.

// The helpers of a test may fail it.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::io::Write as _;
use std::path::PathBuf;

use common::{Agreement, fit, table};
use mlogit::{At, Column, Comparison, Covariance, Fit, Table};
use serde_json::Value;

fn folder() -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/reference");
    let folder = std::env::var_os("STANDFIRM_REFERENCE").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    // Written past the test harness, which keeps what passing tests print.
    let _ = std::io::stderr().write_all(b"skipped: no sources\n");
    None
}

fn case(name: &str) -> Option<(Table, Value)> {
    let folder = folder()?;
    let read = |extension: &str| std::fs::read_to_string(folder.join(format!("{name}.{extension}"))).unwrap();
    Some((table(&read("csv")), serde_json::from_str(&read("json")).unwrap()))
}

/// The outcome in the data for a level in the JSON: codes from 1 where the data are coded.
fn outcome<'a>(fit: &'a Fit, reference: &Value, level: &str) -> &'a str {
    let levels = reference["levels"].as_array().unwrap();
    let position = levels.iter().position(|known| known == level).unwrap();
    &fit.design().outcomes()[position]
}

/// Coefficients, standard errors, covariance and fit statistics. `names` are the columns' names in the fit.
fn check_fit(fit: &Fit, reference: &Value, names: &[(&str, &str)]) {
    let mut coefficients = Agreement::default();
    let mut errors = Agreement::default();
    let terms: Vec<&str> = reference["columns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|term| term.as_str().unwrap())
        .collect();
    let name = |term| {
        names
            .iter()
            .find(|(known, _)| *known == term)
            .map_or(term, |(_, name)| *name)
    };
    let mut positions = Vec::new();
    for (level, equation) in reference["coef"].as_object().unwrap() {
        for &term in &terms {
            let outcome = outcome(fit, reference, level);
            let found = fit.coefficient(outcome, name(term)).unwrap();
            let what = format!("{outcome}, {term}");
            coefficients.check(&what, found.estimate, &equation[term], 1e-10);
            errors.check(&what, found.std_error, &reference["se"][level][term], 1e-8);
            positions.push((outcome, name(term)));
        }
    }
    for (a, row) in positions
        .iter()
        .zip(reference["vcov_equation_major"].as_array().unwrap())
    {
        for (b, expected) in positions.iter().zip(row.as_array().unwrap()) {
            errors.check(
                &format!("{a:?} and {b:?}"),
                fit.covariance(*a, *b).unwrap(),
                expected,
                1e-8,
            );
        }
    }
    let lr = fit.likelihood_ratio();
    let mut statistics = Agreement::default();
    for (what, found) in [
        ("loglik", fit.loglik()),
        ("loglik_null", fit.loglik_null()),
        ("aic", fit.aic()),
        ("bic", fit.bic()),
        ("mcfadden_r2", fit.mcfadden_r2()),
        ("lr_chi2", lr.statistic),
        ("lr_df", lr.df as f64),
    ] {
        statistics.check(what, found, &reference[what], 1e-11);
    }
    let p = reference["lr_p"].as_f64().unwrap();
    assert!((lr.p_value / p - 1.0).abs() < 1e-8, "{} is not {p}", lr.p_value);
    println!(
        "coefficients agree to {:.1e}, covariances to {:.1e}, fit statistics to {:.1e}",
        coefficients.worst(),
        errors.worst(),
        statistics.worst()
    );
}

/// Probabilities at the means, and average slopes.
fn check_margins(fit: &Fit, reference: &Value) {
    let mut estimates = Agreement::default();
    let mut errors = Agreement::default();
    let predictions = fit.predictions([At::means()]).unwrap();
    for (level, expected) in reference["prob_at_means"].as_object().unwrap() {
        let outcome = outcome(fit, reference, level);
        let found = predictions.iter().find(|one| one.outcome == outcome).unwrap();
        estimates.check(outcome, found.estimate, expected, 1e-10);
        errors.check(
            outcome,
            found.std_error,
            &reference["prob_at_means_se_delta"][level],
            1e-8,
        );
    }
    for (variable, effect) in reference["ame_derivative"].as_object().unwrap() {
        let slopes = fit.slopes([variable.as_str()], &At::observed()).unwrap();
        for (level, expected) in effect["ame"].as_object().unwrap() {
            let outcome = outcome(fit, reference, level);
            let found = slopes.iter().find(|one| one.outcome == outcome).unwrap();
            let what = format!("{variable}, {outcome}");
            estimates.check(&what, found.estimate, expected, 1e-10);
            errors.check(&what, found.std_error, &effect["se"][level], 1e-8);
        }
    }
    println!(
        "probabilities at means and slopes agree to {:.1e}, their standard errors to {:.1e}",
        estimates.worst(),
        errors.worst()
    );
}

#[test]
fn sysdsn1() {
    let Some((written, reference)) = case("sysdsn1") else {
        return;
    };
    // Ages are single-precision numbers, written with nine digits; the numbers are from the former.
    let mut table = Table::new();
    for name in written.names() {
        let column = match (name.as_str(), written.column(name).unwrap()) {
            ("age", Column::Number(ages)) => Column::number(ages.iter().map(|age| f64::from(*age as f32))),
            (_, column) => column.clone(),
        };
        table.insert(name.clone(), column).unwrap();
    }
    let fit = fit(&table, "insure ~ age + male + nonwhite + isite2 + isite3", "1");
    assert_eq!(fit.n(), 615.0);
    check_fit(&fit, &reference, &[]);
    check_margins(&fit, &reference);

    let mut robust = Agreement::default();
    for (covariance, key) in [
        (Covariance::Hc0, "HC0_no_correction"),
        (Covariance::Robust, "stata_style_n_over_n_minus_1"),
    ] {
        let fit = fit.with_covariance(&covariance).unwrap();
        let terms: Vec<String> = fit.design().terms().map(str::to_owned).collect();
        for (term, row) in terms.iter().zip(reference["robust_se"][key].as_array().unwrap()) {
            for (outcome, expected) in ["2", "3"].iter().zip(row.as_array().unwrap()) {
                let found = fit.coefficient(outcome, term).unwrap().std_error;
                robust.check(&format!("{key}: {outcome}, {term}"), found, expected, 1e-8);
            }
        }
    }
    println!("robust standard errors agree to {:.1e}", robust.worst());

    let mut changes = Agreement::default();
    for (variable, expected) in reference["discrete_change_average_0_to_1"].as_object().unwrap() {
        let comparison = Comparison::of(variable).between(0.0, 1.0);
        let found = fit.comparisons([comparison], &At::observed()).unwrap();
        for (one, level) in found.iter().zip(reference["levels"].as_array().unwrap()) {
            let level = level.as_str().unwrap();
            changes.check(level, one.estimate, &expected["diff"][level], 1e-10);
            changes.check(level, one.std_error, &expected["se"][level], 1e-8);
        }
    }
    let hausman = fit.hausman_mcfadden("3").unwrap();
    let expected = &reference["hausman_mcfadden_drop_Uninsure"];
    let mut test = Agreement::default();
    test.check("Hausman-McFadden", hausman.statistic, &expected["chi2"], 1e-7);
    assert_eq!(
        (hausman.df as u64, hausman.p_value),
        (expected["df"].as_u64().unwrap(), 1.0)
    );
    assert!(hausman.note().unwrap().contains("negative"));
    println!(
        "the negative statistic of Hausman and McFadden agrees to {:.1e}",
        test.worst()
    );

    println!("discrete changes agree to {:.1e}", changes.worst());
}

#[test]
fn hsbdemo() {
    let Some((table, reference)) = case("hsbdemo") else {
        return;
    };
    let mut derived = table.clone();
    let ses = table.text("ses").unwrap();
    for level in ["middle", "high"] {
        let indicator = (0..table.rows()).map(|row| f64::from(u8::from(ses.get(row) == Some(level))));
        derived
            .insert(format!("ses_{level}"), Column::number(indicator))
            .unwrap();
    }
    let indicators = fit(&derived, "prog ~ ses_middle + ses_high + write", "academic");
    check_fit(&indicators, &reference, &[]);
    check_margins(&indicators, &reference);
    // The same with the categorical variable as it is: levels at their proportions.
    let categorical = fit(&table, "prog ~ C(ses, base = low) + write", "academic");
    let names = [("ses_middle", "ses[middle]"), ("ses_high", "ses[high]")];
    check_fit(&categorical, &reference, &names);
    let predictions = categorical.predictions([At::means()]).unwrap();
    for found in predictions.iter() {
        let mut agreement = Agreement::default();
        agreement.check(
            &found.outcome,
            found.estimate,
            &reference["prob_at_means"][&found.outcome],
            1e-10,
        );
    }
}

#[test]
fn stata_margins_1000() {
    let Some((table, reference)) = case("stata_margins_1000") else {
        return;
    };
    let fit = fit(&table, "y ~ x1 + x2", "1");
    check_fit(&fit, &reference, &[]);
    check_margins(&fit, &reference);
    // What Stata printed, to its ten digits.
    let rows = &reference["published"]["rows_outcome_cols_ame_x1_se_x1_ame_x2_se_x2"];
    let slopes: Vec<_> = fit
        .slopes(["x1", "x2"], &At::observed())
        .unwrap()
        .iter()
        .collect();
    for (position, slope) in slopes.iter().enumerate() {
        let (variable, outcome) = (position / 4, position % 4);
        for (found, column) in [
            (slope.estimate, 2 * variable),
            (slope.std_error, 2 * variable + 1),
        ] {
            let expected = rows[outcome][column].as_f64().unwrap();
            assert!((found - expected).abs() < 1e-10, "{found} is not {expected}");
        }
    }
}

#[test]
fn badscale() {
    let Some(folder) = folder() else { return };
    let data = table(&std::fs::read_to_string(folder.join("badscale.csv")).unwrap());
    let terms: Vec<String> = (1..=25).map(|k| format!("x{k}")).collect();
    let fit = fit(&data, &format!("y ~ {}", terms.join(" + ")), "0");
    let mut rescaled = Table::new();
    for name in data.names() {
        let column = match (name.as_str(), data.column(name).unwrap()) {
            ("x1", Column::Number(values)) => Column::number(values.iter().map(|x| (x - 3e7) / 1e6)),
            ("x2", Column::Number(values)) => Column::number(values.iter().map(|x| x * 1e6)),
            (_, column) => column.clone(),
        };
        rescaled.insert(name.clone(), column).unwrap();
    }
    let plain = common::fit(&rescaled, &format!("y ~ {}", terms.join(" + ")), "0");
    assert!((fit.loglik() / plain.loglik() - 1.0).abs() < 1e-12);
    for (found, expected) in fit.coefficients().zip(plain.coefficients()) {
        let factor = match found.term.as_str() {
            "(Intercept)" => continue,
            "x1" => 1e6,
            "x2" => 1e-6,
            _ => 1.0,
        };
        let difference = |a: f64, b: f64| (a * factor / b - 1.0).abs();
        assert!(
            difference(found.estimate, expected.estimate) < 1e-9,
            "{found:?} is not {expected:?}"
        );
        assert!(
            difference(found.std_error, expected.std_error) < 1e-9,
            "{found:?} is not {expected:?}"
        );
    }
}

/// brglm2 lists coefficients term by term, standard errors equation by equation.
#[test]
fn separation() {
    let Some(folder) = folder() else { return };
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let data = table(&read("separation.csv"));
    let reference: Value = serde_json::from_str(&read("separation_brglm2.json")).unwrap();
    let reference = &reference["separation_brglm2_brmultinom_AS_mean"];
    let frame = || {
        let formula = mlogit::Formula::parse("y ~ x1 + x2").unwrap();
        mlogit::FrameBuilder::new()
            .base("0")
            .build(&data, &formula)
            .unwrap()
    };
    let refused = frame().design().unwrap().fit().unwrap_err().to_string();
    assert!(refused.contains("`x2` for outcome `2`"), "{refused}");
    let fit = frame().design().unwrap().fit_firth().unwrap();
    let mut agreement = Agreement::default();
    for (k, term) in ["(Intercept)", "x1", "x2"].iter().enumerate() {
        for (j, outcome) in ["1", "2"].iter().enumerate() {
            let found = fit.coefficient(outcome, term).unwrap();
            agreement.check(term, found.estimate, &reference["coef"][2 * k + j], 1e-9);
            agreement.check(term, found.std_error, &reference["se"][3 * j + k], 1e-9);
        }
    }
    println!(
        "bias-reduced estimates and standard errors agree to {:.1e}",
        agreement.worst()
    );
}
