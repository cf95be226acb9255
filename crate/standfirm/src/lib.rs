//! The study of who stands firm against threats of economic sanctions: its data, models, tables and figures.
//!
//! The way of the data: the bundled [`episodes`] -> the [`study`]'s models, as a [`specification`] has them, fitted
//! ([`mod@replicate`]) ->
//! [`report`]s, [`table`]s and [`figure`]s, which the command line prints and the page shows. The study itself
//! is data: one description in [`study`] that all of them read.

pub mod about;
pub mod article;
pub mod cases;
pub mod claims;
pub mod csv;
pub mod effect;
mod episodes;
mod error;
pub mod estimate;
pub mod figure;
pub mod grid;
pub mod hypotheses;
pub mod imputation;
pub mod influence;
pub mod multiverse;
mod pooled;
pub mod replicate;
pub mod report;
mod rules;
pub mod session;
pub mod specification;
pub mod study;
pub mod table;
pub mod threat;
pub mod validation;
pub mod variables;

pub use episodes::episodes;
pub use error::{Error, Result};
pub use replicate::{headline, replicate};
pub use specification::Specification;
