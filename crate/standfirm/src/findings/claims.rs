//! The ledger: what the study claims in numbers, and what the rebuilt data say to it.
//!
//! Every claim is checked in each model it is about. It is reproduced where every check holds, partly where some
//! do, not where none does.

use std::collections::BTreeMap;

use mlogit::{At, Table, order};
use report::results::{Comparison, Prediction, Value};
use report::words::{p_value as p_value_words, percent, points};
use serde::Serialize;

use crate::error::Result;
use crate::findings::effect;
use crate::findings::hypotheses::{Contrast, contrasts, contrasts_of};
use crate::findings::rules::{self, Chance, Gap};
use crate::fitting::fitted::Fitted;
use crate::study::thesis::{INDEX, REGIME, STUDY, TRADE_SHARE};

/// A claim and its verdict.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct ClaimReport {
    /// A letter.
    pub key: String,
    /// What the study claims, in our words.
    pub claim: String,
    /// Where it does.
    pub place: String,
    /// What has to hold, in every model checked.
    pub rule: String,
    /// Whether it does.
    pub verdict: Verdict,
    /// How many checks hold.
    pub holds: usize,
    /// One for each model, or each part of a model.
    pub checks: Vec<Check>,
}

/// The verdict on a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every check holds.
    Reproduced,
    /// Some checks hold.
    Partly,
    /// No check holds.
    NotReproduced,
    /// There is nothing to check: no model that the claim is about could be estimated, or it lacks what the claim is
    /// about. Never so in the study itself.
    NotJudged,
}

/// A claim checked once.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Check {
    /// In which model, or on which data.
    pub about: String,
    /// The recomputed values in words.
    pub text: String,
    /// The recomputed values.
    pub values: BTreeMap<String, f64>,
    /// Whether the rule holds here.
    pub holds: bool,
}

impl Check {
    fn new(about: impl Into<String>, holds: bool, text: String, values: &[(&str, f64)]) -> Self {
        let named = |(name, value): &(&str, f64)| ((*name).to_owned(), *value);
        let values = order::map(values.iter().map(named));
        Check {
            about: about.into(),
            text,
            values,
            holds,
        }
    }
}

/// A claim as the study has it.
struct Claim {
    key: &'static str,
    claim: &'static str,
    place: &'static str,
    rule: &'static str,
    check: fn(&[Fitted], &Table) -> Result<Vec<Check>>,
}

const FINDINGS_2: &str = "Findings, on Figure 2";
const FINDINGS_3: &str = "Findings, on Figure 3";
const FINDINGS_LAST: &str = "Findings, on the controls";

