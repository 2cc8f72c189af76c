//! The records of a CSV file, each with the names its header line gives.

use std::{
    collections::HashSet,
    io::{self, Read},
    sync::Arc,
};

use csv::{ByteRecord, ErrorKind, ReaderBuilder, StringRecord, Trim};

use super::{
    fault::{Fault, Place},
    records::RECORD_BYTES_MAX,
    row::CsvRow,
};

/// A reader of CSV records that holds one of them at a time.
#[derive(Debug)]
pub(super) struct Table<R> {
    reader: csv::Reader<Metered<R>>,
    header: Arc<StringRecord>,
    /// Number of the next record, from 1.
    number: u32,
    /// The line after the last record.
    line: u64,
}

impl<R: Read> Table<R> {
    /// Reads the header line.
    pub(super) fn new(source: R) -> Result<Self, Fault> {
        let mut reader = ReaderBuilder::new()
            .trim(Trim::Headers)
            .flexible(true)
            .from_reader(Metered { source, left: RECORD_BYTES_MAX, chunk: Vec::new(), read: 0 });
        let header = reader.headers().map_err(|error| match error.into_kind() {
            ErrorKind::Io(error) => fault(error, Place::Line { record: 0, line: 1 }),
            _ => Fault::NoHeader,
        })?;
        if header.is_empty() {
            return Err(Fault::NoHeader);
        }
        let mut names = HashSet::new();
        if let Some(name) = header.iter().find(|name| !names.insert(*name)) {
            return Err(Fault::TwiceNamed(name.into()));
        }
        let header = Arc::new(header.clone());
        let mut table = Self { reader, header, number: 1, line: 1 };
        table.line = table.next_line();
        Ok(table)
    }

    /// Reads the next record, or `None` at the end of the file.
    pub(super) fn next(&mut self) -> Result<Option<(Place, CsvRow)>, Fault> {
        self.reader.get_mut().left = RECORD_BYTES_MAX;
        let mut record = ByteRecord::new();
        let read = self.reader.read_byte_record(&mut record);
        let more = read.map_err(|error| fault(error.into(), self.place(self.line)))?;
        if !more {
            return Ok(None);
        }
        self.line = self.next_line();
        let lines = record.as_slice().split(|&byte| byte == b'\n').count() as u64;
        let place = self.place(self.line.saturating_sub(lines));
        self.number = self.number.saturating_add(1);
        self.row(place, record).map(|row| Some((place, row)))
    }

    fn row(&self, place: Place, record: ByteRecord) -> Result<CsvRow, Fault> {
        let (found, expected) = (record.len(), self.header.len());
        if found != expected {
            return Err(Fault::FieldCount { place, found, expected });
        }
        match StringRecord::from_byte_record(record) {
            Ok(record) => Ok(CsvRow::new(&record, &self.header)),
            Err(error) => {
                let field = self.header.get(error.utf8_error().field()).unwrap_or_default().into();
                Err(Fault::NotUtf8 { place, field })
            }
        }
    }

    /// Tells the line after the one that was read last.
    fn next_line(&self) -> u64 {
        let position = self.reader.position();
        // Of a line that ends in CR LF, the LF is read with the next one.
        match self.reader.get_ref().byte_before(position.byte()) {
            Some(b'\n') => position.line(),
            _ => position.line() + 1,
        }
    }

    fn place(&self, line: u64) -> Place {
        Place::Line { record: self.number, line }
    }
}

fn fault(error: io::Error, place: Place) -> Fault {
    match error.kind() {
        io::ErrorKind::FileTooLarge => Fault::TooLarge { place },
        _ => error.into(),
    }
}

/// A source that refuses to give one record more than its due: a quote that is never closed
/// would otherwise make a record of the whole file.
#[derive(Debug)]
struct Metered<R> {
    source: R,
    /// Bytes that may still be read for this record.
    left: usize,
    /// The bytes read last.
    chunk: Vec<u8>,
    /// Bytes read in all.
    read: u64,
}

impl<R> Metered<R> {
    /// Looks back at the byte before an offset in what was read last.
    fn byte_before(&self, offset: u64) -> Option<u8> {
        let back = usize::try_from(self.read.checked_sub(offset)?).ok()?;
        self.chunk.get(self.chunk.len().checked_sub(back + 1)?).copied()
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.left = self.left.checked_sub(count).ok_or(io::ErrorKind::FileTooLarge)?;
        self.read += count as u64;
        if count > 0 {
            self.chunk.clear();
            self.chunk.extend_from_slice(&buffer[..count]);
        }
        Ok(count)
    }
}
