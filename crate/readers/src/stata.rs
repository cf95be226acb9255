//! Stata's files: labelled values become levels, tagged missings are told apart, dates are dates.

use std::cell::Cell;

use dta::stata::dta::dta_error::DtaError;
use dta::stata::dta::dta_reader::DtaReader;
use dta::stata::dta::long_string_ref::LongStringRef;
use dta::stata::dta::long_string_table::LongStringTable;
use dta::stata::dta::value::Value;
use dta::stata::dta::value_label_table::ValueLabelTable;
use dta::stata::dta::variable::Variable;
use dta::stata::dta::variable_type::VariableType;
use dta::stata::missing_value::MissingValue;
use dta::stata::stata_byte::StataByte;
use dta::stata::stata_double::StataDouble;
use dta::stata::stata_float::StataFloat;
use dta::stata::stata_int::StataInt;
use dta::stata::stata_long::StataLong;
use dta::stata::temporal::TemporalKind;

use crate::calendar;
use crate::column::{Cells, Tally};
use crate::error::{Error, Result, counted, shown};
use crate::file::{self, Column, File};
use crate::format::FileKind;
use crate::judge::{ColumnKind, Declared, Evidence, Marks, Verdict};
use crate::lengths::Rest;
use crate::levels::Levels;
use crate::missing::Missing;
use crate::options::{Decimal, Options};
use crate::place::Places;
use crate::reading::Reading;
use crate::source::{self, Progress, Source, Watched};
use crate::typed::{Typed, WRITING};

/// Reads a Stata file.
pub(crate) fn read(
    source: &mut dyn Source,
    options: &Options,
    tell: &mut dyn FnMut(Progress),
) -> Result<File> {
    let (bytes, gzip) = source::whole(source)?;
    // Stata has missing values of its own: the text `NA` is text.
    let missing = options
        .missing
        .as_deref()
        .map_or_else(Missing::nothing, |codes| Missing::new(Some(codes)));
    let mut reading = Reading::new(FileKind::Stata);
    reading.gzip = gzip;
    reading.missing = missing.codes().to_vec();
    let data = data(&bytes, options, &missing, &mut reading, tell)?;
    let mut places = Places::new("observation");
    for row in 1..=data.rows {
        places.push(row as u64);
    }
    let given = [
        (options.encoding.is_some(), "encoding"),
        (options.missing.is_some(), "missing"),
        (!options.text.is_empty(), "text"),
        (!options.number.is_empty(), "number"),
    ];
    reading.said.extend(
        given
            .iter()
            .filter(|(given, _)| *given)
            .map(|(_, what)| (*what).to_owned()),
    );
    reading.rows = data.rows;
    reading.columns = data.variables.len();
    let labels = &data.labels;
    let columns: Vec<Column> = data
        .variables
        .into_iter()
        .map(|variable| variable.column(options, labels, &missing, &places))
        .collect();
    file::check_said(&columns, options)?;
    Ok(File {
        reading,
        columns,
        writing: WRITING,
        missing,
        places,
    })
}

fn damaged(problem: impl ToString) -> Error {
    Error::Damaged {
        format: FileKind::Stata.name().to_owned(),
        problem: problem.to_string(),
    }
}

/// What a file holds, before values have their labels.
struct Contents {
    variables: Vec<Filled>,
    labels: ValueLabelTable,
    rows: usize,
}

