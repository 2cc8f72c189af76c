//! Signatures inside messages: detached JWS over attachments, and `~sig` of RFC 0234.

mod error;
pub mod field;
pub mod jws;
#[cfg(test)]
mod tests;

pub use error::SignatureError;

use serde_json::Value;

use super::base64;
use error::missing;

/// A field that is a text, wherever it is in `value`.
fn text<'a>(value: &'a Value, pointer: &'static str) -> Result<&'a str, SignatureError> {
    value.pointer(pointer).and_then(Value::as_str).ok_or_else(|| missing(pointer))
}

/// A field that is base64.
fn bytes(value: &Value, pointer: &'static str) -> Result<Vec<u8>, SignatureError> {
    base64::decode(text(value, pointer)?).ok_or_else(|| missing(pointer))
}
