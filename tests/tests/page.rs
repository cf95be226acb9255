//! The built page, in real browsers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::{
    fs,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use standfirm_tests::{Browser, Engine, Site, artifacts, cli, differences, dist, in_browser};

/// Each test, in each engine that can run it.
macro_rules! tests {
    ($($module:ident, $engine:expr => $($test:ident)*;)*) => { $(
        mod $module {
            use super::*;
            $(
                #[tokio::test]
                async fn $test() {
                    let name = concat!(stringify!($module), "::", stringify!($test));
                    in_browser($engine, name, super::$test).await;
                }
            )*
        }
    )* };
}

tests! {
    chromium, Engine::Chromium =>
        opened_from_disk_it_agrees_with_the_command_line
        served_under_a_sub_path_it_agrees_with_the_command_line
        the_one_file_page_asks_for_nothing
        the_hosted_page_asks_for_nothing_after_its_own_files
        figures_are_drawn
        choices_refit_the_models_and_are_in_the_address
        models_that_cannot_be_estimated_say_so_and_keep_the_last_figure
        a_threat_can_be_changed
        imputed_values_are_shown_beside_observed_ones
        pictures_for_a_person_to_look_at
        // What only Chromium can be asked.
        figures_are_as_fine_as_the_screen
        without_webassembly_it_says_so
        without_scripts_it_says_so
        the_hosted_page_opened_from_disk_names_the_one_that_works
        a_trap_in_the_worker_is_survived
        a_worker_that_never_answers_is_replaced
        where_a_module_cannot_be_sent_its_bytes_are
        pictures_by_night_and_whole;
    firefox, Engine::Firefox =>
        opened_from_disk_it_agrees_with_the_command_line
        served_under_a_sub_path_it_agrees_with_the_command_line
        the_one_file_page_asks_for_nothing
        the_hosted_page_asks_for_nothing_after_its_own_files
        figures_are_drawn
        choices_refit_the_models_and_are_in_the_address
        models_that_cannot_be_estimated_say_so_and_keep_the_last_figure
        a_threat_can_be_changed
        imputed_values_are_shown_beside_observed_ones
        pictures_for_a_person_to_look_at;
    webkit, Engine::WebKit =>
        opened_from_disk_it_agrees_with_the_command_line
        served_under_a_sub_path_it_agrees_with_the_command_line
        the_one_file_page_asks_for_nothing
        the_hosted_page_asks_for_nothing_after_its_own_files
        figures_are_drawn
        choices_refit_the_models_and_are_in_the_address
        models_that_cannot_be_estimated_say_so_and_keep_the_last_figure
        a_threat_can_be_changed
        imputed_values_are_shown_beside_observed_ones
        pictures_for_a_person_to_look_at;
}

const READY: &str = "window.standfirm.ready";

async fn open_from_disk(browser: &Browser) {
    browser.goto_file(&dist().join("standfirm.html")).await;
    browser.eval(READY).await;
}

async fn agrees_with_the_command_line(browser: &Browser) {
    let page = browser.eval("window.standfirm.replicate()").await;
    let differences = differences(&page, &cli(&["replicate", "--json"]), 1e-10);
    assert!(
        differences.is_empty(),
        "page and command line differ:\n{}",
        differences.join("\n")
    );
}

async fn opened_from_disk_it_agrees_with_the_command_line(browser: &Browser) {
    open_from_disk(browser).await;
    agrees_with_the_command_line(browser).await;
    assert_eq!(browser.console_errors().await, [""; 0]);
}

async fn served_under_a_sub_path_it_agrees_with_the_command_line(browser: &Browser) {
    let site = Site::serve(&dist()).await;
    browser.goto(&site.url("index.html")).await;
    browser.eval(READY).await;
    agrees_with_the_command_line(browser).await;
    assert_eq!(browser.console_errors().await, [""; 0]);
}

/// Makes the page do all it does by itself once it is loaded.
async fn use_page(browser: &Browser) {
    browser.eval(READY).await;
    browser.eval("window.standfirm.replicate()").await;
    browser.resize((600, 700)).await;
    browser
        .eval("new Promise((resolve) => setTimeout(resolve, 500))")
        .await;
}

async fn the_one_file_page_asks_for_nothing(browser: &Browser) {
    let file = dist().join("standfirm.html");
    browser.requests().await;
    browser.goto_file(&file).await;
    use_page(browser).await;
    if browser.engine == Engine::Chromium {
        assert_eq!(browser.requests().await, [format!("file://{}", file.display())]);
    }

    let site = Site::serve(&dist()).await;
    browser.goto(&site.url("standfirm.html")).await;
    use_page(browser).await;
    assert_eq!(site.asked(), ["standfirm.html"]);
}

