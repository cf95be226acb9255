//! The design matrix: named columns made from a frame.

use crate::arithmetic::kernel::blocks;
use crate::arithmetic::sample::{Power, Sample};
use crate::data::frame::{Frame, Note, Values};
use crate::data::rank;
use crate::data::recipe::{Piece, Recipe, recipes};
use crate::error::{Error, Result};

/// The design matrix of a model: one named column per coefficient of an equation, the intercept first.
///
/// Columns are stored centred and scaled to unit variance (the intercept as ones), so that the fit does not
/// depend on the units or the origin of the variables; coefficients are reported in the units of the data.
#[derive(Debug, Clone)]
pub struct Design {
    pub(crate) frame: Frame,
    pub(crate) recipes: Vec<Recipe>,
    /// The columns block by block, with the outcomes and weights of the rows.
    pub(crate) sample: Sample,
    /// Weighted inner products of the stored columns, by rows.
    pub(crate) gram: Vec<f64>,
}

impl Design {
    /// Makes the design matrix of a frame and checks that its columns are linearly independent.
    ///
    /// A categorical variable gives a column for each level but its base (treatment coding); where the term
    /// without the variable is not in the model, it gives a column for every level, as in R. Products of levels that no
    /// row has are left out, with a warning.
    ///
    /// # Errors
    /// [`Error::TooManyColumns`], [`Error::TooFewRows`], [`Error::Constant`], [`Error::Collinear`].
    pub fn new(mut frame: Frame) -> Result<Self> {
        let mut recipes = recipes(&frame)?;
        let mut notes = Vec::new();
        recipes.retain(|recipe| {
            let there = occurs(&frame, &recipe.pieces);
            if !there {
                notes.push(Note::EmptyCell {
                    term: recipe.name.clone(),
                });
            }
            there
        });
        let (sample, gram) = loop {
            match columns(&frame, &mut recipes) {
                Err(Error::Collinear { term, others }) if from_empty_cells(&recipes, &term, &others) => {
                    recipes.retain(|recipe| recipe.name != term);
                    notes.push(Note::Determined { term, others });
                }
                result => break result?,
            }
        };
        frame.notes.extend(notes);
        Ok(Design {
            frame,
            recipes,
            sample,
            gram,
        })
    }

    /// Whether the first column is the intercept.
    pub(crate) fn has_intercept(&self) -> bool {
        self.frame.formula.has_intercept()
    }

    /// The columns but the intercept, with their positions.
    pub(crate) fn slopes(&self) -> impl Iterator<Item = (usize, &Recipe)> {
        self.recipes
            .iter()
            .enumerate()
            .skip(usize::from(self.has_intercept()))
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.frame.rows()
    }

    /// Names of the columns: `(Intercept)`, `a`, `a:b`, `x[level]`.
    pub fn terms(&self) -> impl Iterator<Item = &str> {
        self.recipes.iter().map(|recipe| recipe.name.as_str())
    }

    /// The frame it was made from.
    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    /// Levels of the outcome, sorted.
    pub fn outcomes(&self) -> &[String] {
        &self.frame.outcome.levels
    }

    /// The base outcome.
    pub fn base(&self) -> &str {
        &self.frame.outcome.levels[self.frame.outcome.base]
    }

    /// The same design with other weights; the columns stay as they are.
    pub(crate) fn with_weights(&self, weights: &[f64]) -> Result<Self> {
        let mut design = self.clone();
        design.frame.fractional_weights = weights.iter().any(|weight| weight.fract() != 0.0);
        design.frame.weights = weights.to_vec();
        design.sample.set_weights(weights);
        design.gram = rank::check(&design.recipes, &design.sample)?;
        Ok(design)
    }

    /// The same design with the values of a variable dealt out anew: row `i` gets what row `from[i]` had. Only the columns
    /// that the variable is part of are made again. Randomization tests fit it in place of the design as it is.
    ///
    /// # Errors
    /// [`Error::UnknownVariable`]; [`Error::Value`] where `from` does not name one row for each;
    /// [`Error::Constant`] and [`Error::Collinear`] where rows may be drawn twice and what is left does not vary, or not by
    /// itself.
    pub fn rearranged(&self, variable: &str, from: &[usize]) -> Result<Self> {
        let rows = self.rows();
        let position = self.frame.position(variable)?;
        if from.len() != rows || from.iter().any(|row| *row >= rows) {
            return Err(Error::Value {
                variable: variable.to_owned(),
                value: format!("dealt out by {} positions", from.len()),
                problem: format!("each of the {rows} rows needs the position of one of them"),
            });
        }
        let mut design = self.clone();
        match &mut design.frame.variables[position].values {
            Values::Number(values) => *values = from.iter().map(|row| values[*row]).collect(),
            Values::Category(category) => {
                category.codes = from.iter().map(|row| category.codes[*row]).collect();
            }
        }
        let filling = Filling::of(&design.frame, &design.sample);
        for column in self.involving(&[position]) {
            filling.fill(&mut design.recipes[column], &mut design.sample, column)?;
        }
        design.gram = rank::check(&design.recipes, &design.sample)?;
        Ok(design)
    }

