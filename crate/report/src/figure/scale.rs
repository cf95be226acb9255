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
            Self::Log => libm::log1p(1000.0 * share),
            Self::Root => share.sqrt(),
            Self::Share => share,
        }
    }

    /// The share that a value of this scale means.
    #[must_use]
    pub fn share(self, value: f64) -> f64 {
        match self {
            Self::Log => libm::expm1(value) / 1000.0,
            Self::Root => value * value,
            Self::Share => value,
        }
    }

    /// Shares that are worth a tick; none where round values do.
    pub(super) const fn ticks(self) -> &'static [f64] {
        match self {
            Self::Log => &[0.0, 0.001, 0.01, 0.1, 1.0],
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
        for scale in [Scale::Log, Scale::Root, Scale::Share] {
            assert_eq!(scale.of(0.0), 0.0);
            for share in [0.001, 0.02, 0.5, 1.0] {
                assert!((scale.share(scale.of(share)) - share).abs() < 1e-15);
            }
        }
    }
}
