//! `standfirm fit`: any data file, any formula.

use mlogit::{
    At, Bootstrap, Clusters, Comparison, Covariance, Draws, Formula, FrameBuilder, Interval, Table,
};
use readers::Reading;
use standfirm::report::{self, FitReport, ModelReport, Test};

use crate::args::{Fit, IntervalKind, Vcov};
use crate::{print, read};

type Failure = Box<dyn std::error::Error>;

pub(crate) fn run(options: &Fit) -> Result<String, Failure> {
    let file = read::file(&options.file, &options.reading.options())?;
    let formula = Formula::parse(&options.formula)?;
    let used = used(options, &formula);
    let crowded = file.crowded(used.iter().copied());
    let (table, reading) = file.into_table(&used)?;
    let report = fitted(options, &formula, &table).map_err(|failure| explained(failure, &crowded))?;
    read::tell(&options.file, &reading);
    if options.json {
        return print::json(&Output { report, reading });
    }
    Ok(print::fit(&report, options.rrr))
}

/// What is printed as JSON.
#[derive(serde::Serialize)]
struct Output {
    #[serde(flatten)]
    report: FitReport,
    /// How the file was read.
    reading: Reading,
}

/// The columns that the formula and the options name.
fn used<'a>(options: &'a Fit, formula: &'a Formula) -> Vec<&'a str> {
    let terms = formula
        .terms()
        .iter()
        .flatten()
        .map(|factor| factor.variable.as_str());
    let others = [&options.weights, &options.cluster]
        .into_iter()
        .flatten()
        .map(String::as_str);
    std::iter::once(formula.outcome())
        .chain(terms)
        .chain(others)
        .collect()
}

/// Where there are more coefficients than rows, it is mostly for a column that was meant as numbers.
fn explained(failure: Failure, crowded: &[String]) -> Failure {
    let too_many = failure
        .downcast_ref::<mlogit::Error>()
        .is_some_and(|error| matches!(error, mlogit::Error::TooFewRows { .. }));
    if too_many && !crowded.is_empty() {
        return format!("{failure}; {}", crowded.join("; ")).into();
    }
    failure
}

fn fitted(options: &Fit, formula: &Formula, table: &Table) -> Result<FitReport, Failure> {
    let covariance = covariance(options, table)?;
    let fit = estimate(options, formula, table)?
        .with_covariance(&covariance)?
        .with_level(options.level)?;
    report(options, table, &fit)
}

fn estimate(options: &Fit, formula: &Formula, table: &Table) -> Result<mlogit::Fit, Failure> {
    let mut frame = FrameBuilder::new();
    if let Some(base) = &options.base {
        frame = frame.base(base);
    }
    if let Some(weights) = &options.weights {
        frame = frame.weights(weights);
    }
    let design = frame.build(table, formula)?.design()?;
    if options.firth {
        return Ok(design.fit_firth()?);
    }
    design.fit().map_err(|error| match error {
        // The library's message ends with the bias-reduced fit as the last way out.
        mlogit::Error::Separation { .. } => format!("{error} (--firth)").into(),
        _ => error.into(),
    })
}

fn covariance(options: &Fit, table: &Table) -> Result<Covariance, Failure> {
    let by = |column: &String| Clusters::new(table, &[column]).map(Covariance::Cluster);
    match (options.vcov, &options.cluster) {
        (None | Some(Vcov::Cluster), Some(column)) => Ok(by(column)?),
        (Some(Vcov::Cluster), None) => {
            Err("--vcov cluster needs --cluster COL, the column to cluster by".into())
        }
        // The clusters are then those of the bootstrap.
        (Some(_), Some(_)) if options.interval != IntervalKind::Bootstrap => {
            Err("--cluster goes with --vcov cluster or --interval bootstrap".into())
        }
        (None | Some(Vcov::Observed), _) => Ok(Covariance::Observed),
        (Some(Vcov::Hc0), _) => Ok(Covariance::Hc0),
        (Some(Vcov::Hc1), _) => Ok(Covariance::Hc1),
        (Some(Vcov::Robust), _) => Ok(Covariance::Robust),
    }
}

