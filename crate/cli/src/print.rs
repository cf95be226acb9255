//! What the commands print.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

use report::results::{
    Coefficient, Dropped, Effect, FitReport, ModelReport, Prediction, Selected, Test, Value,
};
use report::tables::at_words;
use report::words::share;
use standfirm::Specification;
use standfirm::findings::claims::report::ClaimReport;
use standfirm::findings::rules::Finding;
use standfirm::specification::fragment::Difference;

/// Writes to standard output; a reader that has seen enough (`| head`) is no error.
pub(crate) fn out(text: &str) -> ExitCode {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            eprintln!("error: standard output: {error}");
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}

/// JSON with shortest round-trip numbers.
pub(crate) fn json(value: &impl serde::Serialize) -> Result<String, Box<dyn std::error::Error>> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}

/// What a specification has otherwise than the study, a line each; nothing where that is nothing.
pub(crate) fn differences(specification: &Specification) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    for difference in specification.differs() {
        let Difference {
            label, study, here, ..
        } = difference;
        writeln!(text, "{label}: {here} (the study: {study})")?;
    }
    if !text.is_empty() {
        text.push('\n');
    }
    Ok(text)
}

/// A fitted model with what was asked of it, for people; relative risk ratios in place of coefficients with `rrr`.
pub(crate) fn fit(report: &FitReport, selection: Option<&Selected>, rrr: bool) -> String {
    let mut text = selection
        .map(|selected| format!("{selected}\n"))
        .unwrap_or_default();
    text += &estimates(&report.model, rrr);
    let level = percent(report.model.level);
    let section = |title: &str| format!("\n{title} ({level} intervals: {})\n", report.interval.description);
    if !report.predictions.is_empty() {
        text += &section("Probabilities");
        text += &aligned(report.predictions.iter().map(prediction_cells), &PREDICTION_HEAD);
    }
    for (title, effects) in [("Slopes", &report.slopes), ("Comparisons", &report.comparisons)] {
        if !effects.is_empty() {
            text += &section(title);
            let family = report
                .families
                .iter()
                .find(|family| family.name == title.to_lowercase());
            if let Some(family) = family {
                text += &format!("{}\n", family.description);
            }
            text += &aligned(effects.iter().map(effect_cells), &EFFECT_HEAD);
        }
    }
    if let Some(first) = &report.interval.first_failure {
        text += &format!("warning: the first resample left out: {first}\n");
    }
    text + &tests(report)
}

/// Tests and what to know about them; what is true of several is said once.
fn tests(report: &FitReport) -> String {
    let mut text = String::new();
    if report.tests.is_empty() && report.refused.is_empty() {
        return text;
    }
    text += "\nTests\n";
    text += &aligned(report.tests.iter().map(test_cells), &TEST_HEAD);
    let mut notes: Vec<(&str, Vec<&str>)> = Vec::new();
    for test in &report.tests {
        let Some(note) = &test.note else { continue };
        match notes.iter_mut().find(|(known, _)| *known == note.as_str()) {
            Some((_, tests)) => tests.push(&test.hypothesis),
            None => notes.push((note, vec![&test.hypothesis])),
        }
    }
    for (note, tests) in notes {
        text += &format!("note: {}: {note}\n", tests.join("; "));
    }
    for one in &report.refused {
        text += &format!("note: {} cannot be had: {}\n", one.hypothesis, one.reason);
    }
    for (kind, name) in [("wald", "Wald tests"), ("hausman-mcfadden", "IIA tests")] {
        let rests = report.tests.iter().find(|test| test.kind == kind);
        if let Some(covariance) = rests.and_then(|test| test.covariance.as_ref()) {
            text += &format!("{name}: covariance: {covariance}\n");
        }
    }
    text
}

/// A fitted model for people.
pub(crate) fn model(report: &ModelReport) -> String {
    estimates(report, false)
}

