//! A server of static files for this machine alone: for `cargo xtask page --serve` and the browser tests.

use std::{
    io,
    path::Path,
    process::{Command, Stdio},
};

use axum::{
    Router,
    http::{HeaderValue, header::CACHE_CONTROL},
    middleware::map_response,
    response::Response,
};
use tokio::net::TcpListener;
use tower_http::services::ServeDir;

use crate::Error;

/// Serves the files of a folder, to be mounted at any path. Browsers are told to ask again each time, so that
/// a reload always shows the latest build.
pub fn files(folder: &Path) -> Router {
    Router::new()
        .fallback_service(ServeDir::new(folder))
        .layer(map_response(async |mut response: Response| {
            response
                .headers_mut()
                .insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
            response
        }))
}

/// Listens on 127.0.0.1; port 0 takes a free one.
///
/// # Errors
/// When the port is taken.
pub async fn listen(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind(("127.0.0.1", port)).await
}

/// Serves `folder` until interrupted, and shows it in the default browser.
///
/// # Errors
/// When the port is taken.
pub fn run(folder: &Path, port: u16) -> Result<(), Error> {
    let serve = async {
        let listener = listen(port).await?;
        let url = format!("http://{}/", listener.local_addr()?);
        println!("\nServing {} on {url} (Ctrl+C ends)", folder.display());
        open(&url);
        axum::serve(listener, files(folder)).await
    };
    tokio::runtime::Runtime::new()
        .and_then(|runtime| runtime.block_on(serve))
        .map_err(|source| Error::Serve { port, source })
}

/// Opens the default browser. Where there is none the printed address does.
fn open(url: &str) {
    let mut opener = if cfg!(target_os = "macos") {
        Command::new("open")
    } else if cfg!(windows) {
        // `start` is the shell's own; its first quoted argument would be a title.
        let mut shell = Command::new("cmd");
        shell.args(["/c", "start", ""]);
        shell
    } else {
        Command::new("xdg-open")
    };
    let quiet = opener
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let _ = quiet.spawn();
}
