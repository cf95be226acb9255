//! Figure 2: probability of concession as the personalist index goes from 0 to 1, at high and at no trade
//! dependence.

use report::figure::{
    Aside, Axis, Differences, Figure, Format, Marks, PROBABILITIES, Panel, Part, Point, Role, Series,
    cut_off, rug,
};
use report::results::{Prediction, Value};
use report::words::{percent, points, share};

use crate::error::{Error, Result};
use crate::exhibits::finding::{beyond, doubt, includes_none, of_contrast, supported, with_support};
use crate::exhibits::{abbreviations, about, high_words, imputed_too, method};
use crate::findings::hypotheses::{Contrast, contrasts};
use crate::fitting::fitted::Fitted;
use crate::study::thesis::{INDEX, STUDY};

/// Makes the figure: a version for each model that uses the index, and one with all of them; nothing where none does.
///
/// # Errors
/// [`Error::Unknown`] where a model lacks the predictions.
pub fn figures(fitted: &[Fitted]) -> Result<Vec<Figure>> {
    let models: Vec<&Fitted> = models(fitted).collect();
    if models.is_empty() {
        return Ok(Vec::new());
    }
    let mut figures: Vec<Figure> = models.iter().map(|one| figure(&[one])).collect::<Result<_>>()?;
    figures.push(figure(&models)?);
    Ok(figures)
}

/// The figure's finding in one sentence, from the first model that uses the index.
///
/// # Errors
/// [`Error::Unknown`] where none does.
pub fn headline(fitted: &[Fitted]) -> Result<String> {
    let first = models(fitted).next().ok_or_else(|| none(&[]))?;
    Ok(Ends::of(first)?.title())
}

/// The answer to the study's question in one sentence, from the first model that uses the index; or that there is none.
#[must_use]
pub fn answer(fitted: &[Fitted]) -> String {
    let ends = models(fitted).next().and_then(|first| Ends::of(first).ok());
    ends.map_or_else(
        || "With these choices the question has no answer: no model with the personalist index can be estimated.".to_owned(),
        |ends| ends.answer(),
    )
}

fn models(fitted: &[Fitted]) -> impl Iterator<Item = &Fitted> {
    fitted.iter().filter(|one| one.model.explanation.key == INDEX.key)
}

fn figure(models: &[&Fitted]) -> Result<Figure> {
    let panels: Vec<Panel> = models.iter().map(|one| panel(one)).collect::<Result<_>>()?;
    let ends: Vec<Ends<'_>> = models.iter().map(|one| Ends::of(one)).collect::<Result<_>>()?;
    let (first, model) = match (ends.first(), models.first()) {
        (Some(first), Some(model)) => (first, model),
        _ => return Err(none(&[])),
    };
    let single = models.len() == 1;
    let title = if single { first.title() } else { all_title(&ends) };
    let summary = ends
        .iter()
        .zip(models)
        .map(|(ends, one)| ends.summary(one.model.dependence.label));
    let n = if single {
        format!("{} episodes", first.n)
    } else {
        "Each model on its own episodes".to_owned()
    };
    Ok(Figure {
        number: 2,
        version: if single {
            model.model.dependence.key.to_owned()
        } else {
            "all".to_owned()
        },
        version_label: if single {
            model.model.dependence.label.to_owned()
        } else {
            "All models".to_owned()
        },
        title,
        subtitle: "Probability that the target concedes to a threat, by how personalist its regime is"
            .to_owned(),
        note: format!(
            "{n}, {}. High dependence is {} of the episodes. Bars on the axis show where the \
             episodes are (square-root scale).{}{}{}{}{}",
            method(models),
            high_words(models),
            abbreviations(models),
            imputed_too(models.iter().copied()),
            cut_off(&panels, PROBABILITIES),
            beyond(&panels),
            supported(models)
        ),
        summary: summary.collect::<Vec<_>>().join(" "),
        x: Axis {
            title: "Personalist index".to_owned(),
            min: 0.0,
            max: 1.0,
            format: Format::Number,
            ends: single.then(|| ("not personalist".to_owned(), "fully personalist".to_owned())),
        },
        y: Axis::around(
            "Probability of concession",
            Format::Percent,
            0.05,
            PROBABILITIES,
            &panels,
        ),
        columns: 3,
        asides: asides(models, &panels)?,
        panels,
        differences: single.then(|| first.difference()),
        about: with_support(
            about::models(
                "Average probability of concession if every episode’s target were as personalist as the axis says, at high \
                 and at no trade dependence, everything else as it was. The personalist index is Weeks’s, from 0 to 1.",
                models,
            ),
            models,
        ),
    })
}

