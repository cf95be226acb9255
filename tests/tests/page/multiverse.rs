//! All combinations of choices are fitted, looked through, and opened in the builder.

use std::sync::OnceLock;

use serde_json::json;
use standfirm_tests::{Browser, cli_text};

use crate::{
    engines::tests,
    steps::{BEGIN, DONE, SAVED, fit_multiverse, give, open_multiverse, pause, press, run, saved, words},
};

tests! {
    in every engine:
        the_multiverse_is_that_of_the_command_line
        a_multiverse_can_be_cancelled_and_gone_on_with;
}

/// What `standfirm multiverse --csv` prints: asked once, as it takes a while.
async fn multiverse_csv() -> &'static str {
    static CSV: OnceLock<String> = OnceLock::new();
    let csv = tokio::task::spawn_blocking(|| CSV.get_or_init(|| cli_text(&["multiverse", "--csv"])));
    csv.await.unwrap()
}

async fn the_multiverse_is_that_of_the_command_line(browser: &Browser) {
    open_multiverse(browser, 3).await;
    run(browser, SAVED).await;
    fit_multiverse(browser).await;
    // The pool ends with its work.
    assert_eq!(
        browser
            .eval("[members.length, members.every((one) => one.ended)]")
            .await,
        json!([3, true])
    );
    let native = multiverse_csv().await;
    the_saved_csv_is(browser, native).await;
    the_table_tells_the_same(browser).await;
    let place = read_off_the_middle(browser).await;
    // The model in that place, as the command line has it.
    let estimate = format!("{:.1} points", 100.0 * sorted_effects(native)[place]).replace('-', "−");
    let said = words(browser, "#curve .reading span").await;
    assert!(said.contains(&estimate), "{said}, not {estimate}");
    the_model_read_off_opens_in_the_builder(browser).await;
    assert_eq!(browser.console_errors().await, [""; 0]);
}

async fn the_saved_csv_is(browser: &Browser, native: &str) {
    let files = saved(browser, "curve").await;
    let csv = files
        .iter()
        .find(|file| file["name"].as_str().unwrap().ends_with(".csv"));
    let page = csv.unwrap()["text"].as_str().unwrap();
    // Not with assert_eq, which would print both.
    let differs = page
        .lines()
        .zip(native.lines())
        .find(|(page, native)| page != native);
    assert_eq!(differs, None);
    assert_eq!(page.len(), native.len());
    assert_eq!(page.lines().count(), 1 + 63_000);
}

async fn the_table_tells_the_same(browser: &Browser) {
    run(browser, "document.querySelector('#curve-table-tab').click()").await;
    let table = words(browser, "#curve-table").await;
    for part in [
        "Claims of the ledger",
        "What a choice moves",
        "Could not be estimated",
    ] {
        assert!(table.contains(part), "{table}");
    }
}

/// Reads a model off with the pointer and the next one with a key; the place of the latter among all, from 0.
async fn read_off_the_middle(browser: &Browser) -> usize {
    run(browser, "document.querySelector('#curve-chart-tab').click()").await;
    // A figure that is shown again is drawn again, which ends a reading.
    pause(browser, 300).await;
    run(
        browser,
        "const canvas = document.querySelector('#curve canvas'); canvas.focus();
         const box = canvas.getBoundingClientRect();
         const [clientX, clientY] = [box.left + box.width * 0.5, box.top + 120];
         canvas.dispatchEvent(new PointerEvent('pointermove', { clientX, clientY, bubbles: true }));",
    )
    .await;
    let reading = words(browser, "#curve .reading b").await;
    let place: usize = reading
        .split_whitespace()
        .nth(1)
        .unwrap()
        .replace(',', "")
        .parse()
        .unwrap();
    run(browser, &press("ArrowDown")).await;
    let spoken = words(browser, "#curve .plot [aria-live]").await;
    assert_eq!(
        words(browser, "#curve .reading b").await.replace(',', ""),
        format!(
            "Model {} of {}",
            place + 1,
            sorted_effects(multiverse_csv().await).len()
        )
    );
    assert!(spoken.contains("High dependence"), "{spoken}");
    place
}