fn report(options: &Fit, table: &Table, fit: &mlogit::Fit) -> Result<FitReport, Failure> {
    let draws = draws(options, table, fit)?;
    let interval = match (&draws, options.interval) {
        (Some(draws), _) => Interval::Draws(draws),
        (None, IntervalKind::Logit) => Interval::Logit,
        (None, _) => Interval::Delta,
    };
    let everywhere = if options.atmeans {
        At::means()
    } else {
        At::observed()
    };
    let settings: Vec<At> = if options.at.is_empty() {
        vec![everywhere]
    } else {
        let with_text = |text: &String| everywhere.clone().with_text(text);
        options.at.iter().map(with_text).collect::<Result<_, _>>()?
    };

    let mut report = FitReport {
        model: ModelReport::from(fit),
        certificate: fit.certificate().into(),
        interval: describe(options, draws.as_ref()),
        predictions: Vec::new(),
        slopes: Vec::new(),
        comparisons: Vec::new(),
        tests: tests(options, fit)?,
    };
    if !options.at.is_empty() || options.atmeans {
        let predictions = fit.predictions(settings.clone())?.with_interval(&interval)?;
        report.predictions = predictions.iter().map(Into::into).collect();
    }
    let comparisons: Vec<Comparison> = options
        .compare
        .iter()
        .map(|text| Comparison::parse(text))
        .collect::<Result<_, _>>()?;
    for at in &settings {
        if options.slopes {
            let slopes = fit
                .slopes(fit.design().frame().variables(), at)?
                .with_interval(&interval)?;
            report.slopes.extend(slopes.iter().map(report::Effect::from));
        }
        let effects = fit
            .comparisons(comparisons.iter().cloned(), at)?
            .with_interval(&interval)?;
        report
            .comparisons
            .extend(effects.iter().map(report::Effect::from));
    }
    Ok(report)
}

fn draws(options: &Fit, table: &Table, fit: &mlogit::Fit) -> Result<Option<Draws>, Failure> {
    let asked = !options.at.is_empty() || options.atmeans || options.slopes || !options.compare.is_empty();
    match options.interval {
        IntervalKind::Simulation if asked => Ok(Some(fit.simulate(options.draws, options.seed)?)),
        IntervalKind::Bootstrap if asked => {
            let bootstrap = match &options.cluster {
                Some(column) => {
                    let clusters = Clusters::new(table, &[column])?;
                    Bootstrap::clusters(options.draws, options.seed, clusters)
                }
                None => Bootstrap::pairs(options.draws, options.seed),
            };
            Ok(Some(fit.bootstrap(&bootstrap)?))
        }
        _ => Ok(None),
    }
}

fn describe(options: &Fit, draws: Option<&Draws>) -> report::Interval {
    let (method, description) = match options.interval {
        IntervalKind::Delta => ("delta", "delta method".to_owned()),
        IntervalKind::Logit => ("logit", "delta method on the logit scale".to_owned()),
        IntervalKind::Simulation => ("simulation", draws.map(ToString::to_string).unwrap_or_default()),
        IntervalKind::Bootstrap => ("bootstrap", draws.map(ToString::to_string).unwrap_or_default()),
    };
    report::Interval {
        method: method.to_owned(),
        description,
        draws: draws.map(Draws::asked),
        seed: draws.map(Draws::seed),
        failed: draws.map(|draws| draws.failures().len()),
        first_failure: draws
            .and_then(|draws| draws.failures().first())
            .map(ToString::to_string),
    }
}

fn tests(options: &Fit, fit: &mlogit::Fit) -> Result<Vec<Test>, Failure> {
    let mut tests = Vec::new();
    for hypothesis in &options.test {
        tests.push(Test::wald(hypothesis, &fit.test(hypothesis)?));
    }
    if options.lr {
        let by_term = fit.likelihood_ratio_by_term()?;
        tests.extend(
            by_term
                .iter()
                .map(|(term, test)| Test::likelihood_ratio(term, test)),
        );
    }
    if options.iia {
        for outcome in fit.design().outcomes() {
            tests.push(Test::hausman_mcfadden(&fit.hausman_mcfadden(outcome)?));
        }
    }
    Ok(tests)
}
