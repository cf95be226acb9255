//! The model frame: the variables of a formula on the rows where all of them are known.

use std::sync::Arc;

use crate::arithmetic::order;
use crate::data::basis::Basis;
use crate::data::check::{check_finite, check_text, check_weights, is_number, stray};
use crate::data::formula::{Factor, Formula, Reading};
use crate::data::function::{Function, Rows};
use crate::data::table::{Column, Table};
use crate::error::{Error, Result};

/// As many outcomes as a multinomial logit is ever read with; beyond it the outcome is a mistake.
const MOST_OUTCOMES: usize = 50;

/// Rows left out because a variable is missing there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropped {
    /// The variable.
    pub variable: String,
    /// Rows in which it is missing.
    pub rows: usize,
    /// Rows in which nothing else is missing: they would come back with this variable.
    pub alone: usize,
}

/// What a reader should know about the outcome or a variable, though the frame stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Note {
    /// A level that occurs in the table, but in no complete row.
    Unseen {
        variable: String,
        level: String,
        rows: usize,
        outcome: bool,
    },
    /// A product of levels that no row has.
    EmptyCell { term: String },
    /// A product of levels that others determine, since no row has some product of the same variables.
    Determined { term: String, others: Vec<String> },
    /// A level of the outcome that is no number, though most are.
    NotNumber {
        outcome: String,
        level: String,
        rows: usize,
    },
}

/// A variable of the frame, on the complete rows.
#[derive(Debug, Clone)]
pub(crate) enum Values {
    Number(Vec<f64>),
    Category(Category),
}

/// A categorical variable.
#[derive(Debug, Clone)]
pub(crate) struct Category {
    /// Levels that occur, sorted (by number where all are numbers).
    pub(crate) levels: Vec<String>,
    /// For each row, its position in `levels`.
    pub(crate) codes: Vec<u32>,
    /// Position of the base level.
    pub(crate) base: usize,
}

#[derive(Debug, Clone)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) values: Values,
}

/// A column that a function makes of variables.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    /// The factor of the formula that it belongs to.
    pub(crate) factor: String,
    pub(crate) name: String,
    pub(crate) function: Function,
    /// Positions of the variables it is made of.
    pub(crate) variables: Vec<usize>,
}

/// Outcome, variables and weights of a formula on the complete rows.
#[derive(Debug, Clone)]
pub struct Frame {
    pub(crate) formula: Formula,
    pub(crate) outcome: Category,
    pub(crate) variables: Vec<Variable>,
    pub(crate) functions: Vec<Made>,
    /// Frequency weight of each row; empty where every weight is 1.
    pub(crate) weights: Vec<f64>,
    pub(crate) fractional_weights: bool,
    /// The column of probability weights, where the weights are such.
    pub(crate) probability_weights: Option<String>,
    pub(crate) notes: Vec<Note>,
    rows: Vec<usize>,
    dropped: Vec<Dropped>,
}

/// What a [`Frame`] is made with beside table and formula.
#[derive(Debug, Clone, Copy, Default)]
pub struct FrameBuilder<'a> {
    base: Option<&'a str>,
    weights: Option<&'a str>,
    probability: bool,
}

impl<'a> FrameBuilder<'a> {
    /// No choice made: the first level is the base outcome, every weight is 1.
    pub fn new() -> Self {
        Self::default()
    }

    /// The base outcome, against which the others are estimated.
    pub fn base(mut self, level: &'a str) -> Self {
        self.base = Some(level);
        self
    }

    /// A column of frequency weights: a row of weight 3 counts as three rows.
    pub fn weights(mut self, column: &'a str) -> Self {
        self.weights = Some(column);
        self.probability = false;
        self
    }

    /// A column of probability weights, as of a survey: a row of weight 3 stands for three times as many of those who were
    /// not asked as a row of weight 1, but is one row. Only a robust or clustered covariance
    /// ([`crate::Covariance::Robust`]) fits them; no likelihood is left to be compared.
    pub fn probability_weights(mut self, column: &'a str) -> Self {
        self.weights = Some(column);
        self.probability = true;
        self
    }

