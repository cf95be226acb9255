//! The page is opened: from disk, from a server, and where it cannot work.

use serde_json::json;
use standfirm_tests::{Browser, Site, dist};

use crate::{
    engines::tests,
    steps::{READY, SIZES, agrees_with_the_command_line, open_from_disk, pause},
};

tests! {
    in every engine:
        opened_from_disk_it_agrees_with_the_command_line
        served_under_a_sub_path_it_agrees_with_the_command_line;
    in Chromium, which alone can be asked:
        the_hosted_page_opened_from_disk_names_the_one_that_works
        without_scripts_it_says_so
        without_webassembly_it_says_so
        nothing_moves_while_it_loads;
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

async fn the_hosted_page_opened_from_disk_names_the_one_that_works(browser: &Browser) {
    browser.goto_file(&dist().join("index.html")).await;
    assert!(browser.try_eval(READY).await.is_err());
    let text = browser.text().await;
    assert!(text.contains("standfirm.html"), "{text}");
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
    // What is the matter, the main result in numbers, and its picture.
    for said in [
        "Scripts are switched off",
        "the chance of concession falls from 33% to 11%",
        "High trade dependence",
    ] {
        assert!(
            words.iter().any(|words| words.contains(said)),
            "no {said:?} in {words:?}"
        );
    }
}

async fn without_webassembly_it_says_so(browser: &Browser) {
    browser.inject("delete window.WebAssembly;").await;
    browser.goto_file(&dist().join("standfirm.html")).await;
    let error = browser.try_eval(READY).await.unwrap_err();
    assert!(error.contains("WebAssembly"), "{error}");
    let text = browser.text().await;
    assert!(text.contains("WebAssembly"), "{text}");
}

async fn nothing_moves_while_it_loads(browser: &Browser) {
    browser
        .inject(
            "window.shifts = [];
             new PerformanceObserver((list) => shifts.push(...list.getEntries().map((one) => one.value)))
                 .observe({ type: 'layout-shift', buffered: true });
             // What lies below the window moves as well, though no observer says so.
             window.places = () => Object.fromEntries(
                 [...document.querySelectorAll('.card:has(.plot):not(#threat)')].map((one) => [one.id, one.offsetHeight]));
             addEventListener('DOMContentLoaded', () => (window.reserved = places()));",
        )
        .await;
    for size in SIZES {
        browser.resize(size).await;
        open_from_disk(browser).await;
        pause(browser, 300).await;
        let shift = browser.eval("shifts.reduce((sum, one) => sum + one, 0)").await;
        assert!(
            shift.as_f64().unwrap() < 0.01,
            "{size:?}: layout shifts add up to {shift}"
        );
        let moved = "Object.entries(places()).filter(([id, height]) => Math.abs(height - reserved[id]) > 2)
            .map(([id, height]) => `${id}: ${reserved[id]} to ${height}`)";
        browser
            .until("document.querySelector('#imputation .plot').classList.contains('drawn')")
            .await;
        assert_eq!(browser.eval(moved).await, json!([]), "{size:?}");
    }
}
