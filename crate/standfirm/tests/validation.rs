//! Forecasts beside refits in statsmodels and scores by scikit-learn: `tests/reference/robustness.py` and `repeats.py` made the
//! numbers.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

mod common;

use common::{close, golden, reference};
use report::figure;
use serde_json::Value;
use standfirm::findings::validation::folds::FoldUnit;
use standfirm::findings::validation::results::{Forecast, Scores};
use standfirm::findings::validation::{FOLDS, REPEATS, SEED, Validating, validate};
use standfirm::session::Session;
use standfirm::{Specification, episodes, exhibits};

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
fn a_session_has_figures_and_tables() {
    let mut session = Session::new().unwrap();
    assert!(session.validation("", "index:comtrade_mi", "target").is_err());
    let shown = session.validation("", "index:trade_share", "dyad").unwrap();
    assert_eq!((shown.figures.len(), shown.grids.len()), (2, 2));
}

/// Every way to make the folds, its scores, and what is said over all of them.
#[test]
fn repeated_folds_score_as_in_other_software() {
    let theirs = reference("repeats.json");
    let (specification, episodes) = (Specification::default(), episodes().unwrap());
    let model = specification.find(theirs["model"].as_str().unwrap()).unwrap();
    let mut validating = Validating::new(
        &specification,
        &model,
        &episodes,
        FoldUnit::Target,
        FOLDS,
        SEED,
        REPEATS,
    )
    .unwrap();
    while validating.step().unwrap() {}
    let ours = validating.found().unwrap();
    let repeats = theirs["repeats"].as_array().unwrap();
    assert_eq!((ours.repeats.len(), repeats.len()), (REPEATS, REPEATS));
    for (ours, theirs) in ours.repeats.iter().zip(repeats) {
        let what = format!("seed {}", ours.seed);
        assert_eq!(ours.seed, theirs["seed"].as_u64().unwrap());
        assert_eq!(
            (ours.n as u64, ours.floored as u64),
            (number(&theirs["n"]), number(&theirs["floored"]))
        );
        close(ours.accuracy, &theirs["accuracy"], 1e-12, &what);
        for (ours, theirs) in ours
            .differences
            .iter()
            .zip(theirs["differences"].as_array().unwrap())
        {
            assert_eq!(serde_json::to_value(ours.against).unwrap(), theirs["against"]);
            assert_eq!(serde_json::to_value(ours.score).unwrap(), theirs["score"]);
            close(ours.estimate, &theirs["estimate"], 1e-9, &what);
            close(ours.std_error, &theirs["std_error"], 1e-9, &what);
        }
    }
    assert_eq!(ours.spreads.len(), 4);
    for (ours, theirs) in ours.spreads.iter().zip(theirs["spreads"].as_array().unwrap()) {
        assert_eq!(serde_json::to_value(ours.against).unwrap(), theirs["against"]);
        for (ours, key) in [(ours.median, "median"), (ours.low, "low"), (ours.high, "high")] {
            close(ours, &theirs[key], 1e-9, key);
        }
        let counts = [ours.better, ours.surely_better, ours.surely_worse].map(|count| count as u64);
        assert_eq!(
            counts,
            ["better", "surely_better", "surely_worse"].map(|key| number(&theirs[key]))
        );
    }
    for (ours, theirs) in ours.floors.iter().zip(theirs["floors"].as_array().unwrap()) {
        assert_eq!(ours.floor, theirs["floor"].as_f64());
        close(
            ours.against_without_regime,
            &theirs["against_without_regime"],
            1e-9,
            "floor",
        );
        close(ours.against_shares, &theirs["against_shares"], 1e-9, "floor");
    }
    assert_eq!(ours.floors.len(), 5);
    let (outcome, count) = ours.commonest;
    assert_eq!(
        ours.outcomes[outcome],
        theirs["commonest"]["outcome"].as_str().unwrap()
    );
    assert_eq!(count as u64, number(&theirs["commonest"]["count"]));
}

/// The folds handed over are those that are made now.
#[test]
fn folds_of_every_seed_are_those_handed_over() {
    let theirs = reference("repeats.json");
    let (specification, episodes) = (Specification::default(), episodes().unwrap());
    let model = specification.find(theirs["model"].as_str().unwrap()).unwrap();
    let rows = specification.prepare(&model, &episodes).unwrap().fit().unwrap();
    let rows = rows.design().frame().row_indices().to_vec();
    let ids = episodes.numbers("caseid").unwrap();
    for repeat in theirs["repeats"].as_array().unwrap().iter().step_by(7) {
        let seed = repeat["seed"].as_u64().unwrap();
        let ours = validate(&specification, &model, &episodes, FoldUnit::Target, FOLDS, seed).unwrap();
        let folds = repeat["folds"].as_str().unwrap();
        assert_eq!(folds.len(), rows.len());
        for one in &ours.episodes {
            let place = rows
                .iter()
                .position(|row| ids[*row] as u64 == one.caseid)
                .unwrap();
            assert_eq!(
                folds[place..=place],
                one.fold.to_string(),
                "the folds have changed"
            );
        }
    }
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap()
}
