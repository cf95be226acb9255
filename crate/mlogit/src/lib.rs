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
//! to the bit on every platform: transcendental functions come from libm or are made of products and sums, and
//! nothing is fused.

mod cholesky;
mod covariance;
mod design;
mod distribution;
mod draws;
mod effect;
mod elementary;
mod error;
mod firth;
mod fit;
mod formula;
mod frame;
mod hausman;
mod hypothesis;
pub mod imputation;
mod interval;
mod kernel;
mod likelihood;
mod nested;
mod newton;
pub mod pooling;
mod prediction;
mod probability;
mod quantity;
mod random;
mod rank;
mod refit;
mod rows;
mod sample;
mod separation;
mod setting;
mod student_t;
mod table;
#[cfg(test)]
mod testing;
mod wald;

pub use covariance::{Clusters, Covariance};
pub use design::Design;
pub use distribution::{chi_squared_p_value, normal_p_value, normal_quantile, relative_risk_ratio};
pub use draws::{Bootstrap, Draws};
pub use effect::{Comparison, Effect, Effects};
pub use error::{Error, Infinite, Result};
pub use fit::{Certificate, Coefficient, Fit, LikelihoodRatio, Method, Warning};
pub use formula::{Factor, Formula, Term};
pub use frame::{Dropped, Frame, FrameBuilder};
pub use hausman::HausmanTest;
pub use hypothesis::Restriction;
pub use imputation::{Imputations, Imputer};
pub use interval::Interval;
pub use newton::Separation;
pub use pooling::{Pooled, pool, pool_wald};
pub use prediction::{Difference, Prediction, Predictions};
pub use refit::{Refit, Refitter};
pub use rows::{RowEffects, RowEstimate};
pub use setting::{At, Value};
pub use table::{Column, Table, Text};
pub use wald::WaldTest;
