//! Coefficient tables: models side by side, a row for each term.

use mlogit::order;
use serde::{Deserialize, Serialize};

use crate::about::{self, About};
use crate::grid::{self, Grid};
use crate::replicate::Fitted;
use crate::report::{Coefficient, Dropped};
use crate::study::label;

/// A coefficient table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct CoefficientTable {
    /// Its number in the study.
    pub number: u8,
    /// What it shows.
    pub title: String,
    /// How to read it.
    pub note: String,
    /// One column block for each model.
    pub models: Vec<ModelColumn>,
    /// One for each term, in the order of the models.
    pub rows: Vec<Row>,
    /// What is shown, by which models, from how many episodes, from which sources.
    #[serde(default)]
    pub about: About,
}

/// A model's column block.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct ModelColumn {
    /// The model's key.
    pub key: String,
    /// Words for it.
    pub label: String,
    /// Outcomes that have an equation, in the order of the columns.
    pub outcomes: Vec<String>,
    /// The base outcome.
    pub base: String,
    /// Fit statistics: words and value.
    pub statistics: Vec<(String, String)>,
    /// What to know of this model: what it left out, and its warnings.
    pub notes: Vec<String>,
}

/// A term's row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "CoefficientRow"))]
pub struct Row {
    /// The term.
    pub term: String,
    /// Words for it.
    pub label: String,
    /// For each model and each of its outcomes the coefficient, `None` where the model lacks the term.
    pub cells: Vec<Vec<Option<Cell>>>,
}

/// A coefficient as a table shows it, with the numbers behind it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "CoefficientCell"))]
pub struct Cell {
    /// Log of the relative risk ratio.
    pub estimate: f64,
    /// Its standard error.
    pub std_error: f64,
    /// Two-sided.
    pub p_value: f64,
    /// `***` where p < 0.001, `**` where p < 0.01, `*` where p < 0.05.
    pub stars: String,
}

impl From<&Coefficient> for Cell {
    fn from(coefficient: &Coefficient) -> Self {
        let p_value = coefficient.p_value;
        let stars = [0.05, 0.01, 0.001]
            .iter()
            .filter(|level| p_value < **level)
            .count();
        let (estimate, std_error) = (coefficient.estimate, coefficient.std_error);
        Cell {
            estimate,
            std_error,
            p_value,
            stars: "*".repeat(stars),
        }
    }
}

/// The study's table `number` from its fitted models.
#[must_use]
pub fn coefficients(number: u8, fitted: &[Fitted]) -> CoefficientTable {
    let models: Vec<&Fitted> = fitted
        .iter()
        .filter(|fitted| fitted.model.table == number)
        .collect();
    let mut terms: Vec<&str> = Vec::new();
    for coefficient in models.iter().flat_map(|fitted| &fitted.report.model.coefficients) {
        if !terms.contains(&coefficient.term.as_str()) {
            terms.push(&coefficient.term);
        }
    }
    // What the study is about first, the intercept, which says least, last.
    let explained = |term: &str| {
        models
            .iter()
            .any(|fitted| term == fitted.model.term() || term.starts_with(fitted.model.explanation.variable))
    };
    order::by_key(&mut terms, |term| match *term {
        "(Intercept)" => 2,
        term if explained(term) => 0,
        _ => 1,
    });
    let columns: Vec<ModelColumn> = models.iter().map(|fitted| column(fitted)).collect();
    let rows = terms.iter().map(|term| Row {
        term: (*term).to_owned(),
        label: label(term),
        cells: models
            .iter()
            .zip(&columns)
            .map(|(fitted, column)| cells(fitted, column, term))
            .collect(),
    });
    let explanation = models.first().map_or("", |fitted| fitted.model.explanation.label);
    CoefficientTable {
        number,
        title: format!("Multinomial logit of the outcome of a threat: {explanation} × trade dependence"),
        note: "* p < 0.05, ** p < 0.01, *** p < 0.001 (two-sided).".to_owned(),
        rows: rows.collect(),
        models: columns,
        about: about::models(
            "Logs of relative risk ratios: what one unit more of a term adds to the log of the odds of an outcome \
             against the base outcome.",
            &models,
        ),
    }
}

