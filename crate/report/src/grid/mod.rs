//! Tables as data: what a page sets, and a paper takes away.
//!
//! Coefficient tables, the numbers behind a figure and whatever else has rows and columns become a [`Grid`]; [`FileFormat`]
//! writes any of them as CSV, HTML, LaTeX or Markdown, and [`Grid::text`] sets it for a terminal.

mod format;
mod text;

use serde::{Deserialize, Serialize};

pub use format::{FileFormat, csv_line};

/// A table of cells with words for its rows and columns.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Grid {
    /// What it shows.
    pub title: String,
    /// What its rows are.
    pub head: String,
    /// Headings over several columns, in their order; none where columns stand by themselves.
    pub groups: Vec<Group>,
    /// The columns.
    pub columns: Vec<Column>,
    /// Rows, in parts with a rule between them.
    pub bodies: Vec<Body>,
    /// What to know when reading it.
    pub notes: Vec<String>,
}

/// A heading over several columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "GridGroup"))]
pub struct Group {
    /// In words.
    pub label: String,
    /// How many columns it is over.
    pub columns: usize,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "GridColumn"))]
pub struct Column {
    /// Its heading.
    pub label: String,
    /// A second line of the heading.
    pub below: String,
    /// Names of the numbers behind each of its cells; none where the text is all there is.
    pub values: Vec<String>,
}

/// Rows that belong together.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "GridBody"))]
pub struct Body {
    /// Their heading, if any.
    pub title: String,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "GridRow"))]
pub struct Row {
    /// Its heading.
    pub label: String,
    /// The number that the heading rounds, where it does.
    pub value: Option<f64>,
    /// From left to right.
    pub cells: Vec<Cell>,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "GridCell"))]
pub struct Cell {
    /// What it says.
    pub text: String,
    /// Marks of significance.
    pub stars: String,
    /// A second line.
    pub below: String,
    /// The numbers it rounds, in the order of its column's [`Column::values`].
    pub values: Vec<f64>,
    /// How many columns it takes.
    pub span: usize,
}

impl Default for Cell {
    fn default() -> Self {
        Cell {
            text: String::new(),
            stars: String::new(),
            below: String::new(),
            values: Vec::new(),
            span: 1,
        }
    }
}

impl Cell {
    /// A cell with nothing but a text.
    pub fn text(text: impl Into<String>) -> Self {
        Cell {
            text: text.into(),
            ..Cell::default()
        }
    }

    /// Differences of probabilities in percentage points, as the text that rounds them has them; `others` as they are.
    pub fn points(text: impl Into<String>, differences: &[f64], others: &[f64]) -> Self {
        let points: Vec<f64> = differences.iter().map(|one| 100.0 * one).collect();
        Cell::numbers(text, &[&points, others].concat())
    }

    /// A text with the numbers it rounds.
    pub fn numbers(text: impl Into<String>, values: &[f64]) -> Self {
        Cell {
            text: text.into(),
            values: values.to_vec(),
            ..Cell::default()
        }
    }
}

impl Grid {
    /// The group that a column belongs to, if any.
    fn group(&self, column: usize) -> Option<&str> {
        let mut end = 0;
        self.groups.iter().find_map(|group| {
            end += group.columns;
            (column < end).then_some(group.label.as_str())
        })
    }
}
