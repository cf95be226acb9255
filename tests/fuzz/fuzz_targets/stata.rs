//! Any bytes after a Stata file's first are a file or an error.
#![no_main]

use libfuzzer_sys::fuzz_target;
use readers::Options;

fuzz_target!(|bytes: &[u8]| {
    if !(bytes.starts_with(b"<stata_dta>") || matches!(bytes, [102..=115, 1 | 2, 1, ..])) {
        return;
    }
    if let Ok(file) = readers::read(bytes, &Options::default()) {
        for column in file.summary().columns {
            assert_eq!(column.n + column.missing, file.rows());
        }
    }
});
