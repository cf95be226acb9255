//! Figure 3: probability of concession by target regime at high and at no trade dependence, all models side by
//! side.

use report::figure::{
    Aside, Axis, Differences, Figure, Format, Marks, PROBABILITIES, Panel, Part, Point, Role, Series, cut_off,
};
use report::results::{Prediction, Value};

use crate::exhibits::finding::{
    beyond, disagreement, includes_none, of_contrast, others, supported, with_support,
};
use crate::exhibits::{abbreviations, about, high_words, method};
use crate::findings::hypotheses::{Contrast, contrasts};
use crate::fitting::fitted::Fitted;
use crate::study::Values;
use crate::study::thesis::{REGIME, STUDY};
use crate::study::words::level_label;

/// Makes the figure from the models that use the regime; `None` where none does.
#[must_use]
pub fn figure(fitted: &[Fitted]) -> Option<Figure> {
    let models: Vec<&Fitted> = fitted
        .iter()
        .filter(|one| one.model.explanation.key == REGIME.key)
        .collect();
    models.first()?;
    let levels: &[&str] = match REGIME.values {
        Values::Levels(levels) => levels,
        Values::UnitInterval { .. } => &[],
    };
    // The hypotheses compare regimes at one dependence: so each has a panel.
    let panels = vec![
        panel("No trade", levels, &models, |_| 0.0),
        panel("High trade dependence", levels, &models, |one| {
            one.report.high_dependence
        }),
    ];
    Some(Figure {
        number: 3,
        version: "all".to_owned(),
        version_label: "All models".to_owned(),
        title: title(&models),
        subtitle:
            "Probability that the target concedes to a threat, by its regime and by how trade is measured"
                .to_owned(),
        note: format!(
            "Each model on its own episodes, {}. High dependence is {} of a model’s episodes.{}{}{}{}",
            method(&models),
            high_words(&models),
            abbreviations(&models),
            cut_off(&panels, PROBABILITIES),
            beyond(&panels),
            supported(&models)
        ),
        summary: panels
            .iter()
            .map(|panel| panel.described(Format::Percent))
            .collect::<Vec<_>>()
            .join(" "),
        x: Axis::around(
            "Probability of concession",
            Format::Percent,
            0.05,
            PROBABILITIES,
            &panels,
        ),
        y: Axis::rows(),
        columns: 2,
        differences: Some(differences(&models)),
        asides: asides(&panels),
        panels,
        about: with_support(
            about::models(
                "Average probability of concession if every episode’s target had the regime named, at high and at no trade \
                 dependence, everything else as it was.",
                &models,
            ),
            &models,
        ),
    })
}

fn title(models: &[&Fitted]) -> String {
    let contrasts: Vec<Contrast> = models
        .iter()
        .flat_map(|one| contrasts(one, one.report.high_dependence))
        .collect();
    let doubtful = contrasts
        .iter()
        .filter(|contrast| includes_none(contrast))
        .count();
    let first = models.first().map_or_else(String::new, |one| {
        let against = self::contrasts(one, one.report.high_dependence);
        let each = against.iter().map(|contrast| {
            let doubt = disagreement(one, contrast);
            format!("{} against {}{doubt}", of_contrast(contrast), others(contrast))
        });
        format!(
            "{} ({})",
            each.collect::<Vec<_>>().join(" and "),
            one.model.dependence.short
        )
    });
    format!(
        "At high dependence personalists differ by {first}; of {} such differences in all models {doubtful} have an interval \
         that includes zero",
        contrasts.len()
    )
}

/// Personalists minus democracies where dependence is high, in every model: what the title speaks of first.
fn differences(models: &[&Fitted]) -> Differences {
    let point = |(row, one): (usize, &&Fitted)| {
        let mut contrasts = contrasts(one, one.report.high_dependence).into_iter();
        let contrast = contrasts.find(|contrast| contrast.others == "democracy")?;
        Some(Point {
            x: row as f64,
            estimate: -contrast.estimate,
            low: -contrast.conf_high,
            high: -contrast.conf_low,
        })
    };
    Differences {
        title: "Difference".to_owned(),
        from: "from democracies".to_owned(),
        points: models.iter().enumerate().filter_map(point).collect(),
    }
}

/// The numbers of these notes go on from those in the text above the figure.
fn asides(panels: &[Panel]) -> Vec<Aside> {
    let aside = |number, on, label: &str, title: &str, text: &str| Aside {
        number,
        on,
        label: label.to_owned(),
        title: title.to_owned(),
        text: text.to_owned(),
    };
    let mut asides = vec![aside(
        9,
        Part::LastRow,
        "imputed",
        "Imputed",
        "Missing values are drawn twenty times from what the other variables make likely; the intervals count that \
         uncertainty too.",
    )];
    let mut points = panels
        .iter()
        .flat_map(|panel| &panel.series)
        .flat_map(|series| &series.points);
    if points.any(|point| point.low < 0.0) {
        asides.push(aside(
            10,
            Part::Impossible,
            "below 0%",
            "Hatched",
            "Below 0% no probability can lie; intervals by the delta method may, near 0.",
        ));
    }
    asides
}

fn panel(title: &str, levels: &[&str], models: &[&Fitted], dependence: fn(&Fitted) -> f64) -> Panel {
    const ROLES: [Role; 3] = [Role::First, Role::Second, Role::Third];
    let series = |(level, role): (&&str, Role)| Series {
        label: level_label(level).to_owned(),
        role,
        points: models
            .iter()
            .enumerate()
            .filter_map(|(row, one)| Some(Point::of(row as f64, find(one, level, dependence(one))?)))
            .collect(),
    };
    Panel {
        title: title.to_owned(),
        marks: Marks::Rows(
            models
                .iter()
                .map(|one| one.model.dependence.named.to_owned())
                .collect(),
        ),
        series: levels.iter().zip(ROLES).map(series).collect(),
        rug: Vec::new(),
    }
}

fn find<'a>(fitted: &'a Fitted, level: &str, dependence: f64) -> Option<&'a Prediction> {
    fitted.report.predictions.iter().find(|one| {
        one.outcome == STUDY.focus
            && one.at.get(fitted.model.term()) == Some(&Value::Number(dependence))
            && one.at.get(fitted.model.explanation.variable) == Some(&Value::Level(level.to_owned()))
    })
}
