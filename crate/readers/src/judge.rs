//! What a column is, once all of its cells are known: numbers, text or dates; and what speaks against using it so.

use serde::{Deserialize, Serialize};

use crate::column::{Seen, Tally};
use crate::error::shown;
use crate::levels::Levels;
use crate::missing::Missing;
use crate::number::{self, Look, Writing};
use crate::options::{Decimal, Delimiter, Thousands};
use crate::place::Places;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnKind {
    /// Numbers.
    Number,
    /// Text, each distinct one a level.
    Text,
    /// Dates, as text.
    Date,
}

/// What somebody declared a column to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Declared {
    Nothing,
    Text,
    Number,
}

/// What a column is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) kind: ColumnKind,
    /// Why it cannot be used before something is said.
    pub(crate) problem: Option<String>,
    /// What to know where it is used.
    pub(crate) notes: Vec<String>,
}

impl Verdict {
    pub(crate) fn of(kind: ColumnKind) -> Self {
        Verdict {
            kind,
            problem: None,
            notes: Vec::new(),
        }
    }

    fn refused(kind: ColumnKind, problem: String) -> Self {
        Verdict {
            problem: Some(problem),
            ..Verdict::of(kind)
        }
    }

    fn noted(kind: ColumnKind, note: String) -> Self {
        Verdict {
            notes: vec![note],
            ..Verdict::of(kind)
        }
    }
}

/// What marks decimals in a file, by all of its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Marks {
    Known(Decimal),
    /// Points in one column, commas in another: an example of each, with the column.
    Mixed {
        point: (String, String),
        comma: (String, String),
    },
    /// What may mark decimals may group thousands as well, in every cell that has it.
    Open,
}

/// A column as far as decimals go.
pub(crate) struct Marked<'a> {
    pub(crate) name: &'a str,
    pub(crate) tally: &'a Tally,
    /// Its texts, where there are few.
    pub(crate) levels: Option<&'a Levels>,
}

impl Marked<'_> {
    fn first(&self, look: Look) -> Option<(String, String)> {
        let seen = self.tally.of(|seen| seen == look)?;
        Some((self.name.to_owned(), seen.text.clone()))
    }

    fn is_code_list(&self) -> bool {
        self.levels.is_some_and(is_code_list)
    }
}

/// Whether every text with a comma is a list of codes.
fn is_code_list(levels: &Levels) -> bool {
    levels
        .iter()
        .filter(|level| level.contains(','))
        .all(number::is_code_list)
}

/// Learns from all columns of numbers what marks decimals.
pub(crate) fn marks(columns: &[Marked<'_>], delimiter: Delimiter) -> Marks {
    let numeric: Vec<&Marked> = columns
        .iter()
        .filter(|column| column.tally.of(|look| matches!(look, Look::Text)).is_none())
        .collect();
    let first = |look: Look, lists: bool| {
        let column = |column: &&&Marked| lists || !column.is_code_list();
        numeric
            .iter()
            .filter(column)
            .find_map(|column| column.first(look))
    };
    let (point, comma) = (first(Look::Point, true), first(Look::Comma, false));
    let maybe_point = first(Look::PointOrGroup, true).is_some();
    let maybe_comma = first(Look::CommaOrGroup, true).is_some();
    // Points are what programs write; only semicolons come from where commas mark decimals.
    let trusted = delimiter != Delimiter::SEMICOLON;
    match (point, comma) {
        (Some(point), Some(comma)) => Marks::Mixed { point, comma },
        (Some(_), None) => Marks::Known(Decimal::Point),
        (None, Some(_)) => Marks::Known(Decimal::Comma),
        (None, None) if maybe_comma => Marks::Open,
        (None, None) if maybe_point && !trusted => Marks::Open,
        // Lists of codes such as `1,5`, if they are not decimals.
        (None, None) if !maybe_point && first(Look::Comma, true).is_some() => Marks::Known(Decimal::Comma),
        (None, None) => Marks::Known(Decimal::Point),
    }
}

/// All that is known of a column.
pub(crate) struct Evidence<'a> {
    pub(crate) name: &'a str,
    pub(crate) given: Declared,
    pub(crate) tally: &'a Tally,
    /// Its texts, where they are kept.
    pub(crate) levels: Option<&'a Levels>,
    /// Cells that are not missing.
    pub(crate) cells: usize,
    pub(crate) writing: Writing,
    pub(crate) marks: &'a Marks,
    pub(crate) missing: &'a Missing,
    pub(crate) places: &'a Places,
}

