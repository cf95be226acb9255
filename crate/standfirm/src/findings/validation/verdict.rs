//! Whether regime type helps to predict, in words.

use report::words::signed;

use crate::findings::validation::results::{Forecast, ScoreDifference, ScoreKind, Spread, Validation};

/// A verdict holds where it does in this part of all ways to make the folds.
const NEARLY_ALL: f64 = 0.95;

impl Validation {
    fn difference(&self, score: ScoreKind, against: Forecast) -> Option<&ScoreDifference> {
        let mut all = self.cross_validated.differences.iter();
        all.find(|one| one.score == score && one.against == against)
    }

    /// A difference over all ways to make the folds; none where they were made once.
    #[must_use]
    pub fn spread(&self, score: ScoreKind, against: Forecast) -> Option<&Spread> {
        self.spreads
            .iter()
            .find(|one| one.score == score && one.against == against)
    }

    /// Whether regime type helps to predict, by both scores of cross-validated forecasts: in nearly all ways to make the
    /// folds, where there are several.
    #[must_use]
    pub fn verdict(&self) -> &'static str {
        let both = |once: fn(&ScoreDifference) -> bool, often: fn(&Spread) -> usize| {
            [ScoreKind::Log, ScoreKind::Brier].iter().all(|score| {
                match self.spread(*score, Forecast::WithoutRegime) {
                    Some(spread) => often(spread) as f64 >= NEARLY_ALL * spread.repeats as f64,
                    None => self.difference(*score, Forecast::WithoutRegime).is_some_and(once),
                }
            })
        };
        if both(|one| one.conf_high < 0.0, |one| one.surely_better) {
            "Regime type helps to predict"
        } else if both(|one| one.conf_low > 0.0, |one| one.surely_worse) {
            "Regime type makes predictions worse"
        } else {
            "Regime type does not help to predict beyond chance"
        }
    }

    /// The answer with its number, for a title.
    #[must_use]
    pub fn answer(&self) -> String {
        let verdict = self.verdict();
        if let Some(spread) = self.spread(ScoreKind::Log, Forecast::WithoutRegime) {
            return format!(
                "{verdict}: with it the cross-validated log score is {:.3} {} at the median of {} ways to make the folds ({} \
                 to {})",
                spread.median.abs(),
                worse(spread.median),
                spread.repeats,
                signed(spread.low),
                signed(spread.high)
            );
        }
        let Some(log) = self.difference(ScoreKind::Log, Forecast::WithoutRegime) else {
            return verdict.to_owned();
        };
        format!(
            "{verdict}: with it the cross-validated log score is {:.3} {} ({} to {})",
            log.estimate.abs(),
            worse(log.estimate),
            signed(log.conf_low),
            signed(log.conf_high)
        )
    }

    /// Whether regime type helps to predict, in a few sentences.
    #[must_use]
    pub fn sentences(&self) -> String {
        let (Some(log), Some(shares)) = (
            self.difference(ScoreKind::Log, Forecast::WithoutRegime),
            self.difference(ScoreKind::Log, Forecast::Shares),
        ) else {
            return String::new();
        };
        let verdict = self.verdict();
        let unit = match self.clusters.as_str() {
            "dyad" => "pair",
            other => other,
        };
        let first = if self.spreads.is_empty() {
            ""
        } else {
            ", with the first folds"
        };
        let mut text = format!(
            "{verdict}. Forecasting threats of {unit}s it has not seen, the model scores {:.3} {} with regime type than \
             without it{first} (log score; 95% interval of the difference {} to {}), and {:.3} {} than the outcome shares \
             alone.",
            log.estimate.abs(),
            worse(log.estimate),
            signed(log.conf_low),
            signed(log.conf_high),
            shares.estimate.abs(),
            worse(shares.estimate),
        );
        if let Some(spread) = self.spread(ScoreKind::Log, Forecast::WithoutRegime) {
            text.push_str(&format!(
                " Which {unit}s come together is chance: over {} ways to make the folds the difference lies between {} and {} \
                 (in 19 of 20), is worse beyond chance in {} and better beyond chance in {}.",
                spread.repeats,
                signed(spread.low),
                signed(spread.high),
                spread.surely_worse,
                spread.surely_better
            ));
        }
        text.push_str(&self.near_zero());
        text
    }

    /// What the floor of the log score does, where it does anything.
    fn near_zero(&self) -> String {
        let floored = self
            .cross_validated
            .forecasts
            .first()
            .map_or(0, |one| one.floored);
        let at = |floor: Option<f64>| self.floors.iter().find(|one| one.floor == floor);
        let (Some(high), Some(low), Some(without)) = (at(Some(1e-2)), at(Some(1e-9)), at(None)) else {
            return String::new();
        };
        let outcomes = match floored {
            0 => return String::new(),
            1 => "One outcome had a probability of nearly 0 and is".to_owned(),
            some => format!("{some} outcomes had a probability of nearly 0 and are"),
        };
        format!(
            " {outcomes} scored as one in a million. Against the outcome shares that decides much: the model’s difference is {} \
             were they scored as one in a hundred, {} as one in a thousand million, {} without them; against the model without \
             regime type {}, {} and {}.",
            signed(high.against_shares),
            signed(low.against_shares),
            signed(without.against_shares),
            signed(high.against_without_regime),
            signed(low.against_without_regime),
            signed(without.against_without_regime),
        )
    }
}

/// Of a difference of scores, of which less is better.
fn worse(difference: f64) -> &'static str {
    if difference < 0.0 { "better" } else { "worse" }
}
