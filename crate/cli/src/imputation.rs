//! `standfirm imputation`: what multiple imputation did, as a user of Amelia would ask.

use std::error::Error;
use std::fmt::Write as _;

use mlogit::imputation::{Comparison, Sample};
use serde::Serialize;
use standfirm::fitting::imputation::Imputed;
use standfirm::study::words::label;

use crate::args::Imputation;
use crate::bar::Bar;
use crate::print;

#[derive(Serialize)]
struct Report {
    model: String,
    m: usize,
    seed: u64,
    dependence_only: bool,
    rows: usize,
    em_iterations: Vec<usize>,
    variables: Vec<Variable>,
    overimputation: Overimputation,
    dispersion: Vec<Vec<f64>>,
}

#[derive(Serialize)]
struct Variable {
    variable: String,
    missing: usize,
    /// Draws set to a bound because none came within bounds.
    clamped: usize,
    #[serde(flatten)]
    comparison: Compared,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Compared {
    Number {
        observed: Moments,
        imputed: Moments,
        distance: f64,
    },
    Nominal {
        levels: Vec<Share>,
    },
}

#[derive(Serialize)]
struct Moments {
    n: usize,
    mean: f64,
    std_dev: f64,
    min: f64,
    max: f64,
}

#[derive(Serialize)]
struct Share {
    level: String,
    observed: f64,
    imputed: f64,
}

/// Observed values of dependence imputed as if they were missing.
#[derive(Serialize)]
struct Overimputation {
    variable: String,
    values: usize,
    /// Share inside the 90% interval of their imputations.
    coverage: f64,
    /// Correlation of the values with the means of their imputations.
    correlation: f64,
}

pub(crate) fn run(options: &Imputation) -> Result<String, Box<dyn Error>> {
    let mut specification = options.specification.read()?;
    let choices = &mut specification.imputation;
    choices.m = options.m.map_or(choices.m, |m| m as usize);
    choices.seed = options.seed.unwrap_or(choices.seed);
    let choices = specification.imputation;
    let imputed = || specification.models().filter(|model| model.dependence.imputed);
    let model = imputed()
        .find(|model| model.key() == options.model)
        .ok_or_else(|| {
            let known: Vec<String> = imputed().map(|model| model.key()).collect();
            format!(
                "no imputed model `{}`; there are {}",
                options.model,
                known.join(", ")
            )
        })?;
    let mut bar = Bar::new("imputing {bar:40} {pos} of {len}, {eta} left");
    let mut tell = |done: usize| bar.tell(done as u64, Some(choices.m as u64));
    let imputed = Imputed::telling(&specification, &model, &standfirm::episodes()?, &mut tell)?;
    bar.finish();
    let imputations = imputed.imputations();
    let variable = |one: &mlogit::imputation::Imputed| -> Result<Variable, Box<dyn Error>> {
        Ok(Variable {
            variable: one.name.clone(),
            missing: one.missing,
            clamped: one.clamped,
            comparison: compared(imputations.comparison(imputed.table(), &one.name)?),
        })
    };
    let over = imputations.overimputation(model.term(), options.draws as usize)?;
    let pairs: Vec<(f64, f64)> = over.values.iter().map(|one| (one.observed, one.mean)).collect();
    let report = Report {
        model: model.key(),
        m: choices.m,
        seed: choices.seed,
        dependence_only: choices.dependence_only,
        rows: imputations.rows(),
        em_iterations: imputations.convergence().map(|one| one.iterations).collect(),
        variables: imputations
            .variables()
            .iter()
            .filter(|one| one.missing > 0)
            .map(variable)
            .collect::<Result<_, _>>()?,
        overimputation: Overimputation {
            variable: model.term().to_owned(),
            values: over.values.len(),
            coverage: over.coverage,
            correlation: correlation(&pairs),
        },
        dispersion: imputations
            .dispersion(options.starts as usize)?
            .into_iter()
            .map(|chain| chain.distances)
            .collect(),
    };
    if options.json {
        print::json(&report)
    } else {
        text(&report)
    }
}

fn compared(comparison: Comparison) -> Compared {
    match comparison {
        Comparison::Number {
            observed,
            imputed,
            distance,
        } => Compared::Number {
            observed: moments(&observed),
            imputed: moments(&imputed),
            distance,
        },
        Comparison::Nominal { levels } => Compared::Nominal {
            levels: levels
                .into_iter()
                .map(|one| Share {
                    level: one.level,
                    observed: one.observed,
                    imputed: one.imputed,
                })
                .collect(),
        },
    }
}

fn moments(sample: &Sample) -> Moments {
    let end = |value: Option<&f64>| value.copied().unwrap_or(f64::NAN);
    Moments {
        n: sample.values.len(),
        mean: sample.mean,
        std_dev: sample.std_dev,
        min: end(sample.values.first()),
        max: end(sample.values.last()),
    }
}

fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let n = pairs.len() as f64;
    let (x, y) = pairs
        .iter()
        .fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0 / n, sum.1 + pair.1 / n));
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for pair in pairs {
        let (a, b) = (pair.0 - x, pair.1 - y);
        (xx, yy, xy) = (xx + a * a, yy + b * b, xy + a * b);
    }
    xy / (xx * yy).sqrt()
}

fn text(report: &Report) -> Result<String, Box<dyn Error>> {
    let mut text = String::new();
    writeln!(
        text,
        "{}: {} imputations of {} episodes, seed {}",
        report.model, report.m, report.rows, report.seed
    )?;
    let iterations = &report.em_iterations;
    writeln!(
        text,
        "EM converged in {} to {} iterations",
        iterations.iter().min().unwrap_or(&0),
        iterations.iter().max().unwrap_or(&0)
    )?;
    for one in &report.variables {
        writeln!(
            text,
            "\n{} (`{}`): {} missing",
            label(&one.variable),
            one.variable,
            one.missing
        )?;
        match &one.comparison {
            Compared::Number {
                observed,
                imputed,
                distance,
            } => {
                for (name, moments) in [("observed", observed), ("imputed", imputed)] {
                    let Moments {
                        n,
                        mean,
                        std_dev,
                        min,
                        max,
                    } = moments;
                    writeln!(
                        text,
                        "  {name:<9} n {n:>6}  mean {mean:.3}  sd {std_dev:.3}  {min:.3} to {max:.3}"
                    )?;
                }
                writeln!(
                    text,
                    "  distance of the distributions {distance:.3}; draws set to a bound {}",
                    one.clamped
                )?;
            }
            Compared::Nominal { levels } => {
                for Share {
                    level,
                    observed,
                    imputed,
                } in levels
                {
                    writeln!(text, "  {level:<16} observed {observed:.3}  imputed {imputed:.3}")?;
                }
            }
        }
    }
    let over = &report.overimputation;
    writeln!(
        text,
        "\nEach of the {} observed values of {} imputed as if missing: {:.1}% lie inside their 90% interval; \
         correlation with the mean of their imputations {:.2}",
        over.values,
        label(&over.variable),
        100.0 * over.coverage,
        over.correlation
    )?;
    for (start, distances) in report.dispersion.iter().enumerate() {
        let (first, last) = (
            distances.first().unwrap_or(&f64::NAN),
            distances.last().unwrap_or(&f64::NAN),
        );
        writeln!(
            text,
            "EM from dispersed start {}: {first:.1} away, after {} iterations {last:.1e}",
            start + 1,
            distances.len().saturating_sub(1)
        )?;
    }
    Ok(text)
}
