//! What can be said about a file instead of being guessed.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// What is known about a file beforehand. Whatever is `None` or empty is guessed, and [`crate::Reading`] says how.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// What stands between cells.
    pub delimiter: Option<Delimiter>,
    /// What stands before the decimals of a number.
    pub decimal: Option<Decimal>,
    /// The encoding, by any of the names that web pages use: `utf-8`, `utf-16le`, `windows-1252`, ...
    pub encoding: Option<String>,
    /// The encoding from which the bytes have been made UTF-8 before they come here, as a browser's `TextDecoder` does:
    /// only [`crate::Reading`] tells it.
    pub decoded_from: Option<String>,
    /// The codes of missing values, in place of `NA` and `NaN`; the empty cell always is one. A code that is a number
    /// stands for every cell with that number.
    pub missing: Option<Vec<String>>,
    /// What stands between groups of three digits.
    pub thousands: Option<Thousands>,
    /// A workbook's sheet: its name, or its number from 1.
    pub sheet: Option<String>,
    /// The line, or the sheet's row, with the columns' names, from 1.
    pub header_row: Option<usize>,
    /// Columns that are text, whatever is in them.
    pub text: Vec<String>,
    /// Columns that are numbers, whatever they look like.
    pub number: Vec<String>,
}

impl Options {
    /// The codes of missing values in a list such as `-99,.,#N/A`.
    pub fn missing_codes(list: &str) -> Vec<String> {
        list.split(',')
            .map(|code| code.trim().to_owned())
            .filter(|code| !code.is_empty())
            .collect()
    }
}

fn wrong(option: &str, problem: String) -> Error {
    Error::Option {
        option: option.to_owned(),
        problem,
    }
}

/// The one sign of a text.
fn one_sign(text: &str) -> Option<char> {
    let mut signs = text.chars();
    let first = signs.next()?;
    signs.next().is_none().then_some(first)
}

/// What stands between cells: any ASCII sign but letters, digits and quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Delimiter(u8);

impl Delimiter {
    /// `,`
    pub const COMMA: Delimiter = Delimiter(b',');
    /// `;`
    pub const SEMICOLON: Delimiter = Delimiter(b';');
    /// The tabulator.
    pub const TAB: Delimiter = Delimiter(b'\t');
    /// `|`
    pub const PIPE: Delimiter = Delimiter(b'|');
    /// Those that are guessed.
    pub(crate) const USUAL: [Delimiter; 4] = [Self::COMMA, Self::SEMICOLON, Self::TAB, Self::PIPE];

    pub(crate) fn byte(self) -> u8 {
        self.0
    }

    /// As it is said on a command line.
    pub(crate) fn argument(self) -> String {
        match self {
            Self::TAB => "tab".to_owned(),
            Delimiter(byte) => format!("\"{}\"", char::from(byte)),
        }
    }

    /// Its name in a sentence.
    pub(crate) fn name(self) -> String {
        match self {
            Self::COMMA => "comma".to_owned(),
            Self::SEMICOLON => "semicolon".to_owned(),
            Self::TAB => "tab".to_owned(),
            Self::PIPE => "pipe".to_owned(),
            Delimiter(b' ') => "blank".to_owned(),
            Delimiter(byte) => format!("`{}`", char::from(byte)),
        }
    }
}

impl FromStr for Delimiter {
    type Err = Error;

    /// A sign, or `comma`, `semicolon`, `tab`, `pipe`.
    fn from_str(text: &str) -> Result<Self> {
        match text {
            "comma" => return Ok(Self::COMMA),
            "semicolon" => return Ok(Self::SEMICOLON),
            "tab" | "\\t" => return Ok(Self::TAB),
            "pipe" => return Ok(Self::PIPE),
            _ => {}
        }
        let fits = |sign: &char| {
            *sign == '\t'
                || (sign.is_ascii()
                    && !sign.is_ascii_control()
                    && !sign.is_ascii_alphanumeric()
                    && *sign != '"')
        };
        match one_sign(text).filter(fits) {
            Some(sign) => Ok(Delimiter(sign as u8)),
            None => Err(wrong(
                "delimiter",
                format!(
                    "`{text}` does not stand between cells: say comma, semicolon, tab, pipe, or another sign"
                ),
            )),
        }
    }
}

