//! Multiple imputation by bootstrap-EM on the joint normal.
//!
//! Each of `m` imputations takes three steps (Honaker & King 2010; Honaker, King & Blackwell 2011, the method of
//! Amelia II):
//!
//! 1. Rows are resampled with replacement: the parameters then carry their own uncertainty.
//! 2. EM gives the maximum likelihood estimate of the mean and covariance of all columns from the resampled rows,
//!    missing values and all. Columns are standardised to the observed values' mean 0 and variance 1 before.
//! 3. Each missing value of the original rows is drawn from its normal distribution given the row's observed
//!    values, at those parameters.
//!
//! A nominal variable enters as a dummy for each level but the first. Its missing values are drawn by taking the
//! drawn dummies, cut off at 0 and 1 and made to sum to no more than 1, as probabilities of their levels. A
//! bounded variable's row is drawn again until it is within the bounds ([`Imputer::max_redraws`]).
//!
//! The fits to the completed tables are put together by [`crate::pool`].
//!
//! ```
//! use mlogit::{Column, Imputer, Table};
//!
//! # fn main() -> Result<(), mlogit::Error> {
//! let mut table = Table::new();
//! table.insert("x", Column::number([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]))?;
//! table.insert("y", Column::number([2.1, f64::NAN, 5.9, 8.2, 9.8, f64::NAN, 14.1, 15.7]))?;
//!
//! let imputations = Imputer::new().given("x").number("y").m(5).seed(7).impute(&table)?;
//! let completed = imputations.complete(&table, 0)?;
//! assert!(!completed.column("y")?.is_missing(1));
//! assert_eq!(imputations.variables()[0].missing, 2);
//! # Ok(())
//! # }
//! ```
//!
//! Sources: J. Honaker & G. King, "What to Do about Missing Values in Time-Series Cross-Section Data", *American
//! Journal of Political Science* 54(2), 2010; J. Honaker, G. King & M. Blackwell, "Amelia II: A Program for Missing
//! Data", *Journal of Statistical Software* 45(7), 2011.

mod data;
mod diagnostics;
mod draw;
mod em;
mod normal;
pub mod pooling;

use crate::arithmetic::random::Random;
use crate::data::table::{Column, Table};
use crate::error::{Error, Result};
use crate::imputation::data::{Data, JointVariable, Level, Part};
use crate::imputation::draw::Drawer;
use crate::imputation::em::{Estimate, Failure, Stop, SufficientStatistics};
use crate::imputation::normal::Normal;

pub use data::ImputationKind;
pub use diagnostics::{Chain, Comparison, LevelShare, Overimputation, Overimputed, Sample};

/// Each keeps its values: more would fill memory, and change no digit that counts.
const MOST_IMPUTATIONS: usize = 10_000;

/// Bootstrap samples in which a column has no two values, or columns are collinear, are drawn again this often.
const MOST_SAMPLES: usize = 100;

/// Which variables are imputed, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Imputer {
    variables: Vec<JointVariable>,
    m: usize,
    seed: u64,
    tolerance: f64,
    max_iterations: usize,
    ridge: f64,
    max_redraws: usize,
}

impl Default for Imputer {
    fn default() -> Self {
        Imputer {
            variables: Vec::new(),
            m: 20,
            seed: 1,
            tolerance: 1e-4,
            max_iterations: 1_000,
            ridge: 0.0,
            max_redraws: 100,
        }
    }
}

impl Imputer {
    /// No variable yet, and every option at its default.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a numeric variable, imputed where it is missing; text is imputed as nominal.
    pub fn number(self, name: impl Into<String>) -> Self {
        self.variable(name, ImputationKind::Number)
    }

    /// Adds a numeric variable whose imputed values lie between `low` and `high`.
    pub fn bounded(self, name: impl Into<String>, low: f64, high: f64) -> Self {
        self.variable(name, ImputationKind::Bounded { low, high })
    }

