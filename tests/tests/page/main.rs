//! The built page, in real browsers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::{
    fs,
    sync::OnceLock,
    time::{Duration, Instant},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use standfirm_tests::{
    Browser, Engine, Site, artifacts, cli, cli_text, differences, dist, in_browser, node_package, skip,
};
use wasmparser::{Parser, Payload};

mod endurance;
mod faults;
mod network;
mod sharp;

use endurance::*;
use faults::*;
use network::*;

/// Each test, in each engine that can run it.
macro_rules! tests {
    (in every engine: $($every:ident)*; in Chromium, which alone can be asked: $($alone:ident)*;) => {
        tests!(chromium, Engine::Chromium, $($every)* $($alone)*);
        tests!(firefox, Engine::Firefox, $($every)*);
        tests!(webkit, Engine::WebKit, $($every)*);
    };
    ($module:ident, $engine:expr, $($test:ident)*) => {
        mod $module {
            use super::*;
            $(
                #[tokio::test]
                async fn $test() {
                    let name = concat!(stringify!($module), "::", stringify!($test));
                    in_browser($engine, name, super::$test).await;
                }
            )*
        }
    };
}

tests! {
    in every engine:
        opened_from_disk_it_agrees_with_the_command_line
        served_under_a_sub_path_it_agrees_with_the_command_line
        the_one_file_page_asks_for_nothing
        the_hosted_page_asks_for_nothing_after_its_own_files
        embedded_figures_ask_for_nothing_after_their_own_files
        figures_are_drawn
        choices_refit_the_models_and_are_in_the_address
        models_that_cannot_be_estimated_say_so_and_keep_the_last_figure
        a_threat_can_be_changed
        imputed_values_are_shown_beside_observed_ones
        the_multiverse_is_that_of_the_command_line
        a_multiverse_can_be_cancelled_and_gone_on_with
        influence_and_prediction_follow_the_builder
        a_figure_is_read_off_with_pointer_and_keys
        tabs_are_switched_by_keyboard
        downloads_are_what_they_say
        a_shared_link_opens_what_was_shared
        back_and_forward_go_through_choices
        what_means_nothing_in_a_link_is_ignored_and_said
        figures_embed_in_an_article
        once_visited_it_works_offline
        on_paper_figures_are_drawings
        pictures_for_a_person_to_look_at;
    in Chromium, which alone can be asked:
        figures_are_as_fine_as_the_screen
        without_webassembly_it_says_so
        without_scripts_it_says_so
        the_hosted_page_opened_from_disk_names_the_one_that_works
        a_trap_in_the_worker_is_survived
        a_worker_that_never_answers_is_replaced
        what_was_given_up_is_not_computed
        memory_that_runs_out_is_said_and_survived
        without_storage_it_works_and_with_it_stores_nothing
        the_policy_lets_nothing_else_in_or_out
        refits_and_interactions_leave_memory_as_it_was
        a_worker_of_the_pool_that_traps_is_replaced
        where_a_module_cannot_be_sent_its_bytes_are
        a_site_that_is_not_whole_says_what_is_missing
        a_canvas_that_was_lost_is_drawn_again
        nothing_moves_while_it_loads
        axe_finds_nothing
        the_page_as_printed
        pictures_by_night_and_whole;
}

/// Two builds in different folders can only be the same where neither tells its folder.
#[test]
fn the_build_names_no_folder_of_this_machine() {
    let wasm = fs::read(dist().join("standfirm.wasm")).unwrap();
    let root = dist();
    let folders = [
        root.parent().unwrap().to_owned(),
        std::env::home_dir().unwrap_or_default(),
    ];
    for folder in folders.iter().filter(|folder| folder.components().count() > 1) {
        let name = folder.to_str().unwrap().as_bytes();
        let named = wasm.windows(name.len()).any(|bytes| bytes == name);
        assert!(!named, "standfirm.wasm has {} in it", folder.display());
    }
    assert!(wasm.starts_with(b"\0asm"));
}

/// WebKit waits for the compiler before it first runs a function with vector instructions: see `.cargo/config.toml`.
#[test]
fn only_what_computes_has_vector_instructions() {
    /// What all of them begin with.
    const PREFIX: u8 = 0xfd;
    let wasm = fs::read(dist().join("standfirm.wasm")).unwrap();
    let (mut functions, mut with_vectors) = (0, 0);
    for payload in Parser::new(0).parse_all(&wasm) {
        let Payload::CodeSectionEntry(body) = payload.unwrap() else {
            continue;
        };
        let mut has = false;
        for operator in body.get_operators_reader().unwrap().into_iter_with_offsets() {
            has |= wasm[operator.unwrap().1] == PREFIX;
        }
        functions += 1;
        with_vectors += usize::from(has);
    }
    assert!(
        (1..functions / 50).contains(&with_vectors),
        "{with_vectors} of {functions}"
    );
}

