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

/// Year, month and day, to compare by.
pub(super) type Day = (Year, u8, u8);

/// The day a date stands for: the middle of the year or month where only that is known.
fn day(year: Year, month: Option<u8>, day: Option<u8>) -> Day {
    (year, month.unwrap_or(6), day.unwrap_or(15))
}

/// When `case` starts.
fn start(case: &Case) -> Day {
    day(case.startyear, case.startmonth, case.startday)
}

/// When the sanctions of `case` were imposed: with its start, where that is not known.
fn imposed(case: &Case) -> Day {
    case.imposition_year.map_or(start(case), |year| {
        day(year, case.imposition_month, case.imposition_day)
    })
}

/// The last day `case` is known to have gone on: its end, else the day as of which it was still on.
fn known_until(case: &Case) -> Option<Day> {
    let end = case.endyear.map(|year| day(year, case.endmonth, case.endday));
    let ongoing = case
        .ongoing_year
        .map(|year| day(year, case.ongoing_month, case.ongoing_day));
    end.or(ongoing)
}

/// Whether the sanctions of `case` are known to have been in force on `day`: imposed by then, and ended after it.
pub(super) fn in_force(case: &Case, day: Day) -> bool {
    case.imposition && imposed(case) <= day && known_until(case).is_some_and(|until| until > day)
}

/// The other episodes among `all` against the target of `case`.
fn against_the_same<'a>(case: &'a Case, all: &'a [Case]) -> impl Iterator<Item = &'a Case> {
    all.iter()
        .filter(|other| other.caseid != case.caseid && other.targetstate == case.targetstate)
}

/// Whether the target of `case` was under another sender's sanctions on the day of the threat. An episode without a
/// primary sender is another sender's.
pub(super) fn multiple(case: &Case, all: &[Case]) -> bool {
    against_the_same(case, all)
        .any(|other| other.primarysender != case.primarysender && in_force(other, start(case)))
}

/// Whether the target of `case` was under anybody's sanctions on the day of the threat.
pub(super) fn multiple_any(case: &Case, all: &[Case]) -> bool {
    against_the_same(case, all).any(|other| in_force(other, start(case)))
}

/// Whether the target of `case` was under anybody's sanctions in the year of the threat. Sanctions without an end year
/// are still on.
pub(super) fn multiple_years(case: &Case, all: &[Case]) -> bool {
    against_the_same(case, all).any(|other| {
        other.imposition
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

    /// A threat by state 2 on 15 March 1990.
    fn threat_of_1990() -> Case {
        Case {
            primarysender: Some(2),
            targetstate: 40,
            imposition: true,
            ..threat(1, (1990, Some(3), Some(15)), None)
        }
    }

    /// Sanctions by state 200 from 1 May 1988 to 1 May 1995, in an episode that starts on 1 January 1988.
    fn sanctions() -> Case {
        Case {
            primarysender: Some(200),
            targetstate: 40,
            imposition: true,
            imposition_year: Some(1988),
            imposition_month: Some(5),
            imposition_day: Some(1),
            endyear: Some(1995),
            endmonth: Some(5),
            endday: Some(1),
            ..threat(2, (1988, Some(1), Some(1)), None)
        }
    }

    /// The three readings of whether `other` makes the threat of 1990 one of several.
    fn readings(other: Case) -> [bool; 3] {
        let case = threat_of_1990();
        let all = [case.clone(), other];
        [
            multiple(&case, &all),
            multiple_any(&case, &all),
            multiple_years(&case, &all),
        ]
    }

    #[test]
    fn sanctions_of_others_in_force_on_the_day() {
        assert_eq!(readings(sanctions()), [true; 3]);
        let same_sender = Case {
            primarysender: Some(2),
            ..sanctions()
        };
        assert_eq!(readings(same_sender), [false, true, true]);
        let nobodys = Case {
            primarysender: None,
            ..sanctions()
        };
        assert_eq!(readings(nobodys), [true; 3], "no primary sender: another's");
        let never_imposed = Case {
            imposition: false,
            ..sanctions()
        };
        assert_eq!(readings(never_imposed), [false; 3]);
        let another_target = Case {
            targetstate: 41,
            ..sanctions()
        };
        assert_eq!(readings(another_target), [false; 3]);
        let itself = Case {
            caseid: 1,
            ..sanctions()
        };
        assert_eq!(readings(itself), [false; 3], "the episode itself is not another");
    }

    /// Sanctions imposed on the given date.
    fn imposed_on(year: Option<Year>, month: Option<u8>, day: Option<u8>) -> Case {
        Case {
            imposition_year: year,
            imposition_month: month,
            imposition_day: day,
            ..sanctions()
        }
    }

    #[test]
    fn imposed_by_the_day_of_the_threat() {
        assert_eq!(readings(imposed_on(Some(1990), Some(3), Some(15))), [true; 3]);
        let next_day = imposed_on(Some(1990), Some(3), Some(16));
        assert_eq!(readings(next_day), [false, false, true], "later in the year");
        assert_eq!(
            readings(imposed_on(Some(1990), None, None)),
            [false, false, true],
            "June"
        );
        assert_eq!(
            readings(imposed_on(Some(1990), Some(3), None)),
            [true; 3],
            "the fifteenth"
        );
        assert_eq!(readings(imposed_on(Some(1991), None, None)), [false; 3]);
        assert_eq!(
            readings(imposed_on(None, None, None)),
            [true; 3],
            "with the episode's start, in 1988"
        );
    }

    /// Sanctions that ended on the given date.
    fn ended_on(year: Option<Year>, month: Option<u8>, day: Option<u8>) -> Case {
        Case {
            endyear: year,
            endmonth: month,
            endday: day,
            ..sanctions()
        }
    }

    #[test]
    fn ended_after_the_day_of_the_threat() {
        assert_eq!(readings(ended_on(Some(1990), Some(3), Some(16))), [true; 3]);
        let same_day = ended_on(Some(1990), Some(3), Some(15));
        assert_eq!(readings(same_day), [false, false, true]);
        assert_eq!(readings(ended_on(Some(1990), None, None)), [true; 3], "June");
        assert_eq!(readings(ended_on(Some(1989), None, None)), [false; 3]);
    }

    #[test]
    fn without_an_end_what_is_known_to_go_on_counts() {
        let on_as_of = |year| Case {
            ongoing_year: year,
            ..ended_on(None, None, None)
        };
        assert_eq!(readings(on_as_of(Some(1990))), [true; 3], "June");
        assert_eq!(readings(on_as_of(Some(1989))), [false, false, true]);
        assert_eq!(
            readings(on_as_of(None)),
            [false, false, true],
            "nothing is known of its end"
        );
        let ended = Case {
            ongoing_year: Some(2000),
            ..ended_on(Some(1989), None, None)
        };
        assert_eq!(readings(ended), [false; 3], "an end is an end");
    }
}
