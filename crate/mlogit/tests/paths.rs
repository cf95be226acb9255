//! Every path to an estimate ends at the same one: fresh fits, refits with other weights, fits that start from
//! some of their rows.

#![expect(clippy::unwrap_used, reason = "a test ends where something unexpected fails")]

use mlogit::{Column, Fit, Formula, FrameBuilder, Table};

const FORMULA: &str = "y ~ a + b + c + g + a:c";

/// Uniform numbers from 0 to 1 of a small generator, the same everywhere.
fn uniform(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }
}

/// Rows with an outcome of four levels that depends on three numbers and a group, `times` over.
fn table(rows: usize, times: usize) -> Table {
    let mut next = uniform(7);
    let (mut a, mut b, mut c, mut g, mut y) = (vec![], vec![], vec![], vec![], vec![]);
    for _ in 0..rows {
        let values = [next() * 3.0 - 1.5, 1e6 + next(), next() * 1e-6];
        let group = ["p", "q", "r"][(next() * 3.0) as usize];
        let etas = [
            0.0,
            0.9 * values[0] + 0.3,
            -0.6 * values[0] + f64::from(u8::from(group == "q")),
            2.0 * (values[1] - 1e6) - 1.0,
        ];
        let mut left = next() * etas.iter().map(|eta| libm::exp(*eta)).sum::<f64>();
        let mut outcome = 3;
        for (level, eta) in etas.iter().enumerate() {
            left -= libm::exp(*eta);
            if left < 0.0 {
                outcome = level;
                break;
            }
        }
        a.push(values[0]);
        b.push(values[1]);
        c.push(values[2]);
        g.push(group);
        y.push(["k", "l", "m", "n"][outcome]);
    }
    let mut table = Table::new();
    let repeat = |values: Vec<f64>| Column::number(values.repeat(times));
    table.insert("a", repeat(a)).unwrap();
    table.insert("b", repeat(b)).unwrap();
    table.insert("c", repeat(c)).unwrap();
    table.insert("g", Column::text(g.repeat(times))).unwrap();
    table.insert("y", Column::text(y.repeat(times))).unwrap();
    table
}

fn fit(table: &mut Table, weights: Option<&[f64]>) -> Fit {
    let mut frame = FrameBuilder::new();
    if let Some(weights) = weights {
        table
            .insert("weights", Column::number(weights.iter().copied()))
            .unwrap();
        frame = frame.weights("weights");
    }
    let formula = Formula::parse(FORMULA).unwrap();
    frame
        .build(table, &formula)
        .unwrap()
        .design()
        .unwrap()
        .fit()
        .unwrap()
}

/// Within a part of the standard error: the terms differ by twelve powers of ten.
fn assert_same(found: f64, expected: &mlogit::Coefficient, part: f64) {
    let error = (found - expected.estimate).abs() / expected.std_error;
    assert!(
        error < part,
        "{} {}: {found} is {error:e} standard errors from {}",
        expected.outcome,
        expected.term,
        expected.estimate
    );
}

#[test]
fn a_refit_is_a_fresh_fit_with_its_weights() {
    let rows = 900;
    let fitted = fit(&mut table(rows, 1), None);
    let mut refitter = fitted.refitter();
    for seed in 1..6 {
        let mut next = uniform(seed);
        let weights: Vec<f64> = (0..rows).map(|_| (next() * 3.0).floor()).collect();
        let fresh = fit(&mut table(rows, 1), Some(&weights));
        let refit = refitter.refit(&weights).unwrap();
        assert!((refit.loglik() - fresh.loglik()).abs() < 1e-9);
        assert!(
            (0.0..1e-11).contains(&refit.gradient_norm()),
            "{:e}",
            refit.gradient_norm()
        );
        for expected in fresh.coefficients() {
            let found = refit.estimate(&expected.outcome, &expected.term).unwrap();
            assert_same(found, &expected, 1e-10);
            if expected.term == "a" {
                assert!((found - expected.estimate).abs() < 1e-12);
            }
        }
    }
}