fn estimates(report: &ModelReport, rrr: bool) -> String {
    let counts = report
        .outcomes
        .iter()
        .zip(&report.counts)
        .map(|(outcome, count)| format!("{outcome} {count}"));
    let intercept = report.coefficients.iter().any(|one| one.term == "(Intercept)");
    let null = if intercept { "constants only" } else { "null model" };
    let mut lines = vec![
        format!(
            "n = {} ({}); base outcome {}",
            report.n,
            counts.collect::<Vec<_>>().join(", "),
            report.base
        ),
        format!(
            "{} {:.4}, {null} {:.4}; {}",
            if report.pseudo_likelihood {
                "log pseudolikelihood"
            } else {
                "log-likelihood"
            },
            report.loglik,
            report.loglik_null,
            joint_test(report)
        ),
        if report.pseudo_likelihood {
            format!(
                "McFadden R2 {:.4} (of pseudolikelihoods; AIC and BIC mean nothing)",
                report.mcfadden_r2
            )
        } else {
            format!(
                "AIC {:.2}, BIC {:.2}, McFadden R2 {:.4}",
                report.aic, report.bic, report.mcfadden_r2
            )
        },
        format!(
            "{}: converged in {} iterations; gradient norm {:.1e}, condition number {:.1e}",
            report.method, report.iterations, report.gradient_norm, report.condition
        ),
        format!("standard errors: {}", report.vcov),
    ];
    if let Some(penalised) = report.loglik_penalised {
        lines.push(format!(
            "penalised log-likelihood {penalised:.4}; LR chi2 is of that"
        ));
    }
    for cause in &report.dropped {
        let Dropped {
            variable,
            rows,
            alone,
        } = cause;
        lines.push(format!(
            "left out: `{variable}` is missing in {rows} rows, in {alone} of them alone"
        ));
    }
    lines.extend(
        report
            .warnings
            .iter()
            .map(|warning| format!("warning: {warning}")),
    );
    lines.push(String::new());
    let widest = report
        .coefficients
        .iter()
        .map(|one| one.term.chars().count())
        .max()
        .unwrap_or_default()
        .max(4);
    let mut outcome = "";
    for one in &report.coefficients {
        if one.outcome != outcome {
            outcome = &one.outcome;
            let head = format!(
                "{:<widest$}  {:>11} {:>11} {:>8} {:>9}",
                "term",
                if rrr { "rrr" } else { "estimate" },
                "std error",
                "z",
                "p"
            );
            lines.push(format!("{outcome} against {}", report.base));
            lines.push(format!("{head}    {} interval", percent(report.level)));
        }
        let Coefficient {
            estimate,
            std_error,
            conf_low,
            conf_high,
            ..
        } = if rrr { relative_risk(one) } else { one.clone() };
        lines.push(format!(
            "{:<widest$}  {:>11} {:>11} {:>8.3} {:>9}    {} to {}",
            one.term,
            digits(estimate, 6),
            digits(std_error, 6),
            one.statistic,
            p_value(one.p_value),
            digits(conf_low, 4),
            digits(conf_high, 4),
        ));
    }
    lines.join("\n") + "\n"
}

/// The test of all terms: a likelihood ratio, or Wald where that has no known distribution.
fn joint_test(report: &ModelReport) -> String {
    match (&report.lr_note, &report.wald) {
        (None, _) => format!(
            "LR chi2({}) = {:.2}, p = {}",
            report.lr.df,
            // Of a model without terms rounding leaves a little on either side of nothing.
            if report.lr.df == 0 {
                0.0
            } else {
                report.lr.statistic
            },
            p_value(report.lr.p_value)
        ),
        (Some(_), Some(test)) => format!(
            "Wald chi2({}) = {:.2}, p = {}",
            test.df,
            test.statistic,
            p_value(test.p_value)
        ),
        (Some(_), None) => "no joint test with this covariance".to_owned(),
    }
}

/// Exponentials of a coefficient and its interval, the standard error by the delta method; the test stays that
/// of the coefficient.
fn relative_risk(coefficient: &Coefficient) -> Coefficient {
    let ratio = mlogit::relative_risk_ratio;
    let estimate = ratio(coefficient.estimate);
    Coefficient {
        estimate,
        std_error: estimate * coefficient.std_error,
        conf_low: ratio(coefficient.conf_low),
        conf_high: ratio(coefficient.conf_high),
        ..coefficient.clone()
    }
}

/// A number with so many decimals, or with a power of ten where they would show next to nothing of it or run on: a coefficient
/// of dollars is no zero.
fn digits(number: f64, decimals: usize) -> String {
    let size = number.abs();
    if number != 0.0 && !(1e-3..1e7).contains(&size) && number.is_finite() {
        format!("{number:.3e}")
    } else {
        format!("{number:.decimals$}")
    }
}

const PREDICTION_HEAD: [&str; 6] = ["outcome", "estimate", "std error", "low", "high", "at"];
const EFFECT_HEAD: [&str; 10] = [
    "variable",
    "contrast",
    "outcome",
    "estimate",
    "std error",
    "z",
    "p",
    "low",
    "high",
    "at",
];
const TEST_HEAD: [&str; 5] = ["test", "hypothesis", "chi2", "df", "p"];

fn prediction_cells(one: &Prediction) -> Vec<String> {
    let mut cells = vec![one.outcome.clone()];
    cells.extend([one.estimate, one.std_error, one.conf_low, one.conf_high].map(|number| digits(number, 6)));
    cells.push(at_words(&one.at, one.at_means));
    cells
}

fn effect_cells(one: &Effect) -> Vec<String> {
    let (p, low, high) = match &one.adjusted {
        Some(adjusted) => (adjusted.p_value, adjusted.conf_low, adjusted.conf_high),
        None => (one.p_value, one.conf_low, one.conf_high),
    };
    vec![
        one.variable.clone(),
        one.contrast.clone(),
        one.outcome.clone(),
        digits(one.estimate, 6),
        digits(one.std_error, 6),
        format!("{:.3}", one.statistic),
        p_value(p),
        digits(low, 6),
        digits(high, 6),
        at_words(&one.at, one.at_means),
    ]
}

