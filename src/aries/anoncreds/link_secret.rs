//! The number that binds all credentials of a holder together.

use anoncreds_clsignatures as cl;
use serde::{Deserialize, Serialize};

use super::{Error, HIDDEN, Numbers, credential::Credential, numbers::guarded, value::marker};

/// Longest encoded value, in digits; 2^256 has 78, and a sign may be before it.
const DIGITS_MAX: usize = 79;

/// A holder's secret number, which is in all its credentials and in no message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LinkSecret(Numbers<cl::bn::BigNumber>);

impl LinkSecret {
    /// A secret of 256 random bits.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn random() -> Result<Self, Error> {
        let secret = guarded("draw a link secret", cl::Prover::new_link_secret)?;
        Ok(Self(Numbers(secret.into())))
    }

    /// The secret alone, as the issuer signs it unseen.
    pub(super) fn hidden(&self) -> Result<cl::CredentialValues, Error> {
        guarded("blind the link secret", || {
            let mut values = cl::Prover::new_credential_values_builder()?;
            values.add_value_hidden(HIDDEN, &self.0.0)?;
            values.finalize()
        })
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
