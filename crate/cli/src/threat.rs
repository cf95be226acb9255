//! `standfirm threat`: what a model makes of one threat, as it was and had it been otherwise.

use std::error::Error;
use std::fmt::Write as _;

use report::results::{Prediction, Value};
use report::words::p_value;
use standfirm::exhibits::threat::exhibit;
use standfirm::findings::threat::ThreatId;
use standfirm::findings::threat::answer::{self, ThreatReport};
use standfirm::findings::threat::dials::Dial;

use crate::args::Threat;
use crate::print;

pub(crate) fn run(options: &Threat) -> Result<String, Box<dyn Error>> {
    let episodes = standfirm::episodes()?;
    let specification = options.specification()?;
    let which = ThreatId::read(&options.threat)?;
    let fitted = answer::model(&specification, &options.model, &episodes)?;
    let report = exhibit(&specification, &fitted, &episodes, which, &options.set.join(","))?;
    if !report.report.ignored.is_empty() {
        return Err(format!("--set: {}", report.report.ignored.join("; ")).into());
    }
    if options.json {
        return print::json(&report);
    }
    text(&report.report)
}

fn text(report: &ThreatReport) -> Result<String, Box<dyn Error>> {
    let mut text = String::new();
    writeln!(text, "{} [{}]", report.title, report.threat)?;
    writeln!(
        text,
        "How it ended: {}",
        report.happened.as_deref().unwrap_or("not known")
    )?;
    writeln!(text, "Model: {} [{}]\n", report.model_label, report.model)?;
    for dial in &report.dials {
        let Dial {
            name,
            label,
            then,
            changed,
            ..
        } = dial;
        let words = |value: &Value| match value {
            Value::Number(number) => format!("{}", (number * 10_000.0).round() / 10_000.0),
            Value::Level(level) => level.clone(),
        };
        let known = match then {
            None => "not known: averaged over the episodes".to_owned(),
            Some(known) => {
                let year = known.of.map_or_else(String::new, |year| format!(" (of {year})"));
                words(&known.value) + &year
            }
        };
        let change = changed
            .as_ref()
            .map_or_else(String::new, |value| format!(" -> {}", words(value)));
        writeln!(text, "  {name:<20} {known}{change}  [{label}]")?;
    }
    writeln!(text, "\nAs it was")?;
    text.push_str(&probabilities(&report.as_it_was));
    if !report.differences.is_empty() {
        writeln!(text, "\nAs changed")?;
        text.push_str(&probabilities(&report.changed));
        writeln!(text, "\nThe difference")?;
        for one in &report.differences {
            writeln!(
                text,
                "  {:<12} {:+.3} (standard error {:.3}), {}, {:+.3} to {:+.3}",
                one.outcome,
                one.estimate,
                one.std_error,
                p_value(one.p_value),
                one.conf_low,
                one.conf_high
            )?;
        }
    }
    writeln!(text, "\n{}", report.alike_words)?;
    for warning in &report.warnings {
        writeln!(text, "warning: {warning}")?;
    }
    Ok(text)
}

fn probabilities(predictions: &[Prediction]) -> String {
    let line = |one: &Prediction| {
        format!(
            "  {:<12} {:.3} (standard error {:.3}), {:.3} to {:.3}\n",
            one.outcome, one.estimate, one.std_error, one.conf_low, one.conf_high
        )
    };
    predictions.iter().map(line).collect()
}
