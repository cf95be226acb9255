//! What can go wrong, each cause with the place and what to do.

/// The result of this crate's fallible functions.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a file, or a column of it, cannot be read. Every message says what to change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The source of the bytes failed.
    #[error("{0}")]
    Source(String),

    /// Nothing is in the file.
    #[error("the file is empty: a header line with the columns' names is needed")]
    Empty,

    /// There are names and nothing under them.
    #[error("the file has a header line, with {}, and no row under it", counted(*columns, "column"))]
    NoRows {
        /// Number of columns.
        columns: usize,
    },

    /// A kind of file that is not read.
    #[error("this is {what}: {advice}")]
    Unsupported {
        /// What the file is.
        what: String,
        /// How to save it otherwise.
        advice: String,
    },

    /// What was said about the file cannot be.
    #[error("{option}: {problem}")]
    Option {
        /// The option's name.
        option: String,
        /// What is wrong with it.
        problem: String,
    },

    /// The bytes are not of the encoding.
    #[error("{place}: {problem}")]
    Encoding {
        /// The line.
        place: String,
        /// What is wrong with it, and how to choose.
        problem: String,
    },

    /// Several delimiters would fit, or the header's line is not plain.
    #[error("{problem}")]
    Ambiguous {
        /// All readings, and how to choose.
        problem: String,
    },

    /// A line that does not fit the others.
    #[error("line {line}: {problem}")]
    Line {
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        problem: String,
    },

    /// A quote that never closes, or only where another was meant to open.
    #[error("line {line}: a quote (\") opens in column `{column}` {problem}")]
    Quote {
        /// The line in which it opens, from 1.
        line: u64,
        /// The column in which it opens.
        column: String,
        /// Where it ends, and what to do.
        problem: String,
    },

    /// A name that no column has.
    #[error("no column `{column}`; there are {}", listed(known))]
    UnknownColumn {
        /// The name asked for.
        column: String,
        /// The names there are.
        known: Vec<String>,
    },

    /// A column is used whose name others have too.
    #[error("column `{column}` occurs {}: rename one of them", often(*times))]
    DuplicateColumn {
        /// The name.
        column: String,
        /// How many columns have it.
        times: usize,
    },

    /// A column is used that can be read in several ways, or in none.
    #[error("column `{column}`: {problem}")]
    Column {
        /// The column.
        column: String,
        /// What is wrong with it, and how to choose.
        problem: String,
    },

    /// A workbook or a Stata file that is damaged, or of a kind unknown.
    #[error("{format} file: {problem}")]
    Damaged {
        /// The kind of file.
        format: String,
        /// What its reader says.
        problem: String,
    },
}

/// `1 column`, `2 columns`.
pub(crate) fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

fn often(number: usize) -> String {
    match number {
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    }
}

/// Names for a message: the first of them, if they are many.
fn listed(names: &[String]) -> String {
    const MOST: usize = 30;
    let shown: Vec<String> = names
        .iter()
        .take(MOST)
        .map(|name| format!("`{}`", shown(name)))
        .collect();
    match names.len().checked_sub(MOST) {
        None | Some(0) => shown.join(", "),
        Some(more) => format!("{} and {more} more", shown.join(", ")),
    }
}

/// As much of a text as a message has room for.
pub(crate) fn shown(text: &str) -> String {
    const MOST: usize = 40;
    let mut short: String = text
        .chars()
        .take(MOST)
        .map(|sign| if sign.is_control() { '\u{fffd}' } else { sign })
        .collect();
    if text.chars().nth(MOST).is_some() {
        short.push('\u{2026}');
    }
    short
}
