//! If the study were right: how often would the ledger's rules say so? And how often do they say so where nothing the
//! study speaks of matters?
//!
//! Outcomes are drawn by lot for the episodes of a model, everything else about them as it was; the model is fitted to
//! them as to the real ones, and the ledger's own rules judge the fit. Two worlds are drawn from:
//!
//! - *nothing*: probabilities of a model of the other controls alone, in which neither the regime, nor dependence, nor
//!   any control that a claim is about matters;
//! - *right*: the same with the log-odds of concession moved so that average probabilities are those of the claims.
//!   Without trade all concede as often as personalists do throughout; up to high dependence others rise, in
//!   proportion to the logarithm of dependence, to [`OTHERS`], and personalists stay. Each control that a claim is
//!   about makes a difference of [`CONTROL`] in the direction claimed: the study gives no size, and less counts as no
//!   difference.
//!
//! Every draw has random numbers of its own, so that any one can be made again.

use mlogit::{At, Column, Fit, Formula, FrameBuilder, Interval, Separation, Table};
use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::data::power::{Tally, World};
use crate::error::{Error, Result};
use crate::findings::claims;
use crate::findings::rules::{self, Finding};
use crate::fitting::fitted;
use crate::specification::Specification;
use crate::study::thesis::{STUDY, TRADE_SHARE};
use crate::study::{Model, Values};

/// Where others rise to at high dependence: the study has 0.3 at index 0, and 0.2 to 0.4 for regimes.
const OTHERS: f64 = 0.3;
/// Where personalists are: nearly 0 at index 1, about 0.15 by regime.
const BY_INDEX: f64 = 0.05;
const BY_REGIME: f64 = 0.15;
/// The difference that each control of a claim makes.
const CONTROL: f64 = rules::MARGIN;
/// Of the random numbers; each draw has a stream of its own.
const SEED: u64 = 1_945;

/// The models whose rules are tried: the study's main measure of dependence, for the index and for regimes.
pub fn models() -> impl Iterator<Item = &'static Model> {
    STUDY
        .models
        .iter()
        .filter(|model| model.dependence.key == TRADE_SHARE.key)
}

/// A model's episodes, ready for outcomes to be drawn.
#[derive(Debug)]
pub struct Histories<'a> {
    model: Model,
    episodes: &'a Table,
    /// Rows of the episodes that the model uses.
    rows: Vec<usize>,
    outcomes: Vec<String>,
    /// Row by row, the probability of each outcome where nothing matters.
    nothing: Vec<Vec<f64>>,
    /// The same where the study is right.
    right: Vec<Vec<f64>>,
}

impl<'a> Histories<'a> {
    /// Of a model on the study's own specification, without imputation.
    ///
    /// # Errors
    /// As [`fitted::fit`].
    pub fn new(model: &Model, episodes: &'a Table) -> Result<Self> {
        let specification = Specification::default();
        let prepared = specification.prepare(model, episodes)?;
        let fit = prepared.fit()?;
        let frame = fit.design().frame();
        let rows = frame.row_indices().to_vec();
        let outcomes = fit.design().outcomes().to_vec();
        let focus = outcomes.iter().position(|one| one == STUDY.focus);
        let focus = focus.ok_or(Error::Bundled)?;

        let claimed = |variable: &str| rules::CONTROLS.iter().any(|(_, known, _)| *known == variable);
        let controls = STUDY.controls.iter().filter(|one| !claimed(one.variable));
        let terms: Vec<&str> = controls.map(|one| one.term).collect();
        let outcome = specification.outcome.column();
        let formula = Formula::parse(&format!("{outcome} ~ {}", terms.join(" + ")))?;
        let nothing = others_alone(prepared.table(), &rows, prepared.base(), &formula)?;
        let nothing = probabilities(&nothing, outcomes.len())?;

        let dependence = frame.number(model.term())?;
        let high = model.high.of(dependence);
        let variable = model.explanation.variable;
        let (personalism, personalists): (Vec<f64>, f64) = match model.explanation.values {
            Values::UnitInterval { .. } => (frame.number(variable)?.to_vec(), BY_INDEX),
            Values::Levels(levels) => {
                let personalist = |level: &str| f64::from(u8::from(levels.first() == Some(&level)));
                (frame.category(variable)?.map(personalist).collect(), BY_REGIME)
            }
        };
        let way = dependence.iter().zip(personalism);
        let way = way.map(|(dependence, personalism)| dependence / high * (1.0 - personalism));
        let moves = rules::CONTROLS.iter().map(|&(_, variable, raises)| {
            let difference = if raises { CONTROL } else { -CONTROL };
            Ok((steps(frame.number(variable)?), difference))
        });
        let claimed = Claimed {
            log_odds: nothing.iter().map(|one| log_odds(one[focus])).collect(),
            way: way.collect(),
            ends: (personalists, OTHERS),
            controls: moves.collect::<Result<_>>()?,
        };
        let right = nothing.iter().zip(claimed.solve().chances(&claimed));
        let right = right
            .map(|(one, chance)| with_chance(one, focus, chance))
            .collect();
        Ok(Histories {
            model: *model,
            episodes,
            rows,
            outcomes,
            nothing,
            right,
        })
    }

