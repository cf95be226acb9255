//! Numbers and names in sentences.

use std::iter::once;

/// A probability: 0.291 is 29%.
#[must_use]
pub fn percent(probability: f64) -> String {
    let rounded = (probability * 100.0).round();
    if rounded < 0.0 {
        format!("−{}%", -rounded)
    } else {
        format!("{}%", rounded.abs())
    }
}

/// A difference of probabilities, in percentage points: 0.123 is +12.
#[must_use]
pub fn points(difference: f64) -> String {
    let rounded = (difference * 100.0).round();
    if rounded < 0.0 {
        format!("−{}", -rounded)
    } else {
        format!("+{}", rounded.abs())
    }
}

/// A share, to a tenth of a percent below 10%.
#[must_use]
pub fn share(share: f64) -> String {
    let percent = share * 100.0;
    let digits = usize::from(percent < 9.95 && (percent - percent.round()).abs() > 0.04);
    format!("{percent:.digits$}%")
}

/// A number to two decimals, without trailing zeros.
#[must_use]
pub fn trimmed(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" {
        "0".to_owned()
    } else {
        text.replace('-', "−")
    }
}

/// A number to so many decimals, with a minus sign; what rounds to zero has none.
#[must_use]
pub fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(digits) if digits.bytes().all(|digit| matches!(digit, b'0' | b'.')) => digits.to_owned(),
        Some(digits) => format!("−{digits}"),
        None => text,
    }
}

/// A number with its sign and three decimals.
#[must_use]
pub fn signed(value: f64) -> String {
    let sign = if value < 0.0 { "−" } else { "+" };
    format!("{sign}{:.3}", value.abs())
}

/// A whole number with its thousands apart.
#[must_use]
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A p-value. No probability is 0: below what three digits can say, that is said.
#[must_use]
pub fn p_value(p_value: f64) -> String {
    if p_value < 0.0005 {
        "p < 0.001".to_owned()
    } else {
        format!("p = {p_value:.3}")
    }
}

/// With a capital letter at the beginning.
#[must_use]
pub fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        once(first.to_ascii_uppercase()).chain(letters).collect()
    })
}

/// Words that stood at a beginning, for the middle of a sentence: names and abbreviations keep their capitals.
#[must_use]
pub fn within(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next();
    match (first, letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            once(first.to_ascii_lowercase()).chain(letters).collect()
        }
        _ => words.to_owned(),
    }
}

/// No more characters than that are repeated of a text that could not be read.
const LONGEST: usize = 40;

/// A text that somebody gave, short and without control characters.
#[must_use]
pub fn clipped(text: &str) -> String {
    let mut clipped: String = text
        .chars()
        .take(LONGEST)
        .map(|character| {
            if character.is_control() {
                '\u{fffd}'
            } else {
                character
            }
        })
        .collect();
    if text.chars().nth(LONGEST).is_some() {
        clipped.push('…');
    }
    clipped
}

/// The same between backquotes, for a sentence.
#[must_use]
pub fn quoted(text: &str) -> String {
    format!("`{}`", clipped(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_round_and_keep_their_sign() {
        assert_eq!(
            [0.291, 0.0, -0.004, -0.006, 1.0].map(percent),
            ["29%", "0%", "0%", "−1%", "100%"]
        );
        assert_eq!(
            [0.123, -0.123, 0.0, -0.004].map(points),
            ["+12", "−12", "+0", "+0"]
        );
        assert_eq!(
            [1.5, -0.0, -0.001, -2.25, 10.0].map(trimmed),
            ["1.5", "0", "0", "−2.25", "10"]
        );
        assert_eq!(
            [-0.0, -0.0004, -0.0006, 1.25].map(|one| fixed(one, 3)),
            ["0.000", "0.000", "−0.001", "1.250"]
        );
        assert_eq!([0.5, 0.0, -1.25].map(signed), ["+0.500", "+0.000", "−1.250"]);
    }

    #[test]
    fn small_shares_keep_a_digit() {
        assert_eq!(
            [0.012, 0.02, 0.0994, 0.0996, 0.125, 1.0].map(share),
            ["1.2%", "2%", "9.9%", "10%", "12%", "100%"]
        );
    }

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(
            [0, 999, 1_000, 12_345, 1_234_567].map(thousands),
            ["0", "999", "1,000", "12,345", "1,234,567"]
        );
    }

    #[test]
    fn no_p_value_is_nothing() {
        assert_eq!(
            [0.000_499, 0.0005, 0.0415, 1.0].map(p_value),
            ["p < 0.001", "p = 0.001", "p = 0.042", "p = 1.000"]
        );
    }

    #[test]
    fn what_was_given_is_repeated_in_short() {
        assert_eq!(capital("élan vital"), "élan vital");
        assert_eq!(capital("trade share"), "Trade share");
        assert_eq!(capital(""), "");
        let long = "x".repeat(40);
        assert_eq!(clipped(&long), long);
        assert_eq!(clipped(&format!("{long}y")), format!("{long}…"));
        assert_eq!(quoted("a\nb"), "`a\u{fffd}b`");
    }
}
