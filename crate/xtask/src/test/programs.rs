//! The programs that the browser tests use.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// A browser, or what drives or shows one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// Chromium or Chrome.
    Chromium,
    /// The driver of both.
    Chromedriver,
    /// Firefox.
    Firefox,
    /// Its driver.
    Geckodriver,
    /// WebKitGTK's own little browser.
    MiniBrowser,
    /// Its driver.
    WebKitWebDriver,
    /// The screen it needs.
    Xvfb,
}

impl Program {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Chromium,
        Self::Chromedriver,
        Self::Firefox,
        Self::Geckodriver,
        Self::MiniBrowser,
        Self::WebKitWebDriver,
        Self::Xvfb,
    ];

    /// What it may be called.
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Chromium => &["chromium", "chromium-browser", "google-chrome", "chrome"],
            Self::Chromedriver => &["chromedriver"],
            Self::Firefox => &["firefox", "firefox-esr"],
            Self::Geckodriver => &["geckodriver"],
            Self::MiniBrowser => &["MiniBrowser"],
            Self::WebKitWebDriver => &["WebKitWebDriver"],
            Self::Xvfb => &["Xvfb"],
        }
    }

    /// Its name, for people.
    pub fn name(self) -> &'static str {
        self.names()[0]
    }

    /// The Debian package it is in, if any.
    pub(super) fn package(self) -> Option<&'static str> {
        match self {
            Self::Chromium => Some("chromium"),
            Self::Chromedriver => Some("chromium-driver"),
            Self::Firefox => Some("firefox-esr"),
            Self::Geckodriver => None,
            Self::MiniBrowser | Self::WebKitWebDriver => Some("webkit2gtk-driver"),
            Self::Xvfb => Some("xvfb"),
        }
    }

    /// Where it is.
    pub fn find(self) -> Option<PathBuf> {
        let mut folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH")?).collect();
        if self == Self::MiniBrowser {
            // Never on the path, but beside its library.
            let libraries = entries(Path::new("/usr/lib")).chain([PathBuf::from("/usr/libexec")]);
            folders.extend(libraries.flat_map(|library| entries(&library)).filter(|folder| {
                folder
                    .file_name()
                    .is_some_and(|name| name.to_string_lossy().starts_with("webkit2gtk-4"))
            }));
        }
        let files = self
            .names()
            .iter()
            .map(|name| PathBuf::from(name).with_extension(env::consts::EXE_EXTENSION));
        files
            .flat_map(|file| folders.iter().map(move |folder| folder.join(&file)))
            .find(|path| path.is_file())
    }
}

fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
}
