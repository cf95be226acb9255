//! A value that carries its derivative along.

/// A value, and its derivative by one variable.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Dual {
    pub(crate) value: f64,
    pub(crate) slope: f64,
}

impl Dual {
    /// The chain rule: what `outer` makes of it.
    pub(crate) fn through(self, outer: impl Fn(f64) -> Dual) -> Dual {
        let there = outer(self.value);
        Dual {
            value: there.value,
            slope: times(self.slope, there.slope),
        }
    }
}

/// A slope times a factor; what does not move has no slope, even where the factor is infinite.
pub(crate) fn times(slope: f64, factor: f64) -> f64 {
    if slope == 0.0 { 0.0 } else { slope * factor }
}
