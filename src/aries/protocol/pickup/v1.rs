//! Pickup 1.0 (RFC 0212): messages are asked for in batches, and gone once they are sent.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{DELIVERED_MAX, Delivered, read_attached};
use crate::aries::{
    didcomm::{Kind, Message},
    protocol::{
        ProtocolError,
        turn::{due, wrong},
    },
};

/// Asks for messages.
pub const BATCH_PICKUP: Kind = kind("batch-pickup");
/// Hands them over.
pub const BATCH: Kind = kind("batch");
/// Asks how many there are.
pub const STATUS_REQUEST: Kind = kind("status-request");
/// Says how many.
pub const STATUS: Kind = kind("status");
/// Says nothing, so that something can come back.
pub const NOOP: Kind = kind("noop");

const fn kind(name: &'static str) -> Kind {
    Kind::new("messagepickup", 1, 0, name)
}

/// Asks for up to `size` messages.
#[must_use]
pub fn batch_pickup(size: u16) -> Message {
    Message::new(BATCH_PICKUP).with("batch_size", size)
}

/// Reads how many messages are asked for, [`DELIVERED_MAX`] at most.
///
/// # Errors
/// It is another message, or says no number.
pub fn read_batch_pickup(message: &Message) -> Result<usize, ProtocolError> {
    due(message, &BATCH_PICKUP, "batch-pickup")?;
    let size = message.fields.get("batch_size").and_then(Value::as_u64);
    let size = size.ok_or_else(|| wrong(message, "has no number as `batch_size`"))?;
    Ok(usize::try_from(size).unwrap_or(DELIVERED_MAX).min(DELIVERED_MAX))
}

/// Hands messages over.
#[must_use]
pub fn batch(asked: &Message, items: &[Delivered]) -> Message {
    let entries = items.iter().map(|it| {
        let text = String::from_utf8_lossy(&it.packed);
        let packed = serde_json::from_str(&text).unwrap_or_else(|_| json!(text));
        json!({ "id": it.id, "message": packed })
    });
    Message::answer(BATCH, asked).with("messages~attach", entries.collect::<Vec<Value>>())
}

/// Takes messages over.
///
/// # Errors
/// A problem report, another message, or one with attachments that cannot be read or that are more
/// than [`DELIVERED_MAX`].
pub fn read_batch(message: &Message) -> Result<Vec<Delivered>, ProtocolError> {
    due(message, &BATCH, "batch")?;
    read_attached(message, "messages~attach")
}

/// Asks how many messages there are.
#[must_use]
pub fn status_request() -> Message {
    Message::new(STATUS_REQUEST)
}

/// Says how many.
#[must_use]
pub fn status(asked: &Message, message_count: u64) -> Message {
    Message::answer(STATUS, asked).with("message_count", message_count)
}

/// Reads how many.
///
/// # Errors
/// A problem report, another message, or one without a number.
pub fn read_status(message: &Message) -> Result<u64, ProtocolError> {
    #[derive(Deserialize)]
    struct Fields {
        message_count: u64,
    }

    due(message, &STATUS, "status")?;
    Ok(message.read::<Fields>()?.message_count)
}

/// A message that says nothing, so that what is kept can come back the way it goes.
#[must_use]
pub fn noop() -> Message {
    Message::new(NOOP)
}
