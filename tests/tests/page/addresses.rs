//! What the page shows follows from its address alone: not from what was shown before.

use serde_json::Value;
use standfirm_tests::{Browser, Engine, dist};

use crate::{
    engines::tests,
    steps::{READY, SAVED, choose, give, open_from_disk, run, words},
};

tests! {
    in every engine:
        whatever_was_done_before_an_address_shows_the_same
        what_cannot_be_estimated_has_nothing_to_take_away
        what_a_link_means_is_what_controls_and_the_address_say
        a_copied_link_opens_the_chart_and_nothing_in_it_is_meaningless
        the_way_back_from_a_place_undoes_no_choice
        results_say_what_they_are_of;
}

/// Whether everything is shown that there is to show at this address.
const QUIET: &str = "document.querySelector('#status').dataset.state === 'done'
    && !document.querySelector('.card[aria-busy=true]')
    && [...document.querySelectorAll('.work progress')].every((one) => one.hidden)";

/// Has the reader come near what is only computed then.
const NEAR: &str =
    "for (const id of ['influence', 'prediction', 'figure-2']) document.getElementById(id).scrollIntoView()";

/// Everything there is to see of every card, on every tab, and the table that it offers as a file. The address stays:
/// browsers refuse to change it hundreds of times in seconds.
const SEEN: &str = "(async () => {
    history.pushState = history.replaceState = () => {};
    const text = (one) => one?.textContent.replace(/\\s+/g, ' ').trim();
    const seen = {};
    for (const card of document.querySelectorAll('.card[id]')) {
        const one = (seen[card.id] = {});
        for (const part of ['title', 'subtitle', 'note', 'said', 'happened', 'alike', 'warnings', 'dials', 'facts']) {
            one[part] = text(card.querySelector(`[data-part=${part}]`));
        }
        one.controls = [...card.querySelectorAll('.controls :is(select, input)')].map((c) => c.value + c.checked);
        const tabs = [...card.querySelectorAll('[role=tab]')];
        const chosen = tabs.find((tab) => tab.ariaSelected === 'true' || tab.getAttribute('aria-selected') === 'true');
        one.tab = chosen.textContent;
        for (const tab of tabs) {
            tab.click();
            const panel = document.getElementById(tab.getAttribute('aria-controls'));
            const fields = [...panel.querySelectorAll('textarea')].map((field) => field.value);
            one[tab.textContent] = [text(panel), ...fields];
            const csv = [...panel.querySelectorAll('button')].find((button) => button.textContent === 'CSV');
            if (!csv) continue;
            saved.length = 0;
            csv.click();
            one.csv = [saved[0].name, await saved[0].blob.text()];
        }
        chosen.click();
    }
    delete history.pushState;
    delete history.replaceState;
    return seen;
})()";

/// Random numbers that are the same in every run.
struct Walk(u64);

impl Walk {
    fn below(&mut self, end: usize) -> usize {
        // Knuth's constants; the high bits are the random ones.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    fn one<'a>(&mut self, options: &[&'a str]) -> &'a str {
        options[self.below(options.len())]
    }

    /// Something that a reader does.
    fn step(&mut self) -> String {
        let measures = [
            "trade_share",
            "import_share",
            "comtrade_import_share",
            "comtrade_mi",
            "all",
        ];
        match self.below(9) {
            0 => choose("Issues", self.one(&["all", "security", "rights", "economic"])),
            1 => choose("Scale of dependence", self.one(&["log", "root", "share"])),
            2 => choose("Senders", self.one(&["all", "usa", "others"])),
            3 | 4 => {
                let card = self.one(&["figure-2", "figure-4", "table-1", "table-2"]);
                give(&format!("#{card} .controls select"), self.one(&measures))
            }
            5 => {
                let card = self.one(&["figure-2", "table-1", "figure-3", "imputation", "confusion"]);
                let tab = self.one(&["table", "about", "download", "share"]);
                format!("document.querySelector('#{card}-{tab}-tab').click()")
            }
            6 => "history.back()".to_owned(),
            7 => "document.querySelector('#builder [data-part=reset]').click()".to_owned(),
            _ => {
                let link = self.one(&[
                    "v=1&without=all&f2=all",
                    "v=1&years=9999-0001&senders=USA&m=1e308&issues=rights",
                    "v=1&years=1945-1945&table-1.tab=about",
                    "v=1&issues=security&scale=root&f2=comtrade_import_share&imputation=regime",
                    "v=1&case-1987080701=regime&issues=rights&t1=import_share&influence.model=regime:import_share",
                ]);
                format!("location.hash = '{link}'")
            }
        }
    }
}

