//! How each column of a design matrix is made from the variables of a frame.

use crate::data::formula::Term;
use crate::data::frame::{Frame, Values};
use crate::error::{Error, Result};

/// More columns than a model of a table a person can bring has; beyond it a variable is categorical by mistake.
const MOST_COLUMNS: usize = 2_000;

/// One factor of a column: a variable's value, or whether a variable has a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece {
    Number { variable: usize },
    Level { variable: usize, level: u32 },
}

impl Piece {
    pub(crate) fn variable(self) -> usize {
        match self {
            Piece::Number { variable } | Piece::Level { variable, .. } => variable,
        }
    }
}

/// A column of the design matrix: the product of its pieces; the intercept has none.
#[derive(Debug, Clone)]
pub(crate) struct Recipe {
    pub(crate) name: String,
    pub(crate) pieces: Vec<Piece>,
    /// Mean and scale taken out of the stored column: stored = (value - mean) / scale.
    pub(crate) mean: f64,
    pub(crate) scale: f64,
}

impl Recipe {
    fn new(name: String, pieces: Vec<Piece>) -> Self {
        Recipe {
            name,
            pieces,
            mean: 0.0,
            scale: 1.0,
        }
    }
}

/// The columns of a formula on a frame.
#[inline(never)]
pub(crate) fn recipes(frame: &Frame) -> Result<Vec<Recipe>> {
    let mut recipes = vec![Recipe::new("(Intercept)".to_owned(), Vec::new())];
    for term in frame.formula.terms() {
        let mut products: Vec<(Vec<String>, Vec<Piece>)> = vec![(Vec::new(), Vec::new())];
        for position in 0..term.len() {
            let pieces = pieces(frame, term, position);
            let found = products.len() * pieces.len() + recipes.len();
            if found > MOST_COLUMNS {
                return Err(Error::TooManyColumns {
                    found,
                    most: MOST_COLUMNS,
                });
            }
            // The first variable's levels vary fastest, as in R.
            products = pieces
                .iter()
                .flat_map(|(name, piece)| {
                    products.iter().map(move |(names, product)| {
                        let mut names = names.clone();
                        let mut product = product.clone();
                        names.push(name.clone());
                        product.push(*piece);
                        (names, product)
                    })
                })
                .collect();
        }
        let columns = products.into_iter();
        recipes.extend(columns.map(|(names, pieces)| Recipe::new(names.join(":"), pieces)));
    }
    Ok(recipes)
}

/// What the variable at `position` of a term adds to its columns, with names: its number or its levels. The base level is
/// left out where the model has the term without the variable.
fn pieces(frame: &Frame, term: &Term, position: usize) -> Vec<(String, Piece)> {
    let name = term[position].variable.as_str();
    let known = frame.variables.iter().position(|known| known.name == name);
    let variable = known.unwrap_or_default();
    match &frame.variables[variable].values {
        Values::Number(_) => vec![(name.to_owned(), Piece::Number { variable })],
        Values::Category(category) => {
            let skipped = has_margin(frame.formula.terms(), term, position).then_some(category.base);
            let levels = category.levels.iter().enumerate();
            levels
                .filter(|(level, _)| Some(*level) != skipped)
                .map(|(level, label)| {
                    let level = level as u32;
                    (format!("{name}[{label}]"), Piece::Level { variable, level })
                })
                .collect()
        }
    }
}

/// Whether the model has the term that is left when the variable at `position` is taken out of `term`. The
/// intercept is the margin of a main effect.
fn has_margin(terms: &[Term], term: &Term, position: usize) -> bool {
    let rest: Vec<&str> = term
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != position)
        .map(|(_, f)| f.variable.as_str())
        .collect();
    rest.is_empty()
        || terms.iter().any(|other| {
            other.len() == rest.len()
                && other
                    .iter()
                    .all(|factor| rest.contains(&factor.variable.as_str()))
        })
}
