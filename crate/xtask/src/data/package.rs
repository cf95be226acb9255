//! `datapackage.json`: the table's description for machines, a Frictionless tabular data package (v1).

use serde_json::{Map, Value, json};
use standfirm::data::variables::{LIMITS, SOURCES, Source, TERMS, VARIABLES, Variable, VariableKind};

use super::write::FACT_COLUMNS;

/// The package as indented JSON, closed by a line end.
pub(super) fn json() -> String {
    let package = json!({
        "profile": "tabular-data-package",
        "name": "sanction-threats",
        "title": "Threats of economic sanctions by one state against another, 1945-2005",
        "description": "One row per threat episode: what it ended in, the regimes of the two states, how much \
                        the target trades with the sender, and controls; beside it a few facts of the same sources. \
                        Derived from published data sets by \
                        `cargo xtask data`; CODEBOOK.md beside this file says the same for people.",
        "keywords": ["economic sanctions", "threats", "regime type", "personalism", "trade dependence"],
        "licenceNote": TERMS,
        "limits": LIMITS.iter().map(|limit| json!({"title": limit.title, "text": limit.text})).collect::<Vec<_>>(),
        "sources": SOURCES.iter().map(source).collect::<Vec<_>>(),
        "resources": [
            resource("episodes", "Episodes", json!({
                "fields": VARIABLES.iter().map(field).collect::<Vec<_>>(),
                "missingValues": [""],
                "primaryKey": "caseid",
            })),
            resource("facts", "Facts", json!({
                "fields": FACT_COLUMNS.map(|(name, description)| {
                    json!({"name": name, "type": "string", "description": description})
                }),
                "missingValues": [""],
                "primaryKey": "name",
            })),
        ],
    });
    format!("{package:#}\n")
}

/// The table in `{name}.csv`.
fn resource(name: &str, title: &str, schema: Value) -> Value {
    json!({
        "profile": "tabular-data-resource",
        "name": name,
        "title": title,
        "path": format!("{name}.csv"),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": "\"", "doubleQuote": true, "header": true},
        "schema": schema,
    })
}

/// What may be done with the derived table.
fn source(source: &Source) -> Value {
    let mut entry = Map::new();
    entry.insert("name".into(), source.key.into());
    entry.insert("title".into(), source.title.into());
    if let Some(url) = source.url {
        entry.insert("path".into(), url.into());
    }
    entry.insert("citation".into(), source.citation.into());
    entry.insert("files".into(), source.files.into());
    entry.insert("note".into(), source.note.into());
    entry.into()
}

fn field(variable: &Variable) -> Value {
    let mut entry = Map::new();
    entry.insert("name".into(), variable.name.into());
    entry.insert("title".into(), variable.label.into());
    let kind = match variable.kind {
        VariableKind::Integer => "integer",
        VariableKind::Number => "number",
        VariableKind::Category { .. } | VariableKind::Text => "string",
    };
    entry.insert("type".into(), kind.into());
    entry.insert("description".into(), variable.description.into());
    if let Some(unit) = variable.unit {
        entry.insert("unit".into(), unit.into());
    }
    entry.insert("sources".into(), variable.sources.into());
    if !variable.meanings.is_empty() {
        let meanings: Map<_, _> = variable
            .meanings
            .iter()
            .map(|(value, meaning)| ((*value).to_owned(), (*meaning).into()))
            .collect();
        entry.insert("meanings".into(), meanings.into());
    }
    let constraints = constraints(variable);
    if !constraints.is_empty() {
        entry.insert("constraints".into(), constraints.into());
    }
    entry.into()
}

fn constraints(variable: &Variable) -> Map<String, Value> {
    let mut constraints = Map::new();
    if variable.required {
        constraints.insert("required".into(), true.into());
    }
    if variable.name == "caseid" {
        constraints.insert("unique".into(), true.into());
    }
    let bound = |bound: f64| match variable.kind {
        VariableKind::Integer => Value::from(bound as i64),
        _ => Value::from(bound),
    };
    if let Some(min) = variable.min {
        constraints.insert("minimum".into(), bound(min));
    }
    if let Some(max) = variable.max {
        constraints.insert("maximum".into(), bound(max));
    }
    if let VariableKind::Category { levels } = variable.kind {
        constraints.insert("enum".into(), levels.into());
    }
    constraints
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_describes_every_column() {
        let package: Value = serde_json::from_str(&json()).unwrap();
        let schema = &package["resources"][0]["schema"];
        assert_eq!(schema["primaryKey"], "caseid");
        assert_eq!(schema["missingValues"], json!([""]));
        let fields = schema["fields"].as_array().unwrap();
        assert_eq!(fields.len(), VARIABLES.len());
        let field = |name: &str| fields.iter().find(|field| field["name"] == name).unwrap();
        assert_eq!(
            field("outcome")["constraints"]["enum"],
            json!(["concession", "imposition", "standoff"])
        );
        assert_eq!(
            field("startmonth")["constraints"],
            json!({"minimum": 1, "maximum": 12})
        );
        assert_eq!(
            field("caseid")["constraints"],
            json!({"required": true, "unique": true, "minimum": 1})
        );
        assert_eq!(field("sender_name")["type"], "string");
    }
}
