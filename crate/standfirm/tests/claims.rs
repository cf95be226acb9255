//! The ledger on made-up results: fits whose reported numbers are replaced by ones on either side of a rule's bounds.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::sync::OnceLock;

use report::results::{Comparison, Prediction, Value};
use standfirm::findings::claims::judge;
use standfirm::findings::claims::report::{ClaimReport, Verdict};
use standfirm::findings::hypotheses::{self, Hypothesis};
use standfirm::findings::rules::Finding::{self, Contradicted, Holds, Undecided};
use standfirm::fitting::fitted::{Fitted, fit};
use standfirm::study::thesis::STUDY;
use standfirm::{Specification, episodes};

/// The study's model of a key, fitted once.
fn fitted(key: &str) -> Fitted {
    static FITTED: OnceLock<Vec<Fitted>> = OnceLock::new();
    let all = FITTED.get_or_init(|| {
        let models = STUDY
            .models
            .iter()
            .filter(|model| model.key().ends_with(":trade_share"));
        models
            .map(|model| fit(&Specification::default(), model, &episodes().unwrap()).unwrap())
            .collect()
    });
    all.iter().find(|one| one.model.key() == key).unwrap().clone()
}

const INDEX: &str = "index:trade_share";
const REGIME: &str = "regime:trade_share";

fn claim(fitted: &Fitted, key: &str) -> ClaimReport {
    let claims = judge(std::slice::from_ref(fitted), &episodes().unwrap()).unwrap();
    claims.into_iter().find(|claim| claim.key == key).unwrap()
}

fn findings(fitted: &Fitted, key: &str) -> Vec<Finding> {
    claim(fitted, key)
        .checks
        .iter()
        .map(|check| check.finding)
        .collect()
}

fn is_at(at: &report::results::At, variable: &str, wanted: f64) -> bool {
    matches!(at.get(variable), Some(Value::Number(number)) if *number == wanted)
}

/// An estimate in the middle of its interval.
type Made = (f64, f64);

fn set(prediction: &mut Prediction, (estimate, half_width): Made) {
    prediction.estimate = estimate;
    prediction.conf_low = estimate - half_width;
    prediction.conf_high = estimate + half_width;
}

fn set_difference(comparison: &mut Comparison, (estimate, half_width): Made) {
    comparison.estimate = estimate;
    comparison.std_error = half_width / 1.96;
    comparison.conf_low = estimate - half_width;
    comparison.conf_high = estimate + half_width;
}

/// A model of the index whose probabilities of concession at high dependence are made up; elsewhere they are absurd, so
/// that a rule that looks there shows.
fn by_index(at: impl Fn(f64) -> Made) -> Fitted {
    let mut one = fitted(INDEX);
    let high = one.report.high_dependence;
    let term = one.model.term();
    for prediction in &mut one.report.predictions {
        let here = prediction.outcome == "concession" && is_at(&prediction.at, term, high);
        let Some(Value::Number(index)) = prediction.at.get("personalist_index") else {
            panic!("a prediction without index")
        };
        let made = if here { at(*index) } else { (7.0, 0.001) };
        set(prediction, made);
    }
    one
}

/// A model of regimes, the same way.
fn by_regime(at: impl Fn(&str) -> Made) -> Fitted {
    let mut one = fitted(REGIME);
    let high = one.report.high_dependence;
    let term = one.model.term();
    for prediction in &mut one.report.predictions {
        let here = prediction.outcome == "concession" && is_at(&prediction.at, term, high);
        let Some(Value::Level(regime)) = prediction.at.get("target_regime") else {
            panic!("a prediction without regime")
        };
        let made = if here { at(regime) } else { (7.0, 0.001) };
        set(prediction, made);
    }
    one
}

/// Comparisons of personalists with each other regime, or of index 0 with 1, made up by dependence.
fn compared(key: &str, at_high: Made, at_none: Made) -> Fitted {
    let mut one = fitted(key);
    let high = one.report.high_dependence;
    let term = one.model.term();
    for comparison in &mut one.report.comparisons {
        let made = match comparison.outcome.as_str() {
            "concession" if is_at(&comparison.at, term, high) => at_high,
            "concession" => at_none,
            _ => (7.0, 0.001),
        };
        set_difference(comparison, made);
    }
    one
}

