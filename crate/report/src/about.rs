//! What a reader may ask of a figure or a table: what is shown, by which model, from how many rows, from which sources.

/// Terms, each with its explanation.
pub type About = Vec<(String, String)>;
