//! A pen for any drawing backend of plotters.
//!
//! A backend counts in whole units. They are small parts of a pixel of the device here, so that nothing which is drawn in
//! fractions of CSS pixels is seen to move, and lines can be sharp however many pixels of the device a CSS pixel has.

use plotters_backend::text_anchor::{HPos, Pos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontFamily,
    FontStyle,
};
use thiserror::Error;

use super::pen::{Anchor, Color, FAMILY, Pen, Type};

/// Units of a backend in a pixel of the device. With 16 the edges of dots and flat curves change: an engine tells apart few
/// shares of a pixel that are covered, and the step from one to the next is seen.
const UNITS: f64 = 256.0;

/// The widest line, in CSS pixels, that is no more than a line: it covers whole pixels of the device. Of a wider one the
/// edges are a small part, and it keeps its width.
const HAIRLINE: f64 = 1.0;

/// Draws on a backend.
///
/// Backends know no transform, but what they draw on does: `transform` is called with a scale and an origin in pixels of
/// the device, from when on a point in the backend's units is drawn at the origin plus the scale times the point. Texts
/// are drawn in their true size, in CSS pixels from their own position on: one drawn many times as large and then
/// scaled down would have other letters, as fonts are adjusted to the size they are set in.
#[derive(Debug)]
pub struct BackendPen<B: DrawingBackend, T> {
    backend: B,
    transform: T,
    /// Pixels of the device in a CSS pixel.
    ratio: f64,
    /// What went wrong first.
    failed: Option<DrawingErrorKind<B::ErrorType>>,
}

impl<B: DrawingBackend, T: FnMut(f64, (f64, f64))> BackendPen<B, T> {
    /// A pen for a backend with `ratio` pixels of the device in each CSS pixel.
    pub fn new(backend: B, ratio: f64, transform: T) -> Self {
        let mut pen = BackendPen {
            backend,
            transform,
            ratio,
            failed: None,
        };
        pen.count_in_units();
        pen
    }

    /// To be called when all is drawn.
    ///
    /// # Errors
    /// What the backend could not draw first. It was asked for the rest all the same.
    pub fn finish(mut self) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        match self.failed {
            Some(error) => Err(error),
            None => self.backend.present(),
        }
    }

    fn count_in_units(&mut self) {
        (self.transform)(1.0 / UNITS, (0.0, 0.0));
    }

    fn units(&self, length: f64) -> f64 {
        (length * self.ratio * UNITS).round()
    }

    fn at(&self, (x, y): (f64, f64)) -> BackendCoord {
        (self.units(x) as i32, self.units(y) as i32)
    }

    /// Where a straight line `width` wide is sharp, both in units: its middle is that of a pixel of the device, or an edge
    /// between two if it covers an even number of them.
    fn sharp(&self, position: f64, width: u32) -> i32 {
        let half = (f64::from(width) / UNITS).round() % 2.0 / 2.0;
        (((position * self.ratio - half).round() + half) * UNITS) as i32
    }

    /// The width of a straight line, in units.
    fn straight_width(&self, width: f64) -> u32 {
        if width > HAIRLINE {
            return self.units(width) as u32;
        }
        ((width * self.ratio).round().max(1.0) * UNITS) as u32
    }

    fn stroke(&mut self, points: impl IntoIterator<Item = BackendCoord>, color: Color, width: u32) {
        // Not as a line, which backends move by half a unit where it is horizontal or vertical.
        let drawn = self.backend.draw_path(points, &Line { color, width });
        self.keep(drawn);
    }

    fn keep(&mut self, drawn: Result<(), DrawingErrorKind<B::ErrorType>>) {
        if let Err(error) = drawn {
            self.failed.get_or_insert(error);
        }
    }
}

