//! What the tests against reference numbers share: tables from CSV files and comparisons that say what differs.

use mlogit::{Column, Fit, Formula, FrameBuilder, Table};
use serde_json::Value;

/// Reads a CSV file with a header; NA and empty cells are missing.
pub(crate) fn table(text: &str) -> Table {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let mut cells: Vec<Vec<String>> = vec![Vec::new(); header.len()];
    for record in reader.records() {
        for (column, cell) in cells.iter_mut().zip(record.unwrap().iter()) {
            column.push(cell.to_owned());
        }
    }
    let missing = |cell: &str| cell.is_empty() || cell == "NA";
    let mut table = Table::new();
    for (name, cells) in header.iter().zip(cells) {
        let number = |cell: &String| {
            if missing(cell) {
                Some(f64::NAN)
            } else {
                cell.parse().ok()
            }
        };
        let column = match cells.iter().map(number).collect::<Option<Vec<f64>>>() {
            Some(numbers) => Column::Number(numbers),
            None => Column::text_or_missing(cells.iter().map(|cell| (!missing(cell)).then_some(cell))),
        };
        table.insert(name, column).unwrap();
    }
    table
}

pub(crate) fn fit(table: &Table, formula: &str, base: &str) -> Fit {
    let formula = Formula::parse(formula).unwrap();
    let frame = FrameBuilder::new().base(base).build(table, &formula).unwrap();
    frame.design().unwrap().fit().unwrap()
}

/// Largest relative difference so far, so that a test can say how closely it agrees.
#[derive(Default)]
pub(crate) struct Agreement(f64);

impl Agreement {
    /// Checks one number; numbers below `1e-3` are compared absolutely.
    pub(crate) fn check(&mut self, what: &str, found: f64, expected: &Value, tolerance: f64) {
        let expected = expected
            .as_f64()
            .unwrap_or_else(|| panic!("{what}: no reference number"));
        let difference = (found - expected).abs() / expected.abs().max(1e-3);
        assert!(
            difference <= tolerance,
            "{what}: {found} is not {expected} ({difference:.1e})"
        );
        self.0 = self.0.max(difference);
    }

    pub(crate) fn worst(&self) -> f64 {
        self.0
    }
}
