//! What a fit reports, as tables: coefficients of models side by side, predictions, slopes, comparisons, tests.

use serde::{Deserialize, Serialize};

use crate::coefficients::{CoefficientTable, STARS, TableModel, TableWords, stars};
use crate::error::{Error, Result};
use crate::grid::{Body, Cell, Column, Grid, Row};
use crate::models::{ModelsReport, NamedModel};
use crate::results::{At, Effect, FitReport, Prediction, Test, Value};
use crate::words::capital;

/// What a table is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Coefficients and what belongs to the model as a whole.
    Coefficients,
    /// Probabilities at settings.
    Predictions,
    /// Slopes.
    Slopes,
    /// Comparisons.
    Comparisons,
    /// Tests, of models against others as well.
    Tests,
}

impl Part {
    /// All of them, in their order.
    pub const ALL: [Self; 5] = [
        Self::Coefficients,
        Self::Predictions,
        Self::Slopes,
        Self::Comparisons,
        Self::Tests,
    ];

    /// In words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Coefficients => "coefficients",
            Self::Predictions => "predictions",
            Self::Slopes => "slopes",
            Self::Comparisons => "comparisons",
            Self::Tests => "tests",
        }
    }

    /// The part of this name.
    ///
    /// # Errors
    /// [`Error::Unknown`].
    pub fn find(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|one| one.name() == name);
        found.ok_or_else(|| Error::Unknown {
            kind: "table",
            name: name.to_owned(),
            known: Self::ALL.map(|one| one.name().to_owned()).to_vec(),
        })
    }
}

/// A table, and what it is of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PartTable {
    /// What it is of.
    pub part: Part,
    /// The table.
    pub grid: Grid,
}

/// Models side by side, a row for each term and a column for each outcome; relative risk ratios with `ratios`.
#[must_use]
pub fn coefficients(models: &ModelsReport, ratios: bool) -> Grid {
    let several = models.models.len() > 1;
    let label = |position: usize| {
        if several {
            format!("({})", position + 1)
        } else {
            String::new()
        }
    };
    let shown: Vec<TableModel<'_>> = models
        .models
        .iter()
        .enumerate()
        .map(|(position, model)| TableModel {
            key: position.to_string(),
            label: label(position),
            results: &model.report.model,
            notes: notes(&label(position), model),
        })
        .collect();
    let words = TableWords {
        observations: "Observations",
        label: &str::to_owned,
        first: &|_| false,
    };
    let mut grid = CoefficientTable::new(0, title(models), &shown, &words, Vec::new()).grid(&[], ratios);
    if !several {
        grid.groups.clear();
    }
    grid.notes.extend(
        models
            .selection
            .iter()
            .map(|one| format!("{}.", capital(&one.to_string()))),
    );
    grid
}

fn title(models: &ModelsReport) -> String {
    let mut outcomes: Vec<&str> = Vec::new();
    for model in &models.models {
        let outcome = model.formula.split('~').next().unwrap_or_default().trim();
        if !outcomes.contains(&outcome) {
            outcomes.push(outcome);
        }
    }
    format!("Multinomial logit of {}", outcomes.join(", "))
}

/// What to know of a model: its formula, its standard errors, what it left out.
fn notes(label: &str, model: &NamedModel) -> Vec<String> {
    let results = &model.report.model;
    let begin = if label.is_empty() {
        String::new()
    } else {
        format!("{label} ")
    };
    let mut notes = vec![format!(
        "{begin}{}; standard errors: {}.",
        model.formula.trim(),
        results.vcov
    )];
    let of_model = results.warnings.iter().chain(&results.lr_note);
    notes.extend(of_model.map(|note| format!("{begin}{note}.")));
    notes
}

/// Every table of one or several models.
#[must_use]
pub fn all(models: &ModelsReport, ratios: bool) -> Vec<PartTable> {
    let mut tables = vec![PartTable {
        part: Part::Coefficients,
        grid: coefficients(models, ratios),
    }];
    let several = models.models.len() > 1;
    for (position, model) in models.models.iter().enumerate() {
        let of = if several {
            format!(", model ({})", position + 1)
        } else {
            String::new()
        };
        tables.extend(of_model(&model.report, &of));
    }
    let tests: Vec<&Test> = models.nested.iter().filter_map(|one| one.test.as_ref()).collect();
    if !models.nested.is_empty() {
        let mut grid = tests_grid("Models against others", &tests);
        let refused = models
            .nested
            .iter()
            .filter_map(|one| Some((one, one.reason.as_ref()?)));
        grid.notes.extend(refused.map(|(one, reason)| {
            format!(
                "({}) is not tested against ({}): {reason}.",
                one.larger, one.smaller
            )
        }));
        tables.push(PartTable {
            part: Part::Tests,
            grid,
        });
    }
    tables
}

