//! How a covariance is estimated, and which cluster each row belongs to.

use std::collections::HashMap;
use std::sync::Arc;

use crate::data::design::Design;
use crate::data::table::{Column, Table};
use crate::error::{Error, Result};

/// How the covariance of the coefficients is estimated.
///
/// With the information `I`, the score `s_i` of row `i` (for outcome `j`: `(1[y_i = j] - p_ij) x_i`) and its
/// frequency weight `w_i` (White 1982, Econometrica 50(1); Liang & Zeger 1986, Biometrika 73(1)):
///
/// | choice | covariance | elsewhere |
/// |---|---|---|
/// | observed | `I^-1` | the default everywhere; observed and expected information are the same in this model |
/// | HC0 | `I^-1 (sum w_i s_i s_i') I^-1` | R `sandwich::sandwich` |
/// | HC1 | HC0 times `n / (n - k)` | R `sandwich(adjust = TRUE)` |
/// | robust | HC0 times `n / (n - 1)` | Stata `mlogit, vce(robust)` |
/// | cluster | `I^-1 (sum_g u_g u_g') I^-1` times `G / (G - 1)`, `u_g = sum_{i in g} w_i s_i` | Stata `mlogit, vce(cluster g)`, R `vcovCL(type = "HC0")` |
/// | two-way | cluster of the one, plus cluster of the other, minus cluster of both together, each with its own `G / (G - 1)` | R `vcovCL(type = "HC0")` of two variables |
///
/// `n` is the sum of the weights, `k` the number of parameters of all equations together, `G` the number of
/// clusters among the rows used. Frequency weights count as numbers of rows throughout; with probability weights `n` is
/// the number of rows, and the sums of HC0 have `w_i^2` (Stata's `pweights`). Of a bias-reduced fit, information
/// and scores are those of the likelihood at its estimate.
///
/// Two-way clusters allow for dependence within either of two columns (Cameron, Gelbach & Miller 2011, Journal of Business
/// & Economic Statistics 29(2)). The difference need not be positive semi-definite; where it is not, a
/// [`crate::Warning`] says so, and nothing is done to it. A cluster for each *combination* of several columns (a dyad) is
/// something else: [`Clusters::new`] takes any number of columns.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub enum Covariance {
    /// The inverse of the observed information.
    #[default]
    Observed,
    /// Robust to a wrong model of the variance, without small-sample factor.
    Hc0,
    /// [`Covariance::Hc0`] times `n / (n - k)`, `k` counting the parameters of all equations.
    Hc1,
    /// [`Covariance::Hc0`] times `n / (n - 1)`: what Stata's `vce(robust)` gives after `mlogit`.
    Robust,
    /// Robust to dependence within clusters.
    Cluster(Clusters),
    /// Robust to dependence within the clusters of either of two columns.
    TwoWay(TwoWay),
}

impl Covariance {
    /// The clusters that it rests on.
    pub(crate) fn clusters(&self) -> Vec<&Clusters> {
        match self {
            Covariance::Cluster(clusters) => vec![clusters],
            Covariance::TwoWay(ways) => vec![&ways.first, &ways.second],
            _ => Vec::new(),
        }
    }
}

/// Clusters of two columns, in either of which rows may depend on each other.
#[derive(Debug, Clone, PartialEq)]
pub struct TwoWay {
    pub(crate) first: Clusters,
    pub(crate) second: Clusters,
    pub(crate) both: Clusters,
}

impl TwoWay {
    /// Clusters of `first` and of `second`.
    ///
    /// # Errors
    /// [`Error::UnknownColumn`]; [`Error::Clusters`] where it is one column twice.
    pub fn new(table: &Table, first: &str, second: &str) -> Result<Self> {
        if first == second {
            return Err(Error::Clusters {
                column: first.to_owned(),
                problem: "it is given twice: give two columns, or one once".to_owned(),
            });
        }
        Ok(TwoWay {
            first: Clusters::new(table, &[first])?,
            second: Clusters::new(table, &[second])?,
            both: Clusters::new(table, &[first, second])?,
        })
    }
}

