//! The page is used with keys alone, and by people who do not see it as others do.

use std::fs;

use serde_json::json;
use standfirm_tests::{Browser, Site, dist, node_package, skip};

use crate::{
    engines::tests,
    steps::{BEGIN, SIZES, fit_multiverse, open_from_disk, prefer, press, run},
};

tests! {
    in every engine:
        tabs_are_switched_by_keyboard
        a_chart_is_a_table_for_who_does_not_see_it;
    in Chromium, which alone can be asked:
        axe_finds_nothing;
}

async fn tabs_are_switched_by_keyboard(browser: &Browser) {
    open_from_disk(browser).await;
    run(
        browser,
        &format!(
            "document.querySelector('#figure-2-chart-tab').focus(); {}",
            press("ArrowRight")
        ),
    )
    .await;
    let state = "[document.activeElement.id, document.activeElement.getAttribute('aria-selected'),
        [...document.querySelectorAll('#figure-2 [role=tabpanel]')].filter((one) => one.checkVisibility()).map((one) => one.id),
        document.querySelectorAll('#figure-2-table tbody tr').length]";
    let expected = json!(["figure-2-table-tab", "true", ["figure-2-table"], 21]);
    assert_eq!(browser.eval(state).await, expected);
    run(browser, &press("End")).await;
    assert_eq!(
        browser.eval("document.activeElement.id").await,
        "figure-2-share-tab"
    );
    run(browser, &press("ArrowRight")).await;
    assert_eq!(
        browser.eval("document.activeElement.id").await,
        "figure-2-chart-tab"
    );
}

async fn a_chart_is_a_table_for_who_does_not_see_it(browser: &Browser) {
    open_from_disk(browser).await;
    browser
        .until("document.querySelector('#imputation .plot').classList.contains('drawn')")
        .await;
    // Behind every canvas, with as many rows as it has places, and not one that keys must find.
    let bare = "[...document.querySelectorAll('.plot.drawn')].filter((plot) => plot.querySelectorAll('tbody tr').length < 3)
        .map((plot) => plot.closest('.card').id)";
    assert_eq!(browser.eval(bare).await, json!([]));
    let last = browser
        .eval("document.querySelector('#figure-2 .plot tbody tr:last-child').textContent")
        .await;
    assert!(last.as_str().unwrap().contains("11."), "{last}");
}

/// What axe-core finds in what is shown, as lines.
const AXE: &str =
    "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
    .then(({ violations }) => violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`)))";

/// Asks for what is not shown before it is asked for.
async fn show_everything(browser: &Browser) {
    browser
        .until(&format!("{BEGIN}?.checkVisibility() ?? false"))
        .await;
    fit_multiverse(browser).await;
    for id in ["influence", "prediction"] {
        run(
            browser,
            &format!("document.querySelector('#{id}').scrollIntoView({{ behavior: 'instant' }})"),
        )
        .await;
        browser
            .until_within(
                &format!("document.querySelector('#{id} .sentences').textContent !== ''"),
                60,
            )
            .await;
    }
}

async fn axe_finds_nothing(browser: &Browser) {
    let Some(axe) = node_package("axe-core/axe.min.js") else {
        return skip(
            "axe_finds_nothing",
            "axe-core, which `cargo xtask test` installs where npm is present",
        );
    };
    let axe = fs::read_to_string(axe).unwrap();
    let site = Site::serve(&dist()).await;
    for theme in ["light", "dark"] {
        prefer(browser, theme).await;
        for size in SIZES {
            browser.resize(size).await;
            open_from_disk(browser).await;
            show_everything(browser).await;
            browser.load(&axe).await;
            run(
                browser,
                "for (const one of document.querySelectorAll('details')) one.open = true",
            )
            .await;
            for tab in ["chart", "table", "about", "download", "share"] {
                let all = format!(
                    "for (const one of document.querySelectorAll('[id$=\"-{tab}-tab\"]')) one.click()"
                );
                run(browser, &all).await;
                let found = browser.eval(AXE).await;
                assert_eq!(found, json!([]), "{theme}, {size:?}, {tab}: {found:#}");
            }
        }
        browser.goto(&site.url("example-article.html")).await;
        browser
            .until("document.querySelector('standfirm-figure').shadowRoot.querySelector('h2').textContent !== ''")
            .await;
        browser.load(&axe).await;
        let found = browser.eval(&AXE.replace(", 'best-practice'", "")).await;
        assert_eq!(found, json!([]), "{theme}, embedded: {found:#}");
    }
}
