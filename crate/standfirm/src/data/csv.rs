//! Reads a CSV file as a table.

use std::collections::HashMap;

use ::csv::{ByteRecord, StringRecord};
use mlogit::{Column, Table};

use crate::error::{Error, Result};

/// Cells that mean a missing value, in capitals or not.
const MISSING: [&str; 3] = ["", "NA", "NaN"];
const NOT_FINITE: &str = "is not a finite number: correct it, or leave the cell empty";
const NOT_TEXT: &str = "has bytes that no text has: is it a CSV file?";

/// Reads a comma-separated table with a header line.
///
/// Empty cells, `NA` and `NaN` are missing values, in capitals or not. A column in which every other cell is a number is a
/// column of numbers, any other one of text. A byte-order mark and CRLF line ends are taken as they come. Memory is in
/// proportion to the number of cells.
///
/// # Errors
/// [`Error::Csv`] with the line, and the column where it is about one: text that is not UTF-8 or not text at all, rows of
/// another length than the header's, no header, an empty or repeated column name, numbers too large, decimal commas.
pub fn read(bytes: &[u8]) -> Result<Table> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // Twice: what is a number is known once all of a column has been seen.
    let header = header(bytes)?;
    let numeric = numeric(bytes, &header)?;
    let mut columns: Vec<Cells> = numeric.into_iter().map(Cells::new).collect();
    let mut reader = ::csv::Reader::from_reader(bytes);
    let mut record = ByteRecord::new();
    while reader.read_byte_record(&mut record).map_err(unreadable)? {
        for (column, cell) in columns.iter_mut().zip(record.iter()) {
            column.push(str::from_utf8(cell).unwrap_or_default());
        }
    }
    let mut table = Table::new();
    for (name, cells) in header.iter().zip(columns) {
        table.insert(name, cells.column())?;
    }
    Ok(table)
}

fn header(bytes: &[u8]) -> Result<StringRecord> {
    let mut reader = ::csv::Reader::from_reader(bytes);
    let header = reader.headers().map_err(unreadable)?.clone();
    if header.is_empty() {
        return Err(problem(
            "line 1",
            "the file is empty: a header line with the columns' names is needed",
        ));
    }
    for (position, name) in header.iter().enumerate() {
        if name.is_empty() {
            return Err(problem("line 1", &format!("column {} has no name", position + 1)));
        }
        if name.contains('\0') {
            return Err(problem("line 1", &format!("a name {NOT_TEXT}")));
        }
    }
    Ok(header)
}

/// What a cell holds.
enum Kind {
    Missing,
    Number,
    Text,
}

fn kind(cell: &str) -> std::result::Result<Kind, String> {
    let cell = cell.trim();
    if MISSING.iter().any(|word| cell.eq_ignore_ascii_case(word)) {
        return Ok(Kind::Missing);
    }
    match cell.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(Kind::Number),
        // Written as digits it was meant as a number; `inf` may be a name.
        Ok(_) if cell.contains(|c: char| c.is_ascii_digit()) => Err(NOT_FINITE.to_owned()),
        _ if cell.contains('\0') => Err(NOT_TEXT.to_owned()),
        _ => Ok(Kind::Text),
    }
}

/// Whether the columns hold numbers.
fn numeric(bytes: &[u8], header: &StringRecord) -> Result<Vec<bool>> {
    let mut numbers = vec![false; header.len()];
    // The first cell that is text, with its line.
    let mut texts: Vec<Option<(u64, String)>> = vec![None; header.len()];
    let mut reader = ::csv::Reader::from_reader(bytes);
    let mut record = ByteRecord::new();
    while reader.read_byte_record(&mut record).map_err(unreadable)? {
        let line = record.position().map_or(0, ::csv::Position::line);
        for (position, cell) in record.iter().enumerate() {
            let place = || format!("line {line}, column `{}`", shown(&header[position]));
            let cell = str::from_utf8(cell)
                .map_err(|_| problem(&place(), "this is not UTF-8 text: save the file as UTF-8"))?;
            match kind(cell).map_err(|words| problem(&place(), &format!("`{}` {words}", shown(cell))))? {
                Kind::Missing => {}
                Kind::Number => numbers[position] = true,
                Kind::Text => {
                    texts[position].get_or_insert_with(|| (line, cell.trim().to_owned()));
                }
            }
        }
    }
    for (position, text) in texts.iter().enumerate() {
        let Some((line, cell)) = text else { continue };
        let wrong = if has_decimal_comma(cell) {
            format!("has a decimal comma: write {}", cell.replace(',', "."))
        } else if numbers[position] && cell.parse::<f64>().is_ok() {
            NOT_FINITE.to_owned()
        } else {
            continue;
        };
        return Err(problem(
            &format!("line {line}, column `{}`", shown(&header[position])),
            &format!("`{}` {wrong}", shown(cell)),
        ));
    }
    Ok(texts.iter().map(Option::is_none).collect())
}

