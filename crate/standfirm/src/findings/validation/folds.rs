//! Folds of whole clusters.

use std::collections::BTreeMap;

use mlogit::Table;

use crate::error::{Error, Result};
use crate::findings::shuffle::{random, shuffle};
use crate::specification::options::{Options as _, options};

options! {
    /// What folds are made of.
    FoldUnit {
        /// All threats against a state.
        #[default]
        Target = "target", "target", "All threats against a state are forecast together.";
        /// All threats by a state.
        Sender = "sender", "sender", "All threats by a state are forecast together; one made more than half of them.";
        /// All threats between two states.
        Dyad = "dyad", "sender and target", "All threats by one state against another are forecast together.";
    }
}

impl FoldUnit {
    /// What is called `key`.
    ///
    /// # Errors
    /// [`Error::Unknown`], which lists what there is.
    pub fn find(key: &str) -> Result<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|one| one.picked().key == key)
            .ok_or_else(|| Error::Unknown {
                kind: "cluster",
                name: key.to_owned(),
                known: Self::ALL.iter().map(|one| one.picked().key.to_owned()).collect(),
            })
    }
}

/// The cluster that each row belongs to, by its states' codes.
pub(super) fn groups(table: &Table, clusters: FoldUnit) -> Result<Vec<u64>> {
    let codes = |name: &str| whole_numbers(table, name);
    Ok(match clusters {
        FoldUnit::Target => codes("target")?,
        FoldUnit::Sender => codes("sender")?,
        FoldUnit::Dyad => {
            let pairs = codes("sender")?.into_iter().zip(codes("target")?);
            pairs.map(|(sender, target)| sender * 1_000 + target).collect()
        }
    })
}

/// Gives each cluster a fold: shuffled, they go one by one to the fold that has fewest episodes so far.
pub(super) fn assign(groups: &[u64], folds: usize, seed: u64) -> BTreeMap<u64, usize> {
    let mut sizes = BTreeMap::<u64, usize>::new();
    for group in groups {
        *sizes.entry(*group).or_default() += 1;
    }
    let mut order: Vec<u64> = sizes.keys().copied().collect();
    shuffle(&mut order, &mut random(seed, 0));
    let mut full = vec![0; folds];
    let mut fold_of = BTreeMap::new();
    for group in order {
        let fold = (0..folds).min_by_key(|fold| full[*fold]).unwrap_or_default();
        full[fold] += sizes[&group];
        fold_of.insert(group, fold);
    }
    fold_of
}

pub(super) fn whole_numbers(table: &Table, name: &str) -> Result<Vec<u64>> {
    Ok(table.numbers(name)?.iter().map(|number| *number as u64).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_keep_clusters_together_and_are_even() {
        let groups: Vec<u64> = (0..400_u64).map(|row| row * row % 37).collect();
        let fold_of = assign(&groups, 5, 1);
        let mut sizes = [0; 5];
        for group in &groups {
            sizes[fold_of[group]] += 1;
        }
        assert_eq!(sizes.iter().sum::<usize>(), 400);
        assert!(sizes.iter().all(|size| (60..=100).contains(size)), "{sizes:?}");
        assert_eq!(fold_of, assign(&groups, 5, 1));
        assert_ne!(fold_of, assign(&groups, 5, 2));
    }
}
