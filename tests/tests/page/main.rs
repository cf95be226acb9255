//! The built page, in real browsers. Where to find what:
//!
//! | file | what is tested |
//! |---|---|
//! | wasm.rs | the built module itself, without a browser |
//! | opening.rs | the page is opened: from disk, from a server, and where it cannot work |
//! | layout.rs | what the first screen has, and what fits on the narrowest |
//! | drawing.rs | figures are on their canvases, as fine as the screen |
//! | sharp.rs | lines are sharp however many pixels a screen has |
//! | reading.rs | numbers are read off a figure, with pointer and keys |
//! | choosing.rs | choices are made in the model builder |
//! | threat.rs | a threat is changed |
//! | imputation.rs | values are imputed where dependence was not observed |
//! | multiverse.rs | all combinations of choices are fitted, looked through, and opened in the builder |
//! | chance.rs | whether it could be chance: random regimes, other standard errors and senders |
//! | influence_and_prediction.rs | who moves the result, and how well it forecasts |
//! | ledger.rs | claims are looked through by their verdicts, and opened |
//! | downloads.rs | figures and tables are saved as files |
//! | addresses.rs | what is shown follows from the address alone |
//! | links.rs | choices are shared in a link, and gone back and forward through |
//! | embedding.rs | figures stand in other people's pages |
//! | machines.rs | what the page tells search engines, and whoever shows a link to it |
//! | printing.rs | the page is printed |
//! | accessibility.rs | the page is used with keys alone, and by people who do not see it as others do |
//! | offline.rs | the page is used without a network |
//! | privacy.rs | what the page asks for, what it keeps, and what its policy refuses |
//! | faults.rs | workers break off, files are missing, memory runs out |
//! | endurance.rs | long use |
//! | pictures.rs | pictures of the page for a person to look at |
//!
//! engines.rs runs a test in each engine that can, and steps.rs has what tests of several files do. Tests of one file:
//! `cargo test --test page links::`; in one engine: `cargo test --test page firefox::`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod accessibility;
mod addresses;
mod chance;
mod choosing;
mod downloads;
mod drawing;
mod embedding;
mod endurance;
mod engines;
mod faults;
mod imputation;
mod influence_and_prediction;
mod layout;
mod ledger;
mod links;
mod machines;
mod multiverse;
mod offline;
mod opening;
mod pictures;
mod printing;
mod privacy;
mod reading;
mod sharp;
mod steps;
mod threat;
mod wasm;