/// Whether a text would be a number if its one comma were a point.
fn has_decimal_comma(cell: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = cell.strip_prefix(['-', '+']).unwrap_or(cell);
    unsigned
        .split_once(',')
        .is_some_and(|(whole, part)| digits(whole) && digits(part))
}

/// As much of a text as a message has room for.
fn shown(text: &str) -> String {
    text.chars()
        .take(40)
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}

/// A column as it is read. Each text is kept once.
enum Cells {
    Number(Vec<f64>),
    Text {
        known: HashMap<String, u32>,
        cells: Vec<Option<u32>>,
    },
}

impl Cells {
    fn new(numeric: bool) -> Self {
        if numeric {
            Cells::Number(Vec::new())
        } else {
            Cells::Text {
                known: HashMap::new(),
                cells: Vec::new(),
            }
        }
    }

    fn push(&mut self, cell: &str) {
        let missing = matches!(kind(cell), Ok(Kind::Missing));
        match self {
            Cells::Number(numbers) => {
                let number = if missing { None } else { cell.trim().parse().ok() };
                numbers.push(number.unwrap_or(f64::NAN));
            }
            Cells::Text { cells, .. } if missing => cells.push(None),
            Cells::Text { known, cells } => {
                let next = known.len() as u32;
                let code = match known.get(cell) {
                    Some(code) => *code,
                    None => *known.entry(cell.to_owned()).or_insert(next),
                };
                cells.push(Some(code));
            }
        }
    }

    fn column(self) -> Column {
        match self {
            Cells::Number(numbers) => Column::Number(numbers),
            Cells::Text { known, cells } => {
                let mut texts = vec![""; known.len()];
                for (text, code) in &known {
                    texts[*code as usize] = text;
                }
                Column::text_or_missing(cells.iter().map(|code| code.map(|code| texts[code as usize])))
            }
        }
    }
}

fn unreadable(error: ::csv::Error) -> Error {
    match error.kind() {
        ::csv::ErrorKind::UnequalLengths {
            pos,
            expected_len,
            len,
        } => problem(
            &pos.as_ref()
                .map_or_else(|| "a row".to_owned(), |pos| format!("line {}", pos.line())),
            &format!("{len} cells where the header has {expected_len}"),
        ),
        ::csv::ErrorKind::Utf8 { err, .. } => problem(
            "line 1",
            &format!(
                "cell {} is not UTF-8 text: save the file as UTF-8",
                err.field() + 1
            ),
        ),
        _ => problem("the file", &error.to_string()),
    }
}

