//! Linear hypotheses about coefficients, typed or written: `concession: x1 = x2`.

use crate::data::formula::Term;
use crate::error::{Error, Result};
use crate::fit::Fit;

/// A linear combination of coefficients that has a value under the hypothesis: `sum_i factor_i b_i = value`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Restriction {
    pub(crate) addends: Vec<Addend>,
    pub(crate) value: f64,
}

/// A coefficient in a restriction.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Addend {
    pub(crate) factor: f64,
    pub(crate) outcome: String,
    pub(crate) term: String,
}

impl Restriction {
    /// No coefficient yet, and the value 0.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `factor` times the coefficient of `term` in the equation of `outcome`.
    #[must_use]
    pub fn plus(mut self, factor: f64, outcome: &str, term: &str) -> Self {
        self.addends.push(Addend {
            factor,
            outcome: outcome.to_owned(),
            term: term.to_owned(),
        });
        self
    }

    /// The value of the combination under the hypothesis.
    #[must_use]
    pub fn equals(mut self, value: f64) -> Self {
        self.value = value;
        self
    }
}

impl Fit {
    /// Reads hypotheses about the coefficients of this fit, to be tested jointly.
    ///
    /// Clauses are separated by `,` or `;`. A clause is a combination such as `2 * x1 - x2`, followed by `=` and
    /// another one, or is set to 0 where there is no `=`; `a = b = c` is two restrictions. A coefficient is
    /// written with the name of its column, as `x1`, `x1:x2`, `g[b]` or `(Intercept)`; that of its outcome goes
    /// before it, as in `concession: x1 = imposition: x1`, and holds on to the next. A clause without outcome is
    /// about the equation of every outcome but the base (Stata's `test`). The name of a term with several columns,
    /// such as a categorical `g`, stands by itself for all of them. Names go between backticks where they would
    /// be read as something else.
    ///
    /// # Errors
    /// [`Error::Hypothesis`] with what was not understood.
    pub fn hypothesis(&self, text: &str) -> Result<Vec<Restriction>> {
        let mut restrictions = Vec::new();
        let mut reader = Reader::new(self, text);
        loop {
            reader.clause(&mut restrictions)?;
            if reader.take(&[',', ';']).is_none() {
                break;
            }
        }
        if reader.rest().is_empty() {
            return Ok(restrictions);
        }
        Err(reader.wrong(&format!("`{}` was not expected", reader.rest())))
    }

    /// The coefficients of a term, all of its columns in the equation of `outcome` or of every one but the base,
    /// set to 0. A column's own name is a term as well.
    ///
    /// # Errors
    /// [`Error::Hypothesis`].
    pub(crate) fn without_term(&self, term: &str, outcome: Option<&str>) -> Result<Vec<Restriction>> {
        let wrong = |problem: String| Error::Hypothesis {
            text: term.to_owned(),
            problem,
        };
        let columns = self.columns_of(term);
        if columns.is_empty() {
            let known: Vec<&str> = self.design().terms().collect();
            return Err(wrong(format!(
                "the model has no such term; there are {}",
                known.join(", ")
            )));
        }
        let equations: Vec<&str> = self
            .equations()
            .filter(|one| outcome.is_none_or(|wanted| wanted == *one))
            .collect();
        if equations.is_empty() {
            let wanted = outcome.unwrap_or_default();
            return Err(wrong(format!(
                "the model has no equation for the outcome `{wanted}`"
            )));
        }
        let restriction = |(outcome, column): (&&str, &String)| Restriction::new().plus(1.0, outcome, column);
        let pairs = equations
            .iter()
            .flat_map(|outcome| columns.iter().map(move |column| (outcome, column)));
        Ok(pairs.map(restriction).collect())
    }

    /// The outcomes that have an equation.
    pub(crate) fn equations(&self) -> impl Iterator<Item = &str> {
        let base = self.design().base();
        self.design()
            .outcomes()
            .iter()
            .map(String::as_str)
            .filter(move |outcome| *outcome != base)
    }