    /// Makes the frame.
    ///
    /// # Errors
    /// [`Error::UnknownColumn`], [`Error::NotFinite`], [`Error::Weight`], [`Error::NoCompleteRow`],
    /// [`Error::OneOutcome`], [`Error::TooManyOutcomes`], [`Error::UnknownLevel`] (of the base outcome or of a
    /// term's base), [`Error::OneLevel`], [`Error::NotNumber`] (a term of text in which most cells are numbers),
    /// [`Error::ColumnKind`] (a function of text), [`Error::Domain`], [`Error::FewValues`].
    pub fn build(self, table: &Table, formula: &Formula) -> Result<Frame> {
        Frame::build(table, formula, self)
    }
}

impl Frame {
    /// The frame of `formula` on `table` with the first level as base outcome and without weights; see
    /// [`FrameBuilder`] for other choices.
    ///
    /// # Errors
    /// As [`FrameBuilder::build`].
    pub fn new(table: &Table, formula: &Formula) -> Result<Self> {
        FrameBuilder::new().build(table, formula)
    }

    fn build(table: &Table, formula: &Formula, options: FrameBuilder<'_>) -> Result<Self> {
        let formula = &formula.on(table.names().iter().map(String::as_str))?;
        let wanted = wanted(formula);
        let mut used = vec![(formula.outcome(), table.column(formula.outcome())?)];
        for one in &wanted {
            let column = table.column(one.name)?;
            if one.number {
                table.numbers(one.name)?;
            }
            used.push((one.name, column));
        }
        if let Some(name) = options.weights {
            let column = table.column(name)?;
            check_weights(name, column)?;
            used.push((name, column));
        }
        for &(name, column) in &used {
            check_finite(name, column)?;
        }

        let (mut rows, dropped) = complete_rows(&used, table.rows());
        let complete = rows.len();
        let mut weights = Vec::new();
        if let Some(&(_, Column::Number(values))) = used.last().filter(|_| options.weights.is_some()) {
            rows.retain(|&row| values[row] > 0.0);
            weights = rows.iter().map(|&row| values[row]).collect();
        }
        if let (Some(column), true, true) = (options.weights, rows.is_empty(), complete > 0) {
            return Err(Error::Weight {
                column: column.to_owned(),
                row: None,
                problem: format!("zero in all {complete} complete rows"),
            });
        }
        if rows.is_empty() {
            let missing = dropped
                .iter()
                .map(|cause| (cause.variable.clone(), cause.rows))
                .collect();
            return Err(Error::NoCompleteRow { missing });
        }

        let outcome = outcome(formula.outcome(), used[0].1, &rows, options.base)?;
        let variables = wanted
            .iter()
            .zip(&used[1..])
            .map(|(one, (_, column))| variable(one, column, &rows))
            .collect::<Result<Vec<Variable>>>()?;
        let functions = functions(formula, &variables, &rows)?;
        let fractional_weights = weights.iter().any(|weight| weight.fract() != 0.0);
        let mut notes = unseen(formula.outcome(), used[0].1, &outcome, true);
        notes.extend(strange_outcomes(formula.outcome(), used[0].1));
        for (known, (_, column)) in variables.iter().zip(&used[1..]) {
            if let Values::Category(category) = &known.values {
                notes.extend(unseen(&known.name, column, category, false));
            }
        }
        Ok(Frame {
            formula: formula.clone(),
            outcome,
            variables,
            functions,
            weights,
            fractional_weights,
            probability_weights: options.weights.filter(|_| options.probability).map(str::to_owned),
            notes,
            rows,
            dropped,
        })
    }

    /// Number of complete rows (of positive weight).
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// Positions of the complete rows in the table, from 0.
    pub fn row_indices(&self) -> &[usize] {
        &self.rows
    }

    /// The rows left out, by cause; a row that lacks two variables counts under both.
    pub fn dropped(&self) -> &[Dropped] {
        &self.dropped
    }

    /// The values of a numeric variable on the complete rows.
    ///
    /// # Errors
    /// [`Error::UnknownVariable`]; [`Error::Value`] where the variable is categorical.
    pub fn number(&self, name: &str) -> Result<&[f64]> {
        match &self.variable(name)?.values {
            Values::Number(values) => Ok(values),
            Values::Category(_) => Err(Error::Value {
                variable: name.to_owned(),
                value: "a number".to_owned(),
                problem: "it is categorical".to_owned(),
            }),
        }
    }

    /// The levels of a categorical variable on the complete rows.
    ///
    /// # Errors
    /// [`Error::UnknownVariable`]; [`Error::Value`] where the variable is one of numbers.
    pub fn category(&self, name: &str) -> Result<impl Iterator<Item = &str> + Clone> {
        match &self.variable(name)?.values {
            Values::Category(Category { levels, codes, .. }) => {
                Ok(codes.iter().map(|code| levels[*code as usize].as_str()))
            }
            Values::Number(_) => Err(Error::Value {
                variable: name.to_owned(),
                value: "a level".to_owned(),
                problem: "it is a variable of numbers".to_owned(),
            }),
        }
    }

