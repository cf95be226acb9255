//! `standfirm randomize`, of one model and of the multiverse.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod common;

use common::{json, number, refused, text};

#[test]
fn both_ways_are_told_with_their_p_values() {
    let said = text(&["randomize", "--draws", "19", "--seed", "7"]);
    for part in [
        "[index:trade_share], 503 threats against 82 targets: episodes dealt out 19 times, seed 7\n",
        "[index:trade_share], 503 threats against 82 targets: histories dealt out 19 times, seed 7\n",
        "Index 1 against index 0",
        "by Wald’s test",
        "by randomization",
    ] {
        assert!(said.contains(part), "no `{part}` in {said}");
    }
}

#[test]
fn a_p_value_counts_draws_and_follows_the_seed() {
    let run = |seed: &str| {
        json(&[
            "randomize",
            "--model",
            "regime:trade_share",
            "--draws",
            "19",
            "--by",
            "histories",
            "--seed",
            seed,
        ])
    };
    let found = run("7");
    assert_eq!(found.as_array().unwrap().len(), 1);
    let contrasts = found[0]["contrasts"].as_array().unwrap();
    assert_eq!(contrasts.len(), 2);
    let estimated = number(&found[0]["draws"]) - number(&found[0]["failed"]);
    for one in contrasts {
        let p = (1.0 + number(&one["as_large"])) / (1.0 + estimated);
        assert_eq!(number(&one["randomization_p"]), p);
        let t = number(&one["estimate"]) / number(&one["std_error"]);
        assert!((number(&one["t"]) - t).abs() < 1e-12);
    }
    assert_eq!(found, run("7"));
    assert_ne!(found, run("8"));
}

#[test]
fn the_multiverse_is_tested_as_a_whole() {
    let arguments = [
        "randomize",
        "--multiverse",
        "--fits",
        "6",
        "--draws",
        "5",
        "--seed",
        "7",
        "--threads",
    ];
    let found = json(&[&arguments[..], &["1"]].concat());
    assert_eq!(
        found,
        json(&[&arguments[..], &["3"]].concat()),
        "whatever the threads"
    );
    let ways: Vec<&str> = [0, 1].map(|way| found[way]["dealt"].as_str().unwrap()).into();
    assert_eq!(ways, ["episodes", "histories"]);
    for one in found.as_array().unwrap() {
        let counts = ["fits", "models", "of", "draws"].map(|key| number(&one[key]));
        assert_eq!(counts, [6.0, 30.0, 63_000.0, 5.0]);
        let statistics = one["statistics"].as_array().unwrap();
        assert_eq!(statistics.len(), 3);
        for one in statistics {
            let p = (1.0 + number(&one["as_far"])) / 6.0;
            assert_eq!(number(&one["p_value"]), p);
            let error = (p * (1.0 - p) / 5.0).sqrt();
            assert!((number(&one["monte_carlo_error"]) - error).abs() < 1e-12);
            assert!(number(&one["low"]) <= number(&one["high"]));
        }
    }
    // The models as they were are the same, whatever is dealt out.
    assert_eq!(
        found[0]["statistics"][0]["as_it_was"],
        found[1]["statistics"][0]["as_it_was"]
    );
    let said = text(&[&arguments[..], &["2", "--by", "episodes"]].concat());
    assert!(
        said.starts_with("Taken together: a median difference of "),
        "{said}"
    );
    assert!(
        said.contains("30 models of 63,000: 6 fits drawn by lot"),
        "{said}"
    );
}

#[test]
fn what_cannot_be_dealt_out_is_said() {
    for (arguments, status, part) in [
        (&["--draws", "0"][..], 1, "at least once"),
        (&["--by", "weeks"], 1, "episodes, histories"),
        (&["--model", "index:comtrade_mi"], 1, "imputed"),
        (&["--multiverse", "--fits", "0"], 1, "--fits 0"),
        (&["--fits", "5"], 2, "--multiverse"),
        (&["--multiverse", "--set", "senders=usa"], 2, "--multiverse"),
    ] {
        let (code, said) = refused(&[&["randomize"], arguments].concat());
        assert_eq!(code, status, "{arguments:?}: {said}");
        assert!(said.contains(part), "{arguments:?}: {said}");
    }
}
