//! Tables and figures of a field that no study of ours is about, in every form, by way of the example.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use report::figure::{Theme, height, numbers, read, svg};
use report::fit::{FitOptions, fit};
use report::grid::FileFormat;

#[path = "../examples/commuters.rs"]
#[allow(dead_code, reason = "its main, which only prints")]
mod commuters;

#[test]
fn the_table_says_what_stands_beside_the_example() {
    let table = commuters::table(&commuters::results().unwrap());
    let markdown = FileFormat::Markdown.write(&table.grid(&[], false), "");
    assert_eq!(markdown.trim(), include_str!("../examples/commuters.md").trim());
    // What the table is about comes first, the intercept last.
    let terms: Vec<&str> = table.rows.iter().map(|row| row.term.as_str()).collect();
    assert_eq!(terms, ["distance", "rain[rain]", "(Intercept)"]);
    let ratios = table.grid(&[], true);
    let distance = &ratios.bodies[0].rows[0].cells[0].values;
    assert!((distance[0] - libm::exp(table.rows[0].cells[0][0].as_ref().unwrap().estimate)).abs() < 1e-12);
}

#[test]
fn every_file_has_every_number_and_no_word_of_a_study() {
    let results = commuters::results().unwrap();
    let table = commuters::table(&results).grid(&[], false);
    let figure = commuters::figure(&results);
    let drawing = svg(&figure, 640.0, Theme::Dark, Some("Credit."));
    let mut texts = vec![drawing.clone()];
    for format in FileFormat::ALL {
        texts.push(format.write(&table, "Credit."));
        texts.push(format.write(&numbers(&figure), "Credit."));
    }
    for text in &texts {
        for word in ["episode", "threat", "regime", "personalist", "trade"] {
            assert!(!text.to_ascii_lowercase().contains(word), "{word} in {text}");
        }
        assert!(text.contains("Credit."), "{text}");
    }
    for word in ["Bike", "Bus", "Car", "Kilometres", &figure.title[..9]] {
        assert!(drawing.contains(word), "{word}");
    }
    let csv = FileFormat::Csv.write(&numbers(&figure), "");
    for one in results.predictions.iter().filter(|one| one.outcome == "bus") {
        assert!(
            csv.contains(&one.estimate.to_string()),
            "{} in {csv}",
            one.estimate
        );
    }
}

#[test]
fn a_figure_is_read_where_it_is_pointed_at() {
    let results = commuters::results().unwrap();
    let figure = commuters::figure(&results);
    let (width, tall) = (640.0, height(&figure, 640.0));
    let reading = read(&figure, width, width / 2.0, tall / 2.0).unwrap();
    assert!(reading.at.starts_with("Kilometres "), "{}", reading.at);
    let labels: Vec<&str> = reading.entries.iter().map(|entry| entry.label.as_str()).collect();
    assert_eq!(labels, ["Bike", "Bus", "Car"]);
    assert_eq!(read(&figure, width, -5.0, 10.0), None);
}

/// Options as a page hands them over give what options in Rust give, and results come back from JSON as they were.
#[test]
fn options_and_results_pass_through_json() {
    let table = commuters::commuters().unwrap();
    let said = r#"{"formula": "mode ~ distance * rain", "base": "bus", "slopes": true, "tests": ["distance"],
                   "comparisons": ["rain"], "interval": "logit", "likelihood_ratios": true}"#;
    let options: FitOptions = serde_json::from_str(said).unwrap();
    let results = fit(&table, &options).unwrap();
    assert_eq!(results.model.base, "bus");
    assert_eq!(results.interval.method, "logit");
    // Two variables, of which one is a category, and three outcomes.
    assert_eq!(results.slopes.len(), 6);
    let kinds: Vec<&str> = results.tests.iter().map(|test| test.kind.as_str()).collect();
    assert_eq!(kinds, ["wald", "likelihood-ratio"]);
    let json = serde_json::to_string(&results).unwrap();
    assert_eq!(
        serde_json::from_str::<report::results::FitReport>(&json).unwrap(),
        results
    );
}
