//! How files are read, as others run it: `standfirm read`, and the reading that `standfirm fit` tells.

// The helpers of a test may fail it.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const TEXT: &str =
    "who;y;x;inc\nann;a;0,5;1\nbob;b;1,25;-99\ncid;a;2,5;3\ndan;b;0,75;4\neve;a;1;5\nfay;b;2;6\n";

fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_standfirm"))
        .args(arguments)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn read_says_what_is_in_a_file_and_how_it_was_read() {
    let path = file("read.csv", TEXT.as_bytes());
    let path = path.to_str().unwrap();
    let said = text(&run(&["read", path]).stdout);
    assert!(
        said.starts_with(
            "CSV, UTF-8, delimiter semicolon, decimal comma, 6 rows of 4 columns; missing: empty, NA, NaN\n"
        ),
        "{said}"
    );
    assert!(
        said.contains("x       number  6        0         6  0.5 to 2.5"),
        "{said}"
    );
    assert!(said.contains("note: `inc` has -99 in 1 row"), "{said}");
    let json: Value =
        serde_json::from_slice(&run(&["read", path, "--json", "--missing", "-99"]).stdout).unwrap();
    assert_eq!(json["reading"]["delimiter"], ";");
    assert_eq!(json["reading"]["missing"][0], "-99");
    let inc = &json["columns"][3];
    assert_eq!((&inc["name"], &inc["type"]), (&"inc".into(), &"number".into()));
    assert_eq!((inc["n"].as_u64(), inc["missing"].as_u64()), (Some(5), Some(1)));
}

#[test]
fn fit_tells_the_reading_in_one_line_and_in_json() {
    let path = file("fit.csv", TEXT.as_bytes());
    let path = path.to_str().unwrap();
    let output = run(&["fit", path, "y ~ x", "--decimal", ",", "--json"]);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["n"], 6);
    assert_eq!(json["reading"]["decimal"], ",");
    assert_eq!(json["reading"]["said"][0], "decimal");
    let told = text(&output.stderr);
    assert_eq!(told.lines().count(), 1, "{told}");
    assert!(
        told.contains("delimiter semicolon, decimal comma, 6 rows of 4 columns"),
        "{told}"
    );
    // Notes are about the columns used.
    let told = text(&run(&["fit", path, "y ~ inc"]).stderr);
    assert!(told.contains("note: `inc` has -99"), "{told}");
}

#[test]
fn standard_input_and_packed_files_are_read() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_standfirm"))
        .args(["fit", "-", "y ~ x", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(TEXT.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["n"], 6);
    assert!(text(&output.stderr).starts_with("standard input: CSV"));
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(TEXT.as_bytes()).unwrap();
    let path = file("packed.csv.gz", &packed.finish().unwrap());
    let output = run(&["fit", path.to_str().unwrap(), "y ~ x", "--json"]);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&json["n"], &json["reading"]["gzip"]), (&6.into(), &true.into()));
}

#[test]
fn what_cannot_be_read_is_one_line() {
    let path = file("thousands.csv", b"y,inc\na,\"1,200\"\nb,950\n");
    let output = run(&["fit", path.to_str().unwrap(), "y ~ inc"]);
    assert_eq!(output.status.code(), Some(1));
    let message = text(&output.stderr);
    assert_eq!(message.lines().count(), 1, "{message}");
    assert!(
        message.contains("thousands separators") && message.contains("--thousands ,"),
        "{message}"
    );
    let usage = run(&["read", path.to_str().unwrap(), "--decimal", ";"]);
    assert_eq!(usage.status.code(), Some(2));
}

/// Text that was meant as numbers makes a coefficient of each row.
#[test]
fn text_with_too_many_levels_is_named() {
    let rows: Vec<String> = (0..30)
        .map(|row| format!("{},${row}", ["a", "b", "c"][row % 3]))
        .collect();
    let path = file("crowded.csv", format!("y,inc\n{}\n", rows.join("\n")).as_bytes());
    let message = text(&run(&["fit", path.to_str().unwrap(), "y ~ inc"]).stderr);
    assert!(
        message.contains("`inc` is text with 30 levels, such as `$0`"),
        "{message}"
    );
}
