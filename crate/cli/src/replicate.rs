//! `standfirm replicate`: the study's models.

use std::fmt::Write as _;

use serde::Serialize;
use standfirm::findings::claims;
use standfirm::fitting::fitted::{Part, fit_all};
use standfirm::replicate::{self, Replication};
use standfirm::study::words::label;

use crate::args::Replicate;
use crate::print;

#[derive(Serialize)]
struct Output {
    /// As an address has it.
    #[serde(skip_serializing_if = "String::is_empty")]
    specification: String,
    #[serde(flatten)]
    replication: Replication,
}

pub(crate) fn run(options: &Replicate) -> Result<String, Box<dyn std::error::Error>> {
    let specification = options.specification.read()?;
    let estimates = fit_all(&specification, Part::All)?;
    if options.json {
        return print::json(&Output {
            specification: specification.to_string(),
            replication: replicate::replication(&estimates)?,
        });
    }
    let mut text = print::differences(&specification)?;
    for one in &estimates.fitted {
        let report = &one.report;
        writeln!(
            text,
            "Table {}, model {}: {}  [{}]",
            report.table,
            report.number,
            report.label,
            one.model.key()
        )?;
        writeln!(text, "{}\n", report.formula)?;
        text.push_str(&print::model(&report.model));
        for omitted in &report.omitted {
            writeln!(text, "left out: {}: {}", label(&omitted.variable), omitted.reason)?;
        }
        writeln!(
            text,
            "\nAverage probabilities ({} = {:.3} is high)",
            label(one.model.term()),
            report.high_dependence
        )?;
        text.push_str(&print::predictions(&report.predictions));
        text.push('\n');
    }
    for refusal in &estimates.refusals {
        writeln!(
            text,
            "{} [{}] cannot be estimated: {}\n",
            refusal.label, refusal.model, refusal.reason
        )?;
    }
    if let Ok(headline) = standfirm::exhibits::two::headline(&estimates.fitted) {
        writeln!(text, "{headline}.")?;
    }
    writeln!(text, "\nThe ledger")?;
    let claims = claims::judge(&estimates.fitted, &standfirm::episodes()?)?;
    text.push_str(&print::ledger(&claims));
    Ok(text)
}
