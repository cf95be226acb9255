//! Formulas: `outcome ~ a * b + C(c, base = "x")`.
//!
//! As in R, `a:b` is an interaction, `a * b` is `a + b + a:b`, parentheses distribute, and terms come in the
//! order of their degree. `C(x)` makes a column of numbers categorical; columns of text are so by themselves.
//! Names with other characters than letters, digits, `_` and `.` go between backticks. There is always an
//! intercept.

use crate::arithmetic::order;
use crate::error::{Error, Result};

/// A formula may be typed by anyone: bounds that no sensible formula reaches.
const MOST_TERMS: usize = 2_000;
const DEEPEST: usize = 64;

/// One variable in a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factor {
    /// Name of the column.
    pub variable: String,
    /// Whether it was written `C(...)`; a column of text is categorical in any case.
    pub categorical: bool,
    /// Base level, from `C(x, base = ...)`; the first level otherwise.
    pub base: Option<String>,
}

/// A product of one or more variables.
pub type Term = Vec<Factor>;

/// A parsed formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formula {
    outcome: String,
    terms: Vec<Term>,
}

impl Formula {
    /// Reads a formula.
    ///
    /// # Errors
    /// [`Error::Formula`] with the position and what was expected there; [`Error::OutcomeAsTerm`].
    pub fn parse(text: &str) -> Result<Self> {
        let mut parser = Parser::new(text)?;
        let outcome = parser.name("the outcome's name")?;
        parser.expect('~')?;
        let mut terms = parser.sum(0)?;
        if let Some(token) = parser.peek() {
            return Err(parser.unexpected(&format!("`+`, `*`, `:` or the end, found {}", token.kind)));
        }
        order::by_key(&mut terms, Vec::len);
        if terms.iter().flatten().any(|factor| factor.variable == outcome) {
            return Err(Error::OutcomeAsTerm { outcome });
        }
        one_base_each(&parser.factors)?;
        Ok(Formula { outcome, terms })
    }

    /// Name of the outcome variable.
    pub fn outcome(&self) -> &str {
        &self.outcome
    }

    /// The same without one of its terms.
    pub(crate) fn without(&self, position: usize) -> Self {
        let mut formula = self.clone();
        formula.terms.remove(position);
        formula
    }

    /// The terms by degree, without the intercept. Empty for `y ~ 1`.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }
}

/// A variable has one base level and one reading throughout a formula: `C(x):z` alone makes every `x`
/// categorical.
fn one_base_each(factors: &[Factor]) -> Result<()> {
    let mut first = std::collections::BTreeMap::new();
    for factor in factors {
        if *first.entry(&factor.variable).or_insert(factor) != factor {
            return Err(Error::Formula {
                at: 1,
                problem: format!(
                    "`{}` is written in two ways: write it the same, as `C(...)` with the same base or without, throughout",
                    factor.variable
                ),
            });
        }
    }
    Ok(())
}

#[derive(Debug, Clone, PartialEq)]
enum TokenKind {
    Name(String),
    Number(String),
    Quoted(String),
    Symbol(char),
}

impl std::fmt::Display for TokenKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            TokenKind::Name(text) | TokenKind::Number(text) => write!(f, "`{text}`"),
            TokenKind::Quoted(text) => write!(f, "\"{text}\""),
            TokenKind::Symbol(symbol) => write!(f, "`{symbol}`"),
        }
    }
}

#[derive(Debug, Clone)]
struct Token {
    kind: TokenKind,
    /// Position of its first character, from 1.
    at: usize,
}

struct Parser {
    /// Every factor as it was written, repeated ones included.
    factors: Vec<Factor>,
    tokens: Vec<Token>,
    next: usize,
    end: usize,
}

