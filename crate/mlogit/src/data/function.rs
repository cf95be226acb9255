//! Functions of a frame's variables, with their derivatives, and what they learn from its rows.
//!
//! A function is made once, from the rows of the fit: means and standard deviations (`scale`), the recursion of
//! orthogonal polynomials (`poly`), the knots of splines (`ns`) are numbers in it from then on. So it means the same on
//! rows that the fit has not seen, as R's `predict` has it. Each row counts once, whatever its weight, as in R.

use std::sync::Arc;

use crate::data::basis::Basis;
use crate::data::dual::{Dual, times};
use crate::data::expression::{Elementary, Expression, Operation};
use crate::error::{Error, Result};

/// A function of numeric variables, by their positions in the frame.
#[derive(Debug, Clone)]
pub(crate) enum Function {
    Number(f64),
    Variable(usize),
    Negative(Box<Function>),
    Binary(Operation, Box<Function>, Box<Function>),
    Call(Elementary, Box<Function>),
    /// A column of a basis.
    Column(Arc<Basis>, usize, Box<Function>),
}

/// The variables that a function may be of, on the rows that it learns from.
pub(crate) struct Rows<'a> {
    /// Names and values of the variables; none of a categorical one.
    pub(crate) variables: &'a [(&'a str, Option<&'a [f64]>)],
    /// Where each row stands in the table, from 0.
    pub(crate) indices: &'a [usize],
}

impl Rows<'_> {
    /// The values of a variable in a row.
    fn of(&self, row: usize) -> impl Fn(usize) -> f64 + '_ {
        move |variable| self.variables[variable].1.map_or(f64::NAN, |values| values[row])
    }

    /// The values of a function on every row.
    ///
    /// # Errors
    /// [`Error::Domain`] with the first row where it has none that is finite.
    pub(crate) fn values(&self, function: &Function, written: &str) -> Result<Vec<f64>> {
        let value = |row: usize| {
            let value = function.value(&self.of(row));
            if value.is_finite() {
                return Ok(value);
            }
            let of = |variable: usize| (self.variables[variable].0.to_owned(), self.of(row)(variable));
            Err(Error::Domain {
                function: written.to_owned(),
                row: Some(self.indices[row] + 1),
                values: function.variables().into_iter().map(of).collect(),
                slope: false,
            })
        };
        (0..self.indices.len()).map(value).collect()
    }
}

impl Function {
    /// Makes the function that an expression is on these rows.
    ///
    /// # Errors
    /// [`Error::UnknownColumn`], [`Error::Domain`].
    pub(crate) fn learn(expression: &Expression, rows: &Rows<'_>) -> Result<Self> {
        let learn = |of: &Expression| Function::learn(of, rows).map(Box::new);
        Ok(match expression {
            Expression::Number(number) => Function::Number(*number),
            Expression::Column(name) => {
                let position = rows.variables.iter().position(|(known, _)| known == name);
                Function::Variable(position.ok_or_else(|| {
                    Error::UnknownColumn {
                        column: name.clone(),
                        known: rows
                            .variables
                            .iter()
                            .map(|(known, _)| (*known).to_owned())
                            .collect(),
                    }
                })?)
            }
            Expression::Negative(of) => Function::Negative(learn(of)?),
            Expression::Binary(operation, left, right) => {
                Function::Binary(*operation, learn(left)?, learn(right)?)
            }
            Expression::Call(function, of) => Function::Call(*function, learn(of)?),
            Expression::Standardised { scaled, of } => {
                let inner = learn(of)?;
                let values = rows.values(&inner, &of.to_string())?;
                let (mean, deviation) = moments(&values);
                let centred = Function::Binary(Operation::Subtract, inner, Box::new(Function::Number(mean)));
                if !scaled {
                    return Ok(centred);
                }
                if deviation == 0.0 {
                    return Err(Error::Constant {
                        term: of.to_string(),
                        value: mean,
                    });
                }
                let by = Box::new(Function::Number(deviation));
                Function::Binary(Operation::Divide, Box::new(centred), by)
            }
        })
    }