#[test]
fn a_falls_from_three_tenths_to_nearly_nothing() {
    let ends = |first: Made, last: Made| {
        let between = (0.5, 0.001);
        let made = by_index(|index| match index {
            0.0 => first,
            1.0 => last,
            _ => between,
        });
        findings(&made, "a")
    };
    assert_eq!(ends((0.3, 0.1), (0.05, 0.2)), [Holds]);
    assert_eq!(ends((0.3, 0.1), (0.11, 0.2)), [Undecided]);
    assert_eq!(ends((0.3, 0.1), (0.25, 0.1)), [Contradicted]);
    assert_eq!(ends((0.15, 0.1), (0.05, 0.2)), [Undecided]);
    assert_eq!(ends((0.55, 0.1), (0.05, 0.2)), [Contradicted]);
    let made = by_index(|index| (0.3 - 0.25 * index, 0.1));
    let check = &claim(&made, "a").checks[0];
    assert_eq!(check.about, INDEX);
    assert_eq!(
        check.text,
        "30% (20% to 40%) at index 0, 5% (−5% to 15%) at index 1"
    );
    assert!((check.values["at_0"] - 0.3).abs() < 1e-12 && (check.values["at_1"] - 0.05).abs() < 1e-12);
}

#[test]
fn b_is_about_every_index_above_one_half() {
    // Told from 0 up to an index, and not beyond.
    let lost_after = |last: f64| {
        let made = by_index(|index| (0.1, if index > last { 0.11 } else { 0.09 }));
        claim(&made, "b")
    };
    assert_eq!(lost_after(0.5).verdict, Verdict::Reproduced);
    assert_eq!(lost_after(0.2).verdict, Verdict::Reproduced);
    let late = lost_after(0.55);
    assert_eq!((late.verdict, late.contradicted), (Verdict::Contradicted, 1));
    assert!(
        (late.checks[0].values["includes_0_from"] - 0.6).abs() < 1e-12,
        "{late:?}"
    );
    let never = lost_after(1.0);
    assert_eq!(never.checks[0].text, "the interval never includes 0");
    assert!((never.checks[0].values["lowest_end_above_half"] - 0.01).abs() < 1e-12);
}

#[test]
fn c_is_about_the_fall_alone() {
    let fall = |last: Made, difference: f64| {
        let mut made = by_index(|index| if index == 1.0 { last } else { (0.3, 0.02) });
        let high = made.report.high_dependence;
        let term = made.model.term();
        for comparison in &mut made.report.comparisons {
            if comparison.outcome == "concession" && is_at(&comparison.at, term, high) {
                set_difference(comparison, (last.0 - 0.3, difference));
            }
        }
        claim(&made, "c")
    };
    let small = fall((0.1, 0.02), 0.03);
    assert_eq!(small.verdict, Verdict::Reproduced);
    assert_eq!(
        small.checks[0].text,
        "a fall of 67%; the intervals at the two ends do not overlap"
    );
    assert_eq!(fall((0.13, 0.5), 0.5).verdict, Verdict::Undecided);
    let rise = fall((0.45, 0.02), 0.03);
    assert_eq!(rise.verdict, Verdict::Contradicted);
    assert!(rise.checks[0].text.starts_with("a rise of 50%"));
    assert!((rise.checks[0].values["fall"] + 0.5).abs() < 1e-12);
}

#[test]
fn d_and_e_each_look_at_their_regimes() {
    let made = by_regime(|regime| match regime {
        "democracy" => (0.3, 0.1),
        "nonpersonalist" => (0.3, 0.35),
        _ => (0.15, 0.1),
    });
    assert_eq!(claim(&made, "d").verdict, Verdict::Partly);
    let mut found = findings(&made, "d");
    found.sort_by_key(|one| *one != Holds);
    assert_eq!(found, [Holds, Undecided]);
    // About 0.15, and told from 0.
    assert_eq!(findings(&made, "e"), [Holds, Contradicted]);
    let made = by_regime(|regime| {
        if regime == "personalist" {
            (0.35, 0.4)
        } else {
            (0.6, 0.1)
        }
    });
    assert_eq!(findings(&made, "e"), [Undecided, Holds]);
    assert_eq!(claim(&made, "d").verdict, Verdict::Contradicted);
    let check = &claim(&made, "e").checks[0];
    assert!((check.values["conf_high"] - 0.75).abs() < 1e-12 && check.about.starts_with(REGIME));
}

