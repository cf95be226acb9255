//! Randomization inference: how often regimes dealt out at random give a difference as large as the one found.
//!
//! If the regime of the target made no difference, any other order of the regimes would have been as likely as the one
//! that was. So regimes are dealt out anew many times, the model is fitted to each, and the p-value is the share of them
//! in which |t| of the contrast at high dependence is at least that of the data as they are, these counted in:
//! (1 + count) / (1 + draws) (Fisher 1935; Phipson and Smyth 2010). No distribution is assumed. A t with its standard
//! error is compared rather than the difference alone, since then the test also holds, with many episodes, where regimes
//! differ in more than their mean (Chung and Romano 2013).

use mlogit::{Design, Fit, Separation, Table};
use rand_chacha::ChaCha12Rng;
use report::words::p_value;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::findings::contrasts::{Compared, contrasts, label};
use crate::findings::dealing::{Dealt, drawn_out, exchanged, histories};
use crate::findings::effect::{MainEffect, WIDE};
use crate::findings::shuffle::random;
use crate::specification::Specification;
use crate::specification::prepared::Prepared;
use crate::study::Model;
use crate::study::thesis::LEVEL;

/// How often regimes are dealt out.
pub const DRAWS: usize = 999;
/// Seed of the draws: the first and the last year of the episodes.
pub const SEED: u64 = 19_452_005;
/// As large as the t found, to rounding: the same regimes in another order of the rows give it again.
const AS_LARGE: f64 = 1.0 - 1e-9;

/// A model's contrasts at high dependence with the p-values of the randomization test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Randomization {
    /// The model's key.
    pub model: String,
    /// Words for the model.
    pub label: String,
    /// What was dealt out: the key of a [`Dealt`].
    pub dealt: String,
    /// Episodes of the model.
    pub n: usize,
    /// Targets among them.
    pub targets: usize,
    /// Dependence that counts as high, on the model's scale.
    pub high_dependence: f64,
    /// How often regimes were dealt out.
    pub draws: usize,
    /// Seed of the draws.
    pub seed: u64,
    /// Draws of which the model could not be estimated; they count neither for nor against.
    pub failed: usize,
    /// The first reason why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_failure: Option<String>,
    /// The contrasts, personalist minus others.
    pub contrasts: Vec<Randomized>,
}

/// A contrast with what random regimes make of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Randomized {
    /// Who the others are.
    pub others: String,
    /// The contrast as it is; its `p_value` is Wald's.
    #[serde(flatten)]
    pub effect: MainEffect,
    /// Estimate by standard error.
    pub t: f64,
    /// Draws with at least as large an absolute t.
    pub as_large: usize,
    /// (1 + as large) / (1 + draws that could be estimated).
    pub randomization_p: f64,
    /// The same if every draw that could not be estimated were as large.
    pub randomization_p_at_most: f64,
    /// The absolute t that one draw in twenty exceeds: Wald's test has 1.96 there.
    pub critical_t: f64,
    /// Share of the draws in which Wald's test finds a difference at 5%, though there is none.
    pub wald_size: f64,
}

impl Randomized {
    /// Whether Wald's test and the randomization test say the same at 5%.
    #[must_use]
    pub fn agree(&self) -> bool {
        (self.effect.p_value < LEVEL) == (self.randomization_p < LEVEL)
    }
}

/// Tests a model's contrasts at high dependence by dealing out regimes.
///
/// # Errors
/// As [`Randomizing::new`].
pub fn randomize(
    specification: &Specification,
    model: &Model,
    episodes: &Table,
    dealt: Dealt,
    draws: usize,
    seed: u64,
) -> Result<Randomization> {
    let mut randomizing = Randomizing::new(specification, model, episodes, dealt, draws, seed)?;
    while randomizing.step() {}
    Ok(randomizing.found())
}

/// The same, one draw after the other: for work that is watched.
#[derive(Debug)]
pub struct Randomizing {
    prepared: Prepared,
    design: Design,
    high: f64,
    dealt: Dealt,
    draws: usize,
    seed: u64,
    /// The rows of each target, in the order of their years.
    histories: Vec<Vec<usize>>,
    observed: Vec<Compared>,
    /// For each contrast |t| in each draw that could be estimated.
    drawn: Vec<Vec<f64>>,
    done: usize,
    failures: usize,
    first_failure: Option<String>,
}

