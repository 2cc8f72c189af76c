//! What is said to whoever called: results on standard output, remarks on standard error.

use std::{
    fmt::Display,
    io::{self, Write},
};

use super::error::CliError;

/// Prints a result; who has stopped reading, as `head` does, has seen enough.
///
/// Colours are left out where standard output is no terminal.
pub(super) fn result(text: impl Display) -> Result<(), CliError> {
    let mut out = anstream::stdout().lock();
    unless_closed(write!(out, "{text}").and_then(|()| out.flush()))
        .map_err(CliError::io("write to", "standard output"))
}

/// Prints a line on standard error; nobody need listen to it.
pub(super) fn remark(text: impl Display) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// Makes no error of a reader that has seen enough.
pub(super) fn unless_closed(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}
