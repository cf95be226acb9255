//! Text as records of cells, with their lines.

use std::io::Read;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use crate::encoding::Text;
use crate::error::{Error, Result, shown};
use crate::options::Delimiter;

/// Gives one record after the other. The parsing is csv-core's; what is added is where records and quotes begin.
pub(crate) struct Records<R> {
    text: Text<R>,
    /// Where in the chunk the next record begins.
    at: usize,
    parser: Reader,
    output: Vec<u8>,
    ends: Vec<usize>,
    cells: usize,
    /// The line of the record, and the one after it.
    line: u64,
    next: u64,
    /// The last record ended with a carriage return: what follows may still be its line end.
    returned: bool,
    ended: bool,
}

impl<R: Read> Records<R> {
    /// Records of a text whose first line is `line`.
    pub(crate) fn new(text: Text<R>, line: u64) -> Self {
        Records {
            text,
            at: 0,
            parser: Reader::new(),
            output: vec![0; 1 << 12],
            ends: vec![0; 64],
            cells: 0,
            line,
            next: line,
            returned: false,
            ended: false,
        }
    }

    /// Says what stands between cells.
    pub(crate) fn delimit(&mut self, delimiter: Delimiter) {
        self.parser = ReaderBuilder::new().delimiter(delimiter.byte()).build();
    }

    pub(crate) fn text(&self) -> &Text<R> {
        &self.text
    }

    /// The start of what has not been read yet; empty at the end.
    pub(crate) fn sample(&mut self) -> Result<&[u8]> {
        self.refill()?;
        Ok(&self.text.chunk()[self.at..])
    }

    /// Leaves out some lines. Whether there are so many.
    pub(crate) fn skip_lines(&mut self, lines: u64) -> Result<bool> {
        for _ in 0..lines {
            loop {
                self.refill()?;
                let rest = &self.text.chunk()[self.at..];
                if rest.is_empty() {
                    return Ok(false);
                }
                if let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
                    self.at += end + 1;
                    break;
                }
                self.at += rest.len();
            }
            self.next += 1;
        }
        Ok(true)
    }

    /// Number of cells of the record.
    pub(crate) fn len(&self) -> usize {
        self.cells
    }

    /// A cell of the record.
    #[inline]
    pub(crate) fn cell(&self, cell: usize) -> &[u8] {
        let start = cell.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.output[start..self.ends[cell]]
    }

    /// The line in which the record begins, from 1.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// Whether the record ended only because the text did.
    pub(crate) fn is_at_end(&self) -> bool {
        self.ended
    }

    /// Reads the next record; `names` are what messages call its cells. Whether there is one.
    pub(crate) fn advance(&mut self, names: &[String]) -> Result<bool> {
        if !self.skip_line_ends()? {
            return Ok(false);
        }
        self.line = self.next;
        let before = self.parser.line();
        let (mut written, mut cells) = (0, 0);
        loop {
            // At the end of the text a line end closes the record, unless a quote is open.
            let input = if self.ended {
                b"\n"
            } else {
                &self.text.chunk()[self.at..]
            };
            let (result, read, wrote, ended) =
                self.parser
                    .read_record(input, &mut self.output[written..], &mut self.ends[cells..]);
            if !self.ended {
                self.at += read;
            }
            written += wrote;
            cells += ended;
            match result {
                ReadRecordResult::Record => break,
                ReadRecordResult::OutputFull => self.output.resize(2 * self.output.len(), 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(2 * self.ends.len(), 0),
                ReadRecordResult::InputEmpty if self.ended => return Err(self.open_quote(cells, names)),
                ReadRecordResult::InputEmpty => {
                    self.refill()?;
                    self.ended = self.text.chunk().is_empty();
                }
                ReadRecordResult::End => return Ok(false),
            }
        }
        self.cells = cells;
        let lines = self.parser.line() - before;
        let last = self
            .at
            .checked_sub(1)
            .and_then(|last| self.text.chunk().get(last).copied());
        self.next += lines;
        self.returned = last == Some(b'\r');
        if lines > u64::from(last == Some(b'\n')) {
            self.check_quotes(names)?;
        }
        Ok(true)
    }

    /// Reads on where a chunk is used up.
    fn refill(&mut self) -> Result<()> {
        if self.at >= self.text.chunk().len() {
            self.text.advance()?;
            self.at = 0;
        }
        Ok(())
    }

    /// Empty lines are no records. Whether there is anything else.
    fn skip_line_ends(&mut self) -> Result<bool> {
        loop {
            self.refill()?;
            let Some(byte) = self.text.chunk().get(self.at) else {
                return Ok(false);
            };
            match byte {
                b'\n' => {
                    self.next += 1;
                    self.returned = false;
                }
                b'\r' => {
                    self.next += u64::from(self.returned);
                    self.returned = true;
                }
                _ => break,
            }
            self.at += 1;
        }
        // Old Macintosh files have nothing but carriage returns.
        self.next += u64::from(self.returned);
        self.returned = false;
        Ok(true)
    }

    /// A quote is open at the end of the text: it opened in the cell after those that are whole.
    fn open_quote(&self, cells: usize, names: &[String]) -> Error {
        let start = cells.checked_sub(1).map_or(0, |before| self.ends[before]);
        Error::Quote {
            line: self.line + crate::encoding::newlines(&self.output[..start]),
            column: name(names, cells),
            problem: "and never closes: close it, or take it away".to_owned(),
        }
    }

    /// A cell of several lines in which quotes do not pair ends where another cell's quote was meant to open.
    fn check_quotes(&self, names: &[String]) -> Result<()> {
        let mut line = self.line;
        for position in 0..self.cells {
            let cell = self.cell(position);
            let lines = crate::encoding::newlines(cell);
            let quotes = cell.iter().filter(|byte| **byte == b'"').count();
            if lines > 0 && quotes % 2 == 1 {
                return Err(Error::Quote {
                    line,
                    column: name(names, position),
                    problem: format!(
                        "and closes only in line {}, where another seems to open: close it, or take it away",
                        line + lines
                    ),
                });
            }
            line += lines;
        }
        Ok(())
    }
}

