//! Fits the study's models to the bundled episodes.

use std::collections::BTreeMap;

use mlogit::{At, Fit, Formula, FrameBuilder, Separation, Table};

use crate::report::{ModelReport, StudyReport};
use crate::study::{DEPENDENCE, HIGH, Model, STUDY, Study, Values};
use crate::{Error, Result, episodes};

/// The study's models by key, as the command line and the page report them.
pub type Replication = BTreeMap<String, StudyReport>;

/// A model of the study, fitted.
#[derive(Debug, Clone)]
pub struct Fitted {
    /// The model.
    pub model: &'static Model,
    /// Its fit.
    pub fit: Fit,
    /// What is reported of it.
    pub report: StudyReport,
}

/// Fits every model of the study to the bundled episodes.
///
/// # Errors
/// [`Error::StudyModel`] with the model's key; none for the data this was built with.
pub fn replicate() -> Result<Vec<Fitted>> {
    let episodes = episodes()?;
    let fitted = |model: &'static Model| {
        let fit = fit(&STUDY, model, &episodes)?;
        let report = report(&STUDY, model, &fit)?;
        Ok(Fitted { model, fit, report })
    };
    STUDY.models.iter().map(fitted).collect()
}

/// The reports of fitted models, by key.
#[must_use]
pub fn reports(fitted: &[Fitted]) -> Replication {
    fitted
        .iter()
        .map(|fitted| (fitted.model.key(), fitted.report.clone()))
        .collect()
}

/// Fits one model of a study.
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

/// Reports a fitted model with its predictions at high and at no dependence.
///
/// # Errors
/// [`Error::Model`] where the fit lacks a variable or level of the study.
pub fn report(study: &Study, model: &Model, fit: &Fit) -> Result<StudyReport> {
    let high_dependence = quantile(fit.design().frame().number(DEPENDENCE)?, HIGH);
    let explanation = model.explanation;
    let settings = [high_dependence, 0.0].into_iter().flat_map(|dependence| {
        let at = At::observed().with(DEPENDENCE, dependence);
        let settings: Vec<At> = match explanation.values {
            Values::UnitInterval { steps } => (0..=steps)
                .map(|step| {
                    at.clone()
                        .with(explanation.variable, f64::from(step) / f64::from(steps))
                })
                .collect(),
            Values::Levels(levels) => levels
                .iter()
                .map(|level| at.clone().with(explanation.variable, *level))
                .collect(),
        };
        settings
    });
    let predictions = fit.predictions(settings)?.iter().map(Into::into).collect();
    Ok(StudyReport {
        table: model.table,
        number: model.number,
        label: format!("{} × {}", explanation.label, model.dependence.label),
        formula: model.formula(study),
        dependence: model.dependence.column.to_owned(),
        high_dependence,
        model: ModelReport::from(fit),
        predictions,
    })
}

/// Quantile by linear interpolation between order statistics (R's default, type 7).
fn quantile(values: &[f64], probability: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let position = probability * (sorted.len() as f64 - 1.0);
    let below = position.floor();
    let (low, high) = (sorted[below as usize], sorted[position.ceil() as usize]);
    low + (position - below) * (high - low)
}

/// The main result in one sentence, computed.
///
/// # Errors
/// As [`replicate`].
pub fn headline() -> Result<String> {
    crate::figure::two::headline(&replicate()?)
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
    }
}
