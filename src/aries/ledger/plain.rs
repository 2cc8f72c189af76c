//! Documents as AnonCreds 1.0 writes them, held against the ids they were asked for by.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::lists::Listed;
use crate::{
    aries::anoncreds::{
        CredentialDefinition, RevocationRegistryDefinition, RevocationStatusList, Schema,
    },
    quantity::shortened,
};

/// Bytes that an id may have.
const ID_BYTES_MAX: usize = 1_024;
/// Bytes of a tails file before its tails, and of each tail.
const TAILS_HEAD_BYTES: usize = 2;
const TAIL_BYTES: usize = 128;
/// Credentials that a registry may have place for; the largest that honest issuers make have 32,768.
const SIZE_MAX: u32 = 100_000;

/// A schema, and the ledger's number for it where it has one.
pub(super) struct PublishedSchema {
    pub(super) schema: Schema,
    pub(super) number: Option<u64>,
}

/// A registry's definition, and what its lists begin as.
pub(super) struct PublishedRegistry {
    pub(super) definition: Arc<RevocationRegistryDefinition>,
    /// Whether credentials are valid until they are revoked, as everywhere but in some registries on
    /// Indy ledgers.
    pub(super) by_default: bool,
}

/// An id of an Indy ledger, such as `DID:2:name:version`, `DID:3:CL:12:tag` or
/// `DID:4:DID:3:CL:12:tag:CL_ACCUM:tag`.
struct Indy<'a> {
    issuer: &'a str,
    kind: &'a str,
    rest: &'a str,
}

fn indy(id: &str) -> Option<Indy<'_>> {
    let (issuer, rest) = id.split_once(':')?;
    let (kind, rest) = rest.split_once(':')?;
    let is_did = (21..=22).contains(&issuer.len())
        && issuer.bytes().all(|letter| letter.is_ascii_alphanumeric());
    (is_did && ["2", "3", "4"].contains(&kind)).then_some(Indy { issuer, kind, rest })
}

/// The bytes of the tails file of a registry of a size.
pub(super) const fn tails_bytes(size: u32) -> usize {
    TAILS_HEAD_BYTES + (2 * size as usize + 1) * TAIL_BYTES
}

/// Holds a tails file against what all are like, of whichever registry.
pub(super) fn tails(hash: &str, body: &[u8]) -> Result<(), String> {
    let tails = body.len().saturating_sub(TAILS_HEAD_BYTES);
    if !tails.is_multiple_of(TAIL_BYTES) || (tails / TAIL_BYTES).is_multiple_of(2) {
        let found = body.len();
        return Err(format!(
            "it has {found} bytes, and not {TAILS_HEAD_BYTES} and an odd number of times {TAIL_BYTES}"
        ));
    }
    let found = bs58::encode(Sha256::digest(body)).into_string();
    if found == hash { Ok(()) } else { Err(format!("its SHA-256 in base58 is {found}")) }
}

/// Whether something can be published by this id.
pub(super) fn is_id(id: &str) -> bool {
    !["", ".", ".."].contains(&id) && id.len() <= ID_BYTES_MAX && !id.chars().any(char::is_control)
}

/// Who publishes a document with this id, if the id tells.
pub(super) fn issuer_of(id: &str) -> Option<&str> {
    match indy(id) {
        Some(indy) => Some(indy.issuer),
        None => id.split_once("/anoncreds/v0/").map(|(issuer, _)| issuer),
    }
}

pub(super) fn schema(id: &str, json: Value) -> Result<PublishedSchema, String> {
    let schema: Schema = object(json)?;
    check_issuer(id, &schema.issuer_id)?;
    if let Some(Indy { kind: "2", rest, .. }) = indy(id) {
        check("schema", &format!("{}:{}", schema.name, schema.version), rest)?;
    }
    Ok(PublishedSchema { schema, number: None })
}

