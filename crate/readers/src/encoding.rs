//! Bytes as text: UTF-8, UTF-16 and Windows-1252 by themselves; all others with the feature `encodings`.

use std::io::Read;

use crate::error::{Error, Result};

/// How many bytes are looked at, at once. The first so many are the sample from which all else is guessed.
const CHUNK: usize = 1 << 20;

/// What Windows-1252 has where Latin-1 has control signs; those without a sign stay what they are.
const WINDOWS_1252: [char; 32] = [
    '\u{20ac}', '\u{81}', '\u{201a}', '\u{192}', '\u{201e}', '\u{2026}', '\u{2020}', '\u{2021}', '\u{2c6}',
    '\u{2030}', '\u{160}', '\u{2039}', '\u{152}', '\u{8d}', '\u{17d}', '\u{8f}', '\u{90}', '\u{2018}',
    '\u{2019}', '\u{201c}', '\u{201d}', '\u{2022}', '\u{2013}', '\u{2014}', '\u{2dc}', '\u{2122}', '\u{161}',
    '\u{203a}', '\u{153}', '\u{9d}', '\u{17e}', '\u{178}',
];

/// Those of its bytes that have no sign: no text in Windows-1252 has them.
const WITHOUT_SIGN: [u8; 5] = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

/// An encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Utf16Little,
    Utf16Big,
    Windows1252,
    #[cfg(feature = "encodings")]
    Other(&'static encoding_rs::Encoding),
}

impl Encoding {
    /// The encoding with a name.
    pub(crate) fn named(name: &str) -> Result<Self> {
        let plain: String = name.to_ascii_lowercase().replace('_', "-");
        match plain.trim() {
            "utf-8" | "utf8" | "utf-8-sig" | "ascii" | "us-ascii" => return Ok(Encoding::Utf8),
            "utf-16" | "utf-16le" | "utf16" | "utf16le" | "ucs-2" => return Ok(Encoding::Utf16Little),
            "utf-16be" | "utf16be" => return Ok(Encoding::Utf16Big),
            "windows-1252" | "cp1252" | "latin1" | "latin-1" | "iso-8859-1" | "ansi" => {
                return Ok(Encoding::Windows1252);
            }
            _ => {}
        }
        Self::other(plain.trim()).ok_or_else(|| Error::Option {
            option: "encoding".to_owned(),
            problem: format!(
                "`{name}` is not known here: save the file as UTF-8, or say utf-8, utf-16 or windows-1252"
            ),
        })
    }

    #[cfg(feature = "encodings")]
    fn other(name: &str) -> Option<Self> {
        let with_prefix =
            || encoding_rs::Encoding::for_label(format!("windows-{}", name.strip_prefix("cp")?).as_bytes());
        let found = encoding_rs::Encoding::for_label(name.as_bytes()).or_else(with_prefix)?;
        Some(Encoding::Other(found))
    }

    #[cfg(not(feature = "encodings"))]
    fn other(_: &str) -> Option<Self> {
        None
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf16Little => "UTF-16LE",
            Encoding::Utf16Big => "UTF-16BE",
            Encoding::Windows1252 => "Windows-1252",
            #[cfg(feature = "encodings")]
            Encoding::Other(other) => other.name(),
        }
    }

    /// What the first bytes say: a byte-order mark, or the zeros that UTF-16 is half of.
    fn of_start(start: &[u8]) -> Option<(Self, usize)> {
        match start {
            [0xef, 0xbb, 0xbf, ..] => return Some((Encoding::Utf8, 3)),
            [0xff, 0xfe, ..] => return Some((Encoding::Utf16Little, 2)),
            [0xfe, 0xff, ..] => return Some((Encoding::Utf16Big, 2)),
            _ => {}
        }
        let sample = &start[..start.len().min(4096) & !1];
        let zeros = |place: usize| {
            sample
                .iter()
                .skip(place)
                .step_by(2)
                .filter(|byte| **byte == 0)
                .count()
        };
        let (even, odd, half) = (zeros(0), zeros(1), sample.len() / 2);
        // The odd sign has a zero on the other side, `\u{100}`.
        if half > 1 && 2 * odd > half && 4 * even < odd {
            return Some((Encoding::Utf16Little, 0));
        }
        (half > 1 && 2 * even > half && 4 * odd < even).then_some((Encoding::Utf16Big, 0))
    }
}

