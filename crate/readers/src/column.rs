//! A column while it is read: compact, and not yet judged.

use crate::levels::Levels;
use crate::missing::Missing;
use crate::number::{self, Look, Writing};
use crate::options::Decimal;

/// More distinct cells than this, all of them numbers, are kept as numbers.
const FEW: usize = 4096;

/// Cells as they were read.
#[derive(Debug, Clone)]
pub(crate) enum Cells {
    /// Few distinct cells, or cells that are not all numbers: codes into their texts, exactly as they stand.
    Coded { codes: Vec<u32>, levels: Levels },
    /// Many distinct numbers; NaN where the cell is missing, or no number.
    Numbers { values: Vec<f64>, tally: Tally },
}

impl Cells {
    pub(crate) fn len(&self) -> usize {
        match self {
            Cells::Coded { codes, .. } => codes.len(),
            Cells::Numbers { values, .. } => values.len(),
        }
    }
}

/// How often cells look like what, with the first of each kind.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    seen: Vec<Seen>,
    /// Missing cells.
    pub(crate) missing: usize,
}

/// Cells of one look.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) look: Look,
    pub(crate) cells: usize,
    /// The first of them: its row, from 0, and its text.
    pub(crate) row: usize,
    pub(crate) text: String,
}

impl Tally {
    /// Nothing but missing cells, and plain ones.
    #[cfg(any(feature = "excel", feature = "stata"))]
    pub(crate) fn missing(missing: usize) -> Self {
        Tally {
            missing,
            ..Tally::default()
        }
    }

    pub(crate) fn add(&mut self, look: Look, cells: usize, row: usize, text: &str) {
        match self.seen.iter_mut().find(|seen| seen.look == look) {
            Some(seen) => {
                seen.cells += cells;
                if row < seen.row {
                    seen.row = row;
                    text.clone_into(&mut seen.text);
                }
            }
            None => self.seen.push(Seen {
                look,
                cells,
                row,
                text: text.to_owned(),
            }),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Seen> {
        self.seen.iter()
    }

    /// Cells that are not missing.
    pub(crate) fn cells(&self) -> usize {
        self.seen.iter().map(|seen| seen.cells).sum()
    }

    pub(crate) fn of(&self, is: impl Fn(Look) -> bool) -> Option<&Seen> {
        self.seen
            .iter()
            .filter(|seen| is(seen.look))
            .min_by_key(|seen| seen.row)
    }

    pub(crate) fn count(&self, is: impl Fn(Look) -> bool) -> usize {
        self.seen
            .iter()
            .filter(|seen| is(seen.look))
            .map(|seen| seen.cells)
            .sum()
    }
}

/// Takes a column's cells one by one.
#[derive(Debug)]
pub(crate) struct Builder {
    cells: Cells,
    /// It is text, or was found to be.
    is_text: bool,
}

impl Builder {
    /// A column that may turn out to be anything.
    pub(crate) fn new() -> Self {
        Builder {
            cells: Cells::Coded {
                codes: Vec::new(),
                levels: Levels::default(),
            },
            is_text: false,
        }
    }

    /// A column whose texts are kept.
    pub(crate) fn text() -> Self {
        Builder {
            is_text: true,
            ..Builder::new()
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.cells.len()
    }

    pub(crate) fn push(&mut self, cell: &[u8], writing: Writing, missing: &Missing) {
        match &mut self.cells {
            Cells::Numbers { values, tally } => {
                let value = match usual(cell, writing, tally) {
                    Some(number) if !missing.is_number(number) => number,
                    _ => rare(cell, values.len(), writing, missing, tally),
                };
                values.push(value);
            }
            Cells::Coded { codes, levels } => {
                let last = codes
                    .last()
                    .copied()
                    .filter(|last| levels.get(*last).as_bytes() == cell);
                codes.push(last.unwrap_or_else(|| levels.code(cell)));
                if levels.len() > FEW && !self.is_text {
                    self.decide(writing, missing);
                }
            }
        }
    }

    /// Many distinct cells: numbers from here on, or text for good.
    #[cold]
    fn decide(&mut self, writing: Writing, missing: &Missing) {
        let Cells::Coded { codes, levels } = &self.cells else {
            return;
        };
        let mut values = Vec::with_capacity(levels.len());
        let mut plain = true;
        for level in levels.iter() {
            let cell = level.trim();
            let (look, value) = if missing.is_missing(cell) {
                (Look::Plain, f64::NAN)
            } else {
                number::look(cell.as_bytes(), writing)
            };
            plain &= writing.is_number(look) || look == Look::Word;
            values.push(value);
        }
        if !plain {
            self.is_text = true;
            return;
        }
        let tally = tally(codes, levels, writing, missing);
        let values = codes.iter().map(|code| values[*code as usize]).collect();
        self.cells = Cells::Numbers { values, tally };
    }

    pub(crate) fn finish(self) -> Cells {
        self.cells
    }
}

/// The number of a cell that nothing is to be learnt from.
#[inline]
fn usual(cell: &[u8], writing: Writing, tally: &Tally) -> Option<f64> {
    if writing.decimal == Some(Decimal::Point) {
        return number::plain(cell);
    }
    let (number, certain) = number::plain_comma(cell)?;
    // While it is not known what marks decimals, the first comma that does is to be remembered.
    let known = || certain && tally.iter().any(|seen| seen.look == Look::Comma);
    (writing.decimal == Some(Decimal::Comma) || !cell.contains(&b',') || known()).then_some(number)
}

/// The number of a cell that is no usual one.
#[cold]
fn rare(cell: &[u8], row: usize, writing: Writing, missing: &Missing, tally: &mut Tally) -> f64 {
    let text = String::from_utf8_lossy(cell);
    let text = text.trim();
    if missing.is_missing(text) {
        tally.missing += 1;
        return f64::NAN;
    }
    let (look, value) = number::look(text.as_bytes(), writing);
    tally.add(look, 1, row, text);
    if writing.is_number(look) { value } else { f64::NAN }
}

/// What the cells of a column of codes look like.
pub(crate) fn tally(codes: &[u32], levels: &Levels, writing: Writing, missing: &Missing) -> Tally {
    let mut counts = vec![(0_usize, 0_usize); levels.len()];
    for (row, code) in codes.iter().enumerate() {
        let (count, first) = &mut counts[*code as usize];
        if *count == 0 {
            *first = row;
        }
        *count += 1;
    }
    let mut tally = Tally::default();
    for (level, (cells, row)) in levels.iter().zip(counts) {
        let text = level.trim();
        if missing.is_missing(text) {
            tally.missing += cells;
        } else {
            tally.add(number::look(text.as_bytes(), writing).0, cells, row, text);
        }
    }
    tally
}
