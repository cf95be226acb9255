//! Where the study's question is put to a model: at which dependence, and against which regime.

use mlogit::order::quantile;

/// What counts as high dependence, among the episodes that a model uses and on the model's scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum High {
    /// Its 90th percentile: one episode in ten is above.
    #[default]
    P90,
    /// Its 75th percentile.
    P75,
    /// Its 95th percentile.
    P95,
    /// The most there is.
    Most,
    /// Its mean plus one standard deviation.
    Deviation,
}

/// The regime that personalists are contrasted with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Against {
    /// Democracies.
    #[default]
    Democracies,
    /// Autocracies of another kind.
    Autocracies,
}

impl High {
    /// The dependence that counts as high among these values; not a number where there are none.
    #[must_use]
    pub fn of(self, values: &[f64]) -> f64 {
        match self {
            Self::P90 => quantile(values, 0.9),
            Self::P75 => quantile(values, 0.75),
            Self::P95 => quantile(values, 0.95),
            Self::Most => quantile(values, 1.0),
            Self::Deviation => {
                let count = values.len() as f64;
                let mean = values.iter().sum::<f64>() / count;
                let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
                mean + (squares / (count - 1.0)).sqrt()
            }
        }
    }

    /// Words for it, to be followed by whose it is.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::P90 => "the 90th percentile",
            Self::P75 => "the 75th percentile",
            Self::P95 => "the 95th percentile",
            Self::Most => "the largest value",
            Self::Deviation => "the mean plus one standard deviation",
        }
    }
}

impl Against {
    /// Its level among the regimes.
    #[must_use]
    pub const fn level(self) -> &'static str {
        match self {
            Self::Democracies => "democracy",
            Self::Autocracies => "nonpersonalist",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn high_is_what_it_is_called() {
        let values: Vec<f64> = (0..=100).map(f64::from).collect();
        assert_eq!(High::P90.of(&values), 90.0);
        assert_eq!(High::P75.of(&values), 75.0);
        assert_eq!(High::P95.of(&values), 95.0);
        assert_eq!(High::Most.of(&values), 100.0);
        // The variance of the whole numbers from 0 to n - 1 is n (n + 1) / 12.
        let deviation = f64::sqrt(101.0 * 102.0 / 12.0);
        assert!((High::Deviation.of(&values) - 50.0 - deviation).abs() < 1e-12);
    }
}
