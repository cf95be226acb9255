//! Names of states.

use std::collections::HashMap;
use std::path::Path;

use super::table::Table;
use super::{Code, Error};

const FILE: &str = "cow_states.csv";

/// Names by COW code.
pub(super) struct States(HashMap<Code, String>);

impl States {
    pub(super) fn read(dir: &Path) -> Result<Self, Error> {
        Self::from_table(Table::csv(dir, FILE)?)
    }

    /// A state with several spells of membership has several rows; they must agree on its name.
    pub(super) fn from_table(table: Table) -> Result<Self, Error> {
        let mut names = HashMap::new();
        for row in table.select(["ccode", "statenme"])? {
            let row = row?;
            let [code, name] = row.cells();
            let known = names.entry(code.key()?).or_insert_with(|| name.text.to_owned());
            if known != name.text {
                return Err(name.is_not("the name of the same code further up"));
            }
        }
        Ok(Self(names))
    }

    /// The name of the state with code `code`.
    pub(super) fn name(&self, code: Code) -> Option<&str> {
        self.0.get(&code).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_says, table};
    use super::*;

    #[test]
    fn several_spells_are_one_state() {
        let states = States::from_table(table(
            FILE,
            "ccode,statenme,styear\n40.0,Cuba,1902.0\n40.0,Cuba,1909.0\n",
        ))
        .unwrap();
        assert_eq!(states.name(40), Some("Cuba"));
        assert_eq!(states.name(41), None);
    }

    #[test]
    fn a_code_has_one_name() {
        let result = States::from_table(table(FILE, "ccode,statenme\n40,Cuba\n40,Kuba\n"));
        assert_says(result, &["cow_states.csv", "row 3", "statenme", "Kuba"]);
    }
}
