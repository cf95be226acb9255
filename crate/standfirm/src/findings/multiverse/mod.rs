//! The multiverse: the study's question put to every combination of choices that can be defended.
//!
//! The choices are data ([`DIMENSIONS`]). Each combination is fitted and asked for one [`effect`](crate::findings::effect): how
//! much likelier a personalist target concedes than another where dependence is high, averaged over the observed values, with a
//! standard error of every kind; and each claim of the ledger that can be judged within one
//! combination is judged by the ledger's own rule. A combination that cannot be estimated keeps its place, with the
//! reason.
//!
//! Work comes in pieces of which every result depends on nothing else, so that any number of workers gives the same
//! bits in the same order. (Specification curves: Simonsohn, Simmons & Nelson 2020, Nature Human Behaviour 4;
//! multiverses: Steegen, Tuerlinckx, Gelman & Vanpaemel 2016, Perspectives on Psychological Science 11.)
//!
//! ```
//! use standfirm::findings::multiverse::Multiverse;
//!
//! # fn main() -> standfirm::Result<()> {
//! let multiverse = Multiverse::new()?;
//! let episodes = standfirm::episodes()?;
//! let outcomes = multiverse.run(0, &episodes)?;
//! assert_eq!(outcomes.len(), multiverse.piece(0).len());
//! // The first of all is the study's own first model.
//! assert!(outcomes[0].effect().is_some_and(|effect| effect.estimate < 0.0));
//! # Ok(())
//! # }
//! ```

pub mod dimensions;
pub mod joint;
pub mod judge;
pub mod outcome;
pub mod summary;

use std::ops::Range;

use mlogit::Table;

use self::dimensions::{CELLS, DIMENSIONS, defensible, described};
use self::outcome::Outcome;
use crate::error::{Error, Result};
use crate::specification::{Lag, Specification};
use crate::study::Model;

/// A combination of alternatives: the position of one in each dimension.
pub type Combination = Vec<usize>;

/// Every combination of the study's choices, in one order.
#[derive(Debug, Clone)]
pub struct Multiverse {
    combinations: Vec<Combination>,
    /// For each combination of all there could be, by its number, its position among those that there are; [`NONE`] for the
    /// others.
    places: Vec<u32>,
    /// Where each piece of work begins, and where the last ends.
    edges: Vec<usize>,
}

/// A choice made in one way, to look at the combinations that make it so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Only {
    /// Position of the dimension.
    pub dimension: usize,
    /// Position of the alternative in it.
    pub alternative: usize,
}

impl Only {
    /// Each of them, with its key (`sample.usa`) and words for it.
    pub fn all() -> impl Iterator<Item = (Self, String, String)> {
        DIMENSIONS.iter().enumerate().flat_map(|(dimension, one)| {
            one.alternatives
                .iter()
                .enumerate()
                .map(move |(alternative, way)| {
                    let only = Only {
                        dimension,
                        alternative,
                    };
                    (
                        only,
                        format!("{}.{}", one.key, way.key),
                        format!("{}: {}", one.label, way.label),
                    )
                })
        })
    }

    /// The one with this key; all combinations where there is none of it.
    #[must_use]
    pub fn find(key: &str) -> Option<Self> {
        Self::all()
            .find(|(_, known, _)| known == key)
            .map(|(only, ..)| only)
    }
}

impl Multiverse {
    /// Every combination of [`DIMENSIONS`] that makes sense.
    ///
    /// # Errors
    /// Where an alternative sets what there is not: never for the dimensions this was built with.
    pub fn new() -> Result<Self> {
        let mut multiverse = Multiverse {
            combinations: Vec::new(),
            places: vec![NONE; strides().0],
            edges: Vec::new(),
        };
        let mut at = vec![0; DIMENSIONS.len()];
        loop {
            if defensible(&at) && !multiverse.twice(&at)? {
                let last = multiverse.combinations.last();
                if last.is_none_or(|last| last[..CELLS] != at[..CELLS]) {
                    multiverse.edges.push(multiverse.combinations.len());
                }
                multiverse.places[number(&at)] = multiverse.combinations.len() as u32;
                multiverse.combinations.push(at.clone());
            }
            // The last dimension varies fastest.
            let next = (0..at.len())
                .rev()
                .find(|dimension| at[*dimension] + 1 < DIMENSIONS[*dimension].alternatives.len());
            let Some(dimension) = next else { break };
            at[dimension] += 1;
            at[dimension + 1..].fill(0);
        }
        multiverse.edges.push(multiverse.combinations.len());
        Ok(multiverse)
    }

    /// Whether a combination is the same model as another: a measure without a year before has but one.
    fn twice(&self, combination: &[usize]) -> Result<bool> {
        let (specification, model) = self.specified(combination)?;
        Ok(specification.lag != Lag::default() && model.dependence.lag.is_none())
    }

    /// Position of the combination that makes one choice of another otherwise, where there is one.
    pub(super) fn beside(
        &self,
        combination: &[usize],
        dimension: usize,
        alternative: usize,
    ) -> Option<usize> {
        let stride = strides().1[dimension];
        let other = number(combination) + alternative * stride - combination[dimension] * stride;
        let place = *self.places.get(other)?;
        (place != NONE).then_some(place as usize)
    }

