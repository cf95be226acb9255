//! Where the bytes come from.

use std::io::{self, Read};

use flate2::read::MultiGzDecoder;

use crate::error::{Error, Result};

/// Bytes that can be read from the start, and again: a file, or what a page was given.
pub trait Source {
    /// The bytes from the start.
    ///
    /// # Errors
    /// What the source of the bytes says.
    fn open(&mut self) -> io::Result<Box<dyn Read + '_>>;

    /// How many bytes there are, where that is known.
    fn size(&self) -> Option<u64>;
}

impl Source for &[u8] {
    fn open(&mut self) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(*self))
    }

    fn size(&self) -> Option<u64> {
        Some(self.len() as u64)
    }
}

/// How far the reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read so far.
    pub read: u64,
    /// Of so many, where that is known.
    pub size: Option<u64>,
}

/// Reads a source and says how far it is.
struct Counted<'a> {
    reader: Box<dyn Read + 'a>,
    progress: Progress,
    tell: &'a mut dyn FnMut(Progress),
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.progress.read += read as u64;
        (self.tell)(self.progress);
        Ok(read)
    }
}

/// What is read from a source: unpacked, with its first bytes known.
pub(crate) struct Opened<'a> {
    pub(crate) reader: Box<dyn Read + 'a>,
    /// The first bytes; they are in the reader as well.
    pub(crate) start: Vec<u8>,
    pub(crate) gzip: bool,
}

/// Bytes in memory that tell how far they are read; whoever reads them may go to and fro.
#[cfg(any(feature = "excel", feature = "stata"))]
pub(crate) struct Watched<'a, B> {
    bytes: io::Cursor<B>,
    tell: &'a mut dyn FnMut(Progress),
}

#[cfg(any(feature = "excel", feature = "stata"))]
impl<'a, B: AsRef<[u8]>> Watched<'a, B> {
    pub(crate) fn new(bytes: B, tell: &'a mut dyn FnMut(Progress)) -> Self {
        Watched {
            bytes: io::Cursor::new(bytes),
            tell,
        }
    }
}

#[cfg(any(feature = "excel", feature = "stata"))]
impl<B: AsRef<[u8]>> Read for Watched<'_, B> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.bytes.read(buffer)?;
        (self.tell)(Progress {
            read: self.bytes.position(),
            size: Some(self.bytes.get_ref().as_ref().len() as u64),
        });
        Ok(read)
    }
}

#[cfg(feature = "excel")]
impl<B: AsRef<[u8]>> io::Seek for Watched<'_, B> {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        self.bytes.seek(to)
    }
}

/// Opens a source, and unpacks it where it is packed with gzip.
pub(crate) fn open<'a>(source: &'a mut dyn Source, tell: &'a mut dyn FnMut(Progress)) -> Result<Opened<'a>> {
    let size = source.size();
    let reader = source.open().map_err(|error| Error::Source(error.to_string()))?;
    let counted = Counted {
        reader,
        progress: Progress { read: 0, size },
        tell,
    };
    let (start, reader) = peek(Box::new(counted))?;
    if !start.starts_with(&[0x1f, 0x8b]) {
        return Ok(Opened {
            reader,
            start,
            gzip: false,
        });
    }
    let (start, reader) = peek(Box::new(MultiGzDecoder::new(reader)))?;
    Ok(Opened {
        reader,
        start,
        gzip: true,
    })
}

/// All bytes of a source, unpacked, and whether they were packed; how far it is is told later, by whoever reads them.
#[cfg(any(feature = "excel", feature = "stata"))]
pub(crate) fn whole(source: &mut dyn Source) -> Result<(Vec<u8>, bool)> {
    /// Files of programs pack to a hundredth at best; more than that, and more than this, is made to fill memory.
    const MOST_TIMES: u64 = 100;
    const FEW_BYTES: u64 = 1 << 28;
    let packed = source.size();
    let mut bytes = Vec::new();
    let mut silent = |_| {};
    let opened = open(source, &mut silent)?;
    let most = match packed {
        Some(packed) if opened.gzip => FEW_BYTES + MOST_TIMES * packed,
        _ => u64::MAX - 1,
    };
    let read = opened.reader.take(most + 1).read_to_end(&mut bytes);
    read.map_err(|error| Error::Source(error.to_string()))?;
    if bytes.len() as u64 > most {
        return Err(Error::Source(format!(
            "it unpacks to more than {most} bytes: unpack it with gunzip first"
        )));
    }
    Ok((bytes, opened.gzip))
}

/// The first bytes, and a reader that gives them once more.
fn peek<'a>(mut reader: Box<dyn Read + 'a>) -> Result<(Vec<u8>, Box<dyn Read + 'a>)> {
    const START: u64 = 512;
    let mut start = Vec::new();
    reader
        .by_ref()
        .take(START)
        .read_to_end(&mut start)
        .map_err(|error| Error::Source(error.to_string()))?;
    let again = io::Cursor::new(start.clone()).chain(reader);
    Ok((start, Box::new(again)))
}
