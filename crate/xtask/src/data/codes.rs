//! The one mapping between country codes: which code a source has for a state that TIES knows under another.

use std::ops::RangeInclusive;

/// A Correlates of War country code.
pub(crate) type Code = u16;

/// A calendar year.
pub(crate) type Year = u16;

/// A source that knows a state under another code than TIES, whose codes are COW's but for one episode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    /// Geddes, Wright and Frantz.
    Gwf,
    /// Anders, Fariss and Markowitz.
    Gdp,
    /// COW's own, as the capabilities and the distances have them.
    Cow,
}

/// Every departure: who, TIES's code, in which years, their code. Weeks and COW trade join on TIES's codes as
/// they stand.
const ALIASES: &[(Coding, Code, RangeInclusive<Year>, Code)] = &[
    // West Germany is COW 260; GWF carries one Germany, 255, throughout.
    (Coding::Gwf, 260, 1945..=1990, 255),
    // United Germany is COW 255; the GDP file goes on with 260, and has 255 only to 1945.
    (Coding::Gdp, 255, 1946..=2006, 260),
    // United Yemen is COW 679; both sources go on with North Yemen's 678.
    (Coding::Gwf, 679, 1990..=2010, 678),
    (Coding::Gdp, 679, 1990..=2006, 678),
    // TIES has one threat of 1989 by Germany (255), when that was West Germany.
    (Coding::Cow, 255, 1955..=1989, 260),
];

/// The code that `coding` has in `year` for the state that TIES calls `code`.
pub(super) fn code_in(coding: Coding, code: Code, year: Year) -> Code {
    ALIASES
        .iter()
        .find(|(who, ties, years, _)| *who == coding && *ties == code && years.contains(&year))
        .map_or(code, |(_, _, _, theirs)| *theirs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn germany_is_255_in_gwf_and_260_in_the_gdp_file() {
        assert_eq!(code_in(Coding::Gwf, 260, 1985), 255);
        assert_eq!(code_in(Coding::Gwf, 255, 1995), 255);
        assert_eq!(code_in(Coding::Gdp, 255, 1995), 260);
        assert_eq!(code_in(Coding::Gdp, 260, 1985), 260);
        assert_eq!(code_in(Coding::Gdp, 255, 1945), 255);
    }

    #[test]
    fn germany_before_reunification_is_west_germany() {
        assert_eq!(code_in(Coding::Cow, 255, 1989), 260);
        assert_eq!(code_in(Coding::Cow, 255, 1990), 255);
    }

    #[test]
    fn other_states_keep_their_code() {
        assert_eq!(code_in(Coding::Gwf, 2, 1985), 2);
        assert_eq!(code_in(Coding::Gdp, 265, 1985), 265);
    }
}
