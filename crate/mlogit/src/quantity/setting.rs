//! Settings: where a quantity is evaluated, and the design's columns there.
//!
//! Either on every row as observed, or on one row of means (numbers at their means, levels at their
//! proportions, products of variables recomputed from those); in both cases with some variables held.

use std::borrow::Cow;

use crate::arithmetic::kernel::{BLOCK, Strip};
use crate::data::design::Design;
use crate::data::frame::{Category, Made, Values, Variable};
use crate::data::recipe::{Piece, Recipe};
use crate::error::{Error, Result};

/// A value a variable is held at.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Of a numeric variable.
    Number(f64),
    /// Level of a categorical variable.
    Level(String),
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Number(number) => write!(f, "{number}"),
            Value::Level(level) => f.write_str(level),
        }
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Value::Number(number)
    }
}

impl From<&str> for Value {
    fn from(level: &str) -> Self {
        Value::Level(level.to_owned())
    }
}

/// Where a quantity is evaluated: over the observed rows or at the means, some variables held at values.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct At {
    means: bool,
    values: Vec<(String, Value)>,
}

impl At {
    /// Every variable as observed: quantities are averaged over the rows (Stata's default, `asobserved`).
    pub fn observed() -> Self {
        Self::default()
    }

    /// Every variable at its mean, categorical ones at the proportions of their levels, and interactions
    /// recomputed from these: one row in place of an average over rows.
    ///
    /// Stata's `margins, atmeans` does the same where interactions are written with its operators; where a
    /// product was made by hand as a variable of its own, it takes the mean of the product.
    pub fn means() -> Self {
        At {
            means: true,
            values: Vec::new(),
        }
    }

    /// The same with the variables that are not held at their means.
    #[must_use]
    pub fn at_means(self) -> Self {
        At { means: true, ..self }
    }

    /// The same with `variable` held at `value`; the last value given to a variable holds.
    #[must_use]
    pub fn with(mut self, variable: &str, value: impl Into<Value>) -> Self {
        self.values.retain(|(known, _)| known != variable);
        self.values.push((variable.to_owned(), value.into()));
        self
    }

    /// Reads values such as `x = 0.5, g = democracy`, and holds them as [`At::with`] does. A name or level that
    /// contains a comma or an equals sign goes between backticks or quotes.
    ///
    /// # Errors
    /// [`Error::At`].
    pub fn with_text(self, text: &str) -> Result<Self> {
        let wrong = |problem: &str| Error::At {
            text: text.to_owned(),
            problem: problem.to_owned(),
        };
        let mut at = self;
        for part in split(text, ',').ok_or_else(|| wrong("a quote is never closed"))? {
            let sides = split(&part, '=').ok_or_else(|| wrong("a quote is never closed"))?;
            let [variable, value] = sides.as_slice() else {
                return Err(wrong("expected `variable = value`, several separated by commas"));
            };
            let (variable, value) = (unquoted(variable), unquoted(value));
            if variable.is_empty() || value.is_empty() {
                return Err(wrong("expected `variable = value`, several separated by commas"));
            }
            at = at.with(variable, value);
        }
        Ok(at)
    }

    /// Whether what is not held stands at its mean.
    pub fn is_at_means(&self) -> bool {
        self.means
    }

    /// The variables held and their values.
    pub fn values(&self) -> &[(String, Value)] {
        &self.values
    }
}

/// Splits outside quotes; `None` where one is never closed. A quote opens at the beginning of a name or a value only: in
/// `don't know` it is a letter like others.
fn split(text: &str, by: char) -> Option<Vec<String>> {
    let mut parts = vec![String::new()];
    let mut quote = None;
    let mut begins = true;
    for character in text.chars() {
        let first = begins;
        begins = quote.is_none() && (matches!(character, ',' | '=') || first && character.is_whitespace());
        match quote {
            None if character == by => {
                parts.push(String::new());
                continue;
            }
            None if first && matches!(character, '`' | '"' | '\'') => quote = Some(character),
            Some(open) if open == character => quote = None,
            _ => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push(character);
        }
    }
    quote.is_none().then_some(parts)
}

fn unquoted(text: &str) -> &str {
    let text = text.trim();
    ['`', '"', '\'']
        .into_iter()
        .find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(text)
}

/// How a variable is held: at a value (of a categorical variable the position of the level), or moved from
/// where it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Held {
    Value(f64),
    Moved(f64),
}

/// An [`At`] with its variables looked up.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Setting {
    at: At,
    held: Vec<(usize, Held)>,
    /// The means with the design's own weights, which draws of coefficients leave as they are.
    means: Vec<Mean>,
}