    /// Positions of its variables, each once.
    pub(crate) fn variables(&self) -> Vec<usize> {
        let mut found = match self {
            Function::Number(_) => Vec::new(),
            Function::Variable(variable) => vec![*variable],
            Function::Negative(of) | Function::Call(_, of) | Function::Column(_, _, of) => of.variables(),
            Function::Binary(_, left, right) => [left.variables(), right.variables()].concat(),
        };
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Its value where each variable is as `of` says.
    pub(crate) fn value(&self, of: &dyn Fn(usize) -> f64) -> f64 {
        match self {
            Function::Number(number) => *number,
            Function::Variable(variable) => of(*variable),
            Function::Negative(inner) => -inner.value(of),
            Function::Binary(operation, left, right) => operation.value(left.value(of), right.value(of)),
            Function::Call(function, inner) => function.value(inner.value(of)),
            Function::Column(basis, column, inner) => basis.at(*column, inner.value(of)).value,
        }
    }

    /// Its value, and its derivative by the variable `by`.
    pub(crate) fn differentiate(&self, of: &dyn Fn(usize) -> f64, by: usize) -> Dual {
        let inner = |function: &Function| function.differentiate(of, by);
        match self {
            Function::Number(number) => Dual {
                value: *number,
                slope: 0.0,
            },
            Function::Variable(variable) => Dual {
                value: of(*variable),
                slope: f64::from(u8::from(*variable == by)),
            },
            Function::Negative(of) => {
                let Dual { value, slope } = inner(of);
                Dual {
                    value: -value,
                    slope: -slope,
                }
            }
            Function::Binary(operation, left, right) => operation.differentiate(inner(left), inner(right)),
            Function::Call(function, of) => inner(of).through(|x| Dual {
                value: function.value(x),
                slope: function.slope(x),
            }),
            Function::Column(basis, column, of) => inner(of).through(|x| basis.at(*column, x)),
        }
    }
}

impl Operation {
    fn value(self, left: f64, right: f64) -> f64 {
        match self {
            Operation::Add => left + right,
            Operation::Subtract => left - right,
            Operation::Multiply => left * right,
            Operation::Divide => left / right,
            Operation::Power => power(left, right),
        }
    }

    fn differentiate(self, left: Dual, right: Dual) -> Dual {
        let (a, b) = (left.value, right.value);
        let slope = match self {
            Operation::Add => left.slope + right.slope,
            Operation::Subtract => left.slope - right.slope,
            Operation::Multiply => times(left.slope, b) + times(right.slope, a),
            Operation::Divide => times(left.slope, 1.0 / b) - times(right.slope, a / (b * b)),
            Operation::Power => {
                times(left.slope, b * power(a, b - 1.0)) + times(right.slope, power(a, b) * libm::log(a))
            }
        };
        Dual {
            value: self.value(a, b),
            slope,
        }
    }
}

/// A square is a product, to the bit.
fn power(base: f64, exponent: f64) -> f64 {
    if exponent == 2.0 {
        base * base
    } else {
        libm::pow(base, exponent)
    }
}

impl Elementary {
    fn value(self, x: f64) -> f64 {
        match self {
            Elementary::Log => libm::log(x),
            Elementary::Log2 => libm::log2(x),
            Elementary::Log10 => libm::log10(x),
            Elementary::Log1p => libm::log1p(x),
            Elementary::Exp => libm::exp(x),
            Elementary::Sqrt => x.sqrt(),
            Elementary::Abs => x.abs(),
        }
    }

    fn slope(self, x: f64) -> f64 {
        match self {
            Elementary::Log => 1.0 / x,
            Elementary::Log2 => std::f64::consts::LOG2_E / x,
            Elementary::Log10 => std::f64::consts::LOG10_E / x,
            Elementary::Log1p => 1.0 / (1.0 + x),
            Elementary::Exp => libm::exp(x),
            Elementary::Sqrt => 0.5 / x.sqrt(),
            // Where it turns, the mean of both sides.
            Elementary::Abs if x == 0.0 => 0.0,
            Elementary::Abs => x.signum(),
        }
    }
}

/// Mean and standard deviation, with `n - 1`, as R's `scale` has them.
fn moments(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    // Differences from the first value lose no digits where values lie far from zero.
    let first = values.first().copied().unwrap_or_default();
    let mean = first + values.iter().map(|value| value - first).sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    let deviation = if values.iter().all(|value| *value == first) {
        0.0
    } else {
        (squares / (n - 1.0)).sqrt()
    };
    (mean, deviation)
}
