//! What there is to see of an imputation: imputed against observed values, overimputation, EM from dispersed
//! starts.

use nalgebra::{Cholesky, DMatrix, DVector};

use crate::arithmetic::order;
use crate::arithmetic::random::Random;
use crate::data::table::Table;
use crate::error::{Error, Result};
use crate::imputation::Imputations;
use crate::imputation::data::{ImputationKind, Part, Pattern};
use crate::imputation::draw::Drawer;
use crate::imputation::em::SufficientStatistics;
use crate::imputation::normal::Normal;

/// Diagnostics take their random numbers from streams that no imputation has.
const OVERIMPUTATION: u64 = 1 << 32;
const DISPERSION: u64 = 2 << 32;

/// Observed against imputed values of a variable.
///
/// They need not be alike: values may be missing where they are high. Imputed values far from any
/// observed one, or many at a bound, are a reason to look again.
#[derive(Debug, Clone, PartialEq)]
pub enum Comparison {
    /// Of a numeric variable.
    Number {
        /// Values observed in the rows that take part.
        observed: Sample,
        /// Values imputed, all imputations together.
        imputed: Sample,
        /// Largest distance between their distribution functions (Kolmogorov and Smirnov's statistic; a
        /// description, not a test).
        distance: f64,
    },
    /// Of a nominal variable: each level with its share.
    Nominal {
        /// The levels.
        levels: Vec<LevelShare>,
    },
}

/// Values with their mean and standard deviation.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The values, ascending.
    pub values: Vec<f64>,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation.
    pub std_dev: f64,
}

/// How often a level is observed and imputed.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelShare {
    /// The level.
    pub level: String,
    /// Share among observed values.
    pub observed: f64,
    /// Share among imputed values, all imputations together.
    pub imputed: f64,
}

/// Observed values of a variable, each imputed as if it were missing.
#[derive(Debug, Clone, PartialEq)]
pub struct Overimputation {
    /// One for each row with an observed value.
    pub values: Vec<Overimputed>,
    /// Share of the observed values inside their interval; about 0.9 where the imputation fits.
    pub coverage: f64,
}

/// An observed value imputed as if it were missing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Overimputed {
    /// Row of the table, from 0.
    pub row: usize,
    /// The value observed.
    pub observed: f64,
    /// Mean of its imputations.
    pub mean: f64,
    /// Their 5 % quantile.
    pub low: f64,
    /// Their 95 % quantile.
    pub high: f64,
    /// Share of the row's other columns that are missing too.
    pub missing: f64,
}

/// EM from one starting point.
#[derive(Debug, Clone, PartialEq)]
pub struct Chain {
    /// Largest distance of a parameter (columns standardised) from the maximum that EM found from its usual start,
    /// before the first iteration and after each.
    pub distances: Vec<f64>,
}

impl Imputations {
    /// Compares the observed and the imputed values of `variable`; `table` is the one that was imputed.
    ///
    /// # Errors
    /// [`Error::UnknownVariable`]; [`Error::UnknownColumn`] where `table` has lost it.
    #[inline(never)]
    pub fn comparison(&self, table: &Table, variable: &str) -> Result<Comparison> {
        let (position, part) = self.part(variable)?;
        let column = table.column(variable)?;
        let draws = self.draws.iter().flat_map(|draws| &draws[position]).copied();
        if part.kind == ImputationKind::Nominal {
            let codes = part.codes(column, &self.data.rows);
            let observed: Vec<usize> = codes.into_iter().flatten().collect();
            let imputed: Vec<usize> = draws.map(|draw| draw as usize).collect();
            let share = |codes: &[usize], level: usize| {
                codes.iter().filter(|code| **code == level).count() as f64 / codes.len() as f64
            };
            let levels = part.labels.iter().enumerate().map(|(level, label)| LevelShare {
                level: label.clone(),
                observed: share(&observed, level),
                imputed: share(&imputed, level),
            });
            return Ok(Comparison::Nominal {
                levels: levels.collect(),
            });
        }
        let column = part.columns[0];
        let values = (0..self.rows()).map(|row| self.data.row(row)[column]);
        let observed = values
            .filter(|value| !value.is_nan())
            .map(|value| self.data.unscaled(column, value));
        let (observed, imputed) = (Sample::new(observed), Sample::new(draws));
        let distance = largest_gap(&observed.values, &imputed.values);
        Ok(Comparison::Number {
            observed,
            imputed,
            distance,
        })
    }

