//! Why an analysis cannot be handed over.

/// The result of this crate's fallible functions.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why no script can be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no answer that a script could repeat.
    #[error(transparent)]
    Fit(#[from] report::error::Error),

    /// The formula, a setting or a comparison cannot be read.
    #[error(transparent)]
    Model(#[from] mlogit::Error),

    /// A language that no script is written in.
    #[error("no script is written in `{0}`: say r, stata, python or pyspark")]
    Language(String),
}
