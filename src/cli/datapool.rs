//! `engine datapool`: look into pools, convert and compact them.

use std::{
    fs::{self, OpenOptions},
    io::{self, BufRead, BufReader, BufWriter, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use super::{Code, args::Datapool, error::CliError, run_dir, say};
use crate::datapool::inspect::{InspectError, cat, compact, show, uncat};

pub(super) fn run(order: &Datapool) -> Code {
    match order {
        Datapool::Show { file } => say::result(show(file)?)?,
        Datapool::Cat { file } => print_rows(file)?,
        Datapool::Uncat { file, from } => {
            let rows = pack(file, from.as_deref())?;
            say::remark(format_args!("{}: {rows} rows written", file.display()));
        }
        Datapool::Compact { file } => {
            let done = compact(file)?;
            say::result(format_args!(
                "{}: {} rows, {} superseded removed, {} bytes instead of {}\n",
                file.display(),
                done.rows,
                done.superseded,
                done.bytes_after,
                done.bytes_before
            ))?;
        }
    }
    Ok(0)
}

fn print_rows(file: &Path) -> Result<(), CliError> {
    let mut out = BufWriter::new(io::stdout().lock());
    match cat(file, &mut out).and_then(|()| out.flush().map_err(InspectError::Write)) {
        Err(InspectError::Write(error)) => {
            say::unless_closed(Err(error)).map_err(CliError::io("write to", "standard output"))
        }
        printed => Ok(printed?),
    }
}

fn pack(file: &Path, from: Option<&Path>) -> Result<u64, CliError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let lines: Box<dyn BufRead> = match from {
        Some(path) => Box::new(BufReader::new(run_dir::open(path)?)),
        None => Box::new(io::stdin().lock()),
    };
    let out = options.open(file).map_err(CliError::io("make", file))?;
    let mut out = BufWriter::new(out);
    let packed = uncat(lines, &mut out).and_then(|rows| {
        out.flush().map_err(InspectError::Write)?;
        Ok(rows)
    });
    packed.map_err(|error| {
        // Half a datapool would be in the way of the next attempt; the first error counts.
        let _ = fs::remove_file(file);
        error.into()
    })
}
