//! A table: named columns of numbers or text, with missing values.

use std::collections::BTreeMap;

use crate::error::{Error, Result};

/// A column of text, stored as codes into its distinct levels.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    /// Distinct values, sorted unless they came in an order of their own.
    levels: Vec<String>,
    /// For each row the position in `levels`; `None` where the value is missing.
    codes: Vec<Option<u32>>,
}

impl Text {
    /// Text from its distinct values, in an order of one's own, and the position of each row's value among them; `None`
    /// where it is missing. A position that there is not is missing as well.
    pub fn from_codes(levels: Vec<String>, mut codes: Vec<Option<u32>>) -> Self {
        for code in &mut codes {
            *code = code.filter(|code| (*code as usize) < levels.len());
        }
        Text { levels, codes }
    }

    /// The distinct values, sorted unless they came in an order of their own.
    pub fn levels(&self) -> &[String] {
        &self.levels
    }

    /// The position in [`Text::levels`] of the value in `row`.
    pub(crate) fn code(&self, row: usize) -> Option<u32> {
        self.codes.get(row).copied().flatten()
    }

    /// Gives `row` the level at position `code`; nothing where there is no such row or level.
    pub(crate) fn set(&mut self, row: usize, code: u32) {
        if let Some(cell) = self
            .codes
            .get_mut(row)
            .filter(|_| (code as usize) < self.levels.len())
        {
            *cell = Some(code);
        }
    }

    /// In how many rows each of [`Text::levels`] occurs.
    #[inline(never)]
    pub(crate) fn counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.levels.len()];
        for code in self.codes.iter().flatten() {
            counts[*code as usize] += 1;
        }
        counts
    }

    /// The first row (from 0) with one of the levels that `wanted` says.
    pub(crate) fn first_row(&self, wanted: &[bool]) -> Option<usize> {
        let there = |code: &Option<u32>| code.is_some_and(|code| wanted[code as usize]);
        self.codes.iter().position(there)
    }

    /// The values of some rows, with the levels that they have.
    fn select(&self, rows: &[usize]) -> Self {
        let mut position = vec![None; self.levels.len()];
        for row in rows {
            if let Some(code) = self.code(*row) {
                position[code as usize] = Some(0);
            }
        }
        let mut levels = Vec::new();
        for (position, level) in position.iter_mut().zip(&self.levels) {
            if let Some(position) = position {
                *position = levels.len() as u32;
                levels.push(level.clone());
            }
        }
        let code = |row: &usize| position[self.code(*row)? as usize];
        Text {
            codes: rows.iter().map(code).collect(),
            levels,
        }
    }

    /// The value in `row` (from 0), `None` where it is missing or there is no such row.
    pub fn get(&self, row: usize) -> Option<&str> {
        self.levels.get(self.code(row)? as usize).map(String::as_str)
    }
}

impl<S: AsRef<str>> FromIterator<Option<S>> for Text {
    fn from_iter<I: IntoIterator<Item = Option<S>>>(values: I) -> Self {
        // A sorted map gives the levels their order; codes are handed out in order of appearance first and
        // put right at the end, so that the text is read once.
        let mut seen = BTreeMap::<String, u32>::new();
        let mut codes: Vec<Option<u32>> = values
            .into_iter()
            .map(|value| {
                let value = value?;
                let next = seen.len() as u32;
                Some(match seen.get(value.as_ref()) {
                    Some(&code) => code,
                    None => *seen.entry(value.as_ref().to_owned()).or_insert(next),
                })
            })
            .collect();
        let mut position = vec![0_u32; seen.len()];
        for (sorted, &appeared) in seen.values().enumerate() {
            position[appeared as usize] = sorted as u32;
        }
        for code in codes.iter_mut().flatten() {
            *code = position[*code as usize];
        }
        Text {
            levels: seen.into_keys().collect(),
            codes,
        }
    }
}

/// One column of a [`Table`].
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Numbers; NaN where the value is missing.
    Number(Vec<f64>),
    /// Text; a term made from it is categorical.
    Text(Text),
}

impl Column {
    /// A column of numbers; NaN is a missing value.
    pub fn number(values: impl IntoIterator<Item = f64>) -> Self {
        Column::Number(values.into_iter().collect())
    }

