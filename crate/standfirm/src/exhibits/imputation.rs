//! Imputed against observed values of dependence, with what else there is to see of an imputation, in words.

use mlogit::imputation::{Comparison, Imputations, Sample};
use mlogit::order::quantile;
use report::figure::{Axis, Figure, Format, Marks, Panel, Point, Role, Series};
use report::words::{self, percent, thousands};

use super::about;
use crate::error::Result;
use crate::fitting::imputation::Imputed;

/// Points along the axis.
const STEPS: u32 = 128;
/// Values are counted in so many bins before their density is taken.
const BINS: usize = 512;
/// Draws of each observed value from each imputation when it is imputed as if it were missing, as many as Amelia makes;
/// dispersed starts of EM.
const DRAWS: usize = 20;
const STARTS: usize = 5;
/// EM's starts count as having met where no parameter (columns standardised) differs by more than this.
const MET: f64 = 0.01;

/// Makes the figure for a model's imputed values.
///
/// # Errors
/// [`crate::Error::Model`] where the imputation lacks the model's dependence.
pub fn figure(imputed: &Imputed) -> Result<Figure> {
    let model = imputed.prepared().model();
    let imputations = imputed.imputations();
    let (scale, term) = (model.scale, model.term());
    let (observed, drawn, distance) = match imputations.comparison(imputed.table(), term)? {
        Comparison::Number {
            observed,
            imputed,
            distance,
        } => (observed, imputed, distance),
        Comparison::Nominal { .. } => (EMPTY, EMPTY, f64::NAN),
    };
    let over = imputations.overimputation(term, DRAWS)?;
    let right = scale.of(1.0);
    let series = |label: &str, role, sample: &Sample| Series {
        label: label.to_owned(),
        role,
        points: density(sample, right),
    };
    let panels = vec![Panel {
        title: String::new(),
        marks: Marks::Curves,
        series: vec![
            series("Imputed", Role::Compared, &drawn),
            series("Observed", Role::Reference, &observed),
        ],
        rug: Vec::new(),
    }];
    let share = |value: f64| words::share(scale.share(value));
    let note = note(imputations, &observed, &drawn, over.coverage)?;
    let high = panels
        .iter()
        .flat_map(|panel| &panel.series)
        .flat_map(|series| &series.points)
        .fold(0.0_f64, |most, point| most.max(point.high));
    Ok(Figure {
        number: 0,
        version: model.explanation.key.to_owned(),
        version_label: model.label(),
        title: format!(
            "Where the Comtrade share is missing, half of the imputed values are above {}; of the observed ones, half are above {}",
            share(median(&drawn)),
            share(median(&observed))
        ),
        subtitle: "How often each level of trade dependence is observed, and imputed where it is missing"
            .to_owned(),
        summary: format!(
            "Two curves over trade dependence; the largest distance of the two distribution functions is {distance:.2}. {note}"
        ),
        note,
        x: Axis {
            title: "Trade dependence".to_owned(),
            min: 0.0,
            max: right,
            format: Format::Share(scale),
            ends: None,
        },
        y: Axis {
            title: "Density".to_owned(),
            min: 0.0,
            max: (high * 5.0).ceil().max(1.0) / 5.0,
            format: Format::Number,
            ends: None,
        },
        columns: 1,
        panels,
        differences: None,
        asides: Vec::new(),
        about: about::models("Imputed against observed values of one model.", &[]),
    })
}

