//! The study's coefficient tables.

use std::cmp::Reverse;

use mlogit::order;
use report::coefficients::{CoefficientTable, TableModel, TableWords};
use report::results::Dropped;

use super::about;
use crate::fitting::fitted::Fitted;
use crate::study::words::label;

/// The study's table `number` from its fitted models.
#[must_use]
pub fn coefficients(number: u8, fitted: &[Fitted]) -> CoefficientTable {
    let of_table: Vec<&Fitted> = fitted
        .iter()
        .filter(|fitted| fitted.model.table == number)
        .collect();
    let models: Vec<TableModel<'_>> = of_table
        .iter()
        .map(|fitted| TableModel {
            key: fitted.model.key(),
            label: fitted.model.dependence.label.to_owned(),
            results: &fitted.report.model,
            notes: notes(fitted),
        })
        .collect();
    // What the study is about comes first.
    let explained = |term: &str| {
        of_table
            .iter()
            .any(|fitted| term == fitted.model.term() || term.starts_with(fitted.model.explanation.variable))
    };
    let words = TableWords {
        observations: "Episodes",
        label: &label,
        first: &explained,
    };
    let explanation = of_table
        .first()
        .map_or("", |fitted| fitted.model.explanation.label);
    let about = about::models(
        "Logs of relative risk ratios: what one unit more of a term adds to the log of the odds of an outcome \
         against the base outcome.",
        &of_table,
    );
    CoefficientTable::new(
        number,
        format!("Multinomial logit of the outcome of a threat: {explanation} × trade dependence"),
        &models,
        &words,
        about,
    )
}

/// What a model left out and why, and its warnings.
fn notes(fitted: &Fitted) -> Vec<String> {
    let model = &fitted.report.model;
    let mut causes: Vec<&Dropped> = model.dropped.iter().filter(|cause| cause.alone > 0).collect();
    order::by_key(&mut causes, |cause| Reverse(cause.alone));
    let causes: Vec<String> = causes
        .iter()
        .map(|cause| {
            let words = label(&cause.variable);
            format!("{words} ({} for it alone, {} in all)", cause.alone, cause.rows)
        })
        .collect();
    let name = fitted.model.dependence.label;
    let mut notes = vec![format!(
        "{name}: episodes are left out where something is missing: {}.",
        causes.join(", ")
    )];
    for omitted in &fitted.report.omitted {
        notes.push(format!(
            "{name}: {} is left out: {}.",
            label(&omitted.variable),
            omitted.reason
        ));
    }
    if let Some(imputation) = &fitted.report.imputation {
        let values: usize = imputation.variables.iter().map(|one| one.missing).sum();
        notes.push(format!(
            "{name}: pooled over {} imputations of {values} missing values by Rubin’s rules, tests by Student’s t; \
             the fit statistics are means.",
            imputation.m
        ));
    }
    notes.extend(model.warnings.iter().map(|warning| format!("{name}: {warning}.")));
    notes
}
