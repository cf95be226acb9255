//! Random analyses of random data, from a seed.

use report::fit::{CovarianceKind, FitOptions};

use crate::cases::Case;
use crate::data::{Cells, Random, short};

/// How many to make: `STANDFIRM_FUZZ`, or `usual`.
pub(crate) fn number(usual: usize) -> usize {
    let said = std::env::var("STANDFIRM_FUZZ").ok();
    said.and_then(|number| number.parse().ok()).unwrap_or(usual)
}

/// So many analyses that have a fit.
pub(crate) fn cases(seed: u64, number: usize) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut tried = 0;
    while cases.len() < number {
        tried += 1;
        assert!(tried < 20 * number + 20, "hardly any random analysis has a fit");
        let case = random(seed.wrapping_mul(100_000) + tried as u64);
        if case
            .try_report()
            .is_ok_and(|report| report.model.condition < WORST)
        {
            cases.push(case);
        }
    }
    cases
}

/// Where columns nearly repeat others, standard errors of the fit lose the digits that the condition takes, which scripts on
/// orthonormal columns keep: such analyses are left out.
const WORST: f64 = 1e6;

const NAMES: [&str; 6] = ["x", "Größe", "x 2", "if", "a.b", "_z"];
const GROUPS: [&str; 3] = ["g", "second group", "TRUE"];
const LEVELS: [&str; 6] = ["a", "B", "1st", "it's", "ä b", "\"q\""];

fn random(seed: u64) -> Case {
    let mut random = Random::new(seed);
    let rows = 150 + random.below(200);
    let outcomes = 2 + random.below(3);
    let mut cells = Cells::default();
    let names: Vec<&str> = NAMES[random.below(3)..].iter().copied().take(3).collect();
    let groups: Vec<(&str, usize)> = GROUPS
        .iter()
        .take(2 + random.below(2))
        .map(|name| (*name, 2 + random.below(2)))
        .collect();
    let mut numbers: Vec<Vec<f64>> = Vec::new();
    for _ in &names {
        let shift = *random.pick(&[4.0, 30.0, 1000.0]);
        numbers.push(
            (0..rows)
                .map(|_| shift * (1.0 + 0.15 * random.normal()))
                .collect(),
        );
    }
    let codes: Vec<Vec<usize>> = groups
        .iter()
        .map(|(_, levels)| (0..rows).map(|_| random.below(*levels)).collect())
        .collect();
    let slopes: Vec<Vec<f64>> = (0..outcomes)
        .map(|_| (0..6).map(|_| 0.5 * random.normal()).collect())
        .collect();
    let mut outcome = Vec::new();
    for row in 0..rows {
        let utility = |j: usize, random: &mut Random| {
            let x: f64 = numbers
                .iter()
                .enumerate()
                .map(|(k, column)| slopes[j][k] * (column[row] / column[0] - 1.0) * 3.0)
                .sum();
            let g: f64 = codes
                .iter()
                .enumerate()
                .map(|(k, column)| slopes[j][3 + k] * column[row] as f64)
                .sum();
            x + g + random.gumbel()
        };
        let utilities: Vec<f64> = (0..outcomes).map(|j| utility(j, &mut random)).collect();
        outcome.push((0..outcomes).fold(0, |best, j| if utilities[j] > utilities[best] { j } else { best }));
    }
    let missing = 0.03 * random.below(2) as f64;
    let hide = |random: &mut Random, text: String| {
        if random.chance(missing) {
            String::new()
        } else {
            text
        }
    };
    let text = outcome
        .iter()
        .map(|code| hide(&mut random, ["no", "yes", "per haps", "nobody"][*code].to_owned()));
    cells.add("the outcome", text.collect());
    for (name, column) in names.iter().zip(&numbers) {
        cells.add(
            name,
            column
                .iter()
                .map(|value| hide(&mut random, short(*value)))
                .collect(),
        );
    }
    for ((name, _), column) in groups.iter().zip(&codes) {
        let first = random.below(3);
        cells.add(
            name,
            column
                .iter()
                .map(|code| hide(&mut random, LEVELS[first + code].to_owned()))
                .collect(),
        );
    }
    cells.add("weight", (0..rows).map(|_| random.below(4).to_string()).collect());
    cells.add(
        "cluster",
        (0..rows).map(|_| format!("c{}", random.below(20))).collect(),
    );
    cells.add("other", (0..rows).map(|_| random.below(12).to_string()).collect());
    let options = options(&mut random, &names, &groups);
    Case::new(&format!("random_{seed}"), &cells.csv(','), options)
}

fn written(name: &str) -> String {
    format!("`{name}`")
}

fn options(random: &mut Random, names: &[&str], groups: &[(&str, usize)]) -> FitOptions {
    let factor = |random: &mut Random| {
        if random.chance(0.4) {
            return written(random.pick(groups).0);
        }
        let x = written(random.pick::<&str>(names));
        match random.below(12) {
            0 => format!("log({x})"),
            1 => format!("I({x}^2 / 100)"),
            2 => format!("poly({x}, 2)"),
            3 => format!("ns({x}, 3)"),
            4 => format!("scale({x})"),
            5 => format!("center({x})"),
            6 => format!("sqrt(abs({x} - 3))"),
            7 => format!("I(scale({x}) * 2^(-scale({x}) / 5))"),
            _ => x,
        }
    };
    let mut terms = Vec::new();
    for _ in 0..1 + random.below(4) {
        let mut term = factor(random);
        if random.chance(0.35) {
            let sign = *random.pick(&[":", " * ", " / "]);
            term = format!("{term}{sign}{}", factor(random));
        }
        terms.push(term);
    }
    let mut formula = format!("`the outcome` ~ {}", terms.join(" + "));
    if random.chance(0.15) {
        formula.push_str(" - 1");
    }
    let mut options = FitOptions {
        slopes: random.chance(0.6),
        at_means: random.chance(0.3),
        base: random.chance(0.5).then(|| "yes".to_owned()),
        ..FitOptions::new(formula.clone())
    };
    match random.below(4) {
        0 => options.weights = Some("weight".to_owned()),
        1 => options.probability_weights = Some("weight".to_owned()),
        _ => {}
    }
    match random.below(6) {
        0 => options.covariance = Some(CovarianceKind::Hc0),
        1 => options.covariance = Some(CovarianceKind::Hc1),
        2 => options.cluster = Some("cluster".to_owned()),
        3 => {
            options.cluster = Some("cluster".to_owned());
            options.second_cluster = Some("other".to_owned());
        }
        _ => {}
    }
    // What is held or compared must be in the formula.
    for name in names.iter().filter(|name| formula.contains(&written(name))) {
        if random.chance(0.5) {
            options
                .at
                .push(format!("{} = {}", written(name), 3 + random.below(30)));
        }
        if random.chance(0.5) {
            options.comparisons.push(format!("{} + 0.5", written(name)));
        }
    }
    for (name, _) in groups.iter().filter(|(name, _)| formula.contains(&written(name))) {
        if random.chance(0.5) {
            options.comparisons.push(written(name));
        }
    }
    options
}
