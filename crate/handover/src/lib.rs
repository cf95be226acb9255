//! An analysis as a script in another language that gives the same numbers.
//!
//! ```text
//! source (how the file is read) + table + options of a fit -> analysis -> R, Stata, Python, PySpark
//! ```
//!
//! [`Analysis`] says what every language needs to be told, as packages sort levels, choose bases and drop rows each in
//! their way: the columns and how they are read, levels with the base first, the rows that are left out, the model's
//! columns as products, and what is asked of the fit. Four small writers print it. Nothing here knows a study.
//!
//! The floors, each of which uses only those before it: `error`, `text`, `source`, `code`, `analysis`, `header`, the
//! writers.

mod analysis;
mod code;
mod error;
mod header;
mod pyspark;
mod python;
mod r;
mod source;
mod stata;
mod text;

pub use analysis::{Analysis, Errors};
pub use error::{Error, Result};
pub use source::Source;

/// A language that scripts are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// R, with nnet.
    R,
    /// Stata.
    Stata,
    /// Python, with statsmodels.
    Python,
    /// Python, on Apache Spark.
    PySpark,
}

impl std::str::FromStr for Language {
    type Err = Error;

    /// `r`, `stata`, `python` or `pyspark`.
    fn from_str(text: &str) -> Result<Self> {
        match text {
            "r" => Ok(Language::R),
            "stata" => Ok(Language::Stata),
            "python" => Ok(Language::Python),
            "pyspark" => Ok(Language::PySpark),
            other => Err(Error::Language(other.to_owned())),
        }
    }
}

impl Language {
    /// What its files' names end with.
    pub fn extension(self) -> &'static str {
        match self {
            Language::R => "R",
            Language::Stata => "do",
            Language::Python | Language::PySpark => "py",
        }
    }
}

/// The analysis as a script.
pub fn script(analysis: &Analysis, language: Language) -> String {
    match language {
        Language::R => r::script(analysis),
        Language::Stata => stata::script(analysis),
        Language::Python => python::script(analysis),
        Language::PySpark => pyspark::script(analysis),
    }
}
