//! What several tests need.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::path::Path;

use report::figure::{self, Figure, Theme};

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
