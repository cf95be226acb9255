//! A multiverse as tables: the choices, what it says as a whole, and every combination.

use report::grid::{Body, Cell, Column, Grid, Row, csv_line};
use report::words::{percent, points, thousands};

use crate::error::Result;
use crate::exhibits::about::{About, CITATION};
use crate::findings::multiverse::Multiverse;
use crate::findings::multiverse::dimensions::{DIMENSIONS, Dimension, described};
use crate::findings::multiverse::judge::JUDGED;
use crate::findings::multiverse::outcome::Outcome;
use crate::findings::multiverse::summary::Summary;

/// Every combination with what came of it, as CSV. Those that are not there yet are left out.
///
/// # Errors
/// As [`Multiverse::new`].
pub fn csv(multiverse: &Multiverse, outcomes: &[Option<Outcome>]) -> Result<String> {
    let last = [
        "model",
        "specification",
        "n",
        "estimate",
        "separated",
        "std_error",
        "conf_low",
        "conf_high",
        "std_error_hc1",
        "std_error_target",
        "std_error_dyad",
        "reason",
        "judged",
        "holds",
    ];
    let mut text = csv_line(DIMENSIONS.iter().map(|one| one.key).chain(last));
    let number = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    for (combination, outcome) in multiverse.combinations().iter().zip(outcomes) {
        let Some(outcome) = outcome else { continue };
        let (specification, model) = multiverse.specified(combination)?;
        let effect = outcome.effect();
        let by = |errors: usize| outcome.estimate.map(|one| one.effect(errors).std_error);
        let choices = DIMENSIONS.iter().zip(described(combination));
        let mut fields: Vec<String> = choices
            .map(|(one, position)| one.alternatives[position].key.to_owned())
            .collect();
        fields.extend([
            model.key(),
            specification.to_string(),
            outcome.n.to_string(),
            number(effect.map(|one| one.estimate)),
            outcome
                .estimate
                .map_or_else(String::new, |one| u8::from(one.separated).to_string()),
            number(effect.map(|one| one.std_error)),
            number(effect.map(|one| one.conf_low)),
            number(effect.map(|one| one.conf_high)),
            number(by(1)),
            number(by(2)),
            number(by(3)),
            outcome
                .reason
                .map_or_else(String::new, |reason| reason.label().to_owned()),
            keys(outcome.judged),
            keys(outcome.holds),
        ]);
        text.push_str(&csv_line(fields.iter().map(String::as_str)));
    }
    Ok(text)
}

/// The claims whose bits are set.
#[must_use]
pub fn keys(bits: u32) -> String {
    let set = JUDGED.iter().enumerate().filter(|(bit, _)| bits >> bit & 1 == 1);
    set.map(|(_, key)| *key).collect()
}

/// The choices, each with its alternatives and why they can be defended: what there is to see before anything is fitted.
#[must_use]
pub fn choices() -> Grid {
    let body = |dimension: &Dimension| Body {
        title: dimension.label.to_owned(),
        rows: dimension
            .alternatives
            .iter()
            .map(|one| Row {
                label: one.label.to_owned(),
                value: None,
                cells: vec![Cell::text(one.why)],
            })
            .collect(),
    };
    Grid {
        title: "The choices that are combined".to_owned(),
        head: "Choice".to_owned(),
        columns: vec![Column {
            label: "Why it can be defended".to_owned(),
            ..Column::default()
        }],
        bodies: DIMENSIONS.iter().map(body).collect(),
        ..Grid::default()
    }
}

