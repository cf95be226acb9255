//! Arithmetic on columns, as it is written in a formula: `log(x + 1)`, what is inside `I(...)`.

use crate::data::tokens::{TokenKind, Tokens, written, wrong};
use crate::error::Result;

/// Deeper than any sensible formula.
pub(crate) const DEEPEST: usize = 64;

/// An expression of columns, by their names.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// A number.
    Number(f64),
    /// A column's value.
    Column(String),
    /// With the other sign.
    Negative(Box<Expression>),
    /// Two numbers become one.
    Binary(Operation, Box<Expression>, Box<Expression>),
    /// A function of a number.
    Call(Elementary, Box<Expression>),
    /// `center(x)`, and `scale(x)` which is divided by the standard deviation as well.
    Standardised {
        /// Whether it is divided by the standard deviation.
        scaled: bool,
        /// What is centred.
        of: Box<Expression>,
    },
}

/// What is done with two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// `a + b`
    Add,
    /// `a - b`
    Subtract,
    /// `a * b`
    Multiply,
    /// `a / b`
    Divide,
    /// `a ^ b`
    Power,
}

/// A function of one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Elementary {
    /// The natural logarithm.
    Log,
    /// To base 2.
    Log2,
    /// To base 10.
    Log10,
    /// Of one more than the number.
    Log1p,
    /// The exponential.
    Exp,
    /// The square root.
    Sqrt,
    /// Without its sign.
    Abs,
}

const ELEMENTARY: [(&str, Elementary); 7] = [
    ("log", Elementary::Log),
    ("log2", Elementary::Log2),
    ("log10", Elementary::Log10),
    ("log1p", Elementary::Log1p),
    ("exp", Elementary::Exp),
    ("sqrt", Elementary::Sqrt),
    ("abs", Elementary::Abs),
];

/// What a formula may say besides those.
const OTHERS: &str = "scale, center, poly, ns, I, C and factor";

impl Expression {
    /// Reads a sum.
    pub(crate) fn read(tokens: &mut Tokens, depth: usize) -> Result<Self> {
        let mut left = product(tokens, depth)?;
        loop {
            let operation = match tokens.peek() {
                Some(TokenKind::Symbol('+')) => Operation::Add,
                Some(TokenKind::Symbol('-')) => Operation::Subtract,
                _ => return Ok(left),
            };
            tokens.skip_operation()?;
            left = Expression::binary(operation, left, product(tokens, depth)?);
        }
    }

    /// Reads what follows `name(`, up to its parenthesis; `at` is where the name stands.
    pub(crate) fn read_call(tokens: &mut Tokens, name: &str, at: usize, depth: usize) -> Result<Self> {
        let elementary = ELEMENTARY.iter().find(|(known, _)| *known == name);
        if elementary.is_none() && !["scale", "center", "I"].contains(&name) {
            return Err(wrong(at, unknown(name)));
        }
        let of = Expression::read(tokens, depth + 1)?;
        if tokens.peek() == Some(&TokenKind::Symbol(',')) {
            return Err(tokens.wrong(format!("`{name}` takes one argument, without options")));
        }
        tokens.expect(')')?;
        Ok(match (elementary, name) {
            (Some((_, function)), _) => Expression::Call(*function, Box::new(of)),
            (None, "I") => of,
            (None, name) => Expression::Standardised {
                scaled: name == "scale",
                of: Box::new(of),
            },
        })
    }

    fn binary(operation: Operation, left: Expression, right: Expression) -> Self {
        Expression::Binary(operation, Box::new(left), Box::new(right))
    }

    /// Names of the columns, in order of their first occurrence.
    pub fn columns(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.collect(&mut names);
        names
    }

    fn collect<'a>(&'a self, names: &mut Vec<&'a str>) {
        match self {
            Expression::Number(_) => {}
            Expression::Column(name) => {
                if !names.contains(&name.as_str()) {
                    names.push(name);
                }
            }
            Expression::Negative(of) | Expression::Call(_, of) | Expression::Standardised { of, .. } => {
                of.collect(names);
            }
            Expression::Binary(_, left, right) => {
                left.collect(names);
                right.collect(names);
            }
        }
    }

    /// How strongly it binds: what binds less than its surroundings goes between parentheses.
    fn strength(&self) -> u8 {
        match self {
            Expression::Binary(Operation::Add | Operation::Subtract, ..) => 1,
            Expression::Binary(Operation::Multiply | Operation::Divide, ..) => 2,
            Expression::Negative(_) => 3,
            Expression::Binary(Operation::Power, ..) => 4,
            _ => 5,
        }
    }

    fn within(&self, strength: u8) -> String {
        if self.strength() < strength {
            format!("({self})")
        } else {
            self.to_string()
        }
    }
}

