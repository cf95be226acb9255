//! A progress bar on standard error, once something takes long.

use std::io::{self, IsTerminal as _};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// What takes less is done before anyone looks.
const PATIENCE: Duration = Duration::from_secs(1);

/// How far something is.
pub(crate) struct Bar {
    /// As indicatif has it.
    template: &'static str,
    start: Instant,
    bar: Option<ProgressBar>,
}

impl Bar {
    pub(crate) fn new(template: &'static str) -> Self {
        Bar {
            template,
            start: Instant::now(),
            bar: None,
        }
    }

    /// So much is done, of so much where that is known. Nothing is shown where standard error is no terminal.
    pub(crate) fn tell(&mut self, done: u64, of: Option<u64>) {
        if self.bar.is_none() && self.start.elapsed() > PATIENCE && io::stderr().is_terminal() {
            let bar = match of {
                Some(of) => ProgressBar::new(of),
                None => ProgressBar::no_length(),
            };
            // A template that cannot be read leaves the library's own.
            if let Ok(style) = ProgressStyle::with_template(self.template) {
                bar.set_style(style);
            }
            self.bar = Some(bar);
        }
        if let Some(bar) = &self.bar {
            bar.set_position(done);
        }
    }

    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
