//! What goes wrong around the computing: the page says it, replaces what can be replaced, and keeps the choices.

use std::fs;

use serde_json::json;
use standfirm_tests::{Browser, Site, dist};

use crate::{
    engines::tests,
    steps::{
        BEGIN, agrees_with_the_command_line, copy_of_the_site, fit_multiverse, give, open_from_disk,
        open_multiverse, run, words,
    },
};

tests! {
    in Chromium, which alone can be asked:
        a_trap_in_the_worker_is_survived
        a_worker_that_never_answers_is_replaced
        what_was_given_up_is_not_computed
        a_worker_of_the_pool_that_traps_is_replaced
        a_site_that_is_not_whole_says_what_is_missing
        where_a_module_cannot_be_sent_its_bytes_are
        memory_that_runs_out_is_said_and_survived;
}

/// Gives the worker two faulty functions, and lets `window.fault` name the one that the next call runs instead.
const FAULTS: &str = r#"
    const trap = [0,97,115,109,1,0,0,0, 1,4,1,96,0,0, 3,2,1,0, 8,1,0, 10,5,1,3,0,0,11];
    const faults = `
        wasm.trap = () => new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([${trap}])));
        wasm.hang = () => { for (;;); };
    `;
    window.Blob = class extends Blob {
        constructor(parts, options) {
            // The worker's source ends the block that its `wasm` is in.
            const last = parts.length - 1;
            if (options?.type === "text/javascript") parts[last] = parts[last].replace(/\}\s*$/, faults + "}");
            super(parts, options);
        }
    };
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (message) {
        if (message.call && window.fault) {
            message = { ...message, call: window.fault };
            window.fault = undefined;
        }
        postMessage.call(this, message);
    };
"#;

async fn a_trap_in_the_worker_is_survived(browser: &Browser) {
    browser.inject(FAULTS).await;
    open_from_disk(browser).await;
    let before = browser.eval("window.standfirm.replicate()").await;
    browser.eval("window.fault = 'trap'").await;
    let both = "Promise.allSettled([window.standfirm.replicate(), window.standfirm.replicate()])";
    let both = browser
        .eval(&format!(
            "({both}).then((all) => all.map((one) => one.value ?? one.reason.message))"
        ))
        .await;
    let message = both[0].as_str().unwrap_or_default();
    assert!(
        message.contains("unreachable") && message.contains("worker is replaced"),
        "{both}"
    );
    // Only the call that met the fault is lost.
    assert_eq!(both[1], before);
}

async fn a_worker_that_never_answers_is_replaced(browser: &Browser) {
    browser.inject(FAULTS).await;
    open_from_disk(browser).await;
    let before = browser.eval("window.standfirm.replicate()").await;
    browser.eval("window.fault = 'hang'").await;
    // A minute passes in half a second.
    browser
        .eval("void (window.wait = setTimeout, window.setTimeout = (f, t) => wait(f, t / 120))")
        .await;
    let error = browser
        .try_eval("window.standfirm.replicate()")
        .await
        .unwrap_err();
    browser.eval("void (window.setTimeout = wait)").await;
    assert!(error.contains("60 seconds"), "{error}");
    assert_eq!(browser.eval("window.standfirm.replicate()").await, before);
}

/// Of what a newer choice makes needless, the worker finishes at most the step it is at.
async fn what_was_given_up_is_not_computed(browser: &Browser) {
    let watched = "
        window.workers = 0;
        window.asked = [];
        window.Worker = class extends Worker {
            constructor(...given) {
                super(...given);
                workers += 1;
                this.addEventListener('message', ({ data: { id, ok, more } }) => {
                    if (ok && !more) asked.find((one) => one.id === id).computed = true;
                });
            }
            postMessage(message) {
                if (message.call) asked.push({ ...message, computed: false });
                // Whoever has asked for the last part thinks better of it.
                if (message.args?.[0] === 'seed=7' && message.args[1] === 'all' && !message.steps) {
                    setTimeout(() => (location.hash = '#v=1&lag=1'));
                }
                super.postMessage(message);
            }
        };";
    browser.inject(watched).await;
    open_from_disk(browser).await;
    browser.until("asked.every(({ computed }) => computed)").await;
    run(browser, "location.hash = '#v=1&seed=7'").await;
    let asked = |what: &str| {
        format!(
            "asked.filter(({{ args }}) => args[0] === '{what}').map(({{ call, computed }}) => [call, computed])"
        )
    };
    browser
        .until(&format!(
            "document.querySelector('#status').dataset.state === 'done' && {0}.length > 4 && {0}.every(([, computed]) => computed)",
            asked("lag=1")
        ))
        .await;
    let given_up = browser.eval(&asked("seed=7")).await;
    let given_up = given_up.as_array().unwrap();
    // The first part was there at once, or nearly so; what is last was never reached.
    let last = given_up.last().unwrap();
    assert_eq!(*last, json!(["article", false]), "{given_up:?}");
    assert_eq!(browser.eval("workers").await, 1);
}