impl<B: DrawingBackend, T: FnMut(f64, (f64, f64))> Pen for BackendPen<B, T> {
    fn rectangle(&mut self, corner: (f64, f64), opposite: (f64, f64), color: Color) {
        let (corner, opposite) = (self.at(corner), self.at(opposite));
        let upper_left = (corner.0.min(opposite.0), corner.1.min(opposite.1));
        let lower_right = (corner.0.max(opposite.0), corner.1.max(opposite.1));
        let drawn = self
            .backend
            .draw_rect(upper_left, lower_right, &BackendColor::from(color), true);
        self.keep(drawn);
    }

    fn path(&mut self, points: &[(f64, f64)], color: Color, width: f64) {
        match *points {
            [(from, y), (to, same)] if y == same => {
                let width = self.straight_width(width);
                let y = self.sharp(y, width);
                self.stroke([from, to].map(|x| (self.units(x) as i32, y)), color, width);
            }
            [(x, from), (same, to)] if x == same => {
                let width = self.straight_width(width);
                let x = self.sharp(x, width);
                self.stroke([from, to].map(|y| (x, self.units(y) as i32)), color, width);
            }
            _ => {
                let points: Vec<_> = points.iter().map(|&point| self.at(point)).collect();
                self.stroke(points, color, self.units(width) as u32);
            }
        }
    }

    fn polygon(&mut self, points: &[(f64, f64)], color: Color) {
        let points: Vec<_> = points.iter().map(|&point| self.at(point)).collect();
        let drawn = self.backend.fill_polygon(points, &BackendColor::from(color));
        self.keep(drawn);
    }

    fn dot(&mut self, at: (f64, f64), radius: f64, color: Color) {
        let (middle, radius) = (self.at(at), self.units(radius) as u32);
        let drawn = self
            .backend
            .draw_circle(middle, radius, &BackendColor::from(color), true);
        self.keep(drawn);
    }

    fn text(&mut self, text: &str, (x, y): (f64, f64), anchor: Anchor, font: Type) {
        (self.transform)(self.ratio, (x * self.ratio, y * self.ratio));
        let drawn = self.backend.draw_text(text, &Words { font, anchor }, (0, 0));
        self.keep(drawn);
        self.count_in_units();
    }
}

impl From<Color> for BackendColor {
    fn from(
        Color {
            rgb: [r, g, b],
            opacity,
        }: Color,
    ) -> Self {
        BackendColor {
            rgb: (r, g, b),
            alpha: opacity,
        }
    }
}

/// How a line is drawn; its width is in units.
struct Line {
    color: Color,
    width: u32,
}

impl BackendStyle for Line {
    fn color(&self) -> BackendColor {
        self.color.into()
    }

    fn stroke_width(&self) -> u32 {
        self.width
    }
}

/// How a text is set.
struct Words {
    font: Type,
    anchor: Anchor,
}

/// What a backend hears that sets no texts by itself.
#[derive(Debug, Error)]
#[error("texts of figures are not measured: only a backend that sets them by itself can draw them")]
struct NotMeasured;

impl BackendTextStyle for Words {
    type FontError = NotMeasured;

    fn color(&self) -> BackendColor {
        self.font.color.into()
    }

    fn size(&self) -> f64 {
        self.font.size
    }

    fn style(&self) -> FontStyle {
        if self.font.bold {
            FontStyle::Bold
        } else {
            FontStyle::Normal
        }
    }

    fn anchor(&self) -> Pos {
        let across = match self.anchor {
            Anchor::Left => HPos::Left,
            Anchor::Centre => HPos::Center,
            Anchor::Right => HPos::Right,
        };
        Pos::new(across, VPos::Center)
    }

