//! What the commands print.

use std::io::Write as _;
use std::process::ExitCode;

use standfirm::report::{Dropped, ModelReport, Prediction, Value};

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

/// A fitted model for people.
pub(crate) fn model(report: &ModelReport) -> String {
    let counts = report
        .outcomes
        .iter()
        .zip(&report.counts)
        .map(|(outcome, count)| format!("{outcome} {count}"));
    let mut lines = vec![
        format!(
            "n = {} ({}); base outcome {}",
            report.n,
            counts.collect::<Vec<_>>().join(", "),
            report.base
        ),
        format!(
            "log-likelihood {:.4}, constants only {:.4}; LR chi2({}) = {:.2}, p = {}",
            report.loglik,
            report.loglik_null,
            report.lr.df,
            report.lr.statistic,
            p_value(report.lr.p_value)
        ),
        format!(
            "AIC {:.2}, BIC {:.2}, McFadden R2 {:.4}",
            report.aic, report.bic, report.mcfadden_r2
        ),
        format!(
            "converged in {} iterations; gradient norm {:.1e}, condition number {:.1e}",
            report.iterations, report.gradient_norm, report.condition
        ),
    ];
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
                "term", "estimate", "std error", "z", "p"
            );
            lines.push(format!("{outcome} against {}", report.base));
            lines.push(format!("{head}    95 % interval"));
        }
        lines.push(format!(
            "{:<widest$}  {:>11.6} {:>11.6} {:>8.3} {:>9}    {:.4} to {:.4}",
            one.term,
            one.estimate,
            one.std_error,
            one.statistic,
            p_value(one.p_value),
            one.conf_low,
            one.conf_high
        ));
    }
    lines.join("\n") + "\n"
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

fn p_value(p: f64) -> String {
    if p < 1e-4 {
        format!("{p:.1e}")
    } else {
        format!("{p:.4}")
    }
}
