//! All rows of a file.

use std::{fs::File, path::Path, sync::Arc};

use super::{
    fault::{Fault, Place, RowsError},
    id,
    latest::Latest,
    records::{Records, Torn},
    row::Row,
    table::Table,
};

/// What a file of rows holds.
#[derive(Debug)]
pub struct Read {
    /// The rows that count, with the place of each.
    pub rows: Vec<(Place, Row)>,
    /// The end of the file, if it was cut off inside a record; that record is left out.
    pub torn: Option<Torn>,
    /// Rows left out because one with the same `id` comes after them.
    pub superseded: u64,
}

/// A way to write rows down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// MessagePack maps, one after the other with nothing between them: `.msgpack`.
    MessagePack,
    /// Comma-separated text under a header line: `.csv`.
    Csv,
}

impl Format {
    /// Tells the format from the name of a file.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let extension = path.extension()?;
        if extension.eq_ignore_ascii_case("msgpack") {
            Some(Self::MessagePack)
        } else {
            extension.eq_ignore_ascii_case("csv").then_some(Self::Csv)
        }
    }
}

/// Reads all rows of a `.msgpack` or `.csv` file.
///
/// In a `.msgpack` file a row with the top-level field `id` supersedes any earlier one with the
/// same `id`, and takes its place. A last record that is cut off is left out.
///
/// # Errors
/// When the file cannot be read, or holds what is not a row; it tells which record.
pub fn read(path: &Path) -> Result<Read, RowsError> {
    let at = RowsError::of(path);
    let format = Format::of(path).ok_or(Fault::Format).map_err(&at)?;
    let file = File::open(path).map_err(Fault::from).map_err(&at)?;
    match format {
        Format::MessagePack => read_records(file),
        Format::Csv => read_table(file),
    }
    .map_err(at)
}

fn read_records(source: impl std::io::Read) -> Result<Read, Fault> {
    let mut records = Records::new(source);
    let mut latest = Latest::new();
    while let Some(record) = records.next()? {
        let row = Row::MessagePack(Arc::from(record.map));
        latest.put(id::of(record.map), (record.place, row));
    }
    let (rows, superseded) = latest.into_parts();
    Ok(Read { rows, torn: records.torn(), superseded })
}

fn read_table(source: impl std::io::Read) -> Result<Read, Fault> {
    let mut table = Table::new(source)?;
    let mut rows = Vec::new();
    while let Some((place, row)) = table.next()? {
        rows.push((place, Row::Csv(Box::new(row))));
    }
    Ok(Read { rows, torn: None, superseded: 0 })
}