    /// The outcome of each complete row.
    pub fn outcomes(&self) -> impl Iterator<Item = &str> {
        let Category { levels, codes, .. } = &self.outcome;
        codes.iter().map(|code| levels[*code as usize].as_str())
    }

    /// Names of the formula's variables, in order of their first occurrence.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.variables.iter().map(|variable| variable.name.as_str())
    }

    fn variable(&self, name: &str) -> Result<&Variable> {
        self.position(name).map(|position| &self.variables[position])
    }

    /// The value of a numeric variable in a row.
    pub(crate) fn number_at(&self, variable: usize, row: usize) -> f64 {
        match &self.variables[variable].values {
            Values::Number(values) => values[row],
            Values::Category(_) => f64::NAN,
        }
    }

    /// Position of a variable.
    pub(crate) fn position(&self, name: &str) -> Result<usize> {
        self.variables
            .iter()
            .position(|variable| variable.name == name)
            .ok_or_else(|| Error::UnknownVariable {
                variable: name.to_owned(),
                known: self
                    .variables
                    .iter()
                    .map(|variable| variable.name.clone())
                    .collect(),
            })
    }

    /// The frame without the rows of one outcome, by its position. Levels keep their codes, even where no row is
    /// left of them. Where the base outcome goes, the first of the others takes its place.
    pub(crate) fn without_outcome(&self, dropped: usize) -> Frame {
        let stays = |row: &usize| self.outcome.codes[*row] as usize != dropped;
        let kept: Vec<usize> = (0..self.rows()).filter(stays).collect();
        let codes = |codes: &[u32]| kept.iter().map(|&row| codes[row]).collect();
        let variables = self.variables.iter().map(|variable| Variable {
            name: variable.name.clone(),
            values: match &variable.values {
                Values::Number(values) => Values::Number(kept.iter().map(|&row| values[row]).collect()),
                Values::Category(category) => Values::Category(Category {
                    codes: codes(&category.codes),
                    ..category.clone()
                }),
            },
        });
        let later = |position: usize| position > dropped;
        let mut outcome = self.outcome.clone();
        outcome.levels.remove(dropped);
        outcome.base = match self.outcome.base {
            base if base == dropped => 0,
            base => base - usize::from(later(base)),
        };
        let shifted = |row: &usize| {
            let code = self.outcome.codes[*row];
            code - u32::from(later(code as usize))
        };
        outcome.codes = kept.iter().map(shifted).collect();
        let weights = if self.weights.is_empty() {
            Vec::new()
        } else {
            kept.iter().map(|&row| self.weights[row]).collect()
        };
        Frame {
            formula: self.formula.clone(),
            outcome,
            variables: variables.collect(),
            functions: self.functions.clone(),
            weights,
            fractional_weights: self.fractional_weights,
            probability_weights: self.probability_weights.clone(),
            notes: self.notes.clone(),
            rows: kept.iter().map(|&row| self.rows[row]).collect(),
            dropped: self.dropped.clone(),
        }
    }
}

/// The levels of the outcome that are no numbers though most are.
fn strange_outcomes(name: &str, column: &Column) -> Vec<Note> {
    let Column::Text(text) = column else {
        return Vec::new();
    };
    if stray(text).is_none() {
        return Vec::new();
    }
    let strange = text
        .levels()
        .iter()
        .zip(text.counts())
        .filter(|(level, _)| !is_number(level));
    strange
        .map(|(level, rows)| Note::NotNumber {
            outcome: name.to_owned(),
            level: level.clone(),
            rows,
        })
        .collect()
}

/// The levels that occur in the column, but not among those of the complete rows.
fn unseen(name: &str, column: &Column, category: &Category, outcome: bool) -> Vec<Note> {
    let counts: Vec<(String, usize)> = match column {
        Column::Text(text) => text.levels().iter().cloned().zip(text.counts()).collect(),
        Column::Number(values) => {
            let mut sorted: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
            order::ascending(&mut sorted);
            let same = sorted.chunk_by(|a, b| a == b);
            same.map(|values| (values[0].to_string(), values.len())).collect()
        }
    };
    // Levels are sorted alike, so that one walk through both finds what is missing.
    let mut seen = category.levels.iter().peekable();
    let missing = counts
        .into_iter()
        .filter(|(level, _)| seen.next_if_eq(&level).is_none());
    missing
        .map(|(level, rows)| Note::Unseen {
            variable: name.to_owned(),
            level,
            rows,
            outcome,
        })
        .collect()
}

