//! A fit of any small table ends, in an error that says why or in what a fit promises: probabilities that sum to one, a
//! likelihood no lower than without covariates, no slope left.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mlogit::{At, Column, Design, Formula, Frame, Table};

/// A row is three bytes: outcome and group, and two numbers of very different sizes.
fn table(bytes: &[u8]) -> Table {
    let rows = bytes.chunks_exact(3);
    let number = |byte: u8| match byte {
        255 => f64::NAN,
        254 => 1e300,
        253 => -1e-300,
        252 => f64::INFINITY,
        byte => f64::from(byte.cast_signed()) / 8.0,
    };
    let mut table = Table::new();
    let outcomes = rows.clone().map(|row| ["a", "b", "c", "d"][usize::from(row[0] % 4)]);
    table.insert("y", Column::text(outcomes)).expect("the first column");
    let groups = rows.clone().map(|row| ["k", "l", "m"][usize::from(row[0] / 4 % 3)]);
    table.insert("g", Column::text(groups)).expect("as long");
    for (name, place) in [("x", 1), ("z", 2)] {
        let column = Column::number(rows.clone().map(|row| number(row[place])));
        table.insert(name, column).expect("as long");
    }
    table
}

fuzz_target!(|bytes: &[u8]| {
    let Some((formula, bytes)) = bytes.split_first() else {
        return;
    };
    let bytes = &bytes[..bytes.len().min(300)];
    let formula = ["y ~ x", "y ~ x + z", "y ~ x * g", "y ~ g", "y ~ x + z + g"][usize::from(formula % 5)];
    let formula = Formula::parse(formula).expect("a formula");
    let Ok(fit) = Frame::new(&table(bytes), &formula)
        .and_then(Frame::design)
        .and_then(Design::fit)
    else {
        return;
    };
    assert!(fit.loglik() <= 1e-9 && fit.loglik() >= fit.loglik_null() - 1e-6 * fit.loglik_null().abs());
    let predictions = fit.predictions([At::observed()]).expect("the observed rows");
    let sum: f64 = predictions.iter().map(|one| one.estimate).sum();
    assert!((sum - 1.0).abs() < 1e-9, "{sum}");
    for one in fit.coefficients() {
        assert!(one.estimate.is_finite() && one.std_error >= 0.0, "{one:?}");
    }
});
