//! Conditions that choose rows: `year >= 1990 & region != 'x'`.
//!
//! A comparison has a column, a number or a text in quotes on either side of `==` (`=` is the same), `!=`, `<`, `<=`, `>` or
//! `>=`; `x in (1, 2)` is short for several. `missing(x)` asks whether a cell is missing. `!`, `&` and `|` bind in this
//! order, the first most; parentheses group. Text is compared with `==` and `!=`; with `<` only where all of it is dates
//! written year first.
//!
//! What is compared with a missing value is neither true nor false, as in R and SQL, and a row is chosen only where the
//! condition is true: `!(x > 1)` does not choose rows in which `x` is missing, `!(x > 1) | missing(x)` does.

use crate::data::expression::{DEEPEST, begins_with_digit};
use crate::data::table::{Column, Table, Text};
use crate::data::tokens::{TokenKind, Tokens, wrong};
use crate::error::{Error, Result, listed};

/// A condition on the rows of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    text: String,
    tree: Tree,
}

/// The rows that a condition chooses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// Positions of the rows for which it is true, from 0.
    pub rows: Vec<usize>,
    /// For each column of the condition that has to do with it: in how many of the other rows the condition is neither true
    /// nor false, and the column is missing.
    pub unknown: Vec<(String, usize)>,
}

#[derive(Debug, Clone, PartialEq)]
enum Tree {
    All(Vec<Tree>),
    Any(Vec<Tree>),
    Not(Box<Tree>),
    Compare(Relation, Operand, Operand),
    Among(Operand, Vec<Operand>),
    Missing(Operand),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    Equal,
    Different,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// What is compared, and where it stands.
#[derive(Debug, Clone, PartialEq)]
struct Operand {
    at: usize,
    what: What,
}

#[derive(Debug, Clone, PartialEq)]
enum What {
    Column(String),
    /// A number, and how it is written.
    Number(f64, String),
    Text(String),
}

impl Condition {
    /// Reads a condition.
    ///
    /// # Errors
    /// [`Error::Condition`] with the position and what was expected there.
    ///
    /// ```
    /// # use mlogit::{Column, Condition, Table};
    /// # fn main() -> Result<(), mlogit::Error> {
    /// let mut table = Table::new();
    /// table.insert("year", Column::number([1985.0, 1990.0, f64::NAN, 1999.0]))?;
    /// table.insert("region", Column::text(["x", "y", "y", "x"]))?;
    /// let condition = Condition::parse("year >= 1990 & region != 'x'")?;
    /// let selection = condition.select(&table)?;
    /// assert_eq!(selection.rows, [1]);
    /// assert_eq!(selection.unknown, [("year".to_owned(), 1)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn parse(text: &str) -> Result<Self> {
        Ok(Condition {
            text: text.to_owned(),
            tree: parse(text).map_err(of_condition)?,
        })
    }

    /// Names of the columns, each once.
    pub fn columns(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.tree.each_column(&mut |name, _| {
            if !names.contains(&name) {
                names.push(name);
            }
        });
        names
    }

