//! The command as others run it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the helpers of a test may fail it"
)]
#![allow(dead_code, reason = "no test needs all of it")]

use std::process::{Command, Output};

use serde_json::Value;

pub(crate) fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_standfirm"))
        .args(arguments)
        .output()
        .unwrap()
}

/// What it prints where all is well.
pub(crate) fn text(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

pub(crate) fn json(arguments: &[&str]) -> Value {
    let text = text(&[arguments, &["--json"]].concat());
    text.parse().unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Its exit status and what it says on standard error, where all is not well.
pub(crate) fn refused(arguments: &[&str]) -> (i32, String) {
    let output = run(arguments);
    assert!(!output.status.success(), "{arguments:?}");
    assert!(output.stdout.is_empty(), "{arguments:?}");
    let said = String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap(), said)
}

pub(crate) fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}
