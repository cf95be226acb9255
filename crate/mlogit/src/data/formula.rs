//! Formulas: `outcome ~ a * b + C(c, base = "x") + log(z)`.
//!
//! As in R, `a:b` is an interaction (so is `a %in% b`), `a * b` is `a + b + a:b`, `a / b` is `a + a:b`, `(a + b)^2` is
//! `a + b + a:b`, parentheses distribute, and terms come in the order of their degree. `.` stands for every column but
//! the outcome. `- 1` and `0 +` leave the intercept out. `C(x)` and `factor(x)` make a column of numbers categorical;
//! columns of text are so by themselves. Names with other characters than letters, digits, `_` and `.` go between
//! backticks.
//!
//! A function of columns stands where a column may: `log(x)`, `I(x^2)`, `scale(x)`, `poly(x, 2)`, `ns(x, 3)`.
//!
//! There is no `offset(x)`. An offset shifts the log odds of one outcome against another, and a column does not say of which:
//! of more than two outcomes R's `nnet::multinom` refuses one, and wants a matrix with a column for each outcome; Stata's
//! `mlogit` and statsmodels' `MNLogit` have none. Nor is there `cbind(a, b, c)` for counts: each outcome is a row, with a
//! column of counts as weights.

use std::collections::BTreeMap;

use crate::arithmetic::order;
use crate::data::basis::BasisKind;
use crate::data::expression::{DEEPEST, Expression, begins_with_digit};
use crate::data::tokens::{TokenKind, Tokens, wrong};
use crate::error::{Error, Result};

/// A formula may be typed by anyone: bounds that no sensible formula reaches.
const MOST_TERMS: usize = 2_000;
const MOST_COLUMNS_OF_A_BASIS: u32 = 20;

/// A variable or a function of variables, in a term.
#[derive(Debug, Clone, PartialEq)]
pub struct Factor {
    /// As its columns are named: `x`, `log(x)`, `poly(x, 2)`; of `C(x)` it is `x`.
    pub(crate) name: String,
    pub(crate) reading: Reading,
}

/// How a factor is read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Reading {
    /// A column as it is: numbers, or levels where it is text.
    Column,
    /// `C(...)`, with its base level if one is given.
    Levels(Option<String>),
    /// One number made of columns.
    Function(Expression),
    /// Several numbers made of one.
    Basis(BasisKind, Expression),
}

impl Factor {
    /// A column, read as what it has.
    fn column(name: String) -> Self {
        Factor {
            name,
            reading: Reading::Column,
        }
    }

    /// Names of the columns it is made of.
    pub fn variables(&self) -> Vec<&str> {
        match &self.reading {
            Reading::Column | Reading::Levels(_) => vec![&self.name],
            Reading::Function(of) | Reading::Basis(_, of) => of.columns(),
        }
    }

    /// Whether it was written `C(...)`; a column of text is categorical in any case.
    pub fn is_categorical(&self) -> bool {
        matches!(self.reading, Reading::Levels(_))
    }
}

/// A product of one or more factors.
pub type Term = Vec<Factor>;

/// A parsed formula.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    outcome: String,
    terms: Vec<Term>,
    intercept: bool,
    /// The text, where `.` in it waits for the columns of a table.
    open: Option<String>,
}

impl Formula {
    /// Reads a formula.
    ///
    /// # Errors
    /// [`Error::Formula`] with the position and what was expected there; [`Error::OutcomeAsTerm`].
    pub fn parse(text: &str) -> Result<Self> {
        Formula::read(text, None)
    }

