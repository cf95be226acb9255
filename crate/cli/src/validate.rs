//! `standfirm validate`: how well a model forecasts episodes it has not seen, and whether regime type helps it to.

use std::fmt::Write as _;

use standfirm::episodes;
use standfirm::findings::validation::{FoldUnit, Forecast, ScoreKind, Scores, Validation, validate};

use crate::{args, print};

pub(crate) fn run(options: &args::Validate) -> Result<String, Box<dyn std::error::Error>> {
    let specification = options.specification.read()?;
    let model = specification.find(&options.model)?;
    let clusters = FoldUnit::find(&options.by)?;
    let found = validate(
        &specification,
        &model,
        &episodes()?,
        clusters,
        options.folds,
        options.seed,
    )?;
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
                    "{:+.4} (se {:.4}, p {:.3})",
                    one.estimate, one.std_error, one.p_value
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