/// The rows where no column is missing, and for each column with missing values how many rows it costs.
#[inline(never)]
fn complete_rows(used: &[(&str, &Column)], rows: usize) -> (Vec<usize>, Vec<Dropped>) {
    let mut missing = vec![0_usize; used.len()];
    let mut alone = vec![0_usize; used.len()];
    let mut complete = Vec::with_capacity(rows);
    for row in 0..rows {
        let mut lacking = 0;
        let mut last = 0;
        for (position, (_, column)) in used.iter().enumerate() {
            if column.is_missing(row) {
                missing[position] += 1;
                lacking += 1;
                last = position;
            }
        }
        match lacking {
            0 => complete.push(row),
            1 => alone[last] += 1,
            _ => {}
        }
    }
    let dropped = used
        .iter()
        .zip(missing.into_iter().zip(alone))
        .filter(|(_, (rows, _))| *rows > 0)
        .map(|((name, _), (rows, alone))| Dropped {
            variable: (*name).to_owned(),
            rows,
            alone,
        })
        .collect();
    (complete, dropped)
}

fn outcome(name: &str, column: &Column, rows: &[usize], base: Option<&str>) -> Result<Category> {
    let mut category = category(column, rows);
    let levels = category.levels.len();
    if levels < 2 {
        return Err(Error::OneOutcome {
            outcome: name.to_owned(),
            levels: category.levels,
            rows: rows.len(),
        });
    }
    if levels > MOST_OUTCOMES {
        return Err(Error::TooManyOutcomes {
            outcome: name.to_owned(),
            found: levels,
            most: MOST_OUTCOMES,
        });
    }
    category.base = base_level(name, &category.levels, base)?;
    Ok(category)
}

/// A column that a formula uses.
struct Wanted<'a> {
    name: &'a str,
    /// Whether a function is made of it.
    number: bool,
    /// Whether it is written `C(...)`, and the base level given there.
    categorical: bool,
    base: Option<&'a str>,
}

/// The columns of a formula's terms, in order of their first occurrence.
fn wanted(formula: &Formula) -> Vec<Wanted<'_>> {
    let mut wanted: Vec<Wanted<'_>> = Vec::new();
    for factor in formula.terms().iter().flatten() {
        for name in factor.variables() {
            let number = matches!(factor.reading, Reading::Function(_) | Reading::Basis(..));
            if let Some(known) = wanted.iter_mut().find(|known| known.name == name) {
                known.number |= number;
                continue;
            }
            let base = match &factor.reading {
                Reading::Levels(base) => base.as_deref(),
                _ => None,
            };
            wanted.push(Wanted {
                name,
                number,
                categorical: factor.is_categorical(),
                base,
            });
        }
    }
    wanted
}

/// The columns that the functions of a formula make, each of them once.
fn functions(formula: &Formula, variables: &[Variable], indices: &[usize]) -> Result<Vec<Made>> {
    let known: Vec<(&str, Option<&[f64]>)> = variables
        .iter()
        .map(|variable| match &variable.values {
            Values::Number(values) => (variable.name.as_str(), Some(values.as_slice())),
            Values::Category(_) => (variable.name.as_str(), None),
        })
        .collect();
    let rows = Rows {
        variables: &known,
        indices,
    };
    let mut made: Vec<Made> = Vec::new();
    for factor in formula.terms().iter().flatten() {
        if made.iter().all(|known| known.factor != factor.name) {
            made.extend(made_by(factor, &rows)?);
        }
    }
    Ok(made)
}

