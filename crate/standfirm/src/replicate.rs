//! Fits the study's models to the bundled episodes.

use std::collections::BTreeMap;

use mlogit::{At, Table};
use serde::Serialize;

use crate::cases::{self, CaseReport};
use crate::claims::{self, ClaimReport};
use crate::estimate::{Estimate, Pair};
use crate::hypotheses::{self, HypothesisReport};
use crate::imputation::Imputed;
use crate::report::StudyReport;
use crate::specification::Prepared;
use crate::study::{HIGH, Model, Values};
use crate::{Error, Result, Specification, episodes};

/// Everything the study reports, as the command line prints it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Replication {
    /// The models, by key.
    #[serde(flatten)]
    pub models: BTreeMap<String, StudyReport>,
    /// Tests of the study's hypotheses, in every model.
    pub hypotheses: Vec<HypothesisReport>,
    /// What the study claims, and what the rebuilt data say to it.
    pub claims: Vec<ClaimReport>,
    /// The episodes that the study tells.
    pub cases: Vec<CaseReport>,
    /// Models that cannot be estimated as specified.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refusals: Vec<Refusal>,
}

/// A model of the study, fitted.
#[derive(Debug, Clone)]
pub struct Fitted {
    /// The model.
    pub model: Model,
    /// Its estimates.
    pub estimate: Estimate,
    /// What is reported of it.
    pub report: StudyReport,
}

/// A model that cannot be estimated as specified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Its key.
    pub model: String,
    /// Words for it.
    pub label: String,
    /// Why, and what to change.
    pub reason: String,
}

/// The study's models, fitted as a specification has them.
#[derive(Debug, Clone)]
pub struct Estimates {
    /// What was specified.
    pub specification: Specification,
    /// The models that could be estimated, in the order of the study.
    pub fitted: Vec<Fitted>,
    /// Those that could not.
    pub refusals: Vec<Refusal>,
}

/// Which of the study's models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The first one, which the study's main result is of.
    First,
    /// Those that leave out episodes in which something is missing.
    CompleteCases,
    /// Those too that impute.
    All,
}

/// Fits the study's models to the bundled episodes, each by itself: one that cannot be estimated does not keep the
/// others from being shown.
///
/// # Errors
/// Where the episodes cannot be read; none for the data this was built with.
pub fn fit_all(specification: &Specification, which: Which) -> Result<Estimates> {
    let mut estimates = Estimates::new(specification.clone());
    estimates.fit(which)?;
    Ok(estimates)
}

impl Which {
    /// By its name: `first`, `complete` or `all`.
    ///
    /// # Errors
    /// [`Error::Unknown`] where there is none of that name.
    pub fn find(name: &str) -> Result<Self> {
        match name {
            "first" => Ok(Which::First),
            "complete" => Ok(Which::CompleteCases),
            "all" => Ok(Which::All),
            _ => Err(Error::Unknown {
                kind: "part",
                name: name.chars().take(60).collect(),
                known: ["first", "complete", "all"].map(str::to_owned).into(),
            }),
        }
    }
}

impl Estimates {
    /// Those kept if they are of `specification`; else new ones, which are kept in their place.
    pub fn kept(kept: &mut Option<Self>, specification: Specification) -> &mut Self {
        match kept.take().filter(|one| one.specification == specification) {
            Some(same) => kept.insert(same),
            None => kept.insert(Estimates::new(specification)),
        }
    }

    /// No model is fitted yet.
    #[must_use]
    pub fn new(specification: Specification) -> Self {
        Estimates {
            specification,
            fitted: Vec::new(),
            refusals: Vec::new(),
        }
    }

    /// Fits those models that are not yet.
    ///
    /// # Errors
    /// As [`fit_all`].
    pub fn fit(&mut self, which: Which) -> Result<()> {
        let episodes = episodes()?;
        let models: Vec<Model> = self.specification.models().collect();
        let count = if which == Which::First { 1 } else { models.len() };
        for model in models.iter().take(count) {
            let refused = self.refusals.iter().any(|one| one.model == model.key());
            if refused || model.dependence.imputed && which != Which::All {
                continue;
            }
            if let Err(error) = self.model(model, &episodes) {
                self.refusals.push(Refusal {
                    model: model.key(),
                    label: model.label(),
                    reason: error.to_string(),
                });
            }
        }
        Ok(())
    }

    /// A model of the specification's, fitted now if it is not yet.
    ///
    /// # Errors
    /// Why it cannot be estimated as specified: see [`fit`].
    pub fn model(&mut self, model: &Model, episodes: &Table) -> Result<&Fitted> {
        let place = |model: &Model| (model.table, model.number);
        let at = self
            .fitted
            .partition_point(|one| place(&one.model) < place(model));
        if self
            .fitted
            .get(at)
            .is_none_or(|one| place(&one.model) != place(model))
        {
            self.fitted.insert(at, fit(&self.specification, model, episodes)?);
        }
        Ok(&self.fitted[at])
    }
}