const READY: &str = "window.standfirm.ready";

async fn open_from_disk(browser: &Browser) {
    browser.goto_file(&dist().join("standfirm.html")).await;
    browser.eval(READY).await;
}

async fn agrees_with_the_command_line(browser: &Browser) {
    let page = browser.eval("window.standfirm.replicate()").await;
    let differences = differences(&page, &cli(&["replicate", "--json"]), 1e-12);
    assert!(
        differences.is_empty(),
        "page and command line differ:\n{}",
        differences.join("\n")
    );
}

async fn opened_from_disk_it_agrees_with_the_command_line(browser: &Browser) {
    open_from_disk(browser).await;
    agrees_with_the_command_line(browser).await;
    assert_eq!(browser.console_errors().await, [""; 0]);
}

async fn served_under_a_sub_path_it_agrees_with_the_command_line(browser: &Browser) {
    let site = Site::serve(&dist()).await;
    browser.goto(&site.url("index.html")).await;
    browser.eval(READY).await;
    agrees_with_the_command_line(browser).await;
    assert_eq!(browser.console_errors().await, [""; 0]);
}

/// Makes the page do all it does by itself once it is loaded.
async fn use_page(browser: &Browser) {
    browser.eval(READY).await;
    browser.eval("window.standfirm.replicate()").await;
    browser.resize((600, 700)).await;
    browser
        .eval("new Promise((resolve) => setTimeout(resolve, 500))")
        .await;
}

/// Of each canvas that is shown: its size on screen and its own, the number of its colours, and the share of
/// its pixels that have another colour than most.
const CANVASES: &str =
    "[...document.querySelectorAll('canvas')].filter((c) => c.checkVisibility()).map((canvas) => {
    const { width, height } = canvas;
    const pixels = new Uint32Array(canvas.getContext('2d').getImageData(0, 0, width, height).data.buffer);
    const counts = new Map();
    for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
    const box = canvas.getBoundingClientRect();
    return {
        width, height, ratio: devicePixelRatio, shown: [box.width, box.height], colours: counts.size,
        ink: 1 - Math.max(...counts.values()) / pixels.length,
    };
})";

async fn canvases(browser: &Browser) -> Vec<Value> {
    // The last to be drawn come after the first result.
    for last in ["imputation", "threat"] {
        browser
            .until(&format!(
                "document.querySelector('#{last} .plot').classList.contains('drawn')"
            ))
            .await;
    }
    let canvases = browser.eval(CANVASES).await.as_array().unwrap().clone();
    assert!(!canvases.is_empty(), "the page shows no figure");
    canvases
}

async fn figures_are_drawn(browser: &Browser) {
    open_from_disk(browser).await;
    for canvas in canvases(browser).await {
        assert!(canvas["colours"].as_u64() >= Some(2), "one colour only: {canvas}");
        let ink = canvas["ink"].as_f64().unwrap();
        assert!(
            (0.002..0.7).contains(&ink),
            "no figure has so little or so much on it: {canvas}"
        );
    }
}

async fn figures_are_as_fine_as_the_screen(browser: &Browser) {
    let fine = |canvas: &Value| {
        let close = |own: &Value, shown: &Value| {
            (own.as_f64().unwrap() - shown.as_f64().unwrap() * canvas["ratio"].as_f64().unwrap()).abs() <= 1.0
        };
        close(&canvas["width"], &canvas["shown"][0]) && close(&canvas["height"], &canvas["shown"][1])
    };
    open_from_disk(browser).await;
    let mut widths = Vec::new();
    // Each time the size changes too: the ratio alone, as emulated, is not noticed before the next layout.
    for (size, ratio) in [
        ((1280, 800), 1),
        ((1200, 800), 2),
        ((390, 844), 2),
        ((412, 915), 3),
        ((1280, 800), 1),
    ] {
        browser.resize_to(size, ratio).await;
        browser
            .until(&format!(
                "devicePixelRatio === {ratio} && innerWidth === {}",
                size.0
            ))
            .await;
        // The page follows in its own time.
        let started = Instant::now();
        let canvases = loop {
            let canvases = canvases(browser).await;
            if canvases.iter().all(fine) {
                break canvases;
            }
            assert!(
                started.elapsed() < Duration::from_secs(10),
                "too coarse at {size:?} x {ratio}: {canvases:?}"
            );
        };
        assert!(
            canvases
                .iter()
                .all(|canvas| canvas["colours"].as_u64() >= Some(2)),
            "blank at {size:?} x {ratio}"
        );
        widths.push(canvases[0]["width"].as_u64().unwrap());
    }
    assert!(
        widths[1] > widths[0] && widths[3] > widths[2] && widths[4] == widths[0],
        "{widths:?}"
    );
}

