//! How often each rule of the ledger passes where it is known what is so: `data/power.csv`, which `standfirm power` makes
//! and of which `build.rs` keeps what is shown.

use crate::error::{Error, Result};

/// A line for each rule in each world: claim, model, world, draws, holds, contradicted, with tabs between.
const POWER: &str = include_str!(concat!(env!("OUT_DIR"), "/power.txt"));

/// A world in which outcomes are drawn by lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum World {
    /// The study is right: targets concede as often as it claims.
    Right,
    /// Nothing that the study speaks of matters.
    Nothing,
}

impl World {
    /// Both.
    pub const ALL: [World; 2] = [World::Right, World::Nothing];

    /// As the file has it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            World::Right => "right",
            World::Nothing => "nothing",
        }
    }
}

/// What a rule said to many histories of one world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// The claim's key in the ledger.
    pub claim: String,
    /// The model's key.
    pub model: String,
    /// The world's key.
    pub world: String,
    /// Histories drawn.
    pub draws: usize,
    /// In how many of them the rule held.
    pub holds: usize,
    /// In how many it was contradicted.
    pub contradicted: usize,
}

/// What was recorded of a claim.
///
/// # Errors
/// [`Error::Bundled`], which a program that was built whole does not return.
pub fn recorded(claim: &str) -> Result<Vec<Tally>> {
    let mut tallies = Vec::new();
    for line in POWER.lines() {
        let tally = tally(line).ok_or(Error::Bundled)?;
        if tally.claim == claim {
            tallies.push(tally);
        }
    }
    Ok(tallies)
}

fn tally(line: &str) -> Option<Tally> {
    let mut cells = line.split('\t');
    let mut word = || cells.next().map(str::to_owned);
    let (claim, model, world) = (word()?, word()?, word()?);
    let mut count = || cells.next()?.parse().ok();
    Some(Tally {
        claim,
        model,
        world,
        draws: count()?,
        holds: count()?,
        contradicted: count()?,
    })
}
