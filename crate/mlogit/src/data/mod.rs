//! From a table and a formula to a design matrix.

pub(crate) mod basis;
pub(crate) mod check;
pub(crate) mod columns;
pub(crate) mod condition;
pub(crate) mod design;
pub(crate) mod dual;
pub(crate) mod expression;
pub(crate) mod formula;
pub(crate) mod frame;
pub(crate) mod function;
pub(crate) mod rank;
pub(crate) mod recipe;
pub(crate) mod table;
pub(crate) mod tokens;
