//! The covariance of the coefficients: from the information, robust, or clustered.

use nalgebra::DMatrix;

use crate::arithmetic::kernel::{add_scaled, blocks};
use crate::error::{Error, Result};
use crate::fit::Fit;
use crate::fit::clusters::Covariance;
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
    let n = design.total_weight();
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

/// `sum w_i s_i s_i'`.
fn independent(fit: &Fit) -> DMatrix<f64> {
    let size = fit.parameters();
    let meat = Workspace::new(fit.design()).score_products(&fit.design().sample, &fit.parameters);
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
    use crate::data::table::Table;
    use crate::fit::clusters::Clusters;
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
