//! The rows a likelihood is summed over: all of a design, or some of them with weights of their own.

use crate::Design;
use crate::kernel::{BLOCK, Strip, WIDTH};
use crate::separation::equation;

/// Where an evaluation takes its rows from.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Rows<'a> {
    /// Every row with its weight.
    All(&'a Design),
    /// Chosen rows.
    Chosen(&'a Sample),
}

/// What an evaluation needs to know of a block of rows besides its columns.
#[derive(Debug, Clone)]
pub(crate) struct Labels {
    /// Zero beyond the last row.
    pub(crate) weights: Strip,
    /// The equation of the outcome observed; the base outcome counts as the one after the last.
    pub(crate) observed: [u32; BLOCK],
}

impl Labels {
    pub(crate) const EMPTY: Labels = Labels {
        weights: [0.0; BLOCK],
        observed: [0; BLOCK],
    };

    fn set(&mut self, lane: usize, weight: f64, outcome: u32, base: usize, equations: usize) {
        self.weights[lane] = weight;
        self.observed[lane] = equation(outcome as usize, base).unwrap_or(equations) as u32;
    }
}

/// Chosen rows of a design, gathered block by block.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sample {
    width: usize,
    strips: Vec<Strip>,
    labels: Vec<Labels>,
    rows: Vec<(u32, f64)>,
}

impl Sample {
    /// Gathers rows with their weights in place of what was there, rows of weight zero left out.
    pub(crate) fn gather(&mut self, design: &Design, rows: impl Iterator<Item = (usize, f64)>) {
        self.rows.clear();
        self.rows.extend(
            rows.filter(|(_, weight)| *weight > 0.0)
                .map(|(row, weight)| (row as u32, weight)),
        );
        self.width = width(design);
        let blocks = self.rows.len().div_ceil(BLOCK);
        self.strips.resize(blocks * self.width, [0.0; BLOCK]);
        self.labels.resize(blocks, Labels::EMPTY);
        let base = design.frame.outcome.base;
        let equations = design.outcomes().len() - 1;
        let blocks = self.strips.chunks_exact_mut(self.width).zip(&mut self.labels);
        for (rows, (strips, labels)) in self.rows.chunks(BLOCK).zip(blocks) {
            if rows.len() < BLOCK {
                strips.fill([0.0; BLOCK]);
                *labels = Labels::EMPTY;
            }
            for (lane, &(row, weight)) in rows.iter().enumerate() {
                labels.set(
                    lane,
                    weight,
                    design.frame.outcome.codes[row as usize],
                    base,
                    equations,
                );
            }
            for (k, strip) in strips.iter_mut().enumerate().take(design.recipes.len()) {
                let column = design.column(k);
                for (cell, &(row, _)) in strip.iter_mut().zip(rows) {
                    *cell = column[row as usize];
                }
            }
        }
    }

    /// Sum of the weights.
    pub(crate) fn total_weight(&self) -> f64 {
        self.rows.iter().map(|(_, weight)| weight).sum()
    }
}

impl<'a> Rows<'a> {
    pub(crate) fn blocks(self) -> usize {
        match self {
            Rows::All(design) => design.rows().div_ceil(BLOCK),
            Rows::Chosen(sample) => sample.labels.len(),
        }
    }

    /// A block's columns and labels; `strips` (of [`width`]) and `labels` are room to put them where they are
    /// not at hand.
    pub(crate) fn block<'b>(
        self,
        index: usize,
        strips: &'b mut [Strip],
        labels: &'b mut Labels,
    ) -> (&'b [Strip], &'b Labels)
    where
        'a: 'b,
    {
        match self {
            Rows::Chosen(sample) => (
                &sample.strips[index * sample.width..(index + 1) * sample.width],
                &sample.labels[index],
            ),
            Rows::All(design) => {
                let from = index * BLOCK;
                let rows = BLOCK.min(design.rows() - from);
                if rows < BLOCK {
                    strips.fill([0.0; BLOCK]);
                    *labels = Labels::EMPTY;
                }
                for (k, strip) in strips.iter_mut().enumerate().take(design.recipes.len()) {
                    strip[..rows].copy_from_slice(&design.column(k)[from..from + rows]);
                }
                let base = design.frame.outcome.base;
                let equations = design.outcomes().len() - 1;
                let codes = &design.frame.outcome.codes[from..from + rows];
                for (lane, &outcome) in codes.iter().enumerate() {
                    labels.set(lane, design.weight(from + lane), outcome, base, equations);
                }
                (strips, labels)
            }
        }
    }
}

/// Strips of a block: the columns, filled up with empty ones.
pub(crate) fn width(design: &Design) -> usize {
    design.recipes.len().next_multiple_of(WIDTH)
}
