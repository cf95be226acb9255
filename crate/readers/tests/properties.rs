//! A table written in any dialect is read back as it was.

// The helpers of a test may fail it.
#![allow(clippy::unwrap_used, clippy::panic)]

use mlogit::Column;
use proptest::prelude::*;
use readers::{Options, read};

/// Texts that are nothing but text, in any dialect.
fn word() -> impl Strategy<Value = String> {
    "[a-zé€ß][a-z ,;|\t\"\n.0-9éà]{0,6}[a-z!]".prop_filter("words that mean something", |word| {
        let word = word.trim().to_lowercase();
        !["na", "nan", "inf", "null", "none", "missing"].contains(&word.as_str())
            && word.matches('"').count() % 2 == 0
    })
}

fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}

#[derive(Debug, Clone, Copy)]
struct Written {
    delimiter: char,
    comma: bool,
    line_end: &'static str,
    mark: bool,
    utf16: bool,
    trailing: bool,
}

fn written() -> impl Strategy<Value = Written> {
    (
        prop::sample::select(vec![',', ';', '\t', '|']),
        any::<bool>(),
        prop::sample::select(vec!["\n", "\r\n"]),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(delimiter, comma, line_end, mark, utf16, trailing)| Written {
            delimiter,
            comma: comma && delimiter != ',',
            line_end,
            mark,
            utf16,
            trailing,
        })
}

impl Written {
    fn bytes(self, rows: &[(Option<String>, Option<f64>, i32)]) -> Vec<u8> {
        let line = |cells: [String; 4]| {
            let end = if self.trailing {
                self.delimiter.to_string()
            } else {
                String::new()
            };
            cells.join(&self.delimiter.to_string()) + &end + self.line_end
        };
        let mut text = line(["word", "real", "whole", "half"].map(str::to_owned));
        for (word, real, whole) in rows {
            let decimals = |number: f64| {
                let number = number.to_string();
                if self.comma {
                    number.replace('.', ",")
                } else {
                    number
                }
            };
            text += &line([
                word.as_deref().map(quoted).unwrap_or_default(),
                real.map(decimals).unwrap_or_default(),
                whole.to_string(),
                // So that what marks decimals is certain.
                decimals(0.5),
            ]);
        }
        let text = if self.mark || self.utf16 {
            format!("\u{feff}{text}")
        } else {
            text
        };
        if self.utf16 {
            text.encode_utf16().flat_map(u16::to_le_bytes).collect()
        } else {
            text.into_bytes()
        }
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read(
        written in written(),
        rows in prop::collection::vec(
            (prop::option::of(word()), prop::option::of(-1e6..1e6_f64), any::<i32>()),
            1..30,
        ),
    ) {
        let bytes = written.bytes(&rows);
        let options = Options { delimiter: Some(written.delimiter.to_string().parse().unwrap()), ..Options::default() };
        let file = read(&bytes, &options).unwrap();
        prop_assert_eq!(file.rows(), rows.len());
        let (table, _) = file.table(&["real", "whole", "half"]).unwrap();
        let number = |name: &str| match table.column(name).unwrap() {
            Column::Number(numbers) => numbers.clone(),
            Column::Text(text) => panic!("{name}: {:?}", text.levels()),
        };
        for (row, (_, real, whole)) in rows.iter().enumerate() {
            let read = number("real")[row];
            prop_assert_eq!(Some(read).filter(|read| !read.is_nan()), *real);
            prop_assert_eq!(number("whole")[row], f64::from(*whole));
        }
        if rows.iter().any(|row| row.0.is_some()) {
            let (table, _) = file.table(&["word"]).unwrap();
            let Column::Text(text) = table.column("word").unwrap() else { panic!("words are text") };
            for (row, (word, ..)) in rows.iter().enumerate() {
                prop_assert_eq!(text.get(row), word.as_deref());
            }
        }
    }

    #[test]
    fn the_delimiter_is_found(written in written(), rows in prop::collection::vec(any::<i32>(), 1..30)) {
        let rows: Vec<_> = rows.into_iter().map(|whole| (Some("w".to_owned()), Some(0.25), whole)).collect();
        let file = read(&written.bytes(&rows), &Options::default()).unwrap();
        prop_assert_eq!(file.names().collect::<Vec<_>>(), ["word", "real", "whole", "half"]);
        prop_assert_eq!(file.rows(), rows.len());
    }

    /// Any bytes are a file or an error, never a panic; columns are as long as the file.
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(file) = read(&bytes, &Options::default()) {
            for column in file.summary().columns {
                prop_assert_eq!(column.n + column.missing, file.rows());
            }
        }
    }
}
