//! What supports a number at high dependence: how many personalist episodes lie there, and how large a difference would
//! have to be for the model to find it.

use serde::Serialize;

use crate::findings::effect::WIDE;
use crate::fitting::fitted::Fitted;
use crate::study::Values;
use crate::study::thesis::{PERSONALIST, STUDY};

/// Fewer personalist episodes than this support no number well.
pub const FEW: usize = 10;
/// The standard normal's quantile of a power of 80%.
const POWER: f64 = 0.841_621_233_572_914_3;

/// What supports a contrast at high dependence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
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
    /// Whether no episode is as personalist as the number supposes, or none without trade: the model's word alone.
    pub outside: bool,
}

impl Support {
    /// Of a fitted model, for a contrast with this standard error; `None` where the model lacks a variable of its own.
    #[must_use]
    pub fn of(fitted: &Fitted, std_error: f64) -> Option<Self> {
        let (variable, high) = (fitted.model.explanation.variable, fitted.report.high_dependence);
        let (mut personalist, mut all, mut conceded, mut fits) = (0, 0, 0, 0);
        let mut outside = true;
        let mut traded = true;
        for fit in fitted.estimate.fits() {
            let frame = fit.design().frame();
            let dependence = frame.number(fitted.model.term()).ok()?;
            let (is_personalist, reaches): (Vec<bool>, bool) = match fitted.model.explanation.values {
                Values::UnitInterval { .. } => {
                    let index = frame.number(variable).ok()?;
                    let fully = index.iter().any(|value| *value >= 1.0);
                    (index.iter().map(|value| *value > PERSONALIST).collect(), fully)
                }
                Values::Levels(levels) => {
                    let first = levels.first().copied().unwrap_or_default();
                    let regimes = frame.category(variable).ok()?;
                    (regimes.map(|level| level == first).collect(), true)
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
            outside &= !reaches;
            traded &= dependence.iter().all(|value| *value > 0.0);
        }
        let mean = |count: usize| (count as f64 / f64::from(fits)).round() as usize;
        Some(Support {
            personalist_at_high: mean(personalist),
            at_high: mean(all),
            conceded: mean(conceded),
            detectable: (WIDE + POWER) * std_error,
            outside: outside || traded,
        })
    }

    /// Warnings where the number rests on little.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let few = (self.personalist_at_high < FEW).then(|| {
            format!(
                "fewer than {FEW} personalist episodes reach high dependence, so that the number rests on the shape of the \
                 model more than on them"
            )
        });
        let outside = self
            .outside
            .then(|| "no episode lies at one of the ends that are compared".to_owned());
        few.into_iter().chain(outside).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_episodes_and_ends_outside_the_data_are_warned_of() {
        let support = |personalist_at_high, outside| Support {
            personalist_at_high,
            at_high: 50,
            conceded: 0,
            detectable: 0.3,
            outside,
        };
        assert!(support(FEW, false).warnings().is_empty());
        assert_eq!(support(FEW - 1, false).warnings().len(), 1);
        assert_eq!(support(FEW, true).warnings().len(), 1);
        assert_eq!(support(0, true).warnings().len(), 2);
    }
}
