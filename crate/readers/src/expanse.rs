//! How large a workbook becomes once it is unpacked, found out before its reader makes room for it.
//!
//! A few bytes can stand for gigabytes: packed zeros, cells repeated sixteen thousand times, a count of texts that are not
//! there, two cells at far corners of a sheet whose reader keeps all between them.

use std::io::{Cursor, Read};

use zip::ZipArchive;

/// What a workbook would ask for that its bytes do not have.
pub(crate) type Refused = String;

/// Beyond this many cells between those that have something there must be one with something in a hundred.
const FEW_CELLS: u64 = 10_000_000;
const CELLS_OF_ONE: u64 = 100;

/// What cells are kept that have nothing, for the sake of `cells` that have.
pub(crate) fn check_area(area: u64, cells: u64) -> Result<(), Refused> {
    if area > FEW_CELLS && area > CELLS_OF_ONE.saturating_mul(cells) {
        return Err(format!(
            "its {cells} cells are spread over a sheet of {area}: delete what stands far away from the table"
        ));
    }
    Ok(())
}

/// A packed workbook, every part of it.
pub(crate) fn check_packed(bytes: &[u8]) -> Result<(), Refused> {
    /// No table of that size is made to fill memory.
    const FEW_BYTES: u64 = 1 << 28;
    check_parts(bytes, FEW_BYTES)
}

/// The same, where so few bytes are no matter.
fn check_parts(bytes: &[u8], few: u64) -> Result<(), Refused> {
    /// A sheet of zeros packs to a hundredth at best.
    const MOST_TIMES: u64 = 100;
    let budget = few + MOST_TIMES * bytes.len() as u64;
    // What is wrong with the archive is for its reader to say.
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else {
        return Ok(());
    };
    let mut unpacked = 0;
    for part in 0..archive.len() {
        let Ok(mut part) = archive.by_index(part) else {
            continue;
        };
        let name = part
            .name()
            .map(|name| name.to_ascii_lowercase())
            .unwrap_or_default();
        let mut limited = part.by_ref().take(budget - unpacked + 1);
        unpacked += if name.ends_with("sharedstrings.xml") {
            check_shared(&mut limited)?
        } else if name.ends_with("content.xml") {
            check_repeated(&mut limited)?
        } else {
            std::io::copy(&mut limited, &mut std::io::sink()).unwrap_or_default()
        };
        if unpacked > budget {
            return Err(format!(
                "its {} bytes unpack to more than {budget}: it is not a workbook that a program has saved",
                bytes.len()
            ));
        }
    }
    Ok(())
}

fn read(part: &mut impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    // What cannot be unpacked is for the workbook's reader to say.
    let _ = part.read_to_end(&mut bytes);
    bytes
}

/// The texts that cells share: no more than there are bytes.
fn check_shared(part: &mut impl Read) -> Result<u64, Refused> {
    const COUNT: &[u8] = b"uniqueCount";
    let bytes = read(part);
    let mut rest = bytes.as_slice();
    while let Some(at) = find(rest, COUNT) {
        rest = &rest[at + COUNT.len()..];
        let digits = rest.iter().position(u8::is_ascii_digit).unwrap_or(rest.len());
        if digits < 8 && number(&rest[digits..]) > bytes.len() as u64 {
            return Err(format!(
                "{} shared texts are said to be in {} bytes",
                number(&rest[digits..]),
                bytes.len()
            ));
        }
    }
    Ok(bytes.len() as u64)
}