    /// The formula for a table of these columns: `.` stands for all of them but the outcome.
    ///
    /// # Errors
    /// As [`Formula::parse`].
    pub fn on<'n>(&self, columns: impl Iterator<Item = &'n str>) -> Result<Self> {
        let Some(text) = &self.open else {
            return Ok(self.clone());
        };
        let others = columns.filter(|name| *name != self.outcome).map(str::to_owned);
        Formula::read(text, Some(others.collect()))
    }

    fn read(text: &str, others: Option<Vec<String>>) -> Result<Self> {
        let mut parser = Parser {
            factors: Vec::new(),
            tokens: Tokens::new(text)?,
            intercept: true,
            open: false,
            others,
        };
        let outcome = parser.outcome()?;
        parser.tokens.expect('~')?;
        let mut terms = parser.sum(0)?;
        if parser.tokens.peek().is_some() {
            return Err(parser.tokens.expected("`+`, `*`, `:` or the end"));
        }
        order::by_key(&mut terms, Vec::len);
        let readings = one_reading_each(&parser.factors)?;
        // A column that `.` stands for is read as it is written elsewhere.
        for factor in terms.iter_mut().flatten() {
            if let (Reading::Column, Some(reading)) = (&factor.reading, readings.get(factor.name.as_str())) {
                factor.reading = (*reading).clone();
            }
        }
        if terms
            .iter()
            .flatten()
            .any(|factor| factor.variables().contains(&outcome.as_str()))
        {
            return Err(Error::OutcomeAsTerm { outcome });
        }
        let open = parser.open && parser.others.is_none();
        if terms.is_empty() && !parser.intercept && !open {
            return Err(wrong(
                text.chars().count() + 1,
                "without an intercept there must be a term",
            ));
        }
        Ok(Formula {
            outcome,
            terms,
            intercept: parser.intercept,
            open: open.then(|| text.to_owned()),
        })
    }

    /// Name of the outcome variable.
    pub fn outcome(&self) -> &str {
        &self.outcome
    }

    /// Whether there is an intercept.
    pub fn has_intercept(&self) -> bool {
        self.intercept
    }

    /// The same without one of its terms.
    pub(crate) fn without(&self, position: usize) -> Self {
        let mut formula = self.clone();
        formula.terms.remove(position);
        formula
    }

    /// The terms by degree, without the intercept. Empty for `y ~ 1`; those that `.` stands for are known to the
    /// formula of a [`crate::Frame`] only.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }
}

/// A variable has one base level and one reading throughout a formula: `C(x):z` alone makes every `x`
/// categorical. Returns the readings of columns.
fn one_reading_each(factors: &[Factor]) -> Result<BTreeMap<&str, &Reading>> {
    let mut first = BTreeMap::new();
    let numbers = factors
        .iter()
        .filter(|factor| matches!(factor.reading, Reading::Function(_) | Reading::Basis(..)));
    let numbers: Vec<&str> = numbers.flat_map(Factor::variables).collect();
    for factor in factors {
        let as_number = factor.is_categorical() && numbers.contains(&factor.name.as_str());
        if as_number || *first.entry(factor.name.as_str()).or_insert(&factor.reading) != &factor.reading {
            return Err(Error::Formula {
                at: 1,
                problem: format!(
                    "`{}` is written in two ways: write it the same, as `C(...)` with the same base or without, throughout",
                    factor.name
                ),
            });
        }
    }
    Ok(first)
}

struct Parser {
    /// Every factor as it was written, repeated ones included.
    factors: Vec<Factor>,
    tokens: Tokens,
    intercept: bool,
    /// Whether there was a `.`, and the columns that it stands for, where they are known.
    open: bool,
    others: Option<Vec<String>>,
}

impl Parser {
    fn outcome(&mut self) -> Result<String> {
        let at = self.tokens.at();
        let name = self.tokens.name("the outcome's name")?;
        if !self.tokens.take('(') {
            return Ok(name);
        }
        if !["C", "factor", "as.factor"].contains(&name.as_str()) {
            return Err(wrong(
                at,
                format!(
                    "`{name}(...)` is no outcome: an outcome is one column of levels, with a row for each observation, or for several alike and a column of how many they are as weights; columns of counts are put one below the other first"
                ),
            ));
        }
        let outcome = self.tokens.name("a column's name")?;
        self.tokens.expect(')')?;
        Ok(outcome)
    }