async fn quiet(browser: &Browser) {
    browser.until_within(QUIET, 60).await;
}

async fn opened_afresh(browser: &Browser, fragment: &str) {
    browser.goto("about:blank").await;
    let page = format!("file://{}", dist().join("standfirm.html").display());
    browser.goto(&format!("{page}{fragment}")).await;
    browser.eval(READY).await;
    run(browser, SAVED).await;
    quiet(browser).await;
    run(browser, NEAR).await;
    quiet(browser).await;
}

async fn whatever_was_done_before_an_address_shows_the_same(browser: &Browser) {
    let steps = if browser.engine == Engine::Chromium { 14 } else { 4 };
    let mut walk = Walk(20);
    opened_afresh(browser, "").await;
    let mut met = Vec::new();
    for at in 0..steps {
        let mut did = walk.step();
        // From refusals to what can be estimated again, as one that was met.
        match at {
            0 => did = give("#figure-2 .controls select", "comtrade_import_share"),
            1 => {
                did = "location.hash = '#v=1&f2=comtrade_import_share&scale=root&issues=security'".to_owned()
            }
            2 => did = give("#figure-2 .controls select", "trade_share"),
            3 => did = choose("Issues", "rights"),
            _ => {}
        }
        run(browser, &did).await;
        // A step back, and another fragment, are told a little later.
        crate::steps::pause(browser, 150).await;
        quiet(browser).await;
        let fragment = browser.eval("location.hash").await;
        let fragment = fragment.as_str().unwrap().to_owned();
        met.push((did, fragment, browser.eval(SEEN).await));
        quiet(browser).await;
    }
    for (did, fragment, seen) in met {
        opened_afresh(browser, &fragment).await;
        let afresh = browser.eval(SEEN).await;
        for (card, expected) in afresh.as_object().unwrap() {
            for (part, expected) in expected.as_object().unwrap() {
                assert_eq!(
                    seen[card][part], *expected,
                    "{card}, {part}, at {fragment} after {did}"
                );
            }
        }
        assert_eq!(seen, afresh, "{fragment}");
    }
    assert_eq!(browser.console_errors().await, [""; 0]);
}

/// No number in a title, no table, no file, no link, but the reason, on every tab; and the same opened afresh.
async fn what_cannot_be_estimated_has_nothing_to_take_away(browser: &Browser) {
    opened_afresh(browser, "#v=1&issues=rights").await;
    let seen = browser.eval(SEEN).await;
    let text = |card: &str, part: &str| match &seen[card][part] {
        Value::Array(texts) => texts[0].as_str().unwrap().to_owned(),
        text => text.as_str().unwrap_or_default().to_owned(),
    };
    for card in [
        "figure-2",
        "figure-3",
        "figure-4",
        "table-1",
        "table-2",
        "hypotheses",
        "case-1987080701",
        "threat",
        "influence",
        "prediction",
        "confusion",
    ] {
        assert_eq!(text(card, "title"), "Not estimated", "{card}");
        assert_eq!(seen[card]["csv"], Value::Null, "{card}");
        for part in ["subtitle", "note", "said", "happened", "alike", "dials"] {
            assert_eq!(text(card, part), "", "{card}, {part}");
        }
        for tab in ["Chart", "Table", "About", "Download", "Share"] {
            if seen[card][tab] != Value::Null {
                let words = text(card, tab);
                assert!(
                    words.contains("separation: no finite estimate"),
                    "{card}, {tab}: {words}"
                );
                assert_eq!(seen[card][tab].as_array().unwrap().len(), 1, "{card}, {tab}");
            }
        }
    }
    // What needs no model is there.
    assert_ne!(text("figure-1", "title"), "Not estimated");
    let status = words(browser, "#status").await;
    assert!(status.starts_with("None of the models"), "{status}");
    assert_eq!(words(browser, "#ignored").await, "");
}

