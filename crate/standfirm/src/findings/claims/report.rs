//! What the ledger says of a claim: its checks, and the verdict that follows from them.

use std::collections::BTreeMap;

use mlogit::order;
use serde::Serialize;

use crate::findings::rules::Finding;

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
    /// What a reader of the study's text should know of the claim, such as a slip in it.
    pub note: Option<String>,
    /// Whether it holds.
    pub verdict: Verdict,
    /// How many checks hold.
    pub holds: usize,
    /// How many are contradicted.
    pub contradicted: usize,
    /// One for each model, or each part of a model.
    pub checks: Vec<Check>,
    /// How often the rule passes where it is known what is so.
    pub power: Vec<Power>,
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
    /// No check holds, and fewer than half are contradicted.
    Undecided,
    /// No check holds, and at least half are contradicted.
    Contradicted,
    /// There is nothing to check: no model that the claim is about could be estimated, or it lacks what the claim is
    /// about. Never so in the study itself.
    NotJudged,
}

/// How often a rule passes in one model on outcomes drawn by lot, if the study were right and if nothing it speaks of
/// mattered.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Power {
    /// The model's key.
    pub model: String,
    /// Histories drawn of either kind.
    pub draws: usize,
    /// Shares if the study were right.
    pub right: Shares,
    /// The same if nothing mattered.
    pub nothing: Shares,
}

/// Shares of histories.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Shares {
    /// In which a rule holds.
    pub holds: f64,
    /// In which it is contradicted.
    pub contradicted: f64,
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
    pub finding: Finding,
}

impl Check {
    pub(crate) fn new(
        about: impl Into<String>,
        finding: Finding,
        text: String,
        values: &[(&str, f64)],
    ) -> Self {
        let named = |(name, value): &(&str, f64)| ((*name).to_owned(), *value);
        let values = order::map(values.iter().map(named));
        Check {
            about: about.into(),
            text,
            values,
            finding,
        }
    }
}

/// How many checks have a finding.
pub(crate) fn count(checks: &[Check], finding: Finding) -> usize {
    checks.iter().filter(|check| check.finding == finding).count()
}

impl Verdict {
    /// The verdict that follows from a claim's checks.
    #[must_use]
    pub fn of(checks: &[Check]) -> Self {
        let holds = count(checks, Finding::Holds);
        let contradicted = count(checks, Finding::Contradicted);
        if checks.is_empty() {
            Verdict::NotJudged
        } else if holds == checks.len() {
            Verdict::Reproduced
        } else if holds > 0 {
            Verdict::Partly
        } else if 2 * contradicted >= checks.len() {
            Verdict::Contradicted
        } else {
            Verdict::Undecided
        }
    }

    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Verdict::Reproduced => "reproduced",
            Verdict::Partly => "partly reproduced",
            Verdict::Undecided => "undecided",
            Verdict::Contradicted => "contradicted",
            Verdict::NotJudged => "not judged",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Finding::{Contradicted, Holds, Undecided};

    fn verdict(findings: &[Finding]) -> Verdict {
        let check = |finding: &Finding| Check::new("", *finding, String::new(), &[]);
        Verdict::of(&findings.iter().map(check).collect::<Vec<_>>())
    }

    #[test]
    fn a_verdict_follows_from_the_checks() {
        assert_eq!(verdict(&[]), Verdict::NotJudged);
        assert_eq!(verdict(&[Holds, Holds]), Verdict::Reproduced);
        assert_eq!(verdict(&[Holds, Undecided]), Verdict::Partly);
        assert_eq!(verdict(&[Contradicted, Contradicted, Holds]), Verdict::Partly);
        assert_eq!(verdict(&[Undecided, Undecided]), Verdict::Undecided);
        assert_eq!(verdict(&[Contradicted, Undecided, Undecided]), Verdict::Undecided);
        assert_eq!(verdict(&[Contradicted, Undecided]), Verdict::Contradicted);
        assert_eq!(verdict(&[Contradicted]), Verdict::Contradicted);
    }
}
