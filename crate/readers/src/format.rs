//! What kind of file it is, by its first bytes.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileKind {
    /// Text with cells between delimiters.
    Csv,
    /// An Excel workbook of 2007 or later.
    Xlsx,
    /// An Excel workbook of 1997 to 2003.
    Xls,
    /// An OpenDocument spreadsheet.
    Ods,
    /// Stata's, of any version.
    Stata,
}

impl FileKind {
    /// Its name in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            FileKind::Csv => "CSV",
            FileKind::Xlsx => "Excel (.xlsx)",
            FileKind::Xls => "Excel (.xls)",
            FileKind::Ods => "OpenDocument (.ods)",
            FileKind::Stata => "Stata (.dta)",
        }
    }
}

const AS_CSV: &str = "save it as CSV";

/// Files of other kinds: how they begin, what they are, how to save them otherwise.
const OTHERS: [(&[u8], &str, &str); 13] = [
    (
        b"$FL2",
        "an SPSS file",
        "save it as Stata (.dta) or CSV: in SPSS with File > Save as, in R with haven::read_sav and write.csv",
    ),
    (
        b"$FL3",
        "a packed SPSS file",
        "save it as Stata (.dta) or CSV: in SPSS with File > Save as, in R with haven::read_sav and write.csv",
    ),
    (
        b"PAR1",
        "a Parquet file",
        "save it as CSV: in Python with pandas.read_parquet(...).to_csv(...), in R with arrow::read_parquet and write.csv",
    ),
    (
        b"ARROW1",
        "a Feather file",
        "save it as CSV: in Python with pandas.read_feather(...).to_csv(...), in R with arrow::read_feather and write.csv",
    ),
    (
        b"RDX",
        "an R workspace",
        "save the table as CSV: in R with load and write.csv",
    ),
    (
        b"X\n\0\0",
        "an R object (.rds)",
        "save the table as CSV: in R with readRDS and write.csv",
    ),
    (
        b"\0\0\0\0\0\0\0\0\0\0\0\0\xc2\xea\x81\x60",
        "a SAS file",
        "save it as Stata (.dta) or CSV: in SAS with PROC EXPORT, in R with haven::read_sas and write.csv",
    ),
    (
        b"HEADER RECORD*******",
        "a SAS transport file",
        "save it as CSV: in R with haven::read_xpt and write.csv",
    ),
    (
        b"%PDF",
        "a PDF file",
        "open the table in a spreadsheet and save it as CSV",
    ),
    (
        b"SQLite format 3\0",
        "an SQLite database",
        "export the table as CSV",
    ),
    (
        b"BZh",
        "packed with bzip2",
        "unpack it first, or pack it with gzip",
    ),
    (
        b"\xfd7zXZ\0",
        "packed with xz",
        "unpack it first, or pack it with gzip",
    ),
    (
        b"\x28\xb5\x2f\xfd",
        "packed with zstd",
        "unpack it first, or pack it with gzip",
    ),
];

/// The kind of file that begins like this.
pub(crate) fn of(start: &[u8]) -> Result<FileKind> {
    let unsupported = |what: &str, advice: &str| {
        Err(Error::Unsupported {
            what: what.to_owned(),
            advice: advice.to_owned(),
        })
    };
    if let Some((_, what, advice)) = OTHERS.iter().find(|(magic, ..)| start.starts_with(magic)) {
        return unsupported(what, advice);
    }
    if start.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Ok(FileKind::Xls);
    }
    if start.starts_with(b"PK\x03\x04") {
        return zip(start);
    }
    if start.starts_with(b"<stata_dta>") || is_old_stata(start) {
        return Ok(FileKind::Stata);
    }
    let words = start.trim_ascii_start();
    let begins = |word: &str| {
        words
            .get(..word.len())
            .is_some_and(|first| first.eq_ignore_ascii_case(word.as_bytes()))
    };
    if begins("<!doctype html") || begins("<html") {
        return unsupported(
            "a web page",
            "download the file itself: its address may have led to a page about it",
        );
    }
    if begins("<?xml") {
        return unsupported("an XML file", AS_CSV);
    }
    if begins("[{") || begins("{\"") {
        return unsupported("a JSON file", AS_CSV);
    }
    Ok(FileKind::Csv)
}

/// Workbooks are zipped. The first part of an OpenDocument file names its kind; Excel's have their own names inside.
fn zip(start: &[u8]) -> Result<FileKind> {
    let has = |word: &[u8]| start.windows(word.len()).any(|part| part == word);
    if has(b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet") {
        return Ok(FileKind::Ods);
    }
    if has(b"mimetypeapplication/vnd.oasis.opendocument") {
        return Err(Error::Unsupported {
            what: "an OpenDocument file, but no spreadsheet".to_owned(),
            advice: "save the table as a spreadsheet (.ods) or CSV".to_owned(),
        });
    }
    // What is zipped otherwise has no such parts, and Excel's reader says that it lacks them.
    Ok(FileKind::Xlsx)
}

/// Before version 117: the version, the order of bytes, a one, a zero.
fn is_old_stata(start: &[u8]) -> bool {
    matches!(start, [102..=115, 1 | 2, 1, ..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_their_first_bytes() {
        assert_eq!(of(b"y,x\na,1\n"), Ok(FileKind::Csv));
        assert_eq!(of(b""), Ok(FileKind::Csv));
        assert_eq!(of(b"<stata_dta><header>"), Ok(FileKind::Stata));
        assert_eq!(of(&[113, 2, 1, 0]), Ok(FileKind::Stata));
        assert_eq!(of(b"rst,uv"), Ok(FileKind::Csv));
        assert_eq!(of(b"PK\x03\x04...xl/workbook.xml"), Ok(FileKind::Xlsx));
        let ods = b"PK\x03\x04......mimetypeapplication/vnd.oasis.opendocument.spreadsheetPK";
        assert_eq!(of(ods), Ok(FileKind::Ods));
    }

    #[test]
    fn what_is_not_read_says_how_to_save_it() {
        for (start, words) in [
            (&b"$FL2@(#) SPSS"[..], ["SPSS", ".dta"]),
            (b"PAR1\x15\x04", ["Parquet", "to_csv"]),
            (b"\n <!DOCTYPE HTML>", ["web page", "download"]),
            (b"[{\"a\": 1}]", ["JSON", "CSV"]),
            (b"\xfd7zXZ\0\0", ["xz", "gzip"]),
        ] {
            let message = of(start).unwrap_err().to_string();
            assert!(words.iter().all(|word| message.contains(word)), "{message}");
        }
    }
}