/// Whether everything that was asked for is shown.
const DONE: &str = "document.querySelector('#status').dataset.state === 'done'";

/// Makes a choice in the builder, by the words of its label.
fn choose(label: &str, value: &str) -> String {
    format!(
        "(() => {{
            const labels = [...document.querySelectorAll('#builder .choice label')];
            const select = labels.find((one) => one.firstChild.textContent === {label:?}).querySelector('select');
            select.value = {value:?};
            select.dispatchEvent(new Event('change'));
        }})()"
    )
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

async fn models_that_cannot_be_estimated_say_so_and_keep_the_last_figure(browser: &Browser) {
    open_from_disk(browser).await;
    let title = "document.querySelector('#figure-2-title').textContent";
    let before = browser.eval(title).await;
    browser.eval(&choose("Issues", "rights")).await;
    browser.until(DONE).await;
    assert_eq!(browser.eval(title).await, before);
    assert_eq!(
        browser
            .eval("document.querySelector('#figure-2').matches('.stale')")
            .await,
        true
    );
    let words = browser
        .eval("document.querySelector('#builder [data-part=refusals]').textContent")
        .await;
    assert!(
        words.as_str().unwrap().contains("separation: no finite estimate"),
        "{words}"
    );
    browser.eval(&choose("Issues", "all")).await;
    browser.until(DONE).await;
    assert_eq!(
        browser
            .eval("document.querySelector('#figure-2').matches('.stale')")
            .await,
        false
    );
}

async fn a_threat_can_be_changed(browser: &Browser) {
    open_from_disk(browser).await;
    let title = "document.querySelector('#threat-title').textContent";
    browser.until(&format!("{title}.includes('Panama')")).await;
    browser
        .eval(
            "(() => {
                const slider = document.querySelector('#threat input[type=range]');
                slider.value = '0';
                slider.dispatchEvent(new Event('input'));
            })()",
        )
        .await;
    browser.until(&format!("{title}.includes('as changed')")).await;
    let expected = cli(&["threat", "1987080701", "--set", "personalist_index=0", "--json"]);
    let shown = browser.eval(title).await;
    assert_eq!(shown, expected["figure"]["title"]);
    assert_eq!(
        browser.eval("location.hash").await,
        "#v=1&threat.set=personalist_index:0"
    );
    assert_eq!(browser.console_errors().await, [""; 0]);
}

