//! What supports a number at high dependence: how many personalist episodes lie there, and how large a difference would
//! have to be for the model to find it.

use serde::Serialize;

use crate::findings::effect::WIDE;
use crate::findings::outside::{Outside, compared};
use crate::fitting::fitted::Fitted;
use crate::study::Values;
use crate::study::thesis::{PERSONALIST, STUDY};

/// Fewer personalist episodes than this support no number well.
pub const FEW: usize = 10;
/// The standard normal's quantile of a power of 80%.
const POWER: f64 = 0.841_621_233_572_914_3;

/// What supports a contrast at high dependence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Support {
    /// Episodes against personalist targets (by the index: above 0.5) at or above high dependence; where values were
    /// imputed, on average over the completed tables.
    pub personalist_at_high: usize,
    /// Episodes in all at or above high dependence.
    pub at_high: usize,
    /// Of the personalist ones, how many ended in concession.
    pub conceded: usize,
    /// The smallest true difference that a two-sided test at 5% would find in 80 of 100 samples:
    /// (1.96 + 0.84) standard errors.
    pub detectable: f64,
    /// What is compared though no episode comes up to it: an end of the index, high dependence or none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub outside: Vec<Outside>,
}

impl Support {
    /// Of a fitted model, for a contrast with this standard error; `None` where the model lacks a variable of its own.
    #[must_use]
    pub fn of(fitted: &Fitted, std_error: f64) -> Option<Self> {
        let (variable, high) = (fitted.model.explanation.variable, fitted.report.high_dependence);
        let (mut personalist, mut all, mut conceded, mut fits) = (0, 0, 0, 0);
        for fit in fitted.estimate.fits() {
            let frame = fit.design().frame();
            let dependence = frame.number(fitted.model.term()).ok()?;
            let is_personalist: Vec<bool> = match fitted.model.explanation.values {
                Values::UnitInterval { .. } => {
                    let index = frame.number(variable).ok()?;
                    index.iter().map(|value| *value > PERSONALIST).collect()
                }
                Values::Levels(levels) => {
                    let first = levels.first().copied().unwrap_or_default();
                    let regimes = frame.category(variable).ok()?;
                    regimes.map(|level| level == first).collect()
                }
            };
            let outcomes: Vec<&str> = frame.outcomes().collect();
            let here = |row: &usize| dependence[*row] >= high;
            let rows: Vec<usize> = (0..dependence.len()).filter(here).collect();
            let among = |row: &&usize| is_personalist[**row];
            personalist += rows.iter().filter(among).count();
            conceded += rows
                .iter()
                .filter(among)
                .filter(|row| outcomes[**row] == STUDY.focus)
                .count();
            all += rows.len();
            fits += 1;
        }
        let mean = |count: usize| (count as f64 / f64::from(fits)).round() as usize;
        Some(Support {
            personalist_at_high: mean(personalist),
            at_high: mean(all),
            conceded: mean(conceded),
            detectable: (WIDE + POWER) * std_error,
            outside: compared(&fitted.model, &[high, 0.0], |name| fitted.estimate.values(name)).ok()?,
        })
    }

    /// Whether so few personalist episodes reach high dependence that they support no number well.
    #[must_use]
    pub fn is_few(&self) -> bool {
        self.personalist_at_high < FEW
    }

    /// Warnings where the number rests on little.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let few = self.is_few().then(|| {
            format!(
                "fewer than {FEW} personalist episodes reach high dependence, so that the number rests on the shape of the \
                 model more than on them"
            )
        });
        few.into_iter()
            .chain(self.outside.iter().map(Outside::words))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_episodes_and_ends_outside_the_data_are_warned_of() {
        let support = |personalist_at_high, index: f64| Support {
            personalist_at_high,
            at_high: 50,
            conceded: 0,
            detectable: 0.3,
            outside: Outside::new("Personalist index".to_owned(), 1.0, (0.0, index), false)
                .into_iter()
                .collect(),
        };
        assert!(support(FEW, 1.0).warnings().is_empty());
        assert_eq!(support(FEW - 1, 1.0).warnings().len(), 1);
        let outside = support(FEW, 0.9).warnings();
        assert_eq!(
            outside,
            ["Personalist index 1 is outside the data, which go from 0 to 0.9"]
        );
        assert_eq!(support(0, 0.9).warnings().len(), 2);
    }
}
