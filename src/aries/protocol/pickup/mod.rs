//! Pickup: how a holder that nobody can reach gets the messages that its mediator keeps.

mod draining;
mod strategy;
pub mod v1;
pub mod v2;

pub use draining::{Draining, Step};
pub use strategy::{Strategy, StrategyError};

use serde_json::Value;

use super::{ProtocolError, routing, turn::wrong};
use crate::aries::didcomm::{
    Message,
    attachment::{Attachment, Content},
};

/// Most messages that are handed over at once.
pub const DELIVERED_MAX: usize = 1_000;
/// Longest id of a kept message, in bytes.
const ID_MAX: usize = 512;

/// A message that a mediator has kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// What the mediator calls it.
    pub id: String,
    /// The message, still packed.
    pub packed: Vec<u8>,
}

/// Reads the messages in `field`, whose `data` (2.0) or `message` (1.0) is JSON, a text of it, or
/// base64.
fn read_attached(message: &Message, field: &str) -> Result<Vec<Delivered>, ProtocolError> {
    let entries = match message.fields.get(field) {
        Some(Value::Array(entries)) => entries,
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(_) => return Err(wrong(message, format!("has a `{field}` that is no list"))),
    };
    if entries.len() > DELIVERED_MAX {
        return Err(wrong(message, format!("has more than {DELIVERED_MAX} messages attached")));
    }
    let read = |entry: &Value| {
        let id = entry.get("@id").or_else(|| entry.get("id")).and_then(Value::as_str);
        let id = id.filter(|id| (1..=ID_MAX).contains(&id.len()))?.to_owned();
        let packed = match entry.get("message") {
            Some(packed) => routing::packed(packed),
            None => match Attachment::from_value(entry).ok()?.content {
                Content::Bytes(bytes) => Some(bytes),
                Content::Json(packed) => routing::packed(&packed),
            },
        };
        Some(Delivered { id, packed: packed? })
    };
    entries
        .iter()
        .enumerate()
        .map(|(at, entry)| {
            let why = || format!("has no id or no message in `{field}`, entry {at}");
            read(entry).ok_or_else(|| wrong(message, why()))
        })
        .collect()
}