/// What a newcomer may ask: what is high, what an interval says, why it is so wide, how it can be below 0%.
fn asides(models: &[&Fitted], panels: &[Panel]) -> Result<Vec<Aside>> {
    let aside = |on, number, label: &str, title: &str, text: String| Aside {
        number,
        on,
        label: label.to_owned(),
        title: title.to_owned(),
        text,
    };
    let mut asides = Vec::new();
    if let [one] = models {
        let high = share(one.model.scale.share(one.report.high_dependence));
        asides.push(aside(
            Part::Series,
            1,
            "high dependence",
            "High trade dependence",
            format!(
                "High is {} among the threats of this model: {}, {high}. “No trade” is 0%.",
                one.model.high.words(),
                one.model.dependence.definition
            ),
        ));
    }
    asides.push(aside(
        Part::Interval,
        2,
        "intervals",
        "95% interval",
        "Were the study repeated many times, about 95 in 100 such intervals would hold the true value. Whether two values \
         differ is told by the interval of their difference, not by whether bands overlap."
            .to_owned(),
    ));
    if let [one] = models {
        let values = one.estimate.values(one.model.explanation.variable)?;
        let part = |is: fn(f64) -> bool| {
            let some = values.iter().filter(|value| is(**value)).count();
            percent(some as f64 / values.len().max(1) as f64)
        };
        asides.push(aside(
            Part::Strip,
            3,
            "threats",
            "Few personalists",
            format!(
                "In {} of the threats the target’s index is 0, in {} it is 1: hence the wide bands on the right. Heights \
                 are on a square-root scale.",
                part(|value| value <= 0.0),
                part(|value| value >= 1.0)
            ),
        ));
    }
    let mut points = panels
        .iter()
        .flat_map(|panel| &panel.series)
        .flat_map(|series| &series.points);
    if points.any(|point| point.low < 0.0) {
        asides.push(aside(
            Part::Impossible,
            4,
            "below 0%",
            "Below 0%",
            "No probability is. The delta method makes an interval as wide below its estimate as above, so one near 0 can \
             cross it. Intervals within 0 and 1 can be chosen instead."
                .to_owned(),
        ));
    }
    Ok(asides)
}

fn none(known: &[String]) -> Error {
    Error::Unknown {
        kind: "prediction",
        name: INDEX.variable.to_owned(),
        known: known.to_vec(),
    }
}

fn panel(fitted: &Fitted) -> Result<Panel> {
    let report = &fitted.report;
    let series = |label: &str, role, dependence| Series {
        label: label.to_owned(),
        role,
        points: curve(fitted, dependence)
            .map(|(x, prediction)| Point::of(x, prediction))
            .collect(),
    };
    Ok(Panel {
        title: fitted.model.dependence.label.to_owned(),
        marks: Marks::Curves,
        series: vec![
            series("High trade dependence", Role::Compared, report.high_dependence),
            series("No trade", Role::Reference, 0.0),
        ],
        rug: rug(
            &fitted.estimate.values(fitted.model.explanation.variable)?,
            0.0,
            1.0,
        ),
    })
}

