//! Where a MessagePack value ends, found as its bytes come in.

use super::head::{Head, NoHead};

/// Bytes that one record may have, so that a hostile length costs nothing.
pub const RECORD_BYTES_MAX: usize = 64 << 20;
/// Levels of arrays and maps that one record may have.
pub const NESTING_MAX: usize = 128;

/// The search for the end of one value.
///
/// It keeps its place between calls, so a record that arrives in a thousand pieces is walked
/// once; and it keeps the levels it is inside of in a list, so no nesting overflows the stack.
#[derive(Debug, Default)]
pub(super) struct Extent {
    at: usize,
    /// Values still to come on each level, the innermost last.
    open: Vec<u64>,
    complete: bool,
}

/// What keeps a value from being a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    TooLarge,
    TooDeep,
    /// The reserved byte stands this many bytes into the value.
    Reserved(usize),
}

impl Extent {
    /// Returns the length of the value that `bytes` start with, or `None` while it is unknown.
    ///
    /// `bytes` are those of the last call and any that have come in since.
    pub(super) fn find(&mut self, bytes: &[u8]) -> Result<Option<usize>, Flaw> {
        while !self.complete {
            let Some(rest) = bytes.get(self.at..) else { return Ok(None) };
            match Head::read(rest) {
                Ok((head, length)) => self.pass(head, length)?,
                Err(NoHead::Short) => return Ok(None),
                Err(NoHead::Reserved) => return Err(Flaw::Reserved(self.at)),
            }
        }
        Ok((self.at <= bytes.len()).then_some(self.at))
    }

    fn pass(&mut self, head: Head, length: usize) -> Result<(), Flaw> {
        self.at += length + head.body();
        // A value is a byte at least: a count beyond the limit needs no walk to be refused.
        let least = self.at as u64 + head.children();
        if least > RECORD_BYTES_MAX as u64 {
            return Err(Flaw::TooLarge);
        }
        if matches!(head, Head::Array(_) | Head::Map(_)) && self.open.len() == NESTING_MAX {
            return Err(Flaw::TooDeep);
        }
        if head.children() > 0 {
            self.open.push(head.children());
        } else {
            self.close();
        }
        Ok(())
    }

    /// Counts a value off its level, and each level that ends with it off the next.
    fn close(&mut self) {
        while let Some(left) = self.open.last_mut() {
            *left -= 1;
            if *left > 0 {
                return;
            }
            self.open.pop();
        }
        self.complete = true;
    }
}