pub(super) fn definition(id: &str, mut json: Value) -> Result<CredentialDefinition, String> {
    // An Indy ledger has numbers for schemas, and some write them as such.
    if let Some(number) = json.get("schemaId").and_then(Value::as_u64) {
        json["schemaId"] = number.to_string().into();
    }
    let definition: CredentialDefinition = object(json)?;
    check_issuer(id, &definition.issuer_id)?;
    check("type", &definition.kind, "CL")?;
    if let Some(Indy { kind: "3", rest, .. }) = indy(id) {
        let mut parts = rest.splitn(3, ':').skip(1);
        let (number, tag) = (parts.next().unwrap_or_default(), parts.next());
        if is_number(&definition.schema_id) {
            check("schema", &definition.schema_id, number)?;
        }
        check("tag", &definition.tag, tag.unwrap_or(&definition.tag))?;
    }
    Ok(definition)
}

pub(super) fn registry(id: &str, json: Value) -> Result<PublishedRegistry, String> {
    let definition: RevocationRegistryDefinition = object(json)?;
    check_issuer(id, &definition.issuer_id)?;
    check("type", &definition.revoc_def_type, "CL_ACCUM")?;
    if let Some(Indy { kind: "4", rest, .. }) = indy(id) {
        let own = format!("{}:CL_ACCUM:{}", definition.cred_def_id, definition.tag);
        check("credential definition", &own, rest)?;
    }
    let size = definition.value.max_cred_num;
    if !(1..=SIZE_MAX).contains(&size) {
        return Err(format!("`maxCredNum` is {size}, and not 1 to {SIZE_MAX}"));
    }
    Ok(PublishedRegistry { definition: Arc::new(definition), by_default: true })
}

pub(super) fn list(id: &str, registry: &PublishedRegistry, json: Value) -> Result<Listed, String> {
    let list = undated_list(id, &registry.definition, json)?;
    let timestamp = list.timestamp.ok_or("it has no `timestamp`")?;
    Ok(Listed { timestamp, list: Arc::new(list) })
}

/// A list that need not say yet since when it is so.
pub(super) fn undated_list(
    id: &str,
    registry: &RevocationRegistryDefinition,
    json: Value,
) -> Result<RevocationStatusList, String> {
    let mut list: RevocationStatusList = object(json)?;
    let named = list.rev_reg_def_id.get_or_insert_with(|| id.to_owned());
    check("revocation registry", named, id)?;
    if list.accumulator.is_none() {
        return Err("it has no `currentAccumulator`".into());
    }
    let (found, size) = (list.revocation_list.len(), registry.value.max_cred_num);
    // Some count an index 0 that is never used.
    if ![size as usize, size as usize + 1].contains(&found) {
        return Err(format!("its `revocationList` has {found} places and the registry {size}"));
    }
    Ok(list)
}

/// Whether an id is the number that an Indy ledger has for a schema.
pub(super) fn is_number(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|digit| digit.is_ascii_digit())
}

/// Reads a document, which a list in the order of its fields is none of.
fn object<T: DeserializeOwned>(json: Value) -> Result<T, String> {
    match json {
        Value::Object(_) => read(json),
        _ => Err("it is no JSON object".into()),
    }
}

pub(super) fn read<T: DeserializeOwned>(json: Value) -> Result<T, String> {
    serde_path_to_error::deserialize(json).map_err(|error| {
        let (path, reason) = (error.path().to_string(), error.inner().to_string());
        match path.as_str() {
            "." => shortened(&reason),
            path => format!("`{}`: {}", shortened(path), shortened(&reason)),
        }
    })
}

fn check_issuer(id: &str, found: &str) -> Result<(), String> {
    check("issuer", found, issuer_of(id).unwrap_or(found))
}

pub(super) fn check(what: &str, found: &str, expected: &str) -> Result<(), String> {
    if found == expected {
        return Ok(());
    }
    let (found, expected) = (shortened(found), shortened(expected));
    Err(format!("its {what} is `{found}` and not `{expected}`"))
}
