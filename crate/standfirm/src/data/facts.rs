//! What the data tool counted in the source files beyond the episodes: `data/facts.csv`, of which `build.rs` keeps names
//! and values.

use crate::error::{Error, Result};

/// A line for each fact: name, tab, value.
const FACTS: &str = include_str!(concat!(env!("OUT_DIR"), "/facts.txt"));

/// A fact that is a word.
///
/// # Errors
/// [`Error::Bundled`] where there is no fact of that name, which a program that was built whole does not return.
pub fn text(name: &str) -> Result<&'static str> {
    let mut facts = FACTS.lines().filter_map(|line| line.split_once('\t'));
    let fact = facts.find(|(known, _)| *known == name);
    fact.map(|(_, value)| value).ok_or(Error::Bundled)
}

/// A fact that is a number.
///
/// # Errors
/// As [`text`], and where it is no number.
pub fn number(name: &str) -> Result<f64> {
    text(name)?.parse().map_err(|_| Error::Bundled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_those_of_the_file() {
        assert_eq!(text("panama_regime_1987").ok(), Some("military-personal"));
        assert_eq!(number("threats").ok(), Some(1053.0));
        assert_eq!(number("iraq_trade_1996").ok(), Some(1_071.364_076_339_933));
        assert!(text("threat").is_err() && number("panama_regime_1987").is_err());
    }
}