fn data(
    bytes: &[u8],
    options: &Options,
    missing: &Missing,
    reading: &mut Reading,
    tell: &mut dyn FnMut(Progress),
) -> Result<Contents> {
    let mut reader = DtaReader::new();
    if let Some(name) = &options.encoding {
        let encoding = encoding_rs::Encoding::for_label(name.as_bytes()).ok_or_else(|| Error::Option {
            option: "encoding".to_owned(),
            problem: format!("`{name}` is not known"),
        })?;
        reader = reader.encoding(encoding);
    }
    let wrong = |error: DtaError| damaged(&error);
    let at = Cell::new(0);
    let mut watch = |progress: Progress| {
        at.set(progress.read as usize);
        tell(progress);
    };
    let watched = Watched::new(bytes, &mut watch);
    let schema = reader.from_reader(watched).read_header().map_err(wrong)?;
    let (release, order) = (schema.header().release(), schema.header().byte_order());
    let rest = || Rest::new(bytes, at.get(), release, order);
    let (count, rows) = (
        schema.header().variable_count(),
        schema.header().observation_count(),
    );
    rest().counts(count, rows).map_err(damaged)?;
    let mut records = schema.read_schema().map_err(wrong)?;
    rest().characteristics().map_err(damaged)?;
    records.skip_to_end().map_err(wrong)?;
    let mut records = records.into_record_reader().map_err(wrong)?;
    reading.encoding = Some(records.encoding().name().to_owned());
    let mut variables: Vec<Filled> = records
        .schema()
        .variables()
        .iter()
        .cloned()
        .map(Filled::new)
        .collect();
    let mut rows = 0;
    while let Some(record) = records.read_lazy_record().map_err(wrong)? {
        for (position, variable) in variables.iter_mut().enumerate() {
            variable.push(record.value(position).map_err(wrong)?, missing);
        }
        rows += 1;
    }
    let mut long_strings = records.into_long_string_reader().map_err(wrong)?;
    rest().long_texts().map_err(damaged)?;
    let encoding = long_strings.encoding();
    let mut texts = LongStringTable::for_reading();
    long_strings.read_remaining_into(&mut texts).map_err(wrong)?;
    rest().labels().map_err(damaged)?;
    let mut labels = ValueLabelTable::new();
    let mut sets = long_strings.into_value_label_reader().map_err(wrong)?;
    sets.read_remaining_into(&mut labels).map_err(wrong)?;
    for variable in &mut variables {
        for reference in std::mem::take(&mut variable.references) {
            let found = texts.get(&reference);
            let text = found.as_ref().and_then(|text| text.data_str(encoding));
            variable.cells.text(text.as_deref().unwrap_or_default(), missing);
        }
    }
    Ok(Contents {
        variables,
        labels,
        rows,
    })
}

/// A variable with its values.
struct Filled {
    variable: Variable,
    time: Option<TemporalKind>,
    cells: Typed,
    /// How many values are missing by each of Stata's codes.
    codes: [usize; 27],
    /// Where long texts are: they come after all rows.
    references: Vec<LongStringRef>,
}

impl Filled {
    fn new(variable: Variable) -> Self {
        Filled {
            time: TemporalKind::from_format(variable.format()),
            variable,
            cells: Typed::default(),
            codes: [0; 27],
            references: Vec::new(),
        }
    }

    fn push(&mut self, value: Value<'_>, missing: &Missing) {
        match value {
            Value::Byte(StataByte::Present(number)) => self.cells.number(f64::from(number), missing),
            Value::Int(StataInt::Present(number)) => self.cells.number(f64::from(number), missing),
            Value::Long(StataLong::Present(number)) => self.cells.number(f64::from(number), missing),
            Value::Float(StataFloat::Present(number)) => self.cells.number(f64::from(number), missing),
            Value::Double(StataDouble::Present(number)) => self.cells.number(number, missing),
            Value::Byte(StataByte::Missing(code))
            | Value::Int(StataInt::Missing(code))
            | Value::Long(StataLong::Missing(code))
            | Value::Float(StataFloat::Missing(code))
            | Value::Double(StataDouble::Missing(code)) => self.nothing(code),
            Value::String(text) => self.cells.text(&text, missing),
            Value::LongStringRef(reference) => self.references.push(reference),
        }
    }

    fn nothing(&mut self, code: MissingValue) {
        self.codes[usize::from(code.code()) % 27] += 1;
        self.cells.nothing();
    }

