//! Values that no episode of a model comes up to: what is said of them is the model's word alone.

use report::words::{share, trimmed};
use serde::Serialize;

use crate::error::Result;
use crate::study::words::label;
use crate::study::{Model, Values};

/// A value outside the range of a model's episodes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outside {
    /// Words for the variable.
    pub variable: String,
    /// The value; of dependence, a share.
    pub value: f64,
    /// The least that an episode has.
    pub low: f64,
    /// The most that an episode has.
    pub high: f64,
    /// Whether it is a share.
    #[serde(skip)]
    is_share: bool,
}

impl Outside {
    /// Of a value that is below or above this range, not counting rounding; else there is none.
    #[must_use]
    pub fn new(variable: String, value: f64, (low, high): (f64, f64), is_share: bool) -> Option<Self> {
        let rounding = 1e-9 * (high - low).abs();
        (value < low - rounding || value > high + rounding).then_some(Outside {
            variable,
            value,
            low,
            high,
            is_share,
        })
    }

    /// Variable, value and range.
    #[must_use]
    pub fn words(&self) -> String {
        format!(
            "{} is outside the data, which go from {} to {}",
            self.what(),
            self.number(self.low),
            self.number(self.high)
        )
    }

    /// Variable and value.
    #[must_use]
    pub fn what(&self) -> String {
        format!("{} {}", self.variable, self.number(self.value))
    }

    fn number(&self, value: f64) -> String {
        match self.is_share {
            // A share of next to nothing is not nothing: it has two digits.
            true if value > 0.0 && value < 0.0005 => {
                let digits = 1 - libm::floor(libm::log10(value * 100.0)) as i32;
                format!(
                    "{:.*}%",
                    usize::try_from(digits).unwrap_or_default(),
                    value * 100.0
                )
            }
            true => share(value),
            false => trimmed(value),
        }
    }
}

/// The least and the most of what was observed.
#[must_use]
pub fn range(observed: &[f64]) -> (f64, f64) {
    observed
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(*value), high.max(*value))
        })
}

/// A variable of a model at a value that none of its episodes, of which these values were observed, comes up to.
#[must_use]
pub fn outside(model: &Model, variable: &str, value: f64, observed: &[f64]) -> Option<Outside> {
    let (low, high) = range(observed);
    if variable == model.term() {
        let share = |value: f64| model.scale.share(value);
        let words = "trade dependence of".to_owned();
        return Outside::new(words, share(value), (share(low), share(high)), true);
    }
    Outside::new(label(variable), value, (low, high), false)
}

/// Of what is compared when personalists are put beside others at these levels of dependence, that which no episode comes
/// up to. `observed` has the values of a variable in the model's episodes; regimes are not asked of, since a model without
/// any of its regimes is not estimated.
///
/// # Errors
/// Where `observed` has none.
pub fn compared(
    model: &Model,
    dependences: &[f64],
    observed: impl Fn(&str) -> Result<Vec<f64>>,
) -> Result<Vec<Outside>> {
    let mut found = Vec::new();
    let variable = model.explanation.variable;
    if matches!(model.explanation.values, Values::UnitInterval { .. }) {
        let index = observed(variable)?;
        found.extend(
            [0.0, 1.0]
                .into_iter()
                .filter_map(|end| outside(model, variable, end, &index)),
        );
    }
    let dependence = observed(model.term())?;
    let levels = dependences.iter();
    found.extend(levels.filter_map(|level| outside(model, model.term(), *level, &dependence)));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::specification::Specification;

    fn model(key: &str) -> Model {
        Specification::default().find(key).unwrap()
    }

    #[test]
    fn the_ends_are_inside_and_what_is_beyond_is_named() {
        let index = model("index:trade_share");
        let at = |value| outside(&index, "personalist_index", value, &[0.25, 0.5, 0.1]);
        assert_eq!([0.1, 0.3, 0.5].map(at), [None, None, None]);
        assert_eq!(at(0.5 + 1e-12), None, "rounding");
        assert_eq!(
            at(1.0).unwrap().words(),
            "Personalist index 1 is outside the data, which go from 0.1 to 0.5"
        );
        assert!(at(0.0).is_some());
    }

    #[test]
    fn dependence_is_told_as_a_share() {
        let model = model("index:comtrade_import_share");
        let scaled = [0.000_018, 0.2, 0.75].map(|share| model.scale.of(share));
        let none = outside(&model, model.term(), 0.0, &scaled).unwrap();
        assert_eq!(
            none.words(),
            "trade dependence of 0% is outside the data, which go from 0.0018% to 75%"
        );
        assert!((none.low - 0.000_018).abs() < 1e-12 && none.value == 0.0);
    }

    #[test]
    fn what_is_compared_is_looked_at_on_every_side() {
        let index = model("index:trade_share");
        let high = index.scale.of(0.9);
        let observed = |name: &str| {
            Ok(match name {
                "personalist_index" => vec![0.0, 0.9],
                _ => [0.1, 0.5].map(|share| index.scale.of(share)).to_vec(),
            })
        };
        let found = compared(&index, &[high, 0.0], observed).unwrap();
        let values: Vec<f64> = found.iter().map(|one| (one.value * 1e6).round() / 1e6).collect();
        assert_eq!(values, [1.0, 0.9, 0.0]);
        // Regimes have no ends.
        let regime = model("regime:trade_share");
        let observed = |_: &str| Ok(vec![0.0, regime.scale.of(0.95)]);
        assert_eq!(compared(&regime, &[high, 0.0], observed).unwrap(), []);
    }
}
