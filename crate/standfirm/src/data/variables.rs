//! What every column of `data/episodes.csv` means, and where it comes from.
//!
//! The one description of the episode table. The tool that derives the table checks each value against it,
//! the data package and the codebook are printed from it, and tables, axes and messages take their words
//! from it. Pure data: nothing here reads a file.
//!
//! ```
//! use standfirm::data::variables::{VariableKind, variable};
//!
//! let share = variable("trade_share").expect("the table has this column");
//! assert_eq!(share.label, "Trade share");
//! assert_eq!(share.kind, VariableKind::Number);
//! assert_eq!(share.unit, Some("share of the target's total trade"));
//! ```

/// One column of the episode table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Variable {
    /// The column's name in the file, and the term's name in a formula.
    pub name: &'static str,
    /// A few human words, for tables and axes.
    pub label: &'static str,
    /// What part the column plays.
    pub group: Group,
    /// What its values are.
    pub kind: VariableKind,
    /// Unit of measurement, where there is one.
    pub unit: Option<&'static str>,
    /// What the value says and how it is made, choices included.
    pub description: &'static str,
    /// Keys of the [`SOURCES`] it is made from.
    pub sources: &'static [&'static str],
    /// Smallest value possible, where there is one.
    pub min: Option<f64>,
    /// Largest value possible, where there is one.
    pub max: Option<f64>,
    /// Whether every episode has a value.
    pub required: bool,
    /// What single values mean: `(value, meaning)`. Empty where values speak for themselves.
    pub meanings: &'static [(&'static str, &'static str)],
}

/// What the values of a [`Variable`] are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VariableKind {
    /// A whole number: a code, a year, a 0/1 indicator.
    Integer,
    /// A real number.
    Number,
    /// One of a few named levels, in the order tables and legends list them.
    Category {
        /// The levels.
        levels: &'static [&'static str],
    },
    /// Words, or a list of codes.
    Text,
}

/// The part a [`Variable`] plays in the study.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Which episode: key, date, the two states.
    Episode,
    /// Codes as TIES has them.
    Ties,
    /// What the threat ended in.
    Outcome,
    /// The political regimes of the two states.
    Regime,
    /// How much the target trades with the sender.
    Dependence,
    /// Everything else a model may hold constant.
    Control,
}

impl Group {
    /// Every group, in the order of the columns.
    pub const ALL: [Self; 6] = [
        Self::Episode,
        Self::Ties,
        Self::Outcome,
        Self::Regime,
        Self::Dependence,
        Self::Control,
    ];

    /// A heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Episode => "The episode",
            Self::Ties => "TIES codes, as published",
            Self::Outcome => "Outcome",
            Self::Regime => "Regimes",
            Self::Dependence => "Trade dependence",
            Self::Control => "Controls",
        }
    }
}

/// A published data set the table is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// Short name, which [`Variable::sources`] refers to.
    pub key: &'static str,
    /// The data set's name and version.
    pub title: &'static str,
    /// Names of the files read.
    pub files: &'static [&'static str],
    /// How to cite it.
    pub citation: &'static str,
    /// Address of the publication or data set, where known for certain.
    pub url: Option<&'static str>,
    /// Terms of use as known, and what to keep in mind about the copy used here.
    pub note: &'static str,
}

impl Source {
    /// How to cite it, with its address where there is one.
    #[must_use]
    pub fn cited(&self) -> String {
        match self.url {
            Some(url) => format!("{} {url}", self.citation),
            None => self.citation.to_owned(),
        }
    }
}

/// Something the rebuilt table cannot know, or settles by a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// A few words.
    pub title: &'static str,
    /// What it means for a reader.
    pub text: &'static str,
}

/// Trade dependence on the scale the models use: ln(1 + 1000 × `share`).
///
/// `share` is a fraction (0.15 is 15 %), so the logarithm is of tenths of a percentage point plus one. The
/// value is 0 where there is no trade: a main effect in an interaction with it is the effect at no trade.
///
/// ```
/// assert_eq!(standfirm::data::variables::ln_dependence(0.0), 0.0);
/// ```
#[must_use]
pub fn ln_dependence(share: f64) -> f64 {
    libm::log1p(1000.0 * share)
}

/// The column called `name`, of the file or derived from it.
#[must_use]
pub fn variable(name: &str) -> Option<&'static Variable> {
    let known = VARIABLES.iter().chain(&DERIVED);
    known.into_iter().find(|variable| variable.name == name)
}

/// The source called `key`.
#[must_use]
pub fn source(key: &str) -> Option<&'static Source> {
    SOURCES.iter().find(|source| source.key == key)
}

impl Variable {
    /// Whether the column is a 0/1 indicator.
    #[must_use]
    pub fn is_indicator(&self) -> bool {
        self.kind == VariableKind::Integer && self.min == Some(0.0) && self.max == Some(1.0)
    }

