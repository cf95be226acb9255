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
//! | covariances | [`Fit::with_covariance`]: observed information, HC0, HC1, Stata's robust, clustered one way or two ([`Covariance`]) |
//! | tests | [`Fit::test`] (`car: distance = 0`), [`Fit::test_term`], [`Fit::likelihood_ratio_against`], [`Fit::likelihood_ratio_by_term`], [`Fit::hausman_mcfadden`] |
//! | probabilities and their changes | [`Fit::predictions`], [`Fit::slopes`], [`Fit::comparisons`], over the rows or at the means ([`At`]), and row by row; [`Fit::probabilities`] of other rows |
//! | intervals | delta method, within bounds, simulated, bootstrapped ([`Interval`]) |
//! | the same model with other weights | [`Fit::refitter`]: bootstrap, leaving out rows or clusters, cross-validation ([`Refitter`]) |
//! | where outcomes are separated | [`Error::Separation`] with names; [`Design::fit_firth`] or [`Separation::Limit`] |
//!
//! Inside, each folder uses only those above it in this list:
//!
//! | | |
//! |---|---|
//! | `error` | what can go wrong |
//! | `arithmetic` | knows no models: products of blocks of rows, factors, sorting, distributions, random numbers |
//! | `data` | from a table and a formula to a design matrix |
//! | `likelihood` | the likelihood and its maximum, on standardised columns |
//! | `fit` | coefficients, statistics and warnings in the units of the data; refits; what a covariance is clustered by |
//! | `quantity` | probabilities, slopes and comparisons, with intervals |
//! | `inference` | other covariances, and tests |
//! | `imputation` | missing values drawn, and the results of several fits as one |
//!
//! Coefficients and covariances are addressed by outcome and term, never by position. Numbers are the same
//! to the bit on every platform: transcendental functions come from libm, and nothing is fused.

mod arithmetic;
mod data;
mod error;
mod fit;
pub mod imputation;
mod inference;
mod likelihood;
mod quantity;
#[cfg(test)]
mod testing;

pub use arithmetic::distribution::{
    chi_squared_p_value, normal_p_value, normal_quantile, relative_risk_ratio,
};
pub use arithmetic::order;
pub use data::basis::BasisKind;
pub use data::columns::{DesignColumn, Levels, Part};
pub use data::condition::{Condition, Selection};
pub use data::design::Design;
pub use data::expression::{Elementary, Expression, Operation};
pub use data::formula::{Factor, Formula, Term};
pub use data::frame::{Dropped, Frame, FrameBuilder};
pub use data::table::{Column, Table, Text};
pub use error::{Error, Infinite, Result};
pub use fit::clusters::{Clusters, Covariance, TwoWay};
pub use fit::refit::{Refit, Refitter};
pub use fit::warning::Warning;
pub use fit::{Certificate, Coefficient, Fit, LikelihoodRatio, Method};
pub use imputation::pooling::{self, Pooled, pool, pool_wald};
pub use imputation::{Imputations, Imputer};
pub use inference::hausman::HausmanTest;
pub use inference::hypothesis::Restriction;
pub use inference::wald::WaldTest;
pub use likelihood::newton::Separation;
pub use quantity::draws::{Bootstrap, Draws, Resampling};
pub use quantity::effect::{Change, Comparison, Effect, Effects};
pub use quantity::family::{Adjusted, Adjustment, Family};
pub use quantity::interval::{Interval, bounded_difference, bounded_probability};
pub use quantity::leverage::Leverage;
pub use quantity::prediction::{Difference, Prediction, Predictions};
pub use quantity::rows::{RowEffects, RowEstimate};
pub use quantity::setting::{At, Value};
pub use quantity::simultaneous::{sup_t, sup_t_around};

/// The README's example is compiled and run as well.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
