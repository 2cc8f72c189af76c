//! What an Indy ledger replies through an indy-vdr-proxy, in the words of AnonCreds.
//!
//! Replies are those of indy-node's read requests `GET_SCHEMA`, `GET_CLAIM_DEF`, `GET_REVOC_REG_DEF`
//! and `GET_REVOC_REG_DELTA`; their state proofs are the proxy's to check.

use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use serde_json::{Value, json};

use super::{
    lists::Listed,
    plain::{self, PublishedRegistry, PublishedSchema, check, issuer_of},
};
use crate::aries::anoncreds::{CredentialDefinition, RevocationStatusList};

/// Who asks; reading needs nobody's permission, but a request has a DID in it.
const READER: &str = "LibindyDid111111111111";

/// What a ledger replied, or nothing if what was asked for is not there.
pub(super) struct Reply(Value);

impl Reply {
    pub(super) fn of(mut json: Value) -> Option<Self> {
        let result = match json.get_mut("result") {
            Some(result) => result.take(),
            None => json,
        };
        // A delta that ends before the first entry has data, and no accumulator.
        let accumulated = result.pointer("/data/value/accum_to").is_none_or(|it| !it.is_null());
        (accumulated && !result["data"].is_null()).then_some(Self(result))
    }

    fn take(&mut self, place: &str) -> Value {
        self.0.pointer_mut(place).map(Value::take).unwrap_or_default()
    }

    fn number(&self, place: &str) -> Option<u64> {
        let number = self.0.pointer(place)?;
        number.as_u64().or_else(|| number.as_str()?.parse().ok())
    }
}

pub(super) fn schema(id: &str, mut reply: Reply) -> Result<PublishedSchema, String> {
    let number = reply.number("/seqNo");
    let json = json!({
        "issuerId": reply.take("/dest"),
        "name": reply.take("/data/name"),
        "version": reply.take("/data/version"),
        "attrNames": reply.take("/data/attr_names"),
    });
    Ok(PublishedSchema { number, ..plain::schema(id, json)? })
}

pub(super) fn definition(id: &str, mut reply: Reply) -> Result<CredentialDefinition, String> {
    let number = reply.number("/ref").ok_or("it has no `ref`")?;
    let json = json!({
        "issuerId": reply.take("/origin"),
        "schemaId": number,
        "type": reply.take("/signature_type"),
        "tag": reply.take("/tag"),
        "value": reply.take("/data"),
    });
    plain::definition(id, json)
}

pub(super) fn registry(id: &str, mut reply: Reply) -> Result<PublishedRegistry, String> {
    check("id", reply.0["data"]["id"].as_str().unwrap_or(id), id)?;
    let by_default = match reply.0["data"]["value"]["issuanceType"].as_str() {
        Some("ISSUANCE_BY_DEFAULT") | None => true,
        Some("ISSUANCE_ON_DEMAND") => false,
        Some(_) => return Err("its `issuanceType` is unknown".into()),
    };
    let json = json!({
        "issuerId": issuer_of(id),
        "revocDefType": reply.take("/data/revocDefType"),
        "credDefId": reply.take("/data/credDefId"),
        "tag": reply.take("/data/tag"),
        "value": reply.take("/data/value"),
    });
    Ok(PublishedRegistry { by_default, ..plain::registry(id, json)? })
}

/// The list that a delta from the beginning comes to.
pub(super) fn list(
    id: &str,
    registry: &PublishedRegistry,
    mut reply: Reply,
) -> Result<Listed, String> {
    let named = reply.0["data"]["revocRegDefId"].as_str().unwrap_or(id);
    check("revocation registry", named, id)?;
    let timestamp = reply.number("/data/value/accum_to/txnTime");
    let timestamp = timestamp.or_else(|| reply.number("/txnTime")).ok_or("it has no `txnTime`")?;
    let issued: Option<Vec<u32>> = plain::read(reply.take("/data/value/issued"))?;
    let revoked: Option<Vec<u32>> = plain::read(reply.take("/data/value/revoked"))?;
    let size = registry.definition.value.max_cred_num;
    let mut revocation_list = vec![!registry.by_default; size as usize + 1];
    for (indices, is_revoked) in [(issued, false), (revoked, true)] {
        for index in indices.unwrap_or_default() {
            let bit = revocation_list.get_mut(index as usize);
            *bit.ok_or_else(|| format!("its index {index} is none of {size}"))? = is_revoked;
        }
    }
    let list = RevocationStatusList {
        rev_reg_def_id: Some(id.to_owned()),
        issuer_id: registry.definition.issuer_id.clone(),
        revocation_list: revocation_list.into_iter().collect(),
        accumulator: Some(plain::read(reply.take("/data/value/accum_to/value/accum"))?),
        timestamp: Some(timestamp),
    };
    Ok(Listed { timestamp, list: Arc::new(list) })
}

/// Asks for what a registry has come to by a time, which the proxy has no path for.
pub(super) fn delta_until(id: &str, to: u64) -> Value {
    // A ledger tells requests apart by their numbers, which clients take from the clock.
    let number = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    json!({
        "operation": { "type": "117", "revocRegDefId": id, "to": to },
        "identifier": READER,
        "reqId": i64::try_from(number).unwrap_or(i64::MAX),
        "protocolVersion": 2,
    })
}