    /// Number of combinations.
    #[must_use]
    pub fn len(&self) -> usize {
        self.combinations.len()
    }

    /// Whether there is none; never so.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.combinations.is_empty()
    }

    /// Number of pieces of work.
    #[must_use]
    pub fn pieces(&self) -> usize {
        self.edges.len() - 1
    }

    /// Positions of a piece's combinations; empty where there is no such piece.
    #[must_use]
    pub fn piece(&self, piece: usize) -> Range<usize> {
        match self.edges.get(piece..piece + 2) {
            Some([from, to]) => *from..*to,
            _ => 0..0,
        }
    }

    /// The combinations, in their order.
    #[must_use]
    pub fn combinations(&self) -> &[Combination] {
        &self.combinations
    }

    /// The combination in the `position`th place.
    ///
    /// # Errors
    /// [`Error::Unknown`] where there are not so many.
    pub fn combination(&self, position: usize) -> Result<&[usize]> {
        let found = self.combinations.get(position).map(Vec::as_slice);
        found.ok_or_else(|| Error::Unknown {
            kind: "combination",
            name: position.to_string(),
            known: vec![format!("0 to {}", self.len() - 1)],
        })
    }

    /// The same outcomes, but only those in which a choice was made as said; the others are missing.
    #[must_use]
    pub fn only(&self, outcomes: &[Option<Outcome>], only: Option<Only>) -> Vec<Option<Outcome>> {
        let made = |combination: &Combination| {
            only.is_none_or(|one| described(combination).get(one.dimension) == Some(&one.alternative))
        };
        let pairs = self.combinations.iter().zip(outcomes);
        pairs
            .map(|(combination, outcome)| outcome.filter(|_| made(combination)))
            .collect()
    }

    /// What a combination means: a specification, and the model of the study.
    ///
    /// # Errors
    /// As [`Multiverse::new`].
    pub fn specified(&self, combination: &[usize]) -> Result<(Specification, Model)> {
        let mut specification = Specification::default();
        let (mut explanation, mut dependence) = ("", "");
        for (dimension, position) in DIMENSIONS.iter().zip(combination) {
            for (key, value) in dimension.alternatives[*position].sets {
                match *key {
                    "explanation" => explanation = value,
                    "dependence" => dependence = value,
                    key => specification = specification.with(key, value)?,
                }
            }
        }
        let model = specification.find(&format!("{explanation}:{dependence}"))?;
        Ok((specification, model))
    }

    /// A combination in words, one for each dimension.
    #[must_use]
    pub fn words(&self, combination: &[usize]) -> Vec<(&'static str, &'static str)> {
        let pairs = DIMENSIONS.iter().zip(described(combination));
        pairs
            .map(|(dimension, position)| (dimension.label, dimension.alternatives[position].label))
            .collect()
    }

    /// Fits the combinations of a piece.
    ///
    /// # Errors
    /// Where the table is not that of the study; a combination that cannot be estimated is an [`Outcome`], no error.
    pub fn run(&self, piece: usize, episodes: &Table) -> Result<Vec<Outcome>> {
        let range = self.piece(piece);
        let mut outcomes = Vec::with_capacity(range.len());
        // Combinations that differ in what counts as high alone share a fit.
        let last = DIMENSIONS.len() - 1;
        for group in self.combinations[range].chunk_by(|a, b| a[..last] == b[..last]) {
            let specified = group
                .iter()
                .map(|combination| self.specified(combination))
                .collect::<Result<Vec<_>>>()?;
            outcomes.extend(judge::judge(&specified, episodes)?);
        }
        Ok(outcomes)
    }
}

/// Whether the study itself made these choices: the index as it came or regime types, any of its measures, all else the
/// first there is.
#[must_use]
pub fn is_study(combination: &[usize]) -> bool {
    let pairs = DIMENSIONS.iter().zip(combination);
    let mut own = pairs.map(|(dimension, position)| match dimension.key {
        "measure" => true,
        "regime" => ["index", "types"].contains(&dimension.alternatives[*position].key),
        _ => *position == 0,
    });
    own.all(|own| own)
}

/// No position.
const NONE: u32 = u32::MAX;

/// How many combinations there would be of all alternatives, and by how much each dimension counts in their numbers.
fn strides() -> (usize, [usize; DIMENSIONS.len()]) {
    let (mut all, mut strides) = (1, [1; DIMENSIONS.len()]);
    for (stride, dimension) in strides.iter_mut().zip(&DIMENSIONS).rev() {
        *stride = all;
        all *= dimension.alternatives.len();
    }
    (all, strides)
}

/// The number of a combination among all there could be.
fn number(combination: &[usize]) -> usize {
    let pairs = combination.iter().zip(strides().1);
    pairs.map(|(alternative, stride)| alternative * stride).sum()
}

const _: () = assert!(CELLS < DIMENSIONS.len());
