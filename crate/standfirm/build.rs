//! Packs `data/episodes.csv` into what `src/data/episodes.rs` unpacks, where the format is described, and takes from
//! `data/facts.csv` and `data/power.csv` the columns that the program needs.

use std::{collections::BTreeMap, env, error::Error, fs, path::Path};

const CSV: &str = "../../data/episodes.csv";
const FACTS: &str = "../../data/facts.csv";
const POWER: &str = "../../data/power.csv";

/// The columns that others may depend on, and their bits in a key.
const PARTS: [(&str, u8); 3] = [("sender", 1), ("target", 2), ("year", 4)];
/// The key of a column that depends on nothing but its row.
const ROW: u8 = 8;

fn main() -> Result<(), Box<dyn Error>> {
    for file in [CSV, FACTS, POWER] {
        println!("cargo::rerun-if-changed={file}");
    }
    println!("cargo::rerun-if-changed=build.rs");
    let mut reader = csv::Reader::from_path(CSV)?;
    let names: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
    let mut columns: Vec<Vec<String>> = vec![Vec::new(); names.len()];
    for record in reader.records() {
        for (column, cell) in columns.iter_mut().zip(&record?) {
            column.push(cell.to_owned());
        }
    }
    let rows = columns.first().map_or(0, Vec::len);
    let mut packed = u16::try_from(rows)?.to_le_bytes().to_vec();
    for (position, (name, cells)) in names.iter().zip(&columns).enumerate() {
        let before = Before {
            names: &names[..position],
            columns: &columns[..position],
        };
        let (key, first) = before.smallest_key(cells);
        let values: Vec<&str> = first.iter().map(|&row| cells[row].as_str()).collect();
        string(&mut packed, name)?;
        packed.push(key);
        match before.function_of_another(name, cells) {
            Some(kind) => packed.push(kind),
            None => column(&mut packed, &values)?,
        }
    }
    let made = |name: &str| Ok::<_, env::VarError>(Path::new(&env::var("OUT_DIR")?).join(name));
    fs::write(made("episodes.bin")?, packed)?;
    fs::write(made("facts.txt")?, first_columns(FACTS, 2)?)?;
    fs::write(made("power.txt")?, first_columns(POWER, 6)?)?;
    Ok(())
}

/// What makes a value of another one.
type Function = fn(f64) -> f64;

/// The first columns of a file without its header, tabs between cells, a line for each row.
fn first_columns(file: &str, columns: usize) -> Result<String, Box<dyn Error>> {
    let mut lines = String::new();
    for record in csv::Reader::from_path(file)?.records() {
        let record = record?;
        lines += &record.iter().take(columns).collect::<Vec<_>>().join("\t");
        lines.push('\n');
    }
    Ok(lines)
}

/// The columns already packed.
struct Before<'a> {
    names: &'a [String],
    columns: &'a [Vec<String>],
}