fn problem(place: &str, problem: &str) -> Error {
    Error::Csv {
        place: place.to_owned(),
        problem: problem.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_text_and_missing_values() {
        let table = read(b"\xef\xbb\xbfa,b,\"c, quoted\"\r\n1, x,NA\r\n,NA,1e-3\r\n").unwrap();
        assert_eq!(table.names(), ["a", "b", "c, quoted"]);
        let Column::Number(a) = table.column("a").unwrap() else {
            panic!("a is numeric")
        };
        assert!(a[0] == 1.0 && a[1].is_nan());
        let Column::Text(b) = table.column("b").unwrap() else {
            panic!("b is text")
        };
        assert_eq!((b.get(0), b.get(1)), (Some(" x"), None));
        let Column::Number(c) = table.column("c, quoted").unwrap() else {
            panic!("c is numeric")
        };
        assert!(c[0].is_nan() && c[1] == 1e-3);
    }

    #[test]
    fn what_was_meant_as_a_number_is_one_or_an_error() {
        let message = |bytes: &[u8]| read(bytes).unwrap_err().to_string();
        assert_eq!(
            message(b"a,b\n1,2\n1,1e999\n"),
            "line 3, column `b`: `1e999` is not a finite number: correct it, or leave the cell empty"
        );
        assert_eq!(
            message(b"a,b\n1,2\n1,\"-1,5\"\n"),
            "line 3, column `b`: `-1,5` has a decimal comma: write -1.5"
        );
        assert_eq!(
            message(b"a,b\n1,2\n1,inf\n"),
            "line 3, column `b`: `inf` is not a finite number: correct it, or leave the cell empty"
        );
        assert_eq!(
            message(b"a,b\n1,2\n1,5,3\n"),
            "line 3: 3 cells where the header has 2"
        );
        let table = read(b"a,b,c,d\nnan,inf,-0.0,\"1,5 or so\"\nNAN,-inf,1E-400,\n").unwrap();
        let Column::Number(a) = table.column("a").unwrap() else {
            panic!("nothing but missing values is numeric")
        };
        assert!(a.iter().all(|value| value.is_nan()));
        assert!(matches!(table.column("b").unwrap(), Column::Text(_)));
        let Column::Number(c) = table.column("c").unwrap() else {
            panic!("c is numeric")
        };
        assert_eq!(c, &[0.0, 0.0]);
        let Column::Text(d) = table.column("d").unwrap() else {
            panic!("d is text")
        };
        assert_eq!((d.get(0), d.get(1)), (Some("1,5 or so"), None));
    }

    #[test]
    fn strange_bytes_are_an_error_or_text() {
        let message = |bytes: &[u8]| read(bytes).unwrap_err().to_string();
        let not_text = "has bytes that no text has: is it a CSV file?";
        assert_eq!(
            message(b"a\n\0\n"),
            format!("line 2, column `a`: `\u{fffd}` {not_text}")
        );
        assert_eq!(message(b"a\0b\n1\n"), format!("line 1: a name {not_text}"));
        // A quote that is never closed takes the rest of the file with it.
        let table = read(b"a,b\n1,\"x\n2,y\n").unwrap();
        assert_eq!(table.rows(), 1);
        let table = read(b"a,b\r1,2\r").unwrap();
        assert_eq!(table.rows(), 1);
        for bytes in [&b"\xef\xbb\xbf"[..], b"\n\n", b"\xff\xfea\0", b"PK\x03\x04\0\0"] {
            read(bytes).unwrap_err();
        }
    }

    #[test]
    fn wide_and_long_files_are_read_in_proportion() {
        let columns = 100_000;
        let names: Vec<String> = (0..columns).map(|column| format!("x{column}")).collect();
        let wide = format!("{}\n{}\n", names.join(","), "1,".repeat(columns - 1) + "2");
        let table = read(wide.as_bytes()).unwrap();
        assert_eq!((table.rows(), table.names().len()), (1, columns));
        let long = "x,y\n".to_owned() + &"1.5,word\n".repeat(200_000);
        let table = read(long.as_bytes()).unwrap();
        assert_eq!(table.rows(), 200_000);
    }

    #[test]
    fn errors_name_the_line() {
        let message = |bytes: &[u8]| read(bytes).unwrap_err().to_string();
        assert_eq!(
            message(b"a,b\n1,2\n3\n"),
            "line 3: 1 cells where the header has 2"
        );
        assert_eq!(
            message(b"a,b\n1,\xff\n"),
            "line 2, column `b`: this is not UTF-8 text: save the file as UTF-8"
        );
        assert_eq!(message(b"a,\n1,2\n"), "line 1: column 2 has no name");
        assert_eq!(
            message(b"a,a\n1,2\n"),
            "column `a` occurs twice: rename one of them"
        );
        assert!(message(b"").contains("empty"));
    }
}
