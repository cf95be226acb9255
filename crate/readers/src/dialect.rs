//! What separates the cells of a text file, guessed from its start; never silently where two readings fit.

use crate::encoding::{Encoding, Text};
use crate::error::{Error, Result, counted, shown};
use crate::options::Delimiter;
use crate::records::Records;

/// So many records are looked at.
const SAMPLE: usize = 1000;

/// How a text file is cut into cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dialect {
    pub(crate) delimiter: Delimiter,
    /// Rows have a name before the first cell, for which the header has none.
    pub(crate) row_names: bool,
}

/// The delimiter that the first line names, as Excel takes it: `sep=;`.
pub(crate) fn named(sample: &str) -> Option<Delimiter> {
    let line = sample.lines().next()?;
    let sign = line
        .strip_prefix("sep=")
        .or_else(|| line.strip_prefix("\"sep=")?.strip_suffix('"'))?;
    sign.parse().ok()
}

/// The start of a file from which its layout is guessed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample<'a> {
    pub(crate) text: &'a str,
    /// Whether this is all of the file.
    pub(crate) whole: bool,
    /// The line it begins with, from 1.
    pub(crate) line: u64,
    /// Whether it was said that this line has the columns' names.
    pub(crate) names: bool,
}

/// Guesses what is not said.
pub(crate) fn guess(sample: Sample<'_>, given: Option<Delimiter>) -> Result<Dialect> {
    let candidates: Vec<Shape> = match given {
        Some(delimiter) => vec![Shape::new(sample, delimiter)],
        None => Delimiter::USUAL
            .map(|delimiter| Shape::new(sample, delimiter))
            .into(),
    };
    let shape = choose(&candidates)?;
    if shape.starts_late() && !sample.names {
        return Err(late(shape, sample.line));
    }
    Ok(Dialect {
        delimiter: shape.delimiter,
        row_names: shape.has_row_names(),
    })
}

fn choose(candidates: &[Shape]) -> Result<&Shape> {
    let mut fitting: Vec<&Shape> = candidates.iter().filter(|shape| shape.fits()).collect();
    if fitting.iter().any(|shape| shape.agreement() == 1.0) {
        fitting.retain(|shape| shape.agreement() == 1.0);
    }
    // Nobody has tabulators in names.
    if let Some(tabs) = fitting.iter().find(|shape| shape.delimiter == Delimiter::TAB) {
        return Ok(tabs);
    }
    match fitting[..] {
        [one] => return Ok(one),
        [] => {}
        [first, second, ..] => return Err(ambiguous(first, second)),
    }
    // None fits from the first line on: one that fits from a later line on, or else a single column.
    let late = candidates.iter().filter(|shape| shape.starts_late());
    let most = late.max_by_key(|shape| shape.usual);
    Ok(most.unwrap_or(&candidates[0]))
}

fn ambiguous(first: &Shape, second: &Shape) -> Error {
    let reading = |shape: &Shape| {
        let names: Vec<String> = shape
            .header
            .iter()
            .take(4)
            .map(|name| format!("`{}`", shown(name.trim())))
            .collect();
        let more = if shape.header.len() > 4 { ", ..." } else { "" };
        format!(
            "a {} makes {} ({}{more}; --delimiter {})",
            shape.delimiter.name(),
            counted(shape.header.len(), "column"),
            names.join(", "),
            shape.delimiter.argument()
        )
    };
    Error::Ambiguous {
        problem: format!(
            "cells may be separated in two ways: {}, {}: say which",
            reading(first),
            reading(second)
        ),
    }
}

fn late(shape: &Shape, first: u64) -> Error {
    Error::Ambiguous {
        problem: format!(
            "line {first} has {} where most lines have {}: if line {} has the columns' names, say --header-row {}",
            counted(shape.header.len(), "cell"),
            shape.usual,
            shape.first_usual,
            shape.first_usual
        ),
    }
}