static CLAIMS: [Claim; 14] = [
    Claim {
        key: "a",
        claim: "Where dependence is high, the probability of concession falls from about 0.3 to nearly 0 as the \
                personalist index goes from 0 to 1.",
        place: FINDINGS_2,
        rule: "It is between 0.2 and 0.4 at index 0, and at most 0.1 at index 1.",
        check: |fitted, _| Ok(index_models(fitted).map(falls_to_zero).collect()),
    },
    Claim {
        key: "b",
        claim: "Above an index of 0.5 that probability can no longer be told from 0.",
        place: FINDINGS_2,
        rule: "Its 95% interval includes 0 at every index above 0.5.",
        check: |fitted, _| Ok(index_models(fitted).map(lost_above_half).collect()),
    },
    Claim {
        key: "c",
        claim: "The fall is of more than 60 percent, though the intervals at the two ends overlap.",
        place: FINDINGS_2,
        rule: "The probability at index 1 is less than 40% of that at index 0, and the two 95% intervals overlap.",
        check: |fitted, _| Ok(index_models(fitted).map(falls_by_sixty).collect()),
    },
    Claim {
        key: "d",
        claim: "Where dependence is high, democracies and other autocracies concede with a probability between 0.2 \
                and 0.4, which differs from 0.",
        place: FINDINGS_3,
        rule: "It is between 0.2 and 0.4, and its 95% interval lies above 0.",
        check: |fitted, _| {
            Ok(regime_models(fitted)
                .flat_map(|one| regimes(one, &["democracy", "nonpersonalist"], rules::OTHERS, true))
                .collect())
        },
    },
    Claim {
        key: "e",
        claim: "Where dependence is high, personalists concede with a probability of about 0.15, which does not \
                differ from 0.",
        place: FINDINGS_3,
        rule: "It is between 0.1 and 0.2, and its 95% interval includes 0.",
        check: |fitted, _| {
            Ok(regime_models(fitted)
                .flat_map(|one| regimes(one, &["personalist"], rules::PERSONALISTS, false))
                .collect())
        },
    },
    Claim {
        key: "f",
        claim: "All of this comes out the same whichever source and measure of trade is used.",
        place: FINDINGS_3,
        rule: "Each contrast with personalists at high dependence leads to the same conclusion as with the COW trade \
               share: others concede significantly more often, significantly less often, or neither.",
        check: |fitted, _| Ok(same_everywhere(fitted)),
    },
    Claim {
        key: "g",
        claim: "As dependence rises, the effect of being a democracy, and of being another autocracy, against \
                personalists becomes positive and significant.",
        place: "Findings, on Figure 4",
        rule: "The difference is positive and significant at the largest dependence observed, and was not at the \
               smallest.",
        check: |fitted, _| Ok(regime_models(fitted).flat_map(turns_positive).collect()),
    },
    Claim {
        key: "h",
        claim: "Where dependence is low, personalist targets concede as often as others (hypothesis 1a).",
        place: "Hypotheses and findings",
        rule: "No contrast with personalists at no trade is significant. That is weak support: a wide interval \
               passes as well as a difference of nothing.",
        check: |fitted, _| Ok(fitted.iter().flat_map(no_difference).collect()),
    },
    Claim {
        key: "i",
        claim: "The larger the sender’s share of both states’ capabilities, the likelier is a concession.",
        place: FINDINGS_LAST,
        rule: "Moving the share from its 10th to its 90th percentile raises the average probability of concession \
               significantly.",
        check: |fitted, _| control(fitted, "i"),
    },
    Claim {
        key: "j",
        claim: "Threats over security are conceded less often.",
        place: FINDINGS_LAST,
        rule: "A security issue lowers the average probability of concession significantly.",
        check: |fitted, _| control(fitted, "j"),
    },
    Claim {
        key: "k",
        claim: "A sender whose last threat was conceded is conceded to more often.",
        place: FINDINGS_LAST,
        rule: "Past success raises the average probability of concession significantly.",
        check: |fitted, _| control(fitted, "k"),
    },
    Claim {
        key: "l",
        claim: "The interaction of the personalist index with dependence is negative in every model.",
        place: "Table 1",
        rule: "Its coefficient for concession is below 0. (Whether it is significant is in the values.)",
        check: |fitted, _| Ok(index_models(fitted).filter_map(interaction).collect()),
    },
    Claim {
        key: "m",
        claim: "More than half of the threats come from the United States.",
        place: "Control variables",
        rule: "The share of episodes whose sender is the United States is above one half.",
        check: |_, episodes| us_share(episodes),
    },
    Claim {
        key: "n",
        claim: "Panama in 1987 was fully personalist: its index is 1.",
        place: "The three cases",
        rule: "The index of the episode of August 1987 is 1.",
        check: |_, episodes| panama(episodes),
    },
];

/// Key and words of every claim, in the order of the ledger.
pub fn claims() -> impl Iterator<Item = (&'static str, &'static str)> {
    CLAIMS.iter().map(|claim| (claim.key, claim.claim))
}

/// Checks every claim.
///
/// # Errors
/// [`crate::Error::Model`] where a fit or the table lacks a variable of the study.
pub fn judge(fitted: &[Fitted], episodes: &Table) -> Result<Vec<ClaimReport>> {
    CLAIMS
        .iter()
        .map(|claim| report(claim, (claim.check)(fitted, episodes)?))
        .collect()
}

fn report(claim: &Claim, checks: Vec<Check>) -> Result<ClaimReport> {
    let holds = checks.iter().filter(|check| check.holds).count();
    let verdict = match holds {
        _ if checks.is_empty() => Verdict::NotJudged,
        0 => Verdict::NotReproduced,
        some if some == checks.len() => Verdict::Reproduced,
        _ => Verdict::Partly,
    };
    let Claim {
        key,
        claim,
        place,
        rule,
        ..
    } = claim;
    Ok(ClaimReport {
        key: (*key).to_owned(),
        claim: (*claim).to_owned(),
        place: (*place).to_owned(),
        rule: (*rule).to_owned(),
        verdict,
        holds,
        checks,
    })
}

fn index_models(fitted: &[Fitted]) -> impl Iterator<Item = &Fitted> {
    fitted.iter().filter(|one| one.model.explanation.key == INDEX.key)
}

