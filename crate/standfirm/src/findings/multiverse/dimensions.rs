//! The choices that others could have made and defended, as data.

/// A choice, with the alternatives there are to what the study did.
#[derive(Debug, Clone, Copy)]
pub struct Dimension {
    /// A short name.
    pub key: &'static str,
    /// Words for it.
    pub label: &'static str,
    /// The study's own first.
    pub alternatives: &'static [Alternative],
}

/// One way to make a choice.
#[derive(Debug, Clone, Copy)]
pub struct Alternative {
    /// A short name, unique within its dimension.
    pub key: &'static str,
    /// Words for it.
    pub label: &'static str,
    /// Why it can be defended.
    pub why: &'static str,
    /// What it sets: `explanation` or `dependence`, which make the key of a model, or a choice of a
    /// [`crate::Specification`].
    pub sets: &'static [(&'static str, &'static str)],
}

/// The alternative `key`, which `sets` what it says.
const fn way(
    key: &'static str,
    label: &'static str,
    sets: &'static [(&'static str, &'static str)],
    why: &'static str,
) -> Alternative {
    Alternative {
        key,
        label,
        why,
        sets,
    }
}

/// Every dimension of the multiverse. Those after [`CELLS`] vary within a piece of work; the last one shares fits.
///
/// Left out on purpose: standard errors, which are no other estimates (each combination has the interval of every kind in
/// [`ERRORS`]); the base outcome, on which no probability depends; imputed dependence, whose completed tables take a second
/// each; single issues, whose models have more coefficients than threats that ended in a concession.
pub static DIMENSIONS: [Dimension; 12] = [
    Dimension {
        key: "regime",
        label: "Regime",
        alternatives: &[
            way(
                "index",
                "index to 1999",
                &[("explanation", "index"), ("index", "weeks")],
                "The study’s first measure; its source ends in 1999.",
            ),
            way(
                "carried",
                "index carried on",
                &[("explanation", "index"), ("index", "carried")],
                "Keeps the threats of 2000 to 2005; within one regime the index hardly changes.",
            ),
            way(
                "types",
                "regime types",
                &[("explanation", "regime")],
                "The study’s second measure; compared are personalists and democracies.",
            ),
            way(
                "rest",
                "types, rest democracies",
                &[("explanation", "regime"), ("regimes", "democracy")],
                "The study’s words to the letter: what is left once autocracies are taken out.",
            ),
        ],
    },
    Dimension {
        key: "outcome",
        label: "Settlements",
        alternatives: &[
            way(
                "standard",
                "as concessions",
                &[("outcome", "standard")],
                "The study’s: who settles has given something.",
            ),
            way(
                "strict",
                "as standoffs",
                &[("outcome", "strict")],
                "Both sides give way in a settlement: only acquiescence is a concession of the target.",
            ),
        ],
    },
    Dimension {
        key: "measure",
        label: "Dependence",
        alternatives: &[
            way(
                "trade_share",
                "COW trade share",
                &[("dependence", "trade_share")],
                "The study’s first model.",
            ),
            way(
                "import_share",
                "COW import share",
                &[("dependence", "import_share")],
                "The study’s second model: what an embargo on exports would hit.",
            ),
            way(
                "trade_gdp",
                "COW trade by GDP",
                &[("dependence", "trade_gdp")],
                "The study’s third model: what trade means to the whole economy.",
            ),
            way(
                "comtrade_import_share",
                "UN Comtrade imports",
                &[("dependence", "comtrade_import_share")],
                "The study’s fourth model: another source, of fewer years and states.",
            ),
        ],
    },
    Dimension {
        key: "lag",
        label: "Year of trade",
        alternatives: &[
            way(
                "same",
                "year of the threat",
                &[("lag", "0")],
                "The study’s, for the Correlates of War’s trade. UN Comtrade’s shares are all of the year before.",
            ),
            way(
                "before",
                "year before",
                &[("lag", "1")],
                "The threat cannot have moved the trade itself.",
            ),
        ],
    },
    Dimension {
        key: "sample",
        label: "Threats",
        alternatives: &[
            way("all", "all", &[], "The study’s."),
            way(
                "usa",
                "by the United States",
                &[("senders", "usa")],
                "One sender, who made more than half of the threats: no differences between senders can mislead.",
            ),
            way(
                "others",
                "without the United States",
                &[("senders", "others")],
                "Whether the rest of the world finds the same.",
            ),
            way(
                "coldwar",
                "to 1989",
                &[("years", "1945-1989")],
                "Threats of the Cold War may have had other stakes.",
            ),
            way(
                "after",
                "from 1990",
                &[("years", "1990-2005")],
                "The same, the other half.",
            ),
        ],
    },
    Dimension {
        key: "scale",
        label: "Scale of dependence",
        alternatives: &[
            way("log", "logarithm", &[("scale", "log")], "The study’s."),
            way(
                "root",
                "square root",
                &[("scale", "root")],
                "The logarithm’s curve depends on what is added to zero; the root’s does not.",
            ),
            way(
                "share",
                "share as it is",
                &[("scale", "share")],
                "The plainest; a few very dependent targets weigh most.",
            ),
        ],
    },
    Dimension {
        key: "controls",
        label: "Controls",
        alternatives: &[
            way("all", "all", &[("without", "none")], "The study’s."),
            way(
                "economic",
                "no economic size",
                &[("without", "economic")],
                "GDP is part of what dependence is made of.",
            ),
            way(
                "power",
                "no power, distance",
                &[("without", "power")],
                "Capabilities go with GDP, distance with trade.",
            ),
            way(
                "issue",
                "no issues",
                &[("without", "issue")],
                "What is at issue may follow from the target’s regime.",
            ),
            way(
                "sanction",
                "no kind of sanction",
                &[("without", "sanction")],
                "The sender chooses the sanction with the target’s regime in mind.",
            ),
            way(
                "history",
                "no history",
                &[("without", "history")],
                "Past success and other sanctions follow from earlier outcomes.",
            ),
            way(
                "sender",
                "no sender",
                &[("without", "sender")],
                "Few senders are not democracies.",
            ),
            way(
                "none",
                "none",
                &[("without", "all")],
                "Regime and dependence alone: no control can take away what they do.",
            ),
        ],
    },
    Dimension {
        key: "gaps",
        label: "Kind not coded",
        alternatives: &[
            way(
                "no",
                "not of the kind",
                &[("gaps", "no")],
                "The study’s: it leaves no third value.",
            ),
            way(
                "missing",
                "left out",
                &[("gaps", "missing")],
                "What nobody coded is not known.",
            ),
        ],
    },
    Dimension {
        key: "cinc",
        label: "Capabilities",
        alternatives: &[
            way("ratio", "ratio", &[("cinc", "ratio")], "The study’s."),
            way(
                "share",
                "sender’s share",
                &[("cinc", "share")],
                "A few very small targets do not decide it.",
            ),
            way(
                "log",
                "logarithm of the ratio",
                &[("cinc", "log")],
                "Nor do they here, and order and proportion are kept.",
            ),
        ],
    },
    Dimension {
        key: "multiple",
        label: "Other sanctions",
        alternatives: &[
            way(
                "other",
                "another sender’s, on the day",
                &[("multiple", "other")],
                "The study’s.",
            ),
            way(
                "any",
                "anyone’s, on the day",
                &[("multiple", "any")],
                "Those of the same sender press as well.",
            ),
            way(
                "years",
                "anyone’s, in the year",
                &[("multiple", "years")],
                "Many sanctions have no dates but years, and no known end.",
            ),
        ],
    },
    Dimension {
        key: "sizes",
        label: "GDP and distance",
        alternatives: &[
            way("logs", "as logarithms", &[("sizes", "logs")], "The study’s."),
            way(
                "levels",
                "as they are",
                &[("sizes", "levels")],
                "The plainest; the largest weigh most.",
            ),
        ],
    },
    Dimension {
        key: "high",
        label: "High dependence",
        alternatives: &[
            way(
                "p90",
                "90th percentile",
                &[("high", "p90")],
                "The study says high, and no number: one episode in ten is above.",
            ),
            way(
                "p75",
                "75th percentile",
                &[("high", "p75")],
                "More episodes are near.",
            ),
            way(
                "p95",
                "95th percentile",
                &[("high", "p95")],
                "Higher; fewer are near.",
            ),
            way(
                "max",
                "maximum",
                &[("high", "max")],
                "As the ends of a curve are read; hardly any episode is near.",
            ),
            way(
                "sd",
                "mean + 1 std. dev.",
                &[("high", "sd")],
                "A usual choice for interactions of numbers.",
            ),
        ],
    },
];

