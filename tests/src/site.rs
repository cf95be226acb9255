//! The built page behind a server, as a host with other things on it would serve it.

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    extract::Request,
    middleware::{Next, from_fn},
};
use tokio::task::JoinHandle;

/// A sub-path, because few hosts give a page a domain of its own.
const MOUNT: &str = "/articles/2024/standfirm";

/// A server that remembers what it was asked for, and stops when dropped.
#[derive(Debug)]
pub struct Site {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
    server: JoinHandle<()>,
}

impl Site {
    /// Serves a folder.
    pub async fn serve(folder: &Path) -> Self {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        let remember = move |request: Request, next: Next| {
            log.lock()
                .expect("no test thread panicked here")
                .push(request.uri().to_string());
            next.run(request)
        };
        let app = Router::new()
            .nest(MOUNT, xtask::serve::files(folder))
            .layer(from_fn(remember));
        let listener = xtask::serve::listen(0).await.expect("a port is free");
        let address = format!("http://{}{MOUNT}", listener.local_addr().expect("it listens"));
        let server = tokio::spawn(async { axum::serve(listener, app).await.expect("it serves") });
        Self {
            address,
            asked,
            server,
        }
    }

    /// The address of a file.
    pub fn url(&self, file: &str) -> String {
        format!("{}/{file}", self.address)
    }

    /// What was asked for so far, sorted: files by name, anything else by its whole path.
    pub fn asked(&self) -> Vec<String> {
        let asked = self.asked.lock().expect("no test thread panicked here");
        let mut names: Vec<_> = asked
            .iter()
            .map(|path| path.trim_start_matches(MOUNT).trim_start_matches('/').to_owned())
            .collect();
        names.sort();
        names
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.server.abort();
    }
}
