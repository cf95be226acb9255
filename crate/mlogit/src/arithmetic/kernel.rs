//! Products of blocks of rows: where a fit spends its time.
//!
//! A block is [`BLOCK`] rows of every column, each column a [`Strip`] of its own, so that two rows fill a vector
//! register and all columns of a block stay in the fastest caches. Sums of products are formed in tiles of a few
//! strips by a few strips, whose sums stay in registers over the whole block: each number loaded serves several
//! products. Six to eight sums at a time is what compilers, and the engines that compile wasm, keep in registers.
//!
//! Two lanes, because that is what wasm's simd128 and baseline x86-64 both have. Products are rounded before
//! they are added, and sums are taken in an order that depends on the shapes alone: the bits are the same
//! everywhere.

use std::ops::{AddAssign, Deref, DerefMut, Mul};

use wide::{f32x4, f64x2};

/// Rows taken at a time.
pub(crate) const BLOCK: usize = 128;

/// Pairs of rows in a block.
const PAIRS: usize = BLOCK / 2;

/// A column's values on the rows of a block; zero beyond the last row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Strip([f64x2; PAIRS]);

impl Strip {
    pub(crate) const ZERO: Strip = Strip([f64x2::ZERO; PAIRS]);

    pub(crate) const fn filled(value: f64) -> Self {
        Strip([f64x2::new([value; 2]); PAIRS])
    }

    /// Rows by twos.
    #[inline]
    pub(crate) fn lanes(&self) -> &[f64x2; PAIRS] {
        &self.0
    }

    #[inline]
    pub(crate) fn lanes_mut(&mut self) -> &mut [f64x2; PAIRS] {
        &mut self.0
    }
}

impl Deref for Strip {
    type Target = [f64; BLOCK];

    #[inline]
    fn deref(&self) -> &[f64; BLOCK] {
        bytemuck::must_cast_ref(&self.0)
    }
}

impl DerefMut for Strip {
    #[inline]
    fn deref_mut(&mut self) -> &mut [f64; BLOCK] {
        bytemuck::must_cast_mut(&mut self.0)
    }
}

/// The same in single precision, four rows in a register: half the work, for what need not be exact.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Coarse([f32x4; BLOCK / 4]);

impl Coarse {
    pub(crate) const ZERO: Coarse = Coarse([f32x4::ZERO; BLOCK / 4]);

    pub(crate) fn of(strip: &Strip) -> Self {
        let (fours, _) = strip.as_chunks::<4>();
        let mut coarse = Coarse::ZERO;
        for (into, four) in coarse.0.iter_mut().zip(fours) {
            *into = f32x4::new(four.map(|value| value as f32));
        }
        coarse
    }
}

/// Values on the rows of a block, some to a register.
pub(crate) trait Rows {
    type Lanes: Lanes;
    fn lanes(&self) -> &[Self::Lanes];
    fn lanes_mut(&mut self) -> &mut [Self::Lanes];
}

/// A register.
pub(crate) trait Lanes: Copy + AddAssign + Mul<Output = Self> {
    const ZERO: Self;
    const COUNT: usize;
    fn sum(self) -> f64;
}

impl Rows for Strip {
    type Lanes = f64x2;

    #[inline]
    fn lanes(&self) -> &[f64x2] {
        &self.0
    }

    #[inline]
    fn lanes_mut(&mut self) -> &mut [f64x2] {
        &mut self.0
    }
}

impl Rows for Coarse {
    type Lanes = f32x4;

    #[inline]
    fn lanes(&self) -> &[f32x4] {
        &self.0
    }

    #[inline]
    fn lanes_mut(&mut self) -> &mut [f32x4] {
        &mut self.0
    }
}

impl Lanes for f64x2 {
    const ZERO: Self = f64x2::ZERO;
    const COUNT: usize = 2;

    #[inline]
    fn sum(self) -> f64 {
        sum(self)
    }
}

impl Lanes for f32x4 {
    const ZERO: Self = f32x4::ZERO;
    const COUNT: usize = 4;

    #[inline]
    fn sum(self) -> f64 {
        let [a, b, c, d] = self.to_array().map(f64::from);
        (a + b) + (c + d)
    }
}

/// Starts of the blocks of `rows` rows, with their lengths.
pub(crate) fn blocks(rows: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..rows)
        .step_by(BLOCK)
        .map(move |from| (from, BLOCK.min(rows - from)))
}

