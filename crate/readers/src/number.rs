//! What one cell looks like: a number, in which writing, or none.

use crate::options::{Decimal, Thousands};

/// What a cell that is not missing looks like, taken by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// `12`, `-3e5`: a number in every writing.
    Plain,
    /// `007`: the same with leading zeros.
    LeadingZero,
    /// `1.5`: the point marks decimals.
    Point,
    /// `1.234`: the point marks decimals, or groups thousands.
    PointOrGroup,
    /// `1,5`: if this is a number, the comma marks decimals.
    Comma,
    /// `1,234`: the comma marks decimals, or groups thousands.
    CommaOrGroup,
    /// `1,234,567`, `1.234,5`, `1 234`: these groups are thousands.
    Grouped(Thousands),
    /// A whole number that no double holds exactly: an identifier.
    Identifier,
    /// `inf`, `1e999`.
    Infinite,
    /// `.`, `#N/A`: what others write for missing values, while numbers are around.
    Word,
    /// Anything else.
    Text,
}

/// What stands for missing values in other people's files, and among numbers can stand for nothing else.
const WORDS: [&str; 20] = [
    ".", "..", "...", "-", "--", "?", "*", "#N/A", "N/A", "n.a.", "n/a", "#NULL!", "#VALUE!", "#DIV/0!",
    "#REF!", "#NUM!", "NULL", "None", "<NA>", "missing",
];

/// The longest whole numbers that are exact for certain: 2^53 has sixteen digits.
const EXACT_DIGITS: usize = 15;

/// How the numbers of a file are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Writing {
    /// `None` while it is not known yet: then both are taken for what they may be.
    pub(crate) decimal: Option<Decimal>,
    /// Only if it is said.
    pub(crate) thousands: Option<Thousands>,
}

impl Writing {
    /// Whether a cell that looks like this is a number here.
    pub(crate) fn is_number(self, look: Look) -> bool {
        let groups = |thousands| self.thousands == Some(thousands);
        let decimal = |decimal| self.decimal.is_none_or(|known| known == decimal);
        match look {
            Look::Plain | Look::LeadingZero => true,
            Look::Point => decimal(Decimal::Point),
            Look::PointOrGroup => decimal(Decimal::Point) || groups(Thousands::Point),
            Look::Comma => decimal(Decimal::Comma),
            Look::CommaOrGroup => decimal(Decimal::Comma) || groups(Thousands::Comma),
            Look::Grouped(thousands) => groups(thousands),
            Look::Identifier | Look::Infinite | Look::Word | Look::Text => false,
        }
    }
}

/// A plain number with a point for decimals, if the cell is nothing but that: the way of nearly all cells.
#[inline]
pub(crate) fn plain(cell: &[u8]) -> Option<f64> {
    let unsigned = cell.strip_prefix(b"-").unwrap_or(cell);
    // Neither `inf` nor `nan`, neither leading zeros nor whole numbers too long.
    let (&first, rest) = unsigned.split_first()?;
    let usual = match first {
        b'1'..=b'9' => true,
        b'0' => rest.first().is_none_or(|second| !second.is_ascii_digit()),
        _ => false,
    };
    if !usual || (unsigned.len() > EXACT_DIGITS && unsigned.iter().all(u8::is_ascii_digit)) {
        return None;
    }
    fast_float2::parse::<f64, _>(cell)
        .ok()
        .filter(|number| number.is_finite())
}

/// The same with a comma for decimals, and whether the comma is certain not to group thousands.
#[inline]
pub(crate) fn plain_comma(cell: &[u8]) -> Option<(f64, bool)> {
    const LONGEST: usize = 32;
    let Some(comma) = cell.iter().position(|byte| matches!(byte, b',' | b'.')) else {
        return plain(cell).map(|number| (number, true));
    };
    let mut pointed = [0; LONGEST];
    let pointed = pointed.get_mut(..cell.len())?;
    pointed.copy_from_slice(cell);
    if std::mem::replace(&mut pointed[comma], b'.') == b'.' {
        return None;
    }
    let zero = pointed.starts_with(b"0.") || pointed.starts_with(b"-0.");
    let certain = zero || cell.len() - comma != 4;
    plain(pointed).map(|number| (number, certain))
}

