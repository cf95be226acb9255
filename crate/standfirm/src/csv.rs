//! Reads a CSV file as a table.

use mlogit::{Column, Table};

use crate::{Error, Result};

/// Cells that mean a missing value.
const MISSING: [&str; 3] = ["", "NA", "NaN"];

/// Reads a comma-separated table with a header line.
///
/// Empty cells, `NA` and `NaN` are missing values. A column in which every other cell is a number is a column of
/// numbers, any other one of text. A byte-order mark and CRLF line ends are taken as they come.
///
/// # Errors
/// [`Error::Csv`] with the line: text that is not UTF-8, rows of another length than the header's, no header,
/// an empty or repeated column name.
pub fn read(bytes: &[u8]) -> Result<Table> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
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
    }
    let mut cells: Vec<Vec<String>> = vec![Vec::new(); header.len()];
    for record in reader.records() {
        for (column, cell) in cells.iter_mut().zip(record.map_err(unreadable)?.iter()) {
            column.push(cell.to_owned());
        }
    }
    let mut table = Table::new();
    for (name, cells) in header.iter().zip(cells) {
        table.insert(name, column(&cells))?;
    }
    Ok(table)
}

fn column(cells: &[String]) -> Column {
    let missing = |cell: &str| MISSING.contains(&cell.trim());
    let number = |cell: &String| {
        if missing(cell) {
            Some(f64::NAN)
        } else {
            cell.trim().parse().ok()
        }
    };
    match cells.iter().map(number).collect::<Option<Vec<f64>>>() {
        Some(numbers) => Column::Number(numbers),
        None => Column::text_or_missing(cells.iter().map(|cell| (!missing(cell)).then_some(cell))),
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
        ::csv::ErrorKind::Utf8 { pos, err } => problem(
            &pos.as_ref()
                .map_or_else(|| "the header".to_owned(), |pos| format!("line {}", pos.line())),
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
    fn errors_name_the_line() {
        let message = |bytes: &[u8]| read(bytes).unwrap_err().to_string();
        assert_eq!(
            message(b"a,b\n1,2\n3\n"),
            "line 3: 1 cells where the header has 2"
        );
        assert_eq!(
            message(b"a,b\n1,\xff\n"),
            "line 2: cell 2 is not UTF-8 text: save the file as UTF-8"
        );
        assert_eq!(message(b"a,\n1,2\n"), "line 1: column 2 has no name");
        assert_eq!(
            message(b"a,a\n1,2\n"),
            "column `a` occurs twice: rename one of them"
        );
        assert!(message(b"").contains("empty"));
    }
}
