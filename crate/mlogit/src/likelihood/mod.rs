//! The likelihood and its maximum, on standardised columns.

pub(crate) mod firth;
pub(crate) mod kept;
pub(crate) mod limit;
pub(crate) mod loglik;
pub(crate) mod newton;
pub(crate) mod probability;
pub(crate) mod separation;
