//! Arithmetic that knows nothing of models: blocks of rows and their products, factors, sorting, distributions, random
//! numbers.

pub(crate) mod cholesky;
pub(crate) mod distribution;
pub(crate) mod elementary;
pub(crate) mod growing;
pub(crate) mod kernel;
pub mod order;
pub(crate) mod random;
pub(crate) mod sample;
pub(crate) mod student_t;
