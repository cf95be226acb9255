//! Who votes for whom: from a table of voters to a fit, probabilities, slopes and tests.
//!
//! ```text
//! cargo run --package mlogit --example votes
//! ```
//!
//! The voters are made up, so that the true coefficients are known and the estimates can be held against them. What is
//! printed stands in `votes.txt` beside this file, and a test compares the two.

use std::fmt::Write;

use mlogit::{At, Column, Comparison, Covariance, Fit, Formula, FrameBuilder, Table};

const VOTERS: usize = 2_000;
pub(crate) const PARTIES: [&str; 3] = ["conservative", "green", "labour"];
const PLACES: [&str; 3] = ["city", "country", "town"];

/// The true coefficients of green and labour, against conservative.
pub(crate) const TRUE: [(&str, [f64; 2]); 5] = [
    ("(Intercept)", [1.2, 1.6]),
    ("age", [-0.04, -0.01]),
    ("income", [0.1, -0.3]),
    ("place[country]", [-1.0, -0.5]),
    ("place[town]", [-0.4, 0.0]),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    print!("{}", report()?);
    Ok(())
}

/// Everything the example prints.
pub(crate) fn report() -> Result<String, Box<dyn std::error::Error>> {
    let mut out = String::new();

    let fit = fitted()?;
    coefficients(&fit, &mut out)?;
    probabilities(&fit, &mut out)?;
    slopes(&fit, &mut out)?;
    tests(&fit, &mut out)?;
    Ok(out)
}

/// The model, fitted.
pub(crate) fn fitted() -> Result<Fit, mlogit::Error> {
    // A table has named columns of numbers or text. Text is categorical: `place` gets a coefficient for each of its levels
    // but the first, which the others are compared with.
    let table = voters()?;

    // Left of the tilde is the outcome, right of it what may explain it.
    let formula = Formula::parse("party ~ age + income + place")?;

    // The frame has the rows in which nothing is missing. All coefficients are against one party, the base outcome.
    let frame = FrameBuilder::new().base("conservative").build(&table, &formula)?;

    // The design has a column for each coefficient, and the fit their estimates. Had the data no answer, an error would
    // name the variable that is to blame.
    frame.design()?.fit()
}

/// A coefficient is a change of log odds: of voting for the party rather than conservative, for one unit more.
fn coefficients(fit: &Fit, out: &mut String) -> Result<(), Box<dyn std::error::Error>> {
    let certificate = fit.certificate();
    writeln!(
        out,
        "{} voters, log-likelihood {:.2} after {} steps, {} warnings\n",
        fit.n(),
        fit.loglik(),
        certificate.iterations,
        fit.warnings().len()
    )?;
    writeln!(
        out,
        "Log odds against {}       true  estimate  std. error",
        fit.design().base()
    )?;
    for (equation, party) in PARTIES[1..].iter().enumerate() {
        for (term, coefficients) in TRUE {
            let found = fit.coefficient(party, term)?;
            writeln!(
                out,
                "{party:8} {term:20} {:12.2} {:9.3} {:11.3}",
                coefficients[equation], found.estimate, found.std_error
            )?;
        }
    }
    Ok(())
}

/// Log odds are hard to think in. Probabilities are not: here every voter is given the same age, all else as it is, and
/// what the model then expects of them is averaged.
fn probabilities(fit: &Fit, out: &mut String) -> Result<(), Box<dyn std::error::Error>> {
    let ages = [20.0, 50.0, 80.0];
    let predictions = fit.predictions(ages.map(|age| At::observed().with("age", age)))?;
    writeln!(out, "\nProbability of each party, were everyone of that age")?;
    for prediction in predictions.iter() {
        for (variable, value) in prediction.at.values() {
            write!(out, "{variable} {value} ")?;
        }
        writeln!(
            out,
            "{:12} {:.3}, from {:.3} to {:.3}",
            prediction.outcome, prediction.estimate, prediction.conf_low, prediction.conf_high
        )?;
    }
    Ok(())
}

/// How much a probability changes: by one unit more of a number (its slope), and from one level to another.
fn slopes(fit: &Fit, out: &mut String) -> Result<(), Box<dyn std::error::Error>> {
    writeln!(out, "\nAverage change of the probability")?;
    let slopes = fit.slopes(["age", "income"], &At::observed())?;
    let moved = Comparison::of("place").between("city", "country");
    let comparisons = fit.comparisons([moved], &At::observed())?;
    for effect in slopes.iter().chain(comparisons.iter()) {
        writeln!(
            out,
            "{:7} {:16} {:12} {:7.4} ± {:.4}, {}",
            effect.variable,
            effect.contrast,
            effect.outcome,
            effect.estimate,
            effect.std_error,
            p_value(effect.p_value)
        )?;
    }
    Ok(())
}

/// Hypotheses are written as they are said; covariances can be robust; terms can be tested by leaving them out.
fn tests(fit: &Fit, out: &mut String) -> Result<(), Box<dyn std::error::Error>> {
    writeln!(out, "\nTests")?;
    let robust = fit.with_covariance(&Covariance::Hc0)?;
    for hypothesis in ["age", "green: age = labour: age", "labour: place[town]"] {
        for (name, fit) in [("", fit), (", robust", &robust)] {
            let test = fit.test(hypothesis)?;
            writeln!(
                out,
                "{hypothesis}{name}: chi-squared {:.2}, df {}, {}",
                test.statistic,
                test.df,
                p_value(test.p_value)
            )?;
        }
    }
    for (term, test) in fit.likelihood_ratio_by_term()? {
        writeln!(
            out,
            "without {term}: likelihood ratio {:.2}, df {}, {}",
            test.statistic,
            test.df,
            p_value(test.p_value)
        )?;
    }
    Ok(())
}

/// A p-value as articles write it.
fn p_value(value: f64) -> String {
    if value < 0.001 {
        "p < 0.001".to_owned()
    } else {
        format!("p = {value:.3}")
    }
}

/// Voters with an age in years, an income in thousands a month and a place, who vote as the true coefficients have it.
fn voters() -> Result<Table, mlogit::Error> {
    let mut random = Random(7);
    let (mut ages, mut incomes, mut places, mut parties) = (vec![], vec![], vec![], vec![]);
    for _ in 0..VOTERS {
        let age = 18.0 + (random.next() * 70.0).floor();
        let income = (10.0 + 40.0 * (random.next() + random.next())).floor() / 10.0;
        let place = PLACES[(random.next() * 3.0) as usize];
        let odds = [0, 1].map(|equation| {
            let log_odds = TRUE.iter().map(|(term, coefficients)| {
                let value = match *term {
                    "(Intercept)" => 1.0,
                    "age" => age,
                    "income" => income,
                    level => f64::from(u8::from(level == format!("place[{place}]"))),
                };
                coefficients[equation] * value
            });
            libm::exp(log_odds.sum())
        });
        let drawn = random.next() * (1.0 + odds[0] + odds[1]);
        parties.push(match drawn {
            drawn if drawn < odds[0] => "green",
            drawn if drawn < odds[0] + odds[1] => "labour",
            _ => "conservative",
        });
        ages.push(age);
        incomes.push(income);
        places.push(place);
    }
    let mut table = Table::new();
    table.insert("party", Column::text(parties))?;
    table.insert("age", Column::number(ages))?;
    table.insert("income", Column::number(incomes))?;
    table.insert("place", Column::text(places))?;
    Ok(table)
}

/// Random numbers between 0 and 1, the same in every run: a linear congruential generator (Knuth's MMIX).
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}
