//! What a reader of an estimate should know, though it stands.

use crate::data::frame::Note;
use crate::error::{Infinite, listed};

/// What a reader of an estimate should know, though it stands.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Warning {
    /// A coefficient without a finite estimate; the others are their limits ([`crate::Separation::Limit`]).
    Separation(Infinite),
    /// A level that the table has, but no complete row: the model knows nothing of it.
    UnseenLevel {
        /// The outcome, or a categorical variable.
        variable: String,
        /// The level.
        level: String,
        /// In how many rows it occurs.
        rows: usize,
        /// Whether it is an outcome.
        outcome: bool,
    },
    /// A product of levels that no row has: it has no coefficient.
    EmptyCell {
        /// The product, as a column would be named.
        term: String,
    },
    /// A product of levels that others determine, because no row has some other product of the same variables, one that
    /// the base levels stand for: it has no coefficient.
    Determined {
        /// The product.
        term: String,
        /// What determines it.
        others: Vec<String>,
    },
    /// An outcome that is no number, though most are: perhaps it means a missing value.
    StrangeOutcome {
        /// The outcome variable.
        variable: String,
        /// The level.
        level: String,
        /// In how many rows it occurs.
        rows: usize,
    },
    /// Weights that are no whole numbers: standard errors take them as numbers of rows all the same.
    FractionalWeights,
    /// Probability weights with a covariance that takes them as numbers of rows.
    ProbabilityWeights {
        /// The column of weights.
        column: String,
    },
    /// A covariance of two-way clusters that is not positive semi-definite.
    NotPositive,
    /// The information is nearly singular.
    IllConditioned {
        /// Its condition number, columns standardised.
        condition: f64,
    },
    /// Fewer clusters than parameters: the clustered covariance is singular, and joint tests of many terms do
    /// not exist.
    FewClusters {
        /// Number of clusters.
        clusters: usize,
        /// Number of parameters, all equations together.
        parameters: usize,
    },
    /// Few rows per parameter.
    FewRows {
        /// Rows of the rarest outcome.
        rows: f64,
        /// The rarest outcome.
        outcome: String,
        /// Parameters in each equation.
        terms: usize,
    },
}

impl std::fmt::Display for Warning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Warning::Separation(infinite) => {
                write!(f, "separation: {infinite}; the other estimates are their limits")
            }
            Warning::UnseenLevel {
                variable,
                level,
                rows,
                outcome,
            } => {
                let what = if *outcome { "outcome" } else { "level" };
                write!(
                    f,
                    "{what} `{level}` of `{variable}` occurs in {rows} rows, none of them complete: the model leaves it out"
                )
            }
            Warning::EmptyCell { term } => {
                write!(f, "no row has `{term}`: the model leaves it out")
            }
            Warning::Determined { term, others } => {
                write!(
                    f,
                    "the model leaves out `{term}`, which {} determine: no row has some other combination of the same variables",
                    listed(others)
                )
            }
            Warning::StrangeOutcome {
                variable,
                level,
                rows,
            } => {
                write!(
                    f,
                    "outcome `{level}` of `{variable}` ({rows} rows) is not a number, though most are: leave it empty where it means a missing value"
                )
            }
            Warning::FractionalWeights => {
                write!(
                    f,
                    "some weights are no whole numbers; standard errors count them as numbers of rows"
                )
            }
            Warning::ProbabilityWeights { column } => {
                write!(
                    f,
                    "`{column}` are probability weights: standard errors from the observed information do not fit them, robust or clustered ones do"
                )
            }
            Warning::NotPositive => {
                f.write_str(
                    "the covariance clustered both ways is not positive semi-definite: some combination of coefficients would have a variance below zero; there are too few clusters for both ways at once, cluster by one",
                )
            }
            Warning::IllConditioned { condition } => {
                write!(
                    f,
                    "the information matrix is nearly singular (condition number {condition:.1e}); some terms are hardly told apart"
                )
            }
            Warning::FewClusters { clusters, parameters } => {
                write!(
                    f,
                    "{clusters} clusters for {parameters} parameters: clustered standard errors are too small on average, and joint tests of many terms do not exist"
                )
            }
            Warning::FewRows { rows, outcome, terms } => {
                write!(
                    f,
                    "outcome `{outcome}` has {rows} rows for {terms} parameters in each equation; estimates may be biased away from zero"
                )
            }
        }
    }
}

impl From<Note> for Warning {
    fn from(note: Note) -> Self {
        match note {
            Note::Unseen {
                variable,
                level,
                rows,
                outcome,
            } => Warning::UnseenLevel {
                variable,
                level,
                rows,
                outcome,
            },
            Note::EmptyCell { term } => Warning::EmptyCell { term },
            Note::Determined { term, others } => Warning::Determined { term, others },
            Note::NotNumber { outcome, level, rows } => Warning::StrangeOutcome {
                variable: outcome,
                level,
                rows,
            },
        }
    }
}
