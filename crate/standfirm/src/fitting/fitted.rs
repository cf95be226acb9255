//! The study's models, fitted to the bundled episodes.

use mlogit::order;
use mlogit::{At, Table};
use report::results::{Comparison, ImputationReport, ModelReport, Prediction};
use report::words::clipped;
use serde::{Deserialize, Serialize};

use crate::data::episodes::episodes;
use crate::error::{Error, Result};
use crate::fitting::estimate::{Combined, Drawing, Estimate, Pair, Sum};
use crate::fitting::imputation::Imputed;
use crate::specification::Specification;
use crate::specification::controls::Omitted;
use crate::specification::prepared::Prepared;
use crate::study::thesis::STUDY;
use crate::study::{Model, Values};

/// A model of the study with its predictions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StudyReport {
    /// Table of the study, from 1.
    pub table: u8,
    /// Number in the table, from 1.
    pub number: u8,
    /// Words for the model.
    pub label: String,
    /// Its formula.
    pub formula: String,
    /// What the formula's dependence stands for: a column of the episodes, or a function of one.
    pub dependence: String,
    /// Dependence that counts as high, on the scale of the formula: the study's is the 90th percentile of the estimation
    /// sample; where values were imputed, of all completed samples together.
    pub high_dependence: f64,
    /// The fit.
    #[serde(flatten)]
    pub model: ModelReport,
    /// Controls that are left out because the episodes cannot tell what they do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub omitted: Vec<Omitted>,
    /// What was imputed and how, where anything was. Estimates are then pooled, and their statistics from Student's
    /// t; log-likelihood, likelihood ratio, AIC, BIC and R2 are means over the completed tables, and the
    /// likelihood ratio's p-value is that of [`ImputationReport::wald`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imputation: Option<ImputationReport>,
    /// Average probabilities at high and at no dependence.
    pub predictions: Vec<Prediction>,
    /// Differences of average probabilities between regimes, at high and at no dependence.
    pub comparisons: Vec<Comparison>,
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
    /// What was imputed for it, where anything was.
    pub imputed: Option<Imputed>,
    /// Comparisons of regimes from the least to the most dependence observed, where the model is about them.
    pub along: Vec<Comparison>,
    /// For each regime that the first is compared with: how many standard errors a band reaches to either side that
    /// covers its comparisons at every such dependence at once.
    pub bands: Vec<Band>,
    /// How much each comparison changes from no to high dependence: second differences, personalist minus others, in the
    /// order of the comparisons.
    pub changes: Vec<Combined>,
}

/// A regime, and how many standard errors the band of its comparisons reaches to either side.
pub type Band = (String, f64);

/// A model that cannot be estimated as specified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
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
pub enum Part {
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
pub fn fit_all(specification: &Specification, part: Part) -> Result<Estimates> {
    let episodes = episodes()?;
    let mut estimates = Estimates::none(specification.clone());
    while let Some(model) = estimates.next(part) {
        estimates.fit(&model, &episodes);
    }
    Ok(estimates)
}

impl Part {
    /// By its name: `first`, `complete` or `all`.
    ///
    /// # Errors
    /// [`Error::Unknown`] where there is none of that name.
    pub fn find(name: &str) -> Result<Self> {
        match name {
            "first" => Ok(Part::First),
            "complete" => Ok(Part::CompleteCases),
            "all" => Ok(Part::All),
            _ => Err(Error::Unknown {
                kind: "part",
                name: clipped(name),
                known: ["first", "complete", "all"].map(str::to_owned).into(),
            }),
        }
    }
}

impl Estimates {
    /// Before any model was fitted.
    #[must_use]
    pub fn none(specification: Specification) -> Self {
        Estimates {
            specification,
            fitted: Vec::new(),
            refusals: Vec::new(),
        }
    }

    /// The models that are wanted.
    pub fn wanted(&self, part: Part) -> impl Iterator<Item = Model> + '_ {
        let most = if part == Part::First { 1 } else { usize::MAX };
        let models = self.specification.models().take(most);
        models.filter(move |model| part == Part::All || !model.dependence.imputed)
    }

    /// The next model to be fitted: those that impute come last. None where all that are wanted have been.
    #[must_use]
    pub fn next(&self, part: Part) -> Option<Model> {
        let missing = self.wanted(part).filter(|model| !self.knows(&model.key()));
        missing.min_by_key(|model| model.dependence.imputed)
    }

    /// Whether a model has been fitted, or cannot be.
    #[must_use]
    pub fn knows(&self, key: &str) -> bool {
        self.fitted(key).is_some() || self.refusal(key).is_some()
    }

    /// Why a model cannot be estimated.
    #[must_use]
    pub fn refusal(&self, key: &str) -> Option<&Refusal> {
        self.refusals.iter().find(|one| one.model == key)
    }

    /// A model that was fitted.
    #[must_use]
    pub fn fitted(&self, key: &str) -> Option<&Fitted> {
        self.fitted.iter().find(|one| one.model.key() == key)
    }

    /// Fits a model, or keeps the reason why it cannot be.
    pub fn fit(&mut self, model: &Model, episodes: &Table) {
        self.keep(model, fit(&self.specification, model, episodes));
    }

