//! The wasm module and the JavaScript that speaks to it.
//!
//! wasm-opt is left out on purpose. With it the bytes would depend on what a machine happens to have installed,
//! not on Cargo.lock and rust-toolchain.toml alone; and the versions up to 108, which Debian and Ubuntu ship,
//! export the wrong table from any module with reference types (WebAssembly/binaryen#4711). It would make the
//! gzipped module 1 % smaller.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use wasm_bindgen_cli_support::Bindgen;

use crate::{
    Error, Workspace, command,
    toolchain::{self, WASM},
    workspace::GET_RUST,
};

/// The crate that the page calls.
pub(crate) const PACKAGE: &str = "standfirm-web";

/// How Cargo.toml says it is optimised.
pub(crate) const PROFILE: &str = "page";

/// A compiled module.
pub(super) struct Module {
    /// wasm-bindgen's script: it defines `wasm_bindgen`.
    pub(super) glue: String,
    pub(super) wasm: Vec<u8>,
}

pub(super) fn compile(workspace: &Workspace) -> Result<Module, Error> {
    toolchain::ensure_wasm()?;
    let compiled = cargo_build(workspace)?;
    let folder = workspace.target.join("page");
    bind(&compiled, &folder)?;
    let glue = folder.join("standfirm.js");
    let wasm = folder.join("standfirm_bg.wasm");
    Ok(Module {
        glue: fs::read_to_string(&glue).map_err(Error::file("read", &glue))?,
        wasm: fs::read(&wasm).map_err(Error::file("read", &wasm))?,
    })
}

/// The paths of this machine, which end up in panic messages, are replaced, so that every folder gives the same
/// bytes.
fn cargo_build(workspace: &Workspace) -> Result<PathBuf, Error> {
    let home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(env::home_dir()?.join(".cargo")));
    let paths = [(Some(workspace.root.clone()), "/standfirm"), (home, "/cargo")];
    let remap: Vec<_> = paths
        .iter()
        .filter_map(|(path, name)| {
            Some(format!(
                "'--remap-path-prefix={}={name}'",
                path.as_ref()?.display()
            ))
        })
        .collect();
    let mut build = workspace.cargo();
    build.args([
        "build",
        "--profile",
        PROFILE,
        "--package",
        PACKAGE,
        "--target",
        WASM,
    ]);
    // Added to the flags in .cargo/config.toml.
    build.args([
        "--config",
        &format!("target.{WASM}.rustflags=[{}]", remap.join(", ")),
    ]);
    command::run(&mut build, GET_RUST)?;
    let file = format!("{}.wasm", PACKAGE.replace('-', "_"));
    Ok(workspace.target.join(WASM).join(PROFILE).join(file))
}

/// The `no-modules` form is the one that runs from file://, where browsers refuse ES modules.
fn bind(compiled: &Path, folder: &Path) -> Result<(), Error> {
    let bind = || {
        Bindgen::new()
            .input_path(compiled)
            .out_name("standfirm")
            .no_modules(true)?
            .omit_default_module_path(true)
            .typescript(true)
            .remove_name_section(true)
            .remove_producers_section(true)
            .generate(folder)
    };
    bind().map_err(|error| Error::Bindgen(format!("{error:#}")))
}