#[test]
fn f_asks_whether_each_claim_holds_with_every_measure() {
    let made = by_index(|index| (0.3 - 0.25 * index, 0.25));
    let report = claim(&made, "f");
    let of: Vec<(&str, Finding)> = report
        .checks
        .iter()
        .map(|check| (check.about.as_str(), check.finding))
        .collect();
    // The made-up difference is as wide as the model's own: c holds by its estimate.
    assert_eq!(of, [("Claim a", Holds), ("Claim b", Holds), ("Claim c", Holds)]);
    assert_eq!(report.checks[0].text, "1 of 1 checks hold");
    // One measure that contradicts is enough.
    let other = by_index(|_| (0.3, 0.01));
    let claims = judge(&[made, other], &episodes().unwrap()).unwrap();
    let report = claims.iter().find(|claim| claim.key == "f").unwrap();
    assert_eq!(report.checks[1].finding, Contradicted);
    assert_eq!(report.checks[1].values["holds"], 1.0);
    assert_eq!(report.checks[1].values["checks"], 2.0);
}

#[test]
fn g_looks_at_both_ends_of_dependence() {
    let along = |smallest: Made, largest: Made| {
        let mut one = fitted(REGIME);
        let term = one.model.term();
        let dependence = |comparison: &Comparison| match comparison.at.get(term) {
            Some(Value::Number(number)) => *number,
            _ => panic!("a comparison without dependence"),
        };
        let (low, high) = (dependence(&one.along[0]), dependence(one.along.last().unwrap()));
        assert!(low < high);
        for comparison in &mut one.along {
            let made = match dependence(comparison) {
                same if same == low => smallest,
                same if same == high => largest,
                _ => (-0.5, 0.1),
            };
            set_difference(comparison, made);
        }
        findings(&one, "g")
    };
    assert_eq!(along((0.0, 0.1), (0.2, 0.1)), [Holds, Holds]);
    assert_eq!(along((0.0, 0.1), (0.2, 0.3)), [Undecided, Undecided]);
    assert_eq!(along((0.2, 0.1), (0.2, 0.1)), [Contradicted, Contradicted]);
    assert_eq!(along((0.0, 0.1), (-0.2, 0.1)), [Contradicted, Contradicted]);
}

#[test]
fn h_and_r_look_at_no_trade_and_at_high_dependence() {
    for key in [INDEX, REGIME] {
        // Of an index, 1 minus 0 is reported: personalist minus others.
        let sign = if key == INDEX { -1.0 } else { 1.0 };
        let h = |estimate: f64, half_width| {
            claim(&compared(key, (7.0, 0.1), (sign * estimate, half_width)), "h").verdict
        };
        assert_eq!(h(0.01, 0.08), Verdict::Reproduced, "{key}");
        assert_eq!(h(0.01, 0.095), Verdict::Undecided, "{key}");
        assert_eq!(h(0.2, 0.1), Verdict::Contradicted, "{key}");
        let r = |estimate: f64, half_width| {
            claim(&compared(key, (sign * estimate, half_width), (7.0, 0.1)), "r").verdict
        };
        assert_eq!(r(0.2, 0.1), Verdict::Reproduced, "{key}");
        assert_eq!(r(0.2, 0.3), Verdict::Undecided, "{key}");
        assert_eq!(r(-0.2, 0.1), Verdict::Contradicted, "{key}");
        // Others minus personalists, whichever way the model reports it.
        for check in claim(&compared(key, (sign * 0.2, 0.1), (0.0, 0.1)), "r").checks {
            assert_eq!(check.values["estimate"], 0.2, "{key}");
            assert!(
                check.text.starts_with("+20 points (+10 to +30)"),
                "{}",
                check.text
            );
        }
        let tests = hypotheses::test(&[compared(key, (sign * 0.2, 0.1), (0.0, 0.05))]);
        assert!(tests.iter().all(|one| one.finding == Holds), "{tests:?}");
        let first = tests.iter().filter(|one| one.hypothesis == Hypothesis::H1a);
        assert_eq!(first.count() * 2, tests.len());
    }
}