    /// A column of text without missing values.
    pub fn text<S: AsRef<str>>(values: impl IntoIterator<Item = S>) -> Self {
        Column::Text(values.into_iter().map(Some).collect())
    }

    /// A column of text in which `None` is a missing value.
    pub fn text_or_missing<S: AsRef<str>>(values: impl IntoIterator<Item = Option<S>>) -> Self {
        Column::Text(values.into_iter().collect())
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Column::Number(values) => values.len(),
            Column::Text(text) => text.codes.len(),
        }
    }

    /// The values of some rows (from 0), in the order given; a row that there is not is missing. Levels that none of
    /// them has are gone.
    pub fn select(&self, rows: &[usize]) -> Self {
        match self {
            Column::Number(values) => {
                let value = |row: &usize| values.get(*row).copied().unwrap_or(f64::NAN);
                Column::Number(rows.iter().map(value).collect())
            }
            Column::Text(text) => Column::Text(text.select(rows)),
        }
    }

    /// Whether the column has no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the value in `row` is missing.
    pub fn is_missing(&self, row: usize) -> bool {
        match self {
            Column::Number(values) => values.get(row).is_none_or(|value| value.is_nan()),
            Column::Text(text) => text.codes.get(row).is_none_or(Option::is_none),
        }
    }
}

/// Named columns of equal length.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    names: Vec<String>,
    columns: Vec<Column>,
    /// Where each name is: a search through a hundred thousand names for each of them would take a minute.
    positions: BTreeMap<String, usize>,
}

impl Table {
    /// A table without columns.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a column.
    ///
    /// # Errors
    /// [`Error::DuplicateColumn`] where the name is taken, [`Error::ColumnLength`] where the number of rows
    /// differs from that of the columns already there.
    pub fn insert(&mut self, name: impl Into<String>, column: Column) -> Result<()> {
        let name = name.into();
        if self.positions.contains_key(&name) {
            return Err(Error::DuplicateColumn { column: name });
        }
        if !self.columns.is_empty() && column.len() != self.rows() {
            return Err(Error::ColumnLength {
                column: name,
                found: column.len(),
                expected: self.rows(),
            });
        }
        self.positions.insert(name.clone(), self.names.len());
        self.names.push(name);
        self.columns.push(column);
        Ok(())
    }

    /// The column called `name`.
    ///
    /// # Errors
    /// [`Error::UnknownColumn`], which lists the columns there are.
    pub fn column(&self, name: &str) -> Result<&Column> {
        Ok(&self.columns[self.position(name)?])
    }

    /// The numbers of the column called `name`, one for each row; NaN where the value is missing.
    ///
    /// # Errors
    /// [`Error::UnknownColumn`]; [`Error::ColumnKind`] where it is a column of text.
    ///
    /// ```
    /// # use mlogit::{Column, Table};
    /// # fn main() -> Result<(), mlogit::Error> {
    /// let mut table = Table::new();
    /// table.insert("age", Column::number([31.0, 64.0]))?;
    /// table.insert("party", Column::text(["green", "red"]))?;
    /// assert_eq!(table.numbers("age")?, [31.0, 64.0]);
    /// let error = table.numbers("party").unwrap_err();
    /// assert_eq!(error.to_string(), "column `party` has text (`green`), not numbers");
    /// # Ok(())
    /// # }
    /// ```
    pub fn numbers(&self, name: &str) -> Result<&[f64]> {
        match self.column(name)? {
            Column::Number(values) => Ok(values),
            Column::Text(text) => {
                let first = (0..text.codes.len()).find_map(|row| text.get(row));
                let example = first.map(|value| format!(" (`{value}`)"));
                Err(Error::ColumnKind {
                    column: name.to_owned(),
                    found: format!("text{}", example.unwrap_or_default()),
                    expected: "numbers",
                })
            }
        }
    }

    /// The text of the column called `name`.
    ///
    /// # Errors
    /// [`Error::UnknownColumn`]; [`Error::ColumnKind`] where it is a column of numbers.
    pub fn text(&self, name: &str) -> Result<&Text> {
        match self.column(name)? {
            Column::Text(text) => Ok(text),
            Column::Number(values) => {
                let first = values.iter().find(|value| !value.is_nan());
                let example = first.map(|value| format!(" ({value})"));
                Err(Error::ColumnKind {
                    column: name.to_owned(),
                    found: format!("numbers{}", example.unwrap_or_default()),
                    expected: "text",
                })
            }
        }
    }