fn test_cells(one: &Test) -> Vec<String> {
    vec![
        one.kind.clone(),
        one.hypothesis.clone(),
        format!("{:.4}", one.statistic),
        one.df.to_string(),
        p_value(one.p_value),
    ]
}

/// Rows under a head, each column as wide as its widest cell; numbers to the right.
fn aligned<const N: usize>(rows: impl Iterator<Item = Vec<String>>, head: &[&str; N]) -> String {
    let rows: Vec<Vec<String>> = std::iter::once(head.iter().map(|&name| name.to_owned()).collect())
        .chain(rows)
        .collect();
    table(&rows)
}

/// The same, the first row being the head.
pub(crate) fn table<R: AsRef<[String]>>(rows: &[R]) -> String {
    let columns = rows
        .iter()
        .map(|row| row.as_ref().len())
        .min()
        .unwrap_or_default();
    let width = |column: usize| {
        rows.iter()
            .map(|row| row.as_ref()[column].chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let numeric = |column: usize| {
        rows.iter()
            .skip(1)
            .all(|row| row.as_ref()[column].parse::<f64>().is_ok())
    };
    let numeric: Vec<bool> = (0..columns).map(numeric).collect();
    let line = |row: &R| {
        let cell = |(column, text): (usize, &String)| {
            let width = widths[column];
            if numeric[column] {
                format!("{text:>width$}")
            } else {
                format!("{text:<width$}")
            }
        };
        let cells: Vec<String> = row.as_ref()[..columns].iter().enumerate().map(cell).collect();
        format!("{}\n", cells.join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}

fn percent(level: f64) -> String {
    format!("{}%", (level * 1e6).round() / 1e4)
}

/// Predictions for people, one line each; of a curve every tenth.
pub(crate) fn predictions(predictions: &[Prediction]) -> String {
    let on_tenth = |value: &Value| match value {
        Value::Number(number) => (number * 5.0).fract().abs() < 1e-9 || *number > 1.0,
        Value::Level(_) => true,
    };
    let mut lines = String::new();
    for one in predictions.iter().filter(|one| one.at.values().all(on_tenth)) {
        let at = one.at.iter().map(|(name, value)| match value {
            Value::Number(number) => format!("{name} = {number:.3}"),
            Value::Level(level) => format!("{name} = {level}"),
        });
        lines += &format!(
            "{:<12} {:.4} ({:.4})  {:.4} to {:.4}   {}\n",
            one.outcome,
            one.estimate,
            one.std_error,
            one.conf_low,
            one.conf_high,
            at.collect::<Vec<_>>().join(", ")
        );
    }
    lines
}

/// Claims with their verdicts, and what each check found.
pub(crate) fn ledger(claims: &[ClaimReport]) -> String {
    claims.iter().map(claim).collect()
}

fn claim(claim: &ClaimReport) -> String {
    let ClaimReport {
        verdict,
        holds,
        contradicted,
        checks,
        ..
    } = claim;
    let undecided = checks.len() - holds - contradicted;
    let mut lines = format!(
        "\n({}) {}\n    {}: {holds} of {} checks hold, {contradicted} are contradicted, {undecided} undecided\n    \
         rule: {}\n",
        claim.key,
        claim.claim,
        verdict.words(),
        checks.len(),
        claim.rule
    );
    for one in &claim.power {
        lines += &format!(
            "    if the study were right: passes in {} of {} histories drawn by lot, contradicted in {}; if nothing \
             mattered: {} and {} [{}]\n",
            share(one.right.holds),
            one.draws,
            share(one.right.contradicted),
            share(one.nothing.holds),
            share(one.nothing.contradicted),
            one.model
        );
    }
    if let Some(note) = &claim.note {
        lines += &format!("    note: {note}\n");
    }
    for check in checks {
        let finding = match check.finding {
            Finding::Holds => "holds",
            Finding::Contradicted => "contradicted",
            Finding::Undecided => "undecided",
        };
        lines += &format!("    {finding:<12}  {}: {}\n", check.about, check.text);
    }
    lines
}

fn p_value(p: f64) -> String {
    if p == 0.0 {
        // Smaller than any double.
        "<1e-307".to_owned()
    } else if p < 1e-4 {
        format!("{p:.1e}")
    } else {
        format!("{p:.4}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_and_large_numbers_keep_their_digits() {
        assert_eq!(digits(0.0, 6), "0.000000");
        assert_eq!(digits(-0.25, 4), "-0.2500");
        assert_eq!(digits(3.217e-10, 6), "3.217e-10");
        assert_eq!(digits(-47_846_000.0, 4), "-4.785e7");
        assert_eq!(digits(f64::INFINITY, 4), "inf");
    }
}