    /// `product + product - product ...`
    fn sum(&mut self, depth: usize) -> Result<Vec<Term>> {
        if depth > DEEPEST {
            return Err(self.tokens.wrong("too many nested parentheses"));
        }
        let mut terms = Vec::new();
        if self.tokens.take('-') {
            self.remove(&mut terms, depth)?;
        } else {
            self.add(&mut terms, depth)?;
        }
        loop {
            if self.tokens.take('+') {
                self.add(&mut terms, depth)?;
            } else if self.tokens.take('-') {
                self.remove(&mut terms, depth)?;
            } else {
                return Ok(terms);
            }
        }
    }

    fn add(&mut self, terms: &mut Vec<Term>, depth: usize) -> Result<()> {
        if let Some(one) = self.zero_or_one() {
            self.intercept = one;
            return Ok(());
        }
        for term in self.product(depth)? {
            push(terms, term);
        }
        self.bounded(terms)
    }

    fn remove(&mut self, terms: &mut Vec<Term>, depth: usize) -> Result<()> {
        if let Some(one) = self.zero_or_one() {
            self.intercept = !one;
            return Ok(());
        }
        let removed = self.product(depth)?;
        terms.retain(|term| !removed.iter().any(|other| same(term, other)));
        Ok(())
    }

    /// `0` or `1`, which speak of the intercept.
    fn zero_or_one(&mut self) -> Option<bool> {
        let one = match self.tokens.peek() {
            Some(TokenKind::Number(number)) if number == "0" => false,
            Some(TokenKind::Number(number)) if number == "1" => true,
            _ => return None,
        };
        self.tokens.skip();
        Some(one)
    }

    /// `within * within / within ...`
    fn product(&mut self, depth: usize) -> Result<Vec<Term>> {
        let mut left = self.within(depth)?;
        loop {
            let nested = match self.tokens.peek() {
                Some(TokenKind::Symbol('*')) => false,
                Some(TokenKind::Symbol('/')) => true,
                _ => return Ok(left),
            };
            self.tokens.skip();
            let right = self.within(depth)?;
            let crossed = if nested {
                // What is nested is so in all that is left of the sign.
                let all = left.iter().flatten().fold(Term::new(), |all, factor| {
                    joined(&all, std::slice::from_ref(factor))
                });
                self.crossed(&[all], &right)?
            } else {
                let crossed = self.crossed(&left, &right)?;
                right.into_iter().chain(crossed).collect()
            };
            for term in crossed {
                push(&mut left, term);
            }
            self.bounded(&left)?;
        }
    }

    /// `interaction %in% interaction ...`
    fn within(&mut self, depth: usize) -> Result<Vec<Term>> {
        let mut left = self.interaction(depth)?;
        while self.tokens.peek() == Some(&TokenKind::Within) {
            self.tokens.skip();
            let right = self.interaction(depth)?;
            left = self.crossed(&left, &right)?;
        }
        Ok(left)
    }

    /// `power : power ...`
    fn interaction(&mut self, depth: usize) -> Result<Vec<Term>> {
        let mut left = self.power(depth)?;
        while self.tokens.take(':') {
            let right = self.power(depth)?;
            left = self.crossed(&left, &right)?;
        }
        Ok(left)
    }

    /// `(a + b)^2`
    fn power(&mut self, depth: usize) -> Result<Vec<Term>> {
        let terms = self.atom(depth)?;
        let at = self.tokens.at();
        if !self.tokens.take('^') {
            return Ok(terms);
        }
        if let [term] = terms.as_slice()
            && let [factor] = term.as_slice()
        {
            let name = &factor.name;
            return Err(wrong(
                at,
                format!(
                    "`^` crosses terms, and `{name}` crossed with itself is `{name}`: a power is written I({name}^2)"
                ),
            ));
        }
        let times = self.tokens.count("how many terms to cross", 64)?;
        let mut crossed = terms.clone();
        // Beyond as many factors as there are, nothing new comes.
        for _ in 1..times.min(terms.iter().map(Vec::len).sum()) {
            for term in self.crossed(&crossed, &terms)? {
                push(&mut crossed, term);
            }
            self.bounded(&crossed)?;
        }
        Ok(crossed)
    }

