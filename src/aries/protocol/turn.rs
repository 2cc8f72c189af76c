//! Whether a message is the one that was due.

use super::{ProtocolError, notification};
use crate::{
    aries::didcomm::{Kind, Message, Verkey},
    quantity::shortened,
};

/// Characters of somebody else's sentence that are kept.
const SENTENCE_MAX: usize = 200;

/// Takes the message only if it is of the kind that is due.
pub(super) fn due(
    message: &Message,
    kind: &Kind,
    expected: &'static str,
) -> Result<(), ProtocolError> {
    if message.kind.is(kind) { Ok(()) } else { Err(out_of_turn(message, expected)) }
}

/// What to say of a message that is not due: a reported problem says more than its coming early.
pub(super) fn out_of_turn(message: &Message, expected: &'static str) -> ProtocolError {
    match notification::problem(message) {
        Some(problem) => ProtocolError::Problem(problem),
        None => ProtocolError::OutOfTurn { expected, got: message.kind.clone() },
    }
}

/// What to say of a message that reads and is not so; `why` follows "a message that".
pub(super) fn wrong(message: &Message, why: impl Into<String>) -> ProtocolError {
    ProtocolError::Wrong { kind: message.kind.clone(), why: why.into() }
}

/// Reads a key that a message names in `field`: `did:key` or base58.
pub(super) fn key(message: &Message, field: &str, text: &str) -> Result<Verkey, ProtocolError> {
    text.parse().map_err(|error| wrong(message, format!("names no key in `{field}`: {error}")))
}

/// Somebody else's text as an error may repeat it: short, and without what moves a terminal's cursor.
pub(super) fn quoted(text: &str) -> String {
    shortened(&sentence(text))
}

/// Somebody else's sentence: longer than [`quoted`], as clean.
pub(super) fn sentence(text: &str) -> String {
    let mut kept: String = text.chars().take(SENTENCE_MAX).map(plain).collect();
    if text.chars().nth(SENTENCE_MAX).is_some() {
        kept.push('…');
    }
    kept.trim().to_owned()
}

/// A space in place of control characters and of those that turn the direction of writing.
fn plain(letter: char) -> char {
    match letter {
        '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => ' ',
        letter if letter.is_control() => ' ',
        letter => letter,
    }
}
