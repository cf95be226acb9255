//! A file that has been read: columns that nobody judges until they are used.

use std::collections::BTreeSet;

use mlogit::{Column as TableColumn, Table, Text};

use crate::column::{self, Cells, Tally};
use crate::error::{Error, Result, counted, shown};
use crate::judge::{ColumnKind, Declared, Verdict};
use crate::levels::Levels;
use crate::missing::Missing;
use crate::number::{self, Look, Writing};
use crate::options::Options;
use crate::place::Places;
use crate::reading::Reading;

/// A column of a file.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) cells: Cells,
    pub(crate) verdict: Verdict,
    /// Row names: there if they are asked for, and no variable by themselves.
    pub(crate) aside: bool,
    /// Codes of text in the order of their levels, where that is not the alphabet's.
    pub(crate) order: Option<Vec<u32>>,
    /// Why cells are missing, where the file tells apart: how many have which code.
    pub(crate) missing_codes: Vec<(String, usize)>,
    pub(crate) label: String,
}

/// What a file holds, as it was read. Nothing is wrong with a column before it is used.
#[derive(Debug, Clone)]
pub struct File {
    pub(crate) reading: Reading,
    pub(crate) columns: Vec<Column>,
    pub(crate) writing: Writing,
    pub(crate) missing: Missing,
    pub(crate) places: Places,
}

impl File {
    /// How the file was read.
    pub fn reading(&self) -> &Reading {
        &self.reading
    }

    /// Names of the columns, without row names; names may occur twice.
    pub fn names(&self) -> impl Iterator<Item = &str> + Clone {
        let columns = self.columns.iter().filter(|column| !column.aside);
        columns.map(|column| column.name.as_str())
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.places.rows()
    }

    /// A table of the columns that are used, and how the file was read, with what is to be known of these columns.
    ///
    /// # Errors
    /// [`Error::NoRows`]; [`Error::UnknownColumn`]; and for the columns used only: [`Error::DuplicateColumn`],
    /// [`Error::Column`] where a column can be read in several ways, or has numbers that are none.
    pub fn table(&self, used: &[&str]) -> Result<(Table, Reading)> {
        self.clone_of(used)?.into_table(used)
    }

    /// The same from a file that is not needed any more: its numbers are moved, not copied.
    ///
    /// # Errors
    /// As [`File::table`].
    pub fn into_table(self, used: &[&str]) -> Result<(Table, Reading)> {
        let positions = self.positions(used)?;
        if self.rows() == 0 {
            return Err(Error::NoRows {
                columns: self.columns.len(),
            });
        }
        for position in &positions {
            let column = &self.columns[*position];
            if let Some(problem) = &column.verdict.problem {
                return Err(Error::Column {
                    column: shown(&column.name),
                    problem: problem.clone(),
                });
            }
        }
        let mut reading = self.reading.clone();
        for position in &positions {
            reading.notes.extend(self.notes(&self.columns[*position]));
        }
        let File {
            columns,
            writing,
            missing,
            ..
        } = self;
        let mut table = Table::new();
        for (position, column) in columns.into_iter().enumerate() {
            if positions.contains(&position) {
                let name = column.name.clone();
                table
                    .insert(name, table_column(column, writing, &missing))
                    .map_err(|error| Error::Source(error.to_string()))?;
            }
        }
        Ok((table, reading))
    }

    /// A table of every column but row names, and how the file was read.
    ///
    /// # Errors
    /// As [`File::table`], of each of them.
    pub fn into_whole_table(self) -> Result<(Table, Reading)> {
        let names: Vec<String> = self.names().map(str::to_owned).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        self.into_table(&names)
    }

    /// A file with nothing but the columns used and the names of the others.
    fn clone_of(&self, used: &[&str]) -> Result<File> {
        let positions = self.positions(used)?;
        let some = |(position, column): (usize, &Column)| {
            if positions.contains(&position) {
                return column.clone();
            }
            Column {
                name: column.name.clone(),
                cells: Cells::Numbers {
                    values: Vec::new(),
                    tally: Tally::default(),
                },
                verdict: column.verdict.clone(),
                aside: column.aside,
                order: None,
                missing_codes: Vec::new(),
                label: String::new(),
            }
        };
        Ok(File {
            reading: self.reading.clone(),
            columns: self.columns.iter().enumerate().map(some).collect(),
            writing: self.writing,
            missing: self.missing.clone(),
            places: self.places.clone(),
        })
    }

    /// Where the columns used are.
    fn positions(&self, used: &[&str]) -> Result<BTreeSet<usize>> {
        used.iter().map(|name| self.position(name)).collect()
    }