/// Predictions of the outcome in focus along the index, at one level of dependence.
fn curve(fitted: &Fitted, dependence: f64) -> impl Iterator<Item = (f64, &Prediction)> {
    let model = fitted.model;
    fitted.report.predictions.iter().filter_map(move |prediction| {
        let index = number(prediction, model.explanation.variable)?;
        let here = number(prediction, model.term())? == dependence && prediction.outcome == STUDY.focus;
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
    fitted: &'a Fitted,
    /// The index at 0 minus the index at 1, where dependence is high.
    contrast: Contrast,
    n: f64,
    high: (&'a Prediction, &'a Prediction),
    none: (&'a Prediction, &'a Prediction),
}

impl<'a> Ends<'a> {
    fn of(fitted: &'a Fitted) -> Result<Self> {
        let report = &fitted.report;
        let ends = |dependence| {
            let mut curve = curve(fitted, dependence).map(|(_, prediction)| prediction);
            let first = curve.next()?;
            Some((first, curve.last().unwrap_or(first)))
        };
        let missing = || {
            none(
                &report
                    .predictions
                    .iter()
                    .flat_map(|p| p.at.keys().cloned())
                    .collect::<Vec<_>>(),
            )
        };
        let high = ends(report.high_dependence).ok_or_else(missing)?;
        let mut contrasts = contrasts(fitted, report.high_dependence).into_iter();
        Ok(Ends {
            fitted,
            contrast: contrasts.next().ok_or_else(missing)?,
            n: report.model.n,
            high,
            none: ends(0.0).ok_or_else(missing)?,
        })
    }

    /// The index at 1 minus the index at 0, where dependence is high.
    fn difference(&self) -> Differences {
        Differences {
            title: "Difference".to_owned(),
            from: "from index 0".to_owned(),
            points: vec![Point {
                x: 0.0,
                estimate: -self.contrast.estimate,
                low: -self.contrast.conf_high,
                high: -self.contrast.conf_low,
            }],
        }
    }

    fn answer(&self) -> String {
        let told = !includes_none(&self.contrast);
        let less = self.contrast.estimate > 0.0;
        let who = match (less, told) {
            (true, true) => "Personalist rulers, as a thesis argues",
            (true, false) => "Perhaps personalist rulers, as a thesis argues",
            (false, true) => "Not personalist rulers, though a thesis argues so",
            (false, false) => "Not personalist rulers, as far as these data tell",
        };
        let difference = format!(
            "difference of {} points (95% interval {} to {})",
            points(-self.contrast.estimate),
            points(-self.contrast.conf_high),
            points(-self.contrast.conf_low)
        );
        let weight = if told {
            format!(", a {difference}")
        } else {
            format!(", but a {difference} cannot be told from none")
        };
        format!(
            "{who}: where the target depends much on trade with the sender, they would concede in {} of threats and others \
             in {}{weight}.",
            percent(self.high.1.estimate),
            percent(self.high.0.estimate)
        )
    }

    fn falls(&self) -> bool {
        self.high.1.estimate < self.high.0.estimate
    }

    fn title(&self) -> String {
        let (first, last) = self.high;
        let (from, to) = (percent(first.estimate), percent(last.estimate));
        let change = match self.falls() {
            _ if from == to => format!("stays at {from}"),
            true => format!("falls from {from} to {to}"),
            false => format!("rises from {from} to {to}"),
        };
        format!(
            "Where trade dependence is high, the chance of concession {change} as regimes become personalist: {}{}",
            of_contrast(&self.contrast),
            doubt(self.fitted, &self.contrast)
        )
    }

    fn summary(&self, measure: &str) -> String {
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
            "{measure}, {} episodes: at high trade dependence the probability of concession goes {}; at no trade it \
             goes {}.",
            self.n,
            one(self.high),
            one(self.none)
        )
    }
}

fn all_title(ends: &[Ends<'_>]) -> String {
    let doubtful = ends.iter().filter(|ends| includes_none(&ends.contrast)).count();
    let first = ends.first().map_or_else(String::new, |one| {
        format!(
            "{} ({}{})",
            of_contrast(&one.contrast),
            one.fitted.model.dependence.short,
            doubt(one.fitted, &one.contrast)
        )
    });
    format!(
        "Where trade dependence is high, index 1 differs from index 0 by {first}; in {doubtful} of {} models the interval \
         includes zero",
        ends.len()
    )
}
