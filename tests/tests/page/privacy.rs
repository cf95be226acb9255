//! What the page asks for, what it keeps, and what its policy refuses.

use std::fs;

use serde_json::json;
use standfirm_tests::{Browser, Engine, Site, dist};

use crate::{
    engines::tests,
    steps::{READY, give, open_from_disk, pause, run},
};

tests! {
    in every engine:
        the_one_file_page_asks_for_nothing
        the_hosted_page_asks_for_nothing_after_its_own_files
        embedded_figures_ask_for_nothing_after_their_own_files;
    in Chromium, which alone can be asked:
        the_policy_lets_nothing_else_in_or_out
        without_storage_it_works_and_with_it_stores_nothing;
}

/// Files that were asked for, without queries; an icon is asked for by some engines alone.
fn asked(site: &Site) -> Vec<String> {
    let names = site.asked().into_iter().filter(|name| !name.contains("icon"));
    names
        .map(|name| name.split('?').next().unwrap_or_default().to_owned())
        .collect()
}

fn assert_own_files(asked: &[String]) {
    let files: Vec<String> = fs::read_dir(dist())
        .unwrap()
        .map(|one| one.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(asked.iter().all(|file| files.contains(file)), "{asked:?}");
}

/// Makes the page do all it does by itself once it is loaded.
async fn use_page(browser: &Browser) {
    browser.eval(READY).await;
    browser.eval("window.standfirm.replicate()").await;
    browser.resize((600, 700)).await;
    pause(browser, 500).await;
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
    // At first what it needs, then, for when there is no network, the rest of its files, each once.
    browser
        .until("!('serviceWorker' in navigator) || navigator.serviceWorker.ready.then(() => true)")
        .await;
    let mut once = asked(&site);
    once.dedup();
    for file in [
        "index.html",
        "page.js",
        "standfirm.wasm",
        "style.css",
        "worker.js",
    ] {
        assert!(once.contains(&file.to_owned()), "{file} is not in {once:?}");
    }
    assert_own_files(&once);

    browser.requests().await;
    let before = asked(&site);
    use_page(browser).await;
    assert_eq!(browser.requests().await, [""; 0]);
    assert_eq!(asked(&site), before);
}

/// Figures of an article, then the one of a frame by itself: loaded, changed, and made narrower.
async fn embedded_figures_ask_for_nothing_after_their_own_files(browser: &Browser) {
    let site = Site::serve(&dist()).await;
    browser.goto(&site.url("example-article.html")).await;
    let figures = "[...document.querySelectorAll('standfirm-figure')].map((one) => one.shadowRoot)";
    let frame = "document.querySelector('iframe')";
    for (place, inside) in [
        ("standfirm-figure", format!("{figures}[0]")),
        ("standfirm-figure:nth-of-type(2)", format!("{figures}[1]")),
        ("iframe", format!("{frame}.contentDocument")),
    ] {
        let come = format!("document.querySelector({place:?}).scrollIntoView()");
        run(browser, &come).await;
        let drawn = format!("({inside}?.querySelector('.plot.drawn') ?? null) !== null");
        browser.until(&drawn).await;
    }
    browser.until(&format!("{frame}.style.height !== ''")).await;
    settled(browser).await;
    let change = format!(
        "const chosen = {figures}[1].querySelector('select');
         chosen.selectedIndex = (chosen.selectedIndex + 1) % chosen.options.length;
         chosen.dispatchEvent(new Event('change', {{ bubbles: true }}));"
    );
    asks_for_nothing_more(browser, &site, &change).await;

    browser.goto(&site.url("embed.html#v=1&at=figure-2")).await;
    browser
        .until("document.querySelector('#figure-2 .plot.drawn') !== null")
        .await;
    settled(browser).await;
    let change = give("#figure-2 select", "import_share");
    asks_for_nothing_more(browser, &site, &change).await;
}

/// Time for what follows by itself, such as keeping files for when there is no network.
async fn settled(browser: &Browser) {
    pause(browser, 1000).await;
}

async fn asks_for_nothing_more(browser: &Browser, site: &Site, change: &str) {
    browser.requests().await;
    let before = asked(site);
    assert_own_files(&before);
    run(browser, change).await;
    browser.resize((600, 700)).await;
    settled(browser).await;
    assert_eq!(browser.requests().await, [""; 0]);
    assert_eq!(asked(site), before);
    assert_eq!(browser.console_errors().await, [""; 0]);
}

/// Tries all that the policies of our pages should refuse, in a turn of its own, as a driver's calls are let through.
const FORBIDDEN: &str = r#"new Promise((resolve) => setTimeout(async () => {
    const done = [];
    const tried = (what, work) => { try { if (work()) done.push(what); } catch {} };
    tried("eval", () => (0, eval)("true"));
    tried("new Function", () => new Function("return true")());
    const add = (name, values) => new Promise((settled) => {
        const element = Object.assign(document.createElement(name), values);
        element.onload = () => { if (name !== "iframe") done.push(name); settled(); };
        element.onerror = settled;
        setTimeout(settled, 500);
        document.body.append(element);
    });
    await add("script", { textContent: "window.ran = true" });
    tried("inline script", () => window.ran);
    document.body.setAttribute("onclick", "window.clicked = true");
    document.body.click();
    tried("inline handler", () => window.clicked);
    await fetch(OTHER + "fetch", { mode: "no-cors" }).then(() => done.push("fetch"), () => {});
    await add("img", { src: OTHER + "img" });
    await add("script", { src: OTHER + "script" });
    await add("link", { rel: "stylesheet", href: OTHER + "style" });
    await add("iframe", { src: OTHER + "frame" });
    tried("beacon", () => void navigator.sendBeacon(OTHER + "beacon", "all"));
    tried("worker", () => new Worker(URL.createObjectURL(new Blob([`fetch("${OTHER}worker", { mode: "no-cors" })`]))) && false);
    await new Promise((settled) => setTimeout(settled, 500));
    resolve(done);
}, 0))"#;

async fn the_policy_lets_nothing_else_in_or_out(browser: &Browser) {
    let (site, other) = (Site::serve(&dist()).await, Site::serve(&dist()).await);
    for page in [
        "index.html",
        "standfirm.html",
        "embed.html",
        "example-article.html",
    ] {
        browser.goto(&site.url(page)).await;
        let forbidden = FORBIDDEN.replace("OTHER", &format!("{:?}", other.url("")));
        assert_eq!(browser.eval(&forbidden).await, json!([]), "{page}");
        assert_eq!(other.asked(), [""; 0], "{page}");
    }
    // What is refused is said in the console: the policy, not an accident, refused it.
    let said = browser.console_errors().await;
    assert!(
        said.iter()
            .filter(|said| said.contains("Content Security Policy"))
            .count()
            >= 16,
        "{said:?}"
    );
}

async fn without_storage_it_works_and_with_it_stores_nothing(browser: &Browser) {
    let refuse = "window.touched = [];
        for (const name of ['localStorage', 'sessionStorage', 'indexedDB']) {
            Object.defineProperty(window, name, { get() {
                touched.push(name);
                throw new DOMException('storage is refused', 'SecurityError');
            } });
        }";
    browser.inject(refuse).await;
    open_from_disk(browser).await;
    use_page(browser).await;
    run(browser, &give("#figure-2 select", "import_share")).await;
    assert_eq!(
        browser.eval("[window.touched, document.cookie]").await,
        json!([[], ""])
    );
    assert_eq!(browser.console_errors().await, [""; 0]);
}
