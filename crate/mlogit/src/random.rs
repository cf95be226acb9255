//! Random numbers: ChaCha from rand_chacha, turned into uniforms and normals with libm.
//!
//! The same seed and stream give the same bits on every platform. (rand_distr would take its logarithms from
//! the platform wherever another crate turns on num-traits's `std`.)

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// One of 2^64 independent sequences of a seed.
#[derive(Debug)]
pub(crate) struct Stream {
    generator: ChaCha8Rng,
    /// The polar method gives normals in pairs.
    spare: Option<f64>,
}

impl Stream {
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(stream);
        Stream {
            generator,
            spare: None,
        }
    }

    /// Uniform on [0, 1), 53 bits.
    pub(crate) fn uniform(&mut self) -> f64 {
        (self.generator.next_u64() >> 11) as f64 / 9_007_199_254_740_992.0
    }

    /// Uniform on 0..`bound`; off by less than `bound` / 2^64.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.generator.next_u64()) * bound as u128) >> 64) as usize
    }

    /// Standard normal, by Marsaglia and Bray's polar method (1964).
    pub(crate) fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        loop {
            let (u, v) = (2.0 * self.uniform() - 1.0, 2.0 * self.uniform() - 1.0);
            let square = u * u + v * v;
            if square > 0.0 && square < 1.0 {
                let factor = (-2.0 * libm::log(square) / square).sqrt();
                self.spare = Some(v * factor);
                return u * factor;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normals_have_the_moments_of_normals() {
        let mut stream = Stream::new(5, 0);
        let draws: Vec<f64> = (0..100_000).map(|_| stream.normal()).collect();
        let moment = |power: i32| {
            let terms = draws.iter().map(|z| (0..power).map(|_| z).product::<f64>());
            terms.sum::<f64>() / draws.len() as f64
        };
        // Four standard errors.
        assert!(moment(1).abs() < 4.0 * (1.0_f64 / 1e5).sqrt());
        assert!((moment(2) - 1.0).abs() < 4.0 * (2.0_f64 / 1e5).sqrt());
        assert!(moment(3).abs() < 4.0 * (15.0_f64 / 1e5).sqrt());
        assert!((moment(4) - 3.0).abs() < 4.0 * (96.0_f64 / 1e5).sqrt());
    }

    #[test]
    fn streams_differ_and_repeat() {
        let first = |seed, stream| Stream::new(seed, stream).uniform();
        assert_eq!(first(1, 0), first(1, 0));
        assert!(first(1, 0) != first(1, 1) && first(1, 0) != first(2, 0));
        let mut stream = Stream::new(1, 0);
        assert!((0..1000).map(|_| stream.below(7)).all(|value| value < 7));
    }
}
