//! What can go wrong on the way from a file to a result.

/// The result of this crate's fallible functions.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why there is no result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The program's own episode table is damaged.
    #[error("the episode table in this program is damaged: build or download it again")]
    Bundled,

    /// The estimator has no answer.
    #[error(transparent)]
    Model(#[from] mlogit::Error),

    /// Results cannot be shown.
    #[error(transparent)]
    Report(#[from] report::error::Error),

    /// A choice of a specification that cannot have that value.
    #[error("{key}=`{value}`: {problem}")]
    Choice {
        /// The choice.
        key: &'static str,
        /// The value asked for.
        value: String,
        /// What it could be.
        problem: String,
    },

    /// A model that cannot be estimated as specified, which was said before.
    #[error("{reason}")]
    Refused {
        /// Why, and what to change.
        reason: String,
    },

    /// A sample without an episode.
    #[error("no threat is left in the sample: choose more years, senders or issues")]
    EmptySample,

    /// An outcome that no episode has.
    #[error(
        "none of the {episodes} threats that the model can use ended in {outcome}, so that its chances cannot be \
         estimated: choose a larger sample"
    )]
    UnseenOutcome {
        /// The outcome.
        outcome: String,
        /// Episodes that the model can use.
        episodes: usize,
    },

    /// Too few targets of a kind that the model is about.
    #[error(
        "{} of the {episodes} threats that the model can use {} against {kind}, and it needs {least}: choose a larger \
         sample", if *found == 0 { "none".to_owned() } else { format!("only {found}") },
        if *found == 1 { "is" } else { "are" }
    )]
    FewTargets {
        /// What kind of target, in words.
        kind: String,
        /// How many there are.
        found: usize,
        /// Episodes that the model can use.
        episodes: usize,
        /// How many are needed.
        least: usize,
    },

    /// Regime or dependence predict an outcome without error.
    #[error("separation: {terms}; choose a larger sample, or leave out controls")]
    Separated {
        /// Terms without a finite estimate and their outcomes, in words.
        terms: String,
    },

    /// A question that is not asked of models with imputed values.
    #[error(
        "model {key} has imputed values, which would be others without some of its episodes: choose another model"
    )]
    Imputed {
        /// The model's key.
        key: String,
    },

    /// Too few clusters to be put in folds.
    #[error(
        "{clusters} clusters cannot be put in {folds} folds: choose from 2 folds on, at most as many as clusters"
    )]
    FewClusters {
        /// Clusters among the episodes of the model.
        clusters: usize,
        /// Folds asked for.
        folds: usize,
    },

    /// Something was asked for that the study does not have.
    #[error("the study has no {kind} `{name}`{}", if known.is_empty() { String::new() } else { format!("; there are {}", known.join(", ")) })]
    Unknown {
        /// What kind of thing.
        kind: &'static str,
        /// The name asked for.
        name: String,
        /// The names there are; none where they are too many to list.
        known: Vec<String>,
    },
}
