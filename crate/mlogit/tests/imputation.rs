//! Multiple imputation: EM against R's Amelia, and what every imputation must keep to.

// The exceptions for tests in clippy.toml do not reach helper functions.
#![allow(clippy::unwrap_used, clippy::panic)]

use mlogit::imputation::{Comparison, Imputer};
use mlogit::{Column, Error, Table};
use serde_json::Value;

/// The seeded data of `reference/imputation.R`.
fn table() -> Table {
    let mut reader = csv::Reader::from_reader(include_bytes!("reference/imputation.csv").as_slice());
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let mut table = Table::new();
    for (k, name) in names.iter().enumerate() {
        let cells = records.iter().map(|record| &record[k]);
        let column = if name == "kind" {
            Column::text_or_missing(cells.map(|cell| (cell != "NA").then_some(cell)))
        } else {
            Column::number(cells.map(|cell| cell.parse().unwrap_or(f64::NAN)))
        };
        table.insert(name, column).unwrap();
    }
    table
}

fn imputer() -> Imputer {
    Imputer::new()
        .given("a")
        .number("b")
        .nominal("kind")
        .bounded("share", 0.0, 1.0)
        .nominal("flag")
}

fn values<'a>(table: &'a Table, name: &str) -> &'a [f64] {
    table.numbers(name).unwrap()
}

#[test]
fn em_agrees_with_amelia() {
    let reference: Value = serde_json::from_str(include_str!("reference/imputation.json")).unwrap();
    // `flag` as a number has the one column that it has as a nominal variable.
    let imputer = Imputer::new()
        .given("a")
        .number("b")
        .nominal("kind")
        .number("share")
        .number("flag")
        .tolerance(1e-13)
        .max_iterations(10_000);
    for (ridge, key) in [(0.0, "em"), (12.0, "em_ridge")] {
        let joint = imputer.clone().ridge(ridge).joint(&table()).unwrap();
        let names = reference["columns"].as_array().unwrap();
        assert_eq!(
            joint.columns.iter().map(String::as_str).collect::<Vec<_>>(),
            names
                .iter()
                .map(|name| name.as_str().unwrap())
                .collect::<Vec<_>>()
        );
        let scale = |a: usize| joint.covariance[a][a].sqrt();
        for a in 0..names.len() {
            let expected = reference[key]["mean"][a].as_f64().unwrap();
            assert!(
                (joint.means[a] - expected).abs() / scale(a) < 1e-9,
                "mean {a}: {} {expected}",
                joint.means[a]
            );
            for b in 0..names.len() {
                let expected = reference[key]["covariance"][a][b].as_f64().unwrap();
                let off = (joint.covariance[a][b] - expected).abs() / (scale(a) * scale(b));
                assert!(off < 1e-9, "{key} {a},{b}: {} {expected}", joint.covariance[a][b]);
            }
        }
    }
}

#[test]
fn known_values_stay_and_imputed_ones_are_possible() {
    let table = table();
    let imputations = imputer().m(5).impute(&table).unwrap();
    assert_eq!(imputations.rows(), table.rows());
    for i in 0..5 {
        let completed = imputations.complete(&table, i).unwrap();
        assert_eq!(completed.names(), table.names());
        for name in table.names() {
            let (before, after) = (table.column(name).unwrap(), completed.column(name).unwrap());
            assert!((0..table.rows()).all(|row| !after.is_missing(row)), "{name}");
            if let (Column::Number(before), Column::Number(after)) = (before, after) {
                assert!(
                    before
                        .iter()
                        .zip(after)
                        .all(|(before, after)| before.is_nan() || before == after)
                );
            }
        }
        assert!(
            values(&completed, "share")
                .iter()
                .all(|share| (0.0..=1.0).contains(share))
        );
        assert!(
            values(&completed, "flag")
                .iter()
                .all(|flag| [0.0, 1.0].contains(flag))
        );
    }
    let missing: Vec<usize> = imputations
        .variables()
        .iter()
        .map(|variable| variable.missing)
        .collect();
    let counted = |name: &str| {
        (0..table.rows())
            .filter(|&row| table.column(name).unwrap().is_missing(row))
            .count()
    };
    assert_eq!(missing, ["b", "kind", "share", "flag"].map(counted));
}

#[test]
fn the_same_seed_gives_the_same_bits_and_m_changes_no_imputation() {
    let table = table();
    let draw = |m: usize, seed: u64, i: usize| {
        let imputations = imputer().m(m).seed(seed).impute(&table).unwrap();
        imputations.complete(&table, i).unwrap()
    };
    assert_eq!(draw(3, 9, 2), draw(8, 9, 2));
    assert_ne!(draw(3, 9, 2), draw(3, 9, 1));
    assert_ne!(draw(3, 9, 2), draw(3, 10, 2));
    // Bits that native code and wasm must both give.
    let bits = values(&draw(2, 9, 1), "b")
        .iter()
        .fold(0_u64, |hash, value| hash.rotate_left(5) ^ value.to_bits());
    assert_eq!(bits, 1_797_792_444_707_072_231);
}

#[test]
fn every_imputation_says_how_em_converged() {
    let imputations = imputer().m(4).seed(9).impute(&table()).unwrap();
    let convergence: Vec<_> = imputations.convergence().collect();
    assert_eq!(convergence.len(), 4);
    for one in convergence {
        assert_eq!(one.iterations, one.changes.len());
        // Changes grow smaller, to less than the tolerance of 1e-4 that Amelia has.
        assert!(one.iterations > 1 && one.changes[0] > one.changes[one.iterations - 1]);
        assert!(one.changes[one.iterations - 1] <= 1e-4);
    }
}