/// The cells of an OpenDocument sheet: rows and cells may be repeated, and so are empty ones before others. What begins must
/// end, or its reader looks for the end for ever.
fn check_repeated(part: &mut impl Read) -> Result<u64, Refused> {
    const TO_BE_CLOSED: [&[u8]; 3] = [b"table:table", b"office:annotation", b"table:named-expressions"];
    let bytes = read(part);
    let (mut area, mut filled) = (0_u64, 0_u64);
    let mut row = Run::default();
    let (mut rows, mut widest, mut empty_rows) = (1_u64, 0_u64, 0_u64);
    let mut open = [false; TO_BE_CLOSED.len()];
    for tag in tags(&bytes) {
        let (ends, named) = match tag.strip_prefix(b"/") {
            Some(named) => (true, named),
            None => (false, tag),
        };
        let length = named
            .iter()
            .take_while(|byte| !byte.is_ascii_whitespace() && **byte != b'/')
            .count();
        let name = &named[..length];
        if let Some(one) = TO_BE_CLOSED.iter().position(|known| *known == name) {
            open[one] = !ends && !tag.ends_with(b"/");
        }
        match name {
            b"table:table-row" if !ends => {
                row = Run::default();
                rows = repeated(tag, b"number-rows-repeated");
                empty_rows = empty_rows.saturating_add(rows);
            }
            b"table:table-cell" | b"table:covered-table-cell" if !ends => {
                let times = repeated(tag, b"number-columns-repeated");
                if find(tag, b"value-type").is_none() && find(tag, b"formula").is_none() {
                    row.empty = row.empty.saturating_add(times);
                } else {
                    filled += 1;
                    let more = row.empty.saturating_add(times);
                    row.width = row.width.saturating_add(more);
                    row.empty = 0;
                    widest = widest.max(row.width);
                    area = area
                        .saturating_add(more.saturating_mul(rows))
                        .saturating_add(empty_rows.saturating_mul(widest));
                    empty_rows = 0;
                }
            }
            _ => {}
        }
        check_area(area, filled)?;
    }
    match open.iter().position(|open| *open) {
        None => Ok(bytes.len() as u64),
        Some(one) => Err(format!(
            "`{}` begins and does not end: the file has been cut off",
            String::from_utf8_lossy(TO_BE_CLOSED[one])
        )),
    }
}

/// What stands between `<` and `>`, without comments and the like.
fn tags(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        loop {
            rest = &rest[find(rest, b"<")? + 1..];
            let end: &[u8] = match rest {
                [b'!', b'-', b'-', ..] => b"-->",
                [b'!', b'[', ..] => b"]]>",
                [b'?', ..] => b"?>",
                _ => {
                    let mut quote = None;
                    let ends = |byte: &u8| {
                        match (quote, *byte) {
                            (Some(open), byte) if open == byte => quote = None,
                            (None, b'"' | b'\'') => quote = Some(*byte),
                            _ => {}
                        }
                        quote.is_none() && *byte == b'>'
                    };
                    let length = rest.iter().position(ends)?;
                    let tag = &rest[..length];
                    rest = &rest[length..];
                    return Some(tag);
                }
            };
            rest = &rest[find(rest, end)?..];
        }
    })
}

/// A row of a sheet as far as it is read.
#[derive(Default)]
struct Run {
    width: u64,
    /// Empty cells that count once something comes after them.
    empty: u64,
}

fn repeated(tag: &[u8], attribute: &[u8]) -> u64 {
    let Some(at) = find(tag, attribute) else {
        return 1;
    };
    let rest = &tag[at + attribute.len()..];
    let digits = rest.iter().position(u8::is_ascii_digit).unwrap_or(rest.len());
    number(&rest[digits..])
}

/// The number that `text` begins with, or the largest there is.
fn number(text: &[u8]) -> u64 {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit());
    digits.fold(0_u64, |number, digit| {
        number.saturating_mul(10).saturating_add(u64::from(digit - b'0'))
    })
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = *wanted.first()?;
    let mut from = 0;
    while let Some(at) = bytes.get(from..)?.iter().position(|byte| *byte == first) {
        from += at;
        if bytes[from..].starts_with(wanted) {
            return Some(from);
        }
        from += 1;
    }
    None
}

/// An older workbook is a small file system: each part of it is a chain of sectors, and a chain that bites its own tail never
/// ends.
pub(crate) fn check_chains(bytes: &[u8]) -> Result<(), Refused> {
    const FIRST_TABLES: std::ops::Range<usize> = 76..512;
    const ENTRY: usize = 128;
    let long = |at: usize| bytes.get(at..at + 4).map_or(NOWHERE, number_of);
    let size: usize = match bytes.get(30) {
        Some(9) => 512,
        Some(12) => 4096,
        // For its reader to find.
        _ => return Ok(()),
    };
    let sector = |id: u32| {
        let from = (id as usize).checked_add(1)?.checked_mul(size)?;
        Some(bytes.get(from..)?.get(..size).unwrap_or(&bytes[from..]))
    };
    let numbers = |id: u32| sector(id).unwrap_or_default().chunks_exact(4).map(number_of);
    let mut tables: Vec<u32> = FIRST_TABLES.step_by(4).map(long).collect();
    let mut more = long(68);
    // No more sectors than there are can hold tables.
    for _ in 0..=bytes.len() / size {
        if more >= NOWHERE {
            break;
        }
        tables.extend(numbers(more));
        more = tables.pop().unwrap_or(NOWHERE);
    }
    let next: Vec<u32> = tables
        .into_iter()
        .filter(|id| *id < NOWHERE)
        .flat_map(numbers)
        .collect();
    let chain = |start: u32| -> Result<Vec<u32>, Refused> {
        let mut sectors = Vec::new();
        let mut at = start;
        while let Some(following) = next.get(at as usize) {
            sectors.push(at);
            if sectors.len() > next.len() {
                return Err("a chain of its sectors never ends".to_owned());
            }
            at = *following;
        }
        Ok(sectors)
    };
    chain(long(60))?;
    for id in chain(long(48))? {
        for entry in sector(id).unwrap_or_default().chunks_exact(ENTRY) {
            chain(number_of(&entry[116..120]))?;
        }
    }
    Ok(())
}

