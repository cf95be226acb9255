//! Which floor lies on which, and who does not keep to it.

use std::collections::BTreeSet;

use crate::circles::Arrow;

/// Floors from the ground up, each with its rooms.
#[derive(Debug)]
pub(crate) struct Floors {
    /// Where a reader finds and changes them.
    declared: String,
    floors: Vec<Vec<String>>,
}

impl Floors {
    /// Reads `ground < first, also first < second`.
    pub(crate) fn read(declared: &str, floors: &str) -> Self {
        let rooms = |floor: &str| floor.split(',').map(|room| room.trim().to_owned()).collect();
        Self {
            declared: declared.to_owned(),
            floors: floors.split('<').map(rooms).collect(),
        }
    }

    /// What of these files is on no floor, and which arrows go up.
    pub(crate) fn faults(&self, files: &BTreeSet<String>, arrows: &[Arrow]) -> Vec<String> {
        let rooms: BTreeSet<&str> = files.iter().map(|file| room(file)).collect();
        let unlisted = rooms.into_iter().filter(|room| self.floor(room).is_none()).map(|room| {
            let declared = &self.declared;
            format!("{room} is on no floor.\n  Say in tests/tests/floors/main.rs ({declared}) which floor it belongs to.")
        });
        let upward = arrows.iter().filter_map(|arrow| {
            let (from, to) = (room(&arrow.from), room(&arrow.to));
            (self.floor(from)? < self.floor(to)?).then(|| {
                format!(
                    "{}: {from} imports {} from {to}, a floor above it.\n  Move it down to where both may use it, or have \
                     whoever is above both pass it in.",
                    arrow.place, arrow.name
                )
            })
        });
        unlisted.chain(upward).collect()
    }

    /// How many floors are beneath a room; the root of a crate is above all.
    fn floor(&self, room: &str) -> Option<usize> {
        if ["lib", "main"].contains(&room) {
            return Some(self.floors.len());
        }
        self.floors
            .iter()
            .position(|floor| floor.iter().any(|one| one == room))
    }
}

/// The file or folder directly in `src` that a file is or lies in, without `.rs`.
fn room(file: &str) -> &str {
    let first = file.split('/').next().unwrap_or(file);
    first.strip_suffix(".rs").unwrap_or(first)
}
