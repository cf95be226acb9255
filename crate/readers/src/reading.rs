//! How a file was read.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::counted;
use crate::format::FileKind;
use crate::options::{Decimal, Delimiter, Thousands};

/// How a file was read: what was said, what was guessed, and what one should know about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The kind of file.
    pub format: FileKind,
    /// Whether it was packed with gzip.
    pub gzip: bool,
    /// The encoding of a text file.
    pub encoding: Option<String>,
    /// What stands between the cells of a text file.
    pub delimiter: Option<Delimiter>,
    /// What marks decimals; nothing where no number has any, or where columns differ.
    pub decimal: Option<Decimal>,
    /// What groups thousands; only if it was said.
    pub thousands: Option<Thousands>,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// All sheets of the workbook.
    pub sheets: Vec<String>,
    /// The line, or the sheet's row, with the columns' names.
    pub header_row: Option<u64>,
    /// The codes of missing values, beside the empty cell.
    pub missing: Vec<String>,
    /// Number of rows.
    pub rows: usize,
    /// Number of columns, without row names.
    pub columns: usize,
    /// What the column of row names, which no formula uses by itself, is called.
    pub row_names: Option<String>,
    /// Which of these were said, not guessed.
    pub said: Vec<String>,
    /// What else to know, a sentence each.
    pub notes: Vec<String>,
}

impl Reading {
    pub(crate) fn new(format: FileKind) -> Self {
        Reading {
            format,
            gzip: false,
            encoding: None,
            delimiter: None,
            decimal: None,
            thousands: None,
            sheet: None,
            sheets: Vec::new(),
            header_row: None,
            missing: Vec::new(),
            rows: 0,
            columns: 0,
            row_names: None,
            said: Vec::new(),
            notes: Vec::new(),
        }
    }
}

impl fmt::Display for Reading {
    /// One line without the notes.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.format.name())?;
        if self.gzip {
            write!(out, ", gzip")?;
        }
        if let Some(encoding) = &self.encoding {
            write!(out, ", {encoding}")?;
        }
        if let Some(delimiter) = self.delimiter {
            write!(out, ", delimiter {}", delimiter.name())?;
        }
        match self.decimal {
            Some(Decimal::Point) if self.format == FileKind::Csv => write!(out, ", decimal point")?,
            Some(Decimal::Comma) => write!(out, ", decimal comma")?,
            _ => {}
        }
        if let Some(thousands) = self.thousands {
            write!(out, ", thousands `{}`", thousands.sign())?;
        }
        if let Some(sheet) = &self.sheet {
            write!(out, ", sheet `{sheet}`")?;
        }
        if let Some(row) = self.header_row.filter(|row| *row != 1) {
            let what = if self.format == FileKind::Csv {
                "line"
            } else {
                "row"
            };
            write!(out, ", names in {what} {row}")?;
        }
        let (rows, columns) = (counted(self.rows, "row"), counted(self.columns, "column"));
        write!(out, ", {rows} of {columns}")?;
        if self.row_names.is_some() {
            write!(out, " and row names")?;
        }
        if self.format != FileKind::Stata {
            let codes: Vec<&str> = ["empty"]
                .into_iter()
                .chain(self.missing.iter().map(String::as_str))
                .collect();
            write!(out, "; missing: {}", codes.join(", "))?;
        }
        Ok(())
    }
}