async fn imputed_values_are_shown_beside_observed_ones(browser: &Browser) {
    let site = Site::serve(&dist()).await;
    browser
        .goto(&site.url("index.html#v=1&imputation=regime&impute=dependence"))
        .await;
    browser.eval(READY).await;
    let note = "document.querySelector('#imputation figcaption').textContent";
    browser.until(&format!("{note}.includes('90% interval')")).await;
    let expected = cli(&[
        "imputation",
        "--model",
        "regime:comtrade_mi",
        "--spec",
        "impute=dependence",
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

/// What `standfirm multiverse --csv` prints: asked once, as it takes a while.
async fn multiverse_csv() -> &'static str {
    static CSV: OnceLock<String> = OnceLock::new();
    let csv = tokio::task::spawn_blocking(|| CSV.get_or_init(|| cli_text(&["multiverse", "--csv"])));
    csv.await.unwrap()
}

const BEGIN: &str = "document.querySelector('#curve .work button.begin')";

/// Opens the page and waits for the multiverse to be there to begin, in so many workers.
async fn open_multiverse(browser: &Browser, workers: usize) {
    open_from_disk(browser).await;
    browser
        .until(&format!("{BEGIN}?.checkVisibility() ?? false"))
        .await;
    run(
        browser,
        &format!(
            "Object.defineProperty(navigator, 'hardwareConcurrency', {{ value: {workers}, configurable: true }});
             const {{ Worker }} = window;
             window.members = [];
             window.Worker = class extends Worker {{
                 constructor(...all) {{ super(...all); members.push(this); }}
                 terminate() {{ this.ended = true; super.terminate(); }}
             }};"
        ),
    )
    .await;
}

/// Begins or goes on with the multiverse, to its end.
async fn fit_multiverse(browser: &Browser) {
    run(browser, &format!("{BEGIN}.click()")).await;
    browser
        .until_within(
            "/models fitted in/.test(document.querySelector('#curve .work [role=status]').textContent)",
            300,
        )
        .await;
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
    let files = saved(browser, "curve").await;
    let csv = files
        .iter()
        .find(|file| file["name"].as_str().unwrap().ends_with(".csv"));
    let (page, native) = (csv.unwrap()["text"].as_str().unwrap(), multiverse_csv().await);
    // Not with assert_eq, which would print both.
    let differs = page
        .lines()
        .zip(native.lines())
        .find(|(page, native)| page != native);
    assert_eq!(differs, None);
    assert_eq!(page.len(), native.len());
    assert_eq!(page.lines().count(), 1 + 16_128);

    run(browser, "document.querySelector('#curve-table-tab').click()").await;
    let table = words(browser, "#curve-table").await;
    for part in [
        "Claims of the ledger",
        "What a choice moves",
        "Could not be estimated",
    ] {
        assert!(table.contains(part), "{table}");
    }

    // Read off with pointer and keys, and opened in the builder.
    run(browser, "document.querySelector('#curve-chart-tab').click()").await;
    // A figure that is shown again is drawn again, which ends a reading.
    browser
        .eval("new Promise((resolve) => setTimeout(resolve, 300))")
        .await;
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
    let key = |key: &str| {
        format!(
            "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {{ key: {key:?}, bubbles: true }}));"
        )
    };
    run(browser, &key("ArrowDown")).await;
    let spoken = words(browser, "#curve .plot [aria-live]").await;
    assert_eq!(
        words(browser, "#curve .reading b").await.replace(',', ""),
        format!("Model {} of 15360", place + 1)
    );
    assert!(spoken.contains("Standard errors"), "{spoken}");

    // The model in that place, as the command line has it.
    let mut rows: Vec<(f64, Vec<&str>)> = native
        .lines()
        .skip(1)
        .filter_map(|line| {
            // Quoted fields hold commas, but only that of the specification before the estimate.
            let (model, rest) = line.split_once("index:").or_else(|| line.split_once("regime:"))?;
            let rest: Vec<&str> = rest.rsplitn(8, ',').collect();
            Some((rest[6].parse().ok()?, [&[model], rest.as_slice()].concat()))
        })
        .collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let estimate = format!("{:.1} points", 100.0 * rows[place].0).replace('-', "−");
    let said = words(browser, "#curve .reading span").await;
    assert!(said.contains(&estimate), "{said}, not {estimate}");
    run(browser, &key("Enter")).await;
    browser.until(DONE).await;
    let chosen = browser
        .eval("document.querySelector('#builder [data-part=count]').textContent")
        .await;
    let specified = browser.eval("location.hash").await;
    let (chosen, specified) = (chosen.as_str().unwrap(), specified.as_str().unwrap());
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
    assert_eq!(browser.console_errors().await, [""; 0]);
}

async fn a_multiverse_can_be_cancelled_and_gone_on_with(browser: &Browser) {
    open_multiverse(browser, 2).await;
    run(browser, &format!("{BEGIN}.click()")).await;
    let bar = "document.querySelector('#curve .work progress')";
    browser
        .until_within(&format!("{bar}.value > 0 && {bar}.max === 16128"), 60)
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
    let summary = words(browser, "#curve [data-part=said]").await;
    assert!(title.contains("of 15,360 models"), "{title}");
    assert!(
        summary.contains("Another 768 could not be estimated"),
        "{summary}"
    );
    assert_eq!(browser.console_errors().await, [""; 0]);
}

async fn influence_and_prediction_follow_the_builder(browser: &Browser) {
    let site = Site::serve(&dist()).await;
    let fragment = "v=1&influence.by=sender&influence.model=regime:import_share&prediction.by=dyad&prediction.show=calibration";
    browser.goto(&site.url(&format!("index.html#{fragment}"))).await;
    browser.eval(READY).await;
    assert_eq!(words(browser, "#ignored").await, "");
    let done = |id: &str| {
        format!(
            "/(fitted|Computed) in/.test(document.querySelector('#{id} .work [role=status]').textContent)"
        )
    };
    // Nothing is computed before the reader comes near.
    assert_eq!(browser.eval(&done("influence")).await, false);
    let came = async |id: &str, expected: &str| {
        run(
            browser,
            &format!("document.querySelector('#{id}').scrollIntoView()"),
        )
        .await;
        browser
            .until_within(
                &format!(
                    "{} && document.querySelector('#{id} .said').textContent === {expected:?}",
                    done(id)
                ),
                60,
            )
            .await;
    };
    let influence = |specification: &str, by: &str| {
        cli(&[
            "influence",
            "--model",
            "regime:import_share",
            "--by",
            by,
            "--json",
            "--spec",
            specification,
        ])[0]
            .clone()
    };
    // The sentences are printed below the line that names the model.
    let sentences = |text: &str| {
        let mut lines = text
            .lines()
            .skip_while(|line| !line.contains(" [index:") && !line.contains(" [regime:"));
        lines.nth(1).unwrap_or_default().to_owned()
    };
    let told = |arguments: &[&str]| sentences(&cli_text(arguments));
    let model = ["influence", "--model", "regime:import_share", "--by", "sender"];
    came("influence", &told(&model)).await;
    run(browser, "document.querySelector('#influence-table-tab').click()").await;
    let rows = browser
        .eval("document.querySelectorAll('#influence-table tbody tr').length")
        .await;
    let left_out = influence("", "sender")["left_out"].as_array().unwrap().len();
    assert_eq!(rows, left_out + 1);
    let first = words(browser, "#influence-table tbody tr:nth-child(2) th").await;
    assert_eq!(
        first,
        influence("", "sender")["left_out"][0]["label"].as_str().unwrap()
    );

    let forecast = ["validate", "--by", "dyad"];
    came("prediction", &told(&forecast)).await;
    let title = words(browser, "#prediction [data-part=subtitle]").await;
    assert!(
        title.contains("forecasts that are right lie on the line"),
        "{title}"
    );
    let confusion = browser
        .eval("[...document.querySelectorAll('#confusion tbody td')].map((one) => Number(one.textContent))")
        .await;
    let expected = cli(&["validate", "--by", "dyad", "--json"]);
    let forecasts = &expected["cross_validated"]["forecasts"];
    let expected: Vec<Value> = (0..3)
        .flat_map(|row| {
            [0, 1].map(|forecast| forecasts[forecast]["confusion"][row].as_array().unwrap().clone())
        })
        .flatten()
        .collect();
    assert_eq!(confusion, json!(expected));

    // Both follow what is chosen in the builder.
    run(browser, "document.querySelector('#influence-chart-tab').click()").await;
    run(browser, &give("#influence label:last-of-type select", "year")).await;
    run(browser, &choose("Scale of dependence", "root")).await;
    let specified = ["--spec", "scale=root"];
    came(
        "influence",
        &told(&[&model[..3], &["--by", "year"], &specified].concat()),
    )
    .await;
    came("prediction", &told(&[&forecast[..], &specified].concat())).await;
    // What cannot be estimated says why and keeps what was shown.
    run(browser, &choose("Issues", "rights")).await;
    browser
        .until_within("document.querySelector('#influence').matches('.stale')", 60)
        .await;
    let note = words(browser, "#influence [data-part=note]").await;
    assert!(note.contains("separation"), "{note}");
    assert_eq!(browser.console_errors().await, [""; 0]);
}

async fn without_scripts_it_says_so(browser: &Browser) {
    browser
        .devtools("Emulation.setScriptExecutionDisabled", json!({ "value": true }))
        .await;
    browser.goto_file(&dist().join("standfirm.html")).await;
    // Read as a screen reader would, which needs no script.
    let tree = browser.devtools("Accessibility.getFullAXTree", json!({})).await;
    let words: Vec<_> = tree["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|node| node["name"]["value"].as_str())
        .collect();
    // What is the matter, the main result in numbers, and its picture.
    for said in [
        "Scripts are switched off",
        "the chance of concession falls from 29% to 17%",
        "High trade dependence",
    ] {
        assert!(
            words.iter().any(|words| words.contains(said)),
            "no {said:?} in {words:?}"
        );
    }
}

async fn the_hosted_page_opened_from_disk_names_the_one_that_works(browser: &Browser) {
    browser.goto_file(&dist().join("index.html")).await;
    assert!(browser.try_eval(READY).await.is_err());
    let text = browser.text().await;
    assert!(text.contains("standfirm.html"), "{text}");
}

/// Gives a control a value, as a reader would.
fn give(control: &str, value: &str) -> String {
    format!(
        "{{ const c = document.querySelector({control:?}); c.value = {value:?};
            c.dispatchEvent(new Event('change', {{ bubbles: true }})); }}"
    )
}

async fn run(browser: &Browser, script: &str) {
    browser.eval(&format!("(() => {{ {script} }})()")).await;
}

async fn words(browser: &Browser, selector: &str) -> String {
    let words = browser
        .eval(&format!("document.querySelector({selector:?}).textContent"))
        .await;
    words.as_str().unwrap_or_default().to_owned()
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

async fn tabs_are_switched_by_keyboard(browser: &Browser) {
    open_from_disk(browser).await;
    let key = |key: &str| {
        format!(
            "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {{ key: {key:?}, bubbles: true }}));"
        )
    };
    run(
        browser,
        &format!(
            "document.querySelector('#figure-2-chart-tab').focus(); {}",
            key("ArrowRight")
        ),
    )
    .await;
    let state = "[document.activeElement.id, document.activeElement.getAttribute('aria-selected'),
        [...document.querySelectorAll('#figure-2 [role=tabpanel]')].filter((one) => one.checkVisibility()).map((one) => one.id),
        document.querySelectorAll('#figure-2-table tbody tr').length]";
    let expected = json!(["figure-2-table-tab", "true", ["figure-2-table"], 21]);
    assert_eq!(browser.eval(state).await, expected);
    run(browser, &key("End")).await;
    assert_eq!(
        browser.eval("document.activeElement.id").await,
        "figure-2-share-tab"
    );
    run(browser, &key("ArrowRight")).await;
    assert_eq!(
        browser.eval("document.activeElement.id").await,
        "figure-2-chart-tab"
    );
}

/// Keeps what the page saves, and how it is called.
const SAVED: &str = "window.saved = [];
    const { createObjectURL } = URL;
    URL.createObjectURL = (blob) => (saved.push({ blob }), createObjectURL.call(URL, blob));
    HTMLAnchorElement.prototype.click = function () { saved.at(-1).name = this.download; };";

/// Saves the files of a card; each with its name, its type, its first bytes and its text.
async fn saved(browser: &Browser, card: &str) -> Vec<Value> {
    run(
        browser,
        &format!(
            "saved.length = 0; document.querySelector('#{card}-download-tab').click();
             for (const one of document.querySelectorAll('#{card}-download button')) one.click();"
        ),
    )
    .await;
    browser
        .until(&format!(
            "saved.length === document.querySelectorAll('#{card}-download button').length && saved.every((one) => one.name)"
        ))
        .await;
    let files = browser
        .eval(
            "Promise.all(saved.map(async ({ blob, name }) => ({ name, type: blob.type, text: await blob.text(),
                bytes: [...new Uint8Array(await blob.arrayBuffer())].slice(0, 24) })))",
        )
        .await;
    files.as_array().unwrap().clone()
}

