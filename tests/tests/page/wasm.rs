//! The built module itself, read without a browser.

use std::fs;

use standfirm_tests::dist;
use wasmparser::{Parser, Payload};

/// Two builds in different folders can only be the same where neither tells its folder.
#[test]
fn the_build_names_no_folder_of_this_machine() {
    let wasm = fs::read(dist().join("standfirm.wasm")).unwrap();
    let root = dist();
    let folders = [
        root.parent().unwrap().to_owned(),
        std::env::home_dir().unwrap_or_default(),
    ];
    for folder in folders.iter().filter(|folder| folder.components().count() > 1) {
        let name = folder.to_str().unwrap().as_bytes();
        let named = wasm.windows(name.len()).any(|bytes| bytes == name);
        assert!(!named, "standfirm.wasm has {} in it", folder.display());
    }
    assert!(wasm.starts_with(b"\0asm"));
}

/// WebKit waits for the compiler before it first runs a function with vector instructions: see `.cargo/config.toml`.
#[test]
fn only_what_computes_has_vector_instructions() {
    /// What all of them begin with.
    const PREFIX: u8 = 0xfd;
    let wasm = fs::read(dist().join("standfirm.wasm")).unwrap();
    let (mut functions, mut with_vectors) = (0, 0);
    for payload in Parser::new(0).parse_all(&wasm) {
        let Payload::CodeSectionEntry(body) = payload.unwrap() else {
            continue;
        };
        let mut has = false;
        for operator in body.get_operators_reader().unwrap().into_iter_with_offsets() {
            has |= wasm[operator.unwrap().1] == PREFIX;
        }
        functions += 1;
        with_vectors += usize::from(has);
    }
    assert!(
        (1..functions / 50).contains(&with_vectors),
        "{with_vectors} of {functions}"
    );
}
