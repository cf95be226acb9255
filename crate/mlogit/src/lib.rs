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
//! What a fit gives:
//!
//! | | |
//! |---|---|
//! | covariances | [`Fit::with_covariance`]: observed information, HC0, HC1, Stata's robust, clustered ([`Covariance`]) |
//! | tests | [`Fit::test`] (`car: distance = 0`), [`Fit::test_term`], [`Fit::likelihood_ratio_against`], [`Fit::likelihood_ratio_by_term`], [`Fit::hausman_mcfadden`] |
//! | probabilities and their changes | [`Fit::predictions`], [`Fit::slopes`], [`Fit::comparisons`], over the rows or at the means ([`At`]), and row by row; [`Fit::probabilities`] of other rows |
//! | intervals | delta method, within bounds, simulated, bootstrapped ([`Interval`]) |
//! | the same model with other weights | [`Fit::refitter`]: bootstrap, leaving out rows or clusters, cross-validation ([`Refitter`]) |
//! | where outcomes are separated | [`Error::Separation`] with names; [`Design::fit_firth`] or [`Separation::Limit`] |
//!
//! Coefficients and covariances are addressed by outcome and term, never by position. Numbers are the same
//! to the bit on every platform: transcendental functions come from libm, and nothing is fused.

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
mod growing;
mod hausman;
mod hypothesis;
pub mod imputation;
mod interval;
mod kept;
mod kernel;
mod leverage;
mod likelihood;
mod limit;
mod nested;
mod new_rows;
mod newton;
pub mod order;
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
pub use leverage::Leverage;
pub use newton::Separation;
pub use pooling::{Pooled, pool, pool_wald};
pub use prediction::{Difference, Prediction, Predictions};
pub use refit::{Refit, Refitter};
pub use rows::{RowEffects, RowEstimate};
pub use setting::{At, Value};
pub use table::{Column, Table, Text};
pub use wald::WaldTest;

/// The README's example is compiled and run as well.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
