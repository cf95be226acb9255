//! Any bytes that begin like a workbook are a sheet or an error.
#![no_main]

use libfuzzer_sys::fuzz_target;
use readers::Options;

fuzz_target!(|bytes: &[u8]| {
    if !(bytes.starts_with(b"PK") || bytes.starts_with(b"\xd0\xcf")) {
        return;
    }
    if let Ok(file) = readers::read(bytes, &Options::default()) {
        for column in file.summary().columns {
            assert_eq!(column.n + column.missing, file.rows());
        }
    }
});
