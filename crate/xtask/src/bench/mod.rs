//! `cargo xtask bench`: how long the page takes, beside the command line; how long fits take, beside other software.

mod estimator;

use crate::{Error, Workspace, command, page, test, workspace::GET_RUST};

/// What is timed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Work {
    /// The page in browsers.
    Page,
    /// Fits, natively, in wasm and in other software.
    Estimator,
}

/// Builds as for a release what is timed, and times it.
///
/// # Errors
/// Where something cannot be built or run.
pub fn run(workspace: &Workspace, work: Work) -> Result<(), Error> {
    match work {
        Work::Page => page(workspace),
        Work::Estimator => estimator::run(workspace),
    }
}

fn page(workspace: &Workspace) -> Result<(), Error> {
    page::build(workspace, &workspace.root.join("dist"), None)?.print();
    for arguments in [
        &["build", "--release", "--bin", "standfirm"][..],
        // Not optimised itself: it waits for browsers.
        &["test", "--package", "standfirm-tests", "--bench", "page"],
    ] {
        let mut cargo = workspace.cargo();
        cargo.args(arguments).env("PATH", test::with_tools(workspace));
        command::run(&mut cargo, GET_RUST)?;
    }
    Ok(())
}
