//! Text with cells between delimiters, in one pass; in a second one where many numbers turn out to be text.

use std::io::Read;

use crate::column::{Builder, Cells, Tally};
use crate::dialect::{self, Dialect, Sample};
use crate::encoding::{Encoding, Text};
use crate::error::{Error, Result, counted, shown};
use crate::file::{self, Column, File};
use crate::format::FileKind;
use crate::judge::{self, ColumnKind, Declared, Evidence, Marked, Marks, Verdict};
use crate::missing::Missing;
use crate::names;
use crate::number::Writing;
use crate::options::{Decimal, Delimiter, Options, Thousands};
use crate::place::Places;
use crate::reading::Reading;
use crate::source::{self, Progress, Source};

/// Reads a text file.
pub(crate) fn read(
    source: &mut dyn Source,
    options: &Options,
    tell: &mut dyn FnMut(Progress),
) -> Result<File> {
    let missing = Missing::new(options.missing.as_deref());
    let First {
        names,
        mut cells,
        places,
        layout,
        writing,
        mut reading,
    } = read_once(source, options, tell, &missing)?;
    let mut tallies: Vec<Tally> = cells
        .iter()
        .map(|cells| file::tally(cells, writing, &missing))
        .collect();
    let given: Vec<Declared> = names
        .iter()
        .map(|name| file::declared(name, &options.text, &options.number))
        .collect();
    let marks = marks(
        writing,
        &names,
        &given,
        &tallies,
        &cells,
        layout.dialect.delimiter,
    );
    let decided = decided(writing, &marks);
    let mut verdicts = Vec::with_capacity(names.len());
    for column in 0..names.len() {
        verdicts.push(judge(
            &names[column],
            given[column],
            &tallies[column],
            &cells[column],
            decided,
            &marks,
            &missing,
            &places,
        ));
    }
    let again: Vec<bool> = verdicts
        .iter()
        .zip(&cells)
        .map(|(verdict, cells)| verdict.kind == ColumnKind::Text && matches!(cells, Cells::Numbers { .. }))
        .collect();
    if again.contains(&true) {
        read_again(source, options, tell, &layout, &again, &mut cells)?;
        for column in (0..names.len()).filter(|column| again[*column]) {
            tallies[column] = file::tally(&cells[column], writing, &missing);
            verdicts[column] = judge(
                &names[column],
                given[column],
                &tallies[column],
                &cells[column],
                decided,
                &marks,
                &missing,
                &places,
            );
        }
    }

    tell_reading(&mut reading, options, &layout, decided, &missing, &tallies);
    let mut columns: Vec<Column> = names
        .into_iter()
        .zip(cells)
        .zip(verdicts)
        .map(|((name, cells), verdict)| Column {
            name,
            cells,
            verdict,
            aside: false,
            order: None,
            missing_codes: Vec::new(),
            label: String::new(),
        })
        .collect();
    names::settle(&mut columns, &tallies, &mut reading);
    reading.rows = places.rows();
    file::check_said(&columns, options)?;
    Ok(File {
        reading,
        columns,
        writing: decided,
        missing,
        places,
    })
}

/// What the first pass gives.
struct First {
    names: Vec<String>,
    cells: Vec<Cells>,
    places: Places,
    layout: Layout,
    writing: Writing,
    reading: Reading,
}

fn read_once(
    source: &mut dyn Source,
    options: &Options,
    tell: &mut dyn FnMut(Progress),
    missing: &Missing,
) -> Result<First> {
    let opened = source::open(source, tell)?;
    let mut reading = Reading::new(FileKind::Csv);
    reading.gzip = opened.gzip;
    let mut pass = Pass::start(opened.reader, options, None)?;
    let writing = pass.writing(options);
    let mut builders: Vec<Builder> = (0..pass.names.len())
        .map(|column| pass.builder(column, options))
        .collect();
    let places = pass.run(&mut builders, writing, missing)?;
    let text = pass.records.text();
    let encoding = text.encoding();
    reading.encoding = Some(
        options
            .decoded_from
            .clone()
            .unwrap_or_else(|| encoding.name().to_owned()),
    );
    if let Some(line) = text.switched() {
        reading.notes.push(format!(
            "line {line} is not UTF-8 text: the file is read as Windows-1252; if signs look wrong, say its --encoding"
        ));
    }
    Ok(First {
        names: pass.names,
        cells: builders.into_iter().map(Builder::finish).collect(),
        places,
        layout: Layout {
            encoding,
            ..pass.layout
        },
        writing,
        reading,
    })
}

#[expect(clippy::too_many_arguments, reason = "all that is known of a column")]
fn judge(
    name: &str,
    given: Declared,
    tally: &Tally,
    cells: &Cells,
    writing: Writing,
    marks: &Marks,
    missing: &Missing,
    places: &Places,
) -> Verdict {
    let evidence = Evidence {
        name,
        given,
        tally,
        levels: file::levels(cells),
        cells: cells.len() - tally.missing,
        writing,
        marks,
        missing,
        places,
    };
    evidence.judge()
}

