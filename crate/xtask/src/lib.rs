//! What the build tool does, as a library: the command line and the tests call the same functions.

pub mod data;
