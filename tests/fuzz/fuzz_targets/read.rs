//! Any bytes are a file or an error; columns are as long as the file, and used ones are a table without infinite numbers.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mlogit::Column;
use readers::{Decimal, Delimiter, Options, Thousands};

fuzz_target!(|bytes: &[u8]| {
    let Some((how, bytes)) = bytes.split_first() else {
        return;
    };
    let options = Options {
        delimiter: [None, Some(Delimiter::COMMA), Some(Delimiter::SEMICOLON), Some(Delimiter::TAB)][usize::from(how & 3)],
        decimal: [None, Some(Decimal::Comma)][usize::from(how >> 2 & 1)],
        thousands: [None, Some(Thousands::Comma), Some(Thousands::Point), Some(Thousands::Blank)][usize::from(how >> 3 & 3)],
        encoding: [None, Some("windows-1252".to_owned())][usize::from(how >> 5 & 1)].clone(),
        missing: [None, Some(vec!["-9".to_owned(), ".".to_owned()])][usize::from(how >> 6 & 1)].clone(),
        ..Options::default()
    };
    let Ok(file) = readers::read(bytes, &options) else {
        return;
    };
    for column in file.summary().columns {
        assert_eq!(column.n + column.missing, file.rows());
        if let Ok((table, _)) = file.table(&[&column.name]) {
            let values = table.column(&column.name).expect("the column used");
            assert_eq!(values.len(), file.rows());
            if let Column::Number(numbers) = values {
                assert!(numbers.iter().all(|number| !number.is_infinite()));
            }
        }
    }
});
