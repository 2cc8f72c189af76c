//! Rows as lines of JSON.

use std::{
    fs::File,
    io::{self, Write},
    path::Path,
};

use super::{error::InspectError, index::Index};
use crate::datapool::{CsvRow, Fault, Format, encode, json, table::Table};

/// Writes each row that a pool would lend as one line of JSON, without loss.
///
/// Superseded rows and a torn end are left out; a row comes in the place of the first one of
/// its `id`. Cells of a CSV file are text. Bytes, extensions, and maps whose keys are not text
/// are written as `{"$bytes": "base64"}`, `{"$ext": [5, "base64"]}`, `{"$map": [[1, "one"]]}`;
/// floats that are no numbers as `{"$float": "nan"}`, strings that are not UTF-8 as
/// `{"$str": "base64"}`. [`uncat`](super::uncat) turns them back.
///
/// # Errors
/// When the file cannot be read, or holds what is not a row; or when `out` cannot be written.
pub fn cat(path: &Path, out: &mut impl Write) -> Result<(), InspectError> {
    let at = InspectError::rows(path);
    let format = Format::of(path).ok_or(Fault::Format).map_err(&at)?;
    let file = File::open(path).map_err(Fault::from).map_err(&at)?;
    match format {
        Format::MessagePack => {
            let mut rows = Index::of(file).map_err(&at)?;
            while let Some(map) = rows.next().map_err(&at)? {
                write_map(map, out).map_err(InspectError::Write)?;
            }
        }
        Format::Csv => {
            let mut table = Table::new(file).map_err(&at)?;
            while let Some((_, row)) = table.next().map_err(&at)? {
                write_cells(&row, out).map_err(InspectError::Write)?;
            }
        }
    }
    out.flush().map_err(InspectError::Write)
}

fn write_map(map: &[u8], out: &mut impl Write) -> io::Result<()> {
    json::write(map, out)?;
    out.write_all(b"\n")
}

fn write_cells(row: &CsvRow, out: &mut impl Write) -> io::Result<()> {
    // By way of a map: a column may be named like one of the words that stand for bytes.
    let map = encode::map(row).map_err(io::Error::other)?;
    write_map(&map, out)
}