/// Reads bytes and gives text, chunk by chunk.
pub(crate) struct Text<R> {
    reader: R,
    given: Option<Encoding>,
    encoding: Encoding,
    /// Bytes as they come; those at the start are left over from the chunk before.
    raw: Vec<u8>,
    left: usize,
    /// The same as UTF-8, where they are not.
    decoded: String,
    started: bool,
    ended: bool,
    /// Whether there was anything but ASCII: until then UTF-8 and Windows-1252 are the same.
    plain: bool,
    /// Lines in the chunks before.
    lines: u64,
    /// The line of the first byte that made it Windows-1252.
    switched: Option<u64>,
    #[cfg(feature = "encodings")]
    decoder: Option<encoding_rs::Decoder>,
    #[cfg(feature = "encodings")]
    finished: bool,
}

impl<R: Read> Text<R> {
    pub(crate) fn new(reader: R, given: Option<Encoding>) -> Self {
        Text {
            reader,
            given,
            encoding: given.unwrap_or(Encoding::Utf8),
            raw: Vec::new(),
            left: 0,
            decoded: String::new(),
            started: false,
            ended: false,
            plain: true,
            lines: 0,
            switched: None,
            #[cfg(feature = "encodings")]
            decoder: None,
            #[cfg(feature = "encodings")]
            finished: false,
        }
    }

    pub(crate) fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Whether the piece that was read last is the end of the text.
    pub(crate) fn is_last(&self) -> bool {
        self.ended
    }

    /// The line from which on the file was found to be Windows-1252, not UTF-8.
    pub(crate) fn switched(&self) -> Option<u64> {
        self.switched
    }

    /// The piece of text that was read last.
    #[inline]
    pub(crate) fn chunk(&self) -> &[u8] {
        match self.encoding {
            Encoding::Utf8 => &self.raw[..self.raw.len() - self.left],
            _ => self.decoded.as_bytes(),
        }
    }

    /// Reads the next piece of text; an empty one is the end.
    pub(crate) fn advance(&mut self) -> Result<()> {
        self.lines += newlines(self.chunk());
        self.fill()?;
        if !self.started {
            self.started = true;
            self.start();
        }
        if self.encoding == Encoding::Utf8 {
            self.utf8()?;
        }
        // It may have turned out not to be UTF-8.
        if self.encoding != Encoding::Utf8 {
            self.decode()?;
        }
        check_text(self.chunk(), self.lines)
    }

    /// Fills the buffer after what is left over.
    fn fill(&mut self) -> Result<()> {
        let used = self.raw.len() - self.left;
        self.raw.drain(..used);
        self.left = 0;
        let mut some = self.reader.by_ref().take(CHUNK as u64);
        let read = some
            .read_to_end(&mut self.raw)
            .map_err(|error| Error::Source(error.to_string()))?;
        self.ended = read < CHUNK;
        Ok(())
    }

    /// Learns the encoding from the first bytes, and takes the mark of it away.
    fn start(&mut self) {
        let Some((found, mark)) = Encoding::of_start(&self.raw) else {
            return;
        };
        // A mark belongs to the encoding that is said, or contradicts it and is then no mark.
        let same = |given| given == found || (given == Encoding::Utf16Little && found == Encoding::Utf16Big);
        if self.given.is_none_or(same) {
            self.encoding = found;
            self.raw.drain(..mark);
        }
    }

    /// Checks that the buffer is UTF-8. Half a sign at its end is left over.
    fn utf8(&mut self) -> Result<()> {
        if self.raw.is_ascii() {
            return Ok(());
        }
        let (valid, wrong) = match str::from_utf8(&self.raw) {
            Ok(text) => (text.len(), false),
            Err(error) => (error.valid_up_to(), self.ended || error.error_len().is_some()),
        };
        self.plain &= self.raw[..valid].is_ascii();
        if wrong {
            return self.not_utf8(valid);
        }
        self.left = self.raw.len() - valid;
        Ok(())
    }

