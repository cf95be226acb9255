//! An analysis as every language can say it: the columns and how they are read, levels and bases, the rows that are left
//! out, the columns of the model, and what is asked of it.

use mlogit::{
    At, BasisKind, Change, Column as TableColumn, Comparison, Design, Expression, Operation, Part, Table,
    Value,
};
use report::fit::{CovarianceKind, FitOptions, IntervalKind, design, fit};

use crate::code::{Code, Moment, written};
use crate::error::{Error, Result};
use crate::source::Source;

/// An analysis, ready to be written.
#[derive(Debug, Clone)]
pub struct Analysis {
    pub(crate) source: Source,
    /// The formula as it was typed.
    pub(crate) formula: String,
    pub(crate) intercept: bool,
    /// All columns of the data that are used, the outcome first.
    pub(crate) columns: Vec<Column>,
    /// Levels of the outcome, the base outcome first.
    pub(crate) outcomes: Vec<String>,
    /// Columns of the model.
    pub(crate) terms: Vec<Term>,
    /// What is learnt from the rows before the model's columns can be made.
    pub(crate) learned: Vec<Learned>,
    pub(crate) weights: Option<Weights>,
    pub(crate) errors: Errors,
    pub(crate) level: f64,
    /// Where slopes and comparisons are made.
    pub(crate) settings: Vec<Setting>,
    pub(crate) at_means: bool,
    /// Where predictions are made; nowhere if none are asked for.
    pub(crate) predicted: Vec<Setting>,
    /// The variables along which slopes are asked for.
    pub(crate) slopes: Vec<Slope>,
    pub(crate) comparisons: Vec<Contrast>,
    /// Rows that are used, and those left out, by variable.
    pub(crate) rows: usize,
    pub(crate) dropped: Vec<(String, usize)>,
    /// Sum of the weights.
    pub(crate) n: f64,
    pub(crate) loglik: f64,
    pub(crate) firth: bool,
    /// What is not handed over.
    pub(crate) notes: Vec<String>,
}

/// A column of the data.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: Kind,
}

/// How a column is read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    Number,
    /// Categorical: the base level first, the others sorted.
    Levels {
        levels: Vec<String>,
        /// Whether the levels are numbers in the data.
        numbers: bool,
    },
    /// Text that only tells rows apart: clusters.
    Text,
}

/// A column of the model.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Term {
    pub(crate) name: String,
    /// Position of its term in the formula; the intercept has none.
    pub(crate) term: Option<usize>,
    pub(crate) parts: Vec<Part>,
    /// The same as arithmetic.
    pub(crate) code: Code,
    /// Whether it is in the model; else it is a product of levels that no row has, or that others determine.
    pub(crate) kept: bool,
}

/// What is learnt from the rows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Learned {
    pub(crate) kind: LearnedKind,
    pub(crate) of: Code,
    /// What it is of, as the formula has it.
    pub(crate) written: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LearnedKind {
    /// Mean and standard deviation.
    Moments,
    /// Orthogonal polynomials of a degree.
    Polynomials(usize),
    /// Natural splines with as many columns.
    Splines(usize),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Weights {
    pub(crate) column: String,
    pub(crate) probability: bool,
    /// Whether some are no whole numbers.
    pub(crate) fractional: bool,
}

/// How standard errors are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Errors {
    /// From the observed information.
    Observed,
    /// Robust, without a factor.
    Hc0,
    /// Robust, times n / (n - k).
    Hc1,
    /// Robust, times n / (n - 1).
    Robust,
    /// Clustered by each combination of the values of some columns.
    Cluster(Vec<String>),
    /// Clustered by either of two columns.
    TwoWay(String, String),
}

/// Where something is evaluated: variables that are held, and how.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Setting(pub(crate) Vec<(String, Held)>);

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Held {
    Number(f64),
    Level(String),
    /// Higher by so much than it is.
    Moved(f64),
    Lowest,
    Highest,
}

