//! Hairlines are sharp on any screen.

use serde_json::{Value, json};
use standfirm_tests::{Browser, Engine, dist, in_browser};

/// Draws a card's figure again as for a screen with `ratio` pixels in each CSS pixel, and finds its lines: rows of pixels,
/// or columns, of which at least `share` have one colour that is not the paper's. Each is its position, and that colour as
/// the canvas has it.
const LINES: &str = "(card, ratio, rows, share) => {
    const canvas = document.querySelector(`#${card} canvas`);
    Object.defineProperty(window, 'devicePixelRatio', { value: ratio, configurable: true });
    canvas.dispatchEvent(new Event('contextrestored'));
    const { width, height } = canvas;
    if (width !== Math.round(canvas.clientWidth * ratio)) throw new Error(`${width} wide at ${ratio}`);
    const pixels = new Uint32Array(canvas.getContext('2d').getImageData(0, 0, width, height).data.buffer);
    const [count, length] = rows ? [height, width] : [width, height];
    const paper = pixels[0];
    const lines = [];
    // In the last one the paper itself may end within a pixel.
    for (let line = 0; line < count - 1; line += 1) {
        const found = new Map();
        for (let place = 0; place < length; place += 1) {
            const pixel = pixels[rows ? line * width + place : place * width + line];
            if (pixel !== paper) found.set(pixel, (found.get(pixel) ?? 0) + 1);
        }
        for (const [pixel, times] of found) if (times >= share * length) lines.push([line, pixel]);
    }
    return lines;
}";

/// The lines of a grid, as little-endian pixels.
const GRID: u64 = 0xff_e4_e1_df;
/// The line at zero.
const ZERO: u64 = 0xff_9d_94_8d;

async fn hairlines_cover_whole_pixels(browser: &Browser) {
    browser.goto_file(&dist().join("standfirm.html")).await;
    browser.eval("window.standfirm.ready").await;
    for card in ["figure-1", "hypotheses"] {
        let drawn = format!("document.querySelector('#{card} .plot').classList.contains('drawn')");
        browser.until(&drawn).await;
    }
    // Figure 1 has horizontal lines, between bars, and the hypotheses have vertical ones behind intervals.
    for (card, rows, share) in [("figure-1", true, 0.8), ("hypotheses", false, 0.5)] {
        for (ratio, covered) in [(1.0, 1), (1.25, 1), (1.5, 2), (2.0, 2), (3.0, 3)] {
            let arguments = json!([card, ratio, rows, share]);
            let lines = browser.eval(&format!("({LINES})(...{arguments})")).await;
            let lines: Vec<(u64, u64)> = lines.as_array().unwrap().iter().map(line).collect();
            // A row beside a line that had some of it would be one of the lines, in a colour between.
            let colours = lines.iter().all(|(_, colour)| [GRID, ZERO].contains(colour));
            assert!(colours, "{card} at {ratio}: {lines:x?}");
            let joined = lines.chunk_by(|(one, colour), (next, same)| one + 1 == *next && colour == same);
            // Bars stand on the line at zero, and hide some of it.
            let whole = joined.filter(|line| !rows || line[0].1 == GRID);
            let wide: Vec<usize> = whole.map(<[_]>::len).collect();
            assert!(wide.len() >= 3, "{card} at {ratio} has few lines: {lines:x?}");
            assert!(
                wide.iter().all(|wide| *wide == covered),
                "{card} at {ratio}: {wide:?}"
            );
        }
    }
    assert_eq!(browser.console_errors().await, [""; 0]);
}

fn line(line: &Value) -> (u64, u64) {
    (line[0].as_u64().unwrap(), line[1].as_u64().unwrap())
}

#[tokio::test]
async fn in_chromium() {
    in_browser(
        Engine::Chromium,
        "sharp::in_chromium",
        hairlines_cover_whole_pixels,
    )
    .await;
}

#[tokio::test]
async fn in_firefox() {
    in_browser(Engine::Firefox, "sharp::in_firefox", hairlines_cover_whole_pixels).await;
}

#[tokio::test]
async fn in_webkit() {
    in_browser(Engine::WebKit, "sharp::in_webkit", hairlines_cover_whole_pixels).await;
}
