//! Distribution functions, from libm and statrs.

use statrs::function::{erf, gamma};

/// Two-sided p-value of a standard normal `statistic`.
pub fn normal_p_value(statistic: f64) -> f64 {
    // statrs's erfc is good to ten digits only; libm's to the last.
    libm::erfc(statistic.abs() / std::f64::consts::SQRT_2)
}

/// Quantile of the standard normal distribution at `probability`, in (0, 1).
pub fn normal_quantile(probability: f64) -> f64 {
    -std::f64::consts::SQRT_2 * erf::erfc_inv(2.0 * probability)
}

/// Relative risk ratio of a coefficient, `exp(coefficient)`.
pub fn relative_risk_ratio(coefficient: f64) -> f64 {
    libm::exp(coefficient)
}

/// Upper tail probability of a chi-squared `statistic` with `df` degrees of freedom; 1 where either is not
/// positive.
pub fn chi_squared_p_value(statistic: f64, df: usize) -> f64 {
    if df == 0 || statistic.is_nan() || statistic <= 0.0 {
        return 1.0;
    }
    gamma::gamma_ur(df as f64 / 2.0, statistic / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!(
            (found / expected - 1.0).abs() < 1e-12,
            "{found} is not {expected}"
        );
    }

    /// R 4.2: 2 * pnorm(-1.5), 2 * pnorm(-8), qnorm(0.975), pchisq(30, 50, lower = FALSE), pchisq(300, 50, ...).
    #[test]
    fn agree_with_r() {
        close(normal_p_value(-1.5), 0.133_614_402_537_716_17);
        close(normal_p_value(8.0), 1.244_192_114_854_357e-15);
        close(normal_quantile(0.975), 1.959_963_984_540_054);
        close(chi_squared_p_value(30.0, 50), 0.988_835_219_728_449_7);
        close(chi_squared_p_value(300.0, 50), 2.314_136_416_514_07e-37);
    }
}