impl Setting {
    /// Looks up the variables and levels of `at`.
    pub(crate) fn new(design: &Design, at: &At) -> Result<Self> {
        let mut setting = Setting {
            at: At {
                means: at.means,
                values: Vec::new(),
            },
            held: Vec::new(),
            means: if at.means {
                means(design, &design.frame.weights)
            } else {
                Vec::new()
            },
        };
        for (name, value) in at.values() {
            let variable = design.frame.position(name)?;
            let (held, value) = look_up(design, variable, value)?;
            setting.held.push((variable, Held::Value(held)));
            setting.at.values.push((name.clone(), value));
        }
        setting.check(design, None)?;
        Ok(setting)
    }

    /// Refuses a setting at which a function of the formula has no finite value, or no finite derivative by the variable
    /// of a slope.
    pub(crate) fn check(&self, design: &Design, slope: Option<usize>) -> Result<()> {
        let touched = |made: &&Made| {
            let held = |(variable, _): &(usize, Held)| made.variables.contains(variable);
            let slope = slope.is_some_and(|variable| made.variables.contains(&variable));
            self.at.means || slope || self.held.iter().any(held)
        };
        for made in design.frame.functions.iter().filter(touched) {
            let one = self.same(&self.means, &made.variables);
            let rows = if one { 1 } else { design.rows() };
            for row in 0..rows {
                let of = |variable: usize| self.number(&self.means, design, variable, row);
                let value = made.function.value(&of);
                let derivative = slope.map_or(0.0, |by| made.function.differentiate(&of, by).slope);
                if value.is_finite() && derivative.is_finite() {
                    continue;
                }
                let names = &design.frame.variables;
                let values = made
                    .variables
                    .iter()
                    .map(|&variable| (names[variable].name.clone(), of(variable)));
                return Err(Error::Domain {
                    function: made.name.clone(),
                    row: (!one).then(|| design.frame.row_indices()[row] + 1),
                    values: values.collect(),
                    slope: value.is_finite(),
                });
            }
        }
        Ok(())
    }

    /// What it was made from, numbers given as text read as numbers.
    pub(crate) fn at(&self) -> &At {
        &self.at
    }

    /// The same with `variable` held otherwise. A variable that is held at a value is moved from there.
    pub(crate) fn holding(&self, variable: usize, held: Held) -> Self {
        let mut setting = self.clone();
        let before = setting.held.iter().find(|(known, _)| *known == variable).copied();
        setting.held.retain(|(known, _)| *known != variable);
        let held = match (held, before) {
            (Held::Moved(by), Some((_, Held::Value(value)))) => Held::Value(value + by),
            _ => held,
        };
        setting.held.push((variable, held));
        setting
    }

    /// How many rows it has.
    pub(crate) fn rows(&self, design: &Design) -> usize {
        if self.at.means { 1 } else { design.rows() }
    }

    /// How far a variable is moved from where it is.
    fn moved(&self, variable: usize) -> f64 {
        let held = self.held.iter().find(|(known, _)| *known == variable);
        match held {
            Some((_, Held::Moved(by))) => *by,
            _ => 0.0,
        }
    }

    /// What a numeric variable is on all rows, where it is the same on all.
    fn constant(&self, means: &[Mean], variable: usize) -> Option<f64> {
        let held = self.held.iter().find(|(known, _)| *known == variable);
        match (held, means.get(variable)) {
            (Some((_, Held::Value(value))), _) => Some(*value),
            (_, Some(Mean::Number(mean))) => Some(mean + self.moved(variable)),
            _ => None,
        }
    }

    /// Whether all of some numeric variables are the same on all rows.
    fn same(&self, means: &[Mean], variables: &[usize]) -> bool {
        variables
            .iter()
            .all(|variable| self.constant(means, *variable).is_some())
    }

    /// What a numeric variable is in a row.
    fn number(&self, means: &[Mean], design: &Design, variable: usize, row: usize) -> f64 {
        self.constant(means, variable)
            .unwrap_or_else(|| design.frame.number_at(variable, row) + self.moved(variable))
    }

