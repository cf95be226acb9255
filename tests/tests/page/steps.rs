//! Steps that tests of several files take, and what they wait for: opening, doing what a reader does, looking.
//! What is a `String` or a `&str` of JavaScript is run with [`run`], or asked for with [`Browser::eval`].

use std::{fs, path::PathBuf};

use serde_json::{Value, json};
use standfirm_tests::{Browser, artifacts, cli, differences, dist};

/// Settles when the page shows its first result, or says why it cannot.
pub(crate) const READY: &str = "window.standfirm.ready";

/// Whether everything that was asked for is shown.
pub(crate) const DONE: &str = "document.querySelector('#status').dataset.state === 'done'";

/// A phone and a laptop, in CSS pixels.
pub(crate) const SIZES: [(u32, u32); 2] = [(390, 844), (1280, 800)];

/// All files of the built page again, in a folder where some can be spoilt.
pub(crate) fn copy_of_the_site(folder: &str) -> PathBuf {
    let folder = artifacts(folder);
    for entry in fs::read_dir(dist()).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.join(entry.file_name())).unwrap();
    }
    folder
}

/// Opens the page that works from disk, and waits for its first result.
pub(crate) async fn open_from_disk(browser: &Browser) {
    browser.goto_file(&dist().join("standfirm.html")).await;
    browser.eval(READY).await;
}

/// All numbers of the page are those of the command line.
pub(crate) async fn agrees_with_the_command_line(browser: &Browser) {
    let page = browser.eval("window.standfirm.replicate()").await;
    let differences = differences(&page, &cli(&["replicate", "--json"]), 1e-12);
    assert!(
        differences.is_empty(),
        "page and command line differ:\n{}",
        differences.join("\n")
    );
}

/// Lets the page go on for some milliseconds: where nothing says that it has finished.
pub(crate) async fn pause(browser: &Browser, milliseconds: u32) {
    browser
        .eval(&format!(
            "new Promise((resolve) => setTimeout(resolve, {milliseconds}))"
        ))
        .await;
}

/// Has the reader prefer the "light" theme or the "dark". Chromium only.
pub(crate) async fn prefer(browser: &Browser, theme: &str) {
    let features = json!([{ "name": "prefers-color-scheme", "value": theme }]);
    browser
        .devtools("Emulation.setEmulatedMedia", json!({ "features": features }))
        .await;
}

/// Runs statements in the page.
pub(crate) async fn run(browser: &Browser, script: &str) {
    browser.eval(&format!("(() => {{ {script} }})()")).await;
}

/// The words of an element, hidden ones too.
pub(crate) async fn words(browser: &Browser, selector: &str) -> String {
    let words = browser
        .eval(&format!("document.querySelector({selector:?}).textContent"))
        .await;
    words.as_str().unwrap_or_default().to_owned()
}

/// Gives a control a value, as a reader would.
pub(crate) fn give(control: &str, value: &str) -> String {
    format!(
        "{{ const c = document.querySelector({control:?}); c.value = {value:?};
            c.dispatchEvent(new Event('change', {{ bubbles: true }})); }}"
    )
}

/// Takes a choice of a card whose few short choices are a row of buttons.
pub(crate) fn take(card: &str, value: &str) -> String {
    format!("document.querySelector('#{card} input[value={value}]').click();")
}

/// Presses a key on the element that has the focus.
pub(crate) fn press(key: &str) -> String {
    format!(
        "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {{ key: {key:?}, bubbles: true }}));"
    )
}

/// Makes a choice in the builder, by the words of its label.
pub(crate) fn choose(label: &str, value: &str) -> String {
    format!(
        "(() => {{
            const all = [...document.querySelectorAll('#builder .choice')];
            const made = all.find((one) => one.querySelector('.name')?.textContent === {label:?});
            const select = made.querySelector('select');
            if (!select) return made.querySelector(`input[value={value:?}]`).click();
            select.value = {value:?};
            select.dispatchEvent(new Event('change'));
        }})()"
    )
}

/// Keeps what the page saves, and how it is called.
pub(crate) const SAVED: &str = "window.saved = [];
    const { createObjectURL } = URL;
    URL.createObjectURL = (blob) => (saved.push({ blob }), createObjectURL.call(URL, blob));
    HTMLAnchorElement.prototype.click = function () { saved.at(-1).name = this.download; };";

/// Saves the files of a card; each with its name, its type, its first bytes and its text.
pub(crate) async fn saved(browser: &Browser, card: &str) -> Vec<Value> {
    run(
        browser,
        &format!(
            "saved.length = 0; document.querySelector('#{card}-download-tab').click();
             for (const one of document.querySelectorAll('#{card}-download button')) one.click();"
        ),
    )
    .await;
    browser
        .until(&format!(
            "saved.length === document.querySelectorAll('#{card}-download button').length && saved.every((one) => one.name)"
        ))
        .await;
    let files = browser
        .eval(
            "Promise.all(saved.map(async ({ blob, name }) => ({ name, type: blob.type, text: await blob.text(),
                bytes: [...new Uint8Array(await blob.arrayBuffer())].slice(0, 24) })))",
        )
        .await;
    files.as_array().unwrap().clone()
}

/// The button that begins the multiverse, and goes on with it.
pub(crate) const BEGIN: &str = "document.querySelector('#curve .work button.begin')";

/// Opens the page and waits for the multiverse to be there to begin, in so many workers.
pub(crate) async fn open_multiverse(browser: &Browser, workers: usize) {
    open_from_disk(browser).await;
    browser
        .until(&format!("{BEGIN}?.checkVisibility() ?? false"))
        .await;
    run(
        browser,
        &format!(
            "Object.defineProperty(navigator, 'hardwareConcurrency', {{ value: {workers}, configurable: true }});
             const {{ Worker }} = window;
             window.members = [];
             window.Worker = class extends Worker {{
                 constructor(...all) {{ super(...all); members.push(this); }}
                 terminate() {{ this.ended = true; super.terminate(); }}
             }};"
        ),
    )
    .await;
}

/// Begins or goes on with the multiverse, to its end.
pub(crate) async fn fit_multiverse(browser: &Browser) {
    run(browser, &format!("{BEGIN}.click()")).await;
    browser
        .until_within(
            "/models fitted in/.test(document.querySelector('#curve .work [role=status]').textContent)",
            300,
        )
        .await;
}
