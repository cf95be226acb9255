//! The study as data: what it explains, by what, and in which models.
//!
//! Tables, figures, tests, the command line and the page all read this one description. What a reader changes about it
//! is a [`crate::Specification`].

use report::figure::Scale;

use super::contrast::{Against, High};
use super::{Case, Control, ControlGroup, Dependence, Explanation, Model, Study, Values};

/// Results are called significant where p is below this.
pub const LEVEL: f64 = 0.05;
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
    figure: 2,
    table: 1,
};

/// The same, carried past 1999 where the source ends.
pub static INDEX_CARRIED: Explanation = Explanation {
    key: "index",
    variable: "personalist_index_carried",
    term: "personalist_index_carried",
    label: "Personalist index",
    values: Values::UnitInterval { steps: 20 },
    figure: 2,
    table: 1,
};

/// The same, 0 wherever Geddes, Wright and Frantz say democracy.
pub static INDEX_DEMOCRACY_ZERO: Explanation = Explanation {
    key: "index",
    variable: "personalist_index_democracy_zero",
    term: "personalist_index_democracy_zero",
    label: "Personalist index",
    values: Values::UnitInterval { steps: 20 },
    figure: 2,
    table: 1,
};

/// Geddes, Wright and Frantz's regime types.
pub static REGIME: Explanation = Explanation {
    key: "regime",
    variable: "target_regime",
    term: "C(target_regime, base = personalist)",
    label: "Target regime",
    values: Values::Levels(&["personalist", "nonpersonalist", "democracy"]),
    figure: 4,
    table: 2,
};

/// The same, whatever is no autocracy a democracy.
pub static REGIME_REST_DEMOCRACY: Explanation = Explanation {
    key: "regime",
    variable: "target_regime_rest_democracy",
    term: "C(target_regime_rest_democracy, base = personalist)",
    label: "Target regime",
    values: Values::Levels(&["personalist", "nonpersonalist", "democracy"]),
    figure: 4,
    table: 2,
};

/// Share of the target's total trade, Correlates of War.
pub static TRADE_SHARE: Dependence = Dependence {
    key: "trade_share",
    share: "trade_share",
    lag: Some("trade_share_lag"),
    label: "COW trade share",
    short: "COW share",
    named: "Share of all trade, Correlates of War",
    definition: "trade with the sender, as a share of all the target's trade (Correlates of War; the two are separate series, so \
                 that a share can exceed 100%)",
    imputed: false,
};

/// Share of the target's imports, Correlates of War.
pub static IMPORT_SHARE: Dependence = Dependence {
    key: "import_share",
    share: "import_share",
    lag: Some("import_share_lag"),
    label: "COW import share",
    short: "COW imports",
    named: "Share of imports, Correlates of War",
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
    named: "Trade as part of GDP, Correlates of War",
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
    named: "Share of imports, UN Comtrade",
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
    named: "Share of imports, Comtrade, imputed",
    definition: "imports from the sender, as a share of all the target's imports, the year before (UN Comtrade; \
                 missing values imputed)",
    imputed: true,
};

/// What helps to impute the dependence of a model: the Correlates of War's import shares of the year and the year before,
/// on the scale of the model.
#[must_use]
pub fn auxiliaries(of: &Model) -> [Model; 2] {
    [false, true].map(|lagged| Model {
        dependence: &IMPORT_SHARE,
        lagged,
        ..*of
    })
}

/// A model of the study.
const fn model(number: u8, explanation: &'static Explanation, dependence: &'static Dependence) -> Model {
    Model {
        scale: Scale::Log,
        lagged: false,
        high: High::P90,
        against: Against::Democracies,
        table: explanation.table,
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

/// Other readings of the controls, each after the variable of the study in whose place it may stand: see
/// [`crate::specification::readings`].
pub static READINGS: [(&str, Control); 14] = [
    ("t_gdp", control("t_gdp_level", ControlGroup::Economic)),
    ("s_gdp", control("s_gdp_level", ControlGroup::Economic)),
    ("cinc_ratio", control("ln_cinc_ratio", ControlGroup::Power)),
    ("cinc_ratio", control("cinc_share", ControlGroup::Power)),
    ("ln_distance", control("distance", ControlGroup::Power)),
    (
        "post_coldwar",
        control("post_coldwar_1991", ControlGroup::History),
    ),
    (
        "post_coldwar",
        control("post_coldwar_1992", ControlGroup::History),
    ),
    ("is_security", control("is_security_narrow", ControlGroup::Issue)),
    ("is_econ", control("is_trade", ControlGroup::Issue)),
    ("financial", control("financial_coded", ControlGroup::Sanction)),
    ("targeted", control("targeted_coded", ControlGroup::Sanction)),
    ("multiple", control("multiple_any", ControlGroup::History)),
    ("multiple", control("multiple_years", ControlGroup::History)),
    (
        "sender_regime",
        Control {
            variable: "sender_regime_rest_democracy",
            term: "C(sender_regime_rest_democracy, base = democracy)",
            group: ControlGroup::Sender,
        },
    ),
];

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
        model(1, &INDEX, &TRADE_SHARE),
        model(2, &INDEX, &IMPORT_SHARE),
        model(3, &INDEX, &TRADE_GDP),
        model(4, &INDEX, &COMTRADE_IMPORT_SHARE),
        model(5, &INDEX, &COMTRADE_MI),
        model(1, &REGIME, &TRADE_SHARE),
        model(2, &REGIME, &IMPORT_SHARE),
        model(3, &REGIME, &TRADE_GDP),
        model(4, &REGIME, &COMTRADE_IMPORT_SHARE),
        model(5, &REGIME, &COMTRADE_MI),
    ],
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
                         acquiescence. Where the study’s text first names it, it says 1987: a slip, that is the year of \
                         Panama’s. The personalist index is missing for Guatemala in 1993; Geddes, Wright and Frantz code a \
                         nonpersonalist autocracy.",
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
