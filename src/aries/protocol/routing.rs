//! Forwards (RFC 0094): what a mediator is handed for somebody else.

use serde::Deserialize;
use serde_json::Value;

use super::{
    ProtocolError,
    turn::{due, key, wrong},
};
use crate::aries::didcomm::{Kind, Message, Verkey};

/// A packed message for somebody else; [`envelope::forward`](crate::aries::didcomm::envelope::forward)
/// makes it.
pub const FORWARD: Kind = Kind::new("routing", 1, 0, "forward");

/// What is to be handed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forward {
    /// Whose it is.
    pub to: Verkey,
    /// The packed message.
    pub packed: Vec<u8>,
}

/// Reads a forward; old agents send the packed message as a text of JSON.
///
/// # Errors
/// It is another message, `to` is no key, or `msg` is neither an object nor a text.
pub fn read_forward(message: &Message) -> Result<Forward, ProtocolError> {
    #[derive(Deserialize)]
    struct Fields {
        to: String,
        msg: Value,
    }

    due(message, &FORWARD, "forward")?;
    let Fields { to, msg } = message.read()?;
    let to = key(message, "to", &to)?;
    let packed = packed(&msg).ok_or_else(|| wrong(message, "has no packed `msg`"))?;
    Ok(Forward { to, packed })
}

/// A packed message that stands in another as an object, or as a text of one.
pub(super) fn packed(value: &Value) -> Option<Vec<u8>> {
    match value {
        Value::String(text) => Some(text.clone().into_bytes()),
        Value::Object(_) => serde_json::to_vec(value).ok(),
        _ => None,
    }
}
