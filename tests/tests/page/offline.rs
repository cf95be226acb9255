//! The page is used without a network.

use serde_json::json;
use standfirm_tests::{Browser, Site, dist};

use crate::{
    engines::tests,
    steps::{READY, agrees_with_the_command_line},
};

tests! {
    in every engine:
        once_visited_it_works_offline;
}

async fn once_visited_it_works_offline(browser: &Browser) {
    let site = Site::serve(&dist()).await;
    let url = site.url("index.html");
    browser.goto(&url).await;
    browser.eval(READY).await;
    if browser.eval("'serviceWorker' in navigator").await != json!(true) {
        println!("{} has no service workers here", browser.engine.name());
        return;
    }
    browser
        .until("navigator.serviceWorker.ready.then(({ active }) => active.state === 'activated')")
        .await;
    drop(site);
    browser.goto("about:blank").await;
    browser.goto(&url).await;
    browser.eval(READY).await;
    agrees_with_the_command_line(browser).await;
}
