//! Reads a file and prints its columns, with the time that took: `cargo run --release --example read FILE`.

use std::fs::File;
use std::io::{self, Read};
use std::time::Instant;

use readers::{Options, Source};

struct OnDisk(String);

impl Source for OnDisk {
    fn open(&mut self) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(File::open(&self.0)?))
    }

    fn size(&self) -> Option<u64> {
        None
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("say which file")?;
    let start = Instant::now();
    let file = readers::read_from(&mut OnDisk(path), &Options::default(), &mut |_| {})?;
    eprintln!("{:?}", start.elapsed());
    println!("{}", file.reading());
    for column in file.summary().columns {
        println!("{}: {:?}, {}", column.name, column.kind, column.content());
    }
    Ok(())
}