    /// Refuses a condition on columns that there are not.
    ///
    /// # Errors
    /// [`Error::Condition`].
    pub fn check<'n>(&self, known: impl Iterator<Item = &'n str>) -> Result<()> {
        let known: Vec<&str> = known.collect();
        let mut problem = None;
        self.tree.each_column(&mut |name, at| {
            if problem.is_none() && !known.contains(&name) {
                problem = Some(unknown_column(name, at, &known));
            }
        });
        problem.map_or(Ok(()), Err)
    }

    /// The rows of `table` that it chooses.
    ///
    /// # Errors
    /// [`Error::Condition`] where it names a column or a level that there is not, compares what cannot be compared, or
    /// chooses no row.
    #[inline(never)]
    pub fn select(&self, table: &Table) -> Result<Selection> {
        self.check(table.names().iter().map(String::as_str))?;
        let test = Test::of(&self.tree, table)?;
        let columns: Vec<(&str, &Column)> = self
            .columns()
            .into_iter()
            .map(|name| table.column(name).map(|column| (name, column)))
            .collect::<Result<_>>()?;
        let mut rows = Vec::new();
        let mut unknown = vec![0_usize; columns.len()];
        for row in 0..table.rows() {
            match test.holds(row) {
                Some(true) => rows.push(row),
                Some(false) => {}
                None => {
                    for (count, (_, column)) in unknown.iter_mut().zip(&columns) {
                        *count += usize::from(column.is_missing(row));
                    }
                }
            }
        }
        if rows.is_empty() {
            return Err(Error::Condition {
                at: 1,
                problem: format!(
                    "`{}` is true in none of the {} rows",
                    self.text.trim(),
                    table.rows()
                ),
            });
        }
        let named = columns.iter().map(|(name, _)| (*name).to_owned()).zip(unknown);
        Ok(Selection {
            rows,
            unknown: named.filter(|(_, rows)| *rows > 0).collect(),
        })
    }
}

impl std::fmt::Display for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text.trim())
    }
}

impl Tree {
    fn each_column<'t>(&'t self, visit: &mut dyn FnMut(&'t str, usize)) {
        let operand = |operand: &'t Operand, visit: &mut dyn FnMut(&'t str, usize)| {
            if let What::Column(name) = &operand.what {
                visit(name, operand.at);
            }
        };
        match self {
            Tree::All(parts) | Tree::Any(parts) => parts.iter().for_each(|part| part.each_column(visit)),
            Tree::Not(of) => of.each_column(visit),
            Tree::Compare(_, left, right) => {
                operand(left, visit);
                operand(right, visit);
            }
            Tree::Among(of, _) | Tree::Missing(of) => operand(of, visit),
        }
    }
}

impl Relation {
    fn holds<T: PartialOrd>(self, left: &T, right: &T) -> bool {
        match self {
            Relation::Equal => left == right,
            Relation::Different => left != right,
            Relation::Less => left < right,
            Relation::AtMost => left <= right,
            Relation::More => left > right,
            Relation::AtLeast => left >= right,
        }
    }

    /// The same with its sides exchanged.
    fn turned(self) -> Self {
        match self {
            Relation::Less => Relation::More,
            Relation::AtMost => Relation::AtLeast,
            Relation::More => Relation::Less,
            Relation::AtLeast => Relation::AtMost,
            same => same,
        }
    }

    fn orders(self) -> bool {
        !matches!(self, Relation::Equal | Relation::Different)
    }
}

fn problem(at: usize, problem: impl Into<String>) -> Error {
    Error::Condition {
        at,
        problem: problem.into(),
    }
}

/// The tokenizer speaks of formulas.
fn of_condition(error: Error) -> Error {
    match error {
        Error::Formula { at, problem } => Error::Condition { at, problem },
        error => error,
    }
}

