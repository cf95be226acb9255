//! What a fit says of hypotheses: other covariances, and tests.

pub(crate) mod covariance;
pub(crate) mod hausman;
pub(crate) mod hypothesis;
pub(crate) mod nested;
pub(crate) mod wald;
