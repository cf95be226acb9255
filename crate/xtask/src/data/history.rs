//! What else had happened: the sender's last threat, and other sanctions on the target.

use std::collections::HashMap;

use super::outcome::{Outcome, Settlement, outcome};
use super::ties::Case;
use super::{Code, Year};

/// Which episodes follow on a threat of the same sender that worked.
pub(super) struct PastSuccess(HashMap<i64, bool>);

impl PastSuccess {
    /// Looks at `threats`, pairs of sender and episode, in any order.
    pub(super) fn of<'a>(threats: impl IntoIterator<Item = (Code, &'a Case)>) -> Self {
        let mut threats: Vec<_> = threats.into_iter().collect();
        threats.sort_by_key(|(_, case)| (start(case), case.caseid));
        let mut worked = HashMap::new();
        let past = threats
            .into_iter()
            .map(|(sender, case)| {
                let concession = outcome(case, Settlement::Concession) == Some(Outcome::Concession);
                (case.caseid, worked.insert(sender, concession).unwrap_or(false))
            })
            .collect();
        Self(past)
    }

    /// Whether the threat before `case` by the same sender ended in concession; not so for its first.
    pub(super) fn before(&self, case: &Case) -> bool {
        self.0.get(&case.caseid).copied().unwrap_or(false)
    }
}

/// When `case` starts, to order by: the middle of the year or month where only that is known.
fn start(case: &Case) -> (Year, u8, u8) {
    (
        case.startyear,
        case.startmonth.unwrap_or(6),
        case.startday.unwrap_or(15),
    )
}

/// Whether another episode among `all` had sanctions in force on the target of `case` in its start year.
pub(super) fn multiple(case: &Case, all: &[Case]) -> bool {
    all.iter().any(|other| {
        other.caseid != case.caseid
            && other.targetstate == case.targetstate
            && other.imposition
            && other.imposition_year.unwrap_or(other.startyear) <= case.startyear
            && other.endyear.is_none_or(|end| end >= case.startyear)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn threat(caseid: i64, date: (Year, Option<u8>, Option<u8>), finaloutcome: Option<u8>) -> Case {
        let (startyear, startmonth, startday) = date;
        Case {
            caseid,
            startyear,
            startmonth,
            startday,
            finaloutcome,
            ..Case::default()
        }
    }

    fn past(cases: &[Case]) -> Vec<bool> {
        let past = PastSuccess::of(cases.iter().map(|case| (2, case)));
        cases.iter().map(|case| past.before(case)).collect()
    }

    #[test]
    fn the_first_threat_has_no_past_and_the_last_one_counts() {
        let cases = [
            threat(1, (1990, Some(1), Some(1)), Some(2)),
            threat(2, (1991, Some(1), Some(1)), Some(3)),
            threat(3, (1992, Some(1), Some(1)), None),
            threat(4, (1993, Some(1), Some(1)), Some(5)),
            threat(5, (1994, Some(1), Some(1)), Some(7)),
        ];
        assert_eq!(past(&cases), [false, true, false, false, true]);
    }

    #[test]
    fn a_missing_month_is_june_and_a_missing_day_the_fifteenth() {
        // In the order of their dates: 2, 1, 3.
        let cases = [
            threat(1, (1990, None, None), Some(2)),
            threat(2, (1990, Some(6), Some(14)), Some(3)),
            threat(3, (1990, Some(6), Some(16)), Some(3)),
        ];
        assert_eq!(past(&cases), [false, false, true]);
        let day_missing = [
            threat(1, (1990, Some(3), None), Some(2)),
            threat(2, (1990, Some(3), Some(10)), Some(3)),
            threat(3, (1990, Some(3), Some(20)), Some(3)),
        ];
        assert_eq!(past(&day_missing), [false, false, true]);
    }

    #[test]
    fn the_same_day_goes_by_caseid() {
        let day = (1990, Some(3), Some(1));
        assert_eq!(
            past(&[threat(2, day, Some(3)), threat(1, day, Some(2))]),
            [true, false]
        );
    }

    #[test]
    fn each_sender_has_its_own_past() {
        let first = threat(1, (1990, Some(1), Some(1)), Some(2));
        let second = threat(2, (1991, Some(1), Some(1)), Some(3));
        assert!(!PastSuccess::of([(2, &first), (20, &second)]).before(&second));
    }

    fn sanction(caseid: i64, begun: Option<Year>, endyear: Option<Year>) -> Case {
        Case {
            caseid,
            startyear: 1988,
            targetstate: 40,
            imposition: true,
            imposition_year: begun,
            endyear,
            ..Case::default()
        }
    }

    #[test]
    fn sanctions_in_force_in_the_start_year() {
        let case = Case {
            caseid: 1,
            startyear: 1990,
            targetstate: 40,
            imposition: true,
            ..Case::default()
        };
        let with = |other: Case| multiple(&case, &[case.clone(), other]);
        assert!(
            !multiple(&case, std::slice::from_ref(&case)),
            "the episode itself is not another"
        );
        assert!(with(sanction(2, Some(1990), Some(1990))));
        assert!(with(sanction(2, Some(1989), None)), "no end year: still on");
        assert!(
            with(sanction(2, None, Some(1995))),
            "begun with the episode, in 1988"
        );
        assert!(!with(sanction(2, Some(1991), None)), "begun later");
        assert!(!with(sanction(2, Some(1985), Some(1989))), "ended before");
        assert!(
            !with(Case {
                imposition: false,
                ..sanction(2, Some(1989), None)
            }),
            "never imposed"
        );
        assert!(
            !with(Case {
                targetstate: 41,
                ..sanction(2, Some(1989), None)
            }),
            "another target"
        );
    }
}