/// As R would write it.
impl std::fmt::Display for Expression {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Expression::Number(number) => write!(f, "{number}"),
            Expression::Column(name) => f.write_str(&written(name)),
            Expression::Negative(of) => write!(f, "-{}", of.within(3)),
            Expression::Binary(operation, left, right) => {
                let (sign, left_strength, right_strength) = match operation {
                    Operation::Add => (" + ", 1, 2),
                    Operation::Subtract => (" - ", 1, 2),
                    Operation::Multiply => (" * ", 2, 3),
                    Operation::Divide => ("/", 2, 3),
                    Operation::Power => ("^", 5, 3),
                };
                write!(
                    f,
                    "{}{sign}{}",
                    left.within(left_strength),
                    right.within(right_strength)
                )
            }
            Expression::Call(function, of) => write!(f, "{}({of})", function.name()),
            Expression::Standardised { scaled: true, of } => write!(f, "scale({of})"),
            Expression::Standardised { scaled: false, of } => write!(f, "center({of})"),
        }
    }
}

impl Elementary {
    /// Its name in formulas.
    pub fn name(self) -> &'static str {
        ELEMENTARY
            .iter()
            .find(|(_, function)| *function == self)
            .map_or("", |(name, _)| name)
    }
}

fn unknown(name: &str) -> String {
    if name == "offset" {
        return "`offset` is not offered: an outcome has an offset against another, and a column does not say which; put the column in as a term, and test whether its coefficients are 1"
            .to_owned();
    }
    let known: Vec<&str> = ELEMENTARY.iter().map(|(known, _)| *known).collect();
    format!(
        "unknown function `{name}`: there are {}, {OTHERS}; add a column transformed otherwise to the data",
        known.join(", ")
    )
}

fn product(tokens: &mut Tokens, depth: usize) -> Result<Expression> {
    let mut left = signed(tokens, depth)?;
    loop {
        let operation = match tokens.peek() {
            Some(TokenKind::Symbol('*')) => Operation::Multiply,
            Some(TokenKind::Symbol('/')) => Operation::Divide,
            _ => return Ok(left),
        };
        tokens.skip_operation()?;
        left = Expression::binary(operation, left, signed(tokens, depth)?);
    }
}

/// `-2^2` is -4, as in R: the sign binds less than the power.
fn signed(tokens: &mut Tokens, depth: usize) -> Result<Expression> {
    if depth > DEEPEST {
        return Err(tokens.wrong("too many nested parentheses"));
    }
    if tokens.take('-') {
        return Ok(Expression::Negative(Box::new(signed(tokens, depth + 1)?)));
    }
    let base = atom(tokens, depth)?;
    if tokens.take('^') {
        return Ok(Expression::binary(
            Operation::Power,
            base,
            signed(tokens, depth + 1)?,
        ));
    }
    Ok(base)
}

fn atom(tokens: &mut Tokens, depth: usize) -> Result<Expression> {
    let at = tokens.at();
    match tokens.peek().cloned() {
        Some(TokenKind::Symbol('(')) => {
            tokens.skip();
            let inside = Expression::read(tokens, depth + 1)?;
            tokens.expect(')')?;
            Ok(inside)
        }
        Some(TokenKind::Number(text)) => match text.parse() {
            Ok(number) => {
                tokens.skip();
                Ok(Expression::Number(number))
            }
            Err(_) => Err(wrong(at, begins_with_digit(&text))),
        },
        Some(TokenKind::Name(name)) => {
            tokens.skip();
            Ok(Expression::Column(name))
        }
        Some(TokenKind::Word(name)) => {
            tokens.skip();
            if !tokens.take('(') {
                return Ok(Expression::Column(name));
            }
            if ["poly", "ns", "C", "factor", "as.factor"].contains(&name.as_str()) {
                return Err(wrong(
                    at,
                    format!("`{name}` cannot stand inside another function"),
                ));
            }
            Expression::read_call(tokens, &name, at, depth)
        }
        _ => Err(tokens.expected("a column's name or a number")),
    }
}

/// What to say of a name that looks like a number.
pub(crate) fn begins_with_digit(text: &str) -> String {
    format!("`{text}` begins with a digit: write a column's name that does so between backticks, `{text}`")
}
