//! What the page says before anything is computed in it, and where nothing can be: computed here, by the same code.

use report::figure::{self, Aside, Figure, Theme};
use report::words::thousands;
use standfirm::findings::influence::{By, influence};
use standfirm::findings::multiverse::Multiverse;
use standfirm::findings::validation::folds::FoldUnit;
use standfirm::findings::validation::{FOLDS, SEED, validate};
use standfirm::fitting::fitted::{Part, fit_all};
use standfirm::study::thesis::STUDY;
use standfirm::{Specification, article, episodes, exhibits};

use crate::Error;

/// CSS pixels of a drawing.
const WIDTH: f64 = 680.0;

/// What the page says before anything is computed in it.
pub(super) struct Words {
    /// Names, such as `figure-2.title`, with what stands for them in the markup.
    pub(super) words: Vec<(String, String)>,
    /// The figure with the main finding.
    pub(super) main: Figure,
}

/// Computes them.
pub(super) fn words() -> Result<Words, Error> {
    let (specification, episodes) = (Specification::default(), episodes()?);
    let estimates = fit_all(&specification, Part::All)?;
    let mut named = article::all_figures(&estimates)?;
    let mut words = Vec::new();
    for case in STUDY.cases {
        for (part, text) in [("name", case.title), ("story", case.story)] {
            words.push((format!("case-{}.{part}", case.caseid), escaped(text)));
        }
    }
    let imputed = estimates.fitted.iter().filter_map(|one| one.imputed.as_ref());
    for imputed in imputed {
        named.push(("imputation".to_owned(), exhibits::imputation::figure(imputed)?));
    }
    let model = specification.find("index:trade_share")?;
    let influence = influence(&specification, &model, &episodes, By::Target)?;
    named.push(("influence".to_owned(), exhibits::influence::figure(&influence)));
    let found = validate(
        &specification,
        &model,
        &episodes,
        FoldUnit::default(),
        FOLDS,
        SEED,
    )?;
    let figures = exhibits::validation::figures(&found).into_iter();
    named.extend(figures.map(|one| ("prediction".to_owned(), one)));
    // The first version of each figure is the one shown first.
    named.dedup_by(|next, first| next.0 == first.0);
    let main = named
        .iter()
        .find(|(name, _)| name == "figure-2")
        .map(|(_, figure)| figure.clone());
    for (name, figure) in named {
        for (part, text) in [
            ("title", &figure.title),
            ("subtitle", &figure.subtitle),
            ("note", &figure.note),
        ] {
            words.push((format!("{name}.{part}"), escaped(text)));
        }
        let drawing = figure::svg(&figure, WIDTH, Theme::Light, None);
        words.push((format!("{name}.svg"), drawing));
        words.push((format!("{name}.asides"), asides(&figure)));
    }
    words.push((
        "answer".to_owned(),
        escaped(&exhibits::two::answer(&estimates.fitted)),
    ));
    let confusion = exhibits::validation::confusion(&found);
    words.push(("confusion.title".to_owned(), escaped(&confusion.title)));
    words.push(("confusion.note".to_owned(), escaped(&confusion.notes.join(" "))));
    words.push((
        "multiverse.title".to_owned(),
        format!(
            "{} ways to do the study, none of them fitted yet",
            thousands(Multiverse::new()?.len())
        ),
    ));
    let main = main.ok_or_else(|| Error::Words("figure-2.title".to_owned()))?;
    Ok(Words { words, main })
}

/// The notes on a figure's parts, as `www/card.js` makes them of its results.
fn asides(figure: &Figure) -> String {
    let note = |aside: &Aside| {
        format!(
            "<li><button type=\"button\" aria-expanded=\"false\">{}</button><p><sup>{}</sup><b>{}.</b> {}</p></li>",
            escaped(&aside.label),
            aside.number,
            escaped(&aside.title),
            escaped(&aside.text)
        )
    };
    figure.asides.iter().map(note).collect()
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
