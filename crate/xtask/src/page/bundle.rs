//! The ES modules of `www/` as classic scripts, because a page opened by double click may not load modules.
//!
//! An entry and what it imports become one text, each module a function that is called at once, after those it imports:
//! it sees its own names, the imported ones and what the build puts before all of them, as it would as a module. What could
//! not come out so is refused, with the file and line: a module is read line by line, not parsed.

use std::collections::{BTreeMap, BTreeSet};

/// What modules import the build's own values from. There is no such file.
const GIVEN: &str = "build.js";

/// A script that cannot be put together with others.
#[derive(Debug, thiserror::Error)]
#[error("www/{file}:{line}: {problem}")]
pub struct Error {
    file: String,
    line: usize,
    problem: Problem,
}

#[derive(Debug, thiserror::Error)]
enum Problem {
    #[error("write an import as one line, `import {{ name, other }} from \"./file.js\";`, before all code")]
    Import,
    #[error("imports are fixed: a classic script knows neither `import(` nor `import.meta`")]
    Dynamic,
    #[error("export a `const`, `class` or `function` where it is made, by its name")]
    Export,
    #[error("declare one name at a time at a module's top level")]
    Names,
    #[error("`{0}` is there twice")]
    Twice(String),
    #[error("there is no `{0}` to import")]
    NoFile(String),
    #[error("`{file}` exports no `{name}`")]
    NoName { file: String, name: String },
    #[error("the build gives this script no `{0}`")]
    NotGiven(String),
    #[error("a circle of imports: {0}")]
    Circle(String),
    #[error("`{other}` exports a `{name}` too: two things in one script have two names")]
    Ambiguous { name: String, other: String },
    #[error("only a page's or worker's own script does something when it is loaded: a module makes names")]
    Acts,
    #[error("nobody imports `{0}`")]
    Unused(String),
}

/// All modules, by file name.
pub(super) struct Modules(BTreeMap<String, Module>);

/// A module by its lines.
#[derive(Default)]
struct Module {
    imports: Vec<Import>,
    exports: Vec<Name>,
    /// The first line that does more than declare.
    acts: Option<usize>,
    /// What is left of it as a function's body.
    body: String,
}

struct Import {
    line: usize,
    names: Vec<String>,
    file: String,
}

struct Name {
    line: usize,
    name: String,
}

impl Modules {
    /// Reads modules: file names with their texts.
    ///
    /// # Errors
    /// Where a line of one is not as it must be.
    pub(super) fn read(files: &BTreeMap<String, String>) -> Result<Self, Error> {
        let read = |(file, text): (&String, &String)| Ok((file.clone(), Module::read(file, text)?));
        files.iter().map(read).collect::<Result<_, _>>().map(Modules)
    }

    /// An entry, and before it all that it imports; `given` is what the build puts before them.
    ///
    /// # Errors
    /// Where what is imported is not there, or cannot be what it is meant to be.
    pub(super) fn bundle(&self, entry: &str, given: &[&str]) -> Result<String, Error> {
        let mut bundle = Bundle {
            modules: &self.0,
            given,
            order: Vec::new(),
        };
        let Some(module) = self.0.get(entry) else {
            return Err(error(entry, 1, Problem::NoFile(entry.to_owned())));
        };
        bundle.add_imports(&mut vec![entry], module)?;
        bundle.check_names()?;
        let modules = bundle.order.iter().map(|file| self.0[*file].as_function(file));
        let modules: String = modules.collect();
        // What the entry makes is not for them to see; alone it has the block that the build puts around everything.
        Ok(match modules.as_str() {
            "" => module.body.clone(),
            _ => format!("{modules}{{\n{}}}\n", module.body),
        })
    }

