//! The matrix that the joint normal is of: one column for a number, dummies for a nominal variable.

use crate::arithmetic::order;
use crate::data::check::check_finite;
use crate::data::table::{Column, Table};
use crate::error::{Error, Result};

/// How a variable is imputed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ImputationKind {
    /// A number.
    Number,
    /// A number whose imputed values lie within bounds; observed values may lie anywhere.
    Bounded {
        /// Smallest value; minus infinity where there is none.
        low: f64,
        /// Largest value; infinity where there is none.
        high: f64,
    },
    /// One of the levels that occur; text, or a number that stands for a level.
    Nominal,
}

/// A variable of the joint distribution, as it was asked for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct JointVariable {
    pub(super) name: String,
    pub(super) kind: ImputationKind,
    /// Whether its missing values are imputed.
    pub(super) imputed: bool,
}

/// A variable and its columns in the matrix.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) kind: ImputationKind,
    /// Whether its missing values are imputed.
    pub(super) imputed: bool,
    /// Levels of a nominal variable; the first has no column.
    pub(super) levels: Vec<Level>,
    /// The levels in words.
    pub(super) labels: Vec<String>,
    /// Its columns, in the order of the levels after the first.
    pub(super) columns: Vec<usize>,
    /// Positions in [`Data::rows`] where it is missing.
    pub(super) missing: Vec<usize>,
}

/// A level of a nominal variable.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Level {
    /// Position among the levels of a text column.
    Code(u32),
    /// A number.
    Number(f64),
}

/// Rows with the same values missing.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    /// Columns with a value, ascending.
    pub(super) observed: Vec<usize>,
    /// Columns without, ascending.
    pub(super) missing: Vec<usize>,
    /// Positions in [`Data::rows`].
    pub(super) rows: Vec<usize>,
}

/// The variables of an imputation as a standardised matrix.
#[derive(Debug, Clone)]
pub(super) struct Data {
    pub(super) parts: Vec<Part>,
    /// Name of each column, `x[level]` for a dummy.
    pub(super) names: Vec<String>,
    /// Mean and standard deviation of the observed values of each column.
    pub(super) means: Vec<f64>,
    pub(super) scales: Vec<f64>,
    /// Standardised bounds of each column; infinite where there are none.
    pub(super) bounds: Vec<(f64, f64)>,
    /// Positions in the table of the rows that take part.
    pub(super) rows: Vec<usize>,
    /// Row-major, `rows` x `names`; NaN where missing.
    pub(super) values: Vec<f64>,
    pub(super) patterns: Vec<Pattern>,
}

impl Data {
    /// Lays out `variables` of `table` on the rows where every variable that is not imputed has a value.
    #[inline(never)]
    pub(super) fn new(table: &Table, variables: &[JointVariable]) -> Result<Self> {
        let columns = variables
            .iter()
            .map(|variable| Ok((variable, table.column(&variable.name)?)))
            .collect::<Result<Vec<_>>>()?;
        let known = |row: &usize| {
            columns
                .iter()
                .all(|(variable, column)| variable.imputed || !column.is_missing(*row))
        };
        let rows: Vec<usize> = (0..table.rows()).filter(known).collect();

        let mut data = Data {
            parts: Vec::new(),
            names: Vec::new(),
            means: Vec::new(),
            scales: Vec::new(),
            bounds: Vec::new(),
            rows,
            values: Vec::new(),
            patterns: Vec::new(),
        };
        let mut matrix: Vec<Vec<f64>> = Vec::new();
        for (variable, column) in columns {
            data.add(variable, column, &mut matrix)?;
        }
        data.standardise(&mut matrix)?;
        data.values = (0..data.rows.len())
            .flat_map(|row| matrix.iter().map(move |column| column[row]))
            .collect();
        data.group();
        Ok(data)
    }

    pub(super) fn width(&self) -> usize {
        self.names.len()
    }