    /// Adds a nominal variable, imputed where it is missing.
    pub fn nominal(self, name: impl Into<String>) -> Self {
        self.variable(name, ImputationKind::Nominal)
    }

    /// Adds a variable of any kind, imputed where it is missing.
    pub fn variable(mut self, name: impl Into<String>, kind: ImputationKind) -> Self {
        let name = name.into();
        self.variables.push(JointVariable {
            name,
            kind,
            imputed: true,
        });
        self
    }

    /// Adds a variable that is not imputed but helps to impute the others: rows in which it is missing take no part, and
    /// stay as they are. Text is nominal.
    pub fn given(mut self, name: impl Into<String>) -> Self {
        let name = name.into();
        self.variables.push(JointVariable {
            name,
            kind: ImputationKind::Number,
            imputed: false,
        });
        self
    }

    /// The same for numbers that stand for levels.
    pub fn given_nominal(mut self, name: impl Into<String>) -> Self {
        let name = name.into();
        self.variables.push(JointVariable {
            name,
            kind: ImputationKind::Nominal,
            imputed: false,
        });
        self
    }

    /// Number of imputations, from 2 to 10,000; 20 by default.
    pub fn m(mut self, m: usize) -> Self {
        self.m = m;
        self
    }

    /// Seed of the random numbers; 1 by default. The same seed gives the same bits on every platform, and
    /// imputation `i` is the same whatever `m` is.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// EM ends where no parameter of the standardised columns changes by more than this; 1e-4 by default,
    /// as in Amelia.
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// EM iterations after which the ridge prior grows by 1 % of the rows; 1,000 by default. After growing
    /// five times there is an error. [`Convergence::ridge`] says where it came to that.
    pub fn max_iterations(mut self, iterations: usize) -> Self {
        self.max_iterations = iterations;
        self
    }

    /// Ridge prior: as much belief as this number of rows would give that the columns are uncorrelated, which
    /// steadies EM where there are few rows or columns nearly collinear; 0 (none) by default, and about
    /// 1 % of the rows where it is needed. Amelia's `empri`.
    pub fn ridge(mut self, rows: f64) -> Self {
        self.ridge = rows;
        self
    }

    /// How often a row is drawn for its bounded variables to be within their bounds; 100 by default, as
    /// Amelia's `max.resample`. After the last draw a value out of bounds is set to the bound it passed.
    pub fn max_redraws(mut self, redraws: usize) -> Self {
        self.max_redraws = redraws;
        self
    }

    /// Imputes the missing values of `table` `m` times.
    ///
    /// # Errors
    /// [`Error::UnknownColumn`], [`Error::DuplicateColumn`], [`Error::NotFinite`], [`Error::Value`] (bounds on
    /// text); [`Error::ImputationOption`], [`Error::ImputationRows`], [`Error::ImputationConstant`],
    /// [`Error::ImputationCollinear`], [`Error::ImputationConvergence`].
    pub fn impute(&self, table: &Table) -> Result<Imputations> {
        self.impute_telling(table, &mut |_| {})
    }

    /// The same, telling after each imputation how many there are.
    ///
    /// # Errors
    /// As [`Imputer::impute`].
    pub fn impute_telling(&self, table: &Table, tell: &mut dyn FnMut(usize)) -> Result<Imputations> {
        let data = self.data(table)?;
        let mut imputations = Imputations {
            variables: data
                .parts
                .iter()
                .filter(|part| part.imputed)
                .map(Imputed::from)
                .collect(),
            imputer: self.clone(),
            data,
            draws: Vec::with_capacity(self.m),
            estimates: Vec::with_capacity(self.m),
        };
        for i in 0..self.m {
            imputations.add(i)?;
            tell(i + 1);
        }
        Ok(imputations)
    }