    fn family(&self) -> FontFamily<'_> {
        FontFamily::Name(FAMILY)
    }

    fn layout_box(&self, _: &str) -> Result<(BackendCoord, BackendCoord), NotMeasured> {
        Err(NotMeasured)
    }

    fn draw<E, D: FnMut(i32, i32, BackendColor) -> Result<(), E>>(
        &self,
        _: &str,
        _: BackendCoord,
        _: D,
    ) -> Result<Result<(), E>, NotMeasured> {
        Err(NotMeasured)
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, rc::Rc};

    use super::*;

    /// What a backend was asked for.
    #[derive(Debug, Clone, PartialEq)]
    enum Call {
        Transform(f64, (f64, f64)),
        Rectangle(BackendCoord, BackendCoord, Rgba),
        Path(Vec<BackendCoord>, u32, Rgba),
        Polygon(Vec<BackendCoord>, Rgba),
        Circle(BackendCoord, u32, Rgba),
        Text(String, BackendCoord, Setting),
        Present,
    }

    /// Red, green, blue, opacity.
    type Rgba = (u8, u8, u8, f64);

    /// Size, weight, anchor across and down, family and colour.
    type Setting = (f64, &'static str, &'static str, &'static str, String, Rgba);

    fn rgba(
        BackendColor {
            alpha,
            rgb: (r, g, b),
        }: BackendColor,
    ) -> Rgba {
        (r, g, b, alpha)
    }

    #[derive(Debug, Error)]
    #[error("no more {0}")]
    struct Refused(&'static str);

    type Drawn = Result<(), DrawingErrorKind<Refused>>;

    /// Keeps what it is asked for, and draws nothing.
    #[derive(Debug, Clone, Default)]
    struct Recorder {
        calls: Rc<RefCell<Vec<Call>>>,
        refuses: bool,
    }

    impl Recorder {
        fn keep(&self, call: Call, what: &'static str) -> Drawn {
            self.calls.borrow_mut().push(call);
            if self.refuses {
                return Err(DrawingErrorKind::DrawingError(Refused(what)));
            }
            Ok(())
        }
    }

    impl DrawingBackend for Recorder {
        type ErrorType = Refused;

        fn get_size(&self) -> (u32, u32) {
            unreachable!("a pen knows no size")
        }

        fn ensure_prepared(&mut self) -> Drawn {
            Ok(())
        }

        fn present(&mut self) -> Drawn {
            self.keep(Call::Present, "showing")
        }

        fn draw_pixel(&mut self, _: BackendCoord, _: BackendColor) -> Drawn {
            unreachable!("figures have no pixels")
        }

        fn draw_line<S: BackendStyle>(&mut self, _: BackendCoord, _: BackendCoord, _: &S) -> Drawn {
            unreachable!("it would be moved by half a unit")
        }

        fn draw_rect<S: BackendStyle>(
            &mut self,
            upper_left: BackendCoord,
            lower_right: BackendCoord,
            style: &S,
            fill: bool,
        ) -> Drawn {
            assert!(fill);
            let call = Call::Rectangle(upper_left, lower_right, rgba(style.color()));
            self.keep(call, "rectangles")
        }

        fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
            &mut self,
            path: I,
            style: &S,
        ) -> Drawn {
            let points = path.into_iter().collect();
            let call = Call::Path(points, style.stroke_width(), rgba(style.color()));
            self.keep(call, "paths")
        }

        fn draw_circle<S: BackendStyle>(
            &mut self,
            centre: BackendCoord,
            radius: u32,
            style: &S,
            fill: bool,
        ) -> Drawn {
            assert!(fill);
            self.keep(Call::Circle(centre, radius, rgba(style.color())), "circles")
        }

        fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
            &mut self,
            points: I,
            style: &S,
        ) -> Drawn {
            let points = points.into_iter().collect();
            self.keep(Call::Polygon(points, rgba(style.color())), "polygons")
        }

        fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Drawn {
            let weight = match style.style() {
                FontStyle::Normal => "normal",
                FontStyle::Bold => "bold",
                FontStyle::Oblique | FontStyle::Italic => "slanted",
            };
            let across = match style.anchor().h_pos {
                HPos::Left => "left",
                HPos::Center => "centre",
                HPos::Right => "right",
            };
            let down = match style.anchor().v_pos {
                VPos::Top => "top",
                VPos::Center => "centre",
                VPos::Bottom => "bottom",
            };
            let family = style.family().as_str().to_owned();
            let setting = (style.size(), weight, across, down, family, rgba(style.color()));
            self.keep(Call::Text(text.to_owned(), at, setting), "texts")
        }
    }

    const RATIOS: [f64; 5] = [1.0, 1.25, 1.5, 2.0, 3.0];

    const BLUE: Color = Color {
        rgb: [0, 160, 255],
        opacity: 0.5,
    };
    /// The same as a backend is told it.
    const TOLD: Rgba = (0, 160, 255, 0.5);

    /// What a backend is asked for when something is drawn.
    fn calls(ratio: f64, draw: impl FnOnce(&mut dyn Pen)) -> Vec<Call> {
        let recorder = Recorder::default();
        let calls = Rc::clone(&recorder.calls);
        let transforms = Rc::clone(&recorder.calls);
        let mut pen = BackendPen::new(recorder, ratio, move |scale, origin| {
            transforms.borrow_mut().push(Call::Transform(scale, origin));
        });
        draw(&mut pen);
        pen.finish().unwrap();
        calls.take()
    }

    /// The same without the transform that comes first, and what comes last.
    fn drawn(ratio: f64, draw: impl FnOnce(&mut dyn Pen)) -> Vec<Call> {
        let mut calls = calls(ratio, draw);
        assert_eq!(calls.remove(0), Call::Transform(1.0 / UNITS, (0.0, 0.0)));
        assert_eq!(calls.pop(), Some(Call::Present));
        calls
    }

    #[test]
    fn positions_and_lengths_are_parts_of_a_pixel_of_the_device() {
        for ratio in RATIOS {
            // Of a position in CSS pixels, to the nearest.
            let units = |position: f64| (position * ratio * UNITS).round() as i32;
            let points = [(10.3, 20.7), (11.0, -3.0), (30.5, 40.25)];
            let expected = points.map(|(x, y)| (units(x), units(y)));
            let calls = drawn(ratio, |pen| {
                pen.path(&points, BLUE, 2.5);
                pen.polygon(&points, BLUE);
                pen.dot(points[0], 4.0, BLUE);
            });
            assert_eq!(
                calls,
                [
                    Call::Path(expected.into(), units(2.5) as u32, TOLD),
                    Call::Polygon(expected.into(), TOLD),
                    Call::Circle(expected[0], units(4.0) as u32, TOLD),
                ]
            );
        }
    }

    #[test]
    fn rectangles_begin_at_their_upper_left_corner() {
        let calls = drawn(1.0, |pen| {
            pen.rectangle((1.0, 4.0), (3.0, 2.0), BLUE);
            pen.rectangle((3.0, 2.0), (1.0, 4.0), BLUE);
        });
        let unit = UNITS as i32;
        let expected = Call::Rectangle((unit, 2 * unit), (3 * unit, 4 * unit), TOLD);
        assert_eq!(calls, [expected.clone(), expected]);
    }

    #[test]
    fn hairlines_cover_whole_pixels() {
        let pixel = UNITS as i32;
        for (ratio, covered) in RATIOS.into_iter().zip([1, 1, 2, 2, 3]) {
            for step in 0..400 {
                let position = f64::from(step) * 0.137;
                let calls = drawn(ratio, |pen| {
                    pen.path(&[(5.0, position), (9.5, position)], BLUE, 1.0);
                    pen.path(&[(position, 5.0), (position, 9.5)], BLUE, 1.0);
                });
                let [Call::Path(across, width, _), Call::Path(down, same, _)] = calls.as_slice() else {
                    panic!("{calls:?}")
                };
                assert_eq!((width, same), (&(covered * pixel as u32), width));
                let middle = across[0].1;
                assert_eq!([across[1].1, down[0].0, down[1].0], [middle; 3]);
                assert_eq!((middle - *width as i32 / 2) % pixel, 0, "{position} at {ratio}");
                let moved = (f64::from(middle) / UNITS - position * ratio).abs();
                assert!(moved <= 0.5, "{position} at {ratio} is moved by {moved}");
                // Along itself it is where it was.
                let ends = [5.0, 9.5].map(|end| (end * ratio * UNITS).round() as i32);
                assert_eq!([across[0].0, across[1].0], ends);
                assert_eq!([down[0].1, down[1].1], ends);
            }
        }
    }

    #[test]
    fn wider_straight_lines_are_moved_to_pixels_and_keep_their_width() {
        // Pixels that are touched, and where the middle of a line near 10 is.
        for (ratio, width, middle) in [
            (1.0, 1.5, 10.0),
            (1.0, 2.5, 10.5),
            (1.25, 2.0, 12.5),
            (2.0, 1.5, 20.5),
        ] {
            let calls = drawn(ratio, |pen| pen.path(&[(0.0, 10.1), (9.0, 10.1)], BLUE, width));
            let [Call::Path(points, told, _)] = calls.as_slice() else {
                panic!("{calls:?}")
            };
            assert_eq!(f64::from(*told), width * ratio * UNITS);
            assert_eq!(f64::from(points[0].1), middle * UNITS, "{width} at {ratio}");
        }
    }

    #[test]
    fn texts_are_set_in_their_true_size_where_they_belong() {
        for (ratio, anchor, bold, weight, across) in [
            (1.0, Anchor::Left, false, "normal", "left"),
            (1.25, Anchor::Centre, true, "bold", "centre"),
            (3.0, Anchor::Right, false, "normal", "right"),
        ] {
            let font = Type {
                size: 12.0,
                color: BLUE,
                bold,
            };
            let calls = drawn(ratio, |pen| pen.text("30%", (10.31, 20.77), anchor, font));
            let setting = (12.0, weight, across, "centre", FAMILY.to_owned(), TOLD);
            assert_eq!(
                calls,
                [
                    Call::Transform(ratio, (10.31 * ratio, 20.77 * ratio)),
                    Call::Text("30%".to_owned(), (0, 0), setting),
                    Call::Transform(1.0 / UNITS, (0.0, 0.0)),
                ]
            );
        }
    }

    #[test]
    fn what_fails_first_is_said_and_the_rest_is_drawn() {
        let recorder = Recorder {
            refuses: true,
            ..Recorder::default()
        };
        let calls = Rc::clone(&recorder.calls);
        let mut pen = BackendPen::new(recorder, 1.0, |_, _| {});
        pen.dot((1.0, 1.0), 1.0, BLUE);
        pen.polygon(&[(0.0, 0.0)], BLUE);
        let error = pen.finish().unwrap_err();
        assert!(error.to_string().ends_with("no more circles"), "{error}");
        assert_eq!(calls.borrow().len(), 2);
    }

    /// A backend that leaves to plotters what it cannot do.
    #[derive(Debug)]
    struct Plain;

    impl DrawingBackend for Plain {
        type ErrorType = Refused;

        fn get_size(&self) -> (u32, u32) {
            (100, 100)
        }

        fn ensure_prepared(&mut self) -> Drawn {
            Ok(())
        }

        fn present(&mut self) -> Drawn {
            Ok(())
        }

        fn draw_pixel(&mut self, _: BackendCoord, _: BackendColor) -> Drawn {
            Ok(())
        }
    }

    #[test]
    fn a_backend_that_sets_no_texts_is_refused() {
        let font = Type {
            size: 12.0,
            color: BLUE,
            bold: false,
        };
        let mut pen = BackendPen::new(Plain, 1.0, |_, _| {});
        pen.text("30%", (10.0, 10.0), Anchor::Left, font);
        let error = pen.finish().unwrap_err().to_string();
        assert!(error.contains("not measured"), "{error}");
    }
}
