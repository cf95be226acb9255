//! The descriptions of the data and of the software hold what their formats ask for, as the formats' own programs say.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::programs::environment;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// What Python says of some lines, or why it is absent.
fn python(name: &str, packages: &[&str], lines: &str) -> Result<Result<String, String>, String> {
    let python = environment(name, packages)?;
    let output = Command::new(python)
        .args(["-c", lines])
        .current_dir(root())
        .env("PYTHONIOENCODING", "utf-8")
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        Err(format!("{}{}", text(&output.stdout), text(&output.stderr)))
    })
}

const FRICTIONLESS: (&str, &[&str]) = ("frictionless", &["frictionless==5.21.0"]);
const CROISSANT: (&str, &[&str]) = ("croissant", &["mlcroissant==1.1.1"]);
/// It cannot be beside frictionless: they want different versions of a third. pkg_resources left setuptools with 81.
const CFF: (&str, &[&str]) = ("cffconvert", &["cffconvert==2.0.0", "setuptools==80.9.0"]);

#[track_caller]
fn passes(what: &str, (name, packages): (&str, &[&str]), lines: &str) {
    match python(name, packages, lines) {
        Err(missing) => standfirm_tests::skip(what, &missing),
        Ok(Err(problem)) => panic!("{what}: {problem}"),
        Ok(Ok(_)) => {}
    }
}

#[test]
fn frictionless_validates_the_data_package() {
    passes(
        "the data package",
        FRICTIONLESS,
        "
from frictionless import validate
report = validate('data/datapackage.json')
assert report.valid, report.flatten(['rowNumber', 'fieldName', 'type', 'message'])
assert [task.name for task in report.tasks] == ['episodes', 'facts']
",
    );
}

#[test]
fn frictionless_would_notice_another_file() {
    passes(
        "the data package's hashes",
        FRICTIONLESS,
        "
import json, shutil, tempfile, pathlib
from frictionless import validate
folder = pathlib.Path(tempfile.mkdtemp())
for name in ['datapackage.json', 'episodes.csv', 'facts.csv']:
    shutil.copy(f'data/{name}', folder)
with open(folder / 'facts.csv', 'a') as facts:
    facts.write('one more\\n')
assert not validate(str(folder / 'datapackage.json')).valid
",
    );
}

#[test]
fn mlcroissant_reads_the_croissant_file() {
    passes(
        "the Croissant file",
        CROISSANT,
        "
import mlcroissant
dataset = mlcroissant.Dataset(jsonld='data/croissant.json')
records = list(dataset.records('facts'))
assert len(records) == sum(1 for _ in open('data/facts.csv')) - 1, len(records)
",
    );
}

#[test]
fn cffconvert_validates_the_citation() {
    passes(
        "CITATION.cff",
        CFF,
        "
from cffconvert import Citation
Citation(open('CITATION.cff', encoding='utf-8').read()).validate()
",
    );
}

#[test]
fn codemeta_says_what_the_manifest_and_the_citation_say() {
    let read = |name: &str| std::fs::read_to_string(root().join(name)).unwrap();
    let codemeta: serde_json::Value = serde_json::from_str(&read("codemeta.json")).unwrap();
    assert_eq!(codemeta["@context"], "https://w3id.org/codemeta/3.0");
    let version = codemeta["version"].as_str().unwrap();
    assert_eq!(version, env!("CARGO_PKG_VERSION"));
    assert!(read("CITATION.cff").contains(&format!("\nversion: {version}\n")));
    let dataset: serde_json::Value = serde_json::from_str(&read("data/dataset.jsonld")).unwrap();
    assert_eq!(dataset["version"], version);
    assert_eq!(dataset["creator"]["name"], codemeta["author"][0]["name"]);
}
