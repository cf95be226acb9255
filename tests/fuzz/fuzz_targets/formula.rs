//! A formula is read or refused; one that is read names its variables, and a table that has them gives a frame or an error.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mlogit::{Column, Design, Formula, Frame, Table};

fuzz_target!(|text: &str| {
    let Ok(formula) = Formula::parse(text) else {
        return;
    };
    let mut table = Table::new();
    let outcome = Column::text(["a", "b", "c", "a", "b", "c", "b"]);
    table.insert(formula.outcome(), outcome).expect("the first column");
    let factors = formula.terms().iter().take(20).flatten();
    let variables = factors.flat_map(|factor| factor.variables());
    for (k, variable) in variables.enumerate() {
        let column = if k % 2 == 0 {
            Column::text(["k", "l", "k", "k", "l", "l", "k"])
        } else {
            Column::number([1.0, 4.0, 2.0, 5.0, 7.0, 3.0, 9.0])
        };
        // A variable may be in several terms.
        let _ = table.insert(variable, column);
    }
    let _ = Frame::new(&table, &formula).and_then(Frame::design).and_then(Design::fit);
});
