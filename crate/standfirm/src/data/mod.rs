//! The bundled episodes, and what their columns mean.

pub mod derived;
pub mod episodes;
pub mod facts;
pub mod power;
pub mod variables;
