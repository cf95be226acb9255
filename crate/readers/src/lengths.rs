//! Lengths that a Stata file names, held against the bytes it has.
//!
//! The reader makes room for what a length says before it finds that the file has less: four bytes could ask for four
//! gigabytes. So each length is looked up here before the reader comes to it.

use dta::stata::dta::byte_order::ByteOrder;
use dta::stata::dta::release::Release;

/// More bytes are said to follow than there are, or labels that would fill far more room than the file.
pub(crate) type Refused = String;

/// Bytes from some place on, and how numbers among them are written.
pub(crate) struct Rest<'a> {
    bytes: &'a [u8],
    at: usize,
    release: Release,
    order: ByteOrder,
}

impl<'a> Rest<'a> {
    pub(crate) fn new(bytes: &'a [u8], at: usize, release: Release, order: ByteOrder) -> Self {
        Rest {
            bytes,
            at,
            release,
            order,
        }
    }

    /// Variables and rows take some bytes each.
    pub(crate) fn counts(&self, variables: u32, rows: u64) -> Result<(), Refused> {
        /// Type, name, place in the order, format and labels in the oldest versions.
        const LEAST: u64 = 50;
        let left = self.left() as u64;
        if u64::from(variables) * LEAST > left {
            return Err(format!(
                "{variables} variables are said to follow, in {left} bytes"
            ));
        }
        if rows > left {
            return Err(format!("{rows} observations are said to follow, in {left} bytes"));
        }
        Ok(())
    }

    /// Characteristics, which are skipped one by one.
    pub(crate) fn characteristics(mut self) -> Result<(), Refused> {
        if self.release.is_xml_like() {
            self.skip_tag(b"<characteristics>");
            while self.skip_tag(b"<ch>") {
                let Some(length) = self.long() else { break };
                self.skip(length, "a characteristic")?;
                self.skip_tag(b"</ch>");
            }
            return Ok(());
        }
        if self.release < Release::V105 {
            return Ok(());
        }
        loop {
            let kind = self.take(1).map(|byte| byte[0]);
            let length = if self.release >= Release::V110 {
                self.long()
            } else {
                self.short()
            };
            match (kind, length) {
                (Some(0), Some(_)) | (None, _) | (_, None) => return Ok(()),
                (Some(_), Some(length)) => self.skip(length, "a characteristic")?,
            }
        }
    }

    /// Long texts.
    pub(crate) fn long_texts(mut self) -> Result<(), Refused> {
        if !self.skip_tag(b"<strls>") {
            return Ok(());
        }
        let key = if self.release >= Release::V118 { 12 } else { 8 };
        while self.skip_tag(b"GSO") {
            if self.take(key + 1).is_none() {
                break;
            }
            let Some(length) = self.long() else { break };
            self.skip(length, "a long text")?;
        }
        Ok(())
    }

    /// Sets of labels: their lengths, and what their labels come to together, as several may share one text.
    pub(crate) fn labels(mut self) -> Result<(), Refused> {
        let xml = self.release.is_xml_like();
        if self.release < Release::V108 {
            // Sixteen bits of entries cannot ask for more than the file may well have.
            return Ok(());
        }
        if xml {
            self.skip_tag(b"<value_labels>");
        }
        loop {
            if xml && !self.skip_tag(b"<lbl>") {
                return Ok(());
            }
            let Some(length) = self.long() else {
                return Ok(());
            };
            let name = match self.release {
                release if release >= Release::V118 => 129,
                release if release >= Release::V110 => 33,
                _ => 9,
            };
            if self.take(name + 3).is_none() {
                return Ok(());
            }
            let from = self.at;
            self.skip(length, "a set of labels")?;
            self.texts(from, self.at)?;
            if xml {
                self.skip_tag(b"</lbl>");
            }
        }
    }

    /// The labels of the set between two places.
    fn texts(&self, from: usize, to: usize) -> Result<(), Refused> {
        /// Labels that share a text are rare; those of a set that share it all are made to fill memory.
        const MOST: usize = 16;
        let mut set = Rest::new(&self.bytes[..to], from, self.release, self.order);
        let (Some(count), Some(_)) = (set.long(), set.long()) else {
            return Ok(());
        };
        let Some(texts) = count
            .checked_mul(8)
            .and_then(|room| self.bytes[..to].get(set.at + room..))
        else {
            // The reader finds out.
            return Ok(());
        };
        let mut together = 0_usize;
        for _ in 0..count {
            let text = set
                .long()
                .and_then(|offset| texts.get(offset..))
                .unwrap_or_default();
            together += text.iter().position(|byte| *byte == 0).unwrap_or(text.len());
            if together > MOST * (to - from) + 1_000_000 {
                return Err("the labels of a set would fill far more room than the set".to_owned());
            }
        }
        Ok(())
    }

    fn left(&self) -> usize {
        self.bytes.len().saturating_sub(self.at)
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at.checked_add(count)?)?;
        self.at += count;
        Some(taken)
    }

    fn skip(&mut self, length: usize, what: &str) -> Result<(), Refused> {
        let left = self.left();
        self.take(length)
            .map(|_| ())
            .ok_or_else(|| format!("{what} is said to have {length} bytes, and {left} follow"))
    }

    fn skip_tag(&mut self, tag: &[u8]) -> bool {
        let there = self
            .bytes
            .get(self.at..)
            .is_some_and(|rest| rest.starts_with(tag));
        self.at += if there { tag.len() } else { 0 };
        there
    }

    fn short(&mut self) -> Option<usize> {
        let bytes: [u8; 2] = self.take(2)?.try_into().ok()?;
        Some(usize::from(match self.order {
            ByteOrder::BigEndian => u16::from_be_bytes(bytes),
            ByteOrder::LittleEndian => u16::from_le_bytes(bytes),
        }))
    }

    fn long(&mut self) -> Option<usize> {
        let bytes: [u8; 4] = self.take(4)?.try_into().ok()?;
        Some(match self.order {
            ByteOrder::BigEndian => u32::from_be_bytes(bytes),
            ByteOrder::LittleEndian => u32::from_le_bytes(bytes),
        } as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A set of labels whose offsets are all 0: each has the whole text.
    #[test]
    fn labels_that_share_one_text_are_counted_each() {
        let set = |count: u32, text: usize| {
            let entries = vec![0_u8; 8 * count as usize];
            let text = vec![b'x'; text];
            let length = (8 + entries.len() + text.len()) as u32;
            let long = |number: u32| number.to_le_bytes().to_vec();
            let parts = [
                b"<value_labels><lbl>".to_vec(),
                long(length),
                vec![b'v'; 129 + 3],
                long(count),
                long(text.len() as u32),
                entries,
                text,
                b"</lbl></value_labels>".to_vec(),
            ];
            parts.concat()
        };
        let check = |bytes: &[u8]| Rest::new(bytes, 0, Release::V118, ByteOrder::LittleEndian).labels();
        assert_eq!(check(&set(100, 1_000)), Ok(()));
        let refused = check(&set(5_000, 5_000)).unwrap_err();
        assert!(refused.contains("far more room"), "{refused}");
        // What is a tag in later versions is a length in earlier ones.
        let early = Rest::new(&set(1, 9), 0, Release::V114, ByteOrder::LittleEndian).labels();
        assert!(early.unwrap_err().contains("a set of labels is said to have"));
    }
}
