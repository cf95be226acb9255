//! What a fit says, as plain data and as something to look at: results, tables, figures, and words for numbers.
//!
//! Nothing here knows a study: names, levels and labels come from whoever asks. The way of the data:
//!
//! ```text
//! table + formula + options -> fit -> results -> coefficient table, figure -> grid -> CSV, HTML, LaTeX, Markdown
//!                                                                          -> pen  -> SVG, canvas
//! ```
//!
//! The floors, each of which uses only those before it: [`error`], [`words`], [`results`], [`mod@fit`], [`about`],
//! [`grid`], [`coefficients`], [`models`], [`tables`], [`figure`].

pub mod about;
pub mod coefficients;
pub mod error;
pub mod figure;
pub mod fit;
pub mod grid;
pub mod models;
pub mod results;
pub mod tables;
pub mod words;
