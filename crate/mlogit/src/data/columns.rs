//! What the columns of a design are made of, for those who write the same model in another language.

use crate::data::basis::BasisKind;
use crate::data::design::Design;
use crate::data::expression::Expression;
use crate::data::formula::{Formula, Reading};
use crate::data::frame::{Frame, Values};
use crate::data::recipe::{Piece, Recipe, recipes};
use crate::error::Result;

/// A column of a formula's design matrix: the product of its parts; the intercept has none.
#[derive(Debug, Clone, PartialEq)]
pub struct DesignColumn {
    /// Its name, which is that of its coefficients.
    pub name: String,
    /// Position of its term in the formula; the intercept has none.
    pub term: Option<usize>,
    /// What is multiplied, in the order of the term's factors.
    pub parts: Vec<Part>,
    /// Whether it is in the design. It is not where it is a product of levels that no row has, or that others determine.
    pub kept: bool,
}

/// One factor of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// A variable's number.
    Number(String),
    /// 1 where a categorical variable has a level, else 0.
    Level {
        /// The variable.
        variable: String,
        /// The level.
        level: String,
    },
    /// One number made of variables.
    Function(Expression),
    /// One of several numbers made of one.
    Basis {
        /// Which numbers are made.
        kind: BasisKind,
        /// Of what.
        of: Expression,
        /// Which of them, from 0.
        column: usize,
    },
}

/// The levels of a categorical variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Levels<'a> {
    /// Those that occur in the rows used, sorted.
    pub all: &'a [String],
    /// The one that the others are compared with.
    pub base: &'a str,
}

impl Design {
    /// All columns that the formula asks for, in its order, those that are left out of the design included.
    ///
    /// # Errors
    /// None for a design that was made: as [`Design::new`].
    pub fn columns(&self) -> Result<Vec<DesignColumn>> {
        let column = |recipe: Recipe| DesignColumn {
            kept: self.recipes.iter().any(|known| known.name == recipe.name),
            parts: recipe
                .pieces
                .iter()
                .map(|piece| part(&self.frame, *piece))
                .collect(),
            name: recipe.name,
            term: recipe.term,
        };
        Ok(recipes(&self.frame)?.into_iter().map(column).collect())
    }
}

impl Frame {
    /// The formula, with the columns that `.` stands for.
    pub fn formula(&self) -> &Formula {
        &self.formula
    }

    /// The levels of a categorical variable; `None` of one of numbers.
    ///
    /// # Errors
    /// [`crate::Error::UnknownVariable`].
    pub fn levels(&self, variable: &str) -> Result<Option<Levels<'_>>> {
        match &self.variables[self.position(variable)?].values {
            Values::Number(_) => Ok(None),
            Values::Category(category) => Ok(Some(Levels {
                all: &category.levels,
                base: &category.levels[category.base],
            })),
        }
    }
}

fn part(frame: &Frame, piece: Piece) -> Part {
    match piece {
        Piece::Number { variable } => Part::Number(frame.variables[variable].name.clone()),
        Piece::Level { variable, level } => {
            let name = frame.variables[variable].name.clone();
            let level = match &frame.variables[variable].values {
                Values::Category(category) => category.levels.get(level as usize).cloned(),
                Values::Number(_) => None,
            };
            Part::Level {
                variable: name,
                level: level.unwrap_or_default(),
            }
        }
        Piece::Function { function } => {
            let made = &frame.functions[function];
            let factors = frame.formula.terms().iter().flatten();
            let reading = factors
                .filter(|factor| factor.name == made.factor)
                .map(|factor| &factor.reading)
                .next();
            let siblings = frame.functions[..function].iter();
            let column = siblings.filter(|other| other.factor == made.factor).count();
            match reading {
                Some(Reading::Basis(kind, of)) => Part::Basis {
                    kind: *kind,
                    of: of.clone(),
                    column,
                },
                Some(Reading::Function(of)) => Part::Function(of.clone()),
                _ => Part::Number(made.factor.clone()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::table::{Column, Table};

    #[test]
    fn columns_say_what_they_are_made_of() {
        let mut table = Table::new();
        let outcomes = ["a", "b", "a", "b", "a", "b", "a", "a", "b", "b"];
        table.insert("y", Column::text(outcomes)).unwrap();
        let x = [1.0, 2.0, 4.0, 3.0, 5.5, 2.5, 7.0, 1.5, 6.0, 3.5];
        table.insert("x", Column::number(x)).unwrap();
        let g = ["u", "v", "u", "u", "v", "v", "u", "v", "u", "v"];
        table.insert("g", Column::text(g)).unwrap();
        let formula = Formula::parse("y ~ C(g, base = v) + poly(x, 2) + g:log(x) - g").unwrap_err();
        assert!(formula.to_string().contains("two ways"));
        let formula = Formula::parse("y ~ C(g, base = v) * poly(x, 2)").unwrap();
        let design = Frame::new(&table, &formula).unwrap().design().unwrap();
        let columns = design.columns().unwrap();
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, design.terms().collect::<Vec<_>>());
        assert_eq!(columns[0].parts, []);
        let last = columns.last().unwrap();
        assert_eq!(last.name, "g[u]:poly(x, 2)2");
        assert_eq!(
            last.parts,
            [
                Part::Level {
                    variable: "g".to_owned(),
                    level: "u".to_owned()
                },
                Part::Basis {
                    kind: BasisKind::Orthogonal(2),
                    of: Expression::Column("x".to_owned()),
                    column: 1
                }
            ]
        );
        assert_eq!(design.frame().levels("g").unwrap().unwrap().base, "v");
        assert_eq!(design.frame().levels("x").unwrap(), None);
    }

    #[test]
    fn products_that_no_row_has_are_said_to_be_left_out() {
        let mut table = Table::new();
        let outcomes = ["a", "b", "a", "b", "b", "a", "a", "b", "b", "a"];
        table.insert("y", Column::text(outcomes)).unwrap();
        let g = ["u", "u", "u", "u", "u", "u", "v", "v", "v", "v"];
        let h = ["p", "p", "q", "q", "q", "p", "p", "p", "p", "p"];
        table.insert("g", Column::text(g)).unwrap();
        table.insert("h", Column::text(h)).unwrap();
        let formula = Formula::parse("y ~ g * h").unwrap();
        let design = Frame::new(&table, &formula).unwrap().design().unwrap();
        let left: Vec<String> = design
            .columns()
            .unwrap()
            .into_iter()
            .filter(|column| !column.kept)
            .map(|column| column.name)
            .collect();
        assert_eq!(left, ["g[v]:h[q]"]);
    }
}
