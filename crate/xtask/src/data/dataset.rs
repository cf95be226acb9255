//! `dataset.jsonld` and `croissant.json`: the tables' description for search engines, in the words of schema.org, and the
//! same as a Croissant file (version 1.0, <https://mlcommons.org/croissant>), which says how each column is read.
//!
//! No licence is stated: the sources state none.

use serde_json::{Map, Value, json};
use standfirm::data::variables::{SOURCES, TERMS, VARIABLES, Variable, VariableKind};

use super::package::{AUTHORS, CREATED, DESCRIPTION, Described, KEYWORDS, NAME, TITLE, VERSION};
use super::write::FACT_COLUMNS;

/// What is said in both files.
fn common() -> Map<String, Value> {
    let citations: Vec<&str> = SOURCES.iter().map(|source| source.citation).collect();
    let entries = [
        ("name", json!(NAME)),
        ("alternateName", json!(TITLE)),
        ("description", json!(DESCRIPTION)),
        ("version", json!(VERSION)),
        ("datePublished", json!(date())),
        ("dateModified", json!(date())),
        ("keywords", json!(KEYWORDS)),
        ("inLanguage", json!("en")),
        ("isAccessibleForFree", json!(true)),
        ("temporalCoverage", json!("1945/2005")),
        ("creator", json!({"@type": "Organization", "name": AUTHORS})),
        ("conditionsOfAccess", json!(TERMS)),
        ("citation", json!(citations)),
    ];
    entries
        .map(|(name, value)| (name.to_owned(), value))
        .into_iter()
        .collect()
}

/// The day of [`CREATED`].
fn date() -> &'static str {
    CREATED.split('T').next().unwrap_or(CREATED)
}

fn indented(value: &Value) -> String {
    format!("{value:#}\n")
}

/// The data set in the words of schema.org.
pub(super) fn schema_org(episodes: &Described<'_>, facts: &Described<'_>) -> String {
    let mut dataset = Map::new();
    dataset.insert("@context".into(), "https://schema.org/".into());
    dataset.insert("@type".into(), "Dataset".into());
    dataset.extend(common());
    let sources = SOURCES.iter().map(|source| {
        let mut work = Map::new();
        work.insert("@type".into(), "CreativeWork".into());
        work.insert("name".into(), source.title.into());
        if let Some(url) = source.url {
            work.insert("url".into(), url.into());
        }
        Value::from(work)
    });
    dataset.insert("isBasedOn".into(), sources.collect());
    let measured = VARIABLES.iter().map(|variable| {
        let mut value = Map::new();
        value.insert("@type".into(), "PropertyValue".into());
        value.insert("name".into(), variable.name.into());
        value.insert("alternateName".into(), variable.label.into());
        value.insert("description".into(), variable.description.into());
        if let Some(unit) = variable.unit {
            value.insert("unitText".into(), unit.into());
        }
        Value::from(value)
    });
    dataset.insert("variableMeasured".into(), measured.collect());
    let file = |file: &Described<'_>| {
        json!({
            "@type": "DataDownload",
            "name": file.title,
            "contentUrl": file.path(),
            "encodingFormat": "text/csv",
            "contentSize": format!("{} B", file.bytes.len()),
            "sha256": file.sha256(),
        })
    };
    dataset.insert("distribution".into(), json!([file(episodes), file(facts)]));
    indented(&dataset.into())
}

