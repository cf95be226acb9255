//! The ledger: what the study claims in numbers, and what the rebuilt data say to it.
//!
//! Every claim is checked in each model it is about, by a rule of [`rules`](crate::findings::rules). It is reproduced
//! where every check holds, partly where some do; where none does it is contradicted or left undecided.

mod corners;
mod models;
pub mod report;
mod sources;

use mlogit::Table;

use crate::data::power::{self, Tally, World};
use crate::error::Result;
use crate::findings::claims::models::{index_models, regime_models};
use crate::findings::claims::report::{Check, ClaimReport, Power, Shares, Verdict, count};
use crate::findings::rules::Finding;
use crate::fitting::fitted::Fitted;

/// A claim as the study has it.
struct Claim {
    key: &'static str,
    claim: &'static str,
    place: &'static str,
    rule: &'static str,
    note: Option<&'static str>,
    check: fn(&[Fitted], &Table) -> Result<Vec<Check>>,
}

const INTRODUCTION: &str = "Introduction";
const FINDINGS_2: &str = "Findings, on Figure 2";
const FINDINGS_3: &str = "Findings, on Figure 3";
const FINDINGS_LAST: &str = "Findings, on the controls";
const HYPOTHESES: &str = "Hypotheses";
const CASES: &str = "The three cases";

/// Which figure is meant is told by what the text says of it.
const FIGURE_3: Option<&str> = Some("The text calls this figure Figure 2.");
const TARGETS: Option<&str> = Some(
    "The text speaks of the sender’s probability of conceding; from what it makes of it, it means the target’s.",
);

