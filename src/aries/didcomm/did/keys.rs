//! The keys of a DID document, by the names that its services call them.

use serde_json::{Map, Value};

use super::{DidError, short_form};
use crate::aries::didcomm::{Verkey, base64};

/// Most keys of a document.
const KEYS_MAX: usize = 64;
/// Longest text that is decoded as a key, in bytes.
const TEXT_MAX: usize = 256;
/// Where documents keep keys, or references to them.
const PLACES: [&str; 5] =
    ["publicKey", "verificationMethod", "authentication", "assertionMethod", "keyAgreement"];

/// The Ed25519 keys of a document, by name.
#[derive(Default)]
pub(super) struct Keys<'a> {
    did: &'a str,
    named: Vec<(&'a str, Verkey)>,
}

enum Material {
    Ed25519(Verkey),
    X25519([u8; 32]),
}

impl<'a> Keys<'a> {
    /// Takes the keys of a document; those of other kinds are passed over.
    pub(super) fn of(did: &'a str, document: &'a Map<String, Value>) -> Result<Self, DidError> {
        let lists = PLACES.iter().filter_map(|place| document.get(*place)?.as_array());
        let (mut named, mut agreements) = (Vec::new(), Vec::new());
        for key in lists.flatten().filter_map(Value::as_object) {
            let id = key.get("id").and_then(Value::as_str).unwrap_or_default();
            if named.len() + agreements.len() == KEYS_MAX {
                return Err(DidError::too_many(did, "keys", KEYS_MAX));
            }
            match Material::of(key) {
                Some(Material::Ed25519(key)) => named.push((id, key)),
                Some(Material::X25519(key)) => agreements.push((id, key)),
                None => {}
            }
        }
        named.extend(signing(&named, &agreements));
        Ok(Self { did, named })
    }

    /// All of them, each once.
    pub(super) fn all(&self) -> Vec<Verkey> {
        let mut keys = Vec::with_capacity(self.named.len());
        for (_, key) in &self.named {
            if !keys.contains(key) {
                keys.push(*key);
            }
        }
        keys
    }

    /// The first of them.
    pub(super) fn first(&self) -> Option<Verkey> {
        self.named.first().map(|(_, key)| *key)
    }

    /// The key that a service calls by this name: a reference into the document, or the key itself.
    pub(super) fn find(&self, name: &str) -> Option<Verkey> {
        let exact = self.named.iter().find(|(id, _)| *id == name && !name.is_empty());
        if let Some((_, key)) = exact {
            return Some(*key);
        }
        let Some(fragment) = self.own_fragment(name) else { return name.parse().ok() };
        let found = self.named.iter().find(|(id, _)| self.own_fragment(id) == Some(fragment));
        // Old agents call keys by their fingerprint, with or without the `z`.
        let fingerprint = || format!("z{}", fragment.strip_prefix('z').unwrap_or(fragment));
        found.map(|(_, key)| *key).or_else(|| {
            let key = Verkey::from_fingerprint(&fingerprint()).ok()?;
            self.named.iter().any(|(_, own)| *own == key).then_some(key)
        })
    }

    /// What follows the `#` of a reference into this very document.
    fn own_fragment<'b>(&self, reference: &'b str) -> Option<&'b str> {
        let (did, fragment) = reference.split_once('#')?;
        let own = did.is_empty() || did == self.did || did == short_form(self.did);
        (own && !fragment.is_empty()).then_some(fragment)
    }
}

/// Documents of ledgers name the key for agreement; envelopes want the one that it is made of.
fn signing<'a>(
    named: &[(&'a str, Verkey)],
    agreements: &[(&'a str, [u8; 32])],
) -> Vec<(&'a str, Verkey)> {
    if agreements.is_empty() {
        return Vec::new();
    }
    let made = named.iter().filter_map(|(_, key)| Some((key.agreement().ok()?.to_bytes(), *key)));
    let made: Vec<_> = made.collect();
    let of = |agreement: &[u8; 32]| made.iter().find(|(it, _)| it == agreement).map(|it| it.1);
    agreements.iter().filter_map(|(id, agreement)| Some((*id, of(agreement)?))).collect()
}

impl Material {
    fn of(key: &Map<String, Value>) -> Option<Self> {
        let text = |field| key.get(field).and_then(Value::as_str).filter(|it| it.len() < TEXT_MAX);
        let agreement = text("type").is_some_and(|it| it.starts_with("X25519"));
        let of_bytes =
            |bytes| Some(if agreement { Self::X25519(bytes) } else { bytes_ed25519(bytes) });
        if let Some(base58) = text("publicKeyBase58") {
            return of_bytes(*base58.parse::<Verkey>().ok()?.as_bytes());
        }
        if let Some(multibase) = text("publicKeyMultibase") {
            let raw = || of_bytes(*multibase.strip_prefix('z')?.parse::<Verkey>().ok()?.as_bytes());
            return material(multibase).or_else(raw);
        }
        let jwk = key.get("publicKeyJwk")?.as_object()?;
        let part = |field| jwk.get(field).and_then(Value::as_str).filter(|it| it.len() < TEXT_MAX);
        let bytes = base64::decode_array(part("x")?)?;
        match part("crv")? {
            "Ed25519" => Some(bytes_ed25519(bytes)),
            "X25519" => Some(Self::X25519(bytes)),
            _ => None,
        }
    }
}

fn bytes_ed25519(bytes: [u8; 32]) -> Material {
    Material::Ed25519(Verkey::from_bytes(bytes))
}

/// The key of a fingerprint, `z6Mk…` or `z6LS…`.
fn material(fingerprint: &str) -> Option<Material> {
    if fingerprint.len() > TEXT_MAX {
        return None;
    }
    match bs58::decode(fingerprint.strip_prefix('z')?).into_vec().ok()?.as_slice() {
        [0xed, 0x01, key @ ..] => Some(bytes_ed25519(key.try_into().ok()?)),
        [0xec, 0x01, key @ ..] => Some(Material::X25519(key.try_into().ok()?)),
        _ => None,
    }
}
