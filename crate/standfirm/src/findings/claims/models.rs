//! Claims about the study's models, checked in each model they are about.

use mlogit::At;
use report::results::{Comparison, Prediction, Value};
use report::words::{p_value as p_value_words, percent, points};

use crate::error::Result;
use crate::findings::claims::corners::{Corners, Difference, INDEX_0};
use crate::findings::claims::report::Check;
use crate::findings::hypotheses::{Contrast, INDEX_CONTRAST, contrasts, contrasts_of};
use crate::findings::rules::{self, Finding, Measured};
use crate::fitting::fitted::Fitted;
use crate::specification::readings::read_for;
use crate::study::Values;
use crate::study::thesis::{INDEX, REGIME, STUDY};
use crate::study::words::level_label;

/// The models that explain by the index.
pub(super) fn index_models(fitted: &[Fitted]) -> impl Iterator<Item = &Fitted> {
    fitted.iter().filter(|one| one.model.explanation.key == INDEX.key)
}

/// The models that explain by the regime.
pub(super) fn regime_models(fitted: &[Fitted]) -> impl Iterator<Item = &Fitted> {
    fitted
        .iter()
        .filter(|one| one.model.explanation.key == REGIME.key)
}

/// Predictions of concession at high dependence: the explanation's value and the prediction.
fn at_high(fitted: &Fitted) -> impl Iterator<Item = &Prediction> {
    let high = Value::Number(fitted.report.high_dependence);
    let dependence = fitted.model.term();
    fitted
        .report
        .predictions
        .iter()
        .filter(move |one| one.outcome == STUDY.focus && one.at.get(dependence) == Some(&high))
}

fn index_of(fitted: &Fitted, prediction: &Prediction) -> f64 {
    match prediction.at.get(fitted.model.explanation.variable) {
        Some(Value::Number(number)) => *number,
        _ => f64::NAN,
    }
}

/// The first and the last prediction along the index.
fn ends(fitted: &Fitted) -> Option<(&Prediction, &Prediction)> {
    Some((at_high(fitted).next()?, at_high(fitted).last()?))
}

fn chance(prediction: &Prediction) -> Measured {
    Measured {
        estimate: prediction.estimate,
        low: prediction.conf_low,
        high: prediction.conf_high,
    }
}

fn with_interval(prediction: &Prediction) -> String {
    let Prediction {
        estimate,
        conf_low,
        conf_high,
        ..
    } = prediction;
    format!(
        "{} ({} to {})",
        percent(*estimate),
        percent(*conf_low),
        percent(*conf_high)
    )
}

fn absent(fitted: &Fitted) -> Check {
    Check::new(
        fitted.model.key(),
        Finding::Undecided,
        "no prediction".to_owned(),
        &[],
    )
}

/// (a) From about 0.3 to nearly 0.
pub(super) fn falls_to_zero(fitted: &Fitted) -> Check {
    let Some((first, last)) = ends(fitted) else {
        return absent(fitted);
    };
    let finding = rules::falls_to_zero(chance(first), chance(last));
    let text = format!(
        "{} at index 0, {} at index 1",
        with_interval(first),
        with_interval(last)
    );
    let values = [
        ("at_0", first.estimate),
        ("at_1", last.estimate),
        ("at_1_low", last.conf_low),
        ("at_1_high", last.conf_high),
    ];
    Check::new(fitted.model.key(), finding, text, &values)
}

/// (b) Cannot be told from 0 above one half.
pub(super) fn lost_above_half(fitted: &Fitted) -> Check {
    let above = || at_high(fitted).filter(|one| index_of(fitted, one) > rules::HALF);
    let finding = Finding::all(above().map(|one| rules::not_told_from_zero(chance(one))));
    let first = at_high(fitted)
        .find(|one| one.conf_low <= 0.0)
        .map(|one| index_of(fitted, one));
    let text = match first {
        Some(index) => format!("the interval includes 0 from index {index} on"),
        None => "the interval never includes 0".to_owned(),
    };
    let lowest = above().map(|one| one.conf_low).fold(f64::INFINITY, f64::min);
    let mut values = vec![("lowest_end_above_half", lowest)];
    values.extend(first.map(|index| ("includes_0_from", index)));
    Check::new(fitted.model.key(), finding, text, &values)
}

/// (c) By more than 60%.
pub(super) fn falls_by_sixty(fitted: &Fitted) -> Check {
    let Some((first, last)) = ends(fitted) else {
        return absent(fitted);
    };
    let (first, last) = (chance(first), chance(last));
    // Index 0 minus index 1.
    let others_over = contrasts(fitted, fitted.report.high_dependence);
    let change = others_over
        .first()
        .map_or(Measured::NOTHING, |one| one.measured().reversed());
    let fall = 1.0 - last.estimate / first.estimate;
    let finding = rules::falls_by_sixty(first, last, change);
    let direction = if fall < 0.0 { "rise" } else { "fall" };
    let intervals = if rules::overlap(first, last) {
        "overlap"
    } else {
        "do not overlap"
    };
    let text = format!(
        "a {direction} of {}; the intervals at the two ends {intervals}",
        percent(fall.abs())
    );
    Check::new(fitted.model.key(), finding, text, &[("fall", fall)])
}

