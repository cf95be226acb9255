//! The names of columns, and those that have none.

use crate::column::Tally;
use crate::error::counted;
use crate::file::Column;
use crate::reading::Reading;

/// What a column of row names is called.
const ROW_NAMES: &str = "row names";
/// What pandas calls such a column once it has read it without saying so.
const OF_PANDAS: &str = "Unnamed: 0";

/// A name without the blanks around it, and without quotes that a blank before them kept. A line that breaks in it is a blank:
/// in a formula it could not be written.
pub(crate) fn tidy(name: &str) -> String {
    let name = name.trim();
    let inside = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
    let name = inside.unwrap_or(name).trim();
    if !name.contains(['\n', '\r']) {
        return name.to_owned();
    }
    let lines = name.split(['\n', '\r']).map(str::trim);
    lines
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Gives a name to each column: the first without one has row names, an empty one is no column.
pub(crate) fn settle(columns: &mut Vec<Column>, tallies: &[Tally], reading: &mut Reading) {
    let mut position = 0;
    let mut left_out = 0;
    let mut unnamed = Vec::new();
    let named: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    let free = |wanted: String| {
        let mut name = wanted;
        while named.contains(&name) {
            name.push('_');
        }
        name
    };
    columns.retain_mut(|column| {
        let empty = tallies[position].cells() == 0 && tallies[position].missing == column.cells.len();
        position += 1;
        if position == 1 && (column.name.is_empty() || column.name == OF_PANDAS) && (named.len() > 1) {
            if column.name.is_empty() {
                column.name = free(ROW_NAMES.to_owned());
            }
            column.aside = true;
            reading.row_names = Some(column.name.clone());
        } else if column.name.is_empty() {
            if empty {
                left_out += 1;
                return false;
            }
            column.name = free(format!("column {position}"));
            unnamed.push(format!("`{}`", column.name));
        }
        true
    });
    reading.columns = columns.iter().filter(|column| !column.aside).count();
    if left_out > 0 {
        reading.notes.push(format!(
            "{} without name and cells left out",
            counted(left_out, "column")
        ));
    }
    if !unnamed.is_empty() {
        reading.notes.push(format!(
            "columns without a name are called {}",
            unnamed.join(", ")
        ));
    }
    let variables = || columns.iter().filter(|column| !column.aside);
    if variables().count() > 1 && variables().all(|column| column.name.parse::<f64>().is_ok()) {
        reading.notes.push(
            "all columns' names are numbers: if the first line is a row, the file needs a line with names before it".to_owned(),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_of_one_line() {
        assert_eq!(tidy(" \"GDP\r\n (USD)\" "), "GDP (USD)");
        assert_eq!(tidy(" a b "), "a b");
    }
}