    /// That every export is imported, and every module but the entries has one.
    ///
    /// # Errors
    /// Names what could be left out.
    pub(super) fn check_all_used(&self, entries: &[&str]) -> Result<(), Error> {
        let imports = || self.0.values().flat_map(|module| &module.imports);
        for (file, module) in &self.0 {
            if module.exports.is_empty() && !entries.contains(&file.as_str()) {
                return Err(error(file, 1, Problem::Unused(file.clone())));
            }
            for Name { line, name } in &module.exports {
                if !imports().any(|import| import.file == *file && import.names.contains(name)) {
                    return Err(error(file, *line, Problem::Unused(name.clone())));
                }
            }
        }
        Ok(())
    }
}

/// An entry's modules as they are put in order.
struct Bundle<'a> {
    modules: &'a BTreeMap<String, Module>,
    given: &'a [&'a str],
    /// Each after those it imports.
    order: Vec<&'a str>,
}

impl<'a> Bundle<'a> {
    /// Adds what a module imports; `path` leads from the entry to it.
    fn add_imports(&mut self, path: &mut Vec<&'a str>, module: &'a Module) -> Result<(), Error> {
        let importer = path.last().copied().unwrap_or_default();
        for Import { line, names, file } in &module.imports {
            let refuse = |problem| Err(error(importer, *line, problem));
            if file == GIVEN {
                match names.iter().find(|name| !self.given.contains(&name.as_str())) {
                    Some(name) => return refuse(Problem::NotGiven(name.clone())),
                    None => continue,
                }
            }
            let Some((file, imported)) = self.modules.get_key_value(file) else {
                return refuse(Problem::NoFile(file.clone()));
            };
            let exported = |name: &&String| imported.exports.iter().any(|export| export.name == **name);
            if let Some(name) = names.iter().find(|name| !exported(name)) {
                let (file, name) = (file.clone(), name.clone());
                return refuse(Problem::NoName { file, name });
            }
            if let Some(start) = path.iter().position(|above| above == file) {
                let circle = [&path[start..], &[file.as_str()]].concat();
                return refuse(Problem::Circle(circle.join(" → ")));
            }
            if self.order.contains(&file.as_str()) {
                continue;
            }
            if let Some(line) = imported.acts {
                return Err(error(file, line, Problem::Acts));
            }
            path.push(file);
            self.add_imports(path, imported)?;
            path.pop();
            self.order.push(file);
        }
        Ok(())
    }

    fn check_names(&self) -> Result<(), Error> {
        let mut known: BTreeMap<&str, &str> = self.given.iter().map(|name| (*name, GIVEN)).collect();
        for file in &self.order {
            for Name { line, name } in &self.modules[*file].exports {
                if let Some(other) = known.insert(name, file) {
                    let (name, other) = (name.clone(), other.to_owned());
                    return Err(error(file, *line, Problem::Ambiguous { name, other }));
                }
            }
        }
        Ok(())
    }
}

impl Module {
    fn read(file: &str, text: &str) -> Result<Self, Error> {
        let mut reader = Reader::default();
        for (at, text) in text.lines().enumerate() {
            let line = at + 1;
            reader
                .read_line(text, line)
                .map_err(|problem| error(file, line, problem))?;
        }
        Ok(reader.module)
    }

    fn add_line(&mut self, line: &str) {
        self.body.push_str(line);
        self.body.push('\n');
    }

    /// The names it exports, as properties of a constant.
    fn as_function(&self, file: &str) -> String {
        let names: Vec<&str> = self.exports.iter().map(|export| export.name.as_str()).collect();
        format!(
            "const {} = (() => {{\n{}return {{ {} }};\n}})();\n",
            variable(file),
            self.body,
            names.join(", ")
        )
    }
}

/// Reads the lines of a module.
#[derive(Default)]
struct Reader {
    module: Module,
    /// What is declared or imported so far.
    names: BTreeSet<String>,
    in_comment: bool,
    in_code: bool,
}

