//! Fits the study's models to the bundled episodes.

use std::collections::BTreeMap;

use mlogit::{At, Fit, Formula, FrameBuilder, Separation, Table};
use serde::Serialize;

use crate::cases::{self, CaseReport};
use crate::claims::{self, ClaimReport};
use crate::estimate::{Estimate, Method, Pair};
use crate::hypotheses::{self, HypothesisReport};
use crate::report::StudyReport;
use crate::study::{DEPENDENCE, HIGH, Model, STUDY, Study, Values};
use crate::{Error, Result, episodes, imputation};

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
}

/// A model of the study, fitted.
#[derive(Debug, Clone)]
pub struct Fitted {
    /// The model.
    pub model: &'static Model,
    /// Its estimates.
    pub estimate: Estimate,
    /// What is reported of it.
    pub report: StudyReport,
}

/// Fits every model of the study to the bundled episodes.
///
/// # Errors
/// [`Error::StudyModel`] with the model's key; none for the data this was built with.
pub fn fit_all() -> Result<Vec<Fitted>> {
    let episodes = episodes()?;
    let fitted = |model: &'static Model| {
        let estimate = estimate(&STUDY, model, &episodes)?;
        let report = report(&STUDY, model, &estimate)?;
        Ok(Fitted {
            model,
            estimate,
            report,
        })
    };
    STUDY.models.iter().map(fitted).collect()
}

/// The same fits with predictions made by another method.
///
/// # Errors
/// [`Error::Model`] where a fit lacks a variable or level of the study.
pub fn with_method(fitted: &[Fitted], method: Method) -> Result<Vec<Fitted>> {
    let one = |fitted: &Fitted| {
        let estimate = fitted.estimate.clone().with_method(method);
        let report = report(&STUDY, fitted.model, &estimate)?;
        Ok(Fitted {
            model: fitted.model,
            estimate,
            report,
        })
    };
    fitted.iter().map(one).collect()
}

/// Everything the study reports, from its fitted models.
///
/// # Errors
/// [`Error::Model`] where a fit lacks a variable or level of the study.
pub fn replication(fitted: &[Fitted]) -> Result<Replication> {
    Ok(Replication {
        models: fitted
            .iter()
            .map(|fitted| (fitted.model.key(), fitted.report.clone()))
            .collect(),
        hypotheses: hypotheses::test(fitted),
        claims: claims::judge(fitted)?,
        cases: cases::report(fitted, &episodes()?)?,
    })
}

/// Fits the study and reports it.
///
/// # Errors
/// As [`fit_all`] and [`replication`].
pub fn replicate() -> Result<Replication> {
    replication(&fit_all()?)
}

/// Estimates one model of a study, after multiple imputation where the model says so.
///
/// # Errors
/// [`Error::StudyModel`].
pub fn estimate(study: &Study, model: &Model, episodes: &Table) -> Result<Estimate> {
    if model.dependence.imputed {
        imputation::Imputed::new(study, model, episodes, imputation::Options::default())?.fit(study)
    } else {
        Ok(Estimate::new(fit(study, model, episodes)?))
    }
}

/// Fits one model of a study to the episodes in which nothing is missing.
///
/// # Errors
/// [`Error::StudyModel`].
pub fn fit(study: &Study, model: &Model, episodes: &Table) -> Result<Fit> {
    let fit = || {
        // Whatever measures dependence is one term in every model.
        let mut table = episodes.clone();
        table.insert(DEPENDENCE, episodes.column(model.dependence.column)?.clone())?;
        let formula = Formula::parse(&model.formula(study))?;
        FrameBuilder::new()
            .base(study.base)
            .build(&table, &formula)?
            .design()?
            .fit_with(Separation::Limit)
    };
    fit().map_err(|source| Error::StudyModel {
        key: model.key(),
        source,
    })
}

/// Reports a fitted model with its predictions and comparisons at high and at no dependence.
///
/// # Errors
/// [`Error::Model`] where the fit lacks a variable or level of the study.
pub fn report(study: &Study, model: &Model, estimate: &Estimate) -> Result<StudyReport> {
    let high_dependence = quantile(&estimate.values(DEPENDENCE)?, HIGH);
    let (settings, pairs) = settings(model, &[high_dependence, 0.0]);
    let predicted = estimate.predict(&settings, &pairs)?;
    Ok(StudyReport {
        table: model.table,
        number: model.number,
        label: format!("{} × {}", model.explanation.label, model.dependence.label),
        formula: model.formula(study),
        dependence: model.dependence.column.to_owned(),
        high_dependence,
        model: estimate.model()?,
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
        let at = At::observed().with(DEPENDENCE, *dependence);
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
    crate::figure::two::headline(&fit_all()?)
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
