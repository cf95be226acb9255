//! The study's models, fitted: one by one, after imputation where they say so.

pub mod estimate;
pub mod fitted;
pub mod imputation;
mod pooled;
