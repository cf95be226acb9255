//! A figure as an SVG file.

use std::fmt::{self, Write};

use super::draw::{draw, height_with_captions};
use super::pen::FAMILY;
use super::{Anchor, Color, Figure, Pen, Theme, Type, height};

/// The figure as an SVG document, `width` CSS pixels wide: with its captions and a credit, or without either.
#[must_use]
pub fn svg(figure: &Figure, width: f64, theme: Theme, credit: Option<&str>) -> String {
    let tall = match credit {
        Some(credit) => height_with_captions(figure, width, credit),
        None => height(figure, width),
    };
    let mut svg = Svg(String::new());
    svg.put(format_args!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" \
         font-family=\"{FAMILY}\">",
        Short(width),
        Short(tall)
    ));
    draw(figure, &mut svg, width, theme, credit);
    svg.put(format_args!("</svg>\n"));
    svg.0
}

struct Svg(String);

/// Width of the edge around letters.
const HALO: f64 = 3.0;

impl Svg {
    fn put(&mut self, text: fmt::Arguments<'_>) {
        // Writing to a string does not fail.
        let _ = self.0.write_fmt(text);
    }

    fn points(&mut self, element: &str, points: &[(f64, f64)]) {
        self.put(format_args!("<{element} points=\""));
        for (position, (x, y)) in points.iter().enumerate() {
            let space = if position > 0 { " " } else { "" };
            self.put(format_args!("{space}{},{}", Short(*x), Short(*y)));
        }
        self.put(format_args!("\""));
    }

    /// The colour as an attribute, `fill` or `stroke`.
    fn color(
        &mut self,
        attribute: &str,
        Color {
            rgb: [r, g, b],
            opacity,
        }: Color,
    ) {
        self.put(format_args!(" {attribute}=\"#{r:02x}{g:02x}{b:02x}\""));
        if opacity < 1.0 {
            self.put(format_args!(" {attribute}-opacity=\"{}\"", Short(opacity)));
        }
    }
}

impl Pen for Svg {
    fn rectangle(&mut self, a: (f64, f64), b: (f64, f64), color: Color) {
        self.put(format_args!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
            Short(a.0.min(b.0)),
            Short(a.1.min(b.1)),
            Short((b.0 - a.0).abs()),
            Short((b.1 - a.1).abs())
        ));
        self.color("fill", color);
        self.put(format_args!("/>\n"));
    }

    fn path(&mut self, points: &[(f64, f64)], color: Color, width: f64) {
        self.points("polyline", points);
        self.color("stroke", color);
        self.put(format_args!(
            " stroke-width=\"{}\" fill=\"none\"/>\n",
            Short(width)
        ));
    }

    fn polygon(&mut self, points: &[(f64, f64)], color: Color) {
        self.points("polygon", points);
        self.color("fill", color);
        self.put(format_args!("/>\n"));
    }

    fn dot(&mut self, (x, y): (f64, f64), radius: f64, color: Color) {
        self.put(format_args!(
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\"",
            Short(x),
            Short(y),
            Short(radius)
        ));
        self.color("fill", color);
        self.put(format_args!("/>\n"));
    }

    fn text(&mut self, text: &str, at: (f64, f64), anchor: Anchor, font: Type) {
        self.set(text, at, anchor, font, "");
    }

    /// Not to be read twice by those who are read to.
    fn halo(&mut self, text: &str, at: (f64, f64), anchor: Anchor, font: Type, color: Color) {
        let font = Type { color, ..font };
        let [r, g, b] = color.rgb;
        let edge = format!(
            " stroke=\"#{r:02x}{g:02x}{b:02x}\" stroke-width=\"{}\" stroke-linejoin=\"round\" aria-hidden=\"true\"",
            Short(HALO)
        );
        self.set(text, at, anchor, font, &edge);
    }
}

impl Svg {
    fn set(&mut self, text: &str, (x, y): (f64, f64), anchor: Anchor, font: Type, more: &str) {
        let anchor = match anchor {
            Anchor::Left => "",
            Anchor::Centre => " text-anchor=\"middle\"",
            Anchor::Right => " text-anchor=\"end\"",
        };
        let weight = if font.bold { " font-weight=\"bold\"" } else { "" };
        self.put(format_args!(
            "<text x=\"{}\" y=\"{}\" dy=\"0.5ex\" font-size=\"{}\"{weight}{anchor}{more}",
            Short(x),
            Short(y),
            Short(font.size)
        ));
        self.color("fill", font.color);
        self.put(format_args!(">"));
        for letter in text.chars() {
            match letter {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                _ => self.0.push(letter),
            }
        }
        self.put(format_args!("</text>\n"));
    }
}

/// A number to a hundredth, in as few letters as that takes.
struct Short(f64);

impl fmt::Display for Short {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rounded = (self.0 * 100.0).round() / 100.0;
        // No minus before a zero.
        write!(to, "{}", rounded + 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_and_numbers_short() {
        let mut svg = Svg(String::new());
        let color = Color {
            rgb: [0, 160, 255],
            opacity: 0.5,
        };
        let font = Type {
            size: 12.0,
            color,
            bold: true,
        };
        svg.text("a < b & c", (1.0 / 3.0, -0.001), Anchor::Right, font);
        assert_eq!(
            svg.0,
            "<text x=\"0.33\" y=\"0\" dy=\"0.5ex\" font-size=\"12\" font-weight=\"bold\" text-anchor=\"end\" \
             fill=\"#00a0ff\" fill-opacity=\"0.5\">a &lt; b &amp; c</text>\n"
        );
    }
}