#[test]
fn a_refit_can_be_a_fit_of_its_own() {
    let rows = 600;
    let fitted = fit(&mut table(rows, 1), None);
    let left_out = |row: usize| row.is_multiple_of(5);
    let weights: Vec<f64> = (0..rows).map(|row| f64::from(!left_out(row))).collect();
    let mut refitter = fitted.refitter();
    let own = refitter.fit(&weights).unwrap();
    let refit = refitter.refit(&weights).unwrap();

    // The rest of the table by itself.
    let all = table(rows, 1);
    let kept: Vec<usize> = (0..rows).filter(|row| !left_out(*row)).collect();
    let mut rest = Table::new();
    for name in all.names() {
        let column = match all.column(name).unwrap() {
            Column::Text(text) => Column::text_or_missing(kept.iter().map(|&row| text.get(row))),
            Column::Number(values) => Column::number(kept.iter().map(|&row| values[row])),
        };
        rest.insert(name.clone(), column).unwrap();
    }
    let rest = fit(&mut rest, None);
    assert_eq!((own.n(), own.counts()), (rest.n(), rest.counts()));
    assert!((own.loglik_null() - rest.loglik_null()).abs() < 1e-9);
    let covariance = mlogit::Covariance::Hc1;
    let pairs = [
        (own.clone(), rest.clone()),
        (
            own.with_covariance(&covariance).unwrap(),
            rest.with_covariance(&covariance).unwrap(),
        ),
    ];
    for (own, rest) in pairs {
        for (found, expected) in own.coefficients().zip(rest.coefficients()) {
            assert_same(found.estimate, &expected, 1e-10);
            assert!((found.std_error / expected.std_error - 1.0).abs() < 1e-9);
        }
    }
    for (found, expected) in refit.estimates().zip(own.coefficients()) {
        assert_same(found.2, &expected, 1e-10);
    }
    let at = || [mlogit::At::observed().with("a", 0.4)];
    let (one, other) = (own.predictions(at()).unwrap(), rest.predictions(at()).unwrap());
    for (found, expected) in one.iter().zip(other.iter()) {
        assert!((found.estimate - expected.estimate).abs() < 1e-10);
        assert!((found.std_error / expected.std_error - 1.0).abs() < 1e-8);
    }
    let by_row = own
        .predictions_by_row(&mlogit::At::observed(), &mlogit::Interval::Delta)
        .unwrap();
    let outcomes = own.design().outcomes().len();
    for (at, found) in refit.all_probabilities().iter().enumerate() {
        assert!((found - by_row[at].estimate).abs() < 1e-10);
        assert_eq!(*found, refit.probabilities(at / outcomes)[at % outcomes]);
    }
}

#[test]
fn a_fit_from_many_rows_is_the_weighted_fit_of_their_kinds() {
    // The first is large enough to start from some of its rows.
    let many = fit(&mut table(2_400, 12), None);
    let few = fit(&mut table(2_400, 1), Some(&[12.0; 2_400]));
    assert!((many.loglik() - few.loglik()).abs() < 1e-8 * many.loglik().abs());
    for (found, expected) in many.coefficients().zip(few.coefficients()) {
        assert_same(found.estimate, &expected, 1e-10);
        assert!((found.std_error / expected.std_error - 1.0).abs() < 1e-9);
        if expected.term == "a" {
            assert!((found.estimate - expected.estimate).abs() < 1e-12);
        }
    }
}

#[test]
fn rows_sorted_by_outcome_change_nothing() {
    let plain = table(24_000, 1);
    let mut order: Vec<usize> = (0..24_000).collect();
    let outcomes = plain.text("y").unwrap();
    order.sort_by_key(|&row| outcomes.get(row));
    let mut sorted = Table::new();
    for name in plain.names() {
        let column = match plain.column(name).unwrap() {
            Column::Text(text) => Column::text_or_missing(order.iter().map(|&row| text.get(row))),
            Column::Number(values) => Column::number(order.iter().map(|&row| values[row])),
        };
        sorted.insert(name.clone(), column).unwrap();
    }
    let (plain, sorted) = (fit(&mut plain.clone(), None), fit(&mut sorted, None));
    for (found, expected) in sorted.coefficients().zip(plain.coefficients()) {
        assert_same(found.estimate, &expected, 1e-9);
    }
}

