//! The multiverse beside statsmodels: `tests/reference/multiverse.py` made the numbers.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::collections::BTreeSet;
use std::path::Path;

use common::golden;
use report::figure::{self, Marks, Theme};
use serde_json::Value;
use standfirm::exhibits::curve::Curve;
use standfirm::findings::multiverse::dimensions::{DIMENSIONS, ERRORS};
use standfirm::findings::multiverse::judge::JUDGED;
use standfirm::findings::multiverse::outcome::Outcome;
use standfirm::findings::multiverse::{Multiverse, Only, is_study};
use standfirm::{episodes, exhibits};

fn reference() -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/multiverse.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The outcomes of some pieces of work, the others missing.
fn run(multiverse: &Multiverse, pieces: impl IntoIterator<Item = usize>) -> Vec<Option<Outcome>> {
    let episodes = episodes().unwrap();
    let mut outcomes = vec![None; multiverse.len()];
    for piece in pieces {
        let found = multiverse.run(piece, &episodes).unwrap();
        for (position, outcome) in multiverse.piece(piece).zip(found) {
            outcomes[position] = Some(outcome);
        }
    }
    outcomes
}

fn piece_of(multiverse: &Multiverse, position: usize) -> usize {
    let holds = |piece: &usize| multiverse.piece(*piece).contains(&position);
    (0..multiverse.pieces()).find(holds).unwrap()
}

#[test]
fn effects_and_standard_errors_are_those_of_other_software() {
    let multiverse = Multiverse::new().unwrap();
    let reference = reference();
    let position = |one: &Value| one["position"].as_u64().unwrap() as usize;
    let pieces: BTreeSet<usize> = reference
        .iter()
        .map(|one| piece_of(&multiverse, position(one)))
        .collect();
    let outcomes = run(&multiverse, pieces);
    for one in &reference {
        let at = position(one);
        let what = format!("{at}: {:?}", multiverse.words(&multiverse.combinations()[at]));
        let ours = outcomes[at].unwrap();
        assert_eq!(ours.n as u64, one["n"].as_u64().unwrap(), "{what}");
        let effect = ours
            .effect()
            .unwrap_or_else(|| panic!("{what}: {:?}", ours.reason));
        let estimate = one["estimate"].as_f64().unwrap();
        assert!(
            (effect.estimate - estimate).abs() < 1e-10,
            "{what}: {} and {estimate}",
            effect.estimate
        );
        let found = ours.estimate.unwrap();
        // What Newton's method runs away with leaves it little information to invert.
        let within = if found.separated { 5e-2 } else { 1e-9 };
        for ((key, _), ours) in ERRORS.iter().zip(found.std_errors) {
            let theirs = one["std_errors"][key].as_f64().unwrap();
            assert!(
                (ours / theirs - 1.0).abs() < within,
                "{what}: {key} standard errors {ours} and {theirs}"
            );
        }
    }
}

#[test]
fn the_combinations_are_all_there_once_and_begin_with_the_study() {
    let multiverse = Multiverse::new().unwrap();
    assert!(is_study(&multiverse.combinations()[0]));
    let different: BTreeSet<_> = multiverse.combinations().iter().collect();
    assert_eq!(different.len(), multiverse.len());
    // Comtrade's shares, of the year before in any case, do not come twice; of the controls, some are left out, or one is
    // read otherwise, or all are read as at first.
    let ways = |key: &str| {
        let dimension = DIMENSIONS.iter().find(|one| one.key == key).unwrap();
        dimension.alternatives.len()
    };
    let product = |keys: &[&str]| keys.iter().map(|key| ways(key)).product::<usize>();
    let trade = product(&["measure", "lag"]) - 1;
    let otherwise = ["gaps", "cinc", "multiple", "sizes"].map(|key| ways(key) - 1);
    let controls = ways("controls") + otherwise.iter().sum::<usize>() + 1;
    let all = product(&["regime", "outcome", "sample", "scale", "high"]) * trade * controls;
    assert_eq!((multiverse.len(), all), (63_000, 63_000));
    let pieces: usize = (0..multiverse.pieces())
        .map(|piece| multiverse.piece(piece).len())
        .sum();
    assert_eq!(pieces, multiverse.len());
    assert!(multiverse.piece(multiverse.pieces()).is_empty());
    assert!(multiverse.combination(multiverse.len()).is_err());
}

