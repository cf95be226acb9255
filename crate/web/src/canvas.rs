//! A pen for a canvas.

use report::figure::{Anchor, Color, FAMILY, Pen, Type};
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Draws on a canvas whose backing is `ratio` times its size in CSS pixels.
pub(crate) struct Canvas {
    context: CanvasRenderingContext2d,
    ratio: f64,
}

impl Canvas {
    /// `None` where the canvas has no 2d context.
    pub(crate) fn new(canvas: &HtmlCanvasElement, ratio: f64) -> Option<Self> {
        let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0).ok()?;
        context.set_line_join("round");
        context.set_text_baseline("middle");
        Some(Canvas { context, ratio })
    }

    /// Where a straight line `width` wide is sharp: its middle is that of a pixel of the backing, or an edge between two if
    /// it covers an even number of them.
    fn sharp(&self, position: f64, width: f64) -> f64 {
        let half = (width * self.ratio).round() % 2.0 / 2.0;
        ((position * self.ratio - half).round() + half) / self.ratio
    }

    fn trace(&self, points: impl IntoIterator<Item = (f64, f64)>) {
        self.context.begin_path();
        for (x, y) in points {
            // On a path with no point yet this is where it begins.
            self.context.line_to(x, y);
        }
    }

    fn fill(&self, color: Color) {
        self.context.set_fill_style_str(&css(color));
        self.context.fill();
    }
}

fn css(
    Color {
        rgb: [r, g, b],
        opacity,
    }: Color,
) -> String {
    format!("rgba({r},{g},{b},{opacity})")
}

impl Pen for Canvas {
    fn rectangle(&mut self, corner: (f64, f64), opposite: (f64, f64), color: Color) {
        self.context.set_fill_style_str(&css(color));
        let (width, height) = (opposite.0 - corner.0, opposite.1 - corner.1);
        self.context.fill_rect(corner.0, corner.1, width, height);
    }

    fn path(&mut self, points: &[(f64, f64)], color: Color, width: f64) {
        match *points {
            [(x, y), (to, same)] if y == same => {
                let y = self.sharp(y, width);
                self.trace([(x, y), (to, y)]);
            }
            [(x, y), (same, to)] if x == same => {
                let x = self.sharp(x, width);
                self.trace([(x, y), (x, to)]);
            }
            _ => self.trace(points.iter().copied()),
        }
        self.context.set_stroke_style_str(&css(color));
        self.context.set_line_width(width);
        self.context.stroke();
    }

    fn polygon(&mut self, points: &[(f64, f64)], color: Color) {
        self.trace(points.iter().copied());
        self.fill(color);
    }

    fn dot(&mut self, (x, y): (f64, f64), radius: f64, color: Color) {
        self.context.begin_path();
        // Only a negative radius is refused.
        let _ = self.context.arc(x, y, radius, 0.0, std::f64::consts::TAU);
        self.fill(color);
    }

    fn text(&mut self, text: &str, (x, y): (f64, f64), anchor: Anchor, font: Type) {
        self.context.set_text_align(match anchor {
            Anchor::Left => "left",
            Anchor::Centre => "center",
            Anchor::Right => "right",
        });
        let weight = if font.bold { "bold " } else { "" };
        self.context
            .set_font(&format!("{weight}{}px {FAMILY}", font.size));
        self.context.set_fill_style_str(&css(font.color));
        let _ = self.context.fill_text(text, x, y);
    }
}