fn made_by(factor: &Factor, rows: &Rows<'_>) -> Result<Vec<Made>> {
    let made = |name: String, function: Function| Made {
        factor: factor.name.clone(),
        name,
        variables: function.variables(),
        function,
    };
    match &factor.reading {
        Reading::Column | Reading::Levels(_) => Ok(Vec::new()),
        Reading::Function(of) => {
            let function = Function::learn(of, rows)?;
            rows.values(&function, &of.to_string())?;
            Ok(vec![made(factor.name.clone(), function)])
        }
        Reading::Basis(kind, of) => {
            let inner = Function::learn(of, rows)?;
            let values = rows.values(&inner, &of.to_string())?;
            let basis = Basis::learn(*kind, &values).ok_or_else(|| Error::FewValues {
                term: factor.name.clone(),
                of: of.to_string(),
            })?;
            let basis = Arc::new(basis);
            let column = |column: usize| {
                // As R has it, one column needs no number.
                let name = match kind.columns() {
                    1 => factor.name.clone(),
                    _ => format!("{}{}", factor.name, column + 1),
                };
                let function = Function::Column(Arc::clone(&basis), column, Box::new(inner.clone()));
                let one = made(name, function);
                rows.values(&one.function, &one.name)?;
                Ok(one)
            };
            (0..kind.columns()).map(column).collect()
        }
    }
}

#[inline(never)]
fn variable(wanted: &Wanted<'_>, column: &Column, rows: &[usize]) -> Result<Variable> {
    let name = wanted.name.to_owned();
    let values = match column {
        Column::Number(values) if !wanted.categorical => {
            Values::Number(rows.iter().map(|&row| values[row]).collect())
        }
        _ => {
            if let (Column::Text(text), false) = (column, wanted.categorical) {
                check_text(&name, text)?;
            }
            let mut category = category(column, rows);
            category.base = base_level(&name, &category.levels, wanted.base)?;
            if let [level] = category.levels.as_slice() {
                return Err(Error::OneLevel {
                    variable: name,
                    level: level.clone(),
                });
            }
            Values::Category(category)
        }
    };
    Ok(Variable { name, values })
}

fn base_level(name: &str, levels: &[String], base: Option<&str>) -> Result<usize> {
    let Some(base) = base else { return Ok(0) };
    levels
        .iter()
        .position(|level| level == base)
        .ok_or_else(|| Error::UnknownLevel {
            variable: name.to_owned(),
            level: base.to_owned(),
            known: levels.to_vec(),
        })
}

