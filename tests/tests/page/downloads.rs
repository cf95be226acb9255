//! Figures and tables are saved as files.

use std::fs;

use serde_json::Value;
use standfirm_tests::{Browser, Site, cli, dist};

use crate::{
    engines::tests,
    steps::{DONE, READY, SAVED, open_from_disk, run, saved, words},
};

tests! {
    in every engine:
        downloads_are_what_they_say
        what_is_taken_away_says_what_was_chosen_and_where_it_is_from
        the_page_hands_out_its_data_and_how_to_cite_it;
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

/// The one with this ending.
fn text_of(files: &[Value], end: &str) -> String {
    let found = files
        .iter()
        .find(|file| file["name"].as_str().unwrap().ends_with(end));
    let file = found.unwrap_or_else(|| panic!("no {end} in {files:?}"));
    file["text"].as_str().unwrap().to_owned()
}

/// The words of a drawing, whose lines are elements of their own.
fn words_of(svg: &str) -> String {
    let texts = svg.split('<').filter_map(|part| part.split_once('>'));
    let texts = texts.map(|(_, text)| text.replace("&amp;", "&"));
    let text = texts.collect::<Vec<_>>().join(" ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn what_is_taken_away_says_what_was_chosen_and_where_it_is_from(browser: &Browser) {
    let chosen = "With choices other than the study’s: Scale of dependence: square root; Senders: the United States only.";
    let site = Site::serve(&dist()).await;
    let address = site.url("index.html#v=1&scale=root&senders=usa");
    browser.goto(&address).await;
    browser.eval(READY).await;
    browser.until(DONE).await;
    run(browser, SAVED).await;
    let files = saved(browser, "figure-2").await;
    let drawn = words_of(&text_of(&files, ".svg"));
    let csv = text_of(&files, ".csv");
    for text in [&drawn, &csv] {
        assert!(text.contains(chosen), "{text}");
    }
    // A drawing breaks a long address between lines.
    let from = format!("From {address}&at=figure-2 on ").replace(' ', "");
    assert!(drawn.replace(' ', "").contains(&from), "{drawn}");
    assert!(csv.replace(' ', "").contains(&from), "{csv}");
    let table = saved(browser, "table-1").await;
    for end in [".csv", ".html", ".tex", ".md"] {
        let text = text_of(&table, end);
        assert!(
            text.contains("With choices other than the study’s"),
            "{end}: {text}"
        );
    }
    run(browser, "document.querySelector('#figure-2-about-tab').click()").await;
    let about = words(browser, "#figure-2-about").await;
    assert!(about.contains(chosen), "{about}");
    let links = "[...document.querySelectorAll('#figure-2-about a')].map((one) => one.href).join(' ')";
    let links = browser.eval(links).await;
    assert!(
        links
            .as_str()
            .unwrap()
            .contains("https://doi.org/10.1177/0738894213520379"),
        "{links}"
    );

    // A file lies in a folder that is nobody's but the reader's.
    open_from_disk(browser).await;
    run(browser, SAVED).await;
    let files = saved(browser, "figure-2").await;
    let csv = text_of(&files, ".csv");
    assert!(csv.contains("From standfirm.html#v=1&at=figure-2 on "), "{csv}");
    assert!(
        !csv.contains("file:") && !csv.contains(dist().to_str().unwrap()),
        "{csv}"
    );
    assert!(!csv.contains("With choices other"), "{csv}");
    run(browser, "document.querySelector('#figure-2-about-tab').click()").await;
    let about = words(browser, "#figure-2-about").await;
    assert!(about.ends_with("ChoicesThose of the study."), "{about}");
    assert_eq!(browser.console_errors().await, [""; 0]);
}

/// In the form that is one file as well.
async fn the_page_hands_out_its_data_and_how_to_cite_it(browser: &Browser) {
    open_from_disk(browser).await;
    run(browser, SAVED).await;
    run(
        browser,
        "for (const one of document.querySelectorAll('#data-files button, pre[data-file] + .work button')) one.click();",
    )
    .await;
    browser
        .until("saved.filter((one) => one.name?.startsWith('standfirm')).length === 4")
        .await;
    let saved = "Promise.all(saved.map(async ({ blob, name }) => ({ name, text: await blob.text() })))";
    let files = browser.eval(saved).await;
    let files = files.as_array().unwrap();
    let data = dist().with_file_name("data").join("episodes.csv");
    let data = fs::read_to_string(data).unwrap().replace("\r\n", "\n");
    let page = text_of(files, "standfirm-episodes.csv");
    let differs = page.lines().zip(data.lines()).find(|(page, file)| page != file);
    assert_eq!(differs, None);
    assert_eq!(page.len(), data.len());
    assert!(
        text_of(files, "standfirm-codebook.md").contains("| `personalist_index` | **Personalist index.**")
    );
    let bibtex = text_of(files, ".bib");
    assert!(
        bibtex.starts_with("@mastersthesis{huang,") && bibtex.contains("{{The Standfirm developers}}"),
        "{bibtex}"
    );
    assert!(text_of(files, ".ris").starts_with("TY  - THES\nAU  - Huang, Pi Cheng\n"));
    // The hosted files are the same.
    for (name, text) in [("episodes.csv", &page), ("codebook.md", &text_of(files, ".md"))] {
        assert_eq!(fs::read_to_string(dist().join(name)).unwrap(), *text, "{name}");
    }
    assert_eq!(browser.console_errors().await, [""; 0]);
}
