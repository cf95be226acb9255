//! Influence and validation beside brute-force refits in statsmodels and scores by scikit-learn:
//! `tests/reference/robustness.py` made the numbers.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::path::Path;

use common::golden;
use report::figure::{self, Format, Marks, Role};
use serde_json::Value;
use standfirm::findings::influence::{By, influence};
use standfirm::findings::validation::{FOLDS, FoldUnit, Forecast, SEED, Scores, validate};
use standfirm::session::{Progress, Session};
use standfirm::{Specification, episodes, exhibits};

fn reference(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/reference")
        .join(name);
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn close(ours: f64, theirs: &Value, within: f64, what: &str) {
    let theirs = theirs
        .as_f64()
        .unwrap_or_else(|| panic!("{what}: no reference number"));
    assert!((ours - theirs).abs() < within, "{what}: {ours} and {theirs}");
}

#[test]
fn influence_is_that_of_refits_from_scratch() {
    let reference = reference("influence.json");
    let specification = Specification::default();
    let episodes = episodes().unwrap();
    for (key, theirs) in reference.as_object().unwrap() {
        let model = specification.find(key).unwrap();
        for by in By::ALL {
            // The refits without each episode are many: those of one model will do.
            if by == By::Episode && key.starts_with("regime") {
                continue;
            }
            let ours = influence(&specification, &model, &episodes, by).unwrap();
            close(ours.high_dependence, &theirs["high"], 1e-12, key);
            close(ours.whole.interaction, &theirs["whole"]["interaction"], 1e-9, key);
            close(ours.whole.effect.estimate, &theirs["whole"]["effect"], 1e-10, key);
            let refits = theirs["left_out"][by.key()].as_object().unwrap();
            assert_eq!(ours.left_out.len(), refits.len(), "{key} {by:?}");
            for one in &ours.left_out {
                let refit = &refits[&one.key.to_string()];
                let what = format!("{key} without {} {}", by.key(), one.label);
                let found = one.found.unwrap();
                close(found.interaction, &refit["interaction"], 1e-8, &what);
                close(found.effect.estimate, &refit["effect"], 1e-9, &what);
            }
        }
    }
}

#[test]
fn what_moves_a_result_most_comes_first_and_has_a_name() {
    let specification = Specification::default();
    let model = specification.find("index:trade_share").unwrap();
    let episodes = episodes().unwrap();
    let senders = influence(&specification, &model, &episodes, By::Sender).unwrap();
    let first = &senders.left_out[0];
    assert_eq!(first.label, "United States of America");
    // The indicator of the United States is then constant, and hardly anyone left depends as much.
    assert!(
        first
            .remarks
            .iter()
            .any(|remark| remark.contains("extrapolation"))
    );
    assert!(first.remarks.len() >= 2, "{:?}", first.remarks);
    let moved = |at: usize| senders.left_out[at].effect_change.unwrap().abs();
    assert!((1..senders.left_out.len()).all(|at| moved(at - 1) >= moved(at)));
    let single = influence(&specification, &model, &episodes, By::Episode).unwrap();
    assert_eq!(single.left_out.len(), single.n);
    assert!(single.left_out[0].label.contains(" against "));
    let imputed = specification.find("index:comtrade_mi").unwrap();
    assert!(influence(&specification, &imputed, &episodes, By::Year).is_err());
}

fn check(ours: &Scores, theirs: &Value, what: &str) {
    for score in &ours.forecasts {
        let key = match score.forecast {
            Forecast::Model => "model",
            Forecast::WithoutRegime => "without_regime",
            Forecast::Shares => "shares",
        };
        let theirs = &theirs["scores"][key];
        close(score.log, &theirs["log"], 1e-8, what);
        close(score.brier, &theirs["brier"], 1e-8, what);
        close(score.accuracy, &theirs["accuracy"], 1e-12, what);
        assert_eq!(
            serde_json::to_value(&score.confusion).unwrap(),
            theirs["confusion"],
            "{what} {key}"
        );
    }
    let differences = theirs["differences"].as_array().unwrap();
    assert_eq!(ours.differences.len(), differences.len());
    for (ours, theirs) in ours.differences.iter().zip(differences) {
        assert_eq!(serde_json::to_value(ours.against).unwrap(), theirs["against"]);
        assert_eq!(serde_json::to_value(ours.score).unwrap(), theirs["score"]);
        close(ours.estimate, &theirs["estimate"], 1e-8, what);
        close(ours.std_error, &theirs["std_error"], 1e-8, what);
    }
}

#[test]
fn scores_are_those_of_other_software_on_the_same_folds() {
    let reference = reference("validation.json");
    let specification = Specification::default();
    let episodes = episodes().unwrap();
    for (key, theirs) in reference.as_object().unwrap() {
        let model = specification.find(key).unwrap();
        let clusters = FoldUnit::find(theirs["clusters"].as_str().unwrap()).unwrap();
        let ours = validate(&specification, &model, &episodes, clusters, FOLDS, SEED).unwrap();
        assert_eq!(ours.n as u64, theirs["n"].as_u64().unwrap());
        for one in &ours.episodes {
            let fold = &theirs["folds"][one.caseid.to_string()];
            assert_eq!(one.fold as u64, fold.as_u64().unwrap(), "the folds have changed");
        }
        check(&ours.in_sample, &theirs["in_sample"], &format!("{key} in sample"));
        check(
            &ours.cross_validated,
            &theirs["cross_validated"],
            &format!("{key} cross-validated"),
        );
    }
}

#[test]
fn another_seed_makes_other_folds_and_too_many_are_refused() {
    let specification = Specification::default();
    let episodes = episodes().unwrap();
    let model = specification.find("index:trade_share").unwrap();
    let run = |folds, seed| validate(&specification, &model, &episodes, FoldUnit::Target, folds, seed);
    let (first, again, other) = (run(5, 1).unwrap(), run(5, 1).unwrap(), run(5, 2).unwrap());
    assert_eq!(first, again);
    assert_ne!(first.episodes, other.episodes);
    assert_eq!(first.in_sample, other.in_sample);
    assert!(run(1_000, 1).unwrap_err().to_string().contains("1000 folds"));
    assert!(run(1, 1).is_err());
}

#[test]
fn what_moves_a_result_most_is_drawn_beside_the_result_of_all() {
    let specification = Specification::default();
    let model = specification.find("index:trade_share").unwrap();
    let episodes = episodes().unwrap();
    for (by, most) in [(By::Sender, 20), (By::Episode, 10)] {
        let found = influence(&specification, &model, &episodes, by).unwrap();
        let drawn = exhibits::influence::figure(&found);
        let panel = &drawn.panels[0];
        let Marks::Rows(rows) = &panel.marks else {
            panic!("{:?}", panel.marks)
        };
        assert_eq!(rows.len(), most);
        assert!(rows[0].starts_with(&found.left_out[0].label), "{rows:?}");
        // One dot in each row, and the same line through all of them.
        let [without, whole] = panel.series.as_slice() else {
            panic!("{} series", panel.series.len())
        };
        assert_eq!((without.points.len(), whole.role), (most, Role::Together));
        let at = whole.points[0].estimate;
        assert!(whole.points.iter().all(|point| point.estimate == at));
        let change = |row: usize| (without.points[row].estimate - at).abs();
        assert!((1..most).all(|row| change(row) <= change(row - 1)), "{by:?}");
        let (unit, expected) = match by {
            By::Episode => (Format::Number, found.whole.interaction),
            _ => (Format::Points, found.whole.effect.estimate),
        };
        assert_eq!((drawn.x.format, at), (unit, expected));
        let grid = exhibits::influence::grid(&found);
        assert_eq!(grid.bodies[0].rows.len(), 1 + found.left_out.len());
        assert!(
            grid.bodies[0]
                .rows
                .iter()
                .all(|row| row.cells.len() == grid.columns.len())
        );
        golden(&drawn, &format!("influence-{}", by.key()));
        for width in [340.0, 800.0] {
            let height = figure::height(&drawn, width);
            let reading = figure::read(&drawn, width, width / 2.0, height / 2.0).unwrap();
            // The line has no dot, but its value is read too.
            assert_eq!(reading.entries.len(), 2);
            assert_eq!(reading.entries[1].dot, None);
        }
    }
    let found = influence(&specification, &model, &episodes, By::Episode).unwrap();
    let said = exhibits::influence::sentences(&found);
    assert_eq!(said.len(), 1 + 10);
    assert!(
        said[1].starts_with("1950, Haiti against Dominican Republic (concession; index 0.88; dependence"),
        "{}",
        said[1]
    );
}

#[test]
fn forecasts_are_drawn_and_counted() {
    let specification = Specification::default();
    let model = specification.find("index:trade_share").unwrap();
    let found = validate(
        &specification,
        &model,
        &episodes().unwrap(),
        FoldUnit::Target,
        FOLDS,
        SEED,
    )
    .unwrap();
    let figures = exhibits::validation::figures(&found);
    for drawn in &figures {
        golden(drawn, &format!("prediction-{}", drawn.version));
        assert!(drawn.title.starts_with(found.verdict()), "{}", drawn.title);
    }
    // Every episode is in one bin of each outcome, and in one cell of the confusion table.
    let calibration = &figures[1];
    assert_eq!(calibration.panels.len(), found.outcomes.len());
    let table = exhibits::validation::confusion(&found);
    let counts = |columns: std::ops::Range<usize>| -> f64 {
        let cells = table.bodies[0]
            .rows
            .iter()
            .flat_map(|row| &row.cells[columns.clone()]);
        cells.flat_map(|cell| &cell.values).sum()
    };
    assert_eq!(counts(0..3), found.n as f64);
    assert_eq!(counts(3..6), found.n as f64);
    let grid = exhibits::validation::grid(&found);
    assert_eq!(grid.bodies.len(), 2);
    let log = &found.cross_validated.forecasts[0];
    assert_eq!(grid.bodies[1].rows[0].cells[0].values, [log.log]);
    // Each forecast is read where its own dot is nearest.
    let reading = figure::read(calibration, 900.0, 100.0, 150.0).unwrap();
    assert_eq!(reading.entries.len(), 2);
    assert!(reading.entries.iter().all(|entry| entry.dot.is_some()));
}

#[test]
fn a_session_leaves_out_in_steps_and_comes_to_the_same() {
    let mut session = Session::new().unwrap();
    let mut steps = Vec::new();
    let specification = "senders=usa";
    let mut step = || {
        session
            .leave_next(specification, "regime:trade_share", "year")
            .unwrap()
    };
    loop {
        let Progress { done, of } = step();
        steps.push(done);
        if done == of {
            break;
        }
    }
    assert!(steps.len() > 2 && steps.is_sorted(), "{steps:?}");
    let shown = session
        .influence(specification, "regime:trade_share", "year")
        .unwrap();
    let read = Specification::read(specification).specification;
    let model = read.find("regime:trade_share").unwrap();
    let found = influence(&read, &model, &episodes().unwrap(), By::Year).unwrap();
    assert_eq!(shown.figures, [exhibits::influence::figure(&found)]);
    assert_eq!(shown.grids, [exhibits::influence::grid(&found)]);
    // What was asked before changes no answer, and what there is not is said.
    let other = session.influence("", "index:trade_share", "target").unwrap();
    assert_eq!(
        Session::new()
            .unwrap()
            .influence("", "index:trade_share", "target")
            .unwrap(),
        other
    );
    for (model, by) in [
        ("index:nothing", "year"),
        ("index:trade_share", "week"),
        ("index:comtrade_mi", "year"),
    ] {
        assert!(session.leave_next("", model, by).is_err(), "{model} {by}");
    }
    assert!(session.validation("", "index:comtrade_mi", "target").is_err());
    let shown = session.validation("", "index:trade_share", "dyad").unwrap();
    assert_eq!((shown.figures.len(), shown.grids.len()), (2, 2));
}
