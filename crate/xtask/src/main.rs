//! `cargo xtask`: every task of the project. `cargo xtask --help` lists them.

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;

use xtask::{
    Error, Workspace,
    bench::{self, Work},
    data, page, serve, test, types,
};

/// Builds, serves and tests Standfirm.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", arg_required_else_help = true)]
enum Task {
    /// Build the page: a hosted site, and the whole page in one file
    Page {
        /// The folder to write, relative to the workspace
        #[arg(long, default_value = "dist")]
        out: PathBuf,
        /// The address of the folder that it will be served from, for previews of links and search engines
        #[arg(long, value_parser = page::metadata::folder)]
        url: Option<String>,
        /// Then serve it on 127.0.0.1 and open the browser, until interrupted
        #[arg(long)]
        serve: bool,
        /// The port to serve on; 0 takes a free one
        #[arg(long, default_value_t = 0, requires = "serve")]
        port: u16,
    },
    /// Check the formatting, lint, and run every test, those in browsers included
    Test,
    /// Time the page in every browser there is, beside the command line; or the estimator, natively, in wasm and beside
    /// other software
    Bench {
        /// What to time
        #[arg(value_enum, default_value_t = Work::Page)]
        work: Work,
    },
    /// Write www/types.d.ts: the types of what Rust hands over to scripts
    Types,
    /// Derive data/ from the published source files
    Data {
        /// Folder that holds the source files
        #[arg(long, value_name = "DIR")]
        sources: PathBuf,
        /// Folder to write to, relative to the workspace
        #[arg(long, value_name = "DIR", default_value = "data")]
        out: PathBuf,
    },
}

fn main() -> ExitCode {
    match run(Task::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<ExitCode, Error> {
    let workspace = Workspace::find()?;
    match task {
        Task::Page {
            out,
            url,
            serve,
            port,
        } => {
            let out = workspace.root.join(out);
            page::build(&workspace, &out, url.as_deref())?.print();
            println!("\n{}", standfirm::headline()?);
            if serve {
                serve::run(&out, port)?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Task::Test => Ok(if test::run(&workspace)? {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }),
        Task::Types => {
            println!("{}", types::write(&workspace)?.display());
            Ok(ExitCode::SUCCESS)
        }
        Task::Bench { work } => {
            bench::run(&workspace, work)?;
            Ok(ExitCode::SUCCESS)
        }
        Task::Data { sources, out } => {
            println!("{}", data::run(&sources, &workspace.root.join(out))?);
            Ok(ExitCode::SUCCESS)
        }
    }
}