/// The data set as a Croissant file.
pub(super) fn croissant(episodes: &Described<'_>, facts: &Described<'_>) -> String {
    let mut dataset = Map::new();
    dataset.insert("@context".into(), context());
    dataset.insert("@type".into(), "sc:Dataset".into());
    dataset.insert("conformsTo".into(), "http://mlcommons.org/croissant/1.0".into());
    dataset.extend(common());
    let file = |file: &Described<'_>| {
        json!({
            "@type": "cr:FileObject",
            "@id": file.path(),
            "name": file.path(),
            "contentUrl": file.path(),
            "encodingFormat": "text/csv",
            "contentSize": format!("{} B", file.bytes.len()),
            "sha256": file.sha256(),
        })
    };
    dataset.insert("distribution".into(), json!([file(episodes), file(facts)]));
    let columns = VARIABLES
        .iter()
        .map(|variable| (variable.name, variable.description, kind(variable)));
    let facts_columns = FACT_COLUMNS.map(|(name, description)| (name, description, "sc:Text"));
    dataset.insert(
        "recordSet".into(),
        json!([
            records(episodes, "caseid", columns.collect()),
            records(facts, "name", facts_columns.into()),
        ]),
    );
    indented(&dataset.into())
}

fn kind(variable: &Variable) -> &'static str {
    match variable.kind {
        VariableKind::Integer => "sc:Integer",
        VariableKind::Number => "sc:Float",
        VariableKind::Category { .. } | VariableKind::Text => "sc:Text",
    }
}

/// The rows of a file.
fn records(file: &Described<'_>, key: &str, columns: Vec<(&str, &str, &str)>) -> Value {
    let id = |column: &str| format!("{}/{column}", file.name);
    let fields = columns.into_iter().map(|(name, description, kind)| {
        json!({
            "@type": "cr:Field",
            "@id": id(name),
            "name": name,
            "description": description,
            "dataType": kind,
            "source": {"fileObject": {"@id": file.path()}, "extract": {"column": name}},
        })
    });
    json!({
        "@type": "cr:RecordSet",
        "@id": file.name,
        "name": file.name,
        "key": {"@id": id(key)},
        "field": fields.collect::<Vec<_>>(),
    })
}

/// What the words of a Croissant file mean, as its specification has it.
fn context() -> Value {
    json!({
        "@language": "en",
        "@vocab": "https://schema.org/",
        "citeAs": "cr:citeAs",
        "column": "cr:column",
        "conformsTo": "dct:conformsTo",
        "cr": "http://mlcommons.org/croissant/",
        "data": {"@id": "cr:data", "@type": "@json"},
        "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
        "dct": "http://purl.org/dc/terms/",
        "examples": {"@id": "cr:examples", "@type": "@json"},
        "extract": "cr:extract",
        "field": "cr:field",
        "fileObject": "cr:fileObject",
        "fileProperty": "cr:fileProperty",
        "fileSet": "cr:fileSet",
        "format": "cr:format",
        "includes": "cr:includes",
        "isLiveDataset": "cr:isLiveDataset",
        "jsonPath": "cr:jsonPath",
        "key": "cr:key",
        "md5": "cr:md5",
        "parentField": "cr:parentField",
        "path": "cr:path",
        "rai": "http://mlcommons.org/croissant/RAI/",
        "recordSet": "cr:recordSet",
        "references": "cr:references",
        "regex": "cr:regex",
        "repeated": "cr:repeated",
        "replace": "cr:replace",
        "sc": "https://schema.org/",
        "separator": "cr:separator",
        "source": "cr:source",
        "subField": "cr:subField",
        "transform": "cr:transform",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_a_field() {
        let file = |name: &'static str| Described {
            name,
            title: "A table",
            bytes: b"abc",
        };
        let parsed: Value = serde_json::from_str(&croissant(&file("episodes"), &file("facts"))).unwrap();
        let fields = parsed["recordSet"][0]["field"].as_array().unwrap();
        assert_eq!(fields.len(), VARIABLES.len());
        assert_eq!(fields[0]["source"]["extract"]["column"], VARIABLES[0].name);
        let parsed: Value = serde_json::from_str(&schema_org(&file("episodes"), &file("facts"))).unwrap();
        assert_eq!(
            parsed["variableMeasured"].as_array().unwrap().len(),
            VARIABLES.len()
        );
        assert_eq!(parsed.get("license"), None, "no source states one");
        assert_eq!(parsed["datePublished"], "2026-11-28");
    }
}