fn of_model(report: &FitReport, of: &str) -> Vec<PartTable> {
    let percent = (report.model.level * 1e6).round() / 1e4;
    let intervals = format!("{percent}% intervals: {}.", report.interval.description);
    let mut tables = Vec::new();
    let mut push = |part: Part, grid: Grid| tables.push(PartTable { part, grid });
    if !report.predictions.is_empty() {
        let mut grid = predictions_grid(
            &format!("Probabilities{of}"),
            &report.predictions,
            &report.model.outcomes,
        );
        grid.notes.push(intervals.clone());
        push(Part::Predictions, grid);
    }
    for (part, title, effects) in [
        (Part::Slopes, "Slopes", &report.slopes),
        (Part::Comparisons, "Comparisons", &report.comparisons),
    ] {
        if effects.is_empty() {
            continue;
        }
        let mut grid = effects_grid(&format!("{title}{of}"), effects, &report.model.outcomes);
        grid.notes.push(intervals.clone());
        let families = report.families.iter().filter(|family| family.name == part.name());
        grid.notes
            .extend(families.map(|family| format!("{}.", capital(&family.description))));
        grid.notes.push(STARS.to_owned());
        push(part, grid);
    }
    if !report.tests.is_empty() || !report.refused.is_empty() {
        let mut grid = tests_grid(&format!("Tests{of}"), &report.tests.iter().collect::<Vec<_>>());
        let refused = report.refused.iter();
        grid.notes
            .extend(refused.map(|one| format!("{} cannot be had: {}.", one.hypothesis, one.reason)));
        push(Part::Tests, grid);
    }
    tables
}

/// Where a quantity is evaluated, in words.
#[must_use]
pub fn at_words(values: &At, at_means: bool) -> String {
    let value = |(name, value): (&String, &Value)| match value {
        Value::Number(number) => format!("{name} = {number}"),
        Value::Level(level) => format!("{name} = {level}"),
    };
    let held: Vec<String> = values.iter().map(value).collect();
    match (held.is_empty(), at_means) {
        (true, false) => "as observed".to_owned(),
        (true, true) => "means".to_owned(),
        (false, false) => held.join(", "),
        (false, true) => format!("{}; the others at means", held.join(", ")),
    }
}

fn columns(outcomes: &[String], values: &[&str]) -> Vec<Column> {
    let column = |outcome: &String| Column {
        label: outcome.clone(),
        below: String::new(),
        values: values.iter().map(|&value| value.to_owned()).collect(),
    };
    outcomes.iter().map(column).collect()
}

/// A grid of rows that come outcome by outcome: each chunk of them is a row.
fn by_outcome<T>(
    title: &str,
    head: &str,
    rows: &[T],
    columns: Vec<Column>,
    label: impl Fn(&T) -> String,
    cell: impl Fn(&T) -> Cell,
) -> Grid {
    let chunks = rows.chunks(columns.len().max(1));
    let rows = chunks.filter_map(|chunk| {
        Some(Row {
            label: label(chunk.first()?),
            value: None,
            cells: chunk.iter().map(&cell).collect(),
        })
    });
    Grid {
        title: title.to_owned(),
        head: head.to_owned(),
        groups: Vec::new(),
        bodies: vec![Body {
            title: String::new(),
            rows: rows.collect(),
        }],
        columns,
        notes: Vec::new(),
    }
}

fn predictions_grid(title: &str, predictions: &[Prediction], outcomes: &[String]) -> Grid {
    let columns = columns(outcomes, &["probability", "std. error", "low", "high"]);
    let label = |one: &Prediction| at_words(&one.at, one.at_means);
    let cell = |one: &Prediction| Cell {
        below: format!("[{}, {}]", rounded(one.conf_low), rounded(one.conf_high)),
        ..Cell::numbers(
            rounded(one.estimate),
            &[one.estimate, one.std_error, one.conf_low, one.conf_high],
        )
    };
    by_outcome(title, "At", predictions, columns, label, cell)
}

fn effects_grid(title: &str, effects: &[Effect], outcomes: &[String]) -> Grid {
    let columns = columns(outcomes, &["effect", "std. error", "p", "low", "high"]);
    let label = |one: &Effect| {
        format!(
            "{} {}, {}",
            one.variable,
            one.contrast,
            at_words(&one.at, one.at_means)
        )
    };
    let cell = |one: &Effect| {
        let (p, low, high) = one
            .adjusted
            .map_or((one.p_value, one.conf_low, one.conf_high), |one| {
                (one.p_value, one.conf_low, one.conf_high)
            });
        Cell {
            stars: stars(p),
            below: format!("[{}, {}]", rounded(low), rounded(high)),
            ..Cell::numbers(
                rounded(one.estimate),
                &[one.estimate, one.std_error, p, low, high],
            )
        }
    };
    by_outcome(title, "Effect", effects, columns, label, cell)
}

fn tests_grid(title: &str, tests: &[&Test]) -> Grid {
    let column = |label: &str| Column {
        label: label.to_owned(),
        below: String::new(),
        values: vec![label.to_owned()],
    };
    let row = |test: &&Test| Row {
        label: format!("{}: {}", test.kind, test.hypothesis),
        value: None,
        cells: vec![
            Cell::numbers(rounded(test.statistic), &[test.statistic]),
            Cell::numbers(test.df.to_string(), &[test.df as f64]),
            Cell::numbers(rounded(test.p_value), &[test.p_value]),
        ],
    };
    let mut notes: Vec<String> = Vec::new();
    for note in tests.iter().filter_map(|test| test.note.as_ref()) {
        let note = format!("{note}.");
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    Grid {
        title: title.to_owned(),
        head: "Test".to_owned(),
        groups: Vec::new(),
        columns: ["χ²", "df", "p"].map(column).to_vec(),
        bodies: vec![Body {
            title: String::new(),
            rows: tests.iter().map(row).collect(),
        }],
        notes,
    }
}

/// Three decimals, or a power of ten where they would say next to nothing; a minus sign is a minus sign.
fn rounded(value: f64) -> String {
    let size = value.abs();
    let text = if value != 0.0 && value.is_finite() && !(1e-3..1e5).contains(&size) {
        format!("{value:.2e}")
    } else {
        format!("{value:.3}")
    };
    text.replace('-', "−")
}
