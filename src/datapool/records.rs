//! The records of a MessagePack file, one after the other.

use std::io::{self, Read};

use super::{
    extent::{Extent, Flaw},
    fault::{Fault, Place},
    head,
};

/// Bytes asked for at a time.
const CHUNK: usize = 64 << 10;

/// A reader of records that holds one of them, and what was read ahead, at a time.
#[derive(Debug)]
pub(super) struct Records<R> {
    source: R,
    /// What was read; what lies before `start` has been handed out.
    buffer: Vec<u8>,
    start: usize,
    /// Bytes of the file before `start`.
    offset: u64,
    number: u32,
    torn: Option<Torn>,
}

/// A record as it stands in its file: a whole map.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'a> {
    pub(super) place: Place,
    pub(super) offset: u64,
    pub(super) map: &'a [u8],
}

/// The end of a file that was cut off inside a record, as by a kill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Torn {
    /// Bytes of whole records before it.
    pub offset: u64,
    /// Bytes of the record that is not whole.
    pub bytes: u64,
}

impl<R: Read> Records<R> {
    pub(super) fn new(source: R) -> Self {
        Self { source, buffer: Vec::new(), start: 0, offset: 0, number: 0, torn: None }
    }

    /// Returns the torn end of the file, once all records have been read.
    pub(super) fn torn(&self) -> Option<Torn> {
        self.torn
    }

    /// Reads the next record, or `None` at the end of the file.
    pub(super) fn next(&mut self) -> Result<Option<Record<'_>>, Fault> {
        self.number = self.number.saturating_add(1);
        let mut extent = Extent::default();
        loop {
            let bytes = &self.buffer[self.start..];
            if let Some(&marker) = bytes.first() {
                self.expect_map(marker)?;
            }
            match extent.find(bytes).map_err(|flaw| self.fault(flaw))? {
                Some(length) => return Ok(Some(self.hand_out(length))),
                None if self.read_more()? => {}
                None => return Ok(self.end()),
            }
        }
    }

    fn expect_map(&self, marker: u8) -> Result<(), Fault> {
        // The reserved byte begins nothing: the search for the record's end tells of it.
        if head::begins_map(marker) || marker == head::RESERVED {
            return Ok(());
        }
        Err(Fault::NotAMap { place: self.place(), found: head::kind(marker) })
    }

    fn hand_out(&mut self, length: usize) -> Record<'_> {
        let (place, offset, start) = (self.place(), self.offset, self.start);
        self.start += length;
        self.offset += length as u64;
        Record { place, offset, map: &self.buffer[start..self.start] }
    }

    fn read_more(&mut self) -> io::Result<bool> {
        self.buffer.drain(..self.start);
        self.start = 0;
        let chunk = Read::by_ref(&mut self.source).take(CHUNK as u64);
        Ok({ chunk }.read_to_end(&mut self.buffer)? > 0)
    }

    fn end(&mut self) -> Option<Record<'static>> {
        let bytes = (self.buffer.len() - self.start) as u64;
        self.torn = (bytes > 0).then_some(Torn { offset: self.offset, bytes });
        None
    }

    fn place(&self) -> Place {
        Place::Offset { record: self.number, offset: self.offset }
    }

    fn fault(&self, flaw: Flaw) -> Fault {
        let place = self.place();
        match flaw {
            Flaw::TooLarge => Fault::TooLarge { place },
            Flaw::TooDeep => Fault::TooDeep { place },
            Flaw::Reserved(at) => Fault::Damaged { place, at: self.offset + at as u64 },
        }
    }
}
