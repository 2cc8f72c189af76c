//! How an envelope is written: by hand and into one buffer, because it is on the way of every message.

use chacha20poly1305::{AeadInPlace, ChaCha20Poly1305, Key, KeyInit, Nonce};

use super::{BASE58_MAX, BOX, BOX_IV, CONTENT_IV, CONTENT_KEY, SEALED};
use crate::aries::didcomm::base64;

/// Length of the texts around the parts of a header, rounded up.
const HEADER_TEXTS: usize = 192;
/// Length of the longest header, in bytes, to have room for it at once.
const HEADER_MAX: usize =
    HEADER_TEXTS + (CONTENT_KEY + BASE58_MAX + BOX + SEALED + SEALED + BOX_IV) * 4 / 3 + BASE58_MAX;
/// Length of the texts around the parts of an envelope, and of its `iv` and `tag`, rounded up.
const TEXTS: usize = 96;

/// A content key that is in a header already, and the nonce to use it with: once.
pub(super) struct Content<'a> {
    pub(super) key: &'a [u8; CONTENT_KEY],
    pub(super) iv: &'a [u8; CONTENT_IV],
}

/// Begins a header up to where its recipient's key in base58 goes.
pub(super) fn header(alg: &str, encrypted_key: &[u8]) -> Vec<u8> {
    let mut header = Vec::with_capacity(HEADER_MAX);
    header.extend_from_slice(br#"{"enc":"xchacha20poly1305_ietf","typ":"JWM/1.0","alg":""#);
    header.extend_from_slice(alg.as_bytes());
    header.extend_from_slice(br#"","recipients":[{"encrypted_key":""#);
    base64::append(encrypted_key, &mut header);
    header.extend_from_slice(br#"","header":{"kid":""#);
    header
}

/// Encrypts a message, bound to its header, and writes both.
pub(super) fn envelope(header: &[u8], content: &Content, plaintext: &[u8]) -> Vec<u8> {
    let length = base64::length(header.len()) + base64::length(plaintext.len()) + TEXTS;
    let mut out = Vec::with_capacity(length);
    out.extend_from_slice(br#"{"protected":""#);
    let start = out.len();
    base64::append(header, &mut out);

    let mut text = plaintext.to_vec();
    let tag = ChaCha20Poly1305::new(Key::from_slice(content.key))
        .encrypt_in_place_detached(Nonce::from_slice(content.iv), &out[start..], &mut text)
        .expect("no message has 256 GiB");

    out.extend_from_slice(br#"","iv":""#);
    base64::append(content.iv, &mut out);
    out.extend_from_slice(br#"","ciphertext":""#);
    base64::append(&text, &mut out);
    out.extend_from_slice(br#"","tag":""#);
    base64::append(&tag, &mut out);
    out.extend_from_slice(br#""}"#);
    out
}

/// Cuts the randomness of one message, asked for in one call, into its parts.
pub(super) fn cut<const N: usize>(random: &mut &[u8]) -> [u8; N] {
    let (part, rest) = random.split_first_chunk().expect("enough was asked for");
    *random = rest;
    *part
}