impl Parser {
    fn new(text: &str) -> Result<Self> {
        let tokens = tokens(text)?;
        Ok(Parser {
            factors: Vec::new(),
            tokens,
            next: 0,
            end: text.chars().count() + 1,
        })
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next)
    }

    fn at(&self) -> usize {
        self.peek().map_or(self.end, |token| token.at)
    }

    fn unexpected(&self, expected: &str) -> Error {
        Error::Formula {
            at: self.at(),
            problem: format!("expected {expected}"),
        }
    }

    fn found(&self) -> String {
        self.peek()
            .map_or_else(|| "the end".to_owned(), |token| token.kind.to_string())
    }

    fn take(&mut self, symbol: char) -> bool {
        let there = self
            .peek()
            .is_some_and(|token| token.kind == TokenKind::Symbol(symbol));
        self.next += usize::from(there);
        there
    }

    fn expect(&mut self, symbol: char) -> Result<()> {
        if self.take(symbol) {
            return Ok(());
        }
        Err(self.unexpected(&format!("`{symbol}`, found {}", self.found())))
    }

    fn name(&mut self, what: &str) -> Result<String> {
        if let Some(Token {
            kind: TokenKind::Name(name),
            ..
        }) = self.peek()
        {
            let name = name.clone();
            self.next += 1;
            return Ok(name);
        }
        Err(self.unexpected(&format!("{what}, found {}", self.found())))
    }

    /// `product + product - product ...`
    fn sum(&mut self, depth: usize) -> Result<Vec<Term>> {
        if depth > DEEPEST {
            return Err(Error::Formula {
                at: self.at(),
                problem: "too many nested parentheses".to_owned(),
            });
        }
        let mut terms = Vec::new();
        self.add(&mut terms, depth)?;
        loop {
            if self.take('+') {
                self.add(&mut terms, depth)?;
            } else if self.take('-') {
                let at = self.at();
                if self
                    .peek()
                    .is_some_and(|token| token.kind == TokenKind::Number("1".to_owned()))
                {
                    return Err(no_intercept(at));
                }
                let removed = self.product(depth)?;
                terms.retain(|term| !removed.iter().any(|other| same(term, other)));
            } else {
                return Ok(terms);
            }
        }
    }

    fn add(&mut self, terms: &mut Vec<Term>, depth: usize) -> Result<()> {
        for term in self.product(depth)? {
            push(terms, term);
        }
        self.bounded(terms)
    }

    /// `interaction * interaction ...`
    fn product(&mut self, depth: usize) -> Result<Vec<Term>> {
        let mut left = self.interaction(depth)?;
        while self.take('*') {
            let right = self.interaction(depth)?;
            let crossed = self.crossed(&left, &right)?;
            for term in right.into_iter().chain(crossed) {
                push(&mut left, term);
            }
            self.bounded(&left)?;
        }
        Ok(left)
    }

    /// `atom : atom ...`
    fn interaction(&mut self, depth: usize) -> Result<Vec<Term>> {
        let mut left = self.atom(depth)?;
        while self.take(':') {
            let right = self.atom(depth)?;
            left = self.crossed(&left, &right)?;
        }
        Ok(left)
    }

    fn crossed(&self, left: &[Term], right: &[Term]) -> Result<Vec<Term>> {
        let mut crossed = Vec::new();
        for a in left {
            for b in right {
                let mut term = a.clone();
                for factor in b {
                    if !term.iter().any(|known| known.variable == factor.variable) {
                        term.push(factor.clone());
                    }
                }
                push(&mut crossed, term);
            }
            self.bounded(&crossed)?;
        }
        Ok(crossed)
    }

    fn bounded(&self, terms: &[Term]) -> Result<()> {
        if terms.len() <= MOST_TERMS {
            return Ok(());
        }
        Err(Error::Formula {
            at: self.at(),
            problem: format!("more than {MOST_TERMS} terms up to here"),
        })
    }

    /// A name, `C(...)`, a sum in parentheses, or `1` for the intercept that is there anyway.
    fn atom(&mut self, depth: usize) -> Result<Vec<Term>> {
        let at = self.at();
        match self.peek().map(|token| token.kind.clone()) {
            Some(TokenKind::Symbol('(')) => {
                self.next += 1;
                let terms = self.sum(depth + 1)?;
                self.expect(')')?;
                Ok(terms)
            }
            Some(TokenKind::Number(number)) if number == "1" => {
                self.next += 1;
                Ok(Vec::new())
            }
            Some(TokenKind::Number(number)) if number == "0" => Err(no_intercept(at)),
            Some(TokenKind::Name(name)) => {
                self.next += 1;
                if !self.take('(') {
                    return Ok(self.factor(Factor {
                        variable: name,
                        categorical: false,
                        base: None,
                    }));
                }
                if name != "C" {
                    return Err(Error::Formula {
                        at,
                        problem: format!(
                            "unknown function `{name}`: only `C(column)` is known; add a transformed column to the data"
                        ),
                    });
                }
                let factor = self.categorical()?;
                Ok(self.factor(factor))
            }
            _ => Err(self.unexpected(&format!("a column's name, found {}", self.found()))),
        }
    }

    fn factor(&mut self, factor: Factor) -> Vec<Term> {
        self.factors.push(factor.clone());
        vec![vec![factor]]
    }

    /// What follows `C(`.
    fn categorical(&mut self) -> Result<Factor> {
        let variable = self.name("a column's name")?;
        let mut base = None;
        if self.take(',') {
            let at = self.at();
            if self.name("`base = LEVEL`")? != "base" {
                return Err(Error::Formula {
                    at,
                    problem: "expected `base = LEVEL`".to_owned(),
                });
            }
            self.expect('=')?;
            base = match self.peek().map(|token| token.kind.clone()) {
                Some(TokenKind::Name(level) | TokenKind::Number(level) | TokenKind::Quoted(level)) => {
                    Some(level)
                }
                _ => return Err(self.unexpected(&format!("a level, found {}", self.found()))),
            };
            self.next += 1;
        }
        self.expect(')')?;
        Ok(Factor {
            variable,
            categorical: true,
            base,
        })
    }
}

