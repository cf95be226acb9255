//! Threats put to the study's models.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use mlogit::At;
use report::results::Value;
use standfirm::exhibits::threat::{ThreatExhibit, exhibit};
use standfirm::findings::threat::answer::{self, ThreatReport};
use standfirm::findings::threat::{self, ThreatId, list};
use standfirm::{Error, Specification};

fn report(specification: &str, model: &str, which: &str, changes: &str) -> ThreatReport {
    shown(specification, model, which, changes).report
}

fn shown(specification: &str, model: &str, which: &str, changes: &str) -> ThreatExhibit {
    let episodes = standfirm::episodes().unwrap();
    let specification = Specification::read(specification).specification;
    let fitted = answer::model(&specification, model, &episodes).unwrap();
    exhibit(
        &specification,
        &fitted,
        &episodes,
        ThreatId::read(which).unwrap(),
        changes,
    )
    .unwrap()
}

/// An episode that the model was fitted to has the model's own fitted probabilities.
#[test]
fn an_episode_has_the_fitted_probabilities_of_its_row() {
    let episodes = standfirm::episodes().unwrap();
    let specification = Specification::default();
    let fitted = answer::model(&specification, "index:trade_share", &episodes).unwrap();
    let frame = fitted.estimate.fit().design().frame();
    let mlogit::Column::Number(ids) = episodes.column("caseid").unwrap() else {
        panic!("caseid is a number")
    };
    let rows = fitted.estimate.fit().probabilities(&{
        let model = specification.models().next().unwrap();
        let mut table = episodes.clone();
        table.insert("x", model.values(&episodes).unwrap()).unwrap();
        let mut named = mlogit::Table::new();
        for name in frame.variables() {
            let column = table
                .column(if name == model.term() { "x" } else { name })
                .unwrap();
            named.insert(name, column.clone()).unwrap();
        }
        named
    });
    let rows = rows.unwrap();
    for &row in frame.row_indices().iter().step_by(40) {
        let which = ThreatId::Episode(ids[row] as u64);
        let report = answer::answer(&specification, &fitted, &episodes, which, "").unwrap();
        let expected = rows[row].as_ref().unwrap();
        for (prediction, expected) in report.as_it_was.iter().zip(expected) {
            assert!((prediction.estimate - expected).abs() < 1e-12);
        }
        assert!(report.differences.is_empty() && report.happened.is_some());
        assert!(
            report.warnings.is_empty(),
            "an episode of the model lies within the data: {:?}",
            report.warnings
        );
    }
}

#[test]
fn changes_are_what_the_model_predicts_there() {
    let shown = shown(
        "",
        "index:trade_share",
        "1987080701",
        "personalist_index:0,dependence:0.2",
    );
    let report = &shown.report;
    let episodes = standfirm::episodes().unwrap();
    let fitted = answer::model(&Specification::default(), "index:trade_share", &episodes).unwrap();
    let panama = threat::Threat::new(&episodes, ThreatId::Episode(1_987_080_701)).unwrap();
    let (at, unknown) = panama.at(&fitted).unwrap();
    assert!(unknown.is_empty(), "{unknown:?}");
    let at: At = at
        .with("personalist_index", 0.0)
        .with("ln_dependence", libm::log1p(200.0));
    let expected = fitted.estimate.predict(&[at], &[]).unwrap().predictions;
    assert_eq!(report.changed, expected);
    for (difference, (a, b)) in report
        .differences
        .iter()
        .zip(report.changed.iter().zip(&report.as_it_was))
    {
        assert!((difference.estimate - (a.estimate - b.estimate)).abs() < 1e-14);
    }
    assert_eq!(shown.figure.panels[0].series.len(), 2);
}

#[test]
fn a_threat_can_be_made_of_two_states_and_a_year() {
    let report = report("", "regime:trade_share", "2-95-1988", "is_security:1");
    assert_eq!(
        (report.title.as_str(), report.happened),
        ("United States of America against Panama, 1988", None)
    );
    let dial = |name: &str| report.dials.iter().find(|dial| dial.name == name).unwrap();
    assert_eq!(
        dial("sender_usa").then.as_ref().unwrap().value,
        Value::Number(1.0)
    );
    assert!(dial("is_econ").then.is_none());
    assert_eq!(dial("is_security").changed, Some(Value::Number(1.0)));
    assert!(dial("ln_distance").then.as_ref().unwrap().of.is_none());
}