#[test]
fn what_a_piece_finds_depends_on_nothing_else() {
    let multiverse = Multiverse::new().unwrap();
    let episodes = episodes().unwrap();
    let last = multiverse.pieces() - 1;
    let alone = multiverse.run(last, &episodes).unwrap();
    multiverse.run(0, &episodes).unwrap();
    assert_eq!(multiverse.run(last, &episodes).unwrap(), alone);
    for outcome in alone {
        assert_eq!(Outcome::from_numbers(&outcome.numbers()), Some(outcome));
    }
    assert_eq!(Outcome::from_numbers(&[1.0, 2.0]), None);
    assert_eq!(
        Outcome::from_numbers(&[
            400.0,
            f64::NAN,
            f64::NAN,
            f64::NAN,
            f64::NAN,
            f64::NAN,
            0.0,
            99.0,
            0.0,
            0.0
        ]),
        None
    );
}

#[test]
fn the_summary_counts_what_was_found() {
    let multiverse = Multiverse::new().unwrap();
    let outcomes = run(&multiverse, [0, 1, 90]);
    let summary = multiverse.summary(&outcomes);
    let found: Vec<Outcome> = outcomes.iter().copied().flatten().collect();
    let ordinary: Vec<_> = found.iter().filter_map(Outcome::ordinary).collect();
    let effects: Vec<_> = ordinary.iter().map(|one| one.effect(0)).collect();
    assert_eq!((summary.tried, summary.estimated), (found.len(), effects.len()));
    let share = |count: usize| count as f64 / effects.len() as f64;
    assert_eq!(
        summary.negative,
        share(effects.iter().filter(|one| one.estimate < 0.0).count())
    );
    let below = effects.iter().filter(|one| one.conf_high < 0.0).count();
    assert_eq!(summary.significantly_negative, share(below));
    let refused: usize = summary.refused.iter().map(|one| one.combinations).sum();
    let apart = found
        .iter()
        .filter(|one| one.estimate.is_some_and(|one| one.separated));
    assert_eq!(summary.separated.combinations, apart.count());
    assert_eq!(
        refused + summary.separated.combinations,
        summary.tried - summary.estimated
    );
    // Estimates count once, intervals by each kind of standard errors, the study's first.
    let kinds: Vec<&str> = summary.intervals.iter().map(|one| one.key).collect();
    assert_eq!(kinds, ["observed", "hc1", "target", "dyad"]);
    for (errors, kind) in summary.intervals.iter().enumerate() {
        let below = ordinary.iter().filter(|one| one.effect(errors).conf_high < 0.0);
        assert_eq!(kind.below, share(below.count()), "{}", kind.key);
    }
    assert_eq!(summary.intervals[0].below, summary.significantly_negative);
    for claim in &summary.claims {
        let bit = JUDGED.iter().position(|key| *key == claim.key).unwrap();
        let with = |bits: u32| bits >> bit & 1 == 1;
        let holds = found
            .iter()
            .filter(|one| one.ordinary().is_some() && with(one.holds));
        assert_eq!(claim.holds, holds.count());
        assert!(claim.holds <= claim.judged && claim.judged <= summary.estimated);
    }
    // Within a piece the controls and what is high vary, between the first two the scale; others in more than one choice.
    let moved = |key: &str| summary.moves.iter().find(|one| one.key == key).unwrap();
    assert!(moved("controls").mean_change > 0.0 && moved("scale").pairs > 0);
    assert!(moved("high").pairs > moved("cinc").pairs && moved("cinc").mean_change > 0.0);
    assert!(
        summary.sentences[0].contains("no probabilities"),
        "{:?}",
        summary.sentences
    );
}

/// Every 83rd piece of work: of each regime, coding of the outcome, measure, sample and scale some.
fn some(multiverse: &Multiverse) -> Vec<Option<Outcome>> {
    run(multiverse, (0..multiverse.pieces()).step_by(83))
}

#[test]
fn the_curve_is_the_one_that_was_looked_at() {
    let multiverse = Multiverse::new().unwrap();
    let figure = Curve::new(&multiverse, &some(&multiverse), None)
        .figure(&multiverse)
        .unwrap();
    golden(&figure, "curve");
}