fn marks(
    writing: Writing,
    names: &[String],
    given: &[Declared],
    tallies: &[Tally],
    cells: &[Cells],
    delimiter: Delimiter,
) -> Marks {
    if let Some(decimal) = writing.decimal {
        return Marks::Known(decimal);
    }
    let columns: Vec<Marked> = names
        .iter()
        .zip(given)
        .zip(tallies.iter().zip(cells))
        .filter(|((_, given), _)| **given != Declared::Text)
        .map(|((name, _), (tally, cells))| Marked {
            name,
            tally,
            levels: file::levels(cells),
        })
        .collect();
    judge::marks(&columns, delimiter)
}

fn decided(writing: Writing, marks: &Marks) -> Writing {
    match marks {
        Marks::Known(decimal) => Writing {
            decimal: Some(*decimal),
            ..writing
        },
        Marks::Mixed { .. } | Marks::Open => writing,
    }
}

/// How the file is laid out, once that is known.
#[derive(Debug, Clone)]
struct Layout {
    dialect: Dialect,
    encoding: Encoding,
    /// Lines before the one with the names.
    skip: u64,
    /// Whether the first line names the delimiter.
    names_delimiter: bool,
}

/// One reading of the file from its start.
struct Pass<R> {
    records: crate::records::Records<R>,
    layout: Layout,
    names: Vec<String>,
    /// Columns up to the last that has a name: a row needs so many cells.
    named: usize,
}

impl<R: Read> Pass<R> {
    /// Reads up to the names, by a known layout or by guessing one.
    fn start(reader: R, options: &Options, known: Option<&Layout>) -> Result<Self> {
        let given = match (known, &options.encoding, &options.decoded_from) {
            (Some(layout), ..) => Some(layout.encoding),
            (None, _, Some(_)) => Some(Encoding::Utf8),
            (None, Some(name), None) => Some(Encoding::named(name)?),
            (None, None, None) => None,
        };
        let mut records = crate::records::Records::new(Text::new(reader, given), 1);
        let layout = match known {
            Some(layout) => {
                records.skip_lines(layout.skip)?;
                layout.clone()
            }
            None => guess(&mut records, options)?,
        };
        records.delimit(layout.dialect.delimiter);
        if !records.advance(&[])? {
            return Err(Error::Empty);
        }
        let mut names: Vec<String> = (0..records.len())
            .map(|cell| names::tidy(&String::from_utf8_lossy(records.cell(cell))))
            .collect();
        if layout.dialect.row_names {
            names.insert(0, String::new());
        }
        let named = names
            .iter()
            .rposition(|name| !name.is_empty())
            .map_or(0, |last| last + 1);
        if named == 0 {
            return Err(Error::Line {
                line: records.line(),
                problem: "there are no columns' names here: a header line is needed".to_owned(),
            });
        }
        Ok(Pass {
            records,
            layout,
            names,
            named,
        })
    }

    fn writing(&self, options: &Options) -> Writing {
        let by_thousands = match options.thousands {
            Some(Thousands::Comma) => Some(Decimal::Point),
            Some(Thousands::Point) => Some(Decimal::Comma),
            _ => None,
        };
        let by_delimiter = (self.layout.dialect.delimiter == Delimiter::COMMA).then_some(Decimal::Point);
        Writing {
            decimal: options.decimal.or(by_thousands).or(by_delimiter),
            thousands: options.thousands,
        }
    }

    fn builder(&self, column: usize, options: &Options) -> Builder {
        if options.text.contains(&self.names[column]) {
            Builder::text()
        } else {
            Builder::new()
        }
    }

    /// Reads all rows.
    fn run(&mut self, builders: &mut [Builder], writing: Writing, missing: &Missing) -> Result<Places> {
        let mut places = Places::new("line");
        while self.records.advance(&self.names)? {
            let cells = self.records.len();
            if cells != builders.len() && !self.fits()? {
                continue;
            }
            places.push(self.records.line());
            for (column, builder) in builders.iter_mut().enumerate() {
                let cell = if column < cells {
                    self.records.cell(column)
                } else {
                    &[]
                };
                builder.push(cell, writing, missing);
            }
        }
        Ok(places)
    }

    /// Whether a record of another length is a row: not if it is a line of blanks.
    fn fits(&self) -> Result<bool> {
        let cells = self.records.len();
        let blank = |cell: usize| self.records.cell(cell).trim_ascii().is_empty();
        if cells == 1 && blank(0) {
            return Ok(false);
        }
        // Delimiters after the last cell, in rows or in the header.
        if cells >= self.named && (self.names.len()..cells).all(blank) {
            return Ok(true);
        }
        Err(Error::Line {
            line: self.records.line(),
            problem: format!(
                "{} where the header has {}",
                counted(cells, "cell"),
                self.names.len()
            ),
        })
    }
}