fn regime_models(fitted: &[Fitted]) -> impl Iterator<Item = &Fitted> {
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

fn chance(prediction: &Prediction) -> Chance {
    Chance {
        estimate: prediction.estimate,
        low: prediction.conf_low,
        high: prediction.conf_high,
    }
}

fn gap(contrast: &Contrast) -> Gap {
    Gap {
        estimate: contrast.estimate,
        p_value: contrast.p_value,
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
    Check::new(fitted.model.key(), false, "no prediction".to_owned(), &[])
}

fn falls_to_zero(fitted: &Fitted) -> Check {
    let Some((first, last)) = ends(fitted) else {
        return absent(fitted);
    };
    let holds = rules::falls_to_zero(chance(first), chance(last));
    let text = format!(
        "{} at index 0, {} at index 1",
        with_interval(first),
        with_interval(last)
    );
    Check::new(
        fitted.model.key(),
        holds,
        text,
        &[("at_0", first.estimate), ("at_1", last.estimate)],
    )
}

fn lost_above_half(fitted: &Fitted) -> Check {
    let above = || at_high(fitted).filter(|one| index_of(fitted, one) > rules::HALF);
    let holds = above().all(|one| rules::includes_zero(chance(one)));
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
    Check::new(fitted.model.key(), holds, text, &values)
}

fn falls_by_sixty(fitted: &Fitted) -> Check {
    let Some((first, last)) = ends(fitted) else {
        return absent(fitted);
    };
    let fall = 1.0 - last.estimate / first.estimate;
    let overlap = rules::overlap(chance(first), chance(last));
    let holds = rules::falls_by_sixty(chance(first), chance(last));
    let direction = if fall < 0.0 { "rise" } else { "fall" };
    let intervals = if overlap { "overlap" } else { "do not overlap" };
    let text = format!(
        "a {direction} of {}; the intervals {intervals}",
        percent(fall.abs())
    );
    Check::new(fitted.model.key(), holds, text, &[("fall", fall)])
}

fn regimes(fitted: &Fitted, levels: &[&str], range: (f64, f64), above_zero: bool) -> Vec<Check> {
    let level = |prediction: &Prediction| match prediction.at.get(REGIME.variable) {
        Some(Value::Level(level)) => level.clone(),
        _ => String::new(),
    };
    at_high(fitted)
        .filter(|one| levels.contains(&level(one).as_str()))
        .map(|one| {
            let holds = rules::lies_within(chance(one), range, above_zero);
            let about = format!("{}, {}", fitted.model.key(), level(one));
            let values = [
                ("estimate", one.estimate),
                ("conf_low", one.conf_low),
                ("conf_high", one.conf_high),
            ];
            Check::new(about, holds, with_interval(one), &values)
        })
        .collect()
}

fn difference(contrast: &Contrast) -> String {
    let Contrast {
        estimate,
        conf_low,
        conf_high,
        p_value,
        ..
    } = contrast;
    format!(
        "{} points ({} to {}), {}",
        points(*estimate),
        points(*conf_low),
        points(*conf_high),
        p_value_words(*p_value)
    )
}

fn values_of(contrast: &Contrast) -> [(&'static str, f64); 4] {
    let Contrast {
        estimate,
        conf_low,
        conf_high,
        p_value,
        ..
    } = *contrast;
    [
        ("estimate", estimate),
        ("conf_low", conf_low),
        ("conf_high", conf_high),
        ("p_value", p_value),
    ]
}

fn same_everywhere(fitted: &[Fitted]) -> Vec<Check> {
    let mut checks = Vec::new();
    for explanation in [&INDEX, &REGIME] {
        let mut models = fitted
            .iter()
            .filter(|one| one.model.explanation.key == explanation.key);
        let Some(first) = models
            .next()
            .filter(|one| one.model.dependence.key == TRADE_SHARE.key)
        else {
            continue;
        };
        let reference = contrasts(first, first.report.high_dependence);
        for one in models {
            for (contrast, reference) in contrasts(one, one.report.high_dependence).iter().zip(&reference) {
                let sign = |one: &Contrast| rules::sign(one.estimate, one.p_value);
                let same = sign(contrast) == sign(reference);
                let about = format!("{}, {}", one.model.key(), contrast.others);
                let text = format!(
                    "{}; with the COW trade share {}",
                    difference(contrast),
                    difference(reference)
                );
                checks.push(Check::new(about, same, text, &values_of(contrast)));
            }
        }
    }
    checks
}

fn turns_positive(fitted: &Fitted) -> Vec<Check> {
    let at =
        |comparison: Option<&Comparison>| match comparison.and_then(|one| one.at.get(fitted.model.term())) {
            Some(Value::Number(dependence)) => contrasts_of(&fitted.along, fitted, *dependence),
            _ => Vec::new(),
        };
    let (at_low, at_high) = (at(fitted.along.first()), at(fitted.along.last()));
    let check = |(low, high): (&Contrast, &Contrast)| {
        let about = format!("{}, {}", fitted.model.key(), high.others);
        let text = format!(
            "{} at the smallest, {} at the largest",
            difference(low),
            difference(high)
        );
        let holds = rules::turns_positive(gap(low), gap(high));
        Check::new(about, holds, text, &values_of(high))
    };
    at_low.iter().zip(&at_high).map(check).collect()
}

fn no_difference(fitted: &Fitted) -> Vec<Check> {
    let check = |contrast: &Contrast| {
        let about = format!("{}, {}", fitted.model.key(), contrast.others);
        Check::new(
            about,
            rules::no_difference(gap(contrast)),
            difference(contrast),
            &values_of(contrast),
        )
    };
    contrasts(fitted, 0.0).iter().map(check).collect()
}

/// The average difference that a control makes.
fn control(fitted: &[Fitted], claim: &str) -> Result<Vec<Check>> {
    let known = rules::CONTROLS.iter().find(|(key, ..)| *key == claim);
    let Some(&(_, variable, raises)) = known else {
        return Ok(Vec::new());
    };
    let has = |one: &&Fitted| {
        let frame = one.estimate.fit().design().frame();
        frame.variables().any(|name| name == variable)
    };
    fitted
        .iter()
        .filter(has)
        .map(|one| control_effect(one, variable, raises))
        .collect()
}

fn control_effect(fitted: &Fitted, variable: &str, raises: bool) -> Result<Check> {
    let observed = fitted.estimate.values(variable)?;
    let (low, high) = rules::ends(&observed);
    let settings = [low, high].map(|value| At::observed().with(variable, value));
    let comparisons = fitted.estimate.predict(&settings, &[(0, 1)])?.comparisons;
    let Some(one) = comparisons.into_iter().find(|one| one.outcome == STUDY.focus) else {
        return Ok(absent(fitted));
    };
    let Comparison {
        estimate,
        std_error,
        p_value,
        conf_low,
        conf_high,
        ..
    } = one;
    let contrast = Contrast {
        others: variable.to_owned(),
        estimate,
        std_error,
        p_value,
        conf_low,
        conf_high,
    };
    let holds = rules::moves(gap(&contrast), raises);
    Ok(Check::new(
        fitted.model.key(),
        holds,
        difference(&contrast),
        &values_of(&contrast),
    ))
}

fn interaction(fitted: &Fitted) -> Option<Check> {
    let term = effect::interaction(&fitted.model);
    let one = fitted
        .report
        .model
        .coefficients
        .iter()
        .find(|one| one.term == term && one.outcome == STUDY.focus)?;
    let text = format!(
        "{:.3} (standard error {:.3}), {}",
        one.estimate,
        one.std_error,
        p_value_words(one.p_value)
    );
    let values = [
        ("estimate", one.estimate),
        ("std_error", one.std_error),
        ("p_value", one.p_value),
    ];
    Some(Check::new(
        fitted.model.key(),
        rules::is_negative(one.estimate),
        text.replace('-', "−"),
        &values,
    ))
}

fn us_share(episodes: &Table) -> Result<Vec<Check>> {
    let usa = episodes.numbers("sender_usa")?;
    let (count, all) = (usa.iter().filter(|value| **value == 1.0).count(), usa.len());
    let share = count as f64 / all as f64;
    let text = format!("{count} of {all} episodes, {}", percent(share));
    Ok(vec![Check::new(
        "all episodes",
        share > 0.5,
        text,
        &[("share", share)],
    )])
}

fn panama(episodes: &Table) -> Result<Vec<Check>> {
    let (ids, index) = (episodes.numbers("caseid")?, episodes.numbers(INDEX.variable)?);
    let Some(case) = STUDY.cases.first() else {
        return Ok(Vec::new());
    };
    let found = ids
        .iter()
        .zip(index)
        .find(|(id, _)| **id == case.caseid as f64)
        .map(|(_, index)| *index);
    let value = found.filter(|index| !index.is_nan());
    let text = value.map_or_else(|| "missing".to_owned(), |index| format!("the index is {index}"));
    let values: Vec<_> = value
        .map(|index| ("personalist_index", index))
        .into_iter()
        .collect();
    Ok(vec![Check::new(
        format!("episode {}", case.caseid),
        value == Some(1.0),
        text,
        &values,
    )])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_p_value_is_written_as_zero() {
        assert_eq!(p_value_words(0.000_01), "p < 0.001");
        assert_eq!(p_value_words(0.000_6), "p = 0.001");
        assert_eq!(p_value_words(0.025), "p = 0.025");
    }
}
