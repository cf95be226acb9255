//! Sheets of workbooks: Excel's and OpenDocument's.

use std::panic::{self, AssertUnwindSafe};

use calamine::{
    Cell, CellErrorType, Data, DataRef, Ods, Range, Reader as _, Xls, Xlsx, open_workbook_from_rs,
};

use crate::error::{Error, Result, counted, shown};
use crate::expanse;
use crate::file::{self, Column, File};
use crate::format::FileKind;
use crate::judge::{Declared, Evidence, Marks, Verdict};
use crate::missing::Missing;
use crate::names;
use crate::options::{Decimal, Options};
use crate::place::Places;
use crate::reading::Reading;
use crate::source::{self, Progress, Source, Watched};
use crate::typed::{Typed, WRITING};

/// Reads a sheet.
pub(crate) fn read(
    source: &mut dyn Source,
    options: &Options,
    tell: &mut dyn FnMut(Progress),
    format: FileKind,
) -> Result<File> {
    let (bytes, gzip) = source::whole(source)?;
    let missing = Missing::new(options.missing.as_deref());
    let mut reading = Reading::new(format);
    reading.gzip = gzip;
    reading.missing = missing.codes().to_vec();
    let checked = match format {
        FileKind::Xls => expanse::check_chains(&bytes).and_then(|()| expanse::check_records(&bytes)),
        _ => expanse::check_packed(&bytes),
    };
    checked.map_err(|problem| damaged(format, &problem))?;
    // Readers of workbooks rely on what is not always there, and a foreign panic is a damaged file.
    let parse = || sheet(bytes, options, &missing, &mut reading, tell, format);
    let sheet = panic::catch_unwind(AssertUnwindSafe(parse))
        .unwrap_or_else(|_| Err(damaged(format, &"its reader does not get through it")))?;
    sheet.finish(options, missing, reading)
}

fn sheet(
    bytes: Vec<u8>,
    options: &Options,
    missing: &Missing,
    reading: &mut Reading,
    tell: &mut dyn FnMut(Progress),
    format: FileKind,
) -> Result<Sheet> {
    let bytes = Watched::new(bytes, tell);
    match format {
        FileKind::Xlsx => xlsx(bytes, options, missing, reading),
        FileKind::Xls => {
            let mut book: Xls<_> = open_workbook_from_rs(bytes).map_err(|error| damaged(format, &error))?;
            let name = choose(&book.sheet_names(), options, reading)?;
            ranged(
                &book
                    .worksheet_range(&name)
                    .map_err(|error| damaged(format, &error))?,
                options,
                missing,
            )
        }
        _ => {
            let mut book: Ods<_> = open_workbook_from_rs(bytes).map_err(|error| damaged(format, &error))?;
            let name = choose(&book.sheet_names(), options, reading)?;
            ranged(
                &book
                    .worksheet_range(&name)
                    .map_err(|error| damaged(format, &error))?,
                options,
                missing,
            )
        }
    }
}

fn damaged(format: FileKind, error: &dyn std::fmt::Display) -> Error {
    Error::Damaged {
        format: format.name().to_owned(),
        problem: error.to_string(),
    }
}