#[test]
fn the_curve_is_in_order_and_names_the_model_in_each_place() {
    let multiverse = Multiverse::new().unwrap();
    let outcomes = some(&multiverse);
    let curve = Curve::new(&multiverse, &outcomes, None);
    let estimated = outcomes.iter().flatten().filter(|one| one.ordinary().is_some());
    assert_eq!(curve.len(), estimated.count());
    let figure = curve.figure(&multiverse).unwrap();
    let Marks::Sorted(sorted) = &figure.panels[0].marks else {
        panic!("{:?}", figure.panels[0].marks)
    };
    let medians: Vec<f64> = figure.panels[0].series[4]
        .points
        .iter()
        .map(|one| one.estimate)
        .collect();
    assert!(medians.is_sorted() && medians.len() == sorted.columns);
    // Kinds share each column among them, and the alternatives of a choice as well.
    let parts: f64 = sorted.weights.iter().flatten().sum();
    assert!((parts - sorted.columns as f64).abs() < 1e-9, "{parts}");
    let alternatives: usize = DIMENSIONS.iter().map(|one| one.alternatives.len()).sum();
    assert_eq!(sorted.strips.len(), alternatives);

    for width in [340.0, 900.0] {
        let height = figure::height(&figure, width);
        for place in [0, curve.len() / 3, curve.len() - 1] {
            let reading = curve.read(&multiverse, &figure, width, place).unwrap();
            assert_eq!(curve.place(&figure, width, reading.from.0), Some(place));
            // The estimate, and where each choice is; all of them within the drawing.
            let dots: Vec<_> = reading.entries.iter().filter_map(|one| one.dot).collect();
            assert_eq!(dots.len(), 1 + DIMENSIONS.len());
            assert!(
                dots.iter()
                    .all(|(x, y)| (0.0..width).contains(x) && (0.0..height).contains(y))
            );
            // What it says is what that model gives.
            let picked = curve.pick(&multiverse, place).unwrap();
            let episodes = episodes().unwrap();
            let model = picked.specification.find(&picked.model.key()).unwrap();
            let fit = picked.specification.prepare(&model, &episodes).unwrap();
            let fit = fit.fit().unwrap();
            let dependence = fit.design().frame().number(model.term()).unwrap();
            let high = model.high.of(dependence);
            let effect = standfirm::findings::effect::effect(&model, &fit, high).unwrap();
            let words = format!("{:.1}", 100.0 * effect.estimate).replace('-', "−");
            assert!(reading.entries[0].text.contains(&words), "{words}: {reading:?}");
        }
    }
    assert!(curve.pick(&multiverse, curve.len()).is_err());
    assert!(curve.read(&multiverse, &figure, 900.0, curve.len()).is_none());
}

#[test]
fn a_part_of_the_curve_has_that_choice_alone() {
    let multiverse = Multiverse::new().unwrap();
    let outcomes = some(&multiverse);
    let only = Only::find("regime.types").unwrap();
    let curve = Curve::new(&multiverse, &outcomes, Some(only));
    assert!(!curve.is_empty() && curve.len() < Curve::new(&multiverse, &outcomes, None).len());
    for place in 0..curve.len() {
        assert!(
            curve
                .pick(&multiverse, place)
                .unwrap()
                .model
                .key()
                .starts_with("regime:")
        );
    }
    let summary = curve.summary(&multiverse, &outcomes);
    assert_eq!((summary.estimated, summary.tried), (curve.len(), curve.tried()));
    // Claims about the index cannot be judged there; the table leaves them out.
    let grid = summary.grid();
    assert!(grid.bodies[2].rows.len() < JUDGED.len(), "{:?}", grid.bodies[2]);
    assert_eq!(Only::find("nothing"), None);
    // Without any outcome there is nothing to draw, and no fault.
    let none = Curve::new(&multiverse, &vec![None; multiverse.len()], None);
    let figure = none.figure(&multiverse).unwrap();
    let svg = figure::svg(&figure, 390.0, Theme::Dark, None);
    assert!(svg.starts_with("<svg") && !svg.contains("NaN"), "{svg}");
    let words = format!("{figure:?} {:?}", none.summary(&multiverse, &[]).grid());
    assert!(!words.contains("NaN"), "{words}");
    assert!(none.is_empty() && none.place(&figure, 390.0, 100.0).is_none());
}

#[test]
fn the_table_of_all_combinations_has_a_line_for_each_that_is_there() {
    let multiverse = Multiverse::new().unwrap();
    let outcomes = run(&multiverse, [0]);
    let csv = exhibits::multiverse::csv(&multiverse, &outcomes).unwrap();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 1 + multiverse.piece(0).len());
    assert!(lines[0].starts_with(
        "regime,outcome,measure,lag,sample,scale,controls,gaps,cinc,multiple,sizes,high,model,"
    ));
    let first = outcomes[0].unwrap().effect().unwrap();
    assert!(
        lines[1].contains(&format!(",{},0,{},", first.estimate, first.std_error)),
        "{}",
        lines[1]
    );
}
