//! Rows of a source file, by column name, each cell knowing where it stands.

use std::array;
use std::collections::HashMap;
use std::fs::File;
use std::hash::Hash;
use std::io::{self, BufReader, Read};
use std::path::Path;

use calamine::{DataType as _, Reader as _, Xls};
use csv::StringRecord;
use flate2::read::MultiGzDecoder;

use super::Error;

type Records = Box<dyn Iterator<Item = Result<StringRecord, Error>>>;

/// A source file, opened: its header read, its rows to come.
pub(super) struct Table {
    file: &'static str,
    header: Vec<String>,
    records: Records,
}

impl Table {
    /// Opens the CSV file `file` in the folder `dir`.
    pub(super) fn csv(dir: &Path, file: &'static str) -> Result<Self, Error> {
        Self::from_reader(file, BufReader::new(open(dir, file)?))
    }

    /// Opens the gzipped CSV file `file` in the folder `dir`.
    pub(super) fn csv_gz(dir: &Path, file: &'static str) -> Result<Self, Error> {
        Self::from_reader(file, MultiGzDecoder::new(BufReader::new(open(dir, file)?)))
    }

    /// Opens the first sheet of the Excel 97-2003 workbook `file` in the folder `dir`. The sheet's first used
    /// row is the header.
    pub(super) fn xls(dir: &Path, file: &'static str) -> Result<Self, Error> {
        let reader = BufReader::new(open(dir, file)?);
        let mut workbook = Xls::new(reader).map_err(|source| Error::Xls { file, source })?;
        let sheet = workbook
            .worksheet_range_at(0)
            .ok_or(Error::NoTable { file })?
            .map_err(|source| Error::Xls { file, source })?;
        let mut records: Vec<StringRecord> = sheet
            .rows()
            .map(|row| {
                row.iter()
                    .map(|cell| {
                        if cell.is_empty() {
                            String::new()
                        } else {
                            cell.to_string()
                        }
                    })
                    .collect()
            })
            .collect();
        if records.is_empty() {
            return Err(Error::NoTable { file });
        }
        let header = names(&records.remove(0));
        Ok(Self {
            file,
            header,
            records: Box::new(records.into_iter().map(Ok)),
        })
    }

    /// Reads CSV from `reader`, naming it `file` in errors.
    pub(super) fn from_reader(file: &'static str, reader: impl Read + 'static) -> Result<Self, Error> {
        let mut reader = csv::Reader::from_reader(reader);
        let header = names(
            reader
                .headers()
                .map_err(|source| Error::Csv { file, row: 1, source })?,
        );
        let records = reader
            .into_records()
            .zip(FIRST_ROW..)
            .map(move |(record, row)| record.map_err(|source| Error::Csv { file, row, source }));
        Ok(Self {
            file,
            header,
            records: Box::new(records),
        })
    }

    /// The rows, narrowed to `columns`.
    pub(super) fn select<const N: usize>(self, columns: [&'static str; N]) -> Result<Rows<N>, Error> {
        let mut positions = [0; N];
        for (position, column) in positions.iter_mut().zip(columns) {
            *position = self
                .header
                .iter()
                .position(|name| name == column)
                .ok_or_else(|| Error::MissingColumn {
                    file: self.file,
                    column,
                    columns: self.header.clone(),
                })?;
        }
        Ok(Rows {
            file: self.file,
            columns,
            positions,
            row: FIRST_ROW,
            records: self.records,
        })
    }
}

/// The row below the header, as a person counts.
const FIRST_ROW: usize = 2;

fn names(header: &StringRecord) -> Vec<String> {
    header.iter().map(|name| name.trim().to_owned()).collect()
}

fn open(dir: &Path, file: &'static str) -> Result<File, Error> {
    let path = dir.join(file);
    File::open(&path).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => Error::Missing { file: path },
        _ => Error::Read { file: path, source },
    })
}

/// The rows of a [`Table`], `N` columns of each.
pub(super) struct Rows<const N: usize> {
    file: &'static str,
    columns: [&'static str; N],
    positions: [usize; N],
    row: usize,
    records: Records,
}

impl<const N: usize> Iterator for Rows<N> {
    type Item = Result<Row<N>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let record = self.records.next()?;
        let (file, columns, positions, row) = (self.file, self.columns, self.positions, self.row);
        self.row += 1;
        Some(record.map(|record| Row {
            file,
            columns,
            positions,
            row,
            record,
        }))
    }
}

/// One row.
pub(super) struct Row<const N: usize> {
    file: &'static str,
    columns: [&'static str; N],
    positions: [usize; N],
    row: usize,
    record: StringRecord,
}

impl<const N: usize> Row<N> {
    /// The cells, in the order the columns were selected.
    pub(super) fn cells(&self) -> [Cell<'_>; N] {
        array::from_fn(|column| Cell {
            file: self.file,
            column: self.columns[column],
            row: self.row,
            text: self.record.get(self.positions[column]).unwrap_or_default().trim(),
        })
    }
}

/// One cell: what it holds, and where it stands for the sake of errors.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell<'a> {
    pub(super) file: &'static str,
    pub(super) column: &'static str,
    pub(super) row: usize,
    pub(super) text: &'a str,
}