    /// The maximum likelihood mean and covariance of all columns from the rows as they are, missing values and all:
    /// what EM finds in an imputation, without the resampling.
    ///
    /// # Errors
    /// As [`Imputer::impute`].
    pub fn joint(&self, table: &Table) -> Result<Joint> {
        let data = self.data(table)?;
        let statistics = SufficientStatistics::new(&data, &vec![1; data.rows.len()]);
        let estimate = statistics
            .estimate(statistics.start(), self.stop())
            .map_err(|failure| self.error(&data, failure))?;
        let normal = &estimate.normal;
        let columns = 0..data.width();
        let scaled = |a: usize, b: usize| normal.covariance[(a, b)] * data.scales[a] * data.scales[b];
        Ok(Joint {
            means: columns
                .clone()
                .map(|a| data.unscaled(a, normal.mean[a]))
                .collect(),
            covariance: columns
                .clone()
                .map(|a| columns.clone().map(|b| scaled(a, b)).collect())
                .collect(),
            columns: data.names,
            convergence: Convergence::from(&estimate),
        })
    }

    fn data(&self, table: &Table) -> Result<Data> {
        self.check_options()?;
        let data = Data::new(table, &self.variables)?;
        if (data.rows.len() as f64) + self.ridge < 2.0 * data.width() as f64 {
            return Err(Error::ImputationRows {
                rows: data.rows.len(),
                columns: data.width(),
            });
        }
        Ok(data)
    }

    fn error(&self, data: &Data, failure: Failure) -> Error {
        let name = |column: usize| data.names[column].clone();
        match failure {
            Failure::Collinear(column, others) => Error::ImputationCollinear {
                column: name(column),
                others: others.into_iter().map(name).collect(),
            },
            Failure::NotConverged(change) => Error::ImputationConvergence {
                iterations: 6 * self.max_iterations,
                change,
            },
        }
    }

    fn check_options(&self) -> Result<()> {
        let wrong = |option: &str, value: String, problem: &str| {
            Err(Error::ImputationOption {
                option: option.to_owned(),
                value,
                problem: problem.to_owned(),
            })
        };
        if self.m < 2 {
            return wrong("m", self.m.to_string(), "at least 2 imputations are needed");
        }
        if self.m > MOST_IMPUTATIONS {
            let problem = format!(
                "at most {MOST_IMPUTATIONS} are made; 20 to 100 are enough for any share of missing values"
            );
            return wrong("m", self.m.to_string(), &problem);
        }
        if self.tolerance.is_nan() || self.tolerance <= 0.0 {
            return wrong("tolerance", self.tolerance.to_string(), "it must be above 0");
        }
        if self.max_iterations == 0 {
            return wrong("max_iterations", "0".to_owned(), "it must be above 0");
        }
        if !self.ridge.is_finite() || self.ridge < 0.0 {
            return wrong("ridge", self.ridge.to_string(), "it must be 0 or more");
        }
        Ok(())
    }

    fn stop(&self) -> Stop {
        Stop {
            tolerance: self.tolerance,
            max_iterations: self.max_iterations,
            ridge: self.ridge,
        }
    }
}

/// An imputed variable.
#[derive(Debug, Clone, PartialEq)]
pub struct Imputed {
    /// Its name.
    pub name: String,
    /// How it is imputed.
    pub kind: ImputationKind,
    /// Rows of the imputation in which it is missing.
    pub missing: usize,
    /// Draws of rows in all imputations that were still out of bounds after the last redraw while this variable was
    /// missing in them, and were set to the bound.
    pub clamped: usize,
}

impl From<&Part> for Imputed {
    fn from(part: &Part) -> Self {
        Imputed {
            name: part.name.clone(),
            kind: part.kind,
            missing: part.missing.len(),
            clamped: 0,
        }
    }
}

/// How EM converged in an imputation.
#[derive(Debug, Clone, PartialEq)]
pub struct Convergence {
    /// Iterations.
    pub iterations: usize,
    /// Largest absolute change of a parameter of the standardised columns, iteration by iteration.
    pub changes: Vec<f64>,
    /// Ridge prior, in rows: [`Imputer::ridge`], or more where EM did not converge with it.
    pub ridge: f64,
}

