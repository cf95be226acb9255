//! The files of a crate, and which of them imports from which.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use crate::{circles::Arrow, names::joined, source::Source};

/// All files of a crate, by the modules they are: the root is `[]`.
#[derive(Debug)]
pub(crate) struct Modules {
    folder: String,
    pub(crate) files: BTreeMap<Vec<String>, (String, Source)>,
}

impl Modules {
    /// Reads a crate of the workspace.
    pub(crate) fn of_crate(workspace: &Path, name: &str) -> Self {
        let folder = format!("crate/{name}/src");
        let src = workspace.join(&folder);
        let mut files = Vec::new();
        find_files(&src, &src, &mut files);
        Self::new(&folder, files)
    }

    /// The modules of files with these names and texts.
    pub(crate) fn new(folder: &str, texts: Vec<(String, String)>) -> Self {
        let mut files = BTreeMap::new();
        let mut for_tests = Vec::new();
        // Beside a library, `main.rs` is a crate of its own.
        let library = texts.iter().any(|(file, _)| file == "lib.rs");
        for (file, text) in texts {
            let module = if library && file == "main.rs" {
                vec!["main".to_owned()]
            } else {
                module(&file)
            };
            let source = Source::read(&text).unwrap_or_else(|error| panic!("{folder}/{file}: {error}"));
            for_tests.extend(source.for_tests.iter().map(|child| joined(&module, [child])));
            files.insert(module, (file, source));
        }
        files.retain(|module, _| !for_tests.iter().any(|prefix| module.starts_with(prefix)));
        Self {
            folder: folder.to_owned(),
            files,
        }
    }

    /// The names of all files.
    pub(crate) fn files(&self) -> BTreeSet<String> {
        self.files.values().map(|(file, _)| file.clone()).collect()
    }

    /// Who imports from whom, once for each two files: where it is first said.
    pub(crate) fn arrows(&self) -> Vec<Arrow> {
        let mut told = BTreeSet::new();
        let mut arrows = Vec::new();
        for (module, (file, source)) in &self.files {
            let uses = source.uses.iter().map(|one| (&one.mention, one.handed_on));
            let mentions = source.mentions.iter().map(|mention| (mention, false));
            for (mention, handed_on) in uses.chain(mentions) {
                let mut homes = self.homes(module, mention);
                homes.retain(|home| home != module && told.insert((file, home.clone(), handed_on)));
                arrows.extend(homes.iter().map(|home| Arrow {
                    from: file.clone(),
                    to: self.files[home].0.clone(),
                    place: format!("{}/{file}:{}", self.folder, mention.line),
                    name: mention.path.join("::"),
                    handed_on,
                }));
            }
        }
        arrows
    }
}

/// The module that a file is: `figure/mod.rs` is `figure`.
fn module(file: &str) -> Vec<String> {
    let path = file.trim_end_matches(".rs");
    let mut parts: Vec<String> = path.split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| last == "mod") || ["lib", "main"].contains(&path) {
        parts.pop();
    }
    parts
}

fn find_files(src: &Path, folder: &Path, files: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() {
            find_files(src, &path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let parts = path
                .strip_prefix(src)
                .unwrap()
                .iter()
                .map(|part| part.to_str().unwrap());
            let name = parts.collect::<Vec<_>>().join("/");
            files.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
}