/// The levels that occur on `rows`, and each row's.
fn category(column: &Column, rows: &[usize]) -> Category {
    match column {
        Column::Text(text) => {
            let code = |row: usize| text.code(row).unwrap_or_default() as usize;
            let mut occurs = vec![false; text.levels().len()];
            for &row in rows {
                occurs[code(row)] = true;
            }
            let mut position = vec![0_u32; occurs.len()];
            let mut levels = Vec::new();
            for (level, _) in occurs.iter().enumerate().filter(|(_, occurs)| **occurs) {
                position[level] = levels.len() as u32;
                levels.push(text.levels()[level].clone());
            }
            Category {
                levels,
                codes: rows.iter().map(|&row| position[code(row)]).collect(),
                base: 0,
            }
        }
        Column::Number(values) => {
            let mut distinct: Vec<f64> = rows.iter().map(|&row| values[row]).collect();
            order::ascending(&mut distinct);
            distinct.dedup();
            let code = |value: f64| distinct.partition_point(|&level| level < value) as u32;
            let codes = rows.iter().map(|&row| code(values[row])).collect();
            Category {
                levels: distinct.iter().map(f64::to_string).collect(),
                codes,
                base: 0,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new();
        table
            .insert(
                "y",
                Column::text_or_missing([Some("b"), Some("a"), None, Some("a"), Some("c")]),
            )
            .unwrap();
        table
            .insert("x", Column::number([1.0, f64::NAN, f64::NAN, 2.0, 3.0]))
            .unwrap();
        table
            .insert("g", Column::number([10.0, 2.0, 2.0, 2.0, 10.0]))
            .unwrap();
        table
            .insert("w", Column::number([1.0, 1.0, 1.0, 2.5, 0.0]))
            .unwrap();
        table
    }

    #[test]
    fn complete_cases_are_counted_by_cause() {
        let frame = Frame::new(&table(), &Formula::parse("y ~ x").unwrap()).unwrap();
        assert_eq!(frame.row_indices(), [0, 3, 4]);
        let dropped = |variable: &str, rows, alone| Dropped {
            variable: variable.into(),
            rows,
            alone,
        };
        assert_eq!(frame.dropped(), [dropped("y", 1, 0), dropped("x", 2, 1)]);
    }

    #[test]
    fn levels_sort_as_numbers_and_unused_ones_go() {
        let frame = Frame::new(&table(), &Formula::parse("y ~ C(g)").unwrap()).unwrap();
        let Values::Category(category) = &frame.variables[0].values else {
            panic!("not categorical")
        };
        assert_eq!(category.levels, ["2", "10"]);
        let weighted = FrameBuilder::new()
            .weights("w")
            .build(&table(), &Formula::parse("y ~ x").unwrap())
            .unwrap();
        assert_eq!(
            weighted.outcome.levels,
            ["a", "b"],
            "the row of weight zero held the only c"
        );
        assert!(weighted.fractional_weights);
    }

    #[test]
    fn numbers_with_a_slip_are_not_categories() {
        let mut table = Table::new();
        table
            .insert("y", Column::text(["a", "b", "a", "b", "a"]))
            .unwrap();
        table
            .insert("x", Column::text(["1", "2.5", "1,5", "4", "?"]))
            .unwrap();
        let message = |text: &str, weights: Option<&str>| {
            let mut builder = FrameBuilder::new();
            builder.weights = weights;
            builder
                .build(&table, &Formula::parse(text).unwrap())
                .map(|_| ())
                .map_err(|error| error.to_string())
        };
        assert_eq!(
            message("y ~ x", None).unwrap_err(),
            "column `x`, row 3: `1,5` is not a number, as 3 of the column's 5 cells are: correct it, leave it empty \
             where it means a missing value, or write C(x) to make each value a level"
        );
        assert_eq!(message("y ~ C(x)", None), Ok(()));
        assert_eq!(
            message("y ~ 1", Some("x")).unwrap_err(),
            "weights `x`, row 3: `1,5` is not a number"
        );
        let text = |values: &[&str]| stray(&values.iter().copied().map(Some).collect()).is_some();
        assert!(!text(&["a", "b", "1"]) && !text(&["1", "2"]) && !text(&["low", "low", "10+", "3"]));
        assert!(
            text(&["1", "2", "3", ".", ".", ".", "."]),
            "most values are numbers, if not most cells"
        );
    }

    #[test]
    fn levels_that_vanish_are_noted() {
        let frame = Frame::new(&table(), &Formula::parse("y ~ C(x) + g").unwrap()).unwrap();
        assert_eq!(frame.notes, []);
        let mut table = Table::new();
        table
            .insert("y", Column::text(["1", "2", "?", "9", "1"]))
            .unwrap();
        table
            .insert(
                "g",
                Column::text_or_missing([Some("u"), Some("v"), Some("v"), None, Some("u")]),
            )
            .unwrap();
        table
            .insert("h", Column::number([5.0, 7.0, 5.0, 10.0, 7.0]))
            .unwrap();
        let frame = Frame::new(&table, &Formula::parse("y ~ g + C(h)").unwrap()).unwrap();
        let unseen = |variable: &str, level: &str, outcome| Note::Unseen {
            variable: variable.into(),
            level: level.into(),
            rows: 1,
            outcome,
        };
        let strange = Note::NotNumber {
            outcome: "y".into(),
            level: "?".into(),
            rows: 1,
        };
        assert_eq!(
            frame.notes,
            [unseen("y", "9", true), strange, unseen("h", "10", false)]
        );
    }

    #[test]
    fn errors_name_what_is_wrong() {
        let build = |text: &str, options: FrameBuilder<'_>| {
            options
                .build(&table(), &Formula::parse(text).unwrap())
                .unwrap_err()
                .to_string()
        };
        let plain = FrameBuilder::new();
        assert!(build("y ~ z", plain).starts_with("no column `z`; there are `y`, `x`"));
        assert_eq!(
            build("y ~ x", plain.base("d")),
            "`y` has no level `d` among the complete rows; there are `a`, `b`, `c`"
        );
        assert_eq!(
            build("y ~ x", plain.weights("y")),
            "weights `y`: is text; weights are numbers"
        );
        let mut zero = table();
        zero.insert("zero", Column::number([0.0; 5])).unwrap();
        let formula = Formula::parse("y ~ x").unwrap();
        let none = plain.weights("zero").build(&zero, &formula).unwrap_err();
        assert_eq!(none.to_string(), "weights `zero`: zero in all 3 complete rows");
        let mut infinite = Table::new();
        infinite.insert("y", Column::text(["a", "b"])).unwrap();
        infinite
            .insert("x", Column::number([1.0, f64::INFINITY]))
            .unwrap();
        let error = Frame::new(&infinite, &Formula::parse("y ~ x").unwrap()).unwrap_err();
        assert_eq!(error.to_string(), "column `x`, row 2: inf is not a finite number");
    }
}
