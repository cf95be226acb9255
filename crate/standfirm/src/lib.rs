//! The study.

pub mod variables;
