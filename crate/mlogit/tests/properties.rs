//! What must hold of every fit, on random data.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

use mlogit::{At, Column, Design, Error, Fit, Formula, Frame, FrameBuilder, Table};
use proptest::prelude::*;

const FORMULA: &str = "y ~ x + z + g";
const INTERACTED: &str = "y ~ x * g + z";
/// Estimates agree where they differ by less than this part of their standard errors.
const CLOSE: f64 = 1e-9;
/// A power of two: sums and products with it are exact, so what is moved is the data, not their last digits.
const MILLION: f64 = 1_048_576.0;

/// One row. Numbers are small multiples of 1/64.
#[derive(Debug, Clone, Copy)]
struct Row {
    y: u8,
    x: f64,
    z: f64,
    g: u8,
    weight: u8,
}

/// A number of few values, for a term that makes it categorical.
fn half(row: &Row) -> f64 {
    f64::from(u8::from(row.z > 0.5))
}

fn row(outcomes: u8, levels: u8) -> impl Strategy<Value = Row> {
    (0..outcomes, -128..128_i32, -128..128_i32, 0..levels, 1..4_u8).prop_map(move |(y, x, z, g, weight)| {
        Row {
            // The outcome leans on the covariates, or every coefficient would be near zero.
            y: if x + z > 96 { outcomes - 1 } else { y },
            x: f64::from(x) / 64.0,
            z: f64::from(z) / 64.0,
            g,
            weight,
        }
    })
}

/// Two to four outcomes, two or three levels of the category.
fn rows() -> impl Strategy<Value = Vec<Row>> {
    (2..5_u8, 2..4_u8)
        .prop_flat_map(|(outcomes, levels)| prop::collection::vec(row(outcomes, levels), 40..120))
}

fn table(rows: &[Row]) -> Table {
    let mut table = Table::new();
    let text = |one: fn(&Row) -> String| Column::text(rows.iter().map(one));
    let number = |one: fn(&Row) -> f64| Column::number(rows.iter().map(one));
    table.insert("y", text(|row| format!("y{}", row.y))).unwrap();
    table.insert("x", number(|row| row.x)).unwrap();
    table.insert("z", number(|row| row.z)).unwrap();
    table.insert("g", text(|row| format!("g{}", row.g))).unwrap();
    table.insert("d", number(half)).unwrap();
    table.insert("w", number(|row| f64::from(row.weight))).unwrap();
    table
}

/// Some of the terms that there can be, in any order.
fn formulas() -> impl Strategy<Value = String> {
    let terms = vec!["x", "z", "g", "x:z", "x:g", "x*g", "C(d)", "(x + z) * g"];
    prop::sample::subsequence(terms, 1..5)
        .prop_shuffle()
        .prop_map(|terms| format!("y ~ {}", terms.join(" + ")))
}

/// The fit, or nothing where by chance the data have no maximum or too little in them.
fn fit(rows: &[Row], formula: &str, options: FrameBuilder<'_>) -> Option<Fit> {
    let fit = || {
        options
            .build(&table(rows), &Formula::parse(formula)?)?
            .design()?
            .fit()
    };
    match fit() {
        Ok(fit) => Some(fit),
        Err(
            Error::Separation { .. }
            | Error::Singular
            | Error::Collinear { .. }
            | Error::OneOutcome { .. }
            | Error::OneLevel { .. }
            | Error::TooFewRows { .. },
        ) => None,
        Err(error) => panic!("{error}"),
    }
}

/// As observed, and at each level of the category.
fn settings(fit: &Fit) -> Vec<At> {
    let levels = (0..3).map(|level| At::observed().with("g", format!("g{level}").as_str()));
    let known = levels.filter(|at| fit.predictions([at.clone()]).is_ok());
    std::iter::once(At::observed()).chain(known).collect()
}

/// Two estimates with their standard errors.
fn assert_close(one: (f64, f64), other: (f64, f64)) -> Result<(), TestCaseError> {
    let most = CLOSE * one.1;
    prop_assert!((one.0 - other.0).abs() < most, "estimates of {one:?}, {other:?}");
    prop_assert!((one.1 - other.1).abs() < most, "errors of {one:?}, {other:?}");
    Ok(())
}

