//! From a table and a formula to a design matrix.

pub(crate) mod check;
pub(crate) mod design;
pub(crate) mod formula;
pub(crate) mod frame;
pub(crate) mod rank;
pub(crate) mod recipe;
pub(crate) mod table;
