//! Running other programs. None of them may ask anything: they get no stdin.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    process::{Command, ExitStatus, Output, Stdio},
    thread,
};

use crate::Error;

/// Runs a command whose output the user should see; `advice` says where its program comes from.
pub(crate) fn run(command: &mut Command, advice: &'static str) -> Result<(), Error> {
    let status = command
        .stdin(Stdio::null())
        .status()
        .map_err(|source| unstarted(command, advice, source))?;
    succeeded(command, status)
}

/// Runs a command for what it prints.
pub(crate) fn output(command: &mut Command, advice: &'static str) -> Result<String, Error> {
    let Output { status, stdout, .. } = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|source| unstarted(command, advice, source))?;
    succeeded(command, status)?;
    Ok(String::from_utf8_lossy(&stdout).into_owned())
}

/// Runs a command in silence, for whether it succeeds.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    let quiet = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

/// Runs a command whose output the user should see as it comes, and which `read` gets line by line.
pub(crate) fn watch(
    command: &mut Command,
    advice: &'static str,
    read: impl Fn(&str) + Sync,
) -> Result<(), Error> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|source| unstarted(command, advice, source))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        scope.spawn(|| copy(stdout, io::stdout(), &read));
        scope.spawn(|| copy(stderr, io::stderr(), &read));
    });
    let status = child
        .wait()
        .map_err(|source| unstarted(command, advice, source))?;
    succeeded(command, status)
}

/// Copies line by line. A screen that takes no more is no reason to stop reading.
fn copy(from: Option<impl Read>, mut to: impl Write, read: impl Fn(&str)) {
    let Some(from) = from else { return };
    for line in BufReader::new(from).split(b'\n').map_while(Result::ok) {
        let _ = to.write_all(&line).and_then(|()| to.write_all(b"\n"));
        read(&String::from_utf8_lossy(&line));
    }
}

/// The command line as one would type it.
pub(crate) fn shown(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program())
        .file_stem()
        .unwrap_or_default();
    let words = std::iter::once(program).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

fn unstarted(command: &Command, advice: &'static str, source: io::Error) -> Error {
    if source.kind() == io::ErrorKind::NotFound {
        Error::Missing {
            program: command.get_program().to_string_lossy().into_owned(),
            advice,
        }
    } else {
        Error::Run {
            command: shown(command),
            source,
        }
    }
}

fn succeeded(command: &Command, status: ExitStatus) -> Result<(), Error> {
    if status.success() {
        Ok(())
    } else {
        Err(Error::Failed {
            command: shown(command),
            status,
        })
    }
}
