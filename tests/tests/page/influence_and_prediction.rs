//! Who moves the result, and how well it forecasts, for the model in the builder.

use serde_json::{Value, json};
use standfirm_tests::{Browser, Site, cli, cli_text, dist};

use crate::{
    engines::tests,
    steps::{READY, choose, run, take, words},
};

tests! {
    in every engine:
        influence_and_prediction_follow_the_builder;
}

const INFLUENCE: [&str; 3] = ["influence", "--model", "regime:import_share"];
const PREDICTION: [&str; 3] = ["validate", "--by", "dyad"];

async fn influence_and_prediction_follow_the_builder(browser: &Browser) {
    let site = Site::serve(&dist()).await;
    let fragment = "v=1&influence.by=sender&influence.model=regime:import_share&prediction.by=dyad&prediction.show=calibration";
    browser.goto(&site.url(&format!("index.html#{fragment}"))).await;
    browser.eval(READY).await;
    assert_eq!(words(browser, "#ignored").await, "");
    // Nothing is computed before the reader comes near.
    assert_eq!(browser.eval(&computed("influence")).await, false);
    influence_is_that_of_the_command_line(browser).await;
    prediction_is_that_of_the_command_line(browser).await;
    both_follow_what_is_chosen(browser).await;
    what_cannot_be_estimated_says_why(browser).await;
    assert_eq!(browser.console_errors().await, [""; 0]);
}

async fn influence_is_that_of_the_command_line(browser: &Browser) {
    let by_sender = [&INFLUENCE[..], &["--by", "sender"]].concat();
    comes_to_say(browser, "influence", &sentences(&by_sender)).await;
    run(browser, "document.querySelector('#influence-table-tab').click()").await;
    let rows = browser
        .eval("document.querySelectorAll('#influence-table tbody tr').length")
        .await;
    let expected = cli(&[&by_sender[..], &["--json"]].concat());
    let left_out = expected[0]["left_out"].as_array().unwrap();
    assert_eq!(rows, left_out.len() + 1);
    let first = words(browser, "#influence-table tbody tr:nth-child(2) th").await;
    assert_eq!(first, left_out[0]["label"].as_str().unwrap());
}

async fn prediction_is_that_of_the_command_line(browser: &Browser) {
    comes_to_say(browser, "prediction", &sentences(&PREDICTION)).await;
    let title = words(browser, "#prediction [data-part=subtitle]").await;
    assert!(
        title.contains("forecasts that are right lie on the line"),
        "{title}"
    );
    let confusion = browser
        .eval("[...document.querySelectorAll('#confusion tbody td')].map((one) => Number(one.textContent))")
        .await;
    let expected = cli(&[&PREDICTION[..], &["--json"]].concat());
    let forecasts = &expected["cross_validated"]["forecasts"];
    let expected: Vec<Value> = (0..3)
        .flat_map(|row| {
            [0, 1].map(|forecast| forecasts[forecast]["confusion"][row].as_array().unwrap().clone())
        })
        .flatten()
        .collect();
    assert_eq!(confusion, json!(expected));
}

async fn both_follow_what_is_chosen(browser: &Browser) {
    run(browser, "document.querySelector('#influence-chart-tab').click()").await;
    run(browser, &take("influence", "year")).await;
    run(browser, &choose("Scale of dependence", "root")).await;
    let specified = ["--spec", "scale=root"];
    let by_year = sentences(&[&INFLUENCE[..], &["--by", "year"], &specified].concat());
    comes_to_say(browser, "influence", &by_year).await;
    let forecast = sentences(&[&PREDICTION[..], &specified].concat());
    comes_to_say(browser, "prediction", &forecast).await;
}

async fn what_cannot_be_estimated_says_why(browser: &Browser) {
    run(browser, &choose("Issues", "rights")).await;
    browser
        .until_within("document.querySelector('#influence').matches('.refused')", 60)
        .await;
    for card in ["influence", "prediction"] {
        let reason = words(browser, &format!("#{card} .reason")).await;
        assert!(reason.contains("separation"), "{card}: {reason}");
        assert_eq!(words(browser, &format!("#{card} .work [role=status]")).await, "");
    }
}

/// Whether a section says that its work is done.
fn computed(id: &str) -> String {
    format!("/(fitted|Computed) in/.test(document.querySelector('#{id} .work [role=status]').textContent)")
}

/// The reader comes near a section, which then says what is expected.
async fn comes_to_say(browser: &Browser, id: &str, expected: &str) {
    run(
        browser,
        &format!("document.querySelector('#{id}').scrollIntoView()"),
    )
    .await;
    let says = format!("document.querySelector('#{id} .sentences').textContent === {expected:?}");
    browser
        .until_within(&format!("{} && {says}", computed(id)), 60)
        .await;
}

/// What the command line says in sentences: they are printed below the line that names the model.
fn sentences(arguments: &[&str]) -> String {
    let text = cli_text(arguments);
    let mut lines = text
        .lines()
        .skip_while(|line| !line.contains(" [index:") && !line.contains(" [regime:"));
    lines.nth(1).unwrap_or_default().to_owned()
}
