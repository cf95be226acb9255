//! Long use: memory is as it was.

use serde_json::{Value, json};
use standfirm_tests::Browser;

use crate::{
    engines::tests,
    steps::{DONE, open_from_disk, pause},
};

tests! {
    in Chromium, which alone can be asked:
        refits_and_interactions_leave_memory_as_it_was;
}

/// Lets the memory of the worker and of the page's own module be asked for, and the worker be called beside the engine.
const WATCHED: &str = r##"
    const bytes = `
        let exports;
        instantiated.then((all) => (exports = all));
        wasm.bytes = () => exports.memory.buffer.byteLength;
    `;
    window.Blob = class extends Blob {
        constructor(parts, options) {
            // The worker's source ends the block that its `wasm` is in.
            const last = parts.length - 1;
            if (options?.type === "text/javascript") parts[last] = parts[last].replace(/\}\s*$/, bytes + "}");
            super(parts, options);
        }
    };
    window.Worker = class extends Worker {
        constructor(...given) {
            super(...given);
            window.worker ??= this;
        }
    };
    const { Instance } = WebAssembly;
    WebAssembly.Instance = function (...given) {
        const instance = new Instance(...given);
        window.memory = instance.exports.memory;
        return instance;
    };
    window.ask = (call, ...args) => new Promise((resolve, reject) => {
        const id = `${call} ${Math.random()}`;
        const hear = ({ data }) => {
            if (data.id !== id) return;
            worker.removeEventListener("message", hear);
            if (data.error) reject(new Error(data.error.message));
            else resolve(data.ok);
        };
        worker.addEventListener("message", hear);
        worker.postMessage({ id, call, args });
    });
    // Leaves out every target, sender, year and episode in turn; says how many refits that took.
    window.refit = async (specification, model) => {
        let refits = 0;
        for (const by of ["target", "sender", "year", "episode"]) {
            for (let done = -1, of = 0; done < of; ) ({ done, of } = await ask("leave_next", specification, model, by));
            const { figures } = await ask("influence", specification, model, by);
            if (!figures.length) throw new Error(`no figure by ${by}`);
            refits += (await ask("leave_next", specification, model, by)).of;
        }
        return refits;
    };
    // What a reader does, one thing after the other, the same each time.
    window.interact = async (count) => {
        const all = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility());
        let random = 7;
        const pick = (list) => list[(random = (random * 1103515245 + 12345) % 2147483648) % list.length];
        const event = (kind, values) => new kind(values.type, { bubbles: true, ...values });
        const things = [
            () => {
                const canvas = pick(all(".plot.drawn canvas"));
                const { left, top, width, height } = canvas.getBoundingClientRect();
                const [clientX, clientY] = [left + width * Math.random(), top + height * Math.random()];
                canvas.dispatchEvent(event(PointerEvent, { type: "pointermove", clientX, clientY }));
            },
            () => {
                const canvas = pick(all(".plot.drawn canvas"));
                canvas.focus({ preventScroll: true });
                canvas.dispatchEvent(event(KeyboardEvent, { type: "keydown", key: pick(["ArrowLeft", "ArrowRight"]) }));
            },
            () => pick(all(".card [role=tab]")).click(),
            () => pick(all(".card [role=tab][id$=chart-tab]")).click(),
            () => {
                // Of choices that fit nothing anew.
                const select = pick(all("#figure-2 select, #figure-4 select, #table-1 select, #imputation select"));
                if (!select) return;
                select.selectedIndex = Math.floor(Math.random() * select.options.length);
                select.dispatchEvent(event(Event, { type: "change" }));
            },
            () => {
                const slider = pick(all("#threat input[type=range]"));
                if (!slider) return;
                slider.value = String(+slider.min + Math.random() * (slider.max - slider.min));
                slider.dispatchEvent(event(Event, { type: "input" }));
                slider.dispatchEvent(event(Event, { type: "change" }));
            },
            () => { const claim = pick(all("details.claim")); claim.open = !claim.open; },
            () => { document.documentElement.dataset.theme = pick(["light", "dark"]); },
            () => { document.body.style.setProperty("padding-right", pick(["0px", "40px"])); },
        ];
        for (let at = 0; at < count; at++) {
            things[at % things.length]();
            await new Promise((resolve) => setTimeout(resolve, 2));
        }
    };
"##;

/// Bytes and numbers of things after everything that can be freed has been.
async fn in_use(browser: &Browser) -> Value {
    browser.until(DONE).await;
    pause(browser, 500).await;
    browser.devtools("HeapProfiler.collectGarbage", json!({})).await;
    let heap = browser.devtools("Runtime.getHeapUsage", json!({})).await;
    let dom = browser.devtools("Memory.getDOMCounters", json!({})).await;
    let wasm = browser
        .eval("ask('bytes').then((bytes) => [bytes, memory.buffer.byteLength])")
        .await;
    json!({
        "worker": wasm[0], "page": wasm[1], "heap": heap["usedSize"],
        "nodes": dom["nodes"], "listeners": dom["jsEventListeners"],
    })
}

/// An hour of one thing a second, and ten thousand refits in the worker that the page has.
async fn refits_and_interactions_leave_memory_as_it_was(browser: &Browser) {
    const REFITS: u64 = 10_000;
    const INTERACTIONS: usize = 3_600;
    /// As many at a time as take less than a call to the browser may.
    const AT_ONCE: usize = 60;
    browser.inject(WATCHED).await;
    open_from_disk(browser).await;
    browser.until(DONE).await;
    let specifications = ["", "errors=target", "lag=1", "senders=usa"];
    let models = ["index:trade_share", "regime:import_share"];
    let round = async |rounds: usize| {
        let mut refits = 0;
        for round in 0..rounds {
            let specification = specifications[round % specifications.len()];
            let model = models[round / specifications.len() % models.len()];
            let made = browser
                .eval(&format!("refit({specification:?}, {model:?})"))
                .await;
            refits += made.as_u64().unwrap();
        }
        refits
    };
    let interact = async |count: usize| {
        for _ in 0..count / AT_ONCE {
            browser.eval(&format!("interact({AT_ONCE})")).await;
        }
    };

    // The first time things are made that stay.
    round(specifications.len() * models.len()).await;
    interact(10 * AT_ONCE).await;
    let before = in_use(browser).await;
    let mut refits = 0;
    while refits < REFITS {
        refits += round(specifications.len() * models.len()).await;
    }
    interact(INTERACTIONS).await;
    let after = in_use(browser).await;
    println!("{refits} refits, {INTERACTIONS} interactions: {before} before, {after} after");
    for (what, more) in [
        ("worker", 1.0),
        ("page", 1.0),
        ("heap", 1.1),
        ("nodes", 1.1),
        ("listeners", 1.1),
    ] {
        let [before, after] = [&before, &after].map(|one| one[what].as_f64().unwrap());
        assert!(after <= before * more, "{what}: {before} before, {after} after");
    }
    assert_eq!(browser.console_errors().await, [""; 0]);
}
