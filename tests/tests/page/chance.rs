//! Whether it could be chance: random regimes of one model and of all, other standard errors and other senders.

use serde_json::Value;
use standfirm_tests::{Browser, Site, cli, cli_text, dist};

use crate::{
    engines::tests,
    steps::{DONE, READY, choose, give, run, take, words},
};

tests! {
    in every engine:
        random_regimes_are_those_of_the_command_line
        robustness_is_that_of_the_command_line
        the_joint_test_can_be_given_up_and_keeps_what_was_done;
}

/// The button that begins the work of a section.
fn begin(id: &str) -> String {
    format!("document.querySelector('#{id} .work button.begin')")
}

fn status(id: &str) -> String {
    format!("document.querySelector('#{id} .work [role=status]').textContent")
}

async fn near(browser: &Browser, id: &str) {
    run(
        browser,
        &format!("document.querySelector('#{id}').scrollIntoView()"),
    )
    .await;
}

/// Begins a section's work, which takes as many seconds at most.
async fn computes(browser: &Browser, id: &str, seconds: u64) {
    browser
        .until(&format!("{}?.checkVisibility() ?? false", begin(id)))
        .await;
    run(browser, &format!("{}.click()", begin(id))).await;
    browser
        .until_within(&format!("{}.startsWith('Computed in')", status(id)), seconds)
        .await;
}

async fn open(browser: &Browser, site: &Site, fragment: &str) {
    browser
        .goto(&site.url(&format!("index.html#v=1{fragment}")))
        .await;
    browser.eval(READY).await;
    browser.until(DONE).await;
    assert_eq!(words(browser, "#ignored").await, "");
}

async fn random_regimes_are_those_of_the_command_line(browser: &Browser) {
    let site = Site::serve(&dist()).await;
    open(
        browser,
        &site,
        "&randomization.by=histories&randomization.model=regime:trade_share",
    )
    .await;
    near(browser, "randomization").await;
    // Nothing is computed before it is asked for.
    let reason = "document.querySelector('#randomization .reason')?.textContent";
    browser
        .until(&format!("{reason} === 'It is computed when you ask for it.'"))
        .await;
    computes(browser, "randomization", 120).await;
    let arguments = ["randomize", "--model", "regime:trade_share", "--by", "histories"];
    let found = &cli(&[&arguments[..], &["--json"]].concat())[0];
    let said = words(browser, "#randomization [data-part=sentences]").await;
    let printed = cli_text(&arguments);
    let sentences = printed.lines().filter(|line| line.contains("by Wald’s test,"));
    let mut count = 0;
    for sentence in sentences {
        assert!(said.contains(sentence), "no `{sentence}` in {said}");
        count += 1;
    }
    assert_eq!(count, found["contrasts"].as_array().unwrap().len());
    let rows = "document.querySelectorAll('#randomization tbody tr').length";
    assert_eq!(browser.eval(rows).await, count);
    // Another way is another question, and waits again.
    run(
        browser,
        &give("#randomization label:last-of-type select", "episodes"),
    )
    .await;
    browser
        .until("document.querySelector('#randomization').matches('.refused')")
        .await;
    assert_eq!(
        browser
            .eval(&format!("{}.checkVisibility()", begin("randomization")))
            .await,
        true
    );
    assert_eq!(browser.console_errors().await, [""; 0]);
}

async fn robustness_is_that_of_the_command_line(browser: &Browser) {
    let site = Site::serve(&dist()).await;
    open(browser, &site, "").await;
    near(browser, "robustness").await;
    shows(browser, &titles(&[])[0]).await;
    let kinds = browser
        .eval("document.querySelectorAll('#robustness tbody tr').length")
        .await;
    assert!(kinds.as_u64().unwrap() >= 7, "{kinds}");
    run(browser, &take("robustness", "senders")).await;
    shows(browser, &titles(&[])[1]).await;
    // It follows the builder.
    run(browser, &choose("Scale of dependence", "root")).await;
    shows(browser, &titles(&["--set", "scale=root"])[1]).await;
    assert_eq!(browser.console_errors().await, [""; 0]);
}

async fn shows(browser: &Browser, title: &str) {
    let says = format!("document.querySelector('#robustness-title').textContent === {title:?}");
    browser.until_within(&says, 60).await;
}

/// The titles of both tables, as the command line prints them.
fn titles(arguments: &[&str]) -> [String; 2] {
    let printed = cli_text(&[&["robustness"], arguments].concat());
    let titled = |part: &str| {
        let line = printed.lines().find(|line| line.contains(part));
        line.unwrap_or_else(|| panic!("no {part} in {printed}"))
            .to_owned()
    };
    [titled("by the widest of"), titled("differ beyond chance in")]
}

async fn the_joint_test_can_be_given_up_and_keeps_what_was_done(browser: &Browser) {
    let site = Site::serve(&dist()).await;
    open(browser, &site, "").await;
    near(browser, "joint").await;
    let offered = "Deal regimes out 999 times for 1,500 models";
    let button = format!("{}?.textContent", begin("joint"));
    browser.until(&format!("{button} === {offered:?}")).await;
    run(browser, &format!("{}.click()", begin("joint"))).await;
    browser
        .until_within("document.querySelector('#joint .work progress').value > 4", 120)
        .await;
    run(
        browser,
        "document.querySelector('#joint .work button:not(.begin)').click()",
    )
    .await;
    browser
        .until(&format!("{}.startsWith('Cancelled')", status("joint")))
        .await;
    let title = words(browser, "#joint-title").await;
    assert!(
        title.starts_with("Taken together: a median difference of"),
        "{title}"
    );
    // With regimes as they were it is what the command line has.
    let arguments = [
        "randomize",
        "--multiverse",
        "--draws",
        "1",
        "--by",
        "episodes",
        "--json",
    ];
    let found: Value = cli(&arguments);
    let cells = browser
        .eval("[...document.querySelectorAll('#joint tbody tr td:nth-of-type(1)')].map((one) => one.textContent)")
        .await;
    let median = found[0]["statistics"][0]["as_it_was"].as_f64().unwrap();
    let expected = format!("{:.0} points", 100.0 * median.abs());
    assert!(
        cells[0].as_str().unwrap().ends_with(&expected),
        "{cells}, not {expected}"
    );
    assert_eq!(cells.as_array().unwrap().len(), 3);
    assert_eq!(words(browser, "#joint .work button.begin").await, "Go on");
    // The other way has nothing yet, and this one keeps what it has.
    run(browser, &take("joint", "histories")).await;
    assert_eq!(words(browser, "#joint .work button.begin").await, offered);
    run(browser, &take("joint", "episodes")).await;
    assert_eq!(words(browser, "#joint-title").await, title);
    assert_eq!(browser.console_errors().await, [""; 0]);
}
