//! The covariance of the coefficients: from the information, robust, or clustered.

use nalgebra::DMatrix;

use crate::arithmetic::kernel::{add_scaled, blocks};
use crate::error::{Error, Result};
use crate::fit::Fit;
use crate::fit::clusters::{Clusters, Covariance};
use crate::likelihood::loglik::Workspace;

impl Fit {
    /// The same estimates with another covariance: everything made from the fit afterwards uses it, from
    /// coefficients to predictions and tests.
    ///
    /// # Errors
    /// [`Error::Clusters`], [`Error::NoSmallSampleFactor`].
    ///
    /// ```
    /// # use mlogit::{Column, Covariance, Formula, Frame, Table};
    /// # fn main() -> Result<(), mlogit::Error> {
    /// # let mut table = Table::new();
    /// # table.insert("choice", Column::text(["bus", "car", "bus", "bike", "car", "bike", "bus", "car"]))?;
    /// # table.insert("distance", Column::number([3.0, 9.0, 5.0, 1.0, 4.0, 6.0, 2.0, 7.0]))?;
    /// # let fit = Frame::new(&table, &Formula::parse("choice ~ distance")?)?.design()?.fit()?;
    /// let robust = fit.with_covariance(&Covariance::Hc1)?;
    /// assert_ne!(
    ///     robust.coefficient("car", "distance")?.std_error,
    ///     fit.coefficient("car", "distance")?.std_error,
    /// );
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_covariance(&self, covariance: &Covariance) -> Result<Fit> {
        Ok(self.with_covariance_of(covariance, estimate(self, covariance)?))
    }
}

/// The covariance of the standardised parameters.
pub(crate) fn estimate(fit: &Fit, covariance: &Covariance) -> Result<DMatrix<f64>> {
    let bread = &fit.inverse_information;
    let design = fit.design();
    let n = fit.n();
    let (meat, factor) = match covariance {
        Covariance::Observed => return Ok(bread.clone()),
        Covariance::Hc0 => (independent(fit), 1.0),
        Covariance::Hc1 => {
            let parameters = fit.parameters() as f64;
            if n <= parameters {
                return Err(Error::NoSmallSampleFactor {
                    rows: n,
                    parameters: fit.parameters(),
                });
            }
            (independent(fit), n / (n - parameters))
        }
        Covariance::Robust => (independent(fit), n / (n - 1.0)),
        Covariance::TwoWay(ways) => {
            let part = |clusters: &Clusters| estimate(fit, &Covariance::Cluster(clusters.clone()));
            return Ok(part(&ways.first)? + part(&ways.second)? - part(&ways.both)?);
        }
        Covariance::Cluster(clusters) => {
            let (codes, count) = clusters.of_rows(design)?;
            if count < 2 {
                return Err(Error::Clusters {
                    column: clusters.columns().join("`, `"),
                    problem: "all rows used are in one cluster: at least two are needed".to_owned(),
                });
            }
            (clustered(fit, &codes, count), clusters.small_sample_factor(count))
        }
    };
    let sandwich = bread * meat * bread * factor;
    // Rounding leaves the product a little asymmetric.
    Ok((&sandwich + sandwich.transpose()) * 0.5)
}

/// `sum w_i s_i s_i'`; with probability weights `sum w_i^2 s_i s_i'`.
fn independent(fit: &Fit) -> DMatrix<f64> {
    let size = fit.parameters();
    let design = fit.design();
    let mut workspace = Workspace::new(design);
    let meat = if design.frame.probability_weights.is_some() {
        let squares: Vec<f64> = design
            .frame
            .weights
            .iter()
            .map(|weight| weight * weight)
            .collect();
        let mut squared = design.sample.clone();
        squared.set_weights(&squares);
        workspace.score_products(&squared, &fit.parameters)
    } else {
        workspace.score_products(&design.sample, &fit.parameters)
    };
    DMatrix::from_vec(size, size, meat)
}

