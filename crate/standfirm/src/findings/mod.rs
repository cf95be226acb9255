//! What the fitted models say.

pub mod cases;
pub mod claims;
pub mod contrasts;
pub mod dealing;
pub mod effect;
pub mod hypotheses;
pub mod influence;
pub mod multiverse;
pub mod outside;
pub mod power;
pub mod randomization;
pub mod robustness;
pub mod rules;
mod shuffle;
pub mod support;
pub mod threat;
pub mod validation;
