//! Leverage: how far a setting lies from the rows that a model was fitted to.

use nalgebra::{DMatrix, DVector};

use crate::data::design::Design;
use crate::error::{Error, Result};
use crate::quantity::setting::{At, Points, Setting};

/// How far a setting lies from the rows of a model, and how far the furthest of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Leverage {
    /// That of the setting.
    pub here: f64,
    /// The largest of all rows.
    pub largest: f64,
}

impl Design {
    /// The leverage `x'(X'X)^-1 x` of a setting's row of the design matrix, intercept and interactions included
    /// (Belsley, Kuh & Welsch 1980, Regression Diagnostics, chapter 2), beside the largest among the rows `X`. What
    /// `at` does not hold stands at its mean. A setting beyond the largest is an extrapolation, though each variable
    /// may be within its range.
    ///
    /// # Errors
    /// [`Error::UnknownVariable`], [`Error::UnknownLevel`], [`Error::Value`]; [`Error::Singular`] where rounding
    /// leaves `X'X` without an inverse.
    pub fn leverage(&self, at: &At) -> Result<Leverage> {
        let columns = self.recipes.len();
        let columns_of: Vec<Vec<f64>> = (0..columns).map(|k| self.column(k)).collect();
        let rows = DMatrix::from_fn(self.rows(), columns, |row, k| columns_of[k][row]);
        let factor = (rows.transpose() * &rows).cholesky().ok_or(Error::Singular)?;
        let of = |x: &DVector<f64>| x.dot(&factor.solve(x));

        let setting = Setting::new(self, &at.clone().at_means())?;
        let mut points = Points::new(self, &setting, &self.frame.weights, None);
        let block = points.block(0, 1);
        let here = DVector::from_fn(columns, |k, _| block.value(k, 0));
        let each = rows.row_iter().map(|row| of(&row.transpose()));
        Ok(Leverage {
            here: of(&here),
            largest: each.fold(0.0, f64::max),
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::data::formula::Formula;
    use crate::data::frame::Frame;
    use crate::data::table::{Column, Table};
    use crate::quantity::setting::At;

    /// In a simple regression the leverage is 1/n + (x - mean)^2 / sum (x_i - mean)^2.
    #[test]
    fn leverage_of_one_variable_is_the_textbook_formula() {
        let mut table = Table::new();
        table
            .insert("y", Column::text(["a", "b", "a", "b", "a"]))
            .unwrap();
        let x = [1.0, 2.0, 4.0, 7.0, 11.0];
        table.insert("x", Column::number(x)).unwrap();
        let design = Frame::new(&table, &Formula::parse("y ~ x").unwrap())
            .unwrap()
            .design()
            .unwrap();
        let textbook = |value: f64| 0.2 + (value - 5.0) * (value - 5.0) / 66.0;
        for value in [5.0, 11.0, 40.0] {
            let leverage = design.leverage(&At::observed().with("x", value)).unwrap();
            assert!((leverage.here - textbook(value)).abs() < 1e-12);
            assert!((leverage.largest - textbook(11.0)).abs() < 1e-12);
        }
        // A leverage is one row's share in the trace of the hat matrix.
        assert!(design.leverage(&At::observed()).unwrap().here > 0.2 - 1e-12);
        assert!(design.leverage(&At::observed().with("z", 1.0)).is_err());
    }
}
