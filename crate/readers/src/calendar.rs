//! Stata's dates, counted from the start of 1960, as they are written.

/// The days from 0000-03-01 to 1960-01-01.
const BEFORE_1960: i64 = 715_815;

/// A day since 1960-01-01, year first.
///
/// Years are counted from March, so that the leap day is the last of a year, in eras of 400 years with 146 097 days
/// (Howard Hinnant, "chrono-compatible low-level date algorithms").
pub(crate) fn date(day: i64) -> String {
    let day = day.clamp(-1_000_000_000, 1_000_000_000) + BEFORE_1960;
    let (era, day) = (day.div_euclid(146_097), day.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, later) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    format!("{:04}-{month:02}-{day:02}", era * 400 + year + later)
}

/// A millisecond since 1960-01-01, with the time of day.
pub(crate) fn date_time(millisecond: i64) -> String {
    const DAY: i64 = 86_400_000;
    let second = millisecond.rem_euclid(DAY) / 1000;
    format!(
        "{} {:02}:{:02}:{:02}",
        date(millisecond.div_euclid(DAY)),
        second / 3600,
        second / 60 % 60,
        second % 60
    )
}

/// The year of a part of it since 1960, and which part, from 1.
pub(crate) fn part_of_year(part: i64, parts: i64) -> (i64, i64) {
    (1960 + part.div_euclid(parts), part.rem_euclid(parts) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_their_dates() {
        for (day, expected) in [
            (0, "1960-01-01"),
            (-1, "1959-12-31"),
            (59, "1960-02-29"),
            (60, "1960-03-01"),
            (366, "1961-01-01"),
            (14_641, "2000-02-01"),
            (14_669, "2000-02-29"),
            (21_916, "2020-01-02"),
            (-21_914, "1900-01-01"),
            (-21_855, "1900-03-01"),
        ] {
            assert_eq!(date(day), expected, "{day}");
        }
        assert_eq!(date_time(-1), "1959-12-31 23:59:59");
        assert_eq!(part_of_year(-1, 12), (1959, 12));
        assert_eq!(part_of_year(724, 12), (2020, 5));
    }
}
