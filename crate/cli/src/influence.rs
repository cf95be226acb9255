//! `standfirm influence`: what becomes of the main result without each target, sender, year or episode.

use std::fmt::Write as _;

use report::words::points;
use standfirm::episodes;
use standfirm::findings::influence::{By, Influence, LeftOut, influence};

use crate::{args, print};

pub(crate) fn run(options: &args::Influence) -> Result<String, Box<dyn std::error::Error>> {
    let specification = options.specification.read()?;
    let model = specification.find(&options.model)?;
    let episodes = episodes()?;
    let by = match options.by.as_deref() {
        Some(key) => vec![By::find(key)?],
        None => By::ALL.to_vec(),
    };
    let found = by
        .into_iter()
        .map(|by| influence(&specification, &model, &episodes, by))
        .collect::<Result<Vec<_>, _>>()?;
    if options.json {
        return print::json(&found);
    }
    let mut text = print::differences(&specification)?;
    for one in &found {
        text.push_str(&report(one, options.top)?);
    }
    Ok(text)
}

fn report(found: &Influence, top: usize) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    writeln!(
        text,
        "{} [{}], {} threats, without each {}: probability of concession, {}, at high dependence",
        found.label,
        found.model,
        found.n,
        found.by.key(),
        found.effect
    )?;
    writeln!(text, "{}\n", found.sentences())?;
    let whole = &found.whole;
    let mut rows = vec![[
        format!("without {}", found.by.key()),
        "threats".to_owned(),
        "difference".to_owned(),
        "95% interval".to_owned(),
        "change".to_owned(),
        "interaction".to_owned(),
        "change".to_owned(),
    ]];
    rows.push([
        "(none)".to_owned(),
        String::new(),
        points(whole.effect.estimate),
        format!(
            "{} to {}",
            points(whole.effect.conf_low),
            points(whole.effect.conf_high)
        ),
        String::new(),
        format!("{:.4}", whole.interaction),
        String::new(),
    ]);
    rows.extend(found.left_out.iter().take(top).map(row));
    text.push_str(&print::table(&rows));
    for one in found.left_out.iter().filter(|one| one.found.is_none()) {
        writeln!(text, "without {}: {}", one.label, one.remarks.join("; "))?;
    }
    text.push('\n');
    Ok(text)
}

fn row(one: &LeftOut) -> [String; 7] {
    let found = one.found;
    let words = |value: Option<f64>, digits: usize| match value {
        Some(value) => format!("{value:+.digits$}"),
        None => "none".to_owned(),
    };
    [
        one.label.clone(),
        one.episodes.to_string(),
        found.map_or_else(|| "none".to_owned(), |found| points(found.effect.estimate)),
        found.map_or_else(String::new, |found| {
            format!(
                "{} to {}",
                points(found.effect.conf_low),
                points(found.effect.conf_high)
            )
        }),
        words(one.effect_change.map(|change| change * 100.0), 1),
        found.map_or_else(|| "none".to_owned(), |found| format!("{:.4}", found.interaction)),
        words(one.interaction_change, 4),
    ]
}
