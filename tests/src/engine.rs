//! The browser engines, and the programs that drive them.

use std::{process::Stdio, time::Duration};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    net::TcpStream,
    process::{Child, Command},
    time::{Instant, sleep},
};
use xtask::test::Program;

/// A browser engine the page is tested in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Chromium or Chrome, through chromedriver.
    Chromium,
    /// Firefox, through geckodriver.
    Firefox,
    /// WebKitGTK's MiniBrowser, through WebKitWebDriver, on a screen of its own.
    WebKit,
}

/// A running WebDriver server; it ends when dropped.
#[derive(Debug)]
pub(crate) struct Driver {
    pub(crate) address: String,
    _process: Child,
    _screen: Option<Child>,
}

impl Engine {
    /// Its name, for people and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    fn programs(self) -> (Program, Program) {
        match self {
            Self::Chromium => (Program::Chromium, Program::Chromedriver),
            Self::Firefox => (Program::Firefox, Program::Geckodriver),
            Self::WebKit => (Program::MiniBrowser, Program::WebKitWebDriver),
        }
    }

    /// Starts the driver, or says what is missing.
    pub(crate) async fn start(self) -> Result<Driver, String> {
        let (_, driver) = self.programs();
        let mut command = command(driver)?;
        let port = free_port();
        command.arg(format!("--port={port}"));
        // The others draw without a screen.
        let screen = if self == Self::WebKit {
            let (screen, name) = start_screen().await?;
            command.env("DISPLAY", name);
            Some(screen)
        } else {
            None
        };
        let process = command
            .spawn()
            .map_err(|error| format!("{} cannot be run: {error}", driver.name()))?;
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            assert!(
                started.elapsed() < Duration::from_secs(30),
                "{} does not listen",
                driver.name()
            );
            sleep(Duration::from_millis(20)).await;
        }
        Ok(Driver {
            address: format!("http://127.0.0.1:{port}"),
            _process: process,
            _screen: screen,
        })
    }

    /// What a session asks for: no sandbox (tests run as root in containers), nothing of the user's own, and
    /// nothing the browser would fetch by itself. The driver makes an empty profile for each session.
    ///
    /// A browser that is not found here the driver looks for in its own way.
    pub(crate) fn capabilities(self) -> Value {
        let (name, key, arguments) = match self {
            Self::Chromium => (
                "chrome",
                "goog:chromeOptions",
                &[
                    "--headless=new",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                ][..],
            ),
            Self::Firefox => ("firefox", "moz:firefoxOptions", &["-headless"][..]),
            Self::WebKit => ("MiniBrowser", "webkitgtk:browserOptions", &["--automation"][..]),
        };
        let mut options = json!({ "args": arguments });
        if let Some(browser) = self.programs().0.find() {
            options["binary"] = json!(browser);
        }
        let mut capabilities = json!({ "browserName": name, key: options });
        if self == Self::Chromium {
            capabilities["goog:loggingPrefs"] = json!({ "browser": "ALL", "performance": "ALL" });
        }
        capabilities
    }
}

/// An X server nobody sees; it takes a free number and says which.
async fn start_screen() -> Result<(Child, String), String> {
    let mut command = command(Program::Xvfb)?;
    command
        .args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1600x1200x24",
            "-nolisten",
            "tcp",
        ])
        .stdout(Stdio::piped());
    let mut screen = command
        .spawn()
        .map_err(|error| format!("Xvfb cannot be run: {error}"))?;
    let mut number = String::new();
    let stdout = screen.stdout.take().expect("it is piped");
    BufReader::new(stdout)
        .read_line(&mut number)
        .await
        .expect("Xvfb says its number");
    Ok((screen, format!(":{}", number.trim())))
}

/// To run a program that ends when dropped, and says nothing.
fn command(program: Program) -> Result<Command, String> {
    let mut command = Command::new(
        program
            .find()
            .ok_or(format!("{} is not installed", program.name()))?,
    );
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    Ok(command)
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
    listener.local_addr().expect("it listens").port()
}
