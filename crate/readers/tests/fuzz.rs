//! Files that nobody would save: those beside the tests, and some tables, with bytes changed, lost, doubled and moved. Each
//! is read or refused, without a panic, in memory that has some proportion to its size.
//!
//! `STANDFIRM_FUZZ=1000000 cargo test -p readers --all-features --test fuzz` tries so many of each kind; an input that fails is
//! written to the folder that the message names, and becomes a test. `STANDFIRM_FUZZ_SEED` makes others; the file that
//! `STANDFIRM_FUZZ_LAST` names has the input that is being read.
#![cfg(all(feature = "excel", feature = "stata", feature = "encodings"))]
// The helpers of a test may fail it.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::io::{Cursor, Read as _, Write as _};
use std::panic::catch_unwind;
use std::path::Path;

use mlogit::Column;
use readers::{Decimal, Delimiter, Options, Thousands, read};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Enough to notice what would be wrong with every other input.
const FEW: u64 = 300;

/// No input here is larger than some kilobytes; what takes that much memory takes it for nothing.
const MOST_KILOBYTES: u64 = 1_000_000;

fn from_environment(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// SplitMix64 (Steele, Lea & Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    fn one_of<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }

    /// A stretch of something that long.
    fn stretch(&mut self, length: usize) -> std::ops::Range<usize> {
        let from = self.below(length + 1);
        let most = (length - from).min(1 << self.below(8));
        from..from + self.below(most + 1)
    }
}

/// Changes some bytes, once to eight times; `words` are what such files are made of.
fn changed(random: &mut Random, mut bytes: Vec<u8>, words: &[&[u8]]) -> Vec<u8> {
    const NUMBERS: [u32; 9] = [
        0,
        1,
        0x7f,
        0xff,
        0x7fff,
        0xffff,
        0x7fff_ffff,
        0xffff_ffff,
        0x0100_0000,
    ];
    for _ in 0..=random.below(8) {
        let at = random.below(bytes.len() + 1);
        match random.below(9) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            1 if at < bytes.len() => bytes[at] = random.next() as u8,
            2 => {
                let stretch = random.stretch(bytes.len());
                bytes.drain(stretch);
            }
            3 => {
                let stretch = random.stretch(bytes.len());
                let again = bytes[stretch].to_vec();
                bytes.splice(at..at, again);
            }
            4 => {
                let word = random.one_of(words).to_vec();
                bytes.splice(at..at, word);
            }
            5 => {
                let number = NUMBERS[random.below(NUMBERS.len())];
                let number = if random.below(2) == 0 {
                    number.to_le_bytes()
                } else {
                    number.to_be_bytes()
                };
                let width = 1 + random.below(4);
                let end = (at + width).min(bytes.len());
                bytes.splice(at..end, number[..width].iter().copied());
            }
            6 => bytes.truncate(at),
            7 => {
                // A number, grown.
                let digit = bytes.iter().skip(at).position(u8::is_ascii_digit);
                if let Some(digit) = digit {
                    let digits = vec![b'9'; 1 + random.below(20)];
                    bytes.splice(at + digit..at + digit, digits);
                }
            }
            _ => {
                let word = random.one_of(words).repeat(1 + random.below(40));
                bytes.splice(at..at, word);
            }
        }
    }
    bytes.truncate(1 << 16);
    bytes
}

fn check(bytes: &[u8], options: &Options) {
    let Ok(file) = read(bytes, options) else {
        return;
    };
    for (at, column) in file.summary().columns.into_iter().enumerate() {
        assert_eq!(column.n + column.missing, file.rows(), "{column:?}");
        // A sheet may have sixteen thousand.
        if at >= 40 {
            continue;
        }
        if let Ok((table, _)) = file.table(&[&column.name]) {
            let values = table.column(&column.name).unwrap();
            assert_eq!(values.len(), file.rows());
            if let Column::Number(numbers) = values {
                assert!(numbers.iter().all(|number| !number.is_infinite()), "{column:?}");
            }
        }
    }
}

/// The most memory that this process ever had, where the system says.
fn most_kilobytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

