//! The signature of a field (`connection~sig`, RFC 0234), as connections 1.0 signs a connection.

use base64::{Engine as _, engine::general_purpose::URL_SAFE};
use serde_json::{Value, json};

use super::{SignatureError, bytes, missing, text};
use crate::{
    aries::didcomm::{KeyPair, Kind, Verkey},
    quantity::shortened,
};

const SINGLE: Kind = Kind::new("signature", 1, 0, "ed25519Sha512_single");
/// How many bytes of time go before the JSON.
const TIME: usize = 8;

/// Signs a value at a time, in seconds since 1970: what stands in its field's stead.
#[must_use]
pub fn sign(key: &KeyPair, value: &Value, epoch_seconds: u64) -> Value {
    let mut signed = epoch_seconds.to_be_bytes().to_vec();
    signed.extend_from_slice(value.to_string().as_bytes());
    // Agents of the Indy SDK's days want the padding.
    json!({
        "@type": SINGLE.to_string(),
        "signature": URL_SAFE.encode(key.sign(&signed)),
        "sig_data": URL_SAFE.encode(&signed),
        "signer": key.verkey().to_string(),
    })
}

/// Tells which value was signed, and by whom.
///
/// # Errors
/// It is no signature of a field, or does not hold.
pub fn verify(signature: &Value) -> Result<(Value, Verkey), SignatureError> {
    let kind = text(signature, "/@type")?;
    if !kind.parse().is_ok_and(|kind: Kind| kind.is(&SINGLE)) {
        return Err(SignatureError::Unknown {
            field: "@type",
            found: shortened(kind),
            expected: "https://didcomm.org/signature/1.0/ed25519Sha512_single",
        });
    }
    let signer: Verkey = text(signature, "/signer")?.parse()?;
    let content = bytes(signature, "/sig_data")?;
    if !signer.verifies(&content, &bytes(signature, "/signature")?) {
        return Err(SignatureError::DoesNotHold { signer });
    }
    let json = content.get(TIME..).ok_or_else(|| missing("/sig_data"))?;
    Ok((serde_json::from_slice(json).map_err(SignatureError::Content)?, signer))
}