    /// Not UTF-8: Windows-1252, if nothing before speaks against it.
    fn not_utf8(&mut self, wrong: usize) -> Result<()> {
        let line = self.lines + newlines(&self.raw[..wrong]) + 1;
        let place = format!("line {line}");
        if self.given == Some(Encoding::Utf8) {
            return Err(Error::Encoding {
                place,
                problem: "this is not UTF-8 text: say another --encoding, or save the file as UTF-8"
                    .to_owned(),
            });
        }
        let byte = self.raw[wrong];
        if !self.plain {
            return Err(Error::Encoding {
                place,
                problem: "this is not UTF-8 text, and what comes before is: the file mixes encodings; \
                          save it as UTF-8, or say --encoding windows-1252 if the signs before may be wrong"
                    .to_owned(),
            });
        }
        if WITHOUT_SIGN.contains(&byte) {
            return Err(Error::Encoding {
                place,
                problem: "this is neither UTF-8 nor Windows-1252 text: say its --encoding, or save the file as UTF-8"
                    .to_owned(),
            });
        }
        self.switched = Some(line);
        self.encoding = Encoding::Windows1252;
        Ok(())
    }

    /// Makes UTF-8 of the buffer.
    fn decode(&mut self) -> Result<()> {
        self.decoded.clear();
        match self.encoding {
            Encoding::Utf8 => {}
            Encoding::Windows1252 => {
                let sign = |byte: &u8| match byte {
                    0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
                    byte => char::from(*byte),
                };
                self.decoded.extend(self.raw.iter().map(sign));
            }
            Encoding::Utf16Little => self.utf16(u16::from_le_bytes)?,
            Encoding::Utf16Big => self.utf16(u16::from_be_bytes)?,
            #[cfg(feature = "encodings")]
            Encoding::Other(encoding) => {
                // The decoder has had its last piece.
                if self.raw.is_empty() && self.ended && self.finished {
                    return Ok(());
                }
                self.finished = self.ended;
                let decoder = self.decoder.get_or_insert_with(|| encoding.new_decoder());
                let room = decoder
                    .max_utf8_buffer_length(self.raw.len())
                    .unwrap_or(4 * self.raw.len());
                self.decoded.reserve(room);
                let (_, _, wrong) = decoder.decode_to_string(&self.raw, &mut self.decoded, self.ended);
                if wrong {
                    let before = self.decoded.split('\u{fffd}').next().unwrap_or_default();
                    return Err(Error::Encoding {
                        place: format!("line {}", self.lines + newlines(before.as_bytes()) + 1),
                        problem: format!("this is not {} text: say another --encoding", encoding.name()),
                    });
                }
            }
        }
        Ok(())
    }

    fn utf16(&mut self, unit: fn([u8; 2]) -> u16) -> Result<()> {
        let raw = &self.raw;
        let mut whole = raw.len() & !1;
        // The first half of a pair waits for the second.
        let last = raw[..whole]
            .chunks_exact(2)
            .next_back()
            .map(|pair| unit([pair[0], pair[1]]));
        if !self.ended && last.is_some_and(|unit| (0xd800..0xdc00).contains(&unit)) {
            whole -= 2;
        }
        let units = raw[..whole].chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        for sign in char::decode_utf16(units) {
            let Ok(sign) = sign else {
                return Err(Error::Encoding {
                    place: format!("line {}", self.lines + newlines(self.decoded.as_bytes()) + 1),
                    problem: "this is not UTF-16 text: say another --encoding".to_owned(),
                });
            };
            self.decoded.push(sign);
        }
        if !self.ended {
            self.left = raw.len() - whole;
        }
        Ok(())
    }
}

pub(crate) fn newlines(text: &[u8]) -> u64 {
    text.iter().filter(|byte| **byte == b'\n').count() as u64
}