/// The regime that a prediction of a model is of.
fn level<'a>(fitted: &Fitted, prediction: &'a Prediction) -> &'a str {
    match prediction.at.get(fitted.model.explanation.variable) {
        Some(Value::Level(level)) => level,
        _ => "",
    }
}

/// A check of a prediction.
fn predicted(about: String, finding: Finding, prediction: &Prediction) -> Check {
    let values = [
        ("estimate", prediction.estimate),
        ("conf_low", prediction.conf_low),
        ("conf_high", prediction.conf_high),
    ];
    Check::new(about, finding, with_interval(prediction), &values)
}

/// (d) Democracies and other autocracies concede with a probability in a range, told from 0.
pub(super) fn others(fitted: &Fitted) -> Vec<Check> {
    at_high(fitted)
        .filter(|one| ["democracy", "nonpersonalist"].contains(&level(fitted, one)))
        .map(|one| {
            let about = format!("{}, {}", fitted.model.key(), level_label(level(fitted, one)));
            predicted(about, rules::differs_within(chance(one), rules::OTHERS), one)
        })
        .collect()
}

/// (e) Personalists concede with a probability in a range; and it cannot be told from 0.
pub(super) fn personalists(fitted: &Fitted) -> Vec<Check> {
    at_high(fitted)
        .filter(|one| level(fitted, one) == "personalist")
        .flat_map(|one| {
            let about = |what: &str| format!("{}, {what}", fitted.model.key());
            [
                predicted(
                    about("whether about 15%"),
                    rules::lies_between(chance(one), rules::PERSONALISTS),
                    one,
                ),
                predicted(
                    about("whether told from 0"),
                    rules::not_told_from_zero(chance(one)),
                    one,
                ),
            ]
        })
        .collect()
}

fn difference(contrast: &Contrast) -> String {
    format!(
        "{} points ({} to {}), {}",
        points(contrast.estimate),
        points(contrast.conf_low),
        points(contrast.conf_high),
        p_value_words(contrast.p_value)
    )
}

/// A check of a difference.
fn compared(about: String, finding: Finding, contrast: &Contrast) -> Check {
    let Contrast {
        estimate,
        conf_low,
        conf_high,
        p_value,
        ..
    } = *contrast;
    let values = [
        ("estimate", estimate),
        ("conf_low", conf_low),
        ("conf_high", conf_high),
        ("p_value", p_value),
    ];
    Check::new(about, finding, difference(contrast), &values)
}

/// (g) Others over personalists, at the smallest and the largest dependence.
pub(super) fn turns_positive(fitted: &Fitted) -> Vec<Check> {
    let at =
        |comparison: Option<&Comparison>| match comparison.and_then(|one| one.at.get(fitted.model.term())) {
            Some(Value::Number(dependence)) => contrasts_of(&fitted.along, fitted, *dependence),
            _ => Vec::new(),
        };
    let (at_low, at_high) = (at(fitted.along.first()), at(fitted.along.last()));
    let check = |(low, high): (&Contrast, &Contrast)| {
        let about = format!("{}, {}", fitted.model.key(), high.others);
        let check = compared(
            about,
            rules::turns_positive(low.measured(), high.measured()),
            high,
        );
        Check {
            text: format!(
                "{} at the smallest, {} at the largest",
                difference(low),
                difference(high)
            ),
            ..check
        }
    };
    at_low.iter().zip(&at_high).map(check).collect()
}

/// Every contrast with personalists at a level of dependence, by a rule.
fn contrasts_by(fitted: &Fitted, dependence: f64, rule: fn(Measured) -> Finding) -> Vec<Check> {
    let check = |contrast: &Contrast| {
        let about = format!("{}, {}", fitted.model.key(), contrast.others);
        compared(about, rule(contrast.measured()), contrast)
    };
    contrasts(fitted, dependence).iter().map(check).collect()
}

/// (h) No difference without trade.
pub(super) fn no_difference(fitted: &Fitted) -> Vec<Check> {
    contrasts_by(fitted, 0.0, rules::no_difference)
}

/// (r) Others concede more often where dependence is high.
pub(super) fn more_at_high(fitted: &Fitted) -> Vec<Check> {
    contrasts_by(fitted, fitted.report.high_dependence, rules::above_zero)
}

