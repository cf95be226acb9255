//! A case of the study: what every model makes of it, as it was and had its regime or its trade been otherwise.

use report::figure::{Axis, Figure, Format, Marks, PROBABILITIES, Panel, Point, Role, Series, cut_off};
use report::results::Prediction;
use report::words::{capital, percent, within};

use crate::exhibits::{abbreviations, about, finding, measures};
use crate::findings::cases::{CaseModel, CaseReport, Change, Swap};
use crate::findings::effect::MainEffect;
use crate::fitting::fitted::Fitted;
use crate::study::Explanation;
use crate::study::thesis::{INDEX, REGIME, STUDY};
use crate::study::words::label;

/// Makes a case's figures from the models its report is about, in the same order; empty where there are none.
#[must_use]
pub fn figures(case: &CaseReport, fitted: &[Fitted]) -> Vec<Figure> {
    let models: Vec<(&Fitted, &CaseModel)> = fitted.iter().zip(&case.models).collect();
    let Some((first, _)) = models.first() else {
        return Vec::new();
    };
    let figures = CaseFigures::new(case, models.as_slice());
    let outcomes = &first.report.model.outcomes;
    let panels = outcomes.iter().map(|outcome| figures.outcome(outcome)).collect();
    let as_it_was = figures.figure(
        "outcomes",
        "as it was",
        figures.finding(),
        "Probability of each outcome, by the measure of dependence",
        panels,
        &[],
    );
    let otherwise = |version, label, title, subtitle, changed: &[Alternative]| {
        let panels = [&INDEX, &REGIME].map(|explanation| figures.otherwise(explanation, changed));
        let panels = panels
            .into_iter()
            .filter(|panel| !panel.series.is_empty())
            .collect();
        figures.figure(version, label, title, subtitle, panels, changed)
    };
    vec![
        as_it_was,
        otherwise(
            "regime",
            "had its regime been otherwise",
            figures.compared(
                "had its regime been personalist",
                "had it been as little personalist as a democracy",
                |to| match to {
                    Change::Index(index) => Some(index > 0.5),
                    Change::Regime("personalist") => Some(true),
                    Change::Regime("democracy") => Some(false),
                    _ => None,
                },
                |model| model.personalist,
            ),
            "Probability of concession with another regime, everything else as it was",
            &REGIMES,
        ),
        otherwise(
            "dependence",
            "had its trade been otherwise",
            figures.compared(
                "had it depended highly on the sender",
                "had they not traded at all",
                |to| match to {
                    Change::HighDependence => Some(true),
                    Change::NoTrade => Some(false),
                    _ => None,
                },
                |model| model.dependent,
            ),
            "Probability of concession with another trade dependence, everything else as it was",
            &DEPENDENCES,
        ),
    ]
}

/// How a case might have been: a series of a figure.
struct Alternative {
    label: &'static str,
    role: Role,
    is: fn(Change) -> bool,
}

const REGIMES: [Alternative; 5] = [
    Alternative {
        label: "Index 1",
        role: Role::Compared,
        is: |to| to == Change::Index(1.0),
    },
    Alternative {
        label: "Index 0",
        role: Role::Reference,
        is: |to| to == Change::Index(0.0),
    },
    Alternative {
        label: "Personalist",
        role: Role::First,
        is: |to| to == Change::Regime("personalist"),
    },
    Alternative {
        label: "Other autocracy",
        role: Role::Second,
        is: |to| to == Change::Regime("nonpersonalist"),
    },
    Alternative {
        label: "Democracy",
        role: Role::Third,
        is: |to| to == Change::Regime("democracy"),
    },
];

const DEPENDENCES: [Alternative; 2] = [
    Alternative {
        label: "High dependence",
        role: Role::Compared,
        is: |to| to == Change::HighDependence,
    },
    Alternative {
        label: "No trade",
        role: Role::Reference,
        is: |to| to == Change::NoTrade,
    },
];

/// A case with the models that tell of it.
struct CaseFigures<'a> {
    case: &'a CaseReport,
    models: &'a [(&'a Fitted, &'a CaseModel)],
    /// A row for each measure of dependence.
    rows: Vec<&'static str>,
}

