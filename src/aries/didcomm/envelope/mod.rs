//! The DIDComm v1 envelope (RFC 0019): authcrypt, anoncrypt, forward.

use super::{KeyError, KeyPair, Verkey};

/// One of our keys and one of theirs, with all that packing between the two can reuse.
pub struct Channel {
    mine: Verkey,
    theirs: Verkey,
}

impl Channel {
    /// Agrees on the key that the two have in common.
    ///
    /// # Errors
    /// Their key is no point of the curve.
    pub fn new(mine: &KeyPair, theirs: &Verkey) -> Result<Self, KeyError> {
        let _ = (mine, theirs);
        todo!()
    }

    /// Our key.
    #[must_use]
    pub fn mine(&self) -> &Verkey {
        &self.mine
    }

    /// Their key.
    #[must_use]
    pub fn theirs(&self) -> &Verkey {
        &self.theirs
    }

    /// Packs a message for them, from us (authcrypt).
    #[must_use]
    pub fn pack(&self, plaintext: &[u8]) -> Vec<u8> {
        let _ = plaintext;
        todo!()
    }
}

/// Packs a message for `to` from nobody (anoncrypt).
///
/// # Errors
/// The key is no point of the curve.
pub fn seal(plaintext: &[u8], to: &Verkey) -> Result<Vec<u8>, KeyError> {
    let _ = (plaintext, to);
    todo!()
}

/// Wraps a packed message for each routing key in turn (`routing/1.0/forward`, RFC 0094): the first
/// of `routing` is the mediator nearest to the recipient.
///
/// # Errors
/// A routing key is no point of the curve.
pub fn forward(
    packed: Vec<u8>,
    recipient: &Verkey,
    routing: &[Verkey],
) -> Result<Vec<u8>, KeyError> {
    let _ = (packed, recipient, routing);
    todo!()
}

/// A packed message that has been read but not opened.
pub struct Envelope {}

/// What was in an envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The message, as text.
    pub plaintext: Vec<u8>,
    /// Who packed it; nobody says so in anoncrypt.
    pub sender: Option<Verkey>,
    /// Which of our keys it was for.
    pub recipient: Verkey,
}

/// Why bytes are no envelope, or one that we cannot open.
#[derive(Debug, thiserror::Error)]
pub enum EnvelopeError {}

impl Envelope {
    /// Reads an envelope; nothing is decrypted.
    ///
    /// # Errors
    /// Not an envelope.
    pub fn parse(bytes: &[u8]) -> Result<Self, EnvelopeError> {
        let _ = bytes;
        todo!()
    }

    /// The keys that it is for.
    pub fn recipients(&self) -> impl Iterator<Item = &Verkey> {
        [].into_iter()
    }

    /// Opens it with one of our keys; `known` is tried first when it is of that key.
    ///
    /// # Errors
    /// It is not for this key, or has been tampered with.
    pub fn open(&self, key: &KeyPair, known: Option<&Channel>) -> Result<Opened, EnvelopeError> {
        let _ = (key, known);
        todo!()
    }
}