impl Evidence<'_> {
    /// What the column is.
    pub(crate) fn judge(&self) -> Verdict {
        match self.given {
            Declared::Text => return Verdict::of(ColumnKind::Text),
            Declared::Number => return self.declared_number(),
            Declared::Nothing => {}
        }
        if let Some(problem) = self.undecided() {
            return Verdict::refused(ColumnKind::Text, problem);
        }
        let stray = self.stray(|_| true);
        let words = self.stray(|look| look == Look::Word);
        if stray == 0 {
            return self.numbers();
        }
        if words == self.cells || self.stray(|look| look == Look::Text) > 0 {
            return self.text();
        }
        if words == stray {
            return Verdict::noted(ColumnKind::Number, self.words());
        }
        let separated = self.first(is_separated);
        let infinite = self.first(|look| look == Look::Infinite);
        match (separated, infinite, self.first(|look| look == Look::Identifier)) {
            (Some(seen), ..) => self.separated(seen),
            (None, _, Some(seen)) => Verdict::noted(ColumnKind::Text, self.identifiers(seen)),
            (None, Some(_), None) if words + self.stray(|look| look == Look::Infinite) == self.cells => {
                self.text()
            }
            (None, Some(seen), None) => {
                let problem = format!(
                    "{}: `{}` is not a finite number: correct it, or leave the cell empty",
                    self.places.of(seen.row),
                    shown(&seen.text)
                );
                Verdict::refused(ColumnKind::Number, problem)
            }
            (None, None, None) => self.text(),
        }
    }

    fn is_number(&self, look: Look) -> bool {
        self.writing.is_number(look)
    }

    /// How many cells that are no numbers look like this.
    fn stray(&self, is: impl Fn(Look) -> bool) -> usize {
        self.tally.count(|look| !self.is_number(look) && is(look))
    }

    fn first(&self, is: impl Fn(Look) -> bool) -> Option<&Seen> {
        self.tally.of(|look| !self.is_number(look) && is(look))
    }

    fn declared_number(&self) -> Verdict {
        let wrong = self.first(|look| !matches!(look, Look::Word | Look::Identifier));
        match wrong {
            None => Verdict::of(ColumnKind::Number),
            Some(seen) => Verdict::refused(
                ColumnKind::Number,
                format!(
                    "{}: `{}` is not a number",
                    self.places.of(seen.row),
                    shown(&seen.text)
                ),
            ),
        }
    }

    /// Why its decimals are not known, where the file leaves that open.
    fn undecided(&self) -> Option<String> {
        if self.tally.of(|look| look == Look::Text).is_some() {
            return None;
        }
        match self.marks {
            Marks::Known(_) => None,
            Marks::Mixed { point, comma } => {
                let marked = |look| {
                    matches!(
                        look,
                        Look::Comma | Look::CommaOrGroup | Look::Point | Look::PointOrGroup
                    )
                };
                self.tally.of(marked)?;
                Some(format!(
                    "decimals have points in column `{}` (`{}`) and commas in `{}` (`{}`): say --decimal . or --decimal , and \
                     --text {} if it is no number",
                    shown(&point.0),
                    shown(&point.1),
                    shown(&comma.0),
                    shown(&comma.1),
                    self.name
                ))
            }
            Marks::Open => {
                let seen = self
                    .tally
                    .of(|look| matches!(look, Look::CommaOrGroup | Look::PointOrGroup))?;
                let sign = if seen.look == Look::CommaOrGroup { ',' } else { '.' };
                Some(format!(
                    "{}: in `{}` the `{sign}` may group thousands or mark decimals: say --thousands {sign} or --decimal {sign}",
                    self.places.of(seen.row),
                    shown(&seen.text)
                ))
            }
        }
    }

    fn numbers(&self) -> Verdict {
        let zeros = self.tally.of(|look| look == Look::LeadingZero);
        let padded = self.tally.count(|look| look == Look::LeadingZero);
        let Some(seen) = zeros.filter(|_| padded < self.cells) else {
            return Verdict::of(ColumnKind::Number);
        };
        // With all texts at hand it is known whether two of them are one number.
        if self.levels.is_some_and(|levels| !collides(levels, self.missing)) {
            return Verdict::of(ColumnKind::Number);
        }
        Verdict::noted(
            ColumnKind::Number,
            format!(
                "`{}` has numbers with leading zeros, such as `{}`, and the same without: they count as the same; \
                 --text {} keeps them apart",
                shown(self.name),
                shown(&seen.text),
                self.name
            ),
        )
    }

    fn words(&self) -> String {
        let words = self.stray(|look| look == Look::Word);
        let example = self
            .first(|look| look == Look::Word)
            .map_or("", |seen| &seen.text);
        format!(
            "`{}` has `{}` and the like in {words} of its cells and numbers in all others: these are taken as missing; \
             --missing says what is",
            shown(self.name),
            shown(example)
        )
    }

    fn identifiers(&self, seen: &Seen) -> String {
        format!(
            "`{}` has whole numbers such as `{}`, too long to compute with: they are identifiers, and each is a level; \
             --number {} rounds them",
            shown(self.name),
            shown(&seen.text),
            self.name
        )
    }

    fn text(&self) -> Verdict {
        Verdict::of(
            if self.levels.is_some_and(|levels| are_dates(levels, self.missing)) {
                ColumnKind::Date
            } else {
                ColumnKind::Text
            },
        )
    }

    /// Numbers with signs that the file's numbers do not have.
    fn separated(&self, seen: &Seen) -> Verdict {
        let (place, cell) = (self.places.of(seen.row), shown(&seen.text));
        let grouped = |look| matches!(look, Look::Grouped(_) | Look::CommaOrGroup | Look::PointOrGroup);
        if self.stray(is_separated) == self.stray(grouped) {
            let sign = match seen.look {
                Look::Grouped(thousands) => thousands,
                Look::PointOrGroup => Thousands::Point,
                _ => Thousands::Comma,
            };
            let sign = match sign {
                Thousands::Blank => "space",
                Thousands::Apostrophe => "apostrophe",
                Thousands::Underscore => "_",
                Thousands::Comma => ",",
                Thousands::Point => ".",
            };
            let problem = format!(
                "this is text because of thousands separators, as in `{cell}` ({place}): --thousands {sign} reads them as \
                 numbers, --text {} as levels",
                self.name
            );
            return Verdict::refused(ColumnKind::Text, problem);
        }
        if self.writing.decimal == Some(Decimal::Comma) {
            let problem = format!(
                "`{cell}` ({place}) has a decimal point where the file has decimal commas: correct it, or say --decimal ., or \
                 --text {}",
                self.name
            );
            return Verdict::refused(ColumnKind::Text, problem);
        }
        if self.levels.is_some_and(is_code_list) {
            let note = format!(
                "`{}` is text, with lists such as `{cell}`; --decimal , reads the comma as that of decimals",
                shown(self.name)
            );
            return Verdict::noted(ColumnKind::Text, note);
        }
        let problem = format!(
            "`{cell}` ({place}) may have a decimal comma: --decimal , reads it so, --text {} as a level",
            self.name
        );
        Verdict::refused(ColumnKind::Text, problem)
    }
}

