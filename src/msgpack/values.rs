//! The values of a MessagePack file, one after the other.

use std::io::{self, Read};

use super::extent::{Extent, Flaw, Nesting};

/// Bytes asked for at a time.
const CHUNK: usize = 64 << 10;

/// A reader of values that holds one of them, and what was read ahead, at a time.
#[derive(Debug)]
pub(crate) struct Values<R> {
    source: R,
    nesting: Nesting,
    /// What was read; what lies before `start` has been handed out.
    buffer: Vec<u8>,
    start: usize,
    /// Bytes of the file before `start`.
    offset: u64,
}

/// Why there is no next value to be had.
#[derive(Debug)]
pub(crate) enum Broken {
    /// The file cannot be read.
    Read(io::Error),
    /// The value at [`Values::offset`] is none, or too much of one.
    Flaw(Flaw),
}

impl<R: Read> Values<R> {
    pub(crate) fn new(source: R, nesting: Nesting) -> Self {
        Self { source, nesting, buffer: Vec::new(), start: 0, offset: 0 }
    }

    /// Returns the byte that the next value begins with, or `None` at the end of the file.
    pub(crate) fn marker(&mut self) -> io::Result<Option<u8>> {
        if self.left() == 0 {
            self.read_more()?;
        }
        Ok(self.buffer.get(self.start).copied())
    }

    /// Reads the next whole value, or `None` after the last.
    pub(crate) fn next(&mut self) -> Result<Option<&[u8]>, Broken> {
        let mut extent = Extent::new(self.nesting);
        loop {
            match extent.find(&self.buffer[self.start..]).map_err(Broken::Flaw)? {
                Some(length) => return Ok(Some(self.hand_out(length))),
                None if self.read_more().map_err(Broken::Read)? => {}
                None => return Ok(None),
            }
        }
    }

    /// Where the last whole value ended.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Bytes after the last whole value; those of a torn one once [`Self::next`] gave `None`.
    pub(crate) fn left(&self) -> u64 {
        (self.buffer.len() - self.start) as u64
    }

    fn hand_out(&mut self, length: usize) -> &[u8] {
        let start = self.start;
        self.start += length;
        self.offset += length as u64;
        &self.buffer[start..self.start]
    }

    fn read_more(&mut self) -> io::Result<bool> {
        self.buffer.drain(..self.start);
        self.start = 0;
        let chunk = Read::by_ref(&mut self.source).take(CHUNK as u64);
        Ok({ chunk }.read_to_end(&mut self.buffer)? > 0)
    }
}
