//! One test for each kind of file that people have.

// The helpers of a test may fail it.
#![allow(clippy::unwrap_used, clippy::panic)]

use mlogit::{Column, Table};
use readers::{Decimal, Delimiter, File, Options, Reading, Thousands, read};

fn file(text: &str) -> File {
    read(text.as_bytes(), &Options::default()).unwrap()
}

fn with(text: &str, options: &Options) -> File {
    read(text.as_bytes(), options).unwrap()
}

fn refused(bytes: &[u8]) -> String {
    read(bytes, &Options::default()).unwrap_err().to_string()
}

fn problem(file: &File, column: &str) -> String {
    file.table(&[column]).unwrap_err().to_string()
}

fn numbers(file: &File, name: &str) -> Vec<f64> {
    match file.table(&[name]).unwrap().0.column(name).unwrap() {
        Column::Number(numbers) => numbers.clone(),
        Column::Text(text) => panic!("`{name}` is text: {:?}", text.levels()),
    }
}

fn texts(file: &File, name: &str) -> Vec<Option<String>> {
    let (table, _) = file.table(&[name]).unwrap();
    cells(&table, name)
}

fn cells(table: &Table, name: &str) -> Vec<Option<String>> {
    match table.column(name).unwrap() {
        Column::Number(_) => panic!("`{name}` is numbers"),
        Column::Text(text) => (0..table.rows())
            .map(|row| text.get(row).map(str::to_owned))
            .collect(),
    }
}

fn some(texts: &[&str]) -> Vec<Option<String>> {
    texts.iter().map(|text| Some((*text).to_owned())).collect()
}

fn notes(file: &File, used: &[&str]) -> Vec<String> {
    file.table(used).unwrap().1.notes
}

fn assert_says(message: &str, words: &[&str]) {
    for word in words {
        assert!(message.contains(word), "`{message}` lacks `{word}`");
    }
}

#[test]
fn a_file_is_a_table_of_all_its_columns() {
    let (table, reading) = file("y,x,town\na,1,p\nb,2,q\n").into_whole_table().unwrap();
    assert_eq!(table.names(), ["y", "x", "town"]);
    assert_eq!(
        (table.rows(), table.numbers("x").unwrap()),
        (2, [1.0, 2.0].as_slice())
    );
    assert!(reading.notes.is_empty(), "{:?}", reading.notes);
    // Each of them is used, so that what is wrong with one is wrong with all.
    let twice = file("y,x,x\na,1,2\nb,2,3\n").into_whole_table().unwrap_err();
    assert!(twice.to_string().contains('x'), "{twice}");
}

#[test]
fn delimiters_are_recognised() {
    for (sign, delimiter) in [
        (",", Delimiter::COMMA),
        (";", Delimiter::SEMICOLON),
        ("\t", Delimiter::TAB),
        ("|", Delimiter::PIPE),
    ] {
        let text = "who|height\nann|1.5\nbob|2.25\n".replace('|', sign);
        let file = file(&text);
        assert_eq!(file.reading().delimiter, Some(delimiter));
        assert_eq!(numbers(&file, "height"), [1.5, 2.25]);
        assert_eq!(texts(&file, "who"), some(&["ann", "bob"]));
    }
    let excel = file("sep=;\nwho;height\nann;1\n");
    assert_eq!(excel.names().collect::<Vec<_>>(), ["who", "height"]);
    let tilde = with(
        "a~b\n1~2\n",
        &Options {
            delimiter: Some("~".parse().unwrap()),
            ..Options::default()
        },
    );
    assert_eq!(numbers(&tilde, "b"), [2.0]);
}

#[test]
fn two_delimiters_that_fit_are_not_guessed() {
    let text = "a,b;c,d\n1,2;3,4\n5,6;7,8\n";
    let message = refused(text.as_bytes());
    assert_says(
        &message,
        &[
            "comma makes 3 columns",
            "semicolon makes 2 columns",
            "--delimiter \";\"",
        ],
    );
    let said = with(
        text,
        &Options {
            delimiter: Some(Delimiter::SEMICOLON),
            ..Options::default()
        },
    );
    assert_eq!(said.names().collect::<Vec<_>>(), ["a,b", "c,d"]);
}

#[test]
fn decimal_commas_are_those_of_semicolon_and_tab_files() {
    for sign in [";", "\t"] {
        let file = file(&"x;y;z\n0,25;1,136;7\n-3,5;2,000;8\n".replace(';', sign));
        assert_eq!(file.reading().decimal, Some(Decimal::Comma));
        assert_eq!(numbers(&file, "x"), [0.25, -3.5]);
        assert_eq!(numbers(&file, "y"), [1.136, 2.0]);
        assert!(file.reading().notes[0].contains("`0,25`"));
    }
    let points = file("x;y\n0.25;3\n");
    assert_eq!(points.reading().decimal, Some(Decimal::Point));
}