async fn a_worker_of_the_pool_that_traps_is_replaced(browser: &Browser) {
    browser.inject(FAULTS).await;
    open_multiverse(browser, 2).await;
    // One piece breaks off once, another each time.
    run(
        browser,
        "const { postMessage } = Worker.prototype;
         const met = [];
         Worker.prototype.postMessage = function (message) {
             const piece = message.call === 'multiverse_piece' && message.args[0];
             if (piece === 40 || (piece === 90 && !met.includes(90))) window.fault = 'trap';
             met.push(piece);
             postMessage.call(this, message);
         };",
    )
    .await;
    fit_multiverse(browser).await;
    let said = words(browser, "#curve .work [role=status]").await;
    assert!(
        said.starts_with("62,925 models fitted")
            && said.contains("75 could not be: ")
            && said.contains("unreachable"),
        "{said}"
    );
    // Two at first, and one for each time that one broke off.
    assert_eq!(
        browser
            .eval("[members.length, members.every((one) => one.ended)]")
            .await,
        json!([5, true])
    );
    // What is missing can be asked for again.
    assert_eq!(browser.eval(&format!("{BEGIN}.checkVisibility()")).await, true);
}

/// What a hosted page says where one of its files is missing or cut short; its text is there all the same.
async fn a_site_that_is_not_whole_says_what_is_missing(browser: &Browser) {
    for (file, cut, says) in [
        (
            "standfirm.wasm",
            false,
            "standfirm.wasm could not be loaded (the server answered 404)",
        ),
        ("standfirm.wasm", true, "The estimator did not arrive whole"),
        ("worker.js", false, "its script could not be loaded"),
    ] {
        let folder = copy_of_the_site("half-a-site");
        let path = folder.join(file);
        if cut {
            let bytes = fs::read(&path).unwrap();
            fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        } else {
            fs::remove_file(&path).unwrap();
        }
        let site = Site::serve(&folder).await;
        browser.goto("about:blank").await;
        browser.goto(&site.url("index.html")).await;
        browser
            .until("document.querySelector('#status').dataset.state === 'failed'")
            .await;
        let status = words(browser, "#status").await;
        assert!(status.contains(says), "{file}: {status}");
        assert!(words(browser, "h1").await.contains("stands firm"));
    }
}

async fn where_a_module_cannot_be_sent_its_bytes_are(browser: &Browser) {
    let refuse = "
        const { postMessage } = Worker.prototype;
        Worker.prototype.postMessage = function (message) {
            if (message.module instanceof WebAssembly.Module) throw new DOMException('not here', 'DataCloneError');
            postMessage.call(this, message);
        };";
    browser.inject(refuse).await;
    open_from_disk(browser).await;
    agrees_with_the_command_line(browser).await;
}

/// The module with a memory that cannot grow beyond `most` pages of 64 kB.
fn with_little_memory(wasm: &[u8], most: u32) -> Vec<u8> {
    let mut bytes = wasm[..8].to_vec();
    let mut rest = &wasm[8..];
    while let [section, after @ ..] = rest {
        let (size, length) = leb128(after);
        let (content, others) = after[length..].split_at(size as usize);
        if *section == 5 {
            // One memory, without a limit: that is what the compiler makes.
            let [1, 0, limits @ ..] = content else {
                panic!("{content:?}")
            };
            assert!(leb128(limits).0 < most);
            let limited = [&[1, 1][..], limits, &unsigned(most)].concat();
            bytes.push(5);
            bytes.extend(unsigned(limited.len() as u32));
            bytes.extend(limited);
        } else {
            bytes.push(*section);
            bytes.extend(&after[..length + size as usize]);
        }
        rest = others;
    }
    bytes
}

/// A number and how many bytes it takes.
fn leb128(bytes: &[u8]) -> (u32, usize) {
    let length = 1 + bytes.iter().position(|byte| byte & 0x80 == 0).unwrap();
    let number = bytes[..length]
        .iter()
        .rev()
        .fold(0, |all, byte| all << 7 | u32::from(byte & 0x7f));
    (number, length)
}

fn unsigned(mut number: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let byte = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            bytes.push(byte);
            return bytes;
        }
        bytes.push(byte | 0x80);
    }
}

/// With enough memory for some of the work and not for all.
async fn memory_that_runs_out_is_said_and_survived(browser: &Browser) {
    let folder = copy_of_the_site("little-memory");
    let wasm = with_little_memory(&fs::read(dist().join("standfirm.wasm")).unwrap(), 160);
    fs::write(folder.join("standfirm.wasm"), wasm).unwrap();
    let site = Site::serve(&folder).await;
    browser
        .goto(&site.url("index.html#v=1&lag=1&f2=import_share"))
        .await;
    browser
        .until_within("document.querySelector('#status').dataset.state === 'failed'", 30)
        .await;
    let status = words(browser, "#status").await;
    assert!(
        status.contains("memory") && status.contains("replaced"),
        "{status}"
    );
    // What had been shown and chosen is there, and what needs less memory still works.
    assert_eq!(browser.eval("location.hash").await, "#v=1&lag=1&f2=import_share");
    let chosen = "document.querySelector('#figure-2 select').value";
    assert_eq!(browser.eval(chosen).await, "import_share");
    let drawn = "document.querySelector('#figure-2 .plot').classList.contains('drawn')";
    assert_eq!(browser.eval(drawn).await, true);
    run(browser, &give("#figure-2 select", "trade_share")).await;
    let title = words(browser, "#figure-2 [data-part=title]").await;
    assert!(title.contains("concession"), "{title}");
}
