//! The browsers that the page is tested in, and their drivers.

use std::{env, path::PathBuf, process::Command};

use crate::{Error, command};

const APT: &str = "this is not Debian or Ubuntu";

/// Sees to it that the browser tests can run. Where they cannot, says what is missing: the tests then skip
/// themselves by name. In CI that is an error.
pub(super) fn ensure() -> Result<(), Error> {
    let missing = missing();
    if missing.is_empty() {
        return Ok(());
    }
    println!("\n> missing for the browser tests: {}", missing.join(", "));
    if let Err(error) = install() {
        println!("note: cannot install it: {error}");
    }
    let missing = self::missing().join(", ");
    if missing.is_empty() {
        Ok(())
    } else if super::in_ci() {
        Err(Error::Browsers(missing))
    } else {
        println!("note: {}", Error::Browsers(missing));
        Ok(())
    }
}

fn missing() -> Vec<&'static str> {
    let browser = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    let mut missing = Vec::new();
    if !browser.iter().any(|program| on_path(program)) && !cfg!(any(windows, target_os = "macos")) {
        missing.push("chromium");
    }
    if !on_path("chromedriver") {
        missing.push("chromedriver");
    }
    missing
}

/// Debian's own packages, where this user may install them without being asked for anything.
fn install() -> Result<(), Error> {
    let root = command::output(Command::new("id").arg("-u"), APT)?.trim() == "0";
    let apt = |arguments: &[&str]| {
        let mut apt = Command::new(if root { "apt-get" } else { "sudo" });
        if !root {
            apt.args(["-n", "apt-get"]);
        }
        apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        command::run(&mut apt, APT)
    };
    apt(&["update"])?;
    apt(&[
        "install",
        "-y",
        "--no-install-recommends",
        "chromium",
        "chromium-driver",
    ])
}

fn on_path(program: &str) -> bool {
    let file = PathBuf::from(program).with_extension(env::consts::EXE_EXTENSION);
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(&file).is_file()))
}
