//! `standfirm read`: what is in a data file; and how every command reads one.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use readers::{Options, Progress, Reading, Source, Summary};

use crate::args::Read;
use crate::bar::Bar;
use crate::print;

type Failure = Box<dyn std::error::Error>;

pub(crate) fn run(options: &Read) -> Result<String, Failure> {
    let summary = file(&options.file, &options.reading.options())?.summary();
    if options.json {
        return print::json(&summary);
    }
    Ok(described(&summary))
}

/// Reads a file; `-` is standard input.
pub(crate) fn file(path: &Path, options: &Options) -> Result<readers::File, Failure> {
    let mut bar = Bar::new("reading {bar:40} {bytes} of {total_bytes}");
    let mut tell = |progress: Progress| bar.tell(progress.read, progress.size);
    let read = if path == Path::new("-") {
        let mut bytes = Vec::new();
        io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .map_err(|error| failed(path, &error))?;
        readers::read_from(&mut bytes.as_slice(), options, &mut tell)
    } else {
        readers::read_from(&mut OnDisk(path.to_owned()), options, &mut tell)
    };
    bar.finish();
    read.map_err(|error| failed(path, &error))
}

/// What went wrong with a file.
pub(crate) fn failed(path: &Path, error: &dyn std::error::Error) -> Failure {
    format!("{}: {error}", name(path)).into()
}

/// Says on standard error how a file was read, and what to know about it.
pub(crate) fn tell(path: &Path, reading: &Reading) {
    eprintln!("{}: {reading}", name(path));
    for note in &reading.notes {
        eprintln!("note: {note}");
    }
}

/// What a file is called.
pub(crate) fn name(path: &Path) -> String {
    if path == Path::new("-") {
        return "standard input".to_owned();
    }
    path.display().to_string()
}

/// A file on disk is read piece by piece.
struct OnDisk(PathBuf);

impl Source for OnDisk {
    fn open(&mut self) -> io::Result<Box<dyn io::Read + '_>> {
        Ok(Box::new(File::open(&self.0)?))
    }

    fn size(&self) -> Option<u64> {
        std::fs::metadata(&self.0).ok().map(|file| file.len())
    }
}

/// A file's columns for people.
fn described(summary: &Summary) -> String {
    let mut text = format!("{}\n", summary.reading);
    for note in &summary.reading.notes {
        text += &format!("note: {note}\n");
    }
    let head = ["column", "type", "n", "missing", "distinct", "range or commonest"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for column in &summary.columns {
        let kind = match column.kind {
            readers::ColumnKind::Number => "number",
            readers::ColumnKind::Text => "text",
            readers::ColumnKind::Date => "date",
        };
        rows.push(vec![
            column.name.clone(),
            if column.row_names {
                "row names".to_owned()
            } else {
                kind.to_owned()
            },
            column.n.to_string(),
            column.missing_text(),
            column.distinct.to_string(),
            column.content(),
        ]);
    }
    text.push('\n');
    text += &print::table(&rows);
    let problems = summary.columns.iter().filter_map(|column| {
        let problem = column.problem.as_ref()?;
        Some(format!("before `{}` can be used: {problem}\n", column.name))
    });
    let notes = summary.columns.iter().flat_map(|column| &column.notes);
    let said: Vec<String> = problems
        .chain(notes.map(|note| format!("note: {note}\n")))
        .collect();
    if !said.is_empty() {
        text.push('\n');
        text += &said.concat();
    }
    text
}