#[test]
fn decimals_or_thousands_is_asked_not_guessed() {
    let text = "y;inc\na;1,136\nb;2,500\n";
    let open = file(text);
    assert_says(
        &problem(&open, "inc"),
        &["`1,136`", "--thousands ,", "--decimal ,"],
    );
    assert_eq!(texts(&open, "y"), some(&["a", "b"]));
    let thousands = with(
        text,
        &Options {
            thousands: Some(Thousands::Comma),
            ..Options::default()
        },
    );
    assert_eq!(numbers(&thousands, "inc"), [1136.0, 2500.0]);
    let decimals = with(
        text,
        &Options {
            decimal: Some(Decimal::Comma),
            ..Options::default()
        },
    );
    assert_eq!(numbers(&decimals, "inc"), [1.136, 2.5]);
    let mixed = file("y;a;b\nu;0,25;0.5\nv;0,75;0.75\n");
    assert_says(&problem(&mixed, "a"), &["`0.5`", "`0,25`", "--decimal"]);
    assert_eq!(texts(&mixed, "y"), some(&["u", "v"]));
}

#[test]
fn thousands_are_never_decimals() {
    let text = "y,inc\na,\"12,400\"\nb,950\na,\"1,250,000\"\n";
    let message = problem(&file(text), "inc");
    assert_says(&message, &["thousands", "`12,400`", "--thousands ,", "line 2"]);
    assert!(!message.contains("decimal") && !message.contains("12.4"));
    let said = with(
        text,
        &Options {
            thousands: Some(Thousands::Comma),
            ..Options::default()
        },
    );
    assert_eq!(numbers(&said, "inc"), [12_400.0, 950.0, 1_250_000.0]);
    let blanks = "y;inc\na;12 400,5\nb;950\n";
    assert_says(&problem(&file(blanks), "inc"), &["--thousands space"]);
    let said = with(
        blanks,
        &Options {
            thousands: Some(Thousands::Blank),
            decimal: Some(Decimal::Comma),
            ..Options::default()
        },
    );
    assert_eq!(numbers(&said, "inc"), [12_400.5, 950.0]);
    let points = with(
        "y;inc\na;12.400,5\nb;1.950\n",
        &Options {
            thousands: Some(Thousands::Point),
            ..Options::default()
        },
    );
    assert_eq!(numbers(&points, "inc"), [12_400.5, 1950.0]);
}

#[test]
fn lists_of_codes_are_text() {
    let text = "y,langs\na,1\nb,\"1,3\"\nc,2\n";
    let file = file(text);
    assert_eq!(texts(&file, "langs"), some(&["1", "1,3", "2"]));
    assert_says(&notes(&file, &["langs"])[0], &["`1,3`", "--decimal ,"]);
    assert!(notes(&file, &["y"]).is_empty());
    // A decimal comma between quotes may be one: then nothing is fitted before it is said.
    let decimal = read(b"y,x\na,\"0,25\"\nb,3\n", &Options::default()).unwrap();
    assert_says(&problem(&decimal, "x"), &["`0,25`", "--decimal ,", "--text x"]);
}

#[test]
fn encodings_are_told() {
    let encoding = |bytes: &[u8]| {
        let file = read(bytes, &Options::default()).unwrap();
        (file.reading().encoding.clone().unwrap(), texts(&file, "naïf"))
    };
    let text = "naïf,x\nZoë,1\n";
    let expected = some(&["Zoë"]);
    assert_eq!(encoding(text.as_bytes()), ("UTF-8".to_owned(), expected.clone()));
    let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    assert_eq!(encoding(&marked), ("UTF-8".to_owned(), expected.clone()));
    let little: Vec<u8> = "\u{feff}naïf\tx\nZoë\t1\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(encoding(&little), ("UTF-16LE".to_owned(), expected.clone()));
    let windows = b"na\xeff,x\nZo\xeb,1\n";
    assert_eq!(encoding(windows), ("Windows-1252".to_owned(), expected));
    let file = read(windows, &Options::default()).unwrap();
    assert_says(&file.reading().notes[0], &["line 1", "--encoding"]);
}

