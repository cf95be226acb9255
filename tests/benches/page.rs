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

use standfirm_tests::{Browser, Engine, dist, in_browser};

/// Odd, for the median.
const RUNS: usize = 9;

/// Milliseconds from opening to: text painted, the study asked for, everything shown.
const MARKS: &str =
    "window.standfirm.ready.then(() => ['first-contentful-paint', 'standfirm-asked', 'standfirm-shown']
    .map((name) => performance.getEntriesByName(name)[0]?.startTime ?? null))";

#[tokio::main]
async fn main() {
    let native = median((0..RUNS).map(|_| native()).collect());
    println!("native, `standfirm replicate --json`, release build: {native:.0} ms");
    println!(
        "\nmedians of {RUNS}, milliseconds from opening dist/standfirm.html   (in brackets: times native)\n"
    );
    println!(
        "{:<10} {:>14} {:>18} {:>18}",
        "browser", "text painted", "computing took", "all shown after"
    );
    for engine in [Engine::Chromium, Engine::Firefox, Engine::WebKit] {
        in_browser(engine, engine.name(), async |browser| {
            let mut runs = Vec::new();
            for _ in 0..RUNS {
                runs.push(run(browser).await);
            }
            let of =
                |value: fn(&[Option<f64>; 3]) -> Option<f64>| median(runs.iter().filter_map(value).collect());
            let painted = of(|marks| marks[0]);
            let took = of(|marks| Some(marks[2]? - marks[1]?));
            let shown = of(|marks| marks[2]);
            let cell = |value: f64| format!("{value:.0} ({:.1})", value / native);
            println!(
                "{:<10} {painted:>14.0} {:>18} {:>18}",
                engine.name(),
                cell(took),
                cell(shown)
            );
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

async fn run(browser: &Browser) -> [Option<f64>; 3] {
    browser.goto_file(&dist().join("standfirm.html")).await;
    let marks = browser.eval(MARKS).await;
    [0, 1, 2].map(|at| marks[at].as_f64())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
