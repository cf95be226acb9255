//! What the fitted models say.

pub mod cases;
pub mod claims;
pub mod effect;
pub mod hypotheses;
pub mod influence;
pub mod multiverse;
pub mod power;
pub mod rules;
pub mod threat;
pub mod validation;