#[test]
fn gzip_is_unpacked() {
    use std::io::Write as _;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(b"y,x\na,1\nb,2\n").unwrap();
    let packed = packed.finish().unwrap();
    let file = read(&packed, &Options::default()).unwrap();
    assert!(file.reading().gzip);
    assert_eq!(numbers(&file, "x"), [1.0, 2.0]);
    // Two files packed one after the other are one.
    let file = read(&[packed.clone(), packed].concat(), &Options::default());
    assert!(file.unwrap().rows() == 5);
    assert!(read(b"\x1f\x8b\x08rubbish", &Options::default()).is_err());
}

#[test]
fn missing_codes_that_are_said_replace_the_usual_words() {
    let text = "country,x\nNA,1\nKE,-99\nTZ,.\n";
    let usual = file(text);
    assert_eq!(texts(&usual, "country")[0], None);
    let said = with(
        text,
        &Options {
            missing: Some(Options::missing_codes("-99,.")),
            ..Options::default()
        },
    );
    assert_eq!(texts(&said, "country"), some(&["NA", "KE", "TZ"]));
    let x = numbers(&said, "x");
    assert!(x[0] == 1.0 && x[1].is_nan() && x[2].is_nan());
    assert_eq!(said.reading().missing, ["-99", "."]);
    // `-99.0` is the same number.
    let same = with(
        "x,y\n-99.0,a\n5,b\n",
        &Options {
            missing: Some(vec!["-99".to_owned()]),
            ..Options::default()
        },
    );
    assert!(numbers(&same, "x")[0].is_nan());
}

#[test]
fn words_for_missing_values_among_numbers_are_noted() {
    let file = file("y,x\na,1.5\nb,.\nc,2\nd,.\n");
    let x = numbers(&file, "x");
    assert!(x[1].is_nan() && x[3].is_nan() && x[2] == 2.0);
    assert_says(&notes(&file, &["x"])[0], &["`.`", "2 of its cells", "--missing"]);
    let level = read(b"y,g\na,north\nb,N/A\nc,south\n", &Options::default()).unwrap();
    assert_eq!(texts(&level, "g")[1].as_deref(), Some("N/A"));
    assert_says(&notes(&level, &["g"])[0], &["`N/A`", "--missing"]);
}

#[test]
fn unused_columns_are_not_judged() {
    let file = file("y,x,note,note,inf,de\na,1,9,8,inf,\"48,2\"\nb,2,9,8,1e999,\"3,25\"\n");
    assert_eq!(numbers(&file, "x"), [1.0, 2.0]);
    assert_eq!(
        problem(&file, "note"),
        "column `note` occurs twice: rename one of them"
    );
    assert_eq!(texts(&file, "inf"), some(&["inf", "1e999"]));
    assert_says(&problem(&file, "de"), &["`48,2`"]);
    let infinite = read(b"y,x\na,1\nb,1e999\n", &Options::default()).unwrap();
    assert_eq!(
        problem(&infinite, "x"),
        "column `x`: line 3: `1e999` is not a finite number: correct it, or leave the cell empty"
    );
    assert_says(&problem(&infinite, "z"), &["no column `z`", "`y`, `x`"]);
}

#[test]
fn row_names_are_kept_aside() {
    let pandas = file(",y,x\n0,a,1\n1,b,2\n");
    assert_eq!(pandas.names().collect::<Vec<_>>(), ["y", "x"]);
    assert_eq!(pandas.reading().row_names.as_deref(), Some("row names"));
    assert_eq!(numbers(&pandas, "row names"), [0.0, 1.0]);
    // R's write.table has a name fewer than cells.
    let r = file("\"y\",\"x\"\n\"r1\",\"a\",1\n\"r2\",\"b\",2\n");
    assert_eq!(numbers(&r, "x"), [1.0, 2.0]);
    assert_eq!(texts(&r, "row names"), some(&["r1", "r2"]));
}

#[test]
fn names_are_tidied_and_empty_columns_left_out() {
    let file = file(" y , \"x\" ,z ,\na,1,2,\nb,3,4,\n");
    assert_eq!(file.names().collect::<Vec<_>>(), ["y", "x", "z"]);
    let trailing = read(b"y,x\na,1,\nb,2,\n", &Options::default()).unwrap();
    assert_eq!(numbers(&trailing, "x"), [1.0, 2.0]);
    let unnamed = read(b"y,,x\na,5,1\nb,6,2\n", &Options::default()).unwrap();
    assert_eq!(unnamed.names().collect::<Vec<_>>(), ["y", "column 2", "x"]);
    assert_says(&unnamed.reading().notes[0], &["`column 2`"]);
}

