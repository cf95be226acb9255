//! `standfirm`: the page's twin in a terminal.

mod args;
mod choices;
mod figures;
mod fit;
mod imputation;
mod print;
mod replicate;

use std::process::ExitCode;

use args::{Args, Command};
use clap::Parser;

fn main() -> ExitCode {
    let result = match Args::parse().command {
        Command::Fit(options) => fit::run(&options),
        Command::Replicate(options) => replicate::run(&options),
        Command::Figures(options) => figures::run(&options),
        Command::Choices(options) => choices::run(&options),
        Command::Imputation(options) => imputation::run(&options),
    };
    match result {
        Ok(output) => print::out(&output),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
