//! The numbers of the mathematics: read within bounds, and never printed.

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
};

use anoncreds_clsignatures as cl;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned, de::Error as _,
};
use serde_json::Value;

use super::Error;
use crate::quantity::shortened;

/// Longest text of one number, in bytes; the longest that honest sides send has 925 digits.
const TEXT_MAX: usize = 1_200;
/// Most fields of an object; a schema has 125 attributes at most.
const FIELDS_MAX: usize = 256;
/// Most items of a list; a commitment has about 260 bytes.
const ITEMS_MAX: usize = 1_024;

/// Numbers that belong together, as JSON writes them; keys, signatures and proofs are such.
///
/// Its `Debug` says nothing of them, because many are secret and all are long.
#[derive(Clone, PartialEq, Eq)]
pub struct Numbers<T>(pub(super) T);

/// A number that is used once, so that nothing can be sent again.
pub type Nonce = Numbers<cl::bn::BigNumber>;

impl Nonce {
    /// A nonce of 80 random bits.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn random() -> Result<Self, Error> {
        guarded("draw a nonce", cl::new_nonce).map(Numbers)
    }
}

impl<T> fmt::Debug for Numbers<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Numbers(…)")
    }
}

impl<T: Serialize> Serialize for Numbers<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Numbers<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        // A power with an exponent of a million digits would take hours.
        if !bounded(&value) {
            return Err(D::Error::custom(format!(
                "a number of more than {TEXT_MAX} digits, or more numbers than a credential has"
            )));
        }
        catch_unwind(|| serde_json::from_value(value))
            .unwrap_or_else(|_| Err(serde_json::Error::custom("a number is none")))
            .map(Self)
            .map_err(|error| D::Error::custom(shortened(&error.to_string())))
    }
}

fn bounded(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
        Value::String(text) => text.len() <= TEXT_MAX && text.is_ascii() || text.len() <= 256,
        Value::Array(items) => items.len() <= ITEMS_MAX && items.iter().all(bounded),
        Value::Object(fields) => fields.len() <= FIELDS_MAX && fields.values().all(bounded),
    }
}

/// Runs a step of the mathematics, which panics at some numbers that nobody honest sends.
pub(super) fn guarded<T>(
    step: &'static str,
    run: impl FnOnce() -> Result<T, cl::Error>,
) -> Result<T, Error> {
    let refused = |reason: &str| Error::Refused { step, reason: shortened(reason) };
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(done) => done.map_err(|error| refused(&error.to_string())),
        Err(_) => Err(refused("the numbers are none that AnonCreds has")),
    }
}