/// `sum_g u_g u_g'`.
fn clustered(fit: &Fit, codes: &[u32], clusters: usize) -> DMatrix<f64> {
    let design = fit.design();
    let size = fit.parameters();
    let mut sums = vec![0.0; clusters * size];
    let mut parts = blocks(design.rows());
    Workspace::new(design).each_residual(&design.sample, &fit.parameters, |columns, residuals| {
        let (from, rows) = parts.next().unwrap_or_default();
        for (row, &cluster) in codes[from..from + rows].iter().enumerate() {
            let sums = &mut sums[cluster as usize * size..][..size];
            for (residual, sums) in residuals.iter().zip(sums.chunks_exact_mut(columns.len())) {
                for (sum, column) in sums.iter_mut().zip(columns) {
                    *sum += residual[row] * column[row];
                }
            }
        }
    });
    let mut meat = DMatrix::zeros(size, size);
    for sum in sums.chunks_exact(size) {
        for (a, &factor) in sum.iter().enumerate() {
            add_scaled(meat.column_mut(a).as_mut_slice(), factor, sum);
        }
    }
    meat
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::formula::Formula;
    use crate::data::frame::FrameBuilder;
    use crate::data::table::{Column, Table};
    use crate::fit::clusters::TwoWay;
    use crate::fit::warning::Warning;
    use crate::testing::{Generated, fit_expanded, fit_weighted, generated};

    fn se(fit: &Fit, covariance: &Covariance) -> Vec<f64> {
        let fit = fit.with_covariance(covariance).unwrap();
        fit.coefficients().map(|one| one.std_error).collect()
    }

    fn close(a: &[f64], b: &[f64], tolerance: f64) {
        for (a, b) in a.iter().zip(b) {
            assert!((a / b - 1.0).abs() < tolerance, "{a} is not {b}");
        }
    }

    #[test]
    fn factors_are_as_stated() {
        let Generated { fit, table } = generated("y ~ x + z");
        let (n, k) = (fit.n(), fit.parameters() as f64);
        let plain = se(&fit, &Covariance::Hc0);
        let times = |factor: f64| plain.iter().map(|se| se * f64::sqrt(factor)).collect::<Vec<_>>();
        close(&se(&fit, &Covariance::Hc1), &times(n / (n - k)), 1e-12);
        close(&se(&fit, &Covariance::Robust), &times(n / (n - 1.0)), 1e-12);
        // Every row its own cluster: HC0 again.
        let each = Clusters::new(&table, &["id"]).unwrap();
        close(
            &se(&fit, &Covariance::Cluster(each.clone().uncorrected())),
            &plain,
            1e-12,
        );
        close(
            &se(&fit, &Covariance::Cluster(each)),
            &times(n / (n - 1.0)),
            1e-12,
        );
        assert_eq!(
            se(&fit, &Covariance::Observed),
            fit.coefficients().map(|c| c.std_error).collect::<Vec<_>>()
        );
    }

    #[test]
    fn weights_count_as_rows() {
        let Generated { table, .. } = generated("y ~ x");
        let weighted = fit_weighted(&table, "y ~ x + g", "w");
        let (expanded_table, expanded) = fit_expanded(&table, "y ~ x + g", "w");
        for covariance in [Covariance::Hc0, Covariance::Hc1, Covariance::Robust] {
            close(&se(&weighted, &covariance), &se(&expanded, &covariance), 1e-9);
        }
        let by = |table: &Table| Covariance::Cluster(Clusters::new(table, &["school", "g"]).unwrap());
        close(
            &se(&weighted, &by(&table)),
            &se(&expanded, &by(&expanded_table)),
            1e-9,
        );
    }

    /// The sum over rows of a probability-weighted score is that of a cluster for each row, and its scale means nothing.
    #[test]
    fn probability_weights_are_of_single_rows() {
        let mut table = crate::testing::table();
        let tenth: Vec<f64> = table.numbers("w").unwrap().iter().map(|w| w / 10.0).collect();
        table.insert("tenth", Column::number(tenth)).unwrap();
        let formula = Formula::parse("y ~ x + g").unwrap();
        let fit = |weights: &str| {
            let frame = FrameBuilder::new().probability_weights(weights);
            frame
                .build(&table, &formula)
                .unwrap()
                .design()
                .unwrap()
                .fit()
                .unwrap()
        };
        let (one, other) = (fit("w"), fit("tenth"));
        assert_eq!(one.n(), 300.0);
        let robust = se(&one, &Covariance::Robust);
        close(&robust, &se(&other, &Covariance::Robust), 1e-10);
        let each = Clusters::new(&table, &["id"]).unwrap();
        close(&robust, &se(&one, &Covariance::Cluster(each)), 1e-12);
        let counted = fit_weighted(&table, "y ~ x + g", "w");
        for (a, b) in one.coefficients().zip(counted.coefficients()) {
            assert_eq!(a.estimate, b.estimate);
        }
        assert!(
            robust
                .iter()
                .zip(se(&counted, &Covariance::Robust))
                .all(|(a, b)| *a > b)
        );
        assert!(matches!(one.warnings()[..], [Warning::ProbabilityWeights { .. }]));
        assert_eq!(one.with_covariance(&Covariance::Robust).unwrap().warnings(), []);
        assert!(one.likelihood_ratio_by_term().is_err() && one.hausman_mcfadden("c").is_err());
        assert!(one.design().clone().fit_firth().is_err());
    }

    #[test]
    fn two_ways_add_up() {
        let Generated { fit, table } = generated("y ~ x + z");
        let variance = |kind: &Covariance| -> Vec<f64> { se(&fit, kind).iter().map(|se| se * se).collect() };
        let by = |columns: &[&str]| variance(&Covariance::Cluster(Clusters::new(&table, columns).unwrap()));
        let ways = TwoWay::new(&table, "school", "d").unwrap();
        let both = fit.with_covariance(&Covariance::TwoWay(ways)).unwrap();
        let parts = by(&["school"])
            .into_iter()
            .zip(by(&["d"]))
            .zip(by(&["school", "d"]));
        for (found, ((a, b), c)) in both.coefficients().zip(parts) {
            let expected = (a + b - c).sqrt();
            assert!(
                (found.std_error - expected).abs() < 1e-12 || found.std_error.is_nan() && a + b < c,
                "{found:?} is not {expected}"
            );
        }
        // Two clusters have one direction between them.
        assert!(
            both.warnings().contains(&Warning::NotPositive),
            "{:?}",
            both.warnings()
        );
        // Where a row is a cluster of its own in one of the two, so it is in both, and only the other is left.
        let ways = TwoWay::new(&table, "school", "id").unwrap();
        close(&variance(&Covariance::TwoWay(ways)), &by(&["school"]), 1e-10);
        assert!(TwoWay::new(&table, "d", "d").is_err());
    }

    #[test]
    fn clusters_that_cannot_be_used_are_named() {
        let Generated { fit, table } = generated("y ~ x");
        let message = |column: &str| {
            let clusters = Clusters::new(&table, &[column]).unwrap();
            fit.with_covariance(&Covariance::Cluster(clusters))
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            message("gaps"),
            "clusters `gaps`: it is missing in 30 of the 300 rows used: leave those rows out or fill it in"
        );
        assert!(message("one").contains("all rows used are in one cluster"));
        assert!(Clusters::new(&table, &["nothing"]).is_err());
    }
}
