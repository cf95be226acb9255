//! Published cases, where their folder is present.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use mlogit::{At, Column, Error, Fit, Formula, FrameBuilder, Table};
use serde_json::Value as Json;

use crate::results::relative;
use crate::{assert_maximum, assert_separated, numbers, table};

/// The folder of published cases: `STANDFIRM_REFERENCE`, else `shared/reference` beside the project's folder. Says
/// so where there is none.
fn cases() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/reference");
    let folder = std::env::var_os("STANDFIRM_REFERENCE").map_or_else(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    // Written past the test harness, which keeps what a passing test prints to itself.
    let _ = writeln!(
        std::io::stderr(),
        "skipped: no sources (published cases; set STANDFIRM_REFERENCE to their folder)"
    );
    None
}

fn case(folder: &Path, name: &str) -> Json {
    let path = folder.join(format!("{name}.json"));
    serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap()
}

fn number(json: &Json) -> f64 {
    json.as_f64().unwrap_or_else(|| panic!("{json} is not a number"))
}

fn fit_table(table: &Table, formula: &str, base: &str) -> mlogit::Result<Fit> {
    FrameBuilder::new()
        .base(base)
        .build(table, &Formula::parse(formula)?)?
        .design()?
        .fit()
}

/// Compares everything that `case` holds and the estimator gives; `level` turns its names of outcomes into the
/// table's.
fn assert_case(case: &Json, table: &Table, outcome: &str, level: impl Fn(&str) -> String) {
    let name = case["case"].as_str().unwrap();
    let texts = |json: &Json| -> Vec<String> {
        json.as_array()
            .unwrap()
            .iter()
            .map(|text| text.as_str().unwrap().to_owned())
            .collect()
    };
    let (levels, terms) = (texts(&case["levels"]), texts(&case["columns"]));
    let base = case["base"].as_str().unwrap();
    let fit = fit_table(
        table,
        &format!("{outcome} ~ {}", terms[1..].join(" + ")),
        &level(base),
    )
    .unwrap();
    assert_maximum(&fit);

    let lr = fit.likelihood_ratio();
    let mut most = 0.0_f64;
    let mut close = |found: f64, expected: &Json, tolerance: f64, what: &str| {
        let expected = number(expected);
        let difference = (found - expected).abs() / expected.abs();
        assert!(
            difference <= tolerance,
            "{name}, {what}: {found} is not {expected}"
        );
        most = most.max(difference);
    };
    for (found, what) in [
        (fit.n(), "n"),
        (fit.loglik(), "loglik"),
        (fit.loglik_null(), "loglik_null"),
        (lr.statistic, "lr_chi2"),
        (lr.df as f64, "lr_df"),
        (fit.aic(), "aic"),
        (fit.bic(), "bic"),
        (fit.mcfadden_r2(), "mcfadden_r2"),
    ] {
        close(found, &case[what], 1e-12, what);
    }
    close(lr.p_value, &case["lr_p"], 1e-10, "lr_p");

    let equations: Vec<&String> = levels.iter().filter(|level| *level != base).collect();
    let positions: Vec<(String, &String)> = equations
        .iter()
        .flat_map(|equation| terms.iter().map(|term| (level(equation), term)))
        .collect();
    for (i, (equation, term)) in positions.iter().enumerate() {
        let found = fit.coefficient(equation, term).unwrap();
        let theirs = equations[i / terms.len()];
        close(found.estimate, &case["coef"][theirs][term.as_str()], 1e-11, term);
        close(found.std_error, &case["se"][theirs][term.as_str()], 1e-11, term);
        for (j, (other_equation, other)) in positions.iter().enumerate() {
            let covariance = fit.covariance((equation, term), (other_equation, other)).unwrap();
            close(covariance, &case["vcov_equation_major"][i][j], 1e-8, "covariance");
        }
    }

    let frame = fit.design().frame();
    let mean = |term: &String| frame.number(term).unwrap().iter().sum::<f64>() / fit.n();
    let means = terms[1..]
        .iter()
        .fold(At::observed(), |at, term| at.with(term, mean(term)));
    let predictions = fit.predictions([means]).unwrap();
    for prediction in predictions.iter() {
        let theirs = levels
            .iter()
            .find(|known| level(known) == prediction.outcome)
            .unwrap();
        close(
            prediction.estimate,
            &case["prob_at_means"][theirs],
            1e-10,
            "at means",
        );
        close(
            prediction.std_error,
            &case["prob_at_means_se_delta"][theirs],
            1e-10,
            "at means",
        );
    }
    println!("{name}: largest relative difference {most:.0e}");
}