    const fn new(name: &'static str, label: &'static str, group: Group, kind: VariableKind) -> Self {
        Self {
            name,
            label,
            group,
            kind,
            unit: None,
            description: "",
            sources: &["ties"],
            min: None,
            max: None,
            required: false,
            meanings: &[],
        }
    }

    const fn integer(name: &'static str, label: &'static str, group: Group) -> Self {
        Self::new(name, label, group, VariableKind::Integer)
    }

    const fn indicator(name: &'static str, label: &'static str, group: Group) -> Self {
        Self::integer(name, label, group).range(0.0, 1.0)
    }

    const fn number(name: &'static str, label: &'static str, group: Group) -> Self {
        Self::new(name, label, group, VariableKind::Number)
    }

    const fn text(name: &'static str, label: &'static str, group: Group) -> Self {
        Self::new(name, label, group, VariableKind::Text)
    }

    const fn category(
        name: &'static str,
        label: &'static str,
        group: Group,
        levels: &'static [&'static str],
    ) -> Self {
        Self::new(name, label, group, VariableKind::Category { levels })
    }

    const fn about(mut self, description: &'static str) -> Self {
        self.description = description;
        self
    }

    const fn unit(mut self, unit: &'static str) -> Self {
        self.unit = Some(unit);
        self
    }

    const fn from(mut self, sources: &'static [&'static str]) -> Self {
        self.sources = sources;
        self
    }

    const fn at_least(mut self, min: f64) -> Self {
        self.min = Some(min);
        self
    }

    const fn range(mut self, min: f64, max: f64) -> Self {
        self.min = Some(min);
        self.max = Some(max);
        self
    }

    const fn meaning(mut self, meanings: &'static [(&'static str, &'static str)]) -> Self {
        self.meanings = meanings;
        self
    }

    const fn required(mut self) -> Self {
        self.required = true;
        self
    }
}

use Group::{Control, Dependence, Episode, Outcome, Regime, Ties};

const OUTCOMES: &[&str] = &["concession", "imposition", "standoff"];

const REGIMES: &[&str] = &["democracy", "personalist", "nonpersonalist"];

const REGIME_MEANINGS: &[(&str, &str)] = &[
    ("democracy", "not an autocracy, and independent"),
    (
        "personalist",
        "any autocracy whose type names \"personal\", hybrids included",
    ),
    ("nonpersonalist", "every other autocracy"),
];

const REST_MEANINGS: &[(&str, &str)] = &[
    (
        "democracy",
        "everything that Geddes, Wright and Frantz do not code as an autocracy",
    ),
    (
        "personalist",
        "any autocracy whose type names \"personal\", hybrids included",
    ),
    ("nonpersonalist", "every other autocracy"),
];

const ISSUES: &[(&str, &str)] = &[
    ("1", "political influence"),
    ("2", "military behaviour"),
    ("3", "destabilise the regime"),
    ("4", "release citizens or property"),
    ("5", "territory"),
    ("6", "deny strategic materials"),
    ("7", "alliance"),
    ("8", "human rights"),
    ("9", "weapons"),
    ("10", "non-state actors"),
    ("11", "drugs"),
    ("12", "environment"),
    ("13", "trade practices"),
    ("14", "economic reform"),
    ("15", "other"),
];

const SHARE_OF_TRADE: &str = "share of the target's total trade";
const SHARE_OF_IMPORTS: &str = "share of the target's imports";
const SHARE_OF_GDP: &str = "share of the target's GDP";
const LN_SHARE: &str = "ln(1 + 1000 × share)";

/// Columns that models may use beside those of the file: functions of them, which [`derived`](crate::data::derived) makes.
pub static DERIVED: [Variable; 5] = [
    Variable::number("t_gdp_level", "Target GDP", Control)
        .about("The target's GDP, without the logarithm that `t_gdp` takes.")
        .unit("billion dollars")
        .from(&["gdp"])
        .at_least(0.0),
    Variable::number("s_gdp_level", "Sender GDP", Control)
        .about("The sender's GDP, without the logarithm that `s_gdp` takes.")
        .unit("billion dollars")
        .from(&["gdp"])
        .at_least(0.0),
    Variable::number("distance", "Distance", Control)
        .about("Distance between the two capitals, without the logarithm that `ln_distance` takes.")
        .unit("thousand km")
        .from(&["distance"])
        .at_least(0.0),
    Variable::indicator("post_coldwar_1991", "After the Cold War, from 1991", Control)
        .about("1 from 1991 on.")
        .required(),
    Variable::indicator("post_coldwar_1992", "After the Cold War, from 1992", Control)
        .about("1 from 1992 on, the Soviet Union having ended in December 1991.")
        .required(),
];