    /// What the rules say to one history: each claim's key and the finding; nothing where the model cannot be fitted to
    /// it.
    ///
    /// # Errors
    /// Where a fit lacks a variable of the study.
    pub fn judge(&self, world: World, draw: u64) -> Result<Vec<(&'static str, Finding)>> {
        let table = self.table(world, draw)?;
        match fitted::fit(&Specification::default(), &self.model, &table) {
            Ok(fitted) => claims::findings(&fitted, &table),
            Err(_) => Ok(Vec::new()),
        }
    }

    /// The episodes with the outcomes of one history.
    fn table(&self, world: World, draw: u64) -> Result<Table> {
        let chances = match world {
            World::Right => &self.right,
            World::Nothing => &self.nothing,
        };
        let name = Specification::default().outcome.column();
        let known = self.episodes.text(name)?;
        let mut outcomes: Vec<Option<&str>> = (0..self.episodes.rows()).map(|row| known.get(row)).collect();
        let mut random = ChaCha12Rng::seed_from_u64(SEED);
        random.set_stream(draw);
        for (row, chances) in self.rows.iter().zip(chances) {
            // As many bits as a double has.
            let uniform = (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
            outcomes[*row] = self.outcomes.get(drawn(chances, uniform)).map(String::as_str);
        }
        let mut table = Table::new();
        for column in self.episodes.names() {
            let values = if column == name {
                Column::text_or_missing(outcomes.iter().copied())
            } else {
                self.episodes.column(column)?.clone()
            };
            table.insert(column.as_str(), values)?;
        }
        Ok(table)
    }
}

/// Tallies of a model's claims in a world over the first `draws` histories, with what each of the first [`SHOWN`] said:
/// H, C or U, or a dash where the model could not be fitted. `done` is told of every history.
///
/// # Errors
/// As [`Histories::judge`].
pub fn tally(
    histories: &Histories<'_>,
    world: World,
    draws: usize,
    mut done: impl FnMut(),
) -> Result<Vec<(Tally, String)>> {
    let mut tallies: Vec<(Tally, String)> = Vec::new();
    for draw in 0..draws {
        let findings = histories.judge(world, draw as u64)?;
        for (claim, finding) in findings {
            let position = tallies.iter().position(|(tally, _)| tally.claim == claim);
            let position = position.unwrap_or_else(|| {
                let tally = Tally {
                    claim: claim.to_owned(),
                    model: histories.model.key(),
                    world: world.key().to_owned(),
                    draws,
                    holds: 0,
                    contradicted: 0,
                };
                tallies.push((tally, String::new()));
                tallies.len() - 1
            });
            let (tally, first) = &mut tallies[position];
            tally.holds += usize::from(finding == Finding::Holds);
            tally.contradicted += usize::from(finding == Finding::Contradicted);
            if draw < SHOWN {
                while first.len() < draw {
                    first.push('-');
                }
                first.push(letter(finding));
            }
        }
        done();
    }
    Ok(tallies)
}

/// How many histories are told one by one, so that they can be made again and compared.
pub const SHOWN: usize = 10;

fn letter(finding: Finding) -> char {
    match finding {
        Finding::Holds => 'H',
        Finding::Contradicted => 'C',
        Finding::Undecided => 'U',
    }
}

/// The model without anything that a claim is about, on the same rows.
fn others_alone(table: &Table, rows: &[usize], base: &str, formula: &Formula) -> Result<Fit> {
    let mut sample = Table::new();
    for name in table.names() {
        sample.insert(name.as_str(), table.column(name)?.select(rows))?;
    }
    let frame = FrameBuilder::new().base(base).build(&sample, formula)?;
    Ok(frame.design()?.fit_with(Separation::Limit)?)
}

/// The probability of each outcome, row by row.
fn probabilities(fit: &Fit, outcomes: usize) -> Result<Vec<Vec<f64>>> {
    let rows = fit.predictions_by_row(&At::observed(), &Interval::Delta)?;
    let row = |row: &[mlogit::RowEstimate<'_>]| row.iter().map(|one| one.estimate).collect();
    Ok(rows.chunks(outcomes).map(row).collect())
}

fn log_odds(chance: f64) -> f64 {
    libm::log(chance / (1.0 - chance))
}

fn chance(log_odds: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-log_odds))
}