    /// Names of a term's columns: of a term of the formula, or the column of that name.
    pub(crate) fn columns_of(&self, term: &str) -> Vec<String> {
        let design = self.design();
        if design.terms().any(|known| known == term) {
            return vec![term.to_owned()];
        }
        let position = design
            .frame()
            .formula
            .terms()
            .iter()
            .position(|known| term_name(known) == term);
        match position {
            Some(position) => design
                .columns_of_term(position)
                .map(|k| design.recipes[k].name.clone())
                .collect(),
            None => Vec::new(),
        }
    }
}

/// A formula's term as it is written: `a:b`.
pub(crate) fn term_name(term: &Term) -> String {
    let names: Vec<&str> = term.iter().map(|factor| factor.name.as_str()).collect();
    names.join(":")
}

/// A sum of coefficients and numbers; an empty outcome stands for every one.
#[derive(Debug, Clone, Default)]
struct Sum {
    addends: Vec<Addend>,
    number: f64,
    /// A term of several columns, which stands by itself.
    whole: Option<String>,
}

struct Reader<'a> {
    fit: &'a Fit,
    text: &'a str,
    at: usize,
    /// The outcome named last in this clause.
    outcome: Option<String>,
}

impl<'a> Reader<'a> {
    fn new(fit: &'a Fit, text: &'a str) -> Self {
        Reader {
            fit,
            text,
            at: 0,
            outcome: None,
        }
    }

    fn wrong(&self, problem: &str) -> Error {
        Error::Hypothesis {
            text: self.text.trim().to_owned(),
            problem: problem.to_owned(),
        }
    }