/// No text has a zero in it.
fn check_text(text: &[u8], lines: u64) -> Result<()> {
    if !text.contains(&0) {
        return Ok(());
    }
    match text.iter().position(|byte| *byte == 0) {
        None => Ok(()),
        Some(zero) => Err(Error::Line {
            line: lines + newlines(&text[..zero]) + 1,
            problem: "there are bytes that no text has: is it a CSV file?".to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a few bytes at a time, as a network does.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let some = self.0.len().min(3).min(buffer.len());
            buffer[..some].copy_from_slice(&self.0[..some]);
            self.0 = &self.0[some..];
            Ok(some)
        }
    }

    fn text(bytes: &[u8], given: Option<&str>) -> Result<(String, Encoding)> {
        let given = given.map(Encoding::named).transpose()?;
        let mut text = Text::new(Slow(bytes), given);
        let mut all = Vec::new();
        loop {
            text.advance()?;
            if text.chunk().is_empty() {
                break;
            }
            all.extend_from_slice(text.chunk());
        }
        Ok((String::from_utf8(all).unwrap(), text.encoding()))
    }

    fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(unit).collect()
    }

    #[test]
    fn encodings_are_recognised() {
        let expected = "naïve,€\n1,😀\n".to_owned();
        assert_eq!(
            text(expected.as_bytes(), None),
            Ok((expected.clone(), Encoding::Utf8))
        );
        let marked = [b"\xef\xbb\xbf", expected.as_bytes()].concat();
        assert_eq!(text(&marked, None), Ok((expected.clone(), Encoding::Utf8)));
        let little = [b"\xff\xfe".to_vec(), utf16(&expected, u16::to_le_bytes)].concat();
        assert_eq!(text(&little, None), Ok((expected.clone(), Encoding::Utf16Little)));
        assert_eq!(
            text(&little, Some("utf-16")),
            Ok((expected.clone(), Encoding::Utf16Little))
        );
        let big = utf16(&expected, u16::to_be_bytes);
        assert_eq!(text(&big, None), Ok((expected.clone(), Encoding::Utf16Big)));
        let windows = b"a,b\nna\xefve,\x80\n";
        assert_eq!(
            text(windows, None),
            Ok(("a,b\nnaïve,€\n".to_owned(), Encoding::Windows1252))
        );
    }

    #[test]
    fn what_is_no_text_is_an_error_with_its_line() {
        let message = |bytes: &[u8], given| text(bytes, given).unwrap_err().to_string();
        assert!(
            message(
                "a\né\n"
                    .as_bytes()
                    .iter()
                    .chain(b"\xff\n")
                    .copied()
                    .collect::<Vec<_>>()
                    .as_slice(),
                None
            )
            .starts_with("line 3: this is not UTF-8 text, and what comes before is")
        );
        assert!(message(b"a\n\x81\n", None).starts_with("line 2: this is neither"));
        assert!(message(b"a\n\xe9\n", Some("utf-8")).starts_with("line 2: this is not UTF-8"));
        assert!(message(b"a\n1\n2\0\n", None).starts_with("line 3: there are bytes that no text has"));
        assert!(message(b"a\n", Some("klingon")).starts_with("encoding: `klingon`"));
    }

    #[test]
    fn signs_between_two_chunks_stay_whole() {
        for shift in 0..4 {
            let long = "x".repeat(CHUNK - shift) + "😀é,1\n";
            assert_eq!(text(long.as_bytes(), None).unwrap().0, long);
            assert_eq!(
                text(&utf16(&long, u16::to_le_bytes), Some("utf-16le")).unwrap().0,
                long
            );
        }
    }

    #[cfg(feature = "encodings")]
    #[test]
    fn other_encodings_are_read_where_they_are_said() {
        assert_eq!(
            text(b"\x83\x65\x83\x58\x83\x67", Some("shift_jis")).unwrap().0,
            "テスト"
        );
        assert_eq!(text(b"\xbf\xf3\xb3ty", Some("iso-8859-2")).unwrap().0, "żółty");
        assert_eq!(text(b"\xcf\xf0", Some("cp1251")).unwrap().0, "Пр");
        let wrong = text(b"a\n\x81\xff\n", Some("shift_jis")).unwrap_err();
        assert!(
            wrong
                .to_string()
                .starts_with("line 2: this is not Shift_JIS text"),
            "{wrong}"
        );
    }
}