/// A slope that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Slope {
    /// Along a number: for each column of the model that moves with it, by its position, the derivative.
    Along {
        variable: String,
        columns: Vec<(usize, Code)>,
    },
    /// From the base level to each of the others.
    Levels(Vec<Contrast>),
}

/// Two settings of a variable that are compared.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Contrast {
    pub(crate) variable: String,
    /// Such as `b - a`.
    pub(crate) name: String,
    /// `None` where the variable stays as it is.
    pub(crate) low: Option<Held>,
    pub(crate) high: Held,
}

impl Analysis {
    /// Puts together what a script needs: fits the model, so that what has no answer is not handed over.
    ///
    /// # Errors
    /// [`crate::Error::Fit`] where there is no fit, [`crate::Error::Model`] where a setting or a comparison cannot be read.
    pub fn new(source: Source, table: &Table, options: &FitOptions) -> Result<Self> {
        // Intervals are by the delta method: draws are not handed over.
        let plain = FitOptions {
            interval: IntervalKind::Delta,
            tests: Vec::new(),
            likelihood_ratios: false,
            alternatives: false,
            ..options.clone()
        };
        let report = fit(table, &plain)?;
        let design = design(table, &plain)?;
        let frame = design.frame();
        if (observations(table, &design, options)? - report.model.n).abs() > 1e-9 * report.model.n {
            return Err(Error::Rows);
        }
        let mut learned = Vec::new();
        let mut terms = Vec::new();
        for column in design.columns()? {
            let codes: Vec<Code> = column
                .parts
                .iter()
                .map(|part| code_of(part, &mut learned))
                .collect();
            terms.push(Term {
                code: Code::product(codes),
                name: column.name,
                term: column.term,
                parts: column.parts,
                kept: column.kept,
            });
        }
        let formula = frame.formula();
        let mut columns = vec![Column {
            name: formula.outcome().to_owned(),
            kind: levels_of(table, formula.outcome(), design.outcomes(), design.base())?,
        }];
        let mut variables = Vec::new();
        for name in frame.variables() {
            let kind = match frame.levels(name)? {
                None => Kind::Number,
                Some(levels) => levels_of(table, name, levels.all, levels.base)?,
            };
            variables.push(name.to_owned());
            columns.push(Column {
                name: name.to_owned(),
                kind,
            });
        }
        let weights = match (&options.weights, &options.probability_weights) {
            (Some(column), _) => Some((column, false)),
            (None, Some(column)) => Some((column, true)),
            (None, None) => None,
        };
        let weights = match weights {
            None => None,
            Some((column, probability)) => Some(Weights {
                column: column.clone(),
                probability,
                fractional: table.numbers(column)?.iter().any(|weight| weight.fract() != 0.0),
            }),
        };
        let dropped = frame.dropped().iter();
        let dropped = dropped
            .map(|cause| (cause.variable.clone(), cause.rows))
            .collect();
        let mut analysis = Analysis {
            source,
            formula: options.formula.clone(),
            intercept: formula.has_intercept(),
            columns,
            outcomes: base_first(design.outcomes(), design.base()),
            terms,
            learned,
            weights,
            errors: errors(options),
            level: options.level,
            settings: Vec::new(),
            at_means: options.at_means,
            predicted: Vec::new(),
            slopes: Vec::new(),
            comparisons: Vec::new(),
            rows: design.rows(),
            dropped,
            n: report.model.n,
            loglik: report.model.loglik,
            firth: options.firth,
            notes: notes(options),
        };
        analysis.use_columns(table)?;
        analysis.settings = analysis.settings_of(&options.at)?;
        if !options.at.is_empty() || options.at_means {
            analysis.predicted = analysis.settings.clone();
        }
        for text in &options.comparisons {
            let comparison = Comparison::parse(text)?;
            analysis
                .comparisons
                .extend(analysis.contrasts(comparison.variable(), comparison.change()));
        }
        if options.slopes {
            analysis.slopes = variables.iter().map(|name| analysis.slope(name)).collect();
        }
        Ok(analysis)
    }

