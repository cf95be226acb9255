//! Hand-made inputs for the unit tests.

use std::io::Cursor;

use super::Error;
use super::table::Table;

/// A source file of the given text.
pub(super) fn table(file: &'static str, text: &str) -> Table {
    Table::from_reader(file, Cursor::new(text.to_owned())).unwrap()
}

/// Asserts that `result` is an error whose message holds each of `words`.
pub(super) fn assert_says<T>(result: Result<T, Error>, words: &[&str]) {
    let message = result.err().expect("must fail").to_string();
    for word in words {
        assert!(message.contains(word), "no `{word}` in: {message}");
    }
}
