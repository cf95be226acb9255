//! The article as a whole, under other choices.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

mod common;

use common::specified;
use standfirm::findings::claims::report::Verdict;
use standfirm::fitting::fitted::{Part, fit_all};
use standfirm::replicate::replication;
use standfirm::session::Session;

#[test]
fn an_article_tells_what_differs_and_what_is_ignored() {
    let mut session = Session::new().unwrap();
    let article = session
        .article("scale=root&base=concession&colour=red", Part::CompleteCases)
        .unwrap();
    assert_eq!(article.specification.canonical, "base=concession&scale=root");
    assert_eq!(article.specification.differs.len(), 2);
    assert_eq!(article.specification.ignored, ["`colour` is no choice"]);
    assert_eq!((article.fitted, article.whole.is_none()), (8, true));
    // Without a security issue in the sample there is nothing to be said of one.
    let estimates = fit_all(&specified("without=is_security"), Part::First).unwrap();
    let claims = replication(&estimates).unwrap().claims;
    let security = claims.iter().find(|claim| claim.key == "j").unwrap();
    assert_eq!((security.verdict, security.checks.len()), (Verdict::NotJudged, 0));
    let json = serde_json::to_value(&article).unwrap();
    assert!(json["specification"]["differs"][0]["here"].is_string());

    let nothing = session.article("years=1945-1945", Part::All).unwrap();
    assert_eq!((nothing.refusals.len(), nothing.tables.len()), (10, 0));
    assert!(nothing.headline.is_none());
    assert_eq!(
        nothing
            .figures
            .iter()
            .map(|figure| figure.number)
            .collect::<Vec<_>>(),
        [1]
    );
}
