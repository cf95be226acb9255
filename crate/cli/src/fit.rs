//! `standfirm fit`: any data file, any formula.

use mlogit::Table;
use readers::Reading;
use report::error::Error;
use report::fit::{AdjustmentKind, CovarianceKind, FitOptions, IntervalKind, fit};
use report::grid::{FileFormat, Grid};
use report::models::{ModelsReport, NamedModel, models};
use report::tables::{self, Part};

use crate::args::Format;
use crate::{args, print, read};

type Failure = Box<dyn std::error::Error>;

pub(crate) fn run(options: &args::Fit) -> Result<String, Failure> {
    if options.cluster.len() > 2 {
        return Err("--cluster is given once or twice: no more than two ways".into());
    }
    let part = options.table.as_deref().map(Part::find).transpose()?;
    let file = read::file(&options.file, &options.reading.options())?;
    let wanted = FitOptions::from(options);
    let formulas: Vec<String> = [&options.formula]
        .into_iter()
        .chain(&options.model)
        .cloned()
        .collect();
    let used = wanted
        .columns_of(&formulas, file.names())
        .map_err(|error| in_flags(error, &[]))?;
    let used: Vec<&str> = used.iter().map(String::as_str).collect();
    let crowded = file.crowded(used.iter().copied());
    let (table, reading) = file.into_table(&used)?;
    let report = fitted(&table, &formulas, &wanted).map_err(|error| in_flags(error, &crowded))?;
    let format = if options.json {
        Format::Json
    } else {
        options.format
    };
    let written = written(&report, reading.clone(), options, format, part)?;
    read::tell(&options.file, &reading);
    Ok(written)
}

/// One model, or several side by side.
fn fitted(table: &Table, formulas: &[String], options: &FitOptions) -> report::error::Result<ModelsReport> {
    let [formula] = formulas else {
        return models(table, formulas, options);
    };
    let mut report = fit(table, options)?;
    let selection = report.selection.take();
    Ok(ModelsReport {
        models: vec![NamedModel {
            formula: formula.clone(),
            report,
        }],
        nested: Vec::new(),
        selection,
    })
}

fn written(
    report: &ModelsReport,
    reading: Reading,
    options: &args::Fit,
    format: Format,
    part: Option<Part>,
) -> Result<String, Failure> {
    let file_format = match (format, report.models.as_slice()) {
        (Format::Json, [one]) => {
            let mut one = one.report.clone();
            one.selection.clone_from(&report.selection);
            return print::json(&Output { report: one, reading });
        }
        (Format::Json, _) => return print::json(&Output { report, reading }),
        (Format::Text, [one]) if part.is_none() => {
            return Ok(print::fit(&one.report, report.selection.as_ref(), options.rrr));
        }
        (Format::Text, _) => None,
        (Format::Csv, _) => Some(FileFormat::Csv),
        (Format::Latex, _) => Some(FileFormat::Latex),
        (Format::Markdown, _) => Some(FileFormat::Markdown),
        (Format::Html, _) => Some(FileFormat::Html),
    };
    let all = tables::all(report, options.rrr);
    let there: Vec<&str> = all.iter().map(|table| table.part.name()).collect();
    let wanted = |table: &tables::PartTable| part.is_none_or(|part| part == table.part);
    if let Some(part) = part.filter(|part| !there.contains(&part.name())) {
        return Err(format!(
            "--table: there are no {}; there are {}",
            part.name(),
            there.join(", ")
        )
        .into());
    }
    let grids: Vec<Grid> = all
        .iter()
        .filter(|table| wanted(table))
        .map(|table| table.grid.clone())
        .collect();
    let Some(file_format) = file_format else {
        let texts: Vec<String> = grids.iter().map(Grid::text).collect();
        return Ok(texts.join("\n"));
    };
    let formulas: Vec<&str> = report.models.iter().map(|model| model.formula.trim()).collect();
    let credit = format!(
        "standfirm fit {}: {}",
        read::name(&options.file),
        formulas.join("; ")
    );
    file_format
        .write_all(&grids, &credit)
        .map_err(|error| match error {
            Error::OneTable { .. } => format!(
                "--format csv has one table, and there are {}: say which with --table",
                there.join(", ")
            )
            .into(),
            error => error.into(),
        })
}

/// What is printed as JSON.
#[derive(serde::Serialize)]
struct Output<R> {
    #[serde(flatten)]
    report: R,
    /// How the file was read.
    reading: Reading,
}

/// The library speaks of options; whoever typed flags is told which. Where there are more coefficients than rows, it is
/// mostly for a column that was meant as numbers: `crowded` has words for those.
fn in_flags(error: Error, crowded: &[String]) -> Failure {
    match error {
        Error::NoCluster => "--vcov cluster needs --cluster COL, the column to cluster by".into(),
        Error::AdjustedInterval => "--adjust goes with --interval delta".into(),
        Error::NothingToAdjust => "--adjust goes with --slopes or --compare".into(),
        Error::OfModel {
            number,
            formula,
            error,
        } => format!("model ({number}), `{formula}`: {}", in_flags(*error, crowded)).into(),
        Error::Model(mlogit::Error::Condition { at, problem }) => {
            format!("--where, character {at}: {problem}").into()
        }
        Error::UnusedCluster => "--cluster goes with --vcov cluster or --interval bootstrap".into(),
        // The message ends with the bias-reduced fit as the last way out.
        Error::Model(mlogit::Error::Separation { .. }) => format!("{error} (--firth)").into(),
        Error::Model(mlogit::Error::TooFewRows { .. }) if !crowded.is_empty() => {
            format!("{error}; {}", crowded.join("; ")).into()
        }
        error => error.into(),
    }
}

impl From<&args::Fit> for FitOptions {
    fn from(options: &args::Fit) -> Self {
        FitOptions {
            formula: options.formula.clone(),
            condition: options.condition.clone(),
            base: options.base.clone(),
            weights: options.weights.clone(),
            firth: options.firth,
            covariance: options.vcov.map(Into::into),
            probability_weights: options.pweights.clone(),
            cluster: options.cluster.first().cloned(),
            second_cluster: options.cluster.get(1).cloned(),
            level: options.level,
            tests: options.test.clone(),
            likelihood_ratios: options.lr,
            alternatives: options.iia,
            at: options.at.clone(),
            at_means: options.atmeans,
            slopes: options.slopes,
            comparisons: options.compare.clone(),
            interval: options.interval.into(),
            adjust: options.adjust.map(Into::into),
            draws: options.draws,
            seed: options.seed,
        }
    }
}

impl From<args::Vcov> for CovarianceKind {
    fn from(vcov: args::Vcov) -> Self {
        match vcov {
            args::Vcov::Observed => Self::Observed,
            args::Vcov::Hc0 => Self::Hc0,
            args::Vcov::Hc1 => Self::Hc1,
            args::Vcov::Robust => Self::Robust,
            args::Vcov::Cluster => Self::Cluster,
        }
    }
}

impl From<args::Adjust> for AdjustmentKind {
    fn from(how: args::Adjust) -> Self {
        match how {
            args::Adjust::Bonferroni => Self::Bonferroni,
            args::Adjust::Holm => Self::Holm,
            args::Adjust::SupT => Self::SupT,
        }
    }
}

impl From<args::IntervalKind> for IntervalKind {
    fn from(kind: args::IntervalKind) -> Self {
        match kind {
            args::IntervalKind::Delta => Self::Delta,
            args::IntervalKind::Logit => Self::Logit,
            args::IntervalKind::Simulation => Self::Simulation,
            args::IntervalKind::Bootstrap => Self::Bootstrap,
        }
    }
}
