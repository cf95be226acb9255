//! Where things are: what the first screen has, and what fits on the narrowest.

use serde_json::json;
use standfirm_tests::Browser;

use crate::{
    engines::tests,
    steps::{DONE, choose, open_from_disk, pause, run, words},
};

tests! {
    in every engine:
        the_first_screen_has_the_answer_and_the_first_chart
        figures_are_numbered_as_they_come
        the_answer_follows_the_choices;
    in Chromium, which alone can be asked:
        nothing_is_wider_than_the_narrowest_screen
        charts_grow_with_the_text
        notes_are_beside_the_text_or_open_in_it
        choices_open_from_the_bar;
}

async fn the_first_screen_has_the_answer_and_the_first_chart(browser: &Browser) {
    for size in [(1280, 900), (390, 844)] {
        browser.resize(size).await;
        open_from_disk(browser).await;
        browser
            .until("document.querySelector('#figure-2 .plot').classList.contains('drawn')")
            .await;
        let below = "[['#answer', 0], ['#builder', 0], ['#figure-2 canvas', 0]].map(([one]) => [one,
            document.querySelector(one).getBoundingClientRect().bottom]).filter(([, bottom]) => bottom > innerHeight)";
        assert_eq!(browser.eval(below).await, json!([]), "{size:?}");
    }
}

async fn figures_are_numbered_as_they_come(browser: &Browser) {
    open_from_disk(browser).await;
    let numbers = "[...document.querySelectorAll('.number')].map((one) => one.textContent)
        .filter((words) => words.startsWith('Figure')).map((words) => parseInt(words.slice(7)))";
    let numbers = browser.eval(numbers).await;
    let numbers: Vec<u64> = numbers
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one.as_u64())
        .collect();
    assert!(numbers.len() >= 4, "{numbers:?}");
    assert!(
        numbers.iter().zip(1..).all(|(number, place)| *number == place),
        "{numbers:?}"
    );
    // Addresses of before lead to the same figures.
    assert!(words(browser, "#figure-2 .number").await.ends_with('1'));
}

async fn the_answer_follows_the_choices(browser: &Browser) {
    open_from_disk(browser).await;
    browser.until(DONE).await;
    let study = words(browser, "#answer").await;
    assert!(
        study.contains("95% interval") && study.contains("points"),
        "{study}"
    );
    browser.eval(&choose("Issues", "rights")).await;
    browser.until(DONE).await;
    let none = words(browser, "#answer").await;
    assert!(none.contains("no answer") && !none.contains('%'), "{none}");
    browser.eval(&choose("Issues", "all")).await;
    browser.until(DONE).await;
    assert_eq!(words(browser, "#answer").await, study);
}

async fn nothing_is_wider_than_the_narrowest_screen(browser: &Browser) {
    for width in [390, 320, 280] {
        browser.resize_to((width, 800), 2).await;
        open_from_disk(browser).await;
        browser.until(DONE).await;
        for tab in ["chart", "table", "about", "download", "share"] {
            let all =
                format!("for (const one of document.querySelectorAll('[id$=\"-{tab}-tab\"]')) one.click()");
            run(browser, &all).await;
            let wide = "[document.documentElement.scrollWidth > innerWidth ? 'the page' : '',
                ...[...document.querySelectorAll('body *')].filter((one) => one.checkVisibility()
                    && !one.closest('.unseen, .skip, .scroll') && one.getBoundingClientRect().right > innerWidth + 1)
                    .map((one) => `${one.tagName} ${one.id} ${one.className}`)].filter(Boolean).slice(0, 5)";
            assert_eq!(browser.eval(wide).await, json!([]), "{width}, {tab}");
        }
    }
}

async fn charts_grow_with_the_text(browser: &Browser) {
    open_from_disk(browser).await;
    browser
        .until("document.querySelector('#figure-2 .plot').classList.contains('drawn')")
        .await;
    let height = "document.querySelector('#figure-2 canvas').clientHeight";
    let before = browser.eval(height).await.as_f64().unwrap();
    run(browser, "document.documentElement.style.fontSize = '150%'").await;
    run(
        browser,
        "document.querySelector('#figure-2 canvas').dispatchEvent(new Event('contextrestored'))",
    )
    .await;
    pause(browser, 300).await;
    let after = browser.eval(height).await.as_f64().unwrap();
    assert!(after > 1.15 * before, "{before} to {after}");
    // And what is read off is where it is drawn.
    let read = "const canvas = document.querySelector('#figure-2 canvas');
        const box = canvas.getBoundingClientRect();
        const [clientX, clientY] = [box.left + box.width / 2, box.top + 100];
        canvas.dispatchEvent(new PointerEvent('pointermove', { clientX, clientY, bubbles: true }));";
    run(browser, read).await;
    let away =
        "(() => { const { left, width } = document.querySelector('#figure-2 canvas').getBoundingClientRect();
        const line = document.querySelector('#figure-2 .cursor').getBoundingClientRect().left;
        return Math.abs(line - left - width / 2); })()";
    assert!(browser.eval(away).await.as_f64().unwrap() < 30.0);
}

async fn notes_are_beside_the_text_or_open_in_it(browser: &Browser) {
    let places = "(() => { const note = document.querySelector('#note-7');
        return [note.checkVisibility(), note.getBoundingClientRect().left]; })()";
    browser.resize((1280, 900)).await;
    open_from_disk(browser).await;
    let beside = browser.eval(places).await;
    assert_eq!(beside[0], true);
    assert!(beside[1].as_f64().unwrap() > 820.0, "{beside}");
    browser.resize((390, 844)).await;
    assert_eq!(browser.eval(places).await[0], false);
    run(
        browser,
        "document.querySelector('[aria-controls=note-7]').click()",
    )
    .await;
    let opened = browser.eval(places).await;
    assert_eq!(opened[0], true);
    assert!(opened[1].as_f64().unwrap() < 60.0, "{opened}");
}

async fn choices_open_from_the_bar(browser: &Browser) {
    let shown =
        "[...document.querySelectorAll('#builder fieldset')].filter((one) => one.checkVisibility()).length";
    browser.resize((1280, 900)).await;
    open_from_disk(browser).await;
    assert_eq!(browser.eval(shown).await, 0);
    run(
        browser,
        "document.querySelector('#builder .group:nth-child(5) > button').click()",
    )
    .await;
    assert_eq!(browser.eval(shown).await, 1);
    run(browser, "document.querySelector('#figure-2').dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }))").await;
    assert_eq!(browser.eval(shown).await, 0);
    for size in [(1280, 900), (390, 844)] {
        browser.resize(size).await;
        run(browser, "document.querySelector('#builder .change').click()").await;
        assert!(browser.eval(shown).await.as_u64() >= Some(7), "{size:?}");
        run(browser, "document.querySelector('#builder .change').click()").await;
        assert_eq!(browser.eval(shown).await, 0, "{size:?}");
    }
}
