//! The study's claims, their verdicts, and what is behind them.

use standfirm_tests::Browser;

use crate::{
    engines::tests,
    steps::{open_from_disk, run},
};

tests! {
    in every engine:
        a_verdict_shows_its_claims_alone
        a_claim_opens_to_its_rule_and_its_checks;
}

/// The last thing of the page that needs all models.
const LEDGER: &str = "document.querySelector('#ledger details') !== null";

async fn a_verdict_shows_its_claims_alone(browser: &Browser) {
    open_from_disk(browser).await;
    browser.until_within(LEDGER, 60).await;
    let shown = "document.querySelectorAll('#ledger details:not([hidden])').length";
    let all = browser.eval(shown).await;
    assert!(all.as_u64().unwrap() > 15);
    // Every button has the number that it shows, and together they have all.
    let mut together = 0;
    let buttons = browser
        .eval("document.querySelectorAll('#ledger .tally button').length")
        .await;
    for at in 1..buttons.as_u64().unwrap() {
        let button = format!("document.querySelectorAll('#ledger .tally button')[{at}]");
        run(browser, &format!("{button}.click()")).await;
        let count = browser.eval(&format!("parseInt({button}.textContent)")).await;
        assert_eq!(browser.eval(shown).await, count);
        assert_eq!(
            browser
                .eval(&format!(
                    "{button}.ariaPressed ?? {button}.getAttribute('aria-pressed')"
                ))
                .await,
            "true"
        );
        let pressed = "document.querySelectorAll('#ledger .tally [aria-pressed=true]').length";
        assert_eq!(browser.eval(pressed).await, 1);
        together += count.as_u64().unwrap();
    }
    assert_eq!(all, together);
    run(browser, "document.querySelector('#ledger .tally button').click()").await;
    assert_eq!(browser.eval(shown).await, all);
    assert_eq!(browser.console_errors().await, [""; 0]);
}

async fn a_claim_opens_to_its_rule_and_its_checks(browser: &Browser) {
    open_from_disk(browser).await;
    browser.until_within(LEDGER, 60).await;
    run(browser, "document.querySelector('#claim-a summary').click()").await;
    browser.until("document.querySelector('#claim-a').open").await;
    let text = browser
        .eval("document.querySelector('#claim-a .reasons').innerText")
        .await;
    for words in [
        "The rule. ",
        "If the study were right, it would pass in ",
        "In the thesis: Findings",
    ] {
        assert!(text.as_str().unwrap().contains(words), "{words}: {text}");
    }
    // A square for each check, above and in the list, of the same kind.
    let kinds = |place: &str| {
        format!(
            "[...document.querySelectorAll('#claim-a {place} .square')].map((one) => one.className).join()"
        )
    };
    let squares = browser.eval(&kinds(".squares")).await;
    assert_eq!(squares, browser.eval(&kinds("li")).await);
    let holds = squares.as_str().unwrap().matches("holds").count();
    let checks = squares.as_str().unwrap().split(',').count();
    let said = browser
        .eval("document.querySelector('#claim-a .squares').innerText.trim()")
        .await;
    assert!(
        said.as_str()
            .unwrap()
            .starts_with(&format!("{holds} of {checks}")),
        "{said}"
    );
    // Claims that no model decides have no such shares.
    assert_eq!(
        browser
            .eval("document.querySelectorAll('#claim-m .power').length")
            .await,
        0
    );
}
