//! `cargo xtask page`: from the sources to `dist/`.

mod lean;
mod licences;
mod site;
mod wasm;
mod words;

use std::{
    fs,
    io::Write,
    num::NonZeroU64,
    path::{Path, PathBuf},
};

use flate2::{Compression, write::GzEncoder};

use crate::{Error, Workspace};
use lean::lean;
use site::Sources;
pub(crate) use wasm::{PACKAGE, PROFILE};

/// What was written.
#[derive(Debug)]
pub struct Built {
    files: Vec<File>,
    out: PathBuf,
}

#[derive(Debug)]
struct File {
    name: &'static str,
    size: usize,
    gzipped: usize,
}

/// Builds the page into `out`, replacing what the last build left there.
///
/// # Errors
/// When a program it needs is missing or fails, or a source lacks what the build looks for.
pub fn build(workspace: &Workspace, out: &Path) -> Result<Built, Error> {
    let module = wasm::compile(workspace)?;
    let whole = |name: &str| read(&workspace.root.join("www").join(name));
    let www =
        |names: &[&str]| -> Result<String, Error> { names.iter().map(|name| lean(&whole(name)?)).collect() };
    let figures = [
        "dom.js",
        "state.js",
        "engine.js",
        "plot.js",
        "card.js",
        "study.js",
    ];
    let with = |last: &[&'static str]| www(&[&figures, last].concat());
    let licences = licences::licences(workspace)?;
    let mut words = words::words()?;
    words.push(("licences".to_owned(), words::escaped(&licences.names)));
    let sources = Sources {
        html: read(&workspace.root.join("index.html"))?,
        card_style: www(&["card.css"])?,
        article_style: www(&["article.css"])?,
        page: with(&[
            "builder.js",
            "threat.js",
            "pool.js",
            "multiverse.js",
            "follow.js",
            "offline.js",
            "page.js",
        ])?,
        embed: with(&["embed.js"])?,
        worker: www(&["worker.js"])?,
        service_worker: www(&["sw.js"])?,
        glue: lean(&module.glue)?,
        wasm: module.wasm,
        icon: whole("icon.svg")?,
        others: [
            "manifest.webmanifest",
            "example-article.html",
            "example-article.css",
        ]
        .into_iter()
        .map(|name| Ok((name, whole(name)?)))
        .collect::<Result<_, Error>>()?,
        words,
        licences: licences.texts,
    };
    let mut files = Vec::new();
    fs::create_dir_all(out).map_err(Error::file("create", out))?;
    for (name, content) in site::assemble(&sources)? {
        let path = out.join(name);
        fs::write(&path, &content).map_err(Error::file("write", &path))?;
        files.push(File {
            name,
            size: content.len(),
            gzipped: gzip(&content).len(),
        });
    }
    Ok(Built {
        files,
        out: out.to_owned(),
    })
}

impl Built {
    /// Says where the files are and how big.
    pub fn print(&self) {
        println!("\n{:<20} {:>10} {:>10}", "bytes", "raw", "gzipped");
        for File { name, size, gzipped } in &self.files {
            println!("{name:<20} {size:>10} {gzipped:>10}");
        }
        println!(
            "\nThe site to host:      {}",
            self.out.join("index.html").display()
        );
        println!(
            "All of it in one file: {}",
            self.out.join("standfirm.html").display()
        );
    }
}

/// Reads a source as every machine should see it: with a version control system's CRLF undone, because the
/// Content-Security-Policy's hashes are taken of what the browser's parser makes of it.
fn read(path: &Path) -> Result<String, Error> {
    Ok(fs::read_to_string(path)
        .map_err(Error::file("read", path))?
        .replace("\r\n", "\n"))
}

/// As a server compresses what it sends.
fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    // Writing to memory does not fail.
    let _ = encoder.write_all(content);
    encoder.finish().unwrap_or_default()
}

/// gzip with no name and no time in it: the same bytes for the same content. It takes its time: what it makes is 4 % smaller
/// than what others make, and read as fast.
fn pack(content: &[u8]) -> Vec<u8> {
    let options = zopfli::Options {
        iteration_count: NonZeroU64::new(5).unwrap_or(NonZeroU64::MIN),
        ..Default::default()
    };
    let mut packed = Vec::new();
    // Writing to memory does not fail.
    let _ = zopfli::compress(options, zopfli::Format::Gzip, content, &mut packed);
    packed
}