    /// The same with standard errors made in another way; the columns are of the same table.
    ///
    /// # Errors
    /// [`crate::Error::Model`] where a column to cluster by is not in the table.
    pub fn with_errors(mut self, table: &Table, errors: Errors) -> Result<Self> {
        self.errors = errors;
        self.use_columns(table)?;
        Ok(self)
    }

    /// The same with predictions where these settings say, such as `x = 0.5, g = a`.
    ///
    /// # Errors
    /// [`crate::Error::Model`] where a setting cannot be read.
    pub fn with_predictions(mut self, settings: &[String]) -> Result<Self> {
        self.predicted = self.settings_of(settings)?;
        Ok(self)
    }

    /// Adds the columns of weights and clusters, where no variable is the same.
    fn use_columns(&mut self, table: &Table) -> Result<()> {
        let weights = self.weights.iter().map(|weights| weights.column.clone());
        let names: Vec<String> = weights.chain(self.clusters()).collect();
        for name in names {
            if self.columns.iter().any(|column| column.name == name) {
                continue;
            }
            let kind = match table.column(&name)? {
                TableColumn::Number(_) => Kind::Number,
                TableColumn::Text(_) => Kind::Text,
            };
            self.columns.push(Column { name, kind });
        }
        Ok(())
    }

    /// The columns of clusters.
    pub(crate) fn clusters(&self) -> Vec<String> {
        match &self.errors {
            Errors::Cluster(columns) => columns.clone(),
            Errors::TwoWay(first, second) => vec![first.clone(), second.clone()],
            _ => Vec::new(),
        }
    }

    /// Each slope at each setting, as a language writes them: one along a number, or one for each level.
    pub(crate) fn slope_lines(
        &self,
        along: impl Fn(&Setting, &str) -> String,
        level: impl Fn(&Setting, &Contrast) -> String,
    ) -> Vec<String> {
        let mut lines = Vec::new();
        for setting in &self.settings {
            for slope in &self.slopes {
                match slope {
                    Slope::Along { variable, .. } => lines.push(along(setting, variable)),
                    Slope::Levels(contrasts) => {
                        lines.extend(contrasts.iter().map(|contrast| level(setting, contrast)));
                    }
                }
            }
        }
        lines
    }

    /// Each comparison at each setting, as a language writes them.
    pub(crate) fn comparison_lines(&self, line: impl Fn(&Setting, &Contrast) -> String) -> Vec<String> {
        let lines = |setting| self.comparisons.iter().map(move |contrast| (setting, contrast));
        let all = self.settings.iter().flat_map(lines);
        all.map(|(setting, contrast)| line(setting, contrast)).collect()
    }

    pub(crate) fn kind(&self, name: &str) -> &Kind {
        let column = self.columns.iter().find(|column| column.name == name);
        column.map_or(&Kind::Number, |column| &column.kind)
    }

    /// The columns of the model that are in it.
    pub(crate) fn kept(&self) -> Vec<&Term> {
        self.terms.iter().filter(|term| term.kept).collect()
    }

    fn settings_of(&self, texts: &[String]) -> Result<Vec<Setting>> {
        if texts.is_empty() {
            return Ok(vec![Setting::default()]);
        }
        let setting = |text: &String| {
            let at = At::observed().with_text(text)?;
            let held = at.values().iter();
            Ok(Setting(
                held.map(|(name, value)| (name.clone(), self.held(name, value)))
                    .collect(),
            ))
        };
        texts.iter().map(setting).collect()
    }

    fn held(&self, variable: &str, value: &Value) -> Held {
        match (self.kind(variable), value) {
            (Kind::Number, Value::Number(number)) => Held::Number(*number),
            (Kind::Number, Value::Level(text)) => Held::Number(text.trim().parse().unwrap_or(f64::NAN)),
            (_, value) => Held::Level(value.to_string()),
        }
    }