    fn column(
        self,
        options: &Options,
        labels: &ValueLabelTable,
        missing: &Missing,
        places: &Places,
    ) -> Column {
        let name = self.variable.name().to_owned();
        let given = file::declared(&name, &options.text, &options.number);
        let missing_codes = self.missing_codes(labels);
        let label = self.variable.label().trim().to_owned();
        let is_text = matches!(
            self.variable.variable_type(),
            VariableType::FixedString(_) | VariableType::LongString
        );
        let (cells, verdict, order) = if is_text {
            let (cells, verdict) = texts(&name, self.cells, given, missing, places);
            (cells, verdict, None)
        } else {
            self.numbers(&name, given, labels)
        };
        Column {
            name,
            cells,
            verdict,
            aside: false,
            order,
            missing_codes,
            label,
        }
    }

    /// How many values have which code, with its label; nothing where all have the plain one.
    fn missing_codes(&self, labels: &ValueLabelTable) -> Vec<(String, usize)> {
        /// Stata's `.` as a whole number of four bytes; `.a` follows.
        const PLAIN: i32 = 2_147_483_621;
        if self.codes[1..].iter().all(|count| *count == 0) {
            return Vec::new();
        }
        let named = |(code, count): (usize, &usize)| {
            let tag = if code == 0 {
                ".".to_owned()
            } else {
                format!(".{}", char::from(b'`' + code as u8))
            };
            let label = labels.label_for(&self.variable, PLAIN + code as i32);
            (
                label.map_or(tag.clone(), |label| format!("{tag} {}", shown(label))),
                *count,
            )
        };
        let counts = self.codes.iter().enumerate().filter(|(_, count)| **count > 0);
        counts.map(named).collect()
    }

    /// Numbers, dates, or levels where all values have labels.
    fn numbers(
        self,
        name: &str,
        given: Declared,
        labels: &ValueLabelTable,
    ) -> (Cells, Verdict, Option<Vec<u32>>) {
        let (variable, time) = (self.variable, self.time);
        let cells = self.cells.finish();
        let Cells::Numbers { values, tally } = cells else {
            return (cells, Verdict::of(ColumnKind::Text), None);
        };
        let numbers = |values, notes| {
            let verdict = Verdict {
                notes,
                ..Verdict::of(ColumnKind::Number)
            };
            (Cells::Numbers { values, tally }, verdict, None)
        };
        if given == Declared::Number {
            return numbers(values, Vec::new());
        }
        if time == Some(TemporalKind::DateTimeLeap) && given == Declared::Nothing {
            let note = format!(
                "`{}` has times with leap seconds (%tC): they stay milliseconds since 1960",
                shown(name)
            );
            return numbers(values, vec![note]);
        }
        if let Some(written) = time.and_then(writer) {
            return (coded(&values, written), Verdict::of(ColumnKind::Date), None);
        }
        let distinct = distinct(&values);
        let label = |value: f64| whole(value).and_then(|code| labels.label_for(&variable, code));
        let labelled = distinct.iter().filter(|value| label(**value).is_some()).count();
        if given == Declared::Text || (labelled > 0 && labelled == distinct.len()) {
            let written =
                |value: f64| label(value).map_or_else(|| value.to_string(), |label| label.trim().to_owned());
            let (cells, order, merged) = ordered(&values, &distinct, written);
            let mut verdict = Verdict::of(ColumnKind::Text);
            if let Some(level) = merged {
                verdict.notes.push(format!(
                    "`{}` has several codes with the label `{}`: they are one level",
                    shown(name),
                    shown(&level)
                ));
            }
            return (cells, verdict, Some(order));
        }
        let mut notes = Vec::new();
        if let Some((value, label)) = distinct.iter().find_map(|value| Some((value, label(*value)?))) {
            notes.push(format!(
                "`{}` has labels for {} of its {}, such as `{}` for {value}: it is read as numbers; --text {name} makes \
                 each value a level, --missing leaves codes out",
                shown(name),
                labelled,
                counted(distinct.len(), "value"),
                shown(label)
            ));
        }
        numbers(values, notes)
    }
}

