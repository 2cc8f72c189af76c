//! What issuers publish: schemas, credential definitions, revocation registries and their states.

use anoncreds_clsignatures as cl;
use serde::{Deserialize, Serialize};

use super::{Bits, Numbers};

/// The attributes that credentials of a kind have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Schema {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The attributes' names.
    pub attr_names: Vec<String>,
    /// Who published it.
    pub issuer_id: String,
}

/// An issuer's keys for credentials of a schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CredentialDefinition {
    /// Whose issuer publishes it.
    pub issuer_id: String,
    /// The schema; ACA-Py writes the ledger's number for it in Indy ledgers.
    pub schema_id: String,
    /// How it signs; always `CL`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Tells the issuer's definitions of a schema apart.
    pub tag: String,
    /// The keys.
    pub value: DefinitionKeys,
}

/// The public keys of a credential definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefinitionKeys {
    /// What all its credentials are signed with.
    pub primary: Numbers<cl::CredentialPrimaryPublicKey>,
    /// What revocable credentials are signed with besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revocation: Option<Numbers<cl::CredentialRevocationPublicKey>>,
}

/// A registry in which credentials are revoked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RevocationRegistryDefinition {
    /// Who published it.
    pub issuer_id: String,
    /// What kind it is; always `CL_ACCUM`.
    pub revoc_def_type: String,
    /// Tells the registries of a credential definition apart.
    pub tag: String,
    /// The credential definition.
    pub cred_def_id: String,
    /// Its size, keys and tails file.
    pub value: RegistryValue,
}

/// The size, the keys and the tails file of a registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RegistryValue {
    /// How many credentials it has place for.
    pub max_cred_num: u32,
    /// Its public keys.
    pub public_keys: RegistryKeys,
    /// The SHA-256 of its tails file, in base58.
    pub tails_hash: String,
    /// Where its tails file is.
    pub tails_location: String,
}

/// The public keys of a registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RegistryKeys {
    /// What its accumulators are made with.
    pub accum_key: Numbers<cl::RevocationKeyPublic>,
}

/// Which credentials of a registry are revoked at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RevocationStatusList {
    /// The registry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rev_reg_def_id: Option<String>,
    /// Who published it.
    pub issuer_id: String,
    /// Whether each index is revoked; index 0 is never used.
    pub revocation_list: Bits,
    /// The product over those that are not revoked.
    #[serde(
        default,
        rename = "currentAccumulator",
        alias = "accum",
        skip_serializing_if = "Option::is_none"
    )]
    pub accumulator: Option<Numbers<cl::Accumulator>>,
    /// When it was so, in seconds since the epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<u64>,
}

impl RevocationStatusList {
    /// Whether the credential with this index is revoked.
    #[must_use]
    pub fn revokes(&self, index: u32) -> bool {
        // Index 0 has a bit and the registry's last has none, so that it is never revoked.
        self.revocation_list.is_set(index)
    }
}