async fn the_hosted_page_asks_for_nothing_after_its_own_files(browser: &Browser) {
    let site = Site::serve(&dist()).await;
    browser.goto(&site.url("index.html")).await;
    browser.eval(READY).await;
    let files = [
        "index.html",
        "page.js",
        "standfirm.wasm",
        "style.css",
        "worker.js",
    ];
    assert_eq!(site.asked(), files);

    browser.requests().await;
    use_page(browser).await;
    assert_eq!(browser.requests().await, [""; 0]);
    assert_eq!(site.asked(), files);
}

/// Of each canvas that is shown: its size on screen and its own, the number of its colours, and the share of
/// its pixels that have another colour than most.
const CANVASES: &str =
    "[...document.querySelectorAll('canvas')].filter((c) => c.checkVisibility()).map((canvas) => {
    const { width, height } = canvas;
    const pixels = new Uint32Array(canvas.getContext('2d').getImageData(0, 0, width, height).data.buffer);
    const counts = new Map();
    for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
    const box = canvas.getBoundingClientRect();
    return {
        width, height, ratio: devicePixelRatio, shown: [box.width, box.height], colours: counts.size,
        ink: 1 - Math.max(...counts.values()) / pixels.length,
    };
})";

async fn canvases(browser: &Browser) -> Vec<Value> {
    // The last to be drawn come after the first result.
    for last in ["imputation", "threat"] {
        browser
            .until(&format!(
                "document.querySelector('#{last} figcaption').textContent !== ''"
            ))
            .await;
    }
    let canvases = browser.eval(CANVASES).await.as_array().unwrap().clone();
    assert!(!canvases.is_empty(), "the page shows no figure");
    canvases
}

async fn figures_are_drawn(browser: &Browser) {
    open_from_disk(browser).await;
    for canvas in canvases(browser).await {
        assert!(canvas["colours"].as_u64() >= Some(2), "one colour only: {canvas}");
        let ink = canvas["ink"].as_f64().unwrap();
        assert!(
            (0.002..0.7).contains(&ink),
            "no figure has so little or so much on it: {canvas}"
        );
    }
}

async fn figures_are_as_fine_as_the_screen(browser: &Browser) {
    let fine = |canvas: &Value| {
        let close = |own: &Value, shown: &Value| {
            (own.as_f64().unwrap() - shown.as_f64().unwrap() * canvas["ratio"].as_f64().unwrap()).abs() <= 1.0
        };
        close(&canvas["width"], &canvas["shown"][0]) && close(&canvas["height"], &canvas["shown"][1])
    };
    open_from_disk(browser).await;
    let mut widths = Vec::new();
    // Each time the size changes too: the ratio alone, as emulated, is not noticed before the next layout.
    for (size, ratio) in [
        ((1280, 800), 1),
        ((1200, 800), 2),
        ((390, 844), 2),
        ((412, 915), 3),
        ((1280, 800), 1),
    ] {
        browser.resize_to(size, ratio).await;
        browser
            .until(&format!(
                "devicePixelRatio === {ratio} && innerWidth === {}",
                size.0
            ))
            .await;
        // The page follows in its own time.
        let started = Instant::now();
        let canvases = loop {
            let canvases = canvases(browser).await;
            if canvases.iter().all(fine) {
                break canvases;
            }
            assert!(
                started.elapsed() < Duration::from_secs(10),
                "too coarse at {size:?} x {ratio}: {canvases:?}"
            );
        };
        assert!(
            canvases
                .iter()
                .all(|canvas| canvas["colours"].as_u64() >= Some(2)),
            "blank at {size:?} x {ratio}"
        );
        widths.push(canvases[0]["width"].as_u64().unwrap());
    }
    assert!(
        widths[1] > widths[0] && widths[3] > widths[2] && widths[4] == widths[0],
        "{widths:?}"
    );
}

/// Whether everything that was asked for is shown.
const DONE: &str = "document.querySelector('#status').dataset.state === 'done'";

/// Makes a choice in the builder, by the words of its label.
fn choose(label: &str, value: &str) -> String {
    format!(
        "(() => {{
            const labels = [...document.querySelectorAll('#builder .choice label')];
            const select = labels.find((one) => one.firstChild.textContent === {label:?}).querySelector('select');
            select.value = {value:?};
            select.dispatchEvent(new Event('change'));
        }})()"
    )
}

