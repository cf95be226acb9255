//! `standfirm randomize --multiverse`: how often random regimes give combinations that say as much, taken together.

use indicatif::{ProgressBar, ProgressStyle};
use standfirm::episodes;
use standfirm::exhibits::joint::{about, grid, sentences};
use standfirm::findings::dealing::Dealt;
use standfirm::findings::multiverse::Multiverse;
use standfirm::findings::multiverse::joint::{Joint, JointTest};

use crate::{args, print, threads};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

pub(crate) fn run(options: &args::Randomize, ways: &[Dealt]) -> Result<String> {
    if options.fits == 0 {
        return Err("--fits 0: at least one fit must be drawn".into());
    }
    // On standard error, and only where that is a terminal. One fitting more, with regimes as they were.
    let bar = ProgressBar::new(((options.draws + 1) * ways.len()) as u64);
    bar.set_style(ProgressStyle::with_template(
        "{bar:40} {pos} of {len} draws, {per_sec}, {eta} left",
    )?);
    let (multiverse, episodes) = (Multiverse::new()?, episodes()?);
    let mut found = Vec::new();
    for way in ways {
        let joint = Joint::new(
            multiverse.clone(),
            episodes.clone(),
            *way,
            options.fits,
            options.seed,
        )?;
        let mut all = threads::run(options.draws + 1, threads::count(options.threads), |piece| {
            let overall = match piece.checked_sub(1) {
                None => joint.as_it_was(),
                Some(draw) => joint.draw(draw as u64),
            };
            bar.inc(1);
            overall
        })?;
        let draws = all.split_off(1);
        if let [as_it_was] = all.as_slice() {
            found.push(joint.test(as_it_was, &draws));
        }
    }
    bar.finish_and_clear();
    if options.json {
        return print::json(&found);
    }
    let mut text: String = found.iter().map(report).collect();
    for (term, words) in about().iter().filter(|(term, _)| term != "Source") {
        text.push_str(&format!("{term}. {words}\n"));
    }
    Ok(text)
}

fn report(found: &JointTest) -> String {
    let grid = grid(found);
    let mut text = format!("{}\n{}\n\n", grid.title, grid.notes.join(" "));
    let mut rows = vec![vec![grid.head.clone()]];
    rows[0].extend(grid.columns.iter().map(|column| column.label.clone()));
    for row in grid.bodies.iter().flat_map(|body| &body.rows) {
        let cells = row.cells.iter().map(|cell| cell.text.clone());
        rows.push([row.label.clone()].into_iter().chain(cells).collect());
    }
    text.push_str(&print::table(&rows));
    for sentence in sentences(found) {
        text.push_str(&format!("{sentence}\n"));
    }
    text.push('\n');
    text
}