impl std::fmt::Display for Covariance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Covariance::Observed => f.write_str("observed information"),
            Covariance::Hc0 => f.write_str("robust, HC0"),
            Covariance::Hc1 => f.write_str("robust, HC1: n/(n-k)"),
            Covariance::Robust => f.write_str("robust, n/(n-1)"),
            Covariance::Cluster(clusters) => {
                let factor = if clusters.corrected {
                    "G/(G-1)"
                } else {
                    "no small-sample factor"
                };
                write!(f, "clustered by {}: {factor}", clusters.columns.join(" and "))
            }
            Covariance::TwoWay(ways) => write!(
                f,
                "clustered two ways, by {} and by {}: G/(G-1) of each",
                ways.first.columns.join(" and "),
                ways.second.columns.join(" and ")
            ),
        }
    }
}

/// A code that stands for a missing value.
const MISSING: u32 = u32::MAX;

/// Which cluster each row of a table belongs to.
#[derive(Debug, Clone, PartialEq)]
pub struct Clusters {
    columns: Vec<String>,
    /// For each row of the table.
    codes: Arc<[u32]>,
    corrected: bool,
}

impl Clusters {
    /// A cluster for each value of the column, or for each combination of values of several columns; with
    /// Stata's small-sample factor `G / (G - 1)`.
    ///
    /// # Errors
    /// [`Error::UnknownColumn`]; [`Error::Clusters`] where no column is given.
    pub fn new(table: &Table, columns: &[&str]) -> Result<Self> {
        let found: Vec<&Column> = columns
            .iter()
            .map(|name| table.column(name))
            .collect::<Result<_>>()?;
        if found.is_empty() {
            return Err(Error::Clusters {
                column: String::new(),
                problem: "name the column to cluster by".to_owned(),
            });
        }
        let mut known: HashMap<Vec<u64>, u32> = HashMap::new();
        let code = |row: usize| {
            let key: Option<Vec<u64>> = found.iter().map(|column| key(column, row)).collect();
            let next = known.len() as u32;
            key.map_or(MISSING, |key| *known.entry(key).or_insert(next))
        };
        Ok(Clusters {
            columns: columns.iter().map(|name| (*name).to_owned()).collect(),
            codes: (0..table.rows()).map(code).collect(),
            corrected: true,
        })
    }

    /// The same without small-sample factor.
    #[must_use]
    pub fn uncorrected(mut self) -> Self {
        self.corrected = false;
        self
    }

    /// Names of the columns.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Number of clusters among the rows of a design.
    ///
    /// # Errors
    /// [`Error::Clusters`]: a cluster is missing in some of the rows, or the rows are of another table.
    pub fn count(&self, design: &Design) -> Result<usize> {
        self.of_rows(design).map(|(_, clusters)| clusters)
    }

    /// What the covariance from this number of clusters is multiplied by.
    pub(crate) fn small_sample_factor(&self, clusters: usize) -> f64 {
        let clusters = clusters as f64;
        if self.corrected {
            clusters / (clusters - 1.0)
        } else {
            1.0
        }
    }

    /// The cluster of each row of the design, numbered from 0 in order of appearance, and their number.
    pub(crate) fn of_rows(&self, design: &Design) -> Result<(Vec<u32>, usize)> {
        let wrong = |problem: String| Error::Clusters {
            column: self.columns.join("`, `"),
            problem,
        };
        let rows = design.frame().row_indices();
        if rows.last().is_some_and(|last| *last >= self.codes.len()) {
            return Err(wrong(format!(
                "it has {} rows, fewer than the data the model was fitted to: take it from the same table",
                self.codes.len()
            )));
        }
        let missing = rows.iter().filter(|row| self.codes[**row] == MISSING).count();
        if missing > 0 {
            return Err(wrong(format!(
                "it is missing in {missing} of the {} rows used: leave those rows out or fill it in",
                rows.len()
            )));
        }
        let mut renumbered = HashMap::new();
        let number = |row: &usize| {
            let next = renumbered.len() as u32;
            *renumbered.entry(self.codes[*row]).or_insert(next)
        };
        let codes = rows.iter().map(number).collect();
        Ok((codes, renumbered.len()))
    }
}

/// What identifies the value of a column in a row; `None` where it is missing.
fn key(column: &Column, row: usize) -> Option<u64> {
    match column {
        // 0 and -0 are one value.
        Column::Number(values) => {
            let value = *values.get(row)?;
            (!value.is_nan()).then(|| (value + 0.0).to_bits())
        }
        Column::Text(text) => text.code(row).map(u64::from),
    }
}
