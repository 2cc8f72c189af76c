//! A detached JWS (RFC 7515, appendix F) over an attachment, as didexchange signs DIDs and documents.

use serde_json::{Value, json};

use super::{SignatureError, bytes, missing, text};
use crate::{
    aries::didcomm::{KeyPair, Verkey, base64},
    quantity::shortened,
};

/// Most signatures that one JWS may hold.
const SIGNATURES_MAX: usize = 16;

/// Signs the bytes of an attachment: what goes to its `data.jws`.
#[must_use]
pub fn sign(key: &KeyPair, payload: &[u8]) -> Value {
    let kid = key.verkey().did_key();
    let x = base64::encode(key.verkey().as_bytes());
    let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": x, "kid": kid });
    let protected = base64::encode(json!({ "alg": "EdDSA", "jwk": jwk }).to_string());
    let signature = key.sign(&signed(&protected, payload));
    json!({
        "header": { "kid": kid },
        "protected": protected,
        "signature": base64::encode(signature),
    })
}

/// Tells who signed the bytes of an attachment.
///
/// Of several signatures all must hold; the signer is that of the first.
///
/// # Errors
/// It is no JWS by an Ed25519 key, names two signers, or does not hold.
pub fn verify(jws: &Value, payload: &[u8]) -> Result<Verkey, SignatureError> {
    let Some(signatures) = jws.get("signatures") else { return verify_one(jws, payload) };
    let signatures = signatures.as_array().map_or(&[] as &[_], Vec::as_slice);
    if !(1..=SIGNATURES_MAX).contains(&signatures.len()) {
        return Err(SignatureError::Count { count: signatures.len(), max: SIGNATURES_MAX });
    }
    let mut signers = Vec::with_capacity(signatures.len());
    for signature in signatures {
        signers.push(verify_one(signature, payload)?);
    }
    Ok(signers[0])
}

fn verify_one(jws: &Value, payload: &[u8]) -> Result<Verkey, SignatureError> {
    let protected = text(jws, "/protected")?;
    let header: Value =
        serde_json::from_slice(&bytes(jws, "/protected")?).map_err(|_| missing("/protected"))?;
    known_only(&header)?;
    let signer = signer(jws, &header)?;
    let signature = bytes(jws, "/signature")?;
    if signer.verifies(&signed(protected, payload), &signature) {
        Ok(signer)
    } else {
        Err(SignatureError::DoesNotHold { signer })
    }
}

/// What the signature is over: the protected header as it came, and the payload.
fn signed(protected: &str, payload: &[u8]) -> Vec<u8> {
    let mut signed = format!("{protected}.").into_bytes();
    base64::append(payload, &mut signed);
    signed
}

fn known_only(header: &Value) -> Result<(), SignatureError> {
    let unknown = |field, found: &str, expected| {
        Err(SignatureError::Unknown { field, found: shortened(found), expected })
    };
    let alg = text(header, "/alg")?;
    if alg != "EdDSA" {
        return unknown("alg", alg, "EdDSA");
    }
    // Whoever does not know an extension that is marked as critical must not accept the signature.
    if let Some(critical) = header.get("crit") {
        return unknown("crit", &critical.to_string(), "a header without it");
    }
    if header.get("jwk").is_some() {
        for (field, pointer, expected) in
            [("kty", "/jwk/kty", "OKP"), ("crv", "/jwk/crv", "Ed25519")]
        {
            let found = text(header, pointer)?;
            if found != expected {
                return unknown(field, found, expected);
            }
        }
    }
    Ok(())
}

/// The key that the protected header carries, else the one that is named; a name that is a key must
/// be that of the key carried. Names of other forms, such as `did:sov:…#1`, say nothing here.
fn signer(jws: &Value, header: &Value) -> Result<Verkey, SignatureError> {
    let places = [(header, "/jwk/kid"), (header, "/kid"), (jws, "/header/kid")];
    let mut kids = places
        .into_iter()
        .filter_map(|(value, pointer)| value.pointer(pointer).and_then(Value::as_str));
    if header.get("jwk").is_none() {
        let kid = kids.next().ok_or_else(|| missing("/jwk/x"))?;
        return Ok(kid.parse()?);
    }
    let x = base64::decode_array(text(header, "/jwk/x")?).ok_or_else(|| missing("/jwk/x"))?;
    let carried = Verkey::from_bytes(x);
    match kids.filter_map(|kid| kid.parse().ok()).find(|named| *named != carried) {
        Some(named) => Err(SignatureError::TwoSigners { named, carried }),
        None => Ok(carried),
    }
}
