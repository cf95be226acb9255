//! The multiverse: pieces of it fitted in workers, and its curve looked at on the page.
//!
//! Outcomes cross as the numbers of [`Outcome::numbers`], for all combinations one after the other; those that are not
//! there yet are no numbers. Which combinations there are, and the curve last looked at, are kept.

use std::cell::{OnceCell, RefCell};

use mlogit::Table;
use report::figure::Figure;
use standfirm::exhibits::curve::Curve;
use standfirm::findings::dealing::Dealt;
use standfirm::findings::multiverse::joint::{self, FITS, Joint, Overall};
use standfirm::findings::multiverse::outcome::Outcome;
use standfirm::findings::multiverse::{Multiverse, Only};
use standfirm::findings::randomization::{DRAWS, SEED};
use standfirm::session::{CurveView, JointOffer, Offer, Placed, Setting, Shown};
use standfirm::{Result, episodes, exhibits};

thread_local! {
    static MULTIVERSE: OnceCell<Multiverse> = const { OnceCell::new() };
    static EPISODES: OnceCell<Table> = const { OnceCell::new() };
    static CURVE: RefCell<Option<Curve>> = const { RefCell::new(None) };
    static JOINT: RefCell<Option<Joint>> = const { RefCell::new(None) };
}

/// The value of a cell, made where there is none yet, put to use.
fn with<T, R>(
    cell: &'static std::thread::LocalKey<OnceCell<T>>,
    make: impl FnOnce() -> Result<T>,
    put: impl FnOnce(&T) -> Result<R>,
) -> Result<R> {
    cell.with(|cell| match cell.get() {
        Some(value) => put(value),
        None => {
            let value = make()?;
            put(cell.get_or_init(|| value))
        }
    })
}

fn multiverse<R>(put: impl FnOnce(&Multiverse) -> Result<R>) -> Result<R> {
    with(&MULTIVERSE, Multiverse::new, put)
}

/// What there is to fit, before it is.
pub(crate) fn offer() -> Result<Offer> {
    multiverse(|multiverse| {
        Ok(Offer {
            pieces: (0..multiverse.pieces())
                .map(|piece| multiverse.piece(piece).len())
                .collect(),
            width: Outcome::WIDTH,
            only: Only::all().map(|(_, key, words)| (key, words)).collect(),
            grid: exhibits::multiverse::choices(),
            about: exhibits::multiverse::about(),
            joint: JointOffer {
                draws: DRAWS,
                models: joint::models(multiverse, FITS),
                width: Overall::WIDTH,
            },
        })
    })
}

/// The joint test of what is dealt out, made where the last one was another.
fn joint<R>(dealt: &str, put: impl FnOnce(&Joint) -> Result<R>) -> Result<R> {
    let dealt = Dealt::find(dealt)?;
    JOINT.with_borrow_mut(|kept| {
        let here = match kept.take() {
            Some(joint) if joint.dealt() == dealt => joint,
            _ => multiverse(|multiverse| Joint::new(multiverse.clone(), episodes()?, dealt, FITS, SEED))?,
        };
        put(kept.insert(here))
    })
}

/// What the models of the joint test say with regimes as they were (piece 0) or dealt out, as numbers.
pub(crate) fn dealt_out(dealt: &str, piece: usize) -> Result<Vec<f64>> {
    joint(dealt, |joint| {
        let overall = match piece.checked_sub(1) {
            None => joint.as_it_was()?,
            Some(draw) => joint.draw(draw as u64)?,
        };
        Ok(overall.numbers().into())
    })
}

/// The joint test by the pieces there are; nothing where the first is not among them.
pub(crate) fn joint_view(dealt: &str, numbers: &[f64]) -> Result<Option<Shown>> {
    joint(dealt, |joint| {
        let mut pieces = numbers.chunks(Overall::WIDTH).map(Overall::from_numbers);
        let Some(as_it_was) = pieces.next().flatten() else {
            return Ok(None);
        };
        let draws: Vec<Overall> = pieces.flatten().collect();
        let found = joint.test(&as_it_was, &draws);
        Ok(Some(Shown {
            figures: Vec::new(),
            grids: vec![exhibits::joint::grid(&found)],
            sentences: exhibits::joint::sentences(&found),
            about: exhibits::joint::about(),
        }))
    })
}

pub(crate) fn piece(piece: usize) -> Result<Vec<f64>> {
    multiverse(|multiverse| {
        let outcomes = with(&EPISODES, episodes, |episodes| multiverse.run(piece, episodes))?;
        Ok(outcomes.iter().flat_map(Outcome::numbers).collect())
    })
}

fn outcomes(numbers: &[f64]) -> Vec<Option<Outcome>> {
    numbers
        .chunks(Outcome::WIDTH)
        .map(Outcome::from_numbers)
        .collect()
}

/// The curve of the outcomes there are.
pub(crate) fn view(numbers: &[f64], only: &str) -> Result<CurveView> {
    let outcomes = outcomes(numbers);
    multiverse(|multiverse| {
        let curve = Curve::new(multiverse, &outcomes, Only::find(only));
        let summary = curve.summary(multiverse, &outcomes);
        let view = CurveView {
            figure: curve.figure(multiverse)?,
            tried: curve.tried(),
            grid: summary.grid(),
            sentences: summary.sentences,
        };
        CURVE.set(Some(curve));
        Ok(view)
    })
}

/// What the curve last looked at has in a place, or where `x` is if there is none.
pub(crate) fn read(figure: &Figure, width: f64, x: f64, place: Option<usize>) -> Result<Option<Placed>> {
    CURVE.with_borrow(|curve| {
        let Some(curve) = curve else { return Ok(None) };
        multiverse(|multiverse| {
            let last = curve.len().saturating_sub(1);
            let place = place
                .map(|place| place.min(last))
                .or_else(|| curve.place(figure, width, x));
            Ok(place.and_then(|place| {
                let reading = curve.read(multiverse, figure, width, place)?;
                Some(Placed { place, reading })
            }))
        })
    })
}

/// What to set for the model in a place.
pub(crate) fn pick(place: usize) -> Result<Option<Setting>> {
    CURVE.with_borrow(|curve| {
        let Some(curve) = curve else { return Ok(None) };
        multiverse(|multiverse| {
            let picked = curve.pick(multiverse, place)?;
            Ok(Some(Setting {
                specification: picked.specification.to_string(),
                measure: picked.model.dependence.key.to_owned(),
                figure: picked.model.explanation.figure,
                table: picked.model.table,
            }))
        })
    })
}

pub(crate) fn csv(numbers: &[f64]) -> Result<String> {
    multiverse(|multiverse| exhibits::multiverse::csv(multiverse, &outcomes(numbers)))
}
