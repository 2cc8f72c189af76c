//! Bodies that come in chunks (RFC 9112, section 7.1), decoded in whatever pieces they arrive.

use super::error::{Flaw, Kind};

/// All chunk extensions and trailers of one body together may have this many bytes.
const EXTRAS_MAX: usize = 64 << 10;

/// A chunked body on its way.
#[derive(Debug, Default)]
pub(super) struct Chunked {
    at: At,
    /// Bytes left of this chunk, or its length as far as it has been read.
    left: u64,
    extras: usize,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum At {
    #[default]
    Size,
    SizeDigits,
    Extension,
    SizeEnd,
    Content,
    ContentEnd,
    ContentEndFeed,
    TrailerStart,
    Trailer,
    TrailerEnd,
    LastEnd,
    Over,
}

impl Chunked {
    /// Whether the last chunk and its trailers have been read.
    pub(super) fn is_over(&self) -> bool {
        self.at == At::Over
    }

    /// Takes the next content off the front of `bytes`; empty if there is none in them.
    ///
    /// Call it until `bytes` is empty or the body is over: what is left then is not part of it.
    pub(super) fn next<'a>(&mut self, bytes: &mut &'a [u8]) -> Result<&'a [u8], Flaw> {
        while !self.is_over() {
            if self.at == At::Content {
                let wanted = usize::try_from(self.left).unwrap_or(usize::MAX).min(bytes.len());
                let (content, rest) = bytes.split_at(wanted);
                *bytes = rest;
                self.left -= wanted as u64;
                if self.left == 0 {
                    self.at = At::ContentEnd;
                }
                return Ok(content);
            }
            let Some((byte, rest)) = bytes.split_first() else { break };
            *bytes = rest;
            self.step(*byte)?;
        }
        Ok(&[])
    }

    fn step(&mut self, byte: u8) -> Result<(), Flaw> {
        self.at = match (self.at, byte) {
            (At::Size | At::SizeDigits, b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F') => {
                self.grow(byte)?;
                At::SizeDigits
            }
            (At::SizeDigits, b';' | b' ' | b'\t') => At::Extension,
            (At::SizeDigits | At::Extension, b'\r') => At::SizeEnd,
            (At::SizeEnd, b'\n') if self.left == 0 => At::TrailerStart,
            (At::SizeEnd, b'\n') => At::Content,
            (At::ContentEnd, b'\r') => At::ContentEndFeed,
            (At::ContentEndFeed, b'\n') => At::Size,
            (At::TrailerStart, b'\r') => At::LastEnd,
            (At::Trailer, b'\r') => At::TrailerEnd,
            (At::TrailerEnd, b'\n') => At::TrailerStart,
            (At::LastEnd, b'\n') => At::Over,
            (At::Extension, byte) if byte != b'\n' => self.extra(At::Extension)?,
            (At::TrailerStart | At::Trailer, byte) if byte != b'\n' => self.extra(At::Trailer)?,
            _ => return Err(flaw("a chunk of the body is not as it should be")),
        };
        Ok(())
    }

    fn grow(&mut self, digit: u8) -> Result<(), Flaw> {
        let digit = char::from(digit).to_digit(16).map_or(0, u64::from);
        let length = self.left.checked_mul(16).and_then(|length| length.checked_add(digit));
        self.left = length.ok_or_else(|| flaw("a chunk of the body is longer than any can be"))?;
        Ok(())
    }

    fn extra(&mut self, at: At) -> Result<At, Flaw> {
        self.extras += 1;
        if self.extras > EXTRAS_MAX {
            return Err(flaw("the chunk extensions and trailers are longer than 64 KB"));
        }
        Ok(at)
    }
}

fn flaw(text: &'static str) -> Flaw {
    Flaw::because(Kind::Protocol, text)
}
