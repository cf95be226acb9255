//! Everything the page shows, in one value.

use std::collections::BTreeMap;

use mlogit::order;
use report::coefficients::CoefficientTable;
use report::figure::{Figure, Scale};
use report::grid::Grid;
use report::results::Value;
use serde::Serialize;

use crate::data::episodes::episodes;
use crate::data::variables::{DERIVED, VARIABLES};
use crate::error::Result;
use crate::exhibits::about::CITATION;
use crate::exhibits::{case, four, hypotheses, one, tables, three, two};
use crate::findings::cases::{self, CaseReport};
use crate::findings::claims::report::ClaimReport;
use crate::fitting::fitted::{Estimates, Fitted, Part, Refusal};
use crate::replicate::replication;
use crate::specification::Specification;
use crate::specification::fragment::SpecificationReport;
use crate::specification::options::Options as _;
use crate::study::term_of_scale;
use crate::study::words::{label, level_label};

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Article {
    /// The main result in one sentence; none where no model with the index could be estimated.
    pub headline: Option<String>,
    /// The answer to the study's question, or why there is none.
    pub answer: String,
    /// Words for the names used below: models, variables, contrasts.
    pub labels: BTreeMap<String, String>,
    /// The study and this program, for what is taken away.
    pub citation: String,
    /// What was specified, and where it differs from the study.
    pub specification: SpecificationReport,
    /// What a figure of one model can be drawn of in the whole study: measures of dependence, then all models; keys, and
    /// words for them.
    pub versions: Vec<(String, String)>,
    /// How many models were fitted.
    pub fitted: usize,
    /// Models that cannot be estimated as specified.
    pub refusals: Vec<Refusal>,
    /// The figures, every version of them that is of models that were fitted.
    pub figures: Vec<Figure>,
    /// The tables, by number; those of which no model could be estimated are left out.
    pub tables: Vec<CoefficientTable>,
    /// The study's explanations, with the figure and the table that are about each.
    pub explanations: Vec<ExplanationPlaces>,
    /// Keys of the models whose dependence is imputed.
    pub imputed: Vec<String>,
    /// What needs all models.
    pub whole: Option<Whole>,
}

/// Where on the page an explanation is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct ExplanationPlaces {
    /// The first half of its models' keys.
    pub key: String,
    /// Number of the figure.
    pub figure: u8,
    /// Number of the table.
    pub table: u8,
}

/// What the page shows that needs all of the study's models.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Whole {
    /// The tests of the hypotheses as a figure and as a table; no figure where there is no model.
    pub hypothesis_figure: Option<Figure>,
    /// The table.
    pub hypothesis_table: Grid,
    /// What the study claims, and what the rebuilt data say to it.
    pub claims: Vec<ClaimReport>,
    /// The episodes that the study tells.
    pub cases: Vec<Case>,
}

/// An episode that the study tells.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Case {
    /// Its key in the episode table.
    pub caseid: u64,
    /// How the episode was found.
    pub identified: String,
    /// What the episode table has of it: variable and value, without what is missing.
    pub facts: Vec<(String, Value)>,
    /// What the models make of it.
    pub figures: Vec<Figure>,
}

impl Article {
    /// What there is to show of models that were fitted, with what needs all of them where all were `which` were wanted;
    /// `ignored` is what their specification had that means nothing.
    ///
    /// # Errors
    /// As [`replication`].
    pub fn new(estimates: &Estimates, part: Part, ignored: Vec<String>) -> Result<Self> {
        let fitted = &estimates.fitted;
        let specification = &estimates.specification;
        let mut tables: Vec<CoefficientTable> =
            [1, 2].map(|number| tables::coefficients(number, fitted)).into();
        tables.retain(|table| !table.models.is_empty());
        let labels = labels(specification);
        Ok(Article {
            headline: two::headline(fitted).ok(),
            answer: two::answer(fitted),
            citation: CITATION.to_owned(),
            whole: match part {
                Part::All => Some(whole(estimates, &labels)?),
                Part::First | Part::CompleteCases => None,
            },
            labels,
            specification: specification.report(ignored),
            versions: versions(specification),
            explanations: explanations(specification),
            imputed: specification
                .models()
                .filter(|model| model.dependence.imputed)
                .map(|model| model.key())
                .collect(),
            fitted: fitted.len(),
            refusals: estimates.refusals.clone(),
            figures: figures(fitted)?,
            tables,
        })
    }
}