    /// What a piece is on all rows, where it is the same on all.
    fn factor(&self, design: &Design, means: &[Mean], piece: Piece) -> Option<f64> {
        match piece {
            Piece::Number { variable } => self.constant(means, variable),
            Piece::Level { variable, level } => {
                let held = self.held.iter().find(|(known, _)| *known == variable);
                match (held, means.get(variable)) {
                    (Some((_, Held::Value(value))), _) => {
                        Some(f64::from(u8::from(f64::from(level) == *value)))
                    }
                    (_, Some(Mean::Proportions(proportions))) => {
                        Some(proportions.get(level as usize).copied().unwrap_or(0.0))
                    }
                    _ => None,
                }
            }
            Piece::Function { function } => {
                let made = &design.frame.functions[function];
                let same = self.same(means, &made.variables);
                same.then(|| {
                    made.function
                        .value(&|variable| self.number(means, design, variable, 0))
                })
            }
        }
    }
}

/// A value of a variable as the design codes it, and as the variable's kind has it.
pub(crate) fn look_up(design: &Design, variable: usize, value: &Value) -> Result<(f64, Value)> {
    let name = &design.frame.variables[variable].name;
    match (&design.frame.variables[variable].values, value) {
        (Values::Number(_), value) => {
            let number = match value {
                Value::Number(number) => Some(*number),
                Value::Level(text) => text.trim().parse().ok(),
            };
            match number.filter(|number| number.is_finite()) {
                Some(number) => Ok((number, Value::Number(number))),
                None => Err(Error::Value {
                    variable: name.clone(),
                    value: value.to_string(),
                    problem: "give a finite number".to_owned(),
                }),
            }
        }
        (Values::Category(Category { levels, .. }), value) => {
            let level = value.to_string();
            match levels.iter().position(|known| *known == level) {
                Some(position) => Ok((position as f64, Value::Level(level))),
                None => Err(Error::UnknownLevel {
                    variable: name.clone(),
                    level,
                    known: levels.clone(),
                }),
            }
        }
    }
}

/// The design's columns at a setting, and their derivatives with respect to a variable, a block of rows at a
/// time.
#[derive(Debug)]
pub(crate) struct Points<'a> {
    design: &'a Design,
    setting: &'a Setting,
    /// For the means: the value of each variable, or the proportions of its levels.
    means: Cow<'a, [Mean]>,
    /// Positions of the columns that are not as observed.
    changed: Vec<usize>,
    /// Of these, the ones that have one value on all rows.
    constant: Vec<(usize, f64)>,
    /// The others ...
    varying: Vec<usize>,
    /// ... with room for a block of them.
    columns: Vec<Strip>,
    /// The variable to take derivatives for, and the columns that hold it.
    slope: Option<usize>,
    moving: Vec<usize>,
    derivatives: Vec<Strip>,
    weights: &'a [f64],
}

#[derive(Debug, Clone, PartialEq)]
enum Mean {
    Number(f64),
    Proportions(Vec<f64>),
}

/// A block of rows at a setting, standardised.
#[derive(Debug)]
pub(crate) struct Block<'a> {
    /// Every column, as observed.
    pub(crate) observed: &'a [Strip],
    /// Positions of all that are not so, ...
    pub(crate) changed: &'a [usize],
    /// ... of those among them that have one value, with that value, ...
    pub(crate) constant: &'a [(usize, f64)],
    /// ... and of those that vary, ...
    pub(crate) varying: &'a [usize],
    /// ... with their values.
    pub(crate) instead: &'a [Strip],
    /// Columns that move with the variable of a slope ...
    pub(crate) moving: &'a [usize],
    /// ... and their derivatives.
    pub(crate) derivatives: &'a [Strip],
}

impl Block<'_> {
    /// The value of column `k` in a row.
    pub(crate) fn value(&self, k: usize, row: usize) -> f64 {
        let constant = self.constant.iter().find(|(position, _)| *position == k);
        let varying = self.varying.iter().position(|position| *position == k);
        match (constant, varying) {
            (Some((_, value)), _) => *value,
            (_, Some(at)) => self.instead[at][row],
            _ => self.observed[k][row],
        }
    }
}

