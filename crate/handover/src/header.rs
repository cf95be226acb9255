//! What every script begins with, and what it says of rows.

use crate::analysis::Analysis;
use crate::text::{Script, enumerated};

/// What the script is, and which numbers it gives again.
pub(crate) fn write(script: &mut Script, analysis: &Analysis) {
    script.comment(&analysis.formula);
    script.comment(format!(
        "A multinomial logit. The base outcome, with which the others are compared, is {}.",
        analysis.outcomes[0]
    ));
    let weighted = analysis
        .weights
        .as_ref()
        .is_some_and(|weights| !weights.probability);
    let observations = if weighted {
        format!(", for {} observations", analysis.n)
    } else {
        String::new()
    };
    script.comment(format!(
        "Written by Standfirm {}, whose numbers it gives again: log-likelihood {:.9}, {} rows{observations}.",
        env!("CARGO_PKG_VERSION"),
        analysis.loglik,
        analysis.rows
    ));
    for note in &analysis.notes {
        script.comment(note);
    }
}

/// Which rows are left out.
pub(crate) fn dropped(script: &mut Script, analysis: &Analysis) {
    if analysis.dropped.is_empty() {
        script.comment("No row is left out for a missing value.");
        return;
    }
    let causes: Vec<String> = analysis
        .dropped
        .iter()
        .map(|(variable, rows)| format!("{variable} ({rows})"))
        .collect();
    script.comment(format!(
        "Rows in which something is missing are left out: {}.",
        enumerated(&causes)
    ));
}
