//! Numbers are read off a figure, with pointer and keys.

use standfirm_tests::{Browser, cli};

use crate::{
    engines::tests,
    steps::{open_from_disk, run, words},
};

tests! {
    in every engine:
        a_figure_is_read_off_with_pointer_and_keys;
}

async fn a_figure_is_read_off_with_pointer_and_keys(browser: &Browser) {
    open_from_disk(browser).await;
    let over = "const canvas = document.querySelector('#figure-2 canvas');
        const box = canvas.getBoundingClientRect();
        const [clientX, clientY] = [box.left + box.width - 20, box.top + 100];
        canvas.dispatchEvent(new PointerEvent('pointermove', { clientX, clientY, bubbles: true }));";
    run(browser, over).await;
    let reading = words(browser, "#figure-2 .reading").await;
    // What the command line says of the same.
    let study = cli(&["replicate", "--json"]);
    let model = &study["index:trade_share"];
    let last = model["predictions"].as_array().unwrap().iter().find(|one| {
        one["outcome"] == "concession"
            && one["at"]["personalist_index"] == 1.0
            && one["at"]["ln_dependence"] == model["high_dependence"]
    });
    let estimate = format!("{:.1}%", 100.0 * last.unwrap()["estimate"].as_f64().unwrap());
    assert!(
        reading.contains("Personalist index 1") && reading.contains(&estimate),
        "{reading} should say {estimate}"
    );
    assert_eq!(
        browser
            .eval("document.querySelectorAll('#figure-2 .dot').length")
            .await,
        2
    );

    let key = "const canvas = document.querySelector('#figure-2 canvas'); canvas.focus();
        canvas.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true }));";
    run(browser, key).await;
    let spoken = words(browser, "#figure-2 .plot [aria-live]").await;
    assert!(spoken.contains("Personalist index"), "{spoken}");
    run(browser, "document.querySelector('#figure-2 canvas').blur()").await;
    assert_eq!(
        browser
            .eval("document.querySelectorAll('#figure-2 .reading').length")
            .await,
        0
    );
}
