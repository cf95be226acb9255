//! Figures stand in other people's pages.

use std::fs;

use serde_json::json;
use standfirm_tests::{Browser, Site, artifacts, dist};

use crate::{
    engines::tests,
    steps::{copy_of_the_site, pause, run},
};

tests! {
    in every engine:
        figures_embed_in_an_article
        figures_embed_in_a_page_on_another_server
        a_figure_loads_however_the_reader_comes_to_it;
}

async fn figures_embed_in_an_article(browser: &Browser) {
    let site = Site::serve(&dist()).await;
    browser.goto(&site.url("example-article.html")).await;
    let figures = "[...document.querySelectorAll('standfirm-figure')]";
    for at in 0..2 {
        run(browser, &format!("{figures}[{at}].scrollIntoView()")).await;
        let title = format!("{figures}[{at}].shadowRoot.querySelector('h2')");
        browser.until(&format!("{title}?.textContent.length > 20")).await;
        let drawn = format!("{figures}[{at}].shadowRoot.querySelector('canvas').height > 300");
        browser.until(&drawn).await;
    }
    // Styles neither go in nor out.
    let looks = format!(
        "[getComputedStyle({figures}[0].shadowRoot.querySelector('h2')).textTransform,
          getComputedStyle(document.querySelector('h1')).textTransform]"
    );
    assert_eq!(browser.eval(&looks).await, json!(["none", "uppercase"]));
    // The second asked for a theme, and its model and method are chosen.
    let chosen = format!("[...{figures}[1].shadowRoot.querySelectorAll('select')].map((one) => one.value)");
    assert_eq!(browser.eval(&chosen).await, json!(["import_share", "means"]));
    // One engine for both; the frame has its own.
    run(browser, "document.querySelector('iframe').scrollIntoView()").await;
    browser
        .until("document.querySelector('iframe').style.height !== ''")
        .await;
    let fits = "(() => { const frame = document.querySelector('iframe');
        const { height } = frame.contentDocument.body.getBoundingClientRect();
        return height > 300 && Math.abs(frame.getBoundingClientRect().height - height) <= 1; })()";
    browser.until(fits).await;
    let asked = |file: &str| {
        site.asked()
            .iter()
            .filter(|asked| asked.starts_with(file))
            .count()
    };
    assert!(asked("standfirm.wasm") <= 2, "{:?}", site.asked());

    // Only the frame itself may say how high it is, and not anything.
    let before = browser
        .eval("document.querySelector('iframe').style.height")
        .await;
    run(browser, "postMessage({ standfirm: 'height', height: 3000 }, '*')").await;
    pause(browser, 200).await;
    assert_eq!(
        browser
            .eval("document.querySelector('iframe').style.height")
            .await,
        before
    );
    let says = |height: &str| {
        format!(
            "(dispatchEvent(new MessageEvent('message', {{ data: {{ standfirm: 'height', height: {height} }},
            origin: location.origin, source: document.querySelector('iframe').contentWindow }})),
            document.querySelector('iframe').style.height)"
        )
    };
    for (height, expected) in [("'9'", before), ("1e9", json!("4000px")), ("-5", json!("120px"))] {
        // At once: the frame says soon how high it really is.
        assert_eq!(browser.eval(&says(height)).await, expected, "{height}");
    }
    assert_eq!(browser.console_errors().await, [""; 0]);
}

/// The server that has the files says nothing of who may read them, as a plain host does.
async fn figures_embed_in_a_page_on_another_server(browser: &Browser) {
    let site = Site::serve(&dist()).await;
    let script = site.url("standfirm-figure.js");
    let server = script.split('/').take(3).collect::<Vec<_>>().join("/");
    let folder = artifacts(&format!("page-on-another-server-{:?}", browser.engine));
    let policy = format!("default-src 'none'; script-src {server} 'wasm-unsafe-eval'; worker-src blob:");
    let page = format!(
        r#"<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">
        <script src="{script}" defer></script>
        <p>An article.</p>
        <div><standfirm-figure figure="2" model="import_share" specification="scale=root"></standfirm-figure></div>"#
    );
    fs::write(folder.join("article.html"), page).unwrap();
    let other = Site::serve(&folder).await;
    browser.goto(&other.url("article.html")).await;
    let inside = "document.querySelector('standfirm-figure').shadowRoot";
    browser
        .until(&format!(
            "{inside}?.querySelector('.plot')?.classList.contains('drawn')"
        ))
        .await;
    let title = browser
        .eval(&format!("{inside}.querySelector('h2').textContent"))
        .await;
    assert!(title.as_str().unwrap().contains('%'), "{title}");
    let asked = site.asked();
    let names: Vec<&str> = asked
        .iter()
        .map(|one| one.split('?').next().unwrap_or_default())
        .collect();
    assert_eq!(names, ["standfirm-engine.js", "standfirm-figure.js"]);
    assert_eq!(browser.console_errors().await, [""; 0]);
}

/// An article with one figure at its top and one at its end, far apart, where a busy page hears of several moments at once.
async fn a_figure_loads_however_the_reader_comes_to_it(browser: &Browser) {
    let busy = "const { IntersectionObserver: Own } = window;
        window.IntersectionObserver = class extends Own {
            constructor(tell, options) {
                super((entries, own) => tell([{ isIntersecting: false }, ...entries], own), options);
            }
        };";
    let figure = |number: u8| {
        format!(
            r#"<div style="height: 9000px"></div><standfirm-figure figure="{number}"></standfirm-figure>"#
        )
    };
    let page = format!(
        r#"<!doctype html><meta charset="utf-8"><script>{busy}</script>
        <script src="standfirm-figure.js" defer></script>{}{}{}<div style="height: 9000px"></div>"#,
        figure(1),
        figure(2),
        figure(4)
    );
    let folder = copy_of_the_site(&format!("jumps-{:?}", browser.engine));
    fs::write(folder.join("article.html"), page).unwrap();
    let site = Site::serve(&folder).await;
    browser.goto(&site.url("article.html")).await;
    let drawn = "[...document.querySelectorAll('standfirm-figure')]
        .map((one) => one.shadowRoot.querySelector('.plot.drawn') !== null)";
    // Nothing is loaded that is far below.
    pause(browser, 500).await;
    assert_eq!(browser.eval(drawn).await, json!([false, false, false]));
    let jump = |at: u8| format!("scrollTo(0, document.querySelectorAll('standfirm-figure')[{at}].offsetTop)");
    run(browser, &jump(1)).await;
    browser
        .until(&format!("JSON.stringify({drawn}) === '[true,true,false]'"))
        .await;
    run(browser, &jump(2)).await;
    browser.until(&format!("{drawn}[2]")).await;
    assert_eq!(browser.console_errors().await, [""; 0]);
}
