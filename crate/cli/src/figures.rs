//! `standfirm figures`: every figure as a file.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use report::figure::{self, Theme};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};
use standfirm::article;
use standfirm::exhibits::about::CITATION;
use standfirm::fitting::fitted::{Part, fit_all};

use crate::args::Figures;

/// Pixels of a PNG in a CSS pixel.
const RATIO: f32 = 2.0;
/// The narrowest figure that is still legible, and the widest that is still a figure.
const WIDTHS: std::ops::RangeInclusive<u32> = 280..=4000;

pub(crate) fn run(options: &Figures) -> Result<String, Box<dyn Error>> {
    let out = &options.out;
    if !WIDTHS.contains(&options.width) {
        return Err(format!(
            "--width {}: give {} to {}",
            options.width,
            WIDTHS.start(),
            WIDTHS.end()
        )
        .into());
    }
    std::fs::create_dir_all(out).map_err(|error| format!("{}: {error}", out.display()))?;
    let theme = if options.dark { Theme::Dark } else { Theme::Light };
    let fonts = fonts()?;
    let estimates = fit_all(&options.specification.read()?, Part::All)?;
    let mut written = String::new();
    for (name, figure) in article::all_figures(&estimates)? {
        let svg = figure::svg(&figure, f64::from(options.width), theme, Some(CITATION));
        let stem = format!("{name}-{}", figure.version);
        write(&out.join(&stem).with_extension("svg"), svg.as_bytes())?;
        write(&out.join(&stem).with_extension("png"), &png(&svg, &fonts)?)?;
        writeln!(
            written,
            "{}.svg, .png: {}",
            out.join(&stem).display(),
            figure.title
        )?;
    }
    Ok(written)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Box<dyn Error>> {
    std::fs::write(path, bytes).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// The system's fonts; any sans-serif one will do.
fn fonts() -> Result<Arc<fontdb::Database>, Box<dyn Error>> {
    let mut fonts = fontdb::Database::new();
    fonts.load_system_fonts();
    let sans = [
        "DejaVu Sans",
        "Liberation Sans",
        "Noto Sans",
        "Arial",
        "Helvetica",
    ];
    let family = |name: &str| {
        let query = fontdb::Query {
            families: &[fontdb::Family::Name(name)],
            ..fontdb::Query::default()
        };
        fonts.query(&query).is_some().then(|| name.to_owned())
    };
    let first = fonts
        .faces()
        .next()
        .and_then(|face| Some(face.families.first()?.0.clone()));
    let Some(family) = sans.into_iter().find_map(family).or(first) else {
        return Err(
            "PNGs need a font, and this system has none: install one, such as fonts-dejavu-core".into(),
        );
    };
    fonts.set_sans_serif_family(family);
    Ok(Arc::new(fonts))
}

fn png(svg: &str, fonts: &Arc<fontdb::Database>) -> Result<Vec<u8>, Box<dyn Error>> {
    let options = Options {
        fontdb: fonts.clone(),
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options)?;
    let (width, height) = (tree.size().width() * RATIO, tree.size().height() * RATIO);
    let mut pixels =
        Pixmap::new(width.round() as u32, height.round() as u32).ok_or("the picture has no size")?;
    resvg::render(&tree, Transform::from_scale(RATIO, RATIO), &mut pixels.as_mut());
    Ok(pixels.encode_png()?)
}
