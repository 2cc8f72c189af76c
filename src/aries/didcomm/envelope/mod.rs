//! The DIDComm v1 envelope (RFC 0019): authcrypt, anoncrypt, forward.
//!
//! `protected` says `xchacha20poly1305_ietf`; what agents mean by that is ChaCha20-Poly1305 with a
//! nonce of 12 bytes. Its key is sent to each recipient in a `crypto_box` (authcrypt) or a sealed
//! box (anoncrypt), of the X25519 keys that belong to the Ed25519 keys.

mod channel;
mod error;
mod forward;
mod open;
mod parse;
#[cfg(test)]
mod tests;
mod write;

pub use channel::Channel;
pub use error::EnvelopeError;
pub use forward::{forward, seal};
pub use open::Opened;
pub use parse::Envelope;

/// Length of the key of a message's content, in bytes.
const CONTENT_KEY: usize = 32;
/// Length of the nonce of a message's content, in bytes.
const CONTENT_IV: usize = 12;
/// Length of the nonce of a `crypto_box`, in bytes.
const BOX_IV: usize = 24;
/// By how much a `crypto_box` is longer than what is in it, in bytes.
const BOX: usize = 16;
/// By how much a sealed box is longer than what is in it, in bytes.
const SEALED: usize = 48;
/// Length of the longest key in base58, in bytes.
const BASE58_MAX: usize = 44;
