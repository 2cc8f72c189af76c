//! What is attached to a message (RFC 0017): bytes in base64, or JSON.

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose},
};
use serde_json::{Value, json};

/// Reads base64 with padding or without; the two alphabets are made one before.
const TOLERANT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Bytes as the `data` of an attachment.
pub(super) fn data(bytes: &[u8]) -> Value {
    json!({ "base64": general_purpose::URL_SAFE_NO_PAD.encode(bytes) })
}

/// The bytes of an attachment: its `data.base64`, or its `data.json` written as JSON.
pub(super) fn bytes(attachment: &Value) -> Option<Vec<u8>> {
    let data = attachment.get("data")?;
    match (data.get("base64"), data.get("json")) {
        (Some(Value::String(text)), _) => decoded(text),
        (_, Some(json)) => packed(json),
        _ => None,
    }
}

/// A packed message that stands in a message as an object, or as a text of one.
pub(super) fn packed(value: &Value) -> Option<Vec<u8>> {
    match value {
        Value::String(text) => Some(text.clone().into_bytes()),
        Value::Object(_) => serde_json::to_vec(value).ok(),
        _ => None,
    }
}

/// Base64 of either alphabet, with padding or without.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let one_alphabet = text.replace('-', "+").replace('_', "/");
    TOLERANT.decode(one_alphabet).ok()
}
