//! The page's scripts, and which of them imports from which.

use std::{fs, path::Path};

use crate::circles::Arrow;

/// All imports among the scripts of a folder.
pub(crate) fn arrows(workspace: &Path, folder: &str) -> Vec<Arrow> {
    let mut arrows = Vec::new();
    for entry in fs::read_dir(workspace.join(folder)).expect("the folder is there") {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "js") {
            let file = path.file_name().unwrap().to_str().unwrap();
            arrows.extend(arrows_of(folder, file, &fs::read_to_string(&path).unwrap()));
        }
    }
    arrows.sort_by(|a, b| a.place.cmp(&b.place));
    arrows
}

/// The imports of a script: statements that begin a line with `import` or `export` and name a file beside it. Those of
/// types stand in comments, which have lines of their own and tie nothing.
pub(crate) fn arrows_of(folder: &str, file: &str, text: &str) -> Vec<Arrow> {
    let mut arrows = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        if !["import ", "import{", "export {", "export * "]
            .iter()
            .any(|start| line.starts_with(start))
        {
            continue;
        }
        let mut statement = line.to_owned();
        while !statement.contains(';')
            && let Some((_, line)) = lines.next()
        {
            statement.push_str(line);
        }
        if let Some(to) = statement
            .split(['"', '\''])
            .find_map(|part| part.strip_prefix("./"))
        {
            arrows.push(Arrow {
                from: file.to_owned(),
                to: to.to_owned(),
                place: format!("{folder}/{file}:{}", at + 1),
                name: statement
                    .split(['{', '}'])
                    .nth(1)
                    .unwrap_or("all")
                    .trim()
                    .to_owned(),
                handed_on: false,
            });
        }
    }
    arrows
}
