//! Drawing in CSS pixels on a plotters backend of any resolution.
//!
//! Backends take whole numbers, and some measure text through the DOM. The pen takes fractions of a CSS pixel,
//! which a backend with more units per pixel keeps, and never asks how wide a text is: texts are anchored, and
//! where a width is needed to make room it is estimated.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::{Error, Result};

/// Fonts of the reader's system, as the page uses.
const FAMILY: &str = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

/// Horizontal anchor of a text; vertically texts are centred.
#[derive(Debug, Clone, Copy)]
pub(super) enum Anchor {
    Left,
    Centre,
    Right,
}

/// Size, colour and weight of a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Type {
    pub(super) size: f64,
    pub(super) color: RGBAColor,
    pub(super) bold: bool,
}

pub(super) struct Pen<'a, DB: DrawingBackend> {
    pub(super) area: &'a DrawingArea<DB, plotters::coord::Shift>,
    /// Backend units in a CSS pixel.
    pub(super) scale: f64,
    /// Factor on font sizes that the backend needs.
    pub(super) text_scale: f64,
}

impl<DB: DrawingBackend> Pen<'_, DB> {
    fn at(&self, (x, y): (f64, f64)) -> (i32, i32) {
        ((x * self.scale).round() as i32, (y * self.scale).round() as i32)
    }

    fn draw<'e, E>(&self, element: &'e E) -> Result<()>
    where
        for<'b> &'b E: plotters::element::PointCollection<'b, (i32, i32)>,
        E: plotters::element::Drawable<DB> + 'e,
    {
        self.area.draw(element).map_err(|error| Error::Drawing {
            problem: error.to_string(),
        })
    }

    pub(super) fn fill(&self, color: RGBAColor) -> Result<()> {
        self.area.fill(&color).map_err(|error| Error::Drawing {
            problem: error.to_string(),
        })
    }

    pub(super) fn text(&self, text: &str, at: (f64, f64), anchor: Anchor, font: Type) -> Result<()> {
        let horizontal = match anchor {
            Anchor::Left => HPos::Left,
            Anchor::Centre => HPos::Center,
            Anchor::Right => HPos::Right,
        };
        let weight = if font.bold {
            FontStyle::Bold
        } else {
            FontStyle::Normal
        };
        let style = TextStyle::from((FAMILY, font.size * self.scale * self.text_scale, weight).into_font())
            .color(&font.color)
            .pos(Pos::new(horizontal, VPos::Center));
        self.draw(&Text::new(text.to_owned(), self.at(at), style))
    }

    pub(super) fn path(&self, points: &[(f64, f64)], color: RGBAColor, width: f64) -> Result<()> {
        let points: Vec<(i32, i32)> = points.iter().map(|point| self.at(*point)).collect();
        let width = (width * self.scale).round().max(1.0) as u32;
        self.draw(&PathElement::new(points, color.stroke_width(width)))
    }

    pub(super) fn polygon(&self, points: &[(f64, f64)], color: RGBAColor) -> Result<()> {
        let points: Vec<(i32, i32)> = points.iter().map(|point| self.at(*point)).collect();
        self.draw(&Polygon::new(points, color.filled()))
    }

    pub(super) fn dot(&self, at: (f64, f64), radius: f64, color: RGBAColor) -> Result<()> {
        self.draw(&Circle::new(self.at(at), radius * self.scale, color.filled()))
    }

    pub(super) fn rectangle(&self, corner: (f64, f64), opposite: (f64, f64), color: RGBAColor) -> Result<()> {
        self.draw(&Rectangle::new(
            [self.at(corner), self.at(opposite)],
            color.filled(),
        ))
    }
}

/// About how wide a text is set, in CSS pixels: enough to make room for it in the widest of the usual fonts.
pub(super) fn width(text: &str, size: f64) -> f64 {
    let letter = |character: char| match character {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '’' | '|' | ' ' => 0.33,
        't' | 'f' | 'r' | '(' | ')' | 'I' => 0.41,
        'm' | 'w' | 'M' | 'W' | '%' | '−' | '+' => 0.9,
        c if c.is_ascii_uppercase() => 0.74,
        _ => 0.62,
    };
    text.chars().map(letter).sum::<f64>() * size
}

/// Bold letters are that much wider.
pub(super) const BOLD: f64 = 1.1;

/// Breaks a text into lines of at most `room` CSS pixels.
pub(super) fn wrap(text: &str, size: f64, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(line, size) + width(" ", size) + width(word, size) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The same number of lines, as even as they can be.
pub(super) fn balanced(text: &str, size: f64, room: f64) -> Vec<String> {
    let mut best = wrap(text, size, room);
    let mut narrower = room - size;
    while narrower > 0.0 {
        let lines = wrap(text, size, narrower);
        if lines.len() > best.len() {
            break;
        }
        best = lines;
        narrower -= size;
    }
    best
}
