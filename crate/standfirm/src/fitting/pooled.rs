//! Puts the results of several completed tables together, by Rubin's rules: see [`mlogit::pooling`].

use mlogit::pooling::{Pooled, pool, pool_wald};
use mlogit::{Error, Fit, bounded_difference, bounded_probability};
use report::results::{Coefficient, LikelihoodRatio, ModelReport, Pooling, Predicted, Wald};

use crate::error::Result;

/// Degrees of freedom that a fit would have were nothing missing: rows less parameters.
pub(crate) fn complete_df(fit: &Fit) -> f64 {
    (fit.n() - fit.parameters() as f64).max(1.0)
}

/// The report of a model from its fits, of which there are at least two, and the pooled test of all its terms.
///
/// Coefficients are pooled. Log-likelihood and what is made of it are means: they describe the completed
/// tables. Iterations, gradient and condition are the worst of all fits.
pub(crate) fn model(fits: &[&Fit], test: Option<&Wald>) -> Result<ModelReport> {
    let mut reports = fits.iter().map(|fit| ModelReport::from(*fit));
    let Some(mut model) = reports.next() else {
        return Err(none().into());
    };
    let others: Vec<ModelReport> = reports.collect();
    let df = fits.first().map_or(1.0, |fit| complete_df(fit));
    for coefficient in &mut model.coefficients {
        let mut estimates = vec![(coefficient.estimate, coefficient.std_error)];
        for other in &others {
            // By name: fits need not list their terms alike.
            let same =
                |known: &&Coefficient| known.term == coefficient.term && known.outcome == coefficient.outcome;
            let other = other
                .coefficients
                .iter()
                .find(same)
                .ok_or_else(|| Error::UnknownCoefficient {
                    outcome: coefficient.outcome.clone(),
                    term: coefficient.term.clone(),
                })?;
            estimates.push((other.estimate, other.std_error));
        }
        let pooled = rubin(&estimates, df)?;
        coefficient.estimate = pooled.estimate;
        coefficient.std_error = pooled.std_error;
        coefficient.statistic = pooled.statistic;
        coefficient.p_value = pooled.p_value;
        coefficient.conf_low = pooled.conf_low;
        coefficient.conf_high = pooled.conf_high;
        coefficient.pooling = Some(Pooling::from(pooled));
    }
    let m = fits.len() as f64;
    let mean =
        |first: f64, field: fn(&ModelReport) -> f64| (first + others.iter().map(field).sum::<f64>()) / m;
    model.loglik = mean(model.loglik, |model| model.loglik);
    model.loglik_null = mean(model.loglik_null, |model| model.loglik_null);
    model.aic = mean(model.aic, |model| model.aic);
    model.bic = mean(model.bic, |model| model.bic);
    model.mcfadden_r2 = mean(model.mcfadden_r2, |model| model.mcfadden_r2);
    model.lr = LikelihoodRatio {
        statistic: mean(model.lr.statistic, |model| model.lr.statistic),
        df: model.lr.df,
        p_value: test.map_or(f64::NAN, |test| test.p_value),
    };
    for other in &others {
        model.iterations = model.iterations.max(other.iterations);
        model.gradient_norm = model.gradient_norm.max(other.gradient_norm);
        model.condition = model.condition.max(other.condition);
        for warning in &other.warnings {
            if !model.warnings.contains(warning) {
                model.warnings.push(warning.clone());
            }
        }
    }
    for warning in &mut model.warnings {
        let count = |warnings: &[String]| usize::from(warnings.contains(warning));
        let times = fits
            .iter()
            .map(|fit| fit.warnings().iter().map(ToString::to_string).collect::<Vec<_>>())
            .map(|warnings| count(&warnings))
            .sum::<usize>();
        if times < fits.len() {
            warning.push_str(&format!(" (in {times} of {} imputations)", fits.len()));
        }
    }
    Ok(model)
}

/// The pooled Wald test of all terms but the intercepts; `None` where a coefficient has no finite estimate.
pub(crate) fn wald(fits: &[&Fit]) -> Result<Option<Wald>> {
    let Some(first) = fits.first() else {
        return Ok(None);
    };
    let tested: Vec<mlogit::Coefficient> = first
        .coefficients()
        .filter(|coefficient| coefficient.term != "(Intercept)")
        .collect();
    let names: Vec<(&str, &str)> = tested.iter().map(|one| (&*one.outcome, &*one.term)).collect();
    let (mut estimates, mut covariances) = (Vec::new(), Vec::new());
    for fit in fits {
        let coefficients: Vec<mlogit::Coefficient> = fit.coefficients().collect();
        let find = |(outcome, term): &(&str, &str)| {
            let same = |known: &&mlogit::Coefficient| known.outcome == *outcome && known.term == *term;
            coefficients.iter().find(same).map(|known| known.estimate)
        };
        let Some(all) = names.iter().map(find).collect::<Option<Vec<f64>>>() else {
            return Ok(None);
        };
        if !all.iter().all(|estimate| estimate.is_finite()) {
            return Ok(None);
        }
        estimates.push(all);
        covariances.push(fit.covariances(&names)?);
    }
    let test = pool_wald(&estimates, &covariances, complete_df(first))?;
    Ok(Some(Wald {
        statistic: test.statistic,
        df1: test.df1,
        df2: test.df2,
        p_value: test.p_value,
    }))
}

