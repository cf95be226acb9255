//! Order by number. One function for all that is sorted by a number, as each kind of sorting takes room in the page.

/// The positions of values from the smallest to the largest, equal ones in the order they have.
pub(crate) fn ascending(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    order
}

/// The same things, by the smallest key first.
pub(crate) fn by_key<T: Clone>(things: &[T], key: impl Fn(&T) -> f64) -> Vec<T> {
    let keys: Vec<f64> = things.iter().map(key).collect();
    let order = ascending(&keys).into_iter();
    order.map(|position| things[position].clone()).collect()
}