/// How many values were imputed, and what tells whether to believe them.
fn note(imputations: &Imputations, observed: &Sample, drawn: &Sample, coverage: f64) -> Result<String> {
    let iterations: Vec<usize> = imputations.convergence().map(|one| one.iterations).collect();
    let (least, most) = (
        iterations.iter().min().unwrap_or(&0),
        iterations.iter().max().unwrap_or(&0),
    );
    let chains = imputations.dispersion(STARTS)?;
    let met = chains
        .iter()
        .filter(|chain| chain.distances.last().is_some_and(|last| *last < MET))
        .count();
    let clamped: usize = imputations
        .variables()
        .iter()
        .map(|variable| variable.clamped)
        .sum();
    Ok(format!(
        "Densities on the model’s scale: a curve’s peak is where values lie closest together, and not their median. {} imputed values in {} completed tables, on {} episodes. Overimputation: of the \
         {} observed values, each imputed as if it were missing, {} lie within their 90% interval. EM converged in \
         {least} to {most} iterations, and {met} of {} dispersed starts came to the same place. {} had to be set \
         to a bound.",
        thousands(drawn.values.len()),
        imputations.m(),
        imputations.rows(),
        observed.values.len(),
        percent(coverage),
        chains.len(),
        match clamped {
            0 => "No draw".to_owned(),
            1 => "1 draw".to_owned(),
            more => format!("{more} draws"),
        },
    ))
}

/// The value that half of a sample is above.
fn median(sample: &Sample) -> f64 {
    quantile(&sample.values, 0.5)
}

const EMPTY: Sample = Sample {
    values: Vec::new(),
    mean: f64::NAN,
    std_dev: f64::NAN,
};

/// A normal kernel density (bandwidth by Silverman's rule: 0.9 s n^(-1/5)), mirrored at both ends, which dependence
/// cannot leave. Each value is first shared out between the two bins it lies between.
#[inline(never)]
fn density(sample: &Sample, right: f64) -> Vec<Point> {
    let n = sample.values.len() as f64;
    let width = (0.9 * sample.std_dev * libm::pow(n, -0.2)).max(1e-3 * right);
    let step = right / BINS as f64;
    let mut bins = vec![0.0; BINS + 2];
    for value in &sample.values {
        let position = (value / step).clamp(0.0, BINS as f64);
        let (bin, share) = (position as usize, position.fract());
        bins[bin] += 1.0 - share;
        bins[bin + 1] += share;
    }
    let kernel = |distance: f64| libm::exp(-0.5 * (distance / width) * (distance / width));
    let norm = n * width * libm::sqrt(2.0 * std::f64::consts::PI);
    let point = |at: u32| {
        let x = right * f64::from(at) / f64::from(STEPS);
        let each = |(bin, count): (usize, &f64)| {
            let value = bin as f64 * step;
            count * (kernel(x - value) + kernel(x + value) + kernel(2.0 * right - x - value))
        };
        let estimate = bins.iter().enumerate().map(each).sum::<f64>() / norm;
        Point {
            x,
            estimate,
            low: estimate,
            high: estimate,
        }
    };
    (0..=STEPS).map(point).collect()
}

#[cfg(test)]
mod tests {
    use report::figure::Scale;

    use super::*;
    use crate::{Specification, episodes};

    #[test]
    fn densities_of_the_study_hold_all_of_the_probability() {
        let (specification, episodes) = (Specification::default(), episodes().unwrap());
        for key in ["index:comtrade_mi", "regime:comtrade_mi"] {
            let model = specification.find(key).unwrap();
            let figure = figure(&Imputed::new(&specification, &model, &episodes).unwrap()).unwrap();
            for series in &figure.panels[0].series {
                let step = series.points[1].x;
                let area: f64 = series
                    .points
                    .windows(2)
                    .map(|two| (two[0].estimate + two[1].estimate) / 2.0 * step)
                    .sum();
                assert!((area - 1.0).abs() < 0.02, "{}: {area}", series.label);
            }
            // What the title says of the curves is so of the curves: half of each lies above it.
            for (series, words) in figure.panels[0].series.iter().zip(figure.title.split(';')) {
                let above = words.rsplit_once("above ").unwrap().1.trim_end_matches('%');
                let at = Scale::Log.of(above.parse::<f64>().unwrap() / 100.0);
                let all: f64 = series.points.iter().map(|point| point.estimate).sum();
                let beyond = series.points.iter().filter(|point| point.x > at);
                let share = beyond.map(|point| point.estimate).sum::<f64>() / all;
                assert!((share - 0.5).abs() < 0.03, "{}: {share} in {words}", series.label);
            }
            assert!(
                figure.note.contains("lie within their 90% interval"),
                "{}",
                figure.note
            );
        }
    }
}
