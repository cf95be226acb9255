//! The distinct texts of a column, each kept once.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

/// Distinct texts, numbered in order of appearance.
#[derive(Debug, Clone, Default)]
pub(crate) struct Levels {
    /// All of them, one after the other.
    bytes: String,
    /// Where each ends.
    ends: Vec<usize>,
    positions: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Levels {
    /// Number of distinct texts.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The text with a number; the empty one where there is none.
    pub(crate) fn get(&self, code: u32) -> &str {
        let code = code as usize;
        let Some(end) = self.ends.get(code) else { return "" };
        let start = code.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start..*end]
    }

    /// All of them in order of appearance.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len() as u32).map(|code| self.get(code))
    }

    /// The number of a text, which is new or known.
    #[inline]
    pub(crate) fn code(&mut self, text: &[u8]) -> u32 {
        let hash = self.hasher.hash_one(text);
        let known = self
            .positions
            .find(hash, |code| self.get(*code).as_bytes() == text);
        match known {
            Some(code) => *code,
            None => self.add(text, hash),
        }
    }

    #[cold]
    #[inline(never)]
    fn add(&mut self, text: &[u8], hash: u64) -> u32 {
        let code = self.len() as u32;
        // Cells are text: what they were cut from has been checked.
        self.bytes.push_str(&String::from_utf8_lossy(text));
        self.ends.push(self.bytes.len());
        let Levels {
            bytes,
            ends,
            positions,
            hasher,
        } = self;
        let hash_of = |code: &u32| {
            let end = ends[*code as usize];
            let start = (*code as usize).checked_sub(1).map_or(0, |before| ends[before]);
            hasher.hash_one(&bytes.as_bytes()[start..end])
        };
        positions.insert_unique(hash, code, hash_of);
        code
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_is_kept_once() {
        let mut levels = Levels::default();
        let codes: Vec<u32> = ["b", "a", "", "b", "a b", ""]
            .map(|text| levels.code(text.as_bytes()))
            .into();
        assert_eq!(codes, [0, 1, 2, 0, 3, 2]);
        assert_eq!(levels.iter().collect::<Vec<_>>(), ["b", "a", "", "a b"]);
        assert_eq!(levels.get(9), "");
        for number in 0..10_000 {
            assert_eq!(levels.code(number.to_string().as_bytes()), 4 + number);
        }
        assert_eq!(levels.code(b"77"), 81);
    }
}
