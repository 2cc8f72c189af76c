//! What can be wrong with an envelope.

use crate::aries::didcomm::{KeyError, Verkey};

/// Why bytes are no envelope, or one that we cannot open.
#[derive(Debug, thiserror::Error)]
pub enum EnvelopeError {
    /// It is longer than any message.
    #[error("the envelope has {length} bytes; {max} are the most that are read")]
    TooLarge {
        /// Its length, in bytes.
        length: usize,
        /// The most that is read, in bytes.
        max: usize,
    },
    /// It is no JSON object, or has not the four texts of an envelope.
    #[error(
        "the message is no envelope, which is a JSON object with `protected`, `iv`, `ciphertext` and \
         `tag`"
    )]
    NotAnEnvelope(#[source] serde_json::Error),
    /// The protected header is no JSON, or lacks a part.
    #[error(
        "the envelope's `protected` is not the JSON of a header with `alg`, `enc` and `recipients`"
    )]
    Header(#[source] serde_json::Error),
    /// A part is missing, too long, or not base64 of the right length.
    #[error("the envelope's `{field}` is missing or is not {expected}")]
    Field {
        /// Which part.
        field: &'static str,
        /// What belongs there.
        expected: &'static str,
    },
    /// It is made in a way that is not known here.
    #[error("the envelope's `{field}` is `{found}`; only {expected} can be opened")]
    Unknown {
        /// What differs.
        field: &'static str,
        /// What it says, shortened.
        found: String,
        /// What is known.
        expected: &'static str,
    },
    /// For nobody, or for more keys than are read.
    #[error("the envelope is for {count} keys; it must be for 1 to {max}")]
    Recipients {
        /// How many keys it is for.
        count: usize,
        /// The most that are read.
        max: usize,
    },
    /// The name of a recipient is no key.
    #[error("the envelope is for somebody whose `kid` is no key")]
    Recipient(#[source] KeyError),
    /// It is for other keys than the one given.
    #[error("the envelope is not for the key {key}")]
    NotForKey {
        /// The key that should open it.
        key: Verkey,
    },
    /// It does not open; what exactly fails is nobody's business.
    #[error("the envelope cannot be opened with the key {key}")]
    CannotOpen {
        /// The key that should open it.
        key: Verkey,
    },
}