    /// Overimputation: each observed value of a numeric `variable` is treated as missing in turn and drawn `draws`
    /// times from the parameters of each imputation, given what else is observed in its row.
    ///
    /// As in Amelia, the parameters are those of the imputations: the value itself had its part in them.
    ///
    /// # Errors
    /// [`Error::UnknownVariable`]; [`Error::Value`] where it is nominal; [`Error::Singular`].
    #[inline(never)]
    pub fn overimputation(&self, variable: &str, draws: usize) -> Result<Overimputation> {
        let (_, part) = self.part(variable)?;
        if part.kind == ImputationKind::Nominal {
            return Err(Error::Value {
                variable: variable.to_owned(),
                value: "overimputed".to_owned(),
                problem: "it is nominal, and the mean and interval of its levels mean nothing".to_owned(),
            });
        }
        let (data, column) = (&self.data, part.columns[0]);
        let mut random = Random::new(self.imputer.seed, OVERIMPUTATION);
        let precisions: Vec<DMatrix<f64>> = self
            .estimates
            .iter()
            .map(|estimate| estimate.normal.precision().ok_or(Error::Singular))
            .collect::<Result<_>>()?;
        let mut values = Vec::new();
        let mut drawn = Vec::new();
        for pattern in data
            .patterns
            .iter()
            .filter(|pattern| pattern.observed.contains(&column))
        {
            let without = pattern.without(column);
            let place = without.missing.binary_search(&column).unwrap_or_default();
            let drawers: Vec<Drawer<'_>> = self
                .estimates
                .iter()
                .zip(&precisions)
                .map(|(estimate, precision)| {
                    let redraws = self.imputer.max_redraws;
                    Drawer::new(data, &estimate.normal, precision, &without, redraws).ok_or(Error::Singular)
                })
                .collect::<Result<_>>()?;
            for &row in &pattern.rows {
                let mut sample = Vec::with_capacity(draws * drawers.len());
                for drawer in &drawers {
                    for _ in 0..draws {
                        drawer.draw(data.row(row), &mut random, &mut drawn);
                        sample.push(data.unscaled(column, drawn[place]));
                    }
                }
                let sample = Sample::new(sample.into_iter());
                values.push(Overimputed {
                    row: data.rows[row],
                    observed: data.unscaled(column, data.row(row)[column]),
                    mean: sample.mean,
                    low: order::quantile_of_sorted(&sample.values, 0.05),
                    high: order::quantile_of_sorted(&sample.values, 0.95),
                    missing: pattern.missing.len() as f64 / (data.width() - 1).max(1) as f64,
                });
            }
        }
        order::by_key(&mut values, |value| value.row);
        let covered = values
            .iter()
            .filter(|value| value.low <= value.observed && value.observed <= value.high);
        let coverage = covered.count() as f64 / values.len() as f64;
        Ok(Overimputation { values, coverage })
    }

