//! The floors of the house: no files import each other in a circle, and none imports from a floor above its own.
//!
//! [`CRATES`] and [`ROOMS`] say which floor lies on which. A room is a file or folder directly in `src`; rooms between
//! commas share a floor. The root (`lib.rs`, `main.rs`) is above them all. Whoever adds a crate or a room says here where
//! it belongs.
//!
//! A name belongs to the file that defines it, whoever hands it on with `pub use`; to hand it on ties no circle. What is
//! there for tests alone may come from anywhere.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::path::PathBuf;

mod circles;
mod crates;
mod floors;
mod made;
mod modules;
mod names;
mod scripts;
mod source;

use circles::circles;
use floors::Floors;
use modules::Modules;

/// The crates, from the ground up. What is not there yet may have its place already.
const CRATES: &str = "mlogit < readers < report < handover < standfirm < workbench < web, cli < xtask";

/// The rooms of each crate that has floors. A crate without may have no circles either.
const ROOMS: [(&str, &str); 4] = [
    (
        "mlogit",
        "error < arithmetic < data < likelihood < fit < quantity < inference < imputation",
    ),
    (
        "report",
        "error < words < results < fit < about, coefficients, grid < models < tables < figure",
    ),
    (
        "handover",
        "error, text, source, code < analysis < header < r, stata, python < pyspark",
    ),
    (
        "standfirm",
        "error < data < study < specification < fitting < findings < exhibits < replicate < article < session",
    ),
];

fn workspace() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[track_caller]
fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn no_crate_depends_on_one_above_it() {
    let crates = crates::dependencies(&workspace());
    assert!(crates.names.contains("mlogit") && !crates.arrows.is_empty());
    assert_none(&Floors::read("CRATES", CRATES).faults(&crates.names, &crates.arrows));
}

#[test]
fn no_file_imports_from_a_floor_above() {
    let crates = crates::dependencies(&workspace()).names;
    let mut faults = Vec::new();
    for (name, floors) in ROOMS {
        if !crates.contains(name) {
            faults.push(format!("ROOMS has floors of {name}, which is no crate."));
            continue;
        }
        let modules = Modules::of_crate(&workspace(), name);
        let floors = Floors::read(&format!("ROOMS, {name}"), floors);
        faults.extend(floors.faults(&modules.files(), &modules.arrows()));
    }
    assert_none(&faults);
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let mut faults = Vec::new();
    for name in crates::dependencies(&workspace()).names {
        faults.extend(circles(&Modules::of_crate(&workspace(), &name).arrows()));
    }
    assert_none(&faults);
}

#[test]
fn no_scripts_import_each_other_in_a_circle() {
    let arrows = scripts::arrows(&workspace(), "www");
    assert!(!arrows.is_empty(), "no script imports from another");
    assert_none(&circles(&arrows));
}