/// From here on numbers of sectors mean that there is none.
const NOWHERE: u32 = 0xffff_fffa;

fn number_of(four: &[u8]) -> u32 {
    four.iter()
        .rev()
        .fold(0, |number, byte| number << 8 | u32::from(*byte))
}

/// An older workbook: the cells of its sheets, and the sizes that are said.
///
/// Records follow each other from where a sheet or the workbook begins; what a writer has scattered over the file is not
/// followed, and is for the workbook's reader to find.
pub(crate) fn check_records(bytes: &[u8]) -> Result<(), Refused> {
    const SECTOR: usize = 64;
    const BEGIN: [u8; 2] = [0x09, 0x08];
    let mut at = 0;
    while at + 4 <= bytes.len() {
        if bytes[at..].starts_with(&BEGIN) {
            at = check_stream(bytes, at)?.next_multiple_of(SECTOR).max(at + SECTOR);
        } else {
            at += SECTOR;
        }
    }
    Ok(())
}

/// The records from `at` on, up to where there are none; returns that place.
fn check_stream(bytes: &[u8], mut at: usize) -> Result<usize, Refused> {
    const SIZE: u16 = 0x0200;
    const END: u16 = 0x000a;
    const CELLS: [u16; 7] = [0x0006, 0x00fd, 0x0203, 0x0204, 0x0205, 0x027e, 0x00d6];
    let short = |at: usize| Some(u16::from_le_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]));
    let long = |at: usize| Some(u64::from(short(at)?) | u64::from(short(at + 2)?) << 16);
    let (mut rows, mut columns, mut cells) = (0_u64, 0_u64, 0_u64);
    while let (Some(kind), Some(length)) = (short(at), short(at + 2)) {
        let data = at + 4;
        if kind == 0 && length == 0 {
            break;
        }
        if kind == SIZE {
            let (to_row, to_column) = if length == 10 {
                (short(data + 2).map(u64::from), short(data + 6))
            } else {
                (long(data + 4), short(data + 10))
            };
            let (to_row, to_column) = (to_row.unwrap_or_default(), to_column.unwrap_or_default());
            if to_row > 1 << 16 || to_column > 1 << 8 {
                return Err(format!(
                    "a sheet is said to have {to_row} rows and {to_column} columns, more than such a file can have"
                ));
            }
        }
        if CELLS.contains(&kind)
            && let (Some(row), Some(column)) = (short(data), short(data + 2))
        {
            (rows, columns) = (rows.max(u64::from(row) + 1), columns.max(u64::from(column) + 1));
            cells += 1;
            check_area(rows * columns, cells.max(1) * 50)?;
        }
        if kind == END {
            (rows, columns, cells) = (0, 0, 0);
        }
        at = data + usize::from(length);
    }
    Ok(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repeated_cells(xml: &str) -> Result<u64, Refused> {
        check_repeated(&mut xml.as_bytes())
    }

    #[test]
    fn repeated_cells_are_counted_where_something_follows_them() {
        let cell = |times: &str, value: &str| {
            format!("<table:table-cell table:number-columns-repeated=\"{times}\"{value}/>")
        };
        let value = " office:value-type=\"float\" office:value=\"1\"";
        let row = |times: &str, cells: &str| {
            format!("<table:table-row table:number-rows-repeated=\"{times}\">{cells}</table:table-row>")
        };
        // As programs save it: all columns and rows that are left are empty.
        let plain = row("1", &(cell("3", value) + &cell("16381", ""))) + &row("1048575", &cell("16384", ""));
        assert!(repeated_cells(&plain).is_ok());
        for xml in [
            row("1000000", &cell("16384", value)),
            row("1", &(cell("16383", "") + &cell("1", value))).repeat(1_000),
            row("1", &cell("100", value)) + &row("1000000", &cell("100", "")) + &row("1", &cell("1", value)),
            row("99999999999999999999", &cell("99999999999999999999", value)),
        ] {
            let refused = repeated_cells(&xml).unwrap_err();
            assert!(refused.contains("cells are spread over a sheet of"), "{refused}");
        }
    }

    #[test]
    fn sheets_that_begin_end() {
        let whole = "<table:table table:name=\"a>b\"><table:table-row/></table:table><!-- <table:table> --><table:table/>";
        assert!(repeated_cells(whole).is_ok());
        for cut in [
            "<table:table table:name=\"a\"><table:table-row/>",
            "<table:table><!-- </table:table> -->",
            "<table:table a='</table:table>'>",
            "<office:annotation>",
        ] {
            let refused = repeated_cells(cut).unwrap_err();
            assert!(refused.contains("begins and does not end"), "{cut}: {refused}");
        }
    }

    #[test]
    fn shared_texts_are_no_more_than_bytes() {
        let mut three: &[u8] = b"<sst count=\"9\" uniqueCount=\"3\"><si><t>a</t></si></sst>";
        assert!(check_shared(&mut three).is_ok());
        let mut many: &[u8] = b"<sst uniqueCount = '99999999999'><si><t>a</t></si></sst>";
        let refused = check_shared(&mut many).unwrap_err();
        assert!(refused.contains("99999999999 shared texts"), "{refused}");
    }

    #[test]
    fn parts_unpack_to_what_a_program_saves() {
        use std::io::Write as _;
        use zip::ZipWriter;
        use zip::write::SimpleFileOptions;
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for part in ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"] {
            writer.start_file(part, SimpleFileOptions::default()).unwrap();
            writer.write_all(&vec![b' '; 500_000]).unwrap();
        }
        let bytes = writer.finish().unwrap().into_inner();
        assert!(bytes.len() < 4_000, "{}", bytes.len());
        assert_eq!(check_packed(&bytes), Ok(()));
        let refused = check_parts(&bytes, 100_000).unwrap_err();
        assert!(refused.contains("unpack to more than"), "{refused}");
    }

    #[test]
    fn chains_of_sectors_end() {
        let mut file = vec![0; 4 * 512];
        file[30] = 9;
        let mut put = |at: usize, number: u32| file[at..at + 4].copy_from_slice(&number.to_le_bytes());
        // The table of what follows is sector 0, the directory begins in sector 1 and goes on in sector 2.
        for at in (76..512).step_by(4).chain([60, 68]) {
            put(at, u32::MAX);
        }
        put(76, 0);
        put(48, 1);
        for (sector, next) in [(0, 0xffff_fffd), (1, 2), (2, 0xffff_fffe)] {
            put(512 + 4 * sector, next);
        }
        for entry in 0..8 {
            put(2 * 512 + 128 * entry + 116, 0xffff_fffe);
        }
        assert_eq!(check_chains(&file), Ok(()));
        file[512 + 8] = 1;
        file[512 + 9..512 + 12].fill(0);
        assert!(check_chains(&file).unwrap_err().contains("never ends"));
    }

    #[test]
    fn sizes_of_older_sheets_are_possible() {
        let record = |kind: u16, data: &[u8]| {
            let length = data.len() as u16;
            [&kind.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
        };
        let size = |rows: u32, columns: u16| {
            let data = [
                &0_u32.to_le_bytes()[..],
                &rows.to_le_bytes(),
                &0_u16.to_le_bytes(),
                &columns.to_le_bytes(),
                &[0, 0],
            ];
            record(0x0200, &data.concat())
        };
        let number = |row: u16, column: u16| {
            record(
                0x0203,
                &[&row.to_le_bytes()[..], &column.to_le_bytes(), &[0; 10]].concat(),
            )
        };
        let stream =
            |records: &[Vec<u8>]| [vec![0; 512], record(0x0809, &[0; 16]), records.concat()].concat();
        let check = |records: &[Vec<u8>]| check_records(&stream(records));
        assert!(check(&[size(65_536, 256), number(0, 0), number(9, 3)]).is_ok());
        assert!(
            check(&[size(u32::MAX, 256)])
                .unwrap_err()
                .contains("more than such a file can have")
        );
        assert!(
            check(&[number(0, 0), number(65_535, 255)])
                .unwrap_err()
                .contains("far away")
        );
    }
}
