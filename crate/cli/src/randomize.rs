//! `standfirm randomize`: how often random regimes give a difference as large as the one found.

use std::fmt::Write as _;

use indicatif::{ProgressBar, ProgressStyle};
use report::words::{capital, p_value, points};
use standfirm::episodes;
use standfirm::findings::contrasts::label;
use standfirm::findings::dealing::Dealt;
use standfirm::findings::randomization::{Randomization, Randomizing};
use standfirm::specification::options::Options as _;

use crate::{args, joint, print};

pub(crate) fn run(options: &args::Randomize) -> Result<String, Box<dyn std::error::Error>> {
    let ways = match options.by.as_deref() {
        Some(key) => vec![Dealt::find(key)?],
        None => Dealt::ALL.to_vec(),
    };
    if options.draws == 0 {
        return Err("--draws 0: regimes must be dealt out at least once".into());
    }
    if options.multiverse {
        return joint::run(options, &ways);
    }
    let specification = options.specification.read()?;
    let model = specification.find(&options.model)?;
    let episodes = episodes()?;
    // On standard error, and only where that is a terminal.
    let bar = ProgressBar::new((options.draws * ways.len()) as u64);
    bar.set_style(ProgressStyle::with_template(
        "{bar:40} {pos} of {len} draws, {per_sec}, {eta} left",
    )?);
    let mut found = Vec::new();
    for way in ways {
        let mut randomizing = Randomizing::new(
            &specification,
            &model,
            &episodes,
            way,
            options.draws,
            options.seed,
        )?;
        while randomizing.step() {
            bar.inc(1);
        }
        found.push(randomizing.found());
    }
    bar.finish_and_clear();
    if options.json {
        return print::json(&found);
    }
    let mut text = print::differences(&specification)?;
    for one in &found {
        text.push_str(&report(one)?);
    }
    Ok(text)
}

fn report(found: &Randomization) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    writeln!(
        text,
        "{} [{}], {} threats against {} targets: {} dealt out {} times, seed {}",
        found.label, found.model, found.n, found.targets, found.dealt, found.draws, found.seed
    )?;
    writeln!(
        text,
        "Difference in the probability of concession at high dependence, personalist minus others, in points\n"
    )?;
    let mut rows = vec![
        [
            "contrast",
            "difference",
            "95% interval",
            "t",
            "Wald’s test",
            "randomization",
            "5% exceed",
            "Wald’s test is wrong in",
        ]
        .map(str::to_owned),
    ];
    rows.extend(found.contrasts.iter().map(|one| {
        let effect = one.effect;
        [
            capital(&label(&one.others)),
            points(effect.estimate),
            format!("{} to {}", points(effect.conf_low), points(effect.conf_high)),
            format!("{:.3}", one.t),
            p_value(effect.p_value),
            p_value(one.randomization_p),
            format!("{:.3}", one.critical_t),
            format!("{:.1}%", one.wald_size * 100.0),
        ]
    }));
    text.push_str(&print::table(&rows));
    for sentence in found.sentences() {
        writeln!(text, "{sentence}")?;
    }
    text.push('\n');
    Ok(text)
}
