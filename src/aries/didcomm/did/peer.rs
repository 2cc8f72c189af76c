//! Peer DIDs: 2, whose keys and services are in the DID, and 4, whose document is.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{DidDoc, DidError};
use crate::{aries::didcomm::base64, quantity::shortened};

/// How a `did:peer:2` begins.
pub(super) const PEER2: &str = "did:peer:2";
/// How a `did:peer:4` begins.
pub(super) const PEER4: &str = "did:peer:4";

const EXAMPLE2: &str = "did:peer:2.Vz6Mkt2dm3JzXiuPK4fKZk3pQn3TTpqys97bssRrgZb3Svd1T.SeyJ0Ijoi…";
const EXAMPLE4: &str = "did:peer:4zQmd8CpeFPci817KDsbSAKWcXAE2mjvCQSasRewvbSF54Bd:z2M1k7h4psgp4…";

/// Longest DID that is read, in bytes: ACA-Py's have 644, and base58 costs the square of it.
const LENGTH_MAX: usize = 8192;
/// Most keys and services of a `did:peer:2`.
const ELEMENTS_MAX: usize = 32;

/// Multicodec prefix of JSON (varint of 0x0200).
const JSON_CODEC: [u8; 2] = [0x80, 0x04];
/// Multihash prefix of SHA-256 with 32 bytes.
const SHA256_CODEC: [u8; 2] = [0x12, 0x20];
/// Multicodec prefix of an X25519 public key (`z6LS…`).
const X25519_CODEC: [u8; 2] = [0xec, 0x01];

/// How names of a service are abbreviated in a `did:peer:2`.
const ABBREVIATIONS: [(&str, &str); 4] =
    [("t", "type"), ("s", "serviceEndpoint"), ("r", "routingKeys"), ("a", "accept")];

/// The multibase fingerprint of a key for agreement, `z6LS…`.
pub(super) fn agreement_fingerprint(key: &[u8; 32]) -> String {
    multibase(&[&X25519_CODEC, key.as_slice()])
}

/// Makes a `did:peer:4`, long form, of a document that is JSON text.
pub(super) fn write4(document: &[u8]) -> String {
    let encoded = multibase(&[&JSON_CODEC, document]);
    format!("{PEER4}{}:{encoded}", hash(&encoded))
}

/// Reads what follows `did:peer:4`; the short form says nothing.
pub(super) fn read4(did: &str, rest: &str) -> Result<Option<DidDoc>, DidError> {
    let error = |why| DidError::Peer { did: shortened(did), why, example: EXAMPLE4 };
    if did.len() > LENGTH_MAX {
        return Err(error("is longer than 8 KiB"));
    }
    let Some((claimed, encoded)) = rest.split_once(':') else {
        return match unbase(rest) {
            Some(bytes) if bytes.len() == 34 && bytes.starts_with(&SHA256_CODEC) => Ok(None),
            Some(_) | None => Err(error("has no SHA-256 hash in base58 after `did:peer:4`")),
        };
    };
    if claimed != hash(encoded) {
        return Err(error("carries a document that is not the one it has the hash of"));
    }
    let bytes = unbase(encoded).ok_or_else(|| error("carries no base58"))?;
    let document = bytes.strip_prefix(&JSON_CODEC).and_then(|it| serde_json::from_slice(it).ok());
    let document: Map<_, _> = document.ok_or_else(|| error("carries no JSON object"))?;
    DidDoc::of(did, &document).map(Some)
}

/// Reads the elements that follow `did:peer:2`, of which a document is made.
pub(super) fn read2(did: &str, elements: &str) -> Result<DidDoc, DidError> {
    let error = |why| DidError::Peer { did: shortened(did), why, example: EXAMPLE2 };
    if did.len() > LENGTH_MAX {
        return Err(error("is longer than 8 KiB"));
    }
    let elements = elements.strip_prefix('.').ok_or_else(|| error("has no `.` after the 2"))?;
    let (mut keys, mut services) = (Vec::new(), Vec::new());
    for (place, element) in elements.split('.').enumerate() {
        if place == ELEMENTS_MAX {
            return Err(DidError::too_many(did, "elements", ELEMENTS_MAX));
        }
        if let Some(encoded) = element.strip_prefix('S') {
            let bytes = base64::decode(encoded);
            let bytes = bytes.ok_or_else(|| error("has a service that is no base64"))?;
            let service = serde_json::from_slice(&bytes);
            match service.map_err(|_| error("has a service that is no JSON"))? {
                Value::Array(several) => services.extend(several.into_iter().map(spelt_out)),
                one => services.push(spelt_out(one)),
            }
        } else if let Some(key) = element.strip_prefix(['A', 'D', 'E', 'I', 'V']) {
            let id = format!("#key-{}", keys.len() + 1);
            keys.push(json!({ "id": id, "type": "Multikey", "publicKeyMultibase": key }));
        } else {
            return Err(error("has an element that begins with none of A, D, E, I, S and V"));
        }
    }
    let document =
        [("verificationMethod".to_owned(), keys.into()), ("service".to_owned(), services.into())];
    DidDoc::of(did, &Map::from_iter(document))
}

/// Replaces the abbreviations of a service, and of its endpoint if that is an object.
fn spelt_out(value: Value) -> Value {
    let Value::Object(mut fields) = value else { return value };
    for (short, long) in ABBREVIATIONS {
        if let Some(value) = fields.remove(short) {
            fields.entry(long).or_insert(value);
        }
    }
    if fields.get("type").is_some_and(|it| it == "dm") {
        fields.insert("type".into(), "DIDCommMessaging".into());
    }
    if let Some(Value::Object(endpoint)) = fields.get_mut("serviceEndpoint") {
        for (short, long) in &ABBREVIATIONS[2..] {
            if let Some(value) = endpoint.remove(*short) {
                endpoint.entry(*long).or_insert(value);
            }
        }
    }
    Value::Object(fields)
}

fn hash(encoded: &str) -> String {
    multibase(&[&SHA256_CODEC, Sha256::digest(encoded).as_slice()])
}

fn multibase(parts: &[&[u8]]) -> String {
    format!("z{}", bs58::encode(parts.concat()).into_string())
}

fn unbase(text: &str) -> Option<Vec<u8>> {
    bs58::decode(text.strip_prefix('z')?).into_vec().ok()
}