    /// The standardised values of a row, by its position in [`Data::rows`].
    pub(super) fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.width()..(row + 1) * self.width()]
    }

    /// A standardised value of `column` in the units of the data.
    pub(super) fn unscaled(&self, column: usize, value: f64) -> f64 {
        self.means[column] + self.scales[column] * value
    }

    fn add(&mut self, variable: &JointVariable, column: &Column, matrix: &mut Vec<Vec<f64>>) -> Result<()> {
        let name = &variable.name;
        if self.parts.iter().any(|part| part.name == *name) {
            return Err(Error::DuplicateColumn { column: name.clone() });
        }
        let mut part = Part {
            name: name.clone(),
            kind: variable.kind,
            imputed: variable.imputed,
            levels: Vec::new(),
            labels: Vec::new(),
            columns: Vec::new(),
            missing: (0..self.rows.len())
                .filter(|&row| column.is_missing(self.rows[row]))
                .collect(),
        };
        if let Column::Number(values) = column {
            check_finite(name, column)?;
            if part.kind != ImputationKind::Nominal {
                let bounds = match part.kind {
                    ImputationKind::Bounded { low, high } if low < high => (low, high),
                    ImputationKind::Bounded { low, high } => {
                        return Err(Error::ImputationOption {
                            option: format!("bounds of `{name}`"),
                            value: format!("{low} to {high}"),
                            problem: "the lower must be below the upper".to_owned(),
                        });
                    }
                    _ => (f64::NEG_INFINITY, f64::INFINITY),
                };
                part.columns.push(self.names.len());
                self.names.push(name.clone());
                self.bounds.push(bounds);
                matrix.push(self.rows.iter().map(|&row| values[row]).collect());
                self.parts.push(part);
                return Ok(());
            }
        } else if let ImputationKind::Bounded { low, .. } = part.kind {
            return Err(Error::Value {
                variable: name.clone(),
                value: format!("bounded at {low}"),
                problem: "it is text: impute it as nominal".to_owned(),
            });
        } else {
            part.kind = ImputationKind::Nominal;
        }
        part.find_levels(column, &self.rows);
        let codes = part.codes(column, &self.rows);
        for (code, label) in part.labels.iter().enumerate().skip(1) {
            part.columns.push(self.names.len());
            self.names.push(format!("{name}[{label}]"));
            self.bounds.push((f64::NEG_INFINITY, f64::INFINITY));
            let dummy = |own: &Option<usize>| own.map_or(f64::NAN, |own| f64::from(u8::from(own == code)));
            matrix.push(codes.iter().map(dummy).collect());
        }
        if part.columns.is_empty() {
            return Err(Error::ImputationConstant { column: name.clone() });
        }
        self.parts.push(part);
        Ok(())
    }

    #[inline(never)]
    fn standardise(&mut self, matrix: &mut [Vec<f64>]) -> Result<()> {
        for (position, column) in matrix.iter_mut().enumerate() {
            let observed = || column.iter().filter(|value| !value.is_nan());
            let count = observed().count() as f64;
            let first = observed().next().copied().unwrap_or_default();
            let mean = first + observed().map(|value| value - first).sum::<f64>() / count;
            let squares: f64 = observed().map(|value| (value - mean) * (value - mean)).sum();
            let scale = (squares / (count - 1.0)).sqrt();
            if observed().all(|value| *value == first) || !scale.is_normal() {
                return Err(Error::ImputationConstant {
                    column: self.names[position].clone(),
                });
            }
            for value in column.iter_mut() {
                *value = (*value - mean) / scale;
            }
            let (low, high) = self.bounds[position];
            self.bounds[position] = ((low - mean) / scale, (high - mean) / scale);
            self.means.push(mean);
            self.scales.push(scale);
        }
        Ok(())
    }

    #[inline(never)]
    fn group(&mut self) {
        let mut groups = std::collections::BTreeMap::<Vec<bool>, Vec<usize>>::new();
        for row in 0..self.rows.len() {
            let key = self.row(row).iter().map(|value| value.is_nan()).collect();
            groups.entry(key).or_default().push(row);
        }
        let split = |(key, rows): (Vec<bool>, Vec<usize>)| {
            let (missing, observed) = (0..key.len()).partition(|column| key[*column]);
            Pattern {
                observed,
                missing,
                rows,
            }
        };
        self.patterns = groups.into_iter().map(split).collect();
    }
}

impl Part {
    /// Fills the levels that occur, sorted.
    fn find_levels(&mut self, column: &Column, rows: &[usize]) {
        match column {
            Column::Text(text) => {
                let mut used: Vec<u32> = rows.iter().filter_map(|&row| text.code(row)).collect();
                used.sort_unstable();
                used.dedup();
                self.labels = used
                    .iter()
                    .map(|&code| text.levels()[code as usize].clone())
                    .collect();
                self.levels = used.into_iter().map(Level::Code).collect();
            }
            Column::Number(values) => {
                let mut used: Vec<f64> = rows.iter().map(|&row| values[row]).collect();
                used.retain(|value| !value.is_nan());
                order::ascending(&mut used);
                used.dedup();
                self.labels = used.iter().map(ToString::to_string).collect();
                self.levels = used.into_iter().map(Level::Number).collect();
            }
        }
    }

    /// Each row's position in the levels.
    pub(super) fn codes(&self, column: &Column, rows: &[usize]) -> Vec<Option<usize>> {
        let code = |&row: &usize| {
            let own = match column {
                Column::Text(text) => Level::Code(text.code(row)?),
                Column::Number(values) => Level::Number(values.get(row).copied()?),
            };
            self.levels.iter().position(|level| *level == own)
        };
        rows.iter().map(code).collect()
    }
}
