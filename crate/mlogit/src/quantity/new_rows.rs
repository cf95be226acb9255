//! Probabilities for rows that a fit has not seen.

use crate::data::check::check_finite;
use crate::data::frame::{Frame, Made, Values};
use crate::data::recipe::Piece;
use crate::data::table::{Column, Table};
use crate::error::{Error, Result};
use crate::fit::Fit;
use crate::likelihood::probability::Shape;

impl Fit {
    /// Probabilities of every outcome, in the order of [`crate::Design::outcomes`], for each row of another table
    /// with the model's variables; `None` for a row in which one is missing, or has a level that no row of the fit
    /// had: the model knows nothing of it.
    ///
    /// `p_j = exp(x'b_j) / sum_l exp(x'b_l)`, the base outcome at `b = 0` (McFadden 1974). Of a fit with infinite
    /// coefficients ([`crate::Separation::Limit`]) they are those at the last step on the way to the limit, which
    /// differ from it by less than any digit that is reported.
    ///
    /// # Errors
    /// [`crate::Error::UnknownColumn`], [`crate::Error::NotFinite`]; [`crate::Error::Domain`] for a value of which a
    /// function of the formula makes no finite one.
    ///
    /// ```
    /// # use mlogit::{Column, Formula, Frame, Table};
    /// # fn main() -> Result<(), mlogit::Error> {
    /// # let mut table = Table::new();
    /// # table.insert("choice", Column::text(["bus", "car", "bus", "bike", "car", "bike", "bus", "car"]))?;
    /// # table.insert("distance", Column::number([3.0, 9.0, 5.0, 1.0, 4.0, 6.0, 2.0, 7.0]))?;
    /// # let fit = Frame::new(&table, &Formula::parse("choice ~ distance")?)?.design()?.fit()?;
    /// let mut others = Table::new();
    /// others.insert("distance", Column::number([12.0, f64::NAN]))?;
    /// let probabilities = fit.probabilities(&others)?;
    /// assert!(probabilities[0].as_ref().is_some_and(|row| row.iter().sum::<f64>() > 0.999));
    /// assert!(probabilities[1].is_none());
    /// # Ok(())
    /// # }
    /// ```
    pub fn probabilities(&self, table: &Table) -> Result<Vec<Option<Vec<f64>>>> {
        let design = self.design();
        let variables = &design.frame.variables;
        let mut columns = Vec::with_capacity(variables.len());
        for variable in variables {
            let column = table.column(&variable.name)?;
            check_finite(&variable.name, column)?;
            columns.push(cells(&variable.values, column));
        }
        let shape = Shape::of(design);
        let probabilities = |row: usize| -> Result<Option<Vec<f64>>> {
            let cells: Option<Vec<f64>> = columns.iter().map(|column| column[row]).collect();
            let Some(cells) = cells else {
                return Ok(None);
            };
            let made = made(&design.frame, &cells, row)?;
            let mut etas = vec![0.0; shape.outcomes];
            for (k, recipe) in design.recipes.iter().enumerate() {
                let factor = |piece: &Piece| match *piece {
                    Piece::Number { variable } => cells[variable],
                    Piece::Level { variable, level } => {
                        f64::from(u8::from(cells[variable] == f64::from(level)))
                    }
                    Piece::Function { function } => made[function],
                };
                let value: f64 = recipe.pieces.iter().map(factor).product();
                let stored = (value - recipe.mean) / recipe.scale;
                for (outcome, eta) in etas.iter_mut().enumerate() {
                    if let Some(j) = shape.equation(outcome) {
                        *eta += self.parameters[j * shape.columns + k] * stored;
                    }
                }
            }
            let largest = etas.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            etas.iter_mut().for_each(|eta| *eta = libm::exp(*eta - largest));
            let sum: f64 = etas.iter().sum();
            etas.iter_mut().for_each(|eta| *eta /= sum);
            Ok(Some(etas))
        };
        (0..table.rows()).map(probabilities).collect()
    }
}

/// What the functions of the formula make of a row.
fn made(frame: &Frame, cells: &[f64], row: usize) -> Result<Vec<f64>> {
    let value = |made: &Made| {
        let value = made.function.value(&|variable| cells[variable]);
        if value.is_finite() {
            return Ok(value);
        }
        let of = |&variable: &usize| (frame.variables[variable].name.clone(), cells[variable]);
        Err(Error::Domain {
            function: made.name.clone(),
            row: Some(row + 1),
            values: made.variables.iter().map(of).collect(),
            slope: false,
        })
    };
    frame.functions.iter().map(value).collect()
}

/// A column's values as the fit knows them: numbers, or positions of levels; `None` where the fit has no such value.
fn cells(known: &Values, column: &Column) -> Vec<Option<f64>> {
    let level = |levels: &[String], value: &str| {
        let position = levels.iter().position(|level| level == value);
        position.map(|position| position as f64)
    };
    (0..column.len())
        .map(|row| match (known, column) {
            _ if column.is_missing(row) => None,
            (Values::Number(_), Column::Number(values)) => Some(values[row]),
            (Values::Number(_), Column::Text(_)) => None,
            (Values::Category(category), Column::Number(values)) => {
                level(&category.levels, &values[row].to_string())
            }
            (Values::Category(category), Column::Text(text)) => level(&category.levels, text.get(row)?),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::interval::Interval;
    use crate::quantity::setting::At;
    use crate::testing::{generated, table};

    #[test]
    fn rows_of_the_fit_get_its_probabilities() {
        let fit = generated("y ~ x * g + C(d) + z").fit;
        let inside = fit.predictions_by_row(&At::observed(), &Interval::Delta).unwrap();
        let outside = fit.probabilities(&table()).unwrap();
        assert_eq!(inside.len(), outside.len() * 3);
        for (position, one) in inside.iter().enumerate() {
            let row = outside[position / 3].as_ref().unwrap();
            assert!((row[position % 3] - one.estimate).abs() < 1e-13);
        }
    }

    #[test]
    fn rows_far_away_are_certain() {
        let fit = generated("y ~ x").fit;
        let mut others = Table::new();
        others.insert("x", Column::number([-1e6, 1e6])).unwrap();
        for row in fit.probabilities(&others).unwrap() {
            let row = row.unwrap();
            assert_eq!(row.iter().sum::<f64>(), 1.0, "{row:?}");
            assert_eq!(row.iter().filter(|one| **one == 1.0).count(), 1, "{row:?}");
        }
    }

    #[test]
    fn what_is_missing_or_unheard_of_has_none() {
        let fit = generated("y ~ x + g").fit;
        let mut others = Table::new();
        others
            .insert("x", Column::number([0.5, f64::NAN, 0.5, 0.5]))
            .unwrap();
        others
            .insert(
                "g",
                Column::text_or_missing([Some("q"), Some("q"), None, Some("new")]),
            )
            .unwrap();
        let rows = fit.probabilities(&others).unwrap();
        assert_eq!(
            rows.iter().map(Option::is_some).collect::<Vec<_>>(),
            [true, false, false, false]
        );
        assert!(fit.probabilities(&Table::new()).is_err());
    }
}
