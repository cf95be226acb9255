//! Families: several slopes or comparisons that are read together, and what each of them is worth then.
//!
//! Of many effects some look different from zero by chance. Bonferroni's p-value is `k p` for `k` effects, his interval has
//! the coverage `1 - (1 - level) / k`. Holm (1979, Scandinavian Journal of Statistics 6(2)) multiplies the smallest p-value
//! by `k`, the next by `k - 1` and so on, none less than the one before; the interval of each here has the coverage
//! `1 - (1 - level) / m`, `m` being what its own p-value was multiplied by, so that it excludes zero exactly where Holm rejects
//! (Serlin 1993, Journal of Experimental Education 61(4)); such intervals do not cover all effects at once. Sup-t takes the
//! joint normal distribution of all effects: p is the probability that the largest of them is as far from zero, and intervals
//! reach to the quantile of the largest ([`crate::sup_t`]); R's multcomp calls it single-step.

use crate::arithmetic::distribution::normal_quantile;
use crate::arithmetic::order;
use crate::error::{Error, Result};
use crate::quantity::effect::{Effect, Effects};
use crate::quantity::simultaneous::Largest;

/// Directions drawn for sup-t; its critical value is then known to about 0.003.
const DIRECTIONS: usize = 50_000;

/// How p-values and intervals allow for how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Adjustment {
    /// Each as if it were one of so many without anything in common.
    Bonferroni,
    /// The smallest p-value as Bonferroni's, the next as one of one less; intervals that agree.
    Holm,
    /// From the joint distribution of all.
    SupT,
}

/// What an effect is worth as one of its family.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Adjusted {
    /// Two-sided.
    pub p_value: f64,
    /// Lower end of the interval.
    pub conf_low: f64,
    /// Upper end of the interval.
    pub conf_high: f64,
}

/// Effects as a family.
#[derive(Debug, Clone, PartialEq)]
pub struct Family {
    /// One for each effect, in the order of [`Effects::iter`].
    pub adjusted: Vec<Adjusted>,
    /// How many standard errors intervals reach; Holm's reach differently far.
    pub critical: Option<f64>,
    /// Standard error of `critical`, where it is drawn.
    pub critical_error: Option<f64>,
}

impl Effects<'_> {
    /// P-values and intervals of all of these effects as one family, by the delta method.
    ///
    /// # Errors
    /// [`Error::Draws`] where intervals are asked for that are not symmetric: those of draws, or within bounds.
    pub fn family(&self, adjustment: Adjustment, seed: u64) -> Result<Family> {
        let covariance = self.covariance().ok_or_else(|| Error::Draws {
            problem: "p-values and intervals of families come from the delta method".to_owned(),
        })?;
        let effects: Vec<Effect> = self.iter().collect();
        let tail = 1.0 - self.level();
        Ok(match adjustment {
            Adjustment::Bonferroni => bonferroni(&effects, tail),
            Adjustment::Holm => holm(&effects, tail),
            Adjustment::SupT => match Largest::new(&covariance, DIRECTIONS, seed) {
                Some(largest) => sup_t(&effects, tail, &largest),
                // Nothing varies.
                None => bonferroni(&effects, tail),
            },
        })
    }
}

/// How far an interval reaches whose coverage is `1 - tail`.
fn reach(tail: f64) -> f64 {
    normal_quantile(1.0 - tail / 2.0)
}

fn adjusted(effect: &Effect, p_value: f64, reach: f64) -> Adjusted {
    Adjusted {
        p_value,
        conf_low: effect.estimate - reach * effect.std_error,
        conf_high: effect.estimate + reach * effect.std_error,
    }
}

fn bonferroni(effects: &[Effect], tail: f64) -> Family {
    let times = effects.len() as f64;
    let reach = reach(tail / times);
    let one = |effect: &Effect| adjusted(effect, (times * effect.p_value).min(1.0), reach);
    Family {
        adjusted: effects.iter().map(one).collect(),
        critical: Some(reach),
        critical_error: None,
    }
}

fn holm(effects: &[Effect], tail: f64) -> Family {
    let mut places: Vec<usize> = (0..effects.len()).collect();
    order::by(&mut places, |a, b| {
        effects[*a].p_value.total_cmp(&effects[*b].p_value)
    });
    let mut found: Vec<Option<Adjusted>> = vec![None; effects.len()];
    let mut largest: f64 = 0.0;
    for (rank, place) in places.into_iter().enumerate() {
        let effect = &effects[place];
        let left = (effects.len() - rank) as f64;
        let p = effect.p_value;
        // `max` would lose what is not a number.
        largest = if p.is_nan() { p } else { largest.max(left * p) };
        let times = if p > 0.0 { largest / p } else { left };
        found[place] = Some(adjusted(
            effect,
            if largest > 1.0 { 1.0 } else { largest },
            reach(tail / times),
        ));
    }
    Family {
        adjusted: found.into_iter().flatten().collect(),
        critical: None,
        critical_error: None,
    }
}

