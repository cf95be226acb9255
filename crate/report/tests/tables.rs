//! Several models side by side, in every table, as a person has looked at them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod common;

use common::golden;
use report::fit::{CovarianceKind, FitOptions};
use report::grid::FileFormat;
use report::models::{ModelsReport, models};
use report::tables;

#[path = "../examples/commuters.rs"]
#[allow(dead_code, reason = "its main, which only prints")]
mod commuters;

const FORMULAS: [&str; 3] = ["mode ~ 1", "mode ~ distance", "mode ~ distance + rain"];

fn side_by_side(options: &FitOptions) -> ModelsReport {
    let table = commuters::commuters().unwrap();
    models(&table, &FORMULAS.map(str::to_owned), options).unwrap()
}

/// Every table with its title, notes and numbers.
fn written(report: &ModelsReport) -> String {
    let all = tables::all(report, false);
    let one = |table: &tables::PartTable| {
        format!(
            "{}\n{}",
            table.part.name(),
            FileFormat::Markdown.write(&table.grid, "Credit.")
        )
    };
    all.iter().map(one).collect::<Vec<String>>().join("\n")
}

#[test]
fn tables_are_those_that_a_person_has_looked_at() {
    let options = FitOptions {
        condition: Some("distance > 2".to_owned()),
        slopes: true,
        tests: Vec::new(),
        ..FitOptions::default()
    };
    let report = side_by_side(&options);
    assert_eq!(report.models.len(), 3);
    golden("models.md", &written(&report));
    // The likelihood of clusters has no known distribution: each is then tested by Wald.
    let robust = FitOptions {
        covariance: Some(CovarianceKind::Robust),
        at: vec!["distance = 5".to_owned()],
        ..FitOptions::default()
    };
    let table = commuters::commuters().unwrap();
    let formulas = FORMULAS[1..]
        .iter()
        .map(|one| (*one).to_owned())
        .collect::<Vec<_>>();
    golden(
        "models-robust.md",
        &written(&models(&table, &formulas, &robust).unwrap()),
    );
}

#[test]
fn rows_that_a_condition_leaves_out_are_told_in_runs() {
    let options = FitOptions {
        condition: Some("distance != 5 & distance < 9".to_owned()),
        ..FitOptions::default()
    };
    let report = side_by_side(&options);
    let selection = report.selection.unwrap();
    let told = selection.to_string();
    assert!(told.starts_with("where distance != 5 & distance < 9: "), "{told}");
    let left_out: usize = selection
        .left_out
        .iter()
        .map(|[first, last]| last + 1 - first)
        .sum();
    assert_eq!(left_out, selection.of - selection.rows);
    for [first, last] in selection.left_out.iter().take(6) {
        let run = match last - first {
            0 => first.to_string(),
            1 => format!("{first}, {last}"),
            _ => format!("{first} to {last}"),
        };
        assert!(told.contains(&run), "{run} in {told}");
    }
}
