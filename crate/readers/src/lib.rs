//! Files of other people's data as tables, and how they were read.
//!
//! ```text
//! bytes + Options -> File (columns, unjudged) -> Table of the columns used + Reading
//! ```
//!
//! ```
//! use readers::{Delimiter, Options, read};
//!
//! # fn main() -> Result<(), readers::Error> {
//! let file = read(b"y,x,note\na,1.5,\"1,3\"\nb,NA,2\n", &Options::default())?;
//! assert_eq!(file.reading().delimiter, Some(Delimiter::COMMA));
//! let (table, reading) = file.table(&["y", "x"])?;
//! assert_eq!(table.names(), ["y", "x"]);
//! assert!(reading.notes.is_empty());
//!
//! // Whatever is guessed can be said.
//! let options = Options { missing: Some(Options::missing_codes("-99,.")), ..Options::default() };
//! let (_, reading) = read(b"country,x\nNA,-99\nKE,3\n", &options)?.table(&["country"])?;
//! assert_eq!(reading.missing, ["-99", "."]);
//! # Ok(())
//! # }
//! ```

#[cfg(feature = "stata")]
mod calendar;
mod column;
mod delimited;
mod dialect;
mod encoding;
mod error;
#[cfg(feature = "excel")]
mod excel;
#[cfg(feature = "excel")]
mod expanse;
mod file;
mod format;
mod judge;
#[cfg(feature = "stata")]
mod lengths;
mod levels;
mod missing;
mod names;
mod number;
mod options;
mod place;
mod reading;
mod records;
mod source;
#[cfg(feature = "stata")]
mod stata;
mod summary;
#[cfg(any(feature = "excel", feature = "stata"))]
mod typed;

pub use error::{Error, Result};
pub use file::File;
pub use format::FileKind;
pub use judge::ColumnKind;
pub use options::{Decimal, Delimiter, Options, Thousands};
pub use reading::Reading;
pub use source::{Progress, Source};
pub use summary::{ColumnSummary, LevelCount, Summary};

/// Reads a file from its bytes.
///
/// # Errors
/// [`Error`], with the line and what to do, where the file as a whole cannot be read. What is wrong with single columns is
/// an error only once they are used, in [`File::table`].
pub fn read(mut bytes: &[u8], options: &Options) -> Result<File> {
    read_from(&mut bytes, options, &mut |_| {})
}

/// Reads a file from where its bytes come from, piece by piece, and tells how far it is.
///
/// The source is read once; a second time only where a column of many numbers turns out to be text.
///
/// # Errors
/// As [`read`].
pub fn read_from(
    source: &mut dyn Source,
    options: &Options,
    progress: &mut dyn FnMut(Progress),
) -> Result<File> {
    let opened = source::open(source, progress)?;
    let format = format::of(&opened.start)?;
    drop(opened);
    match format {
        FileKind::Csv => delimited::read(source, options, progress),
        FileKind::Xlsx | FileKind::Xls | FileKind::Ods => workbook(source, options, progress, format),
        FileKind::Stata => stata(source, options, progress),
    }
}

#[cfg(feature = "excel")]
use excel::read as workbook;
#[cfg(feature = "stata")]
use stata::read as stata;

#[cfg(not(feature = "excel"))]
fn workbook(_: &mut dyn Source, _: &Options, _: &mut dyn FnMut(Progress), format: FileKind) -> Result<File> {
    Err(not_here(format))
}

#[cfg(not(feature = "stata"))]
fn stata(_: &mut dyn Source, _: &Options, _: &mut dyn FnMut(Progress)) -> Result<File> {
    Err(not_here(FileKind::Stata))
}

#[cfg(not(all(feature = "excel", feature = "stata")))]
fn not_here(format: FileKind) -> Error {
    Error::Unsupported {
        what: format!("a file of {}", format.name()),
        advice: "it is not read here: save it as CSV".to_owned(),
    }
}

/// The README's example is compiled and run as well.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