    fn contrasts(&self, variable: &str, change: &Change) -> Vec<Contrast> {
        let contrast = |name: String, low: Option<Held>, high: Held| Contrast {
            variable: variable.to_owned(),
            name,
            low,
            high,
        };
        match (change, self.kind(variable)) {
            (Change::Usual, Kind::Levels { levels, .. }) => {
                let base = &levels[0];
                let one = |level: &String| {
                    contrast(
                        format!("{level} - {base}"),
                        Some(Held::Level(base.clone())),
                        Held::Level(level.clone()),
                    )
                };
                levels[1..].iter().map(one).collect()
            }
            (Change::Usual, _) => vec![contrast("+1".to_owned(), None, Held::Moved(1.0))],
            (Change::Step(step), _) => vec![contrast(format!("{step:+}"), None, Held::Moved(*step))],
            (Change::Range, _) => vec![contrast(
                "max - min".to_owned(),
                Some(Held::Lowest),
                Held::Highest,
            )],
            (Change::Between(from, to), _) => {
                let (low, high) = (self.held(variable, from), self.held(variable, to));
                vec![contrast(
                    format!("{} - {}", high.label(), low.label()),
                    Some(low),
                    high,
                )]
            }
        }
    }

    fn slope(&self, variable: &str) -> Slope {
        if self.kind(variable) != &Kind::Number {
            return Slope::Levels(self.contrasts(variable, &Change::Usual));
        }
        let columns = self.kept().into_iter().enumerate();
        let moving = columns.filter(|(_, term)| term.code.involves(variable));
        Slope::Along {
            variable: variable.to_owned(),
            columns: moving
                .map(|(k, term)| (k, term.code.derivative(variable)))
                .collect(),
        }
    }
}

impl Setting {
    /// The same with one variable held otherwise: one that is held at a number is moved from there.
    pub(crate) fn with(&self, variable: &str, held: &Held) -> Setting {
        let mut setting = self.clone();
        let before = setting
            .0
            .iter()
            .find(|(name, _)| name == variable)
            .map(|(_, held)| held.clone());
        setting.0.retain(|(name, _)| name != variable);
        let held = match (held, before) {
            (Held::Moved(by), Some(Held::Number(value))) => Held::Number(value + by),
            (held, _) => held.clone(),
        };
        setting.0.push((variable.to_owned(), held));
        setting
    }

    /// In words: `age = 30, region = north`.
    pub(crate) fn label(&self) -> String {
        let held = self
            .0
            .iter()
            .map(|(name, held)| format!("{name} = {}", held.label()));
        held.collect::<Vec<_>>().join(", ")
    }
}

impl Held {
    pub(crate) fn label(&self) -> String {
        match self {
            Held::Number(number) => number.to_string(),
            Held::Level(level) => level.clone(),
            Held::Moved(by) => format!("{by:+}"),
            Held::Lowest => "min".to_owned(),
            Held::Highest => "max".to_owned(),
        }
    }
}

impl Contrast {
    /// The settings that are compared at `setting`: the lower and the higher.
    pub(crate) fn pair(&self, setting: &Setting) -> (Setting, Setting) {
        let low = match &self.low {
            Some(held) => setting.with(&self.variable, held),
            None => setting.clone(),
        };
        (low, setting.with(&self.variable, &self.high))
    }
}

/// How many observations the design is of.
fn observations(table: &Table, design: &Design, options: &FitOptions) -> Result<f64> {
    Ok(match &options.weights {
        None => design.rows() as f64,
        Some(column) => {
            let weights = table.numbers(column)?;
            design.frame().row_indices().iter().map(|row| weights[*row]).sum()
        }
    })
}

fn base_first(levels: &[String], base: &str) -> Vec<String> {
    let others = levels.iter().filter(|level| *level != base).cloned();
    std::iter::once(base.to_owned()).chain(others).collect()
}

fn levels_of(table: &Table, name: &str, levels: &[String], base: &str) -> Result<Kind> {
    Ok(Kind::Levels {
        levels: base_first(levels, base),
        numbers: matches!(table.column(name)?, TableColumn::Number(_)),
    })
}