fn unknown_column(name: &str, at: usize, known: &[&str]) -> Error {
    let there = listed(&known.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
    let advice = if ["NA", "NaN", "nan", "None", "null", "."].contains(&name) {
        "`missing(x)` asks whether `x` is missing".to_owned()
    } else {
        format!("a text stands between quotes, '{name}'")
    };
    problem(at, format!("no column `{name}`; there are {there}; {advice}"))
}

fn parse(text: &str) -> Result<Tree> {
    let mut tokens = Tokens::of_condition(text)?;
    let tree = any(&mut tokens, 0)?;
    if tokens.peek().is_none() {
        return Ok(tree);
    }
    Err(match tokens.peek() {
        Some(TokenKind::Symbol('=' | '!' | '<' | '>')) => {
            tokens.wrong("one comparison cannot follow another: write `1 < x & x < 3`")
        }
        Some(TokenKind::Symbol(',')) => {
            tokens.wrong("`,` means nothing here: write `&` where both are to hold, `|` where one is")
        }
        Some(TokenKind::Word(word)) if word.eq_ignore_ascii_case("and") => {
            tokens.wrong(format!("`{word}` is written `&`"))
        }
        Some(TokenKind::Word(word)) if word.eq_ignore_ascii_case("or") => {
            tokens.wrong(format!("`{word}` is written `|`"))
        }
        _ => tokens.expected("`&`, `|` or the end"),
    })
}

/// `all | all | ...`
fn any(tokens: &mut Tokens, depth: usize) -> Result<Tree> {
    several(tokens, depth, '|', all, Tree::Any)
}

/// `not & not & ...`
fn all(tokens: &mut Tokens, depth: usize) -> Result<Tree> {
    several(tokens, depth, '&', not, Tree::All)
}

fn several(
    tokens: &mut Tokens,
    depth: usize,
    sign: char,
    part: fn(&mut Tokens, usize) -> Result<Tree>,
    joined: fn(Vec<Tree>) -> Tree,
) -> Result<Tree> {
    let mut parts = vec![part(tokens, depth)?];
    while tokens.peek() == Some(&TokenKind::Symbol(sign)) {
        tokens.skip_operation()?;
        // `&&` is the same.
        tokens.take(sign);
        parts.push(part(tokens, depth)?);
    }
    Ok(match parts.pop() {
        Some(only) if parts.is_empty() => only,
        last => joined(parts.into_iter().chain(last).collect()),
    })
}

fn not(tokens: &mut Tokens, depth: usize) -> Result<Tree> {
    if depth > DEEPEST {
        return Err(tokens.wrong("too many nested parentheses"));
    }
    if tokens.take('!') {
        return Ok(Tree::Not(Box::new(not(tokens, depth + 1)?)));
    }
    if tokens.take('(') {
        let inside = any(tokens, depth + 1)?;
        tokens.expect(')')?;
        return Ok(inside);
    }
    comparison(tokens)
}

fn comparison(tokens: &mut Tokens) -> Result<Tree> {
    let left = operand(tokens)?;
    if let What::Column(name) = &left.what
        && tokens.take('(')
    {
        if !["missing", "is.na"].contains(&name.as_str()) {
            return Err(wrong(
                left.at,
                format!("`{name}(...)` is no condition: `missing(x)` is the only function here"),
            ));
        }
        let of = operand(tokens)?;
        if !matches!(of.what, What::Column(_)) {
            return Err(wrong(of.at, "expected a column's name"));
        }
        tokens.expect(')')?;
        return Ok(Tree::Missing(of));
    }
    let within = tokens.peek() == Some(&TokenKind::Within);
    if within || tokens.peek() == Some(&TokenKind::Word("in".to_owned())) {
        tokens.skip();
        return among(tokens, left);
    }
    let Some(relation) = relation(tokens)? else {
        return Err(tokens.expected("a comparison such as `== 1` or `in (1, 2)`"));
    };
    Ok(Tree::Compare(relation, left, operand(tokens)?))
}

/// What follows `x in`: `(1, 2)`, or R's `c(1, 2)`.
fn among(tokens: &mut Tokens, of: Operand) -> Result<Tree> {
    if !matches!(of.what, What::Column(_)) {
        return Err(wrong(of.at, "before `in` stands a column's name"));
    }
    if tokens.peek() == Some(&TokenKind::Word("c".to_owned())) {
        tokens.skip();
    }
    tokens.expect('(')?;
    let mut values = Vec::new();
    loop {
        let value = operand(tokens)?;
        if let What::Column(name) = &value.what {
            return Err(wrong(
                value.at,
                format!("expected a number or a text between quotes, found `{name}`"),
            ));
        }
        values.push(value);
        if !tokens.take(',') {
            tokens.expect(')')?;
            return Ok(Tree::Among(of, values));
        }
    }
}

fn relation(tokens: &mut Tokens) -> Result<Option<Relation>> {
    let at = tokens.at();
    let Some(TokenKind::Symbol(sign)) = tokens.peek().cloned() else {
        return Ok(None);
    };
    if !['=', '!', '<', '>'].contains(&sign) {
        return Ok(None);
    }
    tokens.skip();
    let equal = tokens.take('=');
    Ok(Some(match (sign, equal) {
        ('=', _) => Relation::Equal,
        ('<', false) => Relation::Less,
        ('<', true) => Relation::AtMost,
        ('>', false) => Relation::More,
        ('>', true) => Relation::AtLeast,
        (_, true) => Relation::Different,
        (_, false) => return Err(wrong(at, "expected `!=`, found `!`")),
    }))
}

fn operand(tokens: &mut Tokens) -> Result<Operand> {
    let at = tokens.at();
    let negative = tokens.take('-');
    let what = match tokens.peek().cloned() {
        Some(TokenKind::Number(text)) => {
            let number: f64 = text.parse().map_err(|_| wrong(at, begins_with_digit(&text)))?;
            if negative {
                What::Number(-number, format!("-{text}"))
            } else {
                What::Number(number, text)
            }
        }
        Some(TokenKind::Quoted(text)) if !negative => What::Text(text),
        Some(TokenKind::Word(name) | TokenKind::Name(name)) if !negative => What::Column(name),
        _ if negative => return Err(tokens.expected("a number")),
        _ => return Err(tokens.expected("a column's name, a number or a text between quotes")),
    };
    tokens.skip();
    Ok(Operand { at, what })
}

/// A condition on a table's columns.
enum Test<'t> {
    All(Vec<Test<'t>>),
    Any(Vec<Test<'t>>),
    Not(Box<Test<'t>>),
    Numbers(Relation, &'t [f64], Side<'t>),
    /// Which levels of a column it is true for.
    Levels(&'t Text, Vec<bool>),
    Texts(Relation, &'t Text, &'t Text),
    Among(&'t [f64], Vec<f64>),
    Missing(&'t Column),
}

/// What numbers are compared with.
enum Side<'t> {
    Number(f64),
    Numbers(&'t [f64]),
}

impl<'t> Test<'t> {
    fn of(tree: &Tree, table: &'t Table) -> Result<Self> {
        let each = |parts: &[Tree]| -> Result<Vec<Test<'t>>> {
            parts.iter().map(|part| Test::of(part, table)).collect()
        };
        Ok(match tree {
            Tree::All(parts) => Test::All(each(parts)?),
            Tree::Any(parts) => Test::Any(each(parts)?),
            Tree::Not(of) => Test::Not(Box::new(Test::of(of, table)?)),
            Tree::Compare(relation, left, right) => Test::comparison(*relation, left, right, table)?,
            Tree::Among(of, values) => Test::among(of, values, table)?,
            Tree::Missing(of) => Test::Missing(table.column(of.name())?),
        })
    }

    fn comparison(relation: Relation, left: &Operand, right: &Operand, table: &'t Table) -> Result<Self> {
        match (&left.what, &right.what) {
            (What::Column(a), What::Column(b)) => match (table.column(a)?, table.column(b)?) {
                (Column::Number(a), Column::Number(b)) => Ok(Test::Numbers(relation, a, Side::Numbers(b))),
                (Column::Text(x), Column::Text(y)) => {
                    if relation.orders() {
                        check_dates(a, x, left.at)?;
                        check_dates(b, y, right.at)?;
                    }
                    Ok(Test::Texts(relation, x, y))
                }
                (Column::Number(_), Column::Text(_)) => Err(problem(
                    left.at,
                    format!("`{a}` has numbers and `{b}` text: they do not compare"),
                )),
                (Column::Text(_), Column::Number(_)) => Err(problem(
                    left.at,
                    format!("`{a}` has text and `{b}` numbers: they do not compare"),
                )),
            },
            (What::Column(_), _) => Test::with_value(relation, left, right, table),
            (_, What::Column(_)) => Test::with_value(relation.turned(), right, left, table),
            _ => Err(problem(
                left.at,
                "a comparison has a column on one side at least; a name with blanks or signs stands between backticks",
            )),
        }
    }

    /// A column and a number or a text.
    fn with_value(relation: Relation, column: &Operand, value: &Operand, table: &'t Table) -> Result<Self> {
        match table.column(column.name())? {
            Column::Number(values) => {
                let number = value.number(column.name(), values)?;
                Ok(Test::Numbers(relation, values, Side::Number(number)))
            }
            Column::Text(text) => {
                let wanted = value.text();
                if relation.orders() {
                    check_dates(column.name(), text, column.at)?;
                    if !is_date(wanted) {
                        return Err(problem(
                            value.at,
                            format!(
                                "`{}` has dates: compare it with one such as '1990-01-31'",
                                column.name()
                            ),
                        ));
                    }
                } else {
                    value.check_level(column.name(), text)?;
                }
                let levels = text.levels().iter();
                let wanted = wanted.to_owned();
                Ok(Test::Levels(
                    text,
                    levels.map(|level| relation.holds(level, &wanted)).collect(),
                ))
            }
        }
    }

    fn among(of: &Operand, values: &[Operand], table: &'t Table) -> Result<Self> {
        match table.column(of.name())? {
            Column::Number(numbers) => {
                let number = |value: &Operand| value.number(of.name(), numbers);
                let mut wanted: Vec<f64> = values.iter().map(number).collect::<Result<_>>()?;
                wanted.sort_unstable_by(f64::total_cmp);
                Ok(Test::Among(numbers, wanted))
            }
            Column::Text(text) => {
                for value in values {
                    value.check_level(of.name(), text)?;
                }
                let mut wanted: Vec<&str> = values.iter().map(Operand::text).collect();
                wanted.sort_unstable();
                let among = |level: &String| wanted.binary_search(&level.as_str()).is_ok();
                Ok(Test::Levels(text, text.levels().iter().map(among).collect()))
            }
        }
    }

    /// Whether it is true for a row; `None` where a missing value decides.
    fn holds(&self, row: usize) -> Option<bool> {
        match self {
            Test::All(parts) => joined(parts, row, false),
            Test::Any(parts) => joined(parts, row, true),
            Test::Not(of) => of.holds(row).map(|truth| !truth),
            Test::Numbers(relation, left, right) => {
                let left = present(left[row])?;
                let right = match right {
                    Side::Number(number) => *number,
                    Side::Numbers(numbers) => present(numbers[row])?,
                };
                Some(relation.holds(&left, &right))
            }
            Test::Levels(text, truth) => Some(truth[text.code(row)? as usize]),
            Test::Texts(relation, left, right) => Some(relation.holds(&left.get(row)?, &right.get(row)?)),
            Test::Among(values, wanted) => {
                let value = present(values[row])?;
                // Zero has two signs.
                let value = if value == 0.0 { 0.0 } else { value };
                Some(wanted.binary_search_by(|one| one.total_cmp(&value)).is_ok())
            }
            Test::Missing(column) => Some(column.is_missing(row)),
        }
    }
}

/// Whether any part is `decisive`, or else all are known.
fn joined(parts: &[Test<'_>], row: usize, decisive: bool) -> Option<bool> {
    let mut known = true;
    for part in parts {
        match part.holds(row) {
            Some(truth) if truth == decisive => return Some(decisive),
            Some(_) => {}
            None => known = false,
        }
    }
    known.then_some(!decisive)
}

fn present(value: f64) -> Option<f64> {
    (!value.is_nan()).then_some(value)
}

impl Operand {
    fn name(&self) -> &str {
        match &self.what {
            What::Column(name) | What::Text(name) | What::Number(_, name) => name,
        }
    }

    /// As it is written.
    fn text(&self) -> &str {
        self.name()
    }

    /// The number that a column of numbers is compared with.
    fn number(&self, column: &str, values: &[f64]) -> Result<f64> {
        let number = match &self.what {
            What::Number(number, _) => Some(*number),
            What::Text(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
            What::Column(_) => None,
        };
        // Zero has two signs.
        let number = number.map(|number| if number == 0.0 { 0.0 } else { number });
        number.ok_or_else(|| {
            let example = values.iter().find(|value| !value.is_nan());
            let example = example
                .map(|value| format!(", such as {value}"))
                .unwrap_or_default();
            problem(
                self.at,
                format!("`{column}` has numbers{example}; `{}` is none", self.text()),
            )
        })
    }

    /// Refuses a text that a column does not have: a slip would leave out all rows, or none.
    fn check_level(&self, column: &str, text: &Text) -> Result<()> {
        if text.levels().iter().any(|level| level == self.text()) {
            return Ok(());
        }
        Err(problem(
            self.at,
            format!(
                "`{column}` has no level `{}`; there are {}",
                self.text(),
                listed(text.levels())
            ),
        ))
    }
}

/// Whether a text begins as a date written year first does: such are in order.
fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() > 5 && bytes[..4].iter().all(u8::is_ascii_digit) && bytes[4] == b'-'
}

fn check_dates(column: &str, text: &Text, at: usize) -> Result<()> {
    match text.levels().iter().find(|level| !is_date(level)) {
        None => Ok(()),
        Some(level) => Err(problem(
            at,
            format!(
                "`{column}` is text, such as `{level}`: `==`, `!=` and `in (...)` compare text, `<` and `>` only dates such as 1990-01-31"
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new();
        let mut insert = |name: &str, column| table.insert(name, column).unwrap();
        insert(
            "year",
            Column::number([1980.0, 1990.0, f64::NAN, 2000.0, 1990.0, 1970.0]),
        );
        insert(
            "other",
            Column::number([1981.0, 1990.0, 1.0, 1999.0, f64::NAN, 0.0]),
        );
        insert(
            "region",
            Column::text_or_missing([Some("x"), Some("y"), Some("y"), None, Some("z"), Some("don't")]),
        );
        insert("code", Column::text(["01", "1", "-1", "2", "01", "1"]));
        insert(
            "day",
            Column::text([
                "1980-01-31",
                "1990-02-01",
                "1989-12-31",
                "2000-01-01",
                "1990-02-01",
                "1970-01-01",
            ]),
        );
        insert("2nd round", Column::number([0.0, 1.0, 0.0, -0.0, 1.0, -99.0]));
        table
    }

    fn rows(text: &str) -> Vec<usize> {
        Condition::parse(text).unwrap().select(&table()).unwrap().rows
    }

    fn message(text: &str) -> String {
        let selected = Condition::parse(text).and_then(|condition| condition.select(&table()));
        selected.unwrap_err().to_string()
    }

    #[test]
    fn rows_are_chosen() {
        for (text, expected) in [
            ("year >= 1990", &[1, 3, 4][..]),
            ("year >= 1990 & region != 'x'", &[1, 4]),
            ("1990 < year", &[3]),
            ("year = 1990", &[1, 4]),
            ("year == '1990'", &[1, 4]),
            ("year < other", &[0]),
            ("year <= other", &[0, 1]),
            ("year in (1980, 2000)", &[0, 3]),
            ("year %in% c(1980, 2000)", &[0, 3]),
            ("region in (\"x\", 'z')", &[0, 4]),
            ("region == \"don't\"", &[5]),
            ("code == 01", &[0, 4]),
            ("code == -1", &[2]),
            ("code in (1, 2)", &[1, 3, 5]),
            ("day >= '1990-01-01'", &[1, 3, 4]),
            ("`2nd round` == 0", &[0, 2, 3]),
            ("`2nd round` in (-0, 7)", &[0, 2, 3]),
            ("`2nd round` > -99", &[0, 1, 2, 3, 4]),
            ("missing(year) | is.na(region)", &[2, 3]),
            ("!missing(year) && !missing(other) || code == 2", &[0, 1, 3, 5]),
            ("!(year > 1985)", &[0, 5]),
            ("!year > 1985", &[0, 5]),
            ("region == 'y' | year == 2000 & code == '2'", &[1, 2, 3]),
            ("(region == 'y' | year == 2000) & code == '2'", &[3]),
            ("1.5e3<year", &[0, 1, 3, 4, 5]),
        ] {
            assert_eq!(rows(text), expected, "{text}");
        }
    }

    /// A row is chosen where the condition is true, whatever is missing: true or unknown is true, false and unknown is false.
    #[test]
    fn what_is_missing_is_neither_true_nor_false() {
        let select = |text: &str| Condition::parse(text).unwrap().select(&table()).unwrap();
        let either = select("year > 1985 | region == 'y'");
        assert_eq!(either.rows, [1, 2, 3, 4]);
        assert!(either.unknown.is_empty());
        let both = select("!(year > 1985 & region == 'y')");
        assert_eq!(both.rows, [0, 4, 5]);
        assert_eq!(both.unknown, [("year".to_owned(), 1), ("region".to_owned(), 1)]);
        // Rows that are left out anyway are not unknown.
        assert_eq!(select("year > 1985 & code == 1").unknown, []);
    }

    #[test]
    fn slips_are_told_with_their_place() {
        for (text, expected) in [
            ("", "condition, character 1: expected a column's name"),
            ("year", "character 5: expected a comparison such as"),
            ("year >", "character 7: expected a column's name, a number"),
            (
                "year > 1990 region",
                "character 13: expected `&`, `|` or the end, found `region`",
            ),
            ("year > 1 AND other > 1", "character 10: `AND` is written `&`"),
            ("year > 1, other > 1", "write `&` where both are to hold"),
            (
                "1 < year < 3",
                "character 10: one comparison cannot follow another",
            ),
            ("years > 1", "character 1: no column `years`; there are `year`"),
            ("region == x", "character 11: no column `x`; there are"),
            ("region == x", "a text stands between quotes, 'x'"),
            ("year == NA", "`missing(x)` asks whether `x` is missing"),
            (
                "region == 'X'",
                "character 11: `region` has no level `X`; there are `don't`, `x`, `y`, `z`",
            ),
            ("region in ('x', 'Y')", "character 17: `region` has no level `Y`"),
            ("region > 'x'", "`region` is text, such as `don't`"),
            ("day > 1990", "`day` has dates"),
            (
                "year == 'x'",
                "character 9: `year` has numbers, such as 1980; `x` is none",
            ),
            ("year == region", "`year` has numbers and `region` text"),
            ("year in (1990", "expected `)`, found the end"),
            ("year in (other)", "expected a number or a text"),
            ("1 == 1", "a column on one side"),
            ("log(year) > 1", "`missing(x)` is the only function"),
            ("year ! 3", "expected `!=`"),
            ("year == 2nd", "begins with a digit"),
            ("region == 'x", "' is never closed"),
            ("year > 3000", "is true in none of the 6 rows"),
            ("year + 1 > 3", "expected a comparison"),
            ("year > -region", "expected a number"),
        ] {
            let message = message(text);
            assert!(message.contains(expected), "{text}: {message}");
        }
        let nested = format!("{}year > 1{}", "(".repeat(10_000), ")".repeat(10_000));
        assert!(message(&nested).contains("too many nested parentheses"));
        let long = format!("year > 1{}", " & year > 1".repeat(10_000));
        assert!(message(&long).contains("operations"));
        assert!(message(&"!".repeat(10_000)).contains("too many"));
    }

    #[test]
    fn columns_are_named_once() {
        let condition = Condition::parse("year > 1 & (other < year | missing(`2nd round`))").unwrap();
        assert_eq!(condition.columns(), ["year", "other", "2nd round"]);
    }
}
