//! Other readings of the study's controls: what it names in words that can be read in more than one way.
//!
//! Each reading has a column of its own in the episode table ([`crate::variables`] says how it is made), which stands in the
//! study's place in every model.

use super::options::options;
use crate::study::Control;
use crate::study::thesis::READINGS;

options! {
    /// What kind of sanction a threat is of where none is coded.
    Gaps {
        /// Not of the kind.
        #[default]
        No = "no", "not of the kind",
            "A threat of which no kind is coded is not financial, and not targeted: the study leaves no third value.";
        /// Not known.
        Missing = "missing", "not known",
            "Such a threat is left out, among them Panama 1987; nearly all that remain are targeted.";
    }
}

options! {
    /// How the two states' capabilities are compared.
    Capabilities {
        /// Sender by target.
        #[default]
        Ratio = "ratio", "ratio", "The sender’s by the target’s, as the study says; a few very small targets have huge ones.";
        /// Sender by both.
        Share = "share", "sender’s share", "The sender’s by those of both: between 0 and 1.";
        /// The ratio's logarithm.
        Log = "log", "logarithm of the ratio", "Twice as strong counts the same wherever one starts.";
    }
}

options! {
    /// Which other sanctions count.
    Multiple {
        /// Another sender's on the day.
        #[default]
        Other = "other", "another sender’s, on the day",
            "In force on the day of the threat, by another sender, as the study says.";
        /// Anyone's on the day.
        Any = "any", "anyone’s, on the day", "Those of the same sender too.";
        /// Anyone's in the year.
        Years = "years", "anyone’s, in the year",
            "Years alone are compared, and what has no known end goes on: two threats in three.";
    }
}

options! {
    /// What a regime is that is not coded.
    Regimes {
        /// Not known.
        #[default]
        Missing = "missing", "not known", "Small states, those not yet independent, provisional and foreign rule are left out.";
        /// A democracy.
        Democracy = "democracy", "democracies", "What is left once autocracies are taken out: the study’s sentence to the letter.";
    }
}

options! {
    /// Which issues are of security.
    Security {
        /// All of the kind.
        #[default]
        Broad = "broad", "all of the kind",
            "Those that the study names as examples, and alliances, weapons, strategic materials and the like.";
        /// Those named.
        Narrow = "narrow", "only those named", "Political influence, military behaviour and territory.";
    }
}

options! {
    /// Which issues are economic.
    Economic {
        /// Trade and reform.
        #[default]
        Both = "both", "trade and economic reform", "Trade practices and economic reform.";
        /// Trade.
        Trade = "trade", "trade alone", "Trade practices.";
    }
}

options! {
    /// The first year after the Cold War.
    ColdWar {
        /// 1990.
        #[default]
        From1990 = "1990", "from 1990", "The first year after the Berlin Wall fell.";
        /// 1991.
        From1991 = "1991", "from 1991", "The year in which the Soviet Union ended.";
        /// 1992.
        From1992 = "1992", "from 1992", "The first year without it.";
    }
}

options! {
    /// How GDP and distance enter.
    Sizes {
        /// As logarithms.
        #[default]
        Logs = "logs", "as logarithms", "Twice as much counts the same wherever one starts.";
        /// As they are.
        Levels = "levels", "as they are", "In dollars and kilometres: the largest weigh most.";
    }
}

/// How each control is read. The default is the study's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Readings {
    /// What kind of sanction a threat is of where none is coded.
    pub gaps: Gaps,
    /// How the two states' capabilities are compared.
    pub capabilities: Capabilities,
    /// Which other sanctions count.
    pub multiple: Multiple,
    /// What a regime is that is not coded; of the target's too, where it is the explanation.
    pub regimes: Regimes,
    /// Which issues are of security.
    pub security: Security,
    /// Which issues are economic.
    pub economic: Economic,
    /// The first year after the Cold War.
    pub cold_war: ColdWar,
    /// How GDP and distance enter.
    pub sizes: Sizes,
}

impl Readings {
    /// The column that is read for a variable of the study: itself, or another in its place.
    #[must_use]
    pub fn variable(&self, of: &'static str) -> &'static str {
        match of {
            "financial" if self.gaps == Gaps::Missing => "financial_coded",
            "targeted" if self.gaps == Gaps::Missing => "targeted_coded",
            "cinc_ratio" => match self.capabilities {
                Capabilities::Ratio => of,
                Capabilities::Share => "cinc_share",
                Capabilities::Log => "ln_cinc_ratio",
            },
            "multiple" => match self.multiple {
                Multiple::Other => of,
                Multiple::Any => "multiple_any",
                Multiple::Years => "multiple_years",
            },
            "sender_regime" if self.regimes == Regimes::Democracy => "sender_regime_rest_democracy",
            "is_security" if self.security == Security::Narrow => "is_security_narrow",
            "is_econ" if self.economic == Economic::Trade => "is_trade",
            "post_coldwar" => match self.cold_war {
                ColdWar::From1990 => of,
                ColdWar::From1991 => "post_coldwar_1991",
                ColdWar::From1992 => "post_coldwar_1992",
            },
            "t_gdp" if self.sizes == Sizes::Levels => "t_gdp_level",
            "s_gdp" if self.sizes == Sizes::Levels => "s_gdp_level",
            "ln_distance" if self.sizes == Sizes::Levels => "distance",
            _ => of,
        }
    }

    /// The control that stands in the place of one of the study's.
    #[must_use]
    pub fn control(&self, of: &'static Control) -> &'static Control {
        let variable = self.variable(of.variable);
        let other = READINGS.iter().find(|(_, control)| control.variable == variable);
        other.map_or(of, |(_, control)| control)
    }
}

/// The variable of the study that a column of a model is a reading of; itself where it is no other reading.
#[must_use]
pub fn read_for(column: &str) -> &str {
    let other = READINGS.iter().find(|(_, control)| control.variable == column);
    other.map_or(column, |(of, _)| of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::variables::variable;
    use crate::specification::Specification;
    use crate::study::thesis::STUDY;

    /// Every reading that can be chosen is a control of its own, and every such control can be chosen.
    #[test]
    fn every_reading_is_a_control_in_the_study_s_place() {
        let mut read = Vec::new();
        for choice in [
            "gaps=missing",
            "cinc=log",
            "cinc=share",
            "multiple=any",
            "multiple=years",
        ]
        .into_iter()
        .chain([
            "regimes=democracy",
            "security=narrow",
            "economic=trade",
            "coldwar=1991",
        ])
        .chain(["coldwar=1992", "sizes=levels"])
        {
            let (key, value) = choice.split_once('=').unwrap();
            let readings = Specification::default().with(key, value).unwrap().readings;
            let before = read.len();
            for control in STUDY.controls {
                let here = readings.control(control);
                assert_eq!(here.variable, readings.variable(control.variable), "{choice}");
                assert_eq!(here.group, control.group);
                assert!(variable(here.variable).is_some());
                if here != control {
                    read.push(here.variable);
                    assert_eq!(read_for(here.variable), control.variable);
                }
            }
            assert!(read.len() > before, "{choice} reads nothing otherwise");
        }
        let mut known: Vec<&str> = READINGS.iter().map(|(_, control)| control.variable).collect();
        known.sort_unstable();
        read.sort_unstable();
        assert_eq!(read, known);
    }

    #[test]
    fn the_study_reads_its_own() {
        for control in STUDY.controls {
            assert_eq!(Readings::default().control(control), control);
            assert_eq!(read_for(control.variable), control.variable);
        }
    }
}