fn explanations(specification: &Specification) -> Vec<ExplanationPlaces> {
    let mut places = Vec::new();
    for model in specification.models() {
        let place = ExplanationPlaces {
            key: model.explanation.key.to_owned(),
            figure: model.explanation.figure,
            table: model.table,
        };
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places
}

fn versions(specification: &Specification) -> Vec<(String, String)> {
    let mut versions = Vec::new();
    for model in specification.models() {
        let version = (model.dependence.key.to_owned(), model.dependence.label.to_owned());
        if !versions.contains(&version) {
            versions.push(version);
        }
    }
    versions.push(("all".to_owned(), "All models".to_owned()));
    versions
}

fn whole(estimates: &Estimates, labels: &BTreeMap<String, String>) -> Result<Whole> {
    let replication = replication(estimates)?;
    let case = |case: CaseReport| Case {
        figures: case::figures(&case, &estimates.fitted),
        caseid: case.caseid,
        identified: case.identified,
        facts: case.facts,
    };
    Ok(Whole {
        hypothesis_figure: hypotheses::figure(&estimates.fitted),
        hypothesis_table: hypotheses::grid(&replication.hypotheses, labels),
        claims: replication.claims,
        cases: replication.cases.into_iter().map(case).collect(),
    })
}

/// Every figure of the study in every version; those of which no model could be estimated are left out.
///
/// # Errors
/// [`crate::Error::Model`] where a fit or the table lacks a variable of the study.
pub fn figures(fitted: &[Fitted]) -> Result<Vec<Figure>> {
    let mut figures = vec![one::figure(&episodes()?)?];
    figures.extend(two::figures(fitted)?);
    figures.extend(three::figure(fitted));
    figures.extend(four::figures(fitted)?);
    Ok(figures)
}

/// Those figures, the hypotheses' and the cases', each with the name of its card on the page; a card's versions follow
/// each other.
///
/// # Errors
/// As [`figures`] and [`cases::report`].
pub fn all_figures(estimates: &Estimates) -> Result<Vec<(String, Figure)>> {
    let fitted = &estimates.fitted;
    let mut named: Vec<(String, Figure)> = figures(fitted)?
        .into_iter()
        .map(|figure| (format!("figure-{}", figure.number), figure))
        .collect();
    named.extend(hypotheses::figure(fitted).map(|figure| ("hypotheses".to_owned(), figure)));
    for case in cases::report(&estimates.specification, fitted, &episodes()?)? {
        let figures = case::figures(&case, fitted).into_iter();
        named.extend(figures.map(|figure| (format!("case-{}", case.caseid), figure)));
    }
    Ok(named)
}

/// Words for every name that the page shows.
fn labels(specification: &Specification) -> BTreeMap<String, String> {
    let variables = VARIABLES
        .iter()
        .chain(&DERIVED)
        .map(|one| (one.name.to_owned(), one.label.to_owned()));
    let models = specification.models().map(|model| (model.key(), model.label()));
    // Contrasts of the ledger: a regime by itself has its own words.
    let levels = ["nonpersonalist", "democracy"].map(|level| {
        let words = format!("{} against personalists", level_label(level));
        (level.to_owned(), words)
    });
    let dependence = Scale::ALL
        .iter()
        .map(|scale| (term_of_scale(*scale).to_owned(), label(term_of_scale(*scale))));
    order::map(variables.chain(models).chain(levels).chain(dependence))
}