/// `predicted` of the first fit, pooled: `all` has the estimates of every fit with their standard errors, those of
/// predictions before those of comparisons. `bounded` intervals stay within the range of probabilities and their
/// differences.
pub(crate) fn predicted(
    mut predicted: Predicted,
    all: &[Vec<(f64, f64)>],
    df: f64,
    bounded: bool,
) -> Result<Predicted> {
    let pooled = |position: usize| {
        let each: Vec<(f64, f64)> = all.iter().filter_map(|one| one.get(position).copied()).collect();
        rubin(&each, df)
    };
    let mut positions = 0..;
    for (one, position) in predicted.predictions.iter_mut().zip(&mut positions) {
        let result = pooled(position)?;
        one.estimate = result.estimate;
        one.std_error = result.std_error;
        one.conf_low = result.conf_low;
        one.conf_high = result.conf_high;
        if bounded {
            let half = result.conf_high - result.estimate;
            (one.conf_low, one.conf_high) = bounded_probability(result.estimate, half);
        }
        one.pooling = Some(Pooling::from(result));
    }
    for (one, position) in predicted.comparisons.iter_mut().zip(positions) {
        let result = pooled(position)?;
        one.estimate = result.estimate;
        one.std_error = result.std_error;
        one.statistic = result.statistic;
        one.p_value = result.p_value;
        one.conf_low = result.conf_low;
        one.conf_high = result.conf_high;
        if bounded {
            let half = result.conf_high - result.estimate;
            (one.conf_low, one.conf_high) = bounded_difference(result.estimate, half);
        }
        one.pooling = Some(Pooling::from(result));
    }
    Ok(predicted)
}

/// The joint covariance of several quantities: the mean of those of the fits, and what the estimates differ between fits
/// where there are several, `W + (1 + 1/m) B` (Rubin 1987).
pub(crate) fn covariance(within: &[Vec<Vec<f64>>], estimates: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let m = within.len() as f64;
    let size = within.first().map_or(0, Vec::len);
    let mean = |k: usize| estimates.iter().map(|one| one[k]).sum::<f64>() / m;
    let means: Vec<f64> = (0..size).map(mean).collect();
    let cell = |a: usize, b: usize| {
        let inner = within.iter().map(|one| one[a][b]).sum::<f64>() / m;
        if within.len() < 2 {
            return inner;
        }
        let products = estimates
            .iter()
            .map(|one| (one[a] - means[a]) * (one[b] - means[b]));
        inner + (1.0 + 1.0 / m) * products.sum::<f64>() / (m - 1.0)
    };
    (0..size)
        .map(|a| (0..size).map(|b| cell(a, b)).collect())
        .collect()
}

pub(crate) fn rubin(estimates: &[(f64, f64)], df: f64) -> Result<Pooled> {
    let values: Vec<f64> = estimates.iter().map(|(estimate, _)| *estimate).collect();
    let variances: Vec<f64> = estimates.iter().map(|(_, error)| error * error).collect();
    Ok(pool(&values, &variances, df)?)
}

fn none() -> Error {
    Error::Pooling {
        problem: "no fit".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// On the diagonal it is what pooling one quantity gives.
    #[test]
    fn a_joint_covariance_has_the_pooled_variances() {
        let within = vec![
            vec![vec![0.04, 0.01], vec![0.01, 0.09]],
            vec![vec![0.05, 0.02], vec![0.02, 0.08]],
            vec![vec![0.03, 0.00], vec![0.00, 0.10]],
        ];
        let estimates = vec![vec![1.0, 2.0], vec![1.2, 2.1], vec![0.8, 2.3]];
        let joint = covariance(&within, &estimates);
        for k in 0..2 {
            let each: Vec<(f64, f64)> = (0..3)
                .map(|fit| (estimates[fit][k], within[fit][k][k].sqrt()))
                .collect();
            let pooled = rubin(&each, f64::INFINITY).map_or(f64::NAN, |one| one.total);
            assert!((joint[k][k] - pooled).abs() < 1e-15);
        }
        // By hand: 0.01 + 4/3 * (0 * -0.133 + 0.2 * -0.033 + -0.2 * 0.167) / 2.
        assert!((joint[0][1] - (0.01 - 4.0 / 3.0 * 0.02)).abs() < 1e-15 && joint[0][1] == joint[1][0]);
        assert_eq!(covariance(&within[..1], &estimates[..1]), within[0]);
    }
}