impl Before<'_> {
    fn column(&self, name: &str) -> Option<&[String]> {
        let position = self.names.iter().position(|known| known == name)?;
        Some(&self.columns[position])
    }

    /// The key with the fewest groups of rows within which `cells` does not vary, and each group's first row.
    fn smallest_key(&self, cells: &[String]) -> (u8, Vec<usize>) {
        (0..ROW)
            .filter_map(|key| Some((key, self.first_rows(key, cells)?)))
            .chain([(ROW, (0..cells.len()).collect())])
            .min_by_key(|(_, first)| first.len())
            .unwrap_or((ROW, Vec::new()))
    }

    fn first_rows(&self, key: u8, cells: &[String]) -> Option<Vec<usize>> {
        let parts = PARTS.iter().filter(|(_, bit)| key & bit != 0);
        let parts = parts
            .map(|(name, _)| self.column(name))
            .collect::<Option<Vec<_>>>()?;
        let mut seen = BTreeMap::new();
        let mut first = Vec::new();
        for (row, cell) in cells.iter().enumerate() {
            let group: Vec<&str> = parts.iter().map(|part| part[row].as_str()).collect();
            match seen.get(&group) {
                Some(known) if *known == cell => {}
                Some(_) => return None,
                None => {
                    seen.insert(group, cell);
                    first.push(row);
                }
            }
        }
        Some(first)
    }

    /// The kind of a column that is, to the last bit, a function of an earlier one that its name tells.
    fn function_of_another(&self, name: &str, cells: &[String]) -> Option<u8> {
        let logarithm_of = name.strip_prefix("ln_").map(str::to_owned);
        let share_of = name.strip_suffix("_share").map(|of| format!("{of}_ratio"));
        // As `src/episodes.rs` has them; a test there compares every value with the file's.
        let functions: [(u8, &Option<String>, Function); 3] = [
            (b'd', &logarithm_of, |share| libm::log1p(1000.0 * share)),
            (b'n', &logarithm_of, libm::log),
            (b's', &share_of, |ratio| ratio / (1.0 + ratio)),
        ];
        functions.into_iter().find_map(|(kind, of, function)| {
            let arguments = self.column(of.as_ref()?)?;
            let holds = |(argument, cell): (&String, &String)| match (number(argument), number(cell)) {
                (Some(x), Some(y)) => x.is_nan() && y.is_nan() || function(x) == y,
                _ => false,
            };
            arguments.iter().zip(cells).all(holds).then_some(kind)
        })
    }
}

/// NaN for an empty cell, `None` for words.
fn number(cell: &str) -> Option<f64> {
    if cell.is_empty() {
        return Some(f64::NAN);
    }
    cell.parse().ok()
}

fn column(packed: &mut Vec<u8>, values: &[&str]) -> Result<(), Box<dyn Error>> {
    let codes = |value: &[&str]| -> Option<Vec<u32>> {
        let code = |cell: &&str| match *cell {
            "" => Some(0),
            cell => cell.parse::<u32>().ok()?.checked_add(1),
        };
        value.iter().map(code).collect()
    };
    if let Some(whole) = codes(values) {
        packed.push(b'w');
        wholes(packed, &whole);
    } else if let Some(reals) = values
        .iter()
        .map(|cell| number(cell))
        .collect::<Option<Vec<f64>>>()
    {
        let kilometres: Vec<f64> = reals.iter().map(|ln| libm::round(libm::exp(*ln))).collect();
        let logarithms = |(ln, km): (&f64, &f64)| ln.is_nan() || libm::log(*km) == *ln;
        if reals.iter().zip(&kilometres).all(logarithms) {
            packed.push(b'l');
            let code = |km: &f64| if km.is_nan() { 0 } else { *km as u32 + 1 };
            wholes(packed, &kilometres.iter().map(code).collect::<Vec<_>>());
        } else {
            packed.push(b'r');
            planes(
                packed,
                8,
                &reals.iter().map(|real| real.to_bits()).collect::<Vec<_>>(),
            );
        }
    } else {
        let mut levels: Vec<&str> = values.iter().copied().filter(|value| !value.is_empty()).collect();
        levels.sort_unstable();
        levels.dedup();
        packed.push(b't');
        packed.push(u8::try_from(levels.len())?);
        for level in &levels {
            string(packed, level)?;
        }
        let code = |value: &&str| levels.binary_search(value).map_or(0, |at| at as u32 + 1);
        wholes(packed, &values.iter().map(code).collect::<Vec<_>>());
    }
    Ok(())
}

fn wholes(packed: &mut Vec<u8>, values: &[u32]) {
    let largest = values.iter().max().copied().unwrap_or(0);
    let width = (4 - largest.leading_zeros() / 8).max(1) as u8;
    packed.push(width);
    planes(
        packed,
        width,
        &values.iter().map(|value| u64::from(*value)).collect::<Vec<_>>(),
    );
}

fn planes(packed: &mut Vec<u8>, width: u8, values: &[u64]) {
    for byte in 0..width {
        packed.extend(values.iter().map(|value| (value >> (8 * byte)) as u8));
    }
}

fn string(packed: &mut Vec<u8>, text: &str) -> Result<(), Box<dyn Error>> {
    packed.push(u8::try_from(text.len())?);
    packed.extend(text.bytes());
    Ok(())
}