impl From<&Estimate> for Convergence {
    fn from(estimate: &Estimate) -> Self {
        Convergence {
            iterations: estimate.changes.len(),
            changes: estimate.changes.clone(),
            ridge: estimate.ridge,
        }
    }
}

/// Mean and covariance of the columns of the joint normal, in the units of the data.
#[derive(Debug, Clone, PartialEq)]
pub struct Joint {
    /// Names of the columns: a variable's, or `x[level]`.
    pub columns: Vec<String>,
    /// One mean for each column.
    pub means: Vec<f64>,
    /// Covariance, row by row.
    pub covariance: Vec<Vec<f64>>,
    /// How EM converged.
    pub convergence: Convergence,
}

/// Imputed values, `m` for each missing cell.
///
/// Only the imputed cells are kept; [`Imputations::complete`] puts them into the table.
#[derive(Debug, Clone)]
pub struct Imputations {
    imputer: Imputer,
    data: Data,
    variables: Vec<Imputed>,
    /// For each imputation the values of the missing cells, variable by variable: numbers in the units of the data,
    /// or positions in a nominal variable's levels.
    draws: Vec<Vec<Vec<f64>>>,
    /// For each imputation the parameters drawn from and their convergence.
    estimates: Vec<Estimate>,
}

impl Imputations {
    /// Number of imputations.
    pub fn m(&self) -> usize {
        self.draws.len()
    }

    /// Rows that take part: those where every variable not imputed has a value.
    pub fn rows(&self) -> usize {
        self.data.rows.len()
    }

    /// The imputed variables, in the order they were added.
    pub fn variables(&self) -> &[Imputed] {
        &self.variables
    }

