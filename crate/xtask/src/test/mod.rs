//! `cargo xtask test`: every check there is, from a fresh clone on a machine with rustup.

mod browsers;
mod ci;
mod node;
mod programs;
mod supply;
mod tally;

use std::{
    env,
    ffi::OsString,
    io::{self, IsTerminal},
    sync::Mutex,
};

use crate::{Error, Workspace, command, page, toolchain, workspace::GET_RUST};
pub use ci::in_ci;
pub use programs::Program;
use tally::Tally;

/// Runs all checks and tests, one after the other whatever the others did, and says how many there were. True
/// if nothing failed.
///
/// # Errors
/// When the Rust toolchain lacks a part that cannot be added.
pub fn run(workspace: &Workspace) -> Result<bool, Error> {
    toolchain::ensure_wasm()?;
    toolchain::ensure_checks(workspace)?;
    let mut run = Run {
        workspace,
        tally: Tally::default(),
    };
    run.step(|| browsers::ensure(workspace));
    let mut types = false;
    run.step(|| node::ensure(workspace).map(|there| types = there));
    if types {
        run.step(|| node::check_types(workspace));
    } else {
        run.skip("types of the page's scripts: no TypeScript");
    }

    let mut reached = true;
    run.step(|| supply::check(workspace).map(|known| reached = known));
    if !reached {
        run.skip("advisories about dependencies: their database cannot be reached");
    }

    run.cargo(&["fmt", "--all", "--check"]);
    run.cargo(&["clippy", "--all-targets", "--", "--deny", "warnings"]);
    // As the page is built, whose macros are then already there.
    let wasm = [
        "--profile",
        page::PROFILE,
        "--package",
        page::PACKAGE,
        "--target",
        toolchain::WASM,
    ];
    run.cargo(&[&["clippy"], &wasm[..], &["--", "--deny", "warnings"]].concat());
    run.cargo(&["test", "--no-fail-fast"]);

    // What an earlier run left in dist/ is not what is to be tested.
    if run.step(|| page::build(workspace, &workspace.root.join("dist"), None).map(|built| built.print())) {
        // The page must agree with the command line, which is built with the tests for the sake of the same features.
        run.cargo(&["build", "--bin", "standfirm", "--test", "page"]);
        run.cargo(&["test", "--no-fail-fast", "--test", "page"]);
    }

    println!("\n{}", run.tally);
    Ok(run.tally.failed == 0)
}

/// The path, and on it what is installed for the tests alone.
pub(crate) fn with_tools(workspace: &Workspace) -> OsString {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain([browsers::tools(workspace).join("bin")]);
    env::join_paths(folders).unwrap_or(path)
}

struct Run<'a> {
    workspace: &'a Workspace,
    tally: Tally,
}

impl Run<'_> {
    fn step(&mut self, step: impl FnOnce() -> Result<(), Error>) -> bool {
        step().map_err(|error| self.fail(&error)).is_ok()
    }

    fn skip(&mut self, what: &str) {
        let line = format!("skipped: {what}");
        println!("{line}");
        self.tally.read(&line);
    }

    fn cargo(&mut self, arguments: &[&str]) {
        let mut cargo = self.workspace.cargo();
        cargo.args(arguments).env("PATH", with_tools(self.workspace));
        if io::stdout().is_terminal() {
            // It sees a pipe, and would fall back to plain text.
            cargo.env("CARGO_TERM_COLOR", "always");
        }
        println!("\n> {}", command::shown(&cargo));
        let failed = self.tally.failed;
        let tally = Mutex::new(&mut self.tally);
        let read = |line: &str| {
            if let Ok(mut tally) = tally.lock() {
                tally.read(line);
            }
        };
        match command::watch(&mut cargo, GET_RUST, read) {
            // Its summaries have said so already.
            Err(Error::Failed { .. }) if self.tally.failed > failed => {}
            Err(error) => self.fail(&error),
            Ok(()) => {}
        }
    }

    /// A step that fails other than by its tests counts as one that failed, so that the last line never says
    /// "0 failed" of a run that did.
    fn fail(&mut self, error: &Error) {
        eprintln!("error: {error}");
        self.tally.failed += 1;
    }
}