/// A column that Stata keeps as text.
fn texts(
    name: &str,
    mut typed: Typed,
    given: Declared,
    missing: &Missing,
    places: &Places,
) -> (Cells, Verdict) {
    let (numerals, all) = (typed.numerals, typed.len());
    typed.texts();
    let cells = typed.finish();
    let tally: Tally = file::tally(&cells, WRITING, missing);
    let present = all - tally.missing;
    if given == Declared::Number {
        let evidence = Evidence {
            name,
            given,
            tally: &tally,
            levels: file::levels(&cells),
            cells: present,
            writing: WRITING,
            marks: &Marks::Known(Decimal::Point),
            missing,
            places,
        };
        let verdict = evidence.judge();
        return (cells, verdict);
    }
    let mut verdict = Verdict::of(ColumnKind::Text);
    if numerals == present && present > 0 && given == Declared::Nothing {
        verdict.notes.push(format!(
            "`{}` has numbers that the file keeps as text: each is a level; --number {name} reads them as numbers",
            shown(name)
        ));
    }
    (cells, verdict)
}

/// The number as a code of value labels.
fn whole(value: f64) -> Option<i32> {
    let code = value as i32;
    (f64::from(code) == value).then_some(code)
}

/// The distinct numbers in order.
fn distinct(values: &[f64]) -> Vec<f64> {
    let mut distinct: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    distinct.sort_unstable_by(f64::total_cmp);
    distinct.dedup();
    distinct
}

/// Numbers as texts.
fn coded(values: &[f64], written: fn(f64) -> String) -> Cells {
    let mut levels = Levels::default();
    let text = |value: &f64| {
        if value.is_nan() {
            String::new()
        } else {
            written(*value)
        }
    };
    let codes = values
        .iter()
        .map(|value| levels.code(text(value).as_bytes()))
        .collect();
    Cells::Coded { codes, levels }
}

/// Numbers as texts in the order of the numbers; a text that several have, if there is one.
fn ordered(
    values: &[f64],
    distinct: &[f64],
    written: impl Fn(f64) -> String,
) -> (Cells, Vec<u32>, Option<String>) {
    let mut levels = Levels::default();
    let mut order: Vec<u32> = Vec::new();
    let mut merged = None;
    let mut codes_of = Vec::with_capacity(distinct.len());
    for value in distinct {
        let text = written(*value);
        let known = levels.len();
        let code = levels.code(text.as_bytes());
        if levels.len() > known {
            order.push(code);
        } else {
            merged = Some(text);
        }
        codes_of.push(code);
    }
    // No label is empty; whoever has one that is shares it with the missing values.
    let nothing = levels.code(b"");
    order.retain(|code| *code != nothing);
    let code = |value: &f64| match distinct.binary_search_by(|other| other.total_cmp(value)) {
        Ok(position) if !value.is_nan() => codes_of[position],
        _ => nothing,
    };
    let codes = values.iter().map(code).collect();
    (Cells::Coded { codes, levels }, order, merged)
}

/// How values of a kind of date are written; years are numbers.
fn writer(kind: TemporalKind) -> Option<fn(f64) -> String> {
    fn part(value: f64, parts: i64, sign: &str, digits: usize) -> String {
        let (year, part) = calendar::part_of_year(value as i64, parts);
        format!("{year:04}-{sign}{part:0digits$}")
    }
    Some(match kind {
        TemporalKind::Date => |value| calendar::date(value as i64),
        TemporalKind::DateTime => |value| calendar::date_time(value as i64),
        TemporalKind::Week => |value| part(value, 52, "W", 2),
        TemporalKind::Month => |value| part(value, 12, "", 2),
        TemporalKind::Quarter => |value| part(value, 4, "Q", 1),
        TemporalKind::HalfYear => |value| part(value, 2, "H", 1),
        _ => return None,
    })
}
