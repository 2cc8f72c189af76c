//! Reading an envelope: all that can be told without a key.

use std::borrow::Cow;

use serde::Deserialize;

use super::{BOX, BOX_IV, CONTENT_IV, CONTENT_KEY, EnvelopeError, SEALED};
use crate::{
    aries::didcomm::{Verkey, base64},
    quantity::shortened,
};

/// Longest envelope that is read, in bytes.
const LENGTH_MAX: usize = 4 << 20;
/// Longest protected header that is read, in bytes of base64.
const HEADER_MAX: usize = 64 << 10;
/// Longest sealed sender that is read, in bytes of base64.
const SENDER_MAX: usize = 512;
/// Most keys that an envelope may be for.
const RECIPIENTS_MAX: usize = 16;
/// What the content may say it is encrypted with: the name that everybody uses for it, and its own.
const CIPHERS: [&str; 2] = ["xchacha20poly1305_ietf", "chacha20poly1305_ietf"];

/// A packed message that has been read but not opened.
#[derive(Debug)]
pub struct Envelope<'a> {
    pub(super) protected: Cow<'a, str>,
    pub(super) iv: [u8; CONTENT_IV],
    pub(super) ciphertext: Cow<'a, str>,
    pub(super) tag: [u8; BOX],
    pub(super) recipients: Vec<Recipient>,
}

/// A key that an envelope is for.
#[derive(Debug)]
pub(super) struct Recipient {
    pub(super) key: Verkey,
    pub(super) wrapped: Wrapped,
}

/// How the content's key comes to a recipient.
#[derive(Debug)]
pub(super) enum Wrapped {
    /// From somebody, who is sealed in `sender`.
    Authcrypt { key: [u8; BOX + CONTENT_KEY], iv: [u8; BOX_IV], sender: Box<str> },
    /// From nobody.
    Anoncrypt { key: [u8; SEALED + CONTENT_KEY] },
}

#[derive(Deserialize)]
#[serde(expecting = "a JSON object")]
struct Outer<'a> {
    #[serde(borrow)]
    protected: Cow<'a, str>,
    #[serde(borrow)]
    iv: Cow<'a, str>,
    #[serde(borrow)]
    ciphertext: Cow<'a, str>,
    #[serde(borrow)]
    tag: Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(expecting = "a JSON object")]
struct Header<'a> {
    #[serde(borrow)]
    alg: Cow<'a, str>,
    #[serde(borrow)]
    enc: Cow<'a, str>,
    #[serde(borrow)]
    recipients: Vec<Entry<'a>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a JSON object")]
struct Entry<'a> {
    #[serde(borrow)]
    encrypted_key: Cow<'a, str>,
    #[serde(borrow)]
    header: EntryHeader<'a>,
}

#[derive(Deserialize)]
#[serde(expecting = "a JSON object")]
struct EntryHeader<'a> {
    #[serde(borrow)]
    kid: Cow<'a, str>,
    iv: Option<String>,
    sender: Option<String>,
}

impl<'a> Envelope<'a> {
    /// Reads an envelope; nothing is decrypted.
    ///
    /// # Errors
    /// Not an envelope.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, EnvelopeError> {
        if bytes.len() > LENGTH_MAX {
            return Err(EnvelopeError::TooLarge { length: bytes.len(), max: LENGTH_MAX });
        }
        let outer: Outer = serde_json::from_slice(bytes).map_err(EnvelopeError::NotAnEnvelope)?;
        Ok(Self {
            iv: array("iv", &outer.iv, "base64url of 12 bytes")?,
            tag: array("tag", &outer.tag, "base64url of 16 bytes")?,
            recipients: recipients(&outer.protected)?,
            protected: outer.protected,
            ciphertext: outer.ciphertext,
        })
    }

    /// The keys that it is for.
    pub fn recipients(&self) -> impl Iterator<Item = &Verkey> {
        self.recipients.iter().map(|recipient| &recipient.key)
    }

    /// What says, sealed for this recipient, who sent it; nothing does in anoncrypt.
    ///
    /// A sender that seals its name once, as a [`Channel`](super::Channel) does, sends this text
    /// again and again: a server that has met it can look up the channel by it, instead of agreeing
    /// on a key anew. It is a hint and proves nothing; [`open`](Self::open) does.
    #[must_use]
    pub fn sealed_sender(&self, recipient: &Verkey) -> Option<&str> {
        match &self.recipient(recipient)?.wrapped {
            Wrapped::Authcrypt { sender, .. } => Some(sender),
            Wrapped::Anoncrypt { .. } => None,
        }
    }

    pub(super) fn recipient(&self, key: &Verkey) -> Option<&Recipient> {
        self.recipients.iter().find(|recipient| recipient.key == *key)
    }
}

fn recipients(protected: &str) -> Result<Vec<Recipient>, EnvelopeError> {
    let expected = "base64url of at most 48 KiB of JSON";
    let header = Some(protected).filter(|text| text.len() <= HEADER_MAX);
    let header = header
        .and_then(base64::decode)
        .ok_or(EnvelopeError::Field { field: "protected", expected })?;
    let header: Header = serde_json::from_slice(&header).map_err(EnvelopeError::Header)?;
    let authcrypt = match &*header.alg {
        "Authcrypt" => true,
        "Anoncrypt" => false,
        other => return Err(unknown("alg", other, "Authcrypt and Anoncrypt")),
    };
    if !CIPHERS.contains(&&*header.enc) {
        return Err(unknown("enc", &header.enc, "xchacha20poly1305_ietf"));
    }
    let count = header.recipients.len();
    if !(1..=RECIPIENTS_MAX).contains(&count) {
        return Err(EnvelopeError::Recipients { count, max: RECIPIENTS_MAX });
    }
    let read = |entry: Entry| {
        let key = entry.header.kid.parse().map_err(EnvelopeError::Recipient)?;
        let wrapped = if authcrypt { entry.authcrypt() } else { entry.anoncrypt() };
        Ok(Recipient { key, wrapped: wrapped? })
    };
    header.recipients.into_iter().map(read).collect()
}

impl Entry<'_> {
    fn authcrypt(self) -> Result<Wrapped, EnvelopeError> {
        let Self { encrypted_key, header: EntryHeader { iv, sender, .. } } = self;
        let expected = "base64url of who sends it, sealed";
        let iv = iv.unwrap_or_default();
        let sender = sender
            .filter(|text| (1..=SENDER_MAX).contains(&text.len()))
            .ok_or(EnvelopeError::Field { field: "recipients/header/sender", expected })?;
        Ok(Wrapped::Authcrypt {
            key: array("recipients/encrypted_key", &encrypted_key, "base64url of 48 bytes")?,
            iv: array("recipients/header/iv", &iv, "base64url of 24 bytes")?,
            sender: sender.into(),
        })
    }

    fn anoncrypt(self) -> Result<Wrapped, EnvelopeError> {
        let field = "recipients/encrypted_key";
        Ok(Wrapped::Anoncrypt { key: array(field, &self.encrypted_key, "base64url of 80 bytes")? })
    }
}

fn array<const N: usize>(
    field: &'static str,
    text: &str,
    expected: &'static str,
) -> Result<[u8; N], EnvelopeError> {
    base64::decode_array(text).ok_or(EnvelopeError::Field { field, expected })
}

fn unknown(field: &'static str, found: &str, expected: &'static str) -> EnvelopeError {
    EnvelopeError::Unknown { field, found: shortened(found), expected }
}