/// Where EM takes more iterations than it may, a ridge prior of 1 % of the rows lets it go on.
#[test]
fn em_that_takes_too_long_gets_a_ridge_prior() {
    let iterations = |imputer: Imputer| -> Vec<(usize, f64)> {
        let imputations = imputer.m(4).seed(9).impute(&table()).unwrap();
        imputations
            .convergence()
            .map(|one| (one.iterations, one.ridge))
            .collect()
    };
    let usual = iterations(imputer());
    let most = usual.iter().map(|one| one.0).max().unwrap();
    let rows = table().rows() as f64;
    let hurried = iterations(imputer().max_iterations(most - 1));
    for (usual, hurried) in usual.iter().zip(&hurried) {
        if usual.0 < most {
            assert_eq!(usual, hurried);
        } else {
            assert!(
                hurried.0 >= most && (hurried.1 - 0.01 * rows).abs() < 1e-12,
                "{hurried:?}"
            );
        }
    }
}

#[test]
fn rows_drawn_again_are_less_often_set_to_a_bound() {
    let clamped = |redraws: usize| -> usize {
        let imputations = imputer().max_redraws(redraws).m(4).seed(9).impute(&table());
        let imputations = imputations.unwrap();
        imputations.variables().iter().map(|one| one.clamped).sum()
    };
    assert!(clamped(1) > clamped(100), "{} and {}", clamped(1), clamped(100));
}

#[test]
fn only_what_is_asked_for_is_imputed() {
    let table = table();
    let imputations = Imputer::new()
        .given("a")
        .given("flag")
        .number("share")
        .impute(&table)
        .unwrap();
    let known = (0..table.rows()).filter(|&row| !table.column("flag").unwrap().is_missing(row));
    assert_eq!(imputations.rows(), known.count());
    let completed = imputations.complete(&table, 0).unwrap();
    for row in 0..table.rows() {
        let (flag, share) = (
            completed.column("flag").unwrap(),
            completed.column("share").unwrap(),
        );
        assert_eq!(
            flag.is_missing(row),
            table.column("flag").unwrap().is_missing(row)
        );
        assert_eq!(
            share.is_missing(row),
            table.column("share").unwrap().is_missing(row) && flag.is_missing(row)
        );
    }
}

#[test]
fn diagnostics() {
    let table = table();
    let imputations = imputer().impute(&table).unwrap();
    let Comparison::Number {
        observed,
        imputed,
        distance,
    } = imputations.comparison(&table, "b").unwrap()
    else {
        panic!("b is numeric");
    };
    // `b` is missing where `a`, which it rises with, is high.
    assert!(imputed.mean > observed.mean && (0.05..0.6).contains(&distance));
    assert_eq!(observed.values.len() + imputed.values.len() / 20, table.rows());
    let Comparison::Nominal { levels } = imputations.comparison(&table, "kind").unwrap() else {
        panic!("kind is nominal");
    };
    assert_eq!(
        levels
            .iter()
            .map(|level| level.level.as_str())
            .collect::<Vec<_>>(),
        ["blue", "green", "red"]
    );
    assert!((levels.iter().map(|level| level.imputed).sum::<f64>() - 1.0).abs() < 1e-12);

    let over = imputations.overimputation("b", 20).unwrap();
    assert_eq!(over.values.len(), observed.values.len());
    assert!((0.85..0.95).contains(&over.coverage), "{}", over.coverage);
    let message = imputations.overimputation("kind", 20).unwrap_err().to_string();
    assert!(message.contains("nominal"), "{message}");

    let chains = imputations.dispersion(4).unwrap();
    assert_eq!(chains.len(), 5);
    for chain in &chains {
        assert!(chain.distances[0] > 0.05 && chain.distances[chain.distances.len() - 1] < 2e-3);
    }
    assert!(
        imputations
            .convergence()
            .all(|convergence| convergence.changes[convergence.iterations - 1] <= 1e-4)
    );
}

#[test]
fn mistakes_are_named() {
    let mut table = table();
    let twice = values(&table, "a")
        .iter()
        .zip(values(&table, "b"))
        .map(|(a, b)| 2.0 * a - b);
    let twice = Column::number(twice.collect::<Vec<_>>());
    table.insert("both", twice).unwrap();
    table
        .insert("four", Column::number(vec![4.0; table.rows()]))
        .unwrap();
    let message = |imputer: Imputer| imputer.impute(&table).unwrap_err().to_string();
    assert_eq!(
        message(imputer().number("both")),
        "imputation: `both` is (nearly) a linear combination of `a`, `b`; leave one of them out, or set a ridge prior"
    );
    assert!(imputer().number("both").ridge(2.4).m(2).impute(&table).is_ok());
    assert!(message(imputer().number("four")).contains("`four` does not vary"));
    assert!(message(imputer().bounded("both", 1.0, 0.0)).contains("bounds of `both` = 1 to 0"));
    assert!(message(imputer().bounded("kind2", 0.0, 1.0)).contains("no column `kind2`"));
    assert!(message(imputer().m(1)).contains("m = 1"));
    assert!(message(imputer().max_iterations(2)).contains("after 12 iterations"));
    assert!(matches!(
        imputer().number("b").impute(&table),
        Err(Error::DuplicateColumn { column }) if column == "b"
    ));

    let mut short = Table::new();
    short.insert("x", Column::number([1.0, 2.0, f64::NAN])).unwrap();
    short.insert("y", Column::number([1.0, f64::NAN, 2.0])).unwrap();
    let few = Imputer::new().number("x").number("y").impute(&short).unwrap_err();
    assert!(
        few.to_string()
            .contains("3 rows cannot determine the joint distribution of 2 columns"),
        "{few}"
    );
}
