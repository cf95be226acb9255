//! The bundled episodes, and what their columns mean.

pub mod episodes;
pub mod variables;
