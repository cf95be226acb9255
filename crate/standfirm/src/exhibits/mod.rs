//! The study's figures and tables, made from its findings: each in the module named after it.

pub mod about;
pub mod case;
pub mod curve;
pub mod download;
mod finding;
pub mod four;
pub mod hypotheses;
pub mod imputation;
pub mod influence;
pub mod joint;
pub mod multiverse;
pub mod one;
pub mod randomization;
pub mod robustness;
pub mod tables;
pub mod threat;
pub mod three;
pub mod two;
pub mod validation;

use crate::fitting::fitted::Fitted;

/// The measures of dependence that models have, each once: rows of a figure.
fn measures<'a>(models: impl IntoIterator<Item = &'a Fitted>) -> Vec<&'static str> {
    let mut measures = Vec::new();
    for one in models {
        if !measures.contains(&one.model.dependence.named) {
            measures.push(one.model.dependence.named);
        }
    }
    measures
}

/// How the models' predictions and intervals are made, and what of it failed.
fn method(models: &[&Fitted]) -> String {
    let Some(first) = models.first() else {
        return String::new();
    };
    let (failed, asked) = models.iter().fold((0, 0), |(failed, asked), one| {
        let (some, all) = one.estimate.failures();
        (failed + some, asked + all)
    });
    let mut note = first.estimate.note().to_owned();
    if failed > 0 {
        note.push_str(&format!(
            ", {failed} of {asked} of which could not be fitted and are left out"
        ));
    }
    let separated: usize = models.iter().map(|one| one.estimate.separated()).sum();
    if separated > 0 {
        note.push_str(&format!(
            "; in {separated} of {asked} outcomes are separated, and coefficients without a finite estimate are at their limits"
        ));
    }
    note
}

/// Which dependence counts as high, in words that say of what and not of whose episodes.
fn high_words(models: &[&Fitted]) -> &'static str {
    models.first().map_or("", |one| one.model.high.words())
}

/// What the abbreviations stand for that these models are called by: one by its label, several in a word or two.
fn abbreviations(models: &[&Fitted]) -> String {
    let known = [
        ("COW", " COW: Correlates of War."),
        ("MI", " MI: multiple imputation."),
    ];
    let uses = |word: &str| {
        let name = |one: &&Fitted| match models.len() {
            1 => one.model.dependence.label,
            _ => one.model.dependence.short,
        };
        models
            .iter()
            .any(|one| name(one).split(' ').any(|part| part == word))
    };
    let used = known.into_iter().filter(|(word, _)| uses(word));
    used.map(|(_, words)| words).collect()
}

/// What a note says where episodes with imputed values are shown.
fn imputed_too<'a>(fitted: impl IntoIterator<Item = &'a Fitted>) -> &'static str {
    if fitted.into_iter().any(|one| one.model.dependence.imputed) {
        " Where values are imputed, those of all completed tables are shown."
    } else {
        ""
    }
}
