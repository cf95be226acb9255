//! `standfirm replicate`: the study's models.

use std::fmt::Write as _;

use standfirm::imputation::Options;
use standfirm::replicate;
use standfirm::study::label;

use crate::args::Replicate;
use crate::print;

pub(crate) fn run(options: &Replicate) -> Result<String, Box<dyn std::error::Error>> {
    let imputation = Options {
        dependence_only: options.impute_dependence_only,
        ..Options::default()
    };
    let fitted = replicate::fit_all_with(imputation)?;
    let replication = replicate::replication(&fitted)?;
    if options.json {
        return print::json(&replication);
    }
    let mut text = String::new();
    for one in &fitted {
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
        writeln!(
            text,
            "\nAverage probabilities ({} = {:.3} is high)",
            label("ln_dependence"),
            report.high_dependence
        )?;
        text.push_str(&print::predictions(&report.predictions));
        text.push('\n');
    }
    writeln!(text, "{}.", standfirm::figure::two::headline(&fitted)?)?;
    Ok(text)
}
