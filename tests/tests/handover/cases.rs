//! Analyses that are handed over, each with what the fit says of it.

use std::path::Path;

use handover::{Analysis, Source};
use readers::{Options, read};
use report::fit::{CovarianceKind, FitOptions, fit};
use report::results::FitReport;

use crate::Numbers;
use crate::data::survey;

/// An analysis of a file.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) reading: Options,
    pub(crate) options: FitOptions,
}

impl Case {
    pub(crate) fn new(name: &str, csv: &str, options: FitOptions) -> Self {
        Case {
            name: name.to_owned(),
            bytes: csv.as_bytes().to_vec(),
            reading: Options::default(),
            options,
        }
    }

    fn table(&self) -> Result<(mlogit::Table, readers::Reading, Vec<String>), String> {
        let words = |error: &dyn std::fmt::Display| format!("{}: {error}", self.name);
        let file = read(&self.bytes, &self.reading).map_err(|error| words(&error))?;
        let names: Vec<String> = file.names().map(str::to_owned).collect();
        let used = self
            .options
            .columns(file.names())
            .map_err(|error| words(&error))?;
        let used: Vec<&str> = used.iter().map(String::as_str).collect();
        let (table, reading) = file.into_table(&used).map_err(|error| words(&error))?;
        Ok((table, reading, names))
    }

    /// What the fit says, where there is one.
    pub(crate) fn try_report(&self) -> Result<FitReport, String> {
        let (table, ..) = self.table()?;
        fit(&table, &self.options).map_err(|error| format!("{}: {error}", self.name))
    }

    #[track_caller]
    pub(crate) fn report(&self) -> FitReport {
        self.try_report().unwrap()
    }

    /// Writes the file and gives the analysis of it.
    #[track_caller]
    pub(crate) fn analysis(&self, folder: &Path) -> Analysis {
        let path = folder.join(format!("{}.csv", self.name));
        std::fs::write(&path, &self.bytes).unwrap();
        self.analysis_of(&path.display().to_string())
    }

    /// The analysis of a file of that name.
    #[track_caller]
    pub(crate) fn analysis_of(&self, path: &str) -> Analysis {
        let (table, reading, names) = self.table().unwrap();
        let source = Source {
            path: path.to_owned(),
            reading,
            names,
            renamed: Vec::new(),
        };
        Analysis::new(source, &table, &self.options).unwrap()
    }

    /// Every estimate with its standard error, by its name.
    pub(crate) fn expected(&self) -> Numbers {
        let report = self.report();
        let outcomes = report.model.outcomes.len();
        let mut numbers = Numbers::new();
        for one in &report.model.coefficients {
            numbers.insert(
                format!("coefficient {} {}", one.outcome, one.term).replace('\n', " "),
                [one.estimate, one.std_error],
            );
        }
        for (place, one) in report.predictions.iter().enumerate() {
            let name = format!("prediction {} {}", place / outcomes, one.outcome);
            numbers.insert(name, [one.estimate, one.std_error]);
        }
        for (kind, effects) in [("slope", &report.slopes), ("comparison", &report.comparisons)] {
            for (place, one) in effects.iter().enumerate() {
                let name = format!("{kind} {} {}", place / outcomes, one.outcome);
                numbers.insert(name, [one.estimate, one.std_error]);
            }
        }
        numbers
    }
}