    /// The stored column `k`, standardised.
    pub(crate) fn column(&self, k: usize) -> Vec<f64> {
        let blocks = self.sample.column(k).zip(blocks(self.rows()));
        blocks
            .flat_map(|(strip, (_, rows))| strip[..rows].iter().copied())
            .collect()
    }

    /// The stored value of column `k` in a row, standardised.
    #[cfg(test)]
    pub(crate) fn value(&self, row: usize, k: usize) -> f64 {
        use crate::arithmetic::kernel::BLOCK;
        self.sample.block(row / BLOCK)[k][row % BLOCK]
    }

    /// Number of rows counting weights.
    pub(crate) fn total_weight(&self) -> f64 {
        self.sample.total_weight()
    }

    /// Observations of each outcome: the sums of the weights of their rows.
    pub(crate) fn counts(&self) -> Vec<f64> {
        let mut counts = vec![0.0; self.outcomes().len()];
        for (row, &code) in self.frame.outcome.codes.iter().enumerate() {
            counts[code as usize] += self.weight(row);
        }
        counts
    }

    pub(crate) fn weight(&self, row: usize) -> f64 {
        self.frame.weights.get(row).copied().unwrap_or(1.0)
    }

    /// Each coefficient's outcome, term and position.
    pub(crate) fn positions(&self) -> impl Iterator<Item = (&str, &str, usize)> {
        let outcomes = self.outcomes().iter().enumerate();
        let others = outcomes.filter(|(outcome, _)| *outcome != self.frame.outcome.base);
        let columns = self.recipes.len();
        others.enumerate().flat_map(move |(j, (_, outcome))| {
            let terms = self.terms().enumerate();
            terms.map(move |(k, term)| (outcome.as_str(), term, j * columns + k))
        })
    }

    /// Position of a coefficient.
    pub(crate) fn position(&self, (outcome, term): (&str, &str)) -> Result<usize> {
        self.positions()
            .find(|known| known.0 == outcome && known.1 == term)
            .map(|known| known.2)
            .ok_or_else(|| Error::UnknownCoefficient {
                outcome: outcome.to_owned(),
                term: term.to_owned(),
            })
    }

    /// Positions of the columns of a term of the formula.
    pub(crate) fn columns_of_term(&self, position: usize) -> impl Iterator<Item = usize> {
        (0..self.recipes.len()).filter(move |k| self.recipes[*k].term == Some(position))
    }

    /// Positions of the columns that involve one of `variables`.
    pub(crate) fn involving(&self, variables: &[usize]) -> Vec<usize> {
        let involves = |k: &usize| {
            let pieces = &self.recipes[*k].pieces;
            let with = |variable: &usize| pieces.iter().any(|piece| piece.involves(&self.frame, *variable));
            variables.iter().any(with)
        };
        (0..self.recipes.len()).filter(involves).collect()
    }
}

impl Frame {
    /// The design matrix of the frame.
    ///
    /// # Errors
    /// As [`Design::new`].
    pub fn design(self) -> Result<Design> {
        Design::new(self)
    }
}

/// The columns of a frame, standardised, and their Gram matrix.
fn columns(frame: &Frame, recipes: &mut [Recipe]) -> Result<(Sample, Vec<f64>)> {
    let rows = frame.rows();
    let equations = frame.outcome.levels.len() - 1;
    let parameters = recipes.len() * equations;
    if rows < parameters {
        return Err(Error::TooFewRows {
            rows,
            parameters,
            terms: recipes.len(),
            equations,
        });
    }
    let outcome = &frame.outcome;
    let labelled = outcome.codes.iter().enumerate().map(|(row, &code)| {
        let weight = frame.weights.get(row).copied().unwrap_or(1.0);
        let observed = equation(code as usize, outcome.base).unwrap_or(equations);
        (weight, observed as u32)
    });
    let mut sample = Sample::new(recipes.len(), labelled);
    let filling = Filling::of(frame, &sample);
    for (k, recipe) in recipes.iter_mut().enumerate() {
        filling.fill(recipe, &mut sample, k)?;
    }
    let gram = rank::check(recipes, &sample)?;
    Ok((sample, gram))
}

/// What columns are filled and standardised by.
struct Filling<'a> {
    frame: &'a Frame,
    /// Sum of the rows' weights.
    total: f64,
    /// Without an intercept a column stays where it is: what centring takes out, nothing would give back.
    centred: bool,
}

