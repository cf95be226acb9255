//! Second differences and other covariances beside statsmodels: `tests/reference/inference.py` made the numbers.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

mod common;

use common::{close, reference};
use standfirm::findings::hypotheses::INDEX_CONTRAST;
use standfirm::findings::robustness::robustness;
use standfirm::session::Session;
use standfirm::{Specification, episodes};

/// The reference's name of who personalist targets are compared with.
fn key(others: &str) -> &str {
    if others == INDEX_CONTRAST { "index" } else { others }
}

#[test]
fn contrasts_and_second_differences_have_the_errors_of_other_software() {
    let (specification, episodes) = (Specification::default(), episodes().unwrap());
    for (model, theirs) in reference("inference.json").as_object().unwrap() {
        let found = robustness(&specification, &specification.find(model).unwrap(), &episodes).unwrap();
        close(found.high_dependence, &theirs["high"], 1e-12, model);
        let mut compared = 0;
        for one in &found.errors {
            if theirs["contrasts"]["index"]["change"].get(&one.errors).is_none()
                && theirs["contrasts"]["democracy"]["change"]
                    .get(&one.errors)
                    .is_none()
            {
                continue;
            }
            for (what, ours) in [("at_high", &one.at_high), ("change", &one.changes)] {
                for contrast in ours {
                    let theirs = &theirs["contrasts"][key(&contrast.others)][what];
                    let about = format!("{model} {what} {} {}", contrast.others, one.errors);
                    close(contrast.effect.estimate, &theirs["estimate"], 1e-8, &about);
                    close(contrast.effect.std_error, &theirs[&one.errors], 1e-7, &about);
                    compared += 1;
                }
            }
        }
        // Four kinds of errors; both differences of every contrast.
        assert_eq!(compared, 4 * 2 * theirs["contrasts"].as_object().unwrap().len());
    }
}

#[test]
fn a_session_has_both_tables() {
    let mut session = Session::new().unwrap();
    for which in ["errors", "senders"] {
        let shown = session.robustness("", "regime:trade_share", which).unwrap();
        let grid = &shown.grids[0];
        let rows = || grid.bodies.iter().flat_map(|body| &body.rows);
        assert!(rows().count() >= 2 && rows().all(|row| row.cells.len() == grid.columns.len()));
    }
    assert!(session.robustness("", "regime:trade_share", "nothing").is_err());
}
