//! Rubin's rules: one result from the analyses of several completed data sets.
//!
//! For `m` estimates `Q_i` with variances `U_i` (Rubin 1987, ch. 3):
//!
//! ```text
//! estimate           Q = mean(Q_i)
//! within             U = mean(U_i)
//! between            B = sum (Q_i - Q)^2 / (m - 1)
//! total              T = U + (1 + 1/m) B
//! relative_increase  r = (1 + 1/m) B / U
//! lambda             (1 + 1/m) B / T = r / (1 + r)
//! df_rubin           (m - 1) / lambda^2
//! df                 1 / (1 / df_rubin + 1 / df_observed),
//!                    df_observed = (df_complete + 1) / (df_complete + 3) df_complete (1 - lambda)
//! fmi                (r + 2 / (df + 3)) / (1 + r)
//! ```
//!
//! `df` is Barnard and Rubin's (1999), which never exceeds `df_complete`, the degrees of freedom without missing
//! values; `lambda` is the part of the variance that is due to missing values, and `fmi` the fraction of
//! missing information, which allows for the finite `m`.
//!
//! Sources: D. B. Rubin, *Multiple Imputation for Nonresponse in Surveys*, 1987; J. Barnard & D. B. Rubin,
//! *Biometrika* 86(4), 1999; K. H. Li, T. E. Raghunathan & D. B. Rubin, *JASA* 86, 1991; J. P. Reiter,
//! *Biometrika* 94(2), 2007.

use nalgebra::{Cholesky, DMatrix, DVector};

use crate::arithmetic::student_t::{f_p_value, t_p_value, t_quantile};
use crate::error::{Error, Result};

/// A quantity pooled by Rubin's rules.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pooled {
    /// Number of analyses.
    pub m: usize,
    /// Mean of the estimates.
    pub estimate: f64,
    /// Root of the total variance.
    pub std_error: f64,
    /// Mean of the variances.
    pub within: f64,
    /// Variance of the estimates between analyses.
    pub between: f64,
    /// Total variance.
    pub total: f64,
    /// Relative increase of the variance because of missing values, `r`.
    pub relative_increase: f64,
    /// Part of the total variance that is due to missing values.
    pub lambda: f64,
    /// Fraction of missing information, for the finite number of analyses and degrees of freedom.
    pub fmi: f64,
    /// Degrees of freedom for a complete sample of any size (Rubin 1987); infinite where the estimates do not vary.
    pub df_rubin: f64,
    /// Degrees of freedom for the size of the complete sample (Barnard & Rubin 1999).
    pub df: f64,
    /// Estimate by standard error.
    pub statistic: f64,
    /// Two-sided, from Student's t with `df` degrees of freedom.
    pub p_value: f64,
    /// Lower end of the 95 % interval, from Student's t.
    pub conf_low: f64,
    /// Upper end of the 95 % interval.
    pub conf_high: f64,
}

/// Pools estimates with their variances, one of each from every completed data set.
///
/// `df_complete` are the degrees of freedom that the analysis would have without missing values: rows less
/// parameters, or infinity.
///
/// An estimate that is infinite in some analysis (a separated model at its limit) is infinite pooled, and nothing
/// is known of its uncertainty: the other numbers are not a number.
///
/// ```
/// let pooled = mlogit::pool(&[1.0, 1.2, 0.8], &[0.04, 0.05, 0.045], 200.0)?;
/// assert_eq!(pooled.estimate, 1.0);
/// assert!((pooled.total - (0.045 + 4.0 / 3.0 * 0.04)).abs() < 1e-15);
/// # Ok::<(), mlogit::Error>(())
/// ```
///
/// # Errors
/// [`Error::Pooling`]: fewer than two estimates, not as many variances, a negative variance, `df_complete` not
/// above 0.
pub fn pool(estimates: &[f64], variances: &[f64], df_complete: f64) -> Result<Pooled> {
    check(estimates.len(), variances.len(), df_complete)?;
    if let Some(negative) = variances.iter().find(|variance| **variance < 0.0) {
        return Err(wrong(format!("a variance of {negative}")));
    }
    let m = estimates.len() as f64;
    let estimate = estimates.iter().sum::<f64>() / m;
    let within = variances.iter().sum::<f64>() / m;
    let squares: f64 = estimates
        .iter()
        .map(|one| (one - estimate) * (one - estimate))
        .sum();
    let between = squares / (m - 1.0);
    let increase = (1.0 + 1.0 / m) * between;
    let total = within + increase;
    // A difference of nothing with itself varies neither within nor between.
    let (relative_increase, lambda) = if increase == 0.0 {
        (0.0, 0.0)
    } else {
        (increase / within, increase / total)
    };
    let df_rubin = (m - 1.0) / (lambda * lambda);
    let df = barnard_rubin(df_rubin, lambda, df_complete);
    let fmi = if relative_increase.is_infinite() {
        1.0
    } else {
        (relative_increase + 2.0 / (df + 3.0)) / (1.0 + relative_increase)
    };
    let std_error = total.sqrt();
    let statistic = if std_error > 0.0 || estimate != 0.0 {
        estimate / std_error
    } else {
        0.0
    };
    let half = if std_error > 0.0 {
        t_quantile(0.975, df) * std_error
    } else {
        std_error
    };
    Ok(Pooled {
        m: estimates.len(),
        estimate,
        std_error,
        within,
        between,
        total,
        relative_increase,
        lambda,
        fmi,
        df_rubin,
        df,
        statistic,
        p_value: t_p_value(statistic, df),
        conf_low: estimate - half,
        conf_high: estimate + half,
    })
}