#[test]
fn stata_s_health_insurance_example_agrees() {
    let Some(folder) = cases() else { return };
    let file = table(&folder.join("sysdsn1.csv"));
    // Stata keeps `age` in single precision, and its numbers come from those values. The file has nine digits
    // of each: enough to know which single it was, not to be it.
    let mut exact = Table::new();
    for name in file.names() {
        let column = match (name.as_str(), file.column(name).unwrap()) {
            ("age", Column::Number(ages)) => Column::number(ages.iter().map(|age| f64::from(*age as f32))),
            (_, column) => column.clone(),
        };
        exact.insert(name, column).unwrap();
    }
    let codes = ["Indemnity", "Prepaid", "Uninsure"];
    let level = |label: &str| {
        let code = codes.iter().position(|known| *known == label).unwrap() + 1;
        code.to_string()
    };
    assert_case(&case(&folder, "sysdsn1"), &exact, "insure", level);
}

#[test]
fn programme_choice_agrees() {
    let Some(folder) = cases() else { return };
    let mut table = table(&folder.join("hsbdemo.csv"));
    let Column::Text(ses) = table.column("ses").unwrap().clone() else {
        panic!("`ses` is text")
    };
    for level in ["middle", "high"] {
        let there = (0..table.rows()).map(|row| f64::from(u8::from(ses.get(row) == Some(level))));
        table
            .insert(format!("ses_{level}"), Column::number(there))
            .unwrap();
    }
    assert_case(&case(&folder, "hsbdemo"), &table, "prog", str::to_owned);
}

#[test]
fn stata_s_margins_example_agrees() {
    let Some(folder) = cases() else { return };
    let table = table(&folder.join("stata_margins_1000.csv"));
    assert_case(&case(&folder, "stata_margins_1000"), &table, "y", str::to_owned);
}

/// x1 in millionths with another origin, x2 in millions: the same model in other units.
#[test]
fn units_do_not_matter() {
    let Some(folder) = cases() else { return };
    let scaled = table(&folder.join("badscale.csv"));
    let mut plain = Table::new();
    for name in scaled.names() {
        let values = numbers(&scaled, name).iter();
        let column = match name.as_str() {
            "x1" => Column::number(values.map(|x| (x - 3e7) / 1e6)),
            "x2" => Column::number(values.map(|x| x * 1e6)),
            _ => Column::number(values.copied()),
        };
        plain.insert(name, column).unwrap();
    }
    let terms = &scaled.names()[1..];
    let formula = format!("y ~ {}", terms.join(" + "));
    let (scaled, plain) = (
        fit_table(&scaled, &formula, "0").unwrap(),
        fit_table(&plain, &formula, "0").unwrap(),
    );
    assert_maximum(&scaled);
    assert!((scaled.loglik() - plain.loglik()).abs() < 1e-10);
    for plain in plain.coefficients().filter(|one| one.term != "(Intercept)") {
        let unit = match plain.term.as_str() {
            "x1" => 1e6,
            "x2" => 1e-6,
            _ => 1.0,
        };
        let scaled = scaled.coefficient(&plain.outcome, &plain.term).unwrap();
        assert!(
            relative(scaled.estimate * unit, plain.estimate) < 1e-9,
            "{scaled:?}, {plain:?}"
        );
        assert!(
            relative(scaled.std_error * unit, plain.std_error) < 1e-11,
            "{scaled:?}, {plain:?}"
        );
    }
}

#[test]
fn collinear_terms_are_named() {
    let Some(folder) = cases() else { return };
    let error = fit_table(&table(&folder.join("collinear.csv")), "y ~ x1 + x2 + x3", "0").unwrap_err();
    let expected = Error::Collinear {
        term: "x3".to_owned(),
        others: vec!["x1".to_owned()],
    };
    assert_eq!(error, expected);
}

#[test]
fn separation_is_named() {
    let Some(folder) = cases() else { return };
    let error = fit_table(&table(&folder.join("separation.csv")), "y ~ x1 + x2", "0").unwrap_err();
    assert_separated(&error, &[("2".to_owned(), "x2".to_owned())]);
}