/// The probabilities of a row where that of one outcome is another one: the others keep their proportions.
fn with_chance(chances: &[f64], focus: usize, chance: f64) -> Vec<f64> {
    let times = (1.0 - chance) / (1.0 - chances[focus]);
    let each = chances.iter().enumerate();
    each.map(|(outcome, known)| if outcome == focus { chance } else { known * times })
        .collect()
}

/// The outcome that a number between 0 and 1 falls on.
fn drawn(chances: &[f64], uniform: f64) -> usize {
    let mut below = 0.0;
    let falls = |chance: &f64| {
        below += chance;
        uniform < below
    };
    chances.iter().position(falls).unwrap_or(chances.len() - 1)
}

/// Where a control stands between the ends of its movement, from 0 to 1; beyond them nothing more happens.
fn steps(values: &[f64]) -> Vec<f64> {
    let (low, high) = rules::ends(values);
    let step = |value: &f64| ((value - low) / (high - low)).clamp(0.0, 1.0);
    values.iter().map(step).collect()
}

/// What the study claims of a model's episodes.
struct Claimed {
    /// Log-odds of concession where nothing matters, row by row.
    log_odds: Vec<f64>,
    /// How far each row is on the way from the first of `ends` to the second: 1 at high dependence for others.
    way: Vec<f64>,
    /// Average probabilities at both ends of the way.
    ends: (f64, f64),
    /// Where each row stands between the ends of each control, and the average difference these make.
    controls: Vec<(Vec<f64>, f64)>,
}

/// By how much log-odds move so that all of it is so.
struct Moved {
    ends: (f64, f64),
    controls: Vec<f64>,
}

/// Rounds of finding each move given the others.
const ROUNDS: usize = 50;

impl Claimed {
    /// Finds the moves in turn, each given the others.
    fn solve(&self) -> Moved {
        let mut moved = Moved {
            ends: (0.0, 0.0),
            controls: vec![0.0; self.controls.len()],
        };
        for _ in 0..ROUNDS {
            let all_at =
                |end: f64| self.average(|row| self.log_odds[row] + end + moved.of_controls(self, row));
            moved.ends = (
                bisect(|end| all_at(end) - self.ends.0),
                bisect(|end| all_at(end) - self.ends.1),
            );
            for (position, (steps, difference)) in self.controls.iter().enumerate() {
                let without = |row: usize| moved.log_odds(self, row) - moved.controls[position] * steps[row];
                let makes = |by: f64| self.average(|row| without(row) + by) - self.average(without);
                moved.controls[position] = bisect(|by| makes(by) - difference);
            }
        }
        moved
    }

