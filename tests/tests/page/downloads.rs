//! Figures and tables are saved as files.

use serde_json::Value;
use standfirm_tests::{Browser, cli};

use crate::{
    engines::tests,
    steps::{SAVED, open_from_disk, run, saved},
};

tests! {
    in every engine:
        downloads_are_what_they_say;
}

async fn downloads_are_what_they_say(browser: &Browser) {
    open_from_disk(browser).await;
    run(browser, SAVED).await;
    let files = saved(browser, "figure-2").await;
    let find = |files: &[Value], end: &str| {
        let found = files
            .iter()
            .find(|file| file["name"].as_str().unwrap().ends_with(end));
        found.unwrap_or_else(|| panic!("no {end} in {files:?}")).clone()
    };
    for file in &files {
        let name = file["name"].as_str().unwrap();
        assert!(name.starts_with("standfirm-figure-2-trade_share-20"), "{name}");
    }
    let png: Vec<u8> = serde_json::from_value(find(&files, ".png")["bytes"].clone()).unwrap();
    assert_eq!(png[..8], *b"\x89PNG\r\n\x1a\n");
    // 900 CSS pixels, twice.
    assert_eq!(u32::from_be_bytes(png[16..20].try_into().unwrap()), 1800);
    let credit = "Huang, Pi Cheng";
    let svg = find(&files, ".svg");
    let text = svg["text"].as_str().unwrap();
    assert!(text.starts_with("<svg") && text.contains("High trade dependence") && text.contains(credit));
    let csv = find(&files, ".csv");
    let lines: Vec<&str> = csv["text"].as_str().unwrap().lines().collect();
    assert_eq!(lines.len(), 1 + 21, "{lines:?}");
    assert!(
        lines[0].starts_with("Personalist index,High trade dependence: estimate"),
        "{}",
        lines[0]
    );
    assert!(
        lines[0].ends_with(",Source") && lines[1..].iter().all(|line| line.contains(credit)),
        "{lines:?}"
    );

    let files = saved(browser, "table-1").await;
    let study = cli(&["replicate", "--json"]);
    let first = &study["index:trade_share"]["coefficients"][0];
    let csv = find(&files, ".csv");
    let estimate = format!(",{},", first["estimate"].as_f64().unwrap());
    assert!(
        csv["text"].as_str().unwrap().contains(&estimate),
        "{estimate} in {}",
        csv["text"]
    );
    for (end, part) in [
        (".tex", "\\toprule"),
        (".html", "<th scope=\"row\">Personalist index</th>"),
        (".md", "| Personalist index |"),
    ] {
        let file = find(&files, end);
        let text = file["text"].as_str().unwrap();
        assert!(text.contains(part) && text.contains(credit), "{text}");
    }
    assert_eq!(browser.console_errors().await, [""; 0]);
}
