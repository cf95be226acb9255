//! `standfirm validate`: how well a model forecasts episodes it has not seen, and whether regime type helps it to.

use std::fmt::Write as _;

use indicatif::{ProgressBar, ProgressStyle};
use report::words::p_value;
use standfirm::episodes;
use standfirm::findings::validation::Validating;
use standfirm::findings::validation::folds::FoldUnit;
use standfirm::findings::validation::results::{Forecast, ScoreKind, Scores, Validation};

use crate::{args, print};

pub(crate) fn run(options: &args::Validate) -> Result<String, Box<dyn std::error::Error>> {
    let specification = options.specification.read()?;
    let model = specification.find(&options.model)?;
    let clusters = FoldUnit::find(&options.by)?;
    if options.repeats == 0 {
        return Err("--repeats 0: folds must be made at least once".into());
    }
    let mut validating = Validating::new(
        &specification,
        &model,
        &episodes()?,
        clusters,
        options.folds,
        options.seed,
        options.repeats,
    )?;
    // On standard error, and only where that is a terminal.
    let bar = ProgressBar::new(options.repeats as u64);
    bar.set_style(ProgressStyle::with_template(
        "{bar:40} {pos} of {len} ways to make folds, {eta} left",
    )?);
    while validating.step()? {
        bar.inc(1);
    }
    bar.finish_and_clear();
    let found = validating.found()?;
    if options.json {
        return print::json(&found);
    }
    Ok(print::differences(&specification)? + &report(&found)?)
}

fn report(found: &Validation) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    writeln!(
        text,
        "{} [{}]: {} threats in {} folds of whole {}s ({} of them), seed {}",
        found.label, found.model, found.n, found.folds, found.clusters, found.groups, found.seed
    )?;
    if found.unforecast > 0 {
        writeln!(
            text,
            "{} threats more cannot be forecast: only their own fold knows a regime of theirs",
            found.unforecast
        )?;
    }
    writeln!(text, "{}", found.sentences())?;
    if !found.spreads.is_empty() {
        writeln!(
            text,
            "\nCross-validated, over {} ways to make the folds: the model minus another forecast",
            found.repeats.len()
        )?;
        let mut rows = vec![
            [
                "score",
                "minus",
                "median",
                "19 in 20",
                "better",
                "surely better",
                "surely worse",
            ]
            .map(str::to_owned),
        ];
        rows.extend(found.spreads.iter().map(|one| {
            [
                match one.score {
                    ScoreKind::Log => "log".to_owned(),
                    ScoreKind::Brier => "Brier".to_owned(),
                },
                one.against.label().to_owned(),
                format!("{:+.4}", one.median),
                format!("{:+.4} to {:+.4}", one.low, one.high),
                one.better.to_string(),
                one.surely_better.to_string(),
                one.surely_worse.to_string(),
            ]
        }));
        text.push_str(&print::table(&rows));
    }
    let (outcome, count) = found.commonest;
    let outcome = found.outcomes.get(outcome).map_or("", String::as_str);
    writeln!(
        text,
        "\nAlways saying {outcome} would be right in {count} of {} ({:.1}%)",
        found.n,
        100.0 * count as f64 / found.n.max(1) as f64
    )?;
    for (title, scores) in [
        ("In sample", &found.in_sample),
        ("Cross-validated", &found.cross_validated),
    ] {
        writeln!(text, "\n{title} (log and Brier score: less is better)")?;
        text.push_str(&score_table(scores));
    }
    if let Some(model) = found.cross_validated.forecasts.first() {
        writeln!(
            text,
            "\nWhat happened, by what the model held likeliest (cross-validated)"
        )?;
        let mut rows = vec![
            [String::new()]
                .into_iter()
                .chain(found.outcomes.iter().cloned())
                .collect::<Vec<_>>(),
        ];
        for (outcome, counts) in found.outcomes.iter().zip(&model.confusion) {
            let counts = counts.iter().map(usize::to_string);
            rows.push([outcome.clone()].into_iter().chain(counts).collect());
        }
        text.push_str(&print::table(&rows));
        for (outcome, bins) in found.outcomes.iter().zip(&model.calibration) {
            writeln!(text, "\nCalibration of {outcome} (cross-validated)")?;
            let mut rows = vec![["forecast", "happened", "95% interval", "threats"].map(str::to_owned)];
            rows.extend(bins.iter().map(|bin| {
                [
                    format!("{:.3}", bin.forecast),
                    format!("{:.3}", bin.observed),
                    format!("{:.3} to {:.3}", bin.conf_low, bin.conf_high),
                    bin.n.to_string(),
                ]
            }));
            text.push_str(&print::table(&rows));
        }
    }
    Ok(text)
}

fn score_table(scores: &Scores) -> String {
    let mut rows = vec![
        [
            "forecast",
            "log",
            "model minus it",
            "Brier",
            "model minus it",
            "right",
        ]
        .map(str::to_owned),
    ];
    for score in &scores.forecasts {
        let against = |kind: ScoreKind| {
            let found = scores
                .differences
                .iter()
                .find(|one| one.against == score.forecast && one.score == kind);
            match found {
                Some(one) => format!(
                    "{:+.4} (se {:.4}, {})",
                    one.estimate,
                    one.std_error,
                    p_value(one.p_value)
                ),
                None => String::new(),
            }
        };
        let floored = match (score.forecast, score.floored) {
            (_, 0) | (Forecast::Shares, _) => String::new(),
            (_, some) => format!(", {some} near 0"),
        };
        rows.push([
            score.forecast.label().to_owned(),
            format!("{:.4}{floored}", score.log),
            against(ScoreKind::Log),
            format!("{:.4}", score.brier),
            against(ScoreKind::Brier),
            format!("{:.1}%", score.accuracy * 100.0),
        ]);
    }
    print::table(&rows)
}
