//! `standfirm`: the page's twin in a terminal.

mod args;
mod choices;
mod figures;
mod fit;
mod imputation;
mod influence;
mod joint;
mod multiverse;
mod power;
mod print;
mod randomize;
mod read;
mod replicate;
mod robustness;
mod threads;
mod threat;
mod validate;

use std::process::ExitCode;

use args::{Args, Command};
use clap::Parser;

fn main() -> ExitCode {
    let result = match Args::parse().command {
        Command::Fit(options) => fit::run(&options),
        Command::Read(options) => read::run(&options),
        Command::Power(options) => power::run(&options),
        Command::Replicate(options) => replicate::run(&options),
        Command::Figures(options) => figures::run(&options),
        Command::Threat(options) => threat::run(&options),
        Command::Choices(options) => choices::run(&options),
        Command::Imputation(options) => imputation::run(&options),
        Command::Influence(options) => influence::run(&options),
        Command::Multiverse(options) => multiverse::run(&options),
        Command::Randomize(options) => randomize::run(&options),
        Command::Robustness(options) => robustness::run(&options),
        Command::Validate(options) => validate::run(&options),
    };
    match result {
        Ok(output) => print::out(&output),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
