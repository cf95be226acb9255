//! What comes in with dependencies: their licences, their sources, and known holes in them.

use std::process::Command;

use super::browsers::tools;
use crate::{Error, Workspace, command, workspace::GET_RUST};

/// Exact, as everything that decides whether a test passes.
const VERSION: &str = "0.20.2";

/// cargo-deny: the one that is installed, else one of our own under target/.
fn deny(workspace: &Workspace) -> Result<Command, Error> {
    let root = tools(workspace);
    let own = root.join("bin/cargo-deny");
    if command::succeeds(Command::new("cargo-deny").arg("--version")) {
        return Ok(Command::new("cargo-deny"));
    }
    if !own.is_file() {
        let mut install = workspace.cargo();
        install.args([
            "install",
            "cargo-deny",
            "--version",
            VERSION,
            "--locked",
            "--debug",
            "--root",
        ]);
        command::run(install.arg(root).env_remove("CARGO_TARGET_DIR"), GET_RUST)?;
    }
    Ok(Command::new(own))
}

/// Checks what deny.toml says. Known holes are looked up in a database that not every machine can reach: true if it could
/// be.
pub(super) fn check(workspace: &Workspace) -> Result<bool, Error> {
    let check = |what: &[&str]| -> Result<Command, Error> {
        let mut deny = deny(workspace)?;
        deny.current_dir(&workspace.root).arg("check").args(what);
        Ok(deny)
    };
    command::run(&mut check(&["bans", "licenses", "sources"])?, GET_RUST)?;
    let mut fetch = deny(workspace)?;
    if !command::succeeds(fetch.current_dir(&workspace.root).arg("fetch").arg("db")) {
        return Ok(false);
    }
    command::run(&mut check(&["advisories"])?, GET_RUST)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    /// The first column of the table under "Dependencies" in ARCHITECTURE.md, against the workspace's manifest.
    #[test]
    fn every_dependency_is_justified() {
        let manifest = include_str!("../../../../Cargo.toml");
        let dependencies = manifest
            .split_once("[workspace.dependencies]")
            .and_then(|(_, rest)| rest.split("\n[").next())
            .unwrap();
        let named: BTreeSet<&str> = dependencies
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once(" = "))
            // Our own crates are in the floors, not in the table.
            .filter(|(_, source)| !source.contains("path = "))
            .map(|(name, _)| name)
            .collect();
        let (_, table) = include_str!("../../../../ARCHITECTURE.md")
            .split_once("## Dependencies")
            .unwrap();
        let justified: BTreeSet<&str> = table
            .lines()
            .filter_map(|line| line.strip_prefix("| ")?.split(" |").next())
            .skip(1)
            .flat_map(|cell| cell.split(", "))
            .collect();
        assert_eq!(named, justified);
    }
}