/// The sheet that is said, by name or number; else the first.
fn choose(sheets: &[String], options: &Options, reading: &mut Reading) -> Result<String> {
    reading.sheets = sheets.to_vec();
    let listed = || {
        sheets
            .iter()
            .map(|name| format!("`{}`", shown(name)))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let chosen = match &options.sheet {
        None => sheets.first(),
        Some(given) => {
            let by_number = || {
                given
                    .parse::<usize>()
                    .ok()
                    .and_then(|number| sheets.get(number.checked_sub(1)?))
            };
            sheets.iter().find(|name| *name == given).or_else(by_number)
        }
    };
    let Some(name) = chosen else {
        return Err(match &options.sheet {
            Some(given) => Error::Option {
                option: "sheet".to_owned(),
                problem: format!("there is no `{given}`; there are {}", listed()),
            },
            None => Error::Empty,
        });
    };
    if options.sheet.is_none() && sheets.len() > 1 {
        reading.notes.push(format!(
            "sheet `{}` is read, the first of {}: {}; --sheet says another",
            shown(name),
            sheets.len(),
            listed()
        ));
    }
    reading.sheet = Some(name.clone());
    Ok(name.clone())
}

/// A newer workbook is read cell by cell: one far out at the sheet's end does not make a sheet of that size.
fn xlsx(
    bytes: Watched<'_, Vec<u8>>,
    options: &Options,
    missing: &Missing,
    reading: &mut Reading,
) -> Result<Sheet> {
    let wrong = |error: calamine::XlsxError| damaged(FileKind::Xlsx, &error);
    let mut book: Xlsx<_> = open_workbook_from_rs(bytes).map_err(wrong)?;
    let name = choose(&book.sheet_names(), options, reading)?;
    let mut cells = book.worksheet_cells_reader(&name).map_err(wrong)?;
    let mut sheet = Sheet::new(options)?;
    let mut row: Vec<(u32, Value)> = Vec::new();
    let mut at = 0;
    while let Some(cell) = cells.next_cell().map_err(wrong)? {
        let (place, column) = cell.get_position();
        if place != at {
            sheet.row(at, &mut row, missing)?;
            at = place;
        }
        let value = Value::of_ref(&cell);
        if !matches!(value, Value::Empty) {
            row.push((column, value));
        }
    }
    sheet.row(at, &mut row, missing)?;
    Ok(sheet)
}

fn ranged(range: &Range<Data>, options: &Options, missing: &Missing) -> Result<Sheet> {
    let mut sheet = Sheet::new(options)?;
    let (first, left) = range.start().unwrap_or_default();
    let mut row = Vec::new();
    for (place, cells) in range.rows().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            let value = Value::of(cell);
            if !matches!(value, Value::Empty) {
                row.push((left + column as u32, value));
            }
        }
        sheet.row(first + place as u32, &mut row, missing)?;
    }
    Ok(sheet)
}

/// What a cell holds.
enum Value {
    Empty,
    Number(f64),
    Text(String),
    Date(String),
    Error(CellErrorType),
}

impl Value {
    fn of(data: &Data) -> Self {
        match data {
            Data::Empty => Value::Empty,
            Data::Int(number) => Value::Number(*number as f64),
            Data::Float(number) => Value::Number(*number),
            Data::String(text) | Data::DurationIso(text) => Value::Text(text.clone()),
            Data::Bool(truth) => Value::Text(truth.to_string().to_uppercase()),
            Data::DateTime(date) => Self::of_date(date),
            Data::DateTimeIso(date) => Value::Date(date.clone()),
            Data::Error(error) => Value::Error(error.clone()),
        }
    }

    fn of_ref(cell: &Cell<DataRef<'_>>) -> Self {
        match cell.get_value() {
            DataRef::Empty => Value::Empty,
            DataRef::Int(number) => Value::Number(*number as f64),
            DataRef::Float(number) => Value::Number(*number),
            DataRef::String(text) | DataRef::DurationIso(text) => Value::Text(text.clone()),
            DataRef::SharedString(text) => Value::Text((*text).to_owned()),
            DataRef::Bool(truth) => Value::Text(truth.to_string().to_uppercase()),
            DataRef::DateTime(date) => Self::of_date(date),
            DataRef::DateTimeIso(date) => Value::Date(date.clone()),
            DataRef::Error(error) => Value::Error(error.clone()),
        }
    }

    /// Year first, and the time where there is one; lengths of time in days.
    fn of_date(date: &calamine::ExcelDateTime) -> Self {
        let days = date.as_f64();
        if date.is_duration() {
            return Value::Number(days);
        }
        let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
        Value::Date(if days.fract() == 0.0 {
            format!("{year:04}-{month:02}-{day:02}")
        } else {
            format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
        })
    }

