//! Pieces of work in several threads at once.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// As many threads as were asked for, or one for each core.
pub(crate) fn count(asked: Option<NonZero<usize>>) -> usize {
    let there = || thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
    asked.unwrap_or_else(there).get()
}

/// What comes of each of so many pieces of work, in their order. Each thread takes the next that none has taken.
pub(crate) fn run<T: Send>(
    pieces: usize,
    threads: usize,
    work: impl Fn(usize) -> standfirm::Result<T> + Sync,
) -> Result<Vec<T>> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done = Vec::new();
        loop {
            let piece = next.fetch_add(1, Ordering::Relaxed);
            if piece >= pieces {
                return Ok(done);
            }
            done.push((piece, work(piece)?));
        }
    };
    let mut found = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        let mut found = Vec::new();
        for worker in workers {
            let done: standfirm::Result<Vec<_>> = worker.join().map_err(|_| "a thread broke off")?;
            found.extend(done?);
        }
        Ok::<_, Box<dyn std::error::Error>>(found)
    })?;
    found.sort_by_key(|(piece, _)| *piece);
    Ok(found.into_iter().map(|(_, one)| one).collect())
}