/// What a cell looks like, and its number: NaN where it is none.
pub(crate) fn look(cell: &[u8], writing: Writing) -> (Look, f64) {
    let text = |look| (look, f64::NAN);
    if is_word(cell) {
        return text(Look::Word);
    }
    let unsigned = cell
        .strip_prefix(b"-")
        .or_else(|| cell.strip_prefix(b"+"))
        .unwrap_or(cell);
    if !unsigned
        .first()
        .is_some_and(|first| first.is_ascii_digit() || matches!(first, b'.' | b','))
    {
        let infinite = ["inf", "infinity"]
            .iter()
            .any(|word| unsigned.eq_ignore_ascii_case(word.as_bytes()));
        return text(if infinite { Look::Infinite } else { Look::Text });
    }
    let Some(signs) = Signs::of(unsigned) else {
        return text(Look::Text);
    };
    let look = match signs {
        Signs {
            points: 0,
            commas: 0,
            other: None,
        } => Look::Plain,
        Signs {
            points: 1,
            commas: 0,
            other: None,
        } => {
            if is_grouped(unsigned, '.') {
                Look::PointOrGroup
            } else {
                Look::Point
            }
        }
        Signs {
            points: 0,
            commas: 1,
            other: None,
        } => {
            if is_grouped(unsigned, ',') {
                Look::CommaOrGroup
            } else {
                Look::Comma
            }
        }
        signs => match signs.grouped(unsigned) {
            Some(thousands) => Look::Grouped(thousands),
            None => return text(Look::Text),
        },
    };
    finish(cell, unsigned, look, writing)
}

/// The number of a cell whose signs are known.
fn finish(cell: &[u8], unsigned: &[u8], look: Look, writing: Writing) -> (Look, f64) {
    if look == Look::Plain && unsigned.iter().all(u8::is_ascii_digit) && !is_exact(unsigned) {
        return (Look::Identifier, number(cell, None, None));
    }
    let thousands = match look {
        Look::Grouped(thousands) => Some(thousands),
        Look::PointOrGroup => writing.thousands.filter(|given| *given == Thousands::Point),
        Look::CommaOrGroup => writing.thousands.filter(|given| *given == Thousands::Comma),
        _ => None,
    };
    let decimal = match (look, thousands) {
        (Look::Comma | Look::CommaOrGroup, None) | (_, Some(Thousands::Point)) => Some(b','),
        (Look::Grouped(Thousands::Comma), _) => None,
        // What is left once the groups are closed up has at most one sign.
        (Look::Grouped(_), _) => Some(b','),
        _ => None,
    };
    let number = number(cell, thousands, decimal);
    if number.is_infinite() {
        return (Look::Infinite, f64::NAN);
    }
    if number.is_nan() {
        return (Look::Text, f64::NAN);
    }
    let zeros =
        look == Look::Plain && unsigned.len() > 1 && unsigned[0] == b'0' && unsigned[1].is_ascii_digit();
    (if zeros { Look::LeadingZero } else { look }, number)
}

/// Parses a cell once its groups are closed up and its decimal sign is a point.
fn number(cell: &[u8], thousands: Option<Thousands>, decimal: Option<u8>) -> f64 {
    let cell = cell.strip_prefix(b"+").unwrap_or(cell);
    let parse = |bytes: &[u8]| fast_float2::parse::<f64, _>(bytes).unwrap_or(f64::NAN);
    if thousands.is_none() && decimal.is_none() {
        return parse(cell);
    }
    let mut plain = String::with_capacity(cell.len());
    for sign in String::from_utf8_lossy(cell).chars() {
        if thousands.is_some() && Thousands::of_sign(sign) == thousands {
            continue;
        }
        let is_decimal = decimal.is_some_and(|decimal| sign == char::from(decimal));
        plain.push(if is_decimal { '.' } else { sign });
    }
    parse(plain.as_bytes())
}

/// Whether what is written for missing values elsewhere.
fn is_word(cell: &[u8]) -> bool {
    cell.len() <= 7
        && WORDS
            .iter()
            .any(|word| cell.eq_ignore_ascii_case(word.as_bytes()))
}

