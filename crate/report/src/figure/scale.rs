//! Scales that a share can stand on.

use serde::{Deserialize, Serialize};

/// How a share between 0 and 1 becomes a position; no share is 0 on each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// ln(1 + 1000 × share).
    #[default]
    Log,
    /// ln(1 + 100 × share).
    Log100,
    /// ln(1 + 10,000 × share).
    Log10000,
    /// Square root of the share.
    Root,
    /// The share as it is.
    Share,
}

impl Scale {
    /// A share on this scale.
    #[must_use]
    pub fn of(self, share: f64) -> f64 {
        match self {
            Self::Log | Self::Log100 | Self::Log10000 => libm::log1p(self.factor() * share),
            Self::Root => share.sqrt(),
            Self::Share => share,
        }
    }

    /// The share that a value of this scale means.
    #[must_use]
    pub fn share(self, value: f64) -> f64 {
        match self {
            Self::Log | Self::Log100 | Self::Log10000 => libm::expm1(value) / self.factor(),
            Self::Root => value * value,
            Self::Share => value,
        }
    }

    /// What a share is multiplied by before 1 is added and the logarithm taken; 1 where none is taken. The larger it is,
    /// the more small shares are told apart.
    #[must_use]
    pub const fn factor(self) -> f64 {
        match self {
            Self::Log => 1000.0,
            Self::Log100 => 100.0,
            Self::Log10000 => 10_000.0,
            Self::Root | Self::Share => 1.0,
        }
    }

    /// Shares that are worth a tick; none where round values do.
    pub(super) const fn ticks(self) -> &'static [f64] {
        match self {
            Self::Log => &[0.0, 0.001, 0.01, 0.1, 1.0],
            Self::Log100 => &[0.0, 0.01, 0.03, 0.1, 0.3, 1.0],
            Self::Log10000 => &[0.0, 0.0001, 0.001, 0.01, 0.1, 1.0],
            Self::Root => &[0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0],
            Self::Share => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_comes_back_from_every_scale() {
        for scale in [
            Scale::Log,
            Scale::Log100,
            Scale::Log10000,
            Scale::Root,
            Scale::Share,
        ] {
            assert_eq!(scale.of(0.0), 0.0);
            for share in [0.001, 0.02, 0.5, 1.0] {
                assert!((scale.share(scale.of(share)) - share).abs() < 1e-15);
            }
        }
    }

    #[test]
    fn the_larger_the_factor_the_more_small_shares_are_told_apart() {
        let part = |scale: Scale| scale.of(0.001) / scale.of(1.0);
        assert!(part(Scale::Log100) < part(Scale::Log) && part(Scale::Log) < part(Scale::Log10000));
    }
}
