//! Running other programs.

use std::{
    io,
    process::{Command, ExitStatus, Output, Stdio},
};

use crate::Error;

/// The command line as one would type it.
pub(crate) fn shown(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

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
