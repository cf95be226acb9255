//! `standfirm multiverse`: the study's question put to every combination of choices that can be defended.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use standfirm::findings::multiverse::Multiverse;
use standfirm::findings::multiverse::dimensions::{DIMENSIONS, Dimension, ERRORS, described};
use standfirm::findings::multiverse::outcome::Outcome;
use standfirm::findings::multiverse::summary::Summary;
use standfirm::{episodes, exhibits};

use crate::{args, print, threads};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

pub(crate) fn run(options: &args::Multiverse) -> Result<String> {
    let multiverse = Multiverse::new()?;
    let outcomes = outcomes(&multiverse, threads::count(options.threads))?;
    let seen: Vec<Option<Outcome>> = outcomes.iter().copied().map(Some).collect();
    if options.csv {
        return Ok(exhibits::multiverse::csv(&multiverse, &seen)?);
    }
    let summary = multiverse.summary(&seen);
    if options.json {
        return json(&multiverse, &outcomes, summary);
    }
    Ok(text(&multiverse, &summary)?)
}

/// The outcome of every combination, in their order.
fn outcomes(multiverse: &Multiverse, threads: usize) -> Result<Vec<Outcome>> {
    let episodes = episodes()?;
    // On standard error, and only where that is a terminal.
    let bar = ProgressBar::new(multiverse.len() as u64);
    bar.set_style(ProgressStyle::with_template(
        "{bar:40} {pos} of {len} models, {per_sec}, {eta} left",
    )?);
    let pieces = threads::run(multiverse.pieces(), threads, |piece| {
        let found = multiverse.run(piece, &episodes)?;
        bar.inc(found.len() as u64);
        Ok(found)
    })?;
    bar.finish_and_clear();
    Ok(pieces.concat())
}

fn text(multiverse: &Multiverse, summary: &Summary) -> std::result::Result<String, std::fmt::Error> {
    let mut text = String::new();
    writeln!(
        text,
        "{} combinations of these choices, the study’s own first:\n",
        multiverse.len()
    )?;
    for dimension in &DIMENSIONS {
        writeln!(text, "{}", dimension.label)?;
        for one in dimension.alternatives {
            writeln!(text, "  {}: {}", one.label, one.why)?;
        }
    }
    writeln!(
        text,
        "\nDifference in the probability of concession, personalist minus other, at high dependence\n"
    )?;
    for sentence in &summary.sentences {
        writeln!(text, "{sentence}")?;
    }
    let mut rows = vec![["choice", "mean change", "interval's verdict changes in"].map(str::to_owned)];
    rows.extend(summary.moves.iter().map(|one| {
        [
            one.label.to_owned(),
            format!("{:.1} points", one.mean_change * 100.0),
            format!("{:.0}% of {} pairs", one.verdict_changes * 100.0, one.pairs),
        ]
    }));
    write!(text, "\n{}\n", print::table(&rows))?;
    for one in &summary.claims {
        writeln!(
            text,
            "{}. {} Holds in {} of {} ({:.0}%).",
            one.key,
            one.claim,
            one.holds,
            one.judged,
            100.0 * one.holds as f64 / one.judged.max(1) as f64
        )?;
    }
    Ok(text)
}

/// Everything, for programs.
#[derive(Serialize)]
struct Summarised {
    summary: Summary,
    dimensions: Vec<Choice>,
    combinations: Vec<Row>,
}

#[derive(Serialize)]
struct Choice {
    key: &'static str,
    label: &'static str,
    alternatives: Vec<Alternative>,
}

#[derive(Serialize)]
struct Alternative {
    key: &'static str,
    label: &'static str,
    why: &'static str,
}

impl From<&'static Dimension> for Choice {
    fn from(dimension: &'static Dimension) -> Self {
        let alternatives = dimension.alternatives.iter().map(|one| Alternative {
            key: one.key,
            label: one.label,
            why: one.why,
        });
        Choice {
            key: dimension.key,
            label: dimension.label,
            alternatives: alternatives.collect(),
        }
    }
}

/// A combination with what came of it.
#[derive(Serialize)]
struct Row {
    choices: Vec<&'static str>,
    model: String,
    specification: String,
    n: usize,
    estimate: Option<f64>,
    /// Whether a control predicts an outcome without error: set apart in the summary.
    separated: Option<bool>,
    std_error: Option<f64>,
    conf_low: Option<f64>,
    conf_high: Option<f64>,
    /// By each kind of standard errors.
    std_errors: Option<BTreeMap<&'static str, f64>>,
    reason: Option<&'static str>,
    /// Claims that could be judged.
    judged: String,
    /// Claims that hold.
    holds: String,
}

impl Row {
    fn new(multiverse: &Multiverse, combination: &[usize], outcome: &Outcome) -> Result<Self> {
        let (specification, model) = multiverse.specified(combination)?;
        let effect = outcome.effect();
        let pairs = DIMENSIONS.iter().zip(described(combination));
        Ok(Row {
            choices: pairs
                .map(|(one, position)| one.alternatives[position].key)
                .collect(),
            model: model.key(),
            specification: specification.to_string(),
            n: outcome.n,
            estimate: effect.map(|one| one.estimate),
            separated: outcome.estimate.map(|one| one.separated),
            std_error: effect.map(|one| one.std_error),
            conf_low: effect.map(|one| one.conf_low),
            conf_high: effect.map(|one| one.conf_high),
            std_errors: outcome.estimate.map(|one| {
                let pairs = ERRORS.iter().zip(one.std_errors);
                pairs.map(|((key, _), std_error)| (*key, std_error)).collect()
            }),
            reason: outcome.reason.map(|reason| reason.label()),
            judged: exhibits::multiverse::keys(outcome.judged),
            holds: exhibits::multiverse::keys(outcome.holds),
        })
    }
}

fn rows(multiverse: &Multiverse, outcomes: &[Outcome]) -> Result<Vec<Row>> {
    let pairs = multiverse.combinations().iter().zip(outcomes);
    pairs
        .map(|(combination, outcome)| Row::new(multiverse, combination, outcome))
        .collect()
}

fn json(multiverse: &Multiverse, outcomes: &[Outcome], summary: Summary) -> Result<String> {
    print::json(&Summarised {
        summary,
        dimensions: DIMENSIONS.iter().map(Choice::from).collect(),
        combinations: rows(multiverse, outcomes)?,
    })
}
