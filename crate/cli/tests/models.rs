//! Chosen rows, several models, families and formats of `standfirm fit`, as others run it.

// The helpers of a test may fail it.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// 300 rows: outcome `y` (a, b, c), numbers `x` and `z` (missing in every fiftieth row), years, levels `g` (p, q, r), towns,
/// weights `w`.
fn data(name: &str) -> PathBuf {
    let mut state = 11_u64;
    let mut next = move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f64 / (1_u64 << 24) as f64
    };
    let mut text = "y,x,z,year,g,town,w\n".to_owned();
    for row in 0..300 {
        let (x, z) = (next() * 4.0 - 2.0, next() * 2.0);
        let g = ["p", "q", "r"][(next() * 3.0) as usize];
        let y = match x + next() * 3.0 - 1.5 + if g == "q" { 0.5 } else { 0.0 } {
            score if score > 0.8 => "c",
            score if score > -0.4 => "b",
            _ => "a",
        };
        let z = if row % 50 == 49 {
            String::new()
        } else {
            format!("{z:.4}")
        };
        let (year, town, w) = (1980 + row / 15, (next() * 12.0) as usize, next() + 0.5);
        text += &format!("{y},{x:.4},{z},{year},{g},t{town},{w:.3}\n");
    }
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn run(file: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_standfirm"));
    command.arg("fit").arg(file).args(arguments).output().unwrap()
}