/// What is not reported of a fit is asked of the fit itself: here against predictions made apart.
#[test]
fn differences_between_corners_are_those_of_predictions() {
    for key in [INDEX, REGIME] {
        let one = fitted(key);
        let (term, high) = (one.model.term(), one.report.high_dependence);
        let variable = one.model.explanation.variable;
        let chance = |kind: &Value, dependence: f64| {
            let found = one.report.predictions.iter().find(|prediction| {
                prediction.outcome == "concession"
                    && is_at(&prediction.at, term, dependence)
                    && prediction.at.get(variable) == Some(kind)
            });
            found.unwrap().estimate
        };
        let (personalist, others): (Value, Vec<Value>) = if key == INDEX {
            (Value::Number(1.0), vec![Value::Number(0.0)])
        } else {
            let level = |level: &str| Value::Level(level.to_owned());
            (
                level("personalist"),
                vec![level("nonpersonalist"), level("democracy")],
            )
        };
        let rise = |kind: &Value| chance(kind, high) - chance(kind, 0.0);
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{key}: {a} and {b}");
        let rises = claim(&one, "p").checks;
        close(rises[0].values["estimate"], rise(&personalist));
        let second = claim(&one, "q").checks;
        assert_eq!((rises.len(), second.len()), (1 + others.len(), others.len()));
        for (position, kind) in others.iter().enumerate() {
            close(rises[1 + position].values["estimate"], rise(kind));
            close(
                second[position].values["estimate"],
                rise(kind) - rise(&personalist),
            );
        }
        let alike = claim(&one, "o").checks;
        if let [other, democracy] = others.as_slice() {
            close(
                alike[0].values["estimate"],
                chance(other, high) - chance(democracy, high),
            );
        } else {
            assert_eq!(claim(&one, "o").verdict, Verdict::NotJudged);
        }
        // As observed: the average over the rows, one by one.
        let observed = claim(&one, "s").checks;
        assert_eq!(observed.len(), others.len());
        let average = |kind: &Value| {
            let value: mlogit::Value = match kind {
                Value::Number(number) => (*number).into(),
                Value::Level(level) => level.as_str().into(),
            };
            let at = mlogit::At::observed().with(variable, value);
            let found = one.estimate.fit().predictions([at]).unwrap();
            let concession = found.iter().find(|prediction| prediction.outcome == "concession");
            concession.unwrap().estimate
        };
        for (check, kind) in observed.iter().zip(&others) {
            close(check.values["estimate"], average(kind) - average(&personalist));
        }
    }
}

/// The standard error of a second difference, by the delta method on the coefficients themselves: numerically.
#[test]
fn second_differences_have_the_standard_error_of_resamples() {
    let one = fitted(REGIME);
    let check = &claim(&one, "q").checks[1];
    let (term, high) = (one.model.term(), one.report.high_dependence);
    let at = |regime: &str, dependence: f64| {
        mlogit::At::observed()
            .with("target_regime", regime)
            .with(term, dependence)
    };
    let settings = [
        at("democracy", high),
        at("personalist", high),
        at("democracy", 0.0),
        at("personalist", 0.0),
    ];
    // Draws of the coefficients give the same spread, nearly: the intervals are as wide to a fifth.
    let draws = one.estimate.fit().simulate(400, 7).unwrap();
    let predictions = one.estimate.fit().predictions(settings).unwrap();
    let simulated = predictions
        .with_interval(&mlogit::Interval::Draws(&draws))
        .unwrap();
    let variance = |a, b| {
        let found = simulated.difference(a, b).unwrap();
        let concession = found.into_iter().find(|one| one.outcome == "concession").unwrap();
        concession.std_error * concession.std_error
    };
    let twice_together = variance(0, 3) + variance(1, 2) - variance(0, 2) - variance(1, 3);
    let spread = (variance(0, 1) + variance(2, 3) - twice_together).sqrt();
    let width = (check.values["conf_high"] - check.values["conf_low"]) / (2.0 * 1.96);
    assert!((width / spread - 1.0).abs() < 0.2, "{width} and {spread}");
}

#[test]
fn controls_move_as_claimed_or_not() {
    let one = fitted(INDEX);
    for (key, raises) in [("i", true), ("j", false), ("k", true)] {
        let check = &claim(&one, key).checks[0];
        let (low, high) = (check.values["conf_low"], check.values["conf_high"]);
        let expected = match raises {
            true if low > 0.0 => Holds,
            true if high < 0.0 => Contradicted,
            false if high < 0.0 => Holds,
            false if low > 0.0 => Contradicted,
            _ => Undecided,
        };
        assert_eq!(check.finding, expected, "{key}");
    }
}

#[test]
fn verdicts_follow_from_their_checks() {
    let claims = judge(common::fitted(), &episodes().unwrap()).unwrap();
    for claim in &claims {
        assert!(!claim.checks.is_empty(), "claim {} is checked nowhere", claim.key);
        let count = |finding| {
            claim
                .checks
                .iter()
                .filter(|check| check.finding == finding)
                .count()
        };
        assert_eq!(
            (claim.holds, claim.contradicted),
            (count(Finding::Holds), count(Finding::Contradicted)),
            "claim {}",
            claim.key
        );
        assert_eq!(claim.verdict, Verdict::of(&claim.checks), "claim {}", claim.key);
    }
    let keys: String = claims.iter().map(|claim| claim.key.as_str()).collect();
    assert_eq!(keys, "abcdoepgfhrqsijkmxuvnw");
}