#[test]
fn quotes_that_do_not_close_are_found() {
    let message = refused(b"y,x,note\na,1,ok\nb,2,\"well\na,3,ok\n");
    assert_says(&message, &["line 3", "quote", "`note`", "never closes"]);
    let swallowed = refused(b"y,x,note\na,1,\"well\nb,2,ok\na,3,\"fine\"\n");
    assert_says(&swallowed, &["line 2", "quote", "line 4"]);
    let fine = file("y,note\na,\"two\nlines\"\nb,\"say \"\"no\"\"\"\n");
    assert_eq!(texts(&fine, "note"), some(&["two\nlines", "say \"no\""]));
}

#[test]
fn long_whole_numbers_stay_exact() {
    let file = file("y,id\na,36893488147419103301\nb,36893488147419103302\nc,36893488147419103301\n");
    assert_eq!(
        texts(&file, "id"),
        some(&[
            "36893488147419103301",
            "36893488147419103302",
            "36893488147419103301"
        ])
    );
    assert_says(&notes(&file, &["id"])[0], &["identifiers", "--number id"]);
    // What a double holds exactly is a number.
    let exact = read(b"y,gdp\na,12000000000000000000\nb,5\n", &Options::default()).unwrap();
    assert_eq!(numbers(&exact, "gdp"), [12e18, 5.0]);
    let rounded = with(
        "id\n9007199254740993\n",
        &Options {
            number: vec!["id".to_owned()],
            ..Options::default()
        },
    );
    assert_eq!(numbers(&rounded, "id"), [9_007_199_254_740_992.0]);
}

#[test]
fn columns_are_text_or_numbers_where_that_is_said() {
    let text = "zip,x\n01234,1\n12345,oops\n";
    let said = with(
        text,
        &Options {
            text: vec!["zip".to_owned()],
            ..Options::default()
        },
    );
    assert_eq!(texts(&said, "zip"), some(&["01234", "12345"]));
    let number = with(
        text,
        &Options {
            number: vec!["x".to_owned()],
            ..Options::default()
        },
    );
    assert_says(&problem(&number, "x"), &["line 3", "`oops`"]);
    let unknown = read(
        text.as_bytes(),
        &Options {
            text: vec!["zap".to_owned()],
            ..Options::default()
        },
    );
    assert_says(&unknown.unwrap_err().to_string(), &["`zap`", "`zip`"]);
}

#[test]
fn levels_that_look_alike_are_noted() {
    let note = |text: &str| notes(&file(text), &["g"]).join("; ");
    assert_says(&note("g,x\nnorth,1\nnorth ,2\n"), &["blanks", "`north`"]);
    assert_says(&note("g,x\nNorth,1\nnorth,2\n"), &["capitals"]);
    assert_says(&note("g,x\n01,1\n1,2\nb,3\n"), &["leading zeros", "`01`"]);
    assert_says(&note("g,x\n01,1\n1,2\n"), &["leading zeros", "--text g"]);
    assert_eq!(note("g,x\n01,1\n02,2\n10,3\n"), "");
    assert_says(
        &note("g,x\n-99,1\n5,2\n-99,3\n"),
        &["-99", "2 rows", "--missing \"-99,NA,NaN\""],
    );
    assert_eq!(note("g,x\n-99,1\n5,2\n-3.5,3\n"), "");
}

#[test]
fn headers_are_found_where_they_are() {
    let text = "Data of the world\n\n\nname,x,y\na,1,2\nb,3,4\nc,5,6\n";
    assert_says(&refused(text.as_bytes()), &["line 1", "line 4", "--header-row 4"]);
    let said = with(
        text,
        &Options {
            header_row: Some(4),
            ..Options::default()
        },
    );
    assert_eq!(numbers(&said, "y"), [2.0, 4.0, 6.0]);
    assert_eq!(said.reading().header_row, Some(4));
    let excel = "sep=;\nData of the world\nname;x;y\na;1;2\nb;3;4\n";
    assert_says(
        &refused(excel.as_bytes()),
        &["line 2", "line 3", "--header-row 3"],
    );
    let late = read(
        b"a,b\n1,2\n",
        &Options {
            header_row: Some(9),
            ..Options::default()
        },
    );
    assert_says(&late.unwrap_err().to_string(), &["no line 9"]);
    let numbers_only = file("1,2\n3,4\n");
    assert_says(&numbers_only.reading().notes[0], &["names are numbers"]);
}

#[test]
fn rows_of_another_length_are_an_error() {
    assert_eq!(refused(b"a,b\n1,2\n3\n"), "line 3: 1 cell where the header has 2");
    assert_eq!(
        refused(b"a,b\n1,2\n\n3,4,5\n"),
        "line 4: 3 cells where the header has 2"
    );
    let blank = file("a,b\n1,2\n   \n3,4\n");
    assert_eq!(numbers(&blank, "b"), [2.0, 4.0]);
}