fn text(file: &Path, arguments: &[&str]) -> String {
    let output = run(file, arguments);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

fn json(file: &Path, arguments: &[&str]) -> Value {
    let arguments = [arguments, &["--format", "json"]].concat();
    serde_json::from_str(&text(file, &arguments)).unwrap()
}

fn error(file: &Path, arguments: &[&str]) -> String {
    let output = run(file, arguments);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(told.lines().count(), 1, "{told}");
    told
}

#[test]
fn rows_are_chosen_and_the_others_told() {
    let data = data("where.csv");
    let arguments = ["y ~ x", "--where", "year >= 1990 & !(z < 0.1)"];
    let report = json(&data, &arguments);
    let selection = &report["selection"];
    assert_eq!(selection["where"], "year >= 1990 & !(z < 0.1)");
    assert_eq!(
        (&selection["of"], &selection["left_out"][0]),
        (&300.into(), &serde_json::json!([1, 150]))
    );
    assert_eq!(
        selection["unknown"],
        serde_json::json!([{"variable": "z", "rows": 3}])
    );
    assert_eq!(report["n"], selection["rows"]);
    let told = text(&data, &arguments);
    assert!(
        told.contains(&format!(
            "where year >= 1990 & !(z < 0.1): {} of 300 rows; left out: 1 to 150, ",
            report["n"]
        )) && told.contains("in 3 of them `z` is missing"),
        "{told}"
    );
    // The same by a file that has no other rows.
    let whole = json(&data, &["y ~ x", "--where", "year >= 1980"]);
    assert_eq!(whole["selection"]["left_out"], serde_json::json!([]));
    assert_eq!(whole["loglik"], json(&data, &["y ~ x"])["loglik"]);
    for (condition, expected) in [
        ("years > 1", "error: --where, character 1: no column `years`"),
        ("g == p", "no column `p`; there are"),
        ("g == 'P'", "`g` has no level `P`; there are `p`, `q`, `r`"),
        ("year > 2050", "is true in none of the 300 rows"),
        ("year >", "character 7: expected"),
    ] {
        let told = error(&data, &["y ~ x", "--where", condition]);
        assert!(told.contains(expected), "{told}");
    }
}

/// What is wrong with a row is told of its place in the file, whatever rows are chosen.
#[test]
fn rows_keep_their_numbers() {
    let data = data("numbers.csv");
    let told = error(&data, &["y ~ log(x)", "--where", "year >= 1981"]);
    let row: usize = told
        .split("in row ")
        .nth(1)
        .unwrap()
        .split(',')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    assert!(row > 15, "{told}");
    let line = std::fs::read_to_string(&data)
        .unwrap()
        .lines()
        .nth(row)
        .unwrap()
        .to_owned();
    assert!(line.split(',').nth(1).unwrap().starts_with('-'), "{told}: {line}");
}

#[test]
fn models_stand_side_by_side() {
    let data = data("models.csv");
    let arguments = [
        "y ~ 1",
        "--model",
        "y ~ x",
        "--model",
        "y ~ x + g",
        "--model",
        "y ~ x + z",
    ];
    let report = json(&data, &arguments);
    let loglik = |model: usize| report["models"][model]["loglik"].as_f64().unwrap();
    assert_eq!(report["models"].as_array().unwrap().len(), 4);
    assert_eq!(loglik(2), json(&data, &["y ~ x + g"])["loglik"].as_f64().unwrap());
    let test = &report["nested"][1];
    assert_eq!(
        (&test["smaller"], &test["larger"], &test["test"]["df"]),
        (&2.into(), &3.into(), &4.into())
    );
    let statistic = test["test"]["statistic"].as_f64().unwrap();
    assert!((statistic - 2.0 * (loglik(2) - loglik(1))).abs() < 1e-9);
    // As many fewer parameters as rows: other rows, and not nested.
    assert!(
        report["nested"][2]["reason"]
            .as_str()
            .unwrap()
            .contains("other rows (300 and 294)"),
        "{}",
        report["nested"]
    );
    let shown = text(&data, &arguments);
    for part in [
        "(1)",
        "(4)",
        "Observations",
        "294",
        "Log-likelihood",
        "AIC",
        "BIC",
        "(3) is not tested against (4)",
    ] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
    let robust = json(&data, &["y ~ x", "--model", "y ~ x + g", "--vcov", "robust"]);
    let test = &robust["nested"][0]["test"];
    assert_eq!((&test["kind"], &test["df"]), (&"wald".into(), &4.into()));
    assert!(
        test["note"]
            .as_str()
            .unwrap()
            .contains("in place of the likelihood ratio"),
        "{test}"
    );
    let told = error(&data, &["y ~ x", "--model", "y ~ x +"]);
    assert!(
        told.contains("model (2), `y ~ x +`: formula, character 8"),
        "{told}"
    );
    let told = error(&data, &["y ~ x", "--model", "y ~ v"]);
    assert!(told.contains("no column `v`"), "{told}");
    let told = error(&data, &["y ~ x", "--model", "y ~ year + I(2 * year)"]);
    assert!(
        told.contains("model (2), `y ~ year + I(2 * year)`: collinear"),
        "{told}"
    );
}

#[test]
fn tables_are_taken_away_in_every_format() {
    let data = data("formats.csv");
    let csv = text(&data, &["y ~ x + g", "--format", "csv"]);
    let loglik = json(&data, &["y ~ x + g"])["coefficients"][0]["estimate"].to_string();
    assert!(
        csv.starts_with("Term,b: coefficient,b: std. error,b: p,"),
        "{csv}"
    );
    assert!(csv.contains(&loglik), "every digit: {loglik}\n{csv}");
    let latex = text(
        &data,
        &["y ~ x", "--model", "y ~ x + g", "--slopes", "--format", "latex"],
    );
    assert_eq!(
        latex.matches("\\begin{table}").count(),
        4,
        "coefficients, slopes twice, tests\n{latex}"
    );
    let html = text(&data, &["y ~ x", "--slopes", "--rrr", "--format", "html"]);
    assert!(
        html.matches("<table>").count() == 2 && html.matches("<!doctype").count() == 1,
        "{html}"
    );
    assert!(html.contains("Relative risk ratios"));
    let markdown = text(
        &data,
        &[
            "y ~ x",
            "--at",
            "x=1",
            "--table",
            "predictions",
            "--format",
            "markdown",
        ],
    );
    assert!(
        markdown.contains("x = 1") && !markdown.contains("Log-likelihood"),
        "{markdown}"
    );
    let told = error(&data, &["y ~ x", "--slopes", "--format", "csv"]);
    assert!(
        told.contains("there are coefficients, slopes: say which with --table"),
        "{told}"
    );
    let slopes = text(
        &data,
        &["y ~ x", "--slopes", "--table", "slopes", "--format", "csv"],
    );
    assert_eq!(slopes.lines().count(), 2, "{slopes}");
    assert!(
        error(&data, &["y ~ x", "--table", "slopes"]).contains("there are no slopes; there are coefficients")
    );
    assert!(error(&data, &["y ~ x", "--table", "plots"]).contains("coefficients"));
}

#[test]
fn families_are_named() {
    let data = data("families.csv");
    let report = json(
        &data,
        &[
            "y ~ x + g",
            "--slopes",
            "--compare",
            "g = p : r",
            "--adjust",
            "sup-t",
        ],
    );
    let family = &report["families"][0];
    assert_eq!(
        (&family["name"], &family["size"], &family["adjustment"]),
        (&"slopes".into(), &9.into(), &"sup_t".into())
    );
    assert_eq!(report["families"][1]["size"], 3);
    let critical = family["critical"].as_f64().unwrap();
    assert!(critical > 2.2 && critical < 2.78, "{critical}");
    for slope in report["slopes"].as_array().unwrap() {
        let number = |of: &Value| of.as_f64().unwrap();
        let adjusted = &slope["adjusted"];
        let low = number(&slope["estimate"]) - critical * number(&slope["std_error"]);
        assert!((number(&adjusted["conf_low"]) - low).abs() < 1e-12);
        let excludes = number(&adjusted["conf_low"]) > 0.0 || number(&adjusted["conf_high"]) < 0.0;
        assert_eq!(excludes, number(&adjusted["p_value"]) < 0.05, "{slope}");
    }
    let told = text(&data, &["y ~ x + g", "--slopes", "--adjust", "holm"]);
    assert!(
        told.contains("the 9 slopes of all outcomes and settings are one family; Holm"),
        "{told}"
    );
    assert!(
        error(&data, &["y ~ x", "--adjust", "holm"]).contains("--adjust goes with --slopes or --compare")
    );
    let told = error(
        &data,
        &[
            "y ~ x",
            "--slopes",
            "--adjust",
            "holm",
            "--interval",
            "simulation",
        ],
    );
    assert!(told.contains("--adjust goes with --interval delta"), "{told}");
}

/// Where a likelihood ratio has no known distribution there is a Wald test and a word about it.
#[test]
fn robust_errors_have_wald_tests() {
    let data = data("robust.csv");
    for arguments in [
        &["y ~ x + g", "--lr", "--vcov", "robust"][..],
        &["y ~ x + g", "--lr", "--cluster", "town"],
        &["y ~ x + g", "--lr", "--pweights", "w"],
    ] {
        let report = json(&data, arguments);
        let tests = report["tests"].as_array().unwrap();
        assert!(tests.iter().all(|test| test["kind"] == "wald"), "{tests:?}");
        let wald = json(
            &data,
            &[&arguments[..1], &arguments[2..], &["--test", "g"]].concat(),
        );
        assert_eq!(
            tests[1]["statistic"], wald["tests"][0]["statistic"],
            "{arguments:?}"
        );
        assert!(report["lr_note"].as_str().unwrap().contains("Wald"));
        let told = text(&data, arguments);
        assert!(
            told.contains("Wald chi2(6)") && !told.contains("LR chi2"),
            "{told}"
        );
        assert!(
            told.contains("note: x; g: Wald test in place of the likelihood ratio"),
            "{told}"
        );
        let pseudo = arguments.contains(&"--pweights");
        assert_eq!(told.contains("log pseudolikelihood"), pseudo, "{told}");
        assert_eq!(told.contains("AIC and BIC mean nothing"), pseudo, "{told}");
    }
    // Three clusters cannot tell four coefficients apart, nor two terms of them: what can be tested is.
    let few = json(&data, &["y ~ x + town", "--lr", "--cluster", "g"]);
    assert_eq!(few["tests"][0]["hypothesis"], "x");
    assert_eq!(few["refused"][0]["hypothesis"], "town");
    let plain = json(&data, &["y ~ x + g", "--lr"]);
    assert_eq!(plain["tests"][0]["kind"], "likelihood-ratio");
    assert!(plain.get("wald").is_none() && plain.get("lr_note").is_none());
}

/// `a` has numbers below zero and `c` above it, `d` has both: without `d` the others are separated, and only that test is lost.
#[test]
fn independence_is_tested_where_it_can_be() {
    let row = |row: u32| {
        let x = f64::from(row * 37 % 41) - 20.5;
        let y = match (row % 3, x < 0.0) {
            (0, _) => "d",
            (_, true) => "a",
            (_, false) => "c",
        };
        format!("{y},{x}\n")
    };
    let rows: String = (0..150).map(row).collect();
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("iia.csv");
    std::fs::write(&path, format!("y,x\n{rows}")).unwrap();
    let report = json(&path, &["y ~ x", "--iia", "--vcov", "robust"]);
    let hypotheses: Vec<&str> = report["tests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|test| test["hypothesis"].as_str().unwrap())
        .collect();
    assert_eq!(hypotheses, ["IIA, without a", "IIA, without c"]);
    assert_eq!(report["tests"][0]["covariance"], "observed information");
    let refused = &report["refused"][0];
    assert_eq!(refused["hypothesis"], "IIA, without d");
    assert!(
        refused["reason"].as_str().unwrap().contains("separation"),
        "{refused}"
    );
    let told = text(&path, &["y ~ x", "--iia", "--vcov", "robust"]);
    assert!(
        told.contains("note: IIA, without d cannot be had: ")
            && told.contains("IIA tests: covariance: observed information"),
        "{told}"
    );
    // Where there is none at all, that is an error like others.
    assert!(error(&path, &["y ~ x", "--iia", "--firth"]).contains("maximum-likelihood fit"));
}
