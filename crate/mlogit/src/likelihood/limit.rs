//! The limit of a separated fit: what is known of the parameters where some of them run to infinity.
//!
//! Towards the limit the information of some directions vanishes. The inverse of all of it would hold the
//! covariances of what stays finite beside variances without bound, which leave them few digits. So parameters of
//! which nothing is known once the others are known are left out before inverting; whichever of them are, the
//! covariances of what stays finite are the same.

use nalgebra::{Cholesky, DMatrix, Dyn};

/// Nothing is known of a parameter with less than this part of a row's information left. Newton's method ends where
/// directions that run to infinity have a ten-thousandth of that.
pub(crate) const NOTHING: f64 = 1e-10;

/// Covariances at the limit, and what has none.
#[derive(Debug)]
pub(crate) struct Limit {
    /// Of the parameters that are known, zeros elsewhere.
    pub(crate) covariance: DMatrix<f64>,
    /// Directions that leave the likelihood as it is.
    pub(crate) unknown: Vec<Vec<f64>>,
}

impl Limit {
    /// Inverts `information` (columns standardised, `unit` the information of a row). Parameters that are `moving`
    /// are the first to be left out.
    pub(crate) fn new(information: &DMatrix<f64>, unit: f64, moving: &[usize]) -> Self {
        let size = information.nrows();
        let part = |rows: &[usize], columns: &[usize]| {
            DMatrix::from_fn(rows.len(), columns.len(), |i, j| {
                information[(rows[i], columns[j])]
            })
        };
        let at_rest = (0..size).filter(|position| !moving.contains(position));
        let mut known: Vec<usize> = Vec::with_capacity(size);
        let mut left_out = Vec::new();
        let mut factor: Option<Cholesky<f64, Dyn>> = None;
        for position in at_rest.chain(moving.iter().copied()) {
            let whole = information[(position, position)];
            let shared = part(&known, &[position]);
            let explained = factor.as_ref().map_or(0.0, |factor: &Cholesky<f64, _>| {
                shared.dot(&factor.solve(&shared))
            });
            let left = whole - explained;
            let with = || {
                let mut with = known.clone();
                with.push(position);
                Cholesky::new(part(&with, &with))
            };
            match (left > NOTHING * whole.max(unit)).then(with).flatten() {
                Some(with) => {
                    known.push(position);
                    factor = Some(with);
                }
                None => left_out.push(position),
            }
        }
        let mut covariance = DMatrix::zeros(size, size);
        if let Some(factor) = &factor {
            let inverse = factor.inverse();
            for (i, &row) in known.iter().enumerate() {
                for (j, &column) in known.iter().enumerate() {
                    covariance[(row, column)] = inverse[(i, j)];
                }
            }
        }
        // A parameter that is left out takes others along.
        let unknown = left_out.into_iter().map(|position| {
            let mut direction = vec![0.0; size];
            direction[position] = 1.0;
            if let Some(factor) = &factor {
                let along = factor.solve(&part(&known, &[position]));
                for (&other, motion) in known.iter().zip(along.iter()) {
                    direction[other] = -motion;
                }
            }
            direction
        });
        Limit {
            covariance,
            unknown: unknown.collect(),
        }
    }
}