#[test]
fn files_without_rows_say_so_when_they_are_used() {
    let header = file("a,b\n");
    assert_eq!(header.rows(), 0);
    assert_says(&problem(&header, "a"), &["2 columns", "no row"]);
    for empty in [&b""[..], b"\n\n", b"\xef\xbb\xbf"] {
        assert_says(&refused(empty), &["empty"]);
    }
    assert_says(&refused(b",,\n1,2,3\n"), &["line 1", "names"]);
    assert_says(&refused(b"a,b\n1,\0\n"), &["line 2", "CSV"]);
}

/// Numbers are dropped as texts once there are many: text that comes late must still find them.
#[test]
fn text_after_many_numbers_is_read_exactly() {
    let mut text = "id,x,y\n".to_owned();
    for row in 0..6_000 {
        text += &format!("{:05},{row}.50,{}\n", row, row % 7);
    }
    text += "A7,n/a,3\n";
    let file = file(&text);
    let id = texts(&file, "id");
    assert_eq!(
        (id[7].as_deref(), id[6_000].as_deref()),
        (Some("00007"), Some("A7"))
    );
    let x = numbers(&file, "x");
    assert!(x[5_999] == 5_999.5 && x[6_000].is_nan());
    assert_says(&notes(&file, &["x"])[0], &["`n/a`"]);
    let commas = (0..6_000).fold("y;x\n".to_owned(), |text, row| text + &format!("a;{row},25\n"));
    let commas = with(&commas, &Options::default());
    assert_eq!(numbers(&commas, "x")[5_999], 5_999.25);
}

#[test]
fn wide_and_long_files_are_read() {
    let columns = 100_000;
    let names: Vec<String> = (0..columns).map(|column| format!("x{column}")).collect();
    let wide = format!("{}\n{}\n", names.join(","), "1,".repeat(columns - 1) + "2");
    let file = read(wide.as_bytes(), &Options::default()).unwrap();
    assert_eq!((file.rows(), file.names().count()), (1, columns));
    assert_eq!(numbers(&file, "x99999"), [2.0]);
    let long = "x,y\n".to_owned() + &"1.5,word\n".repeat(200_000);
    assert_eq!(with(&long, &Options::default()).rows(), 200_000);
}

#[test]
fn crowded_text_is_named() {
    let mut text = "y,inc\n".to_owned();
    for row in 0..50 {
        text += &format!("a,${row} 000\n");
    }
    let file = file(&text);
    assert_eq!(
        file.crowded(["y", "inc"]),
        ["`inc` is text with 50 levels, such as `$0 000`"]
    );
}

#[test]
fn the_reading_is_told_and_is_plain_data() {
    let file = with(
        "y;x\na;1\n",
        &Options {
            delimiter: Some(Delimiter::SEMICOLON),
            decimal: Some(Decimal::Comma),
            ..Options::default()
        },
    );
    assert_eq!(
        file.reading().to_string(),
        "CSV, UTF-8, delimiter semicolon, decimal comma, 1 row of 2 columns; missing: empty, NA, NaN"
    );
    assert_eq!(file.reading().said, ["delimiter", "decimal"]);
    let json = serde_json::to_string(file.reading()).unwrap();
    assert_eq!(&serde_json::from_str::<Reading>(&json).unwrap(), file.reading());
}

#[test]
fn columns_are_summed_up() {
    let file = file("g,x,d,day\nb,1.5,1,2020-02-01\na,-2,NA,1999-12-31\nb,1.5,1,2020-02-01\n,7,2,\n");
    let summary = file.summary();
    let told: Vec<(String, usize, usize, usize)> = summary
        .columns
        .iter()
        .map(|column| (column.content(), column.n, column.missing, column.distinct))
        .collect();
    assert_eq!(told[0], ("b 2, a 1".to_owned(), 3, 1, 2));
    assert_eq!(told[1], ("-2 to 7".to_owned(), 4, 0, 3));
    assert_eq!(told[2], ("1 to 2".to_owned(), 3, 1, 2));
    assert_eq!(told[3], ("1999-12-31 to 2020-02-01".to_owned(), 3, 1, 2));
    assert_eq!(summary.columns[3].kind, readers::ColumnKind::Date);
}

#[test]
fn names_that_break_in_two_lines_are_one() {
    let file = read(b"y,\"GDP\r\n(USD)\"\na,1\nb,2\n", &Options::default()).unwrap();
    assert_eq!(file.names().collect::<Vec<_>>(), ["y", "GDP (USD)"]);
}
