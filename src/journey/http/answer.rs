//! An answer on its way: bytes in, as they come, a whole answer out. No I/O.

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};

use super::{
    chunked::Chunked,
    error::{Flaw, Kind},
    head::{self, Framing, Head},
};

/// A longer head is refused.
const HEAD_BYTES_MAX: usize = 64 << 10;

/// Memory set aside for a body before any of it has come.
const BODY_BYTES_TRUSTED: usize = 64 << 10;

/// An answer on its way.
pub(super) struct Answer<'a> {
    method: &'a Method,
    body_bytes_max: usize,
    /// The head as far as it has come, unless it came in one piece.
    partial: Vec<u8>,
    head: Option<Head>,
    body: Vec<u8>,
    chunked: Chunked,
    begun: bool,
    excess: bool,
}

/// An answer that has been read to its end.
pub(super) struct Whole {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    /// Whether the connection may serve again.
    pub(super) lasting: bool,
}

impl<'a> Answer<'a> {
    pub(super) fn new(method: &'a Method, body_bytes_max: usize) -> Self {
        Self {
            method,
            body_bytes_max,
            partial: Vec::new(),
            head: None,
            body: Vec::new(),
            chunked: Chunked::default(),
            begun: false,
            excess: false,
        }
    }

    /// Whether any byte of it has come.
    pub(super) fn has_begun(&self) -> bool {
        self.begun
    }

    /// Bytes of the body that have come.
    pub(super) fn body_bytes(&self) -> usize {
        self.body.len()
    }

    /// Takes the bytes that have come and says whether the answer is whole.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<bool, Flaw> {
        self.begun |= !bytes.is_empty();
        let mut rest = bytes;
        while self.head.is_none() {
            let Some(used) = self.feed_head(rest)? else { return Ok(false) };
            rest = &rest[used..];
        }
        self.feed_body(rest)
    }

    /// Takes the end of the connection: right for some bodies, too early for all others.
    pub(super) fn close(&mut self) -> Result<(), Flaw> {
        match &self.head {
            Some(head) if head.framing == Framing::UntilClosed => Ok(()),
            Some(_) => Err(Flaw::because(Kind::ClosedEarly, "in the body of the answer")),
            None if self.begun => {
                Err(Flaw::because(Kind::ClosedEarly, "in the head of the answer"))
            }
            None => Err(Flaw::because(Kind::ClosedEarly, "before any answer")),
        }
    }

    /// The whole answer; `None` unless the head has come.
    pub(super) fn finish(self) -> Option<Whole> {
        let Head { status, headers, lasting, .. } = self.head?;
        let body = Bytes::from(self.body);
        Some(Whole { status, headers, body, lasting: lasting && !self.excess })
    }

    /// Reads the head, or an interim one that is dropped, and says how many bytes it took.
    fn feed_head(&mut self, bytes: &[u8]) -> Result<Option<usize>, Flaw> {
        let before = self.partial.len();
        if before == 0
            && let Some((head, length)) = head::parse(bytes, self.method)?
        {
            self.accept(head)?;
            return Ok(Some(length));
        }
        let room = HEAD_BYTES_MAX.saturating_sub(before);
        self.partial.extend_from_slice(&bytes[..bytes.len().min(room)]);
        // A head ends with a line: without one there is nothing new to parse.
        if before > 0
            && bytes.contains(&b'\n')
            && let Some((head, length)) = head::parse(&self.partial, self.method)?
        {
            self.partial = Vec::new();
            self.accept(head)?;
            return Ok(Some(length - before));
        }
        if self.partial.len() >= HEAD_BYTES_MAX {
            return Err(Flaw::because(Kind::Protocol, "the head of the answer exceeds 64 KB"));
        }
        Ok(None)
    }

    fn accept(&mut self, head: Head) -> Result<(), Flaw> {
        if head.status == StatusCode::SWITCHING_PROTOCOLS {
            return Err(Flaw::because(Kind::Protocol, "switched protocols without being asked to"));
        }
        if head.status.is_informational() {
            return Ok(());
        }
        if let Framing::Length(length) = head.framing {
            let length = usize::try_from(length).unwrap_or(usize::MAX);
            self.within_bounds(length)?;
            self.body.reserve_exact(length.min(BODY_BYTES_TRUSTED));
        }
        self.head = Some(head);
        Ok(())
    }

    fn feed_body(&mut self, mut bytes: &[u8]) -> Result<bool, Flaw> {
        let Some(head) = &self.head else { return Ok(false) };
        match head.framing {
            Framing::UntilClosed => {
                self.append(bytes)?;
                Ok(false)
            }
            Framing::Length(length) => {
                let length = usize::try_from(length).unwrap_or(usize::MAX);
                let missing = length - self.body.len();
                self.excess = bytes.len() > missing;
                self.append(&bytes[..bytes.len().min(missing)])?;
                Ok(self.body.len() == length)
            }
            Framing::Chunked => {
                while !bytes.is_empty() && !self.chunked.is_over() {
                    let content = self.chunked.next(&mut bytes)?;
                    self.append(content)?;
                }
                self.excess = !bytes.is_empty();
                Ok(self.chunked.is_over())
            }
        }
    }

    fn append(&mut self, content: &[u8]) -> Result<(), Flaw> {
        self.within_bounds(self.body.len().saturating_add(content.len()))?;
        self.body.extend_from_slice(content);
        Ok(())
    }

    fn within_bounds(&self, length: usize) -> Result<(), Flaw> {
        if length > self.body_bytes_max {
            let text = format!("more than {} bytes", self.body_bytes_max);
            return Err(Flaw::because(Kind::BodyTooLarge, text));
        }
        Ok(())
    }
}
