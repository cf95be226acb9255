//! How predictions and their intervals are made, as a choice.

use super::options::{Options as _, options};
use crate::error::{Error, Result};

options! {
    /// How predictions and their intervals are made.
    Method {
        /// Averages over the observed values of the other covariates, delta method: what the study did.
        #[default]
        Observed = "observed", "averaged over the episodes, delta method", "What the study did.";
        /// Averages over the observed values of the other covariates, delta method on the logit scale.
        Bounded = "bounded", "averaged over the episodes, intervals within 0 and 1",
            "The delta method on the logit scale, and back: intervals are not symmetric and never leave 0 to 100%.";
        /// At the means of the other covariates, delta method.
        Means = "means", "at the means, delta method", "For an episode that is average in everything else.";
        /// At the means of the other covariates, simulated from the coefficients' distribution.
        Simulation = "simulation", "at the means, simulated",
            "Intervals from 1,000 draws of the coefficients (King, Tomz and Wittenberg).";
        /// Averages over the episodes, models refitted to resampled episodes.
        Bootstrap = "bootstrap", "averaged over the episodes, bootstrap",
            "Intervals from refits to 2,000 resamples of the episodes, or of their clusters where standard errors are clustered. Takes some seconds for each model.";
    }
}

impl Method {
    /// A short name, for arguments and addresses.
    #[must_use]
    pub fn key(self) -> &'static str {
        self.picked().key
    }

    /// The method called `key`.
    ///
    /// # Errors
    /// [`Error::Unknown`], which lists the methods.
    pub fn find(key: &str) -> Result<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|method| method.key() == key)
            .ok_or_else(|| Error::Unknown {
                kind: "method of prediction",
                name: key.to_owned(),
                known: Self::ALL.iter().map(|method| method.key().to_owned()).collect(),
            })
    }

    /// Words for a choice.
    #[must_use]
    pub fn label(self) -> &'static str {
        self.picked().label
    }

    /// Words for a note.
    #[must_use]
    pub fn note(self, clustered: bool) -> &'static str {
        match self {
            Self::Observed => {
                "averaged over the episodes, everything else as observed; 95% intervals by the delta method"
            }
            Self::Bounded => {
                "averaged over the episodes, everything else as observed; 95% intervals by the delta method on the logit \
                 scale, within 0 and 1"
            }
            Self::Means => "everything else at its mean; 95% intervals by the delta method",
            Self::Simulation => {
                "everything else at its mean; 95% intervals from 1,000 draws of the coefficients (King, Tomz and \
                 Wittenberg)"
            }
            Self::Bootstrap if clustered => {
                "averaged over the episodes, everything else as observed; 95% intervals from refits to 2,000 resamples \
                 of clusters of episodes"
            }
            Self::Bootstrap => {
                "averaged over the episodes, everything else as observed; 95% intervals from refits to 2,000 resamples \
                 of the episodes"
            }
        }
    }
}
