//! The episode table and its codebook, to take away: made of what the program carries.

use mlogit::{Column, Table};
use report::grid::csv_line;

use crate::data::episodes::episodes;
use crate::data::variables::{Group, LIMITS, SOURCES, TERMS, VARIABLES, Variable, VariableKind};
use crate::error::Result;

/// The columns of `data/episodes.csv`, to the byte.
///
/// # Errors
/// As [`episodes`].
pub fn episodes_csv() -> Result<String> {
    let table = episodes()?;
    // After the file's columns come those that are derived.
    let names = &table.names()[..VARIABLES.len()];
    let mut text = line(names.iter().map(String::as_str));
    for row in 0..table.rows() {
        let cells = names.iter().map(|name| cell(&table, name, row));
        let cells: Vec<String> = cells.collect::<Result<_>>()?;
        text.push_str(&line(cells.iter().map(String::as_str)));
    }
    Ok(text)
}

/// A line as the file has it.
fn line<'a>(fields: impl IntoIterator<Item = &'a str>) -> String {
    csv_line(fields).replace("\r\n", "\n")
}

/// Missing is empty; a number is the shortest decimal that is read as the same.
fn cell(table: &Table, name: &str, row: usize) -> Result<String> {
    Ok(match table.column(name)? {
        Column::Number(values) => match values.get(row) {
            Some(value) if !value.is_nan() => value.to_string(),
            _ => String::new(),
        },
        Column::Text(text) => text.get(row).unwrap_or_default().to_owned(),
    })
}

/// What the columns mean, where they come from and what they cannot tell, as Markdown.
///
/// # Errors
/// As [`episodes`].
pub fn codebook() -> Result<String> {
    let mut text = format!(
        "# Codebook of the episodes\n\n{} episodes, {} columns. One row is one threat of economic sanctions by a state against \
         another, 1945 to 2005, as the Threat and Imposition of Economic Sanctions data (TIES) have it; `caseid` is the key. \
         Missing is an empty cell, never 0. Countries are codes of the Correlates of War project (COW).\n",
        episodes()?.rows(),
        VARIABLES.len(),
    );
    for group in Group::ALL {
        text += &format!(
            "\n## {}\n\n| Variable | What it says | Values | Source |\n| :-- | :-- | :-- | :-- |\n",
            group.title()
        );
        for one in VARIABLES.iter().filter(|one| one.group == group) {
            text += &format!(
                "| `{}` | **{}.** {} | {} | {} |\n",
                one.name,
                one.label,
                one.description,
                values(one),
                one.sources.join(", ")
            );
        }
    }
    text += "\n## What this table cannot know\n\n";
    for limit in LIMITS {
        text += &format!("- **{}.** {}\n", limit.title, limit.text);
    }
    text += "\n## Sources\n\n";
    for source in SOURCES {
        text += &format!("- `{}`: {}. {}\n", source.key, source.title, source.cited());
    }
    Ok(text + "\n## Terms of use\n\n" + TERMS + "\n")
}

/// What a column holds.
fn values(one: &Variable) -> String {
    if !one.meanings.is_empty() {
        let meanings = one
            .meanings
            .iter()
            .map(|(code, meaning)| format!("{code}: {meaning}"));
        return meanings.collect::<Vec<_>>().join("; ");
    }
    match (one.kind, one.unit) {
        _ if one.is_indicator() => "0 or 1".to_owned(),
        (VariableKind::Category { levels }, _) => levels.join(", "),
        (_, Some(unit)) => unit.to_owned(),
        (VariableKind::Text, None) => "text".to_owned(),
        _ => "number".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_the_files_to_the_byte() {
        let file = include_str!("../../../../data/episodes.csv").replace("\r\n", "\n");
        let made = episodes_csv().unwrap();
        let differs = made.lines().zip(file.lines()).find(|(made, file)| made != file);
        assert_eq!(differs, None);
        assert_eq!(made.len(), file.len());
    }

    #[test]
    fn the_codebook_has_every_column_and_every_source() {
        let text = codebook().unwrap();
        for one in VARIABLES {
            assert!(
                text.contains(&format!("| `{}` | **{}.**", one.name, one.label)),
                "{}",
                one.name
            );
        }
        for source in SOURCES {
            assert!(text.contains(source.citation), "{}", source.key);
        }
        // A table has lines of as many cells.
        for row in text.lines().filter(|line| line.starts_with('|')) {
            assert_eq!(row.matches(" | ").count(), 3, "{row}");
        }
    }
}
