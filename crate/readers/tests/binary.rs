//! Workbooks and Stata files; tests/data/make.py has made them.
#![cfg(all(feature = "excel", feature = "stata"))]
// The helpers of a test may fail it.
#![allow(clippy::unwrap_used, clippy::panic)]

use mlogit::{Column, Text};
use readers::{ColumnKind, ColumnSummary, File, Options, read};

fn bytes(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(name);
    std::fs::read(path).unwrap()
}

fn with(name: &str, options: &Options) -> File {
    read(&bytes(name), options).unwrap()
}

fn file(name: &str) -> File {
    with(name, &Options::default())
}

fn column(file: &File, name: &str) -> Column {
    file.table(&[name]).unwrap().0.column(name).unwrap().clone()
}

fn numbers(file: &File, name: &str) -> Vec<Option<f64>> {
    match column(file, name) {
        Column::Number(numbers) => numbers
            .iter()
            .map(|number| Some(*number).filter(|number| !number.is_nan()))
            .collect(),
        Column::Text(text) => panic!("`{name}` is text: {:?}", text.levels()),
    }
}

fn text(file: &File, name: &str) -> Text {
    match column(file, name) {
        Column::Text(text) => text,
        Column::Number(_) => panic!("`{name}` is numbers"),
    }
}

fn values(text: &Text, rows: usize) -> Vec<Option<&str>> {
    (0..rows).map(|row| text.get(row)).collect()
}

fn summary(file: &File, name: &str) -> ColumnSummary {
    file.summary()
        .columns
        .into_iter()
        .find(|column| column.name == name)
        .unwrap()
}

#[test]
fn workbooks_of_every_kind_have_the_same_cells() {
    for name in ["survey.xlsx", "survey.xls", "survey.ods"] {
        let file = file(name);
        assert_eq!(file.reading().sheet.as_deref(), Some("Survey"), "{name}");
        assert_eq!(
            values(&text(&file, "party"), 4),
            [Some("left"), Some("right"), None, Some("left")]
        );
        assert_eq!(
            numbers(&file, "age"),
            [34.0, 71.0, 18.0, 40.0].map(Some),
            "{name}"
        );
        assert_eq!(
            values(&text(&file, "zip"), 4),
            ["01234", "12345", "00501", "10001"].map(Some),
            "{name}"
        );
        assert_eq!(summary(&file, "born").kind, ColumnKind::Date);
        assert_eq!(
            values(&text(&file, "born"), 4),
            ["1990-02-28", "1953-12-01", "2006-07-15", "1984-01-31"].map(Some),
            "{name}"
        );
        assert_eq!(text(&file, "member").levels(), ["FALSE", "TRUE"]);
        assert_eq!(
            numbers(&file, "income"),
            [Some(1.5), None, Some(2.0), None],
            "{name}"
        );
        let (_, reading) = file.table(&["zip", "income"]).unwrap();
        assert!(
            reading.notes.iter().any(|note| note.contains("--number zip")),
            "{name}"
        );
        assert!(reading.notes.iter().any(|note| note.contains("`n/a`")), "{name}");
    }
}

#[test]
fn sheets_and_their_header_rows_are_chosen() {
    let first = file("survey.xlsx");
    assert!(first.reading().notes[0].contains("the first of 2: `Survey`, `Notes`"));
    let sheet = |sheet: &str, header_row| Options {
        sheet: Some(sheet.to_owned()),
        header_row,
        ..Options::default()
    };
    for said in ["Notes", "2"] {
        let notes = with("survey.xlsx", &sheet(said, Some(3)));
        assert_eq!(values(&text(&notes, "meaning"), 2), [Some("yes"), Some("no")]);
        assert_eq!(numbers(&notes, "since"), [Some(1990.0), Some(1991.0)]);
    }
    let late = read(&bytes("survey.xlsx"), &sheet("Notes", None))
        .unwrap_err()
        .to_string();
    assert!(late.contains("--header-row"), "{late}");
    let unknown = read(&bytes("survey.xlsx"), &sheet("Data", None))
        .unwrap_err()
        .to_string();
    assert!(
        unknown.contains("`Data`") && unknown.contains("`Notes`"),
        "{unknown}"
    );
}

#[test]
fn a_cell_far_out_does_not_make_a_sheet_of_that_size() {
    let file = file("far.xlsx");
    assert_eq!((file.rows(), file.names().count()), (2, 2));
    assert_eq!(values(&text(&file, "y"), 2), [Some("a"), Some("b")]);
}

