//! A credential as a holder keeps it: small, and read without mathematics.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use super::{AttributeValue, Credential, Error, Numbers, encoded, numbers::guarded, packed};

/// A credential that was received, without what only receiving it needs.
///
/// In `MessagePack` one that can be revoked takes some 1,700 bytes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The schema.
    pub schema_id: String,
    /// The credential definition.
    pub cred_def_id: String,
    /// The registry that it can be revoked in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rev_reg_id: Option<String>,
    /// Its index in the registry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<u32>,
    /// What it says, by attribute, as people read it.
    pub values: BTreeMap<String, String>,
    /// The numbers that stand for values, where they are not those of [`encoded`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    encoded: BTreeMap<String, String>,
    #[serde(with = "serde_bytes")]
    signature: Vec<u8>,
}

impl Kept {
    /// Keeps what [`receive`](super::Definition::receive) returned.
    ///
    /// # Errors
    /// When a number of its signature is below zero or too long.
    pub fn new(credential: &Credential) -> Result<Self, Error> {
        let signature = guarded("keep the credential", || packed::write(&credential.signature.0))?;
        let own = |(name, value): (&String, &AttributeValue)| {
            (encoded(&value.raw) != value.encoded).then(|| (name.clone(), value.encoded.clone()))
        };
        let values = credential.values.iter();
        Ok(Self {
            schema_id: credential.schema_id.clone(),
            cred_def_id: credential.cred_def_id.clone(),
            rev_reg_id: credential.rev_reg_id.clone(),
            index: credential.index(),
            encoded: values.clone().filter_map(own).collect(),
            values: values.map(|(name, value)| (name.clone(), value.raw.clone())).collect(),
            signature,
        })
    }

    /// The credential, ready to be presented.
    ///
    /// # Errors
    /// When its signature is none.
    pub fn credential(&self) -> Result<Credential, Error> {
        let signature =
            guarded("read the kept credential", || packed::read(&self.signature, self.index))?;
        let value = |(name, raw): (&String, &String)| {
            let encoded = self.encoded.get(name).cloned().unwrap_or_else(|| encoded(raw));
            (name.clone(), AttributeValue { raw: raw.clone(), encoded })
        };
        Ok(Credential {
            schema_id: self.schema_id.clone(),
            cred_def_id: self.cred_def_id.clone(),
            rev_reg_id: self.rev_reg_id.clone(),
            values: self.values.iter().map(value).collect(),
            signature: Numbers(signature),
            signature_correctness_proof: None,
            rev_reg: None,
            witness: None,
        })
    }
}

impl fmt::Debug for Kept {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Kept")
            .field("cred_def_id", &self.cred_def_id)
            .field("rev_reg_id", &self.rev_reg_id)
            .field("index", &self.index)
            .field("values", &self.values)
            .finish_non_exhaustive()
    }
}
