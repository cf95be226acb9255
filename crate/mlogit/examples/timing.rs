//! How long fits take, and what memory: what `cargo xtask bench estimator` runs, natively and in WebAssembly, beside
//! other software on the same data.
//!
//! ```text
//! timing write FOLDER ROWS     the data, as raw doubles, row by row: 25 covariates, outcome 0, 1 or 2
//! timing fit ROWS RUNS         from a table to a fit, and the fit alone
//! timing refits ROWS COUNT     bootstrap refits
//! timing small ROWS COUNT      many small models of the same data
//! timing kernel                multiplications and additions a second: the kernel's and the machine's
//! timing memory ROWS           bytes: the design, and the most there ever were
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    reason = "a benchmark: what fails, ends it; of the modules it shares it needs a part"
)]

use std::hint::black_box;
use std::time::Instant;
use std::{env, fs};

use mlogit::{Column, Fit, Formula, Frame, Table};
use wide::f64x2;

use kernel::{BLOCK, Strip};
use random::Random;

#[path = "../src/arithmetic/kernel.rs"]
#[allow(unreachable_pub, reason = "as it is in the crate")]
mod kernel;
#[path = "../src/arithmetic/random.rs"]
#[allow(unreachable_pub, reason = "as it is in the crate")]
mod random;

const COLUMNS: usize = 25;
/// Of these the columns are indicators, each rarer than the one before.
const INDICATORS: usize = 10;
const OUTCOMES: [&str; 3] = ["a", "b", "c"];
const SEED: u64 = 900;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let number = |text: &str| text.parse::<usize>().expect("a number");
    match arguments.as_slice() {
        ["write", folder, rows] => write(folder, number(rows)),
        ["fit", rows, runs] => fit(number(rows), number(runs)),
        ["refits", rows, count] => refits(number(rows), number(count)),
        ["small", rows, count] => small(number(rows), number(count)),
        ["kernel"] => flops(),
        ["memory", rows] => memory(number(rows)),
        _ => panic!(
            "write FOLDER ROWS, fit ROWS RUNS, refits ROWS COUNT, small ROWS COUNT, kernel, or memory ROWS"
        ),
    }
}

/// Covariates column by column, and outcomes drawn from a logit of them.
struct Data {
    columns: Vec<Vec<f64>>,
    outcomes: Vec<usize>,
}

impl Data {
    fn new(rows: usize) -> Self {
        let mut random = Random::new(SEED, 0);
        let mut coefficients = [0.0; 2 * (COLUMNS + 1)];
        random.normals(&mut coefficients);
        let mut columns = vec![Vec::new(); COLUMNS];
        let mut outcomes = Vec::with_capacity(rows);
        let mut normals = [0.0; COLUMNS + 1];
        for _ in 0..rows {
            random.normals(&mut normals);
            let mut eta = [0.0, coefficients[0], coefficients[COLUMNS + 1]];
            for k in 0..COLUMNS {
                // Correlated through a part in common.
                let value = 0.5 * normals[COLUMNS] + normals[k];
                let value = match k.checked_sub(COLUMNS - INDICATORS) {
                    Some(rarity) => f64::from(u8::from(value > 0.1 * rarity as f64)),
                    None => value,
                };
                columns[k].push(value);
                eta[1] += 0.4 * coefficients[k + 1] * value;
                eta[2] += 0.4 * coefficients[COLUMNS + 2 + k] * value;
            }
            let odds = eta.map(libm::exp);
            let mut left = random.uniform() * odds.iter().sum::<f64>();
            let drawn = odds.iter().position(|odds| {
                left -= odds;
                left < 0.0
            });
            outcomes.push(drawn.unwrap_or(2));
        }
        Data { columns, outcomes }
    }