fn options(formula: &str) -> FitOptions {
    FitOptions::new(formula)
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// Everything that scripts are to get right, one thing or two at a time.
pub(crate) fn all() -> Vec<Case> {
    let csv = survey(1).csv(',');
    let case = |name: &str, options: FitOptions| Case::new(name, &csv, options);
    let mut cases = vec![
        case("plain", options("party ~ age + region")),
        case(
            "base",
            FitOptions {
                base: Some("don't know".to_owned()),
                slopes: true,
                ..options("party ~ age * region + C(sex, base = m)")
            },
        ),
        case(
            "quoted",
            FitOptions {
                slopes: true,
                at: texts(&["`2nd round` = 0.5", "`2nd round` = 1, region = Île"]),
                comparisons: texts(&["`2nd round` + 2", "region", "sex = f : m", "age = 30 : 60"]),
                ..options("party ~ `2nd round` * sex + region + age")
            },
        ),
        case(
            "transformed",
            FitOptions {
                slopes: true,
                at: texts(&["age = 50", "income = 20"]),
                comparisons: texts(&["income", "age = min : max"]),
                ..options(
                    "party ~ age + I(age^2) + log(income) + sqrt(income):sex + I(income / (1 + age)) + abs(`2nd round`)",
                )
            },
        ),
        case(
            "bases",
            FitOptions {
                slopes: true,
                at: texts(&["age = 30", "age = 85"]),
                ..options("party ~ poly(age, 2) + ns(income, 3) + scale(`2nd round`)")
            },
        ),
        case(
            "nested",
            FitOptions {
                slopes: true,
                ..options(
                    "party ~ I(scale(age)^2) + center(income):sex + poly(log(income), 2, raw) + exp(scale(`2nd round`) / 3)",
                )
            },
        ),
        case(
            "without_intercept",
            FitOptions {
                slopes: true,
                ..options("party ~ 0 + sex + region:age + C(grade)")
            },
        ),
        case(
            "order",
            FitOptions {
                comparisons: texts(&["region", "sex"]),
                ..options("party ~ sex:age + region + age + sex:region + region:age")
            },
        ),
        case(
            "frequency",
            FitOptions {
                weights: Some("w".to_owned()),
                covariance: Some(CovarianceKind::Hc1),
                slopes: true,
                at: texts(&["age = 40"]),
                ..options("party ~ age + sex")
            },
        ),
        case(
            "probability",
            FitOptions {
                probability_weights: Some("pw".to_owned()),
                slopes: true,
                level: 0.9,
                ..options("party ~ age + region")
            },
        ),
        case(
            "clustered",
            FitOptions {
                cluster: Some("school".to_owned()),
                weights: Some("w".to_owned()),
                slopes: true,
                ..options("party ~ age + sex")
            },
        ),
        case(
            "two_ways",
            FitOptions {
                cluster: Some("school".to_owned()),
                second_cluster: Some("my district".to_owned()),
                comparisons: texts(&["age + 10"]),
                ..options("party ~ age + sex")
            },
        ),
        case(
            "robust",
            FitOptions {
                covariance: Some(CovarianceKind::Robust),
                ..options("party ~ age + sex")
            },
        ),
        case(
            "hc0",
            FitOptions {
                covariance: Some(CovarianceKind::Hc0),
                ..options("party ~ age + sex")
            },
        ),
        case(
            "binary",
            FitOptions {
                slopes: true,
                at: texts(&["age = 40, sex = f"]),
                ..options("voted ~ age * sex + log(income)")
            },
        ),
        case(
            "numbers_as_outcome",
            FitOptions {
                base: Some("2".to_owned()),
                slopes: true,
                ..options("code ~ age + C(grade, base = 4)")
            },
        ),
        case(
            "at_means",
            FitOptions {
                at_means: true,
                slopes: true,
                weights: Some("w".to_owned()),
                at: texts(&["age = 40", "region = north, sex = m"]),
                comparisons: texts(&["sex", "income = 10 : 20", "age + 5"]),
                ..options("party ~ age * region + poly(income, 2) + sex + log(income)")
            },
        ),
        case(
            "only_means",
            FitOptions {
                at_means: true,
                ..options("party ~ age + ns(income, 2)")
            },
        ),
        case("constant", options("party ~ 1")),
        case(
            "far",
            FitOptions {
                slopes: true,
                ..options("party ~ far + age")
            },
        ),
        case(
            "dot",
            options("voted ~ . - party - code - w - pw - school - far - `my district`"),
        ),
    ];
    cases.push(semicolons());
    cases.push(codes());
    cases.push(empty_cell());
    cases.push(hostile());
    cases
}

/// Decimal commas, semicolons, thousands, another encoding, and lines before the names.
fn semicolons() -> Case {
    let mut cells = survey(5);
    for name in ["income", "2nd round", "pw"] {
        let place = cells.names.iter().position(|known| known == name).unwrap();
        for cell in &mut cells.columns[place] {
            *cell = cell.replace('.', ",");
        }
    }
    let place = cells.names.iter().position(|known| known == "far").unwrap();
    for cell in &mut cells.columns[place] {
        *cell = cell
            .replace('.', ",")
            .replacen('1', "1'", 1)
            .replacen("1'000000", "1'000'000", 1);
        if !cell.starts_with("1'000'0") {
            *cell = "1'000'001".to_owned();
        }
    }
    let text = format!("A survey\n\n{}", cells.csv(';'));
    let windows = |sign: char| u8::try_from(u32::from(sign)).unwrap_or(b'?');
    Case {
        name: "semicolons".to_owned(),
        bytes: text.chars().map(windows).collect(),
        reading: Options {
            header_row: Some(3),
            thousands: Some("'".parse().unwrap()),
            ..Options::default()
        },
        options: FitOptions {
            slopes: true,
            ..options("party ~ log(income) + `2nd round` * region + I(far - 1000000)")
        },
    }
}

/// Codes of missing values, numbers and texts.
fn codes() -> Case {
    let mut cells = survey(7);
    let mut number = 0;
    for name in ["age", "region", "sex"] {
        let place = cells.names.iter().position(|known| known == name).unwrap();
        for cell in &mut cells.columns[place] {
            number += 1;
            if number % 29 == 0 {
                *cell = if name == "age" { "-99.0" } else { "." }.to_owned();
            }
        }
    }
    Case {
        name: "codes".to_owned(),
        reading: Options {
            missing: Some(Options::missing_codes("-99,.,NA")),
            ..Options::default()
        },
        ..Case::new("codes", &cells.csv(','), options("party ~ age + region * sex"))
    }
}

/// Names and levels that would be code if they were not quoted.
fn hostile() -> Case {
    let mut cells = survey(11);
    let name = "x\"); stop('x') #\\";
    for known in &mut cells.names {
        if known == "2nd round" {
            *known = name.to_owned();
        }
    }
    let place = cells.names.iter().position(|known| known == "region").unwrap();
    for cell in &mut cells.columns[place] {
        *cell = match cell.as_str() {
            "north" => "a\"); stop(1) #",
            "south east" => "b\\\n$c ${d} %s {e} */ /* ///",
            "NA" => "NA",
            _ => "`f`'\"' \"\"\"",
        }
        .to_owned();
    }
    let options = FitOptions {
        slopes: true,
        ..options(&format!("party ~ `{name}` * region"))
    };
    Case::new("hostile", &cells.csv(','), options)
}

/// A product of levels that no row has.
fn empty_cell() -> Case {
    let mut cells = survey(9);
    let place =
        |cells: &crate::data::Cells, name: &str| cells.names.iter().position(|known| known == name).unwrap();
    let (region, sex) = (place(&cells, "region"), place(&cells, "sex"));
    for row in 0..cells.columns[region].len() {
        if cells.columns[region][row] == "south east" && cells.columns[sex][row] == "m" {
            cells.columns[sex][row] = "f".to_owned();
        }
    }
    let options = FitOptions {
        comparisons: texts(&["sex"]),
        ..options("party ~ age + region * sex")
    };
    Case::new("empty_cell", &cells.csv(','), options)
}
