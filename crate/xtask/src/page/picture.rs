//! The picture that a link to the page is shown with elsewhere: its main figure, with its title.

use report::error::Error;
use report::figure::png::{Fonts, sheet};
use report::figure::{self, Figure, Theme};

use super::metadata::SIZE;

/// CSS pixels of the drawing, and pixels around it.
const WIDTH: f64 = 1040.0;
const MARGIN: f32 = 36.0;

/// What is said below it.
const CREDIT: &str = "Standfirm: a study of threats of economic sanctions, re-estimated in your browser";

/// The figure as a PNG.
///
/// # Errors
/// Where the system has no font.
pub(super) fn preview(figure: &Figure) -> Result<Vec<u8>, Error> {
    let mut figure = figure.clone();
    // Nobody reads small print in a preview.
    figure.note.clear();
    let drawing = figure::svg(&figure, WIDTH, Theme::Light, Some(CREDIT));
    sheet(&drawing, &Fonts::of_the_system()?, SIZE, MARGIN)
}
