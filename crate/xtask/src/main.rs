//! Builds, serves and tests Standfirm and derives its data.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Derive data/ from the published source files
    Data {
        /// Folder that holds the source files
        #[arg(long, value_name = "DIR")]
        sources: PathBuf,
        /// Folder to write to
        #[arg(long, value_name = "DIR", default_value = "data")]
        out: PathBuf,
    },
}

fn main() -> ExitCode {
    let result = match Cli::parse().task {
        Task::Data { sources, out } => xtask::data::run(&sources, &out),
    };
    match result {
        Ok(summary) => {
            println!("{summary}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
