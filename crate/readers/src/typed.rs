//! Columns of files that tell numbers from text themselves.

use crate::column::{Cells, Tally};
use crate::levels::Levels;
use crate::missing::Missing;
use crate::number::{self, Writing};
use crate::options::Decimal;

/// What numbers in such files are written like, where text has some.
pub(crate) const WRITING: Writing = Writing {
    decimal: Some(Decimal::Point),
    thousands: None,
};

/// Takes a column's cells one by one. Numbers stay numbers until text comes.
#[derive(Debug, Default)]
pub(crate) struct Typed {
    numbers: Vec<f64>,
    text: Option<(Vec<u32>, Levels)>,
    missing: usize,
    /// Cells that were numbers, and texts that could be.
    pub(crate) numeric: usize,
    pub(crate) numerals: usize,
    pub(crate) dates: usize,
}

impl Typed {
    pub(crate) fn len(&self) -> usize {
        self.text
            .as_ref()
            .map_or(self.numbers.len(), |(codes, _)| codes.len())
    }

    pub(crate) fn number(&mut self, number: f64, missing: &Missing) {
        if !number.is_finite() || missing.is_number(number) {
            return self.nothing();
        }
        self.numeric += 1;
        match &mut self.text {
            None => self.numbers.push(number),
            Some((codes, levels)) => codes.push(levels.code(number.to_string().as_bytes())),
        }
    }

    pub(crate) fn text(&mut self, text: &str, missing: &Missing) {
        let trimmed = text.trim();
        if missing.is_missing(trimmed) {
            return self.nothing();
        }
        let (look, _) = number::look(trimmed.as_bytes(), WRITING);
        self.numerals += usize::from(WRITING.is_number(look));
        let (codes, levels) = self.texts();
        codes.push(levels.code(text.as_bytes()));
    }

    /// A date, written year first.
    pub(crate) fn date(&mut self, date: &str) {
        self.dates += 1;
        let (codes, levels) = self.texts();
        codes.push(levels.code(date.as_bytes()));
    }

    pub(crate) fn nothing(&mut self) {
        self.missing += 1;
        match &mut self.text {
            None => self.numbers.push(f64::NAN),
            Some((codes, levels)) => codes.push(levels.code(b"")),
        }
    }

    /// As long as a number of rows, the last ones missing.
    pub(crate) fn fill(&mut self, rows: usize) {
        while self.len() < rows {
            self.nothing();
        }
    }

    /// Makes it text: the numbers so far as they are written.
    pub(crate) fn texts(&mut self) -> &mut (Vec<u32>, Levels) {
        let numbers = std::mem::take(&mut self.numbers);
        self.text.get_or_insert_with(|| {
            let mut levels = Levels::default();
            let written = |number: &f64| {
                if number.is_nan() {
                    String::new()
                } else {
                    number.to_string()
                }
            };
            let codes = numbers
                .iter()
                .map(|number| levels.code(written(number).as_bytes()))
                .collect();
            (codes, levels)
        })
    }

    pub(crate) fn finish(self) -> Cells {
        match self.text {
            Some((codes, levels)) => Cells::Coded { codes, levels },
            None => Cells::Numbers {
                values: self.numbers,
                tally: Tally::missing(self.missing),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_text_as_they_are_written() {
        let missing = Missing::new(None);
        let mut column = Typed::default();
        column.number(1.5, &missing);
        column.nothing();
        column.text("NA", &missing);
        column.text("x", &missing);
        column.number(2.0, &missing);
        let Cells::Coded { codes, levels } = column.finish() else {
            panic!("there is text in it")
        };
        let texts: Vec<&str> = codes.iter().map(|code| levels.get(*code)).collect();
        assert_eq!(texts, ["1.5", "", "", "x", "2"]);
    }
}