fn no_intercept(at: usize) -> Error {
    Error::Formula {
        at,
        problem: "a model without intercept is not supported: remove it".to_owned(),
    }
}

fn same(a: &Term, b: &Term) -> bool {
    a.len() == b.len()
        && a.iter()
            .all(|factor| b.iter().any(|other| other.variable == factor.variable))
}

/// Whether all variables of `smaller` are in `term`.
pub(crate) fn contains(term: &Term, smaller: &Term) -> bool {
    smaller
        .iter()
        .all(|factor| term.iter().any(|other| other.variable == factor.variable))
}

/// Adds a term unless it is there already, in whatever order of its variables.
fn push(terms: &mut Vec<Term>, term: Term) {
    if !term.is_empty() && !terms.iter().any(|known| same(known, &term)) {
        terms.push(term);
    }
}

fn tokens(text: &str) -> Result<Vec<Token>> {
    let characters: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut next = 0;
    while let Some(&character) = characters.get(next) {
        let start = next;
        let run = |from: usize, inside: &dyn Fn(char) -> bool| -> usize {
            characters[from..].iter().take_while(|&&c| inside(c)).count() + from
        };
        let word = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let kind = match character {
            c if c.is_whitespace() => {
                next += 1;
                continue;
            }
            '`' | '"' | '\'' => {
                let close = run(start + 1, &|c| c != character);
                if close == characters.len() {
                    return Err(Error::Formula {
                        at: start + 1,
                        problem: format!("{character} is never closed"),
                    });
                }
                next = close + 1;
                let inside: String = characters[start + 1..close].iter().collect();
                if character == '`' {
                    TokenKind::Name(inside)
                } else {
                    TokenKind::Quoted(inside)
                }
            }
            c if c.is_ascii_digit() => {
                next = run(start, &word);
                TokenKind::Number(characters[start..next].iter().collect())
            }
            c if word(c) => {
                next = run(start, &word);
                TokenKind::Name(characters[start..next].iter().collect())
            }
            '~' | '+' | '-' | '*' | ':' | '(' | ')' | ',' | '=' => {
                next += 1;
                TokenKind::Symbol(character)
            }
            other => {
                return Err(Error::Formula {
                    at: start + 1,
                    problem: format!(
                        "`{other}` means nothing here; a name that contains it goes between backticks"
                    ),
                });
            }
        };
        tokens.push(Token { kind, at: start + 1 });
    }
    Ok(tokens)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let formula = Formula::parse(text).unwrap();
        let name = |term: &Term| {
            term.iter()
                .map(|f| f.variable.as_str())
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
    }

    #[test]
    fn categorical_with_base() {
        let formula = Formula::parse("y ~ C(x, base = \"two words\") * z + C(w)").unwrap();
        let first = &formula.terms()[0][0];
        assert_eq!(
            (first.categorical, first.base.as_deref()),
            (true, Some("two words"))
        );
        assert_eq!(
            formula.terms()[2][0],
            Factor {
                variable: "w".into(),
                categorical: true,
                base: None
            }
        );
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
                "formula, character 6: `^` means nothing here; a name that contains it goes between backticks",
            ),
            (
                "y ~ log(a)",
                "formula, character 5: unknown function `log`: only `C(column)` is known; add a transformed column to the data",
            ),
            (
                "y ~ a - 1",
                "formula, character 9: a model without intercept is not supported: remove it",
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
    }
}
