//! Specifications as addresses have them: `key=value` pairs joined by `&`, only what differs from the study.

use report::words::{clipped, quoted};
use serde::Serialize;

use crate::error::{Error, Result};
use crate::specification::Specification;
use crate::specification::choices::{CHOICES, choice};

/// An address may come from anyone: what is longer than any that this module writes is cut.
const LONGEST: usize = 2_000;
/// No more than so many complaints are worth reading.
const MOST_IGNORED: usize = 10;

/// A specification that was read, and what of the text was ignored.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// What could be read; the study's own for the rest.
    pub specification: Specification,
    /// What could not, in words.
    pub ignored: Vec<String>,
}

/// Where a specification differs from the study.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Difference {
    /// The choice.
    pub key: &'static str,
    /// Words for it.
    pub label: &'static str,
    /// What the study has, in words.
    pub study: String,
    /// What the specification has, in words.
    pub here: String,
}

/// A specification as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct SpecificationReport {
    /// As an address has it; empty for the study's own.
    pub canonical: String,
    /// Where it differs from the study.
    pub differs: Vec<Difference>,
    /// The same in a sentence, for whatever is taken away; empty for the study's own.
    pub words: String,
    /// What was ignored when it was read.
    pub ignored: Vec<String>,
}

impl std::fmt::Display for Specification {
    /// As an address has it; empty for the study's own.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let study = Specification::default();
        let mut joint = "";
        for choice in &CHOICES {
            let value = choice.value(self);
            if value != choice.value(&study) {
                write!(f, "{joint}{}={value}", choice.key)?;
                joint = "&";
            }
        }
        Ok(())
    }
}

impl Specification {
    /// Reads `key=value` pairs joined by `&`. What cannot be read is ignored, and said: an address may be old, or
    /// mistyped, or come from anyone.
    #[must_use]
    pub fn read(text: &str) -> Read {
        let mut read = Read {
            specification: Specification::default(),
            ignored: Vec::new(),
        };
        let mut known = Vec::new();
        let end = text.char_indices().map(|(at, _)| at).nth(LONGEST);
        for part in text[..end.unwrap_or(text.len())]
            .split('&')
            .filter(|part| !part.is_empty())
        {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            let (key, value) = (decoded(key), decoded(value));
            let problem = match choice(&key) {
                None => Some(format!("{} is no choice", quoted(&key))),
                Some(choice) => (choice.set)(&mut read.specification, &value)
                    .err()
                    .map(|problem| format!("{key}={}: {problem}", quoted(&value))),
            };
            read.ignored.extend(problem);
            if known.contains(&key) {
                read.ignored
                    .push(format!("{} is given twice: the last counts", quoted(&key)));
            }
            known.push(key);
        }
        if end.is_some() {
            read.ignored
                .push(format!("what comes after {LONGEST} characters"));
        }
        if let Some(more) = read
            .ignored
            .len()
            .checked_sub(MOST_IGNORED)
            .filter(|more| *more > 0)
        {
            read.ignored.truncate(MOST_IGNORED);
            read.ignored.push(format!("and {more} more"));
        }
        read
    }

    /// The same with one choice made otherwise.
    ///
    /// # Errors
    /// [`Error::Unknown`] where there is no such choice, [`Error::Choice`] where it cannot have that value.
    pub fn with(&self, key: &str, value: &str) -> Result<Self> {
        let choice = choice(key).ok_or_else(|| Error::Unknown {
            kind: "choice",
            name: clipped(key),
            known: CHOICES.iter().map(|choice| choice.key.to_owned()).collect(),
        })?;
        let mut changed = self.clone();
        match (choice.set)(&mut changed, value) {
            Ok(()) => Ok(changed),
            Err(problem) => Err(Error::Choice {
                key: choice.key,
                value: clipped(value),
                problem,
            }),
        }
    }

    /// Where it differs from the study.
    #[must_use]
    pub fn differs(&self) -> Vec<Difference> {
        let study = Specification::default();
        CHOICES
            .iter()
            .filter(|choice| choice.value(self) != choice.value(&study))
            .map(|choice| Difference {
                key: choice.key,
                label: choice.label,
                study: choice.words(&study),
                here: choice.words(self),
            })
            .collect()
    }

    /// Where it differs from the study, in a sentence; nothing where it does not.
    #[must_use]
    pub fn words(&self) -> String {
        let differs = self.differs();
        let one = |one: &Difference| format!("{}: {}", one.label, one.here);
        match differs.as_slice() {
            [] => String::new(),
            some => format!(
                "With choices other than the study’s: {}.",
                some.iter().map(one).collect::<Vec<_>>().join("; ")
            ),
        }
    }

    /// As a page shows it.
    #[must_use]
    pub fn report(&self, ignored: Vec<String>) -> SpecificationReport {
        SpecificationReport {
            canonical: self.to_string(),
            differs: self.differs(),
            words: self.words(),
            ignored,
        }
    }
}

