//! What can go wrong, one variant per cause.

use std::io;
use std::path::PathBuf;

/// Why the episode table could not be derived.
///
/// Rows are counted as a person sees them in the file: the header is row 1.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A source file is not in the folder.
    #[error("{file}: no such file; the sources folder must hold it", file = file.display())]
    Missing {
        /// The path looked at.
        file: PathBuf,
    },
    /// A source file is there but cannot be opened.
    #[error("{file}: cannot be read: {source}", file = file.display())]
    Read {
        /// The path.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A CSV file is cut off, not UTF-8, or has a row of another length.
    #[error("{file}, row {row}: not well-formed: {source}")]
    Csv {
        /// The file.
        file: &'static str,
        /// The row.
        row: usize,
        /// What is wrong with it.
        source: csv::Error,
    },
    /// A workbook is not one.
    #[error("{file}: not a readable Excel workbook: {source}")]
    Xls {
        /// The file.
        file: &'static str,
        /// What is wrong with it.
        source: calamine::XlsError,
    },
    /// A workbook has no sheet, or an empty one.
    #[error("{file}: its first sheet holds no table")]
    NoTable {
        /// The file.
        file: &'static str,
    },
    /// A column that is needed is not in the file.
    #[error("{file}, row 1: no column `{column}`; the columns are {}", columns.join(", "))]
    MissingColumn {
        /// The file.
        file: &'static str,
        /// The column looked for.
        column: &'static str,
        /// The columns there are.
        columns: Vec<String>,
    },
    /// A cell that must hold something is empty.
    #[error("{file}, row {row}, column `{column}`: empty, must be {expected}")]
    Empty {
        /// The file.
        file: &'static str,
        /// The column.
        column: &'static str,
        /// The row.
        row: usize,
        /// What it must be.
        expected: &'static str,
    },
    /// A cell holds something else than it must.
    #[error("{file}, row {row}, column `{column}`: `{text}` is not {expected}")]
    Unreadable {
        /// The file.
        file: &'static str,
        /// The column.
        column: &'static str,
        /// The row.
        row: usize,
        /// What it holds.
        text: String,
        /// What it must be.
        expected: &'static str,
    },
    /// A key that must be unique occurs again.
    #[error("{file}, row {row}, column `{column}`: {key} occurs a second time")]
    Duplicate {
        /// The file.
        file: &'static str,
        /// The last column of the key.
        column: &'static str,
        /// The row of the second occurrence.
        row: usize,
        /// The key.
        key: String,
    },
    /// An episode names a state that the list of states does not have.
    #[error("{file}, row {row}, column `{column}`: no state has the code {code}")]
    UnknownState {
        /// The file.
        file: &'static str,
        /// The column.
        column: &'static str,
        /// The row.
        row: usize,
        /// The code.
        code: u16,
    },
    /// The derived columns are not the described ones.
    #[error("episodes.csv, row 1: column {position} is `{column}`, but is described as `{described}`")]
    Undescribed {
        /// Which column, counted from 1.
        position: usize,
        /// Its name.
        column: String,
        /// The name in the description.
        described: String,
    },
    /// A derived value is not what its description allows.
    #[error("episodes.csv, row {row}, column `{column}`: {value} is not {rule}")]
    Breaks {
        /// The column.
        column: &'static str,
        /// The row.
        row: usize,
        /// The value.
        value: String,
        /// What the description asks.
        rule: String,
    },
    /// A count that must hold does not: the sources are not the published ones, or a rule is broken.
    #[error("{what}: {found}, must be {expected}")]
    Count {
        /// What is counted.
        what: String,
        /// How many there are.
        found: usize,
        /// How many there must be.
        expected: usize,
    },
    /// An output file cannot be written.
    #[error("{file}: cannot be written: {source}", file = file.display())]
    Write {
        /// The path.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}
