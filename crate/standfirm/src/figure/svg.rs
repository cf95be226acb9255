//! A figure as an SVG file.

use plotters::prelude::*;

use super::draw::{Setting, draw_as, height_with_captions};
use super::{Figure, Theme, height};
use crate::Result;

/// Units per CSS pixel: the SVG backend rounds to whole units, and a curve rounded to pixels has steps.
const SCALE: f64 = 10.0;
/// The SVG backend takes font sizes as heights of a line and divides them by this.
const FONT_HEIGHT: f64 = 1.24;

/// The figure as an SVG document, `width` CSS pixels wide: with its captions and a credit, or without either.
///
/// # Errors
/// [`crate::Error::Drawing`].
pub fn svg(figure: &Figure, width: f64, theme: Theme, captions: Option<&str>) -> Result<String> {
    let tall = match captions {
        Some(credit) => height_with_captions(figure, width, credit),
        None => height(figure, width),
    };
    let units = ((width * SCALE).round() as u32, (tall * SCALE).round() as u32);
    let mut document = String::new();
    {
        let area = SVGBackend::with_string(&mut document, units).into_drawing_area();
        let setting = Setting {
            width,
            scale: SCALE,
            text_scale: FONT_HEIGHT,
            captions,
            theme,
        };
        draw_as(figure, &area, setting)?;
    }
    // The view box keeps the fine units, width and height say how large the picture is meant.
    let fine = format!("width=\"{}\" height=\"{}\"", units.0, units.1);
    Ok(document.replacen(&fine, &format!("width=\"{width}\" height=\"{tall}\""), 1))
}
