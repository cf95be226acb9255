//! `CODEBOOK.md`: the table's description for people.

use std::fmt::{self, Write as _};

use standfirm::data::variables::{Group, LIMITS, SOURCES, TERMS, VARIABLES, Variable, VariableKind};

use super::check::{present, with};
use super::episodes::{Episode, Value};
use super::facts::Fact;

/// The codebook as Markdown.
pub(super) fn markdown(episodes: &[Episode], facts: &[Fact]) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail; the Result only comes with the trait.
    let _ = write_all(&mut text, episodes, facts);
    text
}

fn write_all(text: &mut String, episodes: &[Episode], facts: &[Fact]) -> fmt::Result {
    write_head(text, episodes)?;
    for group in Group::ALL {
        write_group(text, group, episodes)?;
    }
    write_facts(text, facts)?;
    writeln!(text, "## What this table cannot know\n")?;
    for limit in LIMITS {
        writeln!(text, "- **{}.** {}", limit.title, limit.text)?;
    }
    writeln!(text, "\n## Sources\n")?;
    for source in SOURCES {
        let files: Vec<_> = source.files.iter().map(|file| format!("`{file}`")).collect();
        writeln!(text, "### `{}`: {}\n", source.key, source.title)?;
        writeln!(
            text,
            "{}{}\n",
            source.citation,
            source.url.map(|url| format!(" <{url}>")).unwrap_or_default()
        )?;
        writeln!(text, "Read from {}. {}\n", files.join(" and "), source.note)?;
    }
    writeln!(text, "## Terms of use\n\n{TERMS}")
}

fn write_head(text: &mut String, episodes: &[Episode]) -> fmt::Result {
    let contents: Vec<_> = Group::ALL
        .into_iter()
        .map(|group| format!("[{}](#{})", group.title(), anchor(group.title())))
        .collect();
    writeln!(
        text,
        "# Codebook of `episodes.csv`\n\n\
         {rows} episodes, {columns} columns. One row is one threat of economic sanctions, 1945 to 2005: an \
         episode of TIES with a threat, whose primary sender and target are both states.\n\n\
         - **Key and order:** `caseid`.\n\
         - **Missing** is an empty cell, never 0. \"Present\" below counts the cells that are not empty.\n\
         - **Countries** are Correlates of War (COW) codes.\n\
         - **Format:** CSV, UTF-8, comma, LF; numbers are the shortest decimals that read back to the same \
         value. `datapackage.json` says the same as this file to machines.\n\
         - **Made by** `cargo xtask data`, this file too; the words come from \
         `crate/standfirm/src/variables.rs`.\n\
         - **Readings.** Where the study's words can be read in more than one way, the variable under the plain name \
         is the reading nearest to them, and the others stand beside it.\n\n\
         {contents} · [Facts beside the table](#facts-beside-the-table) · [What this table cannot know](#what-this-table-cannot-know) · [Sources](#sources) · \
         [Terms of use](#terms-of-use)\n",
        rows = episodes.len(),
        columns = VARIABLES.len(),
        contents = contents.join(" · "),
    )
}

/// The fragment under which renderers of Markdown file the heading `title`.
fn anchor(title: &str) -> String {
    title.to_lowercase().replace(' ', "-").replace(',', "")
}

fn write_group(text: &mut String, group: Group, episodes: &[Episode]) -> fmt::Result {
    let variables = || VARIABLES.iter().filter(|variable| variable.group == group);
    writeln!(text, "## {}\n", group.title())?;
    writeln!(text, "| Variable | What it says | Values | Present | Source |")?;
    writeln!(text, "| :-- | :-- | :-- | --: | :-- |")?;
    for variable in variables() {
        writeln!(
            text,
            "| `{}` | **{}.** {} | {} | {} | {} |",
            variable.name,
            variable.label,
            variable.description,
            values(variable, episodes),
            present(episodes, variable.name),
            variable.sources.join(", "),
        )?;
    }
    writeln!(text)?;
    for variable in variables().filter(|variable| !variable.meanings.is_empty()) {
        write_meanings(text, variable, episodes)?;
    }
    Ok(())
}

/// What a column holds: its unit, and what occurs in it.
fn values(variable: &Variable, episodes: &[Episode]) -> String {
    if variable.is_indicator() {
        let ones = with(episodes, variable.name, &Value::Integer(1));
        return format!("0 or 1; {ones} are 1");
    }
    let occurring = match variable.kind {
        VariableKind::Category { levels } => levels.join(", "),
        VariableKind::Text => "text".to_owned(),
        VariableKind::Integer | VariableKind::Number => range(variable, episodes),
    };
    match variable.unit {
        Some(unit) => format!("{occurring}; {unit}"),
        None => occurring,
    }
}