/// Every column of `data/episodes.csv`, in the file's order.
pub static VARIABLES: &[Variable] = &[
    // The episode.
    Variable::integer("caseid", "Episode", Episode)
        .about("TIES's identifier of the episode; the table's key and order.")
        .at_least(1.0)
        .required(),
    Variable::integer("year", "Year", Episode)
        .about("Year the episode starts (`startyear`). Every country-year value is of this year unless it says otherwise.")
        .range(1945.0, 2005.0)
        .required(),
    Variable::integer("startmonth", "Start month", Episode)
        .about("Month the episode starts.")
        .range(1.0, 12.0),
    Variable::integer("startday", "Start day", Episode)
        .about("Day of the month the episode starts.")
        .range(1.0, 31.0),
    Variable::integer("endyear", "End year", Episode)
        .about("Year the episode ends; empty where TIES gives none.")
        .at_least(1945.0),
    Variable::integer("endmonth", "End month", Episode)
        .about("Month the episode ends.")
        .range(1.0, 12.0),
    Variable::integer("endday", "End day", Episode)
        .about("Day of the month the episode ends.")
        .range(1.0, 31.0),
    Variable::integer("sender", "Sender code", Episode)
        .about("COW code of the primary sender (`primarysender`), the state that threatens.")
        .range(2.0, 999.0)
        .required(),
    Variable::text("sender_name", "Sender", Episode)
        .about("Name of the sender in the COW state list.")
        .from(&["ties", "states"])
        .required(),
    Variable::integer("target", "Target code", Episode)
        .about("COW code of the target (`targetstate`), the state that is threatened.")
        .range(2.0, 999.0)
        .required(),
    Variable::text("target_name", "Target", Episode)
        .about("Name of the target in the COW state list.")
        .from(&["ties", "states"])
        .required(),
    // TIES codes, as published.
    Variable::integer("sender1", "First-listed sender", Ties)
        .about(
            "COW code of the first sender listed. It can differ from the primary sender, and \
             `comtrade_import_share` is compiled for this one.",
        )
        .at_least(2.0),
    Variable::indicator("threat", "Threat made", Ties)
        .about("1 in every row: an episode without a threat is not in the table.")
        .required(),
    Variable::indicator("imposition", "Sanctions imposed", Ties)
        .about("1 if sanctions were imposed.")
        .required(),
    Variable::integer("sancimpositionstartyear", "Imposition year", Ties)
        .about(
            "Year the imposition starts. Where the cell holds words after the year (\"sometime before this \
             date\"), the leading year.",
        )
        .at_least(1945.0),
    Variable::integer("sancimpositionstartmonth", "Imposition month", Ties)
        .about("Month the imposition starts.")
        .range(1.0, 12.0),
    Variable::integer("sancimpositionstartday", "Imposition day", Ties)
        .about("Day of the month the imposition starts; missing also where the cell holds a question mark.")
        .range(1.0, 31.0),
    Variable::integer("ongoingasofyear", "Still on, year", Ties)
        .about("Year as of which an episode without an end was known to be still on.")
        .at_least(1945.0),
    Variable::integer("ongoingasofmonth", "Still on, month", Ties)
        .about("Month as of which an episode without an end was known to be still on.")
        .range(1.0, 12.0),
    Variable::integer("ongoingasofday", "Still on, day", Ties)
        .about("Day of the month as of which an episode without an end was known to be still on.")
        .range(1.0, 31.0),
    Variable::integer("finaloutcome", "Final outcome code", Ties)
        .about("How the episode ended: 1-5 at the threat stage, 6-10 after imposition.")
        .range(1.0, 10.0)
        .meaning(&[
            ("1", "threat stage: partial acquiescence by the target"),
            ("2", "threat stage: complete acquiescence by the target"),
            ("3", "threat stage: the sender capitulates"),
            ("4", "threat stage: stalemate"),
            ("5", "threat stage: negotiated settlement"),
            ("6", "after imposition: partial acquiescence by the target"),
            ("7", "after imposition: complete acquiescence by the target"),
            ("8", "after imposition: the sender capitulates"),
            ("9", "after imposition: stalemate"),
            ("10", "after imposition: negotiated settlement"),
        ]),
    Variable::integer("issue1", "Issue", Ties)
        .about("The issue at stake.")
        .range(1.0, 15.0)
        .meaning(ISSUES),
    Variable::integer("issue2", "Second issue", Ties)
        .about("A second issue, where there is one; codes as for `issue1`.")
        .range(1.0, 15.0),
    Variable::integer("issue3", "Third issue", Ties)
        .about("A third issue, where there is one; codes as for `issue1`.")
        .range(1.0, 15.0),
    Variable::text("sanctiontypethreat", "Threatened sanction types", Ties)
        .about("Codes of the types of sanction threatened, 1 to 10, separated by a space where there are several.")
        .meaning(&[("7", "asset freeze"), ("8", "cut of foreign aid")]),
    Variable::text("threatenedtargetinterest", "Threatened interests", Ties)
        .about(
            "Codes of the target's interests that the threat would hurt, 1 to 5, separated by a space where \
             there are several. The meanings are inferred; see `targeted`.",
        )
        .meaning(&[
            ("1", "regime leadership (inferred)"),
            ("3", "business (inferred)"),
            ("5", "military (inferred)"),
        ]),
    Variable::indicator("ties_institution", "Institution code", Ties)
        .about("TIES's `institution` as it is, missing where TIES is: 1 if an international institution is involved."),
    // Outcome.
    Variable::category("outcome", "Outcome", Outcome, OUTCOMES)
        .about(
            "What the threat ended in. `finaloutcome` decides, also where it contradicts `imposition`; where \
             it is missing, an imposition is an imposition and the rest stays missing.",
        )
        .meaning(&[
            ("concession", "the target yields before any imposition: `finaloutcome` 1, 2 or 5"),
            ("imposition", "`finaloutcome` 6-10, or none and `imposition` is 1"),
            ("standoff", "neither yields: `finaloutcome` 3 or 4"),
        ]),
    Variable::category("outcome_strict", "Outcome, settlement as standoff", Outcome, OUTCOMES)
        .about("As `outcome`, but a negotiated settlement at the threat stage (`finaloutcome` 5) is a standoff.")
        .meaning(&[
            ("concession", "`finaloutcome` 1 or 2"),
            ("imposition", "`finaloutcome` 6-10, or none and `imposition` is 1"),
            ("standoff", "`finaloutcome` 3, 4 or 5"),
        ]),
    // Regimes.
    Variable::number("personalist_index", "Personalist index", Regime)
        .about(
            "How personalist the target's regime is in the year: Weeks's `persrat_1a`, the share of the \
             questionnaire's items on personal rule answered yes; 0 for democracies. Values outside 0 to 1 are \
             not valid, nor are rows whose code no state bears; of a country-year listed twice the first row \
             counts. The source ends in 1999.",
        )
        .unit("share of items")
        .from(&["weeks"])
        .range(0.0, 1.0),
    Variable::number("personalist_index_carried", "Personalist index, carried on", Regime)
        .about(
            "As `personalist_index` to 1999. From 2000 on: 0 where Geddes, Wright and Frantz (GWF) say democracy; for an autocracy the \
             last valid value of the same regime spell (`gwf_casename`), missing where the spell began \
             later.",
        )
        .unit("share of items")
        .from(&["weeks", "gwf"])
        .range(0.0, 1.0),
    Variable::number("personalist_index_democracy_zero", "Personalist index, 0 in every democracy", Regime)
        .about(
            "As `personalist_index`, but 0 wherever Geddes, Wright and Frantz say democracy: where Weeks has no value, where she has \
             another, and after 1999, when nothing but democracies has a value.",
        )
        .unit("share of items")
        .from(&["weeks", "gwf"])
        .range(0.0, 1.0),
    Variable::category("target_regime", "Target regime", Regime, REGIMES)
        .about(
            "The target's regime in the year. Provisional, foreign-occupied, warlord-ruled and not \
             independent: missing, like states that Geddes, Wright and Frantz do not cover. Alternative: \
             `target_regime_rest_democracy`.",
        )
        .from(&["gwf"])
        .meaning(REGIME_MEANINGS),
    Variable::category("target_regime_rest_democracy", "Target regime, the rest democracies", Regime, REGIMES)
        .about(
            "As `target_regime`, but every target that Geddes, Wright and Frantz code as no autocracy is a democracy: also the \
             provisional, occupied and not independent, and the states it does not cover. That is the study's \
             sentence on what is left once the two kinds of autocracy are taken out, read to the letter.",
        )
        .from(&["gwf"])
        .required()
        .meaning(REST_MEANINGS),
    Variable::category("sender_regime", "Sender regime", Regime, REGIMES)
        .about(
            "The sender's regime in the year, coded as `target_regime`. Alternative: \
             `sender_regime_rest_democracy`.",
        )
        .from(&["gwf"])
        .meaning(REGIME_MEANINGS),
    Variable::category("sender_regime_rest_democracy", "Sender regime, the rest democracies", Regime, REGIMES)
        .about("The sender's regime in the year, coded as `target_regime_rest_democracy`.")
        .from(&["gwf"])
        .required()
        .meaning(REST_MEANINGS),
    // Trade dependence.
    Variable::number("trade_share", "Trade share", Dependence)
        .about(
            "Trade between sender and target, both directions, over the target's total imports and exports, \
             same year. Missing where a flow or a total is. The dyadic and the national figures are separate \
             series, so a share can exceed 1.",
        )
        .unit(SHARE_OF_TRADE)
        .from(&["cow-trade"])
        .at_least(0.0),
    Variable::number("import_share", "Import share", Dependence)
        .about("The target's imports from the sender over the target's total imports, same year.")
        .unit(SHARE_OF_IMPORTS)
        .from(&["cow-trade"])
        .at_least(0.0),
    Variable::number("trade_gdp", "Trade over GDP", Dependence)
        .about(
            "Trade between sender and target, both directions, in current US$, over the target's GDP in \
             dollars as the GDP source has them, same year.",
        )
        .unit(SHARE_OF_GDP)
        .from(&["cow-trade", "gdp"])
        .at_least(0.0),
    Variable::number("comtrade_import_share", "Import share (Comtrade)", Dependence)
        .about(
            "The target's imports from the sender over its total imports, the year before the episode. 0 in \
             the file means missing. The file is compiled for the first-listed sender (`sender1`), taken here \
             also in the few episodes where that is not the primary sender.",
        )
        .unit(SHARE_OF_IMPORTS)
        .from(&["comtrade"])
        .range(0.0, 1.0),
    Variable::number("trade_share_lag", "Trade share, year before", Dependence)
        .about("As `trade_share`, one year before the episode.")
        .unit(SHARE_OF_TRADE)
        .from(&["cow-trade"])
        .at_least(0.0),
    Variable::number("import_share_lag", "Import share, year before", Dependence)
        .about("As `import_share`, one year before the episode.")
        .unit(SHARE_OF_IMPORTS)
        .from(&["cow-trade"])
        .at_least(0.0),
    Variable::number("trade_gdp_lag", "Trade over GDP, year before", Dependence)
        .about("As `trade_gdp`, flows and GDP both of the year before the episode.")
        .unit(SHARE_OF_GDP)
        .from(&["cow-trade", "gdp"])
        .at_least(0.0),
    Variable::number("ln_trade_share", "Trade share (log)", Dependence)
        .about("Log of `trade_share`, 0 where there is no trade.")
        .unit(LN_SHARE)
        .from(&["cow-trade"])
        .at_least(0.0),
    Variable::number("ln_import_share", "Import share (log)", Dependence)
        .about("Log of `import_share`, 0 where there are no imports.")
        .unit(LN_SHARE)
        .from(&["cow-trade"])
        .at_least(0.0),
    Variable::number("ln_trade_gdp", "Trade over GDP (log)", Dependence)
        .about("Log of `trade_gdp`, 0 where there is no trade.")
        .unit(LN_SHARE)
        .from(&["cow-trade", "gdp"])
        .at_least(0.0),
    Variable::number("ln_comtrade_import_share", "Import share (Comtrade, log)", Dependence)
        .about("Log of `comtrade_import_share`.")
        .unit(LN_SHARE)
        .from(&["comtrade"])
        .at_least(0.0),
    Variable::number("ln_trade_share_lag", "Trade share, year before (log)", Dependence)
        .about("Log of `trade_share_lag`, 0 where there is no trade.")
        .unit(LN_SHARE)
        .from(&["cow-trade"])
        .at_least(0.0),
    Variable::number("ln_import_share_lag", "Import share, year before (log)", Dependence)
        .about("Log of `import_share_lag`, 0 where there are no imports.")
        .unit(LN_SHARE)
        .from(&["cow-trade"])
        .at_least(0.0),
    Variable::number("ln_trade_gdp_lag", "Trade over GDP, year before (log)", Dependence)
        .about("Log of `trade_gdp_lag`, 0 where there is no trade.")
        .unit(LN_SHARE)
        .from(&["cow-trade", "gdp"])
        .at_least(0.0),
    // Controls.
    Variable::number("t_gdp", "Target GDP (log)", Control)
        .about("Natural logarithm of the target's GDP (`wbgdp2011est`), as the source has it.")
        .unit("ln dollars")
        .from(&["gdp"]),
    Variable::number("s_gdp", "Sender GDP (log)", Control)
        .about("Natural logarithm of the sender's GDP (`wbgdp2011est`), as the source has it.")
        .unit("ln dollars")
        .from(&["gdp"]),
    Variable::number("cinc_ratio", "Capability ratio", Control)
        .about(
            "The sender's material capabilities over the target's, by the Composite Index of National Capability (CINC); above 1 the sender \
             is the stronger. The study puts the difference in capabilities into its models as the ratio of \
             the two scores. Alternatives: `ln_cinc_ratio` and `cinc_share`, which a few very small targets move \
             less.",
        )
        .unit("ratio")
        .from(&["nmc"])
        .at_least(0.0),
    Variable::number("ln_cinc_ratio", "Capability ratio (log)", Control)
        .about("Natural logarithm of `cinc_ratio`; above 0 the sender is the stronger.")
        .unit("ln ratio")
        .from(&["nmc"]),
    Variable::number("cinc_share", "Sender's share of capabilities", Control)
        .about(
            "The sender's share of the two states' material capabilities, by the Composite Index of National Capability \
             (CINC), made as `cinc_ratio` / (1 + `cinc_ratio`).",
        )
        .unit("share")
        .from(&["nmc"])
        .range(0.0, 1.0),
    Variable::number("ln_distance", "Distance (log)", Control)
        .about("Natural logarithm of the kilometres between the two capitals, at least 1 km.")
        .unit("ln km")
        .from(&["distance"])
        .at_least(0.0),
    Variable::indicator("sender_usa", "Sender is the USA", Control)
        .about("1 if the sender is the United States (code 2).")
        .required(),
    Variable::indicator("post_coldwar", "After the Cold War", Control)
        .about("1 from 1990 on. The study does not say when the Cold War ended; another first year can be had from `year`.")
        .required(),
    Variable::indicator("is_security", "Security issue", Control)
        .about(
            "1 if any of the three issues is 1, 2, 3, 5, 6, 7, 9 or 10. The study names political influence, \
             military behaviour and territory as examples of security issues; destabilising a regime, strategic \
             materials, alliances, weapons and non-state actors are of the kind. Alternative: \
             `is_security_narrow`.",
        )
        .required(),
    Variable::indicator("is_security_narrow", "Security issue, as named", Control)
        .about(
            "1 if any of the three issues is 1 (political influence), 2 (military behaviour) or 5 (territory): \
             only what the study names.",
        )
        .required(),
    Variable::indicator("is_econ", "Economic issue", Control)
        .about(
            "1 if any of the three issues is 13 (trade practices) or 14 (economic reform). The study says \
             trade-related and calls the variable economic. Alternative: `is_trade`.",
        )
        .required(),
    Variable::indicator("is_trade", "Trade issue", Control)
        .about("1 if any of the three issues is 13 (trade practices).")
        .required(),
    Variable::indicator("is_hrts", "Human rights issue", Control)
        .about("1 if any of the three issues is 8.")
        .required(),
    Variable::indicator("financial", "Financial sanction", Control)
        .about(
            "1 if the types threatened include 7 (asset freeze) or 8 (cut of aid), else 0, also where no type is \
             coded: the study has 1 for threats that include one of these and leaves no third value. Alternative: \
             `financial_coded`.",
        )
        .required(),
    Variable::indicator("financial_coded", "Financial sanction, where coded", Control)
        .about("As `financial`, but missing where TIES codes no type of sanction."),
    Variable::indicator("targeted", "Targeted sanction", Control)
        .about(
            "1 if the interests threatened include 1 (regime leadership), 3 (business) or 5 (military), else 0, \
             also where none is coded: the study has 1 for threats that aim at one of these and leaves no third \
             value. What the codes stand for is inferred. Alternative: `targeted_coded`.",
        )
        .required(),
    Variable::indicator("targeted_coded", "Targeted sanction, where coded", Control)
        .about(
            "As `targeted`, but missing where TIES codes no interest, as it does for Panama 1987, an example of the \
             study's. Nearly all the other episodes are 1.",
        ),
    Variable::indicator("institution", "International institution", Control)
        .about("1 if an international institution is involved; 0 where TIES does not say.")
        .required(),
    Variable::indicator("past_success", "Sender's last threat worked", Control)
        .about(
            "1 if the sender's previous threat in this table ended in concession (`outcome`); 0 for a sender's \
             first threat and where that outcome is unknown. Previous by start date, then `caseid`, a missing \
             month counting as 6 and a missing day as 15. A sender is a COW code: West Germany (260) and \
             Germany (255) are two.",
        )
        .required(),
    Variable::indicator("multiple", "Another sender's sanctions in force", Control)
        .about(
            "1 if, on the day of the threat, the target was under sanctions of another sender: another TIES \
             episode, of all published, with another primary sender or none, whose sanctions were imposed on or \
             before that day (imposition date, else the episode's start) and which ended after it (end date, else \
             the date as of which it was still on; an episode with neither does not count). A missing month \
             counts as 6, a missing day as 15. The study speaks of a target already under another sender's \
             sanctions when it is threatened, before their end date. Alternatives: `multiple_any` and \
             `multiple_years`.",
        )
        .required(),
    Variable::indicator("multiple_any", "Sanctions in force, any sender's", Control)
        .about("As `multiple`, but earlier sanctions by the same sender count too.")
        .required(),
    Variable::indicator("multiple_years", "Sanctions in force in the year, any sender's", Control)
        .about(
            "1 if another TIES episode, of all published, had sanctions imposed on the same target, by whomever, \
             that began in or before this year (by imposition year, else by the episode's) and had not ended \
             before it. Only years are compared, so sanctions that came after the threat or ended before it can \
             count; an episode without an end year counts as still on.",
        )
        .required(),
];

