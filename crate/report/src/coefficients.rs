//! Coefficient tables: models side by side, a row for each term.

use mlogit::order;
use serde::{Deserialize, Serialize};

use crate::about::About;
use crate::grid::{self, Grid};
use crate::results::{Coefficient, ModelReport};
use crate::words::fixed;

/// A coefficient table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct CoefficientTable {
    /// Its number where it appears; 0 where it has none.
    pub number: u8,
    /// What it shows.
    pub title: String,
    /// How to read it.
    pub note: String,
    /// One column block for each model.
    pub models: Vec<ModelColumn>,
    /// One for each term, in the order of the models.
    pub rows: Vec<Row>,
    /// What is shown, by which models, from how many rows, from which sources.
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
        let (estimate, std_error) = (coefficient.estimate, coefficient.std_error);
        Cell {
            estimate,
            std_error,
            p_value,
            stars: stars(p_value),
        }
    }
}

/// What [`stars`] mean.
pub(crate) const STARS: &str = "* p < 0.05, ** p < 0.01, *** p < 0.001 (two-sided).";

/// A mark for each of the usual levels that a p-value is below.
pub(crate) fn stars(p_value: f64) -> String {
    let below = [0.05, 0.01, 0.001].iter().filter(|level| p_value < **level);
    "*".repeat(below.count())
}

/// A model to be shown beside others.
#[derive(Debug, Clone)]
pub struct TableModel<'a> {
    /// Its key.
    pub key: String,
    /// Words for it.
    pub label: String,
    /// What was estimated.
    pub results: &'a ModelReport,
    /// What to know of it.
    pub notes: Vec<String>,
}

/// What a table calls its rows and terms, and which terms come first.
pub struct TableWords<'a> {
    /// What is observed, with a capital letter: `Observations`.
    pub observations: &'a str,
    /// Words for a term.
    pub label: &'a dyn Fn(&str) -> String,
    /// Whether a term is what the table is about; such terms come first. Intercepts, which say least, come last.
    pub first: &'a dyn Fn(&str) -> bool,
}

impl CoefficientTable {
    /// Puts models side by side.
    #[must_use]
    pub fn new(
        number: u8,
        title: String,
        models: &[TableModel<'_>],
        words: &TableWords<'_>,
        about: About,
    ) -> Self {
        let mut terms: Vec<&str> = Vec::new();
        for coefficient in models.iter().flat_map(|model| &model.results.coefficients) {
            if !terms.contains(&coefficient.term.as_str()) {
                terms.push(&coefficient.term);
            }
        }
        order::by_key(&mut terms, |term| match *term {
            "(Intercept)" => 2,
            term if (words.first)(term) => 0,
            _ => 1,
        });
        let columns: Vec<ModelColumn> = models.iter().map(|model| column(model, words)).collect();
        let rows = terms.iter().map(|term| Row {
            term: (*term).to_owned(),
            label: (words.label)(term),
            cells: models
                .iter()
                .zip(&columns)
                .map(|(model, column)| cells(model.results, column, term))
                .collect(),
        });
        CoefficientTable {
            number,
            title,
            note: STARS.to_owned(),
            rows: rows.collect(),
            models: columns,
            about,
        }
    }

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

/// Three decimals, or three digits where that is fewer or says more: a coefficient of dollars is no 0.000. A minus sign is a
/// minus sign.
fn decimals(value: f64) -> String {
    let size = value.abs();
    let text = if size < 1e5 && (size >= 5e-4 || value == 0.0) {
        format!("{value:.3}")
    } else {
        format!("{value:.2e}")
    };
    text.replace('-', "−")
}

fn column(model: &TableModel<'_>, words: &TableWords<'_>) -> ModelColumn {
    let results = model.results;
    let statistic = |label: &str, value: String| (label.to_owned(), value);
    ModelColumn {
        key: model.key.clone(),
        label: model.label.clone(),
        outcomes: results
            .outcomes
            .iter()
            .filter(|outcome| **outcome != results.base)
            .cloned()
            .collect(),
        base: results.base.clone(),
        statistics: vec![
            statistic(words.observations, results.n.to_string()),
            statistic(
                if results.pseudo_likelihood {
                    "Log-pseudolikelihood"
                } else {
                    "Log-likelihood"
                },
                fixed(results.loglik, 2),
            ),
            joint_test(results),
            statistic("AIC", criterion(results, results.aic)),
            statistic("BIC", criterion(results, results.bic)),
            statistic("McFadden R²", fixed(results.mcfadden_r2, 3)),
        ],
        notes: model.notes.clone(),
    }
}

/// The test of all terms: a likelihood ratio, or Wald where that has no known distribution.
fn joint_test(results: &ModelReport) -> (String, String) {
    let words = |statistic: f64, df: usize| match df {
        // A model of intercepts alone has no other terms to test.
        0 => "–".to_owned(),
        _ => format!("χ²({df}) = {statistic:.1}"),
    };
    match (&results.lr_note, &results.wald) {
        (None, _) => (
            "Likelihood ratio".to_owned(),
            words(results.lr.statistic, results.lr.df),
        ),
        (Some(_), Some(test)) => ("Wald test".to_owned(), words(test.statistic, test.df)),
        (Some(_), None) => ("Wald test".to_owned(), "–".to_owned()),
    }
}

/// Of pseudo-likelihoods there is none.
fn criterion(results: &ModelReport, value: f64) -> String {
    if results.pseudo_likelihood {
        "–".to_owned()
    } else {
        fixed(value, 1)
    }
}

fn cells(results: &ModelReport, column: &ModelColumn, term: &str) -> Vec<Option<Cell>> {
    let cell = |outcome: &String| {
        let known = results
            .coefficients
            .iter()
            .find(|known| known.term == term && known.outcome == *outcome);
        known.map(Cell::from)
    };
    column.outcomes.iter().map(cell).collect()
}
