//! Whether a column can be what a formula wants of it: finite numbers, weights, categories.

use crate::data::table::{Column, Text};
use crate::error::{Error, Result};

/// Refuses infinite values.
#[inline(never)]
pub(crate) fn check_finite(name: &str, column: &Column) -> Result<()> {
    let Column::Number(values) = column else {
        return Ok(());
    };
    match values.iter().position(|value| value.is_infinite()) {
        Some(row) => Err(Error::NotFinite {
            column: name.to_owned(),
            row: row + 1,
            value: values[row],
        }),
        None => Ok(()),
    }
}

/// Refuses weights below zero, and text.
pub(crate) fn check_weights(name: &str, column: &Column) -> Result<()> {
    let weight = |row, problem: &str| Error::Weight {
        column: name.to_owned(),
        row,
        problem: problem.to_owned(),
    };
    let values = match column {
        Column::Number(values) => values,
        Column::Text(text) => {
            return Err(match stray(text) {
                Some(Stray { row, value, .. }) => {
                    weight(Some(row + 1), &format!("`{value}` is not a number"))
                }
                None => weight(None, "is text; weights are numbers"),
            });
        }
    };
    match values.iter().position(|&value| value < 0.0) {
        Some(row) => Err(weight(Some(row + 1), &format!("{} is below zero", values[row]))),
        None => Ok(()),
    }
}

/// Cells that are no numbers in a column of text where most are.
pub(crate) struct Stray<'a> {
    /// The first of them: its row, from 0, and what it says.
    row: usize,
    value: &'a str,
    /// How many cells are numbers, and how many are not missing.
    numbers: usize,
    cells: usize,
}

pub(crate) fn is_number(text: &str) -> bool {
    text.trim().parse::<f64>().is_ok()
}

/// Whether a column of text reads like one of numbers: more than half of its cells, or of its distinct values,
/// are numbers.
pub(crate) fn stray(text: &Text) -> Option<Stray<'_>> {
    let counts = text.counts();
    let others: Vec<bool> = text.levels().iter().map(|level| !is_number(level)).collect();
    let cells: usize = counts.iter().sum();
    let not_numbers: usize = counts
        .iter()
        .zip(&others)
        .filter(|(_, other)| **other)
        .map(|(count, _)| count)
        .sum();
    let other_levels = others.iter().filter(|other| **other).count();
    if 2 * not_numbers >= cells && 2 * other_levels >= others.len() {
        return None;
    }
    let row = text.first_row(&others)?;
    Some(Stray {
        row,
        value: text.get(row)?,
        numbers: cells - not_numbers,
        cells,
    })
}

/// A column of text is categorical; one of numbers in which a cell is mistyped should not become so unnoticed.
pub(crate) fn check_text(name: &str, text: &Text) -> Result<()> {
    match stray(text) {
        None => Ok(()),
        Some(stray) => Err(Error::NotNumber {
            column: name.to_owned(),
            row: stray.row + 1,
            value: stray.value.to_owned(),
            numbers: stray.numbers,
            cells: stray.cells,
        }),
    }
}