/// Every data set the table is made from.
pub static SOURCES: &[Source] = &[
    Source {
        key: "ties",
        title: "Threat and Imposition of Economic Sanctions (TIES), version 4.0",
        files: &["TIESv4.xls"],
        citation: "Morgan, T. Clifton, Navin Bapat, and Yoshiharu Kobayashi. 2014. \"Threat and Imposition of \
                   Economic Sanctions 1945-2005: Updating the TIES Dataset.\" Conflict Management and Peace \
                   Science 31(5): 541-558.",
        url: Some("https://doi.org/10.1177/0738894213520379"),
        note: "The workbook as published. No licence is stated with the file.",
    },
    Source {
        key: "gwf",
        title: "Autocratic Regimes Data Set, version 1.2",
        files: &["GWF_AllPoliticalRegimes.csv"],
        citation: "Geddes, Barbara, Joseph Wright, and Erica Frantz. 2014. \"Autocratic Breakdown and Regime \
                   Transitions: A New Data Set.\" Perspectives on Politics 12(2): 313-331.",
        url: Some("https://doi.org/10.1017/S1537592714000851"),
        note: "Country-years 1946-2010; states under a million inhabitants are not covered. No licence is \
               stated with the file.",
    },
    Source {
        key: "weeks",
        title: "Regime coding of \"Strongmen and Straw Men\" and \"Dictators at War and Peace\"",
        files: &["weeks.csv"],
        citation: "Weeks, Jessica L. 2012. \"Strongmen and Straw Men: Authoritarian Regimes and the Initiation \
                   of International Conflict.\" American Political Science Review 106(2): 326-347. Weeks, \
                   Jessica L. P. 2014. Dictators at War and Peace. Ithaca: Cornell University Press.",
        url: Some("https://doi.org/10.1017/S0003055412000111"),
        note: "Country-years 1946-1999, from Geddes's questionnaire. The file holds a few junk rows under \
               codes that no state bears (189, 190, 848), and Yemen 1990 (678) twice. No licence is stated \
               with the file.",
    },
    Source {
        key: "cow-trade",
        title: "Correlates of War Trade, version 4.0",
        files: &["cow_trade_dyadic.csv.gz", "cow_trade_national.csv"],
        citation: "Barbieri, Katherine, Omar M. G. Keshk, and Brian M. Pollins. 2009. \"Trading Data: \
                   Evaluating Our Assumptions and Coding Rules.\" Conflict Management and Peace Science 26(5): \
                   471-491. Barbieri, Katherine, and Omar M. G. Keshk. 2016. Correlates of War Project Trade \
                   Data Set Codebook, Version 4.0.",
        url: Some("https://doi.org/10.1177/0738894209343887"),
        note: "Current US$ million. The copy of the dyadic file used here is rounded to whole millions. No \
               licence is stated with the files.",
    },
    Source {
        key: "comtrade",
        title: "UN Comtrade import shares per TIES episode",
        files: &["comtrade_case_shares.csv"],
        citation: "United Nations. UN Comtrade Database; as compiled per TIES episode in a public replication \
                   archive.",
        url: None,
        note: "Year before the episode's start; 0 means missing. No licence is stated with the file.",
    },
    Source {
        key: "gdp",
        title: "Latent estimates of GDP, population and surplus domestic product",
        files: &["anders_fariss_markowitz_gdp.csv"],
        citation: "Anders, Therese, Christopher J. Fariss, and Jonathan N. Markowitz. 2020. \"Bread Before Guns \
                   or Butter: Introducing Surplus Domestic Product (SDP).\" International Studies Quarterly \
                   64(2): 392-405.",
        url: Some("https://doi.org/10.1093/isq/sqaa013"),
        note: "Natural logarithms. Germany keeps code 260 after 1990. No licence is stated with the file.",
    },
    Source {
        key: "nmc",
        title: "Correlates of War National Material Capabilities",
        files: &["cow_nmc.csv"],
        citation: "Singer, J. David, Stuart Bremer, and John Stuckey. 1972. \"Capability Distribution, \
                   Uncertainty, and Major Power War, 1820-1965.\" In Peace, War, and Numbers, ed. Bruce \
                   Russett. Beverly Hills: Sage, 19-48. Singer, J. David. 1987. \"Reconstructing the Correlates \
                   of War Dataset on Material Capabilities of States, 1816-1985.\" International Interactions \
                   14(2): 115-132.",
        url: Some("https://doi.org/10.1080/03050628808434695"),
        note: "Composite Index of National Capability (CINC). No licence is stated with the file.",
    },
    Source {
        key: "distance",
        title: "Distance between capital cities",
        files: &["capdist.csv"],
        citation: "Gleditsch, Kristian Skrede. 2008. Distance Between Capital Cities.",
        url: Some("http://ksgleditsch.com/data-5.html"),
        note: "Kilometres. No licence is stated with the file.",
    },
    Source {
        key: "states",
        title: "Correlates of War State System Membership, version 2016",
        files: &["cow_states.csv"],
        citation: "Correlates of War Project. 2017. State System Membership List, v2016.",
        url: Some("https://correlatesofwar.org"),
        note: "Used for names. No licence is stated with the file.",
    },
];

