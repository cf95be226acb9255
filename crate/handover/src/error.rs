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

    /// The fit is of other rows than the design: an option chose some of them.
    #[error(
        "which rows are used is chosen by an option that no script is told: write a file with those rows, and hand that over"
    )]
    Rows,

    /// A language that no script is written in.
    #[error("no script is written in `{0}`: say r, stata, python or pyspark")]
    Language(String),
}