async fn downloads_are_what_they_say(browser: &Browser) {
    open_from_disk(browser).await;
    run(browser, SAVED).await;
    let files = saved(browser, "figure-2").await;
    let find = |files: &[Value], end: &str| {
        let found = files
            .iter()
            .find(|file| file["name"].as_str().unwrap().ends_with(end));
        found.unwrap_or_else(|| panic!("no {end} in {files:?}")).clone()
    };
    for file in &files {
        let name = file["name"].as_str().unwrap();
        assert!(name.starts_with("standfirm-figure-2-trade_share-20"), "{name}");
    }
    let png: Vec<u8> = serde_json::from_value(find(&files, ".png")["bytes"].clone()).unwrap();
    assert_eq!(png[..8], *b"\x89PNG\r\n\x1a\n");
    // 900 CSS pixels, twice.
    assert_eq!(u32::from_be_bytes(png[16..20].try_into().unwrap()), 1800);
    let credit = "Huang, Pi Cheng";
    let svg = find(&files, ".svg");
    let text = svg["text"].as_str().unwrap();
    assert!(text.starts_with("<svg") && text.contains("High trade dependence") && text.contains(credit));
    let csv = find(&files, ".csv");
    let lines: Vec<&str> = csv["text"].as_str().unwrap().lines().collect();
    assert_eq!(lines.len(), 1 + 21 + 1, "{lines:?}");
    assert!(
        lines[0].starts_with("Personalist index,High trade dependence: estimate"),
        "{}",
        lines[0]
    );
    assert!(lines[22].contains(credit), "{}", lines[22]);

    let files = saved(browser, "table-1").await;
    let study = cli(&["replicate", "--json"]);
    let first = &study["index:trade_share"]["coefficients"][0];
    let csv = find(&files, ".csv");
    let estimate = format!(",{},", first["estimate"].as_f64().unwrap());
    assert!(
        csv["text"].as_str().unwrap().contains(&estimate),
        "{estimate} in {}",
        csv["text"]
    );
    for (end, part) in [
        (".tex", "\\toprule"),
        (".html", "<th scope=\"row\">Personalist index</th>"),
        (".md", "| Personalist index |"),
    ] {
        let file = find(&files, end);
        let text = file["text"].as_str().unwrap();
        assert!(text.contains(part) && text.contains(credit), "{text}");
    }
    assert_eq!(browser.console_errors().await, [""; 0]);
}

