//! The study.

/// Why the study could not be computed.
#[derive(Debug, thiserror::Error)]
#[error("the study is not here yet")]
pub struct Error;

/// The headline result in one sentence. Temporary: the study's own takes its place.
///
/// # Errors
/// None yet.
pub fn headline() -> Result<String, Error> {
    Ok("no result yet: the study is still to come".to_owned())
}
