//! A browser to test in.

use std::{io::Write, path::Path, time::Duration};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use thirtyfour::{
    Capabilities, WebDriver,
    error::{WebDriverError, WebDriverErrorInner},
};
use tokio::time::{Instant, sleep};

use crate::{Engine, engine::Driver};

/// How long a test waits for what takes a moment: long, as a busy machine runs several engines at once, and who
/// succeeds does not wait.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A browser with one window, in an empty profile.
#[derive(Debug)]
pub struct Browser {
    /// Its engine: some things only Chromium can be asked.
    pub engine: Engine,
    session: WebDriver,
}

/// Runs a test in a browser. Where the engine is not installed the test is skipped by name, except in CI.
pub async fn in_browser(engine: Engine, name: &str, test: impl AsyncFnOnce(&Browser)) {
    let (_driver, session) = match open(engine).await {
        Ok(opened) => opened,
        Err(missing) => {
            assert!(!xtask::test::in_ci(), "{missing}");
            // Not `eprintln!`: what that prints is kept back from tests that pass.
            let _ = writeln!(std::io::stderr(), "skipped: {name}: {missing}");
            return;
        }
    };
    // Quits after a panic as well; merely dropped, the session would outlive the test.
    let outcome = session.run_and_quit(async |session| {
        test(&Browser { engine, session }).await;
        Ok::<_, WebDriverError>(())
    });
    outcome.await.expect("the session ends");
}

async fn open(engine: Engine) -> Result<(Driver, WebDriver), String> {
    let Value::Object(capabilities) = engine.capabilities() else {
        unreachable!("they are an object")
    };
    let mut attempts = 3;
    loop {
        let driver = engine.start().await?;
        attempts -= 1;
        match WebDriver::new(&driver.address, Capabilities::from(capabilities.clone())).await {
            Ok(session) => return Ok((driver, session)),
            Err(error) if matches!(error.as_inner(), WebDriverErrorInner::SessionNotCreated(_)) => {
                return Err(format!("{} starts no browser: {error}", engine.name()));
            }
            // Between being found free and being listened on, a port may be taken by another.
            Err(error) => assert!(attempts > 0, "{}: {error}", engine.name()),
        }
    }
}

impl Browser {
    /// Opens an address, and returns when its load event has passed.
    pub async fn goto(&self, url: &str) {
        self.session
            .goto(url)
            .await
            .unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    /// Opens a file by its path, as a double click does.
    pub async fn goto_file(&self, file: &Path) {
        self.goto(&format!("file://{}", file.display())).await;
    }

    /// The value of a JavaScript expression, awaited. Panics with the error it throws.
    pub async fn eval(&self, expression: &str) -> Value {
        match self.try_eval(expression).await {
            Ok(value) => value,
            Err(error) => panic!("{expression}: {error}"),
        }
    }

    /// The same, or the message of the error it throws.
    pub async fn try_eval(&self, expression: &str) -> Result<Value, String> {
        let script = format!(
            "const done = arguments[0];
             (async () => {expression})().then((ok) => done({{ ok }}), (e) => done({{ error: String(e.message ?? e) }}));"
        );
        let answer = self
            .session
            .execute_async(&script, Vec::new())
            .await
            .expect("the page answers");
        match answer.json()["error"].as_str() {
            Some(error) => Err(error.to_owned()),
            None => Ok(answer.json()["ok"].clone()),
        }
    }

    /// Runs a whole script, as a page's own element would.
    pub async fn load(&self, script: &str) {
        let loaded = self.session.execute(script, Vec::new()).await;
        loaded.expect("the script runs");
    }

    /// Waits until an expression is true: for what the page does in its own time.
    pub async fn until(&self, expression: &str) {
        self.until_within(expression, PATIENCE.as_secs()).await;
    }

    /// The same with so many seconds: for work that is long on any machine.
    pub async fn until_within(&self, expression: &str, seconds: u64) {
        let started = Instant::now();
        while self.eval(expression).await != json!(true) {
            assert!(
                started.elapsed() < Duration::from_secs(seconds),
                "not within {seconds} seconds: {expression}"
            );
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// What a reader sees.
    pub async fn text(&self) -> String {
        self.eval("document.body.innerText")
            .await
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// Errors in the console since the last call. Only Chromium tells.
    pub async fn console_errors(&self) -> Vec<String> {
        if self.engine != Engine::Chromium {
            return Vec::new();
        }
        let entries = self
            .session
            .get_log("browser")
            .await
            .expect("chromedriver keeps a log");
        entries
            .into_iter()
            .filter(|entry| entry.level == "SEVERE")
            .map(|entry| entry.message)
            .collect()
    }

    /// Addresses the page asked for since the last call, without those of data it carries itself. Only Chromium
    /// tells; a [`Site`](crate::Site) sees them from the other end.
    pub async fn requests(&self) -> Vec<String> {
        if self.engine != Engine::Chromium {
            return Vec::new();
        }
        let entries = self
            .session
            .get_log("performance")
            .await
            .expect("chromedriver keeps a log");
        let events = entries
            .iter()
            .filter_map(|entry| entry.message.parse::<Value>().ok());
        events
            .filter(|event| event["message"]["method"] == "Network.requestWillBeSent")
            .filter_map(|event| {
                event["message"]["params"]["request"]["url"]
                    .as_str()
                    .map(str::to_owned)
            })
            .filter(|url| !["blob:", "data:"].iter().any(|own| url.starts_with(own)))
            .collect()
    }

    /// Sends a command of the Chrome DevTools Protocol. Chromium only.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let answer = self.session.cdp().send_raw(command, parameters).await;
        answer.unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// Has a script run before the page's own, in every page opened from now on. Chromium only.
    pub async fn inject(&self, script: &str) {
        self.devtools(
            "Page.addScriptToEvaluateOnNewDocument",
            json!({ "source": script }),
        )
        .await;
    }

    /// Sets the size of the viewport in CSS pixels.
    pub async fn resize(&self, (width, height): (u32, u32)) {
        if self.engine == Engine::Chromium {
            return self.resize_to((width, height), 1).await;
        }
        // What the window has around the page is known only when it is there.
        let extra = self
            .eval("[outerWidth - innerWidth, outerHeight - innerHeight]")
            .await;
        let extra = [0, 1].map(|side| {
            extra[side]
                .as_u64()
                .and_then(|extra| extra.try_into().ok())
                .unwrap_or(0)
        });
        let resized = self
            .session
            .set_window_rect(0, 0, width + extra[0], height + extra[1])
            .await;
        resized.expect("windows can be resized");
    }

    /// Sets the size of the viewport, and how many device pixels each CSS pixel has. Chromium only.
    pub async fn resize_to(&self, (width, height): (u32, u32), pixel_ratio: u32) {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": pixel_ratio, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// What is to be seen of the page, as a PNG.
    pub async fn picture(&self) -> Vec<u8> {
        self.session.screenshot_as_png().await.expect("a picture")
    }

    /// The whole page, also what one would have to scroll to, as a PNG. Chromium only.
    pub async fn whole_picture(&self) -> Vec<u8> {
        let mut clip = self.devtools("Page.getLayoutMetrics", json!({})).await["cssContentSize"].take();
        // Half the size, which is enough to see it whole.
        clip["scale"] = json!(0.5);
        let options = json!({ "captureBeyondViewport": true, "clip": clip });
        let picture = self.devtools("Page.captureScreenshot", options).await;
        let base64 = picture["data"].as_str().expect("a picture");
        BASE64_STANDARD
            .decode(base64)
            .expect("the protocol says it is base64")
    }
}
