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
        a_figure_loads_however_the_reader_comes_to_it
        the_styles_of_a_page_stay_outside
        attributes_leave_parts_out_and_bad_ones_are_said
        a_figure_says_where_it_is_from
        what_cannot_be_estimated_has_a_title;
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
        return height > 300 && frame.style.height === `${Math.ceil(height)}px`; })()";
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
        r#"<!doctype html><meta charset="utf-8"><link rel="icon" href="icon.svg"><script>{busy}</script>
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

/// Serves a page with a figure, in a site of its own.
async fn article(browser: &Browser, name: &str, head: &str, body: &str) -> Site {
    let folder = copy_of_the_site(&format!("{name}-{:?}", browser.engine));
    let page = format!(
        r#"<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="icon.svg">
        <script src="standfirm-figure.js" defer></script>{head}</head><body>{body}</body></html>"#
    );
    fs::write(folder.join("article.html"), page).unwrap();
    let site = Site::serve(&folder).await;
    browser.goto("about:blank").await;
    browser.goto(&site.url("article.html")).await;
    site
}

const INSIDE: &str = "document.querySelector('standfirm-figure').shadowRoot";

async fn drawn(browser: &Browser) {
    browser
        .until(&format!(
            "({INSIDE}?.querySelector('.plot.drawn') ?? null) !== null"
        ))
        .await;
}

/// All that a page can say of its text, in ways that reach into a shadow tree: by inheritance, of every element, of this one,
/// and of what lengths are counted in.
const HOSTILE: &str = "<style>
    html { font: italic small-caps 900 62.5%/3 fantasy; direction: rtl; }
    body { margin: 0; width: 800px; color: red; letter-spacing: 4px; word-spacing: 9px; text-align: right; text-indent: 40px;
        text-transform: uppercase; white-space: nowrap; cursor: crosshair; quotes: none; hyphens: auto; text-shadow: 2px 2px red;
        list-style: square; border-collapse: collapse; border-spacing: 9px; caption-side: bottom; word-break: break-all;
        overflow-wrap: anywhere; tab-size: 1; font-feature-settings: 'zero'; pointer-events: none; line-break: anywhere;
        -webkit-text-fill-color: red; text-underline-offset: 9px; color-scheme: dark; }
    * { letter-spacing: 4px; text-transform: uppercase; line-height: 3; direction: rtl; }
    standfirm-figure { text-align: right; text-transform: uppercase; font-size: 40px; }
</style>";

/// What the elements of a figure look like.
const LOOKS: &str = "[...document.querySelector('standfirm-figure').shadowRoot.querySelectorAll('.card, .card *')]
    .filter((one) => !one.closest('.reading'))
    .map((one) => {
        const style = getComputedStyle(one);
        const names = ['fontSize', 'fontFamily', 'fontStyle', 'fontVariant', 'fontWeight', 'lineHeight', 'letterSpacing',
            'wordSpacing', 'textAlign', 'textIndent', 'textTransform', 'whiteSpace', 'direction', 'color', 'cursor', 'quotes',
            'textShadow', 'listStyleType', 'borderCollapse', 'borderSpacing', 'captionSide', 'wordBreak', 'overflowWrap',
            'tabSize', 'fontFeatureSettings', 'pointerEvents', 'visibility', 'textUnderlineOffset', 'width', 'height'];
        return `${one.tagName}.${one.className}: ` + names.map((name) => `${name} ${style[name]}`).join('; ');
    })";

