//! A specification from an address: what is understood, written again, means the same; a threat is read or refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use standfirm::Specification;
use standfirm::findings::threat::ThreatId;

fuzz_target!(|text: &str| {
    let read = Specification::read(text);
    let written = read.specification.to_string();
    let again = Specification::read(&written);
    assert_eq!(again.specification, read.specification);
    assert!(again.ignored.is_empty());
    let _ = ThreatId::read(text);
});
