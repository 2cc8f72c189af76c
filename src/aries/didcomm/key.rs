//! Ed25519 keys: ours with their seed, theirs as verification keys, and the ways to write them.

use std::{fmt, str::FromStr};

use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha512};

use crate::quantity::shortened;

/// Multicodec prefix of an Ed25519 public key (`did:key:z6Mk…`).
const ED25519_CODEC: [u8; 2] = [0xed, 0x01];
const EXAMPLE: &str = "8HJkizGZMEnTcQYSo9ZKJYEWMiHPnd6xRSYcRKAbA5W7 or did:key:z6MkmjZoKEWzgnGviuP9UiXA9dnWBHZFCWMK7TTYFb8c5JHV";
/// Longest text that is looked at as a key, in bytes.
const TEXT_MAX: usize = 256;

/// Somebody's public Ed25519 key: what messages are addressed to and signed by.
///
/// It is written in base58, as in RFC 0019; it is read from that and from `did:key:z6Mk…`
/// (RFC 0360) with or without a `#fragment`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Verkey([u8; 32]);

/// Why a text is no Ed25519 key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not base58, not 32 bytes, or not a `did:key` of an Ed25519 key.
    #[error("`{text}` is no Ed25519 key, which is written like {EXAMPLE}")]
    NotAKey {
        /// The text, shortened.
        text: String,
    },
    /// 32 bytes that are no point of the curve.
    #[error("the key {key} is no point of the Ed25519 curve")]
    NotOnCurve {
        /// The key.
        key: Verkey,
    },
}

impl Verkey {
    /// A key of these 32 bytes; whether it is a point of the curve shows when it is used.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The key's 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The key as a multibase fingerprint, `z6Mk…`.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut bytes = [0; 34];
        bytes[..2].copy_from_slice(&ED25519_CODEC);
        bytes[2..].copy_from_slice(&self.0);
        format!("z{}", bs58::encode(bytes).into_string())
    }

    /// The key as `did:key:z6Mk…`.
    #[must_use]
    pub fn did_key(&self) -> String {
        format!("did:key:{}", self.fingerprint())
    }

    /// The key as a DID URL, `did:key:z6Mk…#z6Mk…`.
    #[must_use]
    pub fn did_key_url(&self) -> String {
        let fingerprint = self.fingerprint();
        format!("did:key:{fingerprint}#{fingerprint}")
    }

    /// Reads a multibase fingerprint, `z6Mk…`.
    ///
    /// # Errors
    /// It is not base58btc, or not an Ed25519 key.
    pub fn from_fingerprint(text: &str) -> Result<Self, KeyError> {
        let not_a_key = || KeyError::NotAKey { text: shortened(text) };
        let encoded = text.strip_prefix('z').filter(|it| it.len() < TEXT_MAX);
        let mut bytes = [0; 34];
        let length = bs58::decode(encoded.ok_or_else(not_a_key)?)
            .onto(&mut bytes)
            .map_err(|_| not_a_key())?;
        match (length, bytes.split_at(2)) {
            (34, (codec, key)) if codec == ED25519_CODEC => {
                key.try_into().map(Self).map_err(|_| not_a_key())
            }
            _ => Err(not_a_key()),
        }
    }

    /// Whether `signature` is this key's over `message`.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let Ok(key) = VerifyingKey::from_bytes(&self.0) else { return false };
        let Ok(signature) = Signature::from_slice(signature) else { return false };
        key.verify(message, &signature).is_ok()
    }

    /// The key for agreement (X25519) that belongs to this one.
    ///
    /// # Errors
    /// The bytes are no point of the curve.
    pub fn agreement(&self) -> Result<crypto_box::PublicKey, KeyError> {
        let key = VerifyingKey::from_bytes(&self.0);
        let key = key.map_err(|_| KeyError::NotOnCurve { key: *self })?;
        Ok(key.to_montgomery().to_bytes().into())
    }
}

impl Serialize for Verkey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde_bytes::serialize(&self.0, serializer)
    }
}

impl<'de> Deserialize<'de> for Verkey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde_bytes::deserialize(deserializer).map(Self)
    }
}

