//! The study as data: what it explains, by what, and in which models.
//!
//! Tables, figures, tests, the command line and the page all read this one description; a second study would
//! be a second value of [`Study`]. What a reader changes about it is a [`crate::Specification`].

use mlogit::{Column, Table};

use crate::Result;
use crate::multiverse::Dimension;
use crate::specification::Scale;

/// A study: one outcome, several explanations of it, several measures of what they depend on.
#[derive(Debug, Clone, Copy)]
pub struct Study {
    /// The outcomes that a threat can have.
    pub outcomes: &'static [&'static str],
    /// The outcome that figures and claims are about.
    pub focus: &'static str,
    /// What every model holds constant.
    pub controls: &'static [Control],
    /// First and last year of the episodes.
    pub years: (u16, u16),
    /// The models, in the order of the tables.
    pub models: &'static [Model],
    /// The episodes the study tells at length.
    pub cases: &'static [Case],
    /// What others could have chosen otherwise, and defended: see [`crate::multiverse`].
    pub multiverse: &'static [Dimension],
}

/// A variable that models hold constant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Control {
    /// Column of the episode table.
    pub variable: &'static str,
    /// The term as a formula has it.
    pub term: &'static str,
    /// What it belongs to, as people argue about controls.
    pub group: ControlGroup,
}

/// Controls that belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ControlGroup {
    /// How rich both sides are.
    Economic,
    /// How strong and how far apart they are.
    Power,
    /// What the threat is about.
    Issue,
    /// What is threatened.
    Sanction,
    /// When it happens, and what happened before.
    History,
    /// Who threatens.
    Sender,
}

impl ControlGroup {
    /// A short name, for arguments and addresses.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Economic => "economic",
            Self::Power => "power",
            Self::Issue => "issue",
            Self::Sanction => "sanction",
            Self::History => "history",
            Self::Sender => "sender",
        }
    }

    /// Words for it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Economic => "Economic size",
            Self::Power => "Power and distance",
            Self::Issue => "Issue",
            Self::Sanction => "Kind of sanction",
            Self::History => "History",
            Self::Sender => "Sender",
        }
    }
}

/// An episode the study tells at length.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// Its `caseid` in the episode table.
    pub caseid: u64,
    /// Words for it.
    pub title: &'static str,
    /// What the study says of it, retold.
    pub story: &'static str,
    /// How the episode was found, and where it differs from the study's account.
    pub identified: &'static str,
}

/// A model: an explanation interacted with a measure of trade dependence.
#[derive(Debug, Clone, Copy)]
pub struct Model {
    /// The scale that dependence enters on.
    pub scale: Scale,
    /// Whether dependence is that of the year before, where there is such a measure.
    pub lagged: bool,
    /// Table it belongs to, from 1.
    pub table: u8,
    /// Its number in the table, from 1.
    pub number: u8,
    /// What explains the outcome.
    pub explanation: &'static Explanation,
    /// What the explanation is interacted with.
    pub dependence: &'static Dependence,
}

/// What explains the outcome.
#[derive(Debug, Clone, Copy)]
pub struct Explanation {
    /// First half of a model's key.
    pub key: &'static str,
    /// Column of the episode table.
    pub variable: &'static str,
    /// The term as a formula has it.
    pub term: &'static str,
    /// Words for a title.
    pub label: &'static str,
    /// Values that predictions are made at.
    pub values: Values,
}

/// Values of an explanation that predictions are made at.
#[derive(Debug, Clone, Copy)]
pub enum Values {
    /// From 0 to 1 in equal steps.
    UnitInterval {
        /// Number of steps.
        steps: u8,
    },
    /// Levels, the one that the others are compared with first.
    Levels(&'static [&'static str]),
}

/// A measure of how much the target trades with the sender.
#[derive(Debug, Clone, Copy)]
pub struct Dependence {
    /// Second half of a model's key.
    pub key: &'static str,
    /// Column with the share.
    pub share: &'static str,
    /// Column with the share of the year before, where that is another one.
    pub lag: Option<&'static str>,
    /// Words for a title.
    pub label: &'static str,
    /// A word or two, for the rows of a figure.
    pub short: &'static str,
    /// What the share is of what, in words.
    pub definition: &'static str,
    /// Whether missing values, of the model's other variables too, are imputed: see [`crate::imputation`].
    pub imputed: bool,
}

/// Results are called significant where p is below this.
pub const LEVEL: f64 = 0.05;
/// High dependence is this quantile of a model's estimation sample.
pub const HIGH: f64 = 0.9;
/// Targets count as personalist where the index is above this: only to count how many there are.
pub const PERSONALIST: f64 = 0.5;
/// With fewer threats against targets of a kind a model says nothing of that kind, and is not estimated.
pub const FEWEST_TARGETS: usize = 5;