    /// The average probability of concession where rows have these log-odds.
    fn average(&self, log_odds: impl Fn(usize) -> f64) -> f64 {
        let rows = self.log_odds.len();
        (0..rows).map(|row| chance(log_odds(row))).sum::<f64>() / rows as f64
    }
}

impl Moved {
    fn of_controls(&self, claimed: &Claimed, row: usize) -> f64 {
        let each = claimed.controls.iter().zip(&self.controls);
        each.map(|((steps, _), by)| by * steps[row]).sum()
    }

    fn log_odds(&self, claimed: &Claimed, row: usize) -> f64 {
        let (first, last) = self.ends;
        claimed.log_odds[row] + first + (last - first) * claimed.way[row] + self.of_controls(claimed, row)
    }

    fn chances(&self, claimed: &Claimed) -> Vec<f64> {
        let rows = 0..claimed.log_odds.len();
        rows.map(|row| chance(self.log_odds(claimed, row))).collect()
    }
}

/// Where a function that grows is zero.
fn bisect(of: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (-30.0, 30.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if of(middle) < 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_falls_on_an_outcome_as_often_as_it_is_likely() {
        let chances = [0.2, 0.5, 0.3];
        let falls: Vec<usize> = [0.0, 0.199, 0.2, 0.699, 0.7, 0.999]
            .map(|one| drawn(&chances, one))
            .into();
        assert_eq!(falls, [0, 0, 1, 1, 2, 2]);
        assert_eq!(drawn(&[0.5, 0.499], 0.9999), 1, "rounding leaves no gap");
    }

    #[test]
    fn other_outcomes_keep_their_proportions() {
        let moved = with_chance(&[0.2, 0.6, 0.2], 0, 0.6);
        let right = [0.6, 0.3, 0.1];
        assert!(
            moved.iter().zip(right).all(|(a, b)| (a - b).abs() < 1e-12),
            "{moved:?}"
        );
    }

    #[test]
    fn a_control_stands_between_its_ends() {
        assert_eq!(steps(&[0.0, 1.0, 1.0]), [0.0, 1.0, 1.0]);
        let measure: Vec<f64> = (0..=10).map(f64::from).collect();
        assert_eq!(steps(&measure)[..3], [0.0, 0.0, 0.125]);
        assert_eq!(steps(&measure)[8..], [0.875, 1.0, 1.0]);
    }

    #[test]
    fn what_is_claimed_comes_out_on_average() {
        let claimed = Claimed {
            log_odds: vec![-2.0, -1.0, 0.5, 1.0],
            way: vec![0.0, 0.3, 1.0, 0.0],
            ends: (0.15, 0.3),
            controls: vec![(vec![0.0, 1.0, 0.0, 1.0], 0.1), (vec![1.0, 0.5, 0.0, 0.0], -0.1)],
        };
        let moved = claimed.solve();
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} and {b}");
        let controls = |row| moved.of_controls(&claimed, row);
        close(
            claimed.average(|row| claimed.log_odds[row] + moved.ends.0 + controls(row)),
            0.15,
        );
        close(
            claimed.average(|row| claimed.log_odds[row] + moved.ends.1 + controls(row)),
            0.3,
        );
        for (position, (steps, difference)) in claimed.controls.iter().enumerate() {
            let at = |step: f64| {
                claimed.average(|row| {
                    moved.log_odds(&claimed, row) + moved.controls[position] * (step - steps[row])
                })
            };
            close(at(1.0) - at(0.0), *difference);
        }
        let chances = moved.chances(&claimed);
        close(
            chances.iter().sum::<f64>() / 4.0,
            claimed.average(|row| moved.log_odds(&claimed, row)),
        );
    }
}