/// Adds the inner products, over `rows` rows, of each strip of `left` with the first `needed` of `right` to `totals`,
/// which has a row as long as `right` for each of `left`. A few more than `needed` may be added too.
pub(crate) fn add_products<R: Rows>(left: &[R], right: &[R], rows: usize, needed: usize, totals: &mut [f64]) {
    let (mut left, mut totals) = (left, totals);
    while !left.is_empty() {
        // Numbers of pairs of outcomes (1, 3, 6, 10, ...) are sums of 1, 3 and 4.
        let taken = if left.len() <= 4 { left.len() } else { 3 };
        match taken {
            1 => add_tiles::<R, 1, 4>(left, right, rows, needed, totals),
            2 => add_tiles::<R, 2, 4>(left, right, rows, needed, totals),
            3 => add_tiles::<R, 3, 2>(left, right, rows, needed, totals),
            _ => add_tiles::<R, 4, 2>(left, right, rows, needed, totals),
        }
        left = &left[taken..];
        totals = &mut totals[taken * right.len()..];
    }
}

/// The first `A` strips of `left` by those of `right`, `B` at a time and what is left one by one.
fn add_tiles<R: Rows, const A: usize, const B: usize>(
    left: &[R],
    right: &[R],
    rows: usize,
    needed: usize,
    totals: &mut [f64],
) {
    let Some(left) = left.first_chunk::<A>() else {
        return;
    };
    let width = right.len();
    let whole = needed.next_multiple_of(B).min(width / B * B);
    let (tiles, _) = right[..whole].as_chunks::<B>();
    for (tile, at) in tiles.iter().zip((0..).step_by(B)) {
        add(products(left, tile, rows), at, width, totals);
    }
    for (at, strip) in right.iter().enumerate().take(needed).skip(whole) {
        add(
            products(left, std::array::from_ref(strip), rows),
            at,
            width,
            totals,
        );
    }
}

#[inline]
fn add<const A: usize, const B: usize>(sums: [[f64; B]; A], at: usize, width: usize, totals: &mut [f64]) {
    for (row, sums) in totals.chunks_exact_mut(width).zip(sums) {
        for (total, sum) in row[at..].iter_mut().zip(sums) {
            *total += sum;
        }
    }
}

/// All inner products of `left` with `right`: each lane of a register has a sum of its own over the block.
#[inline]
fn products<R: Rows, const A: usize, const B: usize>(
    left: &[R; A],
    right: &[R; B],
    rows: usize,
) -> [[f64; B]; A] {
    let mut sums = [[R::Lanes::ZERO; B]; A];
    let registers = rows.div_ceil(R::Lanes::COUNT);
    let left: [&[R::Lanes]; A] = std::array::from_fn(|a| &left[a].lanes()[..registers]);
    let right: [&[R::Lanes]; B] = std::array::from_fn(|b| &right[b].lanes()[..registers]);
    for i in 0..registers {
        let factors: [R::Lanes; A] = std::array::from_fn(|a| left[a][i]);
        for (b, strip) in right.iter().enumerate() {
            let factor = strip[i];
            for a in 0..A {
                sums[a][b] += factors[a] * factor;
            }
        }
    }
    sums.map(|row| row.map(Lanes::sum))
}

/// Inner product of two strips.
pub(crate) fn product(left: &Strip, right: &Strip) -> f64 {
    const STEP: usize = 4;
    let mut sums = [f64x2::ZERO; STEP];
    let (left, _) = left.0.as_chunks::<STEP>();
    let (right, _) = right.0.as_chunks::<STEP>();
    for (left, right) in left.iter().zip(right) {
        for i in 0..STEP {
            sums[i] += left[i] * right[i];
        }
    }
    sum((sums[0] + sums[1]) + (sums[2] + sums[3]))
}

/// Both lanes of a sum.
#[inline]
pub(crate) fn sum(lanes: f64x2) -> f64 {
    let [even, odd] = lanes.to_array();
    even + odd
}

/// `into[row] = factor[row] * strip[row]`.
pub(crate) fn scale<R: Rows>(factor: &R, strip: &R, into: &mut R) {
    let rows = factor.lanes().iter().zip(strip.lanes());
    for (into, (factor, value)) in into.lanes_mut().iter_mut().zip(rows) {
        *into = *factor * *value;
    }
}