    /// Keeps a model that was fitted, or the reason why it cannot be.
    pub fn keep(&mut self, model: &Model, found: Result<Fitted>) {
        let order: Vec<String> = self.specification.models().map(|model| model.key()).collect();
        let place = |key: &str| order.iter().position(|one| one == key);
        match found {
            Ok(fitted) => {
                self.fitted.push(fitted);
                order::by_key(&mut self.fitted, |one| place(&one.model.key()));
            }
            Err(error) => {
                self.refusals.push(Refusal {
                    model: model.key(),
                    label: model.label(),
                    reason: error.to_string(),
                });
                order::by_key(&mut self.refusals, |one| place(&one.model));
            }
        }
    }
}

/// Fits one model, after multiple imputation where it says so, and reports it.
///
/// # Errors
/// Why it cannot be estimated as specified: see [`Specification::prepare`] and
/// [`Prepared::fit`].
pub fn fit(specification: &Specification, model: &Model, episodes: &Table) -> Result<Fitted> {
    let mut fitting = Fitting::new(specification, model, episodes)?;
    while fitting.step() {}
    fitting.finish()
}

/// A model that is fitted, while it is fitted to resamples for its intervals: for work that is watched.
#[derive(Debug)]
pub struct Fitting {
    model: Model,
    prepared: Prepared,
    drawing: Drawing,
    imputed: Option<Imputed>,
}

impl Fitting {
    /// With nothing resampled yet.
    ///
    /// # Errors
    /// As [`fit`].
    pub fn new(specification: &Specification, model: &Model, episodes: &Table) -> Result<Self> {
        let (prepared, estimate, imputed) = if model.dependence.imputed {
            let imputed = Imputed::new(specification, model, episodes)?;
            (imputed.prepared().clone(), imputed.fit()?, Some(imputed))
        } else {
            let prepared = specification.prepare(model, episodes)?;
            let fit = prepared.fit()?;
            (prepared, Estimate::new(fit), None)
        };
        let drawing = estimate.drawing(specification.method, prepared.clusters())?;
        Ok(Fitting {
            model: *model,
            prepared,
            drawing,
            imputed,
        })
    }

    /// Fits the model to one more resample; `false` where none is left.
    pub fn step(&mut self) -> bool {
        self.drawing.step()
    }

    /// Which model.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// How many resamples are done with, and of how many.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        self.drawing.progress()
    }

    /// The model with everything that is reported of it.
    ///
    /// # Errors
    /// As [`fit`].
    pub fn finish(self) -> Result<Fitted> {
        let Fitting {
            model,
            prepared,
            drawing,
            imputed,
        } = self;
        let estimate = drawing.finish()?;
        let report = report(&prepared, &estimate)?;
        let (along, bands) = match model.explanation.values {
            Values::UnitInterval { .. } => (Vec::new(), Vec::new()),
            Values::Levels(levels) => along(&model, levels, &estimate)?,
        };
        let changes = changes(&model, &estimate, report.high_dependence)?;
        Ok(Fitted {
            model,
            estimate,
            report,
            imputed,
            along,
            bands,
            changes,
        })
    }
}

/// Equal steps from the least to the most dependence observed.
const STEPS: u32 = 16;

#[inline(never)]
fn along(model: &Model, levels: &[&str], estimate: &Estimate) -> Result<(Vec<Comparison>, Vec<Band>)> {
    let observed = estimate.values(model.term())?;
    let low = observed.iter().copied().fold(f64::INFINITY, f64::min);
    let high = observed.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let step = |step: u32| low + (high - low) * f64::from(step) / f64::from(STEPS);
    let dependences: Vec<f64> = (0..=STEPS).map(step).collect();
    let (settings, pairs) = settings(model, &dependences);
    // At every dependence, the pairs come in the order of the levels.
    let count = levels.len().saturating_sub(1);
    let group = |position: usize| pairs.iter().skip(position).step_by(count).copied().collect();
    let groups: Vec<Vec<Pair>> = (0..count).map(group).collect();
    let reaches = estimate.simultaneous(&settings, &groups, STUDY.focus)?;
    let names = levels.iter().skip(1).map(|level| (*level).to_owned());
    let bands = names.zip(reaches).collect();
    Ok((estimate.predict(&settings, &pairs)?.comparisons, bands))
}

/// The second differences of a model: how much the difference between personalists and others changes from no to high
/// dependence.
fn changes(model: &Model, estimate: &Estimate, high: f64) -> Result<Vec<Combined>> {
    let variable = model.explanation.variable;
    // A personalist target first, then the others.
    let at = |dependence: f64| -> Vec<At> {
        let at = At::observed().with(model.term(), dependence);
        match model.explanation.values {
            Values::UnitInterval { .. } => [1.0, 0.0].map(|index| at.clone().with(variable, index)).into(),
            Values::Levels(levels) => levels
                .iter()
                .map(|level| at.clone().with(variable, *level))
                .collect(),
        }
    };
    let mut settings = at(high);
    let count = settings.len();
    settings.extend(at(0.0));
    let sum = |other: usize| vec![(0, 1.0), (other, -1.0), (count, -1.0), (count + other, 1.0)];
    let sums: Vec<Sum> = (1..count).map(sum).collect();
    estimate.combine(&settings, &sums, STUDY.focus)
}

/// A fitted model with its predictions and comparisons at high and at no dependence.
#[inline(never)]
fn report(prepared: &Prepared, estimate: &Estimate) -> Result<StudyReport> {
    let model = prepared.model();
    let high_dependence = model.high.of(&estimate.values(model.term())?);
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
fn settings(model: &Model, dependences: &[f64]) -> (Vec<At>, Vec<Pair>) {
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
