//! Figures are on their canvases, as fine as the screen.

use std::time::Instant;

use serde_json::Value;
use standfirm_tests::{Browser, PATIENCE};

use crate::{
    engines::tests,
    steps::{open_from_disk, run},
};

tests! {
    in every engine:
        figures_are_drawn;
    in Chromium, which alone can be asked:
        figures_are_as_fine_as_the_screen
        a_canvas_that_was_lost_is_drawn_again;
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
                "document.querySelector('#{last} .plot').classList.contains('drawn')"
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
                started.elapsed() < PATIENCE,
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

async fn a_canvas_that_was_lost_is_drawn_again(browser: &Browser) {
    open_from_disk(browser).await;
    canvases(browser).await;
    let lost = "for (const canvas of document.querySelectorAll('.plot.drawn canvas')) {
        canvas.getContext('2d').reset();
        canvas.dispatchEvent(new Event('contextrestored'));
    }";
    let before = canvases(browser).await;
    run(browser, lost).await;
    assert_eq!(canvases(browser).await, before);
}
