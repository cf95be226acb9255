//! Separated data: limits where they are asked for.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use mlogit::{Column, Formula, Frame, Separation, Table};

/// Two groups in which nobody says yes: at the limit they are predicted without error, and everything else is as
/// if they were not there.
#[test]
fn the_limit_is_the_fit_without_what_is_separated() {
    let says = |i: u32| ["yes", "no"][(i * i * 7 % 11 % 2) as usize];
    let rows: Vec<(&str, f64, f64, f64)> = (0..90)
        .map(|i| {
            let group = i % 9;
            let (a, b) = (f64::from(u8::from(group == 7)), f64::from(u8::from(group == 8)));
            (
                if group < 7 { says(i) } else { "no" },
                f64::from(i * 37 % 23) / 4.0,
                a,
                b,
            )
        })
        .collect();
    let table = |rows: &[(&str, f64, f64, f64)]| {
        let mut table = Table::new();
        table
            .insert("y", Column::text(rows.iter().map(|row| row.0)))
            .unwrap();
        table
            .insert("x", Column::number(rows.iter().map(|row| row.1)))
            .unwrap();
        table
            .insert("a", Column::number(rows.iter().map(|row| row.2)))
            .unwrap();
        table
            .insert("b", Column::number(rows.iter().map(|row| row.3)))
            .unwrap();
        table
    };
    let design = |rows: &[(&str, f64, f64, f64)], formula: &str| {
        let formula = Formula::parse(formula).unwrap();
        Frame::new(&table(rows), &formula).unwrap().design().unwrap()
    };
    let limit = design(&rows, "y ~ x + a + b")
        .fit_with(Separation::Limit)
        .unwrap();
    let others: Vec<_> = rows.iter().copied().filter(|row| row.2 + row.3 == 0.0).collect();
    let without = design(&others, "y ~ x").fit().unwrap();
    assert!((limit.loglik() - without.loglik()).abs() < 1e-10);
    for one in without.coefficients() {
        let other = limit.coefficient(&one.outcome, &one.term).unwrap();
        assert!(
            (one.estimate - other.estimate).abs() < 1e-10 * one.std_error,
            "{one:?}, {other:?}"
        );
        assert!(
            (one.std_error - other.std_error).abs() < 1e-10 * one.std_error,
            "{one:?}, {other:?}"
        );
    }
    for term in ["a", "b"] {
        let one = limit.coefficient("yes", term).unwrap();
        assert!(
            one.estimate == f64::NEG_INFINITY && one.std_error.is_nan(),
            "{one:?}"
        );
    }
}
