//! Drawings as PNGs, where there are a file system with fonts and no canvas: on a command line, in a build.

use std::sync::Arc;

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use crate::error::{Error, Result};

/// Families to look for first; else any will do.
const SANS: [&str; 5] = [
    "DejaVu Sans",
    "Liberation Sans",
    "Noto Sans",
    "Arial",
    "Helvetica",
];

/// The system's fonts, with a sans-serif one among them.
#[derive(Debug, Clone)]
pub struct Fonts(Arc<fontdb::Database>);

impl Fonts {
    /// Finds them.
    ///
    /// # Errors
    /// [`Error::NoFont`] where the system has none.
    pub fn of_the_system() -> Result<Self> {
        let mut fonts = fontdb::Database::new();
        fonts.load_system_fonts();
        let family = |name: &str| {
            let query = fontdb::Query {
                families: &[fontdb::Family::Name(name)],
                ..fontdb::Query::default()
            };
            fonts.query(&query).is_some().then(|| name.to_owned())
        };
        let first = || Some(fonts.faces().next()?.families.first()?.0.clone());
        let family = SANS.into_iter().find_map(family).or_else(first);
        fonts.set_sans_serif_family(family.ok_or(Error::NoFont)?);
        Ok(Fonts(Arc::new(fonts)))
    }
}

/// An SVG as a PNG with `ratio` pixels in each CSS pixel.
///
/// # Errors
/// [`Error::Picture`] where the text is no SVG, or has no size.
pub fn png(svg: &str, fonts: &Fonts, ratio: f32) -> Result<Vec<u8>> {
    let tree = read(svg, fonts)?;
    let (width, height) = (tree.size().width() * ratio, tree.size().height() * ratio);
    paint(
        &tree,
        (width.round() as u32, height.round() as u32),
        ratio,
        (0.0, 0.0),
    )
}

/// An SVG in the middle of a white sheet of so many pixels, as large as there is room for within a margin.
///
/// # Errors
/// As [`png`].
pub fn sheet(svg: &str, fonts: &Fonts, (width, height): (u32, u32), margin: f32) -> Result<Vec<u8>> {
    let tree = read(svg, fonts)?;
    let (across, down) = (width as f32, height as f32);
    let room = (across - 2.0 * margin, down - 2.0 * margin);
    let ratio = (room.0 / tree.size().width()).min(room.1 / tree.size().height());
    let left = (across - tree.size().width() * ratio) / 2.0;
    let top = (down - tree.size().height() * ratio) / 2.0;
    paint(&tree, (width, height), ratio, (left, top))
}

fn read(svg: &str, fonts: &Fonts) -> Result<Tree> {
    let options = Options {
        fontdb: fonts.0.clone(),
        ..Options::default()
    };
    Tree::from_str(svg, &options).map_err(|error| Error::Picture(error.to_string()))
}

fn paint(tree: &Tree, (width, height): (u32, u32), ratio: f32, (left, top): (f32, f32)) -> Result<Vec<u8>> {
    let mut pixels = Pixmap::new(width, height).ok_or_else(|| Error::Picture("it has no size".to_owned()))?;
    pixels.fill(Color::WHITE);
    let place = Transform::from_scale(ratio, ratio).post_translate(left, top);
    resvg::render(tree, place, &mut pixels.as_mut());
    pixels
        .encode_png()
        .map_err(|error| Error::Picture(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="10" height="10"/></svg>"#;

    fn pixels(png: &[u8]) -> Pixmap {
        Pixmap::decode_png(png).unwrap()
    }

    #[test]
    fn a_drawing_is_in_the_middle_of_its_sheet() {
        let fonts = Fonts(Arc::default());
        let sheet = pixels(&sheet(SQUARE, &fonts, (60, 30), 5.0).unwrap());
        let black = |x, y| sheet.pixel(x, y).unwrap().red() == 0;
        assert_eq!((sheet.width(), sheet.height()), (60, 30));
        // 20 by 20 pixels, 20 from the left, 5 from above.
        assert!(black(20, 5) && black(39, 24));
        assert!(!black(19, 15) && !black(40, 15) && !black(30, 4) && !black(30, 25));
    }

    #[test]
    fn a_drawing_has_as_many_pixels_as_are_asked_for() {
        let fonts = Fonts(Arc::default());
        let twice = pixels(&png(SQUARE, &fonts, 2.0).unwrap());
        assert_eq!((twice.width(), twice.height()), (20, 20));
        assert!(matches!(png("none", &fonts, 2.0), Err(Error::Picture(_))));
    }
}
