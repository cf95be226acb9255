//! Where things are.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use crate::{Error, command};

/// The advice given wherever cargo itself is missing.
pub(crate) const GET_RUST: &str = "install Rust with rustup, https://rustup.rs";

/// The workspace's folders, as cargo sees them.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// The folder of the workspace's Cargo.toml.
    pub root: PathBuf,
    /// Where cargo builds: `CARGO_TARGET_DIR` and cargo's configuration are respected.
    pub target: PathBuf,
}

impl Workspace {
    /// Asks cargo.
    ///
    /// # Errors
    /// When cargo cannot be run or does not answer as expected.
    pub fn find() -> Result<Self, Error> {
        let mut metadata = cargo(Path::new(env!("CARGO_MANIFEST_DIR")));
        metadata.args(["metadata", "--no-deps", "--format-version=1"]);
        let answer: Value = command::output(&mut metadata, GET_RUST)?
            .parse()
            .map_err(|_| Error::Metadata("JSON"))?;
        let folder = |key| {
            answer[key]
                .as_str()
                .map(PathBuf::from)
                .ok_or(Error::Metadata(key))
        };
        Ok(Self {
            root: folder("workspace_root")?,
            target: folder("target_directory")?,
        })
    }

    /// A cargo command to be run in the workspace.
    pub(crate) fn cargo(&self) -> Command {
        cargo(&self.root)
    }
}

/// The cargo that runs this task, so that its version is the pinned one.
fn cargo(folder: &Path) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(folder);
    command
}
