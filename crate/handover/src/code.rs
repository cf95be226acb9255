//! Arithmetic on variables, as every language can write it, with derivatives.

use mlogit::{Elementary, Operation};

/// A number made of variables.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Code {
    Number(f64),
    Variable(String),
    /// 1 where a variable has a level, else 0.
    Level {
        variable: String,
        level: String,
    },
    /// A number that was learnt from the rows: the mean or the standard deviation of something.
    Moment {
        learned: usize,
        moment: Moment,
    },
    /// A column of a basis that was learnt from the rows, or its derivative.
    Basis {
        learned: usize,
        column: usize,
        slope: bool,
        of: Box<Code>,
    },
    Negative(Box<Code>),
    Binary(Operation, Box<Code>, Box<Code>),
    Call(Elementary, Box<Code>),
    /// -1, 0 or 1.
    Sign(Box<Code>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    Mean,
    Deviation,
}

/// How a language writes what is not arithmetic. Whatever is returned binds as strongly as a name or a call.
pub(crate) trait Notation {
    fn variable(&self, name: &str) -> String;
    fn level(&self, variable: &str, level: &str) -> String;
    fn moment(&self, learned: usize, moment: Moment) -> String;
    fn basis(&self, learned: usize, column: usize, slope: bool, of: &str) -> String;
    fn call(&self, function: Elementary, of: &str) -> String;
    fn sign(&self, of: &str) -> String;
    /// The sign of a power.
    fn power(&self) -> &'static str;
}

impl Code {
    /// The product of some.
    pub(crate) fn product(codes: impl IntoIterator<Item = Code>) -> Code {
        codes.into_iter().fold(Code::Number(1.0), times)
    }

    /// As a language writes it.
    pub(crate) fn write(&self, notation: &dyn Notation) -> String {
        let inner = |code: &Code| code.write(notation);
        match self {
            Code::Number(number) => written(*number),
            Code::Variable(name) => notation.variable(name),
            Code::Level { variable, level } => notation.level(variable, level),
            Code::Moment { learned, moment } => notation.moment(*learned, *moment),
            Code::Basis {
                learned,
                column,
                slope,
                of,
            } => notation.basis(*learned, *column, *slope, &inner(of)),
            Code::Negative(of) => format!("-{}", of.within(3, notation)),
            Code::Call(function, of) => notation.call(*function, &inner(of)),
            Code::Sign(of) => notation.sign(&inner(of)),
            Code::Binary(operation, left, right) => {
                let (sign, left_strength, right_strength) = match operation {
                    Operation::Add => (" + ", 1, 2),
                    Operation::Subtract => (" - ", 1, 2),
                    Operation::Multiply => (" * ", 2, 3),
                    Operation::Divide => (" / ", 2, 3),
                    // To either side of a power whatever is not a name, a call or a number goes between parentheses.
                    Operation::Power => (notation.power(), 5, 5),
                };
                let (left, right) = (
                    left.within(left_strength, notation),
                    right.within(right_strength, notation),
                );
                format!("{left}{sign}{right}")
            }
        }
    }

    /// How strongly it binds.
    fn strength(&self) -> u8 {
        match self {
            Code::Binary(Operation::Add | Operation::Subtract, ..) => 1,
            Code::Binary(Operation::Multiply | Operation::Divide, ..) => 2,
            Code::Negative(_) => 3,
            Code::Number(number) if *number < 0.0 => 3,
            Code::Binary(Operation::Power, ..) => 4,
            _ => 5,
        }
    }

    fn within(&self, strength: u8, notation: &dyn Notation) -> String {
        let written = self.write(notation);
        if self.strength() < strength {
            format!("({written})")
        } else {
            written
        }
    }

    /// Whether a variable has a part in it.
    pub(crate) fn involves(&self, name: &str) -> bool {
        match self {
            Code::Number(_) | Code::Moment { .. } => false,
            Code::Variable(own) | Code::Level { variable: own, .. } => own == name,
            Code::Basis { of, .. } | Code::Negative(of) | Code::Call(_, of) | Code::Sign(of) => {
                of.involves(name)
            }
            Code::Binary(_, left, right) => left.involves(name) || right.involves(name),
        }
    }

    /// Whether it is the same in every row.
    pub(crate) fn is_constant(&self) -> bool {
        match self {
            Code::Number(_) | Code::Moment { .. } => true,
            Code::Variable(_) | Code::Level { .. } => false,
            Code::Basis { of, .. } | Code::Negative(of) | Code::Call(_, of) | Code::Sign(of) => {
                of.is_constant()
            }
            Code::Binary(_, left, right) => left.is_constant() && right.is_constant(),
        }
    }

