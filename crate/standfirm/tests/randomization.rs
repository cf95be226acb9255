//! Random regimes beside numpy's: `tests/reference/inference.py` made the numbers.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

mod common;

use common::{close, reference};
use standfirm::findings::dealing::Dealt;
use standfirm::findings::randomization::{SEED, randomize};
use standfirm::session::{Progress, Session};
use standfirm::{Specification, episodes};

/// Two samples of random regimes, made by different random numbers, give about the same p-value.
#[test]
fn randomization_agrees_with_other_draws() {
    let (specification, episodes) = (Specification::default(), episodes().unwrap());
    let model = specification.find("index:trade_share").unwrap();
    let found = randomize(&specification, &model, &episodes, Dealt::Episodes, 299, SEED).unwrap();
    assert_eq!((found.draws, found.failed), (299, 0));
    let one = &found.contrasts[0];
    let theirs = &reference("inference.json")["index:trade_share"]["contrasts"]["index"]["randomization_p"];
    // Of 299 and 999 draws about 0.03, four standard deviations of the difference.
    close(one.randomization_p, theirs, 0.05, "randomization");
    assert!(
        one.effect.p_value < one.randomization_p,
        "Wald's test promises too much here"
    );
}

#[test]
fn a_session_deals_out_in_steps() {
    let (specification, episodes) = (Specification::default(), episodes().unwrap());
    let mut session = Session::new().unwrap();
    let mut step = |model: &str| session.randomize_next("", model, "histories").unwrap();
    let steps: Vec<Progress> = (0..3).map(|_| step("regime:trade_share")).collect();
    assert_eq!(
        steps.iter().map(|step| step.done).collect::<Vec<_>>(),
        [12, 24, 36]
    );
    assert!(steps.iter().all(|step| step.of == 999));
    // Another model begins anew.
    assert_eq!(step("index:trade_share"), Progress { done: 12, of: 999 });
    assert!(session.randomize_next("", "regime:trade_share", "years").is_err());
    assert!(
        session
            .randomize_next("", "index:comtrade_mi", "episodes")
            .is_err()
    );
    let model = specification.find("regime:trade_share").unwrap();
    let found = randomize(&specification, &model, &episodes, Dealt::Histories, 12, SEED).unwrap();
    let grid = standfirm::exhibits::randomization::grid(&found);
    let rows = &grid.bodies[0].rows;
    assert!(rows.len() == 2 && rows.iter().all(|row| row.cells.len() == grid.columns.len()));
    assert!(grid.title.contains("by randomization"), "{}", grid.title);
}