impl Reader {
    fn read_line(&mut self, text: &str, line: usize) -> Result<(), Problem> {
        if self.is_comment(text) || text.is_empty() {
            self.module.add_line(text);
            return Ok(());
        }
        if text.contains("import(") || text.contains("import.meta") {
            return Err(Problem::Dynamic);
        }
        match identifier(text) {
            "import" => self.read_import(text, line),
            "export" => self.read_export(text, line),
            _ => self.read_code(text, line),
        }
    }

    /// Comments have lines of their own.
    fn is_comment(&mut self, text: &str) -> bool {
        let begins = text.trim_start();
        let is_comment = self.in_comment || begins.starts_with("/*") || begins.starts_with("//");
        self.in_comment = (self.in_comment || begins.starts_with("/*")) && !text.contains("*/");
        is_comment
    }

    fn read_import(&mut self, text: &str, line: usize) -> Result<(), Problem> {
        let import = imported(text, line).ok_or(Problem::Import)?;
        if self.in_code {
            return Err(Problem::Import);
        }
        for name in &import.names {
            self.add_name(name)?;
        }
        if import.file != GIVEN {
            let (names, from) = (import.names.join(", "), variable(&import.file));
            self.module.add_line(&format!("const {{ {names} }} = {from};"));
        }
        self.module.imports.push(import);
        Ok(())
    }

    fn read_export(&mut self, text: &str, line: usize) -> Result<(), Problem> {
        let code = text.strip_prefix("export ").ok_or(Problem::Export)?;
        // What importers have must not change.
        let name = declared(code)
            .filter(|_| !code.starts_with("let "))
            .ok_or(Problem::Export)?;
        self.module.exports.push(Name {
            line,
            name: name.to_owned(),
        });
        self.read_code(code, line)
    }

    fn read_code(&mut self, text: &str, line: usize) -> Result<(), Problem> {
        self.in_code = true;
        // What begins further in, or closes what did, belongs to the declaration above it.
        let new = !text.starts_with([' ', '}', ']', ')']);
        match declared(text) {
            Some("") => return Err(Problem::Names),
            Some(name) => self.add_name(name)?,
            None if new => self.module.acts = self.module.acts.or(Some(line)),
            None => {}
        }
        self.module.add_line(text);
        Ok(())
    }

    fn add_name(&mut self, name: &str) -> Result<(), Problem> {
        if self.names.insert(name.to_owned()) {
            Ok(())
        } else {
            Err(Problem::Twice(name.to_owned()))
        }
    }
}

fn error(file: &str, line: usize, problem: Problem) -> Error {
    Error {
        file: file.to_owned(),
        line,
        problem,
    }
}

/// What a module is called in a bundle: no name in a module can be the same.
fn variable(file: &str) -> String {
    format!("${}", file.replace(['.', '-'], "_"))
}

/// `import { name, other } from "./file.js";`
fn imported(text: &str, line: usize) -> Option<Import> {
    let (names, file) = text
        .strip_prefix("import { ")?
        .strip_suffix("\";")?
        .split_once(" } from \"./")?;
    let names: Vec<String> = names.split(", ").map(str::to_owned).collect();
    let names_only = names
        .iter()
        .all(|name| !name.is_empty() && identifier(name) == name);
    let file = file.to_owned();
    (names_only && file.ends_with(".js") && !file.contains('/')).then_some(Import { line, names, file })
}

/// The name that a line declares; none of its own where it is a pattern of several.
fn declared(code: &str) -> Option<&str> {
    let declare = ["const ", "let ", "class ", "async function ", "function "];
    let name = declare.iter().find_map(|word| code.strip_prefix(word))?;
    Some(identifier(name))
}