/// Fits one model, after multiple imputation where it says so, and reports it.
///
/// # Errors
/// Why it cannot be estimated as specified: see [`Specification::prepare`] and
/// [`Prepared::fit`].
pub fn fit(specification: &Specification, model: &Model, episodes: &Table) -> Result<Fitted> {
    let (prepared, estimate) = if model.dependence.imputed {
        let imputed = Imputed::new(specification, model, episodes)?;
        (imputed.prepared().clone(), imputed.fit()?)
    } else {
        let prepared = specification.prepare(model, episodes)?;
        let fit = prepared.fit()?;
        (prepared, Estimate::new(fit))
    };
    let estimate = estimate.with_method(specification.method, prepared.clusters())?;
    let report = report(&prepared, &estimate)?;
    Ok(Fitted {
        model: *model,
        estimate,
        report,
    })
}

/// Everything the study reports, from its fitted models.
///
/// # Errors
/// [`crate::Error::Model`] where a fit lacks a variable or level of the study.
pub fn replication(estimates: &Estimates) -> Result<Replication> {
    let episodes = episodes()?;
    let Estimates {
        specification,
        fitted,
        refusals,
    } = estimates;
    Ok(Replication {
        models: fitted
            .iter()
            .map(|fitted| (fitted.model.key(), fitted.report.clone()))
            .collect(),
        hypotheses: hypotheses::test(fitted),
        claims: claims::judge(fitted, &episodes)?,
        cases: cases::report(specification, fitted, &episodes)?,
        refusals: refusals.clone(),
    })
}

/// Fits the study and reports it.
///
/// # Errors
/// As [`fit_all`] and [`replication`].
pub fn replicate() -> Result<Replication> {
    replication(&fit_all(&Specification::default(), Which::All)?)
}

/// A fitted model with its predictions and comparisons at high and at no dependence.
fn report(prepared: &Prepared, estimate: &Estimate) -> Result<StudyReport> {
    let model = prepared.model();
    let high_dependence = quantile(&estimate.values(model.term())?, HIGH);
    let (settings, pairs) = settings(model, &[high_dependence, 0.0]);
    let predicted = estimate.predict(&settings, &pairs)?;
    Ok(StudyReport {
        table: model.table,
        number: model.number,
        label: format!("{} × {}", model.explanation.label, model.dependence.label),
        formula: prepared.formula().to_owned(),
        dependence: model.column(),
        high_dependence,
        model: estimate.model()?,
        omitted: prepared.omitted().to_vec(),
        imputation: estimate.imputation().cloned(),
        predictions: predicted.predictions,
        comparisons: predicted.comparisons,
    })
}

/// Settings of a model's explanation at each level of dependence, and the pairs of them that are compared: the
/// index at 1 with the index at 0, every regime with the first.
pub(crate) fn settings(model: &Model, dependences: &[f64]) -> (Vec<At>, Vec<Pair>) {
    let variable = model.explanation.variable;
    let (mut settings, mut pairs) = (Vec::new(), Vec::new());
    for dependence in dependences {
        let at = At::observed().with(model.term(), *dependence);
        let first = settings.len();
        match model.explanation.values {
            Values::UnitInterval { steps } => {
                let value = |step| f64::from(step) / f64::from(steps);
                settings.extend((0..=steps).map(|step| at.clone().with(variable, value(step))));
                pairs.push((first, settings.len() - 1));
            }
            Values::Levels(levels) => {
                settings.extend(levels.iter().map(|level| at.clone().with(variable, *level)));
                pairs.extend((first + 1..settings.len()).map(|other| (first, other)));
            }
        }
    }
    (settings, pairs)
}

/// Quantile by linear interpolation between order statistics (R's default, type 7); not a number where there
/// is no value.
pub(crate) fn quantile(values: &[f64], probability: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let position = probability * (sorted.len() as f64 - 1.0);
    let below = position.floor();
    let (Some(low), Some(high)) = (sorted.get(below as usize), sorted.get(position.ceil() as usize)) else {
        return f64::NAN;
    };
    low + (position - below) * (high - low)
}

/// The main result in one sentence, computed.
///
/// # Errors
/// As [`fit_all`].
pub fn headline() -> Result<String> {
    let estimates = fit_all(&Specification::default(), Which::First)?;
    crate::figure::two::headline(&estimates.fitted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_interpolate() {
        let values = [4.0, 1.0, 3.0, 2.0];
        assert_eq!(quantile(&values, 0.5), 2.5);
        assert_eq!(quantile(&values, 0.9), 3.7);
        assert_eq!(quantile(&values, 1.0), 4.0);
        assert!(quantile(&[], 0.5).is_nan());
    }
}
