//! What a MessagePack value holds, in the order of its bytes.

use super::Head;

/// A walk over the values of a whole value, one head at a time.
#[derive(Debug, Clone)]
pub(crate) struct Walk<'a> {
    rest: &'a [u8],
}

impl<'a> Walk<'a> {
    pub(crate) fn over(value: &'a [u8]) -> Self {
        Self { rest: value }
    }

    /// Steps over a head; the content of a string, bytes or extension comes with it.
    pub(crate) fn step(&mut self) -> Option<(Head, &'a [u8])> {
        let (head, length) = Head::read(self.rest).ok()?;
        let (body, rest) = self.rest[length..].split_at_checked(head.body())?;
        self.rest = rest;
        Some((head, body))
    }

    /// Steps over a whole value and returns it as it is encoded.
    pub(crate) fn value(&mut self) -> Option<&'a [u8]> {
        let before = self.rest;
        let mut left = 1_u64;
        while left > 0 {
            let (head, _) = self.step()?;
            left = left - 1 + head.children();
        }
        Some(&before[..before.len() - self.rest.len()])
    }
}
