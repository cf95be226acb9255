//! `CODEBOOK.md`.

use super::episodes::Episode;

pub(super) fn markdown(_episodes: &[Episode]) -> String {
    String::new()
}