impl Cell<'_> {
    /// The number it holds; nothing where it is empty.
    pub(super) fn number(&self) -> Result<Option<f64>, Error> {
        if self.text.is_empty() {
            return Ok(None);
        }
        match self.text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Some(number)),
            _ => Err(self.is_not("a number")),
        }
    }

    /// The whole number it holds, be it written `2` or `2.0`; nothing where it is empty.
    pub(super) fn whole<T: TryFrom<i64>>(&self) -> Result<Option<T>, Error> {
        let Some(number) = self.number()? else {
            return Ok(None);
        };
        // Every code, year and identifier is far below 2^53, where f64 stops holding all whole numbers.
        let whole = number as i64;
        if whole as f64 != number {
            return Err(self.is_not(WHOLE));
        }
        T::try_from(whole)
            .map(Some)
            .map_err(|_| self.is_not("a whole number of this column's size"))
    }

    /// The whole number it must hold.
    pub(super) fn key<T: TryFrom<i64>>(&self) -> Result<T, Error> {
        self.whole()?.ok_or_else(|| self.is_empty(WHOLE))
    }

    /// The number it must hold.
    pub(super) fn amount(&self) -> Result<f64, Error> {
        self.number()?.ok_or_else(|| self.is_empty("a number"))
    }

    /// The error that this cell is not what was `expected`.
    pub(super) fn is_not(&self, expected: &'static str) -> Error {
        Error::Unreadable {
            file: self.file,
            column: self.column,
            row: self.row,
            text: self.text.to_owned(),
            expected,
        }
    }

    fn is_empty(&self, expected: &'static str) -> Error {
        Error::Empty {
            file: self.file,
            column: self.column,
            row: self.row,
            expected,
        }
    }

    /// Puts `value` under `key` in `map`; this cell is the last of the key's.
    pub(super) fn insert<K: Hash + Eq + std::fmt::Debug, V>(
        &self,
        map: &mut HashMap<K, V>,
        key: K,
        value: V,
    ) -> Result<(), Error> {
        use std::collections::hash_map::Entry;
        match map.entry(key) {
            Entry::Vacant(free) => {
                free.insert(value);
                Ok(())
            }
            Entry::Occupied(taken) => Err(self.duplicate(format!("{:?}", taken.key()))),
        }
    }

    /// The error that `key`, of which this cell is the last, is there already.
    pub(super) fn duplicate(&self, key: String) -> Error {
        Error::Duplicate {
            file: self.file,
            column: self.column,
            row: self.row,
            key,
        }
    }
}

const WHOLE: &str = "a whole number";

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::super::testing::{assert_says, table};
    use super::*;

    const FILE: &str = "some.csv";

    /// Reads every row of one column of numbers.
    fn numbers(table: Table) -> Result<Vec<Option<f64>>, Error> {
        table
            .select(["value"])?
            .map(|row| row?.cells()[0].number())
            .collect()
    }

    #[test]
    fn cells_are_found_by_name_and_missing_is_not_zero() {
        assert_eq!(
            numbers(table(FILE, "other, value \na,1\nb,\nc, 2.5 \n")).unwrap(),
            [Some(1.0), None, Some(2.5)]
        );
    }

    #[test]
    fn whole_numbers_may_be_written_as_decimals() {
        let read = |text: &str| -> Result<Option<u8>, Error> {
            let mut rows = table(FILE, &format!("value,x\n{text},\n")).select(["value"])?;
            rows.next().unwrap()?.cells()[0].whole()
        };
        assert_eq!(read("7.0").unwrap(), Some(7));
        assert_eq!(read("").unwrap(), None);
        assert_says(read("7.5"), &[FILE, "row 2", "`value`", "`7.5`", "whole number"]);
        assert_says(read("300"), &[FILE, "row 2", "`value`", "`300`", "size"]);
    }

    #[test]
    fn what_is_no_number_is_named() {
        for text in ["?", "NaN", "inf", "1,5"] {
            let result = numbers(table(FILE, &format!("value\n1\n\"{text}\"\n")));
            assert_says(result, &[FILE, "row 3", "column `value`", text, "a number"]);
        }
    }

    #[test]
    fn a_missing_column_is_named_and_the_others_listed() {
        assert_says(
            numbers(table(FILE, "a,b\n1,2\n")),
            &[FILE, "row 1", "no column `value`", "a, b"],
        );
    }

    #[test]
    fn a_row_of_another_length_is_named() {
        assert_says(
            numbers(table(FILE, "a,value\n1,2\n1\n")),
            &[FILE, "row 3", "1 field"],
        );
    }

    #[test]
    fn bytes_that_are_not_utf8_are_named() {
        let bytes = b"value\n1\n\xff\xfe\n".to_vec();
        assert_says(
            numbers(Table::from_reader(FILE, Cursor::new(bytes)).unwrap()),
            &[FILE, "row 3", "UTF-8"],
        );
    }

    #[test]
    fn a_cut_off_archive_is_an_error() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::none());
        encoder.write_all(b"value\n1\n2\n").unwrap();
        let whole = encoder.finish().unwrap();
        let read = |bytes: &[u8]| {
            numbers(Table::from_reader(
                FILE,
                MultiGzDecoder::new(Cursor::new(bytes.to_vec())),
            )?)
        };
        assert_eq!(read(&whole).unwrap(), [Some(1.0), Some(2.0)]);
        assert_says(read(&whole[..whole.len() - 6]), &[FILE, "row", "not well-formed"]);
    }

    #[test]
    fn a_key_must_be_there() {
        let result = (|| {
            let row = table(FILE, "value,x\n,1\n").select(["value"])?.next().unwrap()?;
            row.cells()[0].key::<u16>()
        })();
        assert_says(result, &[FILE, "row 2", "column `value`", "empty"]);
    }
}