/// What the start of a file is with one delimiter.
struct Shape {
    delimiter: Delimiter,
    header: Vec<String>,
    /// The cells of each row: how many there are, the first, whether the last is empty.
    rows: Vec<(usize, String, bool)>,
    /// The most common number of cells among the rows.
    usual: usize,
    /// The first line with so many.
    first_usual: u64,
}

impl Shape {
    fn new(sample: Sample<'_>, delimiter: Delimiter) -> Self {
        let mut records = records(sample, delimiter);
        let mut shape = Shape {
            delimiter,
            header: Vec::new(),
            rows: Vec::new(),
            usual: 0,
            first_usual: 1,
        };
        if records.is_empty() {
            return shape;
        }
        let mut lines = vec![records[0].0];
        shape.header = records.remove(0).1;
        for (line, cells) in records {
            // A line of blanks is none.
            if cells.len() == 1 && cells[0].trim().is_empty() {
                continue;
            }
            lines.push(line);
            let empty = cells.last().is_some_and(|cell| cell.trim().is_empty());
            shape
                .rows
                .push((cells.len(), cells.into_iter().next().unwrap_or_default(), empty));
        }
        let mut lengths: Vec<usize> = shape.rows.iter().map(|row| row.0).collect();
        lengths.sort_unstable();
        let runs = lengths.chunk_by(|a, b| a == b);
        shape.usual = runs.max_by_key(|run| run.len()).map_or(0, |run| run[0]);
        let place = shape.rows.iter().position(|row| row.0 == shape.usual);
        shape.first_usual = place.map_or(1, |row| lines[row + 1]);
        shape
    }

    /// Which part of the rows go with the header, or have one cell more.
    fn agreement(&self) -> f64 {
        if self.rows.is_empty() {
            return 1.0;
        }
        let header = self.header.len();
        let with = |extra: usize| self.rows.iter().filter(|row| row.0 == header + extra).count();
        with(0).max(with(1)) as f64 / self.rows.len() as f64
    }

    fn fits(&self) -> bool {
        self.header.len() > 1 && self.agreement() >= 0.9
    }

    /// Whether the rows fit each other and not the first line.
    fn starts_late(&self) -> bool {
        let usual = self.rows.iter().filter(|row| row.0 == self.usual).count();
        let alike = self.rows.len() > 1 && usual as f64 >= 0.6 * self.rows.len() as f64;
        !self.fits() && alike && self.usual > self.header.len() + 1
    }

    /// Whether rows have a cell more than the header, and in front: R writes it so. At the end it would be empty.
    fn has_row_names(&self) -> bool {
        let header = self.header.len();
        let mut longer = self.rows.iter().filter(|row| row.0 == header + 1).peekable();
        longer.peek().is_some()
            && self.rows.iter().all(|row| row.0 == header + 1)
            && !longer.clone().all(|row| row.2)
            && distinct(longer.map(|row| row.1.as_str()))
    }
}

fn distinct<'a>(cells: impl Iterator<Item = &'a str>) -> bool {
    let mut cells: Vec<&str> = cells.collect();
    cells.sort_unstable();
    cells.windows(2).all(|pair| pair[0] != pair[1])
}

/// The records of a sample with their lines; the last one only if it is whole, or the only one.
fn records(sample: Sample<'_>, delimiter: Delimiter) -> Vec<(u64, Vec<String>)> {
    let mut records = Records::new(
        Text::new(sample.text.as_bytes(), Some(Encoding::Utf8)),
        sample.line,
    );
    records.delimit(delimiter);
    let mut found = Vec::new();
    // A quote that is cut off is no fault of the file's.
    while found.len() <= SAMPLE && records.advance(&[]).unwrap_or(false) {
        let cells = (0..records.len()).map(|cell| String::from_utf8_lossy(records.cell(cell)).into_owned());
        found.push((records.line(), cells.collect()));
    }
    if !sample.whole && records.is_at_end() && found.len() > 1 {
        found.pop();
    }
    found
}