async fn choices_refit_the_models_and_are_in_the_address(browser: &Browser) {
    open_from_disk(browser).await;
    let title = "document.querySelector('#figure-2-title').textContent";
    let study = browser.eval(title).await;
    // A second choice before the first is computed: only the last is shown.
    browser.eval(&choose("Scale of dependence", "share")).await;
    browser.eval(&choose("Senders", "usa")).await;
    browser.eval(&choose("Standard errors", "target")).await;
    browser.until(DONE).await;
    let expected = cli(&[
        "replicate",
        "--json",
        "--spec",
        "scale=share&senders=usa&errors=target",
    ]);
    let predictions = expected["index:trade_share"]["predictions"].as_array().unwrap();
    let high = &expected["index:trade_share"]["high_dependence"];
    let concession = |index: f64| {
        let found = predictions.iter().find(|one| {
            one["outcome"] == "concession"
                && one["at"]["dependence"] == *high
                && one["at"]["personalist_index"].as_f64() == Some(index)
        });
        let estimate = found.unwrap()["estimate"].as_f64().unwrap();
        format!("{}%", (100.0 * estimate).round())
    };
    let shown = browser.eval(title).await;
    let shown = shown.as_str().unwrap();
    for end in [concession(0.0), concession(1.0)] {
        assert!(shown.contains(&end), "{shown}: not {end}");
    }
    assert_eq!(
        browser.eval("location.hash").await,
        "#v=1&scale=share&senders=usa&errors=target"
    );
    let count = browser
        .eval("document.querySelector('#builder [data-part=count]').textContent")
        .await;
    assert_eq!(count, "3 choices differ from the study");
    browser
        .eval("document.querySelector('#builder [data-part=reset]').click()")
        .await;
    browser.until(DONE).await;
    assert_eq!(browser.eval(title).await, study);
    assert_eq!(browser.eval("location.hash").await, "");
    assert_eq!(browser.console_errors().await, [""; 0]);
}

async fn models_that_cannot_be_estimated_say_so_and_keep_the_last_figure(browser: &Browser) {
    open_from_disk(browser).await;
    let title = "document.querySelector('#figure-2-title').textContent";
    let before = browser.eval(title).await;
    browser.eval(&choose("Issues", "rights")).await;
    browser.until(DONE).await;
    assert_eq!(browser.eval(title).await, before);
    assert_eq!(
        browser
            .eval("document.querySelector('#figure-2').matches('.stale')")
            .await,
        true
    );
    let words = browser
        .eval("document.querySelector('#builder [data-part=refusals]').textContent")
        .await;
    assert!(
        words.as_str().unwrap().contains("separation: no finite estimate"),
        "{words}"
    );
    browser.eval(&choose("Issues", "all")).await;
    browser.until(DONE).await;
    assert_eq!(
        browser
            .eval("document.querySelector('#figure-2').matches('.stale')")
            .await,
        false
    );
}

async fn a_threat_can_be_changed(browser: &Browser) {
    open_from_disk(browser).await;
    let title = "document.querySelector('#threat-title').textContent";
    browser.until(&format!("{title}.includes('Panama')")).await;
    browser
        .eval(
            "(() => {
                const slider = document.querySelector('#threat input[type=range]');
                slider.value = '0';
                slider.dispatchEvent(new Event('input'));
            })()",
        )
        .await;
    browser.until(&format!("{title}.includes('as changed')")).await;
    let expected = cli(&["threat", "1987080701", "--set", "personalist_index=0", "--json"]);
    let shown = browser.eval(title).await;
    assert_eq!(shown, expected["figure"]["title"]);
    assert_eq!(
        browser.eval("location.hash").await,
        "#v=1&threat.set=personalist_index:0"
    );
    assert_eq!(browser.console_errors().await, [""; 0]);
}

async fn imputed_values_are_shown_beside_observed_ones(browser: &Browser) {
    let site = Site::serve(&dist()).await;
    browser
        .goto(&site.url("index.html#v=1&imputation=regime&impute=dependence"))
        .await;
    browser.eval(READY).await;
    let note = "document.querySelector('#imputation figcaption').textContent";
    browser.until(&format!("{note}.includes('90% interval')")).await;
    let expected = cli(&[
        "imputation",
        "--model",
        "regime:comtrade_mi",
        "--spec",
        "impute=dependence",
        "--json",
    ]);
    let shown = browser.eval(note).await;
    let shown = shown.as_str().unwrap();
    let coverage = expected["overimputation"]["coverage"].as_f64().unwrap();
    assert!(
        shown.contains(&format!("{}% lie within", (100.0 * coverage).round())),
        "{shown}"
    );
    assert!(
        shown.contains(&format!("on {} episodes", expected["rows"])),
        "{shown}"
    );
    let ignored = browser
        .eval("document.querySelector('#ignored').textContent")
        .await;
    assert_eq!(ignored, "");
}

async fn without_webassembly_it_says_so(browser: &Browser) {
    browser.inject("delete window.WebAssembly;").await;
    browser.goto_file(&dist().join("standfirm.html")).await;
    let error = browser.try_eval(READY).await.unwrap_err();
    assert!(error.contains("WebAssembly"), "{error}");
    let text = browser.text().await;
    assert!(text.contains("WebAssembly"), "{text}");
}