    fn table(&self, rows: std::ops::Range<usize>) -> Table {
        let mut table = Table::new();
        let outcomes = self.outcomes[rows.clone()]
            .iter()
            .map(|outcome| OUTCOMES[*outcome]);
        table.insert("y", Column::text(outcomes)).unwrap();
        for (k, column) in self.columns.iter().enumerate() {
            let values = Column::number(column[rows.clone()].iter().copied());
            table.insert(format!("x{k}"), values).unwrap();
        }
        table
    }
}

fn formula(columns: usize) -> Formula {
    let terms: Vec<String> = (0..columns).map(|k| format!("x{k}")).collect();
    Formula::parse(&format!("y ~ {}", terms.join(" + "))).unwrap()
}

fn whole(table: &Table, formula: &Formula) -> Fit {
    Frame::new(table, formula)
        .unwrap()
        .design()
        .unwrap()
        .fit()
        .unwrap()
}

/// How often each row is drawn in each resample.
fn resamples(rows: usize, count: usize) -> Vec<Vec<f64>> {
    let mut random = Random::new(SEED, 1);
    let mut one = || {
        let mut counts = vec![0.0; rows];
        for _ in 0..rows {
            counts[random.below(rows)] += 1.0;
        }
        counts
    };
    (0..count).map(|_| one()).collect()
}

fn write(folder: &str, rows: usize) {
    let data = Data::new(rows);
    let mut bytes = Vec::with_capacity(8 * rows * (COLUMNS + 1));
    for row in 0..rows {
        for column in &data.columns {
            bytes.extend(column[row].to_le_bytes());
        }
        bytes.extend((data.outcomes[row] as f64).to_le_bytes());
    }
    fs::write(format!("{folder}/{rows}.f64"), bytes).unwrap();
    let counts = resamples(rows, 100).concat();
    let counts: Vec<u8> = counts.iter().map(|count| *count as u8).collect();
    fs::write(format!("{folder}/{rows}.resamples"), counts).unwrap();
}

