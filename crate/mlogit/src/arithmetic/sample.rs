//! The rows a likelihood is summed over, with their weights, block by block.

use wide::f64x2;

use crate::arithmetic::kernel::{self, BLOCK, Strip};

/// Rows of a design: every one, or some of them with weights of their own.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sample {
    columns: usize,
    /// For each block of rows a strip of each column.
    strips: Vec<Strip>,
    labels: Vec<Labels>,
    total_weight: f64,
}

/// Which moment of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Power {
    One,
    Two,
}

/// What is known of a block of rows besides its columns.
#[derive(Debug, Clone)]
pub(crate) struct Labels {
    /// How many there are.
    pub(crate) rows: usize,
    /// Zero beyond the last row.
    pub(crate) weights: Strip,
    /// The equation of the outcome observed; the base outcome counts as the one after the last.
    pub(crate) observed: [u32; BLOCK],
}

impl Labels {
    const EMPTY: Labels = Labels {
        rows: 0,
        weights: Strip::ZERO,
        observed: [0; BLOCK],
    };
}

impl Sample {
    /// Rows of zeros, each with its weight and the equation of its outcome.
    pub(crate) fn new(columns: usize, rows: impl ExactSizeIterator<Item = (f64, u32)>) -> Self {
        let blocks = rows.len().div_ceil(BLOCK);
        let mut sample = Sample {
            columns,
            strips: vec![Strip::ZERO; blocks * columns],
            labels: vec![Labels::EMPTY; blocks],
            total_weight: 0.0,
        };
        for (row, (weight, observed)) in rows.enumerate() {
            let labels = &mut sample.labels[row / BLOCK];
            labels.rows += 1;
            labels.weights[row % BLOCK] = weight;
            labels.observed[row % BLOCK] = observed;
            sample.total_weight += weight;
        }
        sample
    }

    /// Puts rows of `from`, each with a weight, in place of what was there; rows of weight zero are left out.
    pub(crate) fn gather(&mut self, from: &Sample, rows: impl Iterator<Item = (usize, f64)>) {
        self.columns = from.columns;
        self.strips.clear();
        self.labels.clear();
        self.total_weight = 0.0;
        let mut chosen = [0; BLOCK];
        let mut rows = rows.filter(|(_, weight)| *weight > 0.0).peekable();
        while rows.peek().is_some() {
            let mut labels = Labels::EMPTY;
            for (lane, (row, weight)) in rows.by_ref().take(BLOCK).enumerate() {
                chosen[lane] = row;
                labels.rows = lane + 1;
                labels.weights[lane] = weight;
                labels.observed[lane] = from.labels[row / BLOCK].observed[row % BLOCK];
                self.total_weight += weight;
            }
            for k in 0..self.columns {
                let mut strip = Strip::ZERO;
                for (cell, row) in strip.iter_mut().zip(&chosen[..labels.rows]) {
                    *cell = from.strips[row / BLOCK * self.columns + k][row % BLOCK];
                }
                self.strips.push(strip);
            }
            self.labels.push(labels);
        }
    }

    /// Gives every row another weight.
    pub(crate) fn set_weights(&mut self, weights: &[f64]) {
        for (labels, weights) in self.labels.iter_mut().zip(weights.chunks(BLOCK)) {
            labels.weights[..weights.len()].copy_from_slice(weights);
        }
        self.total_weight = weights.iter().sum();
    }

    /// The columns and labels of each block.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = (&[Strip], &Labels)> {
        self.strips.chunks_exact(self.columns).zip(&self.labels)
    }

    /// The columns of a block.
    pub(crate) fn block(&self, index: usize) -> &[Strip] {
        &self.strips[index * self.columns..(index + 1) * self.columns]
    }

    /// The parts of a column, block by block.
    pub(crate) fn column(&self, k: usize) -> impl Iterator<Item = &Strip> {
        self.strips.iter().skip(k).step_by(self.columns)
    }

    pub(crate) fn column_mut(&mut self, k: usize) -> impl Iterator<Item = &mut Strip> {
        self.strips.iter_mut().skip(k).step_by(self.columns)
    }

    /// Weighted sum of a column's differences from `middle`, or of their squares.
    pub(crate) fn sum_about(&self, k: usize, middle: f64, power: Power) -> f64 {
        let middle = f64x2::splat(middle);
        let mut left = Strip::ZERO;
        let part = |(strip, labels): (&Strip, &Labels)| {
            for (left, value) in left.lanes_mut().iter_mut().zip(strip.lanes()) {
                let difference = *value - middle;
                *left = match power {
                    Power::One => difference,
                    Power::Two => difference * difference,
                };
            }
            kernel::product(&labels.weights, &left)
        };
        self.column(k).zip(&self.labels).map(part).sum()
    }

    /// Number of columns.
    pub(crate) fn columns(&self) -> usize {
        self.columns
    }

    /// Sum of the weights.
    pub(crate) fn total_weight(&self) -> f64 {
        self.total_weight
    }
}
