//! A threat is changed.

use standfirm_tests::{Browser, cli};

use crate::{engines::tests, steps::open_from_disk};

tests! {
    in every engine:
        a_threat_can_be_changed;
}

async fn a_threat_can_be_changed(browser: &Browser) {
    open_from_disk(browser).await;
    let title = "document.querySelector('#threat-title').textContent";
    browser.until(&format!("{title}.includes('Panama')")).await;
    browser
        .eval(
            "(() => {
                const slider = document.querySelector('#threat input[type=range]');
                slider.value = '0';
                slider.dispatchEvent(new Event('input'));
            })()",
        )
        .await;
    browser.until(&format!("{title}.includes('as changed')")).await;
    let expected = cli(&["threat", "1987080701", "--set", "personalist_index=0", "--json"]);
    let shown = browser.eval(title).await;
    assert_eq!(shown, expected["figure"]["title"]);
    assert_eq!(
        browser.eval("location.hash").await,
        "#v=1&threat.set=personalist_index:0"
    );
    assert_eq!(browser.console_errors().await, [""; 0]);
}
