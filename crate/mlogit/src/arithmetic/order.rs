//! Sorting that is compiled once, and quantiles.
//!
//! The standard library's sorts are compiled anew for every type and comparison, in three to five kilobytes each. Here it
//! is positions that are sorted, and only moving the items is compiled for each type: a program that is sent to every
//! reader has one sort instead of thirty.

use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Sorts numbers from the smallest to the largest, as [`f64::total_cmp`] has it.
pub fn ascending(numbers: &mut [f64]) {
    // Numbers that compare as equal are the same, so that it does not matter which of them comes first.
    numbers.sort_unstable_by(f64::total_cmp);
}

/// Sorts by a comparison; items that compare as equal stay in their order.
pub fn by<T>(items: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    let order = positions(items.len(), &|a, b| compare(&items[a], &items[b]));
    let mut unsorted: Vec<Option<T>> = items.drain(..).map(Some).collect();
    items.extend(order.into_iter().filter_map(|at| unsorted[at].take()));
}

/// Sorts by a key; items with the same key stay in their order.
pub fn by_key<T, K: Ord>(items: &mut Vec<T>, key: impl Fn(&T) -> K) {
    by(items, |a, b| key(a).cmp(&key(b)));
}

/// A map of the pairs, the last of those with the same key. To collect them would sort them first.
pub fn map<K: Ord, V>(pairs: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    map.extend(pairs);
    map
}

/// Quantile by linear interpolation between order statistics (R's default, type 7; Hyndman & Fan 1996, The American
/// Statistician 50(4)): with `n` values in ascending order, the one at `probability * (n - 1)`, counted from 0. Not a
/// number where there is no value.
///
/// ```
/// assert_eq!(mlogit::order::quantile(&[4.0, 1.0, 3.0, 2.0], 0.5), 2.5);
/// ```
#[inline(never)]
pub fn quantile(values: &[f64], probability: f64) -> f64 {
    let mut sorted = values.to_vec();
    ascending(&mut sorted);
    quantile_of_sorted(&sorted, probability)
}

/// [`quantile`] of values that are in ascending order already.
pub(crate) fn quantile_of_sorted(sorted: &[f64], probability: f64) -> f64 {
    let position = probability * (sorted.len() as f64 - 1.0);
    let (below, above) = (position.floor() as usize, position.ceil() as usize);
    match (sorted.get(below), sorted.get(above)) {
        (Some(low), Some(high)) if below < above => low + (position - below as f64) * (high - low),
        (Some(exact), _) => *exact,
        _ => f64::NAN,
    }
}

fn positions(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut positions: Vec<usize> = (0..count).collect();
    positions.sort_unstable_by(|&a, &b| compare(a, b).then(a.cmp(&b)));
    positions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_as_the_standard_library_does() {
        let keys: Vec<u32> = (0..200_u32)
            .map(|at| at.wrapping_mul(2_654_435_761) >> 28)
            .collect();
        let mut ours: Vec<(u32, usize)> = keys.iter().copied().zip(0..).collect();
        let mut theirs = ours.clone();
        by_key(&mut ours, |one| one.0);
        theirs.sort_by_key(|one| one.0);
        assert_eq!(ours, theirs);
        by(&mut ours, |a, b| b.1.cmp(&a.1));
        theirs.sort_by_key(|one| std::cmp::Reverse(one.1));
        assert_eq!(ours, theirs);
        by_key(&mut Vec::<u8>::new(), |one| *one);

        let mut numbers = [2.0, -0.0, f64::NAN, 0.0, f64::NEG_INFINITY];
        ascending(&mut numbers);
        assert_eq!(format!("{numbers:?}"), "[-inf, -0.0, 0.0, 2.0, NaN]");
    }

    #[test]
    fn quantiles_interpolate() {
        let values = [4.0, 1.0, 3.0, 2.0];
        assert_eq!(quantile(&values, 0.0), 1.0);
        assert_eq!(quantile(&values, 0.5), 2.5);
        assert_eq!(quantile(&values, 0.9), 3.7);
        assert_eq!(quantile(&values, 1.0), 4.0);
        assert_eq!(quantile(&[7.0], 0.3), 7.0);
        // An exact position takes nothing from its neighbour.
        assert_eq!(quantile(&[1.0, 2.0, f64::INFINITY], 0.5), 2.0);
        assert!(quantile(&[], 0.5).is_nan());
    }
}
