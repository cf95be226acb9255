//! Data made from a seed, and files of them.

/// Random numbers, the same everywhere (splitmix64: Steele, Lea & Flood 2014).
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x1234_5678_9abc_def1)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// From 0 up to but not including `count`.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }

    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// About normal: the sum of twelve.
    pub(crate) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    /// By the largest of which multinomial logits choose.
    pub(crate) fn gumbel(&mut self) -> f64 {
        -libm::log(-libm::log(self.unit().max(1e-12)))
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// A file's columns as texts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cells {
    pub(crate) names: Vec<String>,
    pub(crate) columns: Vec<Vec<String>>,
}

impl Cells {
    pub(crate) fn add(&mut self, name: &str, column: Vec<String>) {
        self.names.push(name.to_owned());
        self.columns.push(column);
    }

    /// As CSV with a delimiter.
    pub(crate) fn csv(&self, delimiter: char) -> String {
        let quoted = |cell: &String| {
            if cell.contains([delimiter, '"', '\n', '\'']) {
                format!("\"{}\"", cell.replace('"', "\"\""))
            } else {
                cell.clone()
            }
        };
        let rows = self.columns.first().map_or(0, Vec::len);
        let line = |cells: Vec<String>| cells.join(&delimiter.to_string()) + "\n";
        let mut text = line(self.names.iter().map(quoted).collect());
        for row in 0..rows {
            text += &line(self.columns.iter().map(|column| quoted(&column[row])).collect());
        }
        text
    }
}

/// A number with few digits.
pub(crate) fn short(number: f64) -> String {
    format!("{}", (number * 1000.0).round() / 1000.0)
}

/// A survey with what makes files hard: levels of text with blanks, apostrophes and accents, names that need quoting,
/// missing values, weights of both kinds and clusters.
pub(crate) fn survey(seed: u64) -> Cells {
    let mut random = Random::new(seed);
    let parties = ["labour", "Die Grünen", "don't know", "tory, old"];
    let regions = ["north", "south east", "Île"];
    let mut columns: Vec<Vec<String>> = vec![Vec::new(); 14];
    for row in 0..420 {
        let age = 18.0 + (60.0 * random.unit()).floor();
        let income = libm::exp(0.4 * random.normal() + 3.0);
        let round = random.normal();
        let region = random.below(3);
        let woman = random.below(2);
        let grade = [2_usize, 10, 4][random.below(3)];
        let eta = [
            0.0,
            0.5 - 0.03 * (age - 40.0) + 0.4 * (region as f64),
            -0.3 + 0.5 * round - 0.2 * (woman as f64),
            0.02 * (age - 40.0) + 0.3 * libm::log(income) - 1.0 + 0.1 * grade as f64 / 4.0,
        ];
        let utilities: Vec<f64> = eta.iter().map(|eta| eta + random.gumbel()).collect();
        let best = (0..4).fold(0, |best, j| if utilities[j] > utilities[best] { j } else { best });
        let missing = |random: &mut Random, text: String, part: f64, code: &str| {
            if random.chance(part) {
                code.to_owned()
            } else {
                text
            }
        };
        let cells = [
            missing(&mut random, parties[best].to_owned(), 0.02, ""),
            missing(&mut random, age.to_string(), 0.03, "NA"),
            missing(&mut random, short(income), 0.03, ""),
            short(round),
            missing(&mut random, regions[region].to_owned(), 0.03, "NA"),
            ["f", "m"][woman].to_owned(),
            grade.to_string(),
            (row % 37).to_string(),
            format!("d{}", random.below(6)),
            random.below(4).to_string(),
            short(0.2 + 2.0 * random.unit()),
            ["no", "yes"][usize::from(best > 1)].to_owned(),
            best.to_string(),
            short(1e6 + random.normal()),
        ];
        for (column, cell) in columns.iter_mut().zip(cells) {
            column.push(cell);
        }
    }
    let names = [
        "party",
        "age",
        "income",
        "2nd round",
        "region",
        "sex",
        "grade",
        "school",
        "my district",
        "w",
        "pw",
        "voted",
        "code",
        "far",
    ];
    let mut survey = Cells::default();
    for (name, column) in names.iter().zip(columns) {
        survey.add(name, column);
    }
    survey
}
