//! Separated data: limits where they are asked for, and never an estimate where there is none.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use mlogit::{Column, Error, Formula, Frame, FrameBuilder, Separation, Table};

/// Outcome, x, z, g, weight. Separated in two stages: the rows that decide the second are those the first
/// leaves, and the steps that take them apart push those of the first back by less than they have to spare. The
/// gradient vanishes on the way, and the information with it.
const ROWS: [(&str, f64, f64, &str, f64); 24] = [
    ("y1", 0.796875, -0.078125, "g0", 3.0),
    ("y3", 0.734375, -0.21875, "g0", 1.0),
    ("y3", -0.75, 0.515625, "g0", 2.0),
    ("y2", -0.703125, 0.40625, "g2", 1.0),
    ("y3", -1.9375, -0.28125, "g1", 2.0),
    ("y3", 0.625, -1.46875, "g2", 2.0),
    ("y2", -1.828125, -1.21875, "g0", 3.0),
    ("y3", 0.71875, 0.890625, "g2", 2.0),
    ("y1", 1.921875, -1.671875, "g1", 2.0),
    ("y3", -1.671875, 1.890625, "g1", 3.0),
    ("y1", -0.796875, 0.921875, "g2", 3.0),
    ("y2", -1.671875, -1.265625, "g1", 1.0),
    ("y0", -0.21875, -0.484375, "g2", 3.0),
    ("y3", 1.8125, 0.53125, "g2", 3.0),
    ("y3", 1.65625, 1.625, "g0", 3.0),
    ("y3", -0.296875, -0.625, "g0", 3.0),
    ("y0", -1.28125, -0.296875, "g1", 2.0),
    ("y2", -0.546875, 1.1875, "g2", 3.0),
    ("y3", -0.78125, 1.8125, "g2", 1.0),
    ("y3", -0.328125, 1.84375, "g2", 2.0),
    ("y2", -0.21875, -0.078125, "g2", 2.0),
    ("y3", -0.078125, 1.421875, "g1", 2.0),
    ("y3", -1.375, 1.3125, "g0", 2.0),
    ("y2", -1.359375, -0.203125, "g2", 1.0),
];

#[test]
fn a_plateau_is_no_maximum() {
    let mut table = Table::new();
    table.insert("y", Column::text(ROWS.map(|row| row.0))).unwrap();
    table.insert("x", Column::number(ROWS.map(|row| row.1))).unwrap();
    table.insert("z", Column::number(ROWS.map(|row| row.2))).unwrap();
    table.insert("g", Column::text(ROWS.map(|row| row.3))).unwrap();
    table.insert("w", Column::number(ROWS.map(|row| row.4))).unwrap();
    let formula = Formula::parse("y ~ x * g + z").unwrap();
    for base in ["y0", "y1", "y2", "y3"] {
        let frame = FrameBuilder::new().base(base).weights("w");
        let fit = frame
            .build(&table, &formula)
            .and_then(|frame| frame.design()?.fit());
        assert!(
            matches!(fit, Err(Error::Singular | Error::Separation { .. })),
            "base {base}: {fit:?}"
        );
    }
}

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

/// In one group nobody says yes, so nothing is known of what x does there.
#[test]
fn what_nothing_is_known_of_has_no_estimate() {
    let says = |i: u32| ["yes", "no"][(i * i * 7 % 11 % 2) as usize];
    let x = |i: u32| f64::from(i * 37 % 23) / 4.0;
    let table = |groups: &[&str]| {
        let rows = (0..80).filter(|i| groups.contains(&["p", "q"][(i % 4 / 3) as usize]));
        let rows: Vec<u32> = rows.collect();
        let mut table = Table::new();
        let y = rows.iter().map(|i| if i % 4 == 3 { "no" } else { says(*i) });
        table.insert("y", Column::text(y)).unwrap();
        table
            .insert("x", Column::number(rows.iter().map(|i| x(*i))))
            .unwrap();
        let g = rows.iter().map(|i| ["p", "q"][(i % 4 / 3) as usize]);
        table.insert("g", Column::text(g)).unwrap();
        table
    };
    let design = |groups: &[&str], formula: &str| {
        let formula = Formula::parse(formula).unwrap();
        Frame::new(&table(groups), &formula).unwrap().design().unwrap()
    };
    let limit = design(&["p", "q"], "y ~ x * g")
        .fit_with(Separation::Limit)
        .unwrap();
    let without = design(&["p"], "y ~ x").fit().unwrap();
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
    for term in ["g[q]", "x:g[q]"] {
        let one = limit.coefficient("yes", term).unwrap();
        assert!(!one.estimate.is_finite() && one.std_error.is_nan(), "{one:?}");
    }
}

/// Where the covariates tell everything the likelihood goes to one, and no coefficient is finite.
#[test]
fn perfect_predictions_have_a_limit() {
    let mut table = Table::new();
    let x = (0..40).map(|i| f64::from(i * 37 % 40));
    let y = x.clone().map(|x| {
        if x < 13.0 {
            "low"
        } else if x < 29.0 {
            "middle"
        } else {
            "high"
        }
    });
    table.insert("y", Column::text(y)).unwrap();
    table.insert("x", Column::number(x)).unwrap();
    let formula = Formula::parse("y ~ x").unwrap();
    let design = || Frame::new(&table, &formula).unwrap().design().unwrap();
    assert!(matches!(design().fit(), Err(Error::Separation { .. })));
    let limit = design().fit_with(Separation::Limit).unwrap();
    assert!(limit.loglik().abs() < 1e-10, "{}", limit.loglik());
    assert!(
        limit
            .coefficients()
            .all(|one| !one.estimate.is_finite() && one.std_error.is_nan())
    );
}
