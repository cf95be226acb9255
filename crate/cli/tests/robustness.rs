//! `standfirm robustness`.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::{json, number, refused, text};

#[test]
fn every_kind_of_standard_error_has_the_same_estimate() {
    let found = json(&["robustness", "--model", "regime:trade_share"]);
    let kinds = found["errors"].as_array().unwrap();
    let keys: Vec<&str> = kinds.iter().map(|one| one["errors"].as_str().unwrap()).collect();
    assert_eq!(
        keys,
        ["observed", "hc0", "hc1", "robust", "target", "sender", "dyad"]
    );
    for what in ["at_high", "changes"] {
        for contrast in 0..2 {
            let of = |kind: usize, key: &str| number(&kinds[kind][what][contrast][key]);
            for kind in 1..kinds.len() {
                assert_eq!(of(kind, "estimate"), of(0, "estimate"));
                assert_ne!(of(kind, "std_error"), of(0, "std_error"));
            }
        }
    }
    assert!(kinds[0]["clusters"].is_null() && number(&kinds[4]["clusters"]) > 100.0);
}

#[test]
fn senders_stand_side_by_side_with_their_difference() {
    let found = json(&["robustness"]);
    let senders = &found["senders"];
    assert_eq!(
        number(&senders["n_usa"]) + number(&senders["n_others"]),
        number(&found["n"])
    );
    let one = &senders["contrasts"][0];
    let difference = number(&one["usa"]["estimate"]) - number(&one["rest"]["estimate"]);
    assert!((number(&one["difference"]["estimate"]) - difference).abs() < 1e-12);
    let squares = |who: &str| number(&one[who]["std_error"]) * number(&one[who]["std_error"]);
    assert!((squares("difference") - squares("usa") - squares("rest")).abs() < 1e-12);
}

#[test]
fn both_tables_are_printed_with_their_notes() {
    let said = text(&["robustness", "--set", "scale=root"]);
    for part in [
        "Clustered by target",
        "From no to high",
        "United States",
        "Other senders",
        "No episode is in both samples",
    ] {
        assert!(said.contains(part), "no `{part}` in {said}");
    }
    let (status, said) = refused(&["robustness", "--model", "index:nothing"]);
    assert!(status == 1 && said.contains("index:trade_share"), "{said}");
}
