//! The study's figures, as they are drawn and read.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

mod common;

use common::{estimates, golden};
use report::figure::{self, Figure};
use standfirm::article;

#[test]
fn figures_can_be_read_where_they_are_drawn() {
    let figures = article::all_figures(estimates()).unwrap();
    let names: std::collections::BTreeSet<&str> = figures.iter().map(|(name, _)| name.as_str()).collect();
    let known = [
        "case-1987080701",
        "case-1993043002",
        "case-1993052501",
        "figure-1",
        "figure-2",
        "figure-3",
        "figure-4",
        "hypotheses",
    ];
    assert_eq!(names.into_iter().collect::<Vec<_>>(), known);
    for (name, figure) in &figures {
        for width in [320.0, 390.0, 800.0] {
            let height = figure::height(figure, width);
            let reading = figure::read(figure, width, width * 0.6, height * 0.4);
            let reading = reading.unwrap_or_else(|| panic!("{name} has nothing to read"));
            assert!(!reading.entries.is_empty());
            for entry in reading.entries.iter().filter_map(|entry| entry.dot) {
                assert!((0.0..=width).contains(&entry.0) && (0.0..=height).contains(&entry.1));
            }
        }
        assert!(figure::read(figure, 800.0, -5.0, 10.0).is_none());
    }
}

#[test]
fn figures_are_the_ones_that_were_looked_at() {
    let looked_at = |name: &str, figure: &Figure| {
        matches!(
            (name, figure.version.as_str()),
            ("figure-1" | "figure-3" | "hypotheses", _)
                | ("figure-2", "trade_share" | "all")
                | ("figure-4", "trade_share")
                | ("case-1987080701", "outcomes" | "regime")
        )
    };
    let mut figures = article::all_figures(estimates()).unwrap();
    figures.retain(|(name, figure)| looked_at(name, figure));
    assert_eq!(figures.len(), 8);
    for (name, figure) in &figures {
        golden(figure, &format!("{name}-{}", figure.version));
    }
}
