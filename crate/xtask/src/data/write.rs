//! Episodes to the bytes of `episodes.csv`, each value held to its description; facts to those of `facts.csv`.

use std::fmt;

use standfirm::data::variables::{VARIABLES, Variable, VariableKind};

use super::Error;
use super::episodes::{Episode, Value};
use super::facts::Fact;

const FILE: &str = "episodes.csv";
const FACTS: &str = "facts.csv";

/// The columns of `facts.csv`, and what they hold.
pub(super) const FACT_COLUMNS: [(&str, &str); 5] = [
    ("name", "How to ask for the fact; the table's key."),
    ("value", "A number, or words."),
    ("unit", "What the value is measured in; empty for words."),
    ("description", "What the fact says, and how it is made."),
    (
        "sources",
        "Names of the sources it is made from, separated by a space.",
    ),
];

/// The table as CSV: a header, LF line ends, missing as nothing, numbers as the shortest decimals that read
/// back to the same bits.
pub(super) fn csv(episodes: &[Episode]) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let mut writer = csv::Writer::from_writer(&mut bytes);
    let failed = |row| {
        move |source| Error::Csv {
            file: FILE,
            row,
            source,
        }
    };
    writer
        .write_record(VARIABLES.iter().map(|variable| variable.name))
        .map_err(failed(1))?;
    for (row, episode) in (2..).zip(episodes) {
        conforms(episode, row)?;
        writer
            .write_record(episode.0.iter().map(|(_, value)| value.to_string()))
            .map_err(failed(row))?;
    }
    writer
        .flush()
        .map_err(|source| failed(episodes.len() + 1)(source.into()))?;
    drop(writer);
    Ok(bytes)
}

/// The facts as CSV, written like the episodes.
pub(super) fn facts(facts: &[Fact]) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let mut writer = csv::Writer::from_writer(&mut bytes);
    let failed = |row| {
        move |source| Error::Csv {
            file: FACTS,
            row,
            source,
        }
    };
    writer
        .write_record(FACT_COLUMNS.map(|(column, _)| column))
        .map_err(failed(1))?;
    for (row, fact) in (2..).zip(facts) {
        let value = fact.value.to_string();
        writer
            .write_record([fact.name, &value, fact.unit, fact.description, fact.sources])
            .map_err(failed(row))?;
    }
    writer
        .flush()
        .map_err(|source| failed(facts.len() + 1)(source.into()))?;
    drop(writer);
    Ok(bytes)
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => Ok(()),
            Self::Integer(integer) => write!(f, "{integer}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// Checks `episode`, which is to become row `row`, against the description of the columns.
fn conforms(episode: &Episode, row: usize) -> Result<(), Error> {
    let columns = episode.0.len().max(VARIABLES.len());
    for position in 0..columns {
        let value = episode.0.get(position);
        let variable = VARIABLES.get(position);
        let (Some((column, value)), Some(variable)) = (value, variable) else {
            return Err(undescribed(position, value.map(|(name, _)| *name), variable));
        };
        if *column != variable.name {
            return Err(undescribed(position, Some(column), Some(variable)));
        }
        if let Some(rule) = broken_rule(variable, value) {
            return Err(Error::Breaks {
                column: variable.name,
                row,
                value: value.to_string(),
                rule,
            });
        }
    }
    Ok(())
}

fn undescribed(position: usize, column: Option<&str>, described: Option<&Variable>) -> Error {
    Error::Undescribed {
        position: position + 1,
        column: column.unwrap_or_default().to_owned(),
        described: described.map_or("", |variable| variable.name).to_owned(),
    }
}

/// What `variable` asks of a value and `value` does not meet.
fn broken_rule(variable: &Variable, value: &Value) -> Option<String> {
    match (variable.kind, value) {
        (_, Value::Missing) => variable
            .required
            .then(|| "there, as it must be in every episode".to_owned()),
        (VariableKind::Integer, Value::Integer(integer)) => broken_range(variable, *integer as f64),
        (VariableKind::Number, Value::Number(number)) => broken_range(variable, *number),
        (VariableKind::Text, Value::Text(_)) => None,
        (VariableKind::Category { levels }, Value::Text(level)) => {
            (!levels.contains(&level.as_str())).then(|| format!("one of {}", levels.join(", ")))
        }
        (VariableKind::Integer, _) => Some("a whole number".to_owned()),
        (VariableKind::Number, _) => Some("a number".to_owned()),
        (VariableKind::Text | VariableKind::Category { .. }, _) => Some("text".to_owned()),
    }
}

fn broken_range(variable: &Variable, value: f64) -> Option<String> {
    if !value.is_finite() {
        return Some("a finite number".to_owned());
    }
    if let Some(min) = variable.min.filter(|min| value < *min) {
        return Some(format!("at least {min}"));
    }
    let max = variable.max.filter(|max| value > *max)?;
    Some(format!("at most {max}"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::assert_says;
    use super::*;

    fn rule(column: &str, value: impl Into<Value>) -> Option<String> {
        broken_rule(
            standfirm::data::variables::variable(column).unwrap(),
            &value.into(),
        )
    }

    #[test]
    fn values_meet_their_description() {
        assert_eq!(rule("startmonth", 12_u8), None);
        assert_eq!(rule("startmonth", 13_u8).unwrap(), "at most 12");
        assert_eq!(rule("trade_share", -0.5).unwrap(), "at least 0");
        assert_eq!(rule("trade_share", f64::NAN).unwrap(), "a finite number");
        assert_eq!(rule("trade_share", None::<f64>), None);
        assert!(rule("caseid", None::<i64>).unwrap().starts_with("there"));
        assert_eq!(rule("caseid", "one").unwrap(), "a whole number");
        assert_eq!(rule("outcome", "standoff"), None);
        assert_eq!(
            rule("outcome", "victory").unwrap(),
            "one of concession, imposition, standoff"
        );
    }

    #[test]
    fn missing_is_nothing_and_numbers_read_back() {
        assert_eq!(Value::Missing.to_string(), "");
        assert_eq!(Value::Number(0.1 + 0.2).to_string(), "0.30000000000000004");
        assert_eq!(Value::Number(1e-7).to_string(), "0.0000001");
        assert_eq!(Value::Integer(0).to_string(), "0");
    }

    #[test]
    fn a_fact_is_a_row() {
        let fact = Fact {
            name: "threats",
            value: Value::Integer(3),
            unit: "episodes",
            description: "All, \"any\" kind.",
            sources: "ties gwf",
        };
        assert_eq!(
            String::from_utf8(facts(&[fact]).unwrap()).unwrap(),
            "name,value,unit,description,sources\nthreats,3,episodes,\"All, \"\"any\"\" kind.\",ties gwf\n"
        );
    }

    #[test]
    fn a_column_that_is_not_described_is_named() {
        assert_says(
            csv(&[Episode(vec![("other", Value::Missing)])]),
            &["column 1", "`other`", "`caseid`"],
        );
        assert_says(
            csv(&[Episode(vec![("caseid", Value::Missing)])]),
            &["episodes.csv", "row 2", "caseid", "in every episode"],
        );
    }
}
