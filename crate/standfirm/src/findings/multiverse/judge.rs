//! One fit of the multiverse, under several covariances: its effect, and which claims hold in it.

use mlogit::order::quantile;
use mlogit::{At, Fit, Predictions, Table};

use crate::error::Result;
use crate::findings::effect;
use crate::findings::multiverse::outcome::Outcome;
use crate::findings::rules::{self, Finding, Measured};
use crate::specification::Specification;
use crate::study::thesis::{HIGH, STUDY};
use crate::study::{Model, Values};

/// Keys of the claims that can be judged within one combination, in the order of their bits. The others are about all
/// measures at once (f), about the data, or about the same differences put otherwise.
pub const JUDGED: [&str; 10] = ["a", "b", "c", "d", "e", "g", "h", "i", "j", "k"];

/// Fits what `specified` have in common, and judges each. They differ in their covariance alone.
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
    let settings = Settings::new(model, &fit)?;
    let predictions = fit.predictions(settings.list.iter().cloned())?;
    let mut outcomes = Vec::with_capacity(specified.len());
    for (specification, _) in specified {
        let fit = fit.with_covariance(&specification.covariance(prepared.table())?)?;
        let Some(predictions) = predictions.under(&fit) else {
            continue;
        };
        outcomes.push(settings.outcome(&fit, &predictions)?);
    }
    Ok(outcomes)
}

/// The settings that a model is settings for, and where in their list each stands.
struct Settings {
    list: Vec<At>,
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
    fn new(model: &Model, fit: &Fit) -> Result<Self> {
        let frame = fit.design().frame();
        let dependence = frame.number(model.term())?;
        let high = quantile(dependence, HIGH);
        let smallest = dependence.iter().copied().fold(f64::INFINITY, f64::min);
        let largest = dependence.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let variable = model.explanation.variable;
        let mut settings = Settings {
            list: Vec::new(),
            effect: [0, 0],
            above_half: Vec::new(),
            levels: None,
            no_trade: None,
            controls: Vec::new(),
        };
        settings.effect = effect::settings(model, high).map(|at| settings.position(at));
        match model.explanation.values {
            Values::UnitInterval { steps } => {
                let at = At::observed().with(model.term(), high);
                let index = |step| f64::from(step) / f64::from(steps);
                settings.above_half = (0..steps)
                    .map(index)
                    .filter(|index| *index > rules::HALF)
                    .map(|index| at.clone().with(variable, index))
                    .collect();
                settings.no_trade = Some(effect::settings(model, 0.0).map(|at| settings.position(at)));
            }
            Values::Levels(levels) => {
                let at = [high, 0.0, smallest, largest].map(|dependence| {
                    let at = At::observed().with(model.term(), dependence);
                    let each = levels.iter().map(|level| at.clone().with(variable, *level));
                    each.map(|at| settings.position(at)).collect()
                });
                settings.levels = Some(at);
            }
        }
        for (claim, control, raises) in rules::CONTROLS {
            if frame.variables().any(|name| name == control) {
                let (low, high) = rules::ends(frame.number(control)?);
                let ends = [low, high].map(|value| settings.position(At::observed().with(control, value)));
                settings.controls.push((claim, raises, ends));
            }
        }
        Ok(settings)
    }

    /// Position of a setting, which is not settings for twice.
    fn position(&mut self, at: At) -> usize {
        if let Some(known) = self.list.iter().position(|known| *known == at) {
            return known;
        }
        self.list.push(at);
        self.list.len() - 1
    }

    fn outcome(&self, fit: &Fit, predictions: &Predictions<'_>) -> Result<Outcome> {
        let focus = |outcome: &str| outcome == STUDY.focus;
        let chances: Vec<Measured> = predictions
            .iter()
            .filter(|one| focus(&one.outcome))
            .map(|one| Measured {
                estimate: one.estimate,
                low: one.conf_low,
                high: one.conf_high,
            })
            .collect();
        let difference = |to: usize, from: usize| {
            let all = predictions.difference(to, from).unwrap_or_default();
            all.into_iter().find(|one| focus(&one.outcome))
        };
        let gap = |to: usize, from: usize| {
            difference(to, from).map_or(Measured::NOTHING, |one| Measured {
                estimate: one.estimate,
                low: one.conf_low,
                high: one.conf_high,
            })
        };
        let [other, personalist] = self.effect;
        let effect = difference(personalist, other);
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
            estimate: effect.map(|one| (one.estimate, one.std_error)),
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