/// Weeks's personalist index.
pub static INDEX: Explanation = Explanation {
    key: "index",
    variable: "personalist_index",
    term: "personalist_index",
    label: "Personalist index",
    values: Values::UnitInterval { steps: 20 },
};

/// The same, carried past 1999 where the source ends.
pub static INDEX_CARRIED: Explanation = Explanation {
    key: "index",
    variable: "personalist_index_carried",
    term: "personalist_index_carried",
    label: "Personalist index",
    values: Values::UnitInterval { steps: 20 },
};

/// Geddes, Wright and Frantz's regime types.
pub static REGIME: Explanation = Explanation {
    key: "regime",
    variable: "target_regime",
    term: "C(target_regime, base = personalist)",
    label: "Target regime",
    values: Values::Levels(&["personalist", "nonpersonalist", "democracy"]),
};

/// Share of the target's total trade, Correlates of War.
pub static TRADE_SHARE: Dependence = Dependence {
    key: "trade_share",
    share: "trade_share",
    lag: Some("trade_share_lag"),
    label: "COW trade share",
    short: "COW share",
    definition: "trade with the sender, as a share of all the target's trade (Correlates of War)",
    imputed: false,
};

/// Share of the target's imports, Correlates of War.
pub static IMPORT_SHARE: Dependence = Dependence {
    key: "import_share",
    share: "import_share",
    lag: Some("import_share_lag"),
    label: "COW import share",
    short: "COW imports",
    definition: "imports from the sender, as a share of all the target's imports (Correlates of War)",
    imputed: false,
};

/// Trade as a share of the target's GDP, Correlates of War.
pub static TRADE_GDP: Dependence = Dependence {
    key: "trade_gdp",
    share: "trade_gdp",
    lag: Some("trade_gdp_lag"),
    label: "COW trade by GDP",
    short: "COW by GDP",
    definition: "trade with the sender, as a share of the target's GDP (Correlates of War)",
    imputed: false,
};

/// Share of the target's imports, UN Comtrade.
pub static COMTRADE_IMPORT_SHARE: Dependence = Dependence {
    key: "comtrade_import_share",
    share: "comtrade_import_share",
    lag: None,
    label: "UN Comtrade import share",
    short: "Comtrade",
    definition: "imports from the sender, as a share of all the target's imports, the year before (UN Comtrade)",
    imputed: false,
};

/// The same after multiple imputation.
pub static COMTRADE_MI: Dependence = Dependence {
    key: "comtrade_mi",
    share: "comtrade_import_share",
    lag: None,
    label: "UN Comtrade import share, imputed",
    short: "Comtrade MI",
    definition: "imports from the sender, as a share of all the target's imports, the year before (UN Comtrade; \
                 missing values imputed)",
    imputed: true,
};

/// A model of the study.
const fn model(
    table: u8,
    number: u8,
    explanation: &'static Explanation,
    dependence: &'static Dependence,
) -> Model {
    Model {
        scale: Scale::Log,
        lagged: false,
        table,
        number,
        explanation,
        dependence,
    }
}

/// A control that is a term by itself.
const fn control(variable: &'static str, group: ControlGroup) -> Control {
    Control {
        variable,
        term: variable,
        group,
    }
}