/// The identifier that a text begins with.
fn identifier(text: &str) -> &str {
    let end = text.find(|letter: char| !(letter.is_alphanumeric() || letter == '_' || letter == '$'));
    let name = &text[..end.unwrap_or(text.len())];
    if name.starts_with(|letter: char| letter.is_numeric()) {
        ""
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(files: &[(&str, &str)]) -> BTreeMap<String, String> {
        let owned = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
        files.iter().map(owned).collect()
    }

    fn bundle(sources: &[(&str, &str)]) -> Result<String, Error> {
        Modules::read(&files(sources))?.bundle("page.js", &["VERSION"])
    }

    fn refusal(sources: &[(&str, &str)]) -> String {
        bundle(sources).unwrap_err().to_string()
    }

    /// A page that imports `a` from a module.
    fn refusal_of_module(module: &str) -> String {
        refusal(&[
            ("page.js", "import { a } from \"./a.js\";\na();\n"),
            ("a.js", module),
        ])
    }

    #[test]
    fn each_module_comes_once_and_after_those_it_imports() {
        let page = "import { b } from \"./b.js\";\nimport { a } from \"./a.js\";\nb(a);\n";
        let b = "import { a } from \"./a.js\";\nimport { VERSION } from \"./build.js\";\n\nexport const b = () => a + VERSION;\n";
        let a = "/** One. */\nexport const a = 1;\n\nexport async function c() {\n  return a;\n}\n";
        assert_eq!(
            bundle(&[("page.js", page), ("b.js", b), ("a.js", a)]).unwrap(),
            "const $a_js = (() => {\n/** One. */\nconst a = 1;\n\nasync function c() {\n  return a;\n}\nreturn { a, c };\n})();\n\
             const $b_js = (() => {\nconst { a } = $a_js;\n\nconst b = () => a + VERSION;\nreturn { b };\n})();\n\
             {\nconst { b } = $b_js;\nconst { a } = $a_js;\nb(a);\n}\n"
        );
    }

    #[test]
    fn a_module_that_no_entry_imports_is_left_out() {
        let text = bundle(&[("page.js", "run();\n"), ("a.js", "export const a = 1;\n")]).unwrap();
        assert_eq!(text, "run();\n");
    }

    #[test]
    fn private_names_may_be_the_same_in_two_modules() {
        let module = |name: &str| format!("const same = 1;\nexport const {name} = same;\n");
        let page = "import { a } from \"./a.js\";\nimport { b } from \"./b.js\";\n";
        bundle(&[("page.js", page), ("a.js", &module("a")), ("b.js", &module("b"))]).unwrap();
    }

    #[test]
    fn imports_of_another_form_are_refused() {
        for line in [
            "import a from \"./a.js\";",
            "import * as a from \"./a.js\";",
            "import { a as b } from \"./a.js\";",
            "import {",
            "import \"./a.js\";",
            "import { a } from \"elsewhere\";",
            "import { a } from \"./folder/a.js\";",
            "import { a } from './a.js';",
        ] {
            let message = refusal(&[("page.js", &format!("// A page.\n{line}\n"))]);
            assert!(
                message.starts_with("www/page.js:2: write an import as one line"),
                "{line}: {message}"
            );
        }
        let message = refusal(&[("page.js", "const b = 1;\nimport { a } from \"./a.js\";\n")]);
        assert!(message.starts_with("www/page.js:2: write an import"), "{message}");
    }

    #[test]
    fn imports_at_run_time_are_refused() {
        for line in ["  await import(\"./a.js\");", "const here = import.meta.url;"] {
            let message = refusal(&[("page.js", line)]);
            assert!(
                message.starts_with("www/page.js:1: imports are fixed"),
                "{message}"
            );
        }
    }

    #[test]
    fn exports_of_another_form_are_refused() {
        for line in [
            "export default a;",
            "export { a };",
            "export * from \"./b.js\";",
            "export let a = 1;",
            "export{ a };",
        ] {
            let message = refusal_of_module(line);
            assert!(
                message.starts_with("www/a.js:1: export a `const`"),
                "{line}: {message}"
            );
        }
    }

    #[test]
    fn names_that_cannot_be_told_one_by_one_are_refused() {
        for line in ["export const { a, b } = c;", "const [a, b] = [1, 2];"] {
            let message = refusal_of_module(line);
            assert_eq!(
                message,
                "www/a.js:1: declare one name at a time at a module's top level"
            );
        }
    }

    #[test]
    fn a_name_that_is_there_twice_is_refused() {
        let message = refusal_of_module("export const a = 1;\nfunction a() {}\n");
        assert_eq!(message, "www/a.js:2: `a` is there twice");
        let message = refusal(&[("page.js", "import { a } from \"./a.js\";\n\nclass a {}\n")]);
        assert_eq!(message, "www/page.js:3: `a` is there twice");
        let page = "import { a } from \"./a.js\";\nimport { b } from \"./b.js\";\n";
        let b = "\nexport const b = 1;\nexport const a = 2;\n";
        let message = refusal(&[("page.js", page), ("a.js", "export const a = 1;\n"), ("b.js", b)]);
        assert_eq!(
            message,
            "www/b.js:3: `a.js` exports a `a` too: two things in one script have two names"
        );
        let message = refusal_of_module("export const a = 1;\nexport const VERSION = 2;\n");
        assert!(message.starts_with("www/a.js:2: `build.js` exports"), "{message}");
    }

    #[test]
    fn unknown_files_and_names_are_refused() {
        let page = "// A page.\nimport { a } from \"./a.js\";\n";
        assert_eq!(
            refusal(&[("page.js", page)]),
            "www/page.js:2: there is no `a.js` to import"
        );
        assert_eq!(
            refusal(&[("page.js", page), ("a.js", "const a = 1;\nexport const b = a;\n")]),
            "www/page.js:2: `a.js` exports no `a`"
        );
        assert_eq!(
            refusal(&[("page.js", "import { HASHES } from \"./build.js\";\n")]),
            "www/page.js:1: the build gives this script no `HASHES`"
        );
        assert_eq!(refusal(&[]), "www/page.js:1: there is no `page.js` to import");
    }

    #[test]
    fn circles_are_refused_with_their_way() {
        let a = "import { b } from \"./b.js\";\nexport const a = b;\n";
        let b = "\nimport { a } from \"./a.js\";\nexport const b = a;\n";
        let message = refusal(&[
            ("page.js", "import { a } from \"./a.js\";\n"),
            ("a.js", a),
            ("b.js", b),
        ]);
        assert_eq!(message, "www/b.js:2: a circle of imports: a.js → b.js → a.js");
    }

    #[test]
    fn a_module_that_does_something_when_imported_is_refused() {
        for line in ["a.push(2);", "if (a) a.pop();", "document.title = a;"] {
            let message = refusal_of_module(&format!("export const a = [\n  1,\n];\n{line}\n"));
            assert!(
                message.starts_with("www/a.js:4: only a page's"),
                "{line}: {message}"
            );
        }
    }

    #[test]
    fn what_nobody_imports_is_told() {
        let used = |sources: &[(&str, &str)]| {
            let modules = Modules::read(&files(sources)).unwrap();
            modules
                .check_all_used(&["page.js"])
                .map_err(|error| error.to_string())
        };
        let page = ("page.js", "import { a } from \"./a.js\";\na();\n");
        assert_eq!(used(&[page, ("a.js", "export const a = 1;\n")]), Ok(()));
        assert_eq!(
            used(&[page, ("a.js", "export const a = 1;\nexport const b = 2;\n")]),
            Err("www/a.js:2: nobody imports `b`".to_owned())
        );
        assert_eq!(
            used(&[
                page,
                ("a.js", "export const a = 1;\n"),
                ("b.js", "const b = 2;\n")
            ]),
            Err("www/b.js:1: nobody imports `b.js`".to_owned())
        );
    }

    #[test]
    fn comments_and_types_are_no_imports() {
        let page = "/**\n * @import { State } from \"./state.js\"\nimport nothing\n */\n// import(\"./a.js\")\nrun();\n";
        assert!(bundle(&[("page.js", page)]).unwrap().ends_with("run();\n"));
    }
}
