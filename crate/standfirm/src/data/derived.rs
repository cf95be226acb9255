//! Columns that are functions of those of the file, for readings of the study that take no logarithm or another year.
//!
//! [`variables::DERIVED`](crate::data::variables::DERIVED) says what they mean.

use mlogit::{Column, Table};

/// A dollar or a kilometre in the unit of a column without logarithm.
const BILLIONTH: f64 = 1e-9;
const THOUSANDTH: f64 = 1e-3;

/// Adds the columns to the episodes of the file.
pub(super) fn add(table: &mut Table) -> mlogit::Result<()> {
    let columns = [
        ("t_gdp_level", levels(table.numbers("t_gdp")?, BILLIONTH)),
        ("s_gdp_level", levels(table.numbers("s_gdp")?, BILLIONTH)),
        ("distance", levels(table.numbers("ln_distance")?, THOUSANDTH)),
        ("post_coldwar_1991", since(table.numbers("year")?, 1991.0)),
        ("post_coldwar_1992", since(table.numbers("year")?, 1992.0)),
    ];
    for (name, column) in columns {
        table.insert(name, column)?;
    }
    Ok(())
}

fn levels(logarithms: &[f64], unit: f64) -> Column {
    Column::number(logarithms.iter().map(|value| libm::exp(*value) * unit))
}

fn since(years: &[f64], first: f64) -> Column {
    Column::number(years.iter().map(|year| f64::from(u8::from(*year >= first))))
}

#[cfg(test)]
mod tests {
    use crate::data::episodes::episodes;
    use crate::data::variables::{DERIVED, VARIABLES};

    #[test]
    fn the_columns_are_those_described_after_those_of_the_file() {
        let episodes = episodes().unwrap();
        let described = VARIABLES.iter().chain(&DERIVED);
        let described: Vec<&str> = described.map(|variable| variable.name).collect();
        assert_eq!(episodes.names(), described);
    }

    #[test]
    fn logarithms_are_undone_and_years_compared() {
        let episodes = episodes().unwrap();
        let column = |name: &str| episodes.numbers(name).unwrap();
        for row in 0..episodes.rows() {
            let level = column("t_gdp_level")[row];
            assert!(level.is_nan() || (libm::log(level * 1e9) - column("t_gdp")[row]).abs() < 1e-12);
            let kilometres = column("distance")[row] * 1e3;
            assert!(kilometres.is_nan() || (kilometres - kilometres.round()).abs() < 1e-8);
            let year = column("year")[row];
            assert_eq!(column("post_coldwar_1992")[row] == 1.0, year > 1991.0);
            assert_eq!(
                column("post_coldwar")[row] - column("post_coldwar_1991")[row],
                f64::from(u8::from(year == 1990.0))
            );
        }
    }
}
