//! Everything the page shows, in one value.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::Result;
use crate::about::CITATION;
use crate::episodes;
use crate::estimate::Method;
use crate::figure::{self, Figure};
use crate::grid::Grid;
use crate::hypotheses;
use crate::replicate::{Fitted, Replication, fit_all, replication, with_method};
use crate::study::{DEPENDENCE, DEPENDENCE_LABEL, STUDY, level_label};
use crate::table::{self, CoefficientTable};
use crate::variables::VARIABLES;

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Article {
    /// The main result in one sentence.
    pub headline: String,
    /// Words for the names used below: models, variables, contrasts.
    pub labels: BTreeMap<String, String>,
    /// The study and this program, for what is taken away.
    pub citation: String,
    /// Ways to make predictions: key and words.
    pub methods: Vec<(String, String)>,
    /// What the study reports.
    #[serde(flatten)]
    pub replication: Replication,
    /// The figures, every version of them.
    pub figures: Vec<Figure>,
    /// The tables, by number.
    pub tables: Vec<CoefficientTable>,
    /// The tests of the hypotheses as a table.
    pub hypothesis_table: Grid,
}

/// Fits the study's models and makes everything the page shows of them.
///
/// # Errors
/// As [`fit_all`] and [`replication`].
pub fn article() -> Result<Article> {
    let fitted = fit_all()?;
    let labels = labels();
    let replication = replication(&fitted)?;
    Ok(Article {
        headline: figure::two::headline(&fitted)?,
        citation: CITATION.to_owned(),
        hypothesis_table: hypotheses::grid(&replication.hypotheses, &labels),
        labels,
        methods: Method::ALL
            .iter()
            .map(|method| (method.key().to_owned(), method.label().to_owned()))
            .collect(),
        replication,
        figures: figures(&fitted)?,
        tables: vec![table::coefficients(1, &fitted), table::coefficients(2, &fitted)],
    })
}

/// Figures 2 to 4 in every version, with predictions made by another method.
///
/// # Errors
/// As [`fit_all`]; [`crate::Error::Unknown`] where there is no such method.
pub fn figures_by(method: &str) -> Result<Vec<Figure>> {
    let method = Method::find(method)?;
    let fitted = with_method(&fit_all()?, method)?;
    let mut figures = figures(&fitted)?;
    figures.retain(|figure| figure.number > 1);
    Ok(figures)
}

/// Every figure of the study in every version.
///
/// # Errors
/// [`crate::Error::Model`] where a fit or the table lacks a variable of the study.
pub fn figures(fitted: &[Fitted]) -> Result<Vec<Figure>> {
    let mut figures = vec![figure::one::figure(&episodes()?)?];
    figures.extend(figure::two::figures(fitted)?);
    figures.push(figure::three::figure(fitted)?);
    figures.extend(figure::four::figures(fitted)?);
    Ok(figures)
}

/// Words for every name that the page shows.
fn labels() -> BTreeMap<String, String> {
    let variables = VARIABLES
        .iter()
        .map(|one| (one.name.to_owned(), one.label.to_owned()));
    let models = STUDY.models.iter().map(|model| {
        let words = format!("{}, {}", model.explanation.label, model.dependence.label);
        (model.key(), words)
    });
    let levels = ["personalist", "nonpersonalist", "democracy"].map(|level| {
        let words = format!("{} against personalist", level_label(level));
        (level.to_owned(), words)
    });
    let dependence = (DEPENDENCE.to_owned(), DEPENDENCE_LABEL.to_owned());
    variables
        .chain(models)
        .chain(levels)
        .chain([dependence])
        .collect()
}