#[test]
fn stata_files_of_every_version_are_the_same() {
    for version in [114, 117, 118, 119] {
        let file = file(&format!("survey.{version}.dta"));
        // Levels in the order of their codes, not of the alphabet.
        let vote = text(&file, "vote");
        assert_eq!(vote.levels(), ["right", "left", "centre"], "{version}");
        assert_eq!(
            values(&vote, 5),
            ["left", "right", "centre", "right", "left"].map(Some)
        );
        assert_eq!(
            summary(&file, "vote").label.as_deref(),
            Some("Vote in the last election")
        );
        // Labels for some of the values only.
        assert_eq!(numbers(&file, "age")[1], Some(99.0));
        assert!(file.table(&["age"]).unwrap().1.notes[0].contains("`refused` for 99"));
        assert_eq!(
            numbers(&file, "income"),
            [Some(1.5), None, Some(2.0), Some(3.25), Some(0.5)]
        );
        assert_eq!(
            values(&text(&file, "name"), 5),
            [Some("Åse"), Some("Bo"), None, Some("007"), Some("Cy")]
        );
        let born = text(&file, "born");
        assert_eq!(values(&born, 3), [Some("1990-02-28"), Some("1953-12-01"), None]);
        assert_eq!(text(&file, "seen").levels(), ["2020-01-02 03:04:05"]);
        assert_eq!(text(&file, "month").get(1), Some("1959-12"));
        assert_eq!(summary(&file, "month").kind, ColumnKind::Date);
    }
}

#[test]
fn stata_columns_are_text_or_numbers_where_that_is_said() {
    let options = Options {
        text: vec!["age".to_owned()],
        number: vec!["vote".to_owned(), "born".to_owned()],
        missing: Some(vec!["18".to_owned()]),
        ..Options::default()
    };
    let file = with("survey.118.dta", &options);
    assert_eq!(text(&file, "age").levels(), ["34", "40", "52", "refused"]);
    assert_eq!(numbers(&file, "vote"), [2.0, 1.0, 3.0, 1.0, 2.0].map(Some));
    // Days since 1960.
    assert_eq!(numbers(&file, "born")[4], Some(-1.0));
}

#[test]
fn tagged_missing_values_are_missing_and_counted() {
    let file = file("tagged.dta");
    assert_eq!(numbers(&file, "x"), [Some(7.0), None, None, Some(9.0)]);
    let x = summary(&file, "x");
    assert_eq!(
        (x.n, x.missing, x.missing_text()),
        (2, 2, "2 (. 1, .a 1)".to_owned())
    );
}

#[test]
fn long_texts_are_found() {
    let file = file("long.dta");
    let long = text(&file, "text");
    assert_eq!(long.get(0).map(str::len), Some(3000));
    assert_eq!(long.get(1), Some("y"));
}

#[test]
fn damaged_files_are_errors() {
    for name in [
        "survey.xlsx",
        "survey.xls",
        "survey.ods",
        "survey.114.dta",
        "survey.118.dta",
    ] {
        let whole = bytes(name);
        for part in [1, 2, 3, 5, 9] {
            let cut = &whole[..whole.len() * part / 10];
            assert!(read(cut, &Options::default()).is_err(), "{name}, {part} tenths");
        }
    }
}

/// Four bytes that ask for four gigabytes are held against the file, before its reader makes room for them.
#[test]
fn lengths_that_a_stata_file_does_not_have_are_refused() {
    let with = |name: &str, after: &[u8], skip: usize, number: &[u8]| {
        let mut bytes = bytes(name);
        let places = bytes.windows(after.len());
        let at = places.clone().position(|window| window == after).unwrap() + after.len() + skip;
        bytes[at..at + number.len()].copy_from_slice(number);
        read(&bytes, &Options::default()).unwrap_err().to_string()
    };
    let most = [0xff; 4];
    for (name, after, skip, expected) in [
        (
            "long.dta",
            &b"GSO"[..],
            13,
            "a long text is said to have 4294967295 bytes",
        ),
        (
            "survey.118.dta",
            b"<lbl>",
            0,
            "a set of labels is said to have 4294967295 bytes",
        ),
        (
            "survey.119.dta",
            b"<K>",
            0,
            "4294967295 variables are said to follow",
        ),
    ] {
        let message = with(name, after, skip, &most);
        assert!(message.contains(expected), "{name}: {message}");
    }
    let rows = with("survey.118.dta", b"<N>", 0, &[0xff; 8]);
    assert!(
        rows.contains("18446744073709551615 observations are said to follow"),
        "{rows}"
    );
    // Without variables no row has a byte, and there would be rows without end.
    let none = with("survey.118.dta", b"<K>", 0, &[0, 0]);
    assert!(none.starts_with("Stata (.dta) file: "), "{none}");
}

/// Sectors that follow each other in a circle.
#[test]
fn an_old_workbook_without_end_is_refused() {
    let mut bytes = bytes("survey.xls");
    let long = |bytes: &[u8], at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    let (table, directory) = (long(&bytes, 76), long(&bytes, 48));
    let next = (table + 1) * 512 + directory * 4;
    bytes[next..next + 4].copy_from_slice(&(directory as u32).to_le_bytes());
    let message = read(&bytes, &Options::default()).unwrap_err().to_string();
    assert!(message.contains("a chain of its sectors never ends"), "{message}");
}
