//! What node adds where it is present: types checked from JSDoc, and axe-core for the tests in browsers. Its packages
//! go under target/ and are no part of the project.

use std::{fs, process::Command};

use super::ci::in_ci;
use crate::{Error, Workspace, command};

const GET_NODE: &str = "install Node.js, https://nodejs.org";
/// Exact, as everything that decides whether a test passes.
const PACKAGES: [&str; 2] = ["axe-core@4.10.3", "typescript@5.9.2"];

/// Installs the packages, unless node is absent or they cannot be had: then what needs them is skipped by name. In CI
/// both are errors.
pub(super) fn ensure(workspace: &Workspace) -> Result<bool, Error> {
    match install(workspace) {
        Ok(()) => Ok(true),
        Err(error) if in_ci() => Err(error),
        Err(error) => {
            println!(
                "note: {error}; without, types are not checked and accessibility is not tested by axe-core"
            );
            Ok(false)
        }
    }
}

fn install(workspace: &Workspace) -> Result<(), Error> {
    let folder = workspace.target.join("node");
    fs::create_dir_all(&folder).map_err(Error::file("create", &folder))?;
    let mut npm = Command::new("npm");
    npm.args([
        "install",
        "--no-save",
        "--no-package-lock",
        "--no-audit",
        "--no-fund",
    ]);
    npm.args(["--prefix"]).arg(&folder).args(PACKAGES);
    command::run(&mut npm, GET_NODE)
}

/// Checks the scripts against their JSDoc: those of windows, and those of workers, which have no document.
pub(super) fn check_types(workspace: &Workspace) -> Result<(), Error> {
    let compiler = workspace.target.join("node/node_modules/typescript/bin/tsc");
    for project in ["window.jsconfig.json", "worker.jsconfig.json"] {
        let mut node = Command::new("node");
        node.arg(&compiler)
            .arg("--project")
            .arg(workspace.root.join("www").join(project));
        command::run(&mut node, GET_NODE)?;
    }
    Ok(())
}
