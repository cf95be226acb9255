//! What the page tells machines: search engines, and whoever shows a link to it.

use std::fs;

use serde_json::{Value, json};
use standfirm_tests::{Browser, Site, dist};

use crate::{
    engines::tests,
    steps::{READY, open_from_disk},
};

tests! {
    in every engine:
        the_hosted_page_says_what_it_is
        the_one_file_page_names_no_place;
}

const HEAD: &str = "({
    canonical: document.querySelector('link[rel=canonical]')?.href ?? null,
    properties: Object.fromEntries([...document.querySelectorAll('meta[property]')].map((one) =>
        [one.getAttribute('property'), one.content])),
    data: JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent),
    title: document.querySelector('#figure-2-title').textContent,
})";

fn kinds(data: &Value) -> Vec<&str> {
    let graph = data["@graph"].as_array().unwrap();
    graph.iter().map(|one| one["@type"].as_str().unwrap()).collect()
}

async fn the_hosted_page_says_what_it_is(browser: &Browser) {
    let site = Site::serve(&dist()).await;
    for page in ["index.html", "embed.html#v=1&at=figure-2"] {
        browser.goto("about:blank").await;
        browser.goto(&site.url(page)).await;
        browser.eval(READY).await;
        let head = browser.eval(HEAD).await;
        assert_eq!(head["canonical"], site.url("index.html"));
        assert_eq!(kinds(&head["data"]), ["ScholarlyArticle", "Dataset"]);
        // What a preview says is what the page finds.
        assert_eq!(head["properties"]["og:description"], head["title"]);
        assert_eq!(head["properties"]["og:image"], "preview.png");
    }
    // Data in a script element is no script: the policy has nothing to refuse.
    assert_eq!(browser.console_errors().await, [""; 0]);
    for file in ["preview.png", "episodes.csv", "codebook.md"] {
        assert!(
            !site.asked().iter().any(|asked| asked.starts_with(file)),
            "{file}"
        );
    }
    let picture = fs::read(dist().join("preview.png")).unwrap();
    let side = |at: usize| u32::from_be_bytes(picture[at..at + 4].try_into().unwrap());
    assert_eq!((side(16), side(20)), (1200, 630));
}

async fn the_one_file_page_names_no_place(browser: &Browser) {
    open_from_disk(browser).await;
    let head = browser.eval(HEAD).await;
    assert_eq!(
        (&head["canonical"], &head["properties"]["og:image"]),
        (&json!(null), &json!(null))
    );
    assert_eq!(kinds(&head["data"]), ["ScholarlyArticle", "Dataset"]);
    assert_eq!(browser.console_errors().await, [""; 0]);
}
