//! `standfirm power`.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use common::text;

/// By claim, model and world: what each of the first histories said.
fn first(csv: &str) -> BTreeMap<String, String> {
    let mut lines = csv.lines();
    assert_eq!(
        lines.next(),
        Some("claim,model,world,draws,holds,contradicted,first")
    );
    lines
        .map(|line| {
            let fields: Vec<&str> = line.split(',').collect();
            (fields[..3].join(","), fields[6].to_owned())
        })
        .collect()
}

#[test]
fn the_first_history_is_that_of_the_file() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/power.csv");
    let known = first(&std::fs::read_to_string(path).unwrap());
    let printed = text(&["power", "--draws", "1"]);
    let found = first(&printed);
    assert_eq!(found.keys().collect::<Vec<_>>(), known.keys().collect::<Vec<_>>());
    for (key, said) in &found {
        assert_eq!(*said, known[key][..1], "{key}");
    }
    for line in printed.lines().skip(1) {
        let counts: Vec<usize> = line
            .split(',')
            .skip(3)
            .take(3)
            .map(|one| one.parse().unwrap())
            .collect();
        assert!(counts[0] == 1 && counts[1] + counts[2] <= 1, "{line}");
    }
}
