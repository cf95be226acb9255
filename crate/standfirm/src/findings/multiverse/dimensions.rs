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

/// Every dimension of the multiverse. Those after [`CELLS`] vary within a piece of work.
///
/// Left out on purpose: the base outcome, on which no probability depends; imputed dependence, whose completed tables
/// take a second each; clusters of senders, of which one made more than half of the threats; single issues, whose
/// models have more coefficients than threats that ended in a concession.
pub static DIMENSIONS: [Dimension; 8] = [
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
                "The study’s. UN Comtrade’s shares are of the year before in any case.",
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
                "One sender, who made most threats: no differences between senders can mislead.",
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
        key: "errors",
        label: "Standard errors",
        alternatives: &[
            way(
                "observed",
                "observed information",
                &[("errors", "observed")],
                "The study’s.",
            ),
            way(
                "robust",
                "robust (HC1)",
                &[("errors", "hc1")],
                "Right where the model’s variance is wrong.",
            ),
            way(
                "target",
                "clustered by target",
                &[("errors", "target")],
                "Threats against the same state may depend on each other.",
            ),
            way(
                "dyad",
                "clustered by pair",
                &[("errors", "dyad")],
                "So may threats between the same two states.",
            ),
        ],
    },
];

/// Dimensions that together make a piece of work; the ones after them vary within it.
pub(super) const CELLS: usize = 5;
