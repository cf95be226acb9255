//! The main contrasts under every kind of standard error, and by sender.

use report::figure::Format;
use report::grid::{Body, Cell, Column, Grid, Row};
use report::words::{capital, p_value};

use crate::exhibits::about::{About, CITATION};
use crate::exhibits::finding::difference;
use crate::findings::contrasts::{Compared, label};
use crate::findings::effect::MainEffect;
use crate::findings::robustness::{BySender, Robustness, UnderErrors};

fn column(label: &str, below: &str) -> Column {
    Column {
        label: label.to_owned(),
        below: below.to_owned(),
        values: ["points", "95% from", "95% to", "p"].map(str::to_owned).to_vec(),
    }
}

fn cell(effect: &MainEffect) -> Cell {
    let MainEffect {
        estimate,
        conf_low,
        conf_high,
        p_value: p,
        ..
    } = *effect;
    Cell {
        below: p_value(p),
        ..Cell::points(
            Format::Points.interval(estimate, conf_low, conf_high),
            &[estimate, conf_low, conf_high],
            &[p],
        )
    }
}

/// A row for each kind of standard error, a part for each contrast.
#[must_use]
pub fn errors(found: &Robustness) -> Grid {
    let row = |one: &UnderErrors, at: usize| {
        let (high, change) = (one.at_high.get(at), one.changes.get(at));
        Row {
            label: match one.clusters {
                Some(clusters) => format!("{} ({clusters})", capital(&one.label)),
                None => capital(&one.label),
            },
            value: None,
            cells: [high, change]
                .into_iter()
                .flatten()
                .map(|one| cell(&one.effect))
                .collect(),
        }
    };
    let first = found.errors.first().map_or(&[][..], |one| &one.at_high);
    let bodies = first.iter().enumerate().map(|(at, contrast)| Body {
        title: capital(&label(&contrast.others)),
        rows: found.errors.iter().map(|one| row(one, at)).collect(),
    });
    Grid {
        title: errors_title(found),
        head: "Standard errors".to_owned(),
        groups: Vec::new(),
        columns: vec![
            column("High dependence", "personalist minus others"),
            column("From no to high", "second difference"),
        ],
        bodies: bodies.collect(),
        notes: vec![format!(
            "{}, {} episodes. The estimate is the same; only what is held of its uncertainty differs. Numbers of clusters \
             stand beside those that are clustered: below about 40, clustered errors tend to be too small.",
            found.label, found.n
        )],
    }
}

/// The first contrast and its second difference with the widest of the intervals, and how many there are on which side.
fn errors_title(found: &Robustness) -> String {
    let told = |of: fn(&UnderErrors) -> &[Compared]| {
        let firsts = || found.errors.iter().filter_map(|one| of(one).first());
        let width = |one: &Compared| one.effect.conf_high - one.effect.conf_low;
        let widest = firsts().max_by(|a, b| width(a).total_cmp(&width(b)));
        let below = firsts().filter(|one| one.effect.conf_high < 0.0).count();
        widest.map_or_else(String::new, |one| {
            let effect = one.effect;
            format!(
                "{} by the widest of {} intervals, {below} of which lie below 0",
                difference(effect.estimate, effect.conf_low, effect.conf_high),
                found.errors.len()
            )
        })
    };
    let first = found.errors.first().and_then(|one| one.at_high.first());
    format!(
        "{} at high dependence: {}; its change from no dependence: {}",
        capital(&first.map_or_else(String::new, Compared::label)),
        told(|one| &one.at_high),
        told(|one| &one.changes)
    )
}

/// The first contrast by sender, and how many differ.
fn senders_title(found: &BySender) -> String {
    let apart = found
        .contrasts
        .iter()
        .filter(|one| one.difference.sign() != 0)
        .count();
    let words = |effect: &MainEffect| difference(effect.estimate, effect.conf_low, effect.conf_high);
    let first = found.contrasts.first().map_or_else(String::new, |one| {
        format!(
            "{}: {} of threats by the United States, {} of others, {} between the two; ",
            capital(&label(&one.others)),
            words(&one.usa),
            words(&one.rest),
            words(&one.difference)
        )
    });
    format!(
        "{first}the two differ beyond chance in {apart} of {}",
        found.contrasts.len()
    )
}

/// The contrasts of threats by the United States and by others, side by side.
#[must_use]
pub fn senders(found: &Robustness) -> Grid {
    let rows = found
        .senders
        .iter()
        .flat_map(|senders| &senders.contrasts)
        .map(|one| Row {
            label: capital(&label(&one.others)),
            value: None,
            cells: [&one.usa, &one.rest, &one.difference].map(cell).into(),
        });
    let counts = |of: fn(&BySender) -> usize| {
        found
            .senders
            .as_ref()
            .map_or_else(String::new, |senders| format!("{} episodes", of(senders)))
    };
    let title = match (&found.senders, &found.without_senders) {
        (Some(senders), _) => senders_title(senders),
        (None, Some(reason)) => format!("The model cannot be estimated for both kinds of senders: {reason}"),
        (None, None) => String::new(),
    };
    Grid {
        title,
        head: "Contrast at high dependence".to_owned(),
        groups: Vec::new(),
        columns: vec![
            column("United States", &counts(|one| one.n_usa)),
            column("Other senders", &counts(|one| one.n_others)),
            column("Difference", "United States minus others"),
        ],
        bodies: vec![Body {
            title: String::new(),
            rows: rows.collect(),
        }],
        notes: vec![format!(
            "{}. The same model for each kind of sender, at the dependence that is high among all. No episode is in both \
             samples, so that the variance of the difference is the sum of both. One of two intervals excluding zero \
             does not show that the two differ; the last column does.{}",
            found.label,
            outside(found)
        )],
    }
}

/// What is compared though no threat of a kind of sender comes up to it.
fn outside(found: &Robustness) -> String {
    let all = found.senders.iter().flat_map(|senders| &senders.outside);
    all.map(|one| format!(" {}.", capital(one))).collect()
}

/// What a reader may ask.
#[must_use]
pub fn about(found: &Robustness) -> About {
    [
        (
            "Shown",
            "Differences of average probabilities of concession, personalist minus others, by the delta method.".to_owned(),
        ),
        ("Model", format!("{}, as specified in the builder", found.label)),
        ("Source", CITATION.to_owned()),
    ]
    .map(|(term, words)| (term.to_owned(), words))
    .into()
}
