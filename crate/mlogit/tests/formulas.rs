//! Formulas with functions, bases, nesting and without intercept against numbers from R: `reference/formulas.R` makes the
//! data and the numbers.

// The helpers of a test may fail it.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{Agreement, fit, table};
use mlogit::{At, Column, Comparison, Error, Fit, Formula, Frame, Table, Warning};
use serde_json::Value;

/// Numbers of the issue these formulas came with, and of R's `numDeriv`, have eight digits or more.
const TOLERANCE: f64 = 1e-8;

fn data() -> Table {
    table(include_str!("reference/formulas.csv"))
}

fn reference() -> Value {
    serde_json::from_str(include_str!("reference/formulas.json")).unwrap()
}

fn numbers<'a>(model: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    model[key].as_array().unwrap().iter()
}

/// R calls a level `gq` or, in an interaction, `gq:x`; here it is `g[q]`.
fn renamed(column: &str) -> String {
    let piece = |piece: &str| match piece.chars().collect::<Vec<_>>().as_slice() {
        [variable @ ('g' | 'h'), level] => format!("{variable}[{level}]"),
        _ => piece.to_owned(),
    };
    column.split(':').map(piece).collect::<Vec<_>>().join(":")
}

#[test]
fn models_are_those_of_r() {
    let (table, reference) = (data(), reference());
    let new = rows_not_seen();
    for model in numbers(&reference, "models") {
        let formula = model["formula"].as_str().unwrap();
        let fit = fit(&table, formula, "a");
        let columns: Vec<String> = numbers(model, "columns")
            .map(|name| renamed(name.as_str().unwrap()))
            .collect();
        assert_eq!(fit.design().terms().collect::<Vec<_>>(), columns, "{formula}");

        let mut agreement = Agreement::default();
        agreement.check(formula, fit.loglik(), &model["loglik"], 1e-11);
        for (found, (estimate, se)) in fit
            .coefficients()
            .zip(numbers(model, "estimate").zip(numbers(model, "se")))
        {
            let what = format!("{formula}: {}, {}", found.outcome, found.term);
            agreement.check(&what, found.estimate, estimate, TOLERANCE);
            agreement.check(&what, found.std_error, se, TOLERANCE);
        }
        for variable in ["x", "z"] {
            if fit.design().frame().variables().any(|known| known == variable) {
                let slopes = fit.slopes([variable], &At::observed()).unwrap();
                for (found, expected) in slopes.iter().zip(numbers(model, variable)) {
                    agreement.check(
                        &format!("{formula}: slope of {variable}"),
                        found.estimate,
                        expected,
                        TOLERANCE,
                    );
                }
            }
        }
        let step = fit
            .comparisons([Comparison::of("x").step(0.5)], &At::observed())
            .unwrap();
        for (found, expected) in step.iter().zip(numbers(model, "step")) {
            agreement.check(
                &format!("{formula}: x + 0.5"),
                found.estimate,
                expected,
                TOLERANCE,
            );
        }
        let found = fit.probabilities(&new).unwrap();
        for (found, expected) in found.iter().flatten().flatten().zip(numbers(model, "new")) {
            agreement.check(&format!("{formula}: new rows"), *found, expected, TOLERANCE);
        }
        println!("{formula} agrees to {:.1e}", agreement.worst());
    }
}

/// Within and beyond what the fit has seen; the script has the same.
fn rows_not_seen() -> Table {
    let mut table = Table::new();
    table.insert("x", Column::number([0.2, 1.1, 5.0])).unwrap();
    table.insert("z", Column::number([-2.5, 0.3, 1.0])).unwrap();
    table.insert("g", Column::text(["p", "q", "r"])).unwrap();
    table.insert("h", Column::text(["u", "v", "v"])).unwrap();
    table
}