async fn a_shared_link_opens_what_was_shared(browser: &Browser) {
    open_from_disk(browser).await;
    run(browser, &give("#figure-2 select", "import_share")).await;
    run(browser, &give("#figure-4 select", "trade_gdp")).await;
    run(browser, "document.querySelector('#figure-2-share-tab').click()").await;
    let title = words(browser, "#figure-2-title").await;
    let link = browser
        .eval("document.querySelector('#figure-2-share textarea').value")
        .await;
    let link = link.as_str().unwrap();
    assert!(
        link.contains("#v=1&") && link.contains("f2=import_share"),
        "{link}"
    );
    browser.goto("about:blank").await;
    browser.goto(link).await;
    browser.eval(READY).await;
    assert_eq!(words(browser, "#figure-2-title").await, title);
    let shown =
        "[...document.querySelectorAll('#figure-2 select, #figure-4 select')].map((one) => one.value)";
    assert_eq!(
        browser.eval(shown).await,
        json!(["import_share", "observed", "trade_gdp", "observed"])
    );
    assert_eq!(
        browser
            .eval("document.querySelector('#figure-2-share').checkVisibility()")
            .await,
        true
    );
    // The card that was shared is what is seen first.
    browser
        .until("Math.abs(document.querySelector('#figure-2').getBoundingClientRect().top) < 100")
        .await;
    assert_eq!(words(browser, "#ignored").await, "");
}

