//! What can go wrong on the way from a file to a result.

/// The result of this crate's fallible functions.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why there is no result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A CSV file that cannot be read as a table.
    #[error("{place}: {problem}")]
    Csv {
        /// Where: a line, a row and column, or the header.
        place: String,
        /// What is wrong there.
        problem: String,
    },

    /// The estimator has no answer.
    #[error(transparent)]
    Model(#[from] mlogit::Error),

    /// A model of the study has no answer.
    #[error("model {key}: {source}")]
    StudyModel {
        /// The model's key.
        key: String,
        /// The cause.
        source: mlogit::Error,
    },

    /// A figure could not be drawn.
    #[error("figure not drawn: {problem}")]
    Drawing {
        /// What the drawing backend said.
        problem: String,
    },

    /// Something was asked for that the study does not have.
    #[error("the study has no {kind} `{name}`; there are {}", known.join(", "))]
    Unknown {
        /// What kind of thing.
        kind: &'static str,
        /// The name asked for.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
}