/// Linear predictors: `eta[j]` is the sum over `k` of `parameters[j * terms + k] * columns[k]`.
pub(crate) fn predict(columns: &[Strip], parameters: &[f64], eta: &mut [Strip]) {
    let mut equations = parameters.chunks_exact(columns.len());
    let (pairs, rest) = eta.as_chunks_mut::<2>();
    for eta in pairs {
        if let (Some(first), Some(second)) = (equations.next(), equations.next()) {
            add_up([first, second], columns, eta);
        }
    }
    if let ([eta], Some(last)) = (rest, equations.next()) {
        add_up([last], columns, std::array::from_mut(eta));
    }
}

/// Eight rows at a time, so that their sums stay in registers over all columns.
fn add_up<const E: usize>(coefficients: [&[f64]; E], columns: &[Strip], eta: &mut [Strip; E]) {
    const STEP: usize = 4;
    for from in (0..PAIRS).step_by(STEP) {
        let mut sums = [[f64x2::ZERO; STEP]; E];
        for (k, strip) in columns.iter().enumerate() {
            let values: [f64x2; STEP] = std::array::from_fn(|i| strip.0[from + i]);
            for (sums, coefficients) in sums.iter_mut().zip(coefficients) {
                let coefficient = f64x2::splat(coefficients[k]);
                for (sum, value) in sums.iter_mut().zip(values) {
                    *sum += coefficient * value;
                }
            }
        }
        for (strip, sums) in eta.iter_mut().zip(sums) {
            strip.0[from..from + STEP].copy_from_slice(&sums);
        }
    }
}

/// `into += factor * values`.
pub(crate) fn add_scaled(into: &mut [f64], factor: f64, values: &[f64]) {
    for (cell, value) in into.iter_mut().zip(values) {
        *cell += factor * value;
    }
}

/// Inner product, summed in a fixed order over four lanes.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    const LANES: usize = 4;
    let mut lanes = [0.0; LANES];
    let (a_chunks, a_rest) = a.as_chunks::<LANES>();
    let (b_chunks, b_rest) = b.as_chunks::<LANES>();
    for (x, y) in a_chunks.iter().zip(b_chunks) {
        for lane in 0..LANES {
            lanes[lane] += x[lane] * y[lane];
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(x, y)| x * y).sum();
    (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]) + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strips(count: usize, seed: usize, rows: usize) -> Vec<Strip> {
        let value = |k: usize, row: usize| ((k * 131 + row * 37 + seed * 71) % 101) as f64 / 17.0 - 3.0;
        let strip = |k: usize| {
            let mut strip = Strip::ZERO;
            strip[..rows]
                .iter_mut()
                .enumerate()
                .for_each(|(row, cell)| *cell = value(k, row));
            strip
        };
        (0..count).map(strip).collect()
    }

    fn naive(a: &Strip, b: &Strip) -> f64 {
        a.iter().zip(b.iter()).map(|(x, y)| x * y).sum()
    }

    #[test]
    fn tiles_give_the_products_of_a_double_loop() {
        for count in 1..=11 {
            for width in [1, 2, 5, 7, 8] {
                for needed in 1..=width {
                    for rows in [1, 50, 127, BLOCK] {
                        let (left, right) = (strips(count, 1, rows), strips(width, 2, rows));
                        let mut totals = vec![1.0; count * width];
                        add_products(&left, &right, rows, needed, &mut totals);
                        let mut rounded = vec![1.0; count * width];
                        let round = |strips: &[Strip]| strips.iter().map(Coarse::of).collect::<Vec<_>>();
                        add_products(&round(&left), &round(&right), rows, needed, &mut rounded);
                        for (a, left) in left.iter().enumerate() {
                            for (b, right) in right.iter().enumerate().take(needed) {
                                let expected = 1.0 + naive(left, right);
                                let off = |totals: &[f64]| (totals[a * width + b] - expected).abs();
                                assert!(off(&totals) <= 1e-12 * expected.abs().max(1.0));
                                assert!(off(&rounded) <= 1e-6 * (rows * 9) as f64);
                            }
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn predictors_are_sums_over_columns() {
        for equations in 1..=5 {
            let columns = strips(7, 3, BLOCK);
            let parameters: Vec<f64> = (0..equations * 7).map(|i| (i % 5) as f64 - 1.7).collect();
            let mut eta = vec![Strip::ZERO; equations];
            predict(&columns, &parameters, &mut eta);
            for (eta, coefficients) in eta.iter().zip(parameters.chunks_exact(7)) {
                for (row, found) in eta.iter().enumerate() {
                    let expected: f64 = coefficients.iter().zip(&columns).map(|(b, x)| b * x[row]).sum();
                    assert!((found - expected).abs() < 1e-13);
                }
            }
        }
    }
}
