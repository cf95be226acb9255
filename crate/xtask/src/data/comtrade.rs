//! Import shares by UN Comtrade, compiled per episode.

use std::collections::HashMap;
use std::path::Path;

use super::Error;
use super::table::Table;

const FILE: &str = "comtrade_case_shares.csv";

/// Share of the target's imports that come from the sender the year before, by episode.
pub(super) struct Comtrade(HashMap<i64, Option<f64>>);

impl Comtrade {
    pub(super) fn read(dir: &Path) -> Result<Self, Error> {
        Self::from_table(Table::csv(dir, FILE)?)
    }

    fn from_table(table: Table) -> Result<Self, Error> {
        let mut shares = HashMap::new();
        for row in table.select(["caseid", "sender/target"])? {
            let row = row?;
            let [caseid, share] = row.cells();
            // The file has no missing value of its own: it writes 0.
            let known = share.number()?.filter(|share| *share != 0.0);
            caseid.insert(&mut shares, caseid.key()?, known)?;
        }
        Ok(Self(shares))
    }

    /// The share of episode `caseid`.
    pub(super) fn share(&self, caseid: i64) -> Option<f64> {
        *self.0.get(&caseid)?
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_says, table};
    use super::*;

    #[test]
    fn zero_means_missing() {
        let comtrade = Comtrade::from_table(table(
            FILE,
            "caseid,sender/target\n1963011201,0.25\n1963011203,0.0\n",
        ))
        .unwrap();
        assert_eq!(comtrade.share(1_963_011_201), Some(0.25));
        assert_eq!(comtrade.share(1_963_011_203), None);
        assert_eq!(comtrade.share(1), None);
    }

    #[test]
    fn an_episode_occurs_once() {
        let result = Comtrade::from_table(table(FILE, "caseid,sender/target\n7,0.25\n7,0.25\n"));
        assert_says(result, &[FILE, "row 3", "caseid", "7"]);
    }
}