fn name(names: &[String], position: usize) -> String {
    match names.get(position) {
        Some(name) => shown(name),
        None => (position + 1).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(text: &str) -> Result<Vec<(u64, Vec<String>)>> {
        let mut records = Records::new(Text::new(text.as_bytes(), None), 1);
        let mut found = Vec::new();
        while records.advance(&[])? {
            let cells =
                (0..records.len()).map(|cell| String::from_utf8_lossy(records.cell(cell)).into_owned());
            found.push((records.line(), cells.collect()));
        }
        Ok(found)
    }

    #[test]
    fn records_know_their_lines() {
        let lines = |text: &str| {
            records(text)
                .unwrap()
                .iter()
                .map(|record| record.0)
                .collect::<Vec<_>>()
        };
        assert_eq!(lines("a\n\nb\n\n\nc"), [1, 3, 6]);
        assert_eq!(lines("a\r\n\r\nb\r\nc\r\n"), [1, 3, 4]);
        assert_eq!(lines("a\rb\r\rc"), [1, 2, 4]);
        assert_eq!(lines("\n\na,\"x\ny\"\nb,\"\n\n\"\r\nc,d"), [3, 5, 8]);
        assert!(lines("").is_empty() && lines("\n\r\n").is_empty());
    }

    #[test]
    fn cells_are_what_csv_says() {
        let cells = |text: &str| {
            records(text)
                .unwrap()
                .into_iter()
                .map(|record| record.1)
                .collect::<Vec<_>>()
        };
        assert_eq!(cells("a,\"b,\"\"c\"\"\"\n,\n"), [["a", "b,\"c\""], ["", ""]]);
        let wide = "x,".repeat(9_999) + "x";
        assert_eq!(cells(&wide)[0].len(), 10_000);
        let long = "y".repeat(3 << 20);
        assert_eq!(cells(&format!("a,{long}\nb,c")), [["a", &long], ["b", "c"]]);
    }

    #[test]
    fn a_quote_that_does_not_close_is_an_error_where_it_opens() {
        let message = |text: &str| records(text).unwrap_err().to_string();
        assert_eq!(
            message("a,b\n1,\"x\n2,y\n3,z\n"),
            "line 2: a quote (\") opens in column `2` and never closes: close it, or take it away"
        );
        assert!(message("a,b\n\"1\n1\",\"x\n").starts_with("line 3: a quote"));
        assert!(message("a\n\"").starts_with("line 2: a quote"));
        assert_eq!(
            message("a,b\n1,\"x\n2,y\n3,\"z\"\n"),
            "line 2: a quote (\") opens in column `2` and closes only in line 4, where another seems to open: \
             close it, or take it away"
        );
        for fine in [
            "a\n\"x\"",
            "a\n\"x\"\"\"",
            "a\n5\" pipe",
            "a\n\"one\n\"\"two\"\"\nthree\"\n",
            "a\n\"\"",
        ] {
            records(fine).unwrap();
        }
    }
}
