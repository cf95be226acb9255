//! Whether this is continuous integration.

use std::env;

/// Whether this is a run where nothing may be skipped for want of a browser.
pub fn in_ci() -> bool {
    env::var_os("CI").is_some_and(|value| value == "true")
}
