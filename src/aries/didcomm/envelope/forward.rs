//! What is packed by nobody: sealed messages, and those that mediators pass on.

use crypto_box::aead::OsRng;

use super::{
    CONTENT_IV, CONTENT_KEY,
    write::{Content, cut, envelope, header},
};
use crate::aries::didcomm::{KeyError, Kind, Verkey, key::random, unique_id};

const FORWARD: Kind = Kind::new("routing", 1, 0, "forward");

/// Packs a message for `to` from nobody (anoncrypt).
///
/// # Errors
/// The key is no point of the curve.
///
/// # Panics
/// The operating system has no randomness to give.
pub fn seal(plaintext: &[u8], to: &Verkey) -> Result<Vec<u8>, KeyError> {
    let random: [u8; CONTENT_KEY + CONTENT_IV] = random();
    let mut rest = &random[..];
    let (key, iv) = (cut(&mut rest), cut(&mut rest));
    let sealed = to.agreement()?.seal(&mut OsRng, &key).expect("a key fits into a box");

    let mut header = header("Anoncrypt", &sealed);
    header.extend_from_slice(to.to_string().as_bytes());
    header.extend_from_slice(br#""}}]}"#);
    Ok(envelope(&header, &Content { key: &key, iv: &iv }, plaintext))
}

/// Wraps a packed message for each routing key in turn (`routing/1.0/forward`, RFC 0094): the first
/// of `routing` is the mediator nearest to the recipient.
///
/// # Errors
/// A routing key is no point of the curve.
///
/// # Panics
/// The operating system has no randomness to give.
pub fn forward(
    packed: Vec<u8>,
    recipient: &Verkey,
    routing: &[Verkey],
) -> Result<Vec<u8>, KeyError> {
    let mut packed = packed;
    let mut to = recipient;
    for hop in routing {
        // What is packed is JSON already, and is put in as it is.
        let mut message =
            format!(r#"{{"@type":"{FORWARD}","@id":"{}","to":"{to}","msg":"#, unique_id())
                .into_bytes();
        message.extend_from_slice(&packed);
        message.push(b'}');
        packed = seal(&message, hop)?;
        to = hop;
    }
    Ok(packed)
}
