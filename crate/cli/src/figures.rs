//! `standfirm figures`: every figure as a file.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

use report::figure::png::{Fonts, png};
use report::figure::{self, Theme};
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
    let fonts = Fonts::of_the_system()?;
    let specification = options.specification.read()?;
    let credit = [CITATION, &specification.words()].join(" ");
    let estimates = fit_all(&specification, Part::All)?;
    let mut written = String::new();
    for (name, figure) in article::all_figures(&estimates)? {
        let svg = figure::svg(&figure, f64::from(options.width), theme, Some(credit.trim_end()));
        let stem = format!("{name}-{}", figure.version);
        write(&out.join(&stem).with_extension("svg"), svg.as_bytes())?;
        write(&out.join(&stem).with_extension("png"), &png(&svg, &fonts, RATIO)?)?;
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
