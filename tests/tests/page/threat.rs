//! A threat is changed.

use standfirm_tests::{Browser, Site, cli, dist};

use crate::{
    engines::tests,
    steps::{DONE, READY, give, open_from_disk, run, words},
};

tests! {
    in every engine:
        a_threat_can_be_changed
        an_episode_is_found_by_a_part_of_its_name
        what_is_not_known_of_a_threat_is_not_compared;
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

async fn an_episode_is_found_by_a_part_of_its_name(browser: &Browser) {
    open_from_disk(browser).await;
    browser.until(DONE).await;
    let title = "document.querySelector('#threat-title').textContent";
    browser.type_into("#threat input[type=search]", "Guatemala").await;
    browser.until(&format!("{title}.includes('Guatemala')")).await;
    let said = words(browser, "#threat .choose small").await;
    assert!(
        said.contains("episodes are called so") && said.contains("Guatemala"),
        "{said}"
    );
    let field = "document.querySelector('#threat input[type=search]')";
    run(browser, &format!("{field}.value = ''")).await;
    browser.type_into("#threat input[type=search]", "Atlantis").await;
    browser
        .until("document.querySelector('#threat .choose small').textContent.includes('Atlantis')")
        .await;
    // What is shown is what was shown.
    assert!(browser.eval(title).await.as_str().unwrap().contains("Guatemala"));
    assert_eq!(browser.console_errors().await, [""; 0]);
}

/// The index ends in 1999, and no year near 2005 has one; and a state does not threaten itself.
async fn what_is_not_known_of_a_threat_is_not_compared(browser: &Browser) {
    let site = Site::serve(&dist()).await;
    for threat in ["2-345-2005", "2-2-1987"] {
        browser.goto("about:blank").await;
        browser
            .goto(&site.url(&format!("index.html#v=1&threat={threat}")))
            .await;
        browser.eval(READY).await;
        browser.until(DONE).await;
        browser
            .until("document.querySelector('#threat').getAttribute('aria-busy') !== 'true'")
            .await;
        let card = words(browser, "#threat").await;
        match threat {
            "2-345-2005" => {
                let expected = cli(&["threat", threat, "--json"]);
                let sentence = expected["alike_words"].as_str().unwrap();
                assert!(
                    sentence.contains("not known") || sentence.starts_with("Neither"),
                    "{sentence}"
                );
                assert_eq!(words(browser, "#threat [data-part=alike]").await, sentence);
            }
            _ => assert!(card.contains("a state does not threaten itself"), "{card}"),
        }
    }
    // Chosen in the lists it is refused before it is an address.
    run(browser, &give("#threat .made select:first-of-type", "2")).await;
    run(browser, &give("#threat .made select:last-of-type", "2")).await;
    run(browser, "document.querySelector('#threat .made button').click()").await;
    let said = words(browser, "#threat .choose small").await;
    assert!(said.contains("A state does not threaten itself"), "{said}");
}
