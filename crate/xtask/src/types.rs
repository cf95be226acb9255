//! `cargo xtask types`: what scripts get from Rust, as the TypeScript types that their JSDoc names.

use std::{any::TypeId, collections::BTreeMap, fs, path::PathBuf};

use report::figure::{Figure, Reading};
use report::grid::Grid;
use standfirm::article::Article;
use standfirm::exhibits::threat::ThreatExhibit;
use standfirm::findings::threat::list::Threats;
use standfirm::session::{CurveView, Offer, Placed, Progress, Setting, Shown};
use standfirm::specification::choices::GroupReport;
use standfirm::specification::fragment::SpecificationReport;
use ts_rs::{Config, TS, TypeVisitor};

use crate::{Error, Workspace};

const HEAD: &str = "\
// What Rust hands over to scripts. `cargo xtask types` writes this file, and a test says when it is old.

/** What each function of the wasm module answers. */
";

/// Writes `www/types.d.ts`.
///
/// # Errors
/// Where it cannot be written, or two types have one name.
pub fn write(workspace: &Workspace) -> Result<PathBuf, Error> {
    let path = path(workspace);
    fs::write(&path, declarations()?).map_err(Error::file("write", &path))?;
    Ok(path)
}

fn path(workspace: &Workspace) -> PathBuf {
    workspace.root.join("www/types.d.ts")
}

/// What each function that crate/web exports answers, and every type that is in an answer.
fn declarations() -> Result<String, Error> {
    let mut types = Types::new();
    // Not a type of the page's: it only hands it on.
    types.answer("replicate", "object");
    types.answers::<Article>("article");
    types.answers::<SpecificationReport>("read_specification");
    types.answers::<Progress>("fit_next");
    types.answers::<Vec<GroupReport>>("choices");
    types.answers::<Threats>("threats");
    types.answers::<ThreatExhibit>("threat");
    types.answers::<Figure>("imputation_figure");
    types.answers::<Progress>("leave_next");
    types.answers::<Shown>("influence");
    types.answers::<Progress>("randomize_next");
    types.answers::<Shown>("randomization");
    types.answers::<Shown>("robustness");
    types.answers::<Progress>("validate_next");
    types.answers::<Shown>("validation");
    types.answers::<Offer>("multiverse");
    types.answer("multiverse_piece", "Float64Array");
    types.answers::<CurveView>("multiverse_view");
    types.answers::<Option<Placed>>("multiverse_read");
    types.answers::<Option<Setting>>("multiverse_pick");
    types.answers::<String>("multiverse_csv");
    types.answer("multiverse_dealt_out", "Float64Array");
    types.answers::<Option<Shown>>("multiverse_joint");
    types.answers::<f64>("figure_height");
    types.answer("draw_figure", "void");
    types.answer("draw_picture", "void");
    types.answers::<String>("figure_svg");
    types.answers::<Grid>("figure_grid");
    types.answers::<Grid>("table_grid");
    types.answers::<String>("write_grid");
    types.answers::<Option<Reading>>("read_figure");
    types.answers::<String>("episodes_csv");
    types.answers::<String>("codebook");
    types.text()
}

struct Types {
    config: Config,
    /// Functions with what they answer.
    answers: Vec<(&'static str, String)>,
    /// Declarations by name, with the Rust type of each.
    declared: BTreeMap<String, (TypeId, String)>,
    /// A name that two types have.
    clash: Option<String>,
}

impl Types {
    fn new() -> Self {
        Types {
            // In JavaScript there is one kind of number.
            config: Config::new().with_large_int("number"),
            answers: Vec::new(),
            declared: BTreeMap::new(),
            clash: None,
        }
    }

    fn answer(&mut self, function: &'static str, answer: &str) {
        self.answers.push((function, answer.to_owned()));
    }

    fn answers<T: TS + 'static>(&mut self, function: &'static str) {
        self.answer(function, &T::name(&self.config));
        self.visit::<T>();
        T::visit_generics(self);
    }

    fn text(self) -> Result<String, Error> {
        if let Some(name) = self.clash {
            return Err(Error::Types(name));
        }
        let mut text = format!("{HEAD}export type Answers = {{\n");
        for (function, answer) in self.answers {
            text += &format!("  {function}: {answer},\n");
        }
        text += "};\n";
        for (_, declaration) in self.declared.into_values() {
            text += &declaration;
        }
        Ok(text)
    }
}

impl TypeVisitor for Types {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        // Numbers, texts and lists have their names already.
        if T::output_path().is_none() {
            return;
        }
        let (name, id) = (T::ident(&self.config), TypeId::of::<T>());
        if let Some((known, _)) = self.declared.get(&name) {
            if *known != id {
                self.clash = Some(name);
            }
            return;
        }
        let docs = T::docs().unwrap_or_default();
        let declaration = tidy(&format!("{docs}export {}", T::decl(&self.config)));
        self.declared.insert(name, (id, declaration));
        T::visit_dependencies(self);
    }
}

/// A declaration as a person would write it: fields further in, short comments in one line.
fn tidy(declaration: &str) -> String {
    let text = declaration.replace(", };", ",\n};").replace("/**\n * ", "/** ");
    let (mut tidy, mut inside) = (String::from("\n"), "");
    let mut lines = text.lines().map(str::trim_end).peekable();
    while let Some(line) = lines.next() {
        if line == "};" {
            inside = "";
        }
        let comment = line.starts_with("/** ") && !line.ends_with("*/");
        if comment && lines.next_if(|next| *next == " */").is_some() {
            tidy += &format!("{inside}{line} */\n");
        } else if comment {
            tidy += &format!("{inside}/**\n{inside} * {}\n", line.trim_start_matches("/** "));
        } else {
            tidy += &format!("{inside}{line}\n");
        }
        if line.ends_with('{') {
            inside = "  ";
        }
    }
    tidy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_types_of_scripts_are_those_of_rust() {
        let path = path(&Workspace::find().unwrap());
        let committed = fs::read_to_string(path).unwrap().replace("\r\n", "\n");
        assert!(
            committed == declarations().unwrap(),
            "www/types.d.ts is old: run `cargo xtask types` to renew it"
        );
    }

    #[test]
    fn every_function_that_scripts_can_call_has_an_answer() {
        let declarations = declarations().unwrap();
        let boundary = Workspace::find().unwrap().root.join("crate/web/src/lib.rs");
        let boundary = fs::read_to_string(boundary).unwrap().replace("\r\n", "\n");
        let exported: Vec<&str> = boundary
            .split("#[wasm_bindgen]\npub fn ")
            .skip(1)
            .filter_map(|rest| rest.split('(').next())
            .collect();
        assert!(!exported.is_empty());
        for function in exported {
            assert!(declarations.contains(&format!("\n  {function}: ")), "{function}");
        }
    }

    #[test]
    fn two_types_of_one_name_are_refused() {
        mod other {
            #[derive(ts_rs::TS)]
            #[ts(rename = "Same")]
            pub(super) struct Second(#[allow(dead_code, reason = "only its type is looked at")] bool);
        }
        #[derive(TS)]
        #[ts(rename = "Same")]
        struct First(#[allow(dead_code, reason = "only its type is looked at")] u8);

        let mut types = Types::new();
        types.answers::<First>("first");
        types.answers::<First>("again");
        types.answers::<other::Second>("second");
        let message = types.text().unwrap_err().to_string();
        assert!(message.contains("`Same`"), "{message}");
    }
}