fn sup_t(effects: &[Effect], tail: f64, largest: &Largest) -> Family {
    let critical = largest.critical(1.0 - tail);
    let one = |effect: &Effect| adjusted(effect, largest.p_value(effect.statistic), critical.value);
    Family {
        adjusted: effects.iter().map(one).collect(),
        critical: Some(critical.value),
        critical_error: Some(critical.std_error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::effect::Comparison;
    use crate::quantity::interval::Interval;
    use crate::quantity::setting::At;
    use crate::testing::generated;

    const ALL: [Adjustment; 3] = [Adjustment::Bonferroni, Adjustment::Holm, Adjustment::SupT];

    #[test]
    fn intervals_exclude_zero_where_p_values_are_small() {
        let fit = generated("y ~ x * g + z").fit;
        for level in [0.5, 0.9, 0.95, 0.999] {
            let fit = fit.with_level(level).unwrap();
            let effects = fit.slopes(["x", "g", "z"], &At::observed()).unwrap();
            let alone: Vec<Effect> = effects.iter().collect();
            for adjustment in ALL {
                let family = effects.family(adjustment, 1).unwrap();
                assert_eq!(family.adjusted.len(), alone.len());
                for (one, effect) in family.adjusted.iter().zip(&alone) {
                    let excludes = one.conf_low > 0.0 || one.conf_high < 0.0;
                    assert_eq!(excludes, one.p_value < 1.0 - level, "{adjustment:?} {one:?}");
                    assert!(one.p_value >= effect.p_value - 1e-9 && one.p_value <= 1.0);
                    assert!(one.conf_low <= effect.conf_low + 1e-9);
                }
            }
        }
    }

    /// Holm is never larger than Bonferroni, and sup-t knows what Bonferroni does not: that probabilities sum to one.
    #[test]
    fn adjustments_are_ordered() {
        let fit = generated("y ~ x + g").fit;
        let slopes = fit.slopes(["g"], &At::observed()).unwrap();
        let of = |adjustment| slopes.family(adjustment, 1).unwrap();
        let [bonferroni, holm, sup_t] = ALL.map(of);
        for ((b, h), s) in bonferroni
            .adjusted
            .iter()
            .zip(&holm.adjusted)
            .zip(&sup_t.adjusted)
        {
            assert!(h.p_value <= b.p_value && s.p_value <= b.p_value + 1e-9);
        }
        assert!(sup_t.critical.unwrap() < bonferroni.critical.unwrap() - 0.05);
        assert!(holm.critical.is_none());
    }

    /// R: p.adjust(c(0.01, 0.04, 0.03, 0.005, 0.9), "holm") is 0.04, 0.09, 0.09, 0.025, 0.9.
    #[test]
    fn holm_is_r_s() {
        let fit = generated("y ~ x").fit;
        let first = fit.slopes(["x"], &At::observed()).unwrap().iter().next().unwrap();
        let effects = [0.01, 0.04, 0.03, 0.005, 0.9].map(|p_value| Effect {
            p_value,
            ..first.clone()
        });
        let found = holm(&effects, 0.05).adjusted;
        for (one, expected) in found.iter().zip([0.04, 0.09, 0.09, 0.025, 0.9]) {
            assert!((one.p_value - expected).abs() < 1e-15, "{one:?}");
        }
    }

    /// Two settings asked for one after the other are one family, with the covariance they have together.
    #[test]
    fn settings_are_joined() {
        let fit = generated("y ~ x * g").fit;
        let at = |level: &str| At::observed().with("g", level);
        let of = |at: &At| fit.comparisons([Comparison::of("x")], at).unwrap();
        let twice = of(&at("p")).and(of(&at("p")));
        let family = twice.family(Adjustment::SupT, 1).unwrap();
        let once = of(&at("p")).family(Adjustment::SupT, 1).unwrap();
        assert!(
            (family.critical.unwrap() - once.critical.unwrap()).abs() < 1e-6,
            "what is the same counts once"
        );
        let drawn = fit.simulate(10, 1).unwrap();
        let effects = of(&at("q")).with_interval(&Interval::Draws(&drawn)).unwrap();
        assert!(effects.family(Adjustment::Holm, 1).is_err());
    }
}
