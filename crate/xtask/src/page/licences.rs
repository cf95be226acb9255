//! The licences of what ends up in the page's wasm, from the packages themselves.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use serde_json::Value;

use super::PACKAGE;
use crate::{Error, Workspace, command, toolchain::WASM, workspace::GET_RUST};

/// What files with a licence's text are called, in whatever case and with whatever ending.
const TEXTS: [&str; 4] = ["licen", "copying", "notice", "unlicense"];

/// Licences of other people's packages.
pub(super) struct Licences {
    /// Names, versions and licences, in a line for people.
    pub(super) names: String,
    /// All texts, each once, with the packages it is of.
    pub(super) texts: String,
}

pub(super) fn licences(workspace: &Workspace) -> Result<Licences, Error> {
    let mut names = Vec::new();
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in packages(workspace)? {
        let text = |key: &str| package[key].as_str().unwrap_or_default();
        let name = format!("{} {}", text("name"), text("version"));
        names.push(format!("{name} ({})", text("license").replace('/', " or ")));
        let folder = Path::new(text("manifest_path")).parent().unwrap_or(Path::new(""));
        for licence in licence_texts(folder)? {
            texts.entry(licence).or_default().push(name.clone());
        }
    }
    let list = names.join("\n");
    let mut all = format!("Standfirm's page is made with these packages:\n\n{list}\n");
    for (text, packages) in texts {
        all += &format!(
            "\n{}\n{}\n\n{}\n",
            "=".repeat(80),
            packages.join(", "),
            text.trim()
        );
    }
    Ok(Licences {
        names: names.join(", "),
        texts: all,
    })
}

/// The packages that others wrote and that are linked into the page, by name.
fn packages(workspace: &Workspace) -> Result<Vec<Value>, Error> {
    let mut tree = workspace.cargo();
    tree.args(["tree", "--package", PACKAGE, "--target", WASM]);
    tree.args([
        "--edges",
        "normal,no-proc-macro",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]);
    let tree = command::output(&mut tree, GET_RUST)?;
    // `name v1.2.3`, and what follows for some.
    let linked: BTreeSet<(&str, &str)> = tree
        .lines()
        .filter_map(|line| line.split_once(" v"))
        .map(|(name, version)| (name, version.split(' ').next().unwrap_or(version)))
        .collect();
    let mut metadata = workspace.cargo();
    metadata.args(["metadata", "--format-version=1", "--filter-platform", WASM]);
    let answer: Value = command::output(&mut metadata, GET_RUST)?
        .parse()
        .map_err(|_| Error::Metadata("JSON"))?;
    let known = answer["packages"].as_array().ok_or(Error::Metadata("packages"))?;
    let text = |package: &Value, key: &str| package[key].as_str().unwrap_or_default().to_owned();
    let mut packages: Vec<Value> = known
        .iter()
        .filter(|one| linked.contains(&(text(one, "name").as_str(), text(one, "version").as_str())))
        .filter(|one| !one["source"].is_null())
        .cloned()
        .collect();
    packages.sort_by_key(|package| text(package, "name"));
    Ok(packages)
}

fn licence_texts(folder: &Path) -> Result<Vec<String>, Error> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder).map_err(Error::file("read", folder))? {
        let path = entry.map_err(Error::file("read", folder))?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .to_lowercase();
        if path.is_file() && TEXTS.iter().any(|start| name.starts_with(start)) {
            let text = fs::read_to_string(&path).map_err(Error::file("read", &path))?;
            texts.push(text.replace("\r\n", "\n").trim().to_owned());
        }
    }
    texts.sort();
    Ok(texts)
}
