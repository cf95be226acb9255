//! One fit of the multiverse: its effect at each dependence that may count as high, with the standard errors of every kind,
//! and which claims hold in it by the study's own.

use mlogit::{At, Difference, Fit, Predictions, Table};

use crate::error::Result;
use crate::findings::effect::{self, MainEffect};
use crate::findings::multiverse::dimensions::ERRORS;
use crate::findings::multiverse::outcome::{Estimated, Outcome};
use crate::findings::rules::{self, Finding, Measured};
use crate::specification::Specification;
use crate::specification::readings::read_for;
use crate::study::thesis::STUDY;
use crate::study::{Model, Values};

/// Keys of the claims that can be judged within one combination, in the order of their bits. The others are about all
/// measures at once (f), about the data, or about the same differences put otherwise.
pub const JUDGED: [&str; 10] = ["a", "b", "c", "d", "e", "g", "h", "i", "j", "k"];

/// Fits what `specified` have in common, and judges each. They differ in what counts as high dependence alone.
pub(super) fn judge(specified: &[(Specification, Model)], episodes: &Table) -> Result<Vec<Outcome>> {
    let Some((specification, model)) = specified.first() else {
        return Ok(Vec::new());
    };
    let refused = |n: usize, error: &crate::error::Error| vec![Outcome::refused(n, error); specified.len()];
    let prepared = match specification.prepare(model, episodes) {
        Ok(prepared) => prepared,
        Err(error) => return Ok(refused(0, &error)),
    };
    let fit = match prepared.fit() {
        Ok(fit) => fit,
        Err(error) => {
            let n = prepared.design().map_or(0, mlogit::Design::rows);
            return Ok(refused(n, &error));
        }
    };
    let mut list = Vec::new();
    let each = specified
        .iter()
        .map(|(_, model)| Settings::new(model, &fit, &mut list))
        .collect::<Result<Vec<_>>>()?;
    let predictions = fit.predictions(list)?;
    let mut std_errors = vec![[f64::NAN; ERRORS.len()]; specified.len()];
    for (kind, (key, _)) in ERRORS.iter().enumerate() {
        let covariance = specification.with("errors", key)?.covariance(prepared.table())?;
        let fit = fit.with_covariance(&covariance)?;
        let Some(predictions) = predictions.under(&fit) else {
            continue;
        };
        for (std_errors, settings) in std_errors.iter_mut().zip(&each) {
            std_errors[kind] = settings
                .effect(&predictions)
                .map_or(f64::NAN, |one| one.std_error);
        }
    }
    let separated = fit.coefficients().any(|one| !one.estimate.is_finite());
    let pairs = each.iter().zip(std_errors);
    pairs
        .map(|(settings, std_errors)| settings.outcome(&fit, &predictions, std_errors, separated))
        .collect()
}

/// The effects alone of what `specified` have in common, by the study's standard errors, where each coefficient has a finite
/// estimate: all that is wanted of them when they are fitted a thousand times over.
pub(super) fn effects(specified: &[(Specification, Model)], episodes: &Table) -> Result<Vec<MainEffect>> {
    let Some((specification, model)) = specified.first() else {
        return Ok(Vec::new());
    };
    let fitted = specification
        .prepare(model, episodes)
        .and_then(|prepared| prepared.fit());
    // A combination that cannot be estimated has none.
    let Ok(fit) = fitted else {
        return Ok(Vec::new());
    };
    if fit.coefficients().any(|one| !one.estimate.is_finite()) {
        return Ok(Vec::new());
    }
    let dependence = fit.design().frame().number(model.term())?;
    let mut list = Vec::new();
    let each = specified.iter().map(|(_, model)| {
        let settings = effect::settings(model, model.high.of(dependence));
        settings.map(|at| position(&mut list, at))
    });
    let each: Vec<[usize; 2]> = each.collect();
    let predictions = fit.predictions(list)?;
    let found = each
        .iter()
        .filter_map(|[other, personalist]| focus(&predictions, *personalist, *other));
    Ok(found.map(MainEffect::from).collect())
}

/// The difference of two settings in the outcome in focus.
fn focus(predictions: &Predictions<'_>, to: usize, from: usize) -> Option<Difference> {
    let all = predictions.difference(to, from).unwrap_or_default();
    all.into_iter().find(|one| one.outcome == STUDY.focus)
}

