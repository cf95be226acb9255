//! `cargo xtask page`: from the sources to `dist/`.

pub mod bundle;
mod citation;
mod compress;
mod lean;
mod licences;
pub mod metadata;
mod picture;
mod site;
mod wasm;
mod words;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use standfirm::exhibits::download;

use crate::{Error, Workspace};
use bundle::Modules;
use compress::gzip;
use lean::lean;
use metadata::Head;
use site::Sources;
pub(crate) use wasm::{PACKAGE, PROFILE};
use words::{Words, escaped};

/// What was written.
#[derive(Debug)]
pub struct Built {
    files: Vec<File>,
    out: PathBuf,
    /// Why there is no picture for previews, if so.
    unpictured: Option<String>,
}

#[derive(Debug)]
struct File {
    name: &'static str,
    size: usize,
    gzipped: usize,
}

/// Builds the page into `out`, replacing what the last build left there; `site` is the address of the folder it will be served
/// from, where that is known.
///
/// # Errors
/// When a program it needs is missing or fails, or a source lacks what the build looks for.
pub fn build(workspace: &Workspace, out: &Path, site: Option<&str>) -> Result<Built, Error> {
    let module = wasm::compile(workspace)?;
    let whole = |name: &str| read(&workspace.root.join("www").join(name));
    let style = |name: &str| lean(&whole(name)?);
    let modules = modules(&workspace.root.join("www"))?;
    let script = |entry: &str, given: &[&str]| lean(&modules.bundle(entry, given)?);
    let licences = licences::licences(workspace)?;
    let Words { mut words, main } = words::words()?;
    for (name, text) in [
        ("licences", escaped(&licences.names)),
        // Double braces would be places for words.
        ("bibtex", escaped(&citation::bibtex(site)).replace('{', "&#123;")),
        ("ris", escaped(&citation::ris(site))),
        ("sources", citation::sources()),
    ] {
        words.push((name.to_owned(), text));
    }
    let (picture, unpictured) = match picture::preview(&main) {
        Ok(picture) => (Some(picture), None),
        Err(reason) => (None, Some(reason.to_string())),
    };
    let head = Head {
        site,
        headline: &main.title,
        picture: picture.is_some(),
    };
    let sources = Sources {
        html: read(&workspace.root.join("index.html"))?,
        card_style: style("card.css")?,
        article_style: style("article.css")?,
        page: script("page.js", &["VERSION", "newGlue"])?,
        embed: script("embed.js", &["VERSION", "STYLE", "newGlue"])?,
        worker: script("worker.js", &["newGlue"])?,
        service_worker: script("sw.js", &["VERSION", "HASHES"])?,
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
        hosted_head: head.hosted(),
        one_file_head: head.one_file(),
        picture,
        episodes: download::episodes_csv()?,
        codebook: download::codebook()?,
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
        unpictured,
    })
}

/// The scripts that a page or browser loads by themselves.
const ENTRIES: [&str; 4] = ["page.js", "embed.js", "worker.js", "sw.js"];

/// Every script of a folder.
fn modules(folder: &Path) -> Result<Modules, Error> {
    let mut texts = BTreeMap::new();
    for file in fs::read_dir(folder).map_err(Error::file("read", folder))? {
        let path = file.map_err(Error::file("read", folder))?.path();
        if let Some(name) = path.file_name().and_then(|name| name.to_str())
            && name.ends_with(".js")
        {
            texts.insert(name.to_owned(), read(&path)?);
        }
    }
    let modules = Modules::read(&texts)?;
    modules.check_all_used(&ENTRIES)?;
    Ok(modules)
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
        if let Some(reason) = &self.unpictured {
            println!("Links to it show no picture: {reason}");
        }
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