impl CoefficientTable {
    /// The table of some of its models, by key; of all of them where none is named. `ratios` shows relative risk ratios,
    /// exp(b), with standard errors by the delta method, exp(b) se(b).
    #[must_use]
    pub fn grid(&self, keys: &[String], ratios: bool) -> Grid {
        let shown = |key: &String| keys.is_empty() || keys.contains(key);
        let models = || self.models.iter().filter(|model| shown(&model.key));
        let values = [
            if ratios {
                "relative risk ratio"
            } else {
                "coefficient"
            },
            "std. error",
            "p",
        ];
        let columns = models().flat_map(|model| {
            model.outcomes.iter().map(|outcome| grid::Column {
                label: outcome.clone(),
                below: format!("against {}", model.base),
                values: values.map(str::to_owned).to_vec(),
            })
        });
        let terms = self.rows.iter().filter_map(|row| {
            let blocks = self
                .models
                .iter()
                .zip(&row.cells)
                .filter(|(model, _)| shown(&model.key));
            let cells: Vec<&Option<Cell>> = blocks.flat_map(|(_, cells)| cells).collect();
            // A term that none of these models has.
            cells.iter().any(|cell| cell.is_some()).then(|| grid::Row {
                label: row.label.clone(),
                value: None,
                cells: cells
                    .into_iter()
                    .map(|cell| shown_cell(cell.as_ref(), ratios))
                    .collect(),
            })
        });
        let statistics = self.models.first().map_or(&[][..], |model| &model.statistics);
        let statistics = statistics.iter().enumerate().map(|(line, (label, _))| grid::Row {
            label: label.clone(),
            value: None,
            cells: models()
                .map(|model| grid::Cell {
                    text: model
                        .statistics
                        .get(line)
                        .map_or_else(String::new, |(_, value)| value.clone()),
                    span: model.outcomes.len(),
                    ..grid::Cell::default()
                })
                .collect(),
        });
        let kind = if ratios {
            "Relative risk ratios against the base outcome, delta-method standard errors in parentheses."
        } else {
            "Coefficients are log relative risk ratios against the base outcome, standard errors in parentheses."
        };
        let notes = [kind, &self.note].into_iter().map(str::to_owned);
        Grid {
            title: self.title.clone(),
            head: "Term".to_owned(),
            groups: models()
                .map(|model| grid::Group {
                    label: model.label.clone(),
                    columns: model.outcomes.len(),
                })
                .collect(),
            columns: columns.collect(),
            bodies: [terms.collect(), statistics.collect()]
                .map(|rows| grid::Body {
                    title: String::new(),
                    rows,
                })
                .to_vec(),
            notes: notes
                .chain(models().flat_map(|model| model.notes.clone()))
                .collect(),
        }
    }
}

fn shown_cell(cell: Option<&Cell>, ratios: bool) -> grid::Cell {
    let Some(cell) = cell else {
        return grid::Cell::text("–");
    };
    if !cell.estimate.is_finite() {
        return grid::Cell::text("no finite estimate");
    }
    let (estimate, error) = if ratios {
        let ratio = libm::exp(cell.estimate);
        (ratio, ratio * cell.std_error)
    } else {
        (cell.estimate, cell.std_error)
    };
    grid::Cell {
        stars: cell.stars.clone(),
        below: format!("({})", decimals(error)),
        ..grid::Cell::numbers(decimals(estimate), &[estimate, error, cell.p_value])
    }
}

/// Three decimals, or three digits where that is fewer; a minus sign is a minus sign.
fn decimals(value: f64) -> String {
    let text = if value.abs() < 1e5 {
        format!("{value:.3}")
    } else {
        format!("{value:.2e}")
    };
    text.replace('-', "−")
}

fn column(fitted: &Fitted) -> ModelColumn {
    let report = &fitted.report;
    let model = &report.model;
    let statistic = |label: &str, value: String| (label.to_owned(), value);
    ModelColumn {
        key: fitted.model.key(),
        label: fitted.model.dependence.label.to_owned(),
        outcomes: model
            .outcomes
            .iter()
            .filter(|outcome| **outcome != model.base)
            .cloned()
            .collect(),
        base: model.base.clone(),
        statistics: vec![
            statistic("Episodes", model.n.to_string()),
            statistic("Log-likelihood", format!("{:.2}", model.loglik).replace('-', "−")),
            statistic(
                "Likelihood ratio",
                format!("χ²({}) = {:.1}", model.lr.df, model.lr.statistic),
            ),
            statistic("AIC", format!("{:.1}", model.aic)),
            statistic("BIC", format!("{:.1}", model.bic)),
            statistic("McFadden R²", format!("{:.3}", model.mcfadden_r2)),
        ],
        notes: notes(fitted),
    }
}

/// What a model left out and why, and its warnings.
fn notes(fitted: &Fitted) -> Vec<String> {
    let model = &fitted.report.model;
    let mut causes: Vec<&Dropped> = model.dropped.iter().filter(|cause| cause.alone > 0).collect();
    order::by_key(&mut causes, |cause| std::cmp::Reverse(cause.alone));
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

fn cells(fitted: &Fitted, column: &ModelColumn, term: &str) -> Vec<Option<Cell>> {
    let coefficients = &fitted.report.model.coefficients;
    let cell = |outcome: &String| {
        let known = coefficients
            .iter()
            .find(|known| known.term == term && known.outcome == *outcome);
        known.map(Cell::from)
    };
    column.outcomes.iter().map(cell).collect()
}
