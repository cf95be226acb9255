//! `standfirm fit` as others run it: the binary, its output, its exit status.

// The helpers of a test may fail it.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// 240 rows: outcome `y` (a, b, c), numbers `x` and `z`, levels `g` (p, q, r), clusters `town`, weights `w`.
fn csv() -> String {
    let mut state = 7_u64;
    let mut next = move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f64 / (1_u64 << 24) as f64
    };
    let mut text = "y,x,z,g,town,w\n".to_owned();
    for _ in 0..240 {
        let (x, z) = (next() * 4.0 - 2.0, next() * 2.0);
        let g = ["p", "q", "r"][(next() * 3.0) as usize];
        let noise = next() * 3.0 - 1.5;
        let y = match x + noise + if g == "q" { 0.5 } else { 0.0 } {
            score if score > 0.8 => "c",
            score if score > -0.4 => "b",
            _ => "a",
        };
        let (town, w) = ((next() * 12.0) as usize, (next() * 3.0) as usize + 1);
        text += &format!("{y},{x:.4},{z:.4},{g},t{town},{w}\n");
    }
    text
}

fn file(name: &str, text: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn run(file: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_standfirm"))
        .arg("fit")
        .arg(file)
        .args(arguments)
        .output()
        .unwrap()
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
    let arguments: Vec<&str> = arguments.iter().copied().chain(["--json"]).collect();
    serde_json::from_str(&text(file, &arguments)).unwrap()
}

/// The one line of an error.
fn error(file: &Path, arguments: &[&str]) -> String {
    let output = run(file, arguments);
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(output.stdout.is_empty());
    assert_eq!(message.lines().count(), 1, "{message}");
    message.trim_end().to_owned()
}

fn standard_errors(report: &Value) -> Vec<f64> {
    let coefficients = report["coefficients"].as_array().unwrap();
    coefficients
        .iter()
        .map(|one| one["std_error"].as_f64().unwrap())
        .collect()
}

#[test]
fn json_keeps_its_keys() {
    let data = file("keys.csv", &csv());
    let report = json(&data, &["y ~ x + z"]);
    for key in [
        "n",
        "outcomes",
        "base",
        "loglik",
        "loglik_null",
        "aic",
        "bic",
        "converged",
        "iterations",
        "coefficients",
        "warnings",
        "method",
        "vcov",
        "level",
        "certificate",
        "interval",
        "predictions",
        "slopes",
        "comparisons",
        "tests",
    ] {
        assert!(report.get(key).is_some(), "{key}");
    }
    for key in [
        "outcome",
        "term",
        "estimate",
        "std_error",
        "statistic",
        "p_value",
        "conf_low",
        "conf_high",
    ] {
        assert!(report["coefficients"][0].get(key).is_some(), "{key}");
    }
    assert_eq!(report["n"], 240);
    assert_eq!(report["vcov"], "observed information");
    assert!(report["certificate"]["condition"].as_f64().unwrap() >= 1.0);
    assert_eq!(report["predictions"].as_array().unwrap().len(), 0);
}

#[test]
fn covariances_differ_and_estimates_do_not() {
    let data = file("vcov.csv", &csv());
    let formula = "y ~ x + z + g";
    let plain = json(&data, &[formula]);
    let of = |how: &str| json(&data, &[formula, "--vcov", how]);
    let (hc0, hc1, robust) = (of("hc0"), of("hc1"), of("robust"));
    let clustered = json(&data, &[formula, "--cluster", "town"]);
    assert_eq!(
        clustered,
        json(&data, &[formula, "--vcov", "cluster", "--cluster", "town"])
    );
    assert_eq!(clustered["vcov"], "clustered by town: G/(G-1)");
    for other in [&hc0, &hc1, &robust, &clustered] {
        assert_eq!(other["loglik"], plain["loglik"]);
        assert_ne!(standard_errors(other), standard_errors(&plain));
    }
    for (a, b) in standard_errors(&hc0).iter().zip(standard_errors(&hc1)) {
        assert!((b / a - f64::sqrt(240.0 / 230.0)).abs() < 1e-12);
    }
    for (a, b) in standard_errors(&hc0).iter().zip(standard_errors(&robust)) {
        assert!((b / a - f64::sqrt(240.0 / 239.0)).abs() < 1e-12);
    }
    let wide = json(&data, &[formula, "--level", "0.99"]);
    assert!(wide["coefficients"][1]["conf_high"].as_f64() > plain["coefficients"][1]["conf_high"].as_f64());
}

#[test]
fn predictions_slopes_and_comparisons() {
    let data = file("margins.csv", &csv());
    let report = json(
        &data,
        &[
            "y ~ x * z + g",
            "--at",
            "x=0.5, g=q",
            "--at",
            "x=1,g=q",
            "--slopes",
            "--compare",
            "g",
            "--compare",
            "x = -1 : 1",
        ],
    );
    let predictions = report["predictions"].as_array().unwrap();
    assert_eq!(predictions.len(), 6);
    assert_eq!(predictions[0]["at"], serde_json::json!({"g": "q", "x": 0.5}));
    let sum: f64 = predictions[..3]
        .iter()
        .map(|one| one["estimate"].as_f64().unwrap())
        .sum();
    assert!((sum - 1.0).abs() < 1e-12);
    // x, z, and two levels of g, three outcomes, at two settings.
    assert_eq!(report["slopes"].as_array().unwrap().len(), 24);
    assert_eq!(report["slopes"][0]["contrast"], "dY/dX");
    assert_eq!(report["comparisons"].as_array().unwrap().len(), 18);
    assert_eq!(report["comparisons"][0]["contrast"], "q - p");
    assert_eq!(report["comparisons"][6]["contrast"], "1 - -1");

    let means = json(&data, &["y ~ x * z + g", "--atmeans", "--slopes"]);
    assert_eq!(means["predictions"].as_array().unwrap().len(), 3);
    assert_eq!(means["slopes"][0]["at_means"], true);
    let shown = text(
        &data,
        &["y ~ x * z + g", "--atmeans", "--at", "x=1", "--interval", "logit"],
    );
    assert!(shown.contains("x = 1; the others at means"), "{shown}");
    assert!(
        shown.contains("95% intervals: delta method on the logit scale"),
        "{shown}"
    );
}

#[test]
fn draws_repeat_with_their_seed() {
    let data = file("draws.csv", &csv());
    let of = |interval: &str, seed: &str, more: &[&str]| {
        let common = [
            "y ~ x",
            "--at",
            "x=1",
            "--draws",
            "60",
            "--interval",
            interval,
            "--seed",
            seed,
        ];
        json(&data, &common.iter().chain(more).copied().collect::<Vec<_>>())
    };
    for interval in ["simulation", "bootstrap"] {
        let first = of(interval, "5", &[]);
        assert_eq!(first, of(interval, "5", &[]));
        assert_ne!(first["predictions"], of(interval, "6", &[])["predictions"]);
        assert_eq!(first["interval"]["method"], interval);
        assert_eq!(
            (&first["interval"]["draws"], &first["interval"]["failed"]),
            (&60.into(), &0.into())
        );
        let one = &first["predictions"][0];
        assert!(one["conf_low"].as_f64() < one["estimate"].as_f64());
        assert!(one["conf_high"].as_f64() > one["estimate"].as_f64());
    }
    let clusters = of("bootstrap", "5", &["--cluster", "town"]);
    assert!(
        clusters["interval"]["description"]
            .as_str()
            .unwrap()
            .starts_with("60 bootstrap resamples of clusters")
    );
    assert_ne!(clusters["predictions"], of("bootstrap", "5", &[])["predictions"]);
}

#[test]
fn tests_are_reported() {
    let data = file("tests.csv", &csv());
    let report = json(
        &data,
        &[
            "y ~ x + z + g",
            "--test",
            "b: x = z",
            "--test",
            "g",
            "--lr",
            "--iia",
        ],
    );
    let tests = report["tests"].as_array().unwrap();
    let kinds: Vec<&str> = tests.iter().map(|test| test["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds[..2], ["wald"; 2]);
    assert_eq!(kinds[2..5], ["likelihood-ratio"; 3]);
    assert_eq!(kinds[5..], ["hausman-mcfadden"; 3]);
    assert_eq!((&tests[0]["df"], &tests[1]["df"]), (&1.into(), &4.into()));
    for test in &tests[5..] {
        let negative = test["statistic"].as_f64().unwrap() < 0.0;
        assert!(!negative || (test["note"].is_string() && test["p_value"] == 1.0));
    }
    assert!(text(&data, &["y ~ x + z + g", "--test", "b: x = z"]).contains("b: x = z"));
}

#[test]
fn relative_risk_ratios_are_exponentials() {
    let data = file("rrr.csv", &csv());
    let line = |arguments: &[&str]| {
        let shown = text(&data, arguments);
        let line = shown.lines().find(|line| line.starts_with("x ")).unwrap();
        let numbers: Vec<f64> = line
            .split_whitespace()
            .filter_map(|cell| cell.parse().ok())
            .collect();
        numbers
    };
    let (plain, rrr) = (line(&["y ~ x"]), line(&["y ~ x", "--rrr"]));
    assert!((mlogit::relative_risk_ratio(plain[0]) - rrr[0]).abs() < 1e-5);
    assert_eq!(plain[2], rrr[2], "z stays that of the coefficient");
    assert!((mlogit::relative_risk_ratio(plain[5]) - rrr[5]).abs() < 1e-3);
}

#[test]
fn separation_offers_the_bias_reduced_fit() {
    let rows = csv();
    // q never says a.
    let separated: Vec<&str> = rows
        .lines()
        .filter(|row| !(row.starts_with('a') && row.contains(",q,")))
        .collect();
    let data = file("separated.csv", &separated.join("\n"));
    let message = error(&data, &["y ~ x + g"]);
    assert!(
        message.starts_with("error: separation: `g[q]` for outcome `a` has no finite estimate"),
        "{message}"
    );
    assert!(message.ends_with("use a bias-reduced fit (--firth)"), "{message}");
    let report = json(&data, &["y ~ x + g", "--firth", "--lr"]);
    assert_eq!(report["method"], "bias-reduced (Firth)");
    assert!(report["loglik_penalised"].is_number());
    assert!(
        standard_errors(&report)
            .iter()
            .all(|se| se.is_finite() && *se < 10.0)
    );
    assert!(report["tests"][1]["statistic"].as_f64().unwrap() > 0.0);
}

#[test]
fn every_cause_has_its_line() {
    let data = file("errors.csv", &csv());
    let with = |name: &str, cell: &str| {
        let rows: Vec<String> = csv()
            .lines()
            .enumerate()
            .map(|(line, row)| {
                let mut cells: Vec<&str> = row.split(',').collect();
                if line == 3 {
                    cells[1] = cell;
                }
                cells.join(",")
            })
            .collect();
        file(name, &rows.join("\n"))
    };
    assert!(error(Path::new("/nowhere.csv"), &["y ~ x"]).contains("/nowhere.csv"));
    assert_eq!(
        error(&data, &["y ~ v"]),
        "error: no column `v`; there are `y`, `x`, `z`, `g`, `town`, `w`"
    );
    assert!(error(&data, &["y ~ x", "--base", "d"]).contains("`y` has no level `d`"));
    assert!(error(&data, &["y ~ x +"]).contains("formula, character"));
    let slip = error(&with("slip.csv", "\"1;5\""), &["y ~ x"]);
    assert!(
        slip.contains("column `x`, row 3: `1;5` is not a number, as 239 of the column's 240 cells are")
            && slip.contains("C(x)"),
        "{slip}"
    );
    assert!(error(&with("infinite.csv", "inf"), &["y ~ x"]).contains("not a finite number"));
    assert!(error(&data, &["y ~ x", "--weights", "g"]).contains("weights `g`"));
    assert!(error(&data, &["y ~ x", "--vcov", "cluster"]).contains("--cluster COL"));
    assert!(error(&data, &["y ~ x", "--cluster", "village"]).contains("no column `village`"));
    assert!(error(&data, &["y ~ x", "--vcov", "hc0", "--cluster", "town"]).contains("--cluster goes with"));
    assert!(error(&data, &["y ~ x", "--level", "95"]).contains("between 0 and 1"));
    assert!(error(&data, &["y ~ x", "--at", "x"]).contains("expected `variable = value`"));
    assert!(error(&data, &["y ~ x", "--at", "z=1"]).contains("the model has no variable `z`"));
    assert!(error(&data, &["y ~ x + g", "--at", "g=s"]).contains("no level `s`"));
    assert!(error(&data, &["y ~ x", "--compare", "x ="]).contains("comparison `x =`"));
    assert!(error(&data, &["y ~ x", "--test", "b: z = 0"]).contains("hypothesis `b: z = 0`"));
    assert!(
        error(
            &data,
            &["y ~ x", "--slopes", "--interval", "simulation", "--draws", "1"]
        )
        .contains("draws")
    );
    assert!(error(&data, &["g ~ x", "--iia", "--base", "q", "--weights", "v"]).contains("no column `v`"));
    let few: Vec<String> = csv().lines().take(4).map(str::to_owned).collect();
    assert!(error(&file("few.csv", &few.join("\n")), &["y ~ x * z"]).contains("rows cannot determine"));
    let usage = run(&data, &["y ~ x", "--vcov", "hc9"]);
    assert_eq!(usage.status.code(), Some(2));
}

/// Whatever the formula, there is one line of answer, soon, and no more than a line.
#[test]
fn hostile_formulas_are_refused_in_a_line() {
    let data = file("hostile.csv", &csv());
    let nested = format!("y ~ {}x{}", "(".repeat(50_000), ")".repeat(50_000));
    let long = format!("y ~ x{}", " + x".repeat(30_000));
    for formula in [
        nested.as_str(),
        "y ~ x*z*g*w*town*a*b*c*d*e*f*h*i*j*k*l*m*n*o*p",
        "y ~ (x + z + g + w)*(x + z + g + w)*(x + z + g + w)*(a + b + c + d)*(e + f + h + i)*(j + k + l + m)",
        "y ~ C(x",
        "y ~ C(x, base = \"p)",
        "y ~ `x",
        "y ~ х",
        "y ~ <img src=x onerror=alert(1)>",
        "y ~ x\u{202e}z",
        "~",
        "",
        "y ~ y",
        "y ~ x | z",
        "y ~ x:town:w:g:z",
    ] {
        let message = error(&data, &[formula]);
        assert!(
            message.starts_with("error: ") && message.len() < 1_000,
            "{message}"
        );
    }
    // A term that is said often is one term.
    assert!(text(&data, &[&long]).contains("240"));
}

#[test]
fn warnings_name_levels_that_vanish() {
    let mut rows = csv();
    rows += "d,NA,1,p,t1,1\n";
    let report = json(&file("vanish.csv", &rows), &["y ~ x"]);
    let warnings = report["warnings"].as_array().unwrap();
    assert_eq!(
        warnings[0],
        "outcome `d` of `y` occurs in 1 rows, none of them complete: the model leaves it out"
    );
}

#[test]
fn help_has_examples() {
    let output = Command::new(env!("CARGO_BIN_EXE_standfirm"))
        .args(["fit", "--help"])
        .output()
        .unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    for part in ["Examples:", "--vcov", "--firth", "--at <SETTING>", "Exit status"] {
        assert!(help.contains(part), "{part}");
    }
    assert!(help.lines().all(|line| line.chars().count() <= 120));
}

/// What a formula can say is said by `standfirm fit --help`; the numbers are those of the library, which its own tests
/// compare with R's.
#[test]
fn formulas_are_read_as_in_r() {
    let data = file("formulas.csv", &csv());
    let fit = |arguments: &[&str]| -> Value { serde_json::from_str(&text(&data, arguments)).unwrap() };
    let loglik = |formula: &str| fit(&[formula, "--json"])["loglik"].as_f64().unwrap();
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} is not {b}");
    close(loglik("y ~ . - town - w"), loglik("y ~ x + z + g"));
    close(loglik("y ~ poly(x, 2)"), loglik("y ~ x + I(x^2)"));
    close(loglik("y ~ g - 1"), loglik("y ~ g"));
    close(loglik("y ~ I(2 * x) / g"), loglik("y ~ x + x:g"));
    let refused = run(&data, &["y ~ log(x)"]);
    let message = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        message.contains("`log(x)` has no finite value in row"),
        "{message}"
    );
    let slopes = fit(&["y ~ x + I(x^2)", "--slopes", "--json"]);
    let variables = slopes["slopes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["variable"].as_str());
    assert!(variables.eq([Some("x"); 3]), "one variable, not two");
}

#[test]
fn weights_of_a_survey_and_two_ways_are_asked_for() {
    let data = file("survey.csv", &csv());
    let weighted = text(&data, &["y ~ x", "--pweights", "w"]);
    assert!(weighted.contains("n/(n-1)"), "{weighted}");
    let ways = text(&data, &["y ~ x", "--cluster", "town", "--cluster", "g"]);
    assert!(ways.contains("clustered two ways, by town and by g"), "{ways}");
    let three = run(
        &data,
        &["y ~ x", "--cluster", "town", "--cluster", "g", "--cluster", "w"],
    );
    assert!(!three.status.success());
    let both = run(&data, &["y ~ x", "--pweights", "w", "--weights", "w"]);
    assert_eq!(both.status.code(), Some(2));
}