static CLAIMS: [Claim; 22] = [
    Claim {
        key: "a",
        claim: "Where dependence is high, the probability of concession falls from about 0.3 to nearly 0 as the \
                personalist index goes from 0 to 1.",
        place: FINDINGS_2,
        rule: "It is between 0.2 and 0.4 at index 0, and at most 0.1 at index 1; contradicted where either interval \
               lies outside.",
        note: None,
        check: |fitted, _| Ok(index_models(fitted).map(models::falls_to_zero).collect()),
    },
    Claim {
        key: "b",
        claim: "Above an index of 0.5 that probability can no longer be told from 0.",
        place: FINDINGS_2,
        rule: "Its 95% interval includes 0 at every index above 0.5; contradicted where one lies above 0. This is a \
               claim about intervals: a wide one passes as well as one near 0.",
        note: None,
        check: |fitted, _| Ok(index_models(fitted).map(models::lost_above_half).collect()),
    },
    Claim {
        key: "c",
        claim: "The fall is of more than 60 percent.",
        place: FINDINGS_2,
        rule: "The probability at index 1 is less than 40% of that at index 0; contradicted where the interval of \
               what is more than 40% lies above 0.",
        note: Some(
            "That the intervals at the two ends overlap is what the study names as the limit of this finding, so it is \
             told here and not asked for. The sentence after it says Figure 1, and is about this figure.",
        ),
        check: |fitted, _| Ok(index_models(fitted).map(models::falls_by_sixty).collect()),
    },
    Claim {
        key: "d",
        claim: "Where dependence is high, democracies and other autocracies concede with a probability between 0.2 \
                and 0.4, which differs from 0.",
        place: FINDINGS_3,
        rule: "It is between 0.2 and 0.4, and its 95% interval lies above 0; contradicted where the interval lies \
               outside the range.",
        note: FIGURE_3,
        check: |fitted, _| Ok(regime_models(fitted).flat_map(models::others).collect()),
    },
    Claim {
        key: "o",
        claim: "Other autocracies respond much as democracies do.",
        place: "Introduction; findings, on Figure 3",
        rule: "At high dependence the 95% interval of the difference between the two, other autocracies minus \
               democracies, lies within 10 points to either side and includes 0; contradicted where it excludes 0.",
        note: FIGURE_3,
        check: |fitted, _| each(regime_models(fitted), models::others_alike),
    },
    Claim {
        key: "e",
        claim: "Where dependence is high, personalists concede with a probability of about 0.15, which does not \
                differ from 0.",
        place: FINDINGS_3,
        rule: "Two checks in each model: it is between 0.1 and 0.2, contradicted where its 95% interval lies outside; \
               and that interval includes 0, contradicted where it does not. The second is a claim about intervals: a \
               wide one passes.",
        note: FIGURE_3,
        check: |fitted, _| Ok(regime_models(fitted).flat_map(models::personalists).collect()),
    },
    Claim {
        key: "p",
        claim: "As dependence rises, personalists stay as firm as they were, and others concede more often.",
        place: "Introduction; findings, on Figure 3",
        rule: "From no trade to high dependence: for personalists the 95% interval of the change lies within 10 points \
               to either side and includes 0, contradicted where it excludes 0; for others it lies above 0, \
               contradicted where it lies below.",
        note: None,
        check: |fitted, _| each(fitted.iter(), models::rises),
    },
    Claim {
        key: "g",
        claim: "As dependence rises, the effect of being a democracy, and of being another autocracy, against \
                personalists becomes positive and significant.",
        place: "Findings, on Figure 4",
        rule: "The 95% interval of the difference lies above 0 at the largest dependence observed, and does not at the \
               smallest; contradicted where it lies below 0 at the largest, or above 0 at the smallest already.",
        note: Some("The text calls this figure Figure 3."),
        check: |fitted, _| Ok(regime_models(fitted).flat_map(models::turns_positive).collect()),
    },
    Claim {
        key: "f",
        claim: "All of this comes out the same whichever source and measure of trade is used.",
        place: FINDINGS_3,
        rule: "Each of the claims on Figures 2 to 4 that is judged model by model (a to e and g) holds with every \
               measure; contradicted where one measure contradicts it.",
        note: Some(
            "Which five measures the study’s five models have is our reading: its tables are not in its text.",
        ),
        check: everywhere,
    },
    Claim {
        key: "h",
        claim: "Where dependence is low, personalist targets concede as often as others (hypothesis 1a).",
        place: HYPOTHESES,
        rule: "At no trade the 95% interval of each contrast with personalists lies within 10 points to either side and \
               includes 0; contradicted where it excludes 0. That it includes 0 is not enough: a wide interval does \
               that too.",
        note: None,
        check: |fitted, _| Ok(fitted.iter().flat_map(models::no_difference).collect()),
    },
    Claim {
        key: "r",
        claim: "Where dependence is high, personalist targets concede less often than others (hypothesis 1b).",
        place: HYPOTHESES,
        rule: "At high dependence the 95% interval of each contrast, others minus personalists, lies above 0; \
               contradicted where it lies below.",
        note: None,
        check: |fitted, _| Ok(fitted.iter().flat_map(models::more_at_high).collect()),
    },
    Claim {
        key: "q",
        claim: "Personalists differ from others only where dependence is high: the difference grows with dependence.",
        place: "Hypotheses; conclusion",
        rule: "The 95% interval of the second difference lies above 0: others minus personalists at high dependence, \
               minus the same without trade; contradicted where it lies below.",
        note: None,
        check: |fitted, _| each(fitted.iter(), models::second_difference),
    },
    Claim {
        key: "s",
        claim: "Over all threats, with dependence as it was, personalist targets concede less often than others.",
        place: INTRODUCTION,
        rule: "Averaged over the dependence observed, the 95% interval of each contrast, others minus personalists, \
               lies above 0; contradicted where it lies below.",
        note: None,
        check: |fitted, _| each(fitted.iter(), models::more_as_observed),
    },
    Claim {
        key: "i",
        claim: "The stronger the sender is beside the target, the likelier is a concession.",
        place: FINDINGS_LAST,
        rule: "Moving the capabilities from their 10th to their 90th percentile raises the average probability of \
               concession: its 95% interval lies above 0; contradicted where it lies below.",
        note: TARGETS,
        check: |fitted, _| models::control(fitted, "i"),
    },
    Claim {
        key: "j",
        claim: "Threats over security are conceded less often.",
        place: FINDINGS_LAST,
        rule: "A security issue lowers the average probability of concession: the difference’s 95% interval lies below \
               0; contradicted where it lies above.",
        note: TARGETS,
        check: |fitted, _| models::control(fitted, "j"),
    },
    Claim {
        key: "k",
        claim: "A sender whose last threat was conceded is conceded to more often.",
        place: FINDINGS_LAST,
        rule: "Past success raises the average probability of concession: the difference’s 95% interval lies above 0; \
               contradicted where it lies below.",
        note: TARGETS,
        check: |fitted, _| models::control(fitted, "k"),
    },
    Claim {
        key: "m",
        claim: "More than half of the threats come from the United States.",
        place: "Control variables",
        rule: "Their share is above one half, of all threats in TIES, and of those by one state against another.",
        note: None,
        check: |_, episodes| sources::us_share(episodes),
    },
    Claim {
        key: "x",
        claim: "Almost all sanctions of the United States that are in force are against autocracies.",
        place: INTRODUCTION,
        rule: "More than half are, among those whose target Geddes, Wright and Frantz code: of the sanctions in force \
               when TIES ends, and of all it has.",
        note: Some(
            "The study speaks of its own day; TIES ends in 2005. More than half is less than it says, and is what its \
             puzzle needs.",
        ),
        check: |_, _| sources::us_sanctions(),
    },
    Claim {
        key: "u",
        claim: "UN Comtrade has no trade before 1960, and none of Taiwan.",
        place: "Independent variables",
        rule: "The first year with a share is 1960 or later; no threat by or against Taiwan has one.",
        note: None,
        check: |_, episodes| sources::comtrade(episodes),
    },
    Claim {
        key: "v",
        claim: "Iraq’s trade fell by 38.5 billion dollars from 1980 to 1996.",
        place: "Domestic audience",
        rule: "Its imports and exports fell by 38.5 billion, give or take a tenth.",
        note: Some("The study has the number from Brooks (2002); this one is from the Correlates of War."),
        check: |_, _| sources::iraq(),
    },
    Claim {
        key: "n",
        claim: "Panama in 1987 was fully personalist: a military-personalist autocracy with an index of 1.",
        place: CASES,
        rule: "The index of the episode of August 1987 is 1, and the regime is called military-personal that year.",
        note: None,
        check: |_, episodes| sources::panama(episodes),
    },
    Claim {
        key: "w",
        claim: "Guatemala in 1993 had been under indirect military rule for seven years.",
        place: CASES,
        rule: "The regime is called that in 1993, and seven years before it belong to the same spell of rule.",
        note: Some(
            "Where the text first names the threat against Guatemala it dates it 1987, the year of Panama’s.",
        ),
        check: |_, _| sources::guatemala(),
    },
];

