//! Several models of one table side by side, and tests of those that contain others.

use mlogit::{Fit, Table};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::fit::{FitOptions, fitted, instead, on_selection, trusts_likelihood};
use crate::results::{FitReport, Selected, Test};

/// Models fitted to one table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelsReport {
    /// In the order of their formulas.
    pub models: Vec<NamedModel>,
    /// Each model against the one before it.
    pub nested: Vec<Nested>,
    /// The rows that a condition chose, for all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selection: Option<Selected>,
}

/// A model with its formula.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NamedModel {
    /// The formula.
    pub formula: String,
    /// What is reported of it.
    #[serde(flatten)]
    pub report: FitReport,
}

/// A model tested against another that contains it. Models have their numbers, from 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Nested {
    /// The one with fewer parameters.
    pub smaller: usize,
    /// The one with more.
    pub larger: usize,
    /// Likelihood ratio, or Wald where that has no known distribution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<Test>,
    /// Why there is no test.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Fits several formulas with the same options, and tests each against the one before it. Each model has the rows in which its
/// own variables are known.
///
/// # Errors
/// [`Error::OfModel`] with the first that has no answer, as of [`crate::fit::fit`].
///
/// ```
/// use mlogit::{Column, Table};
/// use report::fit::FitOptions;
/// use report::models::models;
///
/// # fn main() -> report::error::Result<()> {
/// let mut table = Table::new();
/// table.insert("choice", Column::text(["bus", "car", "bus", "bike", "car", "bike", "bus", "car"]))?;
/// table.insert("distance", Column::number([3.0, 9.0, 5.0, 1.0, 4.0, 6.0, 2.0, 7.0]))?;
///
/// let formulas = ["choice ~ 1", "choice ~ distance"].map(str::to_owned);
/// let report = models(&table, &formulas, &FitOptions::default())?;
/// let test = report.nested[0].test.as_ref();
/// assert_eq!(test.map(|test| test.df), Some(2));
/// # Ok(())
/// # }
/// ```
pub fn models(table: &Table, formulas: &[String], options: &FitOptions) -> Result<ModelsReport> {
    let (fits, selection) = on_selection(table, options, |table| fits(table, formulas, options))?;
    let mut nested = Vec::new();
    for (position, pair) in fits.windows(2).enumerate() {
        if let [(first, _), (second, _)] = pair {
            nested.push(against(position + 1, first, second, options));
        }
    }
    let named = |((_, report), formula): ((Fit, FitReport), &String)| NamedModel {
        formula: formula.clone(),
        report,
    };
    Ok(ModelsReport {
        models: fits.into_iter().zip(formulas).map(named).collect(),
        nested,
        selection,
    })
}

fn fits(table: &Table, formulas: &[String], options: &FitOptions) -> Result<Vec<(Fit, FitReport)>> {
    let one = |(position, formula): (usize, &String)| {
        let options = FitOptions {
            formula: formula.clone(),
            ..options.clone()
        };
        fitted(table, &options).map_err(|error| Error::of_model(position, formula, error))
    };
    formulas.iter().enumerate().map(one).collect()
}

/// Two models, of which the first has the number `number`.
fn against(number: usize, first: &Fit, second: &Fit, options: &FitOptions) -> Nested {
    let (smaller, larger, numbers) = if first.parameters() <= second.parameters() {
        (first, second, (number, number + 1))
    } else {
        (second, first, (number + 1, number))
    };
    let hypothesis = format!("({}) in ({})", numbers.0, numbers.1);
    let test = if trusts_likelihood(larger, options) {
        let test = larger.likelihood_ratio_against(smaller);
        test.map(|test| Test::likelihood_ratio(&hypothesis, &test))
    } else {
        larger.wald_against(smaller).map(|test| Test {
            note: Some(instead(larger, options)),
            ..Test::wald(&hypothesis, &test, larger)
        })
    };
    let reason = test.as_ref().err().map(|error| match error {
        mlogit::Error::NotNested { problem } => problem.clone(),
        error => error.to_string(),
    });
    Nested {
        smaller: numbers.0,
        larger: numbers.1,
        test: test.ok(),
        reason,
    }
}
