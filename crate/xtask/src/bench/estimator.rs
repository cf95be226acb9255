//! The estimator natively, in wasm in node, and other software on the same data.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use crate::{Error, Workspace, command, page::PROFILE, toolchain, workspace::GET_RUST};

/// A program rather than a module: it reads its arguments and the clock. Compiled by the same compiler with the page's
/// flags, and run by the engine of Chromium.
const WASI: &str = "wasm32-wasip1";
const GET_NODE: &str = "install Node.js, https://nodejs.org";
const GET_OTHERS: &str = "it is timed where it is installed";

/// What is timed: its name, the arguments of `timing`, and how often other software does it.
const WORK: [(&str, [&str; 3], usize); 4] = [
    ("one fit, n = 900", ["fit", "900", "201"], 21),
    ("a bootstrap refit, n = 900", ["refits", "900", "1000"], 100),
    ("a small model, n = 450", ["small", "900", "1000"], 100),
    ("one fit, n = 100,000", ["fit", "100000", "5"], 1),
];
/// Rows for the growth of time and memory.
const ROWS: [&str; 3] = ["10000", "100000", "1000000"];
/// Log-likelihoods agree to this, relative.
const SAME: f64 = 1e-8;

pub(super) fn run(workspace: &Workspace) -> Result<(), Error> {
    let ours = Ours::build(workspace)?;
    let data = workspace.target.join("bench");
    fs::create_dir_all(&data).map_err(Error::file("create", &data))?;
    for rows in ["900", "100000"] {
        let mut write = Command::new(&ours.native);
        command::run(write.arg("write").arg(&data).arg(rows), GET_RUST)?;
    }
    println!("milliseconds; one thread each; in brackets, times the wasm's\n");
    let header = ["wasm", "native", "statsmodels", "scikit-learn", "nnet"];
    println!("{:<28}{}", "", header.map(|name| format!("{name:>20}")).concat());
    for (name, arguments, runs) in WORK {
        let wasm = timed(&ours.wasm(&arguments)?);
        let mut cells = format!("{:>20.2}", wasm.ms);
        let native = Some(timed(&ours.native(&arguments)?));
        let others = ["statsmodels", "sklearn", "nnet"];
        let others = others.map(|software| other(workspace, &data, software, arguments, runs));
        for one in [native].into_iter().chain(others) {
            let cell = match one {
                None => "did not run".to_owned(),
                Some(one) if (one.loglik - wasm.loglik).abs() > SAME * wasm.loglik.abs() => {
                    format!("log-likelihood {}", one.loglik)
                }
                Some(one) => format!("{:.2} ({:.1})", one.ms, one.ms / wasm.ms),
            };
            cells += &format!("{cell:>20}");
        }
        println!("{name:<28}{cells}");
    }
    println!("\nrows        wasm, ms   native, ms   memory while fitted, of the design (wasm, native)");
    for rows in ROWS {
        let arguments = ["fit", rows, "3"];
        let (wasm, native) = (timed(&ours.wasm(&arguments)?), timed(&ours.native(&arguments)?));
        let memory = [ours.wasm(&["memory", rows])?, ours.native(&["memory", rows])?];
        let [in_wasm, natively] = memory.map(|json| number(&json, "fitted") / number(&json, "design"));
        println!(
            "{rows:<10}{:>10.1}{:>13.1}   {in_wasm:.2}, {natively:.2}",
            wasm.ms, native.ms
        );
    }
    println!("\nof the machine's multiplications and additions a second, the kernel reaches");
    for (name, json) in [
        ("wasm", ours.wasm(&["kernel"])?),
        ("native", ours.native(&["kernel"])?),
    ] {
        let (peak, kernel) = (number(&json, "peak"), number(&json, "kernel"));
        println!(
            "{name:<10}{:.0} % of {:.1} billion",
            100.0 * kernel / peak,
            peak / 1e9
        );
    }
    Ok(())
}

/// The program, for both.
struct Ours {
    native: PathBuf,
    wasi: PathBuf,
    runner: PathBuf,
}

impl Ours {
    fn build(workspace: &Workspace) -> Result<Self, Error> {
        toolchain::ensure_target(WASI)?;
        let example = ["build", "--package", "mlogit", "--example", "timing"];
        command::run(workspace.cargo().args(example).arg("--release"), GET_RUST)?;
        let mut wasi = workspace.cargo();
        wasi.args(example).args(["--profile", PROFILE, "--target", WASI]);
        command::run(&mut wasi, GET_RUST)?;
        Ok(Ours {
            native: workspace.target.join("release/examples/timing"),
            wasi: workspace
                .target
                .join(WASI)
                .join(PROFILE)
                .join("examples/timing.wasm"),
            runner: workspace.root.join("tests/benches/wasi.mjs"),
        })
    }

    fn native(&self, arguments: &[&str]) -> Result<Value, Error> {
        answer(Command::new(&self.native).args(arguments), GET_RUST)
    }

    fn wasm(&self, arguments: &[&str]) -> Result<Value, Error> {
        let mut node = Command::new("node");
        node.arg("--no-warnings").arg(&self.runner).arg(&self.wasi);
        answer(node.args(arguments), GET_NODE)
    }
}

/// The same work in other software; none where that is not installed, or fails.
fn other(
    workspace: &Workspace,
    data: &Path,
    software: &str,
    [work, rows, _]: [&str; 3],
    runs: usize,
) -> Option<Timed> {
    let folder = workspace.root.join("tests/benches");
    let (program, script, last) = match software {
        "nnet" => ("Rscript", "estimator.R", None),
        _ => ("python3", "estimator.py", Some(software)),
    };
    let mut ask = Command::new(program);
    ask.arg(folder.join(script)).arg(data).args([work, rows]);
    ask.arg(runs.to_string()).args(last);
    // As the wasm has one.
    for threads in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"] {
        ask.env(threads, "1");
    }
    Some(timed(&answer(&mut ask, GET_OTHERS).ok()?))
}

/// Milliseconds a model, and its log-likelihood or the sum of a hundred.
struct Timed {
    ms: f64,
    loglik: f64,
}

fn timed(json: &Value) -> Timed {
    Timed {
        ms: number(json, "ms"),
        loglik: number(json, "loglik"),
    }
}

fn number(json: &Value, name: &str) -> f64 {
    json[name].as_f64().unwrap_or(f64::NAN)
}

fn answer(command: &mut Command, advice: &'static str) -> Result<Value, Error> {
    let text = command::output(command, advice)?;
    serde_json::from_str(&text).map_err(|_| Error::Answer {
        command: command::shown(command),
        text,
    })
}
