//! Counting tests from what they print.

use std::fmt;

/// How many tests did what.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) failed: usize,
    /// As libtest sees it: tests that skipped themselves are among them.
    returned: usize,
    ignored: usize,
    skipped: usize,
}

impl Tally {
    /// Reads a line of output: a summary of libtest's, or a test's own word that it is skipped.
    pub(super) fn read(&mut self, line: &str) {
        if line.starts_with("skipped: ") {
            self.skipped += 1;
        } else if let Some(summary) = line.strip_prefix("test result: ") {
            self.returned += count(summary, "passed");
            self.failed += count(summary, "failed");
            self.ignored += count(summary, "ignored");
        }
    }
}

/// The number before a word: 3 for "failed" in "FAILED. 9 passed; 3 failed; 0 ignored".
fn count(summary: &str, word: &str) -> usize {
    let words: Vec<_> = summary
        .split_whitespace()
        .map(|word| word.trim_matches([';', '.']))
        .collect();
    words
        .windows(2)
        .find(|pair| pair[1] == word)
        .and_then(|pair| pair[0].parse().ok())
        .unwrap_or(0)
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            failed,
            returned,
            ignored,
            skipped,
        } = self;
        write!(
            f,
            "{} passed, {failed} failed, {} skipped",
            returned.saturating_sub(*skipped),
            ignored + skipped
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_add_up_and_skipped_tests_have_not_passed() {
        let mut tally = Tally::default();
        for line in [
            "running 2 tests",
            "test result: ok. 9 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.02s",
            "skipped: firefox::figures_are_drawn: geckodriver cannot be run",
            "test skipped: this is a test's name, not its word ... ok",
            "test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 1 filtered out; finished in 61.30s",
        ] {
            tally.read(line);
        }
        assert_eq!(tally.to_string(), "10 passed, 3 failed, 2 skipped");
    }
}
