//! Where in a MessagePack file the rows that count stand.

use std::{
    fs::File,
    io::{BufReader, Read, Seek, SeekFrom},
};

use crate::{
    datapool::{
        Fault, Torn, id,
        latest::Latest,
        records::{NESTING, Records},
    },
    msgpack::Extent,
};

/// The rows of a file in the order of a pool, read one at a time.
///
/// The file is read twice: once to learn which rows count, holding their ids and places, and
/// once, by [`Index::next`], for the rows themselves.
pub(super) struct Index {
    source: BufReader<File>,
    at: u64,
    rows: std::vec::IntoIter<Span>,
    row: Vec<u8>,
    pub(super) superseded: u64,
    pub(super) torn: Option<Torn>,
}

struct Span {
    offset: u64,
    length: usize,
}

impl Index {
    pub(super) fn of(file: File) -> Result<Self, Fault> {
        let mut records = Records::new(&file);
        let mut latest = Latest::new();
        while let Some(record) = records.next()? {
            let span = Span { offset: record.offset, length: record.map.len() };
            latest.put(id::of(record.map), span);
        }
        let torn = records.torn();
        let (rows, superseded) = latest.into_parts();
        let mut source = BufReader::new(file);
        source.seek(SeekFrom::Start(0))?;
        Ok(Self { source, at: 0, rows: rows.into_iter(), row: Vec::new(), superseded, torn })
    }

    /// Reads the next row that counts, or `None` after the last.
    pub(super) fn next(&mut self) -> Result<Option<&[u8]>, Fault> {
        let Some(Span { offset, length }) = self.rows.next() else { return Ok(None) };
        // No offset reaches 2^63: the file system ends before it.
        self.source.seek_relative(offset.wrapping_sub(self.at).cast_signed())?;
        self.row.resize(length, 0);
        self.source.read_exact(&mut self.row)?;
        self.at = offset + length as u64;
        match Extent::new(NESTING).find(&self.row) {
            Ok(Some(found)) if found == length => Ok(Some(&self.row)),
            _ => Err(Fault::Changed),
        }
    }
}