impl<'a> Filling<'a> {
    fn of(frame: &'a Frame, sample: &Sample) -> Self {
        Filling {
            frame,
            total: sample.total_weight(),
            centred: frame.formula.has_intercept(),
        }
    }

    /// Fills and standardises the column in place `k`.
    #[inline(never)]
    fn fill(&self, recipe: &mut Recipe, sample: &mut Sample, k: usize) -> Result<()> {
        let parts = sample.column_mut(k).zip(blocks(self.frame.rows()));
        for (strip, (from, rows)) in parts {
            multiply_out(self.frame, &recipe.pieces, from, &mut strip[..rows]);
        }
        if recipe.pieces.is_empty() {
            return Ok(());
        }
        // The mean of the differences from the first value: exact for a constant column, and no digits are
        // lost where the values lie far from zero.
        let first = sample.block(0)[k][0];
        if self.centred {
            recipe.mean = first + sample.sum_about(k, first, Power::One) / self.total;
        }
        recipe.scale = (sample.sum_about(k, recipe.mean, Power::Two) / self.total).sqrt();
        let constant = sample
            .column(k)
            .zip(blocks(self.frame.rows()))
            .all(|(strip, (_, rows))| strip[..rows].iter().all(|value| *value == first));
        if constant && (self.centred || first == 0.0) {
            return Err(Error::Constant {
                term: recipe.name.clone(),
                value: first,
            });
        }
        if !recipe.mean.is_finite() || !recipe.scale.is_normal() {
            // Values so large or so close that their squares leave the range of a double.
            return Err(Error::Value {
                variable: recipe.name.clone(),
                value: format!(
                    "of mean {:e} and standard deviation {:e}",
                    recipe.mean, recipe.scale
                ),
                problem: "rescale it".to_owned(),
            });
        }
        for (strip, (_, rows)) in sample.column_mut(k).zip(blocks(self.frame.rows())) {
            for value in &mut strip[..rows] {
                *value = (*value - recipe.mean) / recipe.scale;
            }
        }
        Ok(())
    }
}

/// Position of an outcome's equation; the base outcome has none.
pub(crate) fn equation(outcome: usize, base: usize) -> Option<usize> {
    match outcome.cmp(&base) {
        std::cmp::Ordering::Less => Some(outcome),
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Greater => Some(outcome - 1),
    }
}

/// Whether some row has all the levels of a product; a product without levels or of one alone always occurs.
fn occurs(frame: &Frame, pieces: &[Piece]) -> bool {
    let codes = pieces.iter().filter_map(|piece| match *piece {
        Piece::Level { variable, level } => match &frame.variables[variable].values {
            Values::Category(category) => Some((&category.codes, level)),
            Values::Number(_) => None,
        },
        _ => None,
    });
    let codes: Vec<(&Vec<u32>, u32)> = codes.collect();
    codes.len() < 2 || (0..frame.rows()).any(|row| codes.iter().all(|(codes, level)| codes[row] == *level))
}

/// Whether a column that others determine is a product of levels, and so are they: then some product of the same
/// variables, one that the base levels stand for, occurs in no row.
fn from_empty_cells(recipes: &[Recipe], term: &str, others: &[String]) -> bool {
    let level = |piece: &Piece| matches!(piece, Piece::Level { .. });
    let find = |name: &String| recipes.iter().find(|recipe| recipe.name == *name);
    let Some(product) = recipes.iter().find(|recipe| recipe.name == term) else {
        return false;
    };
    product.pieces.len() > 1
        && product.pieces.iter().all(level)
        && others
            .iter()
            .filter_map(find)
            .all(|recipe| recipe.pieces.iter().all(level))
}

