//! A process that stands for an agent that lives in another one: lines in and out, and nothing else.

use std::{
    io::{self, Read, Write},
    net::Shutdown,
    os::unix::net::UnixStream,
    path::Path,
    thread,
};

use super::{error::AkridaError, socket::connect, variables::Variables};

/// Read at a time, in bytes.
const PART: usize = 8 << 10;

/// Hands standard input on to the socket at `path`, and what it answers to standard output, until it
/// closes.
pub(crate) fn relay(path: &Path, variables: &Variables) -> Result<(), AkridaError> {
    let mut stream = connect(path)?;
    stream.write_all(&variables.line()).map_err(AkridaError::Talk)?;
    let there = stream.try_clone().map_err(AkridaError::Talk)?;
    // It ends with the process: nobody can wake whoever reads standard input.
    let reading = thread::Builder::new().name("relay".into());
    reading.spawn(move || hand_on(there)).map_err(AkridaError::Talk)?;
    match carry(&mut stream, &mut io::stdout().lock()) {
        // Whoever read has gone, and its agent goes with it.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        ended => ended.map_err(AkridaError::Talk),
    }
}

fn hand_on(mut there: UnixStream) {
    // A socket that is closed is seen by whoever reads from it.
    let _ = carry(&mut io::stdin().lock(), &mut there);
    let _ = there.shutdown(Shutdown::Write);
}

fn carry(from: &mut impl Read, to: &mut impl Write) -> io::Result<()> {
    let mut part = [0; PART];
    loop {
        match from.read(&mut part) {
            Ok(0) => return Ok(()),
            Ok(read) => {
                to.write_all(&part[..read])?;
                to.flush()?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
