//! `engine datapool`: look into pools, convert and compact them.

use std::{
    fs::OpenOptions,
    io::{self, BufReader, BufWriter, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use super::{Code, args::Datapool, error::CliError, run_dir};
use crate::datapool::inspect::{InspectError, cat, compact, show, uncat};

pub(super) fn run(order: &Datapool) -> Code {
    match order {
        Datapool::Show { file } => println!("{}", show(file)?),
        Datapool::Cat { file } => print_rows(file)?,
        Datapool::Uncat { file, from } => {
            let rows = pack(file, from.as_deref())?;
            anstream::eprintln!("{}: {rows} rows written", file.display());
        }
        Datapool::Compact { file } => {
            let done = compact(file)?;
            println!(
                "{}: {} rows, {} superseded removed, {} bytes instead of {}",
                file.display(),
                done.rows,
                done.superseded,
                done.bytes_after,
                done.bytes_before
            );
        }
    }
    Ok(0)
}

fn print_rows(file: &Path) -> Result<(), CliError> {
    let mut out = BufWriter::new(io::stdout().lock());
    match cat(file, &mut out).and_then(|()| out.flush().map_err(InspectError::Write)) {
        // Whoever read the lines has seen enough, as `head` does.
        Err(InspectError::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        printed => Ok(printed?),
    }
}

fn pack(file: &Path, from: Option<&Path>) -> Result<u64, CliError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let out = options.open(file).map_err(CliError::io("make", file))?;
    let mut out = BufWriter::new(out);
    let rows = match from {
        Some(path) => uncat(BufReader::new(run_dir::open(path)?), &mut out)?,
        None => uncat(io::stdin().lock(), &mut out)?,
    };
    out.flush().map_err(CliError::io("write", file))?;
    Ok(rows)
}
