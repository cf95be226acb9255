//! `standfirm`: the page's twin in a terminal.

mod args;
mod bar;
mod choices;
mod figures;
mod fit;
mod handover;
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
    quiet_foreign_panics();
    let result = match Args::parse().command {
        Command::Fit(options) => fit::run(&options),
        Command::Handover(options) => handover::run(&options),
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

/// A reader of workbooks that breaks off is a damaged file, and the error says so; its own words are for its authors.
fn quiet_foreign_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let foreign = panic
            .location()
            .is_some_and(|place| place.file().contains("calamine"));
        if !foreign {
            usual(panic);
        }
    }));
}