/// Claims on the study's figures that are judged model by model.
const ON_FIGURES: [&str; 6] = ["a", "b", "c", "d", "e", "g"];

/// Key and words of every claim, in the order of the ledger.
pub fn claims() -> impl Iterator<Item = (&'static str, &'static str)> {
    CLAIMS.iter().map(|claim| (claim.key, claim.claim))
}

/// Checks every claim.
///
/// # Errors
/// [`crate::Error::Model`] where a fit or the table lacks a variable of the study.
pub fn judge(fitted: &[Fitted], episodes: &Table) -> Result<Vec<ClaimReport>> {
    CLAIMS
        .iter()
        .map(|claim| report(claim, (claim.check)(fitted, episodes)?))
        .collect()
}

/// What the rules that are applied model by model say to one model: the claim's key, and the finding of all its checks.
///
/// # Errors
/// As [`judge`].
pub fn findings(fitted: &Fitted, episodes: &Table) -> Result<Vec<(&'static str, Finding)>> {
    let mut findings = Vec::new();
    for claim in CLAIMS.iter().filter(|claim| claim.key != "f") {
        // What is checked without any model is about the data.
        let about_models = (claim.check)(&[], episodes)?.is_empty();
        let checks = (claim.check)(std::slice::from_ref(fitted), episodes)?;
        if about_models && !checks.is_empty() {
            findings.push((claim.key, Finding::all(checks.iter().map(|check| check.finding))));
        }
    }
    Ok(findings)
}