/// Kinds of standard errors that each estimate has an interval of, by their keys in a specification; the study's first.
///
/// Clusters of senders are left out: one made more than half of the threats.
pub static ERRORS: [(&str, &str); 4] = [
    ("observed", "observed information"),
    ("hc1", "robust (HC1)"),
    ("target", "clustered by target"),
    ("dyad", "clustered by pair"),
];

/// Readings of controls.
const READINGS: [&str; 4] = ["gaps", "cinc", "multiple", "sizes"];

/// The first rebuild's: all of these at once.
const FORMER: [(&str, &str); 3] = [("gaps", "missing"), ("cinc", "share"), ("multiple", "years")];

/// Whether a combination is one that somebody might defend, and no other in disguise: controls are read otherwise one at a
/// time, or all as in the first rebuild, and while they are all there. All of them crossed would be ten times as many models,
/// nearly all of them nobody's.
pub(super) fn defensible(combination: &[usize]) -> bool {
    let made = |key: &str| {
        let mut pairs = DIMENSIONS.iter().zip(combination);
        pairs
            .find(|(one, _)| one.key == key)
            .map_or((0, ""), |(one, at)| (*at, one.alternatives[*at].key))
    };
    let otherwise = READINGS.iter().filter(|key| made(key).0 != 0).count();
    let former = otherwise == FORMER.len() && FORMER.iter().all(|(key, value)| made(key).1 == *value);
    let all = made("controls").0 == 0;
    otherwise == 0 || all && (otherwise == 1 || former)
}

/// The alternatives that a combination is of, in words as in truth: it may be made with the study's own choice of a year, but
/// UN Comtrade's shares are of the year before.
#[must_use]
pub fn described(combination: &[usize]) -> Vec<usize> {
    let mut described = combination.to_vec();
    let place = |key: &str| DIMENSIONS.iter().position(|one| one.key == key);
    let (Some(measure), Some(lag)) = (place("measure"), place("lag")) else {
        return described;
    };
    let way = |dimension: usize, key: &str| {
        let alternatives = DIMENSIONS[dimension].alternatives;
        alternatives.iter().position(|one| one.key == key)
    };
    if described.get(measure).copied() == way(measure, "comtrade_import_share")
        && let (Some(year), Some(before)) = (described.get_mut(lag), way(lag, "before"))
    {
        *year = before;
    }
    described
}

/// Dimensions that together make a piece of work; the ones after them vary within it.
pub(super) const CELLS: usize = 6;
