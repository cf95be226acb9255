//! How long the page takes from being opened to showing everything, beside the same study on the command line.
//! Run by `cargo xtask bench`, which builds both first.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a benchmark: what fails, ends it"
)]

use std::{
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use serde_json::Value;
use standfirm_tests::{Browser, Engine, dist, in_browser};

/// Odd, for the median.
const RUNS: usize = 9;

/// What is timed: of opening the page, then of a choice that fits every model anew.
const TIMES: [&str; 5] = [
    "text painted",
    "first estimate",
    "all shown",
    "refit: first",
    "refit: all",
];

/// These times, in milliseconds.
const MARKS: &str = "window.standfirm.ready.then(async () => {
    const last = (name) => performance.getEntriesByName(name).at(-1)?.startTime;
    const opened = [last('first-contentful-paint'), last('standfirm-first'), last('standfirm-shown')];
    // Unless it is idle, what is timed next begins with what is left to do.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const before = performance.now();
    location.hash = '#v=1&lag=1';
    while (!(last('standfirm-all') > before)) await new Promise((resolve) => setTimeout(resolve, 5));
    return [...opened, last('standfirm-first') - before, last('standfirm-all') - before].map((time) => time ?? null);
})";

#[tokio::main]
async fn main() {
    let native = median((0..RUNS).map(|_| native()).collect());
    println!("native, `standfirm replicate --json`, release build: {native:.0} ms");
    println!("\nmedians of {RUNS}, milliseconds with dist/standfirm.html   (in brackets: times native)\n");
    let heads = TIMES.map(|head| format!("{head:>16}")).concat();
    println!("{:<10}{heads}", "browser");
    for engine in [Engine::Chromium, Engine::Firefox, Engine::WebKit] {
        in_browser(engine, engine.name(), async |browser| {
            let mut runs = Vec::new();
            for _ in 0..RUNS {
                runs.push(run(browser).await);
            }
            let cells: Vec<String> = (0..TIMES.len())
                .map(|at| {
                    let time = median(runs.iter().filter_map(|times| times[at].as_f64()).collect());
                    format!("{:>16}", format!("{time:.0} ({:.1})", time / native))
                })
                .collect();
            println!("{:<10}{}", engine.name(), cells.concat());
        })
        .await;
    }
}

/// One whole run of the command line, starting the program included.
fn native() -> f64 {
    let program = Path::new(env!("CARGO_MANIFEST_DIR"))
        .with_file_name("target")
        .join("release/standfirm");
    let started = Instant::now();
    let status = Command::new(program)
        .args(["replicate", "--json"])
        .stdout(Stdio::null())
        .status();
    assert!(status.expect("`cargo xtask bench` builds it").success());
    started.elapsed().as_secs_f64() * 1e3
}

async fn run(browser: &Browser) -> Value {
    browser.goto_file(&dist().join("standfirm.html")).await;
    browser.eval(MARKS).await
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