fn fuzz(kind: &str, make: impl Fn(&mut Random) -> (Vec<u8>, Options)) {
    let count = from_environment("STANDFIRM_FUZZ").unwrap_or(FEW);
    let first = from_environment("STANDFIRM_FUZZ_SEED").unwrap_or(1) << 32;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let mut failed = Vec::new();
    let before = most_kilobytes().unwrap_or_default();
    for input in first..first + count {
        let (bytes, options) = make(&mut Random(input));
        let file = folder.join(format!("fuzz-{kind}-{input}"));
        // Should an input end the process, or never end, it is the one here.
        if let Ok(last) = std::env::var("STANDFIRM_FUZZ_LAST") {
            std::fs::write(last, &bytes).unwrap();
        }
        let done = catch_unwind(|| check(&bytes, &options));
        let much = most_kilobytes().is_some_and(|most| most > before + MOST_KILOBYTES);
        if done.is_err() || much {
            std::fs::write(&file, &bytes).unwrap();
            failed.push(format!("{} with {options:?}", file.display()));
            assert!(!much, "much memory: {failed:?}");
        }
        if failed.len() > 20 {
            break;
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

const TABLES: [&str; 9] = [
    "y,x,z\na,1.5,3\nb,-2,\nc,NA,1e9\n",
    "y;x;z\na;1,5;\"q;r\"\nb;-2,25;3\n",
    "\u{feff}who\ty\tx\r\nann\ta\t1.200,5\r\nbob\tb\t950\r\n",
    "\"\",\"y\",\"x\"\n\"1\",\"a\",1\n\"2\",\"b\",2\n",
    "a|b|c\n1|2|3\n4|5|6\n",
    "y,inc\na,\"1,200\"\nb,\"2,500,000\"\nc,\"3.5\"\n",
    "id,when,flag\n36893488147419103301,2020-01-31,TRUE\n007,31.12.2020,FALSE\n",
    "# a note\n\nname,value,\nx,1,\ny,2,\n",
    "y,x\n\"a \"\"quoted\"\" word\",1\n\"two\nlines\",2\n",
];

const OF_TEXT: [&[u8]; 24] = [
    b",",
    b";",
    b"\t",
    b"|",
    b"\n",
    b"\r\n",
    b"\r",
    b"\"",
    b"\"\"",
    b"'",
    b".",
    b"-99",
    b"1,5",
    b"1e999",
    b"inf",
    b"NaN",
    b"NA",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\0",
    b"\x80",
    b"\xc3\xa9",
    b"\xf0\x9f\x98\x80",
    b"1 234,5",
];

#[test]
fn text() {
    fuzz("text", |random| {
        let mut bytes = random.one_of(&TABLES.map(str::as_bytes)).to_vec();
        if random.below(6) == 0 {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            bytes = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        }
        let bytes = changed(random, bytes, &OF_TEXT);
        let how = random.below(256);
        let options = Options {
            delimiter: [None, None, Some(Delimiter::SEMICOLON), Some(Delimiter::TAB)][how & 3],
            decimal: [None, None, None, Some(Decimal::Comma)][how >> 2 & 3],
            thousands: [None, None, Some(Thousands::Point), Some(Thousands::Blank)][how >> 4 & 3],
            encoding: [None, Some("windows-1252".to_owned())][how >> 6 & 1].clone(),
            missing: [None, Some(vec!["-99".to_owned(), ".".to_owned()])][how >> 7 & 1].clone(),
            header_row: Some(random.below(4)).filter(|row| *row == 2),
            ..Options::default()
        };
        (bytes, options)
    });
}

fn beside(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    std::fs::read(folder.join(name)).unwrap()
}

const OF_STATA: [&[u8]; 12] = [
    b"GSO",
    b"<lbl>",
    b"</lbl>",
    b"<ch>",
    b"</ch>",
    b"<strls>",
    b"</strls>",
    b"<value_labels>",
    b"<data>",
    b"\0",
    b"%td",
    b"%tc",
];

#[test]
fn stata() {
    let names = [
        "survey.114.dta",
        "survey.117.dta",
        "survey.118.dta",
        "survey.119.dta",
        "long.dta",
        "tagged.dta",
    ];
    let files = names.map(beside);
    fuzz("stata", |random| {
        let seed = files[random.below(files.len())].clone();
        (changed(random, seed, &OF_STATA), Options::default())
    });
}

const OF_SHEETS: [&[u8]; 16] = [
    b"<c r=\"A1\">",
    b"<c r=\"XFD1048576\"><v>1</v></c>",
    b"</c>",
    b"<v>",
    b"</v>",
    b"<row r=\"9\">",
    b"t=\"s\"",
    b"t=\"inlineStr\"",
    b"<is><t>",
    b"&amp;",
    b"&#0;",
    b"table:number-columns-repeated=\"16384\"",
    b"table:number-rows-repeated=\"1048576\"",
    b"<",
    b">",
    b"uniqueCount=\"9\"",
];

/// An archive's parts.
fn parts(bytes: Vec<u8>) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|part| {
            let mut part = archive.by_index(part).unwrap();
            let mut content = Vec::new();
            part.read_to_end(&mut content).unwrap();
            (part.name().unwrap().into_owned(), content)
        })
        .collect()
}

/// The archive of parts, not packed: what was changed in a part is what its reader sees.
fn archive(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, content) in parts {
        writer.start_file(name.as_str(), stored).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn workbooks() {
    let packed = ["survey.xlsx", "survey.ods", "far.xlsx"].map(beside);
    let open = packed.clone().map(parts);
    let old = beside("survey.xls");
    fuzz("workbook", |random| {
        let bytes = match random.below(6) {
            0 => {
                let seed = packed[random.below(3)].clone();
                changed(random, seed, &OF_SHEETS)
            }
            1 => changed(random, old.clone(), &OF_SHEETS),
            _ => {
                let mut parts = open[random.below(3)].clone();
                let part = random.below(parts.len());
                parts[part].1 = changed(random, std::mem::take(&mut parts[part].1), &OF_SHEETS);
                archive(&parts)
            }
        };
        (bytes, Options::default())
    });
}