/// (s) Others concede more often with dependence as it was.
pub(super) fn more_as_observed(fitted: &Fitted) -> Result<Vec<Check>> {
    let variable = fitted.model.explanation.variable;
    let (others, settings): (Vec<&str>, Vec<At>) = match fitted.model.explanation.values {
        Values::UnitInterval { .. } => (
            vec![INDEX_CONTRAST],
            [1.0, 0.0]
                .map(|index| At::observed().with(variable, index))
                .into(),
        ),
        Values::Levels(levels) => (
            levels.iter().skip(1).copied().collect(),
            levels
                .iter()
                .map(|level| At::observed().with(variable, *level))
                .collect(),
        ),
    };
    // The first is personalist.
    let pairs: Vec<_> = (1..settings.len()).map(|other| (0, other)).collect();
    let comparisons = fitted.estimate.predict(&settings, &pairs)?.comparisons;
    let focus = comparisons.iter().filter(|one| one.outcome == STUDY.focus);
    Ok(others
        .into_iter()
        .zip(focus)
        .map(|(others, comparison)| {
            let contrast = contrast(others, comparison);
            let about = format!("{}, {others}", fitted.model.key());
            compared(about, rules::above_zero(contrast.measured()), &contrast)
        })
        .collect())
}

fn contrast(others: &str, comparison: &Comparison) -> Contrast {
    Contrast {
        others: others.to_owned(),
        estimate: comparison.estimate,
        std_error: comparison.std_error,
        p_value: comparison.p_value,
        conf_low: comparison.conf_low,
        conf_high: comparison.conf_high,
    }
}

/// A check of a difference between corners.
fn cornered(fitted: &Fitted, what: &str, finding: fn(Measured) -> Finding, one: &Difference) -> Check {
    let measured = one.measured();
    let text = format!(
        "{} points ({} to {})",
        points(measured.estimate),
        points(measured.low),
        points(measured.high)
    );
    let values = [
        ("estimate", measured.estimate),
        ("conf_low", measured.low),
        ("conf_high", measured.high),
    ];
    let about = format!("{}, {what}", fitted.model.key());
    Check::new(about, finding(measured), text, &values)
}

/// (o) Other autocracies concede as often as democracies where dependence is high.
pub(super) fn others_alike(fitted: &Fitted) -> Result<Vec<Check>> {
    let corners = Corners::new(fitted)?;
    let found = corners.at_high("nonpersonalist", "democracy");
    let check = |one| {
        cornered(
            fitted,
            "other autocracies minus democracies",
            rules::no_difference,
            &one,
        )
    };
    Ok(found.map(check).into_iter().collect())
}

/// (p) From no dependence to high, personalists stay where they are and others concede more often.
pub(super) fn rises(fitted: &Fitted) -> Result<Vec<Check>> {
    let corners = Corners::new(fitted)?;
    let check = |(kind, personalist): (&str, bool)| {
        let rule = if personalist {
            rules::no_difference
        } else {
            rules::above_zero
        };
        Some(cornered(fitted, level_label(kind), rule, &corners.rise(kind)?))
    };
    Ok(corners.kinds().filter_map(check).collect())
}

/// (q) Others over personalists: more where dependence is high than where there is none.
pub(super) fn second_difference(fitted: &Fitted) -> Result<Vec<Check>> {
    let corners = Corners::new(fitted)?;
    let others = corners.kinds().filter(|(_, personalist)| !personalist);
    let check = |(kind, _): (&str, bool)| {
        let one = corners.second_difference(kind)?;
        let others = if kind == INDEX_0 { INDEX_CONTRAST } else { kind };
        Some(cornered(fitted, others, rules::above_zero, &one))
    };
    Ok(others.filter_map(check).collect())
}

/// (i, j, k) The average difference that a control makes.
pub(super) fn control(fitted: &[Fitted], claim: &str) -> Result<Vec<Check>> {
    let known = rules::CONTROLS.iter().find(|(key, ..)| *key == claim);
    let Some(&(_, control, raises)) = known else {
        return Ok(Vec::new());
    };
    let effect = |one: &Fitted| {
        // Whichever reading of it the model has.
        let mut variables = one.estimate.fit().design().frame().variables();
        let variable = variables.find(|name| read_for(name) == control)?;
        Some(control_effect(one, variable, raises))
    };
    fitted.iter().filter_map(effect).collect()
}

fn control_effect(fitted: &Fitted, variable: &str, raises: bool) -> Result<Check> {
    let observed = fitted.estimate.values(variable)?;
    let (low, high) = rules::ends(&observed);
    let settings = [low, high].map(|value| At::observed().with(variable, value));
    let comparisons = fitted.estimate.predict(&settings, &[(0, 1)])?.comparisons;
    let Some(one) = comparisons.iter().find(|one| one.outcome == STUDY.focus) else {
        return Ok(absent(fitted));
    };
    let contrast = contrast(variable, one);
    let finding = rules::moves(contrast.measured(), raises);
    Ok(compared(fitted.model.key(), finding, &contrast))
}