/// Whether a double holds a whole number exactly.
fn is_exact(digits: &[u8]) -> bool {
    let start = digits
        .iter()
        .position(|digit| *digit != b'0')
        .unwrap_or(digits.len());
    let digits = &digits[start..];
    if digits.len() <= EXACT_DIGITS {
        return true;
    }
    let whole: Option<u128> = str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok());
    whole.is_some_and(|whole| whole as f64 as u128 == whole)
}

/// The signs of a number beside digits.
#[derive(Debug, Clone, Copy)]
struct Signs {
    points: usize,
    commas: usize,
    /// What else stands between digits.
    other: Option<Thousands>,
}

impl Signs {
    /// `None` where there are other signs than numbers have.
    fn of(unsigned: &[u8]) -> Option<Self> {
        let mut signs = Signs {
            points: 0,
            commas: 0,
            other: None,
        };
        let mut before = '0';
        for sign in str::from_utf8(unsigned).ok()?.chars() {
            match sign {
                '0'..='9' => {}
                'e' | 'E' if before.is_ascii_digit() || matches!(before, '.' | ',') => {}
                '+' | '-' if matches!(before, 'e' | 'E') => {}
                '.' => signs.points += 1,
                ',' => signs.commas += 1,
                sign => {
                    let thousands = Thousands::of_sign(sign)?;
                    if signs.other.is_some_and(|other| other != thousands) {
                        return None;
                    }
                    signs.other = Some(thousands);
                }
            }
            before = sign;
        }
        Some(signs)
    }

    /// What groups the thousands, where that is certain.
    fn grouped(self, unsigned: &[u8]) -> Option<Thousands> {
        let text = str::from_utf8(unsigned).ok()?;
        let (thousands, decimal) = match (self.points, self.commas, self.other) {
            (0 | 1, 0, Some(other)) => (other, '.'),
            (0, 1, Some(other)) => (other, ','),
            (0, 2.., None) | (1, 1.., None) if text.rfind('.') > text.rfind(',') || self.points == 0 => {
                (Thousands::Comma, '.')
            }
            (1.., 0 | 1, None) => (Thousands::Point, ','),
            _ => return None,
        };
        let (whole, decimals) = text.split_once(decimal).unwrap_or((text, ""));
        let fits = grouped(whole, thousands) && decimals.bytes().all(|byte| byte.is_ascii_digit());
        fits.then_some(thousands)
    }
}

fn is_grouped(unsigned: &[u8], sign: char) -> bool {
    match (str::from_utf8(unsigned), Thousands::of_sign(sign)) {
        (Ok(text), Some(thousands)) => grouped(text, thousands),
        _ => false,
    }
}

/// Whether all but the first group have three digits, and the first one to three, the first of which is no zero.
fn grouped(whole: &str, thousands: Thousands) -> bool {
    let mut groups = whole.split(|sign| Thousands::of_sign(sign) == Some(thousands));
    let digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let first = groups.next().unwrap_or_default();
    let mut more = groups.peekable();
    let starts = (1..=3).contains(&first.len()) && digits(first) && !first.starts_with('0');
    starts && more.peek().is_some() && more.all(|group| group.len() == 3 && digits(group))
}