    /// How EM converged, imputation by imputation.
    pub fn convergence(&self) -> impl Iterator<Item = Convergence> + '_ {
        self.estimates.iter().map(Convergence::from)
    }

    /// `table` with the values of imputation `i` (from 0) where they were missing. Rows that took no part, and
    /// variables that were not imputed, stay as they are. `table` is the one that was imputed; it may have
    /// lost or gained other columns since.
    ///
    /// # Errors
    /// [`Error::UnknownColumn`]; [`Error::ImputationOption`] where there is no imputation `i`.
    pub fn complete(&self, table: &Table, i: usize) -> Result<Table> {
        let draws = self.draws.get(i).ok_or_else(|| Error::ImputationOption {
            option: "the imputation".to_owned(),
            value: i.to_string(),
            problem: format!("there are {}, counted from 0", self.draws.len()),
        })?;
        let mut completed = table.clone();
        for (part, draws) in self.imputed_parts().zip(draws) {
            let cells = part.missing.iter().map(|&row| self.data.rows[row]).zip(draws);
            match completed.column_mut(&part.name)? {
                Column::Number(values) => {
                    for (row, &value) in cells {
                        if let Some(cell) = values.get_mut(row) {
                            *cell = match part.levels.get(value as usize) {
                                Some(Level::Number(level)) if part.kind == ImputationKind::Nominal => *level,
                                _ => value,
                            };
                        }
                    }
                }
                Column::Text(text) => {
                    for (row, &value) in cells {
                        if let Some(Level::Code(code)) = part.levels.get(value as usize) {
                            text.set(row, *code);
                        }
                    }
                }
            }
        }
        Ok(completed)
    }

    fn imputed_parts(&self) -> impl Iterator<Item = &Part> {
        self.data.parts.iter().filter(|part| part.imputed)
    }

    /// Adds imputation `i`.
    fn add(&mut self, i: usize) -> Result<()> {
        // A stream for each imputation: the draws of one do not depend on how many another took.
        let mut random = Random::new(self.imputer.seed, i as u64);
        let estimate = self.bootstrap(&mut random)?;
        let draws = self.draw(&estimate.normal, &mut random)?;
        self.draws.push(draws);
        self.estimates.push(estimate);
        Ok(())
    }

    /// The parameters of a bootstrap sample. Samples in which columns happen to be collinear that are not so in
    /// all rows are drawn again.
    fn bootstrap(&self, random: &mut Random) -> Result<Estimate> {
        let estimate = |counts: &[u32]| {
            let statistics = SufficientStatistics::new(&self.data, counts);
            statistics.estimate(statistics.start(), self.imputer.stop())
        };
        let error = |failure| self.imputer.error(&self.data, failure);
        let mut samples = 0;
        loop {
            samples += 1;
            match estimate(&resample(&self.data, random)?) {
                Err(Failure::Collinear(..)) if samples < MOST_SAMPLES => {
                    if samples == 1 {
                        estimate(&vec![1; self.rows()]).map_err(error)?;
                    }
                }
                estimate => return estimate.map_err(error),
            }
        }
    }

    /// Draws every missing cell of the original rows.
    #[inline(never)]
    fn draw(&mut self, normal: &Normal, random: &mut Random) -> Result<Vec<Vec<f64>>> {
        let data = &self.data;
        let singular = || Error::Singular;
        let precision = normal.precision().ok_or_else(singular)?;
        let mut draws: Vec<Vec<f64>> = self
            .imputed_parts()
            .map(|part| Vec::with_capacity(part.missing.len()))
            .collect();
        // Cells are drawn pattern by pattern and kept row by row.
        let mut drawn: Vec<Option<Box<[f64]>>> = vec![None; data.rows.len()];
        let mut clamped = vec![false; data.rows.len()];
        let mut values = Vec::new();
        for pattern in data.patterns.iter().filter(|pattern| !pattern.missing.is_empty()) {
            let drawer = Drawer::new(data, normal, &precision, pattern, self.imputer.max_redraws)
                .ok_or_else(singular)?;
            for &row in &pattern.rows {
                clamped[row] = drawer.draw(data.row(row), random, &mut values);
                let mut full = vec![f64::NAN; data.width()];
                for (&column, &value) in pattern.missing.iter().zip(&values) {
                    full[column] = data.unscaled(column, value);
                }
                drawn[row] = Some(full.into_boxed_slice());
            }
        }
        let imputed: Vec<&Part> = data.parts.iter().filter(|part| part.imputed).collect();
        for ((part, draws), variable) in imputed.iter().zip(&mut draws).zip(&mut self.variables) {
            for &row in &part.missing {
                let Some(values) = &drawn[row] else { continue };
                draws.push(if part.kind == ImputationKind::Nominal {
                    part.level(part.columns.iter().map(|&column| values[column]), random) as f64
                } else {
                    values[part.columns[0]]
                });
                variable.clamped += usize::from(clamped[row]);
            }
        }
        Ok(draws)
    }
}

/// How often each row occurs in a sample of as many rows with replacement. A sample in which a column
/// does not vary is drawn again.
#[inline(never)]
fn resample(data: &Data, random: &mut Random) -> Result<Vec<u32>> {
    let rows = data.rows.len();
    let mut lost = None;
    for _ in 0..MOST_SAMPLES {
        let mut counts = vec![0_u32; rows];
        for _ in 0..rows {
            counts[random.below(rows)] += 1;
        }
        let constant = |column: &usize| {
            let mut values = (0..rows)
                .filter(|row| counts[*row] > 0)
                .map(|row| data.row(row)[*column])
                .filter(|value| !value.is_nan());
            let first = values.next();
            values.all(|value| Some(value) == first)
        };
        lost = (0..data.width()).find(constant);
        if lost.is_none() {
            return Ok(counts);
        }
    }
    Err(Error::ImputationConstant {
        column: lost.map_or_else(String::new, |column| data.names[column].clone()),
    })
}