async fn back_and_forward_go_through_choices(browser: &Browser) {
    open_from_disk(browser).await;
    let first = words(browser, "#figure-2-title").await;
    run(browser, &give("#figure-2 select", "import_share")).await;
    let second = words(browser, "#figure-2-title").await;
    assert_ne!(first, second);
    let shows = |title: &str| format!("document.querySelector('#figure-2-title').textContent === {title:?}");
    run(browser, "history.back()").await;
    browser.until(&shows(&first)).await;
    assert_eq!(browser.eval("location.hash").await, "");
    run(browser, "history.forward()").await;
    browser.until(&shows(&second)).await;
    assert_eq!(
        browser
            .eval("document.querySelector('#figure-2 select').value")
            .await,
        "import_share"
    );
}

async fn what_means_nothing_in_a_link_is_ignored_and_said(browser: &Browser) {
    open_from_disk(browser).await;
    let (title, address) = (
        words(browser, "#figure-2-title").await,
        browser.eval("location.href").await,
    );
    for (fragment, said) in [
        (
            "v=1&f2=<img%20src=x%20onerror=alert(1)>&f2.tab=nowhere",
            &["f2=<img src=x onerror=alert(1)>", "f2.tab=nowhere"][..],
        ),
        ("v=1&__proto__=1&f2=%E0%A4&=&&a", &["__proto__=1", "f2=%E0%A4"]),
        ("v=99&f2=import_share", &["version 99"]),
        ("v=1&f2.colour=red&colour=red", &["f2.colour=red", "colour"]),
        ("nowhere", &["nowhere"]),
    ] {
        browser.goto("about:blank").await;
        browser
            .goto(&format!("{}#{fragment}", address.as_str().unwrap()))
            .await;
        browser.eval(READY).await;
        assert_eq!(words(browser, "#figure-2-title").await, title, "{fragment}");
        let ignored = words(browser, "#ignored").await;
        for said in said {
            assert!(ignored.contains(said), "{fragment}: {ignored}");
        }
    }
    assert_eq!(browser.eval("document.querySelectorAll('img').length").await, 0);
}

async fn figures_embed_in_an_article(browser: &Browser) {
    let site = Site::serve(&dist()).await;
    browser.goto(&site.url("example-article.html")).await;
    let figures = "[...document.querySelectorAll('standfirm-figure')]";
    for at in 0..2 {
        run(browser, &format!("{figures}[{at}].scrollIntoView()")).await;
        let title = format!("{figures}[{at}].shadowRoot.querySelector('h2')");
        browser.until(&format!("{title}?.textContent.length > 20")).await;
        let drawn = format!("{figures}[{at}].shadowRoot.querySelector('canvas').height > 300");
        browser.until(&drawn).await;
    }
    // Styles neither go in nor out.
    let looks = format!(
        "[getComputedStyle({figures}[0].shadowRoot.querySelector('h2')).textTransform,
          getComputedStyle(document.querySelector('h1')).textTransform]"
    );
    assert_eq!(browser.eval(&looks).await, json!(["none", "uppercase"]));
    // The second asked for a theme, and its model and method are chosen.
    let chosen = format!("[...{figures}[1].shadowRoot.querySelectorAll('select')].map((one) => one.value)");
    assert_eq!(browser.eval(&chosen).await, json!(["import_share", "means"]));
    // One engine for both; the frame has its own.
    run(browser, "document.querySelector('iframe').scrollIntoView()").await;
    browser
        .until("document.querySelector('iframe').style.height !== ''")
        .await;
    let fits = "(() => { const frame = document.querySelector('iframe');
        const { height } = frame.contentDocument.body.getBoundingClientRect();
        return height > 300 && Math.abs(frame.getBoundingClientRect().height - height) <= 1; })()";
    browser.until(fits).await;
    let asked = |file: &str| {
        site.asked()
            .iter()
            .filter(|asked| asked.starts_with(file))
            .count()
    };
    assert!(asked("standfirm.wasm") <= 2, "{:?}", site.asked());

    // Only the frame itself may say how high it is, and not anything.
    let before = browser
        .eval("document.querySelector('iframe').style.height")
        .await;
    run(browser, "postMessage({ standfirm: 'height', height: 3000 }, '*')").await;
    browser
        .eval("new Promise((resolve) => setTimeout(resolve, 200))")
        .await;
    assert_eq!(
        browser
            .eval("document.querySelector('iframe').style.height")
            .await,
        before
    );
    let says = |height: &str| {
        format!(
            "(dispatchEvent(new MessageEvent('message', {{ data: {{ standfirm: 'height', height: {height} }},
            origin: location.origin, source: document.querySelector('iframe').contentWindow }})),
            document.querySelector('iframe').style.height)"
        )
    };
    for (height, expected) in [("'9'", before), ("1e9", json!("4000px")), ("-5", json!("120px"))] {
        // At once: the frame says soon how high it really is.
        assert_eq!(browser.eval(&says(height)).await, expected, "{height}");
    }
    assert_eq!(browser.console_errors().await, [""; 0]);
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