impl Randomizing {
    /// With nothing dealt out yet.
    ///
    /// # Errors
    /// [`Error::Imputed`] for a model of imputed values, which would be others with other regimes; else why the model cannot
    /// be estimated.
    pub fn new(
        specification: &Specification,
        model: &Model,
        episodes: &Table,
        dealt: Dealt,
        draws: usize,
        seed: u64,
    ) -> Result<Self> {
        if model.dependence.imputed {
            return Err(Error::Imputed { key: model.key() });
        }
        let prepared = specification.prepare(model, episodes)?;
        let fit = prepared.fit()?;
        let high = model.high.of(fit.design().frame().number(model.term())?);
        let observed = contrasts(model, &fit, high)?;
        Ok(Randomizing {
            histories: histories(prepared.table(), fit.design().frame().row_indices())?,
            design: fit.design().clone(),
            drawn: vec![Vec::new(); observed.len()],
            prepared,
            high,
            dealt,
            draws,
            seed,
            observed,
            done: 0,
            failures: 0,
            first_failure: None,
        })
    }

    /// Deals regimes out once more; `false` where that was done as often as was asked for.
    pub fn step(&mut self) -> bool {
        if self.done == self.draws {
            return false;
        }
        match self.drawn(self.done as u64) {
            Ok(found) => {
                for (drawn, one) in self.drawn.iter_mut().zip(found) {
                    drawn.push(t(&one).abs());
                }
            }
            Err(error) => {
                self.failures += 1;
                self.first_failure.get_or_insert_with(|| error.to_string());
            }
        }
        self.done += 1;
        true
    }

    /// How many draws are done with, and of how many.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        (self.done, self.draws)
    }

    /// What was found so far.
    #[must_use]
    pub fn found(&self) -> Randomization {
        let model = self.prepared.model();
        let pairs = self.observed.iter().zip(&self.drawn);
        Randomization {
            model: model.key(),
            label: model.label(),
            dealt: self.dealt.key().to_owned(),
            n: self.design.rows(),
            targets: self.histories.len(),
            high_dependence: self.high,
            draws: self.done,
            seed: self.seed,
            failed: self.failures,
            first_failure: self.first_failure.clone(),
            contrasts: pairs.map(|(one, drawn)| self.judged(one, drawn)).collect(),
        }
    }

    fn judged(&self, observed: &Compared, drawn: &[f64]) -> Randomized {
        let t = t(observed);
        let as_large = drawn.iter().filter(|one| **one >= t.abs() * AS_LARGE).count();
        let share = |count: usize, all: usize| (1 + count) as f64 / (1 + all) as f64;
        let wrong = drawn.iter().filter(|one| **one > WIDE).count();
        Randomized {
            others: observed.others.clone(),
            effect: observed.effect,
            t,
            as_large,
            randomization_p: share(as_large, drawn.len()),
            randomization_p_at_most: share(as_large + self.failures, self.done),
            critical_t: mlogit::order::quantile(drawn, 1.0 - LEVEL),
            wald_size: wrong as f64 / drawn.len().max(1) as f64,
        }
    }

    /// The contrasts with regimes dealt out.
    fn drawn(&self, draw: u64) -> Result<Vec<Compared>> {
        let model = self.prepared.model();
        let from = self.from(&mut random(self.seed, draw));
        let design = self.design.rearranged(model.explanation.variable, &from)?;
        let fit = self.fit(design)?;
        contrasts(model, &fit, self.high)
    }

    /// For each row the row whose regime it gets.
    fn from(&self, random: &mut ChaCha12Rng) -> Vec<usize> {
        let rows = self.design.rows();
        match self.dealt {
            Dealt::Episodes => exchanged(&[(0..rows).collect()], rows, random),
            Dealt::Histories => {
                let targets = self.histories.len();
                let givers = exchanged(&[(0..targets).collect()], targets, random);
                drawn_out(&self.histories, &givers, rows)
            }
        }
    }

    /// The model with regimes dealt out. A term of regime or dependence without a finite estimate is no estimate, as in
    /// the model itself.
    fn fit(&self, design: Design) -> Result<Fit> {
        let model = self.prepared.model();
        let fit = design
            .fit_with(Separation::Limit)?
            .with_covariance(self.prepared.covariance())?;
        let about = |term: &str| {
            let mut variables = term
                .split(':')
                .map(|piece| piece.split('[').next().unwrap_or_default());
            variables.any(|name| name == model.explanation.variable || name == model.term())
        };
        let infinite = fit
            .coefficients()
            .find(|one| !one.estimate.is_finite() && about(&one.term));
        match infinite {
            None => Ok(fit),
            Some(one) => Err(Error::Separated {
                terms: format!("no finite estimate of {} for {}", one.term, one.outcome),
            }),
        }
    }
}

