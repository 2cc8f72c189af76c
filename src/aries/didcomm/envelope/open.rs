//! Opening an envelope, and who it is from.

use chacha20poly1305::{AeadInPlace, ChaCha20Poly1305, KeyInit};
use crypto_box::SalsaBox;

use super::{
    BOX, BOX_IV, CONTENT_KEY, Channel, Envelope, EnvelopeError, channel::unwrap, parse::Wrapped,
};
use crate::aries::didcomm::{KeyPair, Verkey, base64};

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

impl Envelope<'_> {
    /// Opens it with one of our keys; `known` is tried first when it is of that key.
    ///
    /// # Errors
    /// It is not for this key, or has been tampered with.
    pub fn open(&self, key: &KeyPair, known: Option<&Channel>) -> Result<Opened, EnvelopeError> {
        let mine = key.verkey();
        let recipient = self.recipient(mine).ok_or(EnvelopeError::NotForKey { key: *mine })?;
        let expected = "base64url";
        let mut text = base64::decode(&self.ciphertext)
            .ok_or(EnvelopeError::Field { field: "ciphertext", expected })?;
        let known = known.filter(|channel| channel.mine() == mine);
        let opened = unwrapped(&recipient.wrapped, key, known).and_then(|(content_key, sender)| {
            ChaCha20Poly1305::new(&content_key.into())
                .decrypt_in_place_detached(
                    &self.iv.into(),
                    self.protected.as_bytes(),
                    &mut text,
                    &self.tag.into(),
                )
                .is_ok()
                .then_some(sender)
        });
        match opened {
            Some(sender) => Ok(Opened { plaintext: text, sender, recipient: *mine }),
            None => Err(EnvelopeError::CannotOpen { key: *mine }),
        }
    }
}

/// The key of the content, and whose it is.
fn unwrapped(
    wrapped: &Wrapped,
    key: &KeyPair,
    known: Option<&Channel>,
) -> Option<([u8; CONTENT_KEY], Option<Verkey>)> {
    match wrapped {
        Wrapped::Authcrypt { key: wrapped, iv, sender } => {
            // Only the two ends of a channel have its shared key, so a box that opens with it was
            // made by the other end, whatever `sender` says: that need not be opened to be sure.
            // A box of our own that is sent back to us does not go with this header.
            let by_known = known
                .and_then(|channel| Some((channel.unwrap(wrapped, iv)?, Some(*channel.theirs()))));
            by_known.or_else(|| from_sender(wrapped, iv, sender, key))
        }
        Wrapped::Anoncrypt { key: wrapped } => {
            let content_key = key.agreement().unseal(wrapped).ok()?;
            Some((content_key.try_into().ok()?, None))
        }
    }
}

/// Opens who the sender says it is, and believes it if the box is one of that key.
fn from_sender(
    wrapped: &[u8; BOX + CONTENT_KEY],
    iv: &[u8; BOX_IV],
    sender: &str,
    key: &KeyPair,
) -> Option<([u8; CONTENT_KEY], Option<Verkey>)> {
    let agreement = key.agreement();
    let sender = agreement.unseal(&base64::decode(sender)?).ok()?;
    let sender: Verkey = str::from_utf8(&sender).ok()?.parse().ok()?;
    let shared = SalsaBox::new(&sender.agreement().ok()?, &agreement);
    Some((unwrap(&shared, wrapped, iv)?, Some(sender)))
}
