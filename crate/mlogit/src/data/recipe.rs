//! How each column of a design matrix is made from the variables of a frame.

use crate::data::formula::Term;
use crate::data::frame::{Frame, Values};
use crate::error::{Error, Result};

/// More columns than a model of a table a person can bring has; beyond it a variable is categorical by mistake.
const MOST_COLUMNS: usize = 2_000;

/// One factor of a column: a variable's value, whether a variable has a level, or a function of variables, by their
/// positions in the frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece {
    Number { variable: usize },
    Level { variable: usize, level: u32 },
    Function { function: usize },
}

impl Piece {
    /// Whether a variable has a part in it.
    pub(crate) fn involves(self, frame: &Frame, variable: usize) -> bool {
        match self {
            Piece::Number { variable: own } | Piece::Level { variable: own, .. } => own == variable,
            Piece::Function { function } => frame.functions[function].variables.contains(&variable),
        }
    }
}

/// A column of the design matrix: the product of its pieces; the intercept has none.
#[derive(Debug, Clone)]
pub(crate) struct Recipe {
    pub(crate) name: String,
    pub(crate) pieces: Vec<Piece>,
    /// Position of its term in the formula; the intercept has none.
    pub(crate) term: Option<usize>,
    /// Mean and scale taken out of the stored column: stored = (value - mean) / scale.
    pub(crate) mean: f64,
    pub(crate) scale: f64,
}

impl Recipe {
    fn new(name: String, pieces: Vec<Piece>, term: Option<usize>) -> Self {
        Recipe {
            name,
            pieces,
            term,
            mean: 0.0,
            scale: 1.0,
        }
    }
}

/// The columns of a formula on a frame.
#[inline(never)]
pub(crate) fn recipes(frame: &Frame) -> Result<Vec<Recipe>> {
    let mut recipes = Vec::new();
    if frame.formula.has_intercept() {
        recipes.push(Recipe::new("(Intercept)".to_owned(), Vec::new(), None));
    }
    let complete = completed(frame);
    for (at, term) in frame.formula.terms().iter().enumerate() {
        let mut products: Vec<(Vec<String>, Vec<Piece>)> = vec![(Vec::new(), Vec::new())];
        for position in 0..term.len() {
            let every_level = complete == Some((at, position));
            let pieces = pieces(frame, term, position, every_level);
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
        recipes.extend(columns.map(|(names, pieces)| Recipe::new(names.join(":"), pieces, Some(at))));
    }
    Ok(recipes)
}

/// Without an intercept, the first categorical variable of the first term that has one gives a column for every level,
/// as in R: the term and the position in it.
fn completed(frame: &Frame) -> Option<(usize, usize)> {
    if frame.formula.has_intercept() {
        return None;
    }
    let categorical = |name: &str| {
        let mut variables = frame.variables.iter();
        variables.any(|known| known.name == name && matches!(known.values, Values::Category(_)))
    };
    let terms = frame.formula.terms().iter().enumerate();
    let first = |(at, term): (usize, &Term)| {
        let position = term.iter().position(|factor| categorical(&factor.name));
        position.map(|position| (at, position))
    };
    terms.filter_map(first).next()
}

/// Whether the columns of the design hold the constant: as its intercept, or as all levels of a main effect.
pub(crate) fn has_constant(frame: &Frame) -> bool {
    let main_effect = |(at, _): (usize, usize)| frame.formula.terms()[at].len() == 1;
    frame.formula.has_intercept() || completed(frame).is_some_and(main_effect)
}

/// What the factor at `position` of a term adds to its columns, with names: its number, its functions' numbers or its
/// levels. The base level is left out where the model has the term without the factor, unless `every_level` is asked for.
fn pieces(frame: &Frame, term: &Term, position: usize, every_level: bool) -> Vec<(String, Piece)> {
    let name = term[position].name.as_str();
    let functions = frame.functions.iter().enumerate();
    let made: Vec<(String, Piece)> = functions
        .filter(|(_, made)| made.factor == name)
        .map(|(function, made)| (made.name.clone(), Piece::Function { function }))
        .collect();
    if !made.is_empty() {
        return made;
    }
    let known = frame.variables.iter().position(|known| known.name == name);
    let variable = known.unwrap_or_default();
    match &frame.variables[variable].values {
        Values::Number(_) => vec![(name.to_owned(), Piece::Number { variable })],
        Values::Category(category) => {
            let skips = !every_level && has_margin(frame.formula.terms(), term, position);
            let skipped = skips.then_some(category.base);
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
/// intercept is the margin of a main effect, and counts as there where it is left out.
fn has_margin(terms: &[Term], term: &Term, position: usize) -> bool {
    let rest: Vec<&str> = term
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != position)
        .map(|(_, factor)| factor.name.as_str())
        .collect();
    rest.is_empty()
        || terms.iter().any(|other| {
            other.len() == rest.len() && other.iter().all(|factor| rest.contains(&factor.name.as_str()))
        })
}
