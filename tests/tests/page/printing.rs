//! The page is printed.

use std::fs;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::json;
use standfirm_tests::{Browser, artifacts};

use crate::{
    engines::tests,
    steps::{open_from_disk, run},
};

tests! {
    in every engine:
        on_paper_figures_are_drawings;
    in Chromium, which alone can be asked:
        the_page_as_printed
        what_is_printed_does_not_depend_on_open_tabs;
}

async fn on_paper_figures_are_drawings(browser: &Browser) {
    open_from_disk(browser).await;
    // The last figure that comes.
    browser
        .until("document.querySelector('#imputation .plot').classList.contains('drawn')")
        .await;
    let drawings = "document.querySelectorAll('.plot svg text').length";
    run(browser, "dispatchEvent(new Event('beforeprint'))").await;
    let all = "document.querySelectorAll('.plot.drawn:not(:has(svg))').length";
    assert_eq!(browser.eval(all).await, 0);
    assert!(browser.eval(drawings).await.as_u64().unwrap() > 40);
    run(browser, "dispatchEvent(new Event('afterprint'))").await;
    assert_eq!(browser.eval(drawings).await, 0);
    assert_eq!(browser.console_errors().await, [""; 0]);
}

async fn the_page_as_printed(browser: &Browser) {
    open_from_disk(browser).await;
    let printed = browser
        .devtools("Page.printToPDF", json!({ "printBackground": false }))
        .await;
    let pdf = BASE64_STANDARD.decode(printed["data"].as_str().unwrap()).unwrap();
    // A canvas would be an image.
    let images = pdf
        .windows(15)
        .filter(|bytes| bytes == b"/Subtype /Image")
        .count();
    assert_eq!(images, 0, "figures are printed as pixels");
    fs::write(artifacts("screenshots").join("chromium-printed.pdf"), pdf).unwrap();
}

async fn what_is_printed_does_not_depend_on_open_tabs(browser: &Browser) {
    open_from_disk(browser).await;
    browser
        .until("document.querySelector('#imputation .plot').classList.contains('drawn')")
        .await;
    for card in ["figure-2", "figure-3", "table-1"] {
        run(
            browser,
            &format!("document.querySelector('#{card}-download-tab').click()"),
        )
        .await;
    }
    run(browser, "dispatchEvent(new Event('beforeprint'))").await;
    browser
        .devtools("Emulation.setEmulatedMedia", json!({ "media": "print" }))
        .await;
    // What was never scrolled to is there as well: the study's own drawing.
    let missing = "['figure-2', 'figure-3', 'hypotheses', 'influence', 'prediction'].filter((id) =>
        !(document.querySelector(`#${id} .plot svg`)?.getBoundingClientRect().height > 100))";
    assert_eq!(browser.eval(missing).await, json!([]));
    let table = "document.querySelector('#table-1 [data-part=table] tbody tr').checkVisibility()";
    assert_eq!(browser.eval(table).await, true);
    let buttons =
        "[...document.querySelectorAll('.card button')].filter((one) => one.checkVisibility()).length";
    assert_eq!(browser.eval(buttons).await, 0);
}