/// On what terms the table may be used.
pub const TERMS: &str = "The sources are public research data under their authors' terms, and ask to be cited; none \
                         states a licence with the file used here. The code that derives the table, and what the \
                         derivation adds, are under MIT OR Apache-2.0. When you use the table, cite the sources of the \
                         variables you use.";

/// What the rebuilt table cannot know, or settles by a choice.
pub static LIMITS: &[Limit] = &[
    Limit {
        title: "A rebuild, not the original file",
        text: "The study's own merged file is not public. This table is derived anew from public sources, \
               those the study names and, where it names none, as for GDP, our choice, so single values may differ from \
               those it used.",
    },
    Limit {
        title: "Trade flows in whole millions",
        text: "The copy of the COW dyadic trade file used here is rounded to whole US$ million. A flow under \
               half a million reads as no trade, and the shares of small traders are coarse.",
    },
    Limit {
        title: "West Germany's trade of 1960-1989 is not in the source",
        text: "COW's dyadic file has its flows under neither of Germany's codes, except with Belgium \
               and Luxembourg, and its totals under 255. Threats by or against West Germany in those years have \
               no COW dependence.",
    },
    Limit {
        title: "The personalist index ends in 1999",
        text: "Threats of 2000-2005 have no `personalist_index`. `personalist_index_carried` fills them by \
               assuming that a regime spell keeps its last value.",
    },
    Limit {
        title: "Target interests are inferred",
        text: "What the codes of `threatenedtargetinterest` stand for is inferred, not taken from TIES's \
               documentation, and `targeted` rests on it.",
    },
    Limit {
        title: "GDP in the source's dollars",
        text: "GDP is the exponential of the source's logarithm, in whatever dollars the source has (its name \
               says 2011); trade is in current dollars. `trade_gdp` therefore compares episodes of about the \
               same time better than episodes decades apart.",
    },
    Limit {
        title: "The final outcome wins",
        text: "A few episodes have a `finaloutcome` that contradicts `imposition`. The outcome follows \
               `finaloutcome`.",
    },
    Limit {
        title: "Comtrade knows the first-listed sender",
        text: "The Comtrade shares were compiled per episode for `sender1`. In a few episodes that is not the \
               primary sender, and the share is another sender's. Zeros in the file mean missing, so no \
               episode has a true zero.",
    },
    Limit {
        title: "Country codes",
        text: "States are COW codes as TIES has them. GWF (260 as 255) and the GDP file (255 as 260) know \
               Germany under another code, and are joined through an explicit mapping. One threat of 1989 is by \
               Germany (255), then West Germany (260): capabilities and distance are West Germany's, while \
               Weeks and COW trade are joined on the codes as they stand, so its trade is missing.",
    },
    Limit {
        title: "Regimes that are not coded",
        text: "GWF starts in 1946 and covers states of a million inhabitants or more. Threats against smaller \
               ones, against states not yet independent, and under provisional or foreign rule have no \
               `target_regime`.",
    },
    Limit {
        title: "Nearly every coded threat counts as targeted",
        text: "`targeted` follows the study's definition, and holds for almost all episodes with a code. Its zeros are \
               mostly episodes without one, so it tells as much about the coding as about the threat; \
               `targeted_coded` has next to no variation to learn from.",
    },
    Limit {
        title: "A few capability ratios are enormous",
        text: "`cinc_ratio` is the ratio the study speaks of, and against very small targets it runs into the \
               hundreds of thousands, while for half of the episodes it is below 10. A coefficient of it rests on those few; \
               `ln_cinc_ratio` and `cinc_share` do not.",
    },
    Limit {
        title: "Sanctions without a known end",
        text: "Many sanctions in TIES have neither an end nor a date as of which they were still on. `multiple` and \
               `multiple_any` leave them out; `multiple_years` takes them as never ended. Sanctions that no primary \
               sender is named for count as another sender's, even where the one who threatens took part in them.",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_groups_are_contiguous() {
        let mut names: Vec<_> = VARIABLES.iter().map(|variable| variable.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), VARIABLES.len());
        let mut groups: Vec<_> = VARIABLES.iter().map(|variable| variable.group).collect();
        groups.dedup();
        assert_eq!(groups, Group::ALL);
    }

    #[test]
    fn every_source_is_known_and_used() {
        for variable in VARIABLES {
            for key in variable.sources {
                assert!(source(key).is_some(), "{}: no source {key}", variable.name);
            }
        }
        for source in SOURCES {
            assert!(
                VARIABLES
                    .iter()
                    .any(|variable| variable.sources.contains(&source.key)),
                "{}",
                source.key
            );
        }
    }

    #[test]
    fn levels_have_meanings() {
        for variable in VARIABLES {
            assert!(
                !variable.label.is_empty() && variable.description.ends_with('.'),
                "{}",
                variable.name
            );
            if let VariableKind::Category { levels } = variable.kind {
                let meant: Vec<_> = variable.meanings.iter().map(|(level, _)| *level).collect();
                assert_eq!(meant, levels, "{}", variable.name);
            }
        }
    }

    #[test]
    fn dependence_is_zero_without_trade_and_counts_tenths_of_a_percent() {
        assert_eq!(ln_dependence(0.0), 0.0);
        assert_eq!(ln_dependence(0.001), libm::log1p(1.0));
        assert!(ln_dependence(0.2) > ln_dependence(0.1));
    }
}
