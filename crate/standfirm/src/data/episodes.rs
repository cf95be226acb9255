//! The bundled episode table.
//!
//! `build.rs` packs `data/episodes.csv` by columns, in a third of the file's size before compression and less after
//! it, and this module unpacks it. Every value is the file's to the last bit; a test compares them all.
//!
//! The packed table is the number of rows (two bytes, little-endian, as everything here), then for each column:
//! its name (a length byte, then UTF-8), its key, its kind and its values.
//!
//! The *key* says what the column depends on: the sum of 1 for the sender, 2 for the target and 4 for the year, or 8
//! for none of them. There is one value for each group of rows that agree in these, in the order of their first
//! rows. A country's name is thus stored once, and its GDP once a year.
//!
//! The *kind* is a letter:
//! - `w`, whole numbers: their width in bytes, then each number plus one, or 0 where it is missing, in planes (the
//!   lowest bytes of all numbers, then the next ones), which compress better than numbers one after the other;
//! - `l`, natural logarithms of whole numbers, which are stored like those;
//! - `r`, real numbers: the eight planes of their bits;
//! - `t`, text: the number of levels, the levels, sorted, each like a name, then whole numbers that say which
//!   level, from 0, each value has;
//! - `d`, no values: [`ln_dependence`] of the column whose name follows `ln_` in this one's;
//! - `n`, no values: the natural logarithm of that column;
//! - `s`, no values: r / (1 + r), where r is the column that has `_ratio` in its name where this one has `_share`.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::OnceLock;

use mlogit::{Column, Table};

use crate::data::derived;
use crate::data::variables::ln_dependence;
use crate::error::{Error, Result};

const PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/episodes.bin"));

/// The 861 threats of sanctions, one row each: the columns of the file, and after them those [`derived`] from them;
/// [`crate::variables`] says what they mean.
///
/// # Errors
/// [`Error::Bundled`], which a program that was built whole does not return.
pub fn episodes() -> Result<Table> {
    // Unpacking takes longer than fitting a model does.
    static UNPACKED: OnceLock<Option<Table>> = OnceLock::new();
    let table = UNPACKED.get_or_init(|| {
        let mut table = unpack(&mut Packed(PACKED))?;
        derived::add(&mut table).ok()?;
        Some(table)
    });
    table.clone().ok_or(Error::Bundled)
}

fn unpack(packed: &mut Packed) -> Option<Table> {
    let rows = u16::from_le_bytes([packed.byte()?, packed.byte()?]).into();
    let mut table = Table::new();
    let mut known: BTreeMap<u8, Rc<[usize]>> = BTreeMap::new();
    while !packed.0.is_empty() {
        let name = packed.string()?;
        let key = packed.byte()?;
        let group = match known.get(&key) {
            Some(group) => Rc::clone(group),
            None => known
                .entry(key)
                .or_insert(groups(key, rows, &table)?.into())
                .clone(),
        };
        let count = group.iter().max().map_or(0, |last| last + 1);
        let numbers = |values: Vec<f64>| Column::Number(spread(&values, &group));
        let column = match packed.byte()? {
            b'w' => numbers(packed.wholes(count)?),
            b'l' => numbers(packed.wholes(count)?.into_iter().map(libm::log).collect()),
            b'r' => numbers(packed.planes(8, count)?.into_iter().map(f64::from_bits).collect()),
            b't' => {
                let levels = (0..packed.byte()?)
                    .map(|_| packed.string())
                    .collect::<Option<Vec<_>>>()?;
                let codes = packed.wholes(count)?;
                // A missing one, NaN, is of no level.
                let level = |code: f64| (code >= 0.0).then(|| levels.get(code as usize).copied())?;
                Column::text_or_missing(codes.into_iter().map(level)).select(&group)
            }
            b'd' => function_of(&table, name.strip_prefix("ln_")?, ln_dependence)?,
            b'n' => function_of(&table, name.strip_prefix("ln_")?, libm::log)?,
            b's' => {
                let ratio = format!("{}_ratio", name.strip_suffix("_share")?);
                function_of(&table, &ratio, |ratio| ratio / (1.0 + ratio))?
            }
            _ => return None,
        };
        table.insert(name, column).ok()?;
    }
    Some(table)
}

/// Each row's value, from its group's.
#[inline(never)]
fn spread(values: &[f64], group: &[usize]) -> Vec<f64> {
    group.iter().map(|&group| values[group]).collect()
}

/// The group of each row, counted in the order of their first rows.
#[inline(never)]
fn groups(key: u8, rows: usize, table: &Table) -> Option<Vec<usize>> {
    if key == 8 {
        return Some((0..rows).collect());
    }
    let parts = [("sender", 1), ("target", 2), ("year", 4)].into_iter();
    let parts = parts
        .filter(|(_, bit)| key & bit != 0)
        .map(|(name, _)| number(table, name))
        .collect::<Option<Vec<_>>>()?;
    let mut seen = BTreeMap::new();
    let group = |row| {
        let next = seen.len();
        // What the three hold is whole, and less than 2^16.
        let same = parts.iter().fold(0, |all, part| all << 16 | part[row] as u64);
        *seen.entry(same).or_insert(next)
    };
    Some((0..rows).map(group).collect())
}

/// `function` of each value of the column `name`.
fn function_of(table: &Table, name: &str, function: fn(f64) -> f64) -> Option<Column> {
    let values = number(table, name)?.iter();
    Some(Column::number(values.map(|value| function(*value))))
}

fn number<'a>(table: &'a Table, name: &str) -> Option<&'a [f64]> {
    match table.column(name).ok()? {
        Column::Number(values) => Some(values),
        Column::Text(_) => None,
    }
}

/// What is left to unpack.
struct Packed(&'static [u8]);

impl Packed {
    fn take(&mut self, length: usize) -> Option<&'static [u8]> {
        let (taken, left) = self.0.split_at_checked(length)?;
        self.0 = left;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn string(&mut self) -> Option<&'static str> {
        let length = self.byte()?;
        str::from_utf8(self.take(length.into())?).ok()
    }

    /// NaN where one is missing.
    #[inline(never)]
    fn wholes(&mut self, count: usize) -> Option<Vec<f64>> {
        let width = self.byte()?;
        let value = |code: u64| if code == 0 { f64::NAN } else { (code - 1) as f64 };
        Some(self.planes(width, count)?.into_iter().map(value).collect())
    }

    fn planes(&mut self, width: u8, count: usize) -> Option<Vec<u64>> {
        let mut values = vec![0; count];
        for plane in 0..width {
            for (value, byte) in values.iter_mut().zip(self.take(count)?) {
                *value |= u64::from(*byte) << (8 * plane);
            }
        }
        Some(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_the_files() {
        let csv = include_bytes!("../../../../data/episodes.csv");
        let file = readers::read(csv, &readers::Options::default()).unwrap();
        let (file, _) = file.into_whole_table().unwrap();
        let bundled = unpack(&mut Packed(PACKED)).unwrap();
        assert_eq!(bundled.names(), file.names());
        for name in file.names() {
            match (bundled.column(name).unwrap(), file.column(name).unwrap()) {
                (Column::Number(bundled), Column::Number(file)) => {
                    let bits =
                        |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
                    assert_eq!(bits(bundled), bits(file), "{name}");
                }
                (bundled, file) => assert_eq!(bundled, file, "{name}"),
            }
        }
    }

    #[test]
    fn what_is_cut_short_is_refused() {
        for cut in (1..PACKED.len()).step_by(PACKED.len() / 20) {
            assert_eq!(unpack(&mut Packed(&PACKED[..PACKED.len() - cut])), None);
        }
    }
}