fn milliseconds(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64() * 1e3
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn fit(rows: usize, runs: usize) {
    let (data, formula) = (Data::new(rows), formula(COLUMNS));
    let table = data.table(0..rows);
    let mut loglik = 0.0;
    let all = (0..runs).map(|_| milliseconds(|| loglik = whole(black_box(&table), &formula).loglik()));
    let all = median(all.collect());
    let alone = (0..runs).map(|_| {
        let design = Frame::new(&table, &formula).unwrap().design().unwrap();
        milliseconds(|| {
            black_box(design.fit().unwrap());
        })
    });
    let alone = median(alone.collect());
    println!("{{\"ms\": {all}, \"fit_alone_ms\": {alone}, \"loglik\": {loglik}}}");
}

fn refits(rows: usize, count: usize) {
    let data = Data::new(rows);
    let fit = whole(&data.table(0..rows), &formula(COLUMNS));
    let resamples = resamples(rows, count);
    let mut refitter = fit.refitter();
    let mut loglik = Vec::with_capacity(count);
    let ms = milliseconds(|| {
        for weights in &resamples {
            loglik.push(refitter.refit(weights).unwrap().loglik());
        }
    });
    let first: f64 = loglik.iter().take(100).sum();
    println!("{{\"ms\": {}, \"loglik\": {first}}}", ms / count as f64);
}

/// Models of half of the rows and 15 to 25 of the columns, each from its table.
fn small(rows: usize, count: usize) {
    let data = Data::new(rows);
    let half = rows / 2;
    let work: Vec<(Table, Formula)> = (0..count)
        .map(|model| {
            let from = model * 7 % half;
            (data.table(from..from + half), formula(15 + model % 11))
        })
        .collect();
    let mut loglik = Vec::with_capacity(count);
    let ms = milliseconds(|| {
        for (table, formula) in &work {
            loglik.push(whole(table, formula).loglik());
        }
    });
    let first: f64 = loglik.iter().take(100).sum();
    println!("{{\"ms\": {}, \"loglik\": {first}}}", ms / count as f64);
}

/// Multiplications with their additions a second. The machine's peak: two lanes, nothing fused, chains that do not wait
/// for each other, in registers. The kernel's: sums of products as the information needs them.
fn flops() {
    const CALLS: usize = 400;
    let strips = |seed| {
        let mut random = Random::new(seed, 0);
        let mut strips = vec![Strip::ZERO; COLUMNS + 1];
        for strip in &mut strips {
            random.normals(&mut strip[..]);
        }
        strips
    };
    // As for three outcomes: each column under three weights, by the columns up to itself.
    let (weighted, columns) = (&strips(1)[..3], strips(2));
    let mut totals = vec![0.0; 3 * columns.len()];
    let useful: usize = (1..=columns.len()).map(|needed| 3 * needed).sum();
    let (mut peaks, mut reached) = ([Vec::new(), Vec::new()], Vec::new());
    for _ in 0..21 {
        for (peaks, chains) in peaks.iter_mut().zip([chains as fn(), chains_of_products]) {
            let ms = milliseconds(|| (0..CALLS).for_each(|_| chains()));
            // A lane's multiplication and its addition are one.
            peaks.push(2.0 * 12.0 * (STEPS * CALLS) as f64 / (ms / 1e3));
        }
        let ms = milliseconds(|| (0..CALLS).for_each(|_| information(weighted, &columns, &mut totals)));
        reached.push((useful * BLOCK * CALLS) as f64 / (ms / 1e3));
    }
    black_box(&totals);
    // Compilers make more of the one or of the other.
    let peak = peaks.into_iter().map(median).fold(0.0, f64::max);
    let reached = median(reached);
    println!("{{\"peak\": {peak}, \"kernel\": {reached}}}");
}

const STEPS: usize = 10_000;

/// Engines optimise a function of wasm from one call to the next, never within one: so there are many calls.
#[inline(never)]
fn chains() {
    let values = black_box([f64x2::new([1e-9, 2e-9]); 12]);
    let mut sums = [f64x2::ZERO; 12];
    let mut factor = black_box(f64x2::ONE);
    for _ in 0..STEPS {
        for (sum, value) in sums.iter_mut().zip(&values) {
            *sum += factor * *value;
        }
        factor = -factor;
    }
    black_box(sums);
}

/// The same where a product waits for the last sum.
#[inline(never)]
fn chains_of_products() {
    let mut sums = black_box([f64x2::ONE; 12]);
    let mut factor = black_box(f64x2::new([1e-9, 1e-9]));
    for _ in 0..STEPS {
        for sum in &mut sums {
            *sum += factor * *sum;
        }
        factor = -factor;
    }
    black_box(sums);
}

#[inline(never)]
fn information(weighted: &[Strip], columns: &[Strip], totals: &mut [f64]) {
    for needed in 1..=columns.len() {
        kernel::add_products(weighted, columns, BLOCK, needed, totals);
    }
}

/// Bytes of the design's numbers, and how many more there were at most while it was made and fitted.
fn memory(rows: usize) {
    let (data, formula) = (Data::new(rows), formula(COLUMNS));
    let table = data.table(0..rows);
    drop(data);
    let before = most();
    let design = Frame::new(&table, &formula).unwrap().design().unwrap();
    drop(table);
    let made = most();
    black_box(design.fit().unwrap());
    let bytes = 8 * rows * (COLUMNS + 1);
    println!(
        "{{\"design\": {bytes}, \"made\": {}, \"fitted\": {}}}",
        made.saturating_sub(before),
        most().saturating_sub(before)
    );
}

/// The most memory that was ever taken.
#[cfg(target_family = "wasm")]
fn most() -> usize {
    core::arch::wasm32::memory_size(0) * 65_536
}

/// The most memory that was ever in use, where the system tells.
#[cfg(not(target_family = "wasm"))]
fn most() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<usize>().ok());
    1024 * kilobytes.unwrap_or_default()
}
