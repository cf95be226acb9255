//! A canvas to draw figures on.

use plotters_canvas::CanvasBackend;
use report::figure::BackendPen;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Scales what is drawn, and moves its origin.
type Transform = Box<dyn FnMut(f64, (f64, f64))>;

/// A pen for a canvas whose backing is `ratio` times its size in CSS pixels: it has its size by then, as a canvas that is
/// given one forgets the rest. `None` where it has no 2d context.
pub(crate) fn pen(canvas: HtmlCanvasElement, ratio: f64) -> Option<BackendPen<CanvasBackend, Transform>> {
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context.set_line_join("round");
    // The backend knows no left and right of a text, but its start and end.
    canvas.set_dir("ltr");
    let backend = CanvasBackend::with_canvas_object(canvas)?;
    let transform: Transform = Box::new(move |scale, (x, y)| {
        // Only what is no matrix is refused.
        let _ = context.set_transform(scale, 0.0, 0.0, scale, x, y);
    });
    Some(BackendPen::new(backend, ratio, transform))
}