/// The checks of each model.
fn each<'a>(
    models: impl Iterator<Item = &'a Fitted>,
    check: fn(&Fitted) -> Result<Vec<Check>>,
) -> Result<Vec<Check>> {
    let checks = models.map(check).collect::<Result<Vec<_>>>()?;
    Ok(checks.into_iter().flatten().collect())
}

/// (f) Whether each claim on a figure holds with every measure.
fn everywhere(fitted: &[Fitted], episodes: &Table) -> Result<Vec<Check>> {
    let mut found = Vec::new();
    for claim in CLAIMS.iter().filter(|claim| ON_FIGURES.contains(&claim.key)) {
        let checks = (claim.check)(fitted, episodes)?;
        if checks.is_empty() {
            continue;
        }
        let finding = Finding::all(checks.iter().map(|check| check.finding));
        let holds = count(&checks, Finding::Holds);
        found.push(Check::new(
            format!("Claim {}", claim.key),
            finding,
            format!("{holds} of {} checks hold", checks.len()),
            &[("holds", holds as f64), ("checks", checks.len() as f64)],
        ));
    }
    Ok(found)
}

fn report(claim: &Claim, checks: Vec<Check>) -> Result<ClaimReport> {
    let Claim {
        key,
        claim,
        place,
        rule,
        note,
        ..
    } = claim;
    Ok(ClaimReport {
        key: (*key).to_owned(),
        claim: (*claim).to_owned(),
        place: (*place).to_owned(),
        rule: (*rule).to_owned(),
        note: note.map(str::to_owned),
        verdict: Verdict::of(&checks),
        holds: count(&checks, Finding::Holds),
        contradicted: count(&checks, Finding::Contradicted),
        checks,
        power: powers(&power::recorded(key)?),
    })
}

/// Both worlds of a model beside each other.
fn powers(tallies: &[Tally]) -> Vec<Power> {
    let shares = |one: &Tally| Shares {
        holds: one.holds as f64 / one.draws as f64,
        contradicted: one.contradicted as f64 / one.draws as f64,
    };
    let of = |world: World| tallies.iter().filter(move |one| one.world == world.key());
    of(World::Right)
        .filter_map(|right| {
            let nothing = of(World::Nothing).find(|one| one.model == right.model)?;
            Some(Power {
                model: right.model.clone(),
                draws: right.draws,
                right: shares(right),
                nothing: shares(nothing),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(model: &str, world: World, holds: usize) -> Tally {
        Tally {
            claim: "a".to_owned(),
            model: model.to_owned(),
            world: world.key().to_owned(),
            draws: 200,
            holds,
            contradicted: 40,
        }
    }

    #[test]
    fn keys_are_letters_of_their_own() {
        let mut keys: Vec<&str> = claims().map(|(key, _)| key).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), CLAIMS.len());
        assert!(ON_FIGURES.iter().all(|key| keys.contains(key)));
    }

    #[test]
    fn worlds_of_the_same_model_stand_beside_each_other() {
        let tallies = [
            tally("one", World::Right, 150),
            tally("two", World::Right, 20),
            tally("two", World::Nothing, 10),
            tally("one", World::Nothing, 1),
            tally("three", World::Nothing, 1),
        ];
        let powers = powers(&tallies);
        assert!(powers.iter().all(|one| one.right.contradicted == 0.2));
        let shares: Vec<_> = powers
            .into_iter()
            .map(|one| (one.model, one.draws, one.right.holds, one.nothing.holds))
            .collect();
        assert_eq!(
            shares,
            [
                ("one".to_owned(), 200, 0.75, 0.005),
                ("two".to_owned(), 200, 0.1, 0.05)
            ]
        );
    }

    #[test]
    fn without_models_only_the_data_are_judged() {
        let reports = judge(&[], &crate::data::episodes::episodes().unwrap()).unwrap();
        let judged: String = reports
            .iter()
            .filter(|one| one.verdict != Verdict::NotJudged)
            .map(|one| one.key.as_str())
            .collect();
        assert_eq!(judged, "mxuvnw");
    }
}