async fn the_styles_of_a_page_stay_outside(browser: &Browser) {
    let figure = r#"<standfirm-figure figure="2" theme="light"></standfirm-figure>"#;
    let calm = "<style>body { margin: 0; width: 800px; }</style>";
    let _site = article(browser, "calm", calm, figure).await;
    drawn(browser).await;
    let expected = browser.eval(LOOKS).await;
    let _site = article(browser, "hostile", HOSTILE, figure).await;
    drawn(browser).await;
    let found = browser.eval(LOOKS).await;
    let (found, expected) = (found.as_array().unwrap(), expected.as_array().unwrap());
    for (found, expected) in found.iter().zip(expected) {
        assert_eq!(found, expected);
    }
    assert_eq!(found.len(), expected.len());
    // In a part of a page that is not to be seen it is not to be seen.
    let hidden = format!(r#"<div style="visibility: hidden">{figure}</div>"#);
    let _site = article(browser, "hidden", "", &hidden).await;
    drawn(browser).await;
    let seen = format!("getComputedStyle({INSIDE}.querySelector('.card')).visibility");
    assert_eq!(browser.eval(&seen).await, "hidden");
}

async fn attributes_leave_parts_out_and_bad_ones_are_said(browser: &Browser) {
    let body = r#"<standfirm-figure figure="2" hide="number tabs controls"></standfirm-figure>"#;
    let _site = article(browser, "hide", "", body).await;
    drawn(browser).await;
    let shown = format!(
        "[...{INSIDE}.querySelectorAll('.number, .bar, .controls, h2, .plot, .source')].map((one) => one.checkVisibility())"
    );
    assert_eq!(
        browser.eval(&shown).await,
        json!([false, false, true, false, true, true])
    );
    let ignored = format!("{INSIDE}.querySelector('.ignored').textContent");
    assert_eq!(browser.eval(&ignored).await, "");

    let body = r#"<standfirm-figure figure="9" model="gold" theme="blue" specification="scale=cube" hide="everything, tabs"></standfirm-figure>"#;
    let _site = article(browser, "bad", "", body).await;
    drawn(browser).await;
    for wrong in ["figure=9", "gold", "theme=blue", "cube", "hide=everything"] {
        browser.until(&format!("{ignored}.includes({wrong:?})")).await;
    }
    let seen = format!("{INSIDE}.querySelector('.ignored').checkVisibility()");
    assert_eq!(browser.eval(&seen).await, true);
    assert_eq!(
        browser.eval(&shown).await,
        json!([true, false, true, true, true, true])
    );
}

async fn a_figure_says_where_it_is_from(browser: &Browser) {
    let body =
        r#"<standfirm-figure figure="2" model="import_share" specification="scale=root"></standfirm-figure>"#;
    let site = article(browser, "source", "", body).await;
    drawn(browser).await;
    let source = format!("{INSIDE}.querySelector('.source')");
    let text = browser.eval(&format!("{source}.textContent")).await;
    assert!(
        text.as_str().unwrap().contains("Pi Cheng Huang’s MA thesis"),
        "{text}"
    );
    let link = browser.eval(&format!("{source}.querySelector('a').href")).await;
    assert_eq!(
        link,
        site.url("index.html#v=1&scale=root&f2=import_share&at=figure-2")
    );
    // It follows what is chosen.
    run(
        browser,
        &format!(
            "const one = {INSIDE}.querySelector('select'); one.value = 'trade_share';
             one.dispatchEvent(new Event('change', {{ bubbles: true }}));"
        ),
    )
    .await;
    let followed = browser.eval(&format!("{source}.querySelector('a').href")).await;
    assert_eq!(followed, site.url("index.html#v=1&scale=root&at=figure-2"));

    browser.goto(&site.url("embed.html#v=1&at=figure-4")).await;
    browser
        .until("document.querySelector('#figure-4 .plot.drawn') !== null")
        .await;
    let link =
        "(({ href, target, rel }) => [href, target, rel])(document.querySelector('#figure-4 .source a'))";
    assert_eq!(
        browser.eval(link).await,
        json!([site.url("index.html#v=1&at=figure-4"), "_blank", "noopener"])
    );
    assert_eq!(
        browser.eval("document.querySelectorAll('.source').length").await,
        1
    );
    assert_eq!(browser.console_errors().await, [""; 0]);
}

async fn what_cannot_be_estimated_has_a_title(browser: &Browser) {
    let body = r#"<standfirm-figure figure="2" specification="issues=rights"></standfirm-figure>"#;
    let _site = article(browser, "refused", "", body).await;
    let reason = format!("{INSIDE}?.querySelector('.reason')?.textContent ?? ''");
    browser.until(&format!("({reason}).includes('separation')")).await;
    let title = browser
        .eval(&format!("{INSIDE}.querySelector('h2').textContent"))
        .await;
    assert_eq!(title, "Not estimated");
}
