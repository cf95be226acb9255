//! The words and signs of a formula, each with its place.

use crate::error::{Error, Result};

/// The signs of a formula, and those of a condition.
const FORMULA: &str = "~+-*:(),=^/";
const CONDITION: &str = "=!<>&|(),-~+*/";

/// More arithmetic than any sensible formula has; each operation may be a level of a tree that is walked recursively.
const MOST_OPERATIONS: usize = 500;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TokenKind {
    /// A name, or the name of a function.
    Word(String),
    /// A name between backticks, whatever is in it.
    Name(String),
    Number(String),
    Quoted(String),
    Symbol(char),
    /// `%in%`.
    Within,
}

impl std::fmt::Display for TokenKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            TokenKind::Word(text) | TokenKind::Name(text) | TokenKind::Number(text) => write!(f, "`{text}`"),
            TokenKind::Quoted(text) => write!(f, "\"{text}\""),
            TokenKind::Symbol(symbol) => write!(f, "`{symbol}`"),
            TokenKind::Within => f.write_str("`%in%`"),
        }
    }
}

#[derive(Debug, Clone)]
struct Token {
    kind: TokenKind,
    /// Position of its first character, from 1.
    at: usize,
}

/// The tokens of a formula, read one after the other.
#[derive(Debug)]
pub(crate) struct Tokens {
    tokens: Vec<Token>,
    next: usize,
    end: usize,
    operations: usize,
}

impl Tokens {
    pub(crate) fn new(text: &str) -> Result<Self> {
        Self::with_signs(text, FORMULA)
    }

    /// Those of a condition.
    pub(crate) fn of_condition(text: &str) -> Result<Self> {
        Self::with_signs(text, CONDITION)
    }

    fn with_signs(text: &str, signs: &str) -> Result<Self> {
        Ok(Tokens {
            tokens: tokens(text, signs)?,
            next: 0,
            end: text.chars().count() + 1,
            operations: 0,
        })
    }

    /// The next one, which stays.
    pub(crate) fn peek(&self) -> Option<&TokenKind> {
        self.tokens.get(self.next).map(|token| &token.kind)
    }

    /// Goes on behind the next one.
    pub(crate) fn skip(&mut self) {
        self.next += 1;
    }

    /// Goes on behind the sign of an arithmetic operation.
    pub(crate) fn skip_operation(&mut self) -> Result<()> {
        self.operations += 1;
        if self.operations > MOST_OPERATIONS {
            return Err(self.wrong(format!(
                "more than {MOST_OPERATIONS} arithmetic operations up to here"
            )));
        }
        self.skip();
        Ok(())
    }

    /// Where the next one stands.
    pub(crate) fn at(&self) -> usize {
        self.tokens.get(self.next).map_or(self.end, |token| token.at)
    }

    /// Something is wrong with the next one.
    pub(crate) fn wrong(&self, problem: impl Into<String>) -> Error {
        wrong(self.at(), problem)
    }

    /// Something else than the next one was expected.
    pub(crate) fn expected(&self, expected: &str) -> Error {
        self.wrong(format!("expected {expected}, found {}", self.found()))
    }

    fn found(&self) -> String {
        self.peek()
            .map_or_else(|| "the end".to_owned(), ToString::to_string)
    }

    /// Whether the next one is `symbol`, which is then behind.
    pub(crate) fn take(&mut self, symbol: char) -> bool {
        let there = self.peek() == Some(&TokenKind::Symbol(symbol));
        self.next += usize::from(there);
        there
    }

    pub(crate) fn expect(&mut self, symbol: char) -> Result<()> {
        if self.take(symbol) {
            return Ok(());
        }
        Err(self.expected(&format!("`{symbol}`")))
    }

    /// A name, with or without backticks.
    pub(crate) fn name(&mut self, what: &str) -> Result<String> {
        if let Some(TokenKind::Word(name) | TokenKind::Name(name)) = self.peek() {
            let name = name.clone();
            self.skip();
            return Ok(name);
        }
        Err(self.expected(what))
    }

    /// A whole number from 1 to `most`.
    pub(crate) fn count(&mut self, what: &str, most: u32) -> Result<usize> {
        let wanted = format!("{what}, a whole number from 1 to {most}");
        let Some(TokenKind::Number(text)) = self.peek() else {
            return Err(self.expected(&wanted));
        };
        match text.parse::<u32>() {
            Ok(count) if (1..=most).contains(&count) => {
                self.skip();
                Ok(count as usize)
            }
            _ => Err(self.expected(&wanted)),
        }
    }
}

pub(crate) fn wrong(at: usize, problem: impl Into<String>) -> Error {
    Error::Formula {
        at,
        problem: problem.into(),
    }
}

/// A name as a formula has it: between backticks where it would be read as something else.
pub(crate) fn written(name: &str) -> String {
    let plain = name.chars().all(in_word) && name.starts_with(|c: char| !c.is_ascii_digit()) && name != ".";
    if plain {
        name.to_owned()
    } else {
        format!("`{name}`")
    }
}

fn in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '.'
}

fn tokens(text: &str, signs: &str) -> Result<Vec<Token>> {
    let characters: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut next = 0;
    while let Some(&character) = characters.get(next) {
        let at = next + 1;
        if character.is_whitespace() {
            next += 1;
            continue;
        }
        let (kind, length) = token(&characters[next..], signs, at)?;
        tokens.push(Token { kind, at });
        next += length;
    }
    Ok(tokens)
}

/// The token that `rest` begins with, and its length.
fn token(rest: &[char], signs: &str, at: usize) -> Result<(TokenKind, usize)> {
    let run = |from: usize, inside: &dyn Fn(char) -> bool| {
        from + rest[from..].iter().take_while(|c| inside(**c)).count()
    };
    let text = |from: usize, to: usize| rest[from..to].iter().collect::<String>();
    let first = rest[0];
    match first {
        '`' | '"' | '\'' => {
            let close = run(1, &|c| c != first);
            if close == rest.len() {
                return Err(wrong(at, format!("{first} is never closed")));
            }
            let inside = text(1, close);
            let kind = if first == '`' {
                TokenKind::Name(inside)
            } else {
                TokenKind::Quoted(inside)
            };
            Ok((kind, close + 1))
        }
        c if c.is_ascii_digit() || (c == '.' && rest.get(1).is_some_and(char::is_ascii_digit)) => {
            let end = number_end(rest);
            Ok((TokenKind::Number(text(0, end)), end))
        }
        c if in_word(c) => {
            let end = run(0, &in_word);
            Ok((TokenKind::Word(text(0, end)), end))
        }
        '%' if rest.starts_with(&['%', 'i', 'n', '%']) => Ok((TokenKind::Within, 4)),
        sign if signs.contains(sign) => Ok((TokenKind::Symbol(sign), 1)),
        other => Err(wrong(
            at,
            format!("`{other}` means nothing here; a name that contains it goes between backticks"),
        )),
    }
}

/// Where a number ends: the sign of an exponent belongs to it, and so do letters, which make it no number.
fn number_end(rest: &[char]) -> usize {
    let word = |from: usize| from + rest[from..].iter().take_while(|c| in_word(**c)).count();
    let end = word(0);
    let mantissa = rest[..end - 1].iter().all(|c| c.is_ascii_digit() || *c == '.');
    let exponent = mantissa
        && matches!(rest[end - 1], 'e' | 'E')
        && matches!(rest.get(end), Some('+' | '-'))
        && rest.get(end + 1).is_some_and(char::is_ascii_digit);
    if exponent { word(end + 1) } else { end }
}