impl<'a> Points<'a> {
    /// `weights` are those of the rows, empty for ones; `slope` is the variable to take derivatives for.
    pub(crate) fn new(
        design: &'a Design,
        setting: &'a Setting,
        weights: &'a [f64],
        slope: Option<usize>,
    ) -> Self {
        let columns = design.recipes.len();
        let held: Vec<usize> = setting.held.iter().map(|(variable, _)| *variable).collect();
        let changed: Vec<usize> = if setting.at.means {
            (0..columns).collect()
        } else {
            design.involving(&held)
        };
        let moving = slope.map_or_else(Vec::new, |variable| design.involving(&[variable]));
        let means = if !setting.at.means || weights == design.frame.weights {
            Cow::Borrowed(&*setting.means)
        } else {
            Cow::Owned(means(design, weights))
        };
        let (mut constant, mut varying) = (Vec::new(), Vec::new());
        for &k in &changed {
            let recipe = &design.recipes[k];
            let mut factors = recipe
                .pieces
                .iter()
                .map(|piece| setting.factor(design, &means, *piece));
            match factors.try_fold(1.0, |product, factor| Some(product * factor?)) {
                Some(value) => constant.push((k, (value - recipe.mean) / recipe.scale)),
                None => varying.push(k),
            }
        }
        Points {
            design,
            setting,
            means,
            columns: vec![Strip::ZERO; varying.len()],
            derivatives: vec![Strip::ZERO; moving.len()],
            changed,
            constant,
            varying,
            slope,
            moving,
            weights,
        }
    }

    /// Weights of rows `from..from + rows`; zero beyond.
    pub(crate) fn weights(&self, from: usize, rows: usize) -> Strip {
        let mut strip = Strip::ZERO;
        if self.same() || self.weights.is_empty() {
            strip[..rows].fill(1.0);
        } else {
            strip[..rows].copy_from_slice(&self.weights[from..from + rows]);
        }
        strip
    }

    /// How many rows there are to average over: one where all are the same.
    pub(crate) fn rows(&self) -> usize {
        if self.same() { 1 } else { self.design.rows() }
    }

    /// Whether every column but the intercept has one value. A slope has columns of its own.
    fn same(&self) -> bool {
        let intercept = usize::from(self.design.has_intercept());
        let constant = self.constant.len() + intercept == self.design.recipes.len();
        self.setting.at.means || self.slope.is_none() && constant
    }

    /// Positions of columns that are not as observed but have one value, with that value.
    pub(crate) fn constant(&self) -> &[(usize, f64)] {
        &self.constant
    }

    /// Positions of the other columns that are not as observed.
    pub(crate) fn varying(&self) -> &[usize] {
        &self.varying
    }

    /// Columns that move with the variable of a slope.
    pub(crate) fn moving(&self) -> &[usize] {
        &self.moving
    }

    pub(crate) fn total_weight(&self) -> f64 {
        match (self.same(), self.weights.is_empty()) {
            (true, _) => 1.0,
            (false, true) => self.design.rows() as f64,
            (false, false) => self.weights.iter().sum(),
        }
    }

    /// Rows `from..from + rows`, which begin a block.
    pub(crate) fn block(&mut self, from: usize, rows: usize) -> Block<'_> {
        let Points {
            design,
            setting,
            means,
            changed,
            constant,
            varying,
            columns,
            moving,
            derivatives,
            slope,
            ..
        } = self;
        for (&k, column) in varying.iter().zip(columns.iter_mut()) {
            let recipe = &design.recipes[k];
            let into = &mut column[..rows];
            into.fill(1.0);
            for piece in &recipe.pieces {
                multiply(design, setting, means, *piece, from, into);
            }
            for value in into.iter_mut() {
                *value = (*value - recipe.mean) / recipe.scale;
            }
        }
        for (&k, derivative) in moving.iter().zip(derivatives.iter_mut()) {
            if let Some(variable) = *slope {
                let into = &mut derivative[..rows];
                differentiate(design, setting, means, &design.recipes[k], variable, from, into);
            }
        }
        Block {
            observed: design.sample.block(from / BLOCK),
            changed,
            constant,
            varying,
            instead: columns,
            moving,
            derivatives,
        }
    }
}

/// Writes the derivative of a column by a variable on rows `from..from + into.len()` of a setting: the sum, over the
/// pieces that hold it, of the piece's derivative times the other pieces.
fn differentiate(
    design: &Design,
    setting: &Setting,
    means: &[Mean],
    recipe: &Recipe,
    variable: usize,
    from: usize,
    into: &mut [f64],
) {
    into.fill(0.0);
    let mut strip = Strip::ZERO;
    let product = &mut strip[..into.len()];
    let pieces = || recipe.pieces.iter().enumerate();
    for (at, piece) in pieces().filter(|(_, piece)| piece.involves(&design.frame, variable)) {
        product.fill(1.0 / recipe.scale);
        if let Piece::Function { function } = *piece {
            let function = &design.frame.functions[function].function;
            for (row, cell) in (from..).zip(product.iter_mut()) {
                let of = |variable: usize| setting.number(means, design, variable, row);
                *cell *= function.differentiate(&of, variable).slope;
            }
        }
        for (_, piece) in pieces().filter(|(other, _)| *other != at) {
            multiply(design, setting, means, *piece, from, product);
        }
        into.iter_mut()
            .zip(product.iter())
            .for_each(|(cell, product)| *cell += product);
    }
}

