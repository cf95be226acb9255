//! What the tests of the built page share: browsers, a server, the command line program, and how numbers are
//! compared. Functions panic where a test should fail.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a harness: what fails, fails the test"
)]

mod browser;
mod compare;
mod engine;
mod site;

use std::{
    env,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

pub use browser::{Browser, PATIENCE, in_browser};
pub use compare::differences;
pub use engine::Engine;
pub use site::Site;

/// The built page, which `cargo xtask page` writes.
pub fn dist() -> PathBuf {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("dist");
    assert!(
        dist.join("standfirm.html").exists(),
        "no page in {}: run `cargo xtask page` first",
        dist.display()
    );
    dist
}

/// A folder under cargo's target folder, for a person to look into after a test run.
pub fn artifacts(folder: &str) -> PathBuf {
    let folder = profile_folder().with_file_name(folder);
    std::fs::create_dir_all(&folder).expect("the target folder is writable");
    folder
}

/// A file of a package that `cargo xtask test` installs where npm is present.
pub fn node_package(file: &str) -> Option<PathBuf> {
    let file = profile_folder().with_file_name("node/node_modules").join(file);
    file.exists().then_some(file)
}

/// Says that a test is skipped for want of something; in CI nothing may be.
pub fn skip(name: &str, missing: &str) {
    assert!(!xtask::test::in_ci(), "no {missing}");
    // Not `eprintln!`: what that prints is kept back from tests that pass.
    let _ = writeln!(std::io::stderr(), "skipped: {name}: no {missing}");
}

/// What `standfirm ARGUMENTS` prints, which must be JSON.
pub fn cli(arguments: &[&str]) -> Value {
    let stdout = cli_text(arguments);
    stdout
        .parse()
        .unwrap_or_else(|error| panic!("standfirm {arguments:?} printed no JSON ({error}): {stdout}"))
}

/// What `standfirm ARGUMENTS` prints.
pub fn cli_text(arguments: &[&str]) -> String {
    let program = profile_folder().join(format!("standfirm{}", env::consts::EXE_SUFFIX));
    let output = Command::new(&program)
        .args(arguments)
        .output()
        .unwrap_or_else(|error| {
            panic!(
                "{}: {error}; run `cargo build --package standfirm-cli` first",
                program.display()
            )
        });
    let (stdout, stderr) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(
        output.status.success(),
        "standfirm {arguments:?} failed ({}): {stderr}",
        output.status
    );
    stdout.into_owned()
}

/// Cargo's folder of the running profile: this program is in its `deps`.
fn profile_folder() -> PathBuf {
    let program = env::current_exe().expect("a running program has a path");
    program
        .ancestors()
        .nth(2)
        .expect("cargo runs tests from target/PROFILE/deps")
        .to_owned()
}