    fn crossed(&self, left: &[Term], right: &[Term]) -> Result<Vec<Term>> {
        let mut crossed = Vec::new();
        for a in left {
            for b in right {
                push(&mut crossed, joined(a, b));
            }
            self.bounded(&crossed)?;
        }
        Ok(crossed)
    }

    fn bounded(&self, terms: &[Term]) -> Result<()> {
        if terms.len() <= MOST_TERMS {
            return Ok(());
        }
        Err(self
            .tokens
            .wrong(format!("more than {MOST_TERMS} terms up to here")))
    }

    /// A name, a function, a sum in parentheses, `.`, or `1` for the intercept.
    fn atom(&mut self, depth: usize) -> Result<Vec<Term>> {
        let at = self.tokens.at();
        match self.tokens.peek().cloned() {
            Some(TokenKind::Symbol('(')) => {
                self.tokens.skip();
                let terms = self.sum(depth + 1)?;
                self.tokens.expect(')')?;
                Ok(terms)
            }
            Some(TokenKind::Number(number)) if number == "1" => {
                self.tokens.skip();
                Ok(Vec::new())
            }
            Some(TokenKind::Number(number)) if number.contains(char::is_alphabetic) => {
                Err(wrong(at, begins_with_digit(&number)))
            }
            Some(TokenKind::Word(name)) if name == "." => {
                self.tokens.skip();
                self.open = true;
                let others = self.others.iter().flatten();
                Ok(others.map(|name| vec![Factor::column(name.clone())]).collect())
            }
            Some(TokenKind::Word(name)) => {
                self.tokens.skip();
                let factor = if self.tokens.take('(') {
                    self.call(&name, at, depth)?
                } else {
                    Factor::column(name)
                };
                Ok(self.factor(factor))
            }
            Some(TokenKind::Name(name)) => {
                self.tokens.skip();
                Ok(self.factor(Factor::column(name)))
            }
            _ => Err(self.tokens.expected("a column's name")),
        }
    }

    fn factor(&mut self, factor: Factor) -> Vec<Term> {
        self.factors.push(factor.clone());
        vec![vec![factor]]
    }

    /// What follows `name(`.
    fn call(&mut self, name: &str, at: usize, depth: usize) -> Result<Factor> {
        let factor = match name {
            "C" | "factor" | "as.factor" => return self.categorical(),
            "poly" | "ns" => self.basis(name, depth)?,
            _ => {
                let of = Expression::read_call(&mut self.tokens, name, at, depth)?;
                let name = if name == "I" {
                    format!("I({of})")
                } else {
                    of.to_string()
                };
                Factor {
                    name,
                    reading: Reading::Function(of),
                }
            }
        };
        if factor.variables().is_empty() {
            return Err(wrong(at, format!("`{}` has no column in it", factor.name)));
        }
        Ok(factor)
    }

    /// What follows `C(`.
    fn categorical(&mut self) -> Result<Factor> {
        let name = self.tokens.name("a column's name")?;
        let mut base = None;
        if self.tokens.take(',') {
            let at = self.tokens.at();
            if self.tokens.name("`base = LEVEL`")? != "base" {
                return Err(wrong(at, "expected `base = LEVEL`"));
            }
            self.tokens.expect('=')?;
            base = match self.tokens.peek() {
                Some(
                    TokenKind::Word(level)
                    | TokenKind::Name(level)
                    | TokenKind::Number(level)
                    | TokenKind::Quoted(level),
                ) => Some(level.clone()),
                _ => return Err(self.tokens.expected("a level")),
            };
            self.tokens.skip();
        }
        self.tokens.expect(')')?;
        Ok(Factor {
            name,
            reading: Reading::Levels(base),
        })
    }