impl From<Delimiter> for String {
    fn from(delimiter: Delimiter) -> Self {
        char::from(delimiter.0).to_string()
    }
}

impl TryFrom<String> for Delimiter {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

/// What stands before the decimals of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Decimal {
    /// `1.5`
    Point,
    /// `1,5`
    Comma,
}

impl Decimal {
    pub(crate) fn sign(self) -> char {
        match self {
            Decimal::Point => '.',
            Decimal::Comma => ',',
        }
    }
}

impl FromStr for Decimal {
    type Err = Error;

    /// `.` or `point`, `,` or `comma`.
    fn from_str(text: &str) -> Result<Self> {
        match text {
            "." | "point" => Ok(Decimal::Point),
            "," | "comma" => Ok(Decimal::Comma),
            _ => Err(wrong("decimal", format!("`{text}` is neither `.` nor `,`"))),
        }
    }
}

impl From<Decimal> for String {
    fn from(decimal: Decimal) -> Self {
        decimal.sign().to_string()
    }
}

impl TryFrom<String> for Decimal {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

/// What stands between groups of three digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Thousands {
    /// `1,234`
    Comma,
    /// `1.234`
    Point,
    /// `1 234`, with any of the blanks that do not break lines as well.
    Blank,
    /// `1'234`
    Apostrophe,
    /// `1_234`
    Underscore,
}

impl Thousands {
    pub(crate) fn sign(self) -> char {
        match self {
            Thousands::Comma => ',',
            Thousands::Point => '.',
            Thousands::Blank => ' ',
            Thousands::Apostrophe => '\'',
            Thousands::Underscore => '_',
        }
    }

    pub(crate) fn of_sign(sign: char) -> Option<Self> {
        match sign {
            ',' => Some(Thousands::Comma),
            '.' => Some(Thousands::Point),
            ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' => Some(Thousands::Blank),
            '\'' | '\u{2019}' => Some(Thousands::Apostrophe),
            '_' => Some(Thousands::Underscore),
            _ => None,
        }
    }
}

impl FromStr for Thousands {
    type Err = Error;

    /// A sign, or `comma`, `point`, `space`, `apostrophe`, `underscore`.
    fn from_str(text: &str) -> Result<Self> {
        match text {
            "comma" => Ok(Thousands::Comma),
            "point" => Ok(Thousands::Point),
            "space" | "blank" => Ok(Thousands::Blank),
            "apostrophe" => Ok(Thousands::Apostrophe),
            "underscore" => Ok(Thousands::Underscore),
            _ => one_sign(text).and_then(Thousands::of_sign).ok_or_else(|| {
                wrong(
                    "thousands",
                    format!(
                        "`{text}` does not group digits: say comma, point, space, apostrophe or underscore"
                    ),
                )
            }),
        }
    }
}

impl From<Thousands> for String {
    fn from(thousands: Thousands) -> Self {
        thousands.sign().to_string()
    }
}

impl TryFrom<String> for Thousands {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_understood_or_refused() {
        assert_eq!("tab".parse(), Ok(Delimiter::TAB));
        assert_eq!("\\t".parse(), Ok(Delimiter::TAB));
        assert_eq!("|".parse(), Ok(Delimiter::PIPE));
        for text in ["", "a", "\"", ";;", "\n", "é", "5"] {
            assert!(text.parse::<Delimiter>().is_err(), "{text}");
        }
        assert_eq!(",".parse(), Ok(Decimal::Comma));
        assert!(";".parse::<Decimal>().is_err());
        assert_eq!("\u{202f}".parse(), Ok(Thousands::Blank));
        assert!("x".parse::<Thousands>().is_err());
        assert_eq!(Options::missing_codes("-99, .,#N/A,"), ["-99", ".", "#N/A"]);
    }

    #[test]
    fn options_are_plain_data() {
        let options: Options =
            serde_json::from_str(r#"{"delimiter": ";", "decimal": ",", "missing": ["-99"], "text": ["id"]}"#)
                .unwrap();
        assert_eq!(options.delimiter, Some(Delimiter::SEMICOLON));
        let again: Options = serde_json::from_value(serde_json::to_value(&options).unwrap()).unwrap();
        assert_eq!(again, options);
        assert!(serde_json::from_str::<Options>(r#"{"separator": ";"}"#).is_err());
    }
}