async fn without_scripts_it_says_so(browser: &Browser) {
    browser
        .devtools("Emulation.setScriptExecutionDisabled", json!({ "value": true }))
        .await;
    browser.goto_file(&dist().join("standfirm.html")).await;
    // Read as a screen reader would, which needs no script.
    let tree = browser.devtools("Accessibility.getFullAXTree", json!({})).await;
    let words: Vec<_> = tree["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|node| node["name"]["value"].as_str())
        .collect();
    assert!(words.iter().any(|words| words.contains("script")), "{words:?}");
}

async fn the_hosted_page_opened_from_disk_names_the_one_that_works(browser: &Browser) {
    browser.goto_file(&dist().join("index.html")).await;
    assert!(browser.try_eval(READY).await.is_err());
    let text = browser.text().await;
    assert!(text.contains("standfirm.html"), "{text}");
}

/// Gives the worker two faulty functions, and lets `window.fault` name the one that the next call runs instead.
const FAULTS: &str = r#"
    const trap = [0,97,115,109,1,0,0,0, 1,4,1,96,0,0, 3,2,1,0, 8,1,0, 10,5,1,3,0,0,11];
    const faults = `
        wasm.trap = () => new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([${trap}])));
        wasm.hang = () => { for (;;); };
    `;
    window.Blob = class extends Blob {
        constructor(parts, options) {
            // The worker's source ends the block that its `wasm` is in.
            const last = parts.length - 1;
            if (options?.type === "text/javascript") parts[last] = parts[last].replace(/\}\s*$/, faults + "}");
            super(parts, options);
        }
    };
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (message) {
        if (message.call && window.fault) {
            message = { ...message, call: window.fault };
            window.fault = undefined;
        }
        postMessage.call(this, message);
    };
"#;

async fn a_trap_in_the_worker_is_survived(browser: &Browser) {
    browser.inject(FAULTS).await;
    open_from_disk(browser).await;
    let before = browser.eval("window.standfirm.replicate()").await;
    browser.eval("window.fault = 'trap'").await;
    let both = "Promise.allSettled([window.standfirm.replicate(), window.standfirm.replicate()])";
    let both = browser
        .eval(&format!(
            "({both}).then((all) => all.map((one) => one.value ?? one.reason.message))"
        ))
        .await;
    let message = both[0].as_str().unwrap_or_default();
    assert!(
        message.contains("unreachable") && message.contains("worker is replaced"),
        "{both}"
    );
    // Only the call that met the fault is lost.
    assert_eq!(both[1], before);
}

async fn a_worker_that_never_answers_is_replaced(browser: &Browser) {
    browser.inject(FAULTS).await;
    open_from_disk(browser).await;
    let before = browser.eval("window.standfirm.replicate()").await;
    browser.eval("window.fault = 'hang'").await;
    // A minute passes in half a second.
    browser
        .eval("void (window.wait = setTimeout, window.setTimeout = (f, t) => wait(f, t / 120))")
        .await;
    let error = browser
        .try_eval("window.standfirm.replicate()")
        .await
        .unwrap_err();
    browser.eval("void (window.setTimeout = wait)").await;
    assert!(error.contains("60 seconds"), "{error}");
    assert_eq!(browser.eval("window.standfirm.replicate()").await, before);
}

async fn where_a_module_cannot_be_sent_its_bytes_are(browser: &Browser) {
    let refuse = "
        const { postMessage } = Worker.prototype;
        Worker.prototype.postMessage = function (message) {
            if (message.module instanceof WebAssembly.Module) throw new DOMException('not here', 'DataCloneError');
            postMessage.call(this, message);
        };";
    browser.inject(refuse).await;
    open_from_disk(browser).await;
    agrees_with_the_command_line(browser).await;
}

const SIZES: [(u32, u32); 2] = [(390, 844), (1280, 800)];

fn save(picture: Vec<u8>, name: String) {
    fs::write(artifacts("screenshots").join(format!("{name}.png")), picture).unwrap();
}

async fn pictures_for_a_person_to_look_at(browser: &Browser) {
    for size @ (width, height) in SIZES {
        open_from_disk(browser).await;
        browser.resize(size).await;
        save(
            browser.picture().await,
            format!("{}-{width}x{height}", browser.engine.name()),
        );
    }
}

async fn pictures_by_night_and_whole(browser: &Browser) {
    for theme in ["light", "dark"] {
        let features = json!([{ "name": "prefers-color-scheme", "value": theme }]);
        browser
            .devtools("Emulation.setEmulatedMedia", json!({ "features": features }))
            .await;
        for size @ (width, height) in SIZES {
            browser.resize_to(size, 2).await;
            open_from_disk(browser).await;
            save(
                browser.picture().await,
                format!("chromium-{width}x{height}-{theme}"),
            );
            save(
                browser.whole_picture().await,
                format!("chromium-{width}-{theme}-whole"),
            );
        }
    }
}
