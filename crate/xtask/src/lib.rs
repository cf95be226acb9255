//! The project's build tool: one module for each task, and the few things they share.

pub mod bench;
mod command;
pub mod data;
mod error;
pub mod page;
pub mod serve;
pub mod test;
mod toolchain;
pub mod types;
mod workspace;

pub use error::Error;
pub use workspace::Workspace;
