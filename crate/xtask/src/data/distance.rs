//! Distance between capitals, from Gleditsch.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::Path;

use super::codes::{Coding, code_in};
use super::table::Table;
use super::{Code, Error, Year};

const FILE: &str = "capdist.csv";

/// Kilometres between capitals by pair of states, both directions.
pub(super) struct Distance(HashMap<(Code, Code), f64>);

impl Distance {
    pub(super) fn read(dir: &Path) -> Result<Self, Error> {
        Self::from_table(Table::csv(dir, FILE)?)
    }

    /// The file lists pairs with code 345 twice, under two abbreviations; a repeated pair must agree.
    fn from_table(table: Table) -> Result<Self, Error> {
        let mut distance = HashMap::new();
        for row in table.select(["numa", "numb", "kmdist"])? {
            let row = row?;
            let [one, other, kilometres] = row.cells();
            match distance.entry((one.key()?, other.key()?)) {
                Entry::Vacant(free) => {
                    free.insert(kilometres.amount()?);
                }
                Entry::Occupied(taken) if *taken.get() == kilometres.amount()? => {}
                Entry::Occupied(taken) => {
                    return Err(other.duplicate(format!("{:?}, with another distance,", taken.key())));
                }
            }
        }
        Ok(Self(distance))
    }

    /// ln of the kilometres between the capitals of two states, at least 1 km. The distances are the same in
    /// every year; `year` tells which state a code means.
    pub(super) fn ln(&self, sender: Code, target: Code, year: Year) -> Option<f64> {
        let code = |state| code_in(Coding::Cow, state, year);
        self.0
            .get(&(code(sender), code(target)))
            .map(|kilometres| libm::log(kilometres.max(1.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_says, table};
    use super::*;

    #[test]
    fn two_capitals_in_one_place_are_a_kilometre_apart() {
        let distance =
            Distance::from_table(table(FILE, "numa,numb,kmdist\n2,20,731\n730,732,0\n2,20,731\n")).unwrap();
        assert_eq!(distance.ln(2, 20, 1990), Some(libm::log(731.0)));
        assert_eq!(distance.ln(730, 732, 1990), Some(0.0));
        assert_eq!(distance.ln(2, 970, 1990), None);
    }

    #[test]
    fn a_repeated_pair_agrees() {
        let result = Distance::from_table(table(FILE, "numa,numb,kmdist\n2,20,731\n2,20,732\n"));
        assert_says(result, &[FILE, "row 3", "numb", "(2, 20)"]);
    }

    #[test]
    fn a_distance_is_there() {
        let result = Distance::from_table(table(FILE, "numa,numb,kmdist\n2,20,\n"));
        assert_says(result, &[FILE, "row 2", "kmdist", "empty"]);
    }
}
