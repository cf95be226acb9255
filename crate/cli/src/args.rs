//! The arguments.

use std::path::PathBuf;

use clap::{Args as Group, Parser, Subcommand};

/// Re-estimates, in a terminal, the study of who stands firm against threats of economic sanctions.
#[derive(Debug, Parser)]
#[command(name = "standfirm", version, about)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Fits a multinomial logit to any CSV file.
    Fit(Fit),
    /// Fits the study's models to its episodes.
    Replicate(Replicate),
    /// Writes every figure of the study as SVG and PNG.
    Figures(Figures),
}

#[derive(Debug, Group)]
pub(crate) struct Fit {
    /// CSV file with a header line; empty cells and NA are missing values.
    pub(crate) file: PathBuf,
    /// Formula, such as "y ~ x1 * x2 + C(x3)".
    pub(crate) formula: String,
    /// Base outcome; the first level if not given.
    #[arg(long, value_name = "LEVEL")]
    pub(crate) base: Option<String>,
    /// Column of frequency weights.
    #[arg(long, value_name = "COL")]
    pub(crate) weights: Option<String>,
    /// Print JSON with every digit.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Group)]
pub(crate) struct Replicate {
    /// Print JSON with every digit.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Group)]
pub(crate) struct Figures {
    /// Folder to write to; made if it is not there.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Width in CSS pixels; PNGs have twice as many.
    #[arg(long, default_value_t = 800)]
    pub(crate) width: u32,
    /// Light ink on dark paper.
    #[arg(long)]
    pub(crate) dark: bool,
}