/// Where in a list each setting stands that a model is asked for.
struct Settings {
    /// Not personalist, personalist, at high dependence.
    effect: [usize; 2],
    /// The index at each step above one half at high dependence, the last being `effect[1]`'s.
    above_half: Vec<At>,
    /// By regime, personalist first: at high, no, the smallest and the largest dependence.
    levels: Option<[Vec<usize>; 4]>,
    /// Index 0 and 1 at no dependence.
    no_trade: Option<[usize; 2]>,
    /// Claim, direction, and where its control moves.
    controls: Vec<(&'static str, bool, [usize; 2])>,
}

impl Settings {
    /// Adds what is not yet in the list.
    fn new(model: &Model, fit: &Fit, list: &mut Vec<At>) -> Result<Self> {
        let frame = fit.design().frame();
        let dependence = frame.number(model.term())?;
        let high = model.high.of(dependence);
        let smallest = dependence.iter().copied().fold(f64::INFINITY, f64::min);
        let largest = dependence.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let variable = model.explanation.variable;
        let mut settings = Settings {
            effect: [0, 0],
            above_half: Vec::new(),
            levels: None,
            no_trade: None,
            controls: Vec::new(),
        };
        settings.effect = effect::settings(model, high).map(|at| position(list, at));
        match model.explanation.values {
            Values::UnitInterval { steps } => {
                let at = At::observed().with(model.term(), high);
                let index = |step| f64::from(step) / f64::from(steps);
                settings.above_half = (0..steps)
                    .map(index)
                    .filter(|index| *index > rules::HALF)
                    .map(|index| at.clone().with(variable, index))
                    .collect();
                settings.no_trade = Some(effect::settings(model, 0.0).map(|at| position(list, at)));
            }
            Values::Levels(levels) => {
                let at = [high, 0.0, smallest, largest].map(|dependence| {
                    let at = At::observed().with(model.term(), dependence);
                    let each = levels.iter().map(|level| at.clone().with(variable, *level));
                    each.map(|at| position(list, at)).collect()
                });
                settings.levels = Some(at);
            }
        }
        for (claim, control, raises) in rules::CONTROLS {
            // Whichever reading of it the model has.
            if let Some(name) = frame.variables().find(|name| read_for(name) == control) {
                let (low, high) = rules::ends(frame.number(name)?);
                let ends = [low, high].map(|value| position(list, At::observed().with(name, value)));
                settings.controls.push((claim, raises, ends));
            }
        }
        Ok(settings)
    }

    /// Personalist minus other at high dependence.
    fn effect(&self, predictions: &Predictions<'_>) -> Option<Difference> {
        let [other, personalist] = self.effect;
        focus(predictions, personalist, other)
    }

    fn outcome(
        &self,
        fit: &Fit,
        predictions: &Predictions<'_>,
        std_errors: [f64; ERRORS.len()],
        separated: bool,
    ) -> Result<Outcome> {
        let chances: Vec<Measured> = predictions
            .iter()
            .filter(|one| one.outcome == STUDY.focus)
            .map(|one| Measured {
                estimate: one.estimate,
                low: one.conf_low,
                high: one.conf_high,
            })
            .collect();
        let gap = |to: usize, from: usize| {
            focus(predictions, to, from).map_or(Measured::NOTHING, |one| Measured {
                estimate: one.estimate,
                low: one.conf_low,
                high: one.conf_high,
            })
        };
        let [other, personalist] = self.effect;
        let (mut judged, mut holds) = (0_u32, 0_u32);
        let mut verdict = |claim: &str, finding: Finding| {
            if let Some(bit) = JUDGED.iter().position(|known| *known == claim) {
                judged |= 1 << bit;
                holds |= u32::from(finding == Finding::Holds) << bit;
            }
        };
        if let Some([zero, one]) = self.no_trade {
            let (first, last) = (chances[other], chances[personalist]);
            verdict("a", rules::falls_to_zero(first, last));
            verdict(
                "b",
                match rules::not_told_from_zero(last) {
                    Finding::Holds => self.lost_above_half(fit)?,
                    finding => finding,
                },
            );
            verdict("c", rules::falls_by_sixty(first, last, gap(personalist, other)));
            verdict("h", rules::no_difference(gap(zero, one)));
        }
        if let Some([high, no_trade, smallest, largest]) = &self.levels {
            let others = || 1..high.len();
            let chance = |level: usize| chances[high[level]];
            verdict(
                "d",
                Finding::all(others().map(|level| rules::differs_within(chance(level), rules::OTHERS))),
            );
            verdict(
                "e",
                Finding::all([
                    rules::lies_between(chance(0), rules::PERSONALISTS),
                    rules::not_told_from_zero(chance(0)),
                ]),
            );
            let over = |at: &[usize], level: usize| gap(at[level], at[0]);
            verdict(
                "g",
                Finding::all(
                    others().map(|level| rules::turns_positive(over(smallest, level), over(largest, level))),
                ),
            );
            verdict(
                "h",
                Finding::all(others().map(|level| rules::no_difference(over(no_trade, level)))),
            );
        }
        for (claim, raises, [low, high]) in &self.controls {
            verdict(claim, rules::moves(gap(*high, *low), *raises));
        }
        Ok(Outcome {
            n: fit.design().rows(),
            estimate: self.effect(predictions).map(|one| Estimated {
                estimate: one.estimate,
                std_errors,
                separated,
            }),
            reason: None,
            judged,
            holds,
        })
    }

    /// Whether the interval includes 0 at every step above one half but the last: looked at from the lowest on, where
    /// it most often does not.
    fn lost_above_half(&self, fit: &Fit) -> Result<Finding> {
        for at in &self.above_half {
            let predictions = fit.predictions([at.clone()])?;
            let found = predictions.iter().find(|one| one.outcome == STUDY.focus);
            let finding = found.map_or(Finding::Undecided, |one| {
                rules::not_told_from_zero(Measured {
                    estimate: one.estimate,
                    low: one.conf_low,
                    high: one.conf_high,
                })
            });
            if finding != Finding::Holds {
                return Ok(finding);
            }
        }
        Ok(Finding::Holds)
    }
}

/// Position of a setting, which is not asked for twice.
fn position(list: &mut Vec<At>, at: At) -> usize {
    if let Some(known) = list.iter().position(|known| *known == at) {
        return known;
    }
    list.push(at);
    list.len() - 1
}