/// The slope of a variable is the limit of what a small step makes, wherever it stands: at the rows, at the means, held,
/// beyond the data.
#[test]
fn slopes_are_limits_of_steps() {
    let table = data();
    let formulas = numbers(&reference(), "models")
        .map(|model| model["formula"].as_str().unwrap().to_owned())
        .chain(["y ~ x * log(x) + z:sqrt(x + 3):z".to_owned()])
        .collect::<Vec<_>>();
    for formula in &formulas {
        let fit = fit(&table, formula, "b");
        for at in [
            At::observed(),
            At::means(),
            At::means().with("x", 0.4),
            At::observed().with("x", 9.0),
        ] {
            let slopes = fit.slopes(["x"], &at).unwrap();
            let step = 1e-4;
            let change = |by: f64| {
                let changes = fit.comparisons([Comparison::of("x").step(by)], &at).unwrap();
                changes.iter().map(|one| one.estimate).collect::<Vec<_>>()
            };
            let both = change(step).into_iter().zip(change(-step));
            for (slope, (up, down)) in slopes.iter().zip(both) {
                let quotient = (up - down) / (2.0 * step);
                assert!(
                    (slope.estimate - quotient).abs() < 1e-7,
                    "{formula}, {at:?}: {} is not {quotient}",
                    slope.estimate
                );
            }
        }
    }
}

/// At the means a function is taken at the mean of its variable, not at the mean of its own values.
#[test]
fn functions_are_taken_at_the_mean() {
    let table = data();
    let fit = fit(&table, "y ~ log(x) + poly(z, 2)", "a");
    let mean = |name: &str| {
        let values = fit.design().frame().number(name).unwrap();
        values.iter().sum::<f64>() / values.len() as f64
    };
    let mut row = Table::new();
    row.insert("x", Column::number([mean("x")])).unwrap();
    row.insert("z", Column::number([mean("z")])).unwrap();
    let expected = fit.probabilities(&row).unwrap().remove(0).unwrap();
    for (found, expected) in fit.predictions([At::means()]).unwrap().iter().zip(expected) {
        assert!((found.estimate - expected).abs() < 1e-13);
    }
}

fn with_zero() -> Table {
    let mut table = data();
    let mut t: Vec<f64> = table.numbers("x").unwrap().to_vec();
    t[6] = 0.0;
    table.insert("t", Column::number(t)).unwrap();
    table
}

fn refusal(formula: &str) -> String {
    let frame = Formula::parse(formula).and_then(|formula| Frame::new(&with_zero(), &formula));
    frame.and_then(Frame::design).map(|_| ()).unwrap_err().to_string()
}

#[test]
fn values_outside_a_functions_domain_are_named() {
    assert_eq!(
        refusal("y ~ log(t)"),
        "`log(t)` has no finite value in row 7, where `t` is 0"
    );
    assert_eq!(
        refusal("y ~ scale(log(t * z))").split(" where").next().unwrap(),
        "`log(t * z)` has no finite value in row 1,",
        "what is inside a function is checked first"
    );
    assert_eq!(refusal("y ~ log(g)"), "column `g` has text (`r`), not numbers");
    assert_eq!(
        refusal("y ~ poly(I(x > 1), 2)").split(" means").next().unwrap(),
        "formula, character 14: `>`"
    );
    assert!(
        refusal("y ~ ns(x, 3) + poly(I(x - x), 2)")
            .contains("`poly(x - x, 2)`: `x - x` has too few distinct values")
    );

    let fit = fit(&with_zero(), "y ~ sqrt(t) + log(x)", "a");
    let held = fit.predictions([At::observed().with("x", -1.0)]).unwrap_err();
    assert_eq!(held.to_string(), "`log(x)` has no finite value where `x` is -1");
    let slope = fit.slopes(["t"], &At::observed()).unwrap_err();
    assert_eq!(
        slope.to_string(),
        "`sqrt(t)` has no finite slope in row 7, where `t` is 0"
    );
    let lower = fit.comparisons([Comparison::of("x").step(-5.0)], &At::observed());
    assert!(matches!(lower, Err(Error::Domain { row: Some(_), .. })));
    assert!(fit.slopes(["x"], &At::observed()).is_ok());
    let mut new = Table::new();
    new.insert("t", Column::number([1.0, 1.0])).unwrap();
    new.insert("x", Column::number([1.0, -2.0])).unwrap();
    assert_eq!(
        fit.probabilities(&new).unwrap_err().to_string(),
        "`log(x)` has no finite value in row 2, where `x` is -2"
    );
}

