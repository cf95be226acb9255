//! Influence beside brute-force refits in statsmodels: `tests/reference/robustness.py` made the numbers.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

mod common;

use common::{close, golden, reference};
use mlogit::normal_quantile;
use report::figure::{self, Format, Marks, Role};
use standfirm::findings::influence::{By, influence};
use standfirm::session::{Progress, Session};
use standfirm::{Specification, episodes, exhibits};

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

/// Intervals without each target that hold all at once are wider than each by itself, and less wide than were they
/// independent.
#[test]
fn intervals_without_each_target_hold_at_once() {
    let (specification, episodes) = (Specification::default(), episodes().unwrap());
    let model = specification.find("index:trade_share").unwrap();
    let found = influence(&specification, &model, &episodes, By::Target).unwrap();
    let all: Vec<_> = found.left_out.iter().filter_map(|one| one.found).collect();
    // Sidak's value of as many independent ones.
    let independent = normal_quantile((1.0 + libm::pow(0.95, 1.0 / all.len() as f64)) / 2.0);
    assert!(
        found.reach > 1.96 && found.reach < independent,
        "{} {independent}",
        found.reach
    );
    let by_hand = all
        .iter()
        .filter(|one| one.effect.estimate.abs() > found.reach * one.effect.std_error);
    assert_eq!(found.told_apart(), (by_hand.count(), all.len()));
    let pointwise = all.iter().filter(|one| one.effect.sign() != 0).count();
    assert!(found.told_apart().0 <= pointwise);
    let (low, high) = found.simultaneous(&all[0]);
    assert!(low < all[0].effect.conf_low && high > all[0].effect.conf_high);
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
}
