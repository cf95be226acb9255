//! Any bytes are a table or an error; the table is as long in every column, and no number in it is infinite.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mlogit::Column;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(table) = standfirm::data::csv::read(bytes) {
        for name in table.names() {
            let column = table.column(name).expect("a name of the table");
            assert_eq!(column.len(), table.rows());
            if let Column::Number(numbers) = column {
                assert!(numbers.iter().all(|number| !number.is_infinite()));
            }
        }
    }
});
