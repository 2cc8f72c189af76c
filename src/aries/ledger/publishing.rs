//! What may be published: documents held against their ids as readers hold them.
//!
//! A registry that takes what these take serves nothing that a [`Ledger`](super::Ledger) refuses. What
//! is wrong is said in words that follow "cannot publish it: ".

use std::sync::Arc;

use serde_json::Value;

use super::plain;
use crate::aries::anoncreds::{
    CredentialDefinition, RevocationRegistryDefinition, RevocationStatusList, Schema,
};

/// Whether something can be published by this id; not so long a text, or one with control characters.
#[must_use]
pub fn is_id(id: &str) -> bool {
    plain::is_id(id)
}

/// A schema, by its id.
///
/// # Errors
/// What is wrong with it.
pub fn schema(id: &str, json: Value) -> Result<Schema, String> {
    plain::schema(id, json).map(|published| published.schema)
}

/// A credential definition, by its id.
///
/// # Errors
/// What is wrong with it.
pub fn definition(id: &str, json: Value) -> Result<CredentialDefinition, String> {
    plain::definition(id, json)
}

/// A revocation registry, by its id.
///
/// # Errors
/// What is wrong with it.
pub fn registry(id: &str, json: Value) -> Result<Arc<RevocationRegistryDefinition>, String> {
    plain::registry(id, json).map(|published| published.definition)
}

/// The bytes of the tails file of a registry for so many credentials.
#[must_use]
pub const fn tails_bytes(size: u32) -> usize {
    plain::tails_bytes(size)
}

/// A tails file, by its SHA-256 in base58.
///
/// # Errors
/// What is wrong with it.
pub fn tails(hash: &str, body: &[u8]) -> Result<(), String> {
    plain::tails(hash, body)
}

/// A status list of a registry with this id, with as many places as that; its time may be missing.
///
/// # Errors
/// What is wrong with it.
pub fn list(
    id: &str,
    registry: &RevocationRegistryDefinition,
    json: Value,
) -> Result<RevocationStatusList, String> {
    let list = plain::undated_list(id, registry, json)?;
    let (found, size) = (list.revocation_list.len(), registry.value.max_cred_num);
    if found != size as usize {
        return Err(format!("its `revocationList` has {found} places and the registry {size}"));
    }
    plain::check("issuer", &list.issuer_id, &registry.issuer_id)?;
    Ok(list)
}