/// The choices as terms with explanations.
#[must_use]
pub fn about() -> About {
    let mut about = vec![(
        "Shown".to_owned(),
        "How much likelier a personalist target concedes than another where trade dependence is high, averaged over the \
         observed values of everything else: index 1 against index 0, or a personalist regime against a democracy. The \
         choices below are combined, and the models fitted anew; none of them depends on what is chosen in the builder. \
         Controls are read otherwise one at a time, or as the first version of this page read them, and while all of them \
         are there."
            .to_owned(),
    )];
    about.push((
        "Set apart".to_owned(),
        "Models in which a control predicts an outcome without error: its coefficient has no finite estimate, and intervals \
         take it as known. They are counted, are in the CSV (separated), and in nothing else."
            .to_owned(),
    ));
    about.push((
        "Standard errors".to_owned(),
        "They change intervals and no estimate, so each model counts once; the figure has the study’s, the table every kind."
            .to_owned(),
    ));
    about.extend(DIMENSIONS.iter().map(|dimension| {
        let ways = dimension.alternatives.iter();
        let ways: Vec<String> = ways.map(|one| format!("{}: {}", one.label, one.why)).collect();
        (dimension.label.to_owned(), ways.join(" "))
    }));
    about.push(("Source".to_owned(), CITATION.to_owned()));
    about
}

impl Summary {
    /// The summary as a table.
    #[must_use]
    pub fn grid(&self) -> Grid {
        let row = |label: String, text: String, value: f64, of: String| Row {
            label,
            value: None,
            cells: vec![Cell {
                below: of,
                ..Cell::numbers(text, &[value])
            }],
        };
        let of_all = || format!("of {}", thousands(self.estimated));
        let share = |label: &str, share: f64| row(label.to_owned(), percent(share), share, of_all());
        let body = |title: &str, rows: Vec<Row>| Body {
            title: title.to_owned(),
            rows,
        };
        let mut bodies = vec![body(
            "The difference, personalist minus other",
            vec![
                share("Below 0, as the study has it", self.negative),
                row(
                    "Median, in points".to_owned(),
                    format!("{} points", points(self.median)),
                    100.0 * self.median,
                    of_all(),
                ),
            ],
        )];
        let kinds = self.intervals.iter().flat_map(|one| {
            [
                share(&format!("Below 0, {}", one.label), one.below),
                share(&format!("Above 0, {}", one.label), one.above),
            ]
        });
        bodies.push(body("95% intervals, by standard errors", kinds.collect()));
        let claims = self.claims.iter().filter(|one| one.judged > 0).map(|one| {
            let share = one.holds as f64 / one.judged as f64;
            row(
                one.claim.to_owned(),
                percent(share),
                share,
                format!("of {}", thousands(one.judged)),
            )
        });
        bodies.push(body("Claims of the ledger that hold", claims.collect()));
        let moves = self.moves.iter().map(|one| {
            row(
                one.label.to_owned(),
                format!("{:.1} points", one.mean_change * 100.0),
                100.0 * one.mean_change,
                format!("significance changes in {}", percent(one.verdict_changes)),
            )
        });
        bodies.push(body(
            "What a choice moves on average, altered alone, in points",
            moves.collect(),
        ));
        let refused = self.refused.iter().map(|one| {
            row(
                one.label.to_owned(),
                thousands(one.combinations),
                one.combinations as f64,
                format!("of {}", thousands(self.tried)),
            )
        });
        bodies.push(body("Could not be estimated", refused.collect()));
        if self.estimated == 0 {
            // Shares of nothing.
            bodies.drain(..2);
        }
        if self.separated.combinations > 0 {
            let apart = &self.separated;
            let of = || format!("of {}", thousands(apart.combinations));
            let rows = [
                ("Below 0", apart.negative),
                ("95% interval below 0", apart.significantly_negative),
                ("95% interval above 0", apart.significantly_positive),
            ];
            let rows = rows.map(|(label, share)| row(label.to_owned(), percent(share), share, of()));
            bodies.push(body(
                "Set apart: a control predicts an outcome without error",
                rows.into(),
            ));
        }
        bodies.retain(|body| !body.rows.is_empty());
        Grid {
            title: "What the combinations say as a whole".to_owned(),
            head: "Of all combinations".to_owned(),
            columns: vec![Column {
                label: "Share or value".to_owned(),
                below: String::new(),
                values: vec!["value".to_owned()],
            }],
            bodies,
            ..Grid::default()
        }
    }
}
