//! What the page says before anything is computed in it, and where nothing can be: computed here, by the same code.

use standfirm::figure::{self, Theme};
use standfirm::replicate::{Which, fit_all};
use standfirm::{Specification, article};

use crate::Error;

/// CSS pixels of a drawing.
const WIDTH: f64 = 680.0;

/// Names, such as `figure-2.title`, with what stands for them in the markup.
pub(super) fn words() -> Result<Vec<(String, String)>, Error> {
    let mut words = Vec::new();
    let mut numbers = Vec::new();
    for figure in article::figures(&fit_all(&Specification::default(), Which::All)?.fitted)? {
        // The first version of each figure is the one shown first.
        if numbers.contains(&figure.number) {
            continue;
        }
        numbers.push(figure.number);
        for (part, text) in [
            ("title", &figure.title),
            ("subtitle", &figure.subtitle),
            ("note", &figure.note),
        ] {
            words.push((format!("figure-{}.{part}", figure.number), escaped(text)));
        }
        let drawing = figure::svg(&figure, WIDTH, Theme::Light, None);
        words.push((format!("figure-{}.svg", figure.number), drawing));
    }
    Ok(words)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