/// Percent-encoded bytes as they were; what is no such encoding stays as it is.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let hex = |at: usize| char::from(*bytes.get(at)?).to_digit(16);
        match (byte, hex(at + 1), hex(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                decoded.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::specification::choices::{ChoiceKind, choices};

    #[test]
    fn the_study_is_written_as_nothing() {
        assert_eq!(Specification::default().to_string(), "");
        assert!(Specification::default().differs().is_empty());
        assert_eq!(Specification::default().words(), "");
        let read = Specification::read("");
        assert_eq!(
            (read.specification, read.ignored),
            (Specification::default(), vec![])
        );
    }

    #[test]
    fn every_option_is_read_as_it_is_written() {
        for choice in &CHOICES {
            let values: Vec<String> = match choice.kind {
                ChoiceKind::One(options) => options().iter().map(|option| option.key.to_owned()).collect(),
                ChoiceKind::Without(_) => ["", "t_gdp", "t_gdp,sender_regime"].map(str::to_owned).to_vec(),
                ChoiceKind::Years(least, most) => vec![format!("{least}-{most}"), format!("{most}-{most}")],
                ChoiceKind::Number(least, most) => vec![least.to_string(), most.to_string()],
            };
            for value in values {
                let one = Specification::default().with(choice.key, &value).unwrap();
                assert_eq!(choice.value(&one), value);
                assert_eq!(Specification::read(&one.to_string()).specification, one);
                let differs = one.differs();
                assert_eq!(differs.is_empty(), one == Specification::default());
                assert!(
                    differs
                        .iter()
                        .all(|one| one.key == choice.key && one.study != one.here)
                );
            }
        }
    }

    #[test]
    fn choices_are_told_in_words() {
        let words = |text| Specification::read(text).specification.words();
        assert_eq!(
            words("scale=root&senders=usa"),
            "With choices other than the study’s: Scale of dependence: square root; Senders: the United States only."
        );
        assert_eq!(
            words("years=1960-1999&without=all"),
            "With choices other than the study’s: Controls: none; Years: 1960 to 1999."
        );
    }

    #[test]
    fn groups_of_controls_can_be_left_out() {
        let read = Specification::read("without=economic%2Cpast_success");
        assert_eq!(read.specification.to_string(), "without=t_gdp,s_gdp,past_success");
        assert!(read.ignored.is_empty());
        let none = Specification::default().with("without", "all").unwrap();
        assert_eq!(none.differs()[0].here, "none");
    }

    /// What a page writes into its address after reading it: the same again, with nothing left to ignore.
    #[test]
    fn what_was_read_is_written_as_what_it_means() {
        for (text, written) in [
            ("without=issue,economic&scale=log", "without=t_gdp,s_gdp,"),
            ("senders=USA&m=1e308&years=9999-0001", ""),
            ("m=007&years=1960-1999&years=1970-1979", "years=1970-1979&m=7"),
            ("scale=root&scale=cube", "scale=root"),
        ] {
            let specification = Specification::read(text).specification;
            let again = Specification::read(&specification.to_string());
            assert!(specification.to_string().starts_with(written), "{specification}");
            assert_eq!(
                (again.specification, again.ignored),
                (specification, vec![]),
                "{text}"
            );
        }
        let all = Specification::read("without=all").specification;
        assert_eq!(all.to_string().split(',').count(), 15);
    }

    #[test]
    fn what_cannot_be_read_is_ignored_and_said() {
        let read =
            Specification::read("scale=cube&lag=1&years=2000-1990&m=1&without=t_gdp,colour&x=%00&&base");
        assert_eq!(read.specification.to_string(), "lag=1&without=t_gdp");
        assert_eq!(read.ignored.len(), 6, "{:?}", read.ignored);
        assert_eq!(
            read.ignored[0],
            "scale=`cube`: give one of log, log100, log10000, root, share"
        );
        let long = format!("{}&lag=1", "a".repeat(5_000));
        let read = Specification::read(&long);
        assert_eq!(read.specification, Specification::default());
        assert!(read.ignored.iter().all(|one| one.len() < 200));
        let many = "x&".repeat(900);
        assert_eq!(Specification::read(&many).ignored.len(), MOST_IGNORED + 1);
        // Cut between characters, not bytes.
        assert!(!Specification::read(&"é".repeat(3_000)).ignored.is_empty());
    }

    #[test]
    fn a_change_that_makes_no_sense_is_an_error() {
        let study = Specification::default();
        let message = |key: &str, value: &str| study.with(key, value).unwrap_err().to_string();
        assert_eq!(
            message("m", "1000"),
            "m=`1000`: give a whole number from 2 to 100"
        );
        assert!(
            message("colour", "red").starts_with("the study has no choice `colour`; there are outcome, base")
        );
    }

    #[test]
    fn choices_have_words() {
        let groups = choices();
        assert_eq!(
            groups.iter().map(|group| group.choices.len()).sum::<usize>(),
            CHOICES.len()
        );
        for choice in groups.iter().flat_map(|group| &group.choices) {
            assert!(
                !choice.label.is_empty() && choice.help.ends_with('.'),
                "{}",
                choice.key
            );
            for option in &choice.options {
                assert!(
                    option.help.is_empty() || option.help.ends_with('.'),
                    "{}",
                    option.key
                );
            }
        }
    }
}