fn range(variable: &Variable, episodes: &[Episode]) -> String {
    let numbers: Vec<f64> = episodes
        .iter()
        .filter_map(|episode| match episode.value(variable.name) {
            Value::Integer(integer) => Some(*integer as f64),
            Value::Number(number) => Some(*number),
            Value::Missing | Value::Text(_) => None,
        })
        .collect();
    let lowest = numbers.iter().copied().fold(f64::INFINITY, f64::min);
    let highest = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    match variable.kind {
        _ if numbers.is_empty() => "none".to_owned(),
        VariableKind::Integer => format!("{lowest} to {highest}"),
        _ => {
            let mean = numbers.iter().sum::<f64>() / numbers.len() as f64;
            format!("{lowest:.3} to {highest:.3}, mean {mean:.3}")
        }
    }
}

fn write_meanings(text: &mut String, variable: &Variable, episodes: &[Episode]) -> fmt::Result {
    writeln!(text, "| `{}` | Meaning | Episodes |", variable.name)?;
    writeln!(text, "| :-- | :-- | --: |")?;
    for (code, meaning) in variable.meanings {
        // A text column can list several codes.
        let with = |episode: &&Episode| {
            let value = episode.value(variable.name).to_string();
            value.split(' ').any(|part| part == *code)
        };
        writeln!(
            text,
            "| {code} | {meaning} | {} |",
            episodes.iter().filter(with).count()
        )?;
    }
    writeln!(text)
}

fn write_facts(text: &mut String, facts: &[Fact]) -> fmt::Result {
    writeln!(
        text,
        "## Facts beside the table\n\n\
         `facts.csv` has what the study says of its sources beyond these episodes: one row per fact, with its value, \
         unit, description and sources.\n"
    )?;
    writeln!(text, "| Fact | What it says | Value | Source |")?;
    writeln!(text, "| :-- | :-- | --: | :-- |")?;
    for fact in facts {
        let value = match &fact.value {
            Value::Number(number) => format!("{number:.1}"),
            value => value.to_string(),
        };
        writeln!(
            text,
            "| `{}` | {} | {} | {} |",
            fact.name,
            fact.description,
            format!("{value} {}", fact.unit).trim_end(),
            fact.sources.replace(' ', ", "),
        )?;
    }
    writeln!(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn episode(outcome: &str, trade_share: Option<f64>, types: &str) -> Episode {
        Episode(vec![
            ("outcome", outcome.into()),
            ("trade_share", trade_share.into()),
            ("sanctiontypethreat", types.into()),
            ("sender_usa", true.into()),
        ])
    }

    #[test]
    fn counts_are_of_the_episodes() {
        let fact = |name, value, unit| Fact {
            name,
            value,
            unit,
            description: "It is so.",
            sources: "ties gwf",
        };
        let text = markdown(
            &[
                episode("standoff", Some(0.25), "3 7"),
                episode("standoff", Some(0.5), "7"),
                episode("concession", None, "8 7"),
            ],
            &[
                fact("trade", Value::Number(0.25), "US$"),
                fact("kind", "military".into(), ""),
            ],
        );
        assert!(
            text.contains("| `trade` | It is so. | 0.2 US$ | ties, gwf |"),
            "{text}"
        );
        assert!(
            text.contains("| `kind` | It is so. | military | ties, gwf |"),
            "{text}"
        );
        assert!(text.contains("3 episodes"), "{text}");
        assert!(
            text.contains("| standoff | neither yields: `finaloutcome` 3 or 4 | 2 |"),
            "{text}"
        );
        assert!(
            text.contains("0.250 to 0.500, mean 0.375; share of the target's total trade | 2 |"),
            "{text}"
        );
        assert!(text.contains("| 7 | asset freeze | 3 |"), "{text}");
        assert!(text.contains("0 or 1; 3 are 1"), "{text}");
    }

    #[test]
    fn every_variable_limit_and_source_is_there() {
        let text = markdown(&[], &[]);
        for variable in VARIABLES {
            assert!(
                text.contains(&format!("| `{}` | **{}.**", variable.name, variable.label)),
                "{}",
                variable.name
            );
        }
        for limit in LIMITS {
            assert!(text.contains(limit.text), "{}", limit.title);
        }
        for source in SOURCES {
            assert!(text.contains(source.citation), "{}", source.key);
        }
    }

    #[test]
    fn no_cell_breaks_its_table() {
        for variable in VARIABLES {
            let words = [
                variable.label,
                variable.description,
                variable.unit.unwrap_or_default(),
            ];
            assert!(
                words.iter().all(|words| !words.contains(['|', '\n'])),
                "{}",
                variable.name
            );
        }
    }
}
