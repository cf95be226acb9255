//! Builds, serves, tests.

fn main() {}
