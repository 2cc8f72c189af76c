//! The number that binds all credentials of a holder together.

use std::fmt;

use anoncreds_clsignatures as cl;
use cl::bn::BigNumber;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, de::Unexpected};

use super::{Error, HIDDEN, Numbers, credential::Credential, numbers::guarded, value::marker};

/// Longest encoded value, in digits; 2^256 has 78, and a sign may be before it.
const DIGITS_MAX: usize = 79;
/// How many bytes a link secret has.
const SECRET_BYTES: usize = 32;

/// A holder's secret number, which is in all its credentials and in no message.
///
/// It is 32 bytes in `MessagePack`, and a decimal number in JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkSecret(Numbers<BigNumber>);

impl LinkSecret {
    /// A secret of 256 random bits.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn random() -> Result<Self, Error> {
        let secret = guarded("draw a link secret", cl::Prover::new_link_secret)?;
        Ok(Self(Numbers(secret.into())))
    }

    pub(super) fn number(&self) -> &BigNumber {
        &self.0.0
    }

    /// All that a credential's signature is over.
    pub(super) fn beside(&self, credential: &Credential) -> Result<cl::CredentialValues, Error> {
        for (attribute, value) in &credential.values {
            let digits = value.encoded.strip_prefix('-').unwrap_or(&value.encoded);
            let number = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
            if !number || digits.len() > DIGITS_MAX {
                return Err(Error::Value { attribute: attribute.clone() });
            }
        }
        guarded("read the credential's values", || {
            let mut values = cl::Prover::new_credential_values_builder()?;
            for (attribute, value) in &credential.values {
                values.add_dec_known(&marker(attribute), &value.encoded)?;
            }
            values.add_value_hidden(HIDDEN, &self.0.0)?;
            values.finalize()
        })
    }
}

impl Serialize for LinkSecret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return self.0.serialize(serializer);
        }
        let digits = self.0.0.to_bytes().map_err(serde::ser::Error::custom)?;
        let mut bytes = [0; SECRET_BYTES];
        // None is made or read that has more bytes.
        bytes[SECRET_BYTES - digits.len()..].copy_from_slice(&digits);
        serde_bytes::serialize(&bytes, serializer)
    }
}

impl<'de> Deserialize<'de> for LinkSecret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Visitor)
    }
}

struct Visitor;

impl de::Visitor<'_> for Visitor {
    type Value = LinkSecret;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a link secret: 32 bytes, or a decimal number below 2^256")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<LinkSecret, E> {
        // What it is instead stays unsaid, because it may be a secret.
        let unexpected = || E::invalid_value(Unexpected::Other("another text"), &self);
        let digits = text.bytes().all(|it| it.is_ascii_digit());
        if !digits || text.len() > DIGITS_MAX {
            return Err(unexpected());
        }
        let number = BigNumber::from_dec(text).map_err(|_| unexpected())?;
        let bytes = number.to_bytes().map_err(|_| unexpected())?;
        if bytes.len() > SECRET_BYTES {
            return Err(unexpected());
        }
        Ok(LinkSecret(Numbers(number)))
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<LinkSecret, E> {
        let unexpected = || E::invalid_length(bytes.len(), &self);
        if bytes.len() != SECRET_BYTES {
            return Err(unexpected());
        }
        BigNumber::from_bytes(bytes).map(|it| LinkSecret(Numbers(it))).map_err(|_| unexpected())
    }
}
