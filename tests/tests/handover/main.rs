//! Scripts for other software give the same numbers: R and Python run them, Stata's are held to its manual by rule.
//!
//! `cargo test -p standfirm-tests --test handover`. What needs R or Python is skipped by name where it is absent. Scripts and
//! data are left in `target/handover/` for a person to look at. `STANDFIRM_FUZZ=200` makes so many random analyses.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

mod cases;
mod data;
mod fuzz;
mod packages;
mod programs;
mod stata;
mod study;

use std::path::Path;

use cases::Case;
use handover::{Language, script};
use programs::{Answer, Program};

/// Runs the scripts of some cases in a language and holds what they print to what the fit says.
#[track_caller]
fn agree(folder: &str, language: Language, cases: &[Case]) {
    let program = match language {
        Language::R => Program::r(),
        Language::PySpark => Program::spark(),
        _ => Program::python(),
    };
    let program = match program {
        Ok(program) => program,
        Err(missing) => {
            return standfirm_tests::skip(&format!("scripts of {folder} in {language:?}"), &missing);
        }
    };
    let folder = standfirm_tests::artifacts("handover").join(folder);
    std::fs::create_dir_all(&folder).unwrap();
    let written: Vec<(String, std::path::PathBuf)> = cases
        .iter()
        .map(|case| (case.name.clone(), write(&folder, language, case)))
        .collect();
    let answers = program.run(&folder, &written);
    let mut faults = Vec::new();
    for case in cases {
        match answers.get(&case.name) {
            Some(Ok(answer)) => faults.extend(case.differences(answer)),
            Some(Err(problem)) => faults.push(format!("{}: {problem}", case.name)),
            None => faults.push(format!("{}: no answer", case.name)),
        }
    }
    assert!(
        faults.is_empty(),
        "{} faults\n{}",
        faults.len(),
        faults.join("\n")
    );
}

fn write(folder: &Path, language: Language, case: &Case) -> std::path::PathBuf {
    let analysis = case.analysis(folder);
    let file = folder.join(format!("{}.{}", case.name, language.extension()));
    std::fs::write(&file, script(&analysis, language)).unwrap();
    file
}

#[test]
fn r_gives_the_same_numbers() {
    agree("cases", Language::R, &cases::all());
}

#[test]
fn python_gives_the_same_numbers() {
    agree("cases", Language::Python, &cases::all());
}

#[test]
fn r_agrees_on_random_analyses() {
    agree("random", Language::R, &fuzz::cases(2, fuzz::number(30)));
}

#[test]
fn python_agrees_on_random_analyses() {
    agree("random", Language::Python, &fuzz::cases(3, fuzz::number(20)));
}

/// On real Spark, in two workers.
#[test]
fn spark_gives_the_same_numbers() {
    let some = ["quoted", "frequency"];
    let cases: Vec<Case> = cases::all()
        .into_iter()
        .filter(|case| some.contains(&case.name.as_str()))
        .collect();
    agree("spark", Language::PySpark, &cases);
}

/// The numbers of an answer by their names.
type Numbers = std::collections::BTreeMap<String, [f64; 2]>;

impl Case {
    /// Where an answer is not what the fit says: estimates to 1e-8 of themselves or of their standard error, whichever is
    /// larger, standard errors to 1e-8 of themselves.
    fn differences(&self, answer: &Answer) -> Vec<String> {
        let expected = self.expected();
        let mut faults = Vec::new();
        let report = self.report();
        let loglik = report.model.loglik;
        if (answer.loglik - loglik).abs() > 1e-9 * loglik.abs() {
            faults.push(format!(
                "{}: log-likelihood {} is not {loglik}",
                self.name, answer.loglik
            ));
        }
        for (name, [estimate, std_error]) in &expected {
            let Some([found, found_error]) = answer.numbers.get(name) else {
                faults.push(format!("{}: no {name}", self.name));
                continue;
            };
            // What is all but zero is rounding; two ways may leave no variance, which is said as zero or as none.
            let near = |a: f64, b: f64, scale: f64| {
                (a - b).abs() <= 1e-8 * scale + 1e-13 || a.is_nan() && (b.is_nan() || b == 0.0)
            };
            let scale = estimate
                .abs()
                .max(if std_error.is_nan() { 0.0 } else { *std_error });
            if !near(*found, *estimate, scale) || !near(*found_error, *std_error, std_error.abs()) {
                faults.push(format!(
                    "{}: {name} is {found} ({found_error}), not {estimate} ({std_error})",
                    self.name
                ));
            }
        }
        if !faults.is_empty() {
            faults.push(format!("{}: condition {:.1e}", self.name, report.model.condition));
        }
        for name in answer.numbers.keys().filter(|name| !expected.contains_key(*name)) {
            faults.push(format!("{}: {name} was not asked for", self.name));
        }
        faults
    }
}