    fn name(&self) -> String {
        match self {
            Value::Empty => String::new(),
            Value::Number(number) => number.to_string(),
            Value::Text(text) | Value::Date(text) => names::tidy(text),
            Value::Error(error) => error.to_string(),
        }
    }

    fn is_blank(&self) -> bool {
        match self {
            Value::Empty => true,
            Value::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }
}

/// A sheet while it is read.
struct Sheet {
    /// The row with the names, from 1, where it is said.
    given: Option<u64>,
    /// Where it was.
    header: Option<u64>,
    /// Columns of the sheet's first name and after.
    left: u32,
    names: Vec<String>,
    columns: Vec<Typed>,
    places: Places,
    /// The most cells of a row.
    widest: usize,
    /// How many cells have something.
    cells: u64,
    errors: usize,
}

impl Sheet {
    fn new(options: &Options) -> Result<Self> {
        if options.header_row == Some(0) {
            return Err(Error::Option {
                option: "header-row".to_owned(),
                problem: "rows are counted from 1".to_owned(),
            });
        }
        Ok(Sheet {
            given: options.header_row.map(|row| row as u64),
            header: None,
            left: 0,
            names: Vec::new(),
            columns: Vec::new(),
            places: Places::new("row"),
            widest: 0,
            cells: 0,
            errors: 0,
        })
    }

    /// Takes a row's cells, and leaves none.
    fn row(&mut self, place: u32, cells: &mut Vec<(u32, Value)>, missing: &Missing) -> Result<()> {
        let row = u64::from(place) + 1;
        let before = self.given.is_some_and(|given| row < given);
        // Rows without anything are none: Excel keeps the formats of thousands of them.
        if before || cells.iter().all(|(_, value)| value.is_blank()) {
            cells.clear();
            return Ok(());
        }
        if self.header.is_none() {
            self.name(row, cells);
            return Ok(());
        }
        let rows = self.places.rows();
        self.widest = self.widest.max(cells.len());
        self.cells += cells.len() as u64;
        self.places.push(row);
        let last = cells
            .iter()
            .map(|(column, _)| column.saturating_sub(self.left))
            .max();
        let columns = self.columns.len().max(last.unwrap_or_default() as usize + 1);
        expanse::check_area(self.places.rows() as u64 * columns as u64, self.cells)
            .map_err(|problem| Error::Line { line: row, problem })?;
        for (column, value) in cells.drain(..) {
            let Some(position) = column.checked_sub(self.left).map(|position| position as usize) else {
                return Err(Error::Line {
                    line: row,
                    problem: "there is a cell to the left of the columns' names: say --header-row".to_owned(),
                });
            };
            if position >= self.columns.len() {
                self.columns.resize_with(position + 1, Typed::default);
                self.names.resize(position + 1, String::new());
            }
            let typed = &mut self.columns[position];
            typed.fill(rows);
            // A cell that comes twice does not move the others.
            if typed.len() > rows {
                continue;
            }
            match value {
                Value::Number(number) => typed.number(number, missing),
                Value::Text(text) => typed.text(&text, missing),
                Value::Date(date) => typed.date(&date),
                Value::Empty => typed.nothing(),
                Value::Error(_) => {
                    self.errors += 1;
                    typed.nothing();
                }
            }
        }
        Ok(())
    }

    fn name(&mut self, row: u64, cells: &mut Vec<(u32, Value)>) {
        self.header = Some(row);
        self.left = 0;
        for (column, value) in cells.drain(..) {
            let position = column as usize;
            if position >= self.names.len() {
                self.names.resize(position + 1, String::new());
            }
            self.names[position] = value.name();
        }
        self.columns.resize_with(self.names.len(), Typed::default);
    }

