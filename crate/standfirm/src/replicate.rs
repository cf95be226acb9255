//! The whole study: fitted, and everything it reports.

use std::collections::BTreeMap;

use mlogit::order;
use serde::Serialize;

use crate::data::episodes::episodes;
use crate::error::Result;
use crate::exhibits::two;
use crate::findings::cases::{self, CaseReport};
use crate::findings::claims;
use crate::findings::claims::report::ClaimReport;
use crate::findings::hypotheses::{self, HypothesisReport};
use crate::fitting::fitted::{Estimates, Part, Refusal, StudyReport, fit_all};
use crate::specification::Specification;

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
        models: order::map(
            fitted
                .iter()
                .map(|fitted| (fitted.model.key(), fitted.report.clone())),
        ),
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
    replication(&fit_all(&Specification::default(), Part::All)?)
}

/// The main result in one sentence, computed.
///
/// # Errors
/// As [`fit_all`].
pub fn headline() -> Result<String> {
    let estimates = fit_all(&Specification::default(), Part::First)?;
    two::headline(&estimates.fitted)
}
