//! Sanction episodes as TIES publishes them.

use std::collections::HashSet;
use std::fmt;
use std::path::Path;

use super::table::{Cell, Table};
use super::{Code, Error, Year};

pub(super) const FILE: &str = "TIESv4.xls";

/// Codes from here on are institutions, not states.
const FIRST_INSTITUTION: Code = 1000;

/// One published episode, its codes as they stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Case {
    /// Row in the file, for errors.
    pub(super) row: usize,
    pub(super) caseid: i64,
    pub(super) startyear: Year,
    pub(super) startmonth: Option<u8>,
    pub(super) startday: Option<u8>,
    pub(super) endyear: Option<Year>,
    pub(super) endmonth: Option<u8>,
    pub(super) endday: Option<u8>,
    pub(super) ongoing_year: Option<Year>,
    pub(super) ongoing_month: Option<u8>,
    pub(super) ongoing_day: Option<u8>,
    pub(super) sender1: Option<Code>,
    pub(super) primarysender: Option<Code>,
    pub(super) targetstate: Code,
    pub(super) institution: Option<u8>,
    pub(super) issues: [Option<u8>; 3],
    pub(super) threat: bool,
    pub(super) sanctiontypethreat: Option<Codes>,
    pub(super) threatenedtargetinterest: Option<Codes>,
    pub(super) imposition: bool,
    pub(super) imposition_year: Option<Year>,
    pub(super) imposition_month: Option<u8>,
    pub(super) imposition_day: Option<u8>,
    pub(super) finaloutcome: Option<u8>,
}

impl Case {
    /// The sender, if this is a threat by one state against another: the study's unit of analysis.
    pub(super) fn threatening_state(&self) -> Option<Code> {
        let sender = self.primarysender?;
        (self.threat && sender < FIRST_INSTITUTION && self.targetstate < FIRST_INSTITUTION).then_some(sender)
    }

    /// Whether any of the issues is one of `codes`.
    pub(super) fn is_about(&self, codes: &[u8]) -> bool {
        self.issues.iter().flatten().any(|issue| codes.contains(issue))
    }
}

/// A cell that can hold several codes: `3 5`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Codes(Vec<u8>);

impl Codes {
    /// Whether any of `codes` is among them.
    pub(super) fn include(&self, codes: &[u8]) -> bool {
        self.0.iter().any(|code| codes.contains(code))
    }

    fn read(cell: Cell<'_>) -> Result<Option<Self>, Error> {
        let codes = cell
            .text
            .split_whitespace()
            .map(|code| code.parse().map_err(|_| cell.is_not("codes separated by spaces")))
            .collect::<Result<Vec<_>, _>>()?;
        Ok((!codes.is_empty()).then_some(Self(codes)))
    }
}

impl fmt::Display for Codes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, code) in self.0.iter().enumerate() {
            if position > 0 {
                f.write_str(" ")?;
            }
            write!(f, "{code}")?;
        }
        Ok(())
    }
}

/// Reads every episode, in the file's order.
pub(super) fn read(dir: &Path) -> Result<Vec<Case>, Error> {
    from_table(Table::xls(dir, FILE)?)
}

fn from_table(table: Table) -> Result<Vec<Case>, Error> {
    let rows = table.select([
        "caseid",
        "startyear",
        "startmonth",
        "startday",
        "endyear",
        "endmonth",
        "endday",
        "ongoingasofyear",
        "ongoingasofmonth",
        "ongoingasofday",
        "sender1",
        "primarysender",
        "targetstate",
        "institution",
        "issue1",
        "issue2",
        "issue3",
        "threat",
        "sanctiontypethreat",
        "threatenedtargetinterest",
        "imposition",
        "sancimpositionstartyear",
        "sancimpositionstartmonth",
        "sancimpositionstartday",
        "finaloutcome",
    ])?;
    let mut seen = HashSet::new();
    let mut cases = Vec::new();
    for row in rows {
        let row = row?;
        let [
            caseid,
            startyear,
            startmonth,
            startday,
            endyear,
            endmonth,
            endday,
            ongoing_year,
            ongoing_month,
            ongoing_day,
            sender1,
            primarysender,
            targetstate,
            institution,
            issue1,
            issue2,
            issue3,
            threat,
            sanctiontypethreat,
            threatenedtargetinterest,
            imposition,
            imposition_year,
            imposition_month,
            imposition_day,
            finaloutcome,
        ] = row.cells();
        let case = Case {
            row: caseid.row,
            caseid: caseid.key()?,
            startyear: startyear.key()?,
            startmonth: startmonth.whole()?,
            startday: startday.whole()?,
            endyear: endyear.whole()?,
            endmonth: endmonth.whole()?,
            endday: endday.whole()?,
            ongoing_year: ongoing_year.whole()?,
            ongoing_month: ongoing_month.whole()?,
            ongoing_day: ongoing_day.whole()?,
            sender1: sender1.whole()?,
            primarysender: primarysender.whole()?,
            targetstate: targetstate.key()?,
            institution: institution.whole()?,
            issues: [issue1.whole()?, issue2.whole()?, issue3.whole()?],
            threat: flag(threat)?,
            sanctiontypethreat: Codes::read(sanctiontypethreat)?,
            threatenedtargetinterest: Codes::read(threatenedtargetinterest)?,
            imposition: flag(imposition)?,
            imposition_year: leading_year(imposition_year)?,
            imposition_month: imposition_month.whole()?,
            imposition_day: known_day(imposition_day)?,
            finaloutcome: final_outcome(finaloutcome)?,
        };
        if !seen.insert(case.caseid) {
            return Err(caseid.duplicate(case.caseid.to_string()));
        }
        cases.push(case);
    }
    Ok(cases)
}