/// Without a year near enough nothing is known of the regime, and of a made pair that never traded nothing of that.
#[test]
fn episodes_are_counted_as_alike_in_what_is_known() {
    let known = report("", "index:trade_share", "1987080701", "");
    assert!(known.alike.regime && known.alike.dependence);
    assert!(known.alike_words.ends_with("like it in regime and dependence."));
    let late = report("", "index:trade_share", "2-95-2005", "");
    assert!(!late.alike.regime, "{}", late.alike_words);
    assert!(late.alike_words.contains("not known") || late.alike.episodes.is_none());
    let strangers = report("", "index:trade_share", "710-95-2005", "");
    assert_eq!(strangers.alike.episodes, None, "{}", strangers.alike_words);
    assert!(
        strangers
            .alike_words
            .starts_with("Neither its regime nor its dependence is known")
    );
    assert!(
        !strangers
            .warnings
            .iter()
            .any(|warning| warning.contains("No episode of this model"))
    );
}

#[test]
fn combinations_outside_the_data_are_said_to_be_so() {
    let far = report("", "index:trade_gdp", "1987080701", "dependence:0.9");
    assert!(
        far.warnings
            .iter()
            .any(|warning| warning.contains("outside the data")),
        "{:?}",
        far.warnings
    );
    assert_eq!(far.alike.episodes, Some(0));
    // By the share: the largest ratios lie so far from the others that nothing made up is further from the data.
    let strange = "t_gdp:18,s_gdp:22,cinc_share:1,ln_distance:0,is_security:1,is_econ:1,is_hrts:1";
    let strange = report("cinc=share", "index:trade_share", "1987080701", strange);
    assert!(
        strange
            .warnings
            .iter()
            .any(|warning| warning.contains("leverage")),
        "{:?}",
        strange.warnings
    );
}

#[test]
fn what_makes_no_sense_is_refused_or_ignored() {
    for text in [
        "",
        "x",
        "1-2",
        "2-95-1900",
        "2-95-1987-1",
        "99999999999999999999",
        "-1",
    ] {
        assert!(ThreatId::read(text).is_err(), "{text}");
    }
    for (text, problem) in [
        ("2-2-1987", "a state does not threaten itself"),
        ("2-95-1900", "give a year from 1945 to 2005"),
        ("2-95-x", "sender, target and year such as 2-95-1987"),
    ] {
        let error = ThreatId::read(text).unwrap_err().to_string();
        assert!(error.contains(problem), "{text}: {error}");
    }
    let episodes = standfirm::episodes().unwrap();
    let nobody = ThreatId::Made {
        sender: 9,
        target: 95,
        year: 1987,
    };
    assert!(matches!(
        threat::Threat::new(&episodes, nobody),
        Err(Error::Unknown { .. })
    ));
    let report = report(
        "",
        "regime:trade_share",
        "1987080701",
        "dependence:NaN,dependence:2,colour:1,target_regime:monarchy,is_econ:0.5,,x,t_gdp:inf",
    );
    assert_eq!(report.ignored.len(), 7, "{:?}", report.ignored);
    assert_eq!(report.changed, report.as_it_was);
}

#[test]
fn every_episode_can_be_put_to_a_model_and_is_listed() {
    let episodes = standfirm::episodes().unwrap();
    let list = list::threats(&episodes).unwrap();
    assert_eq!(list.episodes.len(), episodes.rows());
    let specification = Specification::read("senders=usa").specification;
    let fitted = answer::model(&specification, "regime:import_share", &episodes).unwrap();
    for entry in list.episodes.iter().step_by(9) {
        let report = answer::answer(
            &specification,
            &fitted,
            &episodes,
            ThreatId::Episode(entry.caseid),
            "",
        )
        .unwrap();
        let sum: f64 = report.as_it_was.iter().map(|one| one.estimate).sum();
        assert!((sum - 1.0).abs() < 1e-9, "{}", entry.title);
    }
}