fn assert_same_predictions(a: &Fit, b: &Fit) -> Result<(), TestCaseError> {
    let (a_at, b_at) = (
        a.predictions(settings(a)).unwrap(),
        b.predictions(settings(a)).unwrap(),
    );
    for (one, other) in a_at.iter().zip(b_at.iter()) {
        prop_assert_eq!(&one.outcome, &other.outcome);
        prop_assert!(
            (one.estimate - other.estimate).abs() < 1e-10,
            "{one:?}, {other:?}"
        );
        prop_assert!(
            (one.std_error - other.std_error).abs() < CLOSE * one.std_error.max(1.0),
            "{one:?}, {other:?}"
        );
    }
    Ok(())
}

/// The same model of the same data.
fn assert_same(a: &Fit, b: &Fit) -> Result<(), TestCaseError> {
    prop_assert_eq!(a.n(), b.n());
    prop_assert!((a.loglik() - b.loglik()).abs() < 1e-10);
    prop_assert!((a.loglik_null() - b.loglik_null()).abs() < 1e-10);
    for one in a.coefficients() {
        let other = b.coefficient(&one.outcome, &one.term).unwrap();
        assert_close((one.estimate, one.std_error), (other.estimate, other.std_error))?;
    }
    assert_same_predictions(a, b)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn probabilities_are_probabilities(rows in rows()) {
        let Some(fit) = fit(&rows, INTERACTED, FrameBuilder::new().weights("w")) else { return Ok(()) };
        let predictions: Vec<_> = fit.predictions(settings(&fit)).unwrap().iter().collect();
        for setting in predictions.chunks(fit.counts().len()) {
            let sum: f64 = setting.iter().map(|one| one.estimate).sum();
            prop_assert!((sum - 1.0).abs() < 1e-13, "they sum to {sum}");
            for one in setting {
                prop_assert!((0.0..=1.0).contains(&one.estimate), "{one:?}");
                prop_assert!(one.std_error >= 0.0 && one.std_error.is_finite(), "{one:?}");
            }
        }
    }

    #[test]
    fn covariates_never_lower_the_likelihood(rows in rows()) {
        let Some(fit) = fit(&rows, FORMULA, FrameBuilder::new().weights("w")) else { return Ok(()) };
        prop_assert!(fit.loglik() >= fit.loglik_null() - 1e-10);
        let test = fit.likelihood_ratio();
        prop_assert!((0.0..=1.0).contains(&test.p_value), "{test:?}");
    }

    /// At the maximum no column has anything left to say: the sum of what each row's outcome is beyond its probability,
    /// times its weight and the column, is zero. Reckoned from predicted probabilities alone.
    #[test]
    fn no_score_is_left_at_the_maximum(rows in rows(), formula in formulas()) {
        let Some(fit) = fit(&rows, &formula, FrameBuilder::new().weights("w")) else { return Ok(()) };
        let probabilities = fit.probabilities(&table(&rows)).unwrap();
        for (j, outcome) in fit.design().outcomes().iter().enumerate() {
            let score = |column: &dyn Fn(&Row) -> f64| -> f64 {
                let rows = rows.iter().zip(&probabilities);
                let parts = rows.map(|(row, p)| {
                    let there = f64::from(u8::from(format!("y{}", row.y) == *outcome));
                    f64::from(row.weight) * (there - p.as_ref().unwrap()[j]) * column(row)
                });
                parts.sum()
            };
            prop_assert!(score(&|_| 1.0).abs() < 1e-9, "{formula}: {outcome}");
            let has = |term: &str| fit.design().terms().any(|known| known == term);
            if has("x") {
                prop_assert!(score(&|row| row.x).abs() < 1e-9, "{formula}: {outcome}, x");
            }
            if has("x:z") {
                prop_assert!(score(&|row| row.x * row.z).abs() < 1e-9, "{formula}: {outcome}, x:z");
            }
            if has("g[g1]") {
                let one = |row: &Row| f64::from(u8::from(row.g == 1));
                prop_assert!(score(&one).abs() < 1e-9, "{formula}: {outcome}, g");
            }
        }
        prop_assert!(fit.loglik() >= fit.loglik_null() - 1e-10);
    }

    /// Whatever is written as a formula is read, or refused with a reason.
    #[test]
    fn any_formula_is_read_or_refused(parts in prop::collection::vec(prop::sample::select(vec![
        "y", "~", "a", "b", "x1", "+", "*", ":", "-", "(", ")", "C", "C(", "base", "=", ",", "`", "\"", "1", "0", " ", "\n",
        "\0", "é", "а", "<b>", "^", "I(", "|", "NaN", ".", "\u{202e}",
    ]), 0..60)) {
        let text = parts.concat();
        if let Err(error) = Formula::parse(&text) {
            prop_assert!(!error.to_string().is_empty());
        }
    }

    /// A property of the maximum of every model with an intercept.
    #[test]
    fn average_predictions_are_the_observed_shares(rows in rows()) {
        let Some(fit) = fit(&rows, INTERACTED, FrameBuilder::new().weights("w")) else { return Ok(()) };
        let predictions = fit.predictions([At::observed()]).unwrap();
        for (prediction, count) in predictions.iter().zip(fit.counts()) {
            prop_assert!((prediction.estimate - count / fit.n()).abs() < 1e-12, "{prediction:?}, {count} rows");
        }
    }

    #[test]
    fn the_order_of_rows_does_not_matter(
        (rows, shuffled) in rows().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
    ) {
        let options = FrameBuilder::new().weights("w");
        match (fit(&rows, INTERACTED, options), fit(&shuffled, INTERACTED, options)) {
            (Some(a), Some(b)) => assert_same(&a, &b)?,
            (a, b) => prop_assert_eq!(a.is_none(), b.is_none()),
        }
    }

    /// Coefficients against another base outcome are differences of those against the first.
    #[test]
    fn the_base_outcome_does_not_matter(rows in rows()) {
        let Some(first) = fit(&rows, FORMULA, FrameBuilder::new()) else { return Ok(()) };
        let outcomes = first.design().outcomes().to_vec();
        for base in &outcomes[1..] {
            let other = fit(&rows, FORMULA, FrameBuilder::new().base(base)).unwrap();
            prop_assert!((first.loglik() - other.loglik()).abs() < 1e-10);
            assert_same_predictions(&first, &other)?;
            for found in other.coefficients() {
                let term = found.term.as_str();
                let to = first.coefficient(base, term).unwrap();
                let (estimate, std_error) = if found.outcome == outcomes[0] {
                    (-to.estimate, to.std_error)
                } else {
                    let from = first.coefficient(&found.outcome, term).unwrap();
                    let joint = first.covariance((&found.outcome, term), (base, term)).unwrap();
                    let variance = from.std_error * from.std_error + to.std_error * to.std_error - 2.0 * joint;
                    (from.estimate - to.estimate, variance.sqrt())
                };
                assert_close((found.estimate, found.std_error), (estimate, std_error))?;
            }
        }
    }

    /// Another origin and another unit: the slope is in the new unit, nothing else changes.
    #[test]
    fn units_and_origins_do_not_matter(
        rows in rows(),
        unit in prop::sample::select(vec![1.0, MILLION, 1.0 / MILLION]),
        origin in prop::sample::select(vec![0.0, MILLION, -MILLION]),
    ) {
        let options = FrameBuilder::new().weights("w");
        let Some(plain) = fit(&rows, FORMULA, options) else { return Ok(()) };
        let moved: Vec<Row> = rows.iter().map(|row| Row { x: (row.x + origin) * unit, ..*row }).collect();
        let moved = fit(&moved, FORMULA, options).unwrap();
        prop_assert!((plain.loglik() - moved.loglik()).abs() < 1e-10);
        assert_same_predictions(&plain, &moved)?;
        for one in plain.coefficients().filter(|one| one.term != "(Intercept)") {
            let unit = if one.term == "x" { unit } else { 1.0 };
            let other = moved.coefficient(&one.outcome, &one.term).unwrap();
            assert_close((one.estimate, one.std_error), (other.estimate * unit, other.std_error * unit))?;
        }
    }

    #[test]
    fn what_is_collinear_is_named(rows in rows(), a in -3..4_i32, b in 1..4_i32) {
        let mut table = table(&rows);
        let sum = |row: &Row| f64::from(a) * row.x + f64::from(b) * row.z + 1.0;
        table.insert("sum", Column::number(rows.iter().map(sum))).unwrap();
        let fitted = Frame::new(&table, &Formula::parse("y ~ x + z + sum").unwrap())
            .and_then(Frame::design)
            .and_then(Design::fit);
        match fitted {
            Err(Error::Collinear { term, others }) => {
                prop_assert_eq!(&term, "sum");
                prop_assert!(others.iter().any(|other| other == "z"), "{others:?}");
            }
            other => prop_assert!(false, "{other:?}"),
        }
    }

    /// An outcome that all rows beyond a value of x have, and no other row, whatever else is random.
    #[test]
    fn what_is_separated_is_named(rows in rows(), bound in 64..112_i32) {
        let bound = f64::from(bound) / 64.0;
        let beyond = rows.iter().filter(|row| row.x > bound).count();
        prop_assume!(beyond > 1 && beyond + 30 < rows.len());
        let mut table = table(&rows);
        let outcome = |row: &Row| if row.x > bound { "beyond".to_owned() } else { format!("y{}", row.y) };
        table.insert("ending", Column::text(rows.iter().map(outcome))).unwrap();
        let fitted = Frame::new(&table, &Formula::parse("ending ~ x + z").unwrap())
            .and_then(Frame::design)
            .and_then(Design::fit);
        match fitted {
            Err(Error::Separation { directions }) => {
                // Relative to another base it is the others that lack it.
                prop_assert!(directions.iter().any(|one| one.term == "x"), "{directions:?}");
            }
            other => prop_assert!(false, "{other:?}"),
        }
    }

    #[test]
    fn a_weight_is_a_number_of_rows(rows in rows()) {
        let Some(weighted) = fit(&rows, INTERACTED, FrameBuilder::new().weights("w")) else { return Ok(()) };
        let repeated: Vec<Row> = rows
            .iter()
            .flat_map(|row| std::iter::repeat_n(*row, usize::from(row.weight)))
            .collect();
        assert_same(&weighted, &fit(&repeated, INTERACTED, FrameBuilder::new()).unwrap())?;
    }
}