/// Whether a cell is a number but for its separators.
fn is_separated(look: Look) -> bool {
    matches!(
        look,
        Look::Point | Look::PointOrGroup | Look::Comma | Look::CommaOrGroup | Look::Grouped(_)
    )
}

/// Whether two texts are the same whole number, one with leading zeros.
fn collides(levels: &Levels, missing: &Missing) -> bool {
    let mut plain: Vec<&str> = levels
        .iter()
        .map(str::trim)
        .filter(|level| !missing.is_missing(level) && level.bytes().all(|byte| byte.is_ascii_digit()))
        .map(|level| level.trim_start_matches('0'))
        .collect();
    plain.sort_unstable();
    plain.windows(2).any(|pair| pair[0] == pair[1])
}

/// Whether all texts are dates, `2020-01-31`, with a time or without.
fn are_dates(levels: &Levels, missing: &Missing) -> bool {
    let mut dates = levels
        .iter()
        .map(str::trim)
        .filter(|level| !missing.is_missing(level))
        .peekable();
    dates.peek().is_some() && dates.all(is_date)
}

fn is_date(text: &str) -> bool {
    let digits = |part: &str, most: u32| {
        part.len() == 2 && part.parse().is_ok_and(|number: u32| (1..=most).contains(&number))
    };
    let (date, time) = match text.split_once(['T', ' ']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let mut parts = date.split('-');
    let year = parts
        .next()
        .is_some_and(|year| year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()));
    let month = parts.next().is_some_and(|month| digits(month, 12));
    let day = parts.next().is_some_and(|day| digits(day, 31));
    let clock = |time: &str| {
        time.contains(':')
            && time
                .bytes()
                .all(|byte| byte.is_ascii_digit() || b":.+-Z".contains(&byte))
    };
    year && month && day && parts.next().is_none() && time.is_none_or(clock)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_recognised() {
        assert!(is_date("2020-01-31") && is_date("1999-12-01 23:59:59") && is_date("2020-01-31T10:00Z"));
        assert!(
            !is_date("2020-13-01")
                && !is_date("20-01-31")
                && !is_date("2020-01")
                && !is_date("2020-01-31 noon")
        );
    }

    #[test]
    fn decimals_are_learnt_from_all_columns() {
        let writing = Writing {
            decimal: None,
            thousands: None,
        };
        let of = |columns: &[&[&str]], delimiter| {
            let tallies: Vec<Tally> = columns
                .iter()
                .map(|cells| {
                    let mut tally = Tally::default();
                    for (row, cell) in cells.iter().enumerate() {
                        tally.add(number::look(cell.as_bytes(), writing).0, 1, row, cell);
                    }
                    tally
                })
                .collect();
            let mut levels: Vec<Levels> = columns.iter().map(|_| Levels::default()).collect();
            for (levels, cells) in levels.iter_mut().zip(columns) {
                for cell in *cells {
                    levels.code(cell.as_bytes());
                }
            }
            let column = |(tally, levels)| Marked {
                name: "x",
                tally,
                levels: Some(levels),
            };
            let marked: Vec<Marked> = tallies.iter().zip(&levels).map(column).collect();
            marks(&marked, delimiter)
        };
        let (comma, point) = (Marks::Known(Decimal::Comma), Marks::Known(Decimal::Point));
        let semicolon = Delimiter::SEMICOLON;
        assert_eq!(of(&[&["0,25", "1,136"], &["3"]], semicolon), comma);
        assert_eq!(of(&[&["0.25", "1.136"], &["3"]], semicolon), point);
        assert_eq!(of(&[&["1", "2"]], semicolon), point);
        assert_eq!(of(&[&["1,136", "2,500"]], semicolon), Marks::Open);
        assert_eq!(of(&[&["1.136", "2.500"]], semicolon), Marks::Open);
        assert_eq!(of(&[&["1.136", "2.500"]], Delimiter::TAB), point);
        assert_eq!(of(&[&["1,136"], &["0,5"]], semicolon), comma);
        assert_eq!(of(&[&["1,3", "2"], &["0.5"]], Delimiter::TAB), point);
        assert_eq!(of(&[&["1,3", "2"]], semicolon), comma);
        assert_eq!(of(&[&["a,5", "2,25"], &["0.5"]], semicolon), point);
        assert!(matches!(
            of(&[&["0,25"], &["0.5"]], semicolon),
            Marks::Mixed { .. }
        ));
    }
}