/// Multiplies `into` by a piece on rows `from..from + into.len()` of a setting.
fn multiply(design: &Design, setting: &Setting, means: &[Mean], piece: Piece, from: usize, into: &mut [f64]) {
    if let Some(factor) = setting.factor(design, means, piece) {
        into.iter_mut().for_each(|cell| *cell *= factor);
        return;
    }
    let values = |variable: usize| &design.frame.variables[variable].values;
    match piece {
        Piece::Number { variable } => {
            if let Values::Number(values) = values(variable) {
                let by = setting.moved(variable);
                for (cell, value) in into.iter_mut().zip(&values[from..]) {
                    *cell *= value + by;
                }
            }
        }
        Piece::Level { variable, level } => {
            if let Values::Category(category) = values(variable) {
                for (cell, code) in into.iter_mut().zip(&category.codes[from..]) {
                    *cell *= f64::from(u8::from(*code == level));
                }
            }
        }
        Piece::Function { function } => {
            let function = &design.frame.functions[function].function;
            for (row, cell) in (from..).zip(into.iter_mut()) {
                *cell *= function.value(&|variable| setting.number(means, design, variable, row));
            }
        }
    }
}

/// Weighted mean of each variable, or the proportions of its levels.
fn means(design: &Design, weights: &[f64]) -> Vec<Mean> {
    let weight = |row: usize| weights.get(row).copied().unwrap_or(1.0);
    let total: f64 = (0..design.rows()).map(weight).sum();
    let mean = |variable: &Variable| match &variable.values {
        Values::Number(values) => {
            // Differences from the first value lose no digits where values lie far from zero.
            let first = values.first().copied().unwrap_or_default();
            let shift: f64 = values
                .iter()
                .enumerate()
                .map(|(row, value)| weight(row) * (value - first))
                .sum();
            Mean::Number(first + shift / total)
        }
        Values::Category(category) => {
            let mut proportions = vec![0.0; category.levels.len()];
            for (row, code) in category.codes.iter().enumerate() {
                proportions[*code as usize] += weight(row) / total;
            }
            Mean::Proportions(proportions)
        }
    };
    design.frame.variables.iter().map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::generated;

    #[test]
    fn what_is_not_held_can_be_put_at_its_mean() {
        let at = At::observed().with("x", 1.0).at_means();
        assert_eq!(at, At::means().with("x", 1.0));
        assert!(at.is_at_means());
    }

    #[test]
    fn text_is_read_as_values() {
        let apostrophe = At::observed().with_text("g=don't know, x = 1").unwrap();
        assert_eq!(apostrophe.values()[0].1, Value::from("don't know"));
        assert_eq!(apostrophe.values().len(), 2);
        let at = At::means().with_text("x = 0.5, `a, b`=\"c = d\"").unwrap();
        assert_eq!(
            at,
            At::means().with("x", "0.5").with("a, b", "c = d"),
            "numbers are told from levels by the variable's kind"
        );
        for bad in ["", "x", "x=", "=1", "x=1=2", "x=\"1", "x=1,"] {
            assert!(At::observed().with_text(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn numbers_given_as_text_are_numbers() {
        let fit = generated("y ~ x + g").fit;
        let setting = Setting::new(fit.design(), &At::observed().with("x", "0.5").with("g", "q")).unwrap();
        assert_eq!(*setting.at(), At::observed().with("x", 0.5).with("g", "q"));
        assert!(Setting::new(fit.design(), &At::observed().with("x", "much")).is_err());
    }

    #[test]
    fn interactions_are_recomputed_at_the_means() {
        let fit = generated("y ~ x * z + g * x").fit;
        let design = fit.design();
        let setting = Setting::new(design, &At::means().with("z", 2.0)).unwrap();
        let mut points = Points::new(design, &setting, &[], None);
        let block = points.block(0, 1);
        let value = |term: &str| {
            let k = design.terms().position(|known| known == term).unwrap();
            block.value(k, 0) * design.recipes[k].scale + design.recipes[k].mean
        };
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-14, "{a} is not {b}");
        near(value("(Intercept)"), 1.0);
        near(value("z"), 2.0);
        near(value("x:z"), 2.0 * value("x"));
        near(value("g[q]:x"), value("g[q]") * value("x"));
        assert!(value("g[q]") > 0.2 && value("g[q]") < 0.5);
    }
}
