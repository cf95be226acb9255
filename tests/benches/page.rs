//! How long the page takes from being opened to showing everything, beside the same study on the command line; how many
//! models of the multiverse it fits in a second, beside the command line and statsmodels.
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
const TIMES: [&str; 7] = [
    "text painted",
    "loaded",
    "first estimate",
    "article whole",
    "every figure",
    "refit: first",
    "refit: all",
];

/// These times, in milliseconds.
const MARKS: &str = "window.standfirm.ready.then(async () => {
    const last = (name) => performance.getEntriesByName(name).at(-1)?.startTime;
    const all = async (after) => {
        while (!(last('standfirm-all') > after)) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    await all(0);
    const loaded = performance.getEntriesByType('navigation')[0]?.loadEventEnd;
    const opened = [last('first-contentful-paint'), loaded, last('standfirm-first'), last('standfirm-whole'), last('standfirm-all')];
    // Unless it is idle, what is timed next begins with what is left to do.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const before = performance.now();
    location.hash = '#v=1&lag=1';
    await all(before);
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
    multiverse().await;
}

/// One whole run of the command line, starting the program included.
fn native() -> f64 {
    time(&["replicate", "--json"])
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Milliseconds that the command line takes.
fn time(arguments: &[&str]) -> f64 {
    let started = Instant::now();
    let status = Command::new(root().join("target/release/standfirm"))
        .args(arguments)
        .stdout(Stdio::null())
        .status();
    assert!(status.expect("`cargo xtask bench` builds it").success());
    started.elapsed().as_secs_f64() * 1e3
}

/// Models of the multiverse in a second: natively, in the browsers, and in statsmodels where that is installed.
async fn multiverse() {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    println!("\nmodels of the multiverse in a second, medians of {FEW}   (in brackets: of native)\n");
    println!(
        "{:<10} {:>16} {:>22}",
        "",
        "one worker",
        format!("{threads} workers")
    );
    let speed = |threads: usize| {
        let threads = threads.to_string();
        let runs = (0..FEW).map(|_| time(&["multiverse", "--csv", "--threads", &threads]));
        MODELS / median(runs.collect()) * 1e3
    };
    let native = [speed(1), speed(threads)];
    println!("{:<10} {:>16.0} {:>22.0}", "native", native[0], native[1]);
    for engine in [Engine::Chromium, Engine::Firefox, Engine::WebKit] {
        in_browser(engine, engine.name(), async |browser| {
            let mut cells = Vec::new();
            for (workers, native) in [1, threads].into_iter().zip(native) {
                let mut runs = Vec::new();
                for _ in 0..FEW {
                    runs.push(fit_multiverse(browser, workers).await);
                }
                let speed = median(runs);
                cells.push(format!("{speed:.0} ({:.2})", speed / native));
            }
            println!("{:<10} {:>16} {:>22}", engine.name(), cells[0], cells[1]);
        })
        .await;
    }
    let statsmodels = Command::new("python3")
        .arg(root().join("crate/standfirm/tests/reference/multiverse.py"))
        .arg(root().join("target/release/standfirm"))
        .arg("--time")
        .stderr(Stdio::null())
        .output();
    match statsmodels {
        Ok(output) if output.status.success() => print!("\n{}", String::from_utf8_lossy(&output.stdout)),
        _ => println!("\nno statsmodels to compare with"),
    }
}

/// All combinations of the multiverse.
const MODELS: f64 = 63_000.0;
/// Odd, for the median; fewer, as they take longer.
const FEW: usize = 3;

/// Models in a second, from the click to the last of them drawn.
async fn fit_multiverse(browser: &Browser, workers: usize) -> f64 {
    browser.goto_file(&dist().join("standfirm.html")).await;
    browser.eval("window.standfirm.ready").await;
    let begin = "document.querySelector('#curve .work button.begin')";
    browser
        .until(&format!("{begin}?.checkVisibility() ?? false"))
        .await;
    browser
        .eval(&format!(
            "(Object.defineProperty(navigator, 'hardwareConcurrency', {{ value: {workers} }}), {begin}.click())"
        ))
        .await;
    let measure = "performance.getEntriesByName('standfirm-multiverse')[0]";
    browser
        .until_within(&format!("{measure} !== undefined"), 300)
        .await;
    let found = browser
        .eval(&format!("[{measure}.detail, {measure}.duration]"))
        .await;
    let (models, took) = (found[0].as_f64().unwrap(), found[1].as_f64().unwrap());
    assert_eq!(models, MODELS);
    models / took * 1e3
}

async fn run(browser: &Browser) -> Value {
    browser.goto_file(&dist().join("standfirm.html")).await;
    browser.eval(MARKS).await
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