/// A Wald test of several pooled quantities at once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PooledWald {
    /// The statistic D1.
    pub statistic: f64,
    /// Number of quantities, the numerator's degrees of freedom.
    pub df1: usize,
    /// The denominator's degrees of freedom.
    pub df2: f64,
    /// From Fisher's F.
    pub p_value: f64,
    /// Average relative increase of the variance because of missing values, `r1`.
    pub relative_increase: f64,
}

/// Tests that `k` quantities are all zero (Li, Raghunathan & Rubin 1991): `D1 = Q' U^-1 Q / (k (1 + r1))`,
/// `r1 = (1 + 1/m) trace(B U^-1) / k`, against F with `k` and `df2` degrees of freedom. `df2` is Reiter's
/// (2007); theirs where `df_complete` is infinite or k (m - 1) is 4 or less.
///
/// `estimates` holds the `k` estimates of each analysis, `covariances` their `k` x `k` covariance, flat; differences
/// from other hypothetical values than zero can be given as estimates.
///
/// # Errors
/// [`Error::Pooling`]: as [`pool`], analyses of differing size, a singular mean covariance.
pub fn pool_wald(estimates: &[Vec<f64>], covariances: &[Vec<f64>], df_complete: f64) -> Result<PooledWald> {
    check(estimates.len(), covariances.len(), df_complete)?;
    let k = estimates[0].len();
    let sized =
        estimates.iter().all(|one| one.len() == k) && covariances.iter().all(|one| one.len() == k * k);
    if k == 0 || !sized {
        return Err(wrong(
            "every analysis needs the same number k of estimates, and k x k covariances".to_owned(),
        ));
    }
    let m = estimates.len() as f64;
    let mean = estimates.iter().fold(DVector::zeros(k), |sum, one| {
        sum + DVector::from_column_slice(one)
    }) / m;
    let within = covariances.iter().fold(DMatrix::zeros(k, k), |sum, one| {
        sum + DMatrix::from_row_slice(k, k, one)
    }) / m;
    let mut between = DMatrix::zeros(k, k);
    for one in estimates {
        let off = DVector::from_column_slice(one) - &mean;
        between.ger(1.0 / (m - 1.0), &off, &off, 1.0);
    }
    let factor = Cholesky::new(within).ok_or_else(|| wrong("the mean covariance is singular".to_owned()))?;
    let r = (1.0 + 1.0 / m) * factor.solve(&between).trace() / k as f64;
    let statistic = mean.dot(&factor.solve(&mean)) / (k as f64 * (1.0 + r));
    let df2 = denominator_df(k as f64, m, r, df_complete);
    Ok(PooledWald {
        statistic,
        df1: k,
        df2,
        p_value: f_p_value(statistic, k as f64, df2),
        relative_increase: r,
    })
}

fn check(estimates: usize, variances: usize, df_complete: f64) -> Result<()> {
    if estimates < 2 {
        Err(wrong(format!("{estimates} analyses; at least 2 are needed")))
    } else if variances != estimates {
        Err(wrong(format!("{estimates} estimates, but {variances} variances")))
    } else if df_complete.is_nan() || df_complete <= 0.0 {
        Err(wrong(format!("{df_complete} complete-data degrees of freedom")))
    } else {
        Ok(())
    }
}

fn wrong(problem: String) -> Error {
    Error::Pooling { problem }
}

fn barnard_rubin(df_rubin: f64, lambda: f64, df_complete: f64) -> f64 {
    if df_complete.is_infinite() {
        return df_rubin;
    }
    let observed = (df_complete + 1.0) / (df_complete + 3.0) * df_complete * (1.0 - lambda);
    1.0 / (1.0 / df_rubin + 1.0 / observed)
}

fn denominator_df(k: f64, m: f64, r: f64, df_complete: f64) -> f64 {
    let t = k * (m - 1.0);
    if t <= 4.0 {
        let factor = 1.0 + 1.0 / r;
        t * (1.0 + 1.0 / k) * factor * factor / 2.0
    } else if df_complete.is_infinite() {
        let factor = 1.0 + (1.0 - 2.0 / t) / r;
        4.0 + (t - 4.0) * factor * factor
    } else {
        let a = r * t / (t - 2.0);
        let observed = (df_complete + 1.0) / (df_complete + 3.0) * df_complete;
        let one = observed - 2.0 * (1.0 + a);
        let two = observed - 4.0 * (1.0 + a);
        let terms = a * a * one / ((1.0 + a) * (1.0 + a) * two)
            + 8.0 * a * a * one / ((1.0 + a) * two * two)
            + 4.0 * a * a / ((1.0 + a) * two)
            + 4.0 * a * a / (two * one)
            + 16.0 * a * a * one / (two * two * two)
            + 8.0 * a * a / (two * two);
        4.0 + 1.0 / (1.0 / two + terms / (t - 4.0))
    }
}
