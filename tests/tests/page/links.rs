//! Choices are shared in a link, gone back and forward through, and what means nothing in an address is refused.

use serde_json::json;
use standfirm_tests::Browser;

use crate::{
    engines::tests,
    steps::{READY, give, open_from_disk, run, words},
};

tests! {
    in every engine:
        a_shared_link_opens_what_was_shared
        back_and_forward_go_through_choices
        what_means_nothing_in_a_link_is_ignored_and_said;
}

async fn a_shared_link_opens_what_was_shared(browser: &Browser) {
    open_from_disk(browser).await;
    run(browser, &give("#figure-2 select", "import_share")).await;
    run(browser, &give("#figure-4 select", "trade_gdp")).await;
    run(browser, "document.querySelector('#figure-2-share-tab').click()").await;
    let title = words(browser, "#figure-2-title").await;
    let link = browser
        .eval("document.querySelector('#figure-2-share textarea').value")
        .await;
    let link = link.as_str().unwrap();
    assert!(
        link.contains("#v=1&") && link.contains("f2=import_share"),
        "{link}"
    );
    browser.goto("about:blank").await;
    browser.goto(link).await;
    browser.eval(READY).await;
    assert_eq!(words(browser, "#figure-2-title").await, title);
    let shown =
        "[...document.querySelectorAll('#figure-2 select, #figure-4 select')].map((one) => one.value)";
    assert_eq!(
        browser.eval(shown).await,
        json!(["import_share", "observed", "trade_gdp", "observed"])
    );
    assert_eq!(
        browser
            .eval("document.querySelector('#figure-2-chart').checkVisibility()")
            .await,
        true
    );
    // The card that was shared is what is seen first.
    browser
        .until("Math.abs(document.querySelector('#figure-2').getBoundingClientRect().top) < 100")
        .await;
    assert_eq!(words(browser, "#ignored").await, "");
}

async fn back_and_forward_go_through_choices(browser: &Browser) {
    open_from_disk(browser).await;
    let first = words(browser, "#figure-2-title").await;
    run(browser, &give("#figure-2 select", "import_share")).await;
    let second = words(browser, "#figure-2-title").await;
    assert_ne!(first, second);
    let shows = |title: &str| format!("document.querySelector('#figure-2-title').textContent === {title:?}");
    run(browser, "history.back()").await;
    browser.until(&shows(&first)).await;
    assert_eq!(browser.eval("location.hash").await, "");
    run(browser, "history.forward()").await;
    browser.until(&shows(&second)).await;
    assert_eq!(
        browser
            .eval("document.querySelector('#figure-2 select').value")
            .await,
        "import_share"
    );
}

async fn what_means_nothing_in_a_link_is_ignored_and_said(browser: &Browser) {
    open_from_disk(browser).await;
    let (title, address) = (
        words(browser, "#figure-2-title").await,
        browser.eval("location.href").await,
    );
    for (fragment, said) in [
        (
            "v=1&f2=<img%20src=x%20onerror=alert(1)>&f2.tab=nowhere",
            &["f2=<img src=x onerror=alert(1)>", "f2.tab=nowhere"][..],
        ),
        ("v=1&__proto__=1&f2=%E0%A4&=&&a", &["__proto__=1", "f2=%E0%A4"]),
        ("v=99&f2=import_share", &["version 99"]),
        ("v=1&f2.colour=red&colour=red", &["f2.colour=red", "colour"]),
        ("nowhere", &["nowhere"]),
    ] {
        browser.goto("about:blank").await;
        browser
            .goto(&format!("{}#{fragment}", address.as_str().unwrap()))
            .await;
        browser.eval(READY).await;
        assert_eq!(words(browser, "#figure-2-title").await, title, "{fragment}");
        let ignored = words(browser, "#ignored").await;
        for said in said {
            assert!(ignored.contains(said), "{fragment}: {ignored}");
        }
    }
    assert_eq!(browser.eval("document.querySelectorAll('img').length").await, 0);
}
