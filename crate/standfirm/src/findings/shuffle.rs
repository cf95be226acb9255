//! Putting things in random order, seeded.

use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// Random numbers of a seed; those of different streams have nothing to do with each other, so that a draw is the same
/// whatever was drawn before it.
pub(super) fn random(seed: u64, stream: u64) -> ChaCha12Rng {
    let mut random = ChaCha12Rng::seed_from_u64(seed);
    random.set_stream(stream);
    random
}

/// Puts the items in random order, each order as likely as any other (Fisher and Yates).
pub(super) fn shuffle<T>(items: &mut [T], random: &mut ChaCha12Rng) {
    for last in (1..items.len()).rev() {
        let below = (u128::from(random.next_u64()) * (last as u128 + 1)) >> 64;
        items.swap(last, below as usize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_is_as_likely() {
        let mut counts = std::collections::BTreeMap::<Vec<u8>, usize>::new();
        for stream in 0..6_000 {
            let mut items = vec![1, 2, 3];
            shuffle(&mut items, &mut random(1, stream));
            *counts.entry(items).or_default() += 1;
        }
        assert_eq!(counts.len(), 6);
        // Of 6,000, five standard deviations about 1,000.
        assert!(
            counts.values().all(|count| count.abs_diff(1_000) < 145),
            "{counts:?}"
        );
    }
}