impl<'a> CaseFigures<'a> {
    fn new(case: &'a CaseReport, models: &'a [(&'a Fitted, &'a CaseModel)]) -> Self {
        let rows = measures(models.iter().map(|(fitted, _)| *fitted));
        CaseFigures { case, models, rows }
    }

    /// The predictions that `of` finds in the models of one explanation, each in its row.
    fn points(
        &self,
        explanation: &Explanation,
        of: impl Fn(&CaseModel) -> Option<&Prediction>,
    ) -> Vec<Point> {
        let models = self
            .models
            .iter()
            .filter(|(fitted, _)| fitted.model.explanation.key == explanation.key);
        let point = |(fitted, model): &(&Fitted, &CaseModel)| {
            let row = self
                .rows
                .iter()
                .position(|row| *row == fitted.model.dependence.named)?;
            Some(Point::of(row as f64, of(model)?))
        };
        models.filter_map(point).collect()
    }

    fn panel(&self, title: String, series: Vec<Series>) -> Panel {
        Panel {
            title,
            marks: Marks::Rows(self.rows.iter().map(|row| (*row).to_owned()).collect()),
            series: series
                .into_iter()
                .filter(|series| !series.points.is_empty())
                .collect(),
            rug: Vec::new(),
        }
    }

    /// The probability of an outcome as it was.
    fn outcome(&self, outcome: &str) -> Panel {
        let series = |explanation: &Explanation, label: &str, role| Series {
            label: label.to_owned(),
            role,
            points: self.points(explanation, |model| find(&model.as_it_was, outcome)),
        };
        let happened = if outcome == self.case.happened {
            ", which happened"
        } else {
            ""
        };
        self.panel(
            format!("{}{happened}", capital(outcome)),
            vec![
                series(&INDEX, INDEX.label, Role::Compared),
                series(&REGIME, REGIME.label, Role::Reference),
            ],
        )
    }

    /// The probability of concession in the models of one explanation, as it was and as it might have been.
    fn otherwise(&self, explanation: &Explanation, changed: &[Alternative]) -> Panel {
        let mut series = vec![Series {
            label: "As it was".to_owned(),
            role: Role::Actual,
            points: self.points(explanation, |model| find(&model.as_it_was, STUDY.focus)),
        }];
        series.extend(changed.iter().map(|one| Series {
            label: one.label.to_owned(),
            role: one.role,
            points: self.points(explanation, |model| {
                let swap = model.swapped.iter().find(|swap| (one.is)(swap.to));
                swap.map(|swap| &swap.prediction)
            }),
        }));
        self.panel(explanation.label.to_owned(), series)
    }

    /// In how many models what happened is the likeliest.
    fn finding(&self) -> String {
        let happened = &self.case.happened;
        let likeliest = |(_, model): &&(&Fitted, &CaseModel)| {
            let most = model
                .as_it_was
                .iter()
                .max_by(|a, b| a.estimate.total_cmp(&b.estimate));
            most.is_some_and(|one| one.outcome == *happened)
        };
        let (right, all) = (self.models.iter().filter(likeliest).count(), self.models.len());
        match right {
            0 => format!("No model gives {happened}, which is what happened, the highest probability"),
            right if right == all => {
                format!("Every model gives {happened}, which is what happened, the highest probability")
            }
            right => {
                format!(
                    "{right} of {all} models give {happened}, which is what happened, the highest probability"
                )
            }
        }
    }

