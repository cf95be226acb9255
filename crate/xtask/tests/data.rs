//! The committed episode table against the sources it is derived from.
//!
//! The sources are not part of the project. Where they are, say so with `STANDFIRM_SOURCES`, or put them in
//! `shared/sources` beside the repository; where they are not, these tests say where they looked and pass.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use xtask::data::{Error, derive, run};

/// The repository's root, two levels above this crate.
fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap()
}

/// The folder of source files, if it is there.
fn sources() -> Option<PathBuf> {
    let folder = std::env::var_os("STANDFIRM_SOURCES").map_or_else(
        || repository().with_file_name("shared").join("sources"),
        PathBuf::from,
    );
    if folder.is_dir() {
        return Some(folder);
    }
    // Not eprintln!: libtest would keep it to itself.
    let message = format!("skipped: no sources in {}\n", folder.display());
    std::io::stderr().write_all(message.as_bytes()).unwrap();
    None
}

/// An empty folder of this test's own.
fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[track_caller]
fn assert_says<T>(result: Result<T, Error>, words: &[&str]) {
    let message = result.err().expect("must fail").to_string();
    for word in words {
        assert!(message.contains(word), "no `{word}` in: {message}");
    }
}

#[test]
fn the_committed_files_are_what_the_sources_give() {
    let Some(sources) = sources() else { return };
    let outputs = derive(&sources).unwrap();
    for (name, derived) in outputs.files() {
        let committed = fs::read(repository().join("data").join(name)).unwrap();
        let line = committed
            .split(|byte| *byte == b'\n')
            .zip(derived.split(|byte| *byte == b'\n'));
        let differs = line
            .zip(1..)
            .find(|((committed, derived), _)| committed != derived);
        if let Some(((committed, derived), line)) = differs {
            panic!(
                "data/{name}, line {line}: run `cargo xtask data`\ncommitted: {}\nderived:   {}",
                String::from_utf8_lossy(committed),
                String::from_utf8_lossy(derived),
            );
        }
        assert!(
            committed == derived,
            "data/{name} has another length: run `cargo xtask data`"
        );
    }
}

#[test]
fn what_is_written_is_what_is_committed() {
    let Some(sources) = sources() else { return };
    let out = scratch("written").join("data");
    let summary = run(&sources, &out).unwrap();
    assert_eq!(summary.written.len(), 6);
    for file in summary.written {
        let committed = repository().join("data").join(file.file_name().unwrap());
        assert!(
            fs::read(&file).unwrap() == fs::read(committed).unwrap(),
            "{}",
            file.display()
        );
    }
}

#[test]
fn a_missing_file_is_named() {
    assert_says(derive(&scratch("empty")), &["TIESv4.xls", "no such file"]);
}

#[test]
fn a_workbook_that_is_none_is_named() {
    let folder = scratch("workbook");
    fs::write(folder.join("TIESv4.xls"), "caseid,startyear\n").unwrap();
    assert_says(derive(&folder), &["TIESv4.xls", "not a readable Excel workbook"]);
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let Some(sources) = sources() else { return };
    let file = scratch("occupied").join("data");
    fs::write(&file, "a file where the folder should be").unwrap();
    assert_says(run(&sources, &file), &["data", "cannot be written"]);
}

/// One source file spoilt at a time, the others as published.
#[test]
fn a_spoilt_file_is_named_with_column_and_row() {
    let Some(sources) = sources() else { return };
    let folder = scratch("spoilt");
    for entry in fs::read_dir(&sources).unwrap() {
        let path = entry.unwrap().path();
        // Reading and writing, not copying: the sources may be write-protected.
        fs::write(folder.join(path.file_name().unwrap()), fs::read(&path).unwrap()).unwrap();
    }
    let spoil = |file: &str, spoil: &dyn Fn(String) -> String, words: &[&str]| {
        let published = fs::read_to_string(sources.join(file)).unwrap();
        fs::write(folder.join(file), spoil(published.clone())).unwrap();
        assert_says(derive(&folder), words);
        fs::write(folder.join(file), published).unwrap();
    };
    let first_row_again = |text: String| {
        let row = text.lines().nth(1).unwrap().to_owned();
        format!("{}\n{row}\n", text.trim_end())
    };

    let renamed = |text: String| text.replacen("cinc", "CINC", 1);
    spoil(
        "cow_nmc.csv",
        &renamed,
        &["cow_nmc.csv", "row 1", "no column `cinc`", "CINC"],
    );

    let worded = |text: String| text.replacen(",731,", ",far,", 1);
    spoil(
        "capdist.csv",
        &worded,
        &["capdist.csv", "row 2", "column `kmdist`", "`far`", "a number"],
    );

    let cut = |text: String| text.replacen("2,1945,", "2,", 1);
    spoil(
        "anders_fariss_markowitz_gdp.csv",
        &cut,
        &["anders_fariss_markowitz_gdp.csv", "row 3", "fields"],
    );

    spoil(
        "cow_trade_national.csv",
        &first_row_again,
        &["cow_trade_national.csv", "row 9262", "column `year`", "(2, 1944)"],
    );
    spoil(
        "comtrade_case_shares.csv",
        &first_row_again,
        &[
            "comtrade_case_shares.csv",
            "row 1226",
            "column `caseid`",
            "1963011201",
        ],
    );

    let regime = |text: String| text.replacen("democracy", "theocracy", 1);
    spoil(
        "GWF_AllPoliticalRegimes.csv",
        &regime,
        &["row 2", "column `gwf_nonautocracy`", "`theocracy`"],
    );

    let unlisted = |text: String| {
        text.lines()
            .filter(|row| !row.contains(",40.0,"))
            .collect::<Vec<_>>()
            .join("\n")
    };
    spoil(
        "cow_states.csv",
        &unlisted,
        &["TIESv4.xls", "column `targetstate`", "no state has the code 40"],
    );

    let forgotten = |text: String| {
        text.lines()
            .filter(|row| !row.starts_with("40,19"))
            .collect::<Vec<_>>()
            .join("\n")
    };
    spoil(
        "weeks.csv",
        &forgotten,
        &["episodes with a value of personalist_index", "must be 618"],
    );

    let dyads = "cow_trade_dyadic.csv.gz";
    let published = fs::read(sources.join(dyads)).unwrap();
    fs::write(folder.join(dyads), &published[..published.len() / 2]).unwrap();
    assert_says(derive(&folder), &[dyads, "row", "not well-formed"]);
    fs::remove_file(folder.join(dyads)).unwrap();
    assert_says(derive(&folder), &[dyads, "no such file"]);
}