/// Without an intercept but with every level, a model is another way to write the one with an intercept.
#[test]
fn every_level_stands_for_the_intercept() {
    let table = data();
    let (with, without) = (fit(&table, "y ~ g + x", "a"), fit(&table, "y ~ g + x - 1", "a"));
    assert!((with.loglik() - without.loglik()).abs() < 1e-10);
    assert_eq!(with.likelihood_ratio().df, without.likelihood_ratio().df);
    assert!((with.loglik_null() - without.loglik_null()).abs() < 1e-10);
    let through_origin = fit(&table, "y ~ x - 1", "a");
    let equal = -(through_origin.n()) * libm::log(3.0);
    assert!((through_origin.loglik_null() - equal).abs() < 1e-10);
    assert_eq!(through_origin.likelihood_ratio().df, 2);
    let test = with.test("x").unwrap();
    assert!((test.statistic - without.test("x").unwrap().statistic).abs() < 1e-7);
    let test = with.hausman_mcfadden("c").unwrap().statistic;
    assert!((test - without.hausman_mcfadden("c").unwrap().statistic).abs() < 1e-6 * test.abs());
}

fn firth(formula: &str) -> Fit {
    let formula = Formula::parse(formula).unwrap();
    Frame::new(&data(), &formula)
        .unwrap()
        .design()
        .unwrap()
        .fit_firth()
        .unwrap()
}

#[test]
fn bias_is_reduced_without_an_intercept_too() {
    let fit = firth("y ~ x + z - 1");
    let plain = common::fit(&data(), "y ~ x + z - 1", "a");
    for (a, b) in fit.coefficients().zip(plain.coefficients()) {
        assert!(
            (a.estimate - b.estimate).abs() < 0.2 * b.std_error,
            "{a:?} is not {b:?}"
        );
    }
    assert_eq!(fit.likelihood_ratio().df, 4);
    assert!(fit.likelihood_ratio().statistic > 0.0);
}

#[test]
fn terms_that_are_functions_are_tested_by_their_names() {
    let fit = fit(&data(), "y ~ x + I(x^2) + poly(z, 2)", "a");
    for (name, df) in [("I(x^2)", 2), ("poly(z, 2)", 4), ("poly(z, 2)1", 2)] {
        assert_eq!(fit.test(name).unwrap().df, df, "{name}");
    }
    let tests = fit.likelihood_ratio_by_term().unwrap();
    assert_eq!(
        tests
            .iter()
            .map(|(name, test)| (name.as_str(), test.df))
            .collect::<Vec<_>>(),
        [("x", 2), ("I(x^2)", 2), ("poly(z, 2)", 4)]
    );
}

/// Where no row has some combination of levels, what it would say is left out with a note, whether the combination has
/// a column of its own or a base level stands for it; the likelihood is that of the cells there are.
#[test]
fn empty_cells_are_left_out_with_a_note() {
    let table = data();
    let (g, h) = (table.text("g").unwrap(), table.text("h").unwrap());
    for (level, empty, left_out) in [
        ("v", "q", "g[q]:h[v]"),
        ("v", "p", "g[r]:h[v]"),
        ("u", "r", "g[r]:h[v]"),
    ] {
        let rows: Vec<usize> = (0..table.rows())
            .filter(|row| (g.get(*row), h.get(*row)) != (Some(empty), Some(level)))
            .collect();
        let mut part = Table::new();
        for name in table.names() {
            part.insert(name.clone(), table.column(name).unwrap().select(&rows))
                .unwrap();
        }
        let cell = |row: usize| format!("{}{}", g.get(row).unwrap(), h.get(row).unwrap());
        part.insert("cell", Column::text(rows.iter().map(|row| cell(*row))))
            .unwrap();
        let (crossed, cells) = (fit(&part, "y ~ g * h + x", "a"), fit(&part, "y ~ cell + x", "a"));
        assert!((crossed.loglik() - cells.loglik()).abs() < 1e-9, "{empty}{level}");
        assert_eq!(crossed.parameters(), cells.parameters());
        let notes: Vec<String> = crossed
            .warnings()
            .into_iter()
            .filter_map(|warning| match warning {
                Warning::EmptyCell { term } | Warning::Determined { term, .. } => Some(term),
                _ => None,
            })
            .collect();
        assert_eq!(notes, [left_out], "{empty}{level}");
    }
}