    /// What the models put the chance of concession at where `is` says true, and where it says false; and the difference
    /// that the first finds.
    fn compared(
        &self,
        yes: &str,
        no: &str,
        is: impl Fn(Change) -> Option<bool>,
        difference: fn(&CaseModel) -> Option<MainEffect>,
    ) -> String {
        let range = |wanted: bool| {
            let swaps = self.models.iter().flat_map(|(_, model)| {
                // Where the case was so already there is nothing to change.
                let changed = |swap: &&Swap| is(swap.to).is_some();
                let any = model.swapped.iter().any(|swap| changed(&swap));
                let there = model.swapped.iter().find(|swap| is(swap.to) == Some(wanted));
                let prediction = match there {
                    Some(swap) => Some(&swap.prediction),
                    None if any => find(&model.as_it_was, STUDY.focus),
                    None => None,
                };
                prediction.map(|one| one.estimate)
            });
            let (low, high) = swaps.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), one| {
                (low.min(one), high.max(one))
            });
            match (percent(low), percent(high)) {
                (low, high) if low == high => low,
                (low, high) => format!("{low} to {high}"),
            }
        };
        let first = self.models.first().and_then(|(fitted, model)| {
            let one = difference(model)?;
            Some(format!(
                ", a difference of {} in the first ({})",
                finding::difference(one.estimate, one.conf_low, one.conf_high),
                fitted.model.dependence.short
            ))
        });
        format!(
            "The models put the chance of concession at {} {yes}, and at {} {no}{}",
            range(true),
            range(false),
            first.unwrap_or_default()
        )
    }

    fn figure(
        &self,
        version: &str,
        label: &str,
        title: String,
        subtitle: &str,
        panels: Vec<Panel>,
        changed: &[Alternative],
    ) -> Figure {
        let models: Vec<&Fitted> = self.models.iter().map(|(fitted, _)| *fitted).collect();
        Figure {
            number: 0,
            version: version.to_owned(),
            version_label: label.to_owned(),
            title,
            subtitle: format!("{}: {}", self.case.title, subtitle.to_ascii_lowercase()),
            note: format!(
                "It ended in {}. 95% intervals.{}{}{}{}{}",
                self.case.happened,
                self.unknown(),
                self.outside(changed),
                abbreviations(&models),
                cut_off(&panels, PROBABILITIES),
                finding::beyond(&panels)
            ),
            summary: panels
                .iter()
                .map(|panel| panel.described(Format::Percent))
                .collect::<Vec<_>>()
                .join(" "),
            x: Axis::probabilities(&panels),
            y: Axis::rows(),
            columns: panels.len(),
            panels,
            differences: None,
            asides: Vec::new(),
            about: about::models(
                "The probabilities that every model gives one episode, from what the data have of it.",
                &models,
            ),
        }
    }

    /// What is not known of the case, in words.
    fn unknown(&self) -> String {
        let mut changes: Vec<(String, Vec<&str>)> = Vec::new();
        for (fitted, model) in self.models {
            for variable in &model.unknown {
                let words = within(&label(variable));
                match changes.iter_mut().find(|(known, _)| *known == words) {
                    Some((_, rows)) if rows.contains(&fitted.model.dependence.short) => {}
                    Some((_, rows)) => rows.push(fitted.model.dependence.short),
                    None => changes.push((words, vec![fitted.model.dependence.short])),
                }
            }
        }
        if changes.is_empty() {
            return String::new();
        }
        let parts = changes.into_iter().map(|(words, rows)| {
            if rows.len() == self.rows.len() {
                words
            } else {
                format!("{words} ({})", rows.join(", "))
            }
        });
        format!(
            " Not known of it, and averaged over the episodes of the model: {}.",
            parts.collect::<Vec<_>>().join(", ")
        )
    }
}

impl CaseFigures<'_> {
    /// What no episode of a model comes up to, of the case as it was and as it is changed, in words.
    fn outside(&self, changed: &[Alternative]) -> String {
        let mut told: Vec<(String, Vec<&str>)> = Vec::new();
        for (fitted, model) in self.models {
            let shown = |swap: &&Swap| changed.iter().any(|one| (one.is)(swap.to));
            let swapped = model
                .swapped
                .iter()
                .filter(shown)
                .filter_map(|swap| swap.outside.as_ref());
            for one in model.outside.iter().chain(swapped) {
                let (words, row) = (one.words(), fitted.model.dependence.short);
                match told.iter_mut().find(|(known, _)| *known == words) {
                    Some((_, rows)) if rows.contains(&row) => {}
                    Some((_, rows)) => rows.push(row),
                    None => told.push((words, vec![row])),
                }
            }
        }
        let each = told
            .into_iter()
            .map(|(words, rows)| format!(" {} ({}).", capital(&words), rows.join(", ")));
        each.collect()
    }
}

fn find<'a>(predictions: &'a [Prediction], outcome: &str) -> Option<&'a Prediction> {
    predictions.iter().find(|one| one.outcome == outcome)
}
