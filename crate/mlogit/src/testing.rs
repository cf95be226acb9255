//! Seeded data for the tests of this crate.

use crate::data::formula::Formula;
use crate::data::frame::{Frame, FrameBuilder};
use crate::data::table::{Column, Table};
use crate::fit::Fit;

/// A fit and the table it was made from.
pub(crate) struct Generated {
    pub(crate) table: Table,
    pub(crate) fit: Fit,
}

/// Uniform numbers in (0, 1) of a small multiplicative generator: the same everywhere.
pub(crate) fn uniform(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }
}

/// 300 rows: outcome `y` (a, b, c), numbers `x` and `z`, levels `g` (p, q, r), an indicator `d`, weights `w`
/// (1 to 3), clusters `school` (20), `id`, `one` and `gaps`.
pub(crate) fn table() -> Table {
    let mut next = uniform(20_260_101);
    let rows = 300;
    let (mut x, mut z, mut g, mut d, mut w, mut school, mut y) =
        (vec![], vec![], vec![], vec![], vec![], vec![], vec![]);
    for _ in 0..rows {
        let (a, b) = (next() * 4.0 - 2.0, next() + next() + next() - 1.5);
        let level = ["p", "q", "r"][(next() * 3.0) as usize];
        let indicator = f64::from(u8::from(next() < 0.4));
        let cluster = (next() * 20.0).floor();
        let shift = if level == "q" { 0.8 } else { 0.0 };
        let etas = [
            0.0,
            0.2 + 0.7 * a - 0.4 * b + shift,
            -0.3 - 0.5 * a + 0.6 * indicator,
        ];
        let sum: f64 = etas.iter().map(|eta| libm::exp(*eta)).sum();
        let mut left = next() * sum;
        let mut outcome = 2;
        for (position, eta) in etas.iter().enumerate() {
            left -= libm::exp(*eta);
            if left < 0.0 {
                outcome = position;
                break;
            }
        }
        x.push(a);
        z.push(b);
        g.push(level);
        d.push(indicator);
        w.push(1.0 + (next() * 3.0).floor());
        school.push(cluster);
        y.push(["a", "b", "c"][outcome]);
    }
    let mut table = Table::new();
    let gaps = (0..rows).map(|row| if row % 10 == 0 { f64::NAN } else { 1.0 });
    for (name, column) in [
        ("y", Column::text(y)),
        ("x", Column::number(x)),
        ("z", Column::number(z)),
        ("g", Column::text(g)),
        ("d", Column::number(d)),
        ("w", Column::number(w)),
        ("school", Column::number(school)),
        ("id", Column::number((0..rows).map(f64::from))),
        ("one", Column::number((0..rows).map(|_| 1.0))),
        ("gaps", Column::number(gaps.clone())),
        (
            "gaps2",
            Column::number(gaps.zip(0..).map(|(gap, row)| gap * f64::from(row * row % 7))),
        ),
    ] {
        table.insert(name, column).unwrap();
    }
    table
}

pub(crate) fn fit(table: &Table, formula: &str) -> Fit {
    let formula = Formula::parse(formula).unwrap();
    Frame::new(table, &formula)
        .unwrap()
        .design()
        .unwrap()
        .fit()
        .unwrap()
}

pub(crate) fn fit_with_base(table: &Table, formula: &str, base: &str) -> Fit {
    let formula = Formula::parse(formula).unwrap();
    let frame = FrameBuilder::new().base(base).build(table, &formula).unwrap();
    frame.design().unwrap().fit().unwrap()
}

pub(crate) fn generated(formula: &str) -> Generated {
    let table = table();
    let fit = fit(&table, formula);
    Generated { table, fit }
}

pub(crate) fn fit_weighted(table: &Table, formula: &str, weights: &str) -> Fit {
    let formula = Formula::parse(formula).unwrap();
    let frame = FrameBuilder::new()
        .weights(weights)
        .build(table, &formula)
        .unwrap();
    frame.design().unwrap().fit().unwrap()
}

/// The fit to the table in which each row occurs as often as its weight says, with that table.
pub(crate) fn fit_expanded(table: &Table, formula: &str, weights: &str) -> (Table, Fit) {
    let times = table.numbers(weights).unwrap();
    let rows: Vec<usize> = (0..table.rows())
        .flat_map(|row| std::iter::repeat_n(row, times[row] as usize))
        .collect();
    let mut expanded = Table::new();
    for name in table.names() {
        let column = match table.column(name).unwrap() {
            Column::Number(values) => Column::number(rows.iter().map(|&row| values[row])),
            Column::Text(text) => Column::text_or_missing(rows.iter().map(|&row| text.get(row))),
        };
        expanded.insert(name.clone(), column).unwrap();
    }
    let fit = fit(&expanded, formula);
    (expanded, fit)
}

/// The table with an outcome `never` that is never `c` where `d` is 1.
pub(crate) fn separated() -> Table {
    let mut table = table();
    let (y, d) = (table.text("y").unwrap(), table.numbers("d").unwrap());
    let never = |row: usize| {
        if d[row] == 1.0 && y.get(row) == Some("c") {
            Some("a")
        } else {
            y.get(row)
        }
    };
    let never = Column::text_or_missing((0..table.rows()).map(never));
    table.insert("never", never).unwrap();
    table
}
