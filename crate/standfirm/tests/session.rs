//! A session answers as if everything had just been fitted, whatever was asked before.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use standfirm::article::Article;
use standfirm::fitting::fitted::Part;
use standfirm::session::{Progress, Session};

const OTHER: &str = "scale=root&senders=usa";

#[test]
fn what_was_asked_before_changes_no_answer() {
    // As JSON: a coefficient without a finite estimate is not equal to itself.
    let json = |article: Article| serde_json::to_value(article).unwrap();
    let fresh = |specification: &str, which| {
        let article = Session::new().unwrap().article(specification, which);
        json(article.unwrap())
    };
    let mut session = Session::new().unwrap();
    for specification in ["", OTHER, "", OTHER, "colour=red", ""] {
        let article = session.article(specification, Part::CompleteCases).unwrap();
        assert!(
            json(article) == fresh(specification, Part::CompleteCases),
            "{specification}"
        );
    }
    let threat = session
        .threat(OTHER, "regime:trade_gdp", "1987080701", "")
        .unwrap();
    session.threat("", "regime:trade_gdp", "1987080701", "").unwrap();
    assert_eq!(
        session
            .threat(OTHER, "regime:trade_gdp", "1987080701", "")
            .unwrap(),
        threat
    );
    // A model that imputes may have been fitted before the others.
    let imputation = session.imputation_figure("", "index:comtrade_mi").unwrap();
    assert!(json(session.article("", Part::All).unwrap()) == fresh("", Part::All));
    assert_eq!(
        session.imputation_figure("", "index:comtrade_mi").unwrap(),
        imputation
    );
}

#[test]
fn work_is_done_in_steps() {
    let mut session = Session::new().unwrap();
    let steps: Vec<Progress> = (0..9)
        .map(|_| session.fit_next("", Part::CompleteCases))
        .collect();
    let done: Vec<usize> = steps.iter().map(|step| step.done).collect();
    assert_eq!(done, [1, 2, 3, 4, 5, 6, 7, 8, 8]);
    assert!(steps.iter().all(|step| step.of == 8));
    assert_eq!(session.fit_next("", Part::All), Progress { done: 9, of: 10 });
    assert_eq!(
        session.fit_next("lag=1", Part::First),
        Progress { done: 1, of: 1 }
    );
    // Models that cannot be estimated are done with as well.
    assert_eq!(
        session.fit_next("years=1945-1945", Part::All),
        Progress { done: 1, of: 10 }
    );
}

#[test]
fn what_cannot_be_answered_says_why() {
    let mut session = Session::new().unwrap();
    for _ in 0..2 {
        let error = session
            .threat("years=1945-1945", "index:trade_share", "1987080701", "")
            .unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("no row has a value in every variable"),
            "{error}"
        );
    }
    let error = session
        .imputation_figure("", "index:trade_share")
        .unwrap_err()
        .to_string();
    assert!(error.contains("index:comtrade_mi"), "{error}");
    assert!(session.imputation_figure("", "nothing").is_err());
}

/// A bootstrap is done in steps as well; what was begun for one specification is not gone on with for another.
#[test]
fn resamples_are_taken_in_steps() {
    let mut session = Session::new().unwrap();
    let mut step = |specification: &str| session.fit_next(specification, Part::First);
    let specification = "method=bootstrap";
    for done in [50, 100, 150] {
        assert_eq!(step(specification), Progress { done, of: 2_000 });
    }
    assert_eq!(
        step("method=bootstrap&senders=usa"),
        Progress { done: 50, of: 2_000 }
    );
    assert_eq!(step(specification), Progress { done: 50, of: 2_000 });
    assert_eq!(step(""), Progress { done: 1, of: 1 });
}