/// The study of sanctions threats.
pub static STUDY: Study = Study {
    outcomes: &["concession", "imposition", "standoff"],
    focus: "concession",
    controls: &[
        control("t_gdp", ControlGroup::Economic),
        control("s_gdp", ControlGroup::Economic),
        control("cinc_ratio", ControlGroup::Power),
        control("ln_distance", ControlGroup::Power),
        control("sender_usa", ControlGroup::Sender),
        control("post_coldwar", ControlGroup::History),
        control("is_security", ControlGroup::Issue),
        control("is_econ", ControlGroup::Issue),
        control("is_hrts", ControlGroup::Issue),
        control("financial", ControlGroup::Sanction),
        control("targeted", ControlGroup::Sanction),
        control("institution", ControlGroup::Sanction),
        control("past_success", ControlGroup::History),
        control("multiple", ControlGroup::History),
        Control {
            variable: "sender_regime",
            term: "C(sender_regime, base = democracy)",
            group: ControlGroup::Sender,
        },
    ],
    years: (1945, 2005),
    models: &[
        model(1, 1, &INDEX, &TRADE_SHARE),
        model(1, 2, &INDEX, &IMPORT_SHARE),
        model(1, 3, &INDEX, &TRADE_GDP),
        model(1, 4, &INDEX, &COMTRADE_IMPORT_SHARE),
        model(1, 5, &INDEX, &COMTRADE_MI),
        model(2, 1, &REGIME, &TRADE_SHARE),
        model(2, 2, &REGIME, &IMPORT_SHARE),
        model(2, 3, &REGIME, &TRADE_GDP),
        model(2, 4, &REGIME, &COMTRADE_IMPORT_SHARE),
        model(2, 5, &REGIME, &COMTRADE_MI),
    ],
    multiverse: &crate::multiverse::DIMENSIONS,
    cases: &[
        Case {
            caseid: 1_987_080_701,
            title: "Panama, 1987",
            story: "In August 1987 a bill in the House of Representatives threatened Manuel Noriega’s government \
                    with sanctions. Panama lived on trade with the United States, and Noriega did not move. \
                    Sanctions followed; what removed him, two years later, was an invasion.",
            identified: "The threat of 7 August 1987 by the United States; the study dates it a day later. It ended \
                         with sanctions. TIES counts the episode as Panama’s complete acquiescence after they were \
                         imposed, on the day after the invasion.",
        },
        Case {
            caseid: 1_993_052_501,
            title: "Guatemala, 1993",
            story: "In May 1993 President Serrano dissolved the congress and the supreme court. The United States \
                    threatened to take away Guatemala’s trade preferences; business turned to its allies in the \
                    army, and within two weeks Serrano was gone.",
            identified: "The threat of 25 May 1993 by the United States, which ended on 8 June with complete \
                         acquiescence. The personalist index is missing for Guatemala in 1993; Geddes, Wright and \
                         Frantz code a nonpersonalist autocracy.",
        },
        Case {
            caseid: 1_993_043_002,
            title: "Japan’s construction market, 1993",
            story: "The United States threatened Japan with trade sanctions unless foreign firms could bid for its \
                    public construction. Japan held out for some months and gave way in January 1994.",
            identified: "Of the threats by the United States against Japan in 1993 only this one is about economic \
                         reform (issue 14), and only it ended in January 1994: on the 19th, with complete \
                         acquiescence. TIES has it begin on 30 April 1993, the study in October.",
        },
    ],
};

impl Model {
    /// The model's key, such as `index:trade_share`.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}:{}", self.explanation.key, self.dependence.key)
    }

    /// Words for it.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{}, {}", self.explanation.label, self.dependence.label)
    }

    /// The name that dependence has as a term, which is the same for every measure so that models can be read side
    /// by side.
    #[must_use]
    pub fn term(&self) -> &'static str {
        self.scale.term()
    }

    /// Column of the episode table with the share.
    #[must_use]
    pub fn share(&self) -> &'static str {
        self.dependence
            .lag
            .filter(|_| self.lagged)
            .unwrap_or(self.dependence.share)
    }

    /// What dependence is made of, in words: a column of the episode table, or a function of one.
    #[must_use]
    pub fn column(&self) -> String {
        match self.scale {
            Scale::Log => format!("ln_{}", self.share()),
            Scale::Root => format!("sqrt({})", self.share()),
            Scale::Share => self.share().to_owned(),
        }
    }

    /// Dependence in every episode, on its scale.
    ///
    /// # Errors
    /// [`crate::Error::Model`] where the table lacks the column.
    pub fn values(&self, episodes: &Table) -> Result<Column> {
        Ok(match (self.scale, episodes.column(self.share())?) {
            // The table has the logarithm itself.
            (Scale::Log, _) => episodes.column(&self.column())?.clone(),
            (Scale::Root, Column::Number(shares)) => {
                Column::number(shares.iter().map(|share| Scale::Root.of(*share)))
            }
            (Scale::Root | Scale::Share, column) => column.clone(),
        })
    }
}

/// Words for a term of a model: labels of its variables, `x[level]` as "x: level".
#[must_use]
pub fn label(term: &str) -> String {
    let one = |piece: &str| {
        let (name, level) = match piece.strip_suffix(']').and_then(|open| open.split_once('[')) {
            Some((name, level)) => (name, Some(level)),
            None => (piece, None),
        };
        let words = match name {
            "(Intercept)" => "Intercept",
            name => match Scale::of_term(name) {
                Some(scale) => scale.label(),
                None => crate::variables::variable(name).map_or(name, |variable| variable.label),
            },
        };
        level.map_or_else(
            || words.to_owned(),
            |level| format!("{words}: {}", level_label(level).to_ascii_lowercase()),
        )
    };
    term.split(':').map(one).collect::<Vec<_>>().join(" × ")
}

/// Words for a group of regimes.
#[must_use]
pub fn level_label(level: &str) -> &str {
    match level {
        "personalist" => "Personalist",
        "nonpersonalist" => "Other autocracies",
        "democracy" => "Democracies",
        "unknown" => "Not coded",
        level => level,
    }
}
