//! Values are imputed where dependence was not observed.

use standfirm_tests::{Browser, Site, cli, dist};

use crate::{engines::tests, steps::READY};

tests! {
    in every engine:
        imputed_values_are_shown_beside_observed_ones;
}

async fn imputed_values_are_shown_beside_observed_ones(browser: &Browser) {
    let site = Site::serve(&dist()).await;
    browser
        .goto(&site.url("index.html#v=1&imputation=regime&impute=all"))
        .await;
    browser.eval(READY).await;
    let note = "document.querySelector('#imputation figcaption').textContent";
    browser.until(&format!("{note}.includes('90% interval')")).await;
    let expected = cli(&[
        "imputation",
        "--model",
        "regime:comtrade_mi",
        "--spec",
        "impute=all",
        "--json",
    ]);
    let shown = browser.eval(note).await;
    let shown = shown.as_str().unwrap();
    let coverage = expected["overimputation"]["coverage"].as_f64().unwrap();
    assert!(
        shown.contains(&format!("{}% lie within", (100.0 * coverage).round())),
        "{shown}"
    );
    assert!(
        shown.contains(&format!("on {} episodes", expected["rows"])),
        "{shown}"
    );
    let ignored = browser
        .eval("document.querySelector('#ignored').textContent")
        .await;
    assert_eq!(ignored, "");
}
