//! `datapackage.json`: the tables' description for machines, a data package (version 2, <https://datapackage.org>).

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use standfirm::data::variables::{LIMITS, SOURCES, Source, TERMS, VARIABLES, Variable, VariableKind};

use super::write::FACT_COLUMNS;

/// Where the profiles of version 2 are.
const PROFILES: &str = "https://datapackage.org/profiles/2.0";
pub(super) const NAME: &str = "sanction-threats";
pub(super) const TITLE: &str = "Threats of economic sanctions by one state against another, 1945-2005";
pub(super) const DESCRIPTION: &str = "One row per threat episode: what it ended in, the regimes of the two states, how much the target trades with the \
     sender, and controls; beside it a few facts of the same sources. Derived from published data sets by `cargo xtask \
     data`; CODEBOOK.md beside this file says the same for people.";
pub(super) const KEYWORDS: [&str; 5] = [
    "economic sanctions",
    "threats",
    "regime type",
    "personalism",
    "trade dependence",
];
pub(super) const AUTHORS: &str = "The Standfirm developers";
/// That of the software that derives the tables.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");
/// When the derivation became what it is. Not when it was run: the same sources give the same bytes.
pub(super) const CREATED: &str = "2026-11-28T00:00:00Z";

/// A file of the package.
pub(super) struct Described<'a> {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) bytes: &'a [u8],
}

impl Described<'_> {
    pub(super) fn path(&self) -> String {
        format!("{}.csv", self.name)
    }

    /// Its SHA-256, in hexadecimal digits.
    pub(super) fn sha256(&self) -> String {
        let digest = Sha256::digest(self.bytes);
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The package as indented JSON, closed by a line end.
pub(super) fn json(episodes: &Described<'_>, facts: &Described<'_>) -> String {
    let package = json!({
        "$schema": format!("{PROFILES}/datapackage.json"),
        "name": NAME,
        "title": TITLE,
        "description": DESCRIPTION,
        "version": VERSION,
        "created": CREATED,
        "contributors": [{"title": AUTHORS, "roles": ["creator", "dataManager"]}],
        "keywords": KEYWORDS,
        "licenceNote": TERMS,
        "limits": LIMITS.iter().map(|limit| json!({"title": limit.title, "text": limit.text})).collect::<Vec<_>>(),
        "sources": SOURCES.iter().map(source).collect::<Vec<_>>(),
        "resources": [
            resource(episodes, &json!({
                "$schema": format!("{PROFILES}/tableschema.json"),
                "fields": VARIABLES.iter().map(field).collect::<Vec<_>>(),
                "missingValues": [""],
                "primaryKey": ["caseid"],
            })),
            resource(facts, &json!({
                "$schema": format!("{PROFILES}/tableschema.json"),
                "fields": FACT_COLUMNS.map(|(name, description)| {
                    json!({"name": name, "type": "string", "description": description})
                }),
                "missingValues": [""],
                "primaryKey": ["name"],
            })),
        ],
    });
    format!("{package:#}\n")
}

/// A table, with what its file must be.
fn resource(file: &Described<'_>, schema: &Value) -> Value {
    json!({
        "$schema": format!("{PROFILES}/dataresource.json"),
        "name": file.name,
        "type": "table",
        "title": file.title,
        "path": file.path(),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.bytes.len(),
        "hash": format!("sha256:{}", file.sha256()),
        "dialect": {"$schema": format!("{PROFILES}/tabledialect.json"), "delimiter": ",", "lineTerminator": "\n", "quoteChar": "\"", "doubleQuote": true, "header": true},
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
        let file = |name: &'static str| Described {
            name,
            title: "A table",
            bytes: b"abc",
        };
        let package: Value = serde_json::from_str(&json(&file("episodes"), &file("facts"))).unwrap();
        let resource = &package["resources"][0];
        assert_eq!(resource["bytes"], 3);
        assert_eq!(
            resource["hash"],
            "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(package.get("licenses"), None, "no source states one");
        let schema = &package["resources"][0]["schema"];
        assert_eq!(schema["primaryKey"], json!(["caseid"]));
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
