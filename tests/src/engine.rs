//! The browser engines, and the programs that drive them.

use std::{env, path::PathBuf, process::Stdio, time::Duration};

use serde_json::{Value, json};
use tokio::{
    net::TcpStream,
    process::{Child, Command},
    time::{Instant, sleep},
};

/// A browser engine the page is tested in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Chromium or Chrome, through chromedriver.
    Chromium,
}

/// A running WebDriver server; it ends when dropped.
#[derive(Debug)]
pub(crate) struct Driver {
    pub(crate) address: String,
    _process: Child,
}

impl Engine {
    /// The program that drives it.
    pub(crate) fn driver(self) -> &'static str {
        match self {
            Self::Chromium => "chromedriver",
        }
    }

    /// Starts the driver, or says what is missing.
    pub(crate) async fn start(self) -> Result<Driver, String> {
        let port = free_port();
        let process = Command::new(self.driver())
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("{} cannot be run: {error}", self.driver()))?;
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            assert!(
                started.elapsed() < Duration::from_secs(30),
                "{} does not listen",
                self.driver()
            );
            sleep(Duration::from_millis(20)).await;
        }
        Ok(Driver {
            address: format!("http://127.0.0.1:{port}"),
            _process: process,
        })
    }

    /// What a session asks for: no sandbox (tests run as root in containers), nothing of the user's own, and
    /// nothing the browser would fetch by itself. The driver makes an empty profile for each session.
    pub(crate) fn capabilities(self) -> Value {
        match self {
            Self::Chromium => {
                let mut options = json!({ "args": [
                    "--headless=new",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                ] });
                // Chrome, where it is instead, chromedriver finds by itself.
                if let Some(chromium) = on_path("chromium").or_else(|| on_path("chromium-browser")) {
                    options["binary"] = json!(chromium);
                }
                json!({
                    "browserName": "chrome",
                    "goog:chromeOptions": options,
                    "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
                })
            }
        }
    }
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
    listener.local_addr().expect("it listens").port()
}

fn on_path(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}