    /// The table of some of its rows (from 0), in the order given; levels that none of them has are gone.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Table {
        Table {
            names: self.names.clone(),
            columns: self.columns.iter().map(|column| column.select(rows)).collect(),
            positions: self.positions.clone(),
        }
    }

    /// The same as [`Table::column`], to change its values.
    pub(crate) fn column_mut(&mut self, name: &str) -> Result<&mut Column> {
        let position = self.position(name)?;
        Ok(&mut self.columns[position])
    }

    fn position(&self, name: &str) -> Result<usize> {
        let position = self.positions.get(name).copied();
        position.ok_or_else(|| Error::UnknownColumn {
            column: name.to_owned(),
            known: self.names.clone(),
        })
    }

    /// Names of the columns, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, Column::len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_sorted_and_rows_keep_their_value() {
        let text: Text = [Some("b"), None, Some("a"), Some("b")].into_iter().collect();
        assert_eq!(text.levels(), ["a", "b"]);
        assert_eq!(
            [text.get(0), text.get(1), text.get(2), text.get(3)],
            [Some("b"), None, Some("a"), Some("b")]
        );
        assert_eq!(text.get(4), None);
    }

    #[test]
    fn levels_keep_an_order_of_their_own() {
        let levels = ["low", "high"].map(str::to_owned).to_vec();
        let text = Text::from_codes(levels, vec![Some(1), None, Some(0), Some(2)]);
        assert_eq!(text.levels(), ["low", "high"]);
        let values: Vec<_> = (0..4).map(|row| text.get(row)).collect();
        assert_eq!(values, [Some("high"), None, Some("low"), None]);
    }

    #[test]
    fn rows_are_selected_with_the_levels_they_have() {
        let text = Column::text_or_missing([Some("c"), None, Some("a"), Some("b")]);
        assert_eq!(
            text.select(&[3, 0, 1, 9]),
            Column::text_or_missing([Some("b"), Some("c"), None, None])
        );
        let Column::Number(values) = Column::number([1.0, 2.0]).select(&[1, 5]) else {
            panic!("numbers stay numbers")
        };
        assert!(values[0] == 2.0 && values[1].is_nan());
    }

    #[test]
    fn columns_of_other_length_or_name_taken_are_refused() {
        let mut table = Table::new();
        table.insert("a", Column::number([1.0, 2.0])).unwrap();
        let short = table.insert("b", Column::number([1.0])).unwrap_err();
        assert_eq!(short.to_string(), "column `b` has 1 rows, the table has 2");
        let twice = table.insert("a", Column::number([1.0, 2.0])).unwrap_err();
        assert!(matches!(twice, Error::DuplicateColumn { column } if column == "a"));
        assert!(table.column("c").unwrap_err().to_string().contains("`c`"));
    }

    #[test]
    fn a_column_of_the_other_kind_is_named_with_what_it_has() {
        let mut table = Table::new();
        let insert = |table: &mut Table, name: &str, column| table.insert(name, column).unwrap();
        insert(&mut table, "age", Column::number([f64::NAN, 31.5]));
        insert(&mut table, "party", Column::text_or_missing([None, Some("red")]));
        insert(&mut table, "empty", Column::text_or_missing::<&str>([None, None]));
        assert_eq!(table.numbers("age").unwrap()[1], 31.5);
        assert_eq!(table.text("party").unwrap().get(1), Some("red"));
        let numbers = |name: &str| table.numbers(name).unwrap_err().to_string();
        let text = |name: &str| table.text(name).unwrap_err().to_string();
        assert_eq!(numbers("party"), "column `party` has text (`red`), not numbers");
        assert_eq!(numbers("empty"), "column `empty` has text, not numbers");
        assert_eq!(text("age"), "column `age` has numbers (31.5), not text");
        assert!(numbers("income").contains("no column `income`; there are"));
        assert!(matches!(text("income"), unknown if unknown.contains("`income`")));
    }
}