    fn finish(mut self, options: &Options, missing: Missing, mut reading: Reading) -> Result<File> {
        let Some(header) = self.header else {
            return Err(Error::Empty);
        };
        let rows = self.places.rows();
        let named = self.names.iter().filter(|name| !name.is_empty()).count();
        if self.given.is_none() && named == 1 && self.widest > 2 {
            return Err(Error::Ambiguous {
                problem: format!(
                    "row {header} has one cell where others have {}: say with --header-row which has the columns' names",
                    self.widest
                ),
            });
        }
        for column in &mut self.columns {
            column.fill(rows);
        }
        reading.header_row = Some(header);
        if self.errors > 0 {
            reading.notes.push(format!(
                "{} with errors such as #N/A taken as missing",
                counted(self.errors, "cell")
            ));
        }
        let given = [
            (options.sheet.is_some(), "sheet"),
            (options.missing.is_some(), "missing"),
            (options.header_row.is_some(), "header_row"),
            (!options.text.is_empty(), "text"),
            (!options.number.is_empty(), "number"),
        ];
        reading.said.extend(
            given
                .iter()
                .filter(|(given, _)| *given)
                .map(|(_, what)| (*what).to_owned()),
        );
        let marks = Marks::Known(Decimal::Point);
        let mut columns = Vec::new();
        let mut tallies = Vec::new();
        for (name, typed) in self.names.into_iter().zip(self.columns) {
            let (column, tally) = judged(name, typed, options, &missing, &marks, &self.places);
            columns.push(column);
            tallies.push(tally);
        }
        drop_left(&mut columns, &mut tallies);
        names::settle(&mut columns, &tallies, &mut reading);
        reading.rows = rows;
        file::check_said(&columns, options)?;
        Ok(File {
            reading,
            columns,
            writing: WRITING,
            missing,
            places: self.places,
        })
    }
}

/// Empty columns before the table are no columns, not even one of row names.
fn drop_left(columns: &mut Vec<Column>, tallies: &mut Vec<crate::column::Tally>) {
    let empty = |position: &usize| {
        columns[*position].name.is_empty() && tallies[*position].missing == columns[*position].cells.len()
    };
    let left = (0..columns.len()).take_while(empty).count();
    columns.drain(..left);
    tallies.drain(..left);
}

fn judged(
    name: String,
    mut typed: Typed,
    options: &Options,
    missing: &Missing,
    marks: &Marks,
    places: &Places,
) -> (Column, crate::column::Tally) {
    let given = file::declared(&name, &options.text, &options.number);
    if given == Declared::Text {
        typed.texts();
    }
    let (numeric, numerals, dates) = (typed.numeric, typed.numerals, typed.dates);
    let cells = typed.finish();
    let tally = file::tally(&cells, WRITING, missing);
    // Numbers that the workbook keeps as text are text, if all of the column is.
    let kept_as_text = given == Declared::Nothing && numeric == 0 && dates == 0 && numerals > 0;
    let evidence = Evidence {
        name: &name,
        given: if kept_as_text { Declared::Text } else { given },
        tally: &tally,
        levels: file::levels(&cells),
        cells: cells.len() - tally.missing,
        writing: WRITING,
        marks,
        missing,
        places,
    };
    let mut verdict: Verdict = evidence.judge();
    if kept_as_text {
        verdict.notes.push(format!(
            "`{}` has numbers that the sheet keeps as text: each is a level; --number {name} reads them as numbers",
            shown(&name)
        ));
    } else if numeric > 0 && numerals > 0 && given == Declared::Nothing {
        verdict.notes.push(format!(
            "`{}` has {} that the sheet keeps as text",
            shown(&name),
            counted(numerals, "number")
        ));
    }
    let column = Column {
        name,
        cells,
        verdict,
        aside: false,
        order: None,
        missing_codes: Vec::new(),
        label: String::new(),
    };
    (column, tally)
}
