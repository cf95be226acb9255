//! From the published source files to `data/`: the episode table, a few facts beside it, their data package and codebook.
//!
//! The way of the data: source files -> one lookup per source -> episodes -> checked table -> bytes. Each
//! source has a module that reads it and answers in the study's terms (COW codes, years); `episodes` joins
//! them; [`standfirm::data::variables`] says what each column must be, and `write` holds every value to it.
//!
//! The same source files give the same bytes, everywhere.

use std::fmt;
use std::path::{Path, PathBuf};

mod capabilities;
mod check;
mod codebook;
mod codes;
mod comtrade;
mod dataset;
mod distance;
mod episodes;
mod error;
mod facts;
mod gdp;
mod history;
mod outcome;
mod package;
mod personalism;
mod regimes;
mod states;
mod table;
#[cfg(test)]
mod testing;
mod ties;
mod trade;
mod write;

pub(crate) use codes::{Code, Year};
pub use error::Error;

/// The bytes of the files, before anything is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outputs {
    /// `episodes.csv`: one row per episode.
    pub csv: Vec<u8>,
    /// `facts.csv`: one row per fact that the episodes do not tell.
    pub facts: Vec<u8>,
    /// `datapackage.json`: the Frictionless description of the tables.
    pub package: Vec<u8>,
    /// `CODEBOOK.md`: the same for people.
    pub codebook: Vec<u8>,
    /// `dataset.jsonld`: the same for search engines, in the words of schema.org.
    pub dataset: Vec<u8>,
    /// `croissant.json`: the same for those who train models, a Croissant file.
    pub croissant: Vec<u8>,
    /// How many episodes the table has.
    pub rows: usize,
    /// How many columns the table has.
    pub columns: usize,
}

impl Outputs {
    /// The files by name, in the order they are written.
    #[must_use]
    pub fn files(&self) -> [(&'static str, &[u8]); 6] {
        [
            ("episodes.csv", &self.csv),
            ("facts.csv", &self.facts),
            ("datapackage.json", &self.package),
            ("CODEBOOK.md", &self.codebook),
            ("dataset.jsonld", &self.dataset),
            ("croissant.json", &self.croissant),
        ]
    }
}

/// What [`run`] did. Displays as a few lines for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// How many episodes the table has.
    pub rows: usize,
    /// How many columns the table has.
    pub columns: usize,
    /// The files written.
    pub written: Vec<PathBuf>,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} episodes, {} columns", self.rows, self.columns)?;
        for file in &self.written {
            write!(f, "\nwrote {}", file.display())?;
        }
        Ok(())
    }
}

/// Derives the files of `data/` from the source files in the folder `sources`, without writing anything.
///
/// # Errors
///
/// When a source file is missing or not as expected, when a value breaks its description in
/// [`standfirm::data::variables`], or when the counts that must hold do not: see [`Error`].
pub fn derive(sources: &Path) -> Result<Outputs, Error> {
    let episodes = episodes::read(sources)?;
    check::counts(&episodes)?;
    let facts = facts::read(sources)?;
    check::facts(&facts)?;
    let (csv, told) = (write::csv(&episodes)?, write::facts(&facts)?);
    let (package, dataset, croissant) = descriptions(&csv, &told);
    Ok(Outputs {
        csv,
        facts: told,
        package,
        dataset,
        croissant,
        codebook: codebook::markdown(&episodes, &facts).into_bytes(),
        rows: episodes.len(),
        columns: standfirm::data::variables::VARIABLES.len(),
    })
}

/// The data package, and the same for search engines and as a Croissant file, of the two tables.
fn descriptions(episodes: &[u8], facts: &[u8]) -> (Vec<u8>, Vec<u8>, Vec<u8>) {
    let episodes = package::Described {
        name: "episodes",
        title: "Episodes",
        bytes: episodes,
    };
    let facts = package::Described {
        name: "facts",
        title: "Facts",
        bytes: facts,
    };
    (
        package::json(&episodes, &facts).into_bytes(),
        dataset::schema_org(&episodes, &facts).into_bytes(),
        dataset::croissant(&episodes, &facts).into_bytes(),
    )
}

/// Derives the files of `data/` from the source files in the folder `sources` and writes them to the folder `out`.
///
/// # Errors
///
/// As [`derive()`]; and when a file cannot be written. Nothing is written unless all of it could be derived.
pub fn run(sources: &Path, out: &Path) -> Result<Summary, Error> {
    let outputs = derive(sources)?;
    let failed = |file: &Path| {
        let file = file.to_path_buf();
        move |source| Error::Write { file, source }
    };
    std::fs::create_dir_all(out).map_err(failed(out))?;
    let mut written = Vec::new();
    for (name, bytes) in outputs.files() {
        let file = out.join(name);
        std::fs::write(&file, bytes).map_err(failed(&file))?;
        written.push(file);
    }
    Ok(Summary {
        rows: outputs.rows,
        columns: outputs.columns,
        written,
    })
}