    /// What follows `poly(` or `ns(`: `x, 2`, `x, degree = 2, raw = TRUE`, `x, df = 3`.
    fn basis(&mut self, function: &str, depth: usize) -> Result<Factor> {
        let of = Expression::read(&mut self.tokens, depth + 1)?;
        let (what, word) = if function == "poly" {
            ("the degree", "degree")
        } else {
            ("the number of columns", "df")
        };
        if !self.tokens.take(',') {
            return Err(self
                .tokens
                .expected(&format!("`,` and {what}, as in `{function}(x, 3)`")));
        }
        if self.tokens.peek() == Some(&TokenKind::Word(word.to_owned())) {
            self.tokens.skip();
            self.tokens.expect('=')?;
        }
        let columns = self.tokens.count(what, MOST_COLUMNS_OF_A_BASIS)?;
        let raw = function == "poly" && self.tokens.take(',') && self.raw()?;
        self.tokens.expect(')')?;
        let (kind, option) = match (function, raw) {
            ("ns", _) => (BasisKind::Natural(columns), ""),
            (_, true) => (BasisKind::Powers(columns), ", raw = TRUE"),
            (_, false) => (BasisKind::Orthogonal(columns), ""),
        };
        Ok(Factor {
            name: format!("{function}({of}, {columns}{option})"),
            reading: Reading::Basis(kind, of),
        })
    }

    /// `raw`, `raw = TRUE` or `raw = FALSE`.
    fn raw(&mut self) -> Result<bool> {
        let at = self.tokens.at();
        if self.tokens.name("`raw`")? != "raw" {
            return Err(wrong(at, "expected `raw`, or the end of `poly(...)`"));
        }
        if !self.tokens.take('=') {
            return Ok(true);
        }
        let at = self.tokens.at();
        match self.tokens.name("TRUE or FALSE")?.as_str() {
            "TRUE" | "T" => Ok(true),
            "FALSE" | "F" => Ok(false),
            _ => Err(wrong(at, "expected TRUE or FALSE")),
        }
    }
}

/// The factors of two terms, each once.
fn joined(a: &[Factor], b: &[Factor]) -> Term {
    let mut term = a.to_vec();
    for factor in b {
        if !term.iter().any(|known| known.name == factor.name) {
            term.push(factor.clone());
        }
    }
    term
}

fn same(a: &Term, b: &Term) -> bool {
    a.len() == b.len() && contains(a, b)
}

/// Whether all factors of `smaller` are in `term`.
pub(crate) fn contains(term: &Term, smaller: &Term) -> bool {
    smaller
        .iter()
        .all(|factor| term.iter().any(|other| other.name == factor.name))
}