fn errors(options: &FitOptions) -> Errors {
    match (options.covariance, &options.cluster, &options.second_cluster) {
        (None | Some(CovarianceKind::Cluster), Some(first), Some(second)) => {
            Errors::TwoWay(first.clone(), second.clone())
        }
        (None | Some(CovarianceKind::Cluster), Some(column), None) => Errors::Cluster(vec![column.clone()]),
        (None, ..) if options.probability_weights.is_some() => Errors::Robust,
        (Some(CovarianceKind::Hc0), ..) => Errors::Hc0,
        (Some(CovarianceKind::Hc1), ..) => Errors::Hc1,
        (Some(CovarianceKind::Robust), ..) => Errors::Robust,
        _ => Errors::Observed,
    }
}

/// What was asked for and is not handed over.
fn notes(options: &FitOptions) -> Vec<String> {
    let mut notes = Vec::new();
    if options.interval != IntervalKind::Delta {
        notes.push("Intervals are by the delta method here: those by draws or on the logit scale are Standfirm's own.".to_owned());
    }
    if !options.tests.is_empty() || options.likelihood_ratios || options.alternatives {
        notes.push("Tests are not handed over.".to_owned());
    }
    notes
}

/// A part of a column as arithmetic; what it learns from the rows is listed.
pub(crate) fn code_of(part: &Part, learned: &mut Vec<Learned>) -> Code {
    match part {
        Part::Number(name) => Code::Variable(name.clone()),
        Part::Level { variable, level } => Code::Level {
            variable: variable.clone(),
            level: level.clone(),
        },
        Part::Function(of) => arithmetic(of, learned),
        Part::Basis { kind, of, column } => {
            let inner = arithmetic(of, learned);
            let kind = match kind {
                BasisKind::Powers(_) => {
                    let exponent = Code::Number((column + 1) as f64);
                    return match column {
                        0 => inner,
                        _ => Code::Binary(Operation::Power, Box::new(inner), Box::new(exponent)),
                    };
                }
                BasisKind::Orthogonal(degree) => LearnedKind::Polynomials(*degree),
                BasisKind::Natural(columns) => LearnedKind::Splines(*columns),
            };
            Code::Basis {
                learned: position(learned, kind, &inner, of),
                column: *column,
                slope: false,
                of: Box::new(inner),
            }
        }
    }
}

/// An expression of a formula as arithmetic.
pub(crate) fn arithmetic(expression: &Expression, learned: &mut Vec<Learned>) -> Code {
    match expression {
        Expression::Number(number) => Code::Number(*number),
        Expression::Column(name) => Code::Variable(name.clone()),
        Expression::Negative(of) => Code::Negative(Box::new(arithmetic(of, learned))),
        Expression::Binary(operation, left, right) => {
            let left = Box::new(arithmetic(left, learned));
            let right = Box::new(arithmetic(right, learned));
            Code::Binary(*operation, left, right)
        }
        Expression::Call(function, of) => Code::Call(*function, Box::new(arithmetic(of, learned))),
        Expression::Standardised { scaled, of } => {
            let inner = arithmetic(of, learned);
            let learned = position(learned, LearnedKind::Moments, &inner, of);
            let moment = |moment| Box::new(Code::Moment { learned, moment });
            let centred = Code::Binary(Operation::Subtract, Box::new(inner), moment(Moment::Mean));
            if *scaled {
                Code::Binary(Operation::Divide, Box::new(centred), moment(Moment::Deviation))
            } else {
                centred
            }
        }
    }
}

/// Where something is among what is learnt, to which it is added if it is new.
fn position(learned: &mut Vec<Learned>, kind: LearnedKind, of: &Code, written: &Expression) -> usize {
    let known = learned
        .iter()
        .position(|known| known.kind == kind && known.of == *of);
    known.unwrap_or_else(|| {
        learned.push(Learned {
            kind,
            of: of.clone(),
            written: written.to_string(),
        });
        learned.len() - 1
    })
}

/// A level as a number of the data, where it is one.
pub(crate) fn level_number(level: &str) -> String {
    level.parse::<f64>().map_or_else(|_| level.to_owned(), written)
}
