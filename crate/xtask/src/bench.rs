//! `cargo xtask bench`: how long the page takes, beside the command line.

use crate::{Error, Workspace, command, page, test::with_tools, workspace::GET_RUST};

/// Builds the page and the command line as they are released, and times both.
///
/// # Errors
/// Where something cannot be built or run.
pub fn run(workspace: &Workspace) -> Result<(), Error> {
    page::build(workspace, &workspace.root.join("dist"))?.print();
    for arguments in [
        &["build", "--release", "--bin", "standfirm"][..],
        // Not optimised itself: it waits for browsers.
        &["test", "--package", "standfirm-tests", "--bench", "page"],
    ] {
        let mut cargo = workspace.cargo();
        command::run(cargo.args(arguments).env("PATH", with_tools(workspace)), GET_RUST)?;
    }
    Ok(())
}
