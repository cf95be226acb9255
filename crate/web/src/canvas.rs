//! A canvas with finer units than its pixels.
//!
//! plotters draws in whole units, and a curve rounded to whole pixels has steps. This backend has [`FINE`] units
//! to a pixel of the canvas; straight lines along the axes are put on whole pixels, so that they stay sharp.

use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};
use plotters_canvas::CanvasBackend;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Units in a pixel of the canvas.
pub(crate) const FINE: f64 = 16.0;

pub(crate) struct Fine {
    canvas: CanvasBackend,
}

impl Fine {
    /// `None` where the canvas has no 2d context.
    pub(crate) fn new(canvas: HtmlCanvasElement) -> Option<Self> {
        let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        context
            .set_transform(1.0 / FINE, 0.0, 0.0, 1.0 / FINE, 0.0, 0.0)
            .ok()?;
        Some(Fine {
            canvas: CanvasBackend::with_canvas_object(canvas)?,
        })
    }
}

/// The middle of the pixel that a line of odd width goes through, an edge for one of even width.
fn sharp(position: i32, width: u32) -> i32 {
    let fine = FINE as i32;
    let pixels = (f64::from(width) / FINE).round() as i32;
    let middle = if pixels % 2 == 1 { fine / 2 } else { 0 };
    (position - middle + fine / 2).div_euclid(fine) * fine + middle
}

type Drawn = Result<(), DrawingErrorKind<<CanvasBackend as DrawingBackend>::ErrorType>>;

impl DrawingBackend for Fine {
    type ErrorType = <CanvasBackend as DrawingBackend>::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        let (width, height) = self.canvas.get_size();
        (width * FINE as u32, height * FINE as u32)
    }

    fn ensure_prepared(&mut self) -> Drawn {
        self.canvas.ensure_prepared()
    }

    fn present(&mut self) -> Drawn {
        self.canvas.present()
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Drawn {
        self.canvas.draw_pixel(point, color)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        let mut path: Vec<BackendCoord> = path.into_iter().collect();
        if let [a, b] = path.as_mut_slice() {
            let width = style.stroke_width();
            if a.1 == b.1 {
                (a.1, b.1) = (sharp(a.1, width), sharp(b.1, width));
            } else if a.0 == b.0 {
                (a.0, b.0) = (sharp(a.0, width), sharp(b.0, width));
            }
        }
        self.canvas.draw_path(path, style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        a: BackendCoord,
        b: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        self.canvas.draw_rect(a, b, style, fill)
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        self.canvas.draw_circle(center, radius, style, fill)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        self.canvas.fill_polygon(path, style)
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Drawn {
        self.canvas.draw_text(text, style, at)
    }
}
