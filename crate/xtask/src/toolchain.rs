//! The parts of the Rust toolchain that tasks need. rust-toolchain.toml names them, but rustup only reads that
//! when it installs the toolchain itself.

use std::{path::Path, process::Command};

use crate::{Error, Workspace, command, workspace::GET_RUST};

/// What the page is compiled for.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

const GET_WASM: &str = "it adds Rust's standard library for wasm. Get it from https://rustup.rs, or install that \
                        library, of the target named in the command, the way this Rust was installed";
const GET_COMPONENTS: &str = "it adds rustfmt and clippy. Get it from https://rustup.rs, or install both the way \
                              this Rust was installed";

/// Sees to it that rustc can compile for wasm.
pub(crate) fn ensure_wasm() -> Result<(), Error> {
    ensure_target(WASM)
}

/// The same for another target.
pub(crate) fn ensure_target(target: &str) -> Result<(), Error> {
    let mut ask = Command::new("rustc");
    ask.args(["--print", "target-libdir", "--target", target]);
    let library = command::output(&mut ask, GET_RUST)?;
    if Path::new(library.trim()).is_dir() {
        return Ok(());
    }
    command::run(Command::new("rustup").args(["target", "add", target]), GET_WASM)
}

/// Sees to it that `cargo fmt` and `cargo clippy` run.
pub(crate) fn ensure_checks(workspace: &Workspace) -> Result<(), Error> {
    if ["fmt", "clippy"]
        .iter()
        .all(|check| command::succeeds(workspace.cargo().args([check, "--version"])))
    {
        return Ok(());
    }
    command::run(
        Command::new("rustup").args(["component", "add", "rustfmt", "clippy"]),
        GET_COMPONENTS,
    )
}
