//! Student's t and Fisher's F distributions, from statrs.

use statrs::function::beta::beta_reg;

use crate::arithmetic::distribution::{normal_p_value, normal_quantile};

/// From this many degrees of freedom on the expansion of the quantile around the normal's is exact to a double's
/// last digits.
const EXPAND: f64 = 1e4;

/// Two-sided p-value of a `statistic` with `df` degrees of freedom (infinite: the normal's).
pub(crate) fn t_p_value(statistic: f64, df: f64) -> f64 {
    let square = statistic * statistic;
    if df.is_infinite() {
        normal_p_value(statistic)
    } else if df.is_nan() || df <= 0.0 || statistic.is_nan() {
        f64::NAN
    } else if square.is_infinite() {
        0.0
    } else if square < 1.0 {
        1.0 - beta_reg(0.5, df / 2.0, square / (df + square))
    } else {
        beta_reg(df / 2.0, 0.5, df / (df + square))
    }
}

/// Quantile of Student's t at `probability`, in (0, 1), with `df` degrees of freedom.
pub(crate) fn t_quantile(probability: f64, df: f64) -> f64 {
    let z = normal_quantile(probability);
    if df.is_nan() || df <= 0.0 || z.is_nan() {
        return f64::NAN;
    }
    // Hill (1970), Cornish and Fisher's expansion in 1 / df.
    let square = z * z;
    let terms = [
        z * (square + 1.0) / 4.0,
        z * ((5.0 * square + 16.0) * square + 3.0) / 96.0,
        z * (((3.0 * square + 19.0) * square + 17.0) * square - 15.0) / 384.0,
    ];
    let expanded = z + terms.iter().rev().fold(0.0, |sum, term| (sum + term) / df);
    if df >= EXPAND || z == 0.0 {
        return expanded;
    }
    // Newton on the tail probability, which falls convexly: from below no step goes past. Where the expansion is good,
    // it is the better start.
    let tail = 2.0 * probability.min(1.0 - probability);
    let log_scale = libm::lgamma((df + 1.0) / 2.0) - libm::lgamma(df / 2.0);
    let scale = libm::exp(log_scale) / (df * std::f64::consts::PI).sqrt();
    let density = |t: f64| scale * libm::pow(1.0 + t * t / df, -(df + 1.0) / 2.0);
    let mut t = if df >= 30.0 { expanded.abs() } else { z.abs() };
    for _ in 0..200 {
        let step = (t_p_value(t, df) - tail) / (2.0 * density(t));
        t += step;
        // A step squares the error: what is left is beyond the last digit.
        if step.abs() <= 1e-9 * t {
            break;
        }
    }
    t * z.signum()
}

/// Upper tail probability of Fisher's F at `statistic`, with `df1` and `df2` degrees of freedom (`df2` may be
/// infinite).
pub(crate) fn f_p_value(statistic: f64, df1: f64, df2: f64) -> f64 {
    if statistic.is_nan() || df1.is_nan() || df2.is_nan() || df1 <= 0.0 || df2 <= 0.0 {
        f64::NAN
    } else if statistic <= 0.0 {
        1.0
    } else if df2.is_infinite() {
        statrs::function::gamma::gamma_ur(df1 / 2.0, df1 * statistic / 2.0)
    } else {
        beta_reg(df2 / 2.0, df1 / 2.0, df2 / (df2 + df1 * statistic))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!(
            (found / expected - 1.0).abs() < 1e-11,
            "{found} is not {expected}"
        );
    }

    /// R 4.2: 2 * pt(-1.5, 3), 2 * pt(-0.3, 50.5), 2 * pt(-8, 886), 2 * pt(-2, 6175071), qt(0.975, ...), pf(...).
    #[test]
    fn agree_with_r() {
        close(t_p_value(-1.5, 3.0), 0.230_583_865_244_822_83);
        close(t_p_value(0.3, 50.5), 0.765_408_600_307_625);
        close(t_p_value(8.0, 886.0), 3.880_865_075_269_135e-15);
        assert!((t_p_value(2.0, 6_175_071.0) / 0.045_500_307_613_240_91 - 1.0).abs() < 1e-8);
        close(t_quantile(0.975, 1.0), 12.706_204_736_174_694);
        close(t_quantile(0.975, 3.7), 2.867_520_707_191_191_7);
        close(t_quantile(0.975, 19.0), 2.093_024_054_408_309);
        close(t_quantile(0.975, 886.2), 1.962_644_484_915_13);
        close(t_quantile(0.975, 20_000.0), 1.960_082_605_158_134_4);
        close(t_quantile(0.01, 9_999.0), -2.326_720_875_975_39);
        close(f_p_value(2.5, 3.0, 17.4), 0.093_451_873_255_510_44);
        close(f_p_value(2.5, 3.0, f64::INFINITY), 0.057_558_451_972_636_406);
        assert!((f_p_value(0.2, 5.0, 1e6) - 0.962_565_692_590_461_9).abs() < 1e-9);
    }

    #[test]
    fn without_degrees_of_freedom_there_is_no_distribution() {
        for df in [0.0, -1.0, f64::NAN] {
            assert!(
                t_quantile(0.975, df).is_nan() && t_p_value(2.0, df).is_nan(),
                "{df}"
            );
            assert!(f_p_value(2.5, df, 10.0).is_nan(), "{df}");
            assert!(f_p_value(2.5, 3.0, df).is_nan(), "{df}");
        }
    }
}
