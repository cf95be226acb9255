//! What a reader may ask of a figure or a table: what is shown, by which model, from how many episodes, from which
//! sources.

use report::words::capital;

use crate::data::variables::{Source, source, variable};
use crate::fitting::fitted::Fitted;

/// Terms, each with its explanation.
pub type About = Vec<(String, String)>;

/// The study and this program, for whatever is taken away from them.
pub const CITATION: &str = "Standfirm: a re-estimation of Huang, Pi Cheng, The Source of Autocratic Recalcitrance to \
                            Sanction Threats (MA thesis, University of Virginia), on data rebuilt from public sources.";

/// About what `models` give.
pub(crate) fn models(shows: &str, models: &[&Fitted]) -> About {
    let mut about = vec![("Shown".to_owned(), shows.to_owned())];
    let mut say = |term: &str, explanation: String| about.push((term.to_owned(), explanation));
    if let Some(first) = models.first() {
        let formula = match models {
            [one] => one.report.formula.clone(),
            _ => format!(
                "{}, with each measure of dependence in turn",
                first.report.formula
            ),
        };
        say(
            "Model",
            format!(
                "Multinomial logit by maximum likelihood, against {}: {formula}",
                first.report.model.base
            ),
        );
    }
    let each = |of: &dyn Fn(&Fitted) -> String| {
        let parts = models.iter().map(|one| match models {
            [_] => of(one),
            _ => format!("{}: {}", one.model.dependence.label, of(one)),
        });
        parts.collect::<Vec<_>>().join("; ")
    };
    say(
        "Trade dependence",
        match models {
            [one] => capital(one.model.dependence.definition),
            _ => each(&|one| one.model.dependence.definition.to_owned()),
        },
    );
    say("Episodes", each(&episodes));
    let names = models.iter().flat_map(|one| {
        let words = one
            .report
            .formula
            .split(|c: char| !c.is_alphanumeric() && c != '_');
        words.chain([one.report.dependence.as_str()])
    });
    say("Sources", sources(names));
    about
}

/// How many episodes, and how they ended.
fn episodes(one: &Fitted) -> String {
    let model = &one.report.model;
    let outcomes = model.outcomes.iter().zip(&model.counts);
    let counts: Vec<String> = outcomes
        .map(|(outcome, count)| format!("{count:.0} {outcome}"))
        .collect();
    format!("{} ({})", model.n, counts.join(", "))
}

/// Citations of the sources of these variables, and of the episodes themselves.
#[inline(never)]
pub(crate) fn sources<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut keys: Vec<&str> = Vec::new();
    for name in ["outcome"].into_iter().chain(names) {
        for &key in variable(name).map_or(&[][..], |variable| variable.sources) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    let citations = keys.into_iter().filter_map(source).map(Source::cited);
    citations.collect::<Vec<_>>().join(" ")
}
