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

use wide::f64x2;

/// Rows taken at a time.
pub(crate) const BLOCK: usize = 128;

/// A column's values on the rows of a block; rows beyond the last count as zeros.
pub(crate) type Strip = [f64; BLOCK];

/// Columns of a block are filled up with empty ones to a multiple of this.
pub(crate) const WIDTH: usize = 4;

/// Lanes `2 i` and `2 i + 1` of a strip.
#[inline]
pub(crate) fn lanes(strip: &Strip, i: usize) -> f64x2 {
    f64x2::new([strip[2 * i], strip[2 * i + 1]])
}

#[inline]
pub(crate) fn set_lanes(strip: &mut Strip, i: usize, lanes: f64x2) {
    [strip[2 * i], strip[2 * i + 1]] = lanes.to_array();
}

/// Adds the inner products of each strip of `left` with the first `needed` of `right` to `totals` (a row of
/// `width` for each of `left`); a few more than `needed` may be added too, up to a multiple of [`WIDTH`].
pub(crate) fn add_products(left: &[Strip], right: &[Strip], needed: usize, width: usize, totals: &mut [f64]) {
    let (mut left, mut totals) = (left, totals);
    while !left.is_empty() {
        // Numbers of pairs of outcomes (1, 3, 6, 10, ...) are sums of 1, 3 and 4.
        let taken = if left.len() <= 4 { left.len() } else { 3 };
        match taken {
            1 => add_tiles::<1, 4>(left, right, needed, width, totals),
            2 => add_tiles::<2, 4>(left, right, needed, width, totals),
            3 => add_tiles::<3, 2>(left, right, needed, width, totals),
            _ => add_tiles::<4, 2>(left, right, needed, width, totals),
        }
        left = &left[taken..];
        totals = &mut totals[taken * width..];
    }
}

/// The first `A` strips of `left` by those of `right`, `B` at a time.
fn add_tiles<const A: usize, const B: usize>(
    left: &[Strip],
    right: &[Strip],
    needed: usize,
    width: usize,
    totals: &mut [f64],
) {
    let Some(left) = left.first_chunk::<A>() else {
        return;
    };
    let (tiles, _) = right[..needed.next_multiple_of(B)].as_chunks::<B>();
    for (t, tile) in tiles.iter().enumerate() {
        let sums = products(left, tile);
        for (row, sums) in totals.chunks_exact_mut(width).zip(sums) {
            for (total, sum) in row[t * B..].iter_mut().zip(sums) {
                *total += sum;
            }
        }
    }
}

/// All inner products of `left` with `right`: even rows in one lane, odd rows in the other.
#[inline]
fn products<const A: usize, const B: usize>(left: &[Strip; A], right: &[Strip; B]) -> [[f64; B]; A] {
    let mut sums = [[f64x2::ZERO; B]; A];
    for i in 0..BLOCK / 2 {
        let factors: [f64x2; A] = std::array::from_fn(|a| lanes(&left[a], i));
        for (b, strip) in right.iter().enumerate() {
            let factor = lanes(strip, i);
            for a in 0..A {
                sums[a][b] += factors[a] * factor;
            }
        }
    }
    sums.map(|row| {
        row.map(|sum| {
            let [even, odd] = sum.to_array();
            even + odd
        })
    })
}

/// `into[row] = factor[row] * strip[row]`.
pub(crate) fn scale(factor: &Strip, strip: &Strip, into: &mut Strip) {
    for i in 0..BLOCK / 2 {
        set_lanes(into, i, lanes(factor, i) * lanes(strip, i));
    }
}

/// Linear predictors: `eta[j]` is the sum over `k` of `parameters[j * terms + k] * columns[k]`.
pub(crate) fn predict(columns: &[Strip], parameters: &[f64], terms: usize, eta: &mut [Strip]) {
    let mut equations = parameters.chunks_exact(terms);
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
    for from in (0..BLOCK / 2).step_by(STEP) {
        let mut sums = [[f64x2::ZERO; STEP]; E];
        for (k, strip) in columns.iter().enumerate().take(coefficients[0].len()) {
            let values: [f64x2; STEP] = std::array::from_fn(|i| lanes(strip, from + i));
            for (sums, coefficients) in sums.iter_mut().zip(coefficients) {
                let coefficient = f64x2::splat(coefficients[k]);
                for (sum, value) in sums.iter_mut().zip(values) {
                    *sum += coefficient * value;
                }
            }
        }
        for (strip, sums) in eta.iter_mut().zip(sums) {
            for (i, sum) in sums.into_iter().enumerate() {
                set_lanes(strip, from + i, sum);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strips(count: usize, seed: usize) -> Vec<Strip> {
        let value = |k: usize, row: usize| ((k * 131 + row * 37 + seed * 71) % 101) as f64 / 17.0 - 3.0;
        (0..count)
            .map(|k| std::array::from_fn(|row| value(k, row)))
            .collect()
    }

    fn naive(a: &Strip, b: &Strip) -> f64 {
        a.iter().zip(b).map(|(x, y)| x * y).sum()
    }

    #[test]
    fn tiles_give_the_products_of_a_double_loop() {
        for count in 1..=11 {
            for needed in [1, 2, 5, 8] {
                let (left, right) = (strips(count, 1), strips(8, 2));
                let mut totals = vec![1.0; count * 8];
                add_products(&left, &right, needed, 8, &mut totals);
                for (a, row) in left.iter().zip(totals.chunks_exact(8)) {
                    for (b, total) in right.iter().zip(row).take(needed) {
                        let expected = 1.0 + naive(a, b);
                        assert!((total - expected).abs() <= 1e-12 * expected.abs().max(1.0));
                    }
                }
            }
        }
    }

    #[test]
    fn predictors_are_sums_over_columns() {
        for equations in 1..=5 {
            let columns = strips(8, 3);
            let parameters: Vec<f64> = (0..equations * 7).map(|i| (i % 5) as f64 - 1.7).collect();
            let mut eta = vec![[f64::NAN; BLOCK]; equations];
            predict(&columns, &parameters, 7, &mut eta);
            for (eta, coefficients) in eta.iter().zip(parameters.chunks_exact(7)) {
                for (row, found) in eta.iter().enumerate() {
                    let expected: f64 = coefficients.iter().zip(&columns).map(|(b, x)| b * x[row]).sum();
                    assert!((found - expected).abs() < 1e-13);
                }
            }
        }
    }
}
