//! `standfirm fit`: any data file, any formula.

use readers::Reading;
use report::error::Error;
use report::fit::{CovarianceKind, FitOptions, IntervalKind, fit};
use report::results::FitReport;

use crate::{args, print, read};

type Failure = Box<dyn std::error::Error>;

pub(crate) fn run(options: &args::Fit) -> Result<String, Failure> {
    if options.cluster.len() > 2 {
        return Err("--cluster is given once or twice: no more than two ways".into());
    }
    let file = read::file(&options.file, &options.reading.options())?;
    let wanted = FitOptions::from(options);
    let used = wanted.columns(file.names())?;
    let used: Vec<&str> = used.iter().map(String::as_str).collect();
    let crowded = file.crowded(used.iter().copied());
    let (table, reading) = file.into_table(&used)?;
    let report = fit(&table, &wanted).map_err(|error| in_flags(error, &crowded))?;
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

/// The library speaks of options; whoever typed flags is told which. Where there are more coefficients than rows, it is
/// mostly for a column that was meant as numbers: `crowded` has words for those.
fn in_flags(error: Error, crowded: &[String]) -> Failure {
    match error {
        Error::NoCluster => "--vcov cluster needs --cluster COL, the column to cluster by".into(),
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
