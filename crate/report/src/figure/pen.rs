//! What figures are drawn with.
//!
//! A pen takes positions and lengths in CSS pixels and fractions of them, and is never asked how wide a text is: texts are
//! anchored, and where a width is needed to make room it is estimated. So a figure looks the same on a canvas and in
//! an SVG, and needs neither to be drawn.

/// A colour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Color {
    /// Red, green, blue.
    pub rgb: [u8; 3],
    /// From 0, not seen, to 1.
    pub opacity: f64,
}

/// Horizontal anchor of a text; vertically texts are centred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// The text begins at its position.
    Left,
    /// Its middle is there.
    Centre,
    /// It ends there.
    Right,
}

/// Size in CSS pixels, colour and weight of a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Type {
    /// Size.
    pub size: f64,
    /// Colour.
    pub color: Color,
    /// Weight.
    pub bold: bool,
}

/// Fonts of the reader's system, as the page uses: a CSS font family.
pub const FAMILY: &str = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

/// Draws on something, from its upper left corner.
pub trait Pen {
    /// A filled rectangle between two opposite corners.
    fn rectangle(&mut self, corner: (f64, f64), opposite: (f64, f64), color: Color);
    /// A line through points.
    fn path(&mut self, points: &[(f64, f64)], color: Color, width: f64);
    /// A filled polygon.
    fn polygon(&mut self, points: &[(f64, f64)], color: Color);
    /// A filled circle.
    fn dot(&mut self, at: (f64, f64), radius: f64, color: Color);
    /// A line of text.
    fn text(&mut self, text: &str, at: (f64, f64), anchor: Anchor, font: Type);
    /// What keeps a text that is drawn next apart from what it stands on: an edge around its letters.
    fn halo(&mut self, text: &str, (x, y): (f64, f64), anchor: Anchor, font: Type, color: Color) {
        let font = Type { color, ..font };
        for (right, down) in [
            (-1.5, 0.0),
            (1.5, 0.0),
            (0.0, -1.5),
            (0.0, 1.5),
            (-1.1, -1.1),
            (1.1, -1.1),
            (-1.1, 1.1),
            (1.1, 1.1),
        ] {
            self.text(text, (x + right, y + down), anchor, font);
        }
    }
}

impl Color {
    /// The same with `share` of the opacity.
    #[must_use]
    pub fn mix(self, share: f64) -> Self {
        Color {
            opacity: self.opacity * share,
            ..self
        }
    }

    /// `share` of it over `under`: itself opaque, so that what is drawn beside it may overlap.
    #[must_use]
    pub fn over(self, under: Color, share: f64) -> Self {
        let mix = |at: usize| {
            let (upper, lower) = (f64::from(self.rgb[at]), f64::from(under.rgb[at]));
            (upper * share + lower * (1.0 - share)).round() as u8
        };
        Color {
            rgb: [mix(0), mix(1), mix(2)],
            opacity: 1.0,
        }
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

/// As much of a text as fits into `room` CSS pixels, an ellipsis in place of the rest.
pub(super) fn shortened(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut short = String::new();
    for character in text.chars() {
        let longer = format!("{short}{character}");
        if width(&longer, size) + width("…", size) > room {
            break;
        }
        short = longer;
    }
    format!("{}…", short.trim_end())
}

/// Breaks a text into lines of at most `room` CSS pixels: between words, and within one that is longer, such as an address.
pub(super) fn wrap(text: &str, size: f64, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(line, size) + width(" ", size) + width(word, size) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.extend(pieces(word, size, room)),
        }
    }
    lines
}

/// A word in pieces that have room on a line, each of a letter at least.
fn pieces(word: &str, size: f64, room: f64) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for letter in word.chars() {
        if let Some(piece) = pieces.last_mut() {
            let mut longer = piece.clone();
            longer.push(letter);
            if piece.is_empty() || width(&longer, size) <= room {
                *piece = longer;
                continue;
            }
        }
        pieces.push(letter.to_string());
    }
    pieces
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_does_not_fit_ends_where_it_must() {
        assert_eq!(shortened("A stop nearby", 10.0, 80.0), "A stop nearby");
        let short = shortened("A stop nearby", 10.0, 50.0);
        assert_eq!(short, "A stop n…");
        assert!(width(&short, 10.0) <= 50.0);
    }

    #[test]
    fn lines_hold_what_there_is_room_for() {
        // Letters of 6.2, blanks of 3.3.
        assert_eq!(wrap("aaa bbb ccc", 10.0, 40.5), ["aaa bbb", "ccc"]);
        assert_eq!(wrap("aaa bbb ccc", 10.0, 40.4), ["aaa", "bbb", "ccc"]);
        assert_eq!(balanced("aa bb cc dd", 10.0, 48.0), ["aa bb", "cc dd"]);
        assert_eq!(wrap("", 10.0, 40.0), [""; 0]);
    }

    #[test]
    fn no_line_is_wider_than_its_room() {
        let address = format!(
            "https://example.org/standfirm/#{}",
            "without=t_gdp,s_gdp&".repeat(20)
        );
        let lines = wrap(&format!("From {address} as it was."), 11.0, 300.0);
        assert!(lines.iter().all(|line| width(line, 11.0) <= 300.0), "{lines:?}");
        assert_eq!(lines.concat().replace(' ', ""), format!("From{address}asitwas."));
        assert_eq!(wrap("one two", 11.0, 300.0), ["one two"]);
        // A letter is not broken, however little room there is.
        assert_eq!(wrap("ab", 11.0, 1.0), ["a", "b"]);
    }
}
