//! Figure 2: probability of the outcome in focus as the personalist index goes from 0 to 1, at high and at no
//! trade dependence.

use super::{Axis, Figure, Panel, Point, Role, Series};
use crate::replicate::Fitted;
use crate::report::{Prediction, StudyReport, Value};
use crate::study::{DEPENDENCE, INDEX, STUDY};
use crate::{Error, Result};

/// Makes the figure from the models that use the index, one panel each.
///
/// # Errors
/// [`Error::Unknown`] where none does.
pub fn figure(models: &[Fitted]) -> Result<Figure> {
    let models: Vec<&Fitted> = models
        .iter()
        .filter(|fitted| fitted.model.explanation.key == INDEX.key)
        .collect();
    let first = models.first().ok_or_else(|| none(Vec::new()))?;
    let panels: Vec<Panel> = models.iter().map(|fitted| panel(fitted)).collect::<Result<_>>()?;
    let ends = Ends::of(&first.report)?;
    let values = || {
        panels
            .iter()
            .flat_map(|panel| &panel.series)
            .flat_map(|series| &series.points)
    };
    let low = values().map(|point| point.low).fold(0.0, f64::min);
    let high = values().map(|point| point.high).fold(0.0, f64::max);
    Ok(Figure {
        number: 2,
        title: ends.title(),
        subtitle: "Probability that the target concedes to a threat, by how personalist its regime is"
            .to_owned(),
        note: format!(
            "Average over the {} episodes, everything else as observed; bands are 95% intervals (delta method). \
             High dependence is the 90th percentile of the episodes. Bars below the axis show where the \
             episodes are (square-root scale).",
            first.report.model.n
        ),
        summary: ends.summary(),
        x: Axis {
            title: "Personalist index".to_owned(),
            min: 0.0,
            max: 1.0,
            ends: Some(("not personalist".to_owned(), "fully personalist".to_owned())),
        },
        y: Axis {
            title: "Probability of concession".to_owned(),
            min: (low * 20.0).floor() / 20.0,
            max: (high * 20.0).ceil() / 20.0,
            ends: None,
        },
        panels,
    })
}

/// The figure's finding in one sentence, from the first model that uses the index.
///
/// # Errors
/// [`Error::Unknown`] where none does.
pub fn headline(models: &[Fitted]) -> Result<String> {
    let first = models
        .iter()
        .find(|fitted| fitted.model.explanation.key == INDEX.key);
    Ok(Ends::of(&first.ok_or_else(|| none(Vec::new()))?.report)?.title())
}

fn none(known: Vec<String>) -> Error {
    Error::Unknown {
        kind: "prediction",
        name: INDEX.variable.to_owned(),
        known,
    }
}

fn panel(fitted: &Fitted) -> Result<Panel> {
    let report = &fitted.report;
    let series = |label: &str, role, dependence| Series {
        label: label.to_owned(),
        role,
        points: curve(report, dependence)
            .map(|(x, prediction)| Point {
                x,
                estimate: prediction.estimate,
                low: prediction.conf_low,
                high: prediction.conf_high,
            })
            .collect(),
    };
    Ok(Panel {
        title: report.label.clone(),
        series: vec![
            series(
                "High trade dependence",
                Role::HighDependence,
                report.high_dependence,
            ),
            series("No trade", Role::NoDependence, 0.0),
        ],
        rug: fitted.fit.design().frame().number(INDEX.variable)?.to_vec(),
    })
}

/// Predictions of the outcome in focus along the index, at one level of dependence.
fn curve(report: &StudyReport, dependence: f64) -> impl Iterator<Item = (f64, &Prediction)> {
    report.predictions.iter().filter_map(move |prediction| {
        let index = number(prediction, INDEX.variable)?;
        let here = number(prediction, DEPENDENCE)? == dependence && prediction.outcome == STUDY.focus;
        here.then_some((index, prediction))
    })
}

fn number(prediction: &Prediction, variable: &str) -> Option<f64> {
    match prediction.at.get(variable)? {
        Value::Number(number) => Some(*number),
        Value::Level(_) => None,
    }
}

/// The two ends of both curves.
struct Ends<'a> {
    n: f64,
    high: (&'a Prediction, &'a Prediction),
    none: (&'a Prediction, &'a Prediction),
}

impl<'a> Ends<'a> {
    fn of(report: &'a StudyReport) -> Result<Self> {
        let ends = |dependence| {
            let mut curve = curve(report, dependence).map(|(_, prediction)| prediction);
            let first = curve.next()?;
            Some((first, curve.last().unwrap_or(first)))
        };
        let missing = || {
            none(
                report
                    .predictions
                    .iter()
                    .flat_map(|p| p.at.keys().cloned())
                    .collect(),
            )
        };
        let high = ends(report.high_dependence).ok_or_else(missing)?;
        Ok(Ends {
            n: report.model.n,
            high,
            none: ends(0.0).ok_or_else(missing)?,
        })
    }

    fn title(&self) -> String {
        let (first, last) = self.high;
        let verb = if last.estimate < first.estimate {
            "falls"
        } else {
            "rises"
        };
        let overlap = first.conf_low <= last.conf_high && last.conf_low <= first.conf_high;
        let doubt = if overlap {
            "but the intervals overlap"
        } else {
            "and the intervals do not overlap"
        };
        format!(
            "Where trade dependence is high, the chance of concession {verb} from {} to {} as regimes become \
             personalist, {doubt}",
            percent(first.estimate),
            percent(last.estimate)
        )
    }

    fn summary(&self) -> String {
        let one = |(first, last): (&Prediction, &Prediction)| {
            format!(
                "from {} (95% interval {} to {}) at index 0 to {} ({} to {}) at index 1",
                percent(first.estimate),
                percent(first.conf_low),
                percent(first.conf_high),
                percent(last.estimate),
                percent(last.conf_low),
                percent(last.conf_high)
            )
        };
        format!(
            "Two curves with 95% bands, {} episodes. At high trade dependence the probability of concession goes \
             {}. At no trade it goes {}.",
            self.n,
            one(self.high),
            one(self.none)
        )
    }
}

fn percent(probability: f64) -> String {
    format!("{:.0}%", probability * 100.0).replace('-', "−")
}
