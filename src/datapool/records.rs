//! The records of a MessagePack file, one after the other.

use std::io::Read;

use super::fault::{Fault, Place};
use crate::msgpack::{
    self, Broken, Flaw, Nesting, RESERVED, ROW_NESTING_MAX, VALUE_BYTES_MAX, Values,
};

/// Bytes that one record may have, so that a hostile length costs nothing.
pub const RECORD_BYTES_MAX: usize = VALUE_BYTES_MAX;
/// Levels of arrays and maps that one record may have.
pub const NESTING_MAX: usize = ROW_NESTING_MAX;
/// The same, as it is asked of a walk.
pub(super) const NESTING: Nesting = Nesting::Within(NESTING_MAX);

/// A reader of records that holds one of them, and what was read ahead, at a time.
#[derive(Debug)]
pub(super) struct Records<R> {
    values: Values<R>,
    number: u32,
    over: bool,
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
        Self { values: Values::new(source, NESTING), number: 0, over: false }
    }

    /// Returns the torn end of the file, once all records have been read.
    pub(super) fn torn(&self) -> Option<Torn> {
        let (offset, bytes) = (self.values.offset(), self.values.left());
        (self.over && bytes > 0).then_some(Torn { offset, bytes })
    }

    /// Reads the next record, or `None` at the end of the file.
    pub(super) fn next(&mut self) -> Result<Option<Record<'_>>, Fault> {
        self.number = self.number.saturating_add(1);
        let offset = self.values.offset();
        let place = Place::Offset { record: self.number, offset };
        if let Some(marker) = self.values.marker()? {
            expect_map(marker, place)?;
        }
        match self.values.next() {
            Ok(Some(map)) => Ok(Some(Record { place, offset, map })),
            Ok(None) => {
                self.over = true;
                Ok(None)
            }
            Err(Broken::Read(error)) => Err(error.into()),
            Err(Broken::Flaw(flaw)) => Err(fault(flaw, place, offset)),
        }
    }
}

fn expect_map(marker: u8, place: Place) -> Result<(), Fault> {
    // The reserved byte begins nothing: the search for the record's end tells of it.
    if msgpack::is_map(&[marker]) || marker == RESERVED {
        return Ok(());
    }
    Err(Fault::NotAMap { place, found: msgpack::kind(marker) })
}

fn fault(flaw: Flaw, place: Place, offset: u64) -> Fault {
    match flaw {
        Flaw::TooLarge => Fault::TooLarge { place },
        Flaw::TooDeep => Fault::TooDeep { place },
        Flaw::Reserved(_) => Fault::Damaged { place, at: offset + flaw.at() },
    }
}