/// Whether a cell looks like a list of codes, such as `1,3`, rather than like decimals: codes come in order.
pub(crate) fn is_code_list(cell: &str) -> bool {
    let code = |part: &str| {
        let fits = (1..=2).contains(&part.len())
            && part.bytes().all(|byte| byte.is_ascii_digit())
            && !part.starts_with('0');
        if fits { part.parse::<u8>().ok() } else { None }
    };
    let codes: Option<Vec<u8>> = cell.split(',').map(|part| code(part.trim())).collect();
    codes.is_some_and(|codes| codes.len() > 1 && codes.windows(2).all(|pair| pair[0] < pair[1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNKNOWN: Writing = Writing {
        decimal: None,
        thousands: None,
    };

    fn looks(cell: &str) -> Look {
        look(cell.as_bytes(), UNKNOWN).0
    }

    #[test]
    fn a_cell_looks_like_what_it_can_be() {
        for (cell, expected) in [
            ("12", Look::Plain),
            ("-3e5", Look::Plain),
            ("+7", Look::Plain),
            ("007", Look::LeadingZero),
            ("0", Look::Plain),
            ("1.5", Look::Point),
            (".5", Look::Point),
            ("5.", Look::Point),
            ("0.123", Look::Point),
            ("1.5e-3", Look::Point),
            ("1.234", Look::PointOrGroup),
            ("1,5", Look::Comma),
            ("0,123", Look::Comma),
            ("1234,567", Look::Comma),
            ("1,234", Look::CommaOrGroup),
            ("1,234,567", Look::Grouped(Thousands::Comma)),
            ("1,234.5", Look::Grouped(Thousands::Comma)),
            ("1.234,5", Look::Grouped(Thousands::Point)),
            ("1.234.567", Look::Grouped(Thousands::Point)),
            ("1 234", Look::Grouped(Thousands::Blank)),
            ("1\u{202f}234,5", Look::Grouped(Thousands::Blank)),
            ("12'345.6", Look::Grouped(Thousands::Apostrophe)),
            ("900719925474099301", Look::Identifier),
            ("900719925474099300", Look::Identifier),
            ("18014398509481984", Look::Plain),
            ("inf", Look::Infinite),
            ("-Infinity", Look::Infinite),
            ("1e999", Look::Infinite),
            ("#N/A", Look::Word),
            (".", Look::Word),
            ("-", Look::Word),
            ("1,2,3", Look::Text),
            ("1.2.3", Look::Text),
            ("2020-01-31", Look::Text),
            ("1e", Look::Text),
            ("e5", Look::Text),
            ("12 45", Look::Text),
            ("1,23,456", Look::Text),
            ("$5", Look::Text),
            ("0x1f", Look::Text),
            (",", Look::Text),
        ] {
            assert_eq!(looks(cell), expected, "{cell}");
        }
    }

    #[test]
    fn numbers_are_read_in_their_writing() {
        let number = |cell: &str, thousands| {
            let writing = Writing {
                decimal: None,
                thousands,
            };
            look(cell.as_bytes(), writing).1
        };
        assert_eq!(number("-1,5", None), -1.5);
        assert_eq!(number("+1.5", None), 1.5);
        assert_eq!(number("1,234", None), 1.234);
        assert_eq!(number("1,234", Some(Thousands::Comma)), 1234.0);
        assert_eq!(number("1.234", Some(Thousands::Point)), 1234.0);
        assert_eq!(number("-1.234,5", Some(Thousands::Point)), -1234.5);
        assert_eq!(number("1,234,567.25", Some(Thousands::Comma)), 1_234_567.25);
        assert_eq!(number("1\u{a0}234,5", Some(Thousands::Blank)), 1234.5);
        assert_eq!(number("1'234.5", Some(Thousands::Apostrophe)), 1234.5);
    }

    #[test]
    fn the_short_way_is_the_long_one() {
        for cell in ["1", "-2.5", "0", "0.5", "1e3", "123456789012345", "-0.0"] {
            let (_, number) = look(cell.as_bytes(), UNKNOWN);
            assert_eq!(plain(cell.as_bytes()), Some(number), "{cell}");
        }
        for cell in [
            "inf",
            "nan",
            "-inf",
            "007",
            "1e999",
            "1,5",
            "x",
            "",
            "-",
            "9007199254740993",
            ".5",
            "+1",
        ] {
            assert_eq!(plain(cell.as_bytes()), None, "{cell}");
        }
    }

    #[test]
    fn the_short_way_with_commas_is_the_long_one() {
        for (cell, certain) in [
            ("1,5", true),
            ("-0,125", true),
            ("12", true),
            ("1,125", false),
            ("12,3456", true),
        ] {
            let (_, number) = look(cell.as_bytes(), UNKNOWN);
            assert_eq!(plain_comma(cell.as_bytes()), Some((number, certain)), "{cell}");
        }
        for cell in ["1.5", "1,2,3", "1.234,5", "1,234.5", "x,5", ",5"] {
            assert_eq!(plain_comma(cell.as_bytes()), None, "{cell}");
        }
    }

    #[test]
    fn lists_of_codes_are_no_decimals() {
        assert!(is_code_list("1,3") && is_code_list("1,2,10") && is_code_list("1, 3"));
        assert!(
            !is_code_list("1") && !is_code_list("0,5") && !is_code_list("1,234") && !is_code_list("-1,3")
        );
        assert!(!is_code_list("48,2") && !is_code_list("2,2"));
    }
}