impl FromStr for Verkey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        if let Some(did) = text.strip_prefix("did:key:") {
            let fingerprint = did.split('#').next().unwrap_or(did);
            return Self::from_fingerprint(fingerprint)
                .map_err(|_| KeyError::NotAKey { text: shortened(text) });
        }
        let mut bytes = [0; 32];
        match bs58::decode(text.get(..TEXT_MAX).unwrap_or(text)).onto(&mut bytes) {
            Ok(32) => Ok(Self(bytes)),
            _ => Err(KeyError::NotAKey { text: shortened(text) }),
        }
    }
}

impl fmt::Display for Verkey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&bs58::encode(self.0).into_string())
    }
}

impl fmt::Debug for Verkey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A key of ours; its seed never shows in a log.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyPair {
    seed: [u8; 32],
    verkey: Verkey,
}

impl KeyPair {
    /// Makes a new key from the operating system's randomness.
    ///
    /// # Panics
    /// The operating system has no randomness to give.
    #[must_use]
    pub fn generate() -> Self {
        Self::from_seed(random())
    }

    /// The key of this seed.
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        let verkey = Verkey(SigningKey::from_bytes(&seed).verifying_key().to_bytes());
        Self { seed, verkey }
    }

    /// The key of a seed whose public half is known already, as it was recorded.
    #[must_use]
    pub const fn from_parts(seed: [u8; 32], verkey: Verkey) -> Self {
        Self { seed, verkey }
    }

    /// The seed: whoever has it has the key.
    #[must_use]
    pub fn seed(&self) -> &[u8; 32] {
        &self.seed
    }

    /// The public half.
    #[must_use]
    pub fn verkey(&self) -> &Verkey {
        &self.verkey
    }

    /// Signs a message: 64 bytes.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        SigningKey::from_bytes(&self.seed).sign(message).to_bytes()
    }

    /// The secret for agreement (X25519) that belongs to this key.
    #[must_use]
    pub fn agreement(&self) -> crypto_box::SecretKey {
        // A `SigningKey` would compute its public half first, which takes longer than all the rest.
        let hash = Sha512::digest(self.seed);
        let mut scalar = [0; 32];
        scalar.copy_from_slice(&hash[..32]);
        scalar.into()
    }
}

impl fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyPair").field("verkey", &self.verkey).finish_non_exhaustive()
    }
}

/// A message id that nobody else has: a random UUID (version 4).
///
/// # Panics
/// The operating system has no randomness to give.
#[must_use]
pub fn unique_id() -> String {
    let mut bytes: [u8; 16] = random();
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let (high, low) = bytes.split_at(8);
    let high = u64::from_be_bytes(high.try_into().expect("half of 16 bytes is 8"));
    let low = u64::from_be_bytes(low.try_into().expect("half of 16 bytes is 8"));
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff
    )
}

/// Bytes of the operating system's randomness, one call for all of them.
pub(super) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system has randomness");
    bytes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn both_halves_agree_with_those_of_the_signing_key(seed: [u8; 32]) {
            let key = KeyPair::from_seed(seed);
            let scalar = SigningKey::from_bytes(&seed).to_scalar_bytes();
            prop_assert_eq!(key.agreement().to_bytes(), crypto_box::SecretKey::from(scalar).to_bytes());
            prop_assert_eq!(key.agreement().public_key(), key.verkey().agreement().unwrap());
        }

        #[test]
        fn a_key_is_read_as_it_is_written(seed: [u8; 32]) {
            let key = *KeyPair::from_seed(seed).verkey();
            for text in [key.to_string(), key.did_key(), key.did_key_url()] {
                prop_assert_eq!(text.parse(), Ok(key));
            }
        }

        #[test]
        fn any_text_is_a_key_or_refused(text in ".{0,80}") {
            let _ = text.parse::<Verkey>();
        }
    }

    #[test]
    fn what_is_no_key_is_answered_with_one() {
        insta::assert_snapshot!("did:key:z6LS".parse::<Verkey>().unwrap_err(), @"`did:key:z6LS` is no Ed25519 key, which is written like 8HJkizGZMEnTcQYSo9ZKJYEWMiHPnd6xRSYcRKAbA5W7 or did:key:z6MkmjZoKEWzgnGviuP9UiXA9dnWBHZFCWMK7TTYFb8c5JHV");
    }

    #[test]
    fn a_seed_is_not_shown() {
        let shown = format!("{:?}", KeyPair::from_seed([7; 32]));
        assert!(shown.starts_with("KeyPair { verkey: ") && !shown.contains("7, 7"), "{shown}");
    }
}