fn flag(cell: Cell<'_>) -> Result<bool, Error> {
    match cell.key::<u8>()? {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(cell.is_not("0 or 1")),
    }
}

fn final_outcome(cell: Cell<'_>) -> Result<Option<u8>, Error> {
    match cell.whole()? {
        Some(code) if !(1..=10).contains(&code) => Err(cell.is_not("a final outcome, 1 to 10")),
        code => Ok(code),
    }
}

/// A year, possibly with words after it: `1949, sometime before this date.`
fn leading_year(cell: Cell<'_>) -> Result<Option<Year>, Error> {
    let year = cell.text.split_once(',').map_or(cell.text, |(year, _)| year);
    Cell { text: year, ..cell }
        .whole()
        .map_err(|_| cell.is_not("a year, or a year, a comma and words"))
}

/// A day, or the question mark that the file writes for one that is not known.
fn known_day(cell: Cell<'_>) -> Result<Option<u8>, Error> {
    if cell.text == "?" { Ok(None) } else { cell.whole() }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_says, table};
    use super::*;

    const HEADER: &str = "caseid,startyear,startmonth,startday,endyear,endmonth,endday,ongoingasofyear,ongoingasofmonth,\
        ongoingasofday,sender1,primarysender,targetstate,institution,issue1,issue2,issue3,threat,sanctiontypethreat,\
        threatenedtargetinterest,imposition,sancimpositionstartyear,sancimpositionstartmonth,sancimpositionstartday,\
        finaloutcome";

    fn read(rows: &str) -> Result<Vec<Case>, Error> {
        from_table(table(FILE, &format!("{HEADER}\n{rows}")))
    }

    #[test]
    fn oddities_of_the_published_cells() {
        let cases = read(
            "1949010101,1949,1,,,,,1953,2,1,2,2,365,1,7,,,1,3  5,1,1,\"1949, sometime before this date.\",3,?,9\n\
             1950010101,1950,,,1951,2,3,,,,,1000,365,,7,9,,1,,,0,,,,\n",
        )
        .unwrap();
        assert_eq!(cases[0].imposition_year, Some(1949));
        assert_eq!(
            (cases[0].imposition_month, cases[0].imposition_day),
            (Some(3), None)
        );
        assert_eq!(cases[0].ongoing_year, Some(1953));
        assert_eq!(cases[1].ongoing_year, None);
        assert_eq!(cases[0].sanctiontypethreat.as_ref().unwrap().to_string(), "3 5");
        assert!(cases[0].sanctiontypethreat.as_ref().unwrap().include(&[5, 7]));
        assert!(!cases[0].sanctiontypethreat.as_ref().unwrap().include(&[7, 8]));
        assert_eq!(cases[0].threatening_state(), Some(2));
        assert_eq!(cases[1].sanctiontypethreat, None, "missing is not an empty list");
        assert_eq!(cases[1].institution, None);
        assert_eq!(cases[1].threatening_state(), None, "an institution");
        assert!(cases[1].is_about(&[9]) && !cases[1].is_about(&[8]));
    }

    #[test]
    fn broken_cells_are_named() {
        let row = |caseid: &str, threat: &str, types: &str, year: &str, outcome: &str| {
            format!("{caseid},1949,1,1,,,,,,,2,2,365,1,7,,,{threat},{types},1,1,{year},1,1,{outcome}\n")
        };
        assert_says(
            read(&row("", "1", "3", "1949", "9")),
            &[FILE, "row 2", "caseid", "empty"],
        );
        assert_says(
            read(&row("1.5", "1", "3", "1949", "9")),
            &[FILE, "row 2", "caseid", "1.5", "whole number"],
        );
        assert_says(
            read(&row("1", "2", "3", "1949", "9")),
            &[FILE, "row 2", "threat", "`2`", "0 or 1"],
        );
        assert_says(
            read(&row("1", "1", "3;5", "1949", "9")),
            &[FILE, "row 2", "sanctiontypethreat", "3;5"],
        );
        assert_says(
            read(&row("1", "1", "3", "before 1949", "9")),
            &[FILE, "row 2", "sancimpositionstartyear"],
        );
        assert_says(
            read(&row("1", "1", "3", "1949", "11")),
            &[FILE, "row 2", "finaloutcome", "`11`"],
        );
        let day = row("1", "1", "3", "1949", "9").replace(",1949,1,1,9", ",1949,1,some,9");
        assert_says(read(&day), &[FILE, "row 2", "sancimpositionstartday", "`some`"]);
        let twice = row("1", "1", "3", "1949", "9").repeat(2);
        assert_says(read(&twice), &[FILE, "row 3", "caseid", "1"]);
    }
}