    /// The derivative by a variable of numbers.
    pub(crate) fn derivative(&self, by: &str) -> Code {
        let number = Code::Number;
        if !self.involves(by) {
            return number(0.0);
        }
        match self {
            Code::Variable(_) => number(1.0),
            Code::Number(_) | Code::Level { .. } | Code::Moment { .. } | Code::Sign(_) => number(0.0),
            Code::Negative(of) => negative(of.derivative(by)),
            Code::Basis {
                learned, column, of, ..
            } => {
                let outer = Code::Basis {
                    learned: *learned,
                    column: *column,
                    slope: true,
                    of: of.clone(),
                };
                times(outer, of.derivative(by))
            }
            Code::Call(function, of) => {
                let (inner, of) = (of.derivative(by), (**of).clone());
                match function {
                    Elementary::Log => over(inner, of),
                    Elementary::Log2 => over(inner, times(of, number(std::f64::consts::LN_2))),
                    Elementary::Log10 => over(inner, times(of, number(std::f64::consts::LN_10))),
                    Elementary::Log1p => over(inner, plus(number(1.0), of)),
                    Elementary::Exp => times(self.clone(), inner),
                    Elementary::Sqrt => over(inner, times(number(2.0), self.clone())),
                    Elementary::Abs => times(Code::Sign(Box::new(of)), inner),
                }
            }
            Code::Binary(operation, left, right) => {
                let (a, b) = ((**left).clone(), (**right).clone());
                let (da, db) = (left.derivative(by), right.derivative(by));
                match operation {
                    Operation::Add => plus(da, db),
                    Operation::Subtract => minus(da, db),
                    Operation::Multiply => plus(times(da, b), times(a, db)),
                    Operation::Divide => {
                        minus(over(da, b.clone()), over(times(a, db), power(b, number(2.0))))
                    }
                    Operation::Power => {
                        let lower = match &b {
                            Code::Number(exponent) => number(exponent - 1.0),
                            other => minus(other.clone(), number(1.0)),
                        };
                        let of_base = times(times(b.clone(), power(a.clone(), lower)), da);
                        let of_exponent =
                            times(times(self.clone(), Code::Call(Elementary::Log, Box::new(a))), db);
                        plus(of_base, of_exponent)
                    }
                }
            }
        }
    }
}

/// A number in the fewest digits that read back to it.
pub(crate) fn written(number: f64) -> String {
    let text = format!("{number:?}");
    text.strip_suffix(".0")
        .map_or_else(|| text.clone(), str::to_owned)
}

fn binary(operation: Operation, left: Code, right: Code) -> Code {
    Code::Binary(operation, Box::new(left), Box::new(right))
}

fn negative(of: Code) -> Code {
    match of {
        Code::Number(0.0) => Code::Number(0.0),
        Code::Number(number) => Code::Number(-number),
        of => Code::Negative(Box::new(of)),
    }
}

fn plus(left: Code, right: Code) -> Code {
    match (&left, &right) {
        (Code::Number(0.0), _) => right,
        (_, Code::Number(0.0)) => left,
        _ => binary(Operation::Add, left, right),
    }
}

fn minus(left: Code, right: Code) -> Code {
    match (&left, &right) {
        (Code::Number(0.0), _) => negative(right),
        (_, Code::Number(0.0)) => left,
        _ => binary(Operation::Subtract, left, right),
    }
}

fn times(left: Code, right: Code) -> Code {
    match (&left, &right) {
        (Code::Number(0.0), _) | (_, Code::Number(0.0)) => Code::Number(0.0),
        (Code::Number(1.0), _) => right,
        (_, Code::Number(1.0)) => left,
        _ => binary(Operation::Multiply, left, right),
    }
}

fn over(left: Code, right: Code) -> Code {
    match &left {
        Code::Number(0.0) => left,
        _ => binary(Operation::Divide, left, right),
    }
}

fn power(base: Code, exponent: Code) -> Code {
    match &exponent {
        Code::Number(1.0) => base,
        Code::Number(0.0) => Code::Number(1.0),
        _ => binary(Operation::Power, base, exponent),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Plain;

    impl Notation for Plain {
        fn variable(&self, name: &str) -> String {
            name.to_owned()
        }
        fn level(&self, variable: &str, level: &str) -> String {
            format!("({variable} == {level})")
        }
        fn moment(&self, learned: usize, moment: Moment) -> String {
            format!("{moment:?}{learned}")
        }
        fn basis(&self, learned: usize, column: usize, slope: bool, of: &str) -> String {
            format!("basis{learned}({of}, {column}, {slope})")
        }
        fn call(&self, function: Elementary, of: &str) -> String {
            format!("{}({of})", function.name())
        }
        fn sign(&self, of: &str) -> String {
            format!("sign({of})")
        }
        fn power(&self) -> &'static str {
            "^"
        }
    }

    fn x() -> Code {
        Code::Variable("x".to_owned())
    }

    fn slope(code: &Code) -> String {
        code.derivative("x").write(&Plain)
    }

    #[test]
    fn derivatives_are_as_one_writes_them() {
        let square = power(x(), Code::Number(2.0));
        assert_eq!(slope(&square), "2 * x");
        assert_eq!(slope(&power(x(), Code::Number(3.0))), "3 * x^2");
        assert_eq!(slope(&Code::Call(Elementary::Log, Box::new(x()))), "1 / x");
        let z = Code::Variable("z".to_owned());
        assert_eq!(slope(&over(x(), z.clone())), "1 / z");
        assert_eq!(slope(&over(z.clone(), x())), "-(z / x^2)");
        assert_eq!(slope(&power(Code::Number(2.0), x())), "2^x * log(2)");
        let basis = Code::Basis {
            learned: 0,
            column: 1,
            slope: false,
            of: Box::new(Code::Call(Elementary::Sqrt, Box::new(x()))),
        };
        assert_eq!(slope(&basis), "basis0(sqrt(x), 1, true) * (1 / (2 * sqrt(x)))");
        assert_eq!(slope(&z), "0");
    }

    #[test]
    fn what_binds_less_goes_between_parentheses() {
        let sum = plus(x(), Code::Number(1.0));
        let write = |code: Code| code.write(&Plain);
        assert_eq!(write(times(sum.clone(), sum.clone())), "(x + 1) * (x + 1)");
        assert_eq!(write(power(negative(x()), Code::Number(2.0))), "(-x)^2");
        assert_eq!(write(negative(power(x(), Code::Number(2.0)))), "-x^2");
        assert_eq!(write(minus(x(), sum)), "x - (x + 1)");
        assert_eq!(write(power(Code::Number(2.0), negative(x()))), "2^(-x)");
        assert_eq!(written(1e-7), "1e-7");
        assert_eq!(written(30.0), "30");
    }
}
