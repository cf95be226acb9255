//! What is in a file: each column in a few numbers, and how all was read.

use std::collections::HashMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::column::Cells;
use crate::error::{counted, shown};
use crate::file::{Column, File};
use crate::judge::ColumnKind;
use crate::reading::Reading;

/// So many levels are listed.
const COMMONEST: usize = 5;

/// What is in a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// How it was read.
    pub reading: Reading,
    /// Its columns in order, row names as well.
    pub columns: Vec<ColumnSummary>,
}

/// A column in a few numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnSummary {
    /// Its name.
    pub name: String,
    /// What it holds.
    #[serde(rename = "type")]
    pub kind: ColumnKind,
    /// Its description, where the file has one.
    pub label: Option<String>,
    /// Row names are not among a formula's variables.
    pub row_names: bool,
    /// Cells that are not missing.
    pub n: usize,
    /// Missing cells.
    pub missing: usize,
    /// Of the missing cells those with a code of their own, such as Stata's `.a`.
    pub missing_codes: Vec<LevelCount>,
    /// Distinct values.
    pub distinct: usize,
    /// The smallest number.
    pub min: Option<f64>,
    /// The largest number.
    pub max: Option<f64>,
    /// The commonest levels of text, or all of them in order where the file gives one.
    pub levels: Vec<LevelCount>,
    /// Why it cannot be used before something is said.
    pub problem: Option<String>,
    /// What to know before it is used.
    pub notes: Vec<String>,
}

/// A level and in how many cells it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelCount {
    /// The level.
    pub level: String,
    /// Its cells.
    pub n: usize,
}

impl File {
    /// What is in the file.
    pub fn summary(&self) -> Summary {
        let mut times: HashMap<&str, usize> = HashMap::new();
        for column in &self.columns {
            *times.entry(&column.name).or_default() += 1;
        }
        let times = |column: &Column| times.get(column.name.as_str()).copied().unwrap_or(1);
        let columns = self.columns.iter();
        Summary {
            reading: self.reading().clone(),
            columns: columns
                .map(|column| self.column_summary(column, times(column)))
                .collect(),
        }
    }

    /// `twice` is how many columns have its name.
    fn column_summary(&self, column: &Column, twice: usize) -> ColumnSummary {
        let mut notes = if column.verdict.problem.is_none() {
            self.notes(column)
        } else {
            Vec::new()
        };
        if twice > 1 {
            notes.push(format!("{twice} columns have this name"));
        }
        let mut summary = ColumnSummary {
            name: column.name.clone(),
            kind: column.verdict.kind,
            label: Some(column.label.clone()).filter(|label| !label.is_empty()),
            row_names: column.aside,
            n: 0,
            missing: 0,
            missing_codes: column
                .missing_codes
                .iter()
                .map(|(level, n)| level_count(level, *n))
                .collect(),
            distinct: 0,
            min: None,
            max: None,
            levels: Vec::new(),
            problem: column.verdict.problem.clone(),
            notes,
        };
        match (&column.cells, column.verdict.kind) {
            (Cells::Coded { .. }, ColumnKind::Text | ColumnKind::Date) => self.texts(column, &mut summary),
            (cells, _) => self.number_summary(cells, &mut summary),
        }
        summary
    }

    fn number_summary(&self, cells: &Cells, summary: &mut ColumnSummary) {
        let mut values: Vec<f64> = self.numbers(cells).filter(|value| !value.is_nan()).collect();
        summary.n = values.len();
        summary.missing = cells.len() - values.len();
        values.sort_unstable_by(f64::total_cmp);
        (summary.min, summary.max) = (values.first().copied(), values.last().copied());
        values.dedup();
        summary.distinct = values.len();
    }

    fn texts(&self, column: &Column, summary: &mut ColumnSummary) {
        let Cells::Coded { codes, levels } = &column.cells else {
            return;
        };
        let mut counts = vec![0_usize; levels.len()];
        for code in codes {
            counts[*code as usize] += 1;
        }
        let mut present: Vec<(&str, usize)> = match &column.order {
            Some(order) => order
                .iter()
                .map(|code| (levels.get(*code), counts[*code as usize]))
                .collect(),
            None => {
                let all = levels.iter().zip(counts);
                let mut present: Vec<(&str, usize)> = all
                    .filter(|(level, _)| !self.missing.is_missing(level.trim()))
                    .collect();
                present.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
                present
            }
        };
        summary.n = present.iter().map(|(_, count)| count).sum();
        summary.missing = codes.len() - summary.n;
        summary.distinct = present.len();
        if column.verdict.kind == ColumnKind::Date {
            present.sort_unstable();
            let ends = [present.first(), present.last()].into_iter().flatten();
            summary.levels = ends.map(|(level, n)| level_count(level, *n)).collect();
            return;
        }
        present.truncate(COMMONEST);
        summary.levels = present.iter().map(|(level, n)| level_count(level, *n)).collect();
    }
}

fn level_count(level: &str, n: usize) -> LevelCount {
    LevelCount {
        level: level.to_owned(),
        n,
    }
}

impl ColumnSummary {
    /// Range or levels, for people.
    pub fn content(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = match (self.kind, self.min, self.max) {
            (ColumnKind::Number, Some(min), Some(max)) => write!(text, "{min} to {max}"),
            (ColumnKind::Date, ..) => {
                let ends: Vec<&str> = self.levels.iter().map(|level| level.level.as_str()).collect();
                write!(text, "{}", ends.join(" to "))
            }
            _ => {
                let listed = self
                    .levels
                    .iter()
                    .map(|level| format!("{} {}", shown(&level.level), level.n));
                let more = if self.distinct > self.levels.len() {
                    ", ..."
                } else {
                    ""
                };
                write!(text, "{}{more}", listed.collect::<Vec<_>>().join(", "))
            }
        };
        if let Some(label) = &self.label {
            let _ = write!(
                text,
                "{}({})",
                if text.is_empty() { "" } else { " " },
                shown(label)
            );
        }
        text
    }

    /// Missing cells and the codes among them, for people.
    pub fn missing_text(&self) -> String {
        if self.missing_codes.is_empty() {
            return self.missing.to_string();
        }
        let codes = self
            .missing_codes
            .iter()
            .map(|code| format!("{} {}", code.level, code.n));
        format!("{} ({})", self.missing, codes.collect::<Vec<_>>().join(", "))
    }
}

impl Summary {
    /// Number of rows and columns, for people.
    pub fn size(&self) -> String {
        format!(
            "{} of {}",
            counted(self.reading.rows, "row"),
            counted(self.reading.columns, "column")
        )
    }
}
