//! What can go wrong in a task, each said with what to do about it.

use std::{io, path::PathBuf};

/// An error of any task.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("cannot {action} {}: {source}", path.display())]
    File {
        /// What was tried, as a verb: "read", "write".
        action: &'static str,
        /// What it was tried on.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A program is not on the path.
    #[error("`{program}` is not installed: {advice}")]
    Missing {
        /// The program's name.
        program: String,
        /// Where to get it.
        advice: &'static str,
    },
    /// A program ran and failed; its own output, already shown, says why.
    #[error("`{command}` failed ({status}): see its output above")]
    Failed {
        /// The command line.
        command: String,
        /// Its exit status.
        status: std::process::ExitStatus,
    },
    /// A program could not be started or listened to.
    #[error("cannot run `{command}`: {source}")]
    Run {
        /// The command line.
        command: String,
        /// The system's reason.
        source: io::Error,
    },
    /// A program printed something else than the JSON it should.
    #[error("`{command}` should print JSON, and printed {text:?}")]
    Answer {
        /// The command line.
        command: String,
        /// What it printed.
        text: String,
    },
    /// `cargo metadata` answered with something else than expected.
    #[error("`cargo metadata` gives no `{0}`: is this cargo older than rust-toolchain.toml asks for?")]
    Metadata(&'static str),
    /// wasm-bindgen refused the compiled module.
    #[error(
        "wasm-bindgen refused the module: {0}. Its crate, and wasm-bindgen-cli-support, must be the same \
         version in Cargo.toml"
    )]
    Bindgen(String),
    /// A line of a script or style may be code and comment, or text.
    #[error("give the comment a line of its own, and end a template in the line where it begins: `{0}`")]
    Lines(String),
    /// A script of the page cannot be put together with others.
    #[error(transparent)]
    Script(#[from] crate::page::bundle::Error),
    /// A source of the page lacks what the build looks for.
    #[error("{file} must contain `{marker}` exactly once, and contains it {found} times")]
    Marker {
        /// The source file.
        file: &'static str,
        /// What the build replaces.
        marker: &'static str,
        /// How often it is there.
        found: usize,
    },
    /// index.html asks for words that the build does not make.
    #[error("index.html has {{{{{0}}}}}, which the build knows no words for")]
    Words(String),
    /// Two types that cross to scripts have one name.
    #[error(
        "two types for scripts are called `{0}`: give one of them another name with #[ts(rename = \"...\")]"
    )]
    Types(String),
    /// The server could not listen.
    #[error("cannot serve on 127.0.0.1:{port}: {source}. Is the port taken? `--port 0` takes a free one")]
    Serve {
        /// The port asked for.
        port: u16,
        /// The system's reason.
        source: io::Error,
    },
    /// A browser to test in, or its driver, is not there.
    #[error(
        "the browser tests lack {0}. On Debian: `apt-get install chromium chromium-driver firefox-esr \
         webkit2gtk-driver xvfb` and `cargo install geckodriver`. Elsewhere: the browsers, and on the PATH the \
         drivers that fit them"
    )]
    Browsers(String),
    /// The episode table could not be derived.
    #[error(transparent)]
    Data(#[from] crate::data::Error),
    /// The study, whose results the page says before anything is computed in it, failed.
    #[error("the study that the page shows fails: {0}")]
    Study(#[from] standfirm::Error),
}

impl Error {
    /// For `map_err` on a file operation: `fs::read(path).map_err(Error::file("read", path))`.
    pub(crate) fn file(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { action, path, source }
    }
}