async fn what_a_link_means_is_what_controls_and_the_address_say(browser: &Browser) {
    opened_afresh(browser, "#v=1&without=all&senders=USA&m=1e308&years=9999-0001").await;
    let ticked = "[...document.querySelectorAll('#builder .tick:not(.all) input')].filter((box) => box.checked).length";
    assert_eq!(browser.eval(ticked).await, 0);
    let address = browser.eval("location.hash").await;
    let address = address.as_str().unwrap();
    assert!(
        address.starts_with("#v=1&without=t_gdp,") && !address.contains("senders"),
        "{address}"
    );
    assert_eq!(
        words(browser, "#builder [data-part=count]").await,
        "1 choice differs from the study"
    );
    let ignored = words(browser, "#ignored").await;
    for said in ["senders=`USA`", "m=`1e308`", "years=`9999-0001`"] {
        assert!(ignored.contains(said), "{ignored}");
    }
    // One box more is one control more, and no other.
    run(
        browser,
        "document.querySelector('#builder .tick:not(.all) input').click()",
    )
    .await;
    assert_eq!(browser.eval(ticked).await, 1);
}

async fn a_copied_link_opens_the_chart_and_nothing_in_it_is_meaningless(browser: &Browser) {
    let all = "v=1&threat.tab=about&curve.tab=about&curve.only=all&influence.tab=table&prediction.tab=about\
        &confusion.tab=share&imputation.tab=download&hypotheses.tab=table&table-1.tab=about&figure-2.tab=about";
    let all = all
        .replace("table-1.tab", "t1.tab")
        .replace("figure-2.tab", "f2.tab");
    for issues in ["", "&issues=rights"] {
        opened_afresh(browser, &format!("#{all}{issues}")).await;
        assert_eq!(words(browser, "#ignored").await, "");
    }
    open_from_disk(browser).await;
    run(browser, "document.querySelector('#figure-2-share-tab').click()").await;
    let copied =
        "[...document.querySelectorAll('#figure-2-share textarea')].map((one) => one.value).join(' ')";
    let copied = browser.eval(copied).await;
    let copied = copied.as_str().unwrap();
    assert!(
        copied.contains("at=figure-2") && !copied.contains("tab=share"),
        "{copied}"
    );
}

async fn the_way_back_from_a_place_undoes_no_choice(browser: &Browser) {
    opened_afresh(browser, "").await;
    run(browser, &choose("Scale of dependence", "root")).await;
    quiet(browser).await;
    let link = "document.querySelector('.contents a[href=\"#method\"]')";
    let click = "new MouseEvent('click', { bubbles: true, cancelable: true })";
    run(browser, &format!("{link}.dispatchEvent({click})")).await;
    let address = "location.hash";
    assert_eq!(browser.eval(address).await, "#v=1&scale=root");
    run(browser, "history.back()").await;
    browser
        .until("document.querySelector('#method').getBoundingClientRect().top > innerHeight")
        .await;
    assert_eq!(browser.eval(address).await, "#v=1&scale=root");
    run(browser, "history.back()").await;
    browser.until("location.hash === ''").await;
}

async fn results_say_what_they_are_of(browser: &Browser) {
    opened_afresh(browser, "#v=1&scale=root").await;
    assert_eq!(browser.eval("standfirm.specification").await, "scale=root");
    let shown = browser.eval("standfirm.replicate(standfirm.specification)").await;
    assert_eq!(shown["specification"], "scale=root");
    let study = browser.eval("standfirm.replicate()").await;
    assert_eq!(study["specification"], Value::Null);
    assert_ne!(
        study["index:trade_share"]["loglik"],
        shown["index:trade_share"]["loglik"]
    );
    let error = browser
        .try_eval("standfirm.replicate('scale=cube')")
        .await
        .unwrap_err();
    assert!(error.contains("scale=`cube`"), "{error}");
}
