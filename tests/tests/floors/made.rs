//! The test of the floors, tested: small made crates, each with one fault or none.

use crate::{circles::circles, crates, floors::Floors, modules::Modules, scripts};

/// A crate of files with these names and texts.
fn made(files: &[(&str, &str)]) -> Modules {
    let files = files
        .iter()
        .map(|&(name, text)| (name.to_owned(), text.to_owned()));
    Modules::new("crate/made/src", files.collect())
}

fn faults(files: &[(&str, &str)], floors: &str) -> Vec<String> {
    let modules = made(files);
    Floors::read("ROOMS, made", floors).faults(&modules.files(), &modules.arrows())
}

fn circles_in(files: &[(&str, &str)]) -> Vec<String> {
    circles(&made(files).arrows())
}

#[track_caller]
fn assert_says(faults: &[String], parts: &[&str]) {
    let [fault] = faults else {
        panic!("not one fault: {faults:#?}")
    };
    for part in parts {
        assert!(fault.contains(part), "no {part:?} in {fault}");
    }
}

/// Two floors, with all that is allowed.
const CLEAN: [(&str, &str); 5] = [
    (
        "lib.rs",
        "mod data; mod error; mod fit; #[cfg(test)] mod testing;
         pub use {data::Table, error::Error, fit::Fit};",
    ),
    ("error.rs", "pub struct Error;"),
    (
        "data/mod.rs",
        "mod table; pub use table::Table;
         #[cfg(test)] mod tests { use crate::fit::Fit; }",
    ),
    (
        "data/table.rs",
        "use std::fmt; use crate::error::Error; /// Not [`crate::fit::Fit`].
         pub struct Table(pub Error, pub(crate) &'static str);
         impl Table { #[cfg(test)] fn fit() -> crate::fit::Fit { crate::fit::Fit } }
         const TEXT: &str = \"crate::fit::Fit\";",
    ),
    (
        "fit.rs",
        "use crate::{Error, data::{self, Table as Rows}};
         pub struct Fit; pub fn fit(_: Rows) -> Result<Fit, Error> { data::Table; Ok(Fit) }",
    ),
];

#[test]
fn a_clean_crate_has_no_fault() {
    let with_tests = [&CLEAN[..], &[("testing.rs", "use crate::fit::Fit;")]].concat();
    assert_eq!(faults(&with_tests, "error < data < fit"), [""; 0]);
    assert_eq!(circles_in(&with_tests), [""; 0]);
    // It is not that nothing is seen.
    assert!(
        made(&CLEAN)
            .arrows()
            .iter()
            .any(|arrow| (&*arrow.from, &*arrow.to) == ("fit.rs", "data/table.rs"))
    );
}

#[test]
fn rooms_of_one_floor_may_use_each_other() {
    assert_eq!(faults(&CLEAN, "error < data, fit"), [""; 0]);
}

#[test]
fn an_import_from_above_is_told_with_its_place() {
    let told = faults(&CLEAN, "data < error < fit");
    assert_says(
        &told,
        &[
            "crate/made/src/data/table.rs:1: data imports crate::error::Error from error, a floor above",
            "Move it down",
        ],
    );
}

#[test]
fn a_room_on_no_floor_is_told() {
    assert_says(
        &faults(&CLEAN, "error < data"),
        &["fit is on no floor", "tests/tests/floors/main.rs (ROOMS, made)"],
    );
}

/// What `b.rs` may say of `A`, which is defined in `a.rs` and handed on by the root, beneath `a.rs`, which imports from `b.rs`.
#[test]
fn a_circle_is_found_however_it_is_written() {
    let ways = [
        "use crate::A;",
        "use super::A;",
        "use crate::{A as Another};",
        "use crate::a::{self};",
        "use crate::a::{self as other};",
        "use crate::prelude::*;",
        "use crate::prelude::All;",
        "fn b() { use crate::A; }",
        "fn b() -> crate::a::A { todo!() }",
        "fn b() { println!(\"{:?}\", [crate::A]); }",
        "mod inside { use super::super::A; }",
        "use crate::prelude; fn b() -> prelude::All { todo!() }",
        "macro_rules! b { () => { $crate::a::A } }",
    ];
    for way in ways {
        let told = circles_in(&[
            ("lib.rs", "mod a; mod b; mod prelude; pub use a::*;"),
            ("prelude.rs", "pub use crate::A as All;"),
            ("a.rs", "use crate::b::B;\npub struct A;"),
            ("b.rs", &format!("\n{way}\npub struct B;")),
        ]);
        let last = ["from a.rs", "Move what is shared"];
        assert_says(
            &told,
            &[
                &["a.rs:1 imports crate::b::B from b.rs", "b.rs:2 imports "],
                &last[..],
            ]
            .concat(),
        );
    }
}

#[test]
fn a_folder_that_uses_what_it_hands_on_is_in_a_circle_with_what_uses_the_folder() {
    let file = ("fit/refit.rs", "use super::Fit; pub struct Refit(Fit);");
    let hands_on = "mod refit; pub use refit::Refit; pub struct Fit;";
    let root = ("lib.rs", "mod fit;");
    assert_eq!(circles_in(&[root, ("fit/mod.rs", hands_on), file]), [""; 0]);
    let uses = format!("{hands_on} impl Fit {{ fn refit() -> Refit {{ todo!() }} }}");
    assert_says(
        &circles_in(&[root, ("fit/mod.rs", &uses), file]),
        &["imports Refit from fit/refit.rs"],
    );
}

#[test]
fn each_tangle_is_told_once() {
    let told = circles_in(&[
        ("lib.rs", "mod a; mod b; mod c; mod d; mod e;"),
        ("a.rs", "use crate::b;"),
        ("b.rs", "use crate::c;"),
        ("c.rs", "use crate::a;"),
        ("d.rs", "use crate::e;"),
        ("e.rs", "use crate::{a, d};"),
    ]);
    assert_eq!(told.len(), 2, "{told:#?}");
}

#[test]
fn a_crate_that_depends_on_one_above_it_is_told() {
    let package = |folder: &str, dependencies: &[(&str, Option<&str>)]| {
        let dependencies: Vec<_> = dependencies
            .iter()
            .map(|(name, kind)| serde_json::json!({ "path": format!("/w/crate/{name}"), "kind": kind }))
            .collect();
        serde_json::json!({ "manifest_path": format!("/w/{folder}/Cargo.toml"), "dependencies": dependencies })
    };
    let crates = crates::read(&serde_json::json!({ "packages": [
        package("crate/low", &[("high", Some("dev"))]),
        package("crate/middle", &[("low", None), ("high", Some("build"))]),
        package("crate/high", &[("low", None)]),
        package("tests", &[("high", None)]),
    ] }));
    let told = Floors::read("CRATES", "low < middle < high").faults(&crates.names, &crates.arrows);
    assert_says(
        &told,
        &["crate/middle/Cargo.toml: middle imports high from high, a floor above"],
    );
}

#[test]
fn scripts_in_a_circle_are_told() {
    let card = scripts::arrows_of(
        "www",
        "card.js",
        "/** @import { Engine } from \"./engine.js\" */\nimport {\n    Plot,\n    drawn,\n} from \"./plot.js\";\n",
    );
    let plot = |line: &str| scripts::arrows_of("www", "plot.js", line);
    let together = |line| card.iter().cloned().chain(plot(line)).collect::<Vec<_>>();
    assert_eq!(
        circles(&together("/**\n * @import { Card } from \"./card.js\"\n */\n")),
        [""; 0]
    );
    for line in [
        "import { Card } from \"./card.js\";",
        "import \"./card.js\";",
        "export { Card } from './card.js';",
        "export * from \"./card.js\";",
    ] {
        assert_says(
            &circles(&together(line)),
            &["www/card.js:2 imports", "www/plot.js:1 imports", "from card.js"],
        );
    }
}