async fn on_paper_figures_are_drawings(browser: &Browser) {
    open_from_disk(browser).await;
    // The last figure that comes.
    browser
        .until("document.querySelector('#imputation .plot').classList.contains('drawn')")
        .await;
    let drawings = "document.querySelectorAll('.plot svg text').length";
    run(browser, "dispatchEvent(new Event('beforeprint'))").await;
    let all = "document.querySelectorAll('.plot.drawn:not(:has(svg))').length";
    assert_eq!(browser.eval(all).await, 0);
    assert!(browser.eval(drawings).await.as_u64().unwrap() > 40);
    run(browser, "dispatchEvent(new Event('afterprint'))").await;
    assert_eq!(browser.eval(drawings).await, 0);
    assert_eq!(browser.console_errors().await, [""; 0]);
}

async fn the_page_as_printed(browser: &Browser) {
    open_from_disk(browser).await;
    let printed = browser
        .devtools("Page.printToPDF", json!({ "printBackground": false }))
        .await;
    let pdf = BASE64_STANDARD.decode(printed["data"].as_str().unwrap()).unwrap();
    // A canvas would be an image.
    let images = pdf
        .windows(15)
        .filter(|bytes| bytes == b"/Subtype /Image")
        .count();
    assert_eq!(images, 0, "figures are printed as pixels");
    fs::write(artifacts("screenshots").join("chromium-printed.pdf"), pdf).unwrap();
}

async fn nothing_moves_while_it_loads(browser: &Browser) {
    browser
        .inject(
            "window.shifts = [];
             new PerformanceObserver((list) => shifts.push(...list.getEntries().map((one) => one.value)))
                 .observe({ type: 'layout-shift', buffered: true });
             // What lies below the window moves as well, though no observer says so.
             window.places = () => Object.fromEntries(
                 [...document.querySelectorAll('.card:has(.plot):not(#threat)')].map((one) => [one.id, one.offsetHeight]));
             addEventListener('DOMContentLoaded', () => (window.reserved = places()));",
        )
        .await;
    for size in SIZES {
        browser.resize(size).await;
        open_from_disk(browser).await;
        browser
            .eval("new Promise((resolve) => setTimeout(resolve, 300))")
            .await;
        let shift = browser.eval("shifts.reduce((sum, one) => sum + one, 0)").await;
        assert!(
            shift.as_f64().unwrap() < 0.01,
            "{size:?}: layout shifts add up to {shift}"
        );
        let moved = "Object.entries(places()).filter(([id, height]) => Math.abs(height - reserved[id]) > 2)
            .map(([id, height]) => `${id}: ${reserved[id]} to ${height}`)";
        browser
            .until("document.querySelector('#imputation .plot').classList.contains('drawn')")
            .await;
        assert_eq!(browser.eval(moved).await, json!([]), "{size:?}");
    }
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
                &format!("document.querySelector('#{id} .said').textContent !== ''"),
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
        let features = json!([{ "name": "prefers-color-scheme", "value": theme }]);
        browser
            .devtools("Emulation.setEmulatedMedia", json!({ "features": features }))
            .await;
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

const SIZES: [(u32, u32); 2] = [(390, 844), (1280, 800)];

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
        let features = json!([{ "name": "prefers-color-scheme", "value": theme }]);
        browser
            .devtools("Emulation.setEmulatedMedia", json!({ "features": features }))
            .await;
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