/// 200 columns, 402 coefficients. The maximum is where no column has a score left, and a column more can only raise it.
#[test]
fn hundreds_of_columns() {
    const COLUMNS: usize = 200;
    let mut state = 7_u64;
    let mut uniform = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let rows = 2_000;
    let columns: Vec<Vec<f64>> = (0..COLUMNS)
        .map(|_| (0..rows).map(|_| uniform() - 0.5).collect())
        .collect();
    let outcomes: Vec<usize> = (0..rows)
        .map(|row| {
            ((uniform() + 0.6 * columns[0][row] + 0.3 * columns[COLUMNS - 1][row]).clamp(0.0, 0.999) * 3.0)
                as usize
        })
        .collect();
    let mut table = Table::new();
    table
        .insert(
            "y",
            Column::text(outcomes.iter().map(|outcome| ["a", "b", "c"][*outcome])),
        )
        .unwrap();
    for (k, column) in columns.iter().enumerate() {
        table
            .insert(format!("x{k}"), Column::number(column.iter().copied()))
            .unwrap();
    }
    let formula = |columns: usize| {
        let terms: Vec<String> = (0..columns).map(|k| format!("x{k}")).collect();
        Formula::parse(&format!("y ~ {}", terms.join(" + "))).unwrap()
    };
    let fitted = |columns| {
        let frame = FrameBuilder::new()
            .base("a")
            .build(&table, &formula(columns))
            .unwrap();
        frame.design().unwrap().fit().unwrap()
    };
    let fit = fitted(COLUMNS);
    assert_eq!(fit.coefficients().count(), 2 * (COLUMNS + 1));
    // The score, one product at a time.
    let mut score = vec![0.0; COLUMNS];
    let mut loglik = 0.0;
    let coefficient = |outcome: &str, term: &str| fit.coefficient(outcome, term).unwrap().estimate;
    let [b, c] = ["b", "c"].map(|outcome| {
        let slopes: Vec<f64> = (0..COLUMNS)
            .map(|k| coefficient(outcome, &format!("x{k}")))
            .collect();
        (coefficient(outcome, "(Intercept)"), slopes)
    });
    for row in 0..rows {
        let eta = |(intercept, slopes): &(f64, Vec<f64>)| {
            intercept
                + slopes
                    .iter()
                    .zip(&columns)
                    .map(|(slope, column)| slope * column[row])
                    .sum::<f64>()
        };
        let odds = [1.0, libm::exp(eta(&b)), libm::exp(eta(&c))];
        let all: f64 = odds.iter().sum();
        loglik += libm::log(odds[outcomes[row]] / all);
        let residual = f64::from(u8::from(outcomes[row] == 1)) - odds[1] / all;
        for (score, column) in score.iter_mut().zip(&columns) {
            *score += residual * column[row];
        }
    }
    let steepest = score.iter().fold(0.0_f64, |most, score| most.max(score.abs()));
    assert!(steepest < 1e-8, "{steepest:e}");
    assert!(
        (loglik - fit.loglik()).abs() < 1e-9 * loglik.abs(),
        "{loglik} {}",
        fit.loglik()
    );
    assert!(fitted(COLUMNS - 1).loglik() <= fit.loglik());
}
