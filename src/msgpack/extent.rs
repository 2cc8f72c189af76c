//! Where a MessagePack value ends, found as its bytes come in.

use thiserror::Error;

use super::head::{Head, NoHead};

/// Bytes that one value may have, so that a hostile length costs nothing.
pub(crate) const VALUE_BYTES_MAX: usize = 64 << 20;

/// Levels of arrays and maps that a row may have, when it is recorded as when it is read back.
pub(crate) const ROW_NESTING_MAX: usize = 128;

/// Levels of arrays and maps that a value may have.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Nesting {
    /// As many as it likes: they are not told apart, and so cost nothing.
    Any,
    /// So many.
    Within(usize),
}

/// The search for the end of one value.
///
/// It keeps its place between calls, so a value that arrives in a thousand pieces is walked once;
/// and it counts what is still to come instead of going into it, so no nesting overflows the stack.
#[derive(Debug)]
pub(crate) struct Extent {
    at: usize,
    /// Values still to come, on all levels.
    awaited: u64,
    nesting: Nesting,
    /// Values still to come on each level, the innermost last, where levels are limited.
    open: Vec<u64>,
}

/// What keeps bytes from being a value that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum Flaw {
    #[error("it is longer than {VALUE_BYTES_MAX} bytes")]
    TooLarge,
    #[error("it is nested too deep")]
    TooDeep,
    /// The reserved byte stands this many bytes into the value.
    #[error("no MessagePack value begins so")]
    Reserved(usize),
}

impl Extent {
    pub(crate) fn new(nesting: Nesting) -> Self {
        Self { at: 0, awaited: 1, nesting, open: Vec::new() }
    }

    /// Returns the length of the value that `bytes` start with, or `None` while it is unknown.
    ///
    /// `bytes` are those of the last call and any that have come in since.
    pub(crate) fn find(&mut self, bytes: &[u8]) -> Result<Option<usize>, Flaw> {
        while self.awaited > 0 {
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
        if least > VALUE_BYTES_MAX as u64 {
            return Err(Flaw::TooLarge);
        }
        self.awaited = self.awaited - 1 + head.children();
        match self.nesting {
            Nesting::Any => Ok(()),
            Nesting::Within(levels) => self.enter(head, levels),
        }
    }

    fn enter(&mut self, head: Head, levels: usize) -> Result<(), Flaw> {
        if matches!(head, Head::Array(_) | Head::Map(_)) && self.open.len() == levels {
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
    }
}

impl Flaw {
    /// Bytes of the value before what is wrong with it.
    pub(crate) fn at(self) -> u64 {
        match self {
            Self::TooLarge | Self::TooDeep => 0,
            Self::Reserved(at) => at as u64,
        }
    }
}
