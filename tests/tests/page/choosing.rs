//! Choices are made in the model builder.

use standfirm_tests::{Browser, cli};

use crate::{
    engines::tests,
    steps::{DONE, choose, open_from_disk},
};

tests! {
    in every engine:
        choices_refit_the_models_and_are_in_the_address
        models_that_cannot_be_estimated_say_so_in_place_of_the_last_figure;
}

async fn choices_refit_the_models_and_are_in_the_address(browser: &Browser) {
    open_from_disk(browser).await;
    let title = "document.querySelector('#figure-2-title').textContent";
    let study = browser.eval(title).await;
    // A second choice before the first is computed: only the last is shown.
    browser.eval(&choose("Scale of dependence", "share")).await;
    browser.eval(&choose("Senders", "usa")).await;
    browser.eval(&choose("Standard errors", "target")).await;
    browser.until(DONE).await;
    let expected = cli(&[
        "replicate",
        "--json",
        "--spec",
        "scale=share&senders=usa&errors=target",
    ]);
    let predictions = expected["index:trade_share"]["predictions"].as_array().unwrap();
    let high = &expected["index:trade_share"]["high_dependence"];
    let concession = |index: f64| {
        let found = predictions.iter().find(|one| {
            one["outcome"] == "concession"
                && one["at"]["dependence"] == *high
                && one["at"]["personalist_index"].as_f64() == Some(index)
        });
        let estimate = found.unwrap()["estimate"].as_f64().unwrap();
        format!("{}%", (100.0 * estimate).round())
    };
    let shown = browser.eval(title).await;
    let shown = shown.as_str().unwrap();
    for end in [concession(0.0), concession(1.0)] {
        assert!(shown.contains(&end), "{shown}: not {end}");
    }
    assert_eq!(
        browser.eval("location.hash").await,
        "#v=1&scale=share&senders=usa&errors=target"
    );
    let count = browser
        .eval("document.querySelector('#builder [data-part=count]').textContent")
        .await;
    assert_eq!(count, "3 choices differ from the study");
    browser
        .eval("document.querySelector('#builder [data-part=reset]').click()")
        .await;
    browser.until(DONE).await;
    assert_eq!(browser.eval(title).await, study);
    assert_eq!(browser.eval("location.hash").await, "");
    assert_eq!(browser.console_errors().await, [""; 0]);
}

async fn models_that_cannot_be_estimated_say_so_in_place_of_the_last_figure(browser: &Browser) {
    open_from_disk(browser).await;
    let title = "document.querySelector('#figure-2-title').textContent";
    let before = browser.eval(title).await;
    browser.eval(&choose("Issues", "rights")).await;
    browser.until(DONE).await;
    assert_eq!(browser.eval(title).await, "Not estimated");
    let drawn = "document.querySelector('#figure-2 .plot').checkVisibility()";
    assert_eq!(browser.eval(drawn).await, false);
    let words = browser
        .eval("document.querySelector('#builder [data-part=refusals]').textContent")
        .await;
    assert!(
        words.as_str().unwrap().contains("separation: no finite estimate"),
        "{words}"
    );
    browser.eval(&choose("Issues", "all")).await;
    browser.until(DONE).await;
    assert_eq!(browser.eval(title).await, before);
    assert_eq!(browser.eval(drawn).await, true);
}
