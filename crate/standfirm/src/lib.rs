//! The study of who stands firm against threats of economic sanctions: its data, models, findings and exhibits.
//!
//! The floors, each of which uses only those before it:
//!
//! | | |
//! |---|---|
//! | [`error`] | what can go wrong |
//! | [`data`] | the bundled episodes, and what their columns mean |
//! | [`study`] | the study as a value: explanations, measures of dependence, controls, models, cases |
//! | [`specification`] | what is estimated, as one value; its choices; a model with the episodes it is fitted to |
//! | [`fitting`] | models fitted, after imputation where they say so |
//! | [`findings`] | what the fits say: effects, hypotheses, claims, cases, influence, validation, threats, multiverse |
//! | [`exhibits`] | figures and tables of the findings |
//! | [`mod@replicate`] | the whole study, as the command line prints it |
//! | [`article`] | everything the page shows |
//! | [`session`] | what was fitted last, kept for what is asked next |

pub mod article;
pub mod data;
pub mod error;
pub mod exhibits;
pub mod findings;
pub mod fitting;
pub mod replicate;
pub mod session;
pub mod specification;
pub mod study;

pub use data::episodes::episodes;
pub use error::{Error, Result};
pub use replicate::{headline, replicate};
pub use specification::Specification;