    fn position(&self, name: &str) -> Result<usize> {
        let mut found = self
            .columns
            .iter()
            .enumerate()
            .filter(|(_, column)| column.name == name);
        let Some((position, _)) = found.next() else {
            return Err(Error::UnknownColumn {
                column: name.to_owned(),
                known: self.names().map(str::to_owned).collect(),
            });
        };
        match found.count() {
            0 => Ok(position),
            more => Err(Error::DuplicateColumn {
                column: name.to_owned(),
                times: more + 1,
            }),
        }
    }

    /// Of the columns used, those of text with so many levels that no model has a coefficient for each: what they
    /// are, for whoever is told that there are too many.
    pub fn crowded<'a>(&self, used: impl IntoIterator<Item = &'a str>) -> Vec<String> {
        const MANY: usize = 20;
        let crowded = |name: &str| {
            let column = &self.columns[self.position(name).ok()?];
            let Cells::Coded { levels, .. } = &column.cells else {
                return None;
            };
            if column.verdict.kind == ColumnKind::Number {
                return None;
            }
            let mut texts = levels
                .iter()
                .filter(|level| !self.missing.is_missing(level.trim()));
            let example = texts.next()?;
            let count = 1 + texts.count();
            let what = if column.verdict.kind == ColumnKind::Date {
                "dates"
            } else {
                "text"
            };
            (count > MANY).then(|| {
                format!(
                    "`{}` is {what} with {count} levels, such as `{}`",
                    shown(name),
                    shown(example)
                )
            })
        };
        used.into_iter().filter_map(crowded).collect()
    }

    /// What to know of a column that is used.
    pub(crate) fn notes(&self, column: &Column) -> Vec<String> {
        let mut notes = column.verdict.notes.clone();
        match (&column.cells, column.verdict.kind) {
            (cells, ColumnKind::Number) => notes.extend(self.sentinels(column, cells)),
            (Cells::Coded { levels, codes }, _) if column.order.is_none() => {
                notes.extend(self.alike(&column.name, codes, levels));
            }
            _ => {}
        }
        notes
    }

    /// The values of a column of numbers; NaN where they are missing.
    pub(crate) fn numbers<'a>(&'a self, cells: &'a Cells) -> Box<dyn Iterator<Item = f64> + 'a> {
        match cells {
            Cells::Numbers { values, .. } => Box::new(values.iter().copied()),
            Cells::Coded { codes, levels } => {
                let values = level_values(levels, self.writing, &self.missing);
                Box::new(codes.iter().map(move |code| values[*code as usize]))
            }
        }
    }

    /// Codes such as -99 in a column that has no other negative number.
    fn sentinels(&self, column: &Column, cells: &Cells) -> Option<String> {
        const MOST: usize = 5;
        let mut negative: Vec<(f64, usize)> = Vec::new();
        let mut positive = 0_usize;
        for value in self.numbers(cells) {
            if value >= 0.0 {
                positive += 1;
            } else if value < 0.0 {
                match negative.iter().position(|(known, _)| *known == value) {
                    Some(known) => negative[known].1 += 1,
                    None if !is_sentinel(value) || negative.len() == MOST => return None,
                    None => negative.push((value, 1)),
                }
            }
        }
        if negative.is_empty() || positive == 0 {
            return None;
        }
        negative.sort_by(|a, b| a.0.total_cmp(&b.0));
        let listed: Vec<String> = negative.iter().map(|(value, _)| format!("{value}")).collect();
        let rows: usize = negative.iter().map(|(_, count)| count).sum();
        let usual = self.missing.codes().join(",");
        Some(format!(
            "`{}` has {} in {} and no other negative number: if that means missing, say --missing \"{},{usual}\"",
            shown(&column.name),
            listed.join(" and "),
            counted(rows, "row"),
            listed.join(","),
        ))
    }

    /// Levels that differ only by blanks, capitals or leading zeros, or that mean missing elsewhere.
    fn alike(&self, name: &str, codes: &[u32], levels: &Levels) -> Vec<String> {
        const MOST: usize = 10_000;
        if levels.len() > MOST {
            return Vec::new();
        }
        let texts: Vec<&str> = levels
            .iter()
            .filter(|level| !self.missing.is_missing(level.trim()))
            .collect();
        let mut notes = Vec::new();
        let mut note = |differ: &str, key: &dyn Fn(&str) -> String| {
            let mut keyed: Vec<(String, &str)> = texts.iter().map(|text| (key(text), *text)).collect();
            keyed.sort_unstable();
            if let Some(pair) = keyed.windows(2).find(|pair| pair[0].0 == pair[1].0) {
                notes.push(format!(
                    "`{}` has levels that differ only by {differ}: `{}` and `{}`",
                    shown(name),
                    shown(pair[0].1),
                    shown(pair[1].1)
                ));
            }
        };
        note("blanks", &|text| {
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        });
        let trimmed = |text: &str| text.trim().to_owned();
        note("capitals", &|text| {
            if trimmed(text) == text {
                text.to_lowercase()
            } else {
                text.to_owned()
            }
        });
        let is_whole = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        note("leading zeros", &|text| {
            if is_whole(text) {
                format!("{:0>1}", text.trim_start_matches('0'))
            } else {
                text.to_owned()
            }
        });
        let word = texts
            .iter()
            .find(|text| number::look(text.trim().as_bytes(), self.writing).0 == Look::Word);
        if let Some(word) = word {
            let cells = codes.iter().filter(|code| levels.get(**code) == *word).count();
            notes.push(format!(
                "`{}` has a level `{}` in {}: if that means missing, say so with --missing",
                shown(name),
                shown(word),
                counted(cells, "row")
            ));
        }
        notes
    }
}

