//! Models of the study, handed over, against what the study's command says of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use standfirm_tests::{artifacts, cli, cli_text, skip};

use crate::programs::{Answer, Program};

const MODELS: [&str; 3] = ["index:trade_share", "index:trade_gdp", "regime:import_share"];

fn handed_over(
    language: &str,
    program: &Program,
    choices: &[&str],
) -> BTreeMap<String, Result<Answer, String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let episodes = root.join("data/episodes.csv").canonicalize().unwrap();
    let folder = artifacts("handover").join(format!("study-{language}"));
    std::fs::create_dir_all(&folder).unwrap();
    let written: Vec<(String, PathBuf)> = MODELS
        .iter()
        .map(|key| {
            let episodes = episodes.display().to_string();
            let mut arguments = vec![
                "handover",
                "--to",
                language,
                "--study",
                key,
                "--episodes",
                &episodes,
            ];
            arguments.extend(choices);
            let file = folder.join(key.replace(':', "_"));
            std::fs::write(&file, cli_text(&arguments)).unwrap();
            ((*key).to_owned(), file)
        })
        .collect();
    program.run(&folder, &written)
}

#[track_caller]
fn same(what: &str, found: [f64; 2], expected: &Value) {
    let number = |name: &str| expected[name].as_f64().unwrap();
    let (estimate, std_error) = (number("estimate"), number("std_error"));
    let near = |a: f64, b: f64, scale: f64| (a - b).abs() <= 1e-8 * scale;
    assert!(
        near(found[0], estimate, estimate.abs().max(std_error)) && near(found[1], std_error, std_error),
        "{what}: {found:?} is not {estimate} ({std_error})"
    );
}

#[track_caller]
fn agrees(language: &str, program: Result<Program, String>, choices: &[&str]) {
    let program = match program {
        Ok(program) => program,
        Err(missing) => return skip(&format!("the study's models in {language}"), &missing),
    };
    let arguments = [&["replicate", "--json"][..], choices].concat();
    let study = cli(&arguments);
    for (key, answer) in handed_over(language, &program, choices) {
        let answer = answer.unwrap_or_else(|problem| panic!("{key}: {problem}"));
        let model = &study["models"][&key];
        let model = if model.is_null() { &study[&key] } else { model };
        let coefficients = model["coefficients"].as_array().unwrap();
        for one in coefficients {
            let name = format!(
                "coefficient {} {}",
                one["outcome"].as_str().unwrap(),
                one["term"].as_str().unwrap()
            );
            same(&format!("{key}: {name}"), answer.numbers[&name], one);
        }
        let outcomes = model["outcomes"].as_array().unwrap().len();
        for (place, one) in model["comparisons"].as_array().unwrap().iter().enumerate() {
            let name = format!(
                "comparison {} {}",
                place / outcomes,
                one["outcome"].as_str().unwrap()
            );
            same(&format!("{key}: {name}"), answer.numbers[&name], one);
        }
    }
}

#[test]
fn r_gives_the_study() {
    agrees("r", Program::r(), &[]);
}

#[test]
fn python_gives_the_study_under_other_choices() {
    agrees(
        "python",
        Program::python(),
        &["--set", "errors=dyad", "--set", "method=means"],
    );
}

#[test]
fn what_cannot_be_handed_over_says_why() {
    let refused = |arguments: &[&str]| {
        let program = artifacts("debug").join("standfirm");
        let output = std::process::Command::new(program)
            .arg("handover")
            .args(arguments)
            .output()
            .unwrap();
        assert!(!output.status.success(), "{arguments:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    assert!(refused(&["--to", "r"]).contains("give a file and a formula"));
    assert!(refused(&["--to", "r", "-", "y ~ x"]).contains("a script opens a file"));
    assert!(
        refused(&["--to", "r", "--study", "index:comtrade_import_share_imputed"]).contains("has no model")
    );
    assert!(refused(&["--to", "sas", "a.csv", "y ~ x"]).contains("possible values"));
}