/// Guesses the layout from what comes first.
fn guess<R: Read>(records: &mut crate::records::Records<R>, options: &Options) -> Result<Layout> {
    let mut skip = options.header_row.map_or(0, |row| row.saturating_sub(1) as u64);
    if options.header_row == Some(0) {
        return Err(Error::Option {
            option: "header-row".to_owned(),
            problem: "lines are counted from 1".to_owned(),
        });
    }
    let mut delimiter = options.delimiter;
    let mut names_delimiter = false;
    let start = records.sample()?;
    if let Some(named) = dialect::named(&String::from_utf8_lossy(&start[..start.len().min(16)])) {
        delimiter = delimiter.or(Some(named));
        names_delimiter = true;
        skip = skip.max(1);
    }
    if !records.skip_lines(skip)? {
        return Err(Error::Option {
            option: "header-row".to_owned(),
            problem: format!("the file has no line {}", skip + 1),
        });
    }
    let text = String::from_utf8_lossy(records.sample()?).into_owned();
    let sample = Sample {
        text: &text,
        whole: records.text().is_last(),
        line: skip + 1,
        names: options.header_row.is_some(),
    };
    let dialect = dialect::guess(sample, delimiter)?;
    Ok(Layout {
        dialect,
        encoding: records.text().encoding(),
        skip,
        names_delimiter,
    })
}

/// Reads some columns once more, as text.
fn read_again(
    source: &mut dyn Source,
    options: &Options,
    tell: &mut dyn FnMut(Progress),
    layout: &Layout,
    again: &[bool],
    cells: &mut [Cells],
) -> Result<()> {
    let opened = source::open(source, tell)?;
    let encoded = Options {
        decoded_from: None,
        ..options.clone()
    };
    let mut pass = Pass::start(opened.reader, &encoded, Some(layout))?;
    let mut builders: Vec<(usize, Builder)> = again
        .iter()
        .enumerate()
        .filter(|(_, again)| **again)
        .map(|(column, _)| (column, Builder::text()))
        .collect();
    let missing = Missing::nothing();
    let writing = pass.writing(options);
    while pass.records.advance(&pass.names)? {
        if pass.records.len() != pass.names.len() && !pass.fits()? {
            continue;
        }
        for (column, builder) in &mut builders {
            let there = *column < pass.records.len();
            let cell = if there { pass.records.cell(*column) } else { &[] };
            builder.push(cell, writing, &missing);
        }
    }
    for (column, builder) in builders {
        // A file that changed in between is not mixed up.
        if builder.len() != cells[column].len() {
            return Err(Error::Source("the file changed while it was read".to_owned()));
        }
        cells[column] = builder.finish();
    }
    Ok(())
}

fn tell_reading(
    reading: &mut Reading,
    options: &Options,
    layout: &Layout,
    writing: Writing,
    missing: &Missing,
    tallies: &[Tally],
) {
    reading.delimiter = Some(layout.dialect.delimiter);
    reading.header_row = Some(layout.skip + 1);
    reading.thousands = writing.thousands;
    reading.missing = missing.codes().to_vec();
    reading.decimal = writing.decimal;
    let mut say = |given: bool, what: &str| {
        if given {
            reading.said.push(what.to_owned());
        }
    };
    say(options.delimiter.is_some(), "delimiter");
    say(options.decimal.is_some(), "decimal");
    say(options.encoding.is_some(), "encoding");
    say(options.missing.is_some(), "missing");
    say(options.thousands.is_some(), "thousands");
    say(options.header_row.is_some(), "header_row");
    say(!options.text.is_empty(), "text");
    say(!options.number.is_empty(), "number");
    if options.sheet.is_some() {
        reading
            .notes
            .push("a CSV file has no sheets: --sheet is not used".to_owned());
    }
    if layout.names_delimiter {
        reading.notes.push(format!(
            "line 1 says that the delimiter is the {}",
            layout.dialect.delimiter.name()
        ));
    }
    let points = tallies.iter().flat_map(Tally::iter).any(|seen| {
        use crate::number::Look::{Comma, CommaOrGroup};
        matches!(seen.look, Comma | CommaOrGroup) && writing.is_number(seen.look)
    });
    if points && options.decimal.is_none() && writing.decimal == Some(Decimal::Comma) {
        let example = tallies.iter().find_map(|tally| {
            use crate::number::Look::{Comma, CommaOrGroup};
            tally.of(|look| matches!(look, Comma | CommaOrGroup))
        });
        if let Some(seen) = example {
            reading.notes.push(format!(
                "commas mark decimals, as in `{}`; if they do not, say --decimal .",
                shown(&seen.text)
            ));
        }
    }
}
