//! Two keys that write to each other: what packing between them can reuse.

use std::fmt;

use crypto_box::{SalsaBox, aead::AeadInPlace, aead::OsRng};

use super::{
    BASE58_MAX, BOX, BOX_IV, CONTENT_IV, CONTENT_KEY, SEALED,
    write::{Content, cut, envelope, header},
};
use crate::aries::didcomm::{KeyError, KeyPair, Verkey, base64, key::random};

/// One of our keys and one of theirs, with all that packing between the two can reuse.
///
/// The key that the two agree on never changes, and who we are is sealed for them once: whoever
/// reads along can tell that messages are of one sender, which the recipient's key tells anyway.
/// A channel holds no more than 240 bytes, all of them in place.
pub struct Channel {
    mine: Verkey,
    theirs: Verkey,
    shared: SalsaBox,
    kid: Short<BASE58_MAX>,
    sealed_sender: Short<{ BASE58_MAX + SEALED }>,
}

/// Up to `N` bytes, in place.
struct Short<const N: usize> {
    bytes: [u8; N],
    length: u8,
}

impl Channel {
    /// Agrees on the key that the two have in common.
    ///
    /// # Errors
    /// Their key is no point of the curve.
    ///
    /// # Panics
    /// The operating system has no randomness to give.
    pub fn new(mine: &KeyPair, theirs: &Verkey) -> Result<Self, KeyError> {
        let agreement = theirs.agreement()?;
        let me = mine.verkey().to_string();
        let sealed = agreement.seal(&mut OsRng, me.as_bytes()).expect("a key fits into a box");
        Ok(Self {
            mine: *mine.verkey(),
            theirs: *theirs,
            shared: SalsaBox::new(&agreement, &mine.agreement()),
            kid: Short::new(theirs.to_string().as_bytes()),
            sealed_sender: Short::new(&sealed),
        })
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
    ///
    /// # Panics
    /// The operating system has no randomness to give.
    #[must_use]
    pub fn pack(&self, plaintext: &[u8]) -> Vec<u8> {
        let random: [u8; CONTENT_KEY + CONTENT_IV + BOX_IV] = random();
        let mut rest = &random[..];
        let (key, iv, nonce) = (cut(&mut rest), cut(&mut rest), cut::<BOX_IV>(&mut rest));

        let mut header = header("Authcrypt", &self.wrap(&key, &nonce));
        header.extend_from_slice(self.kid.as_slice());
        header.extend_from_slice(br#"","sender":""#);
        base64::append(self.sealed_sender.as_slice(), &mut header);
        header.extend_from_slice(br#"","iv":""#);
        base64::append(&nonce, &mut header);
        header.extend_from_slice(br#""}}]}"#);
        envelope(&header, &Content { key: &key, iv: &iv }, plaintext)
    }

    /// Puts a content key into a box; its tag goes before it, as in `crypto_box`.
    fn wrap(&self, key: &[u8; CONTENT_KEY], nonce: &[u8; BOX_IV]) -> [u8; BOX + CONTENT_KEY] {
        let mut wrapped = [0; BOX + CONTENT_KEY];
        wrapped[BOX..].copy_from_slice(key);
        let tag = self
            .shared
            .encrypt_in_place_detached(nonce.into(), b"", &mut wrapped[BOX..])
            .expect("a key fits into a box");
        wrapped[..BOX].copy_from_slice(&tag);
        wrapped
    }

    /// Takes a content key out of the box that they put it in; the box of anybody else stays shut.
    pub(super) fn unwrap(
        &self,
        wrapped: &[u8; BOX + CONTENT_KEY],
        nonce: &[u8; BOX_IV],
    ) -> Option<[u8; CONTENT_KEY]> {
        unwrap(&self.shared, wrapped, nonce)
    }
}

/// Takes a content key out of its box.
pub(super) fn unwrap(
    shared: &SalsaBox,
    wrapped: &[u8; BOX + CONTENT_KEY],
    nonce: &[u8; BOX_IV],
) -> Option<[u8; CONTENT_KEY]> {
    let mut rest = &wrapped[..];
    let (tag, mut key) = (cut::<BOX>(&mut rest), cut(&mut rest));
    shared
        .decrypt_in_place_detached(nonce.into(), b"", &mut key, &tag.into())
        .is_ok()
        .then_some(key)
}

impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { mine, theirs, .. } = self;
        f.debug_struct("Channel")
            .field("mine", mine)
            .field("theirs", theirs)
            .finish_non_exhaustive()
    }
}

impl<const N: usize> Short<N> {
    fn new(slice: &[u8]) -> Self {
        let mut bytes = [0; N];
        bytes[..slice.len()].copy_from_slice(slice);
        Self { bytes, length: slice.len().try_into().expect("N is less than 256") }
    }

    fn as_slice(&self) -> &[u8] {
        &self.bytes[..self.length.into()]
    }
}
