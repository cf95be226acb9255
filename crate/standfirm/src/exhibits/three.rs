//! Figure 3: probability of concession by target regime at high and at no trade dependence, all models side by
//! side.

use report::figure::{Axis, Figure, Format, Marks, PROBABILITIES, Panel, Point, Role, Series, cut_off};
use report::results::{Prediction, Value};

use crate::exhibits::finding::{
    beyond, disagreement, includes_none, of_contrast, others, supported, with_support,
};
use crate::exhibits::{about, high_words, method};
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
    let panels: Vec<Panel> = levels.iter().map(|level| panel(&models, level)).collect();
    Some(Figure {
        number: 3,
        version: "all".to_owned(),
        version_label: "All models".to_owned(),
        title: title(&models),
        subtitle:
            "Probability that the target concedes to a threat, by its regime and the measure of dependence"
                .to_owned(),
        note: format!(
            "Each model on its own episodes, {}. High dependence is {} of a model’s episodes.{}{}{}",
            method(&models),
            high_words(&models),
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
        columns: 3,
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
         that includes none",
        contrasts.len()
    )
}

fn panel(models: &[&Fitted], level: &str) -> Panel {
    let series = |label: &str, role, dependence: fn(&Fitted) -> f64| Series {
        label: label.to_owned(),
        role,
        points: models
            .iter()
            .enumerate()
            .filter_map(|(row, one)| Some(Point::of(row as f64, find(one, level, dependence(one))?)))
            .collect(),
    };
    Panel {
        title: level_label(level).to_owned(),
        marks: Marks::Rows(
            models
                .iter()
                .map(|one| one.model.dependence.short.to_owned())
                .collect(),
        ),
        series: vec![
            series("High trade dependence", Role::Compared, |one| {
                one.report.high_dependence
            }),
            series("No trade", Role::Reference, |_| 0.0),
        ],
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