/// The last twelve fields of each combination that the command line prints, from the holding claims back to the number of
/// episodes. Fields before them are quoted where they hold commas.
fn ends(csv: &str) -> impl Iterator<Item = Vec<&str>> {
    csv.lines().skip(1).map(|line| line.rsplitn(13, ',').collect())
}

/// The ordinary effects in what the command line prints, the smallest first, as the curve has them. Set apart are models in
/// which a control predicts an outcome without error.
fn sorted_effects(csv: &str) -> Vec<f64> {
    let ordinary = ends(csv).filter(|fields| fields[9] == "0");
    let mut effects: Vec<f64> = ordinary.filter_map(|fields| fields[10].parse().ok()).collect();
    effects.sort_by(f64::total_cmp);
    effects
}

async fn the_model_read_off_opens_in_the_builder(browser: &Browser) {
    run(browser, &press("Enter")).await;
    browser.until(DONE).await;
    let chosen = words(browser, "#builder [data-part=count]").await;
    let specified = browser.eval("location.hash").await;
    let specified = specified.as_str().unwrap();
    assert!(
        specified.contains("&t1=") || specified.contains("&t2="),
        "{specified}"
    );
    let own = specified
        .split('&')
        .filter(|pair| !["#v", "f2", "f4", "t1", "t2"].contains(&pair.split('=').next().unwrap()));
    match own.count() {
        0 => assert_eq!(chosen, "as the study has it"),
        some => assert!(chosen.starts_with(&some.to_string()), "{chosen}: {specified}"),
    }
}

async fn a_multiverse_can_be_cancelled_and_gone_on_with(browser: &Browser) {
    open_multiverse(browser, 2).await;
    run(browser, &format!("{BEGIN}.click()")).await;
    let bar = "document.querySelector('#curve .work progress')";
    browser
        .until_within(&format!("{bar}.value > 0 && {bar}.max === 63000"), 60)
        .await;
    // Focus goes on from button to button.
    assert_eq!(
        browser
            .eval("document.querySelector('#curve .work button:not(.begin)').checkVisibility()")
            .await,
        true
    );
    run(
        browser,
        "document.querySelector('#curve .work button:not(.begin)').click()",
    )
    .await;
    let said = "document.querySelector('#curve .work [role=status]').textContent";
    browser.until(&format!("{said}.startsWith('Cancelled')")).await;
    assert_eq!(browser.eval("members.every((one) => one.ended)").await, true);
    let title = words(browser, "#curve-title").await;
    assert!(title.contains("models find personalists"), "{title}");
    // What there is so far can be looked at, a part of it too, and that is in the address.
    run(browser, &give("#curve select", "sample.usa")).await;
    assert_eq!(browser.eval("location.hash").await, "#v=1&curve.only=sample.usa");
    let subtitle = words(browser, "#curve [data-part=subtitle]").await;
    assert!(subtitle.contains("by the United States"), "{subtitle}");
    run(browser, &give("#curve select", "all")).await;

    fit_multiverse(browser).await;
    // All of it again, with what was cancelled in between: the title is that of one run.
    let title = words(browser, "#curve-title").await;
    let summary = words(browser, "#curve [data-part=sentences]").await;
    let native = multiverse_csv().await;
    let estimated = thousands(sorted_effects(native).len());
    assert!(title.contains(&format!("of {estimated} models")), "{title}");
    let refused = thousands(ends(native).filter(|fields| fields[10].is_empty()).count());
    assert!(
        summary.contains(&format!("Another {refused} could not be estimated")),
        "{summary}"
    );
    assert_eq!(browser.console_errors().await, [""; 0]);
}

/// As the page writes counts.
fn thousands(count: usize) -> String {
    match count {
        0..1_000 => count.to_string(),
        _ => format!("{},{:03}", count / 1_000, count % 1_000),
    }
}