/// Writes the product of `pieces` for the rows after `from`.
#[inline(never)]
fn multiply_out(frame: &Frame, pieces: &[Piece], from: usize, into: &mut [f64]) {
    into.fill(1.0);
    let values = |variable: usize| &frame.variables[variable].values;
    for &piece in pieces {
        match piece {
            Piece::Number { variable } => {
                if let Values::Number(values) = values(variable) {
                    into.iter_mut()
                        .zip(&values[from..])
                        .for_each(|(cell, value)| *cell *= value);
                }
            }
            Piece::Level { variable, level } => {
                if let Values::Category(category) = values(variable) {
                    let there = |code: &u32| f64::from(u8::from(*code == level));
                    into.iter_mut()
                        .zip(&category.codes[from..])
                        .for_each(|(cell, code)| *cell *= there(code));
                }
            }
            Piece::Function { function } => {
                let function = &frame.functions[function].function;
                for (row, cell) in (from..).zip(into.iter_mut()) {
                    *cell *= function.value(&|variable| frame.number_at(variable, row));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::formula::Formula;
    use crate::data::table::{Column, Table};
    use crate::testing::{generated, uniform};

    fn design(text: &str) -> Result<Design> {
        let mut table = Table::new();
        let y = [
            "a", "b", "c", "a", "b", "c", "a", "b", "c", "a", "b", "c", "a", "b", "c", "b",
        ];
        table.insert("y", Column::text(y)).unwrap();
        table
            .insert("x", Column::number((0..16).map(|i| f64::from(i * i % 7) + 1e6)))
            .unwrap();
        table
            .insert("z", Column::number((0..16).map(|i| f64::from(i % 5))))
            .unwrap();
        table
            .insert(
                "g",
                Column::text((0..16).map(|i| ["p", "q", "r"][i * i % 11 % 3])),
            )
            .unwrap();
        table
            .insert(
                "twice",
                Column::number((0..16).map(|i| 3.0 - 2.0 * f64::from(i % 5))),
            )
            .unwrap();
        table.insert("same", Column::number([4.0; 16])).unwrap();
        Frame::new(&table, &Formula::parse(text)?)?.design()
    }

    fn terms(text: &str) -> Vec<String> {
        design(text).unwrap().terms().map(str::to_owned).collect()
    }

    #[test]
    fn columns_are_named_and_coded_as_in_r() {
        assert_eq!(
            terms("y ~ g * z"),
            ["(Intercept)", "g[q]", "g[r]", "z", "g[q]:z", "g[r]:z"]
        );
        assert_eq!(terms("y ~ C(g, base = q)"), ["(Intercept)", "g[p]", "g[r]"]);
        assert_eq!(
            terms("y ~ g:z"),
            ["(Intercept)", "g[p]:z", "g[q]:z", "g[r]:z"],
            "no margin z: every level"
        );
    }

    #[test]
    fn columns_are_standardised_wherever_they_lie() {
        let design = design("y ~ x + z").unwrap();
        for k in [1, 2] {
            let column = design.column(k);
            assert!(column.iter().sum::<f64>().abs() < 1e-9);
            assert!((column.iter().map(|v| v * v).sum::<f64>() / 16.0 - 1.0).abs() < 1e-9);
        }
    }

    /// What is dealt out anew makes the design that a table with those values makes, to the bit.
    #[test]
    fn rearranged_columns_are_those_of_a_rearranged_table() {
        let generated = generated("y ~ x * g + z");
        let design = generated.fit.design();
        let rows = design.rows();
        let mut next = uniform(5);
        let from: Vec<usize> = (0..rows).map(|_| (next() * rows as f64) as usize).collect();
        for variable in ["x", "g"] {
            let mut table = Table::new();
            for name in generated.table.names() {
                let column = generated.table.column(name).unwrap();
                let column = if name == variable {
                    column.select(&from)
                } else {
                    column.clone()
                };
                table.insert(name.clone(), column).unwrap();
            }
            let anew = Frame::new(&table, &Formula::parse("y ~ x * g + z").unwrap()).unwrap();
            let anew = anew.design().unwrap();
            let rearranged = design.rearranged(variable, &from).unwrap();
            for k in 0..anew.recipes.len() {
                assert_eq!(rearranged.column(k), anew.column(k), "{variable}, column {k}");
                assert_eq!(rearranged.recipes[k].mean, anew.recipes[k].mean);
                assert_eq!(rearranged.recipes[k].scale, anew.recipes[k].scale);
            }
            assert_eq!(rearranged.gram, anew.gram);
            let moved = |k: usize| rearranged.column(k) != design.column(k);
            assert!((0..anew.recipes.len()).any(moved));
        }
    }

    #[test]
    fn what_cannot_be_rearranged_is_refused() {
        let design = design("y ~ x + z").unwrap();
        let message =
            |variable: &str, from: &[usize]| design.rearranged(variable, from).unwrap_err().to_string();
        assert!(message("w", &[0; 16]).contains("no variable `w`"));
        assert!(message("x", &[0; 15]).contains("each of the 16 rows"));
        assert!(message("x", &[16; 16]).contains("each of the 16 rows"));
        assert!(message("x", &[3; 16]).contains("`x` is"));
    }

    #[test]
    fn dependent_columns_are_named() {
        let message = |text: &str| design(text).unwrap_err().to_string();
        assert_eq!(
            message("y ~ z + same"),
            "`same` is 4 in every complete row: remove it from the formula"
        );
        assert_eq!(
            message("y ~ x + z + twice"),
            "collinear terms: `twice` is a linear combination of `z`; remove one of them"
        );
        assert!(message("y ~ x * z * g + twice").contains("16 rows cannot determine"));
    }
}
