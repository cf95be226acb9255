//! `standfirm handover`: an analysis as a script in another language.

use std::path::Path;

use handover::{Analysis, Errors, Language, Source, script};
use mlogit::Covariance;
use readers::{Options, Reading};
use report::figure::Scale;
use report::fit::FitOptions;
use standfirm::data::variables::VARIABLES;
use standfirm::specification::method::Method;
use standfirm::specification::prepared::Prepared;
use standfirm::study::Values;
use standfirm::{Specification, episodes};

use crate::args::{self, Handover};
use crate::read;

type Failure = Box<dyn std::error::Error>;

pub(crate) fn run(options: &Handover) -> Result<String, Failure> {
    let analysis = match (&options.study, &options.fit.0) {
        (Some(key), None) => of_study(key, &options.episodes, &options.specification.read()?)?,
        (None, Some(fit)) => of_file(fit)?,
        _ => return Err("give a file and a formula, or --study and a model of the study".into()),
    };
    Ok(script(&analysis, options.to.into()))
}

fn of_file(options: &args::Fit) -> Result<Analysis, Failure> {
    if options.file == Path::new("-") {
        return Err("a script opens a file: give its name in place of -".into());
    }
    let file = read::file(&options.file, &options.reading.options())?;
    let wanted = FitOptions::from(options);
    let names: Vec<String> = file.names().map(str::to_owned).collect();
    let used = wanted.columns(file.names())?;
    let used: Vec<&str> = used.iter().map(String::as_str).collect();
    let (table, reading) = file.into_table(&used)?;
    let source = Source {
        path: options.file.display().to_string(),
        reading,
        names,
        renamed: Vec::new(),
    };
    Ok(Analysis::new(source, &table, &wanted)?)
}

/// A model of the study, with its predictions and comparisons at high and at no dependence.
fn of_study(key: &str, path: &str, specification: &Specification) -> Result<Analysis, Failure> {
    let model = specification.find(key)?;
    if model.dependence.imputed {
        return Err(format!(
            "{key}: values are imputed, and no other package has the same: take a model of complete cases"
        )
        .into());
    }
    let table = episodes()?;
    if specification.sample(&table)?.len() < table.rows() || model.scale != Scale::Log {
        return Err("a script reads all episodes as they are in the file: leave senders, years, issues and scale as the study has them".into());
    }
    let prepared = specification.prepare(&model, &table)?;
    let high = model
        .high
        .of(prepared.fit()?.design().frame().number(model.term())?);
    let (variable, term) = (model.explanation.variable, model.term());
    let values: Vec<String> = match model.explanation.values {
        Values::UnitInterval { .. } => ["0", "1"].map(str::to_owned).into(),
        Values::Levels(levels) => levels.iter().map(|level| (*level).to_owned()).collect(),
    };
    let dependences = [format!("{term} = {high:?}"), format!("{term} = 0")];
    let predicted: Vec<String> = dependences
        .iter()
        .flat_map(|at| {
            values
                .iter()
                .map(move |value| format!("{at}, {variable} = {value}"))
        })
        .collect();
    let compared = values[1..]
        .iter()
        .map(|value| format!("{variable} = {} : {value}", values[0]));
    let options = FitOptions {
        base: Some(prepared.base().to_owned()),
        at: dependences.into(),
        at_means: matches!(specification.method, Method::Means | Method::Simulation),
        comparisons: compared.collect(),
        ..FitOptions::new(prepared.formula())
    };
    let source = Source {
        path: path.to_owned(),
        reading: reading()?,
        names: VARIABLES
            .iter()
            .map(|variable| variable.name.to_owned())
            .collect(),
        renamed: vec![(term.to_owned(), model.column())],
    };
    let analysis = Analysis::new(source, prepared.table(), &options)?;
    Ok(analysis
        .with_predictions(&predicted)?
        .with_errors(prepared.table(), errors(&prepared))?)
}

/// How the bundled episodes are read.
fn reading() -> Result<Reading, Failure> {
    let options = Options {
        missing: Some(Vec::new()),
        ..Options::default()
    };
    Ok(readers::read(b"caseid,year\n1,1945.5\n", &options)?
        .reading()
        .clone())
}

fn errors(prepared: &Prepared) -> Errors {
    match prepared.covariance() {
        Covariance::Hc0 => Errors::Hc0,
        Covariance::Hc1 => Errors::Hc1,
        Covariance::Robust => Errors::Robust,
        Covariance::Cluster(clusters) => Errors::Cluster(clusters.columns().to_vec()),
        _ => Errors::Observed,
    }
}

impl From<args::Language> for Language {
    fn from(language: args::Language) -> Self {
        match language {
            args::Language::R => Language::R,
            args::Language::Stata => Language::Stata,
            args::Language::Python => Language::Python,
            args::Language::Pyspark => Language::PySpark,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_study_has_scripts_in_every_language() {
        let specification = Specification::default();
        for model in specification.models().filter(|model| !model.dependence.imputed) {
            let analysis = of_study(&model.key(), "episodes.csv", &specification).unwrap();
            for language in [Language::R, Language::Stata, Language::Python, Language::PySpark] {
                assert!(script(&analysis, language).contains("episodes.csv"));
            }
        }
    }
}
