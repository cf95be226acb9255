//! Everything the page says, read for what once was wrong with its words.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use serde_json::Value;
use standfirm::Specification;
use standfirm::exhibits;
use standfirm::findings::influence::{By, influence};
use standfirm::findings::multiverse::Multiverse;
use standfirm::fitting::fitted::Part;
use standfirm::session::Session;

/// The study's own choices, and some in which little is as it was.
const SPECIFICATIONS: [&str; 2] = ["", "scale=root&senders=usa&method=bounded"];

/// Every text in a value, with the names on the way to it.
fn texts(value: &Value, path: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) => found.push((path.to_owned(), text.clone())),
        Value::Array(values) => values.iter().for_each(|value| texts(value, path, found)),
        Value::Object(values) => {
            for (name, value) in values {
                texts(value, &format!("{path}.{name}"), found);
            }
        }
        _ => {}
    }
}

/// Everything there is to read of a specification.
fn everything(specification: &str) -> Vec<(String, String)> {
    let mut session = Session::new().unwrap();
    let mut found = Vec::new();
    let article = session.article(specification, Part::All).unwrap();
    texts(&serde_json::to_value(article).unwrap(), "article", &mut found);
    for model in ["index:trade_share", "regime:comtrade_import_share"] {
        // Threats by one sender are no clusters.
        if let Ok(shown) = session.robustness(specification, model, "errors") {
            texts(&serde_json::to_value(shown).unwrap(), "robustness", &mut found);
        }
        for threat in ["1987080701", "2-95-1988", "2-345-2005"] {
            let exhibit = session.threat(specification, model, threat, "").unwrap();
            texts(&serde_json::to_value(exhibit).unwrap(), "threat", &mut found);
        }
    }
    found
}

/// What nobody would sign, and why.
const WRONG: [(&str, &str); 9] = [
    ("minus that", "of what?"),
    ("includes none", "zero is what it includes"),
    ("include none", "zero is what they include"),
    (
        "ersonalist against personalist",
        "a regime is not compared with itself",
    ),
    ("in 0.0 s", "nothing takes no time"),
    ("most threats,", "of a year"),
    ("  ", "one space is enough"),
    (" ,", "no space before a comma"),
    ("NaN", "no number"),
];

#[test]
fn nothing_is_said_that_nobody_would_sign() {
    for specification in SPECIFICATIONS {
        for (path, text) in everything(specification) {
            // Formulas are no sentences.
            if path.ends_with(".formula") {
                continue;
            }
            for (wrong, why) in WRONG {
                assert!(!text.contains(wrong), "{specification}, {path}: {why} {text}");
            }
        }
    }
}

/// Reasons are in the page's words, not in those of formulas.
#[test]
fn refusals_name_no_columns() {
    let mut session = Session::new().unwrap();
    let article = session.article("issues=rights", Part::All).unwrap();
    assert!(!article.refusals.is_empty());
    for one in &article.refusals {
        assert!(
            !one.reason.contains('`') && !one.reason.contains('_'),
            "{}: {}",
            one.label,
            one.reason
        );
    }
}

/// Abbreviations are told from words by their capitals.
#[test]
fn abbreviations_are_explained_where_they_stand() {
    for specification in SPECIFICATIONS {
        let mut session = Session::new().unwrap();
        let article = session.article(specification, Part::All).unwrap();
        for figure in &article.figures {
            let panels = figure.panels.iter().flat_map(|panel| {
                let rows = match &panel.marks {
                    report::figure::Marks::Rows(rows) => rows.clone(),
                    _ => Vec::new(),
                };
                rows.into_iter().chain([panel.title.clone()])
            });
            let names: Vec<String> = panels.chain([figure.version_label.clone()]).collect();
            for (short, long) in [("COW", "Correlates of War"), ("MI", "multiple imputation")] {
                let used = names
                    .iter()
                    .any(|name| name.split([' ', ',']).any(|word| word == short));
                assert!(
                    !used || figure.note.contains(long),
                    "{}: {names:?} in {}",
                    figure.number,
                    figure.note
                );
            }
        }
        for (path, text) in everything(specification) {
            for short in ["GWF", "CINC"] {
                let explained = text.contains("Geddes, Wright and Frantz (GWF)")
                    || text.contains("Composite Index of National Capability (CINC)");
                assert!(!text.contains(short) || explained, "{path}: {text}");
            }
        }
    }
}

#[test]
fn a_share_above_all_of_it_is_explained() {
    let mut session = Session::new().unwrap();
    let article = session.article("", Part::CompleteCases).unwrap();
    let four: Vec<_> = article
        .figures
        .iter()
        .filter(|figure| figure.number == 4)
        .collect();
    let explained = |version: &str| {
        let figure = four.iter().find(|figure| figure.version == version).unwrap();
        figure.note.contains("can exceed 100%")
    };
    assert!(explained("trade_share") && explained("all"));
    assert!(!explained("import_share") && !explained("trade_gdp"));
}

/// What the header of a column says is what its numbers are.
#[test]
fn differences_in_tables_are_points() {
    let episodes = standfirm::episodes().unwrap();
    let specification = Specification::default();
    let model = specification.find("index:trade_share").unwrap();
    let found = influence(&specification, &model, &episodes, By::Sender).unwrap();
    let grid = exhibits::influence::grid(&found);
    let value = |row: usize, label: &str, name: &str| {
        let column = grid
            .columns
            .iter()
            .position(|column| column.label == label)
            .unwrap();
        let place = grid.columns[column]
            .values
            .iter()
            .position(|known| known == name)
            .unwrap();
        grid.bodies[0].rows[row].cells[column].values[place]
    };
    // The first row is of all episodes.
    assert_eq!(
        value(0, "Difference", "points"),
        100.0 * found.whole.effect.estimate
    );
    let change = found.left_out[0].effect_change.unwrap();
    assert_eq!(value(1, "Change of the difference", "points"), 100.0 * change);
    // Two columns of a file have two names.
    let names = grid
        .columns
        .iter()
        .flat_map(|one| one.values.iter().map(|value| (&one.label, value)));
    let all: Vec<_> = names.collect();
    let different: std::collections::BTreeSet<_> = all.iter().collect();
    assert_eq!(different.len(), all.len(), "{all:?}");
}

/// UN Comtrade's shares are of the year before, whatever a combination says of the year.
#[test]
fn combinations_are_called_what_they_are() {
    let multiverse = Multiverse::new().unwrap();
    for combination in multiverse.combinations().iter().step_by(101) {
        let words = multiverse.words(combination);
        let of = |label: &str| words.iter().find(|(known, _)| *known == label).unwrap().1;
        if of("Dependence") == "UN Comtrade imports" {
            assert_eq!(of("Year of trade"), "year before");
        }
    }
}
