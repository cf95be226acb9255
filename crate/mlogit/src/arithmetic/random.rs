//! Random numbers: ChaCha, seeded, the same on every platform.

use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// A stream of random numbers. Different streams of one seed are independent, so that draw `i` is the same
/// whatever was drawn before it.
#[derive(Debug)]
pub(crate) struct Random(ChaCha12Rng);

impl Random {
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let mut generator = ChaCha12Rng::seed_from_u64(seed);
        generator.set_stream(stream);
        Random(generator)
    }

    /// Uniform on (0, 1), never an end.
    pub(crate) fn uniform(&mut self) -> f64 {
        ((self.0.next_u64() >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
    }

    /// A whole number below `bound`. Its bias is below 2^-32 for every number of rows a computer holds.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.0.next_u64()) * bound as u128) >> 64) as usize
    }

    /// Fills with standard normal numbers (Box & Muller 1958, with libm's functions: same bits everywhere).
    pub(crate) fn normals(&mut self, into: &mut [f64]) {
        for pair in into.chunks_mut(2) {
            let radius = (-2.0 * libm::log(self.uniform())).sqrt();
            let angle = std::f64::consts::TAU * self.uniform();
            for (position, value) in pair.iter_mut().enumerate() {
                *value = radius
                    * if position == 0 {
                        libm::cos(angle)
                    } else {
                        libm::sin(angle)
                    };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_repeat_and_differ() {
        let first = |seed, stream| Random::new(seed, stream).uniform();
        assert_eq!(first(1, 2), first(1, 2));
        assert_ne!(first(1, 2), first(1, 3));
        assert_ne!(first(1, 2), first(2, 2));
    }

    #[test]
    fn normals_have_the_moments_of_normals() {
        let mut values = vec![0.0; 100_001];
        Random::new(7, 0).normals(&mut values);
        let moment = |power: i32| {
            values
                .iter()
                .map(|v| (0..power).fold(1.0, |product, _| product * v))
                .sum::<f64>()
                / values.len() as f64
        };
        assert!(moment(1).abs() < 0.02 && (moment(2) - 1.0).abs() < 0.02);
        assert!(moment(3).abs() < 0.05 && (moment(4) - 3.0).abs() < 0.1);
        let mut random = Random::new(7, 1);
        assert!((0..1000).all(|_| random.below(3) < 3));
    }
}