    /// EM on the rows as they are (not resampled), from its usual start and then from `starts` dispersed ones: the
    /// likelihood has one maximum as far as these show where every chain ends at distance 0.
    ///
    /// As in Amelia, a dispersed start is the mean and covariance of a small sample (2.5 rows for each column)
    /// drawn from the normal at the maximum.
    ///
    /// # Errors
    /// As [`super::Imputer::impute`].
    #[inline(never)]
    pub fn dispersion(&self, starts: usize) -> Result<Vec<Chain>> {
        let statistics = SufficientStatistics::new(&self.data, &vec![1; self.rows()]);
        let path = |start: Normal| {
            let mut path = vec![start.clone()];
            statistics
                .estimate_watched(start, self.imputer.stop(), |normal| path.push(normal.clone()))
                .map_err(|failure| self.imputer.error(&self.data, failure))?;
            Ok(path)
        };
        let usual = path(statistics.start())?;
        let maximum = usual[usual.len() - 1].clone();
        let factor = Cholesky::new(maximum.covariance.clone())
            .ok_or(Error::Singular)?
            .unpack();
        let mut random = Random::new(self.imputer.seed, DISPERSION);
        let mut paths = vec![usual];
        for _ in 0..starts {
            paths.push(path(dispersed(&maximum, &factor, &mut random))?);
        }
        let chain = |path: Vec<Normal>| Chain {
            distances: path.iter().map(|normal| normal.distance(&maximum)).collect(),
        };
        Ok(paths.into_iter().map(chain).collect())
    }

    fn part(&self, variable: &str) -> Result<(usize, &Part)> {
        self.imputed_parts()
            .enumerate()
            .find(|(_, part)| part.name == variable)
            .ok_or_else(|| Error::UnknownVariable {
                variable: variable.to_owned(),
                known: self.imputed_parts().map(|part| part.name.clone()).collect(),
            })
    }
}

impl Pattern {
    /// The pattern of these rows were `column` missing too.
    fn without(&self, column: usize) -> Self {
        let mut missing = self.missing.clone();
        missing.push(column);
        missing.sort_unstable();
        Pattern {
            observed: self
                .observed
                .iter()
                .copied()
                .filter(|known| *known != column)
                .collect(),
            missing,
            rows: self.rows.clone(),
        }
    }
}

impl Sample {
    fn new(values: impl Iterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.collect();
        order::ascending(&mut values);
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        Sample {
            std_dev: (squares / (count - 1.0)).sqrt(),
            values,
            mean,
        }
    }
}

/// Largest distance between the distribution functions of two ascending samples.
fn largest_gap(a: &[f64], b: &[f64]) -> f64 {
    let share = |sample: &[f64], value: f64| {
        sample.partition_point(|known| *known <= value) as f64 / sample.len() as f64
    };
    a.iter()
        .chain(b)
        .map(|&value| (share(a, value) - share(b, value)).abs())
        .fold(0.0, f64::max)
}

fn dispersed(maximum: &Normal, factor: &DMatrix<f64>, random: &mut Random) -> Normal {
    let width = maximum.mean.len();
    let rows = (5 * width).div_ceil(2).max(width + 2);
    let mut sample = Vec::with_capacity(rows);
    for _ in 0..rows {
        let mut error = DVector::zeros(width);
        random.normals(error.as_mut_slice());
        sample.push(&maximum.mean + factor * error);
    }
    let mean = sample.iter().fold(DVector::zeros(width), |sum, row| sum + row) / rows as f64;
    let mut covariance = DMatrix::zeros(width, width);
    for row in &sample {
        let off = row - &mean;
        covariance.ger(1.0 / (rows as f64 - 1.0), &off, &off, 1.0);
    }
    Normal { mean, covariance }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Starts are samples of the normal at the maximum: on average they have its mean and covariance.
    #[test]
    fn dispersed_starts_lie_about_the_maximum() {
        let maximum = Normal {
            mean: DVector::from_column_slice(&[1.0, -2.0]),
            covariance: DMatrix::from_row_slice(2, 2, &[4.0, 1.0, 1.0, 2.0]),
        };
        let factor = Cholesky::new(maximum.covariance.clone()).unwrap().unpack();
        let mut random = Random::new(7, 0);
        let draws = 4_000;
        let mut average = Normal {
            mean: DVector::zeros(2),
            covariance: DMatrix::zeros(2, 2),
        };
        for _ in 0..draws {
            let start = dispersed(&maximum, &factor, &mut random);
            average.mean += start.mean / f64::from(draws);
            average.covariance += start.covariance / f64::from(draws);
        }
        assert!(average.distance(&maximum) < 0.15, "{average:?}");
    }
}
