//! Pictures of the page for a person to look at.

use std::fs;

use standfirm_tests::{Browser, artifacts};

use crate::{
    engines::tests,
    steps::{SIZES, open_from_disk, prefer},
};

tests! {
    in every engine:
        pictures_for_a_person_to_look_at;
    in Chromium, which alone can be asked:
        pictures_by_night_and_whole;
}

fn save(picture: Vec<u8>, name: String) {
    fs::write(artifacts("screenshots").join(format!("{name}.png")), picture).unwrap();
}

async fn pictures_for_a_person_to_look_at(browser: &Browser) {
    for size @ (width, height) in SIZES {
        open_from_disk(browser).await;
        browser.resize(size).await;
        save(
            browser.picture().await,
            format!("{}-{width}x{height}", browser.engine.name()),
        );
    }
}

async fn pictures_by_night_and_whole(browser: &Browser) {
    for theme in ["light", "dark"] {
        prefer(browser, theme).await;
        for size @ (width, height) in SIZES {
            browser.resize_to(size, 2).await;
            open_from_disk(browser).await;
            save(
                browser.picture().await,
                format!("chromium-{width}x{height}-{theme}"),
            );
            save(
                browser.whole_picture().await,
                format!("chromium-{width}-{theme}-whole"),
            );
        }
    }
}
