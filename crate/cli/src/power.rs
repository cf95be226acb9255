//! `standfirm power`: how often the ledger's rules pass if the study were right, and if nothing mattered.

use std::fmt::Write as _;

use indicatif::{ProgressBar, ProgressStyle};
use standfirm::data::power::World;
use standfirm::episodes;
use standfirm::findings::power::{Histories, models, tally};

use crate::args;

/// What `data/power.csv` has.
pub(crate) fn run(options: &args::Power) -> Result<String, Box<dyn std::error::Error>> {
    let episodes = episodes()?;
    let fits = options.draws * World::ALL.len() * models().count();
    // On standard error, and only where that is a terminal.
    let bar = ProgressBar::new(fits as u64);
    bar.set_style(ProgressStyle::with_template(
        "{bar:40} {pos} of {len} fits, {eta} left",
    )?);
    let mut text = "claim,model,world,draws,holds,contradicted,first\n".to_owned();
    for model in models() {
        let histories = Histories::new(model, &episodes)?;
        for world in World::ALL {
            for (one, first) in tally(&histories, world, options.draws, || bar.inc(1))? {
                writeln!(
                    text,
                    "{},{},{},{},{},{},{first}",
                    one.claim, one.model, one.world, one.draws, one.holds, one.contradicted
                )?;
            }
        }
    }
    bar.finish_and_clear();
    Ok(text)
}