/// Numbers that stand for missing values in many surveys.
fn is_sentinel(value: f64) -> bool {
    const CODES: [f64; 22] = [
        -7.0, -8.0, -9.0, -66.0, -77.0, -88.0, -95.0, -96.0, -97.0, -98.0, -99.0, -666.0, -777.0, -888.0,
        -996.0, -997.0, -998.0, -999.0, -7777.0, -8888.0, -9998.0, -9999.0,
    ];
    CODES.contains(&value) || value == -99_999.0
}

/// The number of each level; NaN for one that is none.
pub(crate) fn level_values(levels: &Levels, writing: Writing, missing: &Missing) -> Vec<f64> {
    let value = |level: &str| {
        let cell = level.trim();
        if missing.is_missing(cell) {
            return f64::NAN;
        }
        match number::look(cell.as_bytes(), writing) {
            // Only where it was said that these are numbers.
            (Look::Identifier, value) => value,
            (look, value) if writing.is_number(look) => value,
            _ => f64::NAN,
        }
    };
    levels.iter().map(value).collect()
}

fn table_column(column: Column, writing: Writing, missing: &Missing) -> TableColumn {
    match (column.cells, column.verdict.kind) {
        (Cells::Numbers { values, .. }, _) => TableColumn::Number(values),
        (Cells::Coded { codes, levels }, ColumnKind::Number) => {
            let values = level_values(&levels, writing, missing);
            TableColumn::Number(codes.iter().map(|code| values[*code as usize]).collect())
        }
        (Cells::Coded { codes, levels }, _) => {
            TableColumn::Text(text(&codes, &levels, column.order, missing))
        }
    }
}

fn text(codes: &[u32], levels: &Levels, order: Option<Vec<u32>>, missing: &Missing) -> Text {
    let order = order.unwrap_or_else(|| {
        let present = |code: &u32| !missing.is_missing(levels.get(*code).trim());
        let mut order: Vec<u32> = (0..levels.len() as u32).filter(present).collect();
        order.sort_unstable_by_key(|code| levels.get(*code));
        order
    });
    let mut position = vec![None; levels.len()];
    for (place, code) in order.iter().enumerate() {
        position[*code as usize] = Some(place as u32);
    }
    Text::from_codes(
        order.iter().map(|code| levels.get(*code).to_owned()).collect(),
        codes.iter().map(|code| position[*code as usize]).collect(),
    )
}

/// What is said of a column of this name.
pub(crate) fn declared(name: &str, text: &[String], number: &[String]) -> Declared {
    let has = |names: &[String]| names.iter().any(|one| one == name);
    match (has(text), has(number)) {
        (true, _) => Declared::Text,
        (false, true) => Declared::Number,
        (false, false) => Declared::Nothing,
    }
}

/// What the cells of a column look like.
pub(crate) fn tally(cells: &Cells, writing: Writing, missing: &Missing) -> Tally {
    match cells {
        Cells::Numbers { tally, .. } => tally.clone(),
        Cells::Coded { codes, levels } => column::tally(codes, levels, writing, missing),
    }
}

/// The texts of a column that keeps them.
pub(crate) fn levels(cells: &Cells) -> Option<&Levels> {
    match cells {
        Cells::Coded { levels, .. } => Some(levels),
        Cells::Numbers { .. } => None,
    }
}

/// What is said of a column is said of one that there is.
pub(crate) fn check_said(columns: &[Column], options: &Options) -> Result<()> {
    let mut given = options.text.iter().chain(&options.number);
    match given.find(|name| columns.iter().all(|column| column.name != **name)) {
        None => Ok(()),
        Some(name) => Err(Error::UnknownColumn {
            column: name.clone(),
            known: columns.iter().map(|column| column.name.clone()).collect(),
        }),
    }
}
