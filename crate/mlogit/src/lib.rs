//! Multinomial logit by maximum likelihood: from a table and a formula to coefficients and predictions.
//!
//! The way of the data, one type per step, each made from the one before it:
//!
//! ```text
//! Table + Formula -> Frame (complete cases) -> Design (named columns) -> Fit -> predictions
//! ```
//!
//! ```
//! use mlogit::{Column, Formula, Frame, Table};
//!
//! # fn main() -> Result<(), mlogit::Error> {
//! let mut table = Table::new();
//! table.insert("choice", Column::text(["bus", "car", "bus", "bike", "car", "bike", "bus", "car"]))?;
//! table.insert("distance", Column::number([3.0, 9.0, 5.0, 1.0, 4.0, 6.0, 2.0, 7.0]))?;
//!
//! let formula = Formula::parse("choice ~ distance")?;
//! let fit = Frame::new(&table, &formula)?.design()?.fit()?;
//!
//! let distance = fit.coefficient("car", "distance")?;
//! assert!(distance.estimate > 0.0 && distance.p_value < 1.0);
//! # Ok(())
//! # }
//! ```
//!
//! Coefficients and covariances are addressed by outcome and term, never by position. Numbers are the same
//! to the bit on every platform: transcendental functions come from libm, and nothing is fused.

mod cholesky;
mod design;
mod distribution;
mod elementary;
mod error;
mod fit;
mod formula;
mod frame;
mod kernel;
mod likelihood;
mod newton;
mod prediction;
mod rank;
mod refit;
mod sample;
mod separation;
mod table;

pub use design::Design;
pub use distribution::{chi_squared_p_value, normal_p_value, normal_quantile};
pub use error::{Error, Infinite, Result};
pub use fit::{Certificate, Coefficient, Fit, LikelihoodRatio, Warning};
pub use formula::{Factor, Formula, Term};
pub use frame::{Dropped, Frame, FrameBuilder};
pub use newton::Separation;

pub use prediction::{At, Difference, Prediction, Predictions, Value};
pub use refit::{Refit, Refitter};
pub use table::{Column, Table, Text};