/// Adds a term unless it is there already, in whatever order of its factors.
fn push(terms: &mut Vec<Term>, term: Term) {
    if !term.is_empty() && !terms.iter().any(|known| same(known, &term)) {
        terms.push(term);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let formula = Formula::parse(text).unwrap();
        let name = |term: &Term| {
            term.iter()
                .map(|factor| factor.name.as_str())
                .collect::<Vec<_>>()
                .join(":")
        };
        formula.terms().iter().map(name).collect()
    }

    #[test]
    fn expands_as_r_does() {
        assert_eq!(names("y ~ a * b + c"), ["a", "b", "c", "a:b"]);
        assert_eq!(names("y ~ a:b + a"), ["a", "a:b"]);
        assert_eq!(names("y ~ (a + b) * c"), ["a", "b", "c", "a:c", "b:c"]);
        assert_eq!(
            names("y ~ a * b * c"),
            ["a", "b", "c", "a:b", "a:c", "b:c", "a:b:c"]
        );
        assert_eq!(names("y ~ a * b - a:b + b:a:a"), ["a", "b", "b:a"]);
        assert_eq!(names("y ~ 1"), Vec::<String>::new());
        assert_eq!(names("y~`GDP (log)`+1"), ["GDP (log)"]);
        assert_eq!(names("y ~ (a + b + c)^2"), ["a", "b", "c", "a:b", "a:c", "b:c"]);
        assert_eq!(names("y ~ (a + b)^9"), ["a", "b", "a:b"]);
        assert_eq!(names("y ~ a / b"), ["a", "a:b"]);
        assert_eq!(names("y ~ (a + b) / c"), ["a", "b", "a:b:c"]);
        assert_eq!(names("y ~ a / (b + c)"), ["a", "a:b", "a:c"]);
        assert_eq!(names("y ~ a + b %in% a"), ["a", "b:a"]);
        assert_eq!(names("factor(y) ~ as.factor(a)"), ["a"]);
    }

    #[test]
    fn functions_are_named_as_r_writes_them() {
        assert_eq!(
            names(
                "y ~ log( x+1 )+I((x - 2)^2*z)+poly(x,degree=2,raw=TRUE)+poly(x, 2, raw) + ns(log(x),df=3)"
            ),
            [
                "log(x + 1)",
                "I((x - 2)^2 * z)",
                "poly(x, 2, raw = TRUE)",
                "ns(log(x), 3)"
            ],
            "one term written in two ways is one"
        );
        assert_eq!(
            names("y ~ I(-x^2/3) + I(`a b` * -(x)) + log(I(2^-x)) + scale(x):g"),
            ["I(-x^2/3)", "I(`a b` * -x)", "log(2^-x)", "scale(x):g"]
        );
        assert_eq!(
            names("y ~ I(1.5e-3*x) + I(.5*x)"),
            ["I(0.0015 * x)", "I(0.5 * x)"]
        );
    }

    #[test]
    fn intercepts_come_and_go() {
        let has = |text: &str| Formula::parse(text).unwrap().has_intercept();
        for without in ["y ~ x - 1", "y ~ 0 + x", "y ~ -1 + x", "y ~ x + 0", "y ~ (x - 1)"] {
            assert!(!has(without), "{without}");
            assert_eq!(names(without), ["x"]);
        }
        for with in ["y ~ x", "y ~ 1", "y ~ x - 1 + 1", "y ~ x - 0", "y ~ 1 + x"] {
            assert!(has(with), "{with}");
        }
    }

    #[test]
    fn a_dot_is_every_other_column() {
        let on = |text: &str| {
            let formula = Formula::parse(text)
                .unwrap()
                .on(["a", "y", "b", "c"].into_iter())
                .unwrap();
            formula
                .terms()
                .iter()
                .map(|term| {
                    term.iter()
                        .map(|factor| factor.name.clone())
                        .collect::<Vec<_>>()
                        .join(":")
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(on("y ~ ."), ["a", "b", "c"]);
        assert_eq!(on("y ~ . - b + log(b)"), ["a", "c", "log(b)"]);
        assert_eq!(on("y ~ (.)^2 - a:b"), ["a", "b", "c", "a:c", "b:c"]);
        let formula = Formula::parse("y ~ . + C(b)")
            .unwrap()
            .on(["b", "y"].into_iter())
            .unwrap();
        assert!(formula.terms()[0][0].is_categorical());
        assert_eq!(formula.terms().len(), 1);
    }

    #[test]
    fn categorical_with_base() {
        let formula = Formula::parse("y ~ C(x, base = \"two words\") * z + C(w)").unwrap();
        let first = &formula.terms()[0][0];
        assert_eq!(first.reading, Reading::Levels(Some("two words".into())));
        let last = &formula.terms()[2][0];
        assert_eq!((last.name.as_str(), &last.reading), ("w", &Reading::Levels(None)));
    }

    #[test]
    fn errors_say_where_and_what() {
        for (text, message) in [
            (
                "",
                "formula, character 1: expected the outcome's name, found the end",
            ),
            ("y", "formula, character 2: expected `~`, found the end"),
            (
                "y ~",
                "formula, character 4: expected a column's name, found the end",
            ),
            (
                "y ~ a +",
                "formula, character 8: expected a column's name, found the end",
            ),
            (
                "y ~ a b",
                "formula, character 7: expected `+`, `*`, `:` or the end, found `b`",
            ),
            ("y ~ (a", "formula, character 7: expected `)`, found the end"),
            (
                "y ~ a^2",
                "formula, character 6: `^` crosses terms, and `a` crossed with itself is `a`: a power is written I(a^2)",
            ),
            (
                "y ~ lg(a)",
                "formula, character 5: unknown function `lg`: there are log, log2, log10, log1p, exp, sqrt, abs, scale, center, poly, ns, I, C and factor; add a column transformed otherwise to the data",
            ),
            (
                "y ~ a + 2nd",
                "formula, character 9: `2nd` begins with a digit: write a column's name that does so between backticks, `2nd`",
            ),
            (
                "y ~ poly(a, 0)",
                "formula, character 13: expected the degree, a whole number from 1 to 20, found `0`",
            ),
            (
                "y ~ ns(a)",
                "formula, character 9: expected `,` and the number of columns, as in `ns(x, 3)`, found `)`",
            ),
            ("y ~ I(2)", "formula, character 5: `I(2)` has no column in it"),
            (
                "y ~ log(a, 2)",
                "formula, character 10: `log` takes one argument, without options",
            ),
            (
                "y ~ I(a + poly(b, 2))",
                "formula, character 11: `poly` cannot stand inside another function",
            ),
            (
                "y ~ a + offset(b)",
                "formula, character 9: `offset` is not offered: an outcome has an offset against another, and a column does not say which; put the column in as a term, and test whether its coefficients are 1",
            ),
            (
                "cbind(u, v) ~ a",
                "formula, character 1: `cbind(...)` is no outcome: an outcome is one column of levels, with a row for each observation, or for several alike and a column of how many they are as weights; columns of counts are put one below the other first",
            ),
            (
                "y ~ 0",
                "formula, character 6: without an intercept there must be a term",
            ),
            ("y ~ `a", "formula, character 5: ` is never closed"),
            ("y ~ C(a, b)", "formula, character 10: expected `base = LEVEL`"),
            (
                "y ~ a + y",
                "outcome `y` is also on the right-hand side of the formula: remove it there",
            ),
        ] {
            assert_eq!(Formula::parse(text).unwrap_err().to_string(), message, "{text}");
        }
        assert!(Formula::parse("y ~ C(a) + a:b").is_err());
    }

    #[test]
    fn one_variable_is_written_in_one_way() {
        for text in [
            "y ~ x * C(x)",
            "y ~ C(x) + x:z",
            "y ~ C(x, base = a) + C(x, base = b)",
            "y ~ x + C(x)",
            "y ~ C(x) + log(x)",
        ] {
            let message = Formula::parse(text).unwrap_err().to_string();
            assert!(
                message.contains("`x` is written in two ways"),
                "{text}: {message}"
            );
        }
        assert_eq!(names("y ~ C(x) * z + C(x)"), ["x", "z", "x:z"]);
    }

    #[test]
    fn hostile_formulas_end_in_an_error() {
        assert!(Formula::parse(&format!("y ~ {}a{}", "(".repeat(10_000), ")".repeat(10_000))).is_err());
        let product: Vec<String> = (0..40).map(|i| format!("x{i}")).collect();
        assert!(Formula::parse(&format!("y ~ {}", product.join("*"))).is_err());
        assert!(Formula::parse(&format!("y ~ I({}x)", "x + ".repeat(100_000))).is_err());
        assert!(Formula::parse(&format!("y ~ I({}x)", "-".repeat(100_000))).is_err());
        assert!(Formula::parse(&format!("y ~ {}x{}", "log(".repeat(10_000), ")".repeat(10_000))).is_err());
    }
}