    fn rest(&self) -> &'a str {
        self.text[self.at..].trim_start()
    }

    /// Goes on behind the first `length` bytes of the rest.
    fn skip(&mut self, length: usize) {
        self.at = self.text.len() - self.rest().len() + length;
    }

    fn take(&mut self, symbols: &[char]) -> Option<char> {
        let symbol = self
            .rest()
            .chars()
            .next()
            .filter(|symbol| symbols.contains(symbol))?;
        self.skip(symbol.len_utf8());
        Some(symbol)
    }

    fn clause(&mut self, restrictions: &mut Vec<Restriction>) -> Result<()> {
        self.outcome = None;
        let mut sums = vec![self.sum()?];
        while self.take(&['=']).is_some() {
            sums.push(self.sum()?);
        }
        if sums.len() == 1 {
            sums.push(Sum::default());
        }
        let outcomes: Vec<bool> = sums
            .iter()
            .flat_map(|sum| &sum.addends)
            .map(|addend| addend.outcome.is_empty())
            .collect();
        let everywhere = outcomes.iter().all(|empty| *empty);
        if !everywhere && outcomes.iter().any(|empty| *empty) {
            return Err(self.wrong("name the outcome before the first coefficient, or none at all"));
        }
        if let Some(term) = sums.iter().find_map(|sum| sum.whole.clone()) {
            let alone = sums.len() == 2
                && sums[0].addends.is_empty()
                && sums[1].addends.is_empty()
                && sums[1].whole.is_none()
                && sums[0].number == 0.0
                && sums[1].number == 0.0;
            if !alone {
                return Err(self.wrong(&format!(
                    "`{term}` has several columns: it can be said to be 0, and nothing else; name a column to say more"
                )));
            }
            restrictions.extend(self.fit.without_term(&term, self.outcome.as_deref())?);
            return Ok(());
        }
        for pair in sums.windows(2) {
            self.restrict(&pair[0], &pair[1], everywhere, restrictions)?;
        }
        Ok(())
    }

    fn restrict(&self, left: &Sum, right: &Sum, everywhere: bool, into: &mut Vec<Restriction>) -> Result<()> {
        let mut addends: Vec<Addend> = left.addends.clone();
        addends.extend(right.addends.iter().cloned().map(|addend| Addend {
            factor: -addend.factor,
            ..addend
        }));
        if addends.is_empty() {
            return Err(self.wrong("a clause has no coefficient"));
        }
        let value = right.number - left.number;
        if !everywhere {
            into.push(Restriction { addends, value });
            return Ok(());
        }
        for outcome in self.fit.equations() {
            let with_outcome = |addend: &Addend| Addend {
                outcome: outcome.to_owned(),
                ..addend.clone()
            };
            into.push(Restriction {
                addends: addends.iter().map(with_outcome).collect(),
                value,
            });
        }
        Ok(())
    }

    fn sum(&mut self) -> Result<Sum> {
        let mut sum = Sum::default();
        let mut sign = if self.take(&['-']).is_some() { -1.0 } else { 1.0 };
        loop {
            self.product(sign, &mut sum)?;
            sign = match self.take(&['+', '-']) {
                Some('-') => -1.0,
                Some(_) => 1.0,
                None => return Ok(sum),
            };
        }
    }

    /// A number, a coefficient, or a number times a coefficient.
    fn product(&mut self, sign: f64, into: &mut Sum) -> Result<()> {
        let mut factor = sign;
        self.take_outcome()?;
        if self.term_there().is_none() {
            let Some(number) = self.number() else {
                return Err(self.unknown());
            };
            if self.take(&['*']).is_none() {
                into.number += sign * number;
                return Ok(());
            }
            factor *= number;
            self.take_outcome()?;
        }
        let Some((name, length)) = self.term_there() else {
            return Err(self.unknown());
        };
        self.skip(length);
        if self.fit.design().terms().any(|known| known == name) {
            into.addends.push(Addend {
                factor,
                outcome: self.outcome.clone().unwrap_or_default(),
                term: name,
            });
        } else if into.whole.is_none() && into.addends.is_empty() {
            into.whole = Some(name);
        } else {
            return Err(self.wrong(&format!("`{name}` has several columns: name one of them")));
        }
        Ok(())
    }

    fn unknown(&self) -> Error {
        let found = match self.rest() {
            "" => "the end".to_owned(),
            rest => format!("`{rest}`"),
        };
        let known: Vec<String> = self
            .fit
            .design()
            .terms()
            .take(30)
            .map(|term| format!("`{term}`"))
            .collect();
        let outcomes: Vec<String> = self
            .fit
            .equations()
            .map(|outcome| format!("`{outcome}`"))
            .collect();
        self.wrong(&format!(
            "no number or coefficient at {found}; there are {} for the outcomes {}",
            known.join(", "),
            outcomes.join(", ")
        ))
    }

    fn number(&mut self) -> Option<f64> {
        let rest = self.rest();
        let mut length = 0;
        for (at, character) in rest.char_indices() {
            let exponent_sign = matches!(character, '+' | '-') && rest[..at].ends_with(['e', 'E']) && at > 1;
            if !(character.is_ascii_digit() || matches!(character, '.' | 'e' | 'E') || exponent_sign) {
                break;
            }
            length = at + character.len_utf8();
        }
        let number: f64 = rest[..length].parse().ok()?;
        self.skip(length);
        number.is_finite().then_some(number)
    }

    /// Takes an outcome and its colon, if they are there; it holds on to the next.
    fn take_outcome(&mut self) -> Result<()> {
        if let Some((outcome, length)) = self.outcome_there() {
            if outcome == self.fit.design().base() {
                return Err(self.wrong(&format!(
                    "`{outcome}` is the base outcome, its coefficients are 0: name another"
                )));
            }
            self.outcome = Some(outcome);
            self.skip(length);
        }
        Ok(())
    }

    /// The longest term's name there, and its length in the text.
    fn term_there(&self) -> Option<(String, usize)> {
        let formula = self.fit.design().frame().formula.terms().iter().map(term_name);
        let columns = self.fit.design().terms().map(str::to_owned);
        self.longest(columns.chain(formula))
            .filter(|(_, length)| !self.rest()[*length..].trim_start().starts_with(':'))
    }

    /// The outcome there, if a colon follows, and the length of both. A term that reads the same and is longer
    /// wins: `a:b` is an interaction where there is one.
    fn outcome_there(&self) -> Option<(String, usize)> {
        if self.term_there().is_some() {
            return None;
        }
        let (outcome, length) = self.longest(self.fit.design().outcomes().iter().cloned())?;
        let behind = &self.rest()[length..];
        let colon = behind.trim_start().strip_prefix(':')?;
        Some((outcome, self.rest().len() - colon.len()))
    }

    fn longest(&self, names: impl Iterator<Item = String>) -> Option<(String, usize)> {
        let rest = self.rest();
        let ends = |after: &str| {
            let inside = |next: char| next.is_alphanumeric() || matches!(next, '_' | '.' | '[');
            !after.starts_with(inside)
        };
        let length = |name: &String| {
            let quoted = ['`', '"', '\'']
                .into_iter()
                .find(|quote| rest.starts_with(&format!("{quote}{name}{quote}")));
            match quoted {
                Some(_) => Some(name.len() + 2),
                None => (rest.starts_with(name.as_str()) && ends(&rest[name.len()..])).then_some(name.len()),
            }
        };
        names
            .filter_map(|name| length(&name).map(|length| (name, length)))
            .max_by_key(|(_, length)| *length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::generated;

    #[test]
    fn clauses_read_as_written() {
        let fit = generated("y ~ x * z + g").fit;
        let read = |text: &str| fit.hypothesis(text).unwrap();
        let b = |factor, outcome: &str, term: &str| Restriction::new().plus(factor, outcome, term);
        assert_eq!(read("b: x = z"), [b(1.0, "b", "x").plus(-1.0, "b", "z")]);
        assert_eq!(read("x"), [b(1.0, "b", "x"), b(1.0, "c", "x")]);
        assert_eq!(
            read("b: 2 * x - z = 1.5e-1; c: x:z = b: x"),
            [
                b(2.0, "b", "x").plus(-1.0, "b", "z").equals(0.15),
                b(1.0, "c", "x:z").plus(-1.0, "b", "x")
            ]
        );
        assert_eq!(
            read("c : (Intercept) = -1"),
            [b(1.0, "c", "(Intercept)").equals(-1.0)]
        );
        assert_eq!(read("b: g"), [b(1.0, "b", "g[q]"), b(1.0, "b", "g[r]")]);
        assert_eq!(read("g = 0").len(), 4);
        assert_eq!(
            read("b: g[q] = `g[r]` = 1"),
            [
                b(1.0, "b", "g[q]").plus(-1.0, "b", "g[r]"),
                b(1.0, "b", "g[r]").equals(1.0)
            ]
        );
    }

    #[test]
    fn what_is_not_understood_is_named() {
        let fit = generated("y ~ x * z + g").fit;
        let message = |text: &str| fit.hypothesis(text).unwrap_err().to_string();
        assert!(
            message("b: w = 0").contains("no number or coefficient at `w = 0`; there are `(Intercept)`, `x`")
        );
        assert!(message("a: x").contains("`a` is the base outcome"));
        assert!(message("x = b: z").contains("name the outcome before the first coefficient"));
        assert!(message("g = 1").contains("several columns"));
        assert!(message("1 = 2").contains("no coefficient"));
        for bad in [
            "",
            "x =",
            "x z",
            "x,",
            "b:",
            "2 * ",
            "x1",
            "--x",
            "x = 1e999",
            "=",
            "`x",
        ] {
            assert!(fit.hypothesis(bad).is_err(), "{bad}");
        }
    }
}