#[test]
fn a_term_without_variation_among_the_weighted_rows_is_named() {
    let mut table = table(300, 1);
    let rare = |row: usize| f64::from(u8::from(row % 10 == 7));
    table.insert("rare", Column::number((0..300).map(rare))).unwrap();
    let formula = Formula::parse("y ~ a + rare").unwrap();
    let frame = FrameBuilder::new().build(&table, &formula).unwrap();
    let fit = frame.design().unwrap().fit().unwrap();
    let weights: Vec<f64> = (0..300).map(|row| 1.0 - rare(row)).collect();
    let message = |weights: &[f64]| fit.refitter().refit(weights).unwrap_err().to_string();
    assert_eq!(
        message(&weights),
        "`rare` is 0 in every complete row: remove it from the formula"
    );
    assert_eq!(
        message(&weights[1..]),
        "weights `of the refit`: there are 299 for 300 rows"
    );
    assert_eq!(message(&[0.0; 300]), "weights `of the refit`: all are 0");
}

/// So few rows of so many that the rest of the model hardly notices, and steps with the first fit's information
/// go straight to the maximum.
#[test]
fn a_term_of_few_rows_is_missed_where_they_are_left_out() {
    let mut table = table(3_000, 1);
    let rare: Vec<bool> = {
        let y = table.text("y").unwrap();
        let mut left = [3; 4];
        let mut takes = |level: &str| {
            let of_level = &mut left[["k", "l", "m", "n"].iter().position(|one| *one == level).unwrap()];
            *of_level -= 1;
            *of_level >= 0
        };
        (0..3_000).map(|row| takes(y.get(row).unwrap())).collect()
    };
    let numbers = rare.iter().map(|rare| f64::from(u8::from(*rare)));
    table.insert("rare", Column::number(numbers)).unwrap();
    let formula = Formula::parse("y ~ a + rare").unwrap();
    let frame = FrameBuilder::new().build(&table, &formula).unwrap();
    let fit = frame.design().unwrap().fit().unwrap();
    let weights: Vec<f64> = rare.iter().map(|rare| f64::from(u8::from(!*rare))).collect();
    let refused = fit.refitter().refit(&weights).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "`rare` is 0 in every complete row: remove it from the formula"
    );
}

/// Columns that are nearly the same have an information that single precision cannot tell from a singular one. The
/// models of both columns and of one and the difference are the same.
#[test]
fn columns_hard_to_tell_apart_are_fitted_as_exactly() {
    for difference in [1e-2, 1e-3, 1e-4, 1e-5] {
        let mut table = table(600, 1);
        let numbers = |name: &str| table.numbers(name).unwrap().to_vec();
        let (a, c) = (numbers("a"), numbers("c"));
        // Both can be formed without rounding.
        let grid = |value: f64| (value * 1024.0).round() / 1024.0;
        let near: Vec<f64> = a
            .iter()
            .zip(&c)
            .map(|(a, c)| grid(*a) + difference * grid(c * 1e6))
            .collect();
        let apart: Vec<f64> = near.iter().zip(&a).map(|(near, a)| near - grid(*a)).collect();
        table
            .insert("from", Column::number(a.iter().map(|a| grid(*a))))
            .unwrap();
        table.insert("near", Column::number(near)).unwrap();
        table.insert("apart", Column::number(apart)).unwrap();
        let fit = |formula: &str| {
            let formula = Formula::parse(formula).unwrap();
            FrameBuilder::new()
                .build(&table, &formula)
                .unwrap()
                .design()
                .unwrap()
                .fit()
                .unwrap()
        };
        let (together, separate) = (fit("y ~ from + near"), fit("y ~ from + apart"));
        assert!((together.loglik() - separate.loglik()).abs() < 1e-9);
        for outcome in ["l", "m", "n"] {
            let near = together.coefficient(outcome, "near").unwrap();
            let apart = separate.coefficient(outcome, "apart").unwrap();
            assert!(
                (near.estimate - apart.estimate).abs() < 1e-9 * apart.std_error,
                "{difference:e} {outcome}"
            );
            // What rounding leaves of an information with pivots of the square of the difference.
            let rounding = 1e-14 / (difference * difference);
            assert!((near.std_error / apart.std_error - 1.0).abs() < rounding);
        }
    }
}
