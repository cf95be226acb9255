//! Dealing regimes out at random: each episode, or each target, gets the regimes of another.

use mlogit::Table;
use rand_chacha::ChaCha12Rng;

use crate::error::{Error, Result};
use crate::findings::shuffle::shuffle;
use crate::specification::options::{Options as _, options};

options! {
    /// What is dealt out.
    Dealt {
        /// The regime of each episode by itself.
        #[default]
        Episodes = "episodes", "regimes of episodes",
            "Each episode of the model gets the regime of another: as if regimes were drawn anew for every threat.";
        /// The regimes of all episodes of a target, in their order.
        Histories = "histories", "histories of targets",
            "Each target gets the regimes of another in their order, drawn out or shortened to as many episodes as it has: \
             regimes last, and threats against a state share one.";
    }
}

impl Dealt {
    /// A short name, for arguments.
    #[must_use]
    pub fn key(self) -> &'static str {
        self.picked().key
    }

    /// What is called `key`.
    ///
    /// # Errors
    /// [`Error::Unknown`], which lists what there is.
    pub fn find(key: &str) -> Result<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|one| one.key() == key)
            .ok_or_else(|| Error::Unknown {
                kind: "way to deal regimes out",
                name: key.to_owned(),
                known: Self::ALL.iter().map(|one| one.key().to_owned()).collect(),
            })
    }
}

/// The positions of each target's episodes among `rows` of a table, by its code, in the order of years and episodes.
pub(super) fn histories(table: &Table, rows: &[usize]) -> Result<Vec<Vec<usize>>> {
    let (targets, years, ids) = (
        table.numbers("target")?,
        table.numbers("year")?,
        table.numbers("caseid")?,
    );
    let mut histories = std::collections::BTreeMap::<u64, Vec<(u64, u64, usize)>>::new();
    for (position, row) in rows.iter().enumerate() {
        let when = (years[*row] as u64, ids[*row] as u64, position);
        histories.entry(targets[*row] as u64).or_default().push(when);
    }
    let positions = |mut history: Vec<(u64, u64, usize)>| {
        history.sort_unstable();
        history.into_iter().map(|(.., position)| position).collect()
    };
    Ok(histories.into_values().map(positions).collect())
}

/// For each of `all` the one it gets from, where those of a group exchange theirs in any order; who is in no group keeps
/// its own.
pub(super) fn exchanged(groups: &[Vec<usize>], all: usize, random: &mut ChaCha12Rng) -> Vec<usize> {
    let mut from: Vec<usize> = (0..all).collect();
    for group in groups {
        let mut givers = group.clone();
        shuffle(&mut givers, random);
        for (one, giver) in group.iter().zip(givers) {
            from[*one] = giver;
        }
    }
    from
}

/// For each of `all` rows the row it gets from, where each history gets that of its giver in its order, drawn out or
/// shortened; rows in no history keep their own.
pub(super) fn drawn_out(histories: &[Vec<usize>], givers: &[usize], all: usize) -> Vec<usize> {
    let mut from: Vec<usize> = (0..all).collect();
    for (history, giver) in histories.iter().zip(givers) {
        let given = &histories[*giver];
        for (place, row) in history.iter().enumerate() {
            from[*row] = given[corresponding(place, history.len(), given.len())];
        }
    }
    from
}

/// The place in a history of `of` that corresponds to `place` of `among`: the beginning to the beginning, the end to the
/// end.
fn corresponding(place: usize, among: usize, of: usize) -> usize {
    (2 * place + 1) * of / (2 * among)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::shuffle::random;

    #[test]
    fn histories_are_drawn_out_and_shortened() {
        let places = |among, of| {
            (0..among)
                .map(|place| corresponding(place, among, of))
                .collect::<Vec<_>>()
        };
        assert_eq!(places(4, 4), [0, 1, 2, 3]);
        assert_eq!(places(4, 2), [0, 0, 1, 1]);
        assert_eq!(places(2, 4), [1, 3]);
        assert_eq!(places(3, 1), [0, 0, 0]);
        assert_eq!(places(1, 3), [1]);
    }

    #[test]
    fn groups_exchange_among_themselves() {
        let groups = [vec![0, 2, 4, 6, 8], vec![1, 3]];
        let mut orders = std::collections::BTreeSet::new();
        for stream in 0..20 {
            let from = exchanged(&groups, 10, &mut random(7, stream));
            for group in &groups {
                let mut givers: Vec<usize> = group.iter().map(|one| from[*one]).collect();
                givers.sort_unstable();
                assert_eq!(givers, *group);
            }
            assert_eq!([from[5], from[7], from[9]], [5, 7, 9], "in no group");
            orders.insert(from);
        }
        assert!(orders.len() > 15);
    }

    #[test]
    fn a_history_is_given_in_its_order() {
        let histories = [vec![4, 1], vec![0, 3, 5]];
        assert_eq!(drawn_out(&histories, &[1, 0], 7), [4, 5, 2, 1, 0, 1, 6]);
        assert_eq!(drawn_out(&histories, &[0, 1], 7), [0, 1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn what_there_is_not_to_deal_out_is_said() {
        assert_eq!(Dealt::find("histories").unwrap(), Dealt::Histories);
        let error = Dealt::find("years").unwrap_err().to_string();
        assert!(
            error.contains("episodes") && error.contains("histories"),
            "{error}"
        );
    }
}
