//! What several tests need.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
#![allow(dead_code, reason = "no test needs all of it")]

use std::path::Path;
use std::sync::OnceLock;

use report::figure::{self, Figure, Theme};
use serde_json::Value;
use standfirm::Specification;
use standfirm::fitting::fitted::{Estimates, Fitted, Part, fit_all};

/// Whether a figure is still the one that a person has looked at. `STANDFIRM_BLESS=1 cargo test -p standfirm` writes the
/// pictures anew; look at them before committing.
pub(crate) fn golden(figure: &Figure, name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden");
    let path = folder.join(name).with_extension("svg");
    let svg = figure::svg(figure, 800.0, Theme::Light, Some(""));
    if std::env::var_os("STANDFIRM_BLESS").is_some() {
        std::fs::write(&path, &svg).unwrap();
    }
    let known = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert!(
        svg == known,
        "{} is not what is drawn now: look at it, then write it with STANDFIRM_BLESS=1",
        path.display()
    );
}

/// Numbers that other software made: a file of `tests/reference`.
pub(crate) fn reference(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/reference")
        .join(name);
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// Our number is that of other software.
pub(crate) fn close(ours: f64, theirs: &Value, within: f64, what: &str) {
    let theirs = theirs
        .as_f64()
        .unwrap_or_else(|| panic!("{what}: no reference number"));
    assert!((ours - theirs).abs() < within, "{what}: {ours} and {theirs}");
}

/// The study as it is specified by itself, fitted once.
pub(crate) fn estimates() -> &'static Estimates {
    static ESTIMATES: OnceLock<Estimates> = OnceLock::new();
    let estimates = ESTIMATES.get_or_init(|| fit_all(&Specification::default(), Part::All).unwrap());
    assert_eq!(estimates.refusals, [], "the study's models fit its episodes");
    estimates
}

/// Its models.
pub(crate) fn fitted() -> &'static [Fitted] {
    &estimates().fitted
}

/// A specification all of which means something.
pub(crate) fn specified(text: &str) -> Specification {
    let read = Specification::read(text);
    assert!(read.ignored.is_empty(), "{text}: {:?}", read.ignored);
    read.specification
}
