//! The crates of the workspace, and which depends on which. What only tests need may come from anywhere.

use std::{collections::BTreeSet, path::Path, process::Command};

use serde_json::Value;

use crate::circles::Arrow;

/// The crates in `crate/`, by the names of their folders.
#[derive(Debug)]
pub(crate) struct Crates {
    pub(crate) names: BTreeSet<String>,
    pub(crate) arrows: Vec<Arrow>,
}

/// Asks cargo.
pub(crate) fn dependencies(workspace: &Path) -> Crates {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(workspace)
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    read(&serde_json::from_slice(&output.stdout).expect("cargo prints JSON"))
}

/// Reads what `cargo metadata` prints.
pub(crate) fn read(metadata: &Value) -> Crates {
    let (mut names, mut arrows) = (BTreeSet::new(), Vec::new());
    for package in metadata["packages"].as_array().expect("a list of packages") {
        let Some(from) = package["manifest_path"]
            .as_str()
            .and_then(|path| folder(Path::new(path).parent()?))
        else {
            continue;
        };
        names.insert(from.clone());
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let to = dependency["path"]
                .as_str()
                .and_then(|path| folder(Path::new(path)));
            if let (Some(to), false) = (to, dependency["kind"] == "dev") {
                arrows.push(Arrow {
                    from: from.clone(),
                    name: to.clone(),
                    to,
                    place: format!("crate/{from}/Cargo.toml"),
                    handed_on: false,
                });
            }
        }
    }
    Crates { names, arrows }
}

/// The name of a folder in `crate/`.
fn folder(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?.to_owned();
    (path.parent()?.file_name()? == "crate").then_some(name)
}
