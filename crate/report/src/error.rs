//! What can go wrong between a fit and what is shown of it.

/// The result of this crate's fallible functions.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something cannot be shown.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The estimator has no answer.
    #[error(transparent)]
    Model(#[from] mlogit::Error),

    /// A name that nothing has.
    #[error("there is no {kind} `{name}`; there are {}", known.join(", "))]
    Unknown {
        /// What kind of thing.
        kind: &'static str,
        /// The name asked for.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },

    /// Clustered errors without clusters.
    #[error("clustered standard errors need a column to cluster by")]
    NoCluster,

    /// Clusters that nothing asked for would use.
    #[error("the column to cluster by goes with clustered standard errors or with the bootstrap")]
    UnusedCluster,

    /// Frequency and probability weights at once.
    #[error("weights are numbers of rows or probability weights: give one column")]
    TwoWeights,

    /// A picture where there is no font to write with.
    #[cfg(feature = "png")]
    #[error("PNGs need a font, and this system has none: install one, such as fonts-dejavu-core")]
    NoFont,

    /// A drawing that cannot be painted.
    #[cfg(feature = "png")]
    #[error("the drawing cannot be painted: {0}")]
    Picture(String),

    /// A family of effects whose intervals are not symmetric.
    #[error(
        "p-values and intervals that allow for several effects come from the delta method: choose it for intervals"
    )]
    AdjustedInterval,

    /// An adjustment of nothing.
    #[error("an adjustment is one of slopes or comparisons: ask for some")]
    NothingToAdjust,

    /// Several tables in a format that holds one.
    #[error("a CSV file has one table, and there are {tables}: choose one of them")]
    OneTable {
        /// How many there are.
        tables: usize,
    },

    /// One of several models has no answer.
    #[error("model ({number}), `{formula}`: {error}")]
    OfModel {
        /// Its number, from 1.
        number: usize,
        /// Its formula.
        formula: String,
        /// What is wrong.
        error: Box<Error>,
    },

    /// A bootstrap of clusters of two columns.
    #[error("the bootstrap resamples the clusters of one column: give one")]
    TwoWayBootstrap,
}

impl Error {
    /// An error of the model at a position (from 0) among several.
    pub(crate) fn of_model(position: usize, formula: &str, error: Error) -> Self {
        Error::OfModel {
            number: position + 1,
            formula: formula.to_owned(),
            error: Box::new(error),
        }
    }
}
