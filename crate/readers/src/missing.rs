//! Which cells are missing values.

/// The codes of missing values.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Missing {
    codes: Vec<String>,
    /// Those that are numbers: a cell with the same number is missing, however it is written.
    numbers: Vec<f64>,
    /// Whether capitals make no difference, as in the words that nobody said.
    any_case: bool,
}

impl Missing {
    /// The codes that were said; else `NA` and `NaN`, in capitals or not.
    pub(crate) fn new(given: Option<&[String]>) -> Self {
        let Some(given) = given else {
            return Missing {
                codes: vec!["NA".to_owned(), "NaN".to_owned()],
                numbers: Vec::new(),
                any_case: true,
            };
        };
        let codes: Vec<String> = given.iter().map(|code| code.trim().to_owned()).collect();
        Missing {
            numbers: codes.iter().filter_map(|code| number(code)).collect(),
            codes,
            any_case: false,
        }
    }

    /// Only the empty cell.
    pub(crate) fn nothing() -> Self {
        Missing::new(Some(&[]))
    }

    pub(crate) fn codes(&self) -> &[String] {
        &self.codes
    }

    /// Whether a cell, without blanks around it, is a missing value.
    pub(crate) fn is_missing(&self, cell: &str) -> bool {
        let same = |code: &String| {
            if self.any_case {
                code.eq_ignore_ascii_case(cell)
            } else {
                code == cell
            }
        };
        cell.is_empty()
            || self.codes.iter().any(same)
            || number(cell).is_some_and(|number| self.is_number(number))
    }

    /// Whether a number stands for a missing value.
    pub(crate) fn is_number(&self, number: f64) -> bool {
        self.numbers.contains(&number)
    }
}

fn number(text: &str) -> Option<f64> {
    let starts = text
        .trim_start_matches(['-', '+'])
        .starts_with(|sign: char| sign.is_ascii_digit() || sign == '.');
    text.parse().ok().filter(|_| starts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_replaces_the_usual_words() {
        let usual = Missing::new(None);
        assert!(["", "NA", "na", "NaN"].iter().all(|cell| usual.is_missing(cell)));
        assert!(!usual.is_missing("-99") && !usual.is_missing("."));
        let given = Missing::new(Some(&["-99".to_owned(), ".".to_owned(), "None".to_owned()]));
        assert!(
            ["", "-99", "-99.0", ".", "None"]
                .iter()
                .all(|cell| given.is_missing(cell))
        );
        assert!(!given.is_missing("NA") && !given.is_missing("none") && !given.is_missing("99"));
    }
}