fn t(one: &Compared) -> f64 {
    one.effect.estimate / one.effect.std_error
}

impl Randomization {
    /// What a reader should know, a sentence for each contrast and one about the draws.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        let one = |one: &Randomized| {
            let (wald, randomized) = (p_value(one.effect.p_value), p_value(one.randomization_p));
            let verdict = match (one.agree(), one.effect.p_value < LEVEL) {
                (true, true) => "Both tests find a difference.",
                (true, false) => "Neither test finds a difference.",
                (false, true) => "The two disagree: only Wald’s test finds a difference.",
                (false, false) => "The two disagree: only the randomization test finds a difference.",
            };
            format!(
                "{}: {wald} by Wald’s test, {randomized} by randomization. {verdict} With random regimes Wald’s test, which \
                 should be wrong in 5% of the draws, is wrong in {:.1}%.",
                report::words::capital(&label(&one.others)),
                one.wald_size * 100.0
            )
        };
        let mut sentences: Vec<String> = self.contrasts.iter().map(one).collect();
        if self.failed > 0 {
            let most = self
                .contrasts
                .iter()
                .map(|one| one.randomization_p_at_most)
                .fold(0.0, f64::max);
            sentences.push(format!(
                "{} of {} draws could not be estimated and are left out; had all of them been as large, p would be at most \
                 {most:.3}.",
                self.failed, self.draws
            ));
        }
        sentences
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::episodes::episodes;

    fn started(key: &str, dealt: Dealt, draws: usize) -> Randomizing {
        let specification = Specification::default();
        let model = specification.find(key).unwrap();
        Randomizing::new(&specification, &model, &episodes().unwrap(), dealt, draws, 7).unwrap()
    }

    /// The episode table with regimes dealt out, from which the model is made as if nothing were special.
    fn dealt_out(randomizing: &Randomizing, specification: &Specification, from: &[usize]) -> Table {
        let episodes = episodes().unwrap();
        let variable = randomizing.prepared.model().explanation.variable;
        let sample = specification.sample(&episodes).unwrap();
        let used: Vec<usize> = randomizing
            .design
            .frame()
            .row_indices()
            .iter()
            .map(|row| sample[*row])
            .collect();
        let mut table = Table::new();
        for name in episodes.names() {
            let column = episodes.column(name).unwrap();
            let column = if name == variable {
                let mut source: Vec<usize> = (0..episodes.rows()).collect();
                for (row, giver) in from.iter().enumerate() {
                    source[used[row]] = used[*giver];
                }
                column.select(&source)
            } else {
                column.clone()
            };
            table.insert(name.clone(), column).unwrap();
        }
        table
    }

    /// A draw is the model fitted from scratch to a table in which regimes were dealt out.
    #[test]
    fn draws_are_those_of_fits_from_scratch() {
        let specification = Specification::default();
        for (key, dealt) in [
            ("index:trade_share", Dealt::Episodes),
            ("regime:import_share", Dealt::Histories),
        ] {
            let randomizing = started(key, dealt, 3);
            let model = *randomizing.prepared.model();
            let mut compared = 0;
            for draw in 0..3 {
                let from = randomizing.from(&mut random(7, draw));
                let table = dealt_out(&randomizing, &specification, &from);
                let anew = specification
                    .prepare(&model, &table)
                    .and_then(|prepared| prepared.fit());
                match (anew, randomizing.drawn(draw)) {
                    (Ok(fit), Ok(found)) => {
                        compared += 1;
                        let anew = contrasts(&model, &fit, randomizing.high).unwrap();
                        for (a, b) in anew.iter().zip(&found) {
                            assert_eq!(a.others, b.others);
                            assert!((t(a) - t(b)).abs() < 1e-8, "{a:?} is not {b:?}");
                        }
                    }
                    (Err(_), Err(_)) => {}
                    (a, b) => panic!("{:?} is not {b:?}", a.map(|fit| fit.n())),
                }
            }
            assert!(compared > 0);
        }
    }

    #[test]
    fn episodes_keep_every_regime_and_histories_their_order() {
        let randomizing = started("index:trade_share", Dealt::Episodes, 1);
        let mut from = randomizing.from(&mut random(7, 0));
        assert_ne!(from, randomizing.from(&mut random(7, 1)));
        from.sort_unstable();
        assert!(from.into_iter().eq(0..randomizing.design.rows()));

        let randomizing = started("index:trade_share", Dealt::Histories, 1);
        let from = randomizing.from(&mut random(7, 0));
        let owner = |row: usize| randomizing.histories.iter().position(|rows| rows.contains(&row));
        let mut givers = std::collections::BTreeSet::new();
        for rows in &randomizing.histories {
            let given: Vec<usize> = rows.iter().map(|row| from[*row]).collect();
            let giver = owner(given[0]).unwrap();
            assert!(
                given.iter().all(|row| owner(*row) == Some(giver)),
                "of one target"
            );
            assert!(givers.insert(giver), "every target gives once");
            let place = |row: &usize| randomizing.histories[giver].iter().position(|known| known == row);
            assert!(given.iter().map(place).is_sorted(), "in their order");
        }
    }

    /// The count by hand, on draws that are known.
    #[test]
    fn the_p_value_counts_what_is_as_large() {
        let mut randomizing = started("index:trade_share", Dealt::Episodes, 10);
        let t = t(&randomizing.observed[0]).abs();
        randomizing.drawn = vec![vec![t, t + 1.0, t / 2.0, 0.0, 5.0 * t, 0.1, 0.2, 0.3]];
        (randomizing.done, randomizing.failures) = (10, 2);
        let found = randomizing.found();
        let one = &found.contrasts[0];
        assert_eq!(one.as_large, 3);
        assert_eq!(one.randomization_p, 4.0 / 9.0);
        assert_eq!(one.randomization_p_at_most, 6.0 / 11.0);
        let wrong = randomizing.drawn[0].iter().filter(|one| **one > WIDE).count();
        assert_eq!(one.wald_size, wrong as f64 / 8.0);
    }

    /// A draw from which a kind of regime is gone, or that separates outcomes, is counted and told.
    #[test]
    fn failures_are_counted_and_told() {
        let mut randomizing = started("regime:trade_share", Dealt::Histories, 8);
        // A history of one episode, and one of all others: where they exchange, all others have its regime.
        let all: Vec<usize> = randomizing.histories.concat();
        randomizing.histories = vec![all[..1].to_vec(), all[1..].to_vec()];
        while randomizing.step() {}
        let found = randomizing.found();
        assert!(
            (1..8).contains(&found.failed) && found.draws == 8,
            "{}",
            found.failed
        );
        assert!(found.first_failure.is_some());
        // Where they do not, the model is as it was.
        assert_eq!(found.contrasts[0].randomization_p, 1.0);
        let said = found.sentences();
        let told = format!("{} of 8 draws could not be estimated", found.failed);
        assert!(said.last().unwrap().starts_with(&told), "{said:?}");
        let specification = Specification::default();
        let imputed = specification.find("index:comtrade_mi").unwrap();
        let refused = randomize(
            &specification,
            &imputed,
            &episodes().unwrap(),
            Dealt::Episodes,
            2,
            1,
        );
        assert!(matches!(refused, Err(Error::Imputed { .. })));
    }

    #[test]
    fn a_history_is_in_the_order_of_its_years() {
        let randomizing = started("regime:trade_share", Dealt::Histories, 1);
        let years = randomizing.prepared.table().numbers("year").unwrap();
        let rows = randomizing.design.frame().row_indices();
        let year = |row: &usize| years[rows[*row]];
        assert!(
            randomizing
                .histories
                .iter()
                .all(|history| history.iter().map(year).is_sorted())
        );
        let all: usize = randomizing.histories.iter().map(Vec::len).sum();
        assert_eq!(all, randomizing.design.rows());
    }
}
