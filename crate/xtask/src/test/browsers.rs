//! Setting up the browsers that the page is tested in.

use std::{path::PathBuf, process::Command};

use super::{ci::in_ci, programs::Program};
use crate::{Error, Workspace, command, workspace::GET_RUST};

const APT: &str = "only on Debian and Ubuntu does this command install browsers";

/// Where drivers go that no package has.
pub(super) fn tools(workspace: &Workspace) -> PathBuf {
    workspace.target.join("tools")
}

/// Installs what it can of the browsers and their drivers. What is missing then is said; tests that need it
/// skip themselves by name, but in CI that is an error.
pub(super) fn ensure(workspace: &Workspace) -> Result<(), Error> {
    let lacking = missing(workspace);
    if lacking.is_empty() {
        return Ok(());
    }
    println!("\n> installing what the browser tests lack: {}", names(&lacking));
    for installed in [install_packages(&lacking), install_geckodriver(workspace)] {
        if let Err(error) = installed {
            println!("note: {error}");
        }
    }
    match missing(workspace) {
        missing if missing.is_empty() => Ok(()),
        missing if in_ci() => Err(Error::Browsers(names(&missing))),
        missing => {
            println!(
                "note: {}; without, these tests are skipped",
                Error::Browsers(names(&missing))
            );
            Ok(())
        }
    }
}

fn missing(workspace: &Workspace) -> Vec<Program> {
    let built = tools(workspace).join("bin/geckodriver").is_file();
    let there = |program: &Program| program.find().is_some() || *program == Program::Geckodriver && built;
    Program::ALL
        .into_iter()
        .filter(|program| !there(program))
        .collect()
}

fn names(programs: &[Program]) -> String {
    programs
        .iter()
        .map(|program| program.name())
        .collect::<Vec<_>>()
        .join(", ")
}

/// Debian's own packages, where this user may install them without being asked for anything.
fn install_packages(lacking: &[Program]) -> Result<(), Error> {
    let mut packages: Vec<_> = lacking.iter().filter_map(|program| program.package()).collect();
    packages.dedup();
    if packages.is_empty() {
        return Ok(());
    }
    let root = command::output(Command::new("id").arg("-u"), APT)?.trim() == "0";
    let apt = |arguments: &[&str]| {
        let mut apt = Command::new(if root { "apt-get" } else { "sudo" });
        if !root {
            apt.args(["-n", "apt-get"]);
        }
        command::run(apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive"), APT)
    };
    apt(&["update"])?;
    apt(&[&["install", "-y", "--no-install-recommends"], &packages[..]].concat())
}

/// Debian has no package of it; Mozilla publishes it as a crate.
fn install_geckodriver(workspace: &Workspace) -> Result<(), Error> {
    if Program::Firefox.find().is_none() || !missing(workspace).contains(&Program::Geckodriver) {
        return Ok(());
    }
    let mut install = workspace.cargo();
    install.args([
        "install",
        "geckodriver",
        "--version",
        "0.37.1",
        "--locked",
        "--debug",
        "--root",
    ]);
    // In a folder of its own, which cargo removes afterwards.
    command::run(
        install.arg(tools(workspace)).env_remove("CARGO_TARGET_DIR"),
        GET_RUST,
    )
}
